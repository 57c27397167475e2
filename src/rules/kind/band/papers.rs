//! Two facts about one lot, by the codes that a pack names, such as the masses on a weighbridge slip and on an invoice.
//!
//! What a code means is between those who write it and those who ask for it; the program compares numbers in one unit.

use crate::custody::{graph, names};
use crate::model::fact::{Fact, FactCode, FactValue};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Tells of which lots the two facts differ by more than `warn` or `fail` of the second, or only one is stated; returns
/// whether either is stated of anything behind the lot.
pub(super) fn judge(
    facts: &Facts<'_>,
    (over, under): (&FactCode, &FactCode),
    (warn, fail): (Fraction, Fraction),
    told: &mut Told,
) -> bool {
    let mut reaches = false;
    for record in facts.records_behind() {
        for (lot, value) in graph::outputs(record).filter(|(lot, _)| facts.is_behind(lot)) {
            // What is said of an event is said of all that it made.
            let of = |code: &FactCode| {
                let all = value.facts.iter().chain(&record.event.facts);
                all.into_iter().find(|fact| fact.code == *code)
            };
            let found = (of(over), of(under));
            if found == (None, None) {
                continue;
            }
            reaches = true;
            compare(facts, &lot, (over, under), found, (warn, fail), told);
        }
    }
    reaches
}

fn compare(
    facts: &Facts<'_>,
    lot: &LotRef,
    (over, under): (&FactCode, &FactCode),
    found: (Option<&Fact>, Option<&Fact>),
    (warn, fail): (Fraction, Fraction),
    told: &mut Told,
) {
    let name = names::lot(facts.graph, lot);
    let (over, under) = (over.as_str(), under.as_str());
    let records = vec![lot.record];
    let resolve = "hold the two papers side by side; whoever wrote the wrong figure corrects its record";
    let numbers = match found {
        (Some(one), Some(other)) => match (&one.value, &other.value) {
            (FactValue::Number(here), FactValue::Number(there)) if one.unit == other.unit => {
                Some((i128::from(*here), i128::from(*there), one.unit))
            }
            _ => None,
        },
        _ => None,
    };
    let Some((here, there, unit)) = numbers else {
        let what = match found {
            (Some(_), Some(_)) => "are not numbers in one unit".to_owned(),
            (Some(_), None) => format!("cannot be compared: `{under}` is not stated"),
            _ => format!("cannot be compared: `{over}` is not stated"),
        };
        let text = format!("`{over}` and `{under}` of lot {name} {what}");
        told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, records, resolve);
        return;
    };
    let difference = (here - there).unsigned_abs();
    let above = |limit: Fraction| difference * 1_000_000_000 > there.unsigned_abs() * u128::from(limit.ppb());
    let text = |limit: Fraction, word: &str| {
        format!("`{over}` of lot {name} is {here} {unit} and `{under}` is {there} {unit} ({word} {limit})")
    };
    if above(fail) {
        told.because(ReasonCode::OutsideBand, Verdict::Fail, text(fail, "limit"), records, resolve);
    } else if above(warn) {
        told.outcome.notes.push(text(warn, "warning above"));
    }
}
