//! The statements of corrected records judged apart, and the worse of them.
//!
//! Only for lots that rest on a record whose correction is not settled; see `custody::amend::left`.

use std::collections::HashMap;

use serde::Serialize;

use super::elements::ElementLine;
use super::established::Established;
use super::parts::PartReport;
use super::relevance::Basis;
use super::report::LotReport;
use crate::custody::amend::Believed;
use crate::custody::amend::correction::MOST_STATEMENTS;
use crate::custody::amend::left::Standing;
use crate::custody::amend::subject;
use crate::custody::graph::Graph;
use crate::hash::RecordId;
use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::rules::{CellState, NodeCell, NodeTable, RuleVerdict};
use crate::trust::Trust;

/// What one statement of the corrected records leads to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct View {
    /// `before`, `after`, or `between 1` and so on where a record was corrected several times.
    pub view: String,
    /// The worst of all below.
    pub verdict: Verdict,
    /// Stretches, handovers, places, masses, and the way of each element.
    pub custody: Verdict,
    /// Verdict of each rule that differs between the views: pack, rule, verdict.
    pub rules: Vec<ViewedRule>,
}

/// What a rule says of one statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ViewedRule {
    /// Id of the pack.
    pub pack: String,
    /// The rule.
    pub rule: String,
    /// What it says.
    pub verdict: Verdict,
}

/// Returns whose word counts for a reader with this trust file.
pub fn believed(trust: &Trust) -> Believed {
    let authorities: std::collections::BTreeSet<_> = trust.authorities.iter().map(|one| one.party).collect();
    let known = trust.pinned.values().copied().chain(authorities.iter().copied()).collect();
    Believed { authorities, known }
}

/// Returns the graphs of the earlier statements that still count, first to last; none where all are settled.
pub fn earlier(graph: &Graph, open: &[Standing]) -> Vec<Graph> {
    let depth = open.iter().map(|one| one.last - one.settled).max().unwrap_or(0).min(MOST_STATEMENTS);
    let of = |step: usize| {
        let choice: HashMap<RecordId, usize> =
            open.iter().map(|one| (one.target, (one.settled + step).min(one.last))).collect();
        graph.restated(&choice)
    };
    (0..depth).map(of).collect()
}

/// Returns what view `number` of `count` is called; the last is the latest statement.
pub fn name(number: usize, count: usize) -> String {
    match number {
        0 => "before".to_owned(),
        _ if number + 1 == count => "after".to_owned(),
        _ => format!("between {number}"),
    }
}

/// Whether a lot with this basis rests on a record of which several statements count.
pub fn bears(graph: &Graph, basis: &Basis, open: &[Standing]) -> bool {
    open.iter().any(|one| {
        basis.has_record(&one.target)
            || graph
                .record(&one.target)
                .is_some_and(|target| subject::of_record(graph, target).iter().any(|lot| basis.has_lot(lot)))
    })
}

/// Joins the reports of one lot under each statement, first to last: the worse of each verdict counts.
pub fn merged(reports: Vec<LotReport>) -> LotReport {
    let count = reports.len();
    let findings = findings(reports.iter().map(|report| report.findings.clone()).collect());
    let views: Vec<View> = reports
        .iter()
        .enumerate()
        .map(|(number, report)| view(name(number, count), report, &reports))
        .collect();
    let mut joined = reports.into_iter().rev();
    let mut merged = joined.next().expect("there is at least one statement");
    for (behind, earlier) in joined.enumerate() {
        let called = name(count - 2 - behind, count);
        merged.verdict = merged.verdict.max(earlier.verdict);
        merged.integrity = merged.integrity.max(earlier.integrity);
        merged.custody = merged.custody.max(earlier.custody);
        established(&mut merged.established, &earlier.established);
        rules(&mut merged.rules, &earlier.rules, &called);
        for (point, other) in merged.timeline.points.iter_mut().zip(&earlier.timeline.points) {
            rules(&mut point.rules, &other.rules, &called);
            point.verdict = point.verdict.max(other.verdict);
        }
        nodes(&mut merged.nodes, earlier.nodes);
        elements(&mut merged.elements, earlier.elements);
        parts(&mut merged.parts, earlier.parts, &called);
        merged.records = merged.records.max(earlier.records);
        for one in earlier.not_established {
            if !merged.not_established.contains(&one) {
                merged.not_established.push(one);
            }
        }
    }
    merged.findings = findings;
    merged.views = views;
    merged
}

/// Keeps what stands under both statements.
fn established(latest: &mut Vec<Established>, earlier: &[Established]) {
    latest.retain_mut(|one| {
        let same = earlier.iter().find(|other| other.element == one.element);
        same.is_some_and(|other| {
            one.share = one.share.min(other.share);
            true
        })
    });
}

fn view(view: String, report: &LotReport, all: &[LotReport]) -> View {
    let differs = |one: &&RuleVerdict| {
        all.iter().any(|other| {
            let same = other.rules.iter().find(|rule| (&rule.pack, &rule.rule) == (&one.pack, &one.rule));
            same.is_some_and(|rule| rule.verdict != one.verdict)
        })
    };
    let rules = report.rules.iter().filter(differs).map(|one| ViewedRule {
        pack: one.pack.clone(),
        rule: one.rule.clone(),
        verdict: one.verdict,
    });
    View { view, verdict: report.verdict, custody: report.custody, rules: rules.collect() }
}

/// Joins findings of several views; those that are not in all of them say in which.
pub fn findings(views: Vec<Vec<Finding>>) -> Vec<Finding> {
    let count = views.len();
    let mut joined: Vec<(Finding, Vec<usize>)> = Vec::new();
    let mut known: HashMap<(Vec<RecordId>, String), Vec<usize>> = HashMap::new();
    for (number, findings) in views.into_iter().enumerate() {
        for finding in findings {
            let alike = known.entry((finding.records.clone(), finding.message.clone())).or_default();
            let same = alike.iter().find(|at| {
                let (other, seen) = &joined[**at];
                *other == finding && !seen.contains(&number)
            });
            match same {
                Some(at) => joined[*at].1.push(number),
                None => {
                    alike.push(joined.len());
                    joined.push((finding, vec![number]));
                }
            }
        }
    }
    let marked = |(mut finding, seen): (Finding, Vec<usize>)| {
        if seen.len() < count {
            let names: Vec<String> = seen.iter().map(|number| name(*number, count)).collect();
            finding.message = format!("{} the correction: {}", names.join(", "), finding.message);
        }
        finding
    };
    joined.into_iter().map(marked).collect()
}

/// Takes over the verdicts that are worse under an earlier statement, with a note that says so.
fn rules(rules: &mut [RuleVerdict], earlier: &[RuleVerdict], called: &str) {
    for other in earlier {
        let same = rules.iter_mut().find(|rule| (&rule.pack, &rule.rule) == (&other.pack, &other.rule));
        let Some(rule) = same else { continue };
        if other.verdict > rule.verdict {
            let after = rule.verdict;
            *rule = other.clone();
            rule.notes.push(format!("{called} the correction; what is stated since leads to {after}"));
        } else if other.verdict < rule.verdict && called == "before" {
            rule.notes
                .push(format!("after the correction; what was stated before leads to {}", other.verdict));
        }
    }
}

/// Takes over what is worse of a part under an earlier statement, and parts that are there under that one alone.
fn parts(parts: &mut Vec<PartReport>, earlier: Vec<PartReport>, called: &str) {
    for other in earlier {
        let same = |one: &&mut PartReport| {
            (one.lot, &one.label, one.depth) == (other.lot, &other.label, other.depth)
        };
        let Some(part) = parts.iter_mut().find(same) else {
            parts.push(other);
            continue;
        };
        if other.verdict > part.verdict {
            part.verdict = other.verdict;
            part.reason = other.reason;
        }
        part.integrity = part.integrity.max(other.integrity);
        part.custody = part.custody.max(other.custody);
        rules(&mut part.rules, &other.rules, called);
        nodes(&mut part.nodes, other.nodes);
        elements(&mut part.elements, other.elements);
        let new = other.findings.into_iter().filter(|one| !part.findings.contains(one)).collect::<Vec<_>>();
        part.findings.extend(new);
    }
}

fn nodes(table: &mut NodeTable, earlier: NodeTable) {
    for row in earlier.rows {
        let Some(same) = table.rows.iter_mut().find(|one| one.node.name == row.node.name) else { continue };
        for cell in row.cells {
            match same.cells.iter_mut().find(|one| one.element == cell.element) {
                Some(known) => join_cells(known, cell),
                None => same.cells.push(cell),
            }
        }
    }
    for element in earlier.elements {
        if !table.elements.contains(&element) {
            table.elements.push(element);
        }
    }
}

fn join_cells(known: &mut NodeCell, other: NodeCell) {
    let rank = |state: CellState| match state {
        CellState::NotPassedOnThisRoute => 0,
        CellState::Known => 1,
        CellState::Unknown => 2,
        CellState::Withheld => 3,
    };
    if rank(other.state) > rank(known.state) {
        known.state = other.state;
    }
    known
        .places
        .extend(other.places.into_iter().filter(|one| !known.places.contains(one)).collect::<Vec<_>>());
    known.open.extend(other.open.into_iter().filter(|one| !known.open.contains(one)).collect::<Vec<_>>());
    known.left_out = known.left_out.max(other.left_out);
}

fn elements(lines: &mut Vec<ElementLine>, earlier: Vec<ElementLine>) {
    for other in earlier {
        let Some(line) = lines.iter_mut().find(|line| line.element == other.element) else {
            lines.push(other);
            continue;
        };
        line.verdict = line.verdict.max(other.verdict);
        line.grade = line.grade.max(other.grade);
        line.origins
            .extend(other.origins.into_iter().filter(|one| !line.origins.contains(one)).collect::<Vec<_>>());
        line.open.extend(other.open.into_iter().filter(|one| !line.open.contains(one)).collect::<Vec<_>>());
    }
}
