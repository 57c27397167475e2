//! Values that their author may keep from a reader.

use serde::{Serialize, Serializer};

/// A value that is shown, or withheld behind a commitment. Withheld is not the same as absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Maybe<T> {
    /// The value is here.
    Shown(T),
    /// The value exists as a commitment only.
    Withheld,
}

impl<T> Maybe<T> {
    /// Returns the value if it is shown.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Self::Shown(value) => Some(value),
            Self::Withheld => None,
        }
    }

    /// Whether the value is withheld.
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::Withheld)
    }

    /// Applies `change` to a shown value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Shown(value) => Maybe::Shown(change(value)),
            Self::Withheld => Maybe::Withheld,
        }
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Shown(value)
    }
}

impl<T: Default> Default for Maybe<T> {
    fn default() -> Self {
        Self::Shown(T::default())
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(value) => value.serialize(s),
            Self::Withheld => s.serialize_str("withheld"),
        }
    }
}

/// A list that is shown, or withheld as a whole; its length is always known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MaybeList<T> {
    /// The entries are here.
    Shown(Vec<T>),
    /// Only the number of entries is known.
    Withheld(u64),
}

impl<T> MaybeList<T> {
    /// Returns the entries if they are shown.
    pub fn shown(&self) -> Option<&[T]> {
        match self {
            Self::Shown(entries) => Some(entries),
            Self::Withheld(_) => None,
        }
    }

    /// Returns the number of entries, shown or not.
    pub fn count(&self) -> u64 {
        match self {
            Self::Shown(entries) => entries.len() as u64,
            Self::Withheld(count) => *count,
        }
    }

    /// Whether the list is withheld.
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::Withheld(_))
    }
}

impl<T> From<Vec<T>> for MaybeList<T> {
    fn from(entries: Vec<T>) -> Self {
        Self::Shown(entries)
    }
}

impl<T> Default for MaybeList<T> {
    fn default() -> Self {
        Self::Shown(Vec::new())
    }
}

impl<T: Serialize> Serialize for MaybeList<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(entries) => entries.serialize(s),
            Self::Withheld(count) => s.collect_str(&format_args!("{count} withheld")),
        }
    }
}
