//! Where the own chain ends, and whether it can be continued.

use super::Ledger;
use super::error::LedgerError;
use crate::hash::{PartyId, RecordId};
use crate::model::time::Timestamp;
use crate::record::Position;

/// The end of the own chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Where the next record will stand.
    pub next: Position,
    /// Claimed time of the last record.
    pub last_signed_at: Timestamp,
    /// Why nothing may be added, if so.
    pub trouble: Option<Trouble>,
}

/// Why an own chain cannot be continued.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// Two records stand at one position.
    Fork { seq: u64, ids: [RecordId; 2] },
    /// Nothing stands at a position below the end.
    Gap { seq: u64 },
}

impl Head {
    /// Returns where the next record will stand.
    ///
    /// # Errors
    /// `OwnFork` and `OwnGap`.
    pub fn position(&self) -> Result<Position, LedgerError> {
        match self.trouble {
            None => Ok(self.next),
            Some(Trouble::Fork { seq, ids }) => Err(LedgerError::OwnFork { seq, ids }),
            Some(Trouble::Gap { seq }) => Err(LedgerError::OwnGap { seq }),
        }
    }
}

impl Ledger {
    /// Finds the end of the own chain by its number of records, or, where that does not fit, record by record.
    pub(super) fn find_head(&self) -> Result<Option<Head>, LedgerError> {
        let Some(party) = self.settings.party else { return Ok(None) };
        let counted = self.store.parties()?.into_iter().rfind(|(held, _, _)| *held == party);
        let Some((_, epoch, count)) = counted else {
            return Err(LedgerError::NotALedger {
                dir: self.dir.clone(),
                why: "its store does not hold the chain that `ledger.toml` names".to_owned(),
            });
        };
        let next = self.store.at(&party, epoch, count)?;
        let last = self.store.at(&party, epoch, count - 1)?;
        match (&last[..], &next[..]) {
            ([last], []) => Ok(Some(self.head_after(*last, None)?)),
            _ => Ok(Some(self.walk_to_head(&party)?)),
        }
    }

    fn walk_to_head(&self, party: &PartyId) -> Result<Head, LedgerError> {
        let places = self.store.places(party)?;
        let mut trouble = None;
        let mut expected = 0;
        for (at, (_, seq, number)) in places.iter().enumerate() {
            if *seq > expected {
                trouble = Some(Trouble::Gap { seq: expected });
                break;
            }
            if *seq < expected {
                let ids = [self.stored_id(places[at - 1].2)?, self.stored_id(*number)?];
                trouble = Some(Trouble::Fork { seq: *seq, ids });
                break;
            }
            expected = seq + 1;
        }
        let (_, _, last) = places.last().expect("its store holds a record of this party");
        self.head_after(*last, trouble)
    }

    fn head_after(&self, number: u64, trouble: Option<Trouble>) -> Result<Head, LedgerError> {
        let opened = self.opened(number, None)?;
        let header = opened.sealed.header();
        let id = opened.sealed.id();
        let next = Position {
            party: header.party,
            epoch: header.epoch,
            seq: header.seq + 1,
            prev: id,
            control: if opened.sealed.is_control() { id } else { header.control },
            key: header.key,
        };
        Ok(Head { next, last_signed_at: header.signed_at, trouble })
    }

    fn stored_id(&self, number: u64) -> Result<RecordId, LedgerError> {
        Ok(self.sealed(number, None)?.0.id())
    }
}
