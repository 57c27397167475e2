//! Screens of a ledger's beginning: what was made, and whose key it is.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::page::Page;
use super::screen::Screen;
use crate::hash::PartyId;
use crate::model::profile::Profile;

/// A ledger that was made.
#[derive(Clone, Debug, Serialize)]
pub struct InitScreen {
    ledger: PathBuf,
    party: Option<PartyId>,
    name: Option<String>,
    profile: Option<Profile>,
    key_file: Option<PathBuf>,
}

impl InitScreen {
    /// Returns the screen of a ledger with a chain of its own.
    pub fn own(dir: &Path, party: PartyId, name: String, profile: Profile, key_file: PathBuf) -> Self {
        Self {
            ledger: dir.to_owned(),
            party: Some(party),
            name: Some(name),
            profile: Some(profile),
            key_file: Some(key_file),
        }
    }

    /// Returns the screen of a ledger that only reads.
    pub fn reader(dir: &Path) -> Self {
        Self { ledger: dir.to_owned(), party: None, name: None, profile: None, key_file: None }
    }
}

impl Screen for InitScreen {
    const NAME: &'static str = "init";

    fn write(&self, page: &mut Page) {
        let dir = self.ledger.display();
        let (Some(party), Some(name), Some(key)) = (&self.party, &self.name, &self.key_file) else {
            page.line(0, &format!("Made a ledger in {dir} that takes in what others hand over."));
            page.line(0, "It has no key, and nothing can be recorded in it.");
            return;
        };
        page.line(0, &format!("Made a ledger for {name} in {dir}."));
        page.line(2, &format!("party id: {party}"));
        page.line(2, &format!("key: {}; keep a copy in a safe place, it cannot be replaced", key.display()));
        match self.profile {
            Some(Profile::Public) => page.line(2, "profile public: everyone can read what you record"),
            _ => page.line(
                2,
                "profile commercial: quantities, grades, counterparties and names stay private unless you show them",
            ),
        }
        page.line(0, "Next: `lodemark facility declare NAME --place COUNTRY --stage STAGE`.");
    }
}

/// A key, its public half only.
#[derive(Clone, Debug, Serialize)]
pub struct KeyScreen {
    /// The party it signs for, if a ledger says so.
    pub party: Option<PartyId>,
    /// What that party is called.
    pub name: Option<String>,
    /// 64 hex digits.
    pub public_key: String,
    /// Where the secret key is.
    pub file: PathBuf,
    /// Whether it was just made.
    pub made: bool,
}

impl Screen for KeyScreen {
    const NAME: &'static str = "key";

    fn write(&self, page: &mut Page) {
        if let (Some(party), Some(name)) = (&self.party, &self.name) {
            page.line(0, name);
            page.line(2, &format!("party id: {party}"));
        }
        page.line(2, &format!("key file: {}", self.file.display()));
        page.line(2, &format!("public key: {}", self.public_key));
        if self.made {
            page.line(
                2,
                "The file is the secret: whoever has it can sign in your name. Keep a copy in a safe place.",
            );
        }
    }
}
