//! Undoing: which own record may be taken back without a stain, because it has not left and nothing rests on it.

use super::Ledger;
use super::error::LedgerError;
use super::find::FindError;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;

/// Why a record cannot be undone.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The name stands for no record.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The record is not held, or another party's.
    #[error("record `{}` is not one of your own", .0.short())]
    NotOwn(RecordId),
    /// It was taken back before, or takes one back.
    #[error("{kind} record {seq} {why}")]
    Never {
        /// Its kind.
        kind: Kind,
        /// Its position.
        seq: u64,
        /// Why not.
        why: &'static str,
    },
    /// It was handed out.
    #[error("{kind} record {seq} was handed out with an export or a checkpoint, so others may hold it")]
    Left {
        /// Its kind.
        kind: Kind,
        /// Its position.
        seq: u64,
    },
    /// A later record uses what it made.
    #[error("{kind} record {seq} is used by later records")]
    RestedOn {
        /// Its kind.
        kind: Kind,
        /// Its position.
        seq: u64,
    },
}

impl UndoError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Find(error) => return error.hint(),
            Self::NotOwn(_) => "only its author takes a record back; see `log`".into(),
            Self::Never { .. } => {
                "name the record with `undo RECORD`, such as the label of a lot it made".into()
            }
            Self::Left { .. } => "take it back with `withdraw`: readers then see both".into(),
            Self::RestedOn { .. } => "undo the later ones first, the newest before the others".into(),
        })
    }
}

impl From<LedgerError> for UndoError {
    fn from(error: LedgerError) -> Self {
        Self::Find(FindError::Ledger(error))
    }
}

impl Ledger {
    /// Returns the record meant by `given`, or the newest own one, if it can be undone.
    ///
    /// # Errors
    /// [`UndoError`] for a record that has left, or on which another rests.
    pub fn undoable(&self, given: Option<&str>) -> Result<RecordId, UndoError> {
        let head = self.head.ok_or(LedgerError::NoOwnChain)?;
        let last = head.next.prev;
        let id = match given {
            Some(given) => self.find_record(given)?,
            None => last,
        };
        let Some(source) = self.source(&id)?.filter(|source| Some(source.author) == self.party()) else {
            return Err(UndoError::NotOwn(id));
        };
        let (kind, seq) = (source.event.kind(), source.seq);
        let why = match &source.event.body {
            Body::Establish(_) => "opens your chain and cannot be undone",
            Body::Withdraw(_) => "takes a record back and cannot be undone itself",
            _ if source.withdrawn => "was taken back before",
            _ => "",
        };
        if !why.is_empty() {
            return Err(UndoError::Never { kind, seq, why });
        }
        if self.has_left(seq) {
            return Err(UndoError::Left { kind, seq });
        }
        // Work is used through its lots; anything else may be cited by whatever came after it.
        let mut is_used = source.event.body.at().is_none() && id != last;
        for index in 0..source.event.body.outputs().len() {
            let lot = LotRef { record: id, index: u32::try_from(index).expect("outputs are bounded") };
            is_used |= self.account(&lot)?.is_some_and(|account| !account.is_untouched());
        }
        if is_used { Err(UndoError::RestedOn { kind, seq }) } else { Ok(id) }
    }
}
