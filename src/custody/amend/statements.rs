//! The statements of a corrected record, first to last, and which corrections have none of the effect they ask for.

use std::collections::{HashMap, HashSet};

use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, Correct};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;

/// All that a corrected record has stated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statements {
    /// What it stated when it was signed.
    pub first: Body,
    /// What its author put in the place of that, in the order of the chain; at least one.
    pub corrections: Vec<Correction>,
}

/// One correction that fits its record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// The record that corrects.
    pub record: RecordId,
    /// Its place in the chain: epoch and position.
    pub place: (u16, u64),
    /// What is stated from there on.
    pub body: Body,
}

/// Why a correction has no effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// It is about another party's record.
    OtherAuthor,
    /// It is about a control record, which is not corrected.
    Control,
    /// It states another kind of event.
    OtherKind,
    /// It names another receiver.
    OtherReceiver,
    /// It has fewer outputs than what it corrects.
    FewerOutputs,
}

impl Misfit {
    /// Returns what is so, as the end of a sentence about the correction.
    pub fn words(self) -> &'static str {
        match self {
            Self::OtherAuthor => "is about another party's record; only its author corrects it",
            Self::Control => "is about a control record, which cannot be corrected",
            Self::OtherKind => "states another kind of event than the record it is about",
            Self::OtherReceiver => "names another receiver than the record it is about",
            Self::FewerOutputs => "has fewer outputs than the record it is about",
        }
    }
}

/// Checks a correction by `author` against the record of `target_author` that states `before`.
///
/// # Errors
/// [`Misfit`] for one that has no effect.
pub fn fits(
    author: &PartyId,
    correct: &Correct,
    target_author: &PartyId,
    before: &Body,
) -> Result<(), Misfit> {
    let after = &*correct.replacement.0;
    if author != target_author {
        return Err(Misfit::OtherAuthor);
    }
    if before.kind().is_control() {
        return Err(Misfit::Control);
    }
    if before.kind() != after.kind() {
        return Err(Misfit::OtherKind);
    }
    if let (Some(Maybe::Shown(one)), Some(Maybe::Shown(other))) = (before.receiver(), after.receiver())
        && one != other
    {
        return Err(Misfit::OtherReceiver);
    }
    if after.outputs().len() < before.outputs().len() {
        return Err(Misfit::FewerOutputs);
    }
    Ok(())
}

impl Statements {
    /// Returns how many statements there are, at least two.
    pub fn count(&self) -> usize {
        self.corrections.len() + 1
    }

    /// Returns statement `number` as it was signed; 0 is the first.
    pub fn signed(&self, number: usize) -> &Body {
        match number.checked_sub(1) {
            None => &self.first,
            Some(at) => &self.corrections[at].body,
        }
    }

    /// Returns statement `number` with the outputs that a later correction has appended.
    ///
    /// An appended output exists whichever statement is believed, or what was made of it would be made of nothing.
    pub fn stated(&self, number: usize) -> Body {
        let mut body = self.signed(number).clone();
        let last = self.signed(self.corrections.len());
        if let Some(outputs) = body.outputs_mut() {
            let had = outputs.len();
            outputs.extend(last.outputs().iter().skip(had).cloned());
            // Where each output has its own input, that came with it.
            if body.is_pairwise()
                && let (Some(MaybeList::Shown(inputs)), Some(MaybeList::Shown(more))) =
                    (body.inputs_mut(), last.inputs())
                && inputs.len() == had
            {
                inputs.extend(more.iter().skip(had).copied());
            }
        }
        body
    }
}

/// The corrections among some records.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Amended {
    /// Statements of each corrected record.
    pub statements: HashMap<RecordId, Statements>,
    /// Corrections without effect, by their record, in the order of their chains.
    pub void: Vec<(RecordId, Misfit)>,
}

impl Amended {
    /// Gathers all corrections among `records`; costs one look at each record's kind where there are none.
    pub fn gather(records: &[Record]) -> Self {
        let mut amended = Self::default();
        let correct = |record: &'_ Record| match &record.event.body {
            Body::Correct(correct) => Some(correct.target),
            _ => None,
        };
        let mut corrections: Vec<(RecordId, &Record)> =
            records.iter().filter_map(|record| Some((correct(record)?, record))).collect();
        if corrections.is_empty() {
            return amended;
        }
        corrections.sort_by_key(|(_, by)| (by.author, by.epoch, by.seq, by.id));
        corrections.dedup_by_key(|(_, by)| by.id);
        let wanted: HashSet<RecordId> = corrections.iter().map(|(target, _)| *target).collect();
        let targets: HashMap<RecordId, &Record> = records
            .iter()
            .filter(|record| wanted.contains(&record.id))
            .map(|record| (record.id, record))
            .collect();
        for (id, by) in corrections {
            let Some(target) = targets.get(&id) else { continue };
            amended.add(target, by);
        }
        amended
    }

    fn add(&mut self, target: &Record, by: &Record) {
        let Body::Correct(correct) = &by.event.body else { return };
        let before = match self.statements.get(&target.id) {
            Some(statements) => statements.signed(statements.corrections.len()),
            None => &target.event.body,
        };
        if let Err(misfit) = fits(&by.author, correct, &target.author, before) {
            self.void.push((by.id, misfit));
            return;
        }
        let correction =
            Correction { record: by.id, place: (by.epoch, by.seq), body: (*correct.replacement.0).clone() };
        let statements = self
            .statements
            .entry(target.id)
            .or_insert_with(|| Statements { first: target.event.body.clone(), corrections: Vec::new() });
        statements.corrections.push(correction);
    }

    /// Puts the statement that `choice` picks, else the last, into every corrected record.
    pub fn restate(&self, records: &mut [Record], choice: &HashMap<RecordId, usize>) {
        if self.statements.is_empty() {
            return;
        }
        for record in records {
            if let Some(statements) = self.statements.get(&record.id) {
                let last = statements.corrections.len();
                let number = choice.get(&record.id).copied().unwrap_or(last).min(last);
                record.event.body = statements.stated(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::*;
    use super::*;

    #[test]
    fn the_latest_correction_on_the_chain_counts_whatever_order_records_came_in() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        world.correct_mass("mine", mined, 0, 90);
        world.correct_mass("mine", mined, 0, 80);
        world.records.reverse();
        let graph = world.graph();
        assert_eq!(graph.lot(&out(mined, 0)).and_then(|lot| lot.mass()), Some(kg(80)));
        let statements = graph.statements(&mined).unwrap();
        let masses: Vec<_> = (0..3).map(|at| statements.signed(at).outputs()[0].mass()).collect();
        assert_eq!(masses, [Some(kg(100)), Some(kg(90)), Some(kg(80))]);
    }

    #[test]
    fn an_appended_output_is_there_in_every_view() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let mut body = world.body(mined);
        body.outputs_mut().unwrap().push(lot("ore", 5));
        world.correct("mine", mined, body);
        let graph = world.graph();
        assert_eq!(graph.lot(&out(mined, 1)).and_then(|lot| lot.mass()), Some(kg(5)));
        let before = graph.restated(&[(mined, 0)].into());
        assert_eq!(before.lot(&out(mined, 1)).and_then(|lot| lot.mass()), Some(kg(5)));
    }

    #[test]
    fn what_does_not_fit_has_no_effect_and_says_why() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100), lot("ore", 1)]);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 100)]);
        let misfit = |world: &World| world.graph().void_corrections().iter().map(|one| one.1).next();
        type Change = fn(&mut Body);
        let cases: [(&str, RecordId, Change, Misfit); 3] = [
            ("plant", mined, |_| {}, Misfit::OtherAuthor),
            ("mine", mined, |body| drop(body.outputs_mut().unwrap().pop()), Misfit::FewerOutputs),
            (
                "mine",
                sent,
                |body| {
                    if let Body::Dispatch(dispatch) = body {
                        dispatch.receiver = Maybe::Shown(crate::model::event::Receiver::Later);
                    }
                },
                Misfit::OtherReceiver,
            ),
        ];
        for (by, target, change, expected) in cases {
            let mut world = world.clone();
            let mut body = world.body(target);
            change(&mut body);
            world.correct(by, target, body);
            assert_eq!(misfit(&world), Some(expected));
            assert!(world.graph().statements(&target).is_none());
        }
        let other = world.body(sent);
        world.correct("mine", mined, other);
        assert_eq!(misfit(&world), Some(Misfit::OtherKind));
    }
}
