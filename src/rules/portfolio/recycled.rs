//! Shares of an element that was collected: after use, or as waste of making.
//!
//! What counts for a share was collected by a record, or came in on papers that name the collection; a lot that is only
//! called recycled may be. Swarf that comes of collected magnets is waste of making: it is no second end of life.

use serde::{Deserialize, Serialize};

use super::holding::Holding;
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::evidence::OriginClass;
use crate::model::interval::{ONE, Share};
use crate::model::stage::Stage;
use crate::origin::portfolio::Tally;
use crate::origin::traced::LeafKind;
use crate::rules::kind::needs::Least;

/// What counts as recycled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recycled {
    /// Collected from end-of-life goods.
    PostConsumer,
    /// That, and waste of making.
    PreOrPostConsumer,
}

/// How much of an element is recycled, over a portfolio.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct RecycledShare {
    /// Collected from end-of-life goods.
    pub post_consumer: Share,
    /// That, and waste of making.
    pub any: Share,
}

impl Recycled {
    fn counts(self, class: OriginClass) -> bool {
        match class {
            OriginClass::RecycledPostConsumer => true,
            OriginClass::RecycledPreConsumer => self == Self::PreOrPostConsumer,
            _ => false,
        }
    }

    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::PostConsumer => "of post-consumer waste",
            Self::PreOrPostConsumer => "of post-consumer or manufacturing waste",
        }
    }
}

/// Returns the share of an element, over all lots, that is recycled.
pub(in crate::rules) fn of_class(
    contents: &Contents<'_>,
    holdings: &[Holding],
    wanted: Recycled,
    evidence: Least,
) -> Share {
    let mut tally = Tally::default();
    for holding in holdings {
        let (leaves, unknown) = holding.traced.classes(contents);
        let (mut least, mut most, mut other) = (0u128, unknown.high, 0u128);
        for leaf in leaves {
            let LeafKind::Entry { record, output, class } = leaf.what else { continue };
            match class {
                Some(class) if wanted.counts(class) => {
                    most = most.saturating_add(leaf.share.high);
                    if is_collected(contents.graph(), &record, output, evidence) {
                        least = least.saturating_add(leaf.share.low);
                    }
                }
                Some(_) => other = other.saturating_add(leaf.share.low),
                None if is_mined(contents.graph(), &record, output) => {
                    other = other.saturating_add(leaf.share.low);
                }
                None => most = most.saturating_add(leaf.share.high),
            }
        }
        let (least, other) = (least.min(ONE), other.min(ONE));
        let part = Share { low: least, high: most.min(ONE - other) };
        tally.add(holding.mass, holding.doubt, part, Share { low: other, high: ONE - least });
    }
    tally.share()
}

/// Whether papers say of what a record brings that it was mined, and not that it was collected.
fn is_mined(graph: &Graph, record: &RecordId, output: Option<u32>) -> bool {
    let touches = graph.record(record).map(|record| record.event.body.declared_touches()).unwrap_or_default();
    let names = |stage: Stage| {
        let is_meant = |at: u32| output.is_none_or(|output| output == at);
        touches.iter().any(|touch| touch.step.stage == stage && is_meant(touch.output))
    };
    names(Stage::P10) && !names(Stage::R10)
}

/// Whether a record shows that what it brings was collected, or left over by a step, and does not only say so.
fn is_collected(graph: &Graph, record: &RecordId, output: Option<u32>, evidence: Least) -> bool {
    let Some(record) = graph.record(record) else { return false };
    match &record.event.body {
        Body::Collect(_) | Body::Transform(_) => true,
        body => body.declared_touches().iter().any(|touch| {
            let is_on_paper = touch.document.is_some() || evidence == Least::Stated;
            touch.step.stage == Stage::R10
                && output.is_none_or(|output| output == touch.output)
                && is_on_paper
        }),
    }
}
