//! The share of the export value that was added in the country, by two open facts of the exporter.
//!
//! `value.export` is what the goods were sold for, `value.raw_input` what was paid for what went into them, in one currency.

use super::Query;
use super::leaving::Leaving;
use super::weigh::Weighed;
use crate::model::fact::{Fact, FactUnit, FactValue};
use crate::model::fraction::Fraction;
use crate::model::verdict::Verdict;
use crate::rules::verdict::ReasonCode;

const EXPORT: &str = "value.export";
const RAW_INPUT: &str = "value.raw_input";
const WHOLE_PPB: u128 = 1_000_000_000;

/// Adds what the row says of the value that was added.
pub(super) fn of_value(query: &Query<'_, '_>, one: &Leaving<'_>, least: Fraction, weighed: &mut Weighed) {
    let country = query.row.country;
    let asked = format!("{country} asks that at least {least} of the export value be added there");
    let resolve =
        "state `value.export` and `value.raw_input` as facts of the lot or of its export declaration";
    let (key, text) = match values(query, one) {
        None => (
            (ReasonCode::ValueOpen, Verdict::Unknown),
            format!("{asked}, and `{EXPORT}` and `{RAW_INPUT}` are not both told in one currency"),
        ),
        Some((export, raw)) => {
            let added = export.saturating_sub(raw);
            if u128::from(least.ppb()) * export <= added * WHOLE_PPB {
                return;
            }
            let share = Fraction::from_ppb(u32::try_from(added * WHOLE_PPB / export).unwrap_or(u32::MAX));
            ((ReasonCode::TooLittleAdded, Verdict::Fail), format!("{asked}, and {share} was"))
        }
    };
    weighed.reasons.push(query.reason(one, key, text, resolve));
}

/// Returns the export value and that of the raw inputs, if both are told in one currency; the first is not zero.
fn values(query: &Query<'_, '_>, one: &Leaving<'_>) -> Option<(u128, u128)> {
    let of_lots = one.goods.iter().filter_map(|lot| query.facts.graph.lot(lot)).map(|lot| &lot.facts);
    let of_records = one.records.iter().map(|record| &record.event.facts);
    of_lots.chain(of_records).find_map(|facts| {
        let find = |code: &str| facts.iter().find(|fact| fact.code.as_str() == code);
        let (export, raw) = (find(EXPORT)?, find(RAW_INPUT)?);
        let is_money = matches!(export.unit, FactUnit::UsdCent | FactUnit::EurCent);
        let (export, raw) =
            (amount(export)?, Some(raw).filter(|raw| raw.unit == export.unit).and_then(amount)?);
        (is_money && export > 0).then_some((export, raw))
    })
}

fn amount(fact: &Fact) -> Option<u128> {
    match fact.value {
        FactValue::Number(cents) => u128::try_from(cents).ok(),
        _ => None,
    }
}
