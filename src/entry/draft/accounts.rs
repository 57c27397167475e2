//! Circuits as written: where a charge goes in, what a close says is in process.

use super::LotDraft;

/// What events of circuits say besides what other events say too.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct AccountsDraft {
    pub circuit: Option<String>,
    pub circuits: Vec<CircuitDraft>,
    pub previous: Option<String>,
    pub opening: Option<StockDraft>,
    pub closing: Option<StockDraft>,
    pub covers: Option<Vec<String>>,
}

/// A circuit that a facility declares.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct CircuitDraft {
    pub name: Option<String>,
    pub stages: Vec<String>,
    pub method: Option<String>,
    pub window: Option<String>,
    pub least: Option<String>,
}

/// What is in process when a period begins or ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StockDraft {
    /// A word: `empty`.
    Word(String),
    /// A mass, and what it holds.
    Stock(Box<LotDraft>),
}
