//! Lots that an event creates, and stretches that it consumes.

use super::{portion, values};
use crate::entry::draft::{Draft, InputDraft, LossDraft, LotDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::evidence::{LossBasis, MassBasis};
use crate::model::fact::{Fact, FactCode, FactUnit, FactValue, MASS_AS_STATED};
use crate::model::kind::Kind;
use crate::model::label;
use crate::model::lot::{Addition, Input, Loss, Lot, Marks, Package, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::pieces::Pieces;

/// Reads the lots of `out`.
pub(super) fn outputs(draft: &Draft, names: &dyn Resolver) -> Result<Vec<Lot>, EntryError> {
    let read = |(index, one): (usize, &LotDraft)| {
        let field = format!("out/{index}");
        match one.mass.as_deref().and_then(|mass| mass.strip_suffix(AS_STATED)) {
            Some(mass) => unweighed(draft.kind, &field, one, mass, names),
            None => lot(&field, one, names),
        }
    };
    draft.outputs.iter().enumerate().map(read).collect()
}

/// What stands behind a mass that is that of the papers, because nobody weighed the lot.
const AS_STATED: &str = " as stated";

/// Reads a lot that came in at the mass of its papers; the fact says so to every reader.
fn unweighed(
    kind: Kind,
    field: &str,
    given: &LotDraft,
    mass: &str,
    names: &dyn Resolver,
) -> Result<Lot, EntryError> {
    if !matches!(kind, Kind::Intake | Kind::OpeningStock | Kind::Collect) {
        let problem = "only what comes into the ledger can have the mass of its papers";
        let hint = format!("weigh it, and write \"{}\"", mass.trim());
        return Err(EntryError::new(format!("{field}/mass"), problem, Some(hint)));
    }
    let mut lot = lot(field, &LotDraft { mass: Some(mass.trim().to_owned()), ..given.clone() }, names)?;
    lot.facts.push(Fact {
        code: FactCode::from_code(MASS_AS_STATED).expect("a code by its letters"),
        unit: FactUnit::None,
        value: FactValue::Number(1),
    });
    lot.facts.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(lot)
}

fn lot(field: &str, given: &LotDraft, names: &dyn Resolver) -> Result<Lot, EntryError> {
    let material = error::need(&format!("{field}/material"), &given.material, "\"oxide.NdPr\"")?;
    let Some(quantity) = quantity(field, given)? else {
        return Err(error::missing(&format!("{field}/mass"), "\"5393 kg\""));
    };
    let mut lot = Lot::new(material, quantity);
    overlay(&mut lot, field, given, names)?;
    Ok(lot)
}

/// Reads what the scale says; `None` where no mass is written.
pub(super) fn quantity(field: &str, given: &LotDraft) -> Result<Option<Quantity>, EntryError> {
    let at = |part: &str| if field.is_empty() { part.to_owned() } else { format!("{field}/{part}") };
    let Some(mass) = error::some::<Mass>(&at("mass"), &given.mass)? else { return Ok(None) };
    Ok(Some(Quantity {
        mass,
        uncertainty: error::some(&at("uncertainty"), &given.uncertainty)?.unwrap_or_default(),
        basis: error::some(&at("basis"), &given.basis)?.unwrap_or(MassBasis::AsIs),
        moisture: error::some(&at("moisture"), &given.moisture)?,
        pieces: error::some::<Pieces>(&at("pieces"), &given.pieces)?.map(|pieces| pieces.0),
        packages: values::packages(&at("packages"), &given.packages)?,
    }))
}

/// Puts everything written about a lot, but for material and quantity, over what `lot` has.
pub(super) fn overlay(
    lot: &mut Lot,
    field: &str,
    given: &LotDraft,
    names: &dyn Resolver,
) -> Result<(), EntryError> {
    let at = |part: &str| format!("{field}/{part}");
    if let Some(label) = &given.label {
        let label = label::clean(label)
            .map_err(|error| EntryError::new(at("label"), error.to_string(), error.hint()))?;
        lot.label = Some(Maybe::Shown(label));
    }
    if let Some(lines) = &given.composition {
        lot.composition = Maybe::Shown(values::composition(&at("composition"), lines)?);
    }
    lot.hs = error::some(&at("hs"), &given.hs)?.or(lot.hs);
    lot.custody_model = error::some(&at("custody_model"), &given.custody_model)?.or(lot.custody_model);
    lot.origin_class = error::some(&at("origin_class"), &given.origin_class)?.or(lot.origin_class);
    if let Some(owner) = &given.owner {
        lot.owner = Maybe::Shown(Some(names.party(owner).map_err(|error| error.at(&at("owner")))?));
    }
    let before = lot.marks.shown().cloned().unwrap_or_default();
    lot.marks = Maybe::Shown(Marks {
        form: error::some_words(&at("form"), &given.form, 64)?.or(before.form),
        grade: error::some_words(&at("grade"), &given.grade, 64)?.or(before.grade),
        heat: error::some_words(&at("heat"), &given.heat, 64)?.or(before.heat),
        part_number: error::some_words(&at("part_number"), &given.part_number, 64)?.or(before.part_number),
        coating: error::some_words(&at("coating"), &given.coating, 64)?.or(before.coating),
        magnetised: given.magnetised.or(before.magnetised),
    });
    if !given.facts.is_empty() {
        lot.facts = values::facts(&at("facts"), &given.facts)?;
    }
    if let Some(serials) = &given.serials {
        lot.serials = Some(Maybe::Shown(values::hash(&at("serials"), serials)?));
    }
    if let Some(given) = &given.seals {
        let read = |(index, seal): (usize, &String)| error::words(&at(&format!("seals/{index}")), seal, 64);
        let seals = given.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
        lot.seals = Some(Maybe::Shown(seals));
    }
    if !given.documents.is_empty() {
        lot.documents = Some(Maybe::Shown(values::hashes(&at("documents"), &given.documents)?));
    }
    Ok(())
}

/// A stretch to consume, and what is known of its lot.
pub(super) struct Taken {
    /// The stretch.
    pub input: Input,
    /// The lot, if its record is at hand.
    pub lot: Option<Lot>,
    /// How many pieces it is, where they were counted.
    pub pieces: Option<u64>,
    /// Packages of the lot that it is.
    pub packages: Vec<Package>,
}

/// Reads the stretches of `in`; what is not written is the whole rest of the lot.
pub(super) fn taken(draft: &Draft, names: &dyn Resolver) -> Result<Vec<Taken>, EntryError> {
    if draft.inputs.is_empty() {
        return Err(error::missing("in", "in = [\"NDPR-1\"]"));
    }
    let mut all: Vec<Taken> = Vec::with_capacity(draft.inputs.len());
    for (index, given) in draft.inputs.iter().enumerate() {
        // A lot may be used in several stretches by one event; each begins where the one before ends.
        let after = |lot: &LotRef| {
            let earlier = all.iter().filter(|one| one.input.lot == *lot).filter_map(|one| one.input.end());
            earlier.max().unwrap_or(Mass::ZERO).max(names.next_free(lot))
        };
        let one = stretch(&format!("in/{index}"), given, names, after, &all)?;
        all.push(one);
    }
    Ok(all)
}

/// Returns the stretches alone.
pub(super) fn inputs(taken: &[Taken]) -> Vec<Input> {
    taken.iter().map(|one| one.input).collect()
}

fn stretch(
    field: &str,
    given: &InputDraft,
    names: &dyn Resolver,
    next_free: impl Fn(&LotRef) -> Mass,
    before: &[Taken],
) -> Result<Taken, EntryError> {
    let lot = names.lot(&given.lot).map_err(|error| error.at(&format!("{field}/lot")))?;
    let value = names.lot_value(&lot);
    let is_used = portion::is_used(names, lot, before);
    if let Some(portion) = portion::read(field, given, value.as_ref(), next_free(&lot), is_used)? {
        let (from, mass) = (portion.from, portion.mass);
        let input = Input { lot, from, mass, empties: given.empties.unwrap_or(false) };
        return Ok(Taken { input, lot: value, pieces: portion.pieces, packages: portion.packages });
    }
    let from = error::some(&format!("{field}/from"), &given.from)?.unwrap_or_else(|| next_free(&lot));
    let mass_at = format!("{field}/mass");
    let whole = value.as_ref().and_then(Lot::mass);
    let mass = match error::some(&mass_at, &given.mass)? {
        Some(mass) => mass,
        None => {
            let Some(whole) = whole else {
                let hint = "write the mass that is used, on the scale of the lot's creator";
                let problem = format!("the mass of lot `{}` is not known here", given.lot);
                return Err(EntryError::new(mass_at, problem, Some(hint.into())));
            };
            whole.checked_sub(from).filter(|rest| *rest > Mass::ZERO).ok_or_else(|| {
                let problem = format!("nothing is left of lot `{}`: all of its {whole} is used", given.lot);
                EntryError::new(mass_at, problem, None)
            })?
        }
    };
    let empties = given.empties.unwrap_or(given.mass.is_none());
    let all = value.as_ref().and_then(|lot| lot.quantity.shown()).filter(|_| from == Mass::ZERO);
    let all = all.filter(|quantity| quantity.mass == mass);
    let pieces = all.and_then(|quantity| quantity.pieces);
    let packages = all.map(|quantity| quantity.packages.clone()).unwrap_or_default();
    Ok(Taken { input: Input { lot, from, mass, empties }, lot: value, pieces, packages })
}

/// Reads the losses.
pub(super) fn losses(draft: &Draft) -> Result<Vec<Loss>, EntryError> {
    let read = |(index, one): (usize, &LossDraft)| {
        let at = |part: &str| format!("loss/{index}/{part}");
        let what = one.what.as_ref().ok_or_else(|| error::missing(&at("what"), "\"slag\""))?;
        Ok(Loss {
            what: error::words(&at("what"), what, 64)?,
            mass: error::need(&at("mass"), &one.mass, "\"100 kg\"")?,
            uncertainty: error::some(&at("uncertainty"), &one.uncertainty)?.unwrap_or_default(),
            basis: error::need::<LossBasis>(
                &at("basis"),
                &one.basis,
                "\"measured\", \"estimated\" or \"by_difference\"",
            )?,
            composition: values::composition(&at("composition"), &one.composition)?,
        })
    };
    draft.losses.iter().enumerate().map(read).collect()
}

/// Reads the additions.
pub(super) fn additions(draft: &Draft) -> Result<Vec<Addition>, EntryError> {
    let read = |(index, one): (usize, &crate::entry::draft::AdditionDraft)| {
        let at = |part: &str| format!("add/{index}/{part}");
        Ok(Addition {
            material: error::need(&at("material"), &one.material, "\"chemical\"")?,
            mass: error::need(&at("mass"), &one.mass, "\"300 kg\"")?,
            uncertainty: error::some(&at("uncertainty"), &one.uncertainty)?.unwrap_or_default(),
            composition: values::composition(&at("composition"), &one.composition)?,
        })
    };
    draft.additions.iter().enumerate().map(read).collect()
}
