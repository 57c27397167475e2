//! How far a statement of fact in our own data files can be relied on.

use super::coded::coded;

coded! {
    /// How good the source of a rule, constant or band is.
    Confidence, "confidence" {
        /// In the law, standard, official text or filing.
        High = 1 "high",
        /// In secondary, trade or press sources.
        Medium = 2 "medium",
        /// In a weak source.
        Low = 3 "low",
        /// No source checked.
        Unverified = 4 "unverified",
    }
}
