//! `log publish`: writes the own log as files that any web server can hand out.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::file;
use super::{checkpoint, folder};
use crate::hash::RecordId;
use crate::ledger::Ledger;
use crate::log::checkpoint::Checkpoint;
use crate::log::publish::{Publisher, TileFile};
use crate::log::range::Range;
use crate::log::tree::leaf_hash;
use crate::report::LogPublishScreen;

/// Flags of `log publish`.
#[derive(clap::Args)]
#[command(
    about = "Write your log as a folder of files: its checkpoint, and tiles of record ids and hashes",
    after_help = "Example:\n  lodemark log publish public/log\n\nThe files say nothing of what the records state. Run it again to go on, after an interruption too."
)]
pub struct Args {
    /// Folder to write to
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Args {
    /// Publishes the log.
    ///
    /// # Errors
    /// [`Failure`] where another log, or more of this one, was published there, and for what cannot be written.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let (seen, note, key) = checkpoint::signed(&mut ledger)?;
        let ids = ledger.leaves(&seen.party, seen.epoch)?;
        let before = before(&self.dir, key.name(), &ids)?;
        let mut files = [0, 0];
        let mut write = |file: &TileFile| -> Result<(), Failure> {
            let is_new = folder::write(&self.dir, &file.path, &file.bytes)?;
            files[usize::from(is_new)] += 1;
            Ok(())
        };
        let mut publisher = Publisher::new();
        for id in &ids {
            let full = publisher.push(id.as_bytes()).expect("an id is short");
            full.iter().try_for_each(&mut write)?;
        }
        publisher.partial().iter().try_for_each(&mut write)?;
        // Last, so that whoever reads a checkpoint finds the tiles that it asks for.
        let path = folder::checkpoint_path(&self.dir);
        std::fs::create_dir_all(&self.dir).map_err(|error| Failure::file("make", &self.dir, &error))?;
        if before.as_ref().is_none_or(|before| before.size() != seen.size) {
            file::write(&path, note.to_string().as_bytes())?;
        }
        context.print(&LogPublishScreen {
            dir: self.dir.clone(),
            origin: key.name().to_owned(),
            size: seen.size,
            root: seen.root,
            before: before.map(|before| before.size()),
            written: files[1],
            kept: files[0],
        })?;
        Ok(Exit::Done)
    }
}

/// Returns the checkpoint that was published before, if this log goes on from it.
fn before(dir: &Path, origin: &str, ids: &[RecordId]) -> Result<Option<Checkpoint>, Failure> {
    let path = folder::checkpoint_path(dir);
    if !path.exists() {
        return Ok(None);
    }
    let note = folder::note(&path)?;
    let shown = path.display();
    let refuse = |why: String, hint: &str| Err(Failure::refused(why, Some(hint.into())));
    let before = match Checkpoint::parse(note.text()) {
        Ok(before) if before.origin() == origin => before,
        _ => {
            return refuse(
                format!("`{shown}` is the checkpoint of another log"),
                "publish into a folder of its own",
            );
        }
    };
    let first = usize::try_from(before.size()).ok().and_then(|size| ids.get(..size));
    let Some(first) = first else {
        let why = format!("`{shown}` covers {} records, and this ledger has {}", before.size(), ids.len());
        return refuse(
            why,
            "this ledger seems to be restored from an older copy: import the newest export of your own chain",
        );
    };
    let mut range = Range::new();
    range.extend(first.iter().map(|id| leaf_hash(id.as_bytes())));
    if range.root() != *before.root() {
        let why =
            format!("`{shown}` has another root for the first {} records than this ledger", before.size());
        return refuse(
            why,
            "two histories of your own chain exist: keep both, and find out which your partners hold",
        );
    }
    Ok(Some(before))
}
