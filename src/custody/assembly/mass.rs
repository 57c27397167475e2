//! Mass of each assembly: it weighs what its own parts weigh, and what was added.
//!
//! The record as a whole is balanced in `physical_mass`; this asks it of each of several assemblies, so that the
//! parts of one are not counted for another. Spec: docs/custody.md, "Things made of things".

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::scale;
use crate::model::event::{Assemble, Body};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// Returns every assembly beside others that weighs more than its parts and all additions, or less than its parts.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        if let Body::Assemble(assemble) = &record.event.body
            && assemble.outputs.len() > 1
            && assemble.steps.iter().all(|step| step.process.conserves_mass())
        {
            let lots = graph::outputs(record).map(|(lot, _)| lot);
            findings.extend(lots.filter_map(|lot| of_output(graph, record, assemble, lot)));
        }
    }
    findings
}

/// Returns what is wrong with the mass of one assembly; `None` also where something of it is not shown.
///
/// What is withheld is said once for the whole record by `physical_mass`.
fn of_output(graph: &Graph, record: &Record, assemble: &Assemble, lot: LotRef) -> Option<Finding> {
    let inputs = graph::inputs(record);
    let built = graph.lot(&lot)?.quantity.shown()?;
    let MaybeList::Shown(additions) = &assemble.additions else { return None };
    let (mut parts, mut added) = (0u128, 0u128);
    let mut allowance = scale::uncertain(built.mass, built.uncertainty);
    for part in graph.parts_into(&lot)? {
        let quantity = graph.lot(&inputs.get(part.input as usize)?.lot)?.quantity.shown()?;
        if quantity.basis != built.basis {
            return None;
        }
        parts += u128::from(part.mass.mg());
        allowance = allowance.saturating_add(scale::uncertain(part.mass, quantity.uncertainty));
    }
    // How additions were shared out is not recorded: any of them may be in any assembly.
    for one in additions {
        added += u128::from(one.mass.mg());
        allowance = allowance.saturating_add(scale::uncertain(one.mass, one.uncertainty));
    }
    let mass = u128::from(built.mass.mg());
    let what = names::record(graph, record);
    let name = names::lot(graph, &lot);
    let (sum, allowed) = (names::mass(parts), names::mass(scale::to_mg(allowance)));
    if mass > parts + added && scale::from_mg(mass - parts - added) > allowance {
        let message = format!(
            "{what}: {name} weighs {}, but its parts weigh {sum} and all additions {}, where uncertainties explain \
             {allowed}",
            built.mass,
            names::mass(added)
        );
        let resolve = "withdraw the record and list every part that went in";
        return Some(found(FindingCode::MassGain, Weight::Fail, &[record], &[lot], message, resolve));
    }
    if parts > mass && scale::from_mg(parts - mass) > allowance {
        let message = format!(
            "{what}: {name} weighs {}, less than its parts, which weigh {sum}; uncertainties explain {allowed}",
            built.mass
        );
        let resolve = "weigh the assembly, and list the parts that went into it";
        return Some(found(FindingCode::MassMissing, Weight::Warning, &[record], &[lot], message, resolve));
    }
    None
}
