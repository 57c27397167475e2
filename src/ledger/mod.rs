//! The front desk: a directory with one party's chain and what others handed over.
//!
//! It admits own records, looks records up, and takes in and gives out export files. It signs nothing that
//! breaks an invariant, and takes in from others whatever is sound as bytes: what records say is judged by
//! `verify`, which trusts none of this. Every record is hashed and its signature checked whenever it is read.
//!
//! ```text
//! DIR/ledger.toml   what this is: see `settings.rs`; written last when a ledger is made
//! DIR/key.pem       the secret key, readable by its owner alone
//! DIR/names.toml    the user's own short names, not signed: see `names.rs`
//! DIR/exported      how far the own chain has been handed out, and the last checkpoint signed, outside the store on purpose
//! DIR/store/        the records
//! DIR/witness.pem   the key for cosignatures below others' checkpoints, where this ledger is a witness
//! DIR/witness/      the last checkpoint cosigned of each log
//! ```
//!
//! Spec of the files handed over: docs/formats/export.md.

mod account;
mod admit;
mod append;
mod behind;
mod capsule;
mod check;
mod circuits;
mod cosigned;
mod error;
mod evidence;
mod export;
pub mod export_file;
mod find;
mod goods;
mod head;
mod held_log;
mod import;
mod init;
mod keys;
mod log;
mod look_up;
mod lots;
mod names;
mod open_many;
mod pattern;
mod resolve;
mod scan;
mod settings;
mod source;
mod stats;
#[cfg(test)]
mod tests;
mod undo;
mod vouch;
mod witness;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

pub use crate::verify::Piece;
pub use admit::{AmendRefusal, CircuitRefusal, Refusal};
pub use append::{AppendError, Appended, Batch, Warning};
pub use capsule::{LogConflict, LogRefused, Made, MadeChain, MakeCapsule, MakeError};
pub use check::{Fault, FsckReport};
pub use cosigned::{CosignedError, KeptCosignatures};
pub use error::{DamagedRecord, LedgerError};
pub use export::{Export, ExportError, ExportFile};
pub use export_file::{ExportFileError, Salvaged};
pub use find::{FindError, Found};
pub use import::{Dangling, Fork, ImportError, ImportReport, Refused};
pub use init::Init;
pub use lots::{LotState, State};
pub use names::Names;
pub use pattern::{Pattern, PatternError};
pub use resolve::NamesFor;
pub use scan::Records;
pub use settings::Settings;
pub use stats::Stats;
pub use undo::UndoError;
pub use witness::{WitnessError, Witnessed};

use crate::hash::PartyId;
use crate::model::profile::Profile;
use crate::store::{Exported, Store};
use head::Head;
use source::Cache;

/// An open ledger. One process holds it at a time.
pub struct Ledger {
    dir: PathBuf,
    settings: Settings,
    names: Names,
    store: Store,
    exported: Exported,
    /// Where the own chain ends; none in a ledger that only reads.
    head: Option<Head>,
    cache: RefCell<Cache>,
}

impl Ledger {
    /// Opens the ledger in `dir`.
    ///
    /// The secret key is not read until something is recorded.
    ///
    /// # Errors
    /// `NotALedger`, `NewerLayout`, `BadFile`, what the store says, and `Damaged` when the last own record
    /// cannot be read.
    pub fn open(dir: &Path) -> Result<Self, LedgerError> {
        let settings = Settings::read(dir)?;
        let store = Store::open(&store_dir(dir))?;
        let mut ledger = Self {
            dir: dir.to_owned(),
            names: Names::read(dir)?,
            exported: Exported::load(&dir.join(&settings.exported))?,
            settings,
            store,
            head: None,
            cache: RefCell::default(),
        };
        ledger.head = ledger.find_head()?;
        Ok(ledger)
    }

    /// Returns its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the party whose chain is written here; none in a ledger that only reads.
    pub fn party(&self) -> Option<PartyId> {
        self.settings.party
    }

    /// Returns what is private here unless told otherwise.
    pub fn profile(&self) -> Profile {
        self.settings.profile
    }

    /// Returns the user's own short names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Changes the user's own short names and writes them.
    ///
    /// # Errors
    /// `Io`; the names then stay as they were.
    pub fn rename(&mut self, change: impl FnOnce(&mut Names)) -> Result<(), LedgerError> {
        let mut names = self.names.clone();
        change(&mut names);
        names.write(&self.dir)?;
        self.names = names;
        Ok(())
    }

    /// Returns the number of records held.
    pub fn count(&self) -> u64 {
        self.store.count()
    }

    /// Returns where the secret key is.
    pub fn key_path(&self) -> PathBuf {
        self.dir.join(&self.settings.key)
    }
}

fn store_dir(dir: &Path) -> PathBuf {
    dir.join("store")
}
