//! Double use: one party consumed one stretch of a lot twice.
//!
//! The walk from the later record back to the earlier shows that the earlier had not been taken back or corrected
//! when the later was signed. It need not lie on the branch of the later: if it does not, the party signed two
//! histories, and used the stretch in both.

use std::collections::BTreeMap;

use super::judge::Checked;
use super::{Objection, Statement, Stretch, walk};
use crate::model::event::Body;
use crate::model::kind::Kind;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;

pub(super) fn judge(parts: &[Checked]) -> Result<Statement, Objection> {
    let earlier = &parts[0];
    let Some(later) = parts.get(1) else { return within(earlier) };
    let walked = &parts[2..];
    if earlier.id() == later.id() {
        return Err(Objection::new("statement", "both are the same record"));
    }
    if earlier.seq() > later.seq() {
        return Err(Objection::new("parts", format!("{} stands after {}", earlier.what(), later.what())));
    }
    let twice = overlap(inputs(earlier)?, inputs(later)?)
        .ok_or_else(|| Objection::new("statement", "the two records use no common stretch"))?;
    walk::check(later, earlier.seq(), walked)?;
    for one in walked.iter().filter(|one| one.seq() > earlier.seq()) {
        stands(earlier, one)?;
    }
    let says = format!(
        "{} and {} both use {} of lot {}:{}, from {} on",
        earlier.what(),
        later.what(),
        twice.mass,
        twice.lot.record.short(),
        twice.lot.index,
        twice.from
    );
    let statement = Statement::about([earlier, later], says);
    Ok(Statement { twice: Some(twice), walked: walked.len(), ..statement })
}

/// One record that uses a stretch twice by itself.
fn within(part: &Checked) -> Result<Statement, Objection> {
    let twice = overlap_within(inputs(part)?)
        .ok_or_else(|| Objection::new("statement", "the record uses no stretch twice"))?;
    let says = format!(
        "two inputs of {} both use {} of lot {}:{}, from {} on",
        part.what(),
        twice.mass,
        twice.lot.record.short(),
        twice.lot.index,
        twice.from
    );
    Ok(Statement { twice: Some(twice), ..Statement::about([part], says) })
}

/// Checks that a control record between the two leaves the earlier one as it is.
fn stands(earlier: &Checked, between: &Checked) -> Result<(), Objection> {
    let taken_back = match between.signed.kind() {
        Some(Kind::Withdraw | Kind::Correct) => match &between.whole()?.event.body {
            Body::Withdraw(withdraw) => withdraw.target == earlier.id(),
            Body::Correct(correct) => correct.target == earlier.id(),
            _ => unreachable!("a record opens as the kind of its header"),
        },
        Some(kind) if AMENDS_NO_USE.contains(&kind) => false,
        _ => {
            let why =
                format!("{} may change {}, and this version cannot tell", between.what(), earlier.what());
            return Err(Objection::cannot_judge("walk", why));
        }
    };
    if taken_back {
        let why = format!("{} takes back or corrects {}", between.what(), earlier.what());
        return Err(Objection::new("statement", why));
    }
    Ok(())
}

/// Control kinds that leave what a record used as it is, and are signed with the same key as before.
const AMENDS_NO_USE: [Kind; 7] = [
    Kind::Establish,
    Kind::Dispute,
    Kind::Resolve,
    Kind::WithdrawAccreditation,
    Kind::SuspendCertificate,
    Kind::CedeFacility,
    Kind::EndHost,
];

fn inputs(part: &Checked) -> Result<&[Input], Objection> {
    match part.whole()?.event.body.inputs() {
        Some(MaybeList::Shown(inputs)) => Ok(inputs),
        Some(MaybeList::Withheld(_)) => {
            Err(Objection::new("parts", format!("the inputs of {} are not shown", part.what())))
        }
        None => Err(Objection::new("statement", format!("{} uses nothing", part.what()))),
    }
}

/// Where a stretch begins and ends, in milligrams.
type Span = (u128, u128);

fn span(input: &Input) -> Span {
    let from = u128::from(input.from.mg());
    (from, from + u128::from(input.mass.mg()))
}

/// Returns the longest-reaching common stretch of two lists, that of the smallest lot reference first.
///
/// Sorted once, so that two lists of 65 536 inputs take no longer than reading them.
fn overlap(earlier: &[Input], later: &[Input]) -> Option<Stretch> {
    let mut by_lot: BTreeMap<LotRef, Vec<(Span, bool)>> = BTreeMap::new();
    for (inputs, is_later) in [(earlier, false), (later, true)] {
        for input in inputs {
            by_lot.entry(input.lot).or_default().push((span(input), is_later));
        }
    }
    by_lot.into_iter().find_map(|(lot, mut spans)| {
        spans.sort_unstable();
        // The furthest end so far of either record.
        let mut furthest = [0_u128; 2];
        spans.iter().find_map(|((from, end), is_later)| {
            let other = furthest[usize::from(!*is_later)];
            let own = &mut furthest[usize::from(*is_later)];
            *own = (*own).max(*end);
            stretch(lot, *from, other.min(*end))
        })
    })
}

fn overlap_within(inputs: &[Input]) -> Option<Stretch> {
    let mut spans: Vec<(LotRef, Span)> = inputs.iter().map(|input| (input.lot, span(input))).collect();
    spans.sort_unstable();
    let mut furthest: Option<(LotRef, u128)> = None;
    spans.into_iter().find_map(|(lot, (from, end))| {
        let other = furthest.filter(|(of, _)| *of == lot).map_or(0, |(_, end)| end);
        furthest = Some((lot, other.max(end)));
        stretch(lot, from, other.min(end))
    })
}

fn stretch(lot: LotRef, from: u128, end: u128) -> Option<Stretch> {
    let mg = |mg: u128| Mass::from_mg(u64::try_from(mg).unwrap_or(u64::MAX));
    (from < end).then(|| Stretch { lot, from: mg(from), mass: mg(end - from) })
}
