//! What rules say: verdicts with their reasons, the node table, and the timeline across changes of text.

use super::page::{Lean, Page};
use super::verify::{verdict_line, words};
use crate::custody::touch::{Grade, Presence};
use crate::hash::PartyId;
use crate::model::element::Element;
use crate::model::verdict::Verdict;
use crate::rules::nodes::NodePlace;
use crate::rules::{CellState, NodeCell, NodeTable, RuleVerdict, Timeline};

/// Why the day asked for is on a timeline.
const ASKED: &str = "the day asked for";
/// Reasons of one rule that a page lists; JSON has them all.
const REASONS: usize = 6;

/// Writes each rule that reaches the lot, with why it does not pass.
///
/// `attested` says on whose attestation a verdict rests.
pub fn verdicts(page: &mut Page, rules: &[RuleVerdict], attested: &dyn Fn(&[PartyId], Verdict) -> String) {
    let (reached, other) = by_reach(rules);
    for rule in reached {
        let about = format!("{}: no {}{}", name(rule), rule.title, attested(&rule.attested_by, rule.verdict));
        match rule.severity.decides() || rule.verdict == Verdict::Pass {
            true => verdict_line(page, rule.verdict, &about),
            false => page.hanging("  informs   ", "            ", &about),
        }
        page.line(12, &format!("{}, reviewer {}", rule.clause, rule.reviewer));
        let shown = &rule.reasons[..rule.reasons.len().min(REASONS)];
        for (at, reason) in shown.iter().enumerate() {
            let elements: Vec<&str> = reason.elements.iter().map(|element| element.symbol()).collect();
            let elements =
                if elements.is_empty() { String::new() } else { format!("{}: ", elements.join(", ")) };
            let verdict = if reason.verdict == rule.verdict || !rule.severity.decides() {
                String::new()
            } else {
                format!(" ({})", words(reason.verdict))
            };
            page.hanging("            - ", "              ", &format!("{elements}{}{verdict}", reason.text));
            // What resolves several reasons in a row is said once, below the last of them.
            let same = shown.get(at + 1).is_some_and(|next| next.resolve == reason.resolve);
            if let Some(resolve) = reason.resolve.as_ref().filter(|_| !same) {
                page.hanging("              to resolve: ", "                ", resolve);
            }
        }
        if rule.reasons.len() > REASONS {
            let more = rule.reasons.len() - REASONS;
            page.line(12, &format!("and {more} more, listed with `--format json`"));
        }
        for note in &rule.notes {
            page.hanging("            note: ", "              ", note);
        }
    }
    not_reached(page, rules, &other);
}

/// Splits rules into those that reach the lot, or have something to say of it all the same, and those that do not.
pub(super) fn by_reach(rules: &[RuleVerdict]) -> (Vec<&RuleVerdict>, Vec<&RuleVerdict>) {
    rules.iter().partition(|rule| rule.verdict != Verdict::NotApplicable || !rule.reasons.is_empty())
}

/// Writes the rules that do not reach the lot, pack by pack; a pack of which none does is named alone.
pub(super) fn not_reached(page: &mut Page, all: &[RuleVerdict], other: &[&RuleVerdict]) {
    let told = |rules: &[&RuleVerdict]| {
        let of_pack = all.iter().filter(|rule| rule.pack_hash == rules[0].pack_hash).count();
        let names = match rules.len() {
            count if count == of_pack && count > 1 => format!("(all {count} rules)"),
            _ => rules.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>().join(", "),
        };
        format!("{} {names}", rules[0].pack)
    };
    let packs = other.chunk_by(|one, next| one.pack_hash == next.pack_hash);
    let packs: Vec<String> = packs.map(told).collect();
    if !packs.is_empty() {
        page.hanging("  not reached: ", "    ", &packs.join("; "));
    }
}

fn name(rule: &RuleVerdict) -> String {
    format!("{} {}", rule.pack, rule.rule)
}

/// Writes the countries of each element by node; elements with the same answers share a column.
pub fn nodes(page: &mut Page, table: &NodeTable) {
    page.heading("Where each element passed the nodes of making it");
    let mut columns: Vec<(Vec<Element>, Vec<String>)> = Vec::new();
    for (at, element) in table.elements.iter().enumerate() {
        let cells: Vec<String> =
            table.rows.iter().map(|row| row.cells.get(at).map_or_else(String::new, cell)).collect();
        match columns.iter_mut().find(|(_, known)| *known == cells) {
            Some((elements, _)) => elements.push(*element),
            None => columns.push((vec![*element], cells)),
        }
    }
    let mut head = vec!["node".to_owned()];
    head.extend(
        columns.iter().map(|(elements, _)| {
            elements.iter().map(|element| element.symbol()).collect::<Vec<_>>().join(" ")
        }),
    );
    let mut rows = vec![head];
    for (at, row) in table.rows.iter().enumerate() {
        let mut line = vec![row.node.name.clone()];
        line.extend(columns.iter().map(|(_, cells)| cells[at].clone()));
        rows.push(line);
    }
    page.table(2, &vec![Lean::Left; columns.len() + 1], &rows);
    page.line(
        2,
        "signed: by whoever did it, at its own plant; document: copied from a paper whose hash is held; stated: \
         said without a paper",
    );
}

fn cell(cell: &NodeCell) -> String {
    let mut parts: Vec<String> = cell.places.iter().map(place).collect();
    match cell.state {
        CellState::Known => {}
        CellState::NotPassedOnThisRoute => parts.push("not passed on this route".to_owned()),
        CellState::Unknown => parts.push("unknown".to_owned()),
        CellState::Withheld => parts.push("withheld".to_owned()),
    }
    parts.join(", ")
}

/// Returns the word for a grade of evidence in a table.
pub(super) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Signed => "signed",
        Grade::Transcribed => "document",
        Grade::Stated => "stated",
        Grade::Unknown => "unknown",
    }
}

fn place(place: &NodePlace) -> String {
    let grade = grade(place.grade);
    let perhaps = if place.presence == Presence::Possible { "perhaps " } else { "" };
    format!("{perhaps}{} ({grade})", place.place)
}

/// Writes what each rule says on both sides of every known change of its text.
pub fn timeline(page: &mut Page, timeline: &Timeline) {
    if timeline.points.len() < 2 {
        return;
    }
    page.heading("What the rules say by the day judged for");
    let mut head = vec!["rule".to_owned()];
    head.extend(timeline.points.iter().map(|point| point.as_of.to_string()));
    let mut rows = vec![head];
    let mut shown: Vec<String> = Vec::new();
    let rules = timeline.points.first().map_or(0, |point| point.rules.len());
    for at in 0..rules {
        let on = |point: &crate::rules::TimelinePoint| point.rules.get(at).map(|rule| rule.verdict);
        let verdicts: Vec<Option<Verdict>> = timeline.points.iter().map(on).collect();
        if verdicts.iter().all(|verdict| *verdict == Some(Verdict::NotApplicable)) {
            continue;
        }
        let rule = name(&timeline.points[0].rules[at]);
        shown.push(rule.clone());
        let mut row = vec![rule];
        row.extend(verdicts.into_iter().map(|verdict| match verdict {
            Some(Verdict::NotApplicable) | None => "-".to_owned(),
            Some(verdict) => words(verdict),
        }));
        rows.push(row);
    }
    let mut worst = vec!["all together".to_owned()];
    worst.extend(timeline.points.iter().map(|point| words(point.verdict)));
    rows.push(worst);
    page.table(2, &vec![Lean::Left; timeline.points.len() + 1], &rows);
    for point in &timeline.points {
        // Changes of rules that do not reach this lot are left to JSON.
        let concerns =
            |why: &&String| why.as_str() == ASKED || shown.iter().any(|rule| why.ends_with(rule.as_str()));
        let why: Vec<&str> = point.why.iter().filter(concerns).map(String::as_str).collect();
        if !why.is_empty() {
            page.hanging(&format!("  {}: ", point.as_of), "    ", &why.join(", "));
        }
    }
}
