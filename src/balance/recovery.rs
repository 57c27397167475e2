//! Recovery: how much of an element has been seen to become product in the steps of one event, and what is missing.
//!
//! A band is no physics: what an excess means follows from its confidence. Below a minimum nothing ever fails. Spec:
//! docs/balance.md, "Recovery".

use super::bands::{Bands, SiteRow};
use super::step::RowVerdict;
use super::terms::Sides;
use crate::model::confidence::Confidence;
use crate::model::element::ElementSet;
use crate::model::event::Body;
use crate::model::fraction::Fraction;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::record::Record;
use crate::model::stage::Step;

/// Forms that are not what a step is done for.
const BY_PRODUCTS: &[&str] = &["tailings", "slag", "swarf", "scrap", "revert"];

/// What the steps of one event have been seen to recover of an element.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Least and most of what goes in that becomes product, over all steps; `None` where a step has no row.
    pub outer: Option<Share>,
    /// The worst confidence among the rows.
    pub confidence: Confidence,
    /// Sources of the rows, each once.
    pub sources: Vec<String>,
    /// The most that a plant declared for itself and the reader accepts.
    pub site: Option<SiteRow>,
}

/// Returns the recovery of a record's steps. Of several elements together the widest of their bands counts.
pub fn of(bands: &Bands, record: &Record, elements: &ElementSet) -> Recovery {
    let steps: &[Step] = match &record.event.body {
        Body::Transform(transform) => &transform.steps,
        _ => &[],
    };
    let mut recovery =
        Recovery { outer: None, confidence: Confidence::High, sources: Vec::new(), site: None };
    recovery.site = site(bands, record, steps, elements).cloned();
    let mut all: Option<Share> = None;
    for element in elements.iter() {
        let mut whole = Share::ALL;
        let rows = steps.iter().map(|step| {
            let rows = bands.recoveries(*step, element);
            rows.first().copied().filter(|row| row.outer.is_some())
        });
        let Some(rows) = rows.collect::<Option<Vec<_>>>().filter(|rows| !rows.is_empty()) else {
            return recovery;
        };
        for row in rows {
            let [low, high] = row.outer.unwrap_or(row.typical);
            whole = Share { low: times(whole.low, low, false), high: times(whole.high, high, true) };
            recovery.confidence = recovery.confidence.max(row.confidence);
            if !recovery.sources.contains(&row.source) {
                recovery.sources.push(row.source.clone());
            }
        }
        all = Some(all.map_or(whole, |before| before.or(whole)));
    }
    recovery.outer = all;
    recovery
}

impl Recovery {
    /// Returns what a row between its least and most means; `None` where it lies inside, or nothing is known.
    pub(super) fn judge(&self, sides: &Sides, all_in: Interval, all_out: Interval) -> Option<RowVerdict> {
        if all_in.is_open() {
            return None;
        }
        let is_product = |form: &str| !BY_PRODUCTS.contains(&form);
        let products = sides
            .outputs
            .iter()
            .filter(|one| one.material.as_ref().is_none_or(|material| is_product(material.form())));
        let least = products.fold(0u128, |sum, one| sum.saturating_add(one.amount.low));
        let most = |share: Share| Interval { low: 0, high: all_in.high }.times(share).high;
        if let Some(site) = &self.site {
            let share = Share { low: 0, high: u128::from(site.most.ppb()) * WHOLE };
            if least > most(share) {
                return Some(RowVerdict::AboveBand(Confidence::High));
            }
        }
        let outer = self.outer?;
        if outer.high < ONE && least > most(outer) {
            return Some(RowVerdict::AboveBand(self.confidence));
        }
        let fewest = Interval { low: all_in.low, high: all_in.low }.times(outer).low;
        (!all_out.is_open() && all_out.high < fewest).then_some(RowVerdict::BelowBand)
    }

    /// Returns the most of it as people read it.
    pub fn most(&self) -> Option<Fraction> {
        self.site.as_ref().map(|site| site.most).or_else(|| {
            let ppb = self.outer?.high.div_ceil(WHOLE);
            u32::try_from(ppb).ok().map(Fraction::from_ppb)
        })
    }
}

/// Returns the row of a plant that covers a record: all its steps, its elements, and declared before its period.
fn site<'b>(bands: &'b Bands, record: &Record, steps: &[Step], elements: &ElementSet) -> Option<&'b SiteRow> {
    let at = record.event.body.at()?;
    let (facility, period) = (at.facility.shown()?.to_string(), at.period.shown()?);
    bands.file.site.iter().find(|row| {
        row.facility == facility
            && !steps.is_empty()
            && steps.iter().all(|step| row.processes.contains(&step.process))
            && (row.elements.is_empty() || elements.iter().all(|one| row.elements.contains(&one)))
            && row.declared < period.first
    })
}

fn times(share: u128, by: Fraction, up: bool) -> u128 {
    let product = share * u128::from(by.ppb());
    if up { product.div_ceil(WHOLE) } else { product / WHOLE }
}
