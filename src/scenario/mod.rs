//! Scenarios: a small world in one TOML file, what its records must establish, and what changes when a value does.
//!
//! A scenario is read, its events are signed with keys made from its title, some of the records are handed over,
//! and the verifier's answers are held against what the file expects. Nothing is stored and no clock is read.
//! Keys of a scenario protect nothing. Spec: docs/formats/scenario.md.

mod check;
mod damage;
mod error;
mod expect;
mod file;
mod hand_over;
mod logs;
mod probe;
mod reader;
mod run;
mod share;
mod variant;
mod world;

#[cfg(test)]
mod tests;

pub use check::{Answer, Checked, Desk, Without};
pub use damage::{Damage, How};
pub use error::ScenarioError;
pub use expect::{Ask, Expectation, RestsOn, ShareOf};
pub use file::{Member, Scenario, Step};
pub use hand_over::HandOver;
pub use logs::{LogDamage, LogGiven};
pub use probe::{Crossing, ProbeReport, Unlisted, probe};
pub use reader::{case_file, of as reader_of, trust_file};
pub use run::{BASE, Count, Prepared, RunReport, VariantReport, resolve, run};
pub use variant::Variant;
pub use world::{Signed, View, World};
