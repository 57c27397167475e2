//! No listed entity behind the lot: who had it, ran a place, supplied, made or owned it.

use std::collections::{BTreeSet, HashSet};

use super::{Asked, ForbidTouch, Outcome};
use crate::custody::names;
use crate::custody::touch::Presence;
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, Receiver};
use crate::model::maybe::Maybe;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::listed::{Answer, Listed};
use crate::rules::pack::PackFault;
use crate::rules::people::{Person, Who};
use crate::rules::verdict::{MAX_REASONS, ReasonCode};

/// The most records that one reason points at.
const MAX_RECORDS: usize = 20;

impl ForbidTouch {
    /// Checks that there is something to bar, and that what belongs to a list of entities has one.
    pub(super) fn check_entities(&self, field: &str) -> Result<(), PackFault> {
        if self.entities.is_some() {
            return Ok(());
        }
        let needs = |what: &str| PackFault::Value {
            field: format!("{field}.{what}"),
            problem: "there is no list of entities that it could be about".to_owned(),
            hint: "name one under `entities`, or leave the line out".to_owned(),
        };
        match self.countries {
            None => Err(PackFault::Value {
                field: format!("{field}.countries"),
                problem: "neither countries nor entities are barred".to_owned(),
                hint: "name a list under `countries` or `entities`".to_owned(),
            }),
            _ if self.one_step_upstream => Err(needs("one_step_upstream")),
            _ if !self.issuers_of.is_empty() => Err(needs("issuers_of")),
            _ if self.screened_within_days.is_some() => Err(needs("screened_within_days")),
            _ => Ok(()),
        }
    }

    /// Adds what a list of entities says of everybody behind the lot.
    pub(super) fn of_entities(&self, asked: &Asked<'_, '_>, name: &str, outcome: &mut Outcome) {
        let facts = asked.facts;
        let listed = Listed::new(name, asked.pack.entity_list(name));
        let people = facts.people(&self.issuers_of);
        let mut reasons = Reasons { facts, told: Told::default() };
        let mut hits: Vec<(&Person<'_>, String)> = Vec::new();
        let mut asked_about: HashSet<String> = HashSet::new();
        for person in people.iter() {
            let is_new = asked_about.insert(person.who.key());
            let Some(subject) = person.who.subject() else {
                reasons.unnamed(person);
                continue;
            };
            match listed.ask(facts.trust, person.who.name(facts), person.who.identifiers(facts)) {
                Answer::Hit { why, .. } => hits.push((person, why)),
                // Somebody is told of once, whatever parts it has; a hit in each part.
                _ if !is_new => {}
                Answer::Near { spellings } => reasons.near(&listed, person, &spellings),
                Answer::Withheld => reasons.unnamed(person),
                Answer::Clear { notes } => {
                    reasons.told.outcome.notes.extend(notes);
                    if !listed.list.complete {
                        let days =
                            self.screened_within_days.map_or(facts.trust.max_status_age_days, |days| {
                                days.min(facts.trust.max_status_age_days)
                            });
                        match listed.screened(facts, &subject, asked.day, days) {
                            Ok(note) => {
                                let words = person.who.words(facts);
                                reasons.told.outcome.notes.push(format!("{words}: {note}"));
                            }
                            Err(why) => reasons.not_screened(&listed, person, &why),
                        }
                    }
                }
            }
        }
        let alone: Vec<bool> = hits.iter().map(|(person, _)| is_surely_behind(facts, person)).collect();
        let together = !alone.contains(&true) && are_certain_together(facts, &hits);
        for ((person, why), alone) in hits.iter().zip(alone) {
            reasons.hit(&listed, person, why, alone || together);
        }
        if self.one_step_upstream {
            let suppliers = suppliers(facts, &listed);
            for person in people.iter().filter(|person| suppliers.holds(facts, person)) {
                reasons.upstream(&listed, person);
            }
        }
        let version = format!(
            "list `{}` of {}, {} here ({})",
            listed.name,
            listed.list.date,
            listed.list.coverage(),
            if listed.list.complete { "complete" } else { "not complete" }
        );
        outcome.add(reasons.told.done());
        outcome.notes.push(version);
        outcome.notes.sort();
        outcome.notes.dedup();
    }
}

/// Whether the lot surely went through a record by which somebody is behind it.
fn is_surely_behind(facts: &Facts<'_>, person: &Person<'_>) -> bool {
    person.ways.iter().take(MAX_REASONS).any(|way| facts.surely_through(way))
}

/// Whether the lot surely went through some of these records, though perhaps through none of them surely.
fn are_certain_together(facts: &Facts<'_>, hits: &[(&Person<'_>, String)]) -> bool {
    let ways: BTreeSet<RecordId> = hits.iter().flat_map(|(person, _)| &person.ways).copied().collect();
    if ways.is_empty() {
        return false;
    }
    let through = |element| facts.joint_presence(element, |touch| ways.contains(&touch.record));
    facts.surely_held().iter().any(|one| through(*one) == Some(Presence::Certain))
}

/// Who supplies a listed entity, by all records held.
struct Suppliers<'g> {
    parties: HashSet<PartyId>,
    outside: HashSet<&'g str>,
}

impl<'g> Suppliers<'g> {
    fn holds(&self, facts: &Facts<'g>, person: &Person<'g>) -> bool {
        match person.who {
            Who::Party(party) => self.parties.contains(&party),
            Who::Outside(_) => person.who.name(facts).shown().is_some_and(|name| self.outside.contains(name)),
            _ => false,
        }
    }
}

fn suppliers<'g>(facts: &Facts<'g>, listed: &Listed<'_>) -> Suppliers<'g> {
    let mut found = Suppliers { parties: HashSet::new(), outside: HashSet::new() };
    if listed.list.entries.is_empty() {
        return found;
    }
    let is_listed = |who: Who<'g>| {
        matches!(listed.ask(facts.trust, who.name(facts), who.identifiers(facts)), Answer::Hit { .. })
    };
    for record in facts.graph.records() {
        match &record.event.body {
            Body::Dispatch(dispatch) => {
                let to = match &dispatch.receiver {
                    Maybe::Shown(Receiver::Party(party)) => Who::Party(*party),
                    Maybe::Shown(Receiver::Outside(outsider)) => Who::Outside(outsider),
                    _ => continue,
                };
                if !found.parties.contains(&record.author) && is_listed(to) {
                    found.parties.insert(record.author);
                }
            }
            Body::Intake(intake) => {
                if let Maybe::Shown(supplier) = &intake.supplier
                    && !found.outside.contains(supplier.name.as_str())
                    && is_listed(Who::Party(record.author))
                {
                    found.outside.insert(&supplier.name);
                }
            }
            _ => {}
        }
    }
    found
}

struct Reasons<'a, 'g> {
    facts: &'a Facts<'g>,
    told: Told,
}

impl<'g> Reasons<'_, 'g> {
    fn push(&mut self, code: ReasonCode, verdict: Verdict, person: &Person<'g>, text: String, resolve: &str) {
        let records = person.records.iter().take(MAX_RECORDS).copied().collect();
        self.told.because(code, verdict, text, records, resolve);
    }

    fn hit(&mut self, listed: &Listed<'_>, person: &Person<'g>, why: &str, is_certain: bool) {
        let (code, verdict) = match is_certain {
            true => (ReasonCode::ListedEntity, Verdict::Fail),
            false => (ReasonCode::PossibleListedEntity, Verdict::Unknown),
        };
        let perhaps = if is_certain { "" } else { ", if that is part of this lot" };
        let text = format!(
            "{} {}{perhaps}: on list `{}` of {}, {why}",
            person.who.words(self.facts),
            person.part.words(),
            listed.name,
            listed.list.date
        );
        let resolve = match is_certain {
            true => "no record can; a rebuttal or licence is not judged here",
            false => "show which parcels this lot is made of",
        };
        self.push(code, verdict, person, text, resolve);
    }

    fn near(&mut self, listed: &Listed<'_>, person: &Person<'g>, spellings: &str) {
        let text = format!(
            "{} {}: the name is like one on list `{}` of {}: {spellings}",
            person.who.words(self.facts),
            person.part.words(),
            listed.name,
            listed.list.date
        );
        let resolve =
            "find out whether they are the same, and say so in the trust file under `[[resolved_name]]`";
        self.push(ReasonCode::NearName, Verdict::Unknown, person, text, resolve);
    }

    /// Says of whom nothing can be asked.
    fn unnamed(&mut self, person: &Person<'g>) {
        let graph = self.facts.graph;
        let words = person.who.words(self.facts);
        let part = person.part.words();
        match person.who {
            Who::NotTold { by } => {
                let text = format!("{words} {part}: who that is, is not told");
                let resolve =
                    format!("ask {} to name the maker on the supplier's papers", names::party(graph, &by));
                self.push(ReasonCode::NameOpen, Verdict::Unknown, person, text, &resolve);
            }
            Who::NotHeld { record } => {
                let text = format!("{words} {part}: who runs it is not known");
                let resolve = format!("import the record `{}` that declares the facility", record.short());
                self.push(ReasonCode::NameOpen, Verdict::Unknown, person, text, &resolve);
            }
            Who::Withheld { by, item } => {
                let text = format!("{words} {part}: the item `{item}` is withheld");
                let resolve = format!("ask {} to show the item `{item}`", names::party(graph, &by));
                self.push(ReasonCode::NameWithheld, Verdict::Withheld, person, text, &resolve);
            }
            Who::Party(party) if graph.party(&party).is_none() => {
                let text = format!("{words} {part}: the record that names it is not held");
                let resolve = format!("import the chain of `{}`", party.short());
                self.push(ReasonCode::NameOpen, Verdict::Unknown, person, text, &resolve);
            }
            Who::Party(_) | Who::Outside(_) => {
                let text = format!("{words} {part}: its name or its numbers in registers are withheld");
                let resolve = format!("ask {words} to show the items `name` and `identifiers`");
                self.push(ReasonCode::NameWithheld, Verdict::Withheld, person, text, &resolve);
            }
        }
    }

    fn not_screened(&mut self, listed: &Listed<'_>, person: &Person<'g>, why: &str) {
        let text = format!(
            "{} {}: list `{}` of {} is not complete here ({}), and {why}",
            person.who.words(self.facts),
            person.part.words(),
            listed.name,
            listed.list.date,
            listed.list.coverage()
        );
        let resolve = format!(
            "have it screened against the whole list, and list the paper as an accepted document of kind \
             `list_screening` with scheme `{}`; or put the whole list into a copy of the pack",
            listed.name
        );
        self.push(ReasonCode::NotScreened, Verdict::Unknown, person, text, &resolve);
    }

    fn upstream(&mut self, listed: &Listed<'_>, person: &Person<'g>) {
        let words = person.who.words(self.facts);
        let also =
            format!("{words} {}, and supplies somebody on list `{}` too", person.part.words(), listed.name);
        if person.on_paper {
            let resolve =
                format!("have {words} record in a ledger of its own where what it supplies comes from");
            let text = format!("{also}; what it supplied is known from papers alone");
            self.push(ReasonCode::ListedUpstream, Verdict::Unknown, person, text, &resolve);
        } else {
            self.told.outcome.notes.push(also);
        }
    }
}
