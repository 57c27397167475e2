//! Waivers: an authority lets a rule go for exactly this item on exactly this day.
//!
//! Only a rule that would fail, or stay open, is waived, and only by a `waive` record of a party that the reader's
//! trust file names for the role `waiver_authority`. What it does not name stays as it was. Spec:
//! docs/formats/rule-pack.md, "Waivers".

use std::collections::HashSet;

use super::facts::Facts;
use super::kind;
use super::kind::document::missing_control;
use super::pack::{Pack, Rule};
use crate::custody::graph::{self, Graph};
use crate::custody::ties::Ties;
use crate::custody::{consumer, names};
use crate::hash::RecordId;
use crate::model::day::{Day, Period};
use crate::model::event::{Body, Waive};
use crate::model::evidence::Role;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::material::Material;
use crate::model::record::Record;

/// Why a waiver that names a rule does not let it go.
#[derive(Debug)]
pub(super) enum NotReached {
    /// It is not about this, or does not hold.
    Refused(String),
    /// What would show that it does is not held.
    Open(String),
}

/// What waivers make of a rule that does not pass.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The record that waives it.
    pub(super) by: Option<RecordId>,
    /// By whom and for how long; else why those that name the rule do not reach the lot.
    pub(super) notes: Vec<String>,
}

/// Looks for a waiver of `rule` for the lot on the day `as_of`.
pub(super) fn ask(facts: &Facts<'_>, pack: &Pack, rule: &Rule, as_of: Day) -> Answer {
    let mut answer = Answer::default();
    for (record, waive) in facts.waivers().iter().filter(|(_, waive)| names_rule(waive, pack, rule)) {
        let number = waive.number.shown().and_then(Option::as_ref);
        let called = number.map(|number| format!(" `{number}`")).unwrap_or_default();
        let who = names::party(facts.graph, &record.author);
        match reaches(facts, record, waive, as_of, kind::exception::longest_waiver(pack, rule)) {
            Ok(()) => {
                answer.by = Some(record.id);
                answer.notes = vec![format!(
                    "waived by {who}, waiver{called}, {}..{}; the reasons stand",
                    waive.valid.first, waive.valid.last
                )];
                return answer;
            }
            Err(NotReached::Refused(why) | NotReached::Open(why)) => {
                answer.notes.push(format!("waiver{called} of {who} does not reach this: {why}"));
            }
        }
    }
    answer
}

/// Whether a waiver names the rule: by its id, as `PACK/RULE`, or by the clause of the text.
pub(super) fn names_rule(waive: &Waive, pack: &Pack, rule: &Rule) -> bool {
    waive.rule.as_str() == rule.clause || is_called(waive.rule.as_str(), pack, rule)
}

/// Whether a name is that of a rule: its id alone, or as `PACK/RULE`.
pub(super) fn is_called(named: &str, pack: &Pack, rule: &Rule) -> bool {
    named == rule.id || named.split_once('/') == Some((&pack.file.id, &rule.id))
}

/// Says why a waiver does not reach the lot on that day. It may hold for `most_months` at most, if any are given.
pub(super) fn reaches(
    facts: &Facts<'_>,
    record: &Record,
    waive: &Waive,
    as_of: Day,
    most_months: Option<u16>,
) -> Result<(), NotReached> {
    use NotReached::{Open, Refused};
    let believed = facts.trust.authority(&record.author);
    if !believed.into_iter().any(|one| one.roles.contains(&Role::WaiverAuthority)) {
        return Err(Open("the trust file does not name its author as a waiver authority".to_owned()));
    }
    in_time(&waive.valid, as_of, most_months).map_err(Refused)?;
    let graph = facts.graph;
    let Some(lot) = graph.lot(&facts.lot) else { return Err(Open("the lot is not held".to_owned())) };
    names_item(graph, waive, &facts.lot, lot).map_err(Refused)?;
    let on = Period::day(as_of);
    let ties = Ties::new(graph);
    // Who packed anew what the waiver names is a party to it as much as who made it.
    let lots = parcels(graph, waive, &facts.lot).unwrap_or_else(|| HashSet::from([facts.lot]));
    let mut had = lots.iter().flat_map(|lot| consumer::had(graph, lot));
    if had.any(|party| ties.between(&record.author, &party, &on).is_some()) {
        return Err(Refused("its author is tied to who has the lot".to_owned()));
    }
    if let Some(missing) = missing_control(facts, record) {
        let short = missing.short();
        let text = format!("a control record `{short}` of its author is not held, so it may be taken back");
        return Err(Open(text));
    }
    let claimed = facts.claimed.get(&record.author).copied().unwrap_or(record.signed_at);
    let (age, most) =
        (as_of.days_since(claimed.max(record.signed_at).day()), facts.trust.max_status_age_days);
    match i64::from(age) > i64::from(most) {
        true => {
            let text =
                format!("the last record held of its author is {age} days old; at most {most} are allowed");
            Err(Open(text))
        }
        false => Ok(()),
    }
}

/// Says why a paper does not hold on a day, or holds for longer than it may.
pub(super) fn in_time(valid: &Period, as_of: Day, most_months: Option<u16>) -> Result<(), String> {
    if !valid.contains(as_of) {
        return Err(format!("it holds {}..{}, not on {as_of}", valid.first, valid.last));
    }
    match most_months {
        Some(most) if valid.last >= valid.first.plus_months(most) => {
            Err(format!("it holds {}..{}, and {most} months are the most", valid.first, valid.last))
        }
        _ => Ok(()),
    }
}

fn names_item(graph: &Graph, waive: &Waive, at: &LotRef, lot: &Lot) -> Result<(), String> {
    if waive.lots.is_empty() && waive.part_numbers.is_empty() && waive.materials.is_empty() {
        return Err("it names no item".to_owned());
    }
    if let Some(subject) = &waive.subject
        && !consumer::had(graph, at).contains(subject)
    {
        return Err(format!("it is for material of {}", names::party(graph, subject)));
    }
    if !waive.lots.is_empty() && parcels(graph, waive, at).is_none() {
        return Err("it names other lots".to_owned());
    }
    let part = lot.marks.shown().and_then(|marks| marks.part_number.as_ref());
    if !waive.part_numbers.is_empty() && !part.is_some_and(|part| waive.part_numbers.contains(part)) {
        return Err("it names other part numbers".to_owned());
    }
    let begins = |listed: &Material| lot.material.begins_with(listed);
    match waive.materials.is_empty() || waive.materials.iter().any(begins) {
        true => Ok(()),
        false => Err("it names other materials".to_owned()),
    }
}

/// Returns the lots that a lot is a parcel of, up to those that the waiver names; `None` where anything else is in it.
///
/// A parcel was handed over or packed anew, and nothing else was done to it.
fn parcels(graph: &Graph, waive: &Waive, lot: &LotRef) -> Option<HashSet<LotRef>> {
    let (mut todo, mut seen) = (vec![*lot], HashSet::new());
    while let Some(lot) = todo.pop() {
        if !seen.insert(lot) || waive.lots.contains(&lot) {
            continue;
        }
        let record = graph.creator(&lot)?;
        let inputs = graph::inputs(record);
        if inputs.is_empty() {
            return None;
        }
        match record.event.body.is_pairwise() {
            true => todo.extend(inputs.get(lot.index as usize).map(|input| input.lot)),
            false if matches!(record.event.body, Body::Repack(_)) => {
                todo.extend(inputs.iter().map(|input| input.lot));
            }
            false => return None,
        }
    }
    Some(seen)
}
