//! Tags put on outside the days on which they may be, or before they were handed out.

use super::{Issue, Put, Register, from_issue};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::model::day::Period;
use crate::model::finding::{Finding, FindingCode, Weight};

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (issue, used_from) in register.issues.iter().zip(&register.used_from) {
        let uses = used_from.keys().map(|used| &register.uses[*used]);
        findings.extend(uses.filter_map(|put| of_use(graph, issue, put)));
    }
    findings
}

fn of_use(graph: &Graph, issue: &Issue<'_>, put: &Put<'_>) -> Option<Finding> {
    let lot = names::lot(graph, &put.said.lot);
    let (weight, why, resolve) = match put.said.period.shown() {
        None => (Weight::Withheld, "on days that are withheld".to_owned(), "ask when the tags were put on"),
        Some(applied) => {
            let issued = issue.said.period.shown();
            let (weight, why) = outside(applied, &issue.said.valid, issued)?;
            (weight, why, "whoever wrote a wrong day withdraws that record")
        }
    };
    let message = format!("{} were put on lot {lot} {why}", from_issue(graph, issue));
    let lots = [put.said.lot];
    Some(found(FindingCode::TagWindow, weight, &[put.record, issue.record], &lots, message, resolve))
}

/// Returns what is wrong with the days on which tags were put on.
///
/// Days are those of the place, both of them at the pit: none is left to clocks. A period that lies only in part
/// outside is open, since the tags may have been put on in the other part.
fn outside(applied: &Period, valid: &Period, issued: Option<&Period>) -> Option<(Weight, String)> {
    if let Some(issued) = issued.filter(|issued| applied.last < issued.first) {
        return Some((Weight::Fail, format!("on {applied}, before they were issued on {issued}")));
    }
    if applied.last < valid.first || valid.last < applied.first {
        return Some((Weight::Fail, format!("on {applied}, but are valid on {valid} only")));
    }
    let partly = !valid.covers(applied);
    partly.then(|| {
        (Weight::Unknown, format!("within {applied}, in part outside the days {valid} of their validity"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(applied: &str, valid: &str, issued: &str) -> Option<Weight> {
        let issued = issued.parse().unwrap();
        outside(&applied.parse().unwrap(), &valid.parse().unwrap(), Some(&issued)).map(|(weight, _)| weight)
    }

    #[test]
    fn the_first_and_last_day_of_validity_are_days_of_it() {
        let valid = "2026-06-03..2026-08-31";
        for (applied, expected) in [
            ("2026-06-03", None),
            ("2026-08-31", None),
            ("2026-06-02", Some(Weight::Fail)),
            ("2026-09-01", Some(Weight::Fail)),
            ("2026-08-31..2026-09-01", Some(Weight::Unknown)),
            ("2026-06-01..2026-06-02", Some(Weight::Fail)),
        ] {
            assert_eq!(weight(applied, valid, "2026-06-01"), expected, "{applied}");
        }
    }

    #[test]
    fn tags_are_not_put_on_before_they_are_handed_out() {
        let valid = "2026-06-01..2026-08-31";
        assert_eq!(weight("2026-06-09", valid, "2026-06-10..2026-06-12"), Some(Weight::Fail));
        assert_eq!(weight("2026-06-10", valid, "2026-06-10..2026-06-12"), None);
    }
}
