//! What an auditor can sign of a lot: facts computed from the records that were examined.
//!
//! Pure: the same records, the same day and the same reader give the same facts, so that whoever holds the records can
//! compute them again. Nothing is signed here. Spec: docs/formats/record.md, "`attest`".

pub(super) mod sets;

use std::collections::BTreeSet;

use super::disclose;
use super::examine::Examined;
use super::reader::Reader;
use super::relevance;
use super::report::{self, LotReport, Request};
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::touch::{Presence, Touch, TouchPlace};
use crate::custody::traced_elements;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::event::{Attest, AttestedElement, AttestedMass, AttestedTouch, AttestedVerdict, Unplaced};
use crate::model::evidence::Grade;
use crate::model::finding::{Finding, FindingCode};
use crate::model::fraction::Fraction;
use crate::model::interval::Interval;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::party::{Identifier, Outsider};
use crate::model::place::Place;
use crate::model::stage::Step;
use crate::model::verdict::Verdict;
use crate::origin::traced::Traced;
use crate::rules::{self, AsOf, Input, last_claimed};

/// Most steps of one attestation (docs/formats/record.md).
const MOST_STEPS: usize = 4_096;
/// Most verdicts of one attestation.
const MOST_VERDICTS: usize = 1_024;

/// Of which lot facts are asked, and for which days.
#[derive(Clone, Copy, Debug)]
pub struct AttestRequest {
    /// The lot.
    pub lot: LotRef,
    /// The day judged for. What the clock says is not asked, so that the facts can be computed again.
    pub as_of: Day,
    /// Last day for which they may be relied on.
    pub valid_until: Day,
}

/// Why nothing can be attested of a lot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AttestFault {
    /// Its record was not among what was examined.
    #[error("the record of this lot is not held")]
    NotHeld,
    /// Its parts keep what they are, and one statement about all of them would blend them.
    #[error("it is made of parts, and each of them is attested by itself")]
    HoldsParts,
    /// Nothing tells of any element that it may hold.
    #[error("no element of it is named by its material or measured in it")]
    NoElement,
    /// There are more steps than one record holds.
    #[error("{steps} different steps were found, and an attestation holds at most {MOST_STEPS}")]
    TooManySteps {
        /// How many.
        steps: usize,
    },
    /// There are more verdicts than one record holds.
    #[error("{verdicts} rules were asked, and an attestation holds at most {MOST_VERDICTS} verdicts")]
    TooManyVerdicts {
        /// How many.
        verdicts: usize,
    },
    /// It would end before it begins.
    #[error("it would be valid until {valid_until}, before {as_of}, the day judged for")]
    EndsBefore {
        /// The day judged for.
        as_of: Day,
        /// Its last day.
        valid_until: Day,
    },
}

/// Returns the facts about a lot.
///
/// Shares are rounded outward to parts per billion, masses to milligrams. `reader` is the auditor: whom it believes, the
/// bands it judges by, and the packs whose verdicts are shown beside the facts.
///
/// # Errors
/// [`AttestFault`] where nothing can be said in one record.
pub fn attest(examined: &Examined, request: &AttestRequest, reader: &Reader) -> Result<Attest, AttestFault> {
    let AttestRequest { lot, as_of, valid_until } = *request;
    if valid_until < as_of {
        return Err(AttestFault::EndsBefore { as_of, valid_until });
    }
    let graph = &examined.graph;
    let value = graph.lot(&lot).ok_or(AttestFault::NotHeld)?;
    if graph.holds_parts(&lot) {
        return Err(AttestFault::HoldsParts);
    }
    let asked = Request { as_of: Some(as_of), ..Request::about(lot, as_of) };
    let mut judged = report::report(examined, &asked, reader).lots;
    let judged = judged.pop().expect("one lot is asked about");

    let contents = Contents::new(graph, &reader.bands);
    let (mut elements, mut touches) = (Vec::new(), Vec::new());
    let may_hold = traced_elements::may_hold(graph, &lot, value);
    let unplaced = unplaced(graph, &asked, reader, &may_hold);
    for (element, unplaced) in may_hold.into_iter().zip(unplaced) {
        let traced = Traced::new(&contents, &lot, element);
        elements.push(about_element(&traced, unplaced));
        touches.extend(steps(graph, &traced));
    }
    if elements.is_empty() {
        return Err(AttestFault::NoElement);
    }
    if touches.len() > MOST_STEPS {
        return Err(AttestFault::TooManySteps { steps: touches.len() });
    }
    if judged.rules.len() > MOST_VERDICTS {
        return Err(AttestFault::TooManyVerdicts { verdicts: judged.rules.len() });
    }
    let (records, logs) = sets::behind(examined, &lot);
    Ok(Attest {
        lot,
        as_of,
        valid_until,
        custody: custody(&judged),
        elements,
        touches,
        verdicts: judged.rules.into_iter().map(verdict).collect(),
        records,
        logs,
        bands: reader.bands.hash,
        trust: reader.trust.hash,
    })
}

/// Returns what bytes, chains and custody come to, open ends apart: how much these leave open is told by element.
///
/// While a correction that the lot rests on is not settled, there are two answers to what is in it, so it is `unknown`
/// at best.
fn custody(judged: &LotReport) -> Verdict {
    let told = |finding: &&Finding| finding.code != FindingCode::NoOrigin;
    let held: Vec<Finding> = judged.findings.iter().filter(told).cloned().collect();
    let settled = if judged.views.is_empty() { Verdict::Pass } else { Verdict::Unknown };
    relevance::verdict_of(&held).max(settled)
}

fn verdict(rule: crate::rules::RuleVerdict) -> AttestedVerdict {
    AttestedVerdict { pack: rule.pack, pack_hash: rule.pack_hash, rule: rule.rule, verdict: rule.verdict }
}

/// Returns for each element what must have been done to it and nothing places.
fn unplaced(graph: &Graph, asked: &Request, reader: &Reader, elements: &[Element]) -> Vec<Vec<Unplaced>> {
    let input = Input {
        graph,
        lot: asked.lots[0],
        as_of: AsOf { day: asked.today, is_asked: true, case: None },
        claimed: &last_claimed(graph),
        trust: &reader.trust,
        bands: &reader.bands,
        later: None,
        thing: None,
        findings: &[],
    };
    rules::unplaced(&input, elements)
}

fn about_element(traced: &Traced, unplaced: Vec<Unplaced>) -> AttestedElement {
    AttestedElement {
        element: traced.element(),
        mass: Maybe::Shown(mass(traced.amount())),
        unknown: traced.unknown().most(),
        unplaced,
        grade: traced.touches().map(|touch| touch.grade).max().unwrap_or(Grade::Unknown),
    }
}

/// Returns an interval in whole milligrams, rounded outward; none where nothing bounds it.
fn mass(amount: Interval) -> Option<AttestedMass> {
    Some(AttestedMass { least: amount.least(), most: amount.most()? })
}

/// Steps that count together: who did it may be known of some and not of others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Together {
    step: Step,
    place: Option<Place>,
    grade: Grade,
    name: Option<String>,
    /// Numbers of that maker in registers, each with its register.
    numbers: Vec<(String, String)>,
}

impl Together {
    fn of(graph: &Graph, touch: &Touch) -> Self {
        let maker = disclose::maker_of(graph, touch);
        let number = |one: Identifier| (one.scheme, one.number);
        Self {
            step: touch.step,
            place: place(touch),
            grade: touch.grade,
            // Numbers without a name name nobody.
            numbers: maker
                .name
                .is_some()
                .then_some(maker.numbers)
                .into_iter()
                .flatten()
                .map(number)
                .collect(),
            name: maker.name,
        }
    }

    /// Whether a touch is one of them; what is cheap is looked at first.
    fn holds(&self, graph: &Graph, touch: &Touch) -> bool {
        (touch.step, touch.grade, place(touch)) == (self.step, self.grade, self.place)
            && *self == Self::of(graph, touch)
    }

    fn maker(&self) -> Option<Outsider> {
        let number = |(scheme, number): &(String, String)| Identifier {
            scheme: scheme.clone(),
            number: number.clone(),
        };
        let identifiers = self.numbers.iter().map(number).collect();
        self.name.clone().map(|name| Outsider { name, place: None, identifiers })
    }
}

fn place(touch: &Touch) -> Option<Place> {
    match &touch.place {
        TouchPlace::At { place, .. } => Some(*place),
        TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => None,
    }
}

/// Returns the steps an element went through, each with the share that went through at least one of them.
fn steps(graph: &Graph, traced: &Traced) -> Vec<AttestedTouch> {
    let groups: BTreeSet<Together> = traced.touches().map(|touch| Together::of(graph, touch)).collect();
    let attested = |group: &Together| {
        let wanted = |touch: &Touch| group.holds(graph, touch);
        let share = traced.share(wanted);
        (share.most() > Fraction::ZERO).then(|| AttestedTouch {
            element: traced.element(),
            step: group.step,
            place: group.place,
            grade: group.grade,
            presence: traced.presence(wanted).unwrap_or(Presence::Possible),
            least: share.least(),
            most: share.most(),
            period: hull(traced.touches().filter(|touch| wanted(touch))),
            maker: Maybe::Shown(group.maker()),
        })
    };
    groups.iter().filter_map(attested).collect()
}

/// Returns the days from the first to the last on which any of these was done; none where some day is not known.
fn hull<'a>(touches: impl Iterator<Item = &'a Touch>) -> Option<Period> {
    let mut hull: Option<Period> = None;
    for touch in touches {
        let period = touch.period.shown().copied().flatten()?;
        hull = Some(match hull {
            None => period,
            // Days of two places are told as days, without either clock.
            Some(so_far) => Period {
                first: so_far.first.min(period.first),
                last: so_far.last.max(period.last),
                offset: so_far.offset.filter(|_| so_far.offset == period.offset),
            },
        });
    }
    hull
}

#[cfg(test)]
mod tests;
