//! The report: what the evidence establishes about the lots asked for, on the day asked for.

mod asking;

use std::collections::BTreeSet;

use serde::Serialize;

use self::asking::Asking;
use super::attested::{self, Decided, Judge};
use super::elements::ElementLine;
use super::established::Established;
use super::evidence::Refused;
use super::examine::Examined;
use super::freshness::{self, LogLine};
use super::gaps::{self, GapLine};
use super::origins::{self, OriginLine};
use super::parts::PartReport;
use super::reader::{PackLine, Reader};
use super::relevance;
use super::views::{self, View};
use crate::balance;
use crate::chain::Line;
use crate::custody::amend::{self, left};
use crate::custody::graph::{Graph, outputs};
use crate::custody::place::capacity;
use crate::custody::{check, inspection};
use crate::hash::{Hash, PartyId};
use crate::model::day::Day;
use crate::model::finding::{Finding, FindingCode};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::verdict::Verdict;
use crate::origin::claimed;
use crate::rules::nodes::Node;
use crate::rules::{self, AsOf, NodeTable, Pack, Predicate, ReasonCode, RuleVerdict, Timeline, last_claimed};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Lots to judge; none means the evidence as a whole.
    pub lots: Vec<LotRef>,
    /// The day judged for; `today` where the reader names none.
    pub as_of: Option<Day>,
    /// The day the question is asked.
    pub today: Day,
    /// The day by whose end the evidence was cut off, if it was; see [`super::Evidence::known_at`].
    pub known_at: Option<Day>,
    /// Findings left out, for tests that show each one matters. Empty in use.
    pub without: BTreeSet<FindingCode>,
    /// Reasons of rules left out, for the same tests. Empty in use.
    pub without_reasons: BTreeSet<ReasonCode>,
}

impl Request {
    /// Asks about one lot on the day `today`.
    pub fn about(lot: LotRef, today: Day) -> Self {
        Self::about_all(vec![lot], today)
    }

    /// Asks about several lots on the day `today`.
    pub fn about_all(lots: Vec<LotRef>, today: Day) -> Self {
        Self {
            lots,
            as_of: None,
            today,
            known_at: None,
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
    /// The day by whose end, as their authors claim, the records were signed that were looked at; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at_claimed: Option<Day>,
    /// SHA-256 of the reader's trust file, if there is one.
    pub trust_hash: Option<Hash>,
    /// SHA-256 of the reader's case file, if there is one.
    pub case_hash: Option<Hash>,
    /// Packs asked.
    pub packs: Vec<PackLine>,
    /// SHA-256 of the constants and bands of the balance.
    pub bands_hash: Hash,
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
    /// How much of each element stands although custody as a whole does not; none where nothing or all of it does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub established: Vec<Established>,
    /// Who attests what it rests on where records behind it are not shown, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attested_by: Vec<PartyId>,
    /// What each rule of each pack says on the day judged for.
    pub rules: Vec<RuleVerdict>,
    /// What would close the gaps behind those verdicts, each act once.
    pub gaps: Vec<GapLine>,
    /// What they say on both sides of every known change of text.
    pub timeline: Timeline,
    /// Countries of each element by node: mined, oxide, metal and alloy, magnet.
    pub nodes: NodeTable,
    /// The way of each element.
    pub elements: Vec<ElementLine>,
    /// From which countries each element came, where one lot is asked for and it is not made of parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<OriginLine>,
    /// Findings that bear on this lot, heaviest first.
    pub findings: Vec<Finding>,
    /// Of an assembly each of its parts, judged as a lot of its own; else none.
    pub parts: Vec<PartReport>,
    /// What each statement of corrected records leads to, first to last; none where only one counts. The verdicts
    /// above are the worst of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
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
    /// What is held of its log; none where no checkpoint that holds was seen.
    pub checkpoint: Option<LogLine>,
}

/// What stands at the head of every report.
const MEANS: &str = "`pass`: within the records examined nothing contradicts the rule and no link it needs is \
    missing. `fail`: the records, if true, do not meet it or cannot all be true. Neither says that a statement is \
    physically true, that anyone meant harm, or that a law is met.";

/// Judges what was examined.
///
/// The day judged for is the one asked for, else the delivery in the reader's case file, else today.
pub fn report(examined: &Examined, request: &Request, reader: &Reader) -> Report {
    let today = request.known_at.map_or(request.today, |day| day.min(request.today));
    let delivery = reader.case.as_ref().and_then(|case| case.file.delivery);
    let as_of = request.as_of.or(delivery).unwrap_or(today);
    let believed = views::believed(&reader.trust);
    let (trust, bands) = (&reader.trust, &reader.bands);
    let judge = Judge { graph: &examined.graph, trust, bands, believed: &believed, as_of };
    let Decided { counting, findings: of_attestations } = attested::decide(&judge);
    let stood_in = (!counting.is_empty()).then(|| examined.graph.clone().with_attested(counting));
    let graph = stood_in.as_ref().unwrap_or(&examined.graph);
    let open = left::open(graph, &believed.authorities);
    let earlier = views::earlier(graph, &open);
    let nodes = nodes_of(&reader.packs);
    let asking = |graph| Asking {
        examined,
        graph,
        request,
        reader,
        as_of: AsOf { day: as_of, is_asked: request.as_of.is_some(), case: reader.case.as_ref() },
        claimed: last_claimed(graph),
        custody: custody(graph, request, reader, as_of.min(today), &believed, &of_attestations),
        nodes: &nodes,
        today,
    };
    let views: Vec<Asking> = earlier.iter().chain([graph]).map(asking).collect();
    let latest = views.last().expect("the latest statement is always there");
    let judge = |lot: &LotRef| {
        if earlier.is_empty() || !views::bears(graph, &latest.basis(lot), &open) {
            return latest.judge(lot);
        }
        let mut merged = views::merged(views.iter().map(|view| view.judge(lot)).collect());
        sort(&mut merged.findings);
        merged
    };
    let mut lots: Vec<LotReport> = request.lots.iter().map(judge).collect();
    if let [only] = &mut lots[..] {
        only.origins = origins::of_lot(graph, &reader.bands, &only.lot);
    }
    for lot in &mut lots {
        lot.gaps = gaps::of_rules(&lot.rules, |id| graph.record(id).map(|record| record.author));
    }
    let custody = match earlier.is_empty() {
        true => latest.custody.clone(),
        false => views::findings(views.iter().map(|view| view.custody.clone()).collect()),
    };

    let chain_faults = examined.lines.iter().flat_map(|line| &line.faults).map(|fault| &fault.finding);
    let mut findings: Vec<Finding> = examined.findings.iter().chain(chain_faults).cloned().collect();
    findings.extend(freshness::findings(examined, examined.lines.iter(), reader, today));
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
        checkpoint: examined.log(line.party, line.epoch).map(|log| freshness::line(log, reader)),
    });
    Report {
        format: "lodemark/report@1",
        means: MEANS,
        verdict,
        as_of,
        known_at_claimed: request.known_at,
        trust_hash: reader.trust.hash,
        case_hash: reader.case.as_ref().map(|case| case.hash),
        packs: reader.packs.iter().map(PackLine::from).collect(),
        bands_hash: reader.bands.hash,
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

/// Returns the findings about custody. What is late is late by `day`; the day a law asks for may lie far ahead.
fn custody(
    graph: &Graph,
    request: &Request,
    reader: &Reader,
    day: Day,
    believed: &amend::Believed,
    of_attestations: &[Finding],
) -> Vec<Finding> {
    let mut found = check::findings(graph, day);
    found.extend(capacity::findings(graph, &rules::accepted_limits(graph, &reader.trust)));
    found.extend(inspection::findings(graph, &believed.authorities));
    found.extend(amend::findings(graph, believed));
    found.extend(balance::findings(graph, &reader.bands));
    found.extend(claimed::findings(graph));
    found.extend(of_attestations.iter().cloned());
    found.retain(|finding| !request.without.contains(&finding.code));
    found
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

/// Heaviest first, then by code, so that the order depends on what is found alone.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (b.weight, a.code, &a.records).cmp(&(a.weight, b.code, &b.records)));
}
