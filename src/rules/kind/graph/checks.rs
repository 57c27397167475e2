//! The words of `graph`: which fixed checks each stands for, and whether a lot has anything of the kind.

use serde::{Deserialize, Serialize};

use super::apart;
use crate::custody::border::Borders;
use crate::custody::title;
use crate::model::event::Body;
use crate::model::finding::FindingCode;
use crate::rules::facts::Facts;

/// A question about how the records behind a lot hang together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Each element's way reaches an origin.
    Closed,
    /// No record is made of itself.
    Acyclic,
    /// Nothing is used twice, nor beyond what there is.
    NoDoubleUse,
    /// Both sides of each handover say the same, masses apart.
    Handovers,
    /// Work was done where the lot was, by who may work there, in an order of days that can be.
    Places,
    /// Seals put on are those found.
    Seals,
    /// Tags are of the pit, put on in time and once.
    Tags,
    /// Declarations at borders agree with each other and with the goods.
    Route,
    /// No lot is said to be kept apart better than what it is made of.
    ModelLattice,
    /// Whose the lot is, and that receipts and pledges over it can all be true.
    Titles,
    /// Who attests something about the goods is apart from who made or has them.
    Apart,
}

impl Check {
    /// Returns the findings that belong to it, besides the gaps that every check has.
    pub(super) fn codes(self) -> &'static [FindingCode] {
        use FindingCode as F;
        match self {
            Self::Closed => &[F::NoSuchOutput],
            Self::Acyclic => &[F::CorrectedCycle],
            Self::NoDoubleUse => &[
                F::DoubleUse,
                F::BeyondLot,
                F::UseAfterEmpty,
                F::NoSuchOutput,
                F::CorrectedBelowUse,
                F::PartSum,
                F::NotAPart,
                F::RecoveredGain,
            ],
            Self::Handovers => &[
                F::WrongConsumer,
                F::UnequalPairs,
                F::Overdue,
                F::NeverCame,
                F::TransitLoss,
                F::AssignedTwice,
                F::ClaimMismatch,
                F::ReceivedDespiteRequest,
            ],
            Self::Places => &[
                F::ForeignFacility,
                F::FacilityNotHeld,
                F::HostDoesNotCover,
                F::FacilityNotOpen,
                F::MovedUnrecorded,
                F::DeclaredTwice,
                F::WorkedAfterCeding,
                F::WrongSuccession,
                F::BeforeItsInput,
            ],
            Self::Seals => &[F::SealMismatch],
            Self::Tags => &[
                F::TagTwice,
                F::TagNotIssued,
                F::TagPlace,
                F::TagWindow,
                F::TaggerNotApart,
                F::TagPackage,
                F::TaggedOverCeiling,
            ],
            Self::Route => &[F::BorderMismatch],
            Self::ModelLattice => &[F::ModelOverstated, F::ModelUnderstated],
            // What is said of independence by itself decides nothing; the rule asks who is tied.
            Self::Apart => &[],
            Self::Titles => &[F::TitleNotHeld, F::DoubleClaim, F::ClaimContested, F::NeedsWholeChain],
        }
    }

    /// Whether there is anything behind the lot that it could be asked about.
    pub(super) fn reaches(self, facts: &Facts<'_>) -> bool {
        let ancestry = facts.ancestry();
        let graph = facts.graph;
        match self {
            Self::Closed | Self::Acyclic | Self::NoDoubleUse | Self::Places => true,
            Self::Handovers => ancestry.lots.iter().any(|lot| graph.in_transit(lot)),
            Self::Seals => ancestry.lots.iter().filter(|lot| graph.in_transit(lot)).any(|lot| {
                let seals = graph.lot(lot).and_then(|lot| lot.seals.as_ref());
                seals.is_some_and(|seals| seals.shown().is_none_or(|seals| !seals.is_empty()))
            }),
            Self::Tags => graph.records().iter().any(|record| match &record.event.body {
                Body::ApplyTags(tags) => facts.is_behind(&tags.lot),
                _ => false,
            }),
            Self::Route => Borders::new(graph).is_about_any(graph, &ancestry.lots),
            Self::ModelLattice => {
                ancestry.lots.iter().any(|lot| graph.lot(lot).is_some_and(|lot| lot.custody_model.is_some()))
            }
            Self::Apart => apart::reaches(facts),
            Self::Titles => !title::records_about(graph, &facts.lot).is_empty(),
        }
    }
}
