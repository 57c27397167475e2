//! What an attestation says, line by line, before it is signed and after.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::names;
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::event::{Attest, AttestedElement, AttestedTouch, Unplaced};
use crate::model::evidence::Presence;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::party::Outsider;

/// An attestation, signed as a record or not at all.
#[derive(Clone, Debug, Serialize)]
pub struct AttestScreen {
    /// The lot, as people call it.
    #[serde(rename = "of")]
    called: Called<LotRef>,
    /// The record that states it; none where nothing was signed.
    record: Option<RecordId>,
    #[serde(flatten)]
    facts: Attest,
}

impl AttestScreen {
    /// Returns the screen of facts that `record` states, or that nobody has signed.
    pub fn new(facts: Attest, record: Option<RecordId>, known: &Known) -> Self {
        Self { called: known.lot(&facts.lot), record, facts }
    }
}

impl Screen for AttestScreen {
    const NAME: &'static str = "attest";

    fn write(&self, page: &mut Page) {
        let facts = &self.facts;
        let lot = self.called.text(page.style());
        page.heading(&format!(
            "{lot}, as of {}, valid until {}: custody {}",
            facts.as_of, facts.valid_until, facts.custody
        ));
        let (records, logs) = (facts.records.count, facts.logs.count);
        page.line(
            2,
            &format!(
                "rests on {} and {}",
                names::count(records as usize, "record"),
                names::count(logs as usize, "checkpoint")
            ),
        );
        for alike in alike(facts) {
            page.blank();
            for element in &alike.elements {
                page.line(2, &about(element));
            }
            if !alike.rows.is_empty() {
                let head = ["step", "where", "share", "surely", "evidence", "days", "by"];
                let mut rows = vec![head.map(str::to_owned).to_vec()];
                rows.extend(alike.rows);
                page.table(4, &[Lean::Left; 7], &rows);
            }
        }
        if !facts.verdicts.is_empty() {
            page.blank();
            page.line(2, "verdicts, which are shown, and on which nothing rests:");
            for one in &facts.verdicts {
                page.line(4, &format!("{} {}: {}", one.pack, one.rule, one.verdict));
            }
        }
        page.blank();
        match self.record {
            Some(record) => page.line(0, &format!("Signed as record {}.", record.short())),
            None => page.line(0, "Nothing was signed: sign it with --sign."),
        }
    }
}

/// Elements that went through the same.
struct Alike<'a> {
    elements: Vec<&'a AttestedElement>,
    rows: Vec<Vec<String>>,
}

/// Returns the elements in their order, those one after another that went through the same together.
fn alike(facts: &Attest) -> Vec<Alike<'_>> {
    let mut all: Vec<Alike<'_>> = Vec::new();
    for element in &facts.elements {
        let touches = facts.touches.iter().filter(|touch| touch.element == element.element);
        let rows: Vec<Vec<String>> = touches.map(row).collect();
        match all.last_mut().filter(|last| last.rows == rows) {
            Some(last) => last.elements.push(element),
            None => all.push(Alike { elements: vec![element], rows }),
        }
    }
    all
}

fn about(element: &AttestedElement) -> String {
    let mass = match element.mass.shown() {
        Some(Some(mass)) if mass.least == mass.most => mass.least.to_exact(),
        Some(Some(mass)) => format!("{} to {}", mass.least.to_exact(), mass.most.to_exact()),
        Some(None) => "of unknown mass".to_owned(),
        None => "of withheld mass".to_owned(),
    };
    let unknown = match element.unknown {
        Fraction::ZERO => "nothing unknown".to_owned(),
        most => format!("up to {most} unknown"),
    };
    let mut text = format!("{}: {mass}, {unknown}, weakest evidence {}", element.element, element.grade);
    if !element.unplaced.is_empty() {
        let one = |one: &Unplaced| {
            let stages: Vec<&str> = one.stages.iter().map(|stage| stage.name()).collect();
            stages.join(" or ")
        };
        let unplaced: Vec<String> = element.unplaced.iter().map(one).collect();
        text += &format!("; where {} was done is not told", unplaced.join(", "));
    }
    text
}

fn row(touch: &AttestedTouch) -> Vec<String> {
    let share = match touch.least == touch.most {
        true => touch.least.to_string(),
        false => format!("{} to {}", touch.least, touch.most),
    };
    let maker = match touch.maker.shown() {
        Some(Some(Outsider { name, .. })) => name.clone(),
        Some(None) => "not known".to_owned(),
        None => "withheld".to_owned(),
    };
    vec![
        touch.step.to_string(),
        touch.place.map_or_else(|| "not shown".to_owned(), |place| place.to_string()),
        share,
        if touch.presence == Presence::Certain { "yes" } else { "perhaps" }.to_owned(),
        touch.grade.to_string(),
        touch.period.map_or_else(|| "not known".to_owned(), |days| days.to_string()),
        maker,
    ]
}
