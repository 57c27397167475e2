//! Profiles: what a ledger keeps private unless told otherwise.

use super::coded::coded;

coded! {
    /// What is private by default.
    Profile, "profile" {
        /// Quantities, compositions, counterparties, names and documents are private.
        Commercial = 1 "commercial",
        /// Only what is always a private item (labels, serials, seals, document hashes, notes) is private.
        Public = 2 "public",
    }
}

impl Profile {
    /// Whether the item at `path` is private under this profile.
    ///
    /// Facility and period stay in the body under either, so that places and dates can be judged.
    pub fn is_private(self, path: &str) -> bool {
        match self {
            Self::Public => false,
            Self::Commercial => {
                // What a correction states is as private as what it stands for.
                !matches!(path.strip_prefix("with/").unwrap_or(path), "facility" | "period")
            }
        }
    }
}
