//! Attestations, whose facts are computed by whoever holds the records, and what a witness saw.

use super::values;
use crate::entry::draft::{AttestedElementDraft, AttestedTouchDraft, Draft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::{AttestAsk, Resolver};
use crate::model::day::Day;
use crate::model::event::{Attest, AttestedElement, AttestedMass, AttestedTouch, SeenCheckpoint, Witness};
use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::verdict::Verdict;

/// Most checkpoints of one record (docs/formats/record.md).
const MOST_SEEN: usize = 16;
/// For how many months an attestation holds unless it says so; it ends on the day before.
const MONTHS: u16 = 12;

pub(super) fn attest(draft: &Draft, names: &dyn Resolver) -> Result<Attest, EntryError> {
    let given = &draft.vouch;
    let lot = draft.lot.as_deref().ok_or_else(|| error::missing("lot", "\"NDPR-1\""))?;
    let lot = names.lot(lot).map_err(|error| error.at("lot"))?;
    let as_of: Day = error::need("as_of", &given.as_of, "\"2026-11-26\"")?;
    let valid_until: Option<Day> = error::some("valid_until", &given.valid_until)?;
    let valid_until = valid_until.unwrap_or_else(|| as_of.plus_months(MONTHS).plus_days(-1));
    let ask = AttestAsk { lot, as_of, valid_until, packs: given.packs.clone() };
    let mut attest = names.attested(&ask).map_err(|problem| EntryError::new("lot", problem, None))?;
    let stated = [
        ("custody", given.custody.is_some()),
        ("element", !given.elements.is_empty()),
        ("touch", !given.touches.is_empty()),
    ];
    if let Some((field, _)) = stated.into_iter().find(|(_, is_stated)| *is_stated && names.computes_facts()) {
        let hint = "leave it out: it is computed from the records that are held".to_owned();
        return Err(EntryError::new(field, "what is attested is not typed in", Some(hint)));
    }
    if let Some(custody) = error::some("custody", &given.custody)? {
        attest.custody = custody;
    }
    if !given.elements.is_empty() {
        attest.elements = elements(&given.elements)?;
    }
    if !given.touches.is_empty() {
        attest.touches = touches(&given.touches)?;
    }
    if attest.custody != Verdict::Pass && !given.as_found.unwrap_or(false) && names.computes_facts() {
        let problem =
            format!("its custody is `{}`, and nothing would rest on the attestation", attest.custody);
        let hint = "see `lodemark verify`; to state it all the same, write as_found = true".to_owned();
        return Err(EntryError::new("lot", problem, Some(hint)));
    }
    Ok(attest)
}

fn elements(given: &[AttestedElementDraft]) -> Result<Vec<AttestedElement>, EntryError> {
    let read = |(index, one): (usize, &AttestedElementDraft)| {
        let at = |part: &str| format!("element/{index}/{part}");
        let least: Option<Mass> = error::some(&at("least"), &one.least)?;
        let most: Option<Mass> = error::some(&at("most"), &one.most)?;
        let mass = most.map(|most| AttestedMass { least: least.unwrap_or_default(), most });
        Ok(AttestedElement {
            element: error::need(&at("of"), &one.of, "\"Nd\"")?,
            mass: Maybe::Shown(mass),
            unknown: error::some(&at("unknown"), &one.unknown)?.unwrap_or(Fraction::ZERO),
            unplaced: Vec::new(),
            grade: error::some(&at("grade"), &one.grade)?.unwrap_or(Grade::Signed),
        })
    };
    let mut elements: Vec<AttestedElement> =
        given.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
    elements.sort_by_key(|one| one.element);
    Ok(elements)
}

fn touches(given: &[AttestedTouchDraft]) -> Result<Vec<AttestedTouch>, EntryError> {
    let read = |(index, one): (usize, &AttestedTouchDraft)| {
        let at = |part: &str| format!("touch/{index}/{part}");
        let maker = one.maker.as_ref().map(|maker| values::outsider(&at("maker"), maker)).transpose()?;
        Ok(AttestedTouch {
            element: error::need(&at("of"), &one.of, "\"Nd\"")?,
            step: error::need(&at("step"), &one.step, "\"P60 melt\"")?,
            place: error::some(&at("place"), &one.place)?,
            grade: error::some(&at("grade"), &one.grade)?.unwrap_or(Grade::Signed),
            presence: error::some(&at("presence"), &one.presence)?.unwrap_or(Presence::Certain),
            least: error::some(&at("least"), &one.least)?.unwrap_or(Fraction::ONE),
            most: error::some(&at("most"), &one.most)?.unwrap_or(Fraction::ONE),
            period: error::some(&at("on"), &one.on)?,
            maker: Maybe::Shown(maker),
        })
    };
    let mut touches: Vec<AttestedTouch> =
        given.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
    touches.sort_by_key(|one| one.element);
    Ok(touches)
}

/// Returns what a witness says, and the checkpoints that it says it of.
pub(super) fn witness(
    draft: &Draft,
    names: &dyn Resolver,
) -> Result<(Witness, Vec<SeenCheckpoint>), EntryError> {
    let party =
        |(index, name): (usize, &String)| names.party(name).map_err(|error| error.at(&format!("of/{index}")));
    let parties: Vec<_> = draft.vouch.of.iter().enumerate().map(party).collect::<Result<_, EntryError>>()?;
    let mut seen = names.witnessed(&parties).map_err(|problem| EntryError::new("of", problem, None))?;
    if seen.is_empty() {
        let hint = "import a file that brings a newer one".to_owned();
        return Err(EntryError::new("of", "no checkpoint is held that was not stated before", Some(hint)));
    }
    if seen.len() > MOST_SEEN {
        let problem = format!("{} logs have grown, and one record holds {MOST_SEEN} checkpoints", seen.len());
        let hint = "name at most so many parties under `of`, and record the others after it".to_owned();
        return Err(EntryError::new("of", problem, Some(hint)));
    }
    seen.sort_by_key(|(seen, _)| (seen.party, seen.epoch));
    let (seen, from): (Vec<SeenCheckpoint>, Vec<u64>) = seen.into_iter().unzip();
    Ok((Witness { from }, seen))
}
