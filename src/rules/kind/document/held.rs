//! Papers that are held about something, and whether one holds on the days that it has to.
//!
//! Counted are papers registered by parties behind the lot or by authorities, and those that the reader accepted. What
//! a paper says is not tested. Spec: docs/formats/kinds/document.md, "Papers for goods".

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::{Body, RegisterDocument, Subject};
use crate::model::evidence::DocumentKind;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::rules::day::JudgedDay;
use crate::rules::facts::Facts;
use crate::trust::AcceptedDocument;

/// A paper.
#[derive(Clone, Copy)]
enum Found<'f> {
    Registered(&'f Record, &'f RegisterDocument),
    Accepted(&'f AcceptedDocument),
}

/// What a paper can be about.
#[derive(Default)]
pub(super) struct Topic<'f> {
    pub(super) records: BTreeSet<RecordId>,
    pub(super) lots: BTreeSet<LotRef>,
    pub(super) parties: BTreeSet<PartyId>,
    pub(super) names: BTreeSet<&'f str>,
}

/// What a paper has to cover.
#[derive(Clone, Copy)]
pub(super) enum Cover {
    /// Goods as a whole: on the days of the one thing that it is found by.
    Goods,
    /// A step: its stage, on every day of it; without a period where that is not told.
    Step(Stage, Option<Period>),
}

/// How well something is on paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Held {
    Good,
    /// One is held that does not hold on every day: in words, with its record.
    Invalid(String, Option<RecordId>),
    None,
}

/// Papers by what they are about.
pub(super) struct Papers<'a, 'f> {
    facts: &'a Facts<'f>,
    day: &'a JudgedDay,
    /// How old the reader's check of an accepted paper may be, in days.
    max_age_days: u32,
    about: HashMap<About, Vec<Found<'f>>>,
}

/// As `Subject`, to look up by.
#[derive(Clone, PartialEq, Eq, Hash)]
enum About {
    Party(PartyId),
    Record(RecordId),
    Lot(LotRef),
    Name(String),
}

impl From<&Subject> for About {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Party(party) => Self::Party(*party),
            Subject::Record(id) => Self::Record(*id),
            Subject::Lot(lot) => Self::Lot(*lot),
        }
    }
}

impl Topic<'_> {
    fn subjects(&self) -> impl Iterator<Item = About> {
        let records = self.records.iter().map(|id| About::Record(*id));
        let lots = self.lots.iter().map(|lot| About::Lot(*lot));
        let parties = self.parties.iter().map(|party| About::Party(*party));
        let names = self.names.iter().map(|name| About::Name((*name).to_owned()));
        records.chain(lots).chain(parties).chain(names)
    }

    /// Whether both the party and the facility that an accepted paper names are among them.
    fn holds_both_of(&self, paper: &AcceptedDocument) -> bool {
        paper.party.is_none_or(|party| self.parties.contains(&party))
            && paper.entry.facility.is_none_or(|place| self.records.contains(&place))
    }
}

impl<'a, 'f> Papers<'a, 'f> {
    /// Gathers the papers that count for a question about a day.
    pub(super) fn new(facts: &'a Facts<'f>, day: &'a JudgedDay, max_age_days: u32) -> Self {
        let authors: HashSet<PartyId> = facts.records_behind().map(|record| record.author).collect();
        let mut about: HashMap<About, Vec<Found<'f>>> = HashMap::new();
        for record in facts.graph.records() {
            let Body::RegisterDocument(paper) = &record.event.body else { continue };
            let counts =
                authors.contains(&record.author) || facts.trust.authority(&record.author).next().is_some();
            if !counts || facts.graph.withdrawn(&record.id).is_some() {
                continue;
            }
            for subject in &paper.about {
                about.entry(subject.into()).or_default().push(Found::Registered(record, paper));
            }
        }
        for paper in &facts.trust.accepted_documents {
            let keys = [
                paper.party.map(About::Party),
                paper.entry.facility.map(About::Record),
                paper.entry.name.clone().map(About::Name),
            ];
            for key in keys.into_iter().flatten() {
                about.entry(key).or_default().push(Found::Accepted(paper));
            }
        }
        Self { facts, day, max_age_days, about }
    }

    /// Looks for a paper of one of `kinds` about something of `topic`; one that is good is enough.
    pub(super) fn held(&self, kinds: &[DocumentKind], topic: &Topic<'f>, cover: Cover) -> Held {
        let mut held = Held::None;
        for subject in topic.subjects() {
            for found in self.about.get(&subject).into_iter().flatten() {
                match self.of_paper(found, &subject, kinds, topic, cover) {
                    Held::Good => return Held::Good,
                    Held::None => {}
                    invalid => held = invalid,
                }
            }
        }
        held
    }

    /// Judges one paper that was found by `subject`.
    fn of_paper(
        &self,
        found: &Found<'f>,
        subject: &About,
        kinds: &[DocumentKind],
        topic: &Topic<'f>,
        cover: Cover,
    ) -> Held {
        let (kind, valid, stages) = match found {
            Found::Registered(_, paper) => (paper.document, paper.valid, &paper.stages),
            Found::Accepted(paper) => (paper.entry.kind, paper.entry.valid, &paper.entry.stages),
        };
        let fits = match cover {
            Cover::Goods => true,
            Cover::Step(stage, _) => stages.is_empty() || stages.contains(&stage),
        };
        if !kinds.contains(&kind) || !fits {
            return Held::None;
        }
        if let Found::Accepted(paper) = found {
            let age = self.day.get().days_since(paper.entry.checked_on);
            if i64::from(age) > i64::from(self.max_age_days) || !topic.holds_both_of(paper) {
                return Held::None;
            }
        }
        let Some(valid) = valid else { return Held::Good };
        let days = match cover {
            Cover::Goods => self.days_of(subject),
            Cover::Step(_, period) => period,
        };
        match days {
            // When that was is not told, so nothing tells that the paper held.
            None => Held::None,
            Some(days) if valid.covers(&days) => Held::Good,
            Some(_) => {
                let (what, record) = match found {
                    Found::Registered(record, _) => (kind.to_string(), Some(record.id)),
                    Found::Accepted(paper) => (paper.describe(), None),
                };
                Held::Invalid(format!("{what} {}..{}", valid.first, valid.last), record)
            }
        }
    }

    /// Returns the days on which a paper about goods has to hold, by what it is found by.
    ///
    /// Those of the event of a record or of what made a lot; of a party or place, of everything behind the lot that was
    /// done by it or there. `None` where one of those days is not told, or where the papers of others alone tell of it.
    fn days_of(&self, subject: &About) -> Option<Period> {
        let facts = self.facts;
        let happened = |id: &RecordId| facts.graph.record(id)?.event.body.at()?.period.shown().copied();
        match subject {
            About::Lot(lot) => happened(&lot.record),
            About::Record(id) if facts.graph.facility(id).is_some() => {
                span(facts, |record| record.event.body.at().is_some_and(|at| at.facility.shown() == Some(id)))
            }
            About::Record(id) => happened(id),
            About::Party(party) => span(facts, |record| record.author == *party),
            About::Name(_) => None,
        }
    }
}

/// Returns the days from the first to the last of the events behind the lot that `wanted` picks.
fn span(facts: &Facts<'_>, wanted: impl Fn(&Record) -> bool) -> Option<Period> {
    let mut span: Option<Period> = None;
    for record in facts.records_behind().filter(|record| wanted(record)) {
        let Some(at) = record.event.body.at() else { continue };
        let period = at.period.shown()?;
        span = Some(match span {
            None => *period,
            Some(span) => {
                Period { first: span.first.min(period.first), last: span.last.max(period.last), ..span }
            }
        });
    }
    span
}
