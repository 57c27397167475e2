//! `receipts`: each receipt over the lot, or the one that the reader asks about, stands beside the others.
//!
//! The receipts of a set that cannot be true are all open: there is no silent winner. Who takes those that were registered
//! first says so in its case file, and the order is that of the custodian's chain. Spec: docs/formats/kinds/receipts.md.

use serde::{Deserialize, Serialize};

use super::{Asked, Kind, Outcome};
use crate::custody::names;
use crate::custody::title::{Order, Receipt, receipts};
use crate::model::finding::Weight;
use crate::model::maybe::Maybe;
use crate::model::verdict::Verdict;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Parameters of `receipts`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    /// The reading of the rule's setting under which those that were registered first stand.
    pub first_registered: String,
}

impl Kind for Receipts {
    fn name(&self) -> &'static str {
        "receipts"
    }

    fn readings(&self) -> Vec<(String, &str)> {
        vec![("first_registered".to_owned(), self.first_registered.as_str())]
    }

    fn untold(&self) -> Option<&'static str> {
        // It is about the lot as it is now, and not about what it was made of.
        None
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let is_first = asked.reading == Some(&self.first_registered);
        let order = if is_first { Order::FirstRegistered } else { Order::Open };
        let mut all = receipts(facts.graph, &facts.lot, asked.as_of(), order);
        if all.is_empty() {
            return Outcome::not_applicable("no receipt over the lot is in force");
        }
        let mut told = Told::default();
        if let Some(number) = facts.case.and_then(|case| case.file.receipt.as_deref()) {
            let hidden = all.iter().filter(|one| matches!(one.number, Some(Maybe::Withheld))).count();
            all.retain(|one| has_number(one, number));
            if all.is_empty() {
                let lot = names::lot(facts.graph, &facts.lot);
                let (verdict, but) = match hidden {
                    0 => (Verdict::Unknown, String::new()),
                    _ => (Verdict::Withheld, format!("; {hidden} withhold their numbers")),
                };
                let text = format!(
                    "no receipt `{number}` over lot {lot} is in force on {}, as far as is held{but}",
                    asked.as_of()
                );
                let resolve = "import the custodian's chain, with the numbers of its receipts";
                told.because(ReasonCode::ReceiptOpen, verdict, text, vec![facts.lot.record], resolve);
            }
        }
        let (count, stand) = (all.len(), all.iter().filter(|one| one.against.is_empty()).count());
        for against in all.into_iter().flat_map(|one| one.against) {
            let (code, verdict) = match against.weight {
                Weight::Fail => (ReasonCode::LaterReceipt, Verdict::Fail),
                Weight::Withheld => (ReasonCode::ReceiptOpen, Verdict::Withheld),
                Weight::Unknown | Weight::Warning | Weight::Note => {
                    (ReasonCode::ReceiptOpen, Verdict::Unknown)
                }
            };
            told.because(code, verdict, against.message, against.records, &against.resolve);
        }
        if stand > 0 && !told.outcome.reasons.is_empty() {
            told.outcome.notes.push(format!("{stand} of {count} receipts over it stand"));
        }
        told.done()
    }
}

fn has_number(receipt: &Receipt<'_>, number: &str) -> bool {
    matches!(receipt.number, Some(Maybe::Shown(Some(own))) if own == number)
}

#[cfg(test)]
mod tests;
