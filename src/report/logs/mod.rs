//! Logs: what was signed, proved and judged of them.

mod check;
mod consistency;
mod folder;
mod made;
mod witness;

pub use check::{LogCheckScreen, LogVerdict, LogWhat};
pub use consistency::LogConsistencyScreen;
pub use folder::{LogDiffers, LogPublishScreen, LogPullScreen};
pub use made::{LogCheckpointScreen, LogProofScreen};
pub use witness::{LogCosignedScreen, LogWitnessScreen};
