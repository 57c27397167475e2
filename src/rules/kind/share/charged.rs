//! Shares of the rare-earth oxides that were charged: of what went in, whatever of it came out.
//!
//! Not a share of what the lot holds: stock in process is left out, and so is how well each element came through.

use super::*;
use crate::balance::content;
use crate::custody::accounts::state::Counted;
use crate::model::element::ElementSet;
use crate::model::formula::Formula;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::origin::traced::Traced;

impl Share {
    /// Returns what is known of the oxides charged for the lot; `None` where one charge was not analysed for them.
    pub(super) fn of_charged(&self, facts: &Facts<'_>, places: &[Place], element: Element) -> Option<Known> {
        // What is here and what is not, each at its least and at its most.
        let (mut least, mut most) = ((0u128, 0u128), (0u128, 0u128));
        let mut records = Vec::new();
        for input in charged(facts)? {
            let mass = facts.contents().stretch(&input).times(treo(facts, &input.lot)?);
            let traced = Traced::new(facts.contents(), &input.lot, element);
            let through = traced.through(|touch| self.counts(places, touch));
            let sure = traced.share(|touch| self.counts(places, touch) && self.evidence.allows(touch.grade));
            let of = |share: u128| mass.times(interval::Share { low: share, high: share });
            let told = through.share.high.min(ONE);
            least = (least.0 + of(sure.low).low, least.1 + of(ONE - sure.low.min(ONE)).high);
            most = (most.0 + of(told).high, most.1 + of(ONE - told).low);
            records.extend(through.records);
        }
        let least = interval::quotient(least.0, least.0.saturating_add(least.1), false);
        let most = interval::quotient(most.0, most.0.saturating_add(most.1), true);
        records.sort_by_cached_key(|id| facts.graph.position(id));
        records.dedup();
        Some(Known { least, told: most, most, is_mixed: false, is_overrun: false, records })
    }
}

/// Returns what went in beside or before the lot: by the charges of its period, or into the step that made it.
fn charged(facts: &Facts<'_>) -> Option<Vec<Input>> {
    let graph = facts.graph;
    let id = made_by(facts)?;
    let (position, record) = (graph.position(&id)?, graph.record(&id)?);
    let Body::Draw(_) = record.event.body else {
        let inputs = graph::inputs(record);
        return (!inputs.is_empty()).then(|| inputs.to_vec());
    };
    let account = graph.accounts().of(position)?;
    let Counted::By(close) = account.counted(graph, record) else { return None };
    let mut inputs = Vec::new();
    for charge in account.charges.iter().map(|at| &graph.records()[*at]) {
        let is_counted = matches!(account.counted(graph, charge), Counted::By(by) if by.id == close.id);
        if !is_counted {
            continue;
        }
        if graph::withheld_inputs(charge).is_some() {
            return None;
        }
        inputs.extend(graph::inputs(charge));
    }
    (!inputs.is_empty()).then_some(inputs)
}

/// Returns the share of all rare-earth oxides in a lot, as measured on it or on what it was handed over from.
fn treo(facts: &Facts<'_>, lot: &LotRef) -> Option<interval::Share> {
    let set: ElementSet = "TREO".parse().ok()?;
    let mut at = *lot;
    for _ in 0..=facts.graph.records().len() {
        let lines = facts.contents().lines(&at);
        let line = lines
            .iter()
            .map(|held| held.line)
            .find(|line| line.elements == set && line.basis == Formula::Reo);
        if let Some(line) = line {
            return content::range(line);
        }
        let record = facts.graph.creator(&at).filter(|record| record.event.body.is_pairwise())?;
        at = graph::inputs(record).get(at.index as usize)?.lot;
    }
    None
}

/// Returns the reason where a share of what was charged cannot be told.
pub(super) fn open(facts: &Facts<'_>) -> Reason {
    Reason {
        code: ReasonCode::ShareOpen,
        verdict: Verdict::Unknown,
        elements: Vec::new(),
        text: format!(
            "how much TREO was charged for {} is not told for every charge",
            names::lot(facts.graph, &facts.lot)
        ),
        records: Vec::new(),
        resolve: Some("close the period, and have every charge analysed for TREO as oxides".to_owned()),
    }
}
