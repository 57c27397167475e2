//! `undo`: takes back the newest record, or a named one, that has not left and on which nothing rests.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::record::{self, How};
use crate::entry::Draft;
use crate::ledger::{FindError, Ledger, UndoError};
use crate::model::kind::Kind;

/// Flags of `undo`.
#[derive(clap::Args)]
#[command(
    about = "Take back your newest record, as long as nobody else has it",
    after_help = "Example:\n  lodemark undo\n  lodemark undo dispatch:NDPR-1\n\nNothing is deleted: a withdrawal is appended. Within a day, and before anybody rests on the record, readers take it\nfor the slip that it was."
)]
pub struct Args {
    /// The record instead of the newest: the label of a lot it made, KIND:LABEL, or an id
    #[arg(value_name = "RECORD")]
    record: Option<String>,
    /// Why: entry_error, duplicate, not_happened or other
    #[arg(long, value_name = "REASON", default_value = "entry_error")]
    reason: String,
    #[command(flatten)]
    how: How,
}

impl Args {
    /// Appends the withdrawal.
    ///
    /// # Errors
    /// [`Failure`] for a record that has left, or on which another rests.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let target = ledger.undoable(self.record.as_deref()).map_err(failure)?;
        drop(ledger);
        let mut draft = Draft::new(Kind::Withdraw);
        draft.target = Some(target.to_hex());
        draft.reason = Some(self.reason.clone());
        record::append(context, vec![draft], &self.how)
    }
}

fn failure(error: UndoError) -> Failure {
    match error {
        UndoError::Find(FindError::Ledger(error)) => error.into(),
        UndoError::Find(error) => error.into(),
        error => {
            let hint = error.hint();
            Failure::refused(error, hint)
        }
    }
}
