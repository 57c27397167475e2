//! What both sides of each handover behind the lot weighed, against the pack's own tolerances.

use crate::custody::graph::Consumer;
use crate::custody::{handover, names};
use crate::model::fraction::Fraction;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Tells which differences are above `warn` or `fail`; returns whether there was a handover.
pub(super) fn judge(facts: &Facts<'_>, (warn, fail): (Fraction, Fraction), told: &mut Told) -> bool {
    let graph = facts.graph;
    let mut reaches = false;
    for lot in facts.ancestry().lots.iter().filter(|lot| graph.in_transit(lot)) {
        match handover::weighed(graph, lot) {
            Err(open) => {
                reaches = true;
                told.finding(&open);
            }
            Ok(Some(weighed)) => {
                reaches = true;
                let resolve = "both sides weigh again and the one that erred withdraws its record";
                if weighed.exceeds(fail) {
                    let text = format!("{} (limit {fail})", weighed.text);
                    told.because(ReasonCode::OutsideBand, Verdict::Fail, text, weighed.records, resolve);
                } else if weighed.exceeds(warn) {
                    told.outcome.notes.push(format!("{} (warning above {warn})", weighed.text));
                }
            }
            // What was refused or given back went on from there, and is weighed when its sender has it again.
            Ok(None) if !graph.uses(lot).is_empty() => {}
            // Who is outside the ledger weighs for itself, and no record tells.
            Ok(None) => match graph.rightful_consumer(lot) {
                Consumer::Party(_) | Consumer::Withheld => {
                    reaches = true;
                    let text = format!(
                        "lot {} is on its way, and nobody has weighed what arrived",
                        names::lot(graph, lot)
                    );
                    let resolve = "import the receiver's chain once it has received the lot";
                    let records = vec![lot.record];
                    told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, records, resolve);
                }
                Consumer::Nobody | Consumer::Unknown => {}
            },
        }
    }
    reaches
}
