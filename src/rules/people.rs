//! Who stands behind a lot: whoever recorded or attests something of it, ran a place, supplied, made or owned it.
//!
//! Carriers are not looked at, nor who a lot goes to. Spec: docs/formats/rule-pack.md, "Entities".

use std::collections::{BTreeMap, HashSet};

use super::facts::Facts;
use crate::custody::names;
use crate::custody::place;
use crate::custody::title;
use crate::hash::{PartyId, RecordId};
use crate::model::dealings::Title;
use crate::model::event::{Behalf, Body, Receiver, RegisterDocument, Subject};
use crate::model::evidence::DocumentKind;
use crate::model::facility::Operator;
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::{Identifier, Outsider};
use crate::model::record::Record;
use crate::trust::OwnerOf;

/// Somebody, as far as this reader is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Who<'g> {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Somebody who keeps none.
    Outside(&'g Outsider),
    /// Told by `by` and withheld, as the item `item`.
    Withheld { by: PartyId, item: &'static str },
    /// Not told by `by`.
    NotTold { by: PartyId },
    /// The record that would say who is not held.
    NotHeld { record: RecordId },
}

/// What somebody has to do with a lot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    Recorded,
    Attested,
    RanPlace,
    Supplied,
    Made,
    Owned,
    Issued(DocumentKind),
}

/// Somebody behind a lot.
#[derive(Clone, Debug)]
pub(super) struct Person<'g> {
    pub(super) who: Who<'g>,
    pub(super) part: Part,
    /// The records that say so, in order.
    pub(super) records: Vec<RecordId>,
    /// Those by which it stands on the lot's own way, which the lot may or may not have come along.
    pub(super) ways: Vec<RecordId>,
    /// Whether what it did is known from papers alone.
    pub(super) on_paper: bool,
}

impl Part {
    /// Returns what somebody did, after its name.
    pub(super) fn words(self) -> String {
        match self {
            Self::Recorded => "had it or worked on it".to_owned(),
            Self::Attested => "attests what was recorded of it".to_owned(),
            Self::RanPlace => "runs a place that it passed".to_owned(),
            Self::Supplied => "supplied it".to_owned(),
            Self::Made => "did a step of it".to_owned(),
            Self::Owned => "owned it".to_owned(),
            Self::Issued(kind) => format!("issued a paper about it ({kind})"),
        }
    }
}

impl<'g> Who<'g> {
    /// Returns its name, where that is told.
    pub(super) fn name(&self, facts: &Facts<'g>) -> Maybe<&'g str> {
        match self {
            Self::Party(party) => match facts.graph.party(party) {
                Some((_, establish)) => match &establish.name {
                    Maybe::Shown(name) => Maybe::Shown(name.as_str()),
                    Maybe::Withheld => Maybe::Withheld,
                },
                None => Maybe::Withheld,
            },
            Self::Outside(outsider) => Maybe::Shown(outsider.name.as_str()),
            _ => Maybe::Withheld,
        }
    }

    /// Returns its numbers in registers, where they are told.
    pub(super) fn identifiers(&self, facts: &Facts<'g>) -> Maybe<&'g [Identifier]> {
        match self {
            Self::Party(party) => match facts.graph.party(party) {
                Some((_, establish)) => match &establish.identifiers {
                    Maybe::Shown(numbers) => Maybe::Shown(numbers.as_slice()),
                    Maybe::Withheld => Maybe::Withheld,
                },
                None => Maybe::Withheld,
            },
            Self::Outside(outsider) => Maybe::Shown(outsider.identifiers.as_slice()),
            _ => Maybe::Withheld,
        }
    }

    /// Returns how reasons speak of it, in backticks where it is a name.
    pub(super) fn words(&self, facts: &Facts<'g>) -> String {
        match self {
            Self::Party(party) => names::party(facts.graph, party),
            Self::Outside(outsider) => format!("`{}`", outsider.name),
            Self::Withheld { by, .. } => format!("somebody whom {} withholds", names::party(facts.graph, by)),
            Self::NotTold { by } => format!("somebody whom {} does not name", names::party(facts.graph, by)),
            Self::NotHeld { record } => format!("who declares facility `{}`, not held,", record.short()),
        }
    }

    /// Returns the party or name, where one is told.
    pub(super) fn subject(&self) -> Option<OwnerOf> {
        match self {
            Self::Party(party) => Some(OwnerOf::Party(*party)),
            Self::Outside(outsider) => Some(OwnerOf::Name(outsider.name.clone())),
            _ => None,
        }
    }

    /// Returns what tells it from everybody else.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Party(party) => format!("p{}", party.to_hex()),
            Self::Outside(one) => {
                let numbers: Vec<String> =
                    one.identifiers.iter().map(|one| format!("{}={}", one.scheme, one.number)).collect();
                format!("o{}\n{}", one.name, numbers.join("\n"))
            }
            Self::Withheld { by, item } => format!("w{}{item}", by.to_hex()),
            Self::NotTold { by } => format!("n{}", by.to_hex()),
            Self::NotHeld { record } => format!("h{}", record.to_hex()),
        }
    }
}

/// Returns everybody behind the lot, each once for each part it has, in the order of the records.
///
/// `issuers_of` are the kinds of papers whose issuers are looked at too. Linear in the ancestry and the papers.
pub(super) fn behind<'g>(facts: &Facts<'g>, issuers_of: &[DocumentKind]) -> Vec<Person<'g>> {
    let mut found = Found { people: Vec::new(), known: BTreeMap::new() };
    let behind = facts.ancestry();
    let lots: HashSet<LotRef> = behind.lots.iter().copied().collect();
    let records: HashSet<RecordId> = behind.records.iter().copied().collect();
    for record in behind.records.iter().filter_map(|id| facts.graph.record(id)) {
        found.of_record(facts, record, &lots);
    }
    for record in title::standing(facts.graph) {
        found.of_title(record, &lots);
    }
    if !issuers_of.is_empty() {
        for record in facts.graph.records() {
            if let Body::RegisterDocument(paper) = &record.event.body
                && issuers_of.contains(&paper.document)
                && facts.graph.withdrawn(&record.id).is_none()
            {
                found.of_paper(facts, record, paper, &lots, &records);
            }
        }
    }
    found.people
}

struct Found<'g> {
    people: Vec<Person<'g>>,
    known: BTreeMap<(Part, String), usize>,
}

impl<'g> Found<'g> {
    fn add(&mut self, who: Who<'g>, part: Part, record: &Record, ways: Vec<RecordId>, on_paper: bool) {
        let new = self.people.len();
        let at = *self.known.entry((part, who.key())).or_insert(new);
        if at == new {
            self.people.push(Person { who, part, records: Vec::new(), ways: Vec::new(), on_paper });
        }
        let person = &mut self.people[at];
        if person.records.last() != Some(&record.id) {
            person.records.push(record.id);
        }
        person.ways.extend(ways);
        person.on_paper |= on_paper;
    }

    fn of_record(&mut self, facts: &Facts<'g>, record: &'g Record, lots: &HashSet<LotRef>) {
        let way = || vec![record.id];
        let by = record.author;
        self.add(Who::Party(by), Part::Recorded, record, way(), false);
        match place::behalf(record) {
            Some(Maybe::Shown(Behalf { who, .. })) => {
                let who = of_receiver(who, by);
                self.add(who, Part::Attested, record, way(), true);
            }
            Some(Maybe::Withheld) => {
                let who = Who::Withheld { by, item: "behalf" };
                self.add(who, Part::Attested, record, way(), true);
            }
            None => {}
        }
        if let Some(at) = record.event.body.at() {
            let who = match &at.facility {
                Maybe::Withheld => Who::Withheld { by, item: "facility" },
                Maybe::Shown(id) => match facts.graph.facility(id) {
                    None => Who::NotHeld { record: *id },
                    Some((declaration, facility)) => match &facility.operator {
                        Operator::Author => Who::Party(declaration.author),
                        Operator::Party(party) => Who::Party(*party),
                        Operator::Outside(Maybe::Shown(outsider)) => Who::Outside(outsider),
                        Operator::Outside(Maybe::Withheld) => {
                            Who::Withheld { by: declaration.author, item: "operator" }
                        }
                    },
                },
            };
            self.add(who, Part::RanPlace, record, way(), false);
        }
        match &record.event.body {
            Body::Intake(intake) => {
                let who = match &intake.supplier {
                    Maybe::Shown(supplier) => Who::Outside(supplier),
                    Maybe::Withheld => Who::Withheld { by, item: "supplier" },
                };
                self.add(who, Part::Supplied, record, way(), true);
            }
            // Who gave up waste did not make what it was: who it was need not be told.
            Body::Collect(collect) => {
                let who = match &collect.supplier {
                    Maybe::Shown(Some(supplier)) => Some(Who::Outside(supplier)),
                    Maybe::Shown(None) => None,
                    Maybe::Withheld => Some(Who::Withheld { by, item: "supplier" }),
                };
                if let Some(who) = who {
                    self.add(who, Part::Supplied, record, way(), true);
                }
            }
            _ => {}
        }
        for touch in record.event.body.declared_touches() {
            if !lots.contains(&LotRef { record: record.id, index: touch.output }) {
                continue;
            }
            let who = match &touch.maker {
                Maybe::Shown(Some(maker)) => Who::Outside(maker),
                Maybe::Shown(None) => Who::NotTold { by },
                Maybe::Withheld => Who::Withheld { by, item: "touch/N/maker" },
            };
            self.add(who, Part::Made, record, way(), true);
        }
    }

    /// Adds both sides of a sale of lots behind this one.
    fn of_title(&mut self, record: &'g Record, lots: &HashSet<LotRef>) {
        let Body::TransferTitle(transfer) = &record.event.body else { return };
        let MaybeList::Shown(titled) = &transfer.titled else { return };
        if transfer.title != Title::Sale {
            return;
        }
        let over = titled.iter().map(|one| one.lot).filter(|lot| lots.contains(lot));
        let ways: Vec<RecordId> = over.map(|lot| lot.record).collect();
        if ways.is_empty() {
            return;
        }
        let to = match &transfer.to {
            Maybe::Shown(to) => of_receiver(to, record.author),
            Maybe::Withheld => Who::Withheld { by: record.author, item: "to" },
        };
        for who in [Who::Party(record.author), to] {
            self.add(who, Part::Owned, record, ways.clone(), false);
        }
    }

    /// Adds who issued a paper about what is behind the lot.
    ///
    /// Certain is only what is said of the lot's own way by somebody who stands on it, or whom the reader
    /// believes: else anybody could put a listed name beside another's goods.
    fn of_paper(
        &mut self,
        facts: &Facts<'g>,
        record: &'g Record,
        paper: &'g RegisterDocument,
        lots: &HashSet<LotRef>,
        records: &HashSet<RecordId>,
    ) {
        let way = |one: &Subject| match one {
            Subject::Lot(lot) => lots.contains(lot).then_some(lot.record),
            Subject::Record(id) => records.contains(id).then_some(*id),
            Subject::Party(_) => None,
        };
        let about: Vec<RecordId> = paper.about.iter().filter_map(way).collect();
        if about.is_empty() {
            return;
        }
        let on_the_way = records
            .iter()
            .filter_map(|id| facts.graph.record(id))
            .any(|behind| behind.author == record.author);
        let is_believed = facts.trust.authority(&record.author).next().is_some();
        let own_word = place::behalf(record).is_none();
        let ways = if (on_the_way || is_believed) && own_word { about } else { Vec::new() };
        let who = match &paper.issuer {
            Maybe::Shown(Some(issuer)) => Who::Outside(issuer),
            Maybe::Shown(None) => Who::NotTold { by: record.author },
            Maybe::Withheld => Who::Withheld { by: record.author, item: "issuer" },
        };
        self.add(who, Part::Issued(paper.document), record, ways, true);
    }
}

fn of_receiver(receiver: &Receiver, by: PartyId) -> Who<'_> {
    match receiver {
        Receiver::Party(party) => Who::Party(*party),
        Receiver::Outside(outsider) => Who::Outside(outsider),
        Receiver::Later => Who::NotTold { by },
    }
}
