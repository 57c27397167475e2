//! Names in events as people write them, looked up among what is held and what the same batch adds.

use std::rc::Rc;

use super::append::Batch;
use super::find::FindError;
use super::{Ledger, LedgerError};
use crate::entry::{AttestAsk, CircuitRecord, NameError, NameFault, Resolver};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::{Attest, Body, Event, Host, SeenCheckpoint, TransferTitle};
use crate::model::facility::Operator;
use crate::model::kind::Kind;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

impl Ledger {
    /// Returns every party of whose chain something is held, ascending.
    ///
    /// # Errors
    /// What the store says.
    pub fn parties(&self) -> Result<Vec<PartyId>, LedgerError> {
        let mut parties: Vec<PartyId> =
            self.store.parties()?.into_iter().map(|(party, _, _)| party).collect();
        parties.sort_unstable();
        parties.dedup();
        Ok(parties)
    }

    /// Returns the facilities that this ledger's party declared for itself and did not take back.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn own_facilities(&self) -> Result<Vec<RecordId>, LedgerError> {
        let mut own = Vec::new();
        for found in self.facilities()? {
            let Some(source) = self.source(&found.id)? else { continue };
            if let Body::DeclareFacility(facility) = &source.event.body
                && facility.operator == Operator::Author
                && Some(source.author) == self.party()
                && !source.withdrawn
            {
                own.push(found.id);
            }
        }
        Ok(own)
    }
}

impl Batch<'_> {
    /// Returns the one facility of the author's own where work is done, if there is just one.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn only_facility(&self) -> Result<Option<RecordId>, LedgerError> {
        let mut own = self.ledger().own_facilities()?;
        let declared = self.declared().filter(|(_, facility)| facility.operator == Operator::Author);
        own.extend(declared.map(|(id, _)| id));
        Ok(match own[..] {
            [only] => Some(only),
            _ => None,
        })
    }
}

impl Batch<'_> {
    /// Returns the stays that the operator of a facility gave and neither withdrew nor ended.
    fn stays(&self, facility: &RecordId) -> Result<Vec<(RecordId, Host)>, LedgerError> {
        let mut ids: Vec<RecordId> = Vec::new();
        for number in self.ledger().numbers_about(facility)? {
            ids.push(self.ledger().record_at(number)?.id);
        }
        ids.extend(self.added_stays());
        let mut stays = Vec::new();
        for id in ids {
            let Some(source) = self.source(&id)? else { continue };
            if let Body::Host(host) = &source.event.body
                && host.facility == *facility
                && !source.withdrawn
                && self.stay_ended(&id, &source.author)?.is_none()
            {
                stays.push((id, host.clone()));
            }
        }
        Ok(stays)
    }
}

/// Names as an event of one kind means them, on its way into a batch.
#[derive(Clone, Copy)]
pub struct NamesFor<'a, 'b> {
    batch: &'a Batch<'b>,
    kind: Kind,
}

impl<'b> Batch<'b> {
    /// Returns the names that an event of this kind can use.
    pub fn names_for(&self, kind: Kind) -> NamesFor<'_, 'b> {
        NamesFor { batch: self, kind }
    }
}

impl Resolver for NamesFor<'_, '_> {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        let party = self.batch.ledger().find_party(name).map_err(|error| named(name, "party", error))?;
        // INVARIANT (no look-alikes): a prefix could be that of a look-alike; only a pinned party is
        // meant by one.
        let is_prefix = party.to_hex() != name && party.to_hex().starts_with(name);
        let is_pinned = self.batch.ledger().names().party(&party).is_some();
        if is_prefix && !is_pinned {
            return Err(NameError::unknown("party by so short an id", name, []));
        }
        Ok(party)
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        let added = self.batch.declared().find(|(id, facility)| {
            facility.name.shown().is_some_and(|known| known == name) || id.to_hex() == name
        });
        match added {
            Some((id, _)) => Ok(id),
            None => self.batch.ledger().find_facility(name).map_err(|error| named(name, "facility", error)),
        }
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        self.batch.find_lot(name, self.kind).map_err(|error| named(name, "lot", error))
    }

    fn sent_lot(&self, name: &str) -> Result<LotRef, NameError> {
        self.batch.find_sent_lot(name).map_err(|error| named(name, "lot", error))
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        self.batch.find_record(name).map_err(|error| named(name, "record", error))
    }

    fn stay_at(&self, facility: &RecordId, period: &Period) -> Option<RecordId> {
        let covers = |host: &Host| host.valid.first <= period.first && period.last <= host.valid.last;
        let own = self.batch.party();
        let found = self.batch.stays(facility).ok()?;
        let mut stays = found.iter().filter(|(_, host)| host.guest == own && covers(host));
        match (stays.next(), stays.next()) {
            (Some((id, _)), None) => Some(*id),
            _ => None,
        }
    }

    fn stay_of(&self, guest: &str, facility: Option<&RecordId>) -> Result<RecordId, NameError> {
        let guest_id = match self.party(guest) {
            Ok(party) => party,
            Err(error) => return self.record(guest).map_err(|_| error),
        };
        let mut facilities: Vec<RecordId> = facility.into_iter().copied().collect();
        if facility.is_none() {
            facilities = self.batch.ledger().own_facilities().unwrap_or_default();
            facilities.extend(self.batch.declared().map(|(id, _)| id));
        }
        let mut stays = Vec::new();
        for facility in &facilities {
            let found = self.batch.stays(facility).unwrap_or_default();
            stays.extend(found.into_iter().filter(|(_, host)| host.guest == guest_id).map(|(id, _)| id));
        }
        match stays[..] {
            [one] => Ok(one),
            [] => Err(NameError::unknown("guest", guest, [])),
            _ => {
                let candidates = stays.iter().map(|id| id.short()).collect();
                Err(NameError {
                    given: guest.to_owned(),
                    why: NameFault::Ambiguous { what: "stay", candidates },
                })
            }
        }
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        self.batch.account(lot).ok()?.map(|account| account.lot.clone())
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        self.batch.account(lot).ok()?.map(|account| account.author)
    }

    fn event(&self, record: &RecordId) -> Option<Rc<Event>> {
        self.batch.source(record).ok()?.map(|source| source.event)
    }

    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool {
        let account = self.batch.account(lot).ok().flatten();
        account.is_none_or(|account| account.is_free(from, to))
    }

    fn title(&self, record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        let source = self.batch.source(record).ok()??;
        match &source.event.body {
            Body::TransferTitle(title) => Some((source.author, title.clone())),
            _ => None,
        }
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        let account = self.batch.account(lot).ok().flatten();
        account.map_or(Mass::ZERO, |account| account.next_free())
    }

    fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        self.batch.attested(ask)
    }

    fn witnessed(&self, parties: &[PartyId]) -> Result<Vec<(SeenCheckpoint, u64)>, String> {
        self.batch.witnessed(parties)
    }

    fn circuit_records(&self, facility: &RecordId, circuit: &str) -> Vec<CircuitRecord> {
        // A store that cannot be read shows again when the event is admitted.
        self.batch.circuit_records(facility, circuit).unwrap_or_default()
    }
}

/// Says of a name what the ledger says of it. A store that cannot be read shows again when the event is admitted.
fn named(given: &str, what: &'static str, error: FindError) -> NameError {
    match error {
        FindError::Unknown { what, given, nearest } => {
            NameError { given, why: NameFault::Unknown { what, nearest, known: Vec::new() } }
        }
        FindError::Ambiguous { what, given, candidates } => {
            NameError { given, why: NameFault::Ambiguous { what, candidates } }
        }
        FindError::TooShort { .. } | FindError::Ledger(_) => NameError::unknown(what, given, []),
    }
}
