//! The reader: whom it believes, what it buys, which packs it asks.

use serde::Serialize;

use crate::balance::bands::Bands;
use crate::hash::Hash;
use crate::log::policy::{Policy, PolicyError};
use crate::log::vkey::{VerifierKey, VerifierKeyError};
use crate::model::coded::Coded;
use crate::rules::{self, Pack, by_default};
use crate::trust::file::WitnessEntry;
use crate::trust::{Case, Trust};

/// The reader's side of a question. Nothing in it comes from the evidence.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Authorities believed, documents accepted.
    pub trust: Trust,
    /// Facts of the purchase.
    pub case: Option<Case>,
    /// Packs asked.
    pub packs: Vec<Pack>,
    /// Constants and bands of the balance.
    pub bands: Bands,
    /// Keys of the witnesses believed.
    pub witnesses: Vec<VerifierKey>,
    /// How many of them have to have seen the checkpoint of each chain that a lot rests on.
    pub quorum: usize,
    /// How old what is held of such a chain may be, in days; any age where not given.
    pub max_age_days: Option<u32>,
}

/// Why a trust file names no usable witnesses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// A key is none.
    #[error("`witness[{at}].key` is no key of a witness: {error}")]
    Key {
        /// Which entry.
        at: usize,
        /// What is wrong with it.
        error: VerifierKeyError,
    },
    /// They make no policy together.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl Reader {
    /// Takes the witnesses, their number and the greatest age from the trust file.
    ///
    /// # Errors
    /// [`WitnessError`] for a key that is none, stands there twice or is for something else, and for more witnesses asked
    /// for than there are.
    pub fn with_witnesses(mut self) -> Result<Self, WitnessError> {
        let key = |(at, entry): (usize, &WitnessEntry)| {
            entry.key.parse().map_err(|error| WitnessError::Key { at, error })
        };
        self.witnesses = self.trust.witnesses.iter().enumerate().map(key).collect::<Result<_, _>>()?;
        self.quorum = self.trust.quorum as usize;
        self.max_age_days = self.trust.max_chain_age_days;
        Policy::new(Vec::new(), self.witnesses.clone(), self.quorum)?;
        Ok(self)
    }
}

impl Reader {
    /// Returns it asking the packs of these names, in place of its own.
    ///
    /// # Errors
    /// A sentence naming the pack that is not built in, and the nearest one that is.
    pub fn asking(self, names: &[String]) -> Result<Self, String> {
        let mut packs: Vec<Pack> = Vec::new();
        for name in names {
            let found = rules::named(name);
            for pack in found.map_err(|hint| format!("no pack here is called `{name}`: {hint}"))? {
                if packs.iter().all(|known| known.file.id != pack.file.id) {
                    packs.push(pack);
                }
            }
        }
        Ok(Self { packs, ..self })
    }
}

impl Default for Reader {
    /// A reader who believes nobody, buys nothing, and asks the packs of the default and the bands that are built in.
    fn default() -> Self {
        Self {
            trust: Trust::default(),
            case: None,
            packs: by_default(),
            bands: Bands::embedded(),
            witnesses: Vec::new(),
            quorum: 0,
            max_age_days: None,
        }
    }
}

/// One pack, as a report names it.
#[derive(Clone, Debug, Serialize)]
pub struct PackLine {
    /// Its id.
    pub id: String,
    /// Its version, not that of the law.
    pub version: String,
    /// SHA-256 of its text.
    pub hash: Hash,
    /// Where the text stands.
    pub status: &'static str,
    /// Who reviewed it; `none` until a person has.
    pub reviewer: String,
    /// Texts it follows, each with the day it was checked.
    pub texts: Vec<String>,
}

impl From<&Pack> for PackLine {
    fn from(pack: &Pack) -> Self {
        let text = |text: &crate::rules::pack::LegalRef| format!("{}, checked {}", text.cite, text.checked);
        Self {
            id: pack.file.id.clone(),
            version: pack.file.version.clone(),
            hash: pack.hash,
            status: pack.file.status.name(),
            reviewer: pack.file.reviewer.clone(),
            texts: pack.file.legal_refs.iter().map(text).collect(),
        }
    }
}
