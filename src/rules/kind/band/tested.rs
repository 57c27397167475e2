//! Whether what a balance is about was determined at all: nothing is within a band that nobody looked at.

use crate::balance::step::{self, RowVerdict, Why};
use crate::custody::{graph, names};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Whether a step behind the lot conserves total mass.
pub(super) fn has_physical_step(facts: &Facts<'_>) -> bool {
    facts.records_behind().any(is_physical)
}

pub(in crate::rules::kind) fn is_physical(record: &Record) -> bool {
    match &record.event.body {
        Body::Transform(one) => one.steps.iter().all(|step| step.process.conserves_mass()),
        Body::Repack(_) => true,
        _ => false,
    }
}

/// Tells of which steps no element can be balanced by itself; returns whether there was a step to balance.
pub(super) fn recovery(facts: &Facts<'_>, told: &mut Told) -> bool {
    let mut reaches = false;
    for record in facts.records_behind() {
        if !matches!(record.event.body, Body::Transform(_)) || is_physical(record) {
            continue;
        }
        reaches = true;
        let rows = step::of_record(facts.contents(), record).map(|one| one.rows).unwrap_or_default();
        // A sum that fits says nothing of its members.
        let single = rows.iter().filter_map(|row| Some((row.what.single()?, &row.verdict)));
        let untested: Vec<(Element, &Why)> = single
            .clone()
            .filter_map(|(element, verdict)| match verdict {
                RowVerdict::NotTested(why) => Some((element, why)),
                _ => None,
            })
            .collect();
        let is_tested = single.count() > untested.len();
        let holds = |why: &Why| {
            matches!(why, Why::OnlyInGroup(_) | Why::NotHeld(_) | Why::Withheld(_) | Why::ListWithheld(_))
        };
        let what = names::record(facts.graph, record);
        let mut say = |text: String, verdict: Verdict| {
            let code = match verdict {
                Verdict::Withheld => ReasonCode::CheckWithheld,
                _ => ReasonCode::CheckOpen,
            };
            let resolve = "let what goes in and what comes out be analysed, element by element, and shown";
            told.because(code, verdict, text, vec![record.id], resolve);
        };
        if untested.is_empty() && !is_tested {
            say(format!("{what}: no element is determined by itself on either side"), Verdict::Unknown);
        }
        for (element, why) in untested.iter().filter(|(_, why)| !is_tested || holds(why)) {
            let verdict = if why.is_withheld() { Verdict::Withheld } else { Verdict::Unknown };
            say(format!("{what}, {element}: {}", why.say(facts.graph)), verdict);
        }
    }
    reaches
}

/// Tells what is not known of the lot's own content; returns whether there is anything to look at.
pub(super) fn composition(facts: &Facts<'_>, told: &mut Told) -> bool {
    let graph = facts.graph;
    let lots = facts.ancestry().lots.iter().filter_map(|lot| Some((lot, graph.lot(lot)?)));
    let mut is_known = false;
    for (lot, value) in lots {
        // Of a handover that repeats what it was given the first word counts.
        if graph.creator(lot).is_some_and(|record| record.event.body.is_pairwise()) {
            continue;
        }
        match stated(facts, lot, value) {
            Stated::Yes => is_known = true,
            Stated::No => {}
            Stated::Withheld => withheld(facts, lot, told),
        }
    }
    if !is_known && told.outcome.reasons.is_empty() {
        let text = "nobody has determined what the lot, or anything it is made of, holds".to_owned();
        let resolve = "let the lot be analysed, and import the assay";
        told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, vec![facts.lot.record], resolve);
    }
    true
}

/// Tells of which feeds nobody knows what they held; returns whether rare earths came in behind the lot.
pub(super) fn feed(facts: &Facts<'_>, told: &mut Told) -> bool {
    let graph = facts.graph;
    let mut reaches = false;
    if !graph.lot(&facts.lot).is_some_and(may_hold_rare_earths) {
        return false;
    }
    for record in facts.records_behind() {
        let enters = matches!(
            record.event.body,
            Body::Extract(_) | Body::Collect(_) | Body::Intake(_) | Body::OpeningStock(_)
        );
        if !enters {
            continue;
        }
        for (lot, value) in graph::outputs(record) {
            if !facts.is_behind(&lot) || !may_hold_rare_earths(value) {
                continue;
            }
            reaches = true;
            match stated(facts, &lot, value) {
                Stated::Yes => {}
                Stated::Withheld => withheld(facts, &lot, told),
                Stated::No => {
                    let text = format!(
                        "what lot {} held when it came in is not determined, so nothing made of it can be held against it",
                        names::lot(graph, &lot)
                    );
                    let resolve = "let the feed be analysed, and import the assay";
                    let records: Vec<RecordId> = vec![record.id];
                    told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, records, resolve);
                }
            }
        }
    }
    reaches
}

enum Stated {
    Yes,
    No,
    Withheld,
}

/// Whether anybody says what a lot holds: its own record, or a result about it.
fn stated(facts: &Facts<'_>, lot: &LotRef, value: &Lot) -> Stated {
    match &value.composition {
        Maybe::Shown(lines) if !lines.is_empty() => Stated::Yes,
        _ if facts.graph.results(lot).next().is_some() => Stated::Yes,
        Maybe::Shown(_) => Stated::No,
        Maybe::Withheld => Stated::Withheld,
    }
}

fn withheld(facts: &Facts<'_>, lot: &LotRef, told: &mut Told) {
    let text = format!("what lot {} holds is withheld", names::lot(facts.graph, lot));
    let resolve = "ask the author to show the item `composition`";
    told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, vec![lot.record], resolve);
}

fn may_hold_rare_earths(lot: &Lot) -> bool {
    let all = (1..=118).filter_map(Element::from_number);
    let mut rare = all.filter(|element| element.is_rare_earth());
    rare.any(|element| lot.material.carries(element) != Carries::No)
}
