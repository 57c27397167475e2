//! Sources: whether two lots that came into the ledger are of one source, of two, or whether nothing tells.
//!
//! What was won or collected at one facility is of one source. Of what came in on papers, the country of the mine or
//! collection and its maker tell two sources apart; the same words never prove that they are one.
//! Spec: docs/origin.md, "Custody models".

use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::maybe::Maybe;
use crate::model::place::Country;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// One source, as far as records tell it from others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Source {
    /// The facility where it was won or collected; where that is withheld, the record.
    facility: Option<RecordId>,
    /// The record by which it came in on papers.
    papers: Option<RecordId>,
    /// The country that papers name.
    country: Option<Country>,
}

impl Source {
    /// Of which nothing is told.
    pub(super) const UNTOLD: Self = Self { facility: None, papers: None, country: None };

    /// Returns the source of an output of a record by which lots come in, none where papers name several, and whether
    /// something is left open.
    pub(super) fn of_entry(record: &Record, index: u32) -> (Option<Self>, bool) {
        let body = &record.event.body;
        if matches!(body, Body::Extract(_) | Body::Collect(_)) {
            let shown = body.at().and_then(|at| at.facility.shown());
            let facility = Some(shown.copied().unwrap_or(record.id));
            return (Some(Self { facility, ..Self::UNTOLD }), shown.is_none());
        }
        let touches = body.declared_touches().iter().filter(|touch| touch.output == index);
        let begins = touches.filter(|touch| matches!(touch.step.stage, Stage::P10 | Stage::R10));
        let mut countries: Vec<Country> = begins.clone().map(|touch| touch.place.country).collect();
        countries.sort_unstable();
        countries.dedup();
        let mut makers: Vec<_> = begins.filter_map(|touch| maker(&touch.maker)).collect();
        makers.sort_unstable();
        makers.dedup();
        match countries[..] {
            [] => (Some(Self { papers: Some(record.id), ..Self::UNTOLD }), true),
            [country] if makers.len() <= 1 => {
                let source = Self { papers: Some(record.id), country: Some(country), facility: None };
                (Some(source), false)
            }
            _ => (None, false),
        }
    }

    /// Returns the source of what is of both, none where they are two, and whether that is sure.
    pub(super) fn with(self, other: Self) -> (Option<Self>, bool) {
        if self == other {
            return (Some(self), self != Self::UNTOLD);
        }
        match (self.facility, other.facility) {
            (Some(one), Some(other)) if one != other => return (None, true),
            _ => {}
        }
        match (self.country, other.country) {
            (Some(one), Some(other)) if one != other => (None, true),
            _ => (Some(if self == Self::UNTOLD { other } else { self }), false),
        }
    }
}

fn maker(maker: &Maybe<Option<crate::model::party::Outsider>>) -> Option<&str> {
    maker.shown()?.as_ref().map(|maker| maker.name.as_str())
}
