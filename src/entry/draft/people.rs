//! What is written of who attests, and of why it is written so late.

use super::ReceiverDraft;

/// Fields that every event takes: for whom it is recorded, and why it was entered late.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PeopleDraft {
    /// For whom it is recorded.
    pub behalf: Option<BehalfDraft>,
    /// Why it was entered long after it happened.
    pub late: Option<String>,
}

/// Who attests, and the paper they signed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct BehalfDraft {
    pub who: Option<ReceiverDraft>,
    pub document: Option<String>,
    pub on: Option<String>,
}
