//! The end item itself, made in a barred place. No record tells; the buyer's case file does.

use super::fit::{Fit, place_fit};
use crate::model::place::Place;
use crate::model::verdict::Verdict;
use crate::rules::kind::{Asked, Outcome};
use crate::rules::verdict::{Reason, ReasonCode};

/// Judges where the end item was made.
///
/// Nobody asks until there is a purchase: without a case file, or with one that does not name the clause, the
/// rule is not about the lot.
pub(super) fn judge(asked: &Asked<'_, '_>, barred: &[Place]) -> Outcome {
    let Some(case) = asked.facts.case.map(|case| &case.file) else {
        return Outcome::not_applicable("no case file says where the end item was made");
    };
    let reason = |code, verdict, text: String, resolve: &str| {
        Outcome::because(Reason {
            code,
            verdict,
            elements: Vec::new(),
            text,
            records: Vec::new(),
            resolve: Some(resolve.to_owned()),
        })
    };
    let Some(place) = &case.end_item_made_in else {
        if case.has_clause(&asked.rule.clause) != Some(true) {
            return Outcome::not_applicable(
                "the case file names neither the clause nor where the end item was made",
            );
        }
        let text = "the contract has the clause, and where the end item was made is not known".to_owned();
        let resolve = "give `end_item_made_in` in the case file";
        return reason(ReasonCode::EndItemOpen, Verdict::Unknown, text, resolve);
    };
    match place_fit(barred, place) {
        Fit::Barred => {
            let text = format!("the end item was made in {place}, a barred country, and holds this lot");
            let resolve = "no record can; look for an exception that covers this item";
            reason(ReasonCode::EndItemBarred, Verdict::Fail, text, resolve)
        }
        Fit::RegionOpen => {
            let text = format!("the end item was made in {place}, of which a region is barred");
            let resolve = "give the region in `end_item_made_in` of the case file";
            reason(ReasonCode::EndItemOpen, Verdict::Unknown, text, resolve)
        }
        Fit::Outside | Fit::ListOpen => {
            Outcome { notes: vec![format!("the end item was made in {place}")], ..Outcome::default() }
        }
    }
}
