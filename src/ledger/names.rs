//! The file `names.toml`: the user's own short names for parties, facilities, lots and documents.
//!
//! Names are not signed and not handed over; they change what people see and type, and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::lotref::LotRef;
use crate::store;
use crate::text;

const FORMAT: &str = "lodemark/names@1";

/// Short names and what they stand for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    format: String,
    /// Parties.
    #[serde(default)]
    pub parties: BTreeMap<String, PartyId>,
    /// Facilities, by the record that declared them.
    #[serde(default)]
    pub facilities: BTreeMap<String, RecordId>,
    /// Lots.
    #[serde(default)]
    pub lots: BTreeMap<String, LotRef>,
    /// Documents, by the SHA-256 of their bytes.
    #[serde(default)]
    pub documents: BTreeMap<String, Hash>,
}

impl Names {
    /// Returns where the file is in the ledger at `dir`.
    pub fn path(dir: &Path) -> PathBuf {
        dir.join("names.toml")
    }

    /// Reads the file of the ledger at `dir`; without one there are no names.
    ///
    /// # Errors
    /// `BadFile` and `Io`.
    pub fn read(dir: &Path) -> Result<Self, LedgerError> {
        let path = Self::path(dir);
        let content = match std::fs::read_to_string(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(LedgerError::io(&path, error)),
        };
        let names: Self = text::from_toml(&content)
            .map_err(|error| LedgerError::BadFile { path: path.clone(), why: error.to_string() })?;
        if names.format != FORMAT {
            let why = format!("`format` is `{}`, expected `{FORMAT}`", names.format);
            return Err(LedgerError::BadFile { path, why });
        }
        Ok(names)
    }

    /// Writes the file of the ledger at `dir`.
    ///
    /// # Errors
    /// `Io`; the old file then stands.
    pub fn write(&self, dir: &Path) -> Result<(), LedgerError> {
        let path = Self::path(dir);
        let named = Self { format: FORMAT.to_owned(), ..self.clone() };
        let content = text::to_toml(&named);
        store::replace_file(&path, content.as_bytes()).map_err(|error| LedgerError::io(&path, error))
    }

    /// Returns the name of a party, the first by alphabet.
    pub fn party(&self, id: &PartyId) -> Option<&str> {
        name_of(&self.parties, id)
    }

    /// Returns the name of a facility, the first by alphabet.
    pub fn facility(&self, id: &RecordId) -> Option<&str> {
        name_of(&self.facilities, id)
    }

    /// Returns the name of a lot, the first by alphabet.
    pub fn lot(&self, id: &LotRef) -> Option<&str> {
        name_of(&self.lots, id)
    }
}

fn name_of<'a, Id: PartialEq>(names: &'a BTreeMap<String, Id>, id: &Id) -> Option<&'a str> {
    names.iter().find(|(_, named)| *named == id).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_a_strange_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Names::read(dir.path()).unwrap(), Names::default());
        let mut names = Names::default();
        names.parties.insert("Goma Trading".into(), PartyId::from_bytes([1; 32]));
        names.lots.insert("L-1".into(), LotRef { record: RecordId::from_bytes([2; 32]), index: 3 });
        names.write(dir.path()).unwrap();
        let read = Names::read(dir.path()).unwrap();
        assert_eq!(read.party(&PartyId::from_bytes([1; 32])), Some("Goma Trading"));
        assert_eq!(read.lots, names.lots);
        std::fs::write(Names::path(dir.path()), "format = \"x\"\n").unwrap();
        assert!(matches!(Names::read(dir.path()), Err(LedgerError::BadFile { .. })));
    }
}
