//! The disclosure: for each magnet of a lot the countries of its nodes, and what a reviewer must be able to file.
//!
//! Derived from the records, never typed. One block for each part number: an assembly is never blended.
//! Spec: docs/disclosure.md.

use std::collections::BTreeMap;

use serde::Serialize;

use super::attested;
use super::examine::Examined;
use super::parts::PartKind;
use super::reader::{PackLine, Reader};
use super::report::{ChainLine, Report};
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::touch::{self, Grade, Touch, TouchPlace};
use crate::custody::{names, traced_elements};
use crate::hash::{Hash, RecordId};
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::event::DeclaredTouch;
use crate::model::facility::Operator;
use crate::model::interval::Share;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::party::{Identifier, Outsider};
use crate::model::place::Place;
use crate::model::stage::{Process, Stage};
use crate::model::verdict::Verdict;
use crate::origin::traced::Traced;
use crate::origin::view::{By, Group, View};
use crate::rules::{NodeTable, RuleVerdict, Timeline};
use crate::trust::case::CaseFile;

/// What a reviewer must be able to file about a lot.
#[derive(Clone, Debug, Serialize)]
pub struct Disclosure {
    /// `lodemark/disclosure@1`.
    pub format: &'static str,
    /// What the verdicts mean, in two sentences.
    pub means: &'static str,
    /// The day judged for.
    pub as_of: Day,
    /// The day by whose end, as their authors claim, the records were signed that were looked at; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at_claimed: Option<Day>,
    /// One for each magnet or other lot that is disclosed.
    pub items: Vec<Item>,
    /// The buyer's facts, the questions put to suppliers among them; none without a case file.
    pub case: Option<CaseFile>,
    /// SHA-256 of the case file.
    pub case_hash: Option<Hash>,
    /// SHA-256 of the trust file.
    pub trust_hash: Option<Hash>,
    /// SHA-256 of the constants and bands.
    pub bands_hash: Hash,
    /// The texts asked, with the day each was looked up and its reviewer.
    pub packs: Vec<PackLine>,
    /// What is held of each chain.
    pub chains: Vec<ChainLine>,
    /// What no verdict here says.
    pub not_established: Vec<String>,
}

/// One magnet part number, or one lot.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The lot.
    pub lot: LotRef,
    /// Its label.
    pub label: Option<String>,
    /// Its part number, where that is shown.
    pub part_number: Option<String>,
    /// Its grade, where that is shown.
    pub grade: Option<String>,
    /// What it is.
    pub material: Option<String>,
    /// How much of it.
    pub mass: Option<Mass>,
    /// How many pieces.
    pub pieces: Option<u64>,
    /// The worst verdict about it.
    pub verdict: Verdict,
    /// What each rule says of it on the day judged for.
    pub rules: Vec<RuleVerdict>,
    /// What they say on both sides of every known change of text; of an assembly's part, none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// Countries of each element by node.
    pub nodes: NodeTable,
    /// How much of each element is covered by which grade of evidence.
    pub elements: Vec<Covered>,
    /// Every step that one of the elements went through, sources first.
    pub steps: Vec<StepLine>,
}

/// How well the beginning of one element is covered.
#[derive(Clone, Debug, Serialize)]
pub struct Covered {
    /// The element.
    pub element: Element,
    /// Its share by grade of evidence, best first.
    pub by_grade: Vec<(Grade, Share)>,
    /// The share of which nothing is known.
    pub unknown: Share,
}

/// One step, and who did it.
#[derive(Clone, Debug, Serialize)]
pub struct StepLine {
    /// Stage.
    pub stage: Stage,
    /// Process.
    pub process: Process,
    /// Elements that went through it.
    pub elements: Vec<Element>,
    /// When, where that is shown.
    pub period: Option<Period>,
    /// Country and region; none where the facility is withheld or not held.
    pub place: Option<Place>,
    /// The facility, where one is declared and named.
    pub facility: Option<String>,
    /// Numbers of the facility in registers.
    pub facility_numbers: Vec<Identifier>,
    /// Who did it.
    pub maker: Maker,
    /// On what evidence.
    pub grade: Grade,
    /// SHA-256 of the document it is copied from.
    pub document: Option<Hash>,
    /// The record that says so.
    pub record: RecordId,
}

/// Who did a step.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Maker {
    /// Name; none where it is withheld or not said.
    pub name: Option<String>,
    /// Address, where shown.
    pub address: Option<String>,
    /// Numbers in registers, such as CAGE, UEI or LEI; none shown where they are withheld.
    pub numbers: Vec<Identifier>,
    /// Whether name or numbers are kept from the reader.
    pub is_withheld: bool,
}

/// Returns the disclosure of the one lot that `report` is about.
pub fn disclose(examined: &Examined, report: &Report, reader: &Reader) -> Disclosure {
    let graph = attested::seen_by(examined, reader, report.as_of);
    let contents = Contents::new(&graph, &reader.bands);
    let mut items = Vec::new();
    let mut not_established = Vec::new();
    for lot in &report.lots {
        not_established.extend(lot.not_established.iter().cloned());
        let magnets = lot.parts.iter().filter(|part| part.what == PartKind::Lot && holds_magnet(part));
        let parts: Vec<Item> = magnets
            .filter_map(|part| {
                let at = part.lot?;
                let rules = part.rules.clone();
                Some(item(&contents, at, part.verdict, rules, None, part.nodes.clone()))
            })
            .collect();
        if parts.is_empty() {
            let timeline = Some(lot.timeline.clone());
            items.push(item(&contents, lot.lot, lot.verdict, lot.rules.clone(), timeline, lot.nodes.clone()));
        }
        items.extend(parts);
    }
    not_established.dedup();
    Disclosure {
        format: "lodemark/disclosure@1",
        means: report.means,
        as_of: report.as_of,
        known_at_claimed: report.known_at_claimed,
        items,
        case: reader.case.as_ref().map(|case| case.file.clone()),
        case_hash: report.case_hash,
        trust_hash: report.trust_hash,
        bands_hash: report.bands_hash,
        packs: report.packs.clone(),
        chains: report.chains.clone(),
        not_established,
    }
}

/// Whether a disclosure of a thing is about this part of it.
fn holds_magnet(part: &super::parts::PartReport) -> bool {
    part.material.as_ref().is_some_and(|material| material.as_str().starts_with("magnet"))
}

fn item(
    contents: &Contents<'_>,
    lot: LotRef,
    verdict: Verdict,
    rules: Vec<RuleVerdict>,
    timeline: Option<Timeline>,
    nodes: NodeTable,
) -> Item {
    let graph = contents.graph();
    let value = graph.lot(&lot);
    let marks = value.and_then(|value| value.marks.shown());
    let elements = value.map(|value| traced_elements::of_lot(graph, &lot, value)).unwrap_or_default();
    let quantity = value.and_then(|value| value.quantity.shown());
    Item {
        lot,
        label: graph.label(&lot),
        part_number: marks.and_then(|marks| marks.part_number.clone()),
        grade: marks.and_then(|marks| marks.grade.clone()),
        material: value.map(|value| value.material.to_string()),
        mass: quantity.map(|quantity| quantity.mass),
        pieces: quantity.and_then(|quantity| quantity.pieces),
        verdict,
        rules,
        timeline,
        nodes,
        elements: elements.iter().map(|element| covered(contents, &lot, *element)).collect(),
        steps: steps(graph, &lot, &elements),
    }
}

fn covered(contents: &Contents<'_>, lot: &LotRef, element: Element) -> Covered {
    let traced = Traced::new(contents, lot, element);
    let view = View::new(contents, &traced, By::Grade, None);
    let mut by_grade: Vec<(Grade, Share)> = view
        .rows
        .iter()
        .filter_map(|row| match row.group {
            Group::Grade(grade) => Some((grade, row.share)),
            _ => None,
        })
        .collect();
    by_grade.sort_by_key(|(grade, _)| *grade);
    Covered { element, by_grade, unknown: view.unknown }
}

/// Returns every step of the elements, each once, in the order in which the first of them passed it.
fn steps(graph: &Graph, lot: &LotRef, elements: &[Element]) -> Vec<StepLine> {
    let mut lines: Vec<StepLine> = Vec::new();
    let mut known: BTreeMap<(usize, RecordId, Stage, Process, String), usize> = BTreeMap::new();
    for path in touch::paths(graph, lot, elements) {
        for touch in &path.touches {
            let place = match &touch.place {
                TouchPlace::At { place, .. } => place.to_string(),
                TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => String::new(),
            };
            let maker = touch.maker.clone().unwrap_or_default();
            let position = graph.position(&touch.record).unwrap_or(usize::MAX);
            let key =
                (position, touch.record, touch.step.stage, touch.step.process, format!("{place}/{maker}"));
            match known.get(&key) {
                Some(at) if !lines[*at].elements.contains(&path.element) => {
                    lines[*at].elements.push(path.element);
                }
                Some(_) => {}
                None => {
                    known.insert(key, lines.len());
                    lines.push(step(graph, path.element, touch));
                }
            }
        }
    }
    let mut order: Vec<usize> = known.into_values().collect();
    order.dedup();
    order.into_iter().map(|at| lines[at].clone()).collect()
}

fn step(graph: &Graph, element: Element, touch: &Touch) -> StepLine {
    let (facility, place) = match &touch.place {
        TouchPlace::At { facility, place } => (*facility, Some(*place)),
        TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => (None, None),
    };
    let declared = facility.as_ref().and_then(|id| graph.facility(id));
    let numbers = declared.and_then(|(_, facility)| facility.identifiers.shown()).cloned();
    StepLine {
        stage: touch.step.stage,
        process: touch.step.process,
        elements: vec![element],
        period: touch.period.shown().copied().flatten(),
        place,
        facility: facility.map(|id| names::facility(graph, &id)),
        facility_numbers: numbers.unwrap_or_default(),
        maker: maker(graph, touch, facility.as_ref()),
        grade: touch.grade,
        document: touch.document,
        record: touch.record,
    }
}

/// Returns who did a step, at the facility where it was done, if one is declared.
pub(super) fn maker_of(graph: &Graph, touch: &Touch) -> Maker {
    let facility = match &touch.place {
        TouchPlace::At { facility, .. } => *facility,
        TouchPlace::NotHeld { facility } => Some(*facility),
        TouchPlace::Withheld { .. } => None,
    };
    maker(graph, touch, facility.as_ref())
}

/// Returns who did a step: the operator of the place, the author, or whom the papers name.
fn maker(graph: &Graph, touch: &Touch, facility: Option<&RecordId>) -> Maker {
    if touch.maker.is_some() || facility.is_none() {
        return on_paper(graph, touch);
    }
    let operator = facility.and_then(|id| graph.facility(id)).map(|(_, facility)| &facility.operator);
    match operator {
        Some(Operator::Outside(Maybe::Shown(outsider))) => outside(outsider),
        Some(Operator::Outside(Maybe::Withheld)) => Maker { is_withheld: true, ..Maker::default() },
        Some(Operator::Party(party)) => of_party(graph, party),
        Some(Operator::Author) | None => of_party(graph, &touch.by),
    }
}

fn of_party(graph: &Graph, party: &crate::hash::PartyId) -> Maker {
    let Some((_, establish)) = graph.party(party) else { return Maker::default() };
    let is_withheld = matches!(establish.name, Maybe::Withheld)
        || matches!(establish.identifiers, Maybe::Withheld)
        || matches!(establish.address, Maybe::Withheld);
    Maker {
        name: establish.name.shown().cloned(),
        address: establish.address.shown().cloned().flatten(),
        numbers: establish.identifiers.shown().cloned().unwrap_or_default(),
        is_withheld,
    }
}

/// Returns whom the papers of an intake name; the step is found by what it says.
fn on_paper(graph: &Graph, touch: &Touch) -> Maker {
    let declared = graph.record(&touch.record).map(|record| record.event.body.declared_touches());
    let fits = |one: &&DeclaredTouch| {
        let place = match &touch.place {
            TouchPlace::At { place, .. } => Some(*place),
            TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => None,
        };
        let name = one.maker.shown().and_then(Option::as_ref).map(|maker| maker.name.clone());
        one.step == touch.step && Some(one.place) == place && name == touch.maker
    };
    match declared.and_then(|declared| declared.iter().find(fits)).map(|one| &one.maker) {
        Some(Maybe::Shown(Some(outsider))) => outside(outsider),
        Some(Maybe::Withheld) => Maker { is_withheld: true, ..Maker::default() },
        _ => Maker { name: touch.maker.clone(), ..Maker::default() },
    }
}

fn outside(outsider: &Outsider) -> Maker {
    Maker { name: Some(outsider.name.clone()), numbers: outsider.identifiers.clone(), ..Maker::default() }
}
