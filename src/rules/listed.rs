//! Whether somebody is on a list: by number, by name, or so nearly that a person must look.
//!
//! INVARIANT (an incomplete list clears nobody): of a list that is not complete here, each name behind the lot must
//! be screened by somebody whom the reader believes. Spec: docs/formats/rule-pack.md, "Entities".

use super::day::JudgedDay;
use super::facts::Facts;
use super::pack::{Entity, EntityList};
use crate::custody::names as custody;
use crate::custody::place;
use crate::model::day::Day;
use crate::model::event::{Body, Subject};
use crate::model::evidence::DocumentKind;
use crate::model::maybe::Maybe;
use crate::model::names::{self, Normal};
use crate::model::party::Identifier;
use crate::trust::{OwnerOf, Trust};

/// A list, ready to be asked.
pub(super) struct Listed<'p> {
    /// What the pack calls it; screenings name it as their scheme.
    pub(super) name: &'p str,
    pub(super) list: &'p EntityList,
    /// Every spelling of every entry.
    spellings: Vec<(Normal, &'p str, &'p Entity)>,
}

/// What a list says of somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answer<'p> {
    /// On the list; why, in words.
    Hit { entry: &'p Entity, why: String },
    /// A name like a listed one, which the reader has not resolved; the two side by side.
    Near { spellings: String },
    /// Name or numbers are withheld.
    Withheld,
    /// Not on the list as far as it stands here; what the reader resolved.
    Clear { notes: Vec<String> },
}

impl<'p> Listed<'p> {
    pub(super) fn new(name: &'p str, list: &'p EntityList) -> Self {
        let spellings = list.entries.iter().flat_map(|entry| {
            let names = std::iter::once(&entry.name).chain(&entry.aliases);
            names.map(move |name| (Normal::of(name), name.as_str(), entry))
        });
        Self { name, list, spellings: spellings.collect() }
    }

    /// Returns what the list says of somebody.
    ///
    /// A number in the same register that differs clears no name: one firm has several over time and places, and
    /// who states a number states it of itself.
    pub(super) fn ask(
        &self,
        trust: &Trust,
        name: Maybe<&str>,
        identifiers: Maybe<&[Identifier]>,
    ) -> Answer<'p> {
        if let Some(hit) = identifiers.shown().and_then(|numbers| self.by_number(numbers)) {
            return hit;
        }
        let mut notes = Vec::new();
        if let Maybe::Shown(name) = name {
            let normal = Normal::of(name);
            let mut open = None;
            for (_, spelling, entry) in self.spellings.iter().filter(|(one, ..)| one.is_near(&normal)) {
                let of_pair = |one: &&crate::trust::file::ResolvedName| {
                    one.name == name && (one.listed == *spelling || one.listed == entry.name)
                };
                let resolved: Vec<_> = trust.resolved_names.iter().filter(of_pair).collect();
                if let Some(same) = resolved.iter().find(|one| one.same) {
                    let why = format!(
                        "`{name}` is the listed `{spelling}`, as {} found on {}",
                        same.checked_by, same.checked_on
                    );
                    return Answer::Hit { entry, why };
                }
                match resolved.first() {
                    Some(other) => notes.push(format!(
                        "`{name}` is not the listed `{spelling}`, as {} found on {}",
                        other.checked_by, other.checked_on
                    )),
                    None => {
                        let differs = self.differing(entry, identifiers);
                        open.get_or_insert(format!("`{name}` / listed `{spelling}`{differs}"));
                    }
                }
            }
            if let Some(spellings) = open {
                return Answer::Near { spellings };
            }
        }
        if name.is_withheld() || identifiers.is_withheld() {
            return Answer::Withheld;
        }
        Answer::Clear { notes }
    }

    fn by_number(&self, numbers: &[Identifier]) -> Option<Answer<'p>> {
        for entry in &self.list.entries {
            for listed in &entry.identifiers {
                let is_same = |one: &&Identifier| {
                    one.scheme.eq_ignore_ascii_case(&listed.scheme)
                        && names::number(&one.number) == names::number(&listed.number)
                };
                if numbers.iter().any(|one| is_same(&one)) {
                    let why = format!(
                        "its {} number `{}` is that of the listed `{}`",
                        listed.scheme, listed.number, entry.name
                    );
                    return Some(Answer::Hit { entry, why });
                }
            }
        }
        None
    }

    fn differing(&self, entry: &Entity, numbers: Maybe<&[Identifier]>) -> String {
        let Maybe::Shown(numbers) = numbers else { return String::new() };
        let other = entry.identifiers.iter().find_map(|listed| {
            numbers
                .iter()
                .find(|one| one.scheme.eq_ignore_ascii_case(&listed.scheme))
                .map(|one| (one, listed))
        });
        other.map_or_else(String::new, |(one, listed)| {
            format!(" (its {} number is `{}`, the listed one `{}`)", one.scheme, one.number, listed.number)
        })
    }

    /// Returns who screened somebody against the whole list, as a note; what is wrong with the screenings otherwise.
    ///
    /// A screening counts from the day of the list on, and for `max_age_days`.
    pub(super) fn screened(
        &self,
        facts: &Facts<'_>,
        who: &OwnerOf,
        asked: &JudgedDay,
        max_age_days: u32,
    ) -> Result<String, String> {
        let mut best: Option<(Day, String)> = None;
        let mut offer = |day: Day, by: String| {
            if best.as_ref().is_none_or(|(known, _)| *known < day) {
                best = Some((day, by));
            }
        };
        for paper in &facts.trust.accepted_documents {
            let entry = &paper.entry;
            let is_about = match who {
                OwnerOf::Party(party) => paper.party == Some(*party),
                OwnerOf::Name(name) => entry.name.as_ref() == Some(name),
            };
            let holds = || entry.valid.is_none_or(|valid| valid.contains(asked.get()));
            let fits =
                entry.kind == DocumentKind::ListScreening && entry.scheme.as_deref() == Some(self.name);
            if is_about && fits && holds() {
                offer(entry.checked_on, format!("{}, checked by {}", paper.describe(), entry.checked_by));
            }
        }
        if let OwnerOf::Party(party) = who {
            for (record, paper) in facts.screenings_of(party) {
                let believed = facts
                    .trust
                    .authority(&record.author)
                    .any(|one| one.schemes.iter().any(|it| it == self.name));
                let holds = paper.valid.is_none_or(|valid| valid.contains(asked.get()));
                if believed && holds && !facts.is_tied(record, party) {
                    offer(record.signed_at.day(), custody::record(facts.graph, record));
                }
            }
        }
        let Some((day, by)) = best else {
            return Err("no screening of it is held".to_owned());
        };
        let age = asked.get().days_since(day);
        if day < self.list.date {
            return Err(format!(
                "its last screening, on {day}, is older than the list of {}",
                self.list.date
            ));
        }
        if age > i32::try_from(max_age_days).unwrap_or(i32::MAX) {
            return Err(format!("its last screening, on {day}, is {age} days old, {max_age_days} allowed"));
        }
        Ok(format!("screened against `{}` on {day} ({by})", self.name))
    }
}

/// Whether a record is a screening, and of whom.
pub(super) fn screened_parties(
    record: &crate::model::record::Record,
) -> Option<(&crate::model::event::RegisterDocument, impl Iterator<Item = crate::hash::PartyId> + '_)> {
    let Body::RegisterDocument(paper) = &record.event.body else { return None };
    if paper.document != DocumentKind::ListScreening || place::behalf(record).is_some() {
        return None;
    }
    let parties = paper.about.iter().filter_map(|one| match one {
        Subject::Party(party) => Some(*party),
        _ => None,
    });
    Some((paper, parties))
}
