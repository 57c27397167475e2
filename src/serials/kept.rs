//! The file that a maker keeps: every serial number of a lot with its salt. Who loses it can show no number any more.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{MAX_SERIAL, Salt, leaf, read_serial};
use crate::hash::Hash;
use crate::log::tree::Tree;
use crate::model::nearest::nearest;
use crate::model::words::{TextError, is_clean};
use crate::sign::Entropy;
use crate::text;

/// What the file says it is.
const FORMAT: &str = "lodemark/serials@1";

/// Serial numbers with their salts, and the root over them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    format: String,
    root: Hash,
    serials: Vec<KeptSerial>,
}

/// A serial number and its salt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSerial {
    /// The number, as it is written on the thing.
    pub serial: String,
    /// Its salt.
    #[serde(with = "salt_hex")]
    pub salt: Salt,
}

/// Why a list of serial numbers cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// There is none.
    #[error("there is no serial number")]
    None,
    /// A line is no serial number.
    #[error("line {line}: {error}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        error: LineError,
    },
}

/// What is wrong with one line of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is no text that can be recorded.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It stands there already.
    #[error("`{serial}` stands in line {first} already")]
    Twice {
        /// The number.
        serial: String,
        /// Where it stands first, from 1.
        first: usize,
    },
}

impl MakeError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::None => "write one serial number a line".to_owned(),
            Self::Line { error: LineError::Twice { .. }, .. } => {
                "two things with one number cannot be told apart: number one of them anew".to_owned()
            }
            Self::Line { error: LineError::Text(_), .. } => {
                format!("write one serial number a line, of at most {MAX_SERIAL} bytes")
            }
        })
    }
}

/// Why a file is no list that was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    /// It cannot be read as such.
    #[error(transparent)]
    Text(#[from] text::TextError),
    /// It says that it is something else.
    #[error("it is `{0}`, where `{FORMAT}` belongs")]
    Format(String),
    /// A number in it is none.
    #[error("`{0}` is no serial number")]
    Serial(String),
    /// A number is in it twice.
    #[error("`{0}` is in it twice")]
    Twice(String),
    /// Its root is not that of its numbers and salts.
    #[error("its root is {stated}, and its numbers and salts give {found}")]
    Root {
        /// As it says.
        stated: Hash,
        /// As computed.
        found: Hash,
    },
}

impl KeptError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(error) => error.hint(),
            Self::Format(_) => Some("name the file that `serials make` wrote".to_owned()),
            _ => Some("the file was changed: take a copy that `serials make` wrote".to_owned()),
        }
    }
}

impl Kept {
    /// Reads one serial number a line and salts each. Blank lines are left out.
    ///
    /// # Errors
    /// [`MakeError`] for no number, one that is none, and one that is there twice.
    pub fn make(lines: &str, entropy: &mut dyn Entropy) -> Result<Self, MakeError> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut serials = Vec::new();
        for (at, line) in lines.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let wrong = |error| MakeError::Line { line: at + 1, error };
            let serial = read_serial(line).map_err(|error| wrong(error.into()))?;
            if let Some(first) = seen.insert(serial.clone(), at + 1) {
                return Err(wrong(LineError::Twice { serial, first }));
            }
            let mut salt = Salt::default();
            entropy.fill(&mut salt);
            serials.push(KeptSerial { serial, salt });
        }
        if serials.is_empty() {
            return Err(MakeError::None);
        }
        Ok(Self::of(serials))
    }

    /// Returns what is kept of these numbers and salts.
    pub fn of(serials: Vec<KeptSerial>) -> Self {
        let root = tree_of(&serials).root();
        Self { format: FORMAT.to_owned(), root, serials }
    }

    /// Reads a file that was kept.
    ///
    /// # Errors
    /// [`KeptError`] for one that is none, or was changed.
    pub fn from_json(json: &str) -> Result<Self, KeptError> {
        let kept: Self = text::from_json(json)?;
        if kept.format != FORMAT {
            return Err(KeptError::Format(kept.format));
        }
        let mut serials: Vec<&str> = kept.serials.iter().map(|one| one.serial.as_str()).collect();
        if let Some(bad) = serials.iter().find(|serial| !is_clean(serial) || serial.len() > MAX_SERIAL) {
            return Err(KeptError::Serial((*bad).to_owned()));
        }
        serials.sort_unstable();
        if let Some(pair) = serials.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(KeptError::Twice(pair[0].to_owned()));
        }
        let found = tree_of(&kept.serials).root();
        match found == kept.root {
            true => Ok(kept),
            false => Err(KeptError::Root { stated: kept.root, found }),
        }
    }

    /// Writes the file.
    pub fn to_json(&self) -> String {
        text::to_json(self)
    }

    /// Returns the root, as a lot's record names it.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Returns the numbers with their salts, in the order given.
    pub fn serials(&self) -> &[KeptSerial] {
        &self.serials
    }

    /// Returns a number with its salt.
    pub fn find(&self, serial: &str) -> Option<&KeptSerial> {
        self.serials.iter().find(|one| one.serial == serial)
    }

    /// Returns the number that is written most like this one.
    pub fn nearest(&self, serial: &str) -> Option<&str> {
        nearest(serial, self.serials.iter().map(|one| one.serial.as_str()))
    }

    /// Returns the tree over the numbers.
    pub fn tree(&self) -> Tree {
        tree_of(&self.serials)
    }

    /// Returns the leaf hashes in the order of the tree.
    pub fn leaves(&self) -> Vec<Hash> {
        leaves_of(&self.serials)
    }
}

/// Leaves stand by their hash: salts are random, so the place of a number says nothing of the numbers beside it.
fn leaves_of(serials: &[KeptSerial]) -> Vec<Hash> {
    let mut leaves: Vec<Hash> = serials.iter().map(|one| leaf(&one.salt, &one.serial)).collect();
    leaves.sort_unstable();
    leaves
}

fn tree_of(serials: &[KeptSerial]) -> Tree {
    Tree::new(leaves_of(serials))
}

pub(super) mod salt_hex {
    //! Salts as 32 lower-case hex digits.

    use data_encoding::HEXLOWER;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Salt;

    pub fn serialize<S: Serializer>(salt: &Salt, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&HEXLOWER.encode(salt))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Salt, D::Error> {
        let text = String::deserialize(d)?;
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| D::Error::custom(format!("`{text}` is no salt; write 32 lower-case hex digits")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::SeededEntropy;

    fn make(lines: &str) -> Result<Kept, MakeError> {
        Kept::make(lines, &mut SeededEntropy::new(b"serials"))
    }

    #[test]
    fn what_is_kept_reads_back_and_the_root_does_not_depend_on_the_order() {
        let kept = make("SN-1\nSN-2\n\n SN-3 \r\n").unwrap();
        assert_eq!(Kept::from_json(&kept.to_json()).unwrap(), kept);
        let mut turned = kept.serials().to_vec();
        turned.reverse();
        assert_eq!(Kept::of(turned).root(), kept.root());
        assert_eq!(kept.serials()[2].serial, "SN-3");
    }

    #[test]
    fn equal_numbers_get_other_salts_and_so_other_roots() {
        let mut entropy = SeededEntropy::new(b"serials");
        let [one, other] = [(); 2].map(|()| Kept::make("SN-1\nSN-2", &mut entropy).unwrap());
        assert_ne!(one.root(), other.root());
    }

    #[test]
    fn lists_that_cannot_be_used_name_the_line() {
        assert_eq!(make("\n \n"), Err(MakeError::None));
        assert_eq!(make("A\nB\nA").unwrap_err().to_string(), "line 3: `A` stands in line 1 already");
        // One letter written in two ways is one letter.
        let twice = make("Z\u{fc}\nZu\u{308}").unwrap_err().to_string();
        assert_eq!(twice, "line 2: `Z\u{fc}` stands in line 1 already");
        assert!(make(&"9".repeat(65)).unwrap_err().to_string().contains("at most 64 are allowed"));
        assert!(make("A\nB\u{200e}").unwrap_err().to_string().starts_with("line 2: "));
    }

    #[test]
    fn a_file_that_was_changed_is_refused() {
        let good = make("SN-1\nSN-2").unwrap().to_json();
        let changed = |from: &str, to: &str| {
            assert!(good.contains(from));
            Kept::from_json(&good.replace(from, to)).unwrap_err()
        };
        assert!(matches!(changed("SN-1", "SN-3"), KeptError::Root { .. }));
        assert!(matches!(changed("SN-1", "SN-2"), KeptError::Twice(_)));
        assert!(matches!(changed("serials@1", "serials@2"), KeptError::Format(_)));
        assert!(matches!(changed("\"salt\"", "\"sal\""), KeptError::Text(_)));
    }
}
