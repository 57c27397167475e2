//! Ties between parties, and who is independent of whom.
//!
//! A tie that one side declares counts against the independence of both, since nobody gains by declaring one;
//! it gives no rights: work at another's facility still needs a `host`. Spec: docs/custody.md, "Ties".

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::Graph;
use super::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::dealings::Tie;
use crate::model::event::{Appoint, Body};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// A share of the capital below this leaves two parties apart. Source: rule GOV-03, "ownership < 20 percent".
pub const APART_BELOW: Fraction = Fraction::from_ppb(200_000_000);

/// The ties that held records declare.
#[derive(Debug, Default)]
pub struct Ties<'g> {
    of: BTreeMap<PartyId, Vec<(PartyId, &'g Record, &'g Appoint)>>,
}

impl<'g> Ties<'g> {
    /// Gathers every tie that was not taken back.
    pub fn new(graph: &'g Graph) -> Self {
        let mut ties = Self::default();
        for record in graph.appointments() {
            let Body::Appoint(appoint) = &record.event.body else { continue };
            if graph.withdrawn(&record.id).is_none() && appoint.party != record.author {
                ties.of.entry(record.author).or_default().push((appoint.party, record, appoint));
                ties.of.entry(appoint.party).or_default().push((record.author, record, appoint));
            }
        }
        ties
    }

    /// Returns the records that tie two parties on some day of `on`, over others if need be; `None` where they
    /// are apart. One party is tied to itself by no record.
    pub fn between(&self, one: &PartyId, other: &PartyId, on: &Period) -> Option<Vec<RecordId>> {
        let mut way: BTreeMap<PartyId, (PartyId, RecordId)> = BTreeMap::new();
        let mut reached = BTreeSet::from([*one]);
        let mut queue = VecDeque::from([*one]);
        while let Some(here) = queue.pop_front() {
            if here == *other {
                return Some(back(&way, one, other));
            }
            for (next, record, appoint) in self.of.get(&here).into_iter().flatten() {
                if counts(appoint, on) && reached.insert(*next) {
                    way.insert(*next, (here, record.id));
                    queue.push_back(*next);
                }
            }
        }
        None
    }

    /// Returns the head of the group of a party on a day of `on`: up the parents and desks as far as they go.
    ///
    /// With it the records that say so. A ring of parents has no head.
    pub fn head(&self, party: &PartyId, on: &Period) -> Option<(PartyId, Vec<&'g Record>)> {
        let (mut here, mut records) = (*party, Vec::new());
        let mut passed = BTreeSet::from([here]);
        while let Some((up, record)) = self.up(&here, on) {
            if !passed.insert(up) {
                return None;
            }
            records.push(record);
            here = up;
        }
        (here != *party).then_some((here, records))
    }

    fn up(&self, party: &PartyId, on: &Period) -> Option<(PartyId, &'g Record)> {
        let ties = self.of.get(party)?.iter();
        let parent = ties.filter(|(_, _, appoint)| counts(appoint, on)).find(|(_, record, appoint)| {
            match appoint.tie {
                Tie::Parent => record.author == *party,
                // Who has a desk or subsidiary stands above it.
                Tie::Desk | Tie::Subsidiary => appoint.party == *party,
                Tie::Agent | Tie::Affiliate => false,
            }
        });
        parent.map(|(other, record, _)| (*other, *record))
    }

    /// Whether both parties declare the tie between them that `record` states.
    pub fn is_mutual(&self, record: &Record) -> bool {
        let Body::Appoint(appoint) = &record.event.body else { return false };
        let back = self.of.get(&appoint.party).into_iter().flatten();
        back.into_iter().any(|(other, by, _)| *other == record.author && by.author == appoint.party)
    }
}

/// Whether a tie holds on some day of `on` and is close enough.
fn counts(appoint: &Appoint, on: &Period) -> bool {
    let overlaps = appoint.valid.first <= on.last && on.first <= appoint.valid.last;
    // A desk or an agent acts for the other whoever owns it.
    let acts_for = matches!(appoint.tie, Tie::Desk | Tie::Agent);
    overlaps && (acts_for || appoint.share.is_none_or(|share| share >= APART_BELOW))
}

fn back(way: &BTreeMap<PartyId, (PartyId, RecordId)>, one: &PartyId, other: &PartyId) -> Vec<RecordId> {
    let (mut here, mut records) = (*other, Vec::new());
    while here != *one {
        let (before, record) = way[&here];
        records.push(record);
        here = before;
    }
    records.reverse();
    records
}

/// Returns every accreditation and certificate by a party in one group with its subject.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let ties = Ties::new(graph);
    graph.records().iter().filter_map(|record| of_status(graph, &ties, record)).collect()
}

fn of_status(graph: &Graph, ties: &Ties<'_>, record: &Record) -> Option<Finding> {
    let (subject, what) = match &record.event.body {
        Body::Accredit(accredit) => (accredit.subject, "accredits"),
        Body::Certify(certify) => (certify.subject, "certifies"),
        _ => return None,
    };
    let on = Period::day(record.signed_at.day());
    let way = ties.between(&record.author, &subject, &on)?;
    let who = names::party(graph, &subject);
    let why = if subject == record.author {
        format!("{} {what} its author itself", names::record(graph, record))
    } else {
        format!("{} {what} {who}, to whom its author is tied", names::record(graph, record))
    };
    Some(not_independent(record, &way, &[], why))
}

/// Returns the finding that who states `record` is not apart from who it is about.
pub(super) fn not_independent(
    record: &Record,
    way: &[RecordId],
    lots: &[LotRef],
    message: String,
) -> Finding {
    let resolve = "let somebody else say so, who shares no owner with either side";
    let mut finding = found(FindingCode::NotIndependent, Weight::Warning, &[record], lots, message, resolve);
    finding.records.extend(way);
    finding
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn appoint(world: &mut World, by: &str, to: &str, tie: Tie, share: Option<&str>) -> RecordId {
        let body = Appoint {
            party: world.party(to),
            tie,
            share: share.map(|share| share.parse().unwrap()),
            valid: "2025-01-01..2026-12-31".parse().unwrap(),
        };
        world.record(by, Body::Appoint(body))
    }

    fn tied(world: &World, one: &str, other: &str, on: &str) -> Option<usize> {
        let graph = world.graph();
        let ties = Ties::new(&graph);
        ties.between(&world.party(one), &world.party(other), &on.parse().unwrap()).map(|way| way.len())
    }

    #[test]
    fn a_fifth_of_the_capital_ties_and_a_billionth_less_does_not() {
        for (share, expected) in [("20 %", Some(1)), ("19.9999999 %", None)] {
            let mut world = World::new();
            appoint(&mut world, "plant", "works", Tie::Affiliate, Some(share));
            assert_eq!(tied(&world, "works", "plant", "2026-01-05"), expected, "{share}");
        }
    }

    #[test]
    fn a_desk_is_tied_whoever_owns_it() {
        let mut world = World::new();
        appoint(&mut world, "plant", "works", Tie::Desk, Some("0 %"));
        assert_eq!(tied(&world, "plant", "works", "2026-01-05"), Some(1));
    }

    #[test]
    fn ties_are_looked_through_on_the_days_they_hold() {
        let mut world = World::new();
        appoint(&mut world, "mine", "plant", Tie::Parent, None);
        appoint(&mut world, "works", "plant", Tie::Parent, None);
        assert_eq!(tied(&world, "mine", "works", "2026-12-31"), Some(2));
        assert_eq!(tied(&world, "mine", "works", "2027-01-01"), None);
        assert_eq!(tied(&world, "mine", "buyer", "2026-01-05"), None);
        assert_eq!(tied(&world, "mine", "mine", "2026-01-05"), Some(0));
    }

    #[test]
    fn the_head_of_a_group_is_the_parent_of_parents_and_a_ring_has_none() {
        let mut world = World::new();
        appoint(&mut world, "mine", "plant", Tie::Parent, None);
        let above = appoint(&mut world, "works", "plant", Tie::Subsidiary, None);
        let on: Period = "2026-01-05".parse().unwrap();
        let graph = world.graph();
        let ties = Ties::new(&graph);
        let (head, records) = ties.head(&world.party("mine"), &on).unwrap();
        assert_eq!((head, records.len()), (world.party("works"), 2));
        assert!(!ties.is_mutual(graph.record(&above).unwrap()));
        assert_eq!(ties.head(&world.party("works"), &on), None);
        appoint(&mut world, "works", "mine", Tie::Parent, None);
        let graph = world.graph();
        assert_eq!(Ties::new(&graph).head(&world.party("mine"), &on), None);
    }

    #[test]
    fn a_tie_that_was_taken_back_ties_nobody() {
        let mut world = World::new();
        let tie = appoint(&mut world, "mine", "plant", Tie::Parent, None);
        world.withdraw("mine", tie, crate::model::evidence::WithdrawReason::EntryError);
        assert_eq!(tied(&world, "mine", "plant", "2026-01-05"), None);
    }
}
