//! Stays: whether an operator's `host` record lets the author of an event do that there and then.
//!
//! Pure over what the records say, so that admission and verification cannot differ. What an end says counts
//! from the day it was signed at the earliest: nobody is put out of a plant in hindsight.
//! Spec: docs/custody.md, "Own place".

use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::event::{Body, Host};
use crate::model::kind::Kind;
use crate::model::stage::Stage;

/// What is asked of a `host` record.
#[derive(Clone, Copy, Debug)]
pub struct Stay<'a> {
    /// Who did the work.
    pub guest: PartyId,
    /// The facility that the event names.
    pub facility: RecordId,
    /// Who runs it, if a party of the ledger.
    pub operator: Option<PartyId>,
    /// What was done.
    pub body: &'a Body,
    /// When.
    pub period: Period,
}

/// A `host` record as it is held.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Who signed it.
    pub author: PartyId,
    /// What it says.
    pub host: &'a Host,
    /// First day without it, if it was ended.
    pub ended: Option<Day>,
}

/// Why a `host` record does not cover an event.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Gap {
    /// The operator keeps no ledger, or another party signed.
    #[error("it is not the operator's")]
    NotTheOperators,
    /// It is about another facility.
    #[error("it is about another facility")]
    OtherFacility,
    /// It lets another party in.
    #[error("it lets another party in")]
    OtherGuest,
    /// It is not for such work.
    #[error("it does not let its guest do {stage}")]
    OtherStage {
        /// The stage that it does not list.
        stage: Stage,
    },
    /// It is for storing and handing over alone.
    #[error(
        "it lists no stages, so it is for storing, packing, sending and receiving only, not for `{kind}`"
    )]
    StoringOnly {
        /// What was done.
        kind: Kind,
    },
    /// It did not hold yet, or no longer.
    #[error("it holds {valid}, and the event was {period}")]
    OtherTime {
        /// When it holds.
        valid: Period,
        /// When the event was.
        period: Period,
    },
    /// It was ended.
    #[error("it was ended from {from} on, and the event was {period}")]
    Ended {
        /// First day without it.
        from: Day,
        /// When the event was.
        period: Period,
    },
}

/// Returns why `held` does not cover `stay`, or `None` where it does.
pub fn gap(stay: &Stay<'_>, held: &Held<'_>) -> Option<Gap> {
    let host = held.host;
    if stay.operator != Some(held.author) {
        return Some(Gap::NotTheOperators);
    }
    if host.facility != stay.facility {
        return Some(Gap::OtherFacility);
    }
    if host.guest != stay.guest {
        return Some(Gap::OtherGuest);
    }
    let (kind, steps) = (stay.body.kind(), stay.body.steps());
    if host.stages.is_empty() {
        if !is_storing(kind) {
            return Some(Gap::StoringOnly { kind });
        }
    } else if let Some(step) = steps.iter().find(|step| !host.stages.contains(&step.stage)) {
        return Some(Gap::OtherStage { stage: step.stage });
    }
    let (period, valid) = (stay.period, host.valid);
    if period.first < valid.first || period.last > valid.last {
        return Some(Gap::OtherTime { valid, period });
    }
    held.ended.filter(|from| period.last >= *from).map(|from| Gap::Ended { from, period })
}

/// Returns the first day without a stay whose end was signed on `signed` and says `from`.
pub fn end_day(from: Day, signed: Day) -> Day {
    from.max(signed)
}

/// Whether a kind only stores, packs, sends, receives or weighs.
fn is_storing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::OpeningStock
            | Kind::Intake
            | Kind::Repack
            | Kind::Dispatch
            | Kind::Receive
            | Kind::Refuse
            | Kind::Measure
            | Kind::Dispose
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::dealings::HostPurpose;

    fn host(world: &World) -> Host {
        Host {
            guest: world.party("mine"),
            facility: world.place("plant"),
            purpose: HostPurpose::Tenancy,
            stages: vec![Stage::P10],
            valid: "2026-01-01..2026-01-31".parse().unwrap(),
        }
    }

    /// Asks about an extraction by `mine` at the plant of `plant` in `period`, where the record is changed.
    fn asked(period: &str, ended: Option<&str>, change: impl FnOnce(&mut Host)) -> Option<Gap> {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 1)]);
        let graph = world.graph();
        let mut host = host(&world);
        change(&mut host);
        let stay = Stay {
            guest: world.party("mine"),
            facility: world.place("plant"),
            operator: Some(world.party("plant")),
            body: &graph.record(&mined).unwrap().event.body,
            period: period.parse().unwrap(),
        };
        let ended = ended.map(|day| day.parse().unwrap());
        gap(&stay, &Held { author: world.party("plant"), host: &host, ended })
    }

    #[test]
    fn a_stay_covers_its_guest_stages_and_days_and_nothing_beyond() {
        let days = "2026-01-01..2026-01-31";
        assert_eq!(asked(days, None, |_| ()), None);
        let world = World::new();
        let buyer = world.party("buyer");
        assert_eq!(asked(days, None, |host| host.guest = buyer), Some(Gap::OtherGuest));
        let place = world.place("works");
        assert_eq!(asked(days, None, |host| host.facility = place), Some(Gap::OtherFacility));
        assert_eq!(
            asked(days, None, |host| host.stages = vec![Stage::P20]),
            Some(Gap::OtherStage { stage: Stage::P10 })
        );
        assert_eq!(
            asked(days, None, |host| host.stages.clear()),
            Some(Gap::StoringOnly { kind: Kind::Extract })
        );
        for late in ["2026-01-31..2026-02-01", "2025-12-31..2026-01-01"] {
            assert!(matches!(asked(late, None, |_| ()), Some(Gap::OtherTime { .. })), "{late}");
        }
    }

    #[test]
    fn an_end_counts_from_its_first_day_and_not_before_it_was_signed() {
        assert_eq!(asked("2026-01-20", Some("2026-01-21"), |_| ()), None);
        assert!(matches!(asked("2026-01-20", Some("2026-01-20"), |_| ()), Some(Gap::Ended { .. })));
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(end_day(day("2026-01-05"), day("2026-01-09")), day("2026-01-09"));
        assert_eq!(end_day(day("2026-01-09"), day("2026-01-05")), day("2026-01-09"));
    }
}
