//! `log prove`: shows that a record stands in a log.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::{file, show};
use super::{checkpoint, keys};
use crate::ledger::Ledger;
use crate::log::checkpoint::LogId;
use crate::log::note::{NOTE_MAX, Note};
use crate::log::proof::LogProof;
use crate::report::{LogProofScreen, LogVerdict};

/// Flags of `log prove`.
#[derive(clap::Args)]
#[command(
    about = "Prove that a record stands in a log, under a checkpoint of it",
    after_help = "Example:\n  lodemark log prove NDPR-1 --out ndpr-1.tlog-proof\n\nOf your own log a new checkpoint is signed; of another's, name one that you were given. The proof says that the log\nhas this id at this place, and nothing of what the record states."
)]
pub struct Args {
    /// Label of a lot, or id of a record
    #[arg(value_name = "RECORD")]
    record: String,
    /// Checkpoint to prove it under; a new one of your own log unless given
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// File to write; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Args {
    /// Makes the proof.
    ///
    /// # Errors
    /// [`Failure`] for a record that is not held, or is not in a log that is held whole and is signed for.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let id = show::record_meant(&ledger, &self.record)?;
        let record = ledger.record(&id)?.ok_or_else(|| show::not_held(&self.record))?;
        let note = self.note(&mut ledger, &LogId { party: record.author, epoch: record.epoch })?;
        let log = keys::log_of(&note).ok_or_else(|| {
            Failure::usage(
                "the checkpoint is not of a party's log",
                Some("name another with `--checkpoint`".into()),
            )
        })?;
        let policy = keys::Keys::default().policy(Some(&ledger), Some(&log))?;
        let accepted = keys::accept(&policy, &note).map_err(|(verdict, why)| match verdict {
            LogVerdict::NotEstablished => {
                Failure::stopped(why, Some("import the chain of the party first: it brings the key".into()))
            }
            _ => Failure::refused(why, Some("ask its sender for the checkpoint again".into())),
        })?;
        let at = accepted.checkpoint;
        let gap = "import the newest export of its chain, so that the whole log is held";
        let Some(tree) = ledger.log_tree(&log.party, log.epoch, at.size())? else {
            let held = ledger.leaves(&log.party, log.epoch)?.len();
            let why = format!(
                "the checkpoint covers {} records, and the first {held} of them are held here",
                at.size()
            );
            return Err(Failure::stopped(why, Some(gap.into())));
        };
        if tree.root() != *at.root() {
            let why =
                format!("the {} records held here make another root than the checkpoint has", at.size());
            let hint = "keep both: `log consistency` writes the proof of a fork where there is one";
            return Err(Failure::refused(why, Some(hint.into())));
        }
        let leaves = ledger.leaves(&log.party, log.epoch)?;
        let stands = leaves.get(usize::try_from(record.seq).unwrap_or(usize::MAX)) == Some(&id);
        let path = tree.path(record.seq).filter(|_| stands && log.party == record.author);
        let Some(path) = path else {
            let why = format!("the record is not among the {} that the checkpoint covers", at.size());
            return Err(Failure::usage(why, Some("name a newer checkpoint of its author's log".into())));
        };
        let proof =
            LogProof::new(record.seq, path, note, Vec::new()).expect("a path of a log that is held is short");
        let text = proof.to_string();
        if let Some(out) = &self.out {
            file::write(out, text.as_bytes())?;
        } else if !context.json {
            context.print_text(&text)?;
            return Ok(Exit::Done);
        }
        context.print(&LogProofScreen {
            origin: at.origin().to_owned(),
            record: id,
            index: record.seq,
            size: at.size(),
            root: *at.root(),
            proof: text,
            file: self.out.clone(),
        })?;
        Ok(Exit::Done)
    }

    fn note(&self, ledger: &mut Ledger, log: &LogId) -> Result<Note, Failure> {
        if let Some(path) = &self.checkpoint {
            let bytes = file::bytes_up_to(path, NOTE_MAX as u64)?;
            return Note::parse(&bytes).map_err(|error| keys::unreadable(path, &error));
        }
        if ledger.party() != Some(log.party) {
            let hint = "name a checkpoint of its author's log with `--checkpoint`";
            return Err(Failure::usage(
                "the record is another party's, whose log only that party signs",
                Some(hint.into()),
            ));
        }
        Ok(checkpoint::signed(ledger)?.1)
    }
}
