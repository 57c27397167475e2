//! How much of each element has no origin: its way ends in a gap, or in old stock that the rule does not accept.

use super::GraphCheck;
use crate::custody::names;
use crate::custody::touch::GapWhy;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::interval::{ONE, WHOLE};
use crate::model::maybe::Maybe;
use crate::model::verdict::Verdict;
use crate::origin::traced::{Leaf, LeafKind};
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::kind::Asked;
use crate::rules::say;
use crate::rules::verdict::{Reason, ReasonCode};

/// What the steps of rounding in a bound can add up to; where all of it must have an origin, none is forgiven.
const ROUNDING: u128 = 1_000;

/// What of one element has no origin.
struct Open {
    /// At least and at most so much.
    least: u128,
    most: u128,
    /// Where the largest part of it ends.
    first: Option<(String, Vec<RecordId>)>,
    is_withheld: bool,
}

impl GraphCheck {
    /// Whether the lot can hold any element that is asked about.
    pub(super) fn closed_reaches(&self, asked: &Asked<'_, '_>) -> bool {
        self.elements.is_none() || !self.in_scope(asked).is_empty()
    }

    fn in_scope(&self, asked: &Asked<'_, '_>) -> Vec<Element> {
        let facts = asked.facts;
        match &self.elements {
            Some(list) => {
                let all = asked.pack.element_list(list).iter().copied();
                all.filter(|element| facts.holds(*element)).collect()
            }
            None => facts.traced_elements(),
        }
    }

    /// Tells of which elements more has no origin than may have none.
    pub(super) fn judge_closed(&self, asked: &Asked<'_, '_>, told: &mut Told) {
        let facts = asked.facts;
        let elements = self.in_scope(asked);
        if elements.is_empty() && self.elements.is_none() {
            let text = "the material does not tell any element that the lot holds, so none can be followed";
            let resolve = "record the lot under its full material code, or let it be analysed";
            let records = vec![facts.lot.record];
            told.because(ReasonCode::CheckOpen, Verdict::Unknown, text.to_owned(), records, resolve);
        }
        let most = u128::from(self.max_unknown.ppb()) * WHOLE;
        for element in elements {
            let open = self.open(facts, element);
            let forgiven = if most == 0 { 0 } else { most + ROUNDING };
            if open.most <= forgiven {
                if open.most > 0 {
                    told.outcome.notes.push(format!("{element}: {} has no origin", share(&open)));
                }
                continue;
            }
            let (at, records) = open.first.clone().unwrap_or_default();
            let text = format!("{} has no origin ({} may have none){at}", share(&open), self.max_unknown);
            let resolve =
                Some("import what is behind it, or get papers that name where it was won".to_owned());
            let verdict = if open.is_withheld { Verdict::Withheld } else { Verdict::Unknown };
            let (code, elements) = (ReasonCode::UntracedShare, vec![element]);
            told.push(Reason { code, verdict, elements, text, records, resolve });
        }
    }

    fn open(&self, facts: &Facts<'_>, element: Element) -> Open {
        let traced = facts.traced(element);
        let unknown = traced.unknown();
        let mut open = Open { least: unknown.low, most: unknown.high, first: None, is_withheld: false };
        let mut largest = 0;
        for leaf in traced.leaves(facts.contents()) {
            let Some((at, records, is_withheld)) = self.ends(facts, &leaf) else { continue };
            if let LeafKind::Entry { .. } = leaf.what {
                open.least = open.least.saturating_add(leaf.share.low).min(ONE);
                open.most = open.most.saturating_add(leaf.share.high).min(ONE);
            }
            open.is_withheld |= is_withheld;
            if leaf.share.high > largest {
                largest = leaf.share.high;
                open.first = Some((at, records));
            }
        }
        open
    }

    /// Returns where a way ends without an origin, the records that show it, and whether it is kept back; `None` for an origin.
    fn ends(&self, facts: &Facts<'_>, leaf: &Leaf) -> Option<(String, Vec<RecordId>, bool)> {
        let graph = facts.graph;
        match &leaf.what {
            LeafKind::Gap(gap) => {
                let record = gap.record.and_then(|id| graph.record(&id));
                let facility = record.and_then(|record| record.event.body.at()?.facility.shown());
                let at =
                    facility.map_or_else(String::new, |id| format!(" at {}", names::facility(graph, id)));
                let text = format!(": first gap{at}, lot {}", names::lot(graph, &gap.lot));
                let is_withheld = matches!(gap.why, GapWhy::InputsWithheld { .. });
                Some((text, gap.record.into_iter().collect(), is_withheld))
            }
            LeafKind::Entry { record, .. } => {
                let last = self.accept_opening_stock?;
                let record = graph.record(record)?;
                let Body::OpeningStock(stock) = &record.event.body else { return None };
                let taken = match &stock.at.period {
                    Maybe::Shown(period) if period.last <= last => return None,
                    Maybe::Shown(period) => format!("was taken stock of on {}", period.last),
                    Maybe::Withheld => "withholds when stock was taken".to_owned(),
                };
                let is_withheld = matches!(stock.at.period, Maybe::Withheld);
                let text =
                    format!(": {} {taken}, and is accepted up to {last}", names::record(graph, record));
                Some((text, vec![record.id], is_withheld))
            }
        }
    }
}

/// Returns "25.0 %", "at most 25.0 %" or "10.0 to 25.0 %".
fn share(open: &Open) -> String {
    let (least, most) = (say::share_down(open.least), say::share_up(open.most));
    match (open.least, least == most) {
        (_, true) => most,
        (0, false) => format!("at most {most}"),
        (_, false) => format!("{} to {most}", least.trim_end_matches(" %")),
    }
}
