//! What was found about a condition.

use crate::hash::RecordId;

/// How a condition, or the exception as a whole, stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum State {
    Holds,
    Open,
    Refused,
}

/// What was found about one condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Met {
    pub(super) state: State,
    pub(super) text: String,
    pub(super) resolve: Option<String>,
    pub(super) records: Vec<RecordId>,
    /// What would tell is kept back.
    pub(super) is_withheld: bool,
    /// The record that lets go.
    pub(super) by: Option<RecordId>,
}

impl Met {
    pub(super) fn new(state: State, text: impl Into<String>) -> Self {
        Self { state, text: text.into(), resolve: None, records: Vec::new(), is_withheld: false, by: None }
    }

    pub(super) fn holds(text: impl Into<String>) -> Self {
        Self::new(State::Holds, text)
    }

    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self::new(State::Refused, text)
    }

    pub(super) fn open(text: impl Into<String>, resolve: impl Into<String>) -> Self {
        Self { resolve: Some(resolve.into()), ..Self::new(State::Open, text) }
    }
}
