//! Verification: from bytes someone handed over to what they establish.
//!
//! Trusts no index, no store and no sender. The steps are numbered in docs/verification.md.

mod attest;
mod attested;
mod compare;
mod disclose;
mod elements;
mod established;
mod evidence;
mod examine;
mod explain;
mod freshness;
mod gaps;
mod headers;
mod known_at;
mod logs;
mod origins;
mod parts;
mod reader;
mod relevance;
mod report;
mod views;

pub use crate::custody::traced_elements::of_lot as traced_elements;
pub use attest::{AttestFault, AttestRequest, attest};
pub use compare::{ChainPair, Comparison, Contradiction, NoProof, Portable, Side, What, compare};
pub use disclose::{Disclosure, Item, Maker, StepLine, disclose};
pub use elements::{ElementLine, words as gap_words};
pub use established::Established;
pub use evidence::{CheckpointPiece, Evidence, ForkPiece, HeaderPiece, LogPiece, Piece, Refused};
pub use examine::{Examined, Opened, examine, open_all};
pub use explain::{ExplainError, Explained, Turn, explain, find as find_rule};
pub use freshness::{LogLine, WitnessLine};
pub use gaps::{GapLine, GapState};
pub use logs::{ControlList, HeldLog};
pub use origins::{OriginLine, OriginShare};
pub use parts::{PartInto, PartKind, PartReport};
pub use reader::{PackLine, Reader, WitnessError};
pub use report::{ChainLine, LotReport, Report, Request, open_lots, report};
pub use views::{View, ViewedRule};
