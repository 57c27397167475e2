//! `time`: events are entered soon after they happened, and others saw them in time.
//!
//! Times are what authors claim. A record that another party's record rests on, or that its checkpoint covers, was there when the
//! other signed; what day that was is the other's word, so order against another party is never a clock: where two
//! clocks disagree the rule is open, and only days of events contradict each other. Spec: docs/formats/kinds/time.md.

mod sights;
mod tags;

use serde::{Deserialize, Serialize};

use self::sights::Sights;
use super::{Asked, Kind, Outcome};
use crate::custody::dates::entry_dates::{self, Lag};
use crate::custody::{graph, names};
use crate::model::coded::coded;
use crate::model::day::{Day, Period};
use crate::model::dealings::BorderSide;
use crate::model::event::Body;
use crate::model::finding::FindingCode;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::{GAPS, Told};
use crate::rules::pack::{PackFault, PackFile};
use crate::rules::verdict::ReasonCode;

coded! {
    /// Events that somebody else has to have seen.
    Anchored, "event that others must have seen" {
        /// Material leaves the ground.
        Extraction = 1 "extraction",
        /// Goods are sent from one country to another.
        Export = 2 "export",
    }
}

/// Parameters of `time`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// Most days between an event and its entry that need no reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_lag_days: Option<u16>,
    /// Events that another party must have seen.
    #[serde(default)]
    pub anchors: Vec<Anchored>,
    /// First days of bans: an anchored event said to be before one of them must have been seen before it.
    #[serde(default)]
    pub straddles: Vec<Day>,
    /// Most days between the issue of a tag and its use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tag_days: Option<u16>,
}

/// Days by which clocks of two places may differ.
const CLOCKS_DAYS: i32 = 1;

impl Kind for Time {
    fn name(&self) -> &'static str {
        "time"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        if self.max_lag_days.is_none() && self.anchors.is_empty() && self.max_tag_days.is_none() {
            return Err(PackFault::Empty { field: format!("{field}.max_lag_days") });
        }
        if !self.straddles.is_empty() && self.anchors.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.anchors") });
        }
        Ok(())
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let mut told = Told::default();
        let mut reaches = false;
        if let Some(most) = self.max_lag_days {
            reaches = true;
            entered(facts, i32::from(most), &mut told);
        }
        if !self.anchors.is_empty() {
            reaches |= self.seen(facts, &mut told);
        }
        if let Some(most) = self.max_tag_days {
            reaches |= tags::judge(facts, i32::from(most), &mut told);
        }
        if !reaches {
            return Outcome::not_applicable("the lot has nothing of the kind behind it");
        }
        let codes = [FindingCode::BeforeItsInput, FindingCode::SignedAhead, FindingCode::ClockBackwards];
        let is_about_order = self.max_lag_days.is_some() || !self.anchors.is_empty();
        told.findings(facts, |finding| is_about_order && codes.contains(&finding.code));
        told.findings(facts, |finding| GAPS.contains(&finding.code));
        told.done()
    }
}

/// Tells what was entered too long after it happened, or before it did.
fn entered(facts: &Facts<'_>, most: i32, told: &mut Told) {
    for record in facts.records_behind() {
        let what = || names::record(facts.graph, record);
        if record.event.body.at().is_some_and(|at| matches!(at.period, Maybe::Withheld)) {
            let text = format!("{} withholds when it was", what());
            let resolve = "ask the author to show the item `period`";
            told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, vec![record.id], resolve);
            continue;
        }
        let Some(period) = entry_dates::period(&record.event) else { continue };
        match entry_dates::lag(period, record.signed_at, most) {
            Lag::Timely => {}
            Lag::Late(days) => {
                let said = format!("{} was entered {days} days after it happened (limit {most})", what());
                match &record.event.late {
                    Some(Maybe::Shown(why)) => told.outcome.notes.push(format!("{said}: {why}")),
                    Some(Maybe::Withheld) => {
                        let text = format!("{said}, for a reason that is withheld");
                        let resolve = "ask the author to show the item `late`";
                        told.because(
                            ReasonCode::CheckWithheld,
                            Verdict::Withheld,
                            text,
                            vec![record.id],
                            resolve,
                        );
                    }
                    None => {
                        let text = format!("{said}, without a reason");
                        let resolve = "the author says why, or shows a paper of the day";
                        told.because(
                            ReasonCode::EnteredLate,
                            Verdict::Unknown,
                            text,
                            vec![record.id],
                            resolve,
                        );
                    }
                }
            }
            Lag::Ahead(days) => {
                let days = names::count(usize::try_from(days).unwrap_or_default(), "day");
                let text = format!(
                    "{} is dated {}, {days} after it was signed at {}",
                    what(),
                    period.last,
                    record.signed_at
                );
                let resolve = "the author withdraws it and records what happened once it has";
                told.because(ReasonCode::EnteredLate, Verdict::Unknown, text, vec![record.id], resolve);
            }
        }
    }
}

impl Time {
    /// Tells which events nobody else has seen in time; returns whether there are such events behind the lot.
    fn seen(&self, facts: &Facts<'_>, told: &mut Told) -> bool {
        let is_asked = |record: &&Record| match record.event.body {
            Body::Extract(_) => self.anchors.contains(&Anchored::Extraction),
            Body::Dispatch(_) => self.anchors.contains(&Anchored::Export) && leaves_country(facts, record),
            _ => false,
        };
        let asked: Vec<(&Record, &Maybe<Period>)> = facts
            .records_behind()
            .filter(is_asked)
            .filter_map(|record| Some((record, &record.event.body.at()?.period)))
            .collect();
        if asked.is_empty() {
            return false;
        }
        let sights = Sights::of(facts);
        for (record, period) in asked {
            self.one(facts, &sights, record, period, told);
        }
        true
    }

    fn one(
        &self,
        facts: &Facts<'_>,
        sights: &Sights,
        record: &Record,
        period: &Maybe<Period>,
        told: &mut Told,
    ) {
        let what = names::record(facts.graph, record);
        let Maybe::Shown(period) = period else {
            let resolve = "ask the author to show the item `period`";
            let text = format!("{what} withholds when it was");
            told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, vec![record.id], resolve);
            return;
        };
        let Some((day, by)) = sights.first(record) else {
            let text = format!("nobody but its author is known to have seen {what}, of {period}");
            let resolve = "import a later record of somebody else that rests on it or covers it";
            told.because(ReasonCode::NotSeen, Verdict::Unknown, text, vec![record.id], resolve);
            return;
        };
        let by_whom =
            facts.graph.record(&by).map(|by| names::party(facts.graph, &by.author)).unwrap_or_default();
        let seen = format!("{what} is of {period}, and was first seen by {by_whom} on {day}, as that claims");
        let records = vec![record.id, by];
        if period.first.days_since(day) > CLOCKS_DAYS {
            let text = format!("{seen}: before it was");
            let resolve = "one of the two clocks was wrong; whoever wrote the wrong day corrects it";
            told.because(ReasonCode::NotSeen, Verdict::Unknown, text, records, resolve);
            return;
        }
        for ban in &self.straddles {
            let is_before = period.first < *ban;
            if is_before && (period.last >= *ban || day >= *ban) {
                let text = format!("{seen}: whether it was before {ban} is not shown");
                let resolve = "show what somebody else saw of it before that day, such as a customs record";
                let records = records.clone();
                told.because(ReasonCode::StraddlesDate, Verdict::Unknown, text, records, resolve);
            }
        }
        let lag = day.days_since(period.last);
        if self.max_lag_days.is_some_and(|most| lag > i32::from(most)) {
            told.outcome.notes.push(format!("{seen}, {lag} days later"));
        }
    }
}

/// Whether goods of a dispatch were received in another country, or are declared to have left one.
fn leaves_country(facts: &Facts<'_>, dispatch: &Record) -> bool {
    let graph = facts.graph;
    let country = |record: &Record| {
        let facility = record.event.body.at()?.facility.shown()?;
        graph.facility(facility).map(|(_, facility)| facility.place.country)
    };
    let here = country(dispatch);
    let sent: Vec<LotRef> = graph::outputs(dispatch).map(|(lot, _)| lot).collect();
    let goods =
        |lot: &LotRef| sent.contains(lot) || graph::inputs(dispatch).iter().any(|one| one.lot == *lot);
    let mut receipts =
        sent.iter().flat_map(|lot| graph.uses(lot)).filter_map(|one| graph.record(&one.record));
    let elsewhere = |record: &Record| {
        matches!(record.event.body, Body::Receive(_))
            && country(record).is_some_and(|there| Some(there) != here)
    };
    let is_declared = |record: &Record| match &record.event.body {
        Body::DeclareBorder(said) => said.side == BorderSide::Export && said.lots.iter().any(goods),
        _ => false,
    };
    receipts.any(elsewhere) || graph.records().iter().any(is_declared)
}

#[cfg(test)]
mod tests;
