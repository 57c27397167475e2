//! The report: what the evidence establishes about the lots asked for, on the day asked for.

use std::collections::BTreeSet;

use serde::Serialize;

use super::elements::{self, ElementLine};
use super::evidence::Refused;
use super::examine::Examined;
use super::relevance::{self, Basis};
use crate::chain::Line;
use crate::custody::graph::{Consumer, Graph, outputs};
use crate::custody::touch;
use crate::custody::{ancestry, check, names};
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::finding::{Finding, FindingCode};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::verdict::Verdict;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Lots to judge; none means the evidence as a whole.
    pub lots: Vec<LotRef>,
    /// The day judged for; `today` where the reader names none.
    pub as_of: Option<Day>,
    /// The day the question is asked.
    pub today: Day,
    /// Findings left out, for tests that show each one matters. Empty in use.
    pub without: BTreeSet<FindingCode>,
}

impl Request {
    /// Asks about one lot on the day `today`.
    pub fn about(lot: LotRef, today: Day) -> Self {
        Self { lots: vec![lot], as_of: None, today, without: BTreeSet::new() }
    }
}

/// What the evidence establishes.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `lodemark/report@1`.
    pub format: &'static str,
    /// The worst verdict of any lot, or of the evidence where no lot is asked for.
    pub verdict: Verdict,
    /// The day judged for.
    pub as_of: Day,
    /// One for each lot asked for.
    pub lots: Vec<LotReport>,
    /// What is held of each chain.
    pub chains: Vec<ChainLine>,
    /// Pieces that could not be used.
    pub refused: Vec<Refused>,
    /// Every finding about everything held, whether it bears on a lot asked for or not.
    pub findings: Vec<Finding>,
}

/// What the evidence establishes about one lot.
#[derive(Clone, Debug, Serialize)]
pub struct LotReport {
    /// The lot.
    pub lot: LotRef,
    /// Its label, or the nearest one shown on the lots it was handed over as.
    pub label: Option<String>,
    /// What it is.
    pub material: Option<Material>,
    /// How much its record states, if shown.
    pub mass: Option<Mass>,
    /// Who may consume it, if a party of the ledger.
    pub holder: Option<PartyId>,
    /// The worst of all below.
    pub verdict: Verdict,
    /// Bytes, signatures and chains.
    pub integrity: Verdict,
    /// Stretches, handovers, places, masses, and the way of each element.
    pub custody: Verdict,
    /// The way of each element.
    pub elements: Vec<ElementLine>,
    /// Findings that bear on this lot, heaviest first.
    pub findings: Vec<Finding>,
    /// Number of records this rests on.
    pub records: usize,
    /// What no verdict here says.
    pub not_established: Vec<String>,
}

/// What is held of one chain.
#[derive(Clone, Debug, Serialize)]
pub struct ChainLine {
    /// Name, if shown.
    pub name: Option<String>,
    /// Line of records.
    #[serde(flatten)]
    pub line: Line,
    /// Always `no checkpoint seen` until logs exist.
    pub checkpoint: &'static str,
}

/// Judges what was examined.
pub fn report(examined: &Examined, request: &Request) -> Report {
    let as_of = request.as_of.unwrap_or(request.today);
    let graph = &examined.graph;
    let mut custody = check::findings(graph, as_of);
    custody.retain(|finding| !request.without.contains(&finding.code));
    let lots: Vec<LotReport> =
        request.lots.iter().map(|lot| judge_lot(examined, request, &custody, lot)).collect();

    let chain_faults = examined.lines.iter().flat_map(|line| &line.faults).map(|fault| &fault.finding);
    let mut findings: Vec<Finding> = examined.findings.iter().chain(chain_faults).cloned().collect();
    findings.retain(|finding| !request.without.contains(&finding.code));
    findings.extend(custody);
    sort(&mut findings);
    let verdict = match lots.is_empty() {
        true => relevance::verdict_of(&findings),
        false => Verdict::worst(lots.iter().map(|lot| lot.verdict)),
    };
    let chains = examined.lines.iter().map(|line| ChainLine {
        name: graph.party(&line.party).and_then(|(_, establish)| establish.name.shown().cloned()),
        line: line.clone(),
        checkpoint: "no checkpoint seen",
    });
    Report {
        format: "lodemark/report@1",
        verdict,
        as_of,
        lots,
        chains: chains.collect(),
        refused: examined.refused.clone(),
        findings,
    }
}

/// Returns every lot that nothing held consumes, sources first.
pub fn open_lots(graph: &Graph) -> Vec<LotRef> {
    let all = graph.records().iter().flat_map(outputs).map(|(lot, _)| lot);
    all.filter(|lot| graph.uses(lot).is_empty()).collect()
}

fn judge_lot(examined: &Examined, request: &Request, custody: &[Finding], lot: &LotRef) -> LotReport {
    let graph = &examined.graph;
    let ancestry = ancestry::upstream(graph, &[*lot]);
    let value = graph.lot(lot);
    let asked = value.map(elements::of_lot).unwrap_or_default();
    let paths = touch::paths(graph, lot, &asked);
    let (lines, mut open) = elements::lines(graph, lot, &paths);
    open.retain(|finding| !request.without.contains(&finding.code));

    let basis = Basis::new(examined, &ancestry, []);
    let mut bytes = basis.integrity(examined);
    bytes.retain(|finding| !request.without.contains(&finding.code));
    let mut held = basis.custody(custody);
    held.extend(open);
    let integrity = relevance::verdict_of(&bytes);
    let custody = match value {
        Some(_) => relevance::verdict_of(&held),
        None => Verdict::Unknown,
    };
    let mut findings = bytes;
    findings.extend(held);
    sort(&mut findings);
    let holder = match graph.rightful_consumer(lot) {
        Consumer::Party(party) => Some(party),
        _ => None,
    };
    LotReport {
        lot: *lot,
        label: graph.label(lot),
        material: value.map(|lot| lot.material.clone()),
        mass: value.and_then(crate::model::lot::Lot::mass),
        holder,
        verdict: Verdict::worst([integrity, custody]),
        integrity,
        custody,
        elements: lines,
        findings,
        records: ancestry.records.len(),
        not_established: not_established(examined, &basis),
    }
}

/// What no verdict says, with the chains it holds for.
fn not_established(examined: &Examined, basis: &Basis) -> Vec<String> {
    let mut list = vec![
        "that the statements are physically true".to_owned(),
        "that a lot on the way was not also used elsewhere, beyond the records examined here".to_owned(),
    ];
    for line in &examined.lines {
        if basis.parties().contains(&line.party) {
            list.push(format!(
                "what {} recorded after record {} of {} (claimed; no checkpoint seen)",
                names::party(&examined.graph, &line.party),
                line.last_seq,
                line.last_signed_at.day(),
            ));
        }
    }
    list
}

/// Heaviest first, then by code, so that the order depends on what is found alone.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (b.weight, a.code, &a.records).cmp(&(a.weight, b.code, &b.records)));
}
