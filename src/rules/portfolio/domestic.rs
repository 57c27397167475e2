//! Of what was mined in some places, the share that went through some stages there too.
//!
//! Both have to be so of the same material: that a lot is half of ore from here and half of it was separated here may
//! say that all of the ore was, or none. What both have in common lies between what must overlap and what can.

use super::holding::Holding;
use super::passed::Asked;
use crate::custody::graph::Graph;
use crate::custody::touch::Touch;
use crate::hash::RecordId;
use crate::model::interval::{Interval, ONE, Share};
use crate::model::stage::Stage;
use crate::origin::portfolio::Tally;
use crate::rules::implied::Makes;
use crate::rules::kind::needs::Least;

/// What is known of it, over all lots.
pub(in crate::rules) struct Domestic {
    /// The share of what was mined there.
    pub(in crate::rules) share: Share,
    /// How much was mined there.
    pub(in crate::rules) mined: Interval,
    /// Whether something that could tell more is withheld.
    pub(in crate::rules) is_kept_back: bool,
    /// Records it rests on.
    pub(in crate::rules) records: Vec<RecordId>,
}

/// Adds up all lots; `is_there` tells whether a step was done there, none where that is not told.
pub(in crate::rules) fn of_mined(
    graph: &Graph,
    makes: &Makes,
    holdings: &[Holding],
    asked: &Asked<'_>,
    is_there: impl Fn(&Touch) -> Option<bool>,
) -> Domestic {
    let mines = Asked { stages: &[Stage::P10], processes: &[], ..*asked };
    let mut tally = Tally::default();
    let mut domestic =
        Domestic { share: Share::NONE, mined: Interval::ZERO, is_kept_back: false, records: Vec::new() };
    for holding in holdings {
        let mined = mines.here(graph, makes, holding, &is_there);
        let worked = asked.here(graph, makes, holding, &is_there);
        let counts = |touch: &Touch, least: Least| is_there(touch) == Some(true) && least.allows(touch.grade);
        let may_count = |touch: &Touch| is_there(touch) != Some(false) || !Least::Stated.allows(touch.grade);
        // What is of one or the other is never more than this, so the two must have the rest in common.
        let either = holding
            .traced
            .share(|touch| (mines.is_step(touch) || asked.is_step(touch)) && counts(touch, asked.evidence));
        let of_either = holding.traced.share(|touch| {
            (mines.is_step(touch) && counts(touch, Least::Stated))
                || (asked.is_step(touch) && may_count(touch))
        });
        let both = (mined.sure + worked.sure).saturating_sub(either.high).min(ONE);
        let part = Share { low: both, high: mined.most.min(worked.most) };
        let rest = Share {
            low: of_either.low.saturating_sub(worked.most),
            high: mined.most.saturating_sub(both).min(ONE - worked.sure.min(ONE)),
        };
        tally.add(holding.mass, holding.doubt, part, rest);
        let of_mass = Share { low: mined.stated.saturating_sub(holding.doubt), high: mined.most };
        domestic.mined = domestic.mined.plus(holding.mass.times(of_mass));
        domestic.is_kept_back |= mined.is_kept_back || worked.is_kept_back;
        let more = mined.records.into_iter().chain(worked.records);
        let more: Vec<RecordId> = more.filter(|id| !domestic.records.contains(id)).collect();
        domestic.records.extend(more);
    }
    domestic.records.truncate(super::passed::RECORDS);
    domestic.share = tally.share();
    if domestic.mined.low == 0 {
        // Nothing surely was mined there, so that no share of it is too small.
        domestic.share.high = ONE;
    }
    domestic
}
