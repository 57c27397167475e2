//! Whose signatures under a checkpoint are believed: keys named, or the key that the ledger holds of the party.

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use crate::ledger::{Ledger, LedgerError};
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::note::Note;
use crate::log::policy::{Accepted, Policy, Refused};
use crate::log::vkey::VerifierKey;
use crate::report::LogVerdict;

/// Flags that say whom to believe.
#[derive(clap::Args, Default)]
pub struct Keys {
    /// Verifier key of the log, `ORIGIN+ID+KEY`; the key of the party as held in the ledger unless given
    #[arg(long, value_name = "VKEY")]
    log_key: Vec<String>,
    /// Verifier key of a witness, `NAME+ID+KEY`; several times
    #[arg(long, value_name = "VKEY")]
    witness: Vec<String>,
    /// How many of the witnesses have to have cosigned; all unless given
    #[arg(long, value_name = "COUNT")]
    quorum: Option<usize>,
}

impl Keys {
    /// Returns the keys of logs that were named, and no witness.
    pub fn of_logs(log_key: &[String]) -> Self {
        Self { log_key: log_key.to_vec(), ..Self::default() }
    }

    /// Returns the policy for a log.
    ///
    /// # Errors
    /// [`Failure`] for a text that is no key, keys that make no policy, and a ledger that cannot be read.
    pub fn policy(&self, ledger: Option<&Ledger>, log: Option<&LogId>) -> Result<Policy, Failure> {
        let mut logs = read_all(&self.log_key)?;
        let witnesses = read_all(&self.witness)?;
        if let (true, Some(ledger), Some(log)) = (logs.is_empty(), ledger, log)
            && let Some((key, _)) = ledger.founding(&log.party)?
        {
            logs.push(log.verifier_key(&key));
        }
        let quorum = self.quorum.unwrap_or(witnesses.len());
        Policy::new(logs, witnesses, quorum).map_err(|error| {
            let hint =
                "name each key once: those of logs with `--log-key`, those of witnesses with `--witness`";
            Failure::usage(error, Some(hint.into()))
        })
    }
}

fn read_all(given: &[String]) -> Result<Vec<VerifierKey>, Failure> {
    let read = |text: &String| {
        text.parse().map_err(|error: crate::log::vkey::VerifierKeyError| {
            let hint = error.hint();
            Failure::usage(format!("`{text}`: {error}"), hint)
        })
    };
    given.iter().map(read).collect()
}

/// Opens the ledger, if there is one.
///
/// # Errors
/// [`Failure`] for one that cannot be opened.
pub fn ledger(context: &Context) -> Result<Option<Ledger>, Failure> {
    match Ledger::open(&context.ledger) {
        Ok(ledger) => Ok(Some(ledger)),
        Err(LedgerError::NotALedger { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns which party's log a note is of, by its text alone.
pub fn log_of(note: &Note) -> Option<LogId> {
    Checkpoint::parse(note.text()).ok()?.log().ok()
}

/// Returns the checkpoint that a policy accepts, or what its refusal comes to and why.
pub fn accept(policy: &Policy, note: &Note) -> Result<Accepted, (LogVerdict, String)> {
    policy.accept(note).map_err(|refused| (weigh(&refused), refused.to_string()))
}

/// A key that is not known, or witnesses that are missing, leave open what a wrong signature decides.
pub fn weigh(refused: &Refused) -> LogVerdict {
    match refused {
        Refused::UnknownLog(_) | Refused::Quorum { .. } => LogVerdict::NotEstablished,
        Refused::Checkpoint(_) | Refused::Signature(_) => LogVerdict::DoesNotHold,
    }
}

/// Returns the status that a verdict ends with.
pub fn exit(verdict: LogVerdict) -> Exit {
    match verdict {
        LogVerdict::Holds => Exit::Done,
        LogVerdict::NotEstablished => Exit::NotEstablished,
        LogVerdict::DoesNotHold => Exit::Fails,
    }
}

/// Returns the failure of a file that is nothing that a log shows.
pub fn unreadable(file: &std::path::Path, error: &dyn std::fmt::Display) -> Failure {
    let hint = "ask its sender for the file again; `log checkpoint` and `log prove` write such files";
    Failure::usage(format!("`{}`: {error}", file.display()), Some(hint.into()))
}
