//! Whether a record had left its author when it was corrected, and who has taken note since.
//!
//! It has left when another party's record consumes what came of it, acknowledges it, or covers it by a
//! checkpoint it has seen. The order is that of the author's own chain: what left through a record that stands
//! behind the correction left corrected. No clock is asked.

use std::collections::{BTreeSet, HashSet};

use super::subject;
use crate::custody::graph::Graph;
use crate::custody::withdrawal::made_by;
use crate::hash::{PartyId, RecordId};
use crate::model::event::Body;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Where the statements of a corrected record stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The corrected record.
    pub target: RecordId,
    /// The last statement that nobody else doubts: replaced before the record left, or taken note of. 0 is the first.
    pub settled: usize,
    /// The last statement.
    pub last: usize,
    /// Parties that rest on the record and have not taken note of its last statement, ascending.
    pub waiting: Vec<PartyId>,
    /// Records by which it had left when it was corrected the last time, ascending by id.
    pub left_by: Vec<RecordId>,
}

impl Standing {
    /// Whether several statements count.
    pub fn is_open(&self) -> bool {
        self.settled < self.last
    }
}

/// Returns where the statements of a corrected record stand for a reader who believes `authorities`.
pub fn standing(graph: &Graph, target: &RecordId, authorities: &BTreeSet<PartyId>) -> Option<Standing> {
    let statements = graph.statements(target)?;
    let last = statements.count() - 1;
    let mut standing =
        Standing { target: *target, settled: 0, last, waiting: Vec::new(), left_by: Vec::new() };
    for number in (1..=last).rev() {
        let by = left_by(graph, target, number);
        let noted: BTreeSet<PartyId> = graph
            .acknowledgements(&statements.corrections[number - 1].record)
            .map(|one| one.author)
            .collect();
        let parties: BTreeSet<PartyId> =
            by.iter().filter_map(|id| graph.record(id)).map(|one| one.author).collect();
        let waiting: Vec<PartyId> = parties.difference(&noted).copied().collect();
        let is_settled = waiting.is_empty() || noted.iter().any(|party| authorities.contains(party));
        if number == last {
            standing.left_by = by;
            standing.waiting = if is_settled { Vec::new() } else { waiting };
        }
        if is_settled {
            standing.settled = number;
            break;
        }
    }
    Some(standing)
}

/// Returns the number of the statement that was in force when a corrected record left its author, if it had left
/// before its last correction.
pub fn first_left(graph: &Graph, target: &RecordId) -> Option<usize> {
    let last = graph.statements(target)?.count() - 1;
    // What had left before one correction had left before the next.
    (1..=last).find(|number| !left_by(graph, target, *number).is_empty()).map(|number| number - 1)
}

/// Returns the records of other parties by which `target` had left when statement `number` was made, ascending.
fn left_by(graph: &Graph, target: &RecordId, number: usize) -> Vec<RecordId> {
    let (Some(record), Some(statements)) = (graph.record(target), graph.statements(target)) else {
        return Vec::new();
    };
    let place = statements.corrections[number - 1].place;
    let had = statements.signed(number - 1).outputs().len();
    let is_appended = |lot: &LotRef| lot.record == *target && lot.index as usize >= had;
    let lots = subject::of_record(graph, record).into_iter().filter(|lot| !is_appended(lot)).collect();
    let mut by: BTreeSet<RecordId> = resting(graph, record, lots, Some(place)).into_iter().collect();
    let seen = graph.seen_of(record).filter(|(_, size)| *size > record.seq && *size <= place.1);
    by.extend(seen.map(|(by, _)| by.id));
    by.extend(graph.acknowledgements(target).map(|by| by.id));
    by.into_iter().collect()
}

/// Returns the first records of other parties that consume what came of `lots`, ascending by id.
///
/// With `before`, own records that stand behind that place of the author's chain are not looked through.
pub fn resting(
    graph: &Graph,
    record: &Record,
    lots: Vec<LotRef>,
    before: Option<(u16, u64)>,
) -> Vec<RecordId> {
    let mut others = HashSet::new();
    let mut visited = HashSet::from([record.id]);
    let mut ranges = HashSet::new();
    let mut stack = lots;
    if matches!(record.event.body, Body::Charge(_)) {
        stack.extend(made_by(graph, record, &mut ranges));
    }
    while let Some(lot) = stack.pop() {
        for one in graph.uses(&lot).iter().chain(graph.replaced_uses(&lot)) {
            let Some(user) = graph.record(&one.record) else { continue };
            if !visited.insert(user.id) {
                continue;
            }
            if user.author != record.author {
                others.insert(user.id);
            } else if before.is_none_or(|place| (user.epoch, user.seq) < place) {
                stack.extend(made_by(graph, user, &mut ranges));
            }
        }
    }
    let mut others: Vec<RecordId> = others.into_iter().collect();
    others.sort_unstable();
    others
}

/// Returns the corrected records of which several statements count, sources first.
pub fn open(graph: &Graph, authorities: &BTreeSet<PartyId>) -> Vec<Standing> {
    let standing = |record: &Record| standing(graph, &record.id, authorities);
    graph.corrected().into_iter().filter_map(standing).filter(Standing::is_open).collect()
}

/// Whether a record is one of those by which parties speak about others' records.
pub fn is_second_thought(body: &Body) -> bool {
    matches!(body, Body::Correct(_) | Body::Dispute(_) | Body::Resolve(_) | Body::Acknowledge(_))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::Discrete;

    fn standing_of(world: &World, target: RecordId, authorities: &[&str]) -> Standing {
        let authorities = authorities.iter().map(|name| world.party(name)).collect();
        standing(&world.graph(), &target, &authorities).expect("a corrected record")
    }

    #[test]
    fn a_correction_before_the_goods_leave_simply_replaces() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        world.correct_mass("mine", mined, 0, 90);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 90)]);
        world.receive("plant", vec![take(out(sent, 0), 0, 90)], &[]);
        assert!(!standing_of(&world, mined, &[]).is_open());
    }

    #[test]
    fn after_they_left_it_is_open_until_each_that_rests_on_it_takes_note() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        for to in ["plant", "works"] {
            let from = if to == "plant" { 0 } else { 50 };
            let sent = world.dispatch("mine", to, vec![take(out(mined, 0), from, 50)]);
            world.receive(to, vec![take(out(sent, 0), 0, 50)], &[]);
        }
        let correction = world.correct_mass("mine", mined, 0, 90);
        assert_eq!(standing_of(&world, mined, &[]).waiting.len(), 2);
        world.acknowledge("plant", correction);
        assert_eq!(standing_of(&world, mined, &[]).waiting, vec![world.party("works")]);
        world.acknowledge("buyer", correction);
        assert!(standing_of(&world, mined, &[]).is_open());
        assert!(!standing_of(&world, mined, &["buyer"]).is_open());
        world.acknowledge("works", correction);
        assert!(!standing_of(&world, mined, &[]).is_open());
    }

    #[test]
    fn all_statements_since_the_last_one_settled_count() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        world.correct_mass("mine", mined, 0, 99);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 50)]);
        world.receive("plant", vec![take(out(sent, 0), 0, 50)], &[]);
        let second = world.correct_mass("mine", mined, 0, 90);
        world.correct_mass("mine", mined, 0, 99);
        let found = standing_of(&world, mined, &[]);
        assert_eq!((found.settled, found.last), (1, 3));
        world.acknowledge("plant", second);
        assert_eq!(standing_of(&world, mined, &[]).settled, 2);
    }

    #[test]
    fn the_place_of_work_has_left_with_what_was_made_there() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        world.hand_over("mine", "plant", out(mined, 0));
        let place = world.place("mine");
        let mut body = world.body(place);
        if let Body::DeclareFacility(facility) = &mut body {
            facility.place = "CN".parse().unwrap();
        }
        world.correct("mine", place, body);
        assert!(standing_of(&world, place, &[]).is_open());
    }

    #[test]
    fn a_stretch_that_others_rest_on_is_kept_and_one_that_has_not_left_is_freed() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let packed = world.repack("mine", Discrete, vec![take(out(mined, 0), 0, 60)], vec![lot("ore", 60)]);
        let twin = world.clone();
        world.correct_inputs("mine", packed, vec![take(out(mined, 0), 40, 60)]);
        assert!(world.graph().kept_uses(&out(mined, 0)).is_empty());
        let mut world = twin;
        world.hand_over("mine", "plant", out(packed, 0));
        world.correct_inputs("mine", packed, vec![take(out(mined, 0), 40, 60)]);
        let graph = world.graph();
        assert_eq!(graph.kept_uses(&out(mined, 0)).len(), 1);
        assert_eq!(graph.kept_uses(&out(mined, 0))[0].from, kg(0));
    }
}
