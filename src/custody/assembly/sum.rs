//! Parts: what a list of parts says of an input adds up to the stretch that was consumed.
//!
//! A list that gives away more than went in tells of magnets that nobody had. Spec: docs/custody.md, "Things made
//! of things".

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::model::event::{Assemble, Body};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// Returns every list of parts that does not add up, or is withheld where it decides something.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let assembled = graph.records().iter().filter_map(|record| match &record.event.body {
        Body::Assemble(assemble) => Some((record, assemble)),
        _ => None,
    });
    assembled.flat_map(|(record, assemble)| of_record(graph, record, assemble)).collect()
}

fn of_record(graph: &Graph, record: &Record, assemble: &Assemble) -> Vec<Finding> {
    let parts = match &assemble.parts {
        MaybeList::Shown(parts) => parts,
        // Of one assembly everything is a part; of several nobody else can tell which.
        MaybeList::Withheld(_) if assemble.outputs.len() > 1 => {
            let lots: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
            let what = names::record(graph, record);
            let message = format!("{what} withholds which inputs went into which of its assemblies");
            let resolve = "ask the author to show the item `part`";
            let code = FindingCode::PartSum;
            return vec![found(code, Weight::Withheld, &[record], &lots, message, resolve)];
        }
        MaybeList::Withheld(_) => return Vec::new(),
    };
    let inputs = graph::inputs(record);
    let mut sums = vec![0u128; inputs.len()];
    for part in parts {
        if let Some(sum) = sums.get_mut(part.input as usize) {
            *sum += u128::from(part.mass.mg());
        }
    }
    let mut findings = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        let (listed, stretch) = (sums[at], u128::from(input.mass.mg()));
        let sums = || {
            let what = names::record(graph, record);
            let (listed, lot) = (names::mass(listed), names::lot(graph, &input.lot));
            format!("{what} takes {} of lot {lot} and lists {listed} of it as parts", input.mass)
        };
        if listed > stretch {
            let resolve = "withdraw the record and list the parts that went in";
            findings.push(of_input(graph, record, at, Weight::Fail, sums(), resolve));
        } else if listed < stretch {
            let message = format!("{}: what became of the rest is not said", sums());
            let resolve = "record the rest as a lot, or take less of the lot";
            findings.push(of_input(graph, record, at, Weight::Warning, message, resolve));
        }
    }
    findings.extend(pieces(graph, record, assemble));
    findings
}

/// Returns lots of which more pieces are listed as parts than they had.
fn pieces(graph: &Graph, record: &Record, assemble: &Assemble) -> Vec<Finding> {
    let inputs = graph::inputs(record);
    let mut counted: std::collections::BTreeMap<LotRef, (usize, u128)> = std::collections::BTreeMap::new();
    for part in assemble.parts.shown().unwrap_or_default() {
        let Some(input) = inputs.get(part.input as usize) else { continue };
        let (_, count) = counted.entry(input.lot).or_insert((part.input as usize, 0));
        *count += u128::from(part.pieces.unwrap_or(0));
    }
    let too_many = counted.into_iter().filter_map(|(lot, (at, count))| {
        let had = graph.lot(&lot).and_then(pieces_of)?;
        (count > u128::from(had)).then(|| {
            let (what, lot) = (names::record(graph, record), names::lot(graph, &lot));
            let message = format!("{what} lists {count} pieces of lot {lot} as parts, which had {had}");
            let resolve = "withdraw the record and list the pieces that went in";
            of_input(graph, record, at, Weight::Fail, message, resolve)
        })
    });
    too_many.collect()
}

fn pieces_of(lot: &Lot) -> Option<u64> {
    lot.quantity.shown().and_then(|quantity| quantity.pieces)
}

/// Returns a finding about an input and the assemblies it went into.
fn of_input(
    graph: &Graph,
    record: &Record,
    input: usize,
    weight: Weight,
    message: String,
    resolve: &str,
) -> Finding {
    let mut lots = vec![graph::inputs(record)[input].lot];
    lots.extend(graph.outputs_of(record, input).filter_map(|at| graph::output(record, at)));
    found(FindingCode::PartSum, weight, &[record], &lots, message, resolve)
}
