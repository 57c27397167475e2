//! Everything held about some goods, whatever lots they were on their way, and whose they are.

use std::collections::{HashMap, HashSet};

use super::Ledger;
use super::error::LedgerError;
use super::keys;
use crate::custody::graph::{self, Graph};
use crate::custody::title::{self, Owner};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Event};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns records that are not stored yet and that a look-up asks for.
pub type Added<'a> = dyn Fn(&dyn Fn(&RecordId, &Event) -> bool) -> Vec<Record> + 'a;

impl Ledger {
    /// Returns every record about these goods: where they come from and went as the same goods, the titles over them, what
    /// passes those on or takes them back, and who the parties are.
    pub(super) fn about_goods(
        &self,
        lots: Vec<LotRef>,
        added: &Added<'_>,
    ) -> Result<Vec<Record>, LedgerError> {
        let mut records: HashMap<RecordId, Record> = HashMap::new();
        let mut seen: HashSet<LotRef> = HashSet::new();
        let mut about: Vec<RecordId> = Vec::new();
        let mut todo = lots;
        while let Some(lot) = todo.pop() {
            if !seen.insert(lot) {
                continue;
            }
            let mut found = added(&|id, event| *id == lot.record || concerns(event, &lot));
            found.extend(self.record(&lot.record)?);
            for key in [keys::about_lot(&lot), keys::consumes(&lot)] {
                for number in self.store.consumers(&key)? {
                    found.push(self.record_at(number)?);
                }
            }
            for record in found {
                if let Body::TransferTitle(title) = &record.event.body {
                    about.push(record.id);
                    about.extend(title.target);
                } else if is_same_goods(&record.event.body) {
                    todo.extend(graph::outputs(&record).map(|(lot, _)| lot));
                    todo.extend(graph::inputs(&record).iter().map(|input| input.lot));
                }
                records.insert(record.id, record);
            }
        }
        let mut told: HashSet<RecordId> = HashSet::new();
        while let Some(id) = about.pop() {
            if !told.insert(id) {
                continue;
            }
            let mut found = added(&|one, event| *one == id || names(event, &id));
            found.extend(self.record(&id)?);
            for number in self.store.consumers(&keys::about_record(&id))? {
                found.push(self.record_at(number)?);
            }
            for record in found {
                about.extend(matches!(record.event.body, Body::TransferTitle(_)).then_some(record.id));
                records.insert(record.id, record);
            }
        }
        let authors: HashSet<PartyId> = records.values().map(|record| record.author).collect();
        for author in authors {
            for number in self.store.at(&author, 0, 0)? {
                let record = self.record_at(number)?;
                records.insert(record.id, record);
            }
        }
        Ok(records.into_values().collect())
    }

    /// Returns who owns a lot on a day, where records say more than who made it.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn owner(&self, lot: &LotRef, on: Day) -> Result<Option<Owner>, LedgerError> {
        let states = self.account(lot)?.is_some_and(|account| account.lot.owner != Maybe::Shown(None));
        if !states && self.store.consumers(&keys::titles())?.is_empty() {
            return Ok(None);
        }
        let graph = Graph::build(self.about_goods(vec![*lot], &|_| Vec::new())?);
        Ok(title::owner_of(&graph, lot, on))
    }

    /// Returns the lots that a record states as a party's, or passes to it by title, and those they became as the same
    /// goods.
    pub(super) fn owned_lots(&self, party: &PartyId) -> Result<Vec<LotRef>, LedgerError> {
        let mut todo = Vec::new();
        for number in self.store.consumers(&keys::owned_by(party))? {
            let record = self.record_at(number)?;
            if let Body::TransferTitle(title) = &record.event.body {
                todo.extend(title.titled.shown().unwrap_or_default().iter().map(|titled| titled.lot));
            }
            let stated = graph::outputs(&record).filter(|(_, lot)| lot.owner == Maybe::Shown(Some(*party)));
            todo.extend(stated.map(|(lot, _)| lot));
        }
        let mut lots = Vec::new();
        let mut seen = HashSet::new();
        while let Some(lot) = todo.pop() {
            if !seen.insert(lot) {
                continue;
            }
            lots.push(lot);
            for number in self.store.consumers(&keys::consumes(&lot))? {
                let record = self.record_at(number)?;
                if is_same_goods(&record.event.body) {
                    todo.extend(graph::outputs(&record).map(|(lot, _)| lot));
                }
            }
        }
        lots.sort_unstable();
        Ok(lots)
    }
}

/// Whether what comes out is what went in, handed over or in other parcels.
fn is_same_goods(body: &Body) -> bool {
    body.is_pairwise() || matches!(body, Body::Repack(_) | Body::Disassemble(_))
}

/// Whether an event is over a lot, or consumes of it.
fn concerns(event: &Event, lot: &LotRef) -> bool {
    let titled = match &event.body {
        Body::TransferTitle(title) => {
            title.titled.shown().unwrap_or_default().iter().any(|one| one.lot == *lot)
        }
        _ => false,
    };
    let inputs = event.body.inputs().and_then(|inputs| inputs.shown()).unwrap_or_default();
    titled || inputs.iter().any(|input| input.lot == *lot)
}

/// Whether an event ends, passes on or takes back a record.
fn names(event: &Event, id: &RecordId) -> bool {
    match &event.body {
        Body::TransferTitle(title) => title.target == Some(*id),
        Body::Withdraw(withdraw) => withdraw.target == *id,
        _ => false,
    }
}
