//! `log check`: judges a checkpoint, a proof of inclusion, or a proof of a fork.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::{file, show};
use super::keys::{self, Keys};
use crate::hash::{Hash, PartyId, RecordId};
use crate::ledger::Ledger;
use crate::log::fork::{FORK_MAX, LogFork};
use crate::log::note::Note;
use crate::log::policy::Accepted;
use crate::log::proof::{LogProof, LogProofFault};
use crate::log::tree::leaf_hash;
use crate::report::{LogCheckScreen, LogVerdict, LogWhat};

/// Flags of `log check`.
#[derive(clap::Args)]
#[command(
    about = "Judge a checkpoint, a proof that a record stands in a log, or a proof that a log forked",
    after_help = "Example:\n  lodemark log check ndpr-1.tlog-proof --record NDPR-1\n\nExit status: 0 it holds, 1 it does not, 3 not established: the log's key is not known, or too few witnesses signed."
)]
pub struct Args {
    /// Checkpoint or proof; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Record that the proof is for: its whole id, or a name in the ledger
    #[arg(long, value_name = "RECORD", conflicts_with = "leaf")]
    record: Option<String>,
    /// Leaf hash that the proof is for, 64 hex digits
    #[arg(long, value_name = "HASH")]
    leaf: Option<String>,
    #[command(flatten)]
    keys: Keys,
}

/// What a proof of a fork begins with, of whatever version.
pub const FORK_HEAD: &[u8] = b"lodemark/log-fork@";

/// Judges a proof that a log forked, with nothing else at hand.
///
/// # Errors
/// [`Failure`] for a text that is none.
pub fn fork(file: &Path, bytes: &[u8]) -> Result<LogCheckScreen, Failure> {
    let fork = LogFork::parse(bytes).map_err(|error| keys::unreadable(file, &error))?;
    let mut screen = LogCheckScreen::new(file, LogWhat::Fork);
    match fork.judge() {
        Ok(statement) => {
            screen.origin = Some(statement.log.to_string());
            screen.verdict = LogVerdict::Holds;
            screen.why = Some(statement.says);
        }
        Err(objection) => screen.refuse(LogVerdict::DoesNotHold, objection.to_string()),
    }
    Ok(screen)
}

impl Args {
    /// Judges the file.
    ///
    /// # Errors
    /// [`Failure`] for a file that is neither, and keys that are none.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let bytes = file::bytes_up_to(&self.file, FORK_MAX as u64)?;
        let ledger = keys::ledger(context)?;
        let starts = |head: &str| bytes.starts_with(head.as_bytes());
        let screen = if bytes.starts_with(FORK_HEAD) {
            self.no_leaf("a proof of a fork")?;
            fork(&self.file, &bytes)?
        } else if starts("c2sp.org/tlog-proof@") {
            self.inclusion(&bytes, ledger.as_ref())?
        } else {
            self.checkpoint(&bytes, ledger.as_ref())?
        };
        context.print(&screen)?;
        Ok(keys::exit(screen.verdict))
    }

    fn checkpoint(&self, bytes: &[u8], ledger: Option<&Ledger>) -> Result<LogCheckScreen, Failure> {
        let note = Note::parse(bytes).map_err(|error| keys::unreadable(&self.file, &error))?;
        self.no_leaf("a checkpoint")?;
        let mut screen = LogCheckScreen::new(&self.file, LogWhat::Checkpoint);
        let log = keys::log_of(&note);
        let policy = self.keys.policy(ledger, log.as_ref())?;
        match keys::accept(&policy, &note) {
            Ok(accepted) => screen.accept(&accepted),
            Err((verdict, why)) => screen.refuse(verdict, why),
        }
        if screen.verdict == LogVerdict::Holds
            && let (Some(ledger), Some(log), Some((size, root))) = (ledger, log, screen.size.zip(screen.root))
        {
            let tree = ledger.log_tree(&log.party, log.epoch, size)?;
            screen.is_held = tree.map(|tree| tree.root() == root);
            if screen.is_held == Some(false) {
                let why = format!(
                    "the {size} records held here make another root; `log consistency` may show a fork"
                );
                screen.refuse(LogVerdict::DoesNotHold, why);
            }
        }
        Ok(screen)
    }

    fn inclusion(&self, bytes: &[u8], ledger: Option<&Ledger>) -> Result<LogCheckScreen, Failure> {
        let proof = LogProof::parse(bytes).map_err(|error| keys::unreadable(&self.file, &error))?;
        let (leaf, author) = self.leaf(ledger)?;
        let mut screen = LogCheckScreen::new(&self.file, LogWhat::Inclusion);
        screen.index = Some(proof.index());
        let log = keys::log_of(proof.note());
        let policy = self.keys.policy(ledger, log.as_ref())?;
        let accepted: Accepted = match keys::accept(&policy, proof.note()) {
            Ok(accepted) => accepted,
            Err((verdict, why)) => {
                screen.refuse(verdict, why);
                return Ok(screen);
            }
        };
        screen.accept(&accepted);
        let origin = accepted.checkpoint.origin().to_owned();
        if let Some(author) = author.filter(|author| log.is_none_or(|log| log.party != *author)) {
            screen.refuse(
                LogVerdict::DoesNotHold,
                format!("the record is one of party {author}, and the checkpoint is of the log `{origin}`"),
            );
            return Ok(screen);
        }
        match proof.verify(&leaf, &origin, &policy) {
            Ok(_) => {}
            Err(LogProofFault::Checkpoint(refused)) => {
                screen.refuse(keys::weigh(&refused), refused.to_string())
            }
            Err(fault) => screen.refuse(LogVerdict::DoesNotHold, fault.to_string()),
        }
        Ok(screen)
    }

    /// Returns the leaf hash that was asked for, and the author of the record where it is held.
    fn leaf(&self, ledger: Option<&Ledger>) -> Result<(Hash, Option<PartyId>), Failure> {
        if let Some(leaf) = &self.leaf {
            let hint = "write the 64 hex digits of the leaf hash, or name the record with `--record`";
            let leaf = Hash::from_hex(leaf)
                .ok_or_else(|| Failure::usage(format!("`{leaf}` is no leaf hash"), Some(hint.into())))?;
            return Ok((leaf, None));
        }
        let Some(given) = &self.record else {
            let hint = "name it with `--record ID`, or its leaf hash with `--leaf`";
            return Err(Failure::usage("a proof does not say which record it is for", Some(hint.into())));
        };
        let id = match (RecordId::from_hex(given), ledger) {
            (Some(id), _) => id,
            (None, Some(ledger)) => show::record_meant(ledger, given)?,
            (None, None) => {
                let hint = "write all 64 hex digits, or name a ledger that holds it with `--ledger`";
                return Err(Failure::usage(format!("`{given}` is no whole record id"), Some(hint.into())));
            }
        };
        let record = ledger.map(|ledger| ledger.record(&id)).transpose()?.flatten();
        Ok((leaf_hash(id.as_bytes()), record.map(|record| record.author)))
    }

    fn no_leaf(&self, what: &str) -> Result<(), Failure> {
        match self.record.is_some() || self.leaf.is_some() {
            true => {
                let file: &Path = &self.file;
                let hint = "leave out `--record` and `--leaf`, or name a file that `log prove` wrote";
                Err(Failure::usage(
                    format!("`{}` is {what}, which is about no one record", file.display()),
                    Some(hint.into()),
                ))
            }
            false => Ok(()),
        }
    }
}
