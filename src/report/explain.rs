//! Why a rule came to its verdict, and what differs between two days or two packs.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::rules::grade;
use super::screen::Screen;
use super::verify::{verdict_line, words};
use crate::custody::touch::Presence;
use crate::model::lotref::LotRef;
use crate::rules::compare::Said;
use crate::rules::{Comparison, Difference, Reason};
use crate::verify::Explained;

/// Steps and reasons that a page lists; JSON has them all.
const LISTED: usize = 30;

/// An explanation.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainScreen {
    lot: Called<LotRef>,
    #[serde(flatten)]
    explained: Explained,
}

impl ExplainScreen {
    /// Returns the screen of an explanation about `lot`.
    pub fn new(explained: Explained, known: &Known, lot: &LotRef) -> Self {
        Self { lot: known.lot(lot), explained }
    }
}

impl Screen for ExplainScreen {
    const NAME: &'static str = "explanation";

    fn write(&self, page: &mut Page) {
        let Explained { verdict, grounds, turns, tried, not_tried } = &self.explained;
        let lot = self.lot.text(page.style());
        page.heading(&format!("{} {} about {lot}, judged for {}", verdict.pack, verdict.rule, verdict.as_of));
        verdict_line(page, verdict.verdict, &format!("no {}", verdict.title));
        page.line(
            2,
            &format!("{}, text {}, reviewer {}", verdict.clause, verdict.pack_status, verdict.reviewer),
        );
        page.heading(&format!("What is asked (`{}`)", grounds.kind));
        for line in grounds.parameters.lines().filter(|line| !line.trim().is_empty()) {
            page.verbatim(&format!("  {line}"));
        }
        for list in &grounds.lists {
            let version = list.version.as_ref().map(|version| format!(" ({version})")).unwrap_or_default();
            page.hanging(&format!("  {}: ", list.name), "    ", &format!("{}{version}", list.entries));
        }
        if !grounds.steps.is_empty() {
            page.heading("What it looked at");
            let mut rows = vec![["of", "step", "evidence", "here", "counts as"].map(str::to_owned).to_vec()];
            for step in grounds.steps.iter().take(LISTED) {
                rows.push(vec![
                    step.element.symbol().to_owned(),
                    step.step.clone(),
                    grade(step.grade).to_owned(),
                    if step.presence == Presence::Certain { "surely" } else { "perhaps" }.to_owned(),
                    step.counts.to_owned(),
                ]);
            }
            page.table(2, &[Lean::Left; 5], &rows);
            let more = grounds.steps.len().saturating_sub(LISTED) + grounds.left_out;
            if more > 0 {
                page.line(2, &format!("and {more} more"));
            }
        }
        if !verdict.reasons.is_empty() {
            page.heading("Why it does not pass");
            reasons(page, &verdict.reasons);
        }
        for note in &verdict.notes {
            page.hanging("  note: ", "    ", note);
        }
        page.heading("What would turn it");
        for turn in turns {
            let sign = format!("  {}: ", words(turn.verdict));
            page.hanging(&sign, "    ", &format!("if {}", turn.change.join(", and ")));
        }
        if turns.is_empty() {
            page.line(2, "no other day of a text, and no step in another country");
        }
        let open = verdict.reasons.iter().filter_map(|reason| reason.resolve.as_deref());
        let mut open: Vec<&str> = open.collect();
        open.sort_unstable();
        open.dedup();
        for resolve in open {
            page.hanging("  to resolve: ", "    ", resolve);
        }
        let not_tried = match not_tried {
            0 => String::new(),
            more => format!(", {more} more were not"),
        };
        page.line(
            2,
            &format!("each was judged again with the change made; places tried: {tried}{not_tried}"),
        );
    }
}

/// What differs between two answers.
#[derive(Clone, Debug, Serialize)]
pub struct RulesComparedScreen {
    lot: Called<LotRef>,
    #[serde(flatten)]
    comparison: Comparison,
}

impl RulesComparedScreen {
    /// Returns the screen of a comparison about `lot`.
    pub fn new(comparison: Comparison, known: &Known, lot: &LotRef) -> Self {
        Self { lot: known.lot(lot), comparison }
    }
}

impl Screen for RulesComparedScreen {
    const NAME: &'static str = "rules-compared";

    fn write(&self, page: &mut Page) {
        let lot = self.lot.text(page.style());
        let Comparison { differences, same } = &self.comparison;
        page.heading(&match differences.len() {
            0 => format!("Nothing that the rules say of {lot} differs"),
            1 => format!("What differs about {lot}: 1 rule"),
            many => format!("What differs about {lot}: {many} rules"),
        });
        for difference in differences {
            write_difference(page, difference);
        }
        page.line(2, &format!("rules that say the same on both sides, or do not reach the lot: {same}"));
    }
}

fn write_difference(page: &mut Page, difference: &Difference) {
    let side = |said: &Option<Said>| match said {
        Some(said) => {
            format!("{} {} for {}: {}", said.pack, said.rule, said.as_of, words(said.verdict))
        }
        None => "no such rule".to_owned(),
    };
    page.heading(&side(&difference.a));
    page.hanging("  then: ", "    ", &side(&difference.b));
    for line in &difference.text {
        page.hanging("  text: ", "    ", line);
    }
    for (only, name) in [(&difference.only_a, "first"), (&difference.only_b, "second")] {
        if !only.is_empty() {
            page.line(2, &format!("on the {name} side only:"));
            reasons(page, only);
        }
    }
}

fn reasons(page: &mut Page, reasons: &[Reason]) {
    for reason in reasons.iter().take(LISTED) {
        let elements: Vec<&str> = reason.elements.iter().map(|element| element.symbol()).collect();
        let elements = if elements.is_empty() { String::new() } else { format!("{}: ", elements.join(", ")) };
        page.hanging("  - ", "    ", &format!("{elements}{} ({})", reason.text, words(reason.verdict)));
    }
    if reasons.len() > LISTED {
        page.line(2, &format!("and {} more", reasons.len() - LISTED));
    }
}
