//! Pieces and packages as portions: which stretch of a lot they are.
//!
//! Packages lie one behind the other in the order they are listed. Pieces share the lot equally, each from one
//! rounded boundary to the next, so that consecutive pieces leave no gap and no overlap.
//! Spec: docs/formats/entry.md, "Pieces and packages".

use crate::entry::draft::InputDraft;
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::{NameError, Resolver};
use crate::model::lot::{Lot, Package, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::pieces::{Pieces, boundary, first_at};

/// A stretch, and what lies in it.
pub(super) struct Portion {
    pub(super) from: Mass,
    pub(super) mass: Mass,
    pub(super) pieces: Option<u64>,
    pub(super) packages: Vec<Package>,
}

/// Reads the portion of a lot that an input names by pieces or by package; `None` where it names neither.
///
/// `next` is the first milligram after everything used so far, `is_used` says whether any of a stretch was used.
pub(super) fn read(
    field: &str,
    given: &InputDraft,
    lot: Option<&Lot>,
    next: Mass,
    is_used: impl Fn(Mass, Mass) -> bool,
) -> Result<Option<Portion>, EntryError> {
    let (what, text) = match (&given.pieces, &given.package) {
        (None, None) => return Ok(None),
        (Some(text), None) => ("pieces", text),
        (None, Some(text)) => ("package", text),
        (Some(_), Some(_)) => {
            let problem = "there are `pieces` as well, and a package is all of its pieces";
            return Err(EntryError::new(format!("{field}/package"), problem, None));
        }
    };
    let at = format!("{field}/{what}");
    if given.mass.is_some() {
        let problem = "there is a `mass` as well, and the two could differ";
        let hint = "write one of them; the lot says what it weighs";
        return Err(EntryError::new(at, problem, Some(hint.into())));
    }
    let Some(quantity) = lot.and_then(|lot| lot.quantity.shown()) else {
        let problem = format!("the mass of lot `{}` is not known here", given.lot);
        let hint = "write the mass that is used, on the scale of the lot's creator";
        return Err(EntryError::new(at, problem, Some(hint.into())));
    };
    match what {
        "pieces" => pieces(&at, &format!("{field}/from"), given, text, quantity, next),
        _ => package(&at, given, text, quantity, is_used),
    }
    .map(Some)
}

fn pieces(
    at: &str,
    from_at: &str,
    given: &InputDraft,
    text: &str,
    quantity: &Quantity,
    next: Mass,
) -> Result<Portion, EntryError> {
    let wanted: Pieces = error::text(at, text)?;
    let Some(count) = quantity.pieces.filter(|count| *count > 0) else {
        let problem = format!("lot `{}` states no number of pieces", given.lot);
        let hint = "write the mass that is used; a `measure` may count the lot for later";
        return Err(EntryError::new(at, problem, Some(hint.into())));
    };
    if wanted.0 == 0 {
        return Err(EntryError::new(at, "it is no piece at all", None));
    }
    // "from 16 pieces": after so many of them; "from 100 kg": the first that begins there or later.
    let first = match &given.from {
        Some(from) if from.parse::<Pieces>().is_ok() => error::text::<Pieces>(from_at, from)?.0,
        Some(from) => first_at(quantity.mass, count, error::text(from_at, from)?),
        None => first_at(quantity.mass, count, next),
    };
    let last = first.checked_add(wanted.0).filter(|last| *last <= count);
    let Some(last) = last else {
        let left = count.saturating_sub(first);
        let problem = match left {
            0 => format!("no piece is left of lot `{}`: all of its {count} are used", given.lot),
            1 => format!("1 piece is left of lot `{}`, {} are asked for", given.lot, wanted.0),
            left => format!("{left} pieces are left of lot `{}`, {} are asked for", given.lot, wanted.0),
        };
        return Err(EntryError::new(at, problem, None));
    };
    let from = boundary(quantity.mass, count, first);
    let to = boundary(quantity.mass, count, last);
    let mass = to.saturating_sub(from);
    if mass == Mass::ZERO {
        let problem = format!("lot `{}` is too light to be shared among {count} pieces", given.lot);
        return Err(EntryError::new(at, problem, None));
    }
    Ok(Portion { from, mass, pieces: Some(wanted.0), packages: Vec::new() })
}

fn package(
    at: &str,
    given: &InputDraft,
    text: &str,
    quantity: &Quantity,
    is_used: impl Fn(Mass, Mass) -> bool,
) -> Result<Portion, EntryError> {
    if given.from.is_some() {
        let problem = "there is a `from` as well, and a package lies where it lies";
        return Err(EntryError::new(at, problem, None));
    }
    let mut begins = Mass::ZERO;
    let mut stretches: Vec<(&Package, Mass, Mass)> = Vec::with_capacity(quantity.packages.len());
    for package in &quantity.packages {
        let ends = begins.checked_add(package.net).unwrap_or(Mass::from_mg(u64::MAX));
        stretches.push((package, begins, ends));
        begins = ends;
    }
    let free =
        || stretches.iter().filter(|(_, from, to)| !is_used(*from, *to)).map(|(one, ..)| one.id.as_str());
    let named: Vec<_> = stretches.iter().filter(|(package, ..)| package.id == text).collect();
    match named[..] {
        [] if stretches.is_empty() => {
            let problem = format!("lot `{}` lists no packages", given.lot);
            Err(EntryError::new(at, problem, Some("write the mass that is used".into())))
        }
        [] => {
            let known = stretches.iter().map(|(package, ..)| package.id.as_str());
            let unknown = NameError::unknown("package of that lot", text, known);
            Err(unknown.at(at))
        }
        [(package, from, to)] => {
            if is_used(*from, *to) {
                let problem = format!("package `{text}` of lot `{}` is used already", given.lot);
                let left: Vec<&str> = free().take(12).collect();
                let hint = match left.is_empty() {
                    true => "no package of it is left".to_owned(),
                    false => format!("not used are {}", left.join(", ")),
                };
                return Err(EntryError::new(at, problem, Some(hint)));
            }
            let all = quantity.packages.len() == 1;
            let pieces = quantity.pieces.filter(|_| all);
            Ok(Portion { from: *from, mass: package.net, pieces, packages: vec![(*package).clone()] })
        }
        _ => {
            let problem = format!("lot `{}` has {} packages called `{text}`", given.lot, named.len());
            Err(EntryError::new(at, problem, Some("write `from` and `mass` instead".into())))
        }
    }
}

/// Whether any of a stretch of `lot` was used, by the resolver's lights or by the inputs read before.
pub(super) fn is_used<'a>(
    names: &'a dyn Resolver,
    lot: LotRef,
    before: &'a [super::lots::Taken],
) -> impl Fn(Mass, Mass) -> bool + 'a {
    move |from, to| {
        let overlaps = |one: &super::lots::Taken| {
            one.input.lot == lot && one.input.from < to && one.input.end().is_none_or(|end| from < end)
        };
        !names.is_free(&lot, from, to) || before.iter().any(overlaps)
    }
}
