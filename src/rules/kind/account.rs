//! `account`: what goes out of a circuit, a plant, a mine or a claim account is covered by what came in or is allowed.
//!
//! The sums are the program's own and no pack changes them. A rule gives their findings a verdict, and leaves open what
//! they could not show: contents nobody determined, limits nobody set. Spec: docs/formats/kinds/account.md.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::band::tested::is_physical;
use super::{Asked, Kind, Outcome};
use crate::custody::place::capacity;
use crate::custody::{graph, names, traced_elements};
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::{GAPS, Told};
use crate::rules::limits::accepted_limits;
use crate::rules::verdict::ReasonCode;

/// Parameters of `account`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What is summed up.
    pub of: Of,
}

/// What is summed up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Each element in a circuit that has no lots inside, period by period.
    Circuit,
    /// Each element at a plant, and what it makes against the limits on it.
    Plant,
    /// What is won or tagged at a pit against the limits on it.
    Mine,
    /// Claims against the credits of their account.
    Claims,
}

impl Of {
    /// Returns the findings that belong to it.
    fn codes(self) -> &'static [FindingCode] {
        use FindingCode as F;
        match self {
            Self::Circuit => &[
                F::AccountGain,
                F::AccountUnaccounted,
                F::PeriodUntested,
                F::ProvisionalDraw,
                F::NotCounted,
                F::ShippedBeforeClose,
                F::CloseContradicts,
                F::StockStep,
                F::CircuitUndeclared,
                F::HiddenCharges,
                F::DrawnWithoutCharge,
                F::CloseWithheld,
            ],
            Self::Plant => &[F::PlantGain, F::PlantUnaccounted, F::OverCapacity],
            Self::Mine => &[F::TaggedOverCeiling, F::OverCapacity],
            Self::Claims => {
                &[F::Overdrawn, F::ClaimTwice, F::AccountIncomplete, F::AccountDiffers, F::CreditUnfounded]
            }
        }
    }

    fn has(self, facts: &Facts<'_>, finding: &Finding) -> bool {
        let is_won = || {
            let shown = finding.records.iter().filter_map(|id| facts.graph.record(id));
            shown.into_iter().any(is_won)
        };
        let is_here = match (finding.code, self) {
            (FindingCode::OverCapacity, Self::Mine) => is_won(),
            (FindingCode::OverCapacity, _) => !is_won(),
            _ => true,
        };
        self.codes().contains(&finding.code) && is_here
    }
}

impl Kind for Account {
    fn name(&self) -> &'static str {
        "account"
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let mut told = Told::default();
        let found = told.findings(facts, |finding| self.of.has(facts, finding));
        let reaches = match self.of {
            Of::Circuit => undetermined(facts, is_of_circuit, &mut told),
            Of::Plant => undetermined(facts, is_of_plant, &mut told),
            Of::Mine => unlimited(facts, &mut told),
            Of::Claims => facts.graph.records().iter().any(|record| match &record.event.body {
                Body::RetireClaim(claim) => claim.lot.is_some_and(|lot| facts.is_behind(&lot)),
                _ => false,
            }),
        };
        if !found && !reaches {
            return Outcome::not_applicable("the lot has nothing of the kind behind it");
        }
        told.findings(facts, |finding| GAPS.contains(&finding.code));
        told.done()
    }
}

fn is_won(record: &Record) -> bool {
    matches!(record.event.body, Body::Extract(_) | Body::Collect(_))
}

fn is_of_circuit(record: &Record) -> bool {
    matches!(record.event.body, Body::Draw(_) | Body::Charge(_))
}

fn is_of_plant(record: &Record) -> bool {
    is_of_circuit(record) || (matches!(record.event.body, Body::Transform(_)) && !is_physical(record))
}

/// Tells of which lots that went in or came out nobody knows what they hold, so that a gain could not show; returns
/// whether there are any such records.
fn undetermined(facts: &Facts<'_>, wanted: fn(&Record) -> bool, told: &mut Told) -> bool {
    let mut lots: BTreeSet<LotRef> = BTreeSet::new();
    let mut reaches = false;
    for record in facts.records_behind().filter(|record| wanted(record)) {
        reaches = true;
        lots.extend(graph::inputs(record).iter().map(|input| input.lot));
        lots.extend(graph::outputs(record).map(|(lot, _)| lot).filter(|lot| facts.is_behind(lot)));
    }
    // What no code, composition or assay names is determined nowhere.
    let mentioned = mentioned(facts, &lots);
    let mut lots: Vec<LotRef> = lots.into_iter().collect();
    lots.sort_by_cached_key(|lot| (facts.graph.position(&lot.record), lot.index));
    for lot in lots {
        let Some(value) = facts.graph.lot(&lot) else { continue };
        let mut known = mentioned.iter().map(|element| facts.contents().of(&lot, *element));
        if known.any(|content| content.is_determined()) {
            continue;
        }
        let name = names::lot(facts.graph, &lot);
        let (code, verdict, text, resolve) = match value.composition {
            Maybe::Withheld => (
                ReasonCode::CheckWithheld,
                Verdict::Withheld,
                format!("what lot {name} holds is withheld, so that a gain could not show"),
                "ask the author to show the item `composition`",
            ),
            Maybe::Shown(_) => (
                ReasonCode::CheckOpen,
                Verdict::Unknown,
                format!("nobody has determined what lot {name} holds, so that a gain could not show"),
                "let it be analysed, and import the assay",
            ),
        };
        told.because(code, verdict, text, vec![lot.record], resolve);
    }
    reaches
}

/// Returns the elements that the code of a lot names, or that a composition or assay says something of.
fn mentioned(facts: &Facts<'_>, lots: &BTreeSet<LotRef>) -> BTreeSet<Element> {
    let mut elements: BTreeSet<Element> = facts.traced_elements().into_iter().collect();
    let all = lots.iter().chain(&facts.ancestry().lots);
    for (lot, value) in all.filter_map(|lot| Some((lot, facts.graph.lot(lot)?))) {
        elements.extend(traced_elements::of_lot(facts.graph, lot, value));
        let stated = value.composition.shown().into_iter().flatten();
        elements.extend(stated.flat_map(|component| component.elements.iter()));
    }
    for record in facts.graph.records() {
        if let Body::Assay(assay) = &record.event.body {
            let found = assay.composition.shown().into_iter().flatten();
            elements.extend(found.flat_map(|component| component.elements.iter()));
        }
    }
    elements
}

/// Tells what came out of the ground without a limit that the reader accepts; returns whether anything did.
fn unlimited(facts: &Facts<'_>, told: &mut Told) -> bool {
    let dug = || facts.records_behind().filter(|record| matches!(record.event.body, Body::Extract(_)));
    let accepted = accepted_limits(facts.graph, facts.trust);
    for record in capacity::unlimited(facts.graph, &accepted, dug()) {
        let text = format!(
            "{}: no limit on what may be won there and then is held from an authority that the reader believes",
            names::record(facts.graph, record)
        );
        let resolve = "get the licence with its limit, check it and list it as accepted, or import the authority's record";
        told.because(ReasonCode::NoLimit, Verdict::Unknown, text, vec![record.id], resolve);
    }
    dug().next().is_some()
}
