//! Rules: law and standards as dated data, judged over the custody graph.
//!
//! Values in, verdicts out: nothing here knows bytes, files or the clock. What records may say and how they
//! hang together is fixed in `chain` and `custody`, never here; a pack holds policy only. No verdict is a
//! legal conclusion. Spec: docs/formats/rule-pack.md.

mod as_of;
mod attested;
mod case_names;
pub mod compare;
mod day;
pub mod explain;
mod facts;
mod found;
mod implied;
mod judge;
pub mod kind;
mod limits;
mod listed;
pub mod nodes;
mod open;
pub mod pack;
mod parts;
mod people;
pub mod portfolio;
mod reading;
mod say;
mod thing;
mod timeline;
mod told;
mod unplaced;
pub mod verdict;
mod waiver;

#[cfg(test)]
mod testing;

pub use as_of::AsOf;
pub use case_names::{CaseNameError, check_case};
pub use compare::{Comparison, Difference, compare};
pub use judge::{Input, judge, last_claimed};
pub use kind::Predicate;
pub use limits::accepted_limits;
pub use nodes::{CellState, Node, NodeCell, NodePlace, NodeRow, NodeTable, four_node_table, node_table};
pub use pack::{Pack, PackError, Rule, by_default, embedded, embedded_text, named};
pub use parts::{PartVerdicts, perhaps, rolled_up, timeline_of_addition, timeline_of_withheld};
pub use portfolio::{Over, PortfolioInput};
pub use thing::Thing;
pub use timeline::{Timeline, TimelinePoint, text_changes, timeline};
pub use unplaced::unplaced;
pub use verdict::{Reason, ReasonCode, RuleVerdict};
