//! `accumulate`: what a party imports under a customs code in a calendar year, against a table of thresholds.
//!
//! Counted are its own import declarations, and, as what may be an import, goods received from outside of which none
//! is on record. A row of the table that was not read in the text decides nothing. Spec: docs/formats/kinds/accumulate.md.

mod imports;

use serde::{Deserialize, Serialize};

use self::imports::Imports;
use super::{Asked, AskedOver, Kind, Outcome};
use crate::custody::names;
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::confidence::Confidence;
use crate::model::day::{Day, Period};
use crate::model::event::{Body, Subject};
use crate::model::evidence::DocumentKind;
use crate::model::interval::Interval;
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::rules::pack::{PackFault, PackFile, Table, Threshold, Use};
use crate::rules::portfolio::Over;
use crate::rules::verdict::{Reason, ReasonCode};

/// Parameters of `accumulate`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accumulate {
    /// Table of thresholds.
    pub thresholds: String,
    /// List of countries into which goods are imported.
    pub into: String,
    /// What begins above a threshold; where there is none, nothing above it is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<Duty>,
}

/// A duty that begins above a threshold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// What it is called.
    pub name: String,
    /// Papers that each lot needs; of the kinds in one entry any will do.
    pub documents: Vec<Vec<DocumentKind>>,
}

impl Kind for Accumulate {
    fn name(&self) -> &'static str {
        "accumulate"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        let Some(duty) = &self.duty else { return Ok(()) };
        crate::rules::pack::filled(&format!("{field}.duty.name"), &duty.name)?;
        if duty.documents.is_empty() || duty.documents.iter().any(Vec::is_empty) {
            return Err(PackFault::Empty { field: format!("{field}.duty.documents") });
        }
        Ok(())
    }

    fn uses(&self) -> Vec<Use<'_>> {
        vec![
            Use::new("thresholds", Table::Thresholds, &self.thresholds),
            Use::new("into", Table::Countries, &self.into),
        ]
    }

    fn judge(&self, _: &Asked<'_, '_>) -> Outcome {
        // What one lot weighs says nothing of a year.
        Outcome::because(Reason {
            code: ReasonCode::PortfolioNeeded,
            verdict: Verdict::Unknown,
            elements: Vec::new(),
            text: "needs all imports of the reader in the year".to_owned(),
            records: Vec::new(),
            resolve: Some("judge it over the reader's own ledger".to_owned()),
        })
    }

    fn judge_portfolio(&self, asked: &AskedOver<'_, '_>) -> Option<Outcome> {
        let mut outcome = Outcome::default();
        let into = asked.pack.places(&self.into);
        let mut is_any = false;
        for year in years(&asked.over.portfolio().period) {
            let imports = Imports::of(asked, into, year);
            let rows = asked.pack.threshold_rows(&self.thresholds).iter();
            for row in rows.filter(|row| row.holds_on(asked.as_of)) {
                let sum = imports.under(row);
                is_any |= sum.mass.high > 0;
                self.of_row(asked.over, row, year, sum, &mut outcome);
            }
        }
        if !is_any {
            return Some(Outcome::not_applicable(format!(
                "nothing of this kind was imported into {}",
                self.into
            )));
        }
        Some(outcome)
    }
}

/// What came in under one row.
struct Sum {
    mass: Interval,
    lots: Vec<LotRef>,
    records: Vec<RecordId>,
}

impl Accumulate {
    fn of_row(&self, over: &Over<'_>, row: &Threshold, year: Period, sum: Sum, outcome: &mut Outcome) {
        if sum.mass.high == 0 {
            return;
        }
        let limit = Interval::exact(row.limit);
        let year = &year.first.to_string()[..4];
        let told =
            format!("{} of CN {} ({}) in {year}; the limit is {}", sum.mass, row.code, row.goods, row.limit);
        let reason = |code, verdict, text: String, resolve: &str| Reason {
            code,
            verdict,
            elements: row.element.into_iter().collect(),
            text,
            records: sum.records.clone(),
            resolve: Some(resolve.to_owned()),
        };
        if row.confidence != Confidence::High {
            let text = format!("{told}, read with confidence {} only", row.confidence.name());
            let resolve = "look the limit up in the text, and put it into a pack of your own";
            outcome.reasons.push(reason(ReasonCode::LimitUnverified, Verdict::Unknown, text, resolve));
            return;
        }
        if !sum.mass.exceeds(limit) {
            if sum.mass.high <= limit.high {
                outcome.notes.push(told);
                return;
            }
            let resolve = "record the import declarations, with code and mass";
            outcome.reasons.push(reason(ReasonCode::AmountOpen, Verdict::Unknown, told, resolve));
            return;
        }
        let Some(duty) = &self.duty else {
            let resolve = "no record can";
            outcome.reasons.push(reason(ReasonCode::AboveLimit, Verdict::Fail, told, resolve));
            return;
        };
        let missing = duty.missing(over, &sum.lots);
        if missing.is_empty() {
            outcome.notes.push(format!("{told}: {} applies, and its papers are on record", duty.name));
            return;
        }
        let lots = missing.iter().map(|(_, lots)| lots.len()).max().unwrap_or(0);
        let kinds: Vec<&str> = missing.iter().map(|(kinds, _)| kinds.as_str()).collect();
        let text = format!(
            "{told}: {} applies, and {} {} not on record for {}",
            duty.name,
            kinds.join(" and "),
            if kinds.len() == 1 { "is" } else { "are" },
            names::count(lots, "lot")
        );
        let resolve = "get the papers from the supplier, and register them about the lots";
        outcome.reasons.push(reason(ReasonCode::DutyPapersMissing, Verdict::Unknown, text, resolve));
    }
}

impl Duty {
    /// Returns the papers that some of the lots lack, each with those lots.
    fn missing(&self, over: &Over<'_>, lots: &[LotRef]) -> Vec<(String, Vec<LotRef>)> {
        let graph = over.graph();
        let papers = graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none());
        let mut held: Vec<(DocumentKind, LotRef)> = Vec::new();
        for record in papers {
            if let Body::RegisterDocument(paper) = &record.event.body {
                let about = paper.about.iter().filter_map(|about| match about {
                    Subject::Lot(lot) => Some(imports::first(graph, *lot)),
                    _ => None,
                });
                held.extend(about.map(|lot| (paper.document, lot)));
            }
        }
        let lacks = |kinds: &Vec<DocumentKind>| {
            let has = |lot: &LotRef| {
                let lot = imports::first(graph, *lot);
                held.iter().any(|(kind, about)| kinds.contains(kind) && *about == lot)
            };
            let without: Vec<LotRef> = lots.iter().filter(|lot| !has(lot)).copied().collect();
            let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            (!without.is_empty()).then(|| (names.join(" or "), without))
        };
        self.documents.iter().filter_map(lacks).collect()
    }
}

/// Returns the calendar years that a period touches.
fn years(period: &Period) -> Vec<Period> {
    let (first, last) = (period.first.year_month().0, period.last.year_month().0);
    let day = |year, month, day| Day::from_ymd(year, month, day);
    let whole = |year| Some(Period { first: day(year, 1, 1)?, last: day(year, 12, 31)?, offset: None });
    (first..=last).filter_map(whole).collect()
}

#[cfg(test)]
mod tests;
