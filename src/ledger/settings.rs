//! The file `ledger.toml`: what kind of directory this is, and whose.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use crate::hash::PartyId;
use crate::model::profile::Profile;
use crate::text;

/// The layout this program writes, and the highest it reads.
const LAYOUT: u32 = 1;
const FORMAT: &str = "lodemark/ledger@";

/// What a ledger knows of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// What is private unless told otherwise.
    pub profile: Profile,
    /// Whose chain is written here; none in a ledger that only reads.
    pub party: Option<PartyId>,
    /// The key file, relative to the directory of the ledger.
    pub key: PathBuf,
    /// The note of what was exported, relative to the directory of the ledger. One that lies elsewhere is not restored
    /// with an old copy of the directory.
    pub exported: PathBuf,
}

/// Where the note of what was exported is, unless it was put elsewhere.
pub const EXPORTED: &str = "exported";

fn exported() -> PathBuf {
    PathBuf::from(EXPORTED)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnDisk {
    format: String,
    profile: Profile,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<PartyId>,
    key: PathBuf,
    #[serde(default = "exported", skip_serializing_if = "is_inside")]
    exported: PathBuf,
}

fn is_inside(exported: &Path) -> bool {
    exported == Path::new(EXPORTED)
}

/// Only the format, so that a newer layout is told as such whatever else it holds.
#[derive(Deserialize)]
struct OnlyFormat {
    format: String,
}

impl Settings {
    /// Returns where the file is in the ledger at `dir`.
    pub fn path(dir: &Path) -> PathBuf {
        dir.join("ledger.toml")
    }

    /// Returns the text of the file.
    pub fn to_text(&self) -> String {
        let on_disk = OnDisk {
            format: format!("{FORMAT}{LAYOUT}"),
            profile: self.profile,
            party: self.party,
            key: self.key.clone(),
            exported: self.exported.clone(),
        };
        text::to_toml(&on_disk)
    }

    /// Reads the file of the ledger at `dir`.
    ///
    /// # Errors
    /// `NotALedger` where there is none, `NewerLayout`, `BadFile`.
    pub fn read(dir: &Path) -> Result<Self, LedgerError> {
        let path = Self::path(dir);
        let content = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => LedgerError::NotALedger {
                dir: dir.to_owned(),
                why: "there is no file `ledger.toml`".to_owned(),
            },
            _ => LedgerError::io(&path, error),
        })?;
        let bad = |why: String| LedgerError::BadFile { path: path.clone(), why };
        let OnlyFormat { format } = text::from_toml(&content).map_err(|e| bad(e.to_string()))?;
        let layout = format.strip_prefix(FORMAT).and_then(|n| n.parse::<u32>().ok()).filter(|&n| n > 0);
        match layout {
            Some(found) if found > LAYOUT => return Err(LedgerError::NewerLayout { found, known: LAYOUT }),
            Some(_) => {}
            None => return Err(bad(format!("`format` is `{format}`, expected `{FORMAT}{LAYOUT}`"))),
        }
        let on_disk: OnDisk = text::from_toml(&content).map_err(|e| bad(e.to_string()))?;
        let OnDisk { profile, party, key, exported, .. } = on_disk;
        Ok(Self { profile, party, key, exported })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<Settings, LedgerError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(Settings::path(dir.path()), content).unwrap();
        Settings::read(dir.path())
    }

    #[test]
    fn settings_read_back() {
        for party in [None, Some(PartyId::from_bytes([7; 32]))] {
            let settings =
                Settings { profile: Profile::Public, party, key: "key.pem".into(), exported: exported() };
            assert_eq!(read(&settings.to_text()).unwrap(), settings);
        }
    }

    #[test]
    fn a_newer_layout_is_told_as_such_even_when_the_rest_is_strange() {
        let newer = "format = \"lodemark/ledger@2\"\nsomething = 1\n";
        assert!(matches!(read(newer), Err(LedgerError::NewerLayout { found: 2, known: 1 })));
        for odd in ["", "format = \"lodemark/names@1\"\n", "format = \"lodemark/ledger@0\"\n", "format ="] {
            assert!(matches!(read(odd), Err(LedgerError::BadFile { .. })), "{odd}");
        }
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(Settings::read(empty.path()), Err(LedgerError::NotALedger { .. })));
    }
}
