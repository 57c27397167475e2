//! Keeping what witnesses signed below a checkpoint, so that capsules carry it.

use std::collections::{BTreeMap, BTreeSet};

use super::Ledger;
use super::error::LedgerError;
use super::held_log::kept;
use crate::log::note::Note;
use crate::log::part::Cosignature;
use crate::log::seen;
use crate::store::{KeptLog, LogChange};

/// What was kept of a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeptCosignatures {
    /// Lines by others that were not kept before.
    pub new: usize,
    /// All that are kept below this checkpoint now.
    pub all: usize,
}

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum CosignedError {
    /// It is no checkpoint of a party's log by a key that is held.
    #[error("this is no checkpoint that the log of a party held here signed")]
    NotSigned,
    /// Nothing held leads to its root.
    #[error("not enough is held of this log to say whether the checkpoint of {size} records is of it")]
    NotHeld {
        /// Records of the checkpoint.
        size: u64,
    },
    /// What is held makes another root.
    #[error("the {size} records held of this log make another root")]
    OtherRoot {
        /// Records of the checkpoint.
        size: u64,
    },
    /// The ledger could not read or write.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Ledger {
    /// Keeps the signatures of others below a checkpoint of the own log, or of another log that is held.
    ///
    /// Whose signatures they are is not known here: each is believed by whoever knows its key, and by nobody else.
    ///
    /// # Errors
    /// [`CosignedError`]; nothing is then kept.
    pub fn keep_cosigned(&mut self, note: &Note) -> Result<KeptCosignatures, CosignedError> {
        let checkpoint = crate::log::checkpoint::Checkpoint::parse(note.text()).ok();
        let log = checkpoint.and_then(|checkpoint| checkpoint.log().ok()).ok_or(CosignedError::NotSigned)?;
        let key = self.key_of(&log.party)?.ok_or(CosignedError::NotSigned)?;
        let seen = seen::of(note, &key).map_err(|_| CosignedError::NotSigned)?;
        let held = self.held_log(&log.party, log.epoch)?;
        let size = seen.size;
        match held.root(size) {
            Some(root) if root == seen.root => {}
            Some(_) => return Err(CosignedError::OtherRoot { size }),
            None => return Err(CosignedError::NotHeld { size }),
        }
        let before: BTreeSet<Cosignature> = held
            .checkpoints
            .into_iter()
            .filter(|held| (held.checkpoint.size, held.checkpoint.root) == (size, seen.root))
            .flat_map(|held| held.cosignatures)
            .collect();
        let own = log.verifier_key(&key);
        let given = note.signatures().iter().filter(|line| !line.is_by(&own)).filter_map(Cosignature::of);
        let mut whole = seen::note(&seen).expect("it was made of a note that is signed");
        for one in before.iter().cloned().chain(given) {
            whole = one.below(whole.clone()).unwrap_or(whole);
        }
        let all = whole.signatures().len() - 1;
        let mut add = KeptLog::default();
        add.checkpoints.insert((size, seen.root), kept(&whole, &seen.key));
        let change = LogChange { add, drop: BTreeSet::new() };
        let changes = BTreeMap::from([((log.party, log.epoch), change)]);
        self.store.keep_logs(&changes).map_err(LedgerError::from)?;
        Ok(KeptCosignatures { new: all - before.len().min(all), all })
    }
}
