//! How findings speak of lots, parties, records and masses: labels and names before ids.

use super::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns a lot's label, else its record's short id and index, in backticks.
pub fn lot(graph: &Graph, lot: &LotRef) -> String {
    match graph.label(lot) {
        Some(label) => format!("`{label}`"),
        None => format!("`{}:{}`", lot.record.short(), lot.index),
    }
}

/// Returns a party's name if it is shown, else its short id, in backticks.
pub fn party(graph: &Graph, id: &PartyId) -> String {
    let name = graph.party(id).and_then(|(_, establish)| establish.name.shown());
    name.map_or_else(|| format!("`{}`", id.short()), |name| format!("`{name}`"))
}

/// Returns a party's name as it states it, or its short id, without backticks.
pub fn called(graph: &Graph, id: &PartyId) -> String {
    let name = graph.party(id).and_then(|(_, establish)| establish.name.shown());
    name.cloned().unwrap_or_else(|| id.short())
}

/// Returns a facility's name if it is shown, else its short id, in backticks.
pub fn facility(graph: &Graph, id: &RecordId) -> String {
    let name = graph.facility(id).and_then(|(_, facility)| facility.name.shown());
    name.map_or_else(|| format!("`{}`", id.short()), |name| format!("`{name}`"))
}

/// Returns what a record is, where it stands and whose it is: "transform record 12 of `Goma`".
pub fn record(graph: &Graph, record: &Record) -> String {
    format!("{} record {} of {}", record.kind(), record.seq, party(graph, &record.author))
}

/// Returns a sum of milligrams as people read a mass; a sum beyond 64 bits reads as the greatest mass.
pub fn mass(mg: u128) -> String {
    Mass::from_mg(u64::try_from(mg).unwrap_or(u64::MAX)).to_string()
}

/// Returns `part` of `whole` in percent with three decimals, rounded down, such as "2.001 %".
pub fn percent(part: u128, whole: u128) -> String {
    match part.checked_mul(100_000) {
        Some(scaled) if whole > 0 => {
            let thousandths = scaled / whole;
            format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
        }
        _ => "over 100 %".to_owned(),
    }
}

/// Returns a count with its noun, in the plural where it is not one.
pub fn count<N: std::fmt::Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let plural = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Returns a finding about `lots` that `records` show; the parties are those records' authors.
pub(crate) fn found(
    code: FindingCode,
    weight: Weight,
    records: &[&Record],
    lots: &[LotRef],
    message: String,
    resolve: &str,
) -> Finding {
    let mut ids: Vec<RecordId> = Vec::new();
    let mut parties: Vec<PartyId> = Vec::new();
    for record in records {
        if !ids.contains(&record.id) {
            ids.push(record.id);
        }
        if !parties.contains(&record.author) {
            parties.push(record.author);
        }
    }
    Finding { code, weight, records: ids, lots: lots.to_vec(), parties, message, resolve: resolve.to_owned() }
}

/// Returns the value if it is shown and there is one.
pub(super) fn shown_some<T>(value: &Maybe<Option<T>>) -> Option<&T> {
    value.shown().and_then(Option::as_ref)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_shows_which_side_of_two_a_difference_is_on() {
        assert_eq!(percent(20_000, 1_000_000), "2.000 %");
        assert_eq!(percent(20_010, 1_000_000), "2.001 %");
        assert_eq!(percent(1, 0), "over 100 %");
    }

    #[test]
    fn one_is_counted_without_a_plural() {
        assert_eq!([0_usize, 1, 2].map(|number| count(number, "lot")), ["0 lots", "1 lot", "2 lots"]);
        assert_eq!(count(1_u64, "new record"), "1 new record");
    }
}
