//! The way of each element back to where it came out of the ground or into the ledger.

use serde::Serialize;

use crate::custody::graph::Graph;
use crate::custody::names;
use crate::custody::touch::{ElementPath, Gap, GapWhy, Grade};
use crate::hash::{PartyId, RecordId};
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;

/// What is established of one element's way into a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ElementLine {
    /// The element.
    pub element: Element,
    /// Whether its whole way is established.
    pub verdict: Verdict,
    /// The weakest grade of evidence on its way.
    pub grade: Grade,
    /// Records by which it came out of the ground or into the ledger.
    pub origins: Vec<RecordId>,
    /// Who attests some of it, where records are not shown; ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attested_by: Vec<PartyId>,
    /// Where the way ends without an answer, in words.
    pub open: Vec<String>,
}

/// Returns a line for each path, and a finding for each that is open.
pub fn lines(graph: &Graph, lot: &LotRef, paths: &[ElementPath]) -> (Vec<ElementLine>, Vec<Finding>) {
    let mut findings: Vec<Finding> = Vec::new();
    let mut lines = Vec::new();
    for path in paths {
        let verdict = path.gaps.iter().map(verdict_of).max().unwrap_or(Verdict::Pass);
        let grade = path.touches.iter().map(|touch| touch.grade).max().unwrap_or(Grade::Unknown);
        lines.push(ElementLine {
            element: path.element,
            verdict,
            grade,
            origins: path.origins.clone(),
            attested_by: attested_by(graph, path),
            open: path.gaps.iter().map(|gap| words(graph, gap)).collect(),
        });
        // What an account leaves open has findings of its own, which name the draw.
        let told = |gap: &&Gap| matches!(gap.why, GapWhy::OpenPeriod | GapWhy::HiddenCharges { .. });
        for gap in path.gaps.iter().filter(|gap| !told(gap)) {
            gather(&mut findings, graph, lot, path.element, gap);
        }
    }
    (lines, findings)
}

/// Returns who attests some of a way.
fn attested_by(graph: &Graph, path: &ElementPath) -> Vec<PartyId> {
    let of = |id: &RecordId| match &graph.record(id)?.event.body {
        Body::Attest(attest) => Some(graph.attested_of(&attest.lot)?.by.iter().copied()),
        _ => None,
    };
    let mut parties: Vec<PartyId> = path.origins.iter().filter_map(of).flatten().collect();
    parties.sort_unstable();
    parties.dedup();
    parties
}

fn verdict_of(gap: &Gap) -> Verdict {
    match gap.why {
        GapWhy::InputsWithheld { .. } => Verdict::Withheld,
        _ => Verdict::Unknown,
    }
}

/// One finding for each open end, naming every element it leaves open.
fn gather(findings: &mut Vec<Finding>, graph: &Graph, lot: &LotRef, element: Element, gap: &Gap) {
    let words = words(graph, gap);
    let records: Vec<RecordId> = gap.record.into_iter().collect();
    let same = findings.iter_mut().find(|finding| {
        finding.records == records && finding.message.ends_with(&words) && finding.lots.contains(&gap.lot)
    });
    if let Some(finding) = same {
        finding.message = format!("{element}, {}", finding.message);
        return;
    }
    let weight = match verdict_of(gap) {
        Verdict::Withheld => Weight::Withheld,
        _ => Weight::Unknown,
    };
    let parties = gap.record.and_then(|id| graph.record(&id)).map(|record| record.author);
    let mut lots = vec![gap.lot];
    if gap.lot != *lot {
        lots.push(*lot);
    }
    findings.push(Finding {
        code: FindingCode::NoOrigin,
        weight,
        records,
        lots,
        parties: parties.into_iter().collect(),
        message: format!("{element}: {words}"),
        resolve: resolve(gap).to_owned(),
    });
}

/// Returns why a path ends without an answer, in words.
pub fn words(graph: &Graph, gap: &Gap) -> String {
    let lot = names::lot(graph, &gap.lot);
    match &gap.why {
        GapWhy::NoOrigin => format!("nothing that went into {lot} can have brought it"),
        GapWhy::MissingInput(input) => {
            format!("{lot} was made of {}, whose record is not held", names::lot(graph, input))
        }
        GapWhy::InputsWithheld { by } => {
            format!("what went into {lot} is withheld by {}", names::party(graph, by))
        }
        GapWhy::Addition(material) => {
            format!("{material} was added in making {lot}, its origin is not recorded")
        }
        GapWhy::UndeclaredPast { .. } => {
            format!("{lot} was taken in without saying where it was mined or collected")
        }
        GapWhy::OpenPeriod => format!("{lot} was drawn from a circuit whose period is not closed"),
        GapWhy::StockInProcess { .. } => {
            format!("stock of unknown past was, or may have been, in the circuit that {lot} was drawn from")
        }
        GapWhy::HiddenCharges { by } => {
            format!(
                "records of {} are not held that may charge the circuit {lot} was drawn from",
                names::party(graph, by)
            )
        }
        GapWhy::Attested { by, most } => {
            format!(
                "of up to {most} of {lot} {}, who attests the rest, knows nothing",
                names::party(graph, by)
            )
        }
        GapWhy::Ring { .. } => {
            format!("{lot} came out over some days, and what was made of it was charged again within them")
        }
    }
}

fn resolve(gap: &Gap) -> &'static str {
    match gap.why {
        GapWhy::NoOrigin => "a correction of that record's inputs or composition",
        GapWhy::MissingInput(_) => "a file that holds the record of that lot",
        GapWhy::InputsWithheld { .. } => "a file in which they are shown",
        GapWhy::Addition(_) => "an intake of the material, and its use as an input",
        GapWhy::UndeclaredPast { .. } => "a document that names the place, and an intake that cites it",
        GapWhy::OpenPeriod => "a close of the period",
        GapWhy::StockInProcess { .. } => {
            "the records of the periods before, or a close that shows the circuit empty at the beginning"
        }
        GapWhy::HiddenCharges { .. } => "the whole chain of that party",
        GapWhy::Attested { .. } => "the records behind it, or an attestation that leaves less open",
        GapWhy::Ring { .. } => {
            "draws of single days, or a circuit declared with the days that a charge stays at least"
        }
    }
}
