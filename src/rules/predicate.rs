//! The kinds of question a rule can ask. A new kind is one file beside this one and one line in each list here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::facts::Facts;
use super::forbid_touch::ForbidTouch;
use super::pack::{Pack, PackError, PackFile};
use super::require_nodes::RequireNodes;
use super::share::Share;
use super::verdict::{Limit, Reason, ReasonCode};
use crate::model::day::Day;

/// What a rule looks at, with its parameters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// No element may have gone through some stages in some countries.
    ForbidTouch(ForbidTouch),
    /// The country of each node must be known, or the node not be passed.
    RequireNodes(RequireNodes),
    /// Operators must hold an accreditation, or their certificates must cover what they did.
    Document(Document),
    /// At least so much of some elements must have gone through some stages in some countries.
    Share(Share),
}

/// What a predicate found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Outcome {
    /// Why the rule does not pass; none means that it does.
    pub(super) reasons: Vec<Reason>,
    /// What to know besides.
    pub(super) notes: Vec<String>,
    /// How many further reasons of each code were not told, for the element that has most.
    pub(super) left_out: BTreeMap<ReasonCode, usize>,
    /// The rule does not reach the lot.
    pub(super) not_applicable: bool,
}

impl Outcome {
    /// Notes how many reasons were not told.
    pub(super) fn leave_out(&mut self, limit: &Limit) {
        for (code, count) in limit.left_out() {
            let most = self.left_out.entry(code).or_default();
            *most = count.max(*most);
        }
    }
}

impl Predicate {
    /// Returns its name in packs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ForbidTouch(_) => "forbid_touch",
            Self::RequireNodes(_) => "require_nodes",
            Self::Document(_) => "document",
            Self::Share(_) => "share",
        }
    }

    /// Checks what a single field cannot tell, such as names of lists.
    pub(super) fn check(&self, pack: &PackFile, field: &str) -> Result<(), PackError> {
        let field = format!("{field}.{}", self.kind());
        match self {
            Self::ForbidTouch(one) => one.check(pack, &field),
            Self::RequireNodes(one) => one.check(pack, &field),
            Self::Document(one) => one.check(&field),
            Self::Share(one) => one.check(pack, &field),
        }
    }

    /// Judges a lot.
    pub(super) fn judge(&self, facts: &Facts<'_>, pack: &Pack, as_of: Day) -> Outcome {
        match self {
            Self::ForbidTouch(one) => one.judge(facts, pack),
            Self::RequireNodes(one) => one.judge(facts, pack),
            Self::Document(one) => one.judge(facts, as_of),
            Self::Share(one) => one.judge(facts, pack),
        }
    }
}
