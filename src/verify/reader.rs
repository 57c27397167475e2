//! The reader: whom it believes, what it buys, which packs it asks.

use serde::Serialize;

use crate::balance::bands::Bands;
use crate::hash::Hash;
use crate::model::coded::Coded;
use crate::rules::{Pack, by_default};
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
}

impl Default for Reader {
    /// A reader who believes nobody, buys nothing, and asks the packs of the default and the bands that are built in.
    fn default() -> Self {
        Self { trust: Trust::default(), case: None, packs: by_default(), bands: Bands::embedded() }
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
