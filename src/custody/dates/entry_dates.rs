//! When an event was entered: long after it happened, before it happened, or at a time that is still to come.
//!
//! Times are what authors claim. An event without an offset from UTC may be a day ahead of UTC, which is left to
//! it. Source of the limit: rules.md INT-05, max_lag_days. Spec: docs/custody.md, "Days of entry".

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::model::day::{Day, Period};
use crate::model::event::{Body, Event};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::time::Timestamp;

/// Most days between an event and its entry that need no reason.
pub const MOST_DAYS: i32 = 30;
/// Days by which a place without a stated offset may be ahead of UTC.
const CLOCKS_DAYS: i32 = 1;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// How an event's last day lies to the moment at which it was signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lag {
    /// It was entered within the limit.
    Timely,
    /// It was entered so many days after it happened, more than the limit.
    Late(i32),
    /// It is dated so many days after it was signed.
    Ahead(i32),
}

/// Returns how an event of `period` lies to `signed_at`, where up to `most` days between need no reason.
pub fn lag(period: &Period, signed_at: Timestamp, most: i32) -> Lag {
    let signed = match period.offset {
        None => signed_at.day(),
        Some(offset) => {
            let ms = i64::try_from(signed_at.ms()).unwrap_or(i64::MAX - DAY_MS);
            let there = (ms + i64::from(offset.minutes()) * MINUTE_MS).div_euclid(DAY_MS);
            i32::try_from(there).ok().and_then(Day::from_days).unwrap_or(signed_at.day())
        }
    };
    let slack = if period.offset.is_none() { CLOCKS_DAYS } else { 0 };
    match signed.days_since(period.last) {
        days if days > most => Lag::Late(days),
        days if days < -slack => Lag::Ahead(-days),
        _ => Lag::Timely,
    }
}

/// Returns when an event happened, for kinds that say so and where it is shown.
pub fn period(event: &Event) -> Option<&Period> {
    match &event.body {
        Body::Assay(assay) => assay.period.shown(),
        Body::Release(release) => release.period.shown(),
        body => body.at().and_then(|at| at.period.shown()),
    }
}

/// Returns every record that was entered late, ahead of its event, or at a time after the day `today`.
pub fn findings(graph: &Graph, today: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        findings.extend(of_event(graph, record));
        findings.extend(of_signature(graph, record, today));
    }
    findings
}

fn of_event(graph: &Graph, record: &Record) -> Option<Finding> {
    let period = period(&record.event)?;
    let what = || names::record(graph, record);
    let (code, weight, message, resolve) = match lag(period, record.signed_at, MOST_DAYS) {
        Lag::Timely => return None,
        Lag::Late(days) => {
            let (weight, why) = match &record.event.late {
                None => (Weight::Warning, ", without a reason".to_owned()),
                Some(Maybe::Shown(why)) => (Weight::Note, format!(": {why}")),
                Some(Maybe::Withheld) => (Weight::Note, ", for a reason that is withheld".to_owned()),
            };
            let message =
                format!("{} was entered {days} days after it happened (limit {MOST_DAYS}){why}", what());
            let resolve = "the author says why, or shows a paper of the day";
            (FindingCode::EnteredLate, weight, message, resolve)
        }
        Lag::Ahead(days) => {
            let message = format!(
                "{} is dated {}, {} after it was signed at {}",
                what(),
                period.last,
                names::count(usize::try_from(days).unwrap_or_default(), "day"),
                record.signed_at
            );
            let resolve = "the author withdraws it and records what happened once it has";
            (FindingCode::DatedAhead, Weight::Warning, message, resolve)
        }
    };
    Some(found(code, weight, &[record], &lots(record), message, resolve))
}

fn of_signature(graph: &Graph, record: &Record, today: Day) -> Option<Finding> {
    let ahead = record.signed_at.day().days_since(today);
    if ahead <= CLOCKS_DAYS {
        return None;
    }
    let message = format!(
        "{} claims to be signed at {}, {ahead} days after {today}: a clock was wrong",
        names::record(graph, record),
        record.signed_at
    );
    let resolve = "nothing, if the clock was set wrong; what was seen by others tells when it really was";
    Some(found(FindingCode::SignedAhead, Weight::Warning, &[record], &lots(record), message, resolve))
}

/// The lots it made; about all lots on the way of which it is, where it made none.
fn lots(record: &Record) -> Vec<LotRef> {
    graph::outputs(record).map(|(lot, _)| lot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lag_of(period: &str, signed: &str) -> Lag {
        lag(&period.parse().unwrap(), signed.parse().unwrap(), MOST_DAYS)
    }

    #[test]
    fn thirty_days_need_no_reason_and_thirty_one_do() {
        assert_eq!(lag_of("2026-03-01", "2026-03-31T23:59:59Z"), Lag::Timely);
        assert_eq!(lag_of("2026-03-01", "2026-04-01T00:00:00Z"), Lag::Late(31));
        assert_eq!(lag_of("2026-02-01..2026-03-01", "2026-03-31T12:00:00Z"), Lag::Timely);
    }

    #[test]
    fn a_day_ahead_is_left_to_a_place_whose_offset_is_not_stated() {
        assert_eq!(lag_of("2026-03-02", "2026-03-01T20:00:00Z"), Lag::Timely);
        assert_eq!(lag_of("2026-03-03", "2026-03-01T20:00:00Z"), Lag::Ahead(2));
        assert_eq!(lag_of("2026-03-02 +13:00", "2026-03-01T11:00:00Z"), Lag::Timely);
        assert_eq!(lag_of("2026-03-02 +13:00", "2026-03-01T10:59:59Z"), Lag::Ahead(1));
        assert_eq!(lag_of("2026-03-02 -03:00", "2026-03-02T02:00:00Z"), Lag::Ahead(1));
    }
}
