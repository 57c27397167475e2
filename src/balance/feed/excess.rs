//! Where outputs need more of an element than can have been brought into them.
//!
//! One pass backward hands what each lot needs back to what it was made of, as far as that can have brought it; what
//! several took of one lot, one record or one circuit is added up there. Where more is needed, the records contradict each
//! other. Spec: docs/balance.md, "Fingerprint".

use super::{Bound, Brought, Feed, OPEN};
use crate::custody::graph;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;

/// More is needed than can have been brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excess {
    /// What holds more than was brought; together, where there are several.
    pub lots: Vec<LotRef>,
    /// The least they hold.
    pub needs: u128,
    /// What it all came out of: a lot, a record with its inputs, or a circuit by its first draw.
    pub from: Source,
    /// The most that can have been brought.
    pub brought: u128,
}

/// What an excess came out of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// One lot: what was made of stretches of it.
    Lot(LotRef),
    /// The inputs of one record.
    Record(RecordId),
    /// The charges of a circuit, by its number.
    Circuit(usize),
}

impl Feed<'_, '_> {
    /// Returns every place where more is needed than can have been brought, sources first.
    pub fn excesses(&self, bound: Bound) -> Vec<Excess> {
        let mut found: Vec<Excess> = Vec::new();
        let mut used = vec![0u128; self.brought.len()];
        let mut drawn = vec![0u128; self.circuits.len()];
        for (position, record) in self.graph.records().iter().enumerate().rev() {
            if self.graph.withdrawn(&record.id).is_some() {
                continue;
            }
            let body = &record.event.body;
            let mut needs = 0u128;
            let mut holding: Vec<LotRef> = Vec::new();
            for (reference, _) in graph::outputs(record) {
                let number = self.first[position] + reference.index as usize;
                let brought = &self.brought[number];
                let room = brought.room(bound);
                let own = brought.least;
                if own > room && brought.is_of_feed {
                    found.push(Excess {
                        lots: vec![reference],
                        needs: own,
                        from: Source::Record(record.id),
                        brought: room,
                    });
                } else if used[number] > room && brought.is_of_feed {
                    found.push(Excess {
                        lots: self.made_of(&reference),
                        needs: used[number],
                        from: Source::Lot(reference),
                        brought: room,
                    });
                }
                // What holds too much by itself still needs what it was brought.
                let here = own.max(used[number]).min(room);
                if here > 0 {
                    holding.push(reference);
                }
                needs = needs.saturating_add(here);
            }
            if needs == 0 {
                continue;
            }
            match body {
                Body::Draw(_) => {
                    if let Some(number) = self.accounts.get(&position) {
                        drawn[*number] = drawn[*number].saturating_add(needs);
                    }
                }
                _ if body.is_pairwise() => {
                    for (index, input) in graph::inputs(record).iter().enumerate() {
                        let needs = self.first[position] + index;
                        let needs = if needs < self.first[position + 1] { used[needs] } else { 0 };
                        let most = self.stretch(position, input).by(bound);
                        self.use_up(position, input, needs.min(most), &mut used);
                    }
                }
                _ => self.hand_back(position, (needs, holding), bound, &mut used, &mut found),
            }
        }
        for (number, needs) in drawn.into_iter().enumerate() {
            self.circuit(number, needs, bound, &mut found);
        }
        found.reverse();
        found
    }

    /// Hands what the outputs of a record need back to its inputs.
    fn hand_back(
        &self,
        position: usize,
        (needs, holding): (u128, Vec<LotRef>),
        bound: Bound,
        used: &mut [u128],
        found: &mut Vec<Excess>,
    ) {
        let record = &self.graph.records()[position];
        let inputs = graph::inputs(record);
        let pick = |brought: &Brought| brought.by(bound);
        let brought: Vec<Brought> = inputs.iter().map(|input| self.stretch(position, input)).collect();
        let added = match &record.event.body {
            Body::Transform(transform) => pick(&self.added(&transform.additions)),
            Body::Assemble(assemble) => pick(&self.added(&assemble.additions)),
            _ => 0,
        };
        let all = brought.iter().map(pick).fold(added, u128::saturating_add);
        let is_of_feed = brought.iter().any(|one| one.is_of_feed);
        let single = holding.len() == 1;
        // One output that holds too much by itself was named already.
        if needs > all && !single && is_of_feed {
            found.push(Excess { lots: holding, needs, from: Source::Record(record.id), brought: all });
        }
        let needs = needs.min(all);
        for (input, one) in inputs.iter().zip(&brought) {
            let others = all.saturating_sub(pick(one));
            let must = if all == OPEN { 0 } else { needs.saturating_sub(others) };
            self.use_up(position, input, must, used);
        }
    }

    /// Notes that the record at `position` needs so much of a lot.
    fn use_up(&self, position: usize, input: &Input, needs: u128, used: &mut [u128]) {
        let Some(at) = self.graph.position(&input.lot.record).filter(|at| *at < position) else { return };
        let number = self.first[at] + input.lot.index as usize;
        if number < self.first[at + 1] {
            used[number] = used[number].saturating_add(needs);
        }
    }

    fn circuit(&self, number: usize, needs: u128, bound: Bound, found: &mut Vec<Excess>) {
        let account = &self.graph.accounts().list()[number];
        let draws = || account.draws.iter().map(|at| &self.graph.records()[*at]);
        // Every draw of a circuit has the same bound, but where its account is open.
        let lots: Vec<LotRef> = draws()
            .flat_map(graph::outputs)
            .map(|(lot, _)| lot)
            .filter(|lot| self.holds(lot).low > 0)
            .collect();
        let rooms = lots.iter().filter_map(|lot| self.of(lot)).map(|brought| brought.by(bound));
        let all = rooms.max().unwrap_or(OPEN);
        let is_of_feed = lots.iter().filter_map(|lot| self.of(lot)).any(|one| one.is_of_feed);
        if lots.len() > 1 && is_of_feed && needs > all {
            found.push(Excess { lots, needs, from: Source::Circuit(number), brought: all });
        }
    }

    /// The lots that stretches of a lot went into and that hold some of it.
    fn made_of(&self, lot: &LotRef) -> Vec<LotRef> {
        let mut lots = Vec::new();
        let mut stack = vec![*lot];
        while let Some(at) = stack.pop() {
            for one in self.graph.uses(&at) {
                let Some(user) = self.graph.record(&one.record) else { continue };
                if user.event.body.is_pairwise() {
                    stack.extend(graph::output(user, one.input));
                    continue;
                }
                lots.extend(graph::outputs(user).map(|(lot, _)| lot).filter(|lot| self.holds(lot).low > 0));
            }
        }
        lots.sort_by_key(|lot| (self.graph.position(&lot.record), lot.index));
        lots.dedup();
        lots
    }
}
