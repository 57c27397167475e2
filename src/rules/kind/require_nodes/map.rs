//! A disclosure over a period: the countries of each node for everything that was received, with how much is unknown.

use super::super::{AskedOver, Outcome};
use super::RequireNodes;
use crate::custody::touch::TouchPlace;
use crate::model::digits;
use crate::model::interval::Share;
use crate::model::place::Country;
use crate::model::verdict::Verdict;
use crate::rules::kind::needs::Missed;
use crate::rules::portfolio::{Asked, Counting, Passed};
use crate::rules::verdict::{Reason, ReasonCode};

impl RequireNodes {
    /// Tells for each node and element the shares by country, and holds the rule open where some of it is unknown.
    pub(super) fn of_portfolio(&self, asked: &AskedOver<'_, '_>) -> Outcome {
        let over = asked.over;
        let mut outcome = Outcome::default();
        let mut is_held = false;
        for row in &self.elements {
            for element in asked.pack.element_list(&row.list) {
                let holdings = over.holdings(Some(asked.rule), *element);
                // What no lot surely holds is not said to have been received.
                if !holdings.iter().any(|holding| holding.is_there) {
                    continue;
                }
                is_held = true;
                for node in &self.nodes {
                    let asks = Asked {
                        stages: &node.stages,
                        processes: &[],
                        evidence: row.least,
                        counting: Counting::WhatPassed,
                    };
                    let passed: Passed<Country> =
                        asks.over(over.graph(), over.makes(), &holdings, |touch| match &touch.place {
                            TouchPlace::At { place, .. } => Some(place.country),
                            TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => None,
                        });
                    if !passed.is_passed() {
                        outcome
                            .notes
                            .push(format!("{element}, {}: not passed by what was received", node.name));
                        continue;
                    }
                    outcome.notes.push(format!("{element}, {}: {}", node.name, told(&passed)));
                    if passed.unknown.high == 0 || row.missing == Missed::Finding {
                        continue;
                    }
                    let verdict = if passed.is_kept_back { Verdict::Withheld } else { Verdict::Unknown };
                    let most = Share { low: 0, high: passed.unknown.high };
                    outcome.reasons.push(Reason {
                        code: ReasonCode::ShareOpen,
                        verdict,
                        elements: vec![*element],
                        text: format!("{}: where is not told of {}", node.name, digits::percent(most)),
                        records: Vec::new(),
                        resolve: Some(
                            "ask suppliers for the place of each step, and record it with its paper"
                                .to_owned(),
                        ),
                    });
                }
            }
        }
        match is_held {
            true => outcome,
            false => Outcome::not_applicable("nothing received surely holds an element in scope"),
        }
    }
}

fn told(passed: &Passed<Country>) -> String {
    let of = |group: &crate::rules::portfolio::GroupShare<Country>| {
        format!("{} {}", group.group.code(), digits::percent(group.share))
    };
    let mut parts: Vec<String> = passed.groups.iter().map(of).collect();
    if passed.unknown.high > 0 {
        parts.push(format!("unknown {}", digits::percent(passed.unknown)));
    }
    parts.join(", ")
}
