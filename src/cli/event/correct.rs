//! `correct`: puts another statement in the place of an own record's.

use super::{Flags, each};
use crate::cli::failure::Failure;
use crate::entry::{Draft, Tree};
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Correct a record of your own: what it states from here on; both statements stay to be seen",
    after_help = "Example:\n  lodemark correct NDPR-1 --set out/0/mass=\"5390 kg\" --reason remeasured\n\nPaths are those of the event as a file would have it; a whole statement is written in a file, as `with`."
)]
pub struct Args {
    /// The record: `last`, the label of a lot it created, or its id
    #[arg(value_name = "RECORD")]
    target: Option<String>,
    /// A value that changes, such as out/0/mass="5390 kg" or on=2026-11-03
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Why: entry_error, remeasured, late_paper, untrue or other
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Correct;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        draft.reason.clone_from(&self.reason);
        draft.amend.change = each(&self.set, change)?;
        Ok(())
    }
}

fn change(text: &str) -> Result<(String, Tree), Failure> {
    let Some((path, value)) = text.split_once('=').filter(|(path, _)| !path.trim().is_empty()) else {
        let hint = "write the path of a value, `=`, and the new value: out/0/mass=\"5390 kg\"";
        return Err(Failure::usage(format!("`{text}` changes nothing"), Some(hint.into())));
    };
    // Flags are the only values of an event that are neither texts nor lists.
    let value = match value.trim() {
        "true" => Tree::Flag(true),
        "false" => Tree::Flag(false),
        value => Tree::Text(value.trim_matches('"').to_owned()),
    };
    Ok((path.trim().to_owned(), value))
}
