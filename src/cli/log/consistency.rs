//! `log consistency`: whether one checkpoint of a log goes on from another.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::file;
use super::keys::{self, Keys};
use super::{folder, forked};
use crate::hash::RecordId;
use crate::ledger::Ledger;
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::consistency::check_consistency;
use crate::log::note::Note;
use crate::log::tree::{Tree, leaf_hash};
use crate::log::witness::{REQUEST_MAX, Request};
use crate::report::{LogConsistencyScreen, LogVerdict};

/// Flags of `log consistency`.
#[derive(clap::Args)]
#[command(
    about = "Say whether one checkpoint of a log goes on from another, and prove it",
    after_help = "Example:\n  lodemark log consistency october.checkpoint november.checkpoint --proofs found\n\nExit status: 0 it goes on, 1 the log forked or a signature does not hold, 3 not established."
)]
pub struct Args {
    /// Checkpoint of the log
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// A later one
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Folder that `log publish` wrote, to take the ids from; the ledger's records unless given
    #[arg(long, value_name = "DIR", conflicts_with = "proof")]
    from: Option<PathBuf>,
    /// Proof to check, as `--out` wrote it
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Write the proof to this file: it is what a witness asks for
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the proof of a fork to a file in this directory
    #[arg(long, value_name = "DIR")]
    proofs: Option<PathBuf>,
    #[command(flatten)]
    keys: Keys,
}

impl Args {
    /// Compares the two.
    ///
    /// # Errors
    /// [`Failure`] for files that are no checkpoints of one log.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = keys::ledger(context)?;
        let mut notes = [folder::note(&self.old)?, folder::note(&self.new)?];
        let logs = notes.each_ref().map(keys::log_of);
        let [Some(log), Some(other)] = logs else {
            let hint = "name two checkpoints of one party, as `log checkpoint` writes them";
            return Err(Failure::usage(
                "one of the two is no checkpoint of a party's log",
                Some(hint.into()),
            ));
        };
        if log != other {
            let hint = "each party, and each epoch of its chain, has a log of its own";
            return Err(Failure::usage("the two are checkpoints of different logs", Some(hint.into())));
        }
        let mut screen = LogConsistencyScreen::new(log.to_string());
        let policy = self.keys.policy(ledger.as_ref(), Some(&log))?;
        let mut accepted = Vec::new();
        for (note, path) in notes.iter().zip([&self.old, &self.new]) {
            match keys::accept(&policy, note) {
                Ok(one) => accepted.push(one.checkpoint),
                Err((verdict, why)) => {
                    screen.conclude(verdict, format!("`{}`: {why}", path.display()));
                    context.print(&screen)?;
                    return Ok(keys::exit(verdict));
                }
            }
        }
        // Whichever was named first: a log goes on from the smaller.
        if accepted[0].size() > accepted[1].size() {
            accepted.reverse();
            notes.reverse();
        }
        screen.sizes = [accepted[0].size(), accepted[1].size()];
        screen.roots = [*accepted[0].root(), *accepted[1].root()];
        let pair = [&accepted[0], &accepted[1]];
        let larger = self.judge(ledger.as_ref(), &log, pair, &notes, &mut screen)?;
        if screen.is_fork {
            let fork = forked::proof(ledger.as_ref(), &log, notes.each_ref(), larger.as_ref())?;
            screen.has_proof = fork.is_some();
            if let (Some(fork), Some(dir)) = (&fork, &self.proofs) {
                screen.proof_of_fork = Some(forked::write(dir, fork)?);
            }
        }
        if screen.verdict == LogVerdict::Holds
            && let Some(out) = &self.out
        {
            self.write(out, pair, larger.as_ref(), &notes[1], &mut screen)?;
        }
        context.print(&screen)?;
        Ok(keys::exit(screen.verdict))
    }

    /// Judges two accepted checkpoints, the smaller first; returns the tree under the larger, where its leaves are known.
    fn judge(
        &self,
        ledger: Option<&Ledger>,
        log: &LogId,
        [old, new]: [&Checkpoint; 2],
        notes: &[Note; 2],
        screen: &mut LogConsistencyScreen,
    ) -> Result<Option<Tree>, Failure> {
        let sizes = [old.size(), new.size()];
        if sizes[0] == sizes[1] && old.root() != new.root() {
            screen.fork(format!("the log has two roots at {} records", sizes[0]));
            return Ok(None);
        }
        if let Some(path) = &self.proof {
            self.by_proof(path, [old, new], notes, screen)?;
            return Ok(None);
        }
        if sizes[0] == sizes[1] && self.out.is_none() {
            screen.conclude(LogVerdict::Holds, "the two have one size and one root".to_owned());
            return Ok(None);
        }
        let ids: Vec<RecordId> = match (&self.from, ledger) {
            (Some(dir), _) => folder::ids(dir, new).map_err(|error| {
                let hint = "name a folder in which the larger of the two, or a later one, was published";
                Failure::stopped(format!("`{}`: {error}", dir.display()), Some(hint.into()))
            })?,
            (None, Some(ledger)) => ledger.leaves(&log.party, log.epoch)?,
            (None, None) => Vec::new(),
        };
        let known = ids.len();
        let Some(ids) = usize::try_from(sizes[1]).ok().and_then(|size| ids.get(..size)) else {
            screen.conclude(
                LogVerdict::NotEstablished,
                format!(
                    "the larger covers {} records, and the first {known} of them are held here",
                    sizes[1]
                ),
            );
            return Ok(None);
        };
        let tree = |ids: &[RecordId]| Tree::new(ids.iter().map(|id| leaf_hash(id.as_bytes())).collect());
        let larger = tree(ids);
        let smaller = tree(&ids[..usize::try_from(sizes[0]).expect("it is the smaller")]);
        match (larger.root() == *new.root(), smaller.root() == *old.root()) {
            (true, true) => {
                screen.conclude(LogVerdict::Holds, "the larger goes on from the smaller".to_owned());
            }
            (true, false) => screen.fork(format!(
                "the first {0} records under the checkpoint of {1} are not those of the checkpoint of {0}",
                sizes[0], sizes[1]
            )),
            // Nobody else can see that without the records behind either.
            (false, _) => screen.fork(format!(
                "the {} records held here, which the party signed, make another root than its checkpoint has",
                sizes[1]
            )),
        }
        Ok((larger.root() == *new.root()).then_some(larger))
    }

    fn by_proof(
        &self,
        path: &Path,
        [old, new]: [&Checkpoint; 2],
        notes: &[Note; 2],
        screen: &mut LogConsistencyScreen,
    ) -> Result<(), Failure> {
        let bytes = file::bytes_up_to(path, REQUEST_MAX as u64)?;
        let request = Request::parse(&bytes).map_err(|error| keys::unreadable(path, &error))?;
        if request.old_size != old.size() || request.note.text() != notes[1].text() {
            let hint = "name the proof that was made for these two";
            let what = format!("`{}` is a proof for other checkpoints", path.display());
            return Err(Failure::usage(what, Some(hint.into())));
        }
        let joined = check_consistency(old.size(), new.size(), old.root(), new.root(), &request.proof);
        match joined {
            Ok(()) => screen.conclude(LogVerdict::Holds, "the larger goes on from the smaller".to_owned()),
            // The proof may be wrong, and the log right.
            Err(error) => screen.conclude(LogVerdict::NotEstablished, error.to_string()),
        }
        Ok(())
    }

    fn write(
        &self,
        out: &Path,
        [old, _]: [&Checkpoint; 2],
        larger: Option<&Tree>,
        note: &Note,
        screen: &mut LogConsistencyScreen,
    ) -> Result<(), Failure> {
        let proof = larger.and_then(|tree| tree.consistency(old.size())).ok_or_else(|| {
            let hint = "leave out `--proof`: a new proof is made of the records held, or of `--from`";
            Failure::usage("a proof that was given is not written again", Some(hint.into()))
        })?;
        let request = Request { old_size: old.size(), proof, note: note.clone() };
        file::write(out, request.to_string().as_bytes())?;
        screen.request = Some(out.to_owned());
        Ok(())
    }
}
