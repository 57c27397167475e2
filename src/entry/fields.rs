//! From a table to a draft: which fields each kind has, and what shape they take.

use std::collections::BTreeMap;

use super::draft::{
    AdditionDraft, ComponentDraft, Draft, FactDraft, FactText, IdentifierDraft, InputDraft, LossDraft,
    LotDraft, OutsiderDraft, PackageDraft, ReceiverDraft, TouchDraft,
};
use super::error::EntryError;
use super::table::Table;
use super::tree::Tree;
use crate::model::coded::Coded;
use crate::model::kind::Kind;
use crate::model::nearest::nearest;

/// Kinds that can be written, in the order of docs/formats/entry.md.
pub const KINDS: [Kind; 19] = [
    Kind::Establish,
    Kind::DeclareFacility,
    Kind::Accredit,
    Kind::WithdrawAccreditation,
    Kind::Certify,
    Kind::SuspendCertificate,
    Kind::Extract,
    Kind::OpeningStock,
    Kind::Intake,
    Kind::Transform,
    Kind::Repack,
    Kind::Dispatch,
    Kind::Receive,
    Kind::Refuse,
    Kind::Measure,
    Kind::Dispose,
    Kind::Assay,
    Kind::RegisterDocument,
    Kind::Withdraw,
];

/// Reads one event's table.
///
/// # Errors
/// [`EntryError`] for an unknown kind, a field that the kind does not have, or one of the wrong shape.
pub fn draft(tree: &Tree) -> Result<Draft, EntryError> {
    let kind = kind(tree)?;
    let what = format!("`{kind}`");
    let table = Table::new(tree, "", &what)?;
    table.value("kind");
    let mut draft = Draft::new(kind);
    match kind {
        Kind::Establish | Kind::DeclareFacility => place_or_party(&mut draft, &table)?,
        Kind::Accredit
        | Kind::Certify
        | Kind::WithdrawAccreditation
        | Kind::SuspendCertificate
        | Kind::Withdraw => status(&mut draft, &table)?,
        Kind::Assay | Kind::RegisterDocument => evidence(&mut draft, &table)?,
        _ => material(&mut draft, &table)?,
    }
    draft.facts = table.each("facts", fact)?;
    draft.documents = table.texts("documents")?;
    draft.note = table.text("note")?;
    draft.private = table.texts("private")?;
    draft.show = table.texts("show")?;
    table.finish()?;
    Ok(draft)
}

fn kind(tree: &Tree) -> Result<Kind, EntryError> {
    let known = || KINDS.iter().map(|kind| kind.name());
    let Some(Tree::Text(word)) = tree.get("kind") else {
        let hint = format!("kinds are {}", known().collect::<Vec<_>>().join(", "));
        return Err(EntryError::new("kind", "the event has no kind", Some(hint)));
    };
    KINDS.into_iter().find(|kind| kind.name() == word).ok_or_else(|| {
        let problem = match Kind::from_name(word) {
            Ok(_) => format!("`{word}` has its number, but cannot be written yet"),
            Err(_) => format!("`{word}` is not a kind of event"),
        };
        let hint = match nearest(word, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("kinds are {}", known().collect::<Vec<_>>().join(", ")),
        };
        EntryError::new("kind", problem, Some(hint))
    })
}

fn place_or_party(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.name = table.text("name")?;
    draft.identifiers = table.each("identifiers", identifier)?;
    draft.address = table.text("address")?;
    if draft.kind == Kind::Establish {
        draft.country = table.text("country")?;
        draft.roles = table.texts("roles")?;
        return Ok(());
    }
    draft.operator = receiver(table, "operator")?;
    draft.place = table.text("place")?;
    draft.coordinates = table.text("coordinates")?;
    draft.stages = table.texts("stages")?;
    draft.capacity = text_table(table, "capacity")?;
    draft.choke_point = table.flag("choke_point")?;
    draft.opened = table.text("opened")?;
    draft.closed = table.text("closed")?;
    Ok(())
}

fn status(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    match draft.kind {
        Kind::Accredit | Kind::Certify => {
            draft.subject = table.text("subject")?;
            draft.facility = table.text("facility")?;
            draft.scheme = table.text("scheme")?;
            draft.number = table.text("number")?;
            draft.valid = table.text("valid")?;
            draft.stages = table.texts("stages")?;
            draft.materials = table.texts("materials")?;
            if draft.kind == Kind::Accredit {
                draft.role = table.text("role")?;
            } else {
                draft.volume = table.text("volume")?;
            }
        }
        kind => {
            draft.target = table.text("target")?;
            draft.reason = table.text("reason")?;
            if kind != Kind::Withdraw {
                draft.from = table.text("from")?;
            }
            if kind == Kind::SuspendCertificate {
                draft.until = table.text("until")?;
            }
        }
    }
    Ok(())
}

fn evidence(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    if draft.kind == Kind::Assay {
        draft.lot = table.text("lot")?;
        draft.on = table.text("on")?;
        draft.sample = table.text("sample")?;
        draft.sampled_by = table.text("sampled_by")?;
        draft.point = table.text("point")?;
        draft.purpose = table.text("purpose")?;
        draft.measured.composition = composition(table)?;
        return Ok(());
    }
    draft.sha256 = table.text("sha256")?;
    draft.content = table.text("content")?;
    draft.size = table.whole("size")?;
    draft.media_type = table.text("media_type")?;
    draft.document = table.text("document")?;
    draft.number = table.text("number")?;
    draft.issuer = table.value("issuer").map(|value| outsider(value, &table.path("issuer"))).transpose()?;
    draft.valid = table.text("valid")?;
    draft.about = table.texts("about")?;
    draft.stages = table.texts("stages")?;
    Ok(())
}

fn material(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.at = table.text("at")?;
    draft.on = table.text("on")?;
    draft.host = table.text("host")?;
    let kind = draft.kind;
    let consumes = matches!(
        kind,
        Kind::Transform | Kind::Repack | Kind::Dispatch | Kind::Receive | Kind::Refuse | Kind::Dispose
    );
    if consumes {
        let handover = matches!(kind, Kind::Receive | Kind::Refuse);
        draft.inputs = table.each("in", |value, path| input(value, path, handover))?;
    }
    if !matches!(kind, Kind::Dispose | Kind::Measure) {
        draft.outputs = table.each("out", lot)?;
    }
    if matches!(kind, Kind::Extract | Kind::Transform) {
        draft.steps = table.texts("steps")?;
    }
    if matches!(kind, Kind::Transform | Kind::Repack) {
        draft.mixing = table.text("mixing")?;
        draft.losses = table.each("loss", loss)?;
    }
    if matches!(kind, Kind::OpeningStock | Kind::Intake) {
        draft.touches = table.each("touch", touch)?;
    }
    if matches!(kind, Kind::Dispatch | Kind::Refuse) {
        draft.to = receiver(table, "to")?;
    }
    if matches!(kind, Kind::Refuse | Kind::Dispose) {
        draft.reason = table.text("reason")?;
    }
    match kind {
        Kind::Extract => {
            draft.deposit = table.text("deposit")?;
            draft.licence = table.text("licence")?;
        }
        Kind::Intake => {
            draft.supplier =
                table.value("supplier").map(|value| outsider(value, &table.path("supplier"))).transpose()?;
        }
        Kind::Transform => draft.additions = table.each("add", addition)?,
        Kind::Dispatch => {
            draft.carrier =
                table.value("carrier").map(|value| outsider(value, &table.path("carrier"))).transpose()?;
            draft.due = table.text("due")?;
        }
        Kind::Measure => {
            draft.lot = table.text("lot")?;
            quantity(&mut draft.measured, table)?;
            draft.measured.composition = composition(table)?;
        }
        Kind::Dispose => draft.how = table.text("how")?,
        _ => {}
    }
    Ok(())
}

fn input(tree: &Tree, path: &str, handover: bool) -> Result<InputDraft, EntryError> {
    if let Tree::Text(lot) = tree {
        return Ok(InputDraft { lot: lot.clone(), ..InputDraft::default() });
    }
    let table = Table::new(tree, path, "a lot that is used")?;
    let Some(lot) = table.text("lot")? else {
        return Err(super::error::missing(&table.path("lot"), "\"NDPR-1\""));
    };
    let mut input = InputDraft {
        lot,
        mass: table.text("mass")?,
        from: table.text("from")?,
        empties: table.flag("empties")?,
    };
    // People who take goods over say `final`; it is the same statement.
    if handover {
        input.empties = input.empties.or(table.flag("final")?);
    }
    table.finish()?;
    Ok(input)
}

fn quantity(lot: &mut LotDraft, table: &Table) -> Result<(), EntryError> {
    lot.mass = table.text("mass")?;
    lot.uncertainty = table.text("uncertainty")?;
    lot.basis = table.text("basis")?;
    lot.moisture = table.text("moisture")?;
    lot.pieces = table.text("pieces")?;
    lot.packages = table.each("packages", package)?;
    Ok(())
}

fn lot(tree: &Tree, path: &str) -> Result<LotDraft, EntryError> {
    let table = Table::new(tree, path, "a lot")?;
    let mut lot = LotDraft {
        label: table.text("label")?,
        material: table.text("material")?,
        composition: composition(&table)?,
        hs: table.text("hs")?,
        form: table.text("form")?,
        grade: table.text("grade")?,
        heat: table.text("heat")?,
        part_number: table.text("part_number")?,
        coating: table.text("coating")?,
        magnetised: table.flag("magnetised")?,
        owner: table.text("owner")?,
        custody_model: table.text("custody_model")?,
        origin_class: table.text("origin_class")?,
        facts: table.each("facts", fact)?,
        serials: table.text("serials")?,
        seals: table.texts("seals")?,
        documents: table.texts("documents")?,
        ..LotDraft::default()
    };
    quantity(&mut lot, &table)?;
    table.finish()?;
    Ok(lot)
}

fn package(tree: &Tree, path: &str) -> Result<PackageDraft, EntryError> {
    let table = Table::new(tree, path, "a package")?;
    let package =
        PackageDraft { id: table.text("id")?, net: table.text("net")?, gross: table.text("gross")? };
    table.finish()?;
    Ok(package)
}

fn composition(table: &Table) -> Result<Option<Vec<ComponentDraft>>, EntryError> {
    let lines = table.each("composition", component)?;
    Ok(table.value("composition").map(|_| lines))
}

fn component(tree: &Tree, path: &str) -> Result<ComponentDraft, EntryError> {
    let table = Table::new(tree, path, "a line of a composition")?;
    let component = ComponentDraft {
        of: table.text("of")?,
        share: table.text("share")?,
        below: table.text("below")?,
        basis: table.text("as")?,
        uncertainty: table.text("uncertainty")?,
        method: table.text("method")?,
    };
    table.finish()?;
    Ok(component)
}

fn addition(tree: &Tree, path: &str) -> Result<AdditionDraft, EntryError> {
    let table = Table::new(tree, path, "an addition")?;
    let addition = AdditionDraft {
        material: table.text("material")?,
        mass: table.text("mass")?,
        uncertainty: table.text("uncertainty")?,
        composition: composition(&table)?.unwrap_or_default(),
    };
    table.finish()?;
    Ok(addition)
}

fn loss(tree: &Tree, path: &str) -> Result<LossDraft, EntryError> {
    let table = Table::new(tree, path, "a loss")?;
    let loss = LossDraft {
        what: table.text("what")?,
        mass: table.text("mass")?,
        uncertainty: table.text("uncertainty")?,
        basis: table.text("basis")?,
        composition: composition(&table)?.unwrap_or_default(),
    };
    table.finish()?;
    Ok(loss)
}

fn touch(tree: &Tree, path: &str) -> Result<TouchDraft, EntryError> {
    let table = Table::new(tree, path, "a declared touch")?;
    let touch = TouchDraft {
        lot: table.text("lot")?,
        of: table.text("of")?,
        step: table.text("step")?,
        place: table.text("place")?,
        on: table.text("on")?,
        maker: table.value("maker").map(|value| outsider(value, &table.path("maker"))).transpose()?,
        assessor: table.text("assessor")?,
        assessment: table.text("assessment")?,
        document: table.text("document")?,
    };
    table.finish()?;
    Ok(touch)
}

fn outsider(tree: &Tree, path: &str) -> Result<OutsiderDraft, EntryError> {
    if let Tree::Text(name) = tree {
        return Ok(OutsiderDraft { name: Some(name.clone()), ..OutsiderDraft::default() });
    }
    let table = Table::new(tree, path, "someone outside the ledger")?;
    let outsider = OutsiderDraft {
        name: table.text("name")?,
        place: table.text("place")?,
        identifiers: table.each("identifiers", identifier)?,
    };
    table.finish()?;
    Ok(outsider)
}

fn receiver(table: &Table, name: &'static str) -> Result<Option<ReceiverDraft>, EntryError> {
    table
        .value(name)
        .map(|value| match value {
            Tree::Text(party) => Ok(ReceiverDraft::Named(party.clone())),
            other => outsider(other, &table.path(name)).map(ReceiverDraft::Outside),
        })
        .transpose()
}

fn identifier(tree: &Tree, path: &str) -> Result<IdentifierDraft, EntryError> {
    let table = Table::new(tree, path, "a number in a register")?;
    let identifier = IdentifierDraft { scheme: table.text("scheme")?, number: table.text("number")? };
    table.finish()?;
    Ok(identifier)
}

fn fact(tree: &Tree, path: &str) -> Result<FactDraft, EntryError> {
    let table = Table::new(tree, path, "a fact")?;
    let stated = match table.value("value") {
        Some(Tree::Whole(number)) => Some(FactText::Number(*number)),
        Some(_) => table.text("value")?.map(FactText::Text),
        None => None,
    };
    let hash = table.text("hash")?.map(FactText::Hash);
    let fact = FactDraft { code: table.text("code")?, unit: table.text("unit")?, value: stated.or(hash) };
    table.finish()?;
    Ok(fact)
}

fn text_table(table: &Table, name: &'static str) -> Result<BTreeMap<String, String>, EntryError> {
    let Some(value) = table.value(name) else { return Ok(BTreeMap::new()) };
    let Tree::Table(fields) = value else {
        let problem = format!("it is {}, where a table belongs", value.what());
        return Err(EntryError::new(table.path(name), problem, Some("write { P40 = \"5000 t\" }".into())));
    };
    let read = |(key, value): &(String, Tree)| match value {
        Tree::Text(text) => Ok((key.clone(), text.clone())),
        other => {
            let path = format!("{}/{key}", table.path(name));
            Err(EntryError::new(path, format!("it is {}, where a text belongs", other.what()), None))
        }
    };
    fields.iter().map(read).collect()
}
