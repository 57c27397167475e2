//! Who is behind the lot, and how each stands to those whose shares count: one of them, perhaps, withheld, or apart.

use std::collections::BTreeSet;

use super::Ownership;
use super::owners::{Node, Owners, called};
use crate::custody::names;
use crate::custody::ties::Ties;
use crate::hash::RecordId;
use crate::model::event::{Body, Receiver};
use crate::model::maybe::Maybe;
use crate::model::party::Identifier;
use crate::model::place::{Country, Place};
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::kind::Asked;
use crate::rules::listed::{Answer, Listed};
use crate::rules::people::{Person, Who};
use crate::rules::verdict::ReasonCode;

/// The most records that one reason names.
const RECORDS: usize = 20;

/// How somebody stands to those whose shares count.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Standing {
    /// One of them; why, in words.
    Counts(String),
    /// Perhaps one of them: a name like a listed one.
    Near(String),
    /// Name, numbers or country are withheld.
    Withheld,
    /// Where it is from is not told.
    CountryOpen,
    Apart,
}

/// One lot under the rule, and what is told of it so far.
pub(super) struct Judged<'a, 'f> {
    pub(super) rule: &'a Ownership,
    pub(super) asked: &'a Asked<'a, 'f>,
    pub(super) owners: Owners,
    pub(super) listed: Option<Listed<'a>>,
    pub(super) covered: &'a [Place],
    pub(super) max_age_days: u32,
    pub(super) told: Told,
}

impl<'a, 'f> Judged<'a, 'f> {
    pub(super) fn facts(&self) -> &'a Facts<'f> {
        self.asked.facts
    }

    pub(super) fn push(
        &mut self,
        code: ReasonCode,
        verdict: Verdict,
        records: &[RecordId],
        text: String,
        resolve: &str,
    ) {
        let records = records.iter().take(RECORDS).copied().collect();
        self.told.because(code, verdict, text, records, resolve);
    }

    /// Judges somebody behind the lot.
    pub(super) fn of_person(&mut self, person: &Person<'f>) {
        let facts = self.facts();
        let (root, country) = match person.who {
            Who::Party(party) => {
                (Node::Party(party), facts.graph.party(&party).map(|(_, establish)| establish.country))
            }
            Who::Outside(outsider) => {
                (Node::Name(outsider.name.clone()), outsider.place.as_ref().map(|place| place.country))
            }
            Who::Withheld { by, item } => {
                let words = person.who.words(facts);
                let text = format!("{words} {}: the item `{item}` is withheld", person.part.words());
                let resolve = format!("ask {} to show the item `{item}`", names::party(facts.graph, &by));
                self.push(ReasonCode::NameWithheld, Verdict::Withheld, &person.records, text, &resolve);
                return;
            }
            Who::NotTold { .. } | Who::NotHeld { .. } => {
                let text =
                    format!("{} {}: who that is, is not told", person.who.words(facts), person.part.words());
                let resolve =
                    "have the maker or operator named, or import the record that declares the place";
                self.push(ReasonCode::NameOpen, Verdict::Unknown, &person.records, text, resolve);
                return;
            }
        };
        let identifiers = match person.who {
            Who::Outside(outsider) => outsider.identifiers.as_slice(),
            _ => &[],
        };
        let ways = &person.ways;
        let is_certain = ways.iter().take(50).any(|way| facts.surely_through(way));
        self.of_root(&root, country, identifiers, person, is_certain);
    }

    fn of_root(
        &mut self,
        root: &Node,
        country: Option<Country>,
        identifiers: &[Identifier],
        person: &Person<'f>,
        is_certain: bool,
    ) {
        let facts = self.facts();
        let above = self.owners.above(root);
        let mut counting: BTreeSet<Node> = BTreeSet::new();
        let mut open: BTreeSet<Node> = BTreeSet::new();
        let name = called(facts, root);
        for node in &above {
            let standing = match node == root {
                true => self.standing(node, country, identifiers),
                false => self.standing(node, None, &[]),
            };
            let who = called(facts, node);
            match standing {
                Standing::Counts(why) if node == root => {
                    let text = format!("{name} {}: {why}", person.part.words());
                    self.over(text, &person.records, is_certain);
                    return;
                }
                Standing::Counts(_) => {
                    counting.insert(node.clone());
                }
                Standing::Near(spellings) => {
                    open.insert(node.clone());
                    let text = format!("{who} is or owns {name}: the name is like a listed one: {spellings}");
                    let resolve = "find out whether they are the same, and say so in the trust file under `[[resolved_name]]`";
                    self.push(ReasonCode::NearName, Verdict::Unknown, &person.records, text, resolve);
                }
                Standing::Withheld => {
                    open.insert(node.clone());
                    let text = format!("{who} is or owns {name}: its name or its numbers are withheld");
                    let resolve = format!("ask {who} to show the items `name` and `identifiers`");
                    self.push(ReasonCode::NameWithheld, Verdict::Withheld, &person.records, text, &resolve);
                }
                Standing::CountryOpen => {
                    open.insert(node.clone());
                    if node == root {
                        let text = format!("{name} {}: where it is from is not told", person.part.words());
                        let resolve = "have the supplier or maker named with its place";
                        self.push(ReasonCode::OwnersOpen, Verdict::Unknown, &person.records, text, resolve);
                    }
                }
                Standing::Apart => self.screened(node, person),
            }
        }
        self.shares(root, &counting, &open, person, is_certain);
        self.other_ties(root, &counting, person, is_certain);
    }

    fn standing(&self, node: &Node, country: Option<Country>, identifiers: &[Identifier]) -> Standing {
        let facts = self.facts();
        let about = self.owners.about(node);
        let mut numbers = identifiers.to_vec();
        numbers.extend(about.iter().flat_map(|about| about.identifiers.iter().cloned()));
        let (name, shown, establish_country) = match node {
            Node::Name(name) => (Maybe::Shown(name.as_str()), true, None),
            Node::Party(party) => match facts.graph.party(party) {
                None => (Maybe::Withheld, false, None),
                Some((_, establish)) => {
                    if let Maybe::Shown(own) = &establish.identifiers {
                        numbers.extend(own.iter().cloned());
                    }
                    let name = match &establish.name {
                        Maybe::Shown(name) => Maybe::Shown(name.as_str()),
                        Maybe::Withheld => Maybe::Withheld,
                    };
                    (name, !establish.identifiers.is_withheld(), Some(establish.country))
                }
            },
        };
        let country = country.or(establish_country).or(about.and_then(|about| about.country));
        if let Some(country) = country
            && self.covered.iter().any(|place| place.country == country)
        {
            return Standing::Counts(format!("of {country}, a covered country"));
        }
        if let Some(listed) = &self.listed {
            let given = if shown { Maybe::Shown(numbers.as_slice()) } else { Maybe::Withheld };
            match listed.ask(facts.trust, name, given) {
                Answer::Hit { why, .. } => {
                    return Standing::Counts(format!("on list `{}`, {why}", listed.name));
                }
                Answer::Near { spellings } => return Standing::Near(spellings),
                Answer::Withheld => return Standing::Withheld,
                Answer::Clear { .. } => {}
            }
        }
        if country.is_none() && self.rule.countries.is_some() {
            return Standing::CountryOpen;
        }
        Standing::Apart
    }

    /// Notes who was screened against a list that is not complete, and who was not.
    fn screened(&mut self, node: &Node, person: &Person<'f>) {
        let facts = self.facts();
        let Some(listed) = self.listed.as_ref().filter(|listed| !listed.list.complete) else { return };
        let who = called(facts, node);
        match listed.screened(facts, node, self.asked.day, self.max_age_days) {
            Ok(note) => self.told.outcome.notes.push(format!("{who}: {note}")),
            Err(why) => {
                let (list, coverage) = (listed.name, listed.list.coverage());
                let text = format!(
                    "{who}, that {} or owns who does: list `{list}` is not complete here ({coverage}), and {why}",
                    person.part.words()
                );
                let resolve = format!(
                    "have it screened against the whole list, and list the paper as an accepted document of kind \
                     `list_screening` with scheme `{list}`"
                );
                self.push(ReasonCode::NotScreened, Verdict::Unknown, &person.records, text, &resolve);
            }
        }
    }

    /// Says that somebody is over a threshold.
    pub(super) fn over(&mut self, text: String, records: &[RecordId], is_certain: bool) {
        let (verdict, text) = match is_certain {
            true => (Verdict::Fail, text),
            false => (Verdict::Unknown, format!("{text}; the lot may not have come from there")),
        };
        let resolve = "no record can, unless the shares are told wrongly";
        self.push(ReasonCode::OwnerOver, verdict, records, text, resolve);
    }

    /// Notes goods that pass between parties of one group.
    pub(super) fn related_hand_overs(&mut self) {
        let facts = self.facts();
        let ties = Ties::new(facts.graph);
        for record in facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id)) {
            let Body::Dispatch(dispatch) = &record.event.body else { continue };
            let (Maybe::Shown(Receiver::Party(to)), Maybe::Shown(period)) =
                (&dispatch.receiver, &dispatch.at.period)
            else {
                continue;
            };
            if *to != record.author && ties.between(&record.author, to, period).is_some() {
                let note = format!(
                    "hand-over between parties of one group: {} to {}",
                    names::party(facts.graph, &record.author),
                    names::party(facts.graph, to)
                );
                self.told.outcome.notes.push(note);
            }
        }
    }
}
