//! Words with a number: closed lists whose numbers are signed and whose names people write.

use std::fmt;

use super::nearest::nearest;

/// A word that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a known {what}")]
pub struct UnknownWord {
    /// What kind of word was expected.
    pub what: &'static str,
    /// What was written.
    pub given: String,
    /// The nearest right word, if one is near.
    pub nearest: Option<&'static str>,
}

impl UnknownWord {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        self.nearest.map(|word| format!("did you mean `{word}`?"))
    }
}

/// A closed list of words, each with the number that is signed. Numbers are never reused.
pub trait Coded: Copy + Eq + fmt::Debug + 'static {
    /// What one of these is called in a message.
    const WHAT: &'static str;
    /// Every word of the list, in the order of its numbers.
    const ALL: &'static [Self];

    /// Returns the number that is signed.
    fn code(self) -> u16;

    /// Returns the name people write.
    fn name(self) -> &'static str;

    /// Returns the word with this number, or `None`.
    fn from_code(code: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }

    /// Returns the word with this name.
    ///
    /// # Errors
    /// [`UnknownWord`] with the nearest right word.
    fn from_name(name: &str) -> Result<Self, UnknownWord> {
        Self::ALL.iter().copied().find(|word| word.name() == name).ok_or_else(|| UnknownWord {
            what: Self::WHAT,
            given: name.to_owned(),
            nearest: nearest(name, Self::ALL.iter().map(|word| word.name())),
        })
    }
}

/// Defines a [`Coded`] enum with its text and serde forms.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vdoc])* #[doc = concat!("`", $text, "`, number ", stringify!($code), ".")] $variant,)* }

        impl $crate::model::coded::Coded for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn code(self) -> u16 {
                match self { $(Self::$variant => $code,)* }
            }

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad($crate::model::coded::Coded::name(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::coded::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::model::coded::Coded::from_name(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::model::coded::Coded::name(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                $crate::model::coded::Coded::from_name(&text).map_err(|error: $crate::model::coded::UnknownWord| {
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    serde::de::Error::custom(format!("{error}{hint}"))
                })
            }
        }
    };
}

pub(crate) use coded;
