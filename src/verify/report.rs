//! The report: what the evidence establishes about the lots asked for, on the day asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::elements::{self, ElementLine};
use super::evidence::Refused;
use super::examine::Examined;
use super::reader::{PackLine, Reader};
use super::relevance::{self, Basis};
use crate::chain::Line;
use crate::custody::graph::{Consumer, Graph, outputs};
use crate::custody::touch;
use crate::custody::{ancestry, check, names};
use crate::hash::{Hash, PartyId};
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::finding::{Finding, FindingCode};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::time::Timestamp;
use crate::model::verdict::Verdict;
use crate::rules::nodes::Node;
use crate::rules::{
    self, Input, NodeTable, Pack, Predicate, ReasonCode, RuleVerdict, Timeline, last_claimed,
};

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
    /// Reasons of rules left out, for the same tests. Empty in use.
    pub without_reasons: BTreeSet<ReasonCode>,
}

impl Request {
    /// Asks about one lot on the day `today`.
    pub fn about(lot: LotRef, today: Day) -> Self {
        Self {
            lots: vec![lot],
            as_of: None,
            today,
            without: BTreeSet::new(),
            without_reasons: BTreeSet::new(),
        }
    }
}

/// What the evidence establishes.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `lodemark/report@1`.
    pub format: &'static str,
    /// What the verdicts mean, in two sentences.
    pub means: &'static str,
    /// The worst verdict of any lot, or of the evidence where no lot is asked for.
    pub verdict: Verdict,
    /// The day judged for.
    pub as_of: Day,
    /// SHA-256 of the reader's trust file, if there is one.
    pub trust_hash: Option<Hash>,
    /// SHA-256 of the reader's case file, if there is one.
    pub case_hash: Option<Hash>,
    /// Packs asked.
    pub packs: Vec<PackLine>,
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
    /// What each rule of each pack says on the day judged for.
    pub rules: Vec<RuleVerdict>,
    /// What they say on both sides of every known change of text.
    pub timeline: Timeline,
    /// Countries of each element by node: mined, oxide, metal and alloy, magnet.
    pub nodes: NodeTable,
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

/// What stands at the head of every report.
const MEANS: &str = "`pass`: within the records examined nothing contradicts the rule and no link it needs is \
    missing. `fail`: the records, if true, do not meet it or cannot all be true. Neither says that a statement is \
    physically true, that anyone meant harm, or that a law is met.";

/// Judges what was examined.
///
/// The day judged for is the one asked for, else the delivery in the reader's case file, else today.
pub fn report(examined: &Examined, request: &Request, reader: &Reader) -> Report {
    let delivery = reader.case.as_ref().and_then(|case| case.file.delivery);
    let as_of = request.as_of.or(delivery).unwrap_or(request.today);
    let graph = &examined.graph;
    // What is late is late today; the day a law asks for may lie far ahead.
    let mut custody = check::findings(graph, as_of.min(request.today));
    custody.retain(|finding| !request.without.contains(&finding.code));
    let lots: Vec<LotReport> = {
        let claimed = last_claimed(graph);
        let nodes = nodes_of(&reader.packs);
        let asking = Asking { examined, request, reader, as_of, claimed, custody: &custody, nodes };
        request.lots.iter().map(|lot| asking.judge(lot)).collect()
    };

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
        means: MEANS,
        verdict,
        as_of,
        trust_hash: reader.trust.hash,
        case_hash: reader.case.as_ref().map(|case| case.hash),
        packs: reader.packs.iter().map(PackLine::from).collect(),
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

/// One question, with what is the same for every lot.
struct Asking<'a> {
    examined: &'a Examined,
    request: &'a Request,
    reader: &'a Reader,
    as_of: Day,
    claimed: BTreeMap<PartyId, Timestamp>,
    custody: &'a [Finding],
    nodes: Vec<Node>,
}

impl Asking<'_> {
    fn judge(&self, lot: &LotRef) -> LotReport {
        let graph = &self.examined.graph;
        let ancestry = ancestry::upstream(graph, &[*lot]);
        let value = graph.lot(lot);
        let elements = value.map(elements::of_lot).unwrap_or_default();
        let paths = touch::paths(graph, lot, &elements);
        let (lines, open) = elements::lines(graph, lot, &paths);

        let basis = Basis::new(self.examined, &ancestry);
        let bytes = self.kept(basis.integrity(self.examined));
        let mut held = basis.custody(self.custody);
        held.extend(self.kept(open));
        let integrity = relevance::verdict_of(&bytes);
        let custody = if value.is_some() { relevance::verdict_of(&held) } else { Verdict::Unknown };

        let (rules, timeline, nodes) = self.ask_rules(lot, &elements);
        let verdicts = rules.iter().map(|rule| rule.verdict).chain([integrity, custody]);
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
            verdict: Verdict::worst(verdicts),
            integrity,
            custody,
            rules,
            timeline,
            nodes,
            elements: lines,
            findings,
            records: ancestry.records.len(),
            not_established: not_established(self.examined, &basis),
        }
    }

    fn ask_rules(&self, lot: &LotRef, elements: &[Element]) -> (Vec<RuleVerdict>, Timeline, NodeTable) {
        let input = Input {
            graph: &self.examined.graph,
            lot: *lot,
            as_of: self.as_of,
            claimed: &self.claimed,
            trust: &self.reader.trust,
            case: self.reader.case.as_ref(),
        };
        let without = &self.request.without_reasons;
        let timeline = rules::timeline(&self.reader.packs, &input, without);
        let asked = timeline.points.iter().find(|point| point.as_of == self.as_of);
        let verdicts = asked.map(|point| point.rules.clone()).unwrap_or_default();
        let nodes = rules::node_table(&input, &self.nodes, elements);
        (verdicts, timeline, nodes)
    }

    fn kept(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|finding| !self.request.without.contains(&finding.code));
        findings
    }
}

/// Nodes of the first disclosure among the packs; those of the embedded one where none is asked.
fn nodes_of(packs: &[Pack]) -> Vec<Node> {
    let of = |pack: &Pack| {
        pack.file.rules.iter().find_map(|rule| match &rule.check {
            Predicate::RequireNodes(require) => Some(require.nodes.clone()),
            _ => None,
        })
    };
    packs.iter().find_map(of).or_else(|| rules::embedded().iter().find_map(of)).unwrap_or_default()
}

/// What no verdict says, with the chains it holds for.
fn not_established(examined: &Examined, basis: &Basis) -> Vec<String> {
    let mut list = vec![
        "that the statements are physically true".to_owned(),
        "that a lot on the way was not also used elsewhere, beyond the records examined here".to_owned(),
        "that no more of an element came out of a chemical step than went in; only physical steps are balanced"
            .to_owned(),
    ];
    // By name: ids come in an order that says nothing to people.
    let mut chains: Vec<String> = Vec::new();
    for line in &examined.lines {
        if basis.parties().contains(&line.party) {
            chains.push(format!(
                "what {} recorded after record {} of {} (claimed; no checkpoint seen)",
                names::party(&examined.graph, &line.party),
                line.last_seq,
                line.last_signed_at.day(),
            ));
        }
    }
    chains.sort();
    list.extend(chains);
    list
}

/// Heaviest first, then by code, so that the order depends on what is found alone.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (b.weight, a.code, &a.records).cmp(&(a.weight, b.code, &b.records)));
}
