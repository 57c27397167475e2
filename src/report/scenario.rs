//! What a scenario expected and what came out.

use serde::Serialize;

use super::page::Page;
use super::screen::Screen;
use crate::custody::names;
use crate::scenario::{Answer, Ask, Checked, RunReport};

/// A run of a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioScreen {
    report: RunReport,
    #[serde(skip)]
    all: bool,
}

impl ScenarioScreen {
    /// Returns the screen of a run; expectations that hold are listed if `all`.
    pub fn new(report: RunReport, all: bool) -> Self {
        Self { report, all }
    }
}

impl Screen for ScenarioScreen {
    const NAME: &'static str = "scenario-run";

    fn json(&self) -> String {
        crate::text::to_json(&self.report)
    }

    fn write(&self, page: &mut Page) {
        let report = &self.report;
        page.heading(&report.title);
        for variant in &report.variants {
            let held = variant.checked.iter().filter(|one| one.holds).count();
            let title = variant.title.as_ref().map_or_else(String::new, |title| format!(" ({title})"));
            page.line(
                2,
                &format!(
                    "{}{title}: {}, {held} of {} expectations hold",
                    variant.name,
                    names::count(variant.records, "record"),
                    variant.checked.len()
                ),
            );
            for one in variant.checked.iter().filter(|one| self.all || !one.holds) {
                checked(page, one);
            }
        }
        page.blank();
        page.line(
            0,
            &format!(
                "{} expectations hold, {} are broken.",
                report.expectations.held, report.expectations.broken
            ),
        );
    }
}

/// Writes one expectation with what came out, and why.
pub fn checked(page: &mut Page, one: &Checked) {
    let mark = if one.holds { "holds" } else { "broken" };
    page.hanging(&format!("    {mark:<7}"), "           ", &format!("{}, on {}", asked(&one.ask), one.as_of));
    if one.holds {
        page.line(11, &answer(&one.found));
        return;
    }
    page.line(11, &format!("expected {}", answer(&one.expected)));
    page.line(11, &format!("found    {}", answer(&one.found)));
    for why in &one.why {
        page.hanging("           - ", "             ", why);
    }
}

fn asked(ask: &Ask) -> String {
    match ask {
        Ask::Verdict { lot: Some(lot), rule, part: Some(part) } => format!("{rule} about {part} in {lot}"),
        Ask::Verdict { lot: Some(lot), rule, part: None } => format!("{rule} about {lot}"),
        Ask::Verdict { lot: None, rule, .. } => format!("{rule} about everything"),
        Ask::Finding { finding, .. } => format!("finding {finding}"),
        Ask::Touch { lot, of, stage, step, .. } => {
            let what = step.map_or_else(|| stage.to_string(), |step| step.to_string());
            format!("{what} of {of} in {lot}")
        }
        Ask::Node { lot, of, node, part: Some(part) } => format!("node {node} of {of} in {part} in {lot}"),
        Ask::Node { lot, of, node, part: None } => format!("node {node} of {of} in {lot}"),
        Ask::Established { lot, of } => format!("how much of {of} in {lot} is established"),
        Ask::Share { lot, of, share_of } => match share_of.place {
            Some(place) => format!("share of {of} in {lot} through {place}"),
            None => format!("share of {of} in {lot}"),
        },
        Ask::Portfolio { portfolio, period, rule } => {
            format!("{rule} about what {portfolio} received in {period}")
        }
        Ask::Affected { affected_by } => format!("lots that rest on `{affected_by}`"),
    }
}

fn answer(answer: &Answer) -> String {
    let lists = answer.lots.iter().chain(&answer.places).chain(&answer.reasons);
    let words: Vec<&str> = std::iter::once(&answer.answer)
        .filter(|word| !word.is_empty())
        .chain(lists)
        .map(String::as_str)
        .collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}
