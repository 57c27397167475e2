//! The report: what the evidence establishes about the lots asked for, on the day asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::elements::{self, ElementLine};
use super::established::{self, Established};
use super::evidence::Refused;
use super::examine::Examined;
use super::origins::{self, OriginLine};
use super::parts::{self, PartInto, PartKind, PartReport};
use super::reader::{PackLine, Reader};
use super::relevance::{self, Basis};
use super::views::{self, View};
use crate::balance;
use crate::balance::content::Contents;
use crate::chain::Line;
use crate::custody::amend::{self, left};
use crate::custody::assembly::{Assembly, Later};
use crate::custody::graph::{Consumer, Graph, outputs};
use crate::custody::place::capacity;
use crate::custody::touch::{self, Presence};
use crate::custody::{ancestry, check, inspection, names, title};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Limit};
use crate::model::finding::{Finding, FindingCode};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::model::verdict::Verdict;
use crate::origin::claimed;
use crate::rules::nodes::Node;
use crate::rules::{
    self, Input, NodeTable, Pack, PartVerdicts, Predicate, ReasonCode, RuleVerdict, Timeline, last_claimed,
};
use crate::trust::Trust;

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
        Self {
            lots: vec![lot],
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
    /// What each rule of each pack says on the day judged for.
    pub rules: Vec<RuleVerdict>,
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
    let today = request.known_at.map_or(request.today, |day| day.min(request.today));
    let delivery = reader.case.as_ref().and_then(|case| case.file.delivery);
    let as_of = request.as_of.or(delivery).unwrap_or(today);
    let graph = &examined.graph;
    let believed = views::believed(&reader.trust);
    let open = left::open(graph, &believed.authorities);
    let earlier = views::earlier(graph, &open);
    let nodes = nodes_of(&reader.packs);
    let asking = |graph| Asking {
        examined,
        graph,
        request,
        reader,
        as_of,
        claimed: last_claimed(graph),
        custody: custody(graph, request, reader, as_of.min(today), &believed),
        nodes: &nodes,
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
    let custody = match earlier.is_empty() {
        true => latest.custody.clone(),
        false => views::findings(views.iter().map(|view| view.custody.clone()).collect()),
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

/// Returns the ceilings that a reader accepts: limits by an authority for that role, under a scheme that counts, and
/// those on papers that it has checked.
fn accepted_limits(graph: &Graph, trust: &Trust) -> capacity::Accepted {
    let believed = |record: &&Record| match &record.event.body {
        Body::Accredit(one) if one.limit.is_some() && one.subject != record.author => {
            trust.authority(&record.author).any(|authority| {
                authority.roles.contains(&one.role)
                    && (authority.schemes.is_empty() || authority.schemes.contains(&one.scheme))
            })
        }
        _ => false,
    };
    let papers = trust.accepted_documents.iter().filter_map(|paper| {
        let entry = &paper.entry;
        let number = entry.number.clone().or_else(|| entry.sha256.map(|hash| hash.to_hex()));
        Some(capacity::Paper {
            issuer: entry.issuer.clone(),
            number: number.unwrap_or_default(),
            party: paper.party,
            facility: entry.facility,
            role: entry.role,
            stages: entry.stages.clone(),
            materials: entry.materials.clone(),
            valid: entry.valid,
            limit: entry.limit.map(|limit| Limit { mass: limit.mass, per: limit.per })?,
        })
    });
    let records = graph.records().iter().filter(believed).map(|record| record.id).collect();
    capacity::Accepted { records, papers: papers.collect() }
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
) -> Vec<Finding> {
    let mut found = check::findings(graph, day);
    found.extend(capacity::findings(graph, &accepted_limits(graph, &reader.trust)));
    found.extend(inspection::findings(graph, &believed.authorities));
    found.extend(amend::findings(graph, believed));
    found.extend(balance::findings(graph, &reader.bands));
    found.extend(claimed::findings(graph));
    found.retain(|finding| !request.without.contains(&finding.code));
    found
}

/// One question about one statement of every record, with what is the same for every lot.
struct Asking<'a> {
    examined: &'a Examined,
    graph: &'a Graph,
    request: &'a Request,
    reader: &'a Reader,
    as_of: Day,
    claimed: BTreeMap<PartyId, Timestamp>,
    custody: Vec<Finding>,
    nodes: &'a [Node],
}

impl Asking<'_> {
    fn basis(&self, lot: &LotRef) -> Basis {
        Basis::new(self.graph, &ancestry::upstream(self.graph, &[*lot]))
            .with_goods(title::goods_of(self.graph, lot))
    }

    fn judge(&self, lot: &LotRef) -> LotReport {
        let graph = self.graph;
        let mut own = self.judged(lot, None, &[]);
        let parts = match graph.holds_parts(lot) {
            true => self.judge_parts(lot, &mut own),
            false => Vec::new(),
        };
        let rules = self.rules_asked(&own.timeline);
        let worst = parts.iter().map(|part| match part.presence {
            Presence::Certain => part.verdict,
            Presence::Possible => rules::perhaps(part.verdict),
        });
        let verdicts = rules.iter().map(|rule| rule.verdict).chain([own.integrity, own.custody]);
        let verdict = Verdict::worst(verdicts.chain(worst));
        let value = graph.lot(lot);
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
            verdict,
            integrity: own.integrity,
            custody: own.custody,
            established: own.established,
            rules,
            timeline: own.timeline,
            nodes: own.nodes,
            elements: own.elements,
            origins: Vec::new(),
            findings: own.findings,
            parts,
            views: Vec::new(),
            records: own.records,
            not_established: own.not_established,
        }
    }

    /// Judges one lot: alone, or with what was done `later` to what it was a part of, as `used_by` record.
    fn judged(&self, lot: &LotRef, later: Option<&Later>, used_by: &[RecordId]) -> Judged {
        let graph = self.graph;
        let mut ancestry = ancestry::upstream(graph, &[*lot]);
        ancestry.records.extend(later.iter().flat_map(|later| later.records()));
        ancestry.records.extend(used_by);
        ancestry.records.sort_by_cached_key(|id| graph.position(id));
        ancestry.records.dedup();
        let value = graph.lot(lot);
        let elements = value.map(|value| elements::of_lot(graph, lot, value)).unwrap_or_default();
        let paths = match later {
            None => touch::paths(graph, lot, &elements),
            Some(later) => touch::paths_of_part(graph, lot, later, &elements),
        };
        let (lines, open) = elements::lines(graph, lot, &paths);

        let basis = Basis::new(graph, &ancestry).with_goods(title::goods_of(graph, lot));
        let bytes = self.kept(basis.integrity(self.examined));
        let mut held = basis.custody(&self.custody);
        held.extend(self.kept(open));
        let established = match later {
            None if !held.is_empty() => {
                let contents = Contents::new(graph, &self.reader.bands);
                established::of_lot(&contents, lot, &elements, &held)
            }
            _ => Vec::new(),
        };
        let integrity = relevance::verdict_of(&bytes);
        let custody = if value.is_some() { relevance::verdict_of(&held) } else { Verdict::Unknown };
        let mut findings = bytes;
        findings.extend(held);
        sort(&mut findings);

        let input = self.input(lot, later);
        let timeline = rules::timeline(&self.reader.packs, &input, &self.request.without_reasons);
        // Countries of a rotor as a whole say nothing of any magnet in it.
        let columns = if graph.holds_parts(lot) { &[] } else { elements.as_slice() };
        Judged {
            integrity,
            custody,
            established,
            timeline,
            nodes: rules::node_table(&input, self.nodes, columns),
            elements: lines,
            findings,
            records: ancestry.records.len(),
            not_established: not_established(self.examined, &basis, self.request.known_at),
        }
    }

    /// Judges each part of an assembly and adds what is found to the assembly's own.
    fn judge_parts(&self, lot: &LotRef, own: &mut Judged) -> Vec<PartReport> {
        let graph = self.graph;
        let assembly = Assembly::of(graph, &[*lot]);
        let later = assembly.later(graph);
        let mut reports: Vec<PartReport> = Vec::new();
        let surely = assembly.position(lot).map(|at| assembly.surely_in(at)).unwrap_or_default();
        let sure = |member: usize| surely.get(member).copied().unwrap_or(false);
        let mut timelines: Vec<(String, bool, Timeline)> = Vec::new();
        let mut worst = vec![Verdict::NotApplicable; assembly.members.len()];
        for one in parts::loose(graph, &assembly) {
            let (mut report, timeline) = self.judge_loose(graph, &assembly.members[one.member].lot, &one);
            worst[one.member] = worst[one.member].max(report.verdict);
            timelines.push((report.label.clone().unwrap_or_default(), sure(one.member), timeline));
            report.presence = presence(sure(one.member));
            reports.push(report);
        }
        let mut listed = parts::listed(graph, &assembly, lot);
        let mut judged: Vec<Option<(Judged, Verdict)>> = listed.iter().map(|_| None).collect();
        for (at, one) in listed.iter().enumerate() {
            let member = &assembly.members[one.member];
            if member.is_part {
                let used_by: Vec<RecordId> = one.into.iter().map(|into| into.lot.record).collect();
                let part = self.judged(&member.lot, Some(&later[one.member]), &used_by);
                let rules = self.rules_asked(&part.timeline);
                let verdicts = rules.iter().map(|rule| rule.verdict).chain([part.integrity, part.custody]);
                let verdict = Verdict::worst(verdicts);
                worst[one.member] = verdict;
                let name = graph.label(&member.lot).unwrap_or_else(|| member.lot.short());
                timelines.push((name, sure(one.member), part.timeline.clone()));
                let here = |verdict| if sure(one.member) { verdict } else { rules::perhaps(verdict) };
                own.integrity = own.integrity.max(here(part.integrity));
                own.custody = own.custody.max(here(part.custody));
                judged[at] = Some((part, verdict));
            }
        }
        // Members stand sources first, so each is the worst of what went into it.
        for at in 0..assembly.members.len() {
            let holds = assembly.members[at].holds.iter().map(|portion| match portion.perhaps {
                true => rules::perhaps(worst[portion.member]),
                false => worst[portion.member],
            });
            worst[at] = worst[at].max(Verdict::worst(holds));
        }
        let mut all: Vec<PartReport> = Vec::with_capacity(listed.len() + reports.len());
        for (one, judged) in listed.drain(..).zip(judged) {
            let is_sure = sure(one.member);
            let mut report = self.part_report(&assembly, one, judged, &worst);
            report.presence = presence(is_sure);
            all.push(report);
        }
        all.extend(reports);
        let named: Vec<PartVerdicts<'_>> = timelines
            .iter()
            .map(|(name, is_sure, timeline)| PartVerdicts { name, is_sure: *is_sure, timeline })
            .collect();
        let timeline = Timeline { points: std::mem::take(&mut own.timeline.points) };
        own.timeline = rules::rolled_up(timeline, &named);
        all
    }

    fn part_report(
        &self,
        assembly: &Assembly,
        one: parts::Listed,
        judged: Option<(Judged, Verdict)>,
        worst: &[Verdict],
    ) -> PartReport {
        let graph = self.graph;
        let lot = assembly.members[one.member].lot;
        let mut report = self.empty_part(Some(lot), graph.label(&lot), one.depth, one.into);
        report.material = graph.lot(&lot).map(|lot| lot.material.clone());
        match judged {
            Some((part, verdict)) => {
                report.rules = self.rules_asked(&part.timeline);
                report.reason = parts::reason(verdict, &report.rules, &part.findings);
                report.verdict = verdict;
                report.integrity = part.integrity;
                report.custody = part.custody;
                report.nodes = part.nodes;
                report.elements = part.elements;
                report.findings = part.findings;
            }
            None => {
                report.what = PartKind::Assembly;
                report.verdict = worst[one.member];
                report.reason =
                    (report.verdict > Verdict::Pass).then(|| "the worst of its own parts".to_owned());
            }
        }
        report
    }

    /// Judges what went into an assembly without being a lot, or is withheld.
    fn judge_loose(&self, graph: &Graph, into: &LotRef, one: &parts::Loose<'_>) -> (PartReport, Timeline) {
        let input = self.input(into, None);
        let without = &self.request.without_reasons;
        let went = PartInto {
            lot: *into,
            label: graph.label(into),
            mass: one.addition.map(|addition| addition.mass),
            pieces: None,
            perhaps: false,
        };
        let (label, timeline) = match one.addition {
            Some(addition) => {
                let timeline = rules::timeline_of_addition(&self.reader.packs, &input, addition, without);
                (addition.material.to_string(), timeline)
            }
            None => {
                let words = parts::withheld_words(graph, into);
                let timeline = rules::timeline_of_withheld(&self.reader.packs, &input, &words, without);
                ("withheld".to_owned(), timeline)
            }
        };
        let mut report = self.empty_part(None, Some(label), 1, vec![went]);
        report.what = if one.addition.is_some() { PartKind::Addition } else { PartKind::Withheld };
        report.material = one.addition.map(|addition| addition.material.clone());
        report.rules = self.rules_asked(&timeline);
        report.verdict = Verdict::worst(report.rules.iter().map(|rule| rule.verdict));
        report.reason = parts::reason(report.verdict, &report.rules, &[]);
        (report, timeline)
    }

    fn empty_part(
        &self,
        lot: Option<LotRef>,
        label: Option<String>,
        depth: usize,
        into: Vec<PartInto>,
    ) -> PartReport {
        let nodes = NodeTable { lot: lot.unwrap_or(into[0].lot), elements: Vec::new(), rows: Vec::new() };
        PartReport {
            what: PartKind::Lot,
            lot,
            label,
            material: None,
            depth,
            presence: Presence::Certain,
            into,
            verdict: Verdict::NotApplicable,
            reason: None,
            integrity: Verdict::NotApplicable,
            custody: Verdict::NotApplicable,
            rules: Vec::new(),
            nodes,
            elements: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn input<'i>(&'i self, lot: &LotRef, later: Option<&'i Later>) -> Input<'i> {
        Input {
            graph: self.graph,
            lot: *lot,
            as_of: self.as_of,
            claimed: &self.claimed,
            trust: &self.reader.trust,
            bands: &self.reader.bands,
            case: self.reader.case.as_ref(),
            later,
        }
    }

    /// Returns what the rules say on the day asked for.
    fn rules_asked(&self, timeline: &Timeline) -> Vec<RuleVerdict> {
        let asked = timeline.points.iter().find(|point| point.as_of == self.as_of);
        asked.map(|point| point.rules.clone()).unwrap_or_default()
    }

    fn kept(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|finding| !self.request.without.contains(&finding.code));
        findings
    }
}

fn presence(is_sure: bool) -> Presence {
    if is_sure { Presence::Certain } else { Presence::Possible }
}

/// What one lot was judged to be.
struct Judged {
    integrity: Verdict,
    custody: Verdict,
    established: Vec<Established>,
    timeline: Timeline,
    nodes: NodeTable,
    elements: Vec<ElementLine>,
    findings: Vec<Finding>,
    records: usize,
    not_established: Vec<String>,
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
fn not_established(examined: &Examined, basis: &Basis, known_at: Option<Day>) -> Vec<String> {
    let mut list = vec![
        "that the statements are physically true".to_owned(),
        "that a lot on the way was not also used elsewhere, beyond the records examined here".to_owned(),
        "that no more of an element came out than went in, where nobody has determined how much there was"
            .to_owned(),
    ];
    if let Some(day) = known_at {
        list.push(format!(
            "that what is left out was signed after {day}, or the rest before: times are claimed"
        ));
    }
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
