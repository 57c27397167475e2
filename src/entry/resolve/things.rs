//! Assemblies and disassemblies: which input is a part of which output, which output was which part.

use super::lots::{self, Taken};
use super::{values, work};
use crate::entry::draft::{Draft, PartDraft, RecoveredDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::{NameError, Resolver};
use crate::model::event::{Assemble, Disassemble, Part, Recovered, parts_within};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::pieces::{Pieces, boundary};

/// What is done where no step is written.
const ASSEMBLE: &str = "P90 assemble";
const DISMANTLE: &str = "R20 dismantle";

pub(super) fn assemble(draft: &Draft, names: &dyn Resolver) -> Result<Assemble, EntryError> {
    let taken = lots::taken(draft, names)?;
    Ok(Assemble {
        at: values::at(draft, names)?,
        steps: work::steps_or(draft, ASSEMBLE)?,
        parts: parts(draft, &taken)?.into(),
        inputs: lots::inputs(&taken).into(),
        additions: lots::additions(draft)?.into(),
        outputs: some_outputs(draft, names)?,
    })
}

pub(super) fn disassemble(draft: &Draft, names: &dyn Resolver) -> Result<Disassemble, EntryError> {
    let taken = lots::taken(draft, names)?;
    Ok(Disassemble {
        at: values::at(draft, names)?,
        steps: work::steps_or(draft, DISMANTLE)?,
        recovered: recovered(draft, &taken, names)?.into(),
        inputs: lots::inputs(&taken).into(),
        outputs: some_outputs(draft, names)?,
        losses: lots::losses(draft)?.into(),
    })
}

fn some_outputs(draft: &Draft, names: &dyn Resolver) -> Result<Vec<Lot>, EntryError> {
    match draft.outputs.is_empty() {
        true => Err(error::missing(
            "out",
            "out = [{ label = \"ROT-1\", material = \"component.rotor\", mass = \"9 kg\" }]",
        )),
        false => lots::outputs(draft, names),
    }
}

/// How much of an input was given to assemblies so far.
#[derive(Clone, Copy, Default)]
struct Given {
    mass: Mass,
    pieces: u64,
}

fn parts(draft: &Draft, taken: &[Taken]) -> Result<Vec<Part>, EntryError> {
    let whole =
        |(input, one): (u32, &Taken)| Part { input, output: 0, mass: one.input.mass, pieces: one.pieces };
    if draft.things.parts.is_empty() {
        return match draft.outputs.len() {
            0 | 1 => Ok((0..).zip(taken).map(whole).collect()),
            several => {
                let problem =
                    format!("there are {several} assemblies, and it is not said which input went into which");
                let hint =
                    "write parts = [{ of = \"MAG-7\", into = \"ROT-1\", pieces = \"16 pieces\" }, ...]";
                Err(EntryError::new("parts", problem, Some(hint.into())))
            }
        };
    }
    let mut given = vec![Given::default(); taken.len()];
    let mut parts = Vec::with_capacity(draft.things.parts.len());
    for (index, part) in draft.things.parts.iter().enumerate() {
        let field = format!("parts/{index}");
        let input = input(&format!("{field}/of"), draft, part.of.as_deref())?;
        let output = work::output(
            &format!("{field}/into"),
            draft,
            part.into.as_deref(),
            "the label of an assembly in `out`",
        )?;
        let portion = portion(&field, part, &draft.inputs[input].lot, &taken[input], &mut given[input])?;
        let input = u32::try_from(input).expect("inputs are bounded");
        parts.push(Part { input, output, ..portion });
    }
    Ok(parts)
}

/// Returns the index of the input that a part is of: by the name it has there, or by number counted from 0.
fn input(field: &str, draft: &Draft, given: Option<&str>) -> Result<usize, EntryError> {
    let Some(given) = given else {
        return match draft.inputs.len() {
            1 => Ok(0),
            _ => Err(error::missing(field, "the lot in `in` that the part is of")),
        };
    };
    let named: Vec<usize> = (0..draft.inputs.len()).filter(|at| draft.inputs[*at].lot == given).collect();
    match named[..] {
        [only] => Ok(only),
        [] => {
            let number = given.parse().ok().filter(|index| *index < draft.inputs.len());
            number.ok_or_else(|| {
                let known = draft.inputs.iter().map(|input| input.lot.as_str());
                NameError::unknown("lot in `in`", given, known).at(field)
            })
        }
        _ => {
            let numbers: Vec<String> = named.iter().map(usize::to_string).collect();
            let problem = format!("`{given}` stands in `in` {} times", named.len());
            let hint = format!("write which one, counted from 0: {}", numbers.join(", "));
            Err(EntryError::new(field, problem, Some(hint)))
        }
    }
}

/// Reads how much of an input a part is. Pieces tile the stretch in the order in which they are written.
fn portion(
    field: &str,
    part: &PartDraft,
    name: &str,
    taken: &Taken,
    given: &mut Given,
) -> Result<Part, EntryError> {
    let (mass_at, pieces_at) = (format!("{field}/mass"), format!("{field}/pieces"));
    let stretch = taken.input.mass;
    let pieces = error::some::<Pieces>(&pieces_at, &part.pieces)?.map(|pieces| pieces.0);
    if pieces == Some(0) {
        return Err(EntryError::new(pieces_at, "it is no piece at all", None));
    }
    let (mass, pieces) = match (error::some::<Mass>(&mass_at, &part.mass)?, pieces) {
        (Some(mass), pieces) => (mass, pieces),
        (None, Some(pieces)) => {
            let Some(count) = taken.pieces else {
                let problem = format!(
                    "how many pieces are taken of `{name}` is not known, so they cannot be shared out"
                );
                let hint = "write the `mass` of the part, or take `pieces` of the lot in `in`";
                return Err(EntryError::new(pieces_at, problem, Some(hint.into())));
            };
            let left = count.saturating_sub(given.pieces);
            if pieces > left {
                let problem =
                    format!("{left} of the {count} pieces of `{name}` are left, {pieces} are asked for");
                return Err(EntryError::new(pieces_at, problem, None));
            }
            let from = boundary(stretch, count, given.pieces);
            let to = boundary(stretch, count, given.pieces + pieces);
            (to.saturating_sub(from), Some(pieces))
        }
        (None, None) => {
            let rest = stretch.saturating_sub(given.mass);
            if rest == Mass::ZERO {
                let problem = format!("nothing is left of the {stretch} of `{name}`");
                return Err(EntryError::new(mass_at, problem, None));
            }
            (rest, taken.pieces.and_then(|count| count.checked_sub(given.pieces)).filter(|rest| *rest > 0))
        }
    };
    if mass == Mass::ZERO {
        return Err(EntryError::new(mass_at, "a part has no mass", None));
    }
    given.mass = given.mass.checked_add(mass).unwrap_or(Mass::from_mg(u64::MAX));
    given.pieces = given.pieces.saturating_add(pieces.unwrap_or(0));
    Ok(Part { input: 0, output: 0, mass, pieces })
}

fn recovered(draft: &Draft, taken: &[Taken], names: &dyn Resolver) -> Result<Vec<Recovered>, EntryError> {
    if draft.things.recovered.is_empty() {
        return Ok(Vec::new());
    }
    let things: Vec<LotRef> = taken.iter().map(|one| one.input.lot).collect();
    let within = parts_within(&things, |record| names.event(record));
    let labelled: Vec<(LotRef, Option<String>)> = within
        .parts
        .iter()
        .map(|part| (part.lot, names.lot_value(&part.lot).and_then(|lot| lot.label().map(str::to_owned))))
        .collect();
    let read = |(index, one): (usize, &RecoveredDraft)| {
        let at = |name: &str| format!("recovered/{index}/{name}");
        let output = work::output(&at("lot"), draft, one.lot.as_deref(), "the label of a lot in `out`")?;
        let was =
            one.was.as_ref().ok_or_else(|| error::missing(&at("was"), "\"MAG-7\", the lot that went in"))?;
        let mut known = labelled.iter().filter(|(lot, label)| {
            label.as_deref() == Some(was) || lot.to_string() == *was || lot.short() == *was
        });
        let part = match (known.next(), known.next()) {
            (Some((lot, _)), None) => *lot,
            (Some(_), Some(_)) => {
                let same = labelled.iter().filter(|(_, label)| label.as_deref() == Some(was));
                let candidates: Vec<String> = same.map(|(lot, _)| lot.short()).collect();
                let problem = format!("`{was}` is the label of {} parts", candidates.len());
                let hint = format!("write one of {}", candidates.join(", "));
                return Err(EntryError::new(at("was"), problem, Some(hint)));
            }
            // Who says that a lot came out which never went in may say so, and is told by whoever admits it.
            (None, _) => names.lot(was).map_err(|_| {
                let known = labelled.iter().filter_map(|(_, label)| label.as_deref());
                NameError::unknown("part of what is taken apart", was, known).at(&at("was"))
            })?,
        };
        Ok(Recovered { output, part })
    };
    draft.things.recovered.iter().enumerate().map(read).collect()
}
