//! Measures, assays and papers.

use super::{lots, values};
use crate::entry::draft::Draft;
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::{Hash, sha256};
use crate::model::event::{Assay, Measure, RegisterDocument, Subject};
use crate::model::evidence::{AssayPurpose, SamplePoint};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

pub(super) fn measure(draft: &Draft, names: &dyn Resolver) -> Result<Measure, EntryError> {
    let quantity = lots::quantity("", &draft.measured)?;
    let lines = draft.measured.composition.as_deref().unwrap_or_default();
    if quantity.is_none() && lines.is_empty() {
        return Err(error::missing("mass", "\"399 kg\", or a `composition`"));
    }
    Ok(Measure {
        at: values::at(draft, names)?,
        lot: lot(draft, names)?,
        quantity: Maybe::Shown(quantity),
        composition: Maybe::Shown(values::composition("composition", lines)?),
    })
}

pub(super) fn assay(draft: &Draft, names: &dyn Resolver) -> Result<Assay, EntryError> {
    let sample = draft.sample.as_ref().ok_or_else(|| error::missing("sample", "\"S-77\""))?;
    let lines = draft.measured.composition.as_deref().unwrap_or_default();
    if lines.is_empty() {
        return Err(error::missing("composition", "[{ of = \"Nd\", share = \"22.3 %\" }]"));
    }
    let sampled_by = draft.sampled_by.as_deref().map(|name| names.party(name)).transpose();
    Ok(Assay {
        lot: lot(draft, names)?,
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-11-03\"")?),
        sample: Maybe::Shown(error::words("sample", sample, 64)?),
        sampled_by: sampled_by.map_err(|error| error.at("sampled_by"))?,
        point: error::some("point", &draft.point)?.unwrap_or(SamplePoint::Unknown),
        purpose: error::some("purpose", &draft.purpose)?.unwrap_or(AssayPurpose::Own),
        composition: Maybe::Shown(values::composition("composition", lines)?),
    })
}

pub(super) fn register_document(draft: &Draft, names: &dyn Resolver) -> Result<RegisterDocument, EntryError> {
    let (sha256, size) = paper(draft)?;
    let about = |(index, text): (usize, &String)| subject(&format!("about/{index}"), text, names);
    let media_type = draft.media_type.as_deref().unwrap_or("application/octet-stream");
    Ok(RegisterDocument {
        sha256,
        size,
        media_type: error::words("media_type", media_type, 64)?,
        document: error::need("document", &draft.document, "\"mill_test_report\"")?,
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
        issuer: Maybe::Shown(values::some_outsider("issuer", &draft.issuer)?),
        valid: error::some("valid", &draft.valid)?,
        about: draft.about.iter().enumerate().map(about).collect::<Result<_, _>>()?,
        stages: values::listed("stages", &draft.stages)?,
    })
}

fn lot(draft: &Draft, names: &dyn Resolver) -> Result<LotRef, EntryError> {
    let lot = draft.lot.as_ref().ok_or_else(|| error::missing("lot", "the label of the lot"))?;
    names.lot(lot).map_err(|error| error.at("lot"))
}

/// Returns hash and length of the paper: as written, or of the words given in its place.
fn paper(draft: &Draft) -> Result<(Hash, u64), EntryError> {
    match (&draft.sha256, &draft.content, draft.size) {
        (None, Some(content), None) => {
            let bytes = content.trim().as_bytes();
            Ok((sha256(&[bytes]), bytes.len() as u64))
        }
        (Some(hash), None, Some(size)) => Ok((values::hash("sha256", hash)?, size)),
        (Some(_), None, None) => Err(error::missing("size", "the length of the document in bytes")),
        (None, None, _) => Err(error::missing("sha256", "the SHA-256 of the document's bytes")),
        (_, Some(_), _) => {
            let problem = "the words of the paper are there, and its hash or size as well";
            Err(EntryError::new("content", problem, Some("write one or the other".into())))
        }
    }
}

/// Reads what a document is about: `party:NAME`, `facility:NAME`, `record:NAME` or `lot:NAME`.
pub(super) fn subject(field: &str, text: &str, names: &dyn Resolver) -> Result<Subject, EntryError> {
    let fault = |hint: &str| {
        EntryError::new(field, format!("`{text}` does not say what it names"), Some(hint.to_owned()))
    };
    let forms = "write party:NAME, facility:NAME, record:NAME or lot:NAME";
    let (what, name) = text.split_once(':').ok_or_else(|| fault(forms))?;
    let name = name.trim();
    let found = match what.trim() {
        "party" => names.party(name).map(Subject::Party),
        "facility" => names.facility(name).map(Subject::Record),
        "record" => names.record(name).map(Subject::Record),
        "lot" => names.lot(name).map(Subject::Lot),
        _ => return Err(fault(forms)),
    };
    found.map_err(|error| error.at(field))
}
