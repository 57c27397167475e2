//! The order of records with circuits in it, and the rings that recycling makes.
//!
//! What comes out of a circuit may go back into it. By days alone a charge made of a draw can then be a source of
//! the same draw: both on one day, or a charge within the weeks of one draw. Such a charge is left out as a source
//! of that draw; where some of the draw may have come out after it, the draw says so. What remains follows the
//! hashes and the order of each chain, which have no rings.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Accounts, Feed, Ring, days};
use crate::model::record::Record;

/// Sources before consumers: for each node those it goes into, and how many it waits for.
pub(crate) struct Order {
    into: Vec<Vec<usize>>,
    waiting_for: Vec<usize>,
}

impl Order {
    /// Returns the order of `count` nodes without any edge.
    pub(crate) fn new(count: usize) -> Self {
        Self { into: vec![Vec::new(); count], waiting_for: vec![0; count] }
    }

    /// Lets `source` stand before `consumer`.
    pub(crate) fn add(&mut self, source: usize, consumer: usize) {
        self.into[source].push(consumer);
        self.waiting_for[consumer] += 1;
    }

    /// Returns the nodes, sources first; those in rings, and after rings, are left out.
    pub(in crate::custody) fn sorted(&self) -> Vec<usize> {
        let mut waiting_for = self.waiting_for.clone();
        let mut ready: VecDeque<usize> = (0..waiting_for.len()).filter(|at| waiting_for[*at] == 0).collect();
        let mut order = Vec::with_capacity(waiting_for.len());
        while let Some(node) = ready.pop_front() {
            order.push(node);
            for consumer in &self.into[node] {
                waiting_for[*consumer] -= 1;
                if waiting_for[*consumer] == 0 {
                    ready.push_back(*consumer);
                }
            }
        }
        order
    }

    /// Returns for each node the number of the ring it is in; nodes of one number lead to each other.
    ///
    /// Tarjan's algorithm with a stack of its own.
    pub(crate) fn components(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let count = self.into.len();
        let (mut index, mut low) = (vec![NONE; count], vec![NONE; count]);
        let (mut component, mut open) = (vec![NONE; count], Vec::new());
        let (mut next, mut components) = (0, 0);
        for root in 0..count {
            if index[root] != NONE {
                continue;
            }
            let mut path = vec![(root, 0)];
            while let Some((node, edge)) = path.last_mut() {
                let node = *node;
                if *edge == 0 && index[node] == NONE {
                    (index[node], low[node]) = (next, next);
                    next += 1;
                    open.push(node);
                }
                if let Some(to) = self.into[node].get(*edge).copied() {
                    *edge += 1;
                    if index[to] == NONE {
                        path.push((to, 0));
                    } else if component[to] == NONE {
                        low[node] = low[node].min(index[to]);
                    }
                    continue;
                }
                path.pop();
                if let Some((parent, _)) = path.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                if low[node] == index[node] {
                    while let Some(one) = open.pop() {
                        component[one] = components;
                        if one == node {
                            break;
                        }
                    }
                    components += 1;
                }
            }
        }
        component
    }
}

impl Accounts {
    /// Returns how many nodes stand for ranges of charges, two for each.
    pub(in crate::custody) fn nodes(&self) -> usize {
        2 * self.ranges as usize
    }

    /// Adds to `order` what goes into ranges and draws; nodes of ranges stand behind the `records`.
    pub(in crate::custody) fn order(&self, order: &mut Order, records: usize) {
        let node = |feed: Feed| match feed {
            Feed::Charge(position) => position,
            Feed::Pool(range) => records + 2 * range as usize,
            Feed::Any(range) => records + 2 * range as usize + 1,
        };
        for account in &self.list {
            for (part, whole) in account.feeding.edges() {
                order.add(node(part), node(whole));
            }
            for draw in &account.draws {
                for one in self.feeds(*draw) {
                    order.add(node(one.feed), *draw);
                }
            }
        }
    }

    /// Returns the charges that a ring rules out as sources of a draw; `order` holds every edge.
    pub(in crate::custody) fn find_rings(&self, records: &[Record], order: &Order) -> Vec<Ring> {
        let component = order.components();
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        for one in &component {
            *sizes.entry(*one).or_default() += 1;
        }
        let mut rings = Vec::new();
        for draw in self.list.iter().flat_map(|account| &account.draws).copied() {
            if sizes[&component[draw]] < 2 {
                continue;
            }
            let record = &records[draw];
            let is_before = |charge: &Record| {
                (charge.author, charge.epoch) == (record.author, record.epoch) && charge.seq < record.seq
            };
            let mut back: Vec<usize> = self.charges_of(draw);
            back.retain(|charge| component[*charge] == component[draw] && !is_before(&records[*charge]));
            if back.is_empty() {
                continue;
            }
            let made_of_it = reached(records, draw, &component);
            for charge in back {
                // What was charged when the last of the draw was out cannot be in it.
                let is_after = days(&records[charge]).0 >= days(record).1;
                let is_open = !(is_after && made_of_it.contains(&charge));
                rings.push(Ring { draw: record.id, charge: records[charge].id, is_open });
            }
        }
        rings
    }
}

/// Returns the records of a ring that are made of a draw by the lots they name.
fn reached(records: &[Record], draw: usize, component: &[usize]) -> HashSet<usize> {
    let inside: Vec<usize> = (0..records.len()).filter(|at| component[*at] == component[draw]).collect();
    let positions: HashMap<_, _> = inside.iter().map(|at| (records[*at].id, *at)).collect();
    let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
    for at in &inside {
        for input in super::super::graph::inputs(&records[*at]) {
            if let Some(source) = positions.get(&input.lot.record) {
                users.entry(*source).or_default().push(*at);
            }
        }
    }
    let mut found = HashSet::from([draw]);
    let mut stack = vec![draw];
    while let Some(at) = stack.pop() {
        for user in users.get(&at).into_iter().flatten() {
            if found.insert(*user) {
                stack.push(*user);
            }
        }
    }
    found
}
