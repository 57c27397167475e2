//! Everything people see, as text and as JSON, from the same values.
//!
//! Decides nothing and prints nothing: it turns values of other rooms into pages. Spec: docs/formats/json.md.

mod account;
mod affected;
mod attest;
mod audit;
mod balance;
mod capsule;
mod chain;
mod check;
mod compare;
mod demo;
mod disclose;
mod explain;
mod findings;
mod handover;
mod health;
mod known;
mod logs;
mod lots;
mod origin;
mod packs;
mod page;
mod parties;
mod portfolio;
mod proof;
mod record;
mod rules;
mod rules_page;
mod scenario;
mod screen;
mod serials;
mod start;
mod trace;
mod verify;

pub use account::AccountScreen;
pub use affected::AffectedScreen;
pub use attest::AttestScreen;
pub use audit::AuditScreen;
pub use balance::BalanceScreen;
pub use capsule::{CapsuleMadeScreen, CapsuleScreen};
pub use chain::{AppendedScreen, LogScreen, LotLine, RecordLine};
pub use check::CheckScreen;
pub use compare::{CompareScreen, proof_file_name};
pub use demo::{Commands, DemoHandover, DemoParty, DemoScreen};
pub use disclose::DiscloseScreen;
pub use explain::{ExplainScreen, RulesComparedScreen};
pub use handover::{ExportScreen, ImportScreen};
pub use health::{FsckScreen, StatsScreen};
pub use known::{Called, Known, Short};
pub use logs::{
    LogCheckScreen, LogCheckpointScreen, LogConsistencyScreen, LogCosignedScreen, LogDiffers, LogProofScreen,
    LogPublishScreen, LogPullScreen, LogVerdict, LogWhat, LogWitnessScreen,
};
pub use lots::LotsScreen;
pub use origin::{OriginAsked, OriginScreen};
pub use packs::{PackScreen, PacksScreen};
pub use page::{Lean, Page, Style};
pub use parties::{FacilitiesScreen, PartiesScreen, PartyLine};
pub use portfolio::{PortfolioAsked, PortfolioScreen};
pub use proof::{ProofPartsScreen, ProofScreen, ProofVerdict};
pub use record::RecordScreen;
pub use rules_page::rules_page;
pub use scenario::ScenarioScreen;
pub use screen::{Screen, to_text};
pub use serials::{
    CheckedSerials, SerialProofScreen, SerialsCheckScreen, SerialsScreen, SerialsVerdict, ShownTwice,
};
pub use start::{InitScreen, KeyScreen};
pub use trace::{Done, TraceLine, TraceScreen};
pub use verify::VerifyScreen;
