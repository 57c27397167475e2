//! Names instead of ids: what people call parties, facilities, lots and records.

use std::collections::HashMap;

use serde::Serialize;

use super::page::Style;
use crate::custody::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::event::Body;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// An id, and what people call the thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Called<Id> {
    /// The whole id.
    pub id: Id,
    /// Its name or label, if one is known here.
    pub name: Option<String>,
}

/// An id with a short form for people.
pub trait Short {
    /// Returns the shortest form that is shown.
    fn short_form(&self) -> String;
    /// Returns the whole id.
    fn whole_form(&self) -> String;
}

macro_rules! short {
    ($($id:ty),*) => {
        $(impl Short for $id {
            fn short_form(&self) -> String {
                self.short()
            }
            fn whole_form(&self) -> String {
                self.to_string()
            }
        })*
    };
}

short!(PartyId, RecordId, LotRef);

impl<Id: Short> Called<Id> {
    /// Returns what to write on a page: the name, else the short id; both where ids were asked for.
    pub fn text(&self, style: Style) -> String {
        match &self.name {
            Some(name) if style.ids => format!("{name} [{}]", self.id.whole_form()),
            Some(name) => name.clone(),
            None if style.ids => self.id.whole_form(),
            None => self.id.short_form(),
        }
    }
}

/// What is called how.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Parties.
    pub parties: HashMap<PartyId, String>,
    /// Facilities, by the record that declared them.
    pub facilities: HashMap<RecordId, String>,
    /// Lots.
    pub lots: HashMap<LotRef, String>,
    /// Records: kind, place in their chain, and the lot they made.
    pub records: HashMap<RecordId, String>,
}

impl Known {
    /// Returns what `records` themselves say that things are called.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut known = Self::default();
        for record in records {
            known.learn(record);
        }
        known
    }

    /// Returns what the records of a graph say, with labels followed through handovers.
    pub fn of_graph(graph: &Graph) -> Self {
        let mut known = Self::of(graph.records());
        for record in graph.records() {
            for (lot, _) in graph::outputs(record) {
                if let Some(label) = graph.label(&lot) {
                    known.lots.entry(lot).or_insert(label);
                }
            }
        }
        known
    }

    /// Adds what one record says.
    pub fn learn(&mut self, record: &Record) {
        let mut name = format!("{} record {}", record.kind(), record.seq).replace('_', " ");
        if let Some(label) = record.event.body.outputs().iter().find_map(crate::model::lot::Lot::label) {
            name.push_str(&format!(" ({label})"));
        }
        self.records.insert(record.id, name);
        match &record.event.body {
            Body::Establish(establish) => {
                let name = establish.name.shown().cloned();
                self.parties.extend(name.map(|name| (record.author, name)));
            }
            Body::DeclareFacility(facility) => {
                let name = facility.name.shown().cloned();
                self.facilities.extend(name.map(|name| (record.id, name)));
            }
            _ => {}
        }
        for (lot, output) in graph::outputs(record) {
            self.lots.extend(output.label().map(|label| (lot, label.to_owned())));
        }
    }

    /// Returns a party with its name.
    pub fn party(&self, id: &PartyId) -> Called<PartyId> {
        Called { id: *id, name: self.parties.get(id).cloned() }
    }

    /// Returns a facility with its name.
    pub fn facility(&self, id: &RecordId) -> Called<RecordId> {
        Called { id: *id, name: self.facilities.get(id).cloned() }
    }

    /// Returns a lot with its label.
    pub fn lot(&self, id: &LotRef) -> Called<LotRef> {
        Called { id: *id, name: self.lots.get(id).cloned() }
    }

    /// Returns what a record is called: kind, place in its chain and label, or its short id where it is not known.
    pub fn record(&self, id: &RecordId) -> String {
        self.records.get(id).cloned().unwrap_or_else(|| format!("record {}", id.short()))
    }

    /// Returns the name of whatever has this id in hex, or this lot reference.
    pub fn any(&self, text: &str) -> Option<&str> {
        if let Ok(lot) = text.parse::<LotRef>() {
            return self.lots.get(&lot).map(String::as_str);
        }
        let id = RecordId::from_hex(text)?;
        let party = || self.parties.get(&PartyId(id.0));
        self.facilities.get(&id).or_else(party).map(String::as_str)
    }
}
