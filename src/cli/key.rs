//! `key`: makes a key file, and shows whose key a ledger or file holds.

use std::path::PathBuf;

use super::context::Context;
use super::entropy::OsEntropy;
use super::failure::{Exit, Failure};
use crate::ledger::Ledger;
use crate::report::KeyScreen;
use crate::sign::{SecretKey, keyfile};

/// What to do with keys.
#[derive(clap::Subcommand)]
#[command(about = "Make a key, or show the public half of one")]
pub enum Command {
    /// Make a key file, readable by its owner alone
    #[command(after_help = "Example:\n  lodemark key new mine.pem")]
    New {
        /// File to write; never overwritten
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show the party and public key of the ledger, or the public key of a file
    #[command(after_help = "Example:\n  lodemark --ledger mine key show")]
    Show {
        /// Key file; that of the ledger unless given
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

impl Command {
    /// Makes or shows a key.
    ///
    /// # Errors
    /// [`Failure`] for a file that exists, or cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let screen = match self {
            Self::New { file } => {
                let key = SecretKey::generate(&mut OsEntropy::new()?);
                keyfile::save(file, &key)?;
                KeyScreen { party: None, name: None, public_key: hex(&key), file: file.clone(), made: true }
            }
            Self::Show { file: Some(file) } => {
                let key = keyfile::load(file)?;
                KeyScreen { party: None, name: None, public_key: hex(&key), file: file.clone(), made: false }
            }
            Self::Show { file: None } => {
                let ledger = Ledger::open(&context.ledger)?;
                let party = ledger.party();
                if party.is_none() {
                    let hint = "make a ledger of your own with `init`";
                    return Err(Failure::usage("this ledger only reads and has no key", Some(hint.into())));
                }
                let name = party.map(|party| ledger.party_name(&party)).transpose()?;
                let file = ledger.key_path();
                let key = keyfile::load(&file)?;
                KeyScreen { party, name, public_key: hex(&key), file, made: false }
            }
        };
        context.print(&screen)?;
        Ok(Exit::Done)
    }
}

fn hex(key: &SecretKey) -> String {
    data_encoding::HEXLOWER.encode(key.public().as_bytes())
}
