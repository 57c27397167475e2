//! Claim codes: what stands on the paper that goes with goods whose receiver is named later.
//!
//! A code only lets its holder ask; the sender's own `assign` decides. The record holds the hash alone, so a
//! code has to be too long to be found by trying. Spec: docs/formats/record.md, "Hashes".

use crate::hash::{Hash, TAG_CLAIM, tagged};

/// Letters and digits of a code, those left out that are mistaken for others (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters between two hyphens.
const GROUP: usize = 4;
/// Fewest characters of a code, 5 bits each: 80 bits are out of reach of trying.
const LEAST: usize = 16;
/// Characters of a code made here: 100 bits.
const MADE: usize = 20;

/// A code as it is hashed: capital letters and digits without hyphens or blanks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimCode(String);

/// Why a text is no claim code.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ClaimError {
    /// So few characters can be found by trying.
    #[error("`{given}` has {characters} characters, a claim code has at least {LEAST}")]
    TooShort {
        /// What was given.
        given: String,
        /// How many letters and digits it has.
        characters: usize,
    },
    /// It does not fit where it is kept.
    #[error("a claim code has at most 64 characters, this one has {characters}")]
    TooLong {
        /// How many letters and digits it has.
        characters: usize,
    },
    /// A character that no code has.
    #[error("`{0}` stands in no claim code")]
    Character(char),
}

impl ClaimError {
    /// Returns what to write instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::TooShort { .. } | Self::TooLong { .. } => {
                "let `dispatch --to later` make one; it is printed once".into()
            }
            Self::Character(_) => "copy the code as it was printed, such as K7QP-3MZD-9TXA-4WHE-2N6R".into(),
        })
    }
}

impl ClaimCode {
    /// Returns the code that `random` bytes make; at least 20 of them count.
    ///
    /// # Panics
    /// With fewer than 20 bytes.
    pub fn from_random(random: &[u8]) -> Self {
        // The lower five bits of a random byte are as random as the byte.
        let letters = random[..MADE].iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
        Self(letters.collect())
    }

    /// Returns what the record of a dispatch holds of it.
    pub fn hash(&self) -> Hash {
        tagged(&TAG_CLAIM, &[self.0.as_bytes()])
    }

    /// Returns the code without hyphens, as records hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ClaimCode {
    type Err = ClaimError;

    /// Reads a code as people write it: small letters, hyphens and blanks count for nothing; `O` is `0`, `I`
    /// and `L` are `1`.
    fn from_str(given: &str) -> Result<Self, ClaimError> {
        let mut code = String::new();
        for c in given.chars().filter(|c| !matches!(c, '-' | ' ')) {
            code.push(match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                upper if upper.is_ascii() && LETTERS.contains(&(upper as u8)) => upper,
                _ => return Err(ClaimError::Character(c)),
            });
        }
        match code.len() {
            characters if characters < LEAST => {
                Err(ClaimError::TooShort { given: given.to_owned(), characters })
            }
            characters if characters > 64 => Err(ClaimError::TooLong { characters }),
            _ => Ok(Self(code)),
        }
    }
}

impl std::fmt::Display for ClaimCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups: Vec<&str> = self
            .0
            .as_bytes()
            .chunks(GROUP)
            .map(|group| std::str::from_utf8(group).expect("letters and digits"))
            .collect();
        f.write_str(&groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_as_printed_and_as_people_copy_it() {
        let code = ClaimCode::from_random(
            &(0..20u8).map(|n| n.wrapping_mul(13).wrapping_add(200)).collect::<Vec<u8>>(),
        );
        let printed = code.to_string();
        assert_eq!(printed.len(), 24);
        assert_eq!(printed.parse::<ClaimCode>().unwrap(), code);
        assert_eq!(printed.to_lowercase().replace('-', " ").parse::<ClaimCode>().unwrap(), code);
        let slipped = "oilk-0000-0000-0000".parse::<ClaimCode>().unwrap();
        assert_eq!(slipped.as_str(), "011K000000000000");
    }

    #[test]
    fn a_code_that_could_be_found_by_trying_is_refused() {
        let at_least = "K7QP3MZD9TXA4WHE";
        assert!(at_least.parse::<ClaimCode>().is_ok());
        assert!(matches!(
            at_least[1..].parse::<ClaimCode>(),
            Err(ClaimError::TooShort { characters: 15, .. })
        ));
        assert!(matches!("K7QP3MZD9TXA4WH!".parse::<ClaimCode>(), Err(ClaimError::Character('!'))));
        assert!("0".repeat(65).parse::<ClaimCode>().is_err());
    }

    #[test]
    fn another_code_has_another_hash() {
        let hash = |text: &str| text.parse::<ClaimCode>().unwrap().hash();
        assert_ne!(hash("K7QP-3MZD-9TXA-4WHE"), hash("K7QP-3MZD-9TXA-4WHF"));
    }
}
