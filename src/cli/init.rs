//! `init`: makes a ledger with a key and a chain of its own, or one that only reads.

use std::path::PathBuf;

use super::context::Context;
use super::entropy::OsEntropy;
use super::failure::{Exit, Failure};
use crate::entry::Draft;
use crate::ledger::{Init, Ledger};
use crate::model::event::Body;
use crate::model::kind::Kind;
use crate::model::profile::Profile;
use crate::report::InitScreen;
use crate::sign::keyfile;

/// Flags of `init`.
#[derive(clap::Args)]
#[command(
    about = "Make a ledger: a key, and the record that opens your chain",
    after_help = "Example:\n  lodemark --ledger mine init --name \"Quartz Hill Mine\" --country AU --role miner"
)]
pub struct Args {
    /// Legal name
    #[arg(long, value_name = "NAME", required_unless_present = "reader")]
    name: Option<String>,
    /// Country of registration, such as AU
    #[arg(long, value_name = "COUNTRY", required_unless_present = "reader")]
    country: Option<String>,
    /// What you do, such as miner, separator, magnet_maker or assay_lab
    #[arg(long, value_name = "ROLE", required_unless_present = "reader")]
    role: Vec<String>,
    /// Number in a register, such as lei=5493001KJTIIGC8Y1R12
    #[arg(long, value_name = "SCHEME=NUMBER")]
    identifier: Vec<String>,
    /// Postal address
    #[arg(long, value_name = "TEXT")]
    address: Option<String>,
    /// What stays private unless told otherwise: commercial (quantities, grades, counterparties, names) or public
    #[arg(long, value_name = "PROFILE", default_value = "commercial")]
    profile: Profile,
    /// Use this key file, made with `key new`, instead of a fresh key
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Keep the note of what was handed out in this file, outside the ledger's directory and its backups: a copy of
    /// the directory that is older then refuses to append, instead of signing a second history
    #[arg(long, value_name = "FILE")]
    mark: Option<PathBuf>,
    /// Make a ledger that only takes in what others hand over, without a key
    #[arg(long, conflicts_with_all = ["name", "country", "role", "key"])]
    reader: bool,
}

impl Args {
    /// Makes the ledger.
    ///
    /// # Errors
    /// [`Failure`] for a directory in use, or what cannot be said of a party.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let dir = &context.ledger;
        if self.reader {
            let ledger = Ledger::init_reader(dir)?;
            context.print(&InitScreen::reader(ledger.dir()))?;
            return Ok(Exit::Done);
        }
        let mut draft = Draft::new(Kind::Establish);
        draft.name.clone_from(&self.name);
        draft.country.clone_from(&self.country);
        draft.roles.clone_from(&self.role);
        draft.address.clone_from(&self.address);
        for identifier in &self.identifier {
            let (scheme, number) = identifier.split_once('=').ok_or_else(|| {
                let hint = "write it like lei=5493001KJTIIGC8Y1R12";
                Failure::usage(
                    format!("`{identifier}` has no `=` between register and number"),
                    Some(hint.into()),
                )
            })?;
            draft.identifiers.push(crate::entry::IdentifierDraft {
                scheme: Some(scheme.trim().to_owned()),
                number: Some(number.trim().to_owned()),
            });
        }
        let Body::Establish(establish) = draft.resolve(&super::resolve::Nothing)?.event.body else {
            unreachable!("a draft of this kind resolves to this kind");
        };
        let key = self.key.as_deref().map(keyfile::load).transpose()?;
        let name = establish.name.shown().cloned().unwrap_or_default();
        let init =
            Init { profile: self.profile, establish, now: context.now()?, key, mark: self.mark.clone() };
        let ledger = Ledger::init(dir, init, &mut OsEntropy::new()?)?;
        let party = ledger.party().expect("a ledger made with a chain has a party");
        context.print(&InitScreen::own(ledger.dir(), party, name, self.profile, ledger.key_path()))?;
        Ok(Exit::Done)
    }
}
