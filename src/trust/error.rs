//! Why a file of the reader cannot be used, and what to try instead.

use crate::text::TextError;

/// Why a trust or case file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The text does not hold such a file.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It says that it is something else.
    #[error("`format` is `{found}`, expected `{expected}`")]
    Format {
        /// What it says.
        found: String,
        /// What it must say.
        expected: &'static str,
    },
    /// A party is named by what is neither an id nor a pinned name.
    #[error("`{field}` names party `{given}`, which is neither pinned in this file nor an id")]
    UnknownParty {
        /// Which entry.
        field: String,
        /// What was written.
        given: String,
        /// The nearest pinned name, if one is near.
        nearest: Option<String>,
    },
    /// An accepted document is about nobody.
    #[error(
        "`{field}` names neither a party nor a facility, nobody by name, nor rules and the items they are let go for"
    )]
    AboutNobody {
        /// Which entry.
        field: String,
    },
    /// An accepted document cannot be found again.
    #[error("`{field}` has neither a number nor a SHA-256")]
    Unidentified {
        /// Which entry.
        field: String,
    },
    /// A row about an owner says whose it is in no way, or in two.
    #[error("`{field}` gives not one of `of` and `of_name`")]
    OwnerOfNobody {
        /// Which row.
        field: String,
    },
    /// A row about an owner has no share where there is one, or one where there is none, or somebody owns itself.
    #[error("`{field}` has no share that its owner can hold")]
    OwnerShare {
        /// Which row.
        field: String,
    },
    /// Two rows say how much one holds of another, or the shares in one are more than all of it.
    #[error("`{field}` tells a share a second time, or more than there is")]
    OwnerTwice {
        /// Which row.
        field: String,
    },
    /// An accepted document allows nothing.
    #[error("`{field}` gives no role, scheme, stage or rule")]
    AllowsNothing {
        /// Which entry.
        field: String,
    },
}

impl TrustError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Text(error) => return error.hint(),
            Self::Format { expected, .. } => format!("begin the file with `format = \"{expected}\"`"),
            Self::UnknownParty { nearest: Some(name), .. } => format!("did you mean `{name}`?"),
            Self::UnknownParty { .. } => {
                "add the name and the 64 hex digits of the party's id under `[pinned]`".to_owned()
            }
            Self::AboutNobody { .. } => {
                "add `party`, `facility` or `name`, or of a waiver `rules` and `items`".to_owned()
            }
            Self::Unidentified { .. } => "add `number` as in the issuer's register, or `sha256`".to_owned(),
            Self::OwnerOfNobody { .. } => {
                "write `of` for a pinned party, `of_name` for anybody else".to_owned()
            }
            Self::OwnerShare { .. } => {
                "give `share` for `equity` and `debt`, none for `officer` and `control`, of somebody else"
                    .to_owned()
            }
            Self::OwnerTwice { .. } => "give one row for each owner, with all it holds".to_owned(),
            Self::AllowsNothing { .. } => "add what it allows, such as `role = \"miner\"`".to_owned(),
        })
    }
}
