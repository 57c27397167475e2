//! Making a ledger: a key, the record that opens the chain, and last the file that says it is complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::append::new_record;
use super::error::LedgerError;
use super::settings::{EXPORTED, Settings};
use super::{Ledger, store_dir};
use crate::hash::PartyId;
use crate::model::event::{Body, Event};
use crate::model::party::Establish;
use crate::model::profile::Profile;
use crate::model::time::Timestamp;
use crate::record;
use crate::sign::{Entropy, SecretKey, keyfile};
use crate::store::{self, Exported, Store};

/// Name of the key file inside a ledger.
const KEY: &str = "key.pem";

/// What a new ledger with a chain of its own begins with.
pub struct Init {
    /// What is private unless told otherwise.
    pub profile: Profile,
    /// What the party says of itself.
    pub establish: Establish,
    /// Time to sign the first record at.
    pub now: Timestamp,
    /// The key to use; a new one is made without.
    pub key: Option<SecretKey>,
    /// Where the note of what was exported goes, if not into the directory; it must not be there yet.
    pub mark: Option<PathBuf>,
}

impl Ledger {
    /// Makes a ledger with a chain of its own in `dir`, which must be absent or empty.
    ///
    /// Writes the key, readable by its owner alone, and the record that opens the chain. When anything fails, all
    /// that was written is removed again.
    ///
    /// # Errors
    /// `NotEmpty`, `Seal` for what cannot be said of a party, and what the disk says.
    pub fn init(dir: &Path, init: Init, entropy: &mut dyn Entropy) -> Result<Self, LedgerError> {
        let key = init.key.unwrap_or_else(|| SecretKey::generate(entropy));
        let event = Event::new(Body::Establish(init.establish));
        let profile = init.profile;
        let sealed = record::found(event.clone(), init.now, &|path| profile.is_private(path), &key, entropy)?;
        let party = sealed.record.party();
        let new = new_record(sealed, &event, false);
        make(dir, profile, Some(party), init.mark.as_deref(), |store| {
            keyfile::save(&dir.join(KEY), &key)?;
            store.append(&[new])?;
            Ok(())
        })
    }

    /// Makes a ledger that only reads in `dir`, which must be absent or empty: it takes in what others hand over,
    /// and has no key and no chain of its own.
    ///
    /// # Errors
    /// `NotEmpty`, and what the disk says.
    pub fn init_reader(dir: &Path) -> Result<Self, LedgerError> {
        make(dir, Profile::Commercial, None, None, |_| Ok(()))
    }
}

/// Makes the store, lets `fill` do its part, and writes the settings last.
fn make(
    dir: &Path,
    profile: Profile,
    party: Option<PartyId>,
    mark: Option<&Path>,
    fill: impl FnOnce(&mut Store) -> Result<(), LedgerError>,
) -> Result<Ledger, LedgerError> {
    let existed = match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => return Err(LedgerError::NotEmpty { dir: dir.to_owned() }),
        Ok(false) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(LedgerError::NotEmpty { dir: dir.to_owned() });
        }
        Err(error) => return Err(LedgerError::io(dir, error)),
    };
    fs::create_dir_all(dir).map_err(|error| LedgerError::io(dir, error))?;
    let made = (|| {
        let mut store = Store::create(&store_dir(dir))?;
        fill(&mut store)?;
        drop(store);
        let exported = match mark {
            Some(mark) => Exported::create(mark)?,
            None => PathBuf::from(EXPORTED),
        };
        let settings = Settings { profile, party, key: PathBuf::from(KEY), exported };
        let path = Settings::path(dir);
        store::replace_file(&path, settings.to_text().as_bytes())
            .inspect_err(|_| {
                // The first failure is the one to report.
                let _ = mark.map(fs::remove_file);
            })
            .map_err(|error| LedgerError::io(&path, error))?;
        Ledger::open(dir)
    })();
    if made.is_err() {
        // The first failure is the one to report.
        let _ = remove(dir, existed);
    }
    made
}

fn remove(dir: &Path, keep_dir: bool) -> io::Result<()> {
    if !keep_dir {
        return fs::remove_dir_all(dir);
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}
