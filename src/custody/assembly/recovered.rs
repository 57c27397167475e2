//! Parts recovered: what comes out of a thing as a part had gone into it, and no more of it than went in.
//!
//! A recovered magnet takes its past from the magnet that went in; so who says that a part came out of a motor it
//! never was in gives a stranger a good name. Spec: docs/custody.md, "Things made of things".

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::assembly::Assembly;
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::scale;
use crate::model::event::{Body, Disassemble};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::material::Material;
use crate::model::record::Record;

/// Returns every part recovered that never went in, is something else, or is more than went in.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut taken_out: BTreeMap<LotRef, Vec<(&Record, LotRef)>> = BTreeMap::new();
    for record in graph.records() {
        let Body::Disassemble(disassemble) = &record.event.body else { continue };
        of_record(graph, record, disassemble, &mut findings);
        // What was taken back did not come out.
        if graph.withdrawn(&record.id).is_some() {
            continue;
        }
        for (lot, part) in alone(graph, record) {
            taken_out.entry(part).or_default().push((record, lot));
        }
    }
    let went_in = went_in(graph, taken_out.keys().copied().collect());
    for (part, lots) in taken_out {
        findings.extend(more_than_went_in(graph, part, &lots, went_in.get(&part).copied()));
    }
    findings
}

/// Returns the outputs of a record that are one part alone, each with that part.
fn alone(graph: &Graph, record: &Record) -> Vec<(LotRef, LotRef)> {
    let lots = graph::outputs(record).map(|(lot, _)| lot);
    lots.filter_map(|lot| match graph.recovered(&lot) {
        [one] => Some((lot, one.part)),
        _ => None,
    })
    .collect()
}

fn of_record(graph: &Graph, record: &Record, disassemble: &Disassemble, findings: &mut Vec<Finding>) {
    let recovered = disassemble.recovered.shown().unwrap_or_default();
    if recovered.is_empty() {
        return;
    }
    let things: Vec<LotRef> = graph::inputs(record).iter().map(|input| input.lot).collect();
    let built_of = Assembly::of(graph, &things);
    let parts: BTreeSet<LotRef> = built_of
        .members
        .iter()
        .flat_map(|member| &member.holds)
        .filter(|portion| portion.is_part)
        .map(|portion| built_of.members[portion.member].lot)
        .collect();
    let is_open = graph::withheld_inputs(record).is_some() || built_of.is_open();
    for one in recovered {
        let Some(lot) = graph::output(record, one.output as usize) else { continue };
        let (what, name) = (names::record(graph, record), names::lot(graph, &lot));
        let part = names::lot(graph, &one.part);
        let mut add = |weight, message, resolve| {
            let lots = [lot, one.part];
            findings.push(found(FindingCode::NotAPart, weight, &[record], &lots, message, resolve));
        };
        if !parts.contains(&one.part) {
            let message = format!("{what} says that {name} was part {part}, ");
            match is_open {
                true => add(
                    Weight::Unknown,
                    message + "but what went into the things taken apart is not all held or shown",
                    "import the records of these things with their inputs",
                ),
                false => add(
                    Weight::Fail,
                    message + "which never went into what was taken apart",
                    "withdraw the record, and name the lot that went in",
                ),
            }
        } else if let (Some(was), Some(is)) = (graph.lot(&one.part), graph.lot(&lot))
            && !is_same(&was.material, &is.material)
        {
            let message = format!(
                "{what} says that {name} was part {part}, but that was {} and this is {}",
                was.material, is.material
            );
            add(Weight::Fail, message, "withdraw the record, and name the lot that went in");
        }
    }
}

/// Whether two codes can mean one thing: the same, or one says less.
fn is_same(one: &Material, other: &Material) -> bool {
    let (mut one, mut other) = (one.as_str().split('.'), other.as_str().split('.'));
    loop {
        match (one.next(), other.next()) {
            (Some(one), Some(other)) if one == other => {}
            (Some(_), Some(_)) => return false,
            _ => return true,
        }
    }
}

/// Returns how much of each of `parts` went into assemblies, and the uncertainty; none where that is not all shown.
fn went_in(graph: &Graph, parts: BTreeSet<LotRef>) -> BTreeMap<LotRef, (u128, u128)> {
    let mut sums = BTreeMap::new();
    for part in parts {
        let Some(quantity) = graph.lot(&part).and_then(|lot| lot.quantity.shown()) else { continue };
        let stands = |one: &&graph::Use| graph.withdrawn(&one.record).is_none();
        let of_use = |one: &graph::Use| match &graph.record(&one.record)?.event.body {
            Body::Assemble(_) => Some(one.mass),
            _ => None,
        };
        let masses = graph.uses(&part).iter().filter(stands).filter_map(of_use);
        let sum = masses.fold((0u128, 0u128), |(mg, uncertain), mass| {
            let more = scale::uncertain(mass, quantity.uncertainty);
            (mg + u128::from(mass.mg()), uncertain.saturating_add(more))
        });
        sums.insert(part, sum);
    }
    sums
}

fn more_than_went_in(
    graph: &Graph,
    part: LotRef,
    lots: &[(&Record, LotRef)],
    went_in: Option<(u128, u128)>,
) -> Option<Finding> {
    let (went_in, mut allowance) = went_in?;
    let mut came_out = 0u128;
    for quantity in lots.iter().filter_map(|(_, lot)| graph.lot(lot).and_then(quantity_of)) {
        came_out += u128::from(quantity.mass.mg());
        allowance = allowance.saturating_add(scale::uncertain(quantity.mass, quantity.uncertainty));
    }
    let more = came_out.checked_sub(went_in).filter(|more| scale::from_mg(*more) > allowance)?;
    // Nothing of it went into anything that is held: said already where it is so.
    if went_in == 0 {
        return None;
    }
    let records: Vec<&Record> = lots.iter().map(|(record, _)| *record).collect();
    let mut about: Vec<LotRef> = lots.iter().map(|(_, lot)| *lot).collect();
    about.push(part);
    let message = format!(
        "{} of part {} was taken out of things, and {} went in: {} more, where uncertainties explain {}",
        names::mass(came_out),
        names::lot(graph, &part),
        names::mass(went_in),
        names::mass(more),
        names::mass(scale::to_mg(allowance))
    );
    let resolve = "withdraw the record, and say of what else came out where it is from";
    Some(found(FindingCode::RecoveredGain, Weight::Fail, &records, &about, message, resolve))
}

fn quantity_of(lot: &Lot) -> Option<&crate::model::lot::Quantity> {
    lot.quantity.shown()
}
