//! From a stored record to an opened one: hashes, signature and items are checked each time.

use super::Ledger;
use super::error::{DamagedRecord, LedgerError};
use crate::hash::{PartyId, RecordId};
use crate::model::record::Record;
use crate::record::{SealedRecord, ShownItem};
use crate::sign::PublicKey;
use crate::store::{PrivateValue, StoredRecord};

/// A stored record after all checks.
pub struct Opened {
    /// Its bytes.
    pub sealed: SealedRecord,
    /// What it states.
    pub record: Record,
}

impl Ledger {
    /// Returns the record with this id, after checking its hashes, signature and private items.
    ///
    /// # Errors
    /// `Damaged` with the place of the record where anything in it does not hold, or where its kind is not
    /// known to this version.
    pub fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        match self.store.find(id)? {
            Some(number) => Ok(Some(self.opened(number, Some(*id))?.record)),
            None => Ok(None),
        }
    }

    /// Returns the record that arrived as `number`, as [`Ledger::record`] does.
    ///
    /// # Errors
    /// Those of [`Ledger::record`], and the store's where there is no such number.
    pub fn record_at(&self, number: u64) -> Result<Record, LedgerError> {
        Ok(self.opened(number, None)?.record)
    }

    /// Returns the records of `party` by position; two at one position under a fork.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn chain(&self, party: &PartyId) -> Result<Vec<Record>, LedgerError> {
        self.store.places(party)?.into_iter().map(|(_, _, number)| self.record_at(number)).collect()
    }

    /// Whether a record with this id is held.
    ///
    /// # Errors
    /// What the store says.
    pub fn holds(&self, id: &RecordId) -> Result<bool, LedgerError> {
        Ok(self.store.find(id)?.is_some())
    }

    /// Reads record `number` and checks everything; `id` is the one it was found by, if by one.
    pub(super) fn opened(&self, number: u64, id: Option<RecordId>) -> Result<Opened, LedgerError> {
        let (sealed, shown) = self.sealed(number, id)?;
        let key = self.key_for(&sealed)?.ok_or_else(|| no_key(number, &sealed))?;
        let damaged = |error| Box::new(placed(DamagedRecord::of(number, id, &error), &sealed));
        let verified = sealed.verify(&key).map_err(damaged)?;
        let record = sealed.open(&key, &verified, &shown).map_err(damaged)?;
        Ok(Opened { sealed, record })
    }

    /// Reads record `number` and checks its hashes, and that it is the one that was looked for.
    pub(super) fn sealed(
        &self,
        number: u64,
        id: Option<RecordId>,
    ) -> Result<(SealedRecord, Vec<ShownItem>), LedgerError> {
        parse(self.store.get(number)?, id).map_err(LedgerError::Damaged)
    }

    /// Returns the key that signed a record, if it is known: of later keys of a chain, this version reads none.
    pub(super) fn key_for(&self, sealed: &SealedRecord) -> Result<Option<PublicKey>, LedgerError> {
        if sealed.header().key == 0 { self.key_of(&sealed.party()) } else { Ok(None) }
    }

    /// Returns the key that signs the chain of `party`, after checking that it makes this party.
    pub(super) fn key_of(&self, party: &PartyId) -> Result<Option<PublicKey>, LedgerError> {
        if let Some(key) = self.cache.borrow().keys.get(party) {
            return Ok(Some(key.clone()));
        }
        let mut damaged = None;
        for number in self.store.at(party, 0, 0)? {
            match self.first_key_at(number) {
                Ok(Some(key)) => {
                    self.cache.borrow_mut().keys.insert(*party, key.clone());
                    return Ok(Some(key));
                }
                Ok(None) => {}
                // Under a fork, the other first record brings the same key.
                Err(error) => damaged = Some(error),
            }
        }
        damaged.map_or(Ok(None), Err)
    }

    fn first_key_at(&self, number: u64) -> Result<Option<PublicKey>, LedgerError> {
        let (sealed, _) = self.sealed(number, None)?;
        let damaged = |error| Box::new(placed(DamagedRecord::of(number, None, &error), &sealed));
        Ok(sealed.first_key().map_err(damaged)?)
    }

    /// Returns what people call a party: the user's own name for it, its legal name if shown, or its id.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn party_name(&self, party: &PartyId) -> Result<String, LedgerError> {
        if let Some(name) = self.names.party(party) {
            return Ok(name.to_owned());
        }
        for number in self.store.at(party, 0, 0)? {
            if let crate::model::event::Body::Establish(establish) = self.record_at(number)?.event.body
                && let Some(name) = establish.name.shown()
            {
                return Ok(name.clone());
            }
        }
        Ok(party.short())
    }
}

/// Checks the hashes of a stored record, and that it is the one that was looked for.
pub fn parse(
    stored: StoredRecord,
    id: Option<RecordId>,
) -> Result<(SealedRecord, Vec<ShownItem>), Box<DamagedRecord>> {
    let sealed = SealedRecord::parse(&stored.bytes).map_err(|error| {
        // The header may be the part that is damaged: where it says to stand is a hint, not a fact.
        let mut damaged = DamagedRecord::of(stored.number, id, &error);
        if let Ok(header) = crate::record::Header::from_bytes(&stored.bytes) {
            (damaged.party, damaged.seq) = (Some(header.party), Some(header.seq));
        }
        Box::new(damaged)
    })?;
    if let Some(expected) = id.filter(|id| *id != sealed.id()) {
        let why = format!("its header hashes to `{}`, not to `{}`", sealed.id().short(), expected.short());
        let (number, step) = (stored.number, "id");
        let damaged = DamagedRecord { number, id, party: None, seq: None, step, why, cannot_judge: false };
        return Err(Box::new(placed(damaged, &sealed)));
    }
    Ok((sealed, stored.private.into_iter().map(shown).collect()))
}

/// Adds where the record stands to a report about it.
pub fn placed(mut damaged: DamagedRecord, sealed: &SealedRecord) -> DamagedRecord {
    damaged.id = damaged.id.or(Some(sealed.id()));
    damaged.party = Some(sealed.party());
    damaged.seq = Some(sealed.header().seq);
    damaged
}

/// Returns the report of a record whose author's first record is not held.
pub fn no_key(number: u64, sealed: &SealedRecord) -> Box<DamagedRecord> {
    let damaged = DamagedRecord {
        number,
        id: None,
        party: None,
        seq: None,
        step: "key",
        why: match sealed.header().key {
            0 => "the first record of its chain, which brings the key, is not held".to_owned(),
            later => format!("it is signed with key {later}, and the key history held here ends at key 0"),
        },
        cannot_judge: false,
    };
    Box::new(placed(damaged, sealed))
}

/// Returns a stored value as it is shown.
pub fn shown(value: PrivateValue) -> ShownItem {
    ShownItem { index: value.item, salt: value.salt, value: value.value }
}

/// Returns a shown value as it is stored.
pub fn private(item: ShownItem) -> PrivateValue {
    PrivateValue { item: item.index, salt: item.salt, value: item.value }
}
