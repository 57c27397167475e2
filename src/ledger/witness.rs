//! Being a witness: cosigning checkpoints of others' logs, each log only as it goes on from what was cosigned before.
//!
//! The last checkpoint of each log is replaced, synced, before there is a cosignature of the new one, so that whatever happens
//! next no other history is cosigned here. It lies in `witness/` beside the store, under a name made of its origin's hash.
//! Spec: docs/formats/log.md, "Witnesses".

use std::fs;
use std::path::{Path, PathBuf};

use super::Ledger;
use super::error::LedgerError;
use crate::hash::{Hash, sha256};
use crate::log::checkpoint::Checkpoint;
use crate::log::cosignature::{CosignError, cosign};
use crate::log::note::{Note, NoteError};
use crate::log::policy::Accepted;
use crate::log::vkey::{KeyUse, VerifierKey};
use crate::log::witness::{Request, WitnessRefusal, check_growth};
use crate::sign::keyfile::KeyFileError;
use crate::sign::{SecretKey, keyfile};
use crate::store;

/// Name of the file with the key for cosignatures.
const KEY: &str = "witness.pem";
/// Name of the directory with the checkpoints cosigned last.
const DIR: &str = "witness";

/// A checkpoint that was cosigned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witnessed {
    /// The note, with the cosignature below it.
    pub note: Note,
    /// The key that cosigned, for whoever believes this witness.
    pub key: VerifierKey,
    /// Records that the checkpoint cosigned before covered, if there was one.
    pub before: Option<u64>,
}

/// Why nothing was cosigned.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// There is no key to cosign with.
    #[error("there is no key for cosignatures at `{}`", path.display())]
    NoKey {
        /// Where it should be.
        path: PathBuf,
    },
    /// The key to cosign with is the one that signs records.
    #[error("the key for cosignatures at `{}` is the one that signs the records of this ledger", path.display())]
    RecordKey {
        /// Where it is.
        path: PathBuf,
    },
    /// The key file cannot be used.
    #[error("the key for cosignatures cannot be used: {0}")]
    Key(#[from] KeyFileError),
    /// The log is the own one.
    #[error("the checkpoint is of your own log, and a log is no witness of its own")]
    OwnLog,
    /// It does not go on from what was cosigned before.
    #[error(transparent)]
    Refused(#[from] WitnessRefusal),
    /// One size, two roots. Both notes are kept.
    #[error("the log had another root at {size} records when it was cosigned here; both notes are kept")]
    Fork {
        /// Records of both.
        size: u64,
        /// The note cosigned before.
        last: Box<Note>,
        /// Where the other was kept.
        kept: PathBuf,
    },
    /// The note has no room for another line.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The time is none of a cosignature.
    #[error(transparent)]
    Cosign(#[from] CosignError),
    /// The ledger could not read or write.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl WitnessError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoKey { path } => return Some(format!("make one with `key new {}`", path.display())),
            Self::RecordKey { path } => {
                return Some(format!("move `{0}` away, and make another with `key new {0}`", path.display()));
            }
            Self::Key(error) => return error.hint(),
            Self::OwnLog => "hand it to somebody else",
            Self::Refused(WitnessRefusal::OtherSize { last, .. }) => {
                return Some(format!("ask the log for a proof from its checkpoint of {last} records"));
            }
            Self::Refused(_) => {
                "ask the log for its newest checkpoint, with a proof from the last one cosigned"
            }
            Self::Fork { .. } => "show both notes to whoever relies on this party",
            Self::Note(_) | Self::Cosign(_) => return None,
            Self::Ledger(error) => return error.hint(),
        };
        Some(text.to_owned())
    }
}

impl Ledger {
    /// Cosigns the checkpoint of a request, whose signature was checked and gave `accepted`.
    ///
    /// `time` is in seconds since 1970. The same request again is cosigned again.
    ///
    /// # Errors
    /// [`WitnessError`]; nothing is then signed.
    pub fn witness(
        &self,
        request: &Request,
        accepted: &Accepted,
        time: u64,
    ) -> Result<Witnessed, WitnessError> {
        let next = &accepted.checkpoint;
        let own = self.party();
        if next.log().is_ok_and(|log| Some(log.party) == own) {
            return Err(WitnessError::OwnLog);
        }
        let secret = self.witness_key()?;
        let key = witness_name(&secret);
        let path = self.last_seen(next.origin());
        let last = read(&path)?;
        let before = last.as_ref().map(|(_, checkpoint)| checkpoint);
        match check_growth(before, request.old_size, &request.proof, next) {
            Ok(()) => {}
            Err(WitnessRefusal::Fork { size }) => {
                let (last, _) = last.expect("a fork is from something that was cosigned");
                let kept = path.with_extension(format!("fork-{}", &next.root().to_hex()[..16]));
                write(&kept, &request.note)?;
                return Err(WitnessError::Fork { size, last: Box::new(last), kept });
            }
            Err(refusal) => return Err(refusal.into()),
        }
        let before = before.map(Checkpoint::size);
        // Room for the line is looked for first: what is kept below was cosigned.
        let note = request.note.clone().with(cosign(next, time, key.name(), &secret)?)?;
        write(&path, &request.note)?;
        Ok(Witnessed { note, key, before })
    }

    /// Returns the request that a checkpoint alone is: it holds for a log that is seen for the first time, or again as it was.
    ///
    /// # Errors
    /// `BadFile` and `Io` for what was kept of it.
    pub fn witness_request(&self, note: Note) -> Result<Request, LedgerError> {
        let next = Checkpoint::parse(note.text()).ok();
        let last = match &next {
            Some(next) => read(&self.last_seen(next.origin()))?,
            None => None,
        };
        let is_same = |(_, last): &(Note, Checkpoint)| next.is_some_and(|next| next.size() == last.size());
        let old_size = last.filter(is_same).map_or(0, |(_, last)| last.size());
        Ok(Request { old_size, proof: Vec::new(), note })
    }

    /// Returns the directory in which checkpoints that were cosigned are kept.
    pub fn witness_dir(&self) -> PathBuf {
        self.dir.join(DIR)
    }

    /// Reads the key for cosignatures, which is never that for records: one who cosigns its own log is no witness.
    fn witness_key(&self) -> Result<SecretKey, WitnessError> {
        let path = self.dir.join(KEY);
        if !path.exists() {
            return Err(WitnessError::NoKey { path });
        }
        let key = keyfile::load(&path)?;
        let own = self.party().map(|party| self.key_of(&party)).transpose()?.flatten();
        match own.is_some_and(|own| own.to_bytes() == key.public().to_bytes()) {
            true => Err(WitnessError::RecordKey { path }),
            false => Ok(key),
        }
    }

    /// Where the last checkpoint of a log is kept. The name is made here, and not of what a file says.
    fn last_seen(&self, origin: &str) -> PathBuf {
        let name = sha256(&[origin.as_bytes()]).to_hex();
        self.witness_dir().join(format!("{}.checkpoint", &name[..32]))
    }
}

/// Returns the verifier key of a witness: its name follows from the key, so that one key never has two names.
fn witness_name(secret: &SecretKey) -> VerifierKey {
    let key = secret.public();
    let Hash(bytes) = sha256(&[&key.to_bytes()]);
    let name = format!("lodemark/witness/{}", &Hash(bytes).to_hex()[..32]);
    VerifierKey::new(&name, KeyUse::Cosignature, key.clone()).expect("the name has no blank and no plus")
}

fn read(path: &Path) -> Result<Option<(Note, Checkpoint)>, LedgerError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LedgerError::io(path, error)),
    };
    let bad = |why: String| LedgerError::BadFile { path: path.to_owned(), why };
    let note = Note::parse(&bytes).map_err(|error| bad(error.to_string()))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| bad(error.to_string()))?;
    Ok(Some((note, checkpoint)))
}

fn write(path: &Path, note: &Note) -> Result<(), LedgerError> {
    let dir = path.parent().expect("it is in a directory of the ledger");
    let made = match dir.is_dir() {
        true => Ok(()),
        false => store::make_dir(dir),
    };
    made.and_then(|()| store::replace_file(path, note.to_string().as_bytes()))
        .map_err(|error| LedgerError::io(path, error))
}
