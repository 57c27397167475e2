//! What is wrong with a scenario itself; what its records say is in the run report.

use crate::entry::EntryError;
use crate::record::SealError;
use crate::text::TextError;

/// A scenario that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// The text is no TOML.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A value cannot be read or looked up.
    #[error("{place}{error}")]
    Field {
        /// Which variant and which part of the file, for people.
        place: String,
        /// What is wrong with it.
        error: EntryError,
    },
    /// An event cannot be sealed.
    #[error("{place}{error}")]
    Seal {
        /// Which variant and event.
        place: String,
        /// Why.
        error: SealError,
    },
}

impl ScenarioError {
    /// Returns an error about a part of the file.
    pub fn field(place: impl Into<String>, error: EntryError) -> Self {
        Self::Field { place: place.into(), error }
    }

    /// Returns it with the variant in which it happened.
    pub fn in_variant(self, name: &str) -> Self {
        self.within(&format!("variant `{name}`: "))
    }

    /// Returns it with more said about where it happened.
    pub(super) fn within(self, outer: &str) -> Self {
        let within = |place: String| format!("{outer}{place}");
        match self {
            Self::Text(error) => Self::Text(error),
            Self::Field { place, error } => Self::Field { place: within(place), error },
            Self::Seal { place, error } => Self::Seal { place: within(place), error },
        }
    }

    /// Returns what to write instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(error) => error.hint(),
            Self::Field { error, .. } => error.hint(),
            Self::Seal { .. } => None,
        }
    }
}
