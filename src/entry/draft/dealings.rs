//! What is written of collections, stays in others' plants, and lots in transit that change their way.

/// Fields of `collect`, `host`, `release`, `request_return`, `assign`, and of a dispatch to *later*.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct DealingsDraft {
    /// Number of the collection receipt or waste shipment document.
    pub receipt: Option<String>,
    /// Who is let in.
    pub guest: Option<String>,
    /// Lots in transit.
    pub lots: Vec<String>,
    /// The claim code: on a dispatch only its hash is kept.
    pub code: Option<String>,
}
