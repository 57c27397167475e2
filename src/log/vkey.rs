//! Verifier keys: a public key with the name under which it signs notes, and what its signatures say.
//!
//! Source: C2SP signed-note, "Verifier keys". Spec: docs/formats/log.md, "Verifier keys".

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;

use super::lines;
use crate::hash::sha256;
use crate::sign::{KeyError, PublicKey};

/// The longest name of a key, in bytes.
pub const NAME_MAX: usize = 256;
/// The longest text of a verifier key: name, id, and 33 bytes in Base64.
const TEXT_MAX: usize = NAME_MAX + 1 + 8 + 1 + 44;

/// What the signatures of a key say, by its number in the key id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyUse {
    /// 1: this text is the signer's own. Logs sign checkpoints so.
    Note,
    /// 4: the signer saw this checkpoint at a time, and that it goes on from all it saw before. Witnesses sign so.
    Cosignature,
}

impl KeyUse {
    /// Returns the number.
    pub fn code(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        [Self::Note, Self::Cosignature].into_iter().find(|used| used.code() == code)
    }
}

/// Four bytes that with its name tell a key from others: a way to find it, and no proof of anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// Returns the first four bytes of SHA-256(name ‖ line end ‖ use ‖ key).
    pub fn of(name: &str, used: KeyUse, key: &PublicKey) -> Self {
        let hash = sha256(&[name.as_bytes(), b"\n", &[used.code()], key.as_bytes()]);
        Self(*hash.0.first_chunk().expect("32 bytes hold four"))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A public key, its name and its use; the id is computed, never believed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct VerifierKey {
    name: String,
    used: KeyUse,
    key: PublicKey,
    id: KeyId,
}

/// Why a text is no verifier key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifierKeyError {
    /// It is not three parts with a plus sign between them.
    #[error("a verifier key is a name, eight hex digits and a key in Base64, with `+` between them")]
    Form,
    /// The name cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The key is not in Base64.
    #[error("the key is not in Base64")]
    Encoding,
    /// Signatures of another kind.
    #[error("keys of type {0} are not known to this version")]
    UnknownUse(u8),
    /// The key is none that may be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The id is that of another key.
    #[error("the key has the id `{made}`, and the text says `{said}`")]
    OtherId {
        /// What stands in the text.
        said: String,
        /// What name, use and key make.
        made: KeyId,
    },
}

impl VerifierKeyError {
    /// Says what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownUse(_) => "use a newer version of lodemark, or ask for an Ed25519 key".into(),
            Self::Key(error) => return error.hint(),
            _ => "copy the key again, whole and on one line".into(),
        })
    }
}

/// Why a text cannot be the name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name of a key has 1 to 256 bytes without blanks, control characters and `+`")]
pub struct NameError;

/// Checks the name of a key.
///
/// # Errors
/// [`NameError`] for an empty or long one, or one with blanks, control characters or a plus sign.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let barred = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.len() > NAME_MAX || name.contains(barred) { Err(NameError) } else { Ok(()) }
}

impl VerifierKey {
    /// Returns the key under this name.
    ///
    /// # Errors
    /// [`NameError`] where it cannot be one.
    pub fn new(name: &str, used: KeyUse, key: PublicKey) -> Result<Self, NameError> {
        check_name(name)?;
        let id = KeyId::of(name, used, &key);
        Ok(Self { name: name.to_owned(), used, key, id })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what its signatures say.
    pub fn used(&self) -> KeyUse {
        self.used
    }

    /// Returns the public key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Returns the id.
    pub fn id(&self) -> KeyId {
        self.id
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        if text.len() > TEXT_MAX {
            return Err(VerifierKeyError::Form);
        }
        // Base64 has plus signs of its own; a name has none.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(said), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VerifierKeyError::Form);
        };
        check_name(name)?;
        let bytes = lines::bytes(key).ok_or(VerifierKeyError::Encoding)?;
        let (code, bytes) = bytes.split_first().ok_or(VerifierKeyError::Encoding)?;
        let used = KeyUse::from_code(*code).ok_or(VerifierKeyError::UnknownUse(*code))?;
        let key = Self::new(name, used, PublicKey::from_slice(bytes)?)?;
        match key.id.to_string() == said {
            true => Ok(key),
            false => Err(VerifierKeyError::OtherId { said: said.to_owned(), made: key.id }),
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.used.code()], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{}+{}", self.name, self.id, lines::base64(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::SecretKey;

    fn key(used: KeyUse) -> VerifierKey {
        VerifierKey::new("example.com/log", used, SecretKey::from_seed(&[7; 32]).public().clone()).unwrap()
    }

    #[test]
    fn a_key_reads_back_from_its_text_and_from_no_part_of_it() {
        for used in [KeyUse::Note, KeyUse::Cosignature] {
            let text = key(used).to_string();
            assert_eq!(text.parse(), Ok(key(used)));
            for end in 0..text.len() {
                assert!(text[..end].parse::<VerifierKey>().is_err(), "{end}");
                assert!(text[end + 1..].parse::<VerifierKey>().is_err(), "{end}");
            }
            for at in 0..text.len() {
                let mut other = text.clone().into_bytes();
                other[at] = other[at].wrapping_add(1);
                let other = String::from_utf8(other).unwrap();
                assert!(other.parse::<VerifierKey>().is_err(), "{other}");
            }
        }
    }

    #[test]
    fn use_name_and_key_each_change_the_id() {
        let other = VerifierKey::new("example.com/lag", KeyUse::Note, key(KeyUse::Note).key).unwrap();
        assert_ne!(key(KeyUse::Note).id(), key(KeyUse::Cosignature).id());
        assert_ne!(key(KeyUse::Note).id(), other.id());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let good = key(KeyUse::Note).to_string();
        let fault = |text: &str| text.parse::<VerifierKey>().unwrap_err();
        assert_eq!(fault("example.com/log"), VerifierKeyError::Form);
        assert_eq!(fault(&good.replace("example", "exam ple")), VerifierKeyError::Name(NameError));
        assert_eq!(fault(&good.replace("example.com/log", "")), VerifierKeyError::Name(NameError));
        let with = |bytes: &[u8]| format!("example.com/log+00000000+{}", lines::base64(bytes));
        assert_eq!(fault(&with(&[])), VerifierKeyError::Encoding);
        assert_eq!(fault(&with(&[2; 33])), VerifierKeyError::UnknownUse(2));
        assert_eq!(fault(&with(&[1; 32])), VerifierKeyError::Key(KeyError::WrongLength { length: 31 }));
        // A point of order 1, under which every verifier accepts what it should not.
        let mut small = [0; 33];
        (small[0], small[1]) = (1, 1);
        assert_eq!(fault(&with(&small)), VerifierKeyError::Key(KeyError::SmallOrder));
        let said = "00000000".to_owned();
        let other = good.replace(&key(KeyUse::Note).id().to_string(), &said);
        assert_eq!(fault(&other), VerifierKeyError::OtherId { said, made: key(KeyUse::Note).id() });
        assert_eq!(
            fault(&good.replace('+', " ")).hint().unwrap(),
            "copy the key again, whole and on one line"
        );
    }

    #[test]
    fn a_name_has_256_bytes_and_no_more() {
        assert_eq!(check_name(&"a".repeat(256)), Ok(()));
        assert_eq!(check_name(&"a".repeat(257)), Err(NameError));
        for name in ["", "a b", "a\u{a0}b", "a\u{2003}", "a+b", "a\nb", "a\u{7f}", "a\u{85}"] {
            assert_eq!(check_name(name), Err(NameError), "{name:?}");
        }
        assert_eq!(check_name("größe.example/ä"), Ok(()));
    }
}
