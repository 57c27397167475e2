//! What keeps a place from being known: withheld, not held, a gap, or a stage that nothing names.

use super::facts::Facts;
use super::implied::{self, Makes, Missing};
use super::say;
use super::verdict::{Reason, ReasonCode};
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::custody::touch::{Gap, GapWhy, Touch, TouchPlace};
use crate::model::element::Element;
use crate::model::material::Material;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;

/// Returns why the place of a step is not known; `None` where it is.
pub(super) fn unplaced_code(touch: &Touch) -> Option<ReasonCode> {
    match touch.place {
        TouchPlace::Withheld { .. } => Some(ReasonCode::PlaceWithheld),
        TouchPlace::NotHeld { .. } => Some(ReasonCode::PlaceNotHeld),
        TouchPlace::At { .. } => None,
    }
}

/// Returns the reason why the place of a step is not known, or not who did it there.
pub(super) fn unplaced_reason(facts: &Facts<'_>, element: Element, touch: &Touch) -> Reason {
    let step = say::step(facts.graph, touch);
    let (code, verdict, text, resolve) = match &touch.place {
        TouchPlace::Withheld { .. } if touch.attested => (
            ReasonCode::PlaceWithheld,
            Verdict::Withheld,
            step,
            "get an attestation by somebody who was shown the place, or the records".to_owned(),
        ),
        TouchPlace::Withheld { by } => (
            ReasonCode::PlaceWithheld,
            Verdict::Withheld,
            step,
            format!("ask {} to show the item `facility`", names::party(facts.graph, by)),
        ),
        TouchPlace::NotHeld { facility } => (
            ReasonCode::PlaceNotHeld,
            Verdict::Unknown,
            step,
            format!("import the record `{}` that declares the facility", facility.short()),
        ),
        TouchPlace::At { .. } => (
            ReasonCode::WeakEvidence,
            Verdict::Unknown,
            format!("{step}: {}", say::grade(touch.grade)),
            "let the operator record the step".to_owned(),
        ),
    };
    let records = vec![touch.record];
    Reason { code, verdict, elements: vec![element], text, records, resolve: Some(resolve) }
}

/// Whether one of `stages` can lie behind a gap, judged by the form of what came out of it.
///
/// Oxide cannot have been melted to alloy yet, so its unknown origin does not matter to a rule about the melt.
pub(super) fn may_lie_behind(facts: &Facts<'_>, gap: &Gap, stages: &[Stage]) -> bool {
    may_lie_behind_in(facts.graph, &facts.makes, gap, stages)
}

/// Does the same without a lot that it is asked about.
pub(super) fn may_lie_behind_in(graph: &Graph, makes: &Makes, gap: &Gap, stages: &[Stage]) -> bool {
    let added;
    let material = match &gap.why {
        GapWhy::Addition(code) => {
            added = Material::from_code(code);
            added.as_ref()
        }
        _ => graph.lot(&gap.lot).map(|lot| &lot.material),
    };
    let may =
        |material: &Material| stages.iter().any(|stage| implied::may_have_passed(makes, material, *stage));
    material.is_none_or(may)
}

/// Returns what keeps those behind the lot from being known: records that are not held, and inputs that are withheld.
///
/// `what` says what stays open, such as "who made them".
pub(super) fn ancestry(facts: &Facts<'_>, what: &str) -> Vec<Reason> {
    let behind = facts.ancestry();
    let missing = behind.missing.iter().map(|lot| Reason {
        code: ReasonCode::MissingInput,
        verdict: Verdict::Unknown,
        elements: Vec::new(),
        text: format!("what is behind {} is not held, so {what} is not known", names::lot(facts.graph, lot)),
        records: Vec::new(),
        resolve: Some("import the chain that holds this lot's record".to_owned()),
    });
    let withheld = behind.withheld.iter().filter_map(|id| facts.graph.record(id)).map(|record| Reason {
        code: ReasonCode::InputsWithheld,
        verdict: Verdict::Withheld,
        elements: Vec::new(),
        text: format!("{} withholds its inputs, so {what} is not known", names::record(facts.graph, record)),
        records: vec![record.id],
        resolve: Some(format!("ask {} to show the item `in`", names::party(facts.graph, &record.author))),
    });
    missing.chain(withheld).collect()
}

/// Returns the code of a gap.
pub(super) fn gap_code(gap: &Gap) -> ReasonCode {
    match gap.why {
        GapWhy::NoOrigin => ReasonCode::NoOrigin,
        GapWhy::MissingInput(_) => ReasonCode::MissingInput,
        GapWhy::InputsWithheld { .. } => ReasonCode::InputsWithheld,
        GapWhy::Addition(_) => ReasonCode::OpenAddition,
        GapWhy::UndeclaredPast { .. } => ReasonCode::MissingNode,
        GapWhy::OpenPeriod => ReasonCode::Provisional,
        GapWhy::StockInProcess { .. } | GapWhy::Ring { .. } => ReasonCode::StockInProcess,
        GapWhy::HiddenCharges { .. } => ReasonCode::WholeChainNeeded,
        GapWhy::Attested { .. } => ReasonCode::NotAttested,
    }
}

/// Returns what a gap in the way of an element leaves open.
pub(super) fn gap_reason(facts: &Facts<'_>, element: Element, gap: &Gap) -> Reason {
    let lot = names::lot(facts.graph, &gap.lot);
    let (verdict, text, resolve) = match &gap.why {
        GapWhy::NoOrigin => (
            Verdict::Unknown,
            format!("{lot} holds it, but nothing that went into the lot can have brought it"),
            "record the input it came with".to_owned(),
        ),
        GapWhy::MissingInput(missing) => (
            Verdict::Unknown,
            format!("what is behind {} is not held", names::lot(facts.graph, missing)),
            "import the chain that holds this lot's record".to_owned(),
        ),
        GapWhy::InputsWithheld { by } => (
            Verdict::Withheld,
            format!("{} withholds what {lot} is made of", names::party(facts.graph, by)),
            format!("ask {} to show the item `in`", names::party(facts.graph, by)),
        ),
        GapWhy::Addition(material) => (
            Verdict::Unknown,
            format!("`{material}` joined {lot} without having been a lot"),
            "take the material in with `intake` and its papers, and use it as an input".to_owned(),
        ),
        GapWhy::UndeclaredPast { .. } => (
            Verdict::Unknown,
            format!("{lot} was taken in, and where it was mined or collected is not declared"),
            "get the supplier's papers and record the steps they name".to_owned(),
        ),
        GapWhy::OpenPeriod => (
            Verdict::Unknown,
            format!("{lot} was drawn from a circuit, and its period is not closed"),
            "let the operator close the period, and import the close".to_owned(),
        ),
        GapWhy::StockInProcess { .. } => (
            Verdict::Unknown,
            format!("stock of unknown past was, or may have been, in the circuit that {lot} was drawn from"),
            "import the records of the periods before, or a close that shows the circuit empty at the beginning"
                .to_owned(),
        ),
        GapWhy::HiddenCharges { by } => {
            let by = names::party(facts.graph, by);
            (Verdict::Unknown, format!("needs the whole chain of {by}"), format!("import the whole chain of {by}"))
        }
        GapWhy::Attested { by, most } => (
            Verdict::Unknown,
            format!("of up to {most} of {lot} {}, who attests the rest, knows nothing", names::party(facts.graph, by)),
            "get the records behind it, or an attestation that leaves less open".to_owned(),
        ),
        GapWhy::Ring { .. } => (
            Verdict::Unknown,
            format!("{lot} came out over some days, and what was made of it was charged again within them"),
            "record draws of single days, or declare the days that a charge stays at least".to_owned(),
        ),
    };
    let records = gap.record.into_iter().collect();
    Reason { code: gap_code(gap), verdict, elements: vec![element], text, records, resolve: Some(resolve) }
}

/// Returns the code of a stage that nothing places.
pub(super) fn missing_code(missing: &Missing) -> ReasonCode {
    if missing.is_recycled { ReasonCode::RecycledPast } else { ReasonCode::MissingNode }
}

/// Returns what it means that necessary stages of one lot are not placed; `missing` holds at least one.
pub(super) fn missing_reason(facts: &Facts<'_>, element: Element, missing: &[Missing]) -> Reason {
    let first = &missing[0];
    let lot = names::lot(facts.graph, &first.lot);
    let material = facts.graph.lot(&first.lot).map(|lot| lot.material.to_string()).unwrap_or_default();
    let told = |missing: &Missing| match missing.process() {
        Some(process) => format!("{process} ({})", say::stages(&missing.stages)),
        None => say::stages(&missing.stages),
    };
    let stages: Vec<String> = missing.iter().map(told).collect();
    let stages = stages.join(", ");
    let (text, resolve) = match first.is_recycled {
        true => (
            format!(
                "{lot} (`{material}`) was collected for recycling, and no place is established for {stages}"
            ),
            "declare the earlier steps on their papers, or have an exception for recycled material judged apart",
        ),
        false => (
            format!("{lot} is `{material}`, and no place is given for {stages}"),
            "record the step where it was done, or declare it on the supplier's papers",
        ),
    };
    Reason {
        code: missing_code(first),
        verdict: Verdict::Unknown,
        elements: vec![element],
        text,
        records: vec![first.record],
        resolve: Some(resolve.to_owned()),
    }
}
