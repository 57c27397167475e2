//! Judging one lot: its bytes, its custody, what the rules say, and each of its parts where it has some.

use std::collections::BTreeMap;

use super::{LotReport, Request, sort};
use crate::balance::content::Contents;
use crate::custody::assembly::{Assembly, Later};
use crate::custody::graph::{Consumer, Graph};
use crate::custody::touch::{self, Presence};
use crate::custody::{ancestry, names, title, traced_elements};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::time::Timestamp;
use crate::model::verdict::Verdict;
use crate::rules::nodes::Node;
use crate::rules::{self, AsOf, Input, NodeTable, PartVerdicts, RuleVerdict, Thing, Timeline};
use crate::verify::attested;
use crate::verify::elements::{self, ElementLine};
use crate::verify::established::{self, Established};
use crate::verify::examine::Examined;
use crate::verify::freshness;
use crate::verify::parts::{self, PartInto, PartKind, PartReport};
use crate::verify::reader::Reader;
use crate::verify::relevance::{self, Basis};

/// One question about one statement of every record, with what is the same for every lot.
pub(super) struct Asking<'a> {
    pub(super) examined: &'a Examined,
    pub(super) graph: &'a Graph,
    pub(super) request: &'a Request,
    pub(super) reader: &'a Reader,
    pub(super) as_of: AsOf<'a>,
    pub(super) claimed: BTreeMap<PartyId, Timestamp>,
    pub(super) custody: Vec<Finding>,
    pub(super) nodes: &'a [Node],
    pub(super) today: Day,
}

impl Asking<'_> {
    pub(super) fn basis(&self, lot: &LotRef) -> Basis {
        Basis::new(self.graph, &ancestry::upstream(self.graph, &[*lot]))
            .with_goods(title::goods_of(self.graph, lot))
    }

    pub(super) fn judge(&self, lot: &LotRef) -> LotReport {
        let graph = self.graph;
        let assembly = graph.holds_parts(lot).then(|| Assembly::of(graph, &[*lot]));
        let thing = assembly.as_ref().map(|assembly| Thing::new(graph, assembly, *lot));
        let mut own = self.judged(lot, None, thing.as_ref(), &[]);
        let parts = match assembly.as_ref().zip(thing.as_ref()) {
            Some((assembly, thing)) => self.judge_parts(lot, assembly, thing, &mut own),
            None => Vec::new(),
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
            attested_by: own.attested_by,
            rules,
            gaps: Vec::new(),
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

    /// Judges one lot: alone, or in a `thing` with what was done `later` to what it was a part of, as `used_by` record.
    fn judged(
        &self,
        lot: &LotRef,
        later: Option<&Later>,
        thing: Option<&Thing<'_>>,
        used_by: &[RecordId],
    ) -> Judged {
        let graph = self.graph;
        let mut ancestry = ancestry::upstream(graph, &[*lot]);
        ancestry.records.extend(later.iter().flat_map(|later| later.records()));
        ancestry.records.extend(used_by);
        ancestry.records.sort_by_cached_key(|id| graph.position(id));
        ancestry.records.dedup();
        let value = graph.lot(lot);
        let elements = value.map(|value| traced_elements::of_lot(graph, lot, value)).unwrap_or_default();
        let paths = match later {
            None => touch::paths(graph, lot, &elements),
            Some(later) => touch::paths_of_part(graph, lot, later, &elements),
        };
        let (lines, open) = elements::lines(graph, lot, &paths);

        let basis = Basis::new(graph, &ancestry).with_goods(title::goods_of(graph, lot));
        let mut bytes = basis.integrity(self.examined);
        bytes.extend(freshness::findings(self.examined, basis.lines(self.examined), self.reader, self.today));
        let bytes = self.kept(bytes);
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

        let input = Input { findings: &findings, ..self.input(lot, later, thing) };
        let timeline = rules::timeline(&self.reader.packs, &input, &self.request.without_reasons);
        // Countries of a rotor as a whole say nothing of any magnet in it.
        let columns = if graph.holds_parts(lot) { &[] } else { elements.as_slice() };
        let nodes = rules::node_table(&input, self.nodes, columns);
        let mut open = attested::not_established(graph, &ancestry.lots);
        open.extend(not_established(self.examined, &basis, self.request.known_at));
        Judged {
            integrity,
            custody,
            established,
            attested_by: attested::behind(graph, &ancestry.lots),
            timeline,
            nodes,
            elements: lines,
            findings,
            records: ancestry.records.len(),
            not_established: open,
        }
    }

    /// Judges each part of an assembly and adds what is found to the assembly's own.
    fn judge_parts(
        &self,
        lot: &LotRef,
        assembly: &Assembly,
        thing: &Thing<'_>,
        own: &mut Judged,
    ) -> Vec<PartReport> {
        let graph = self.graph;
        let later = assembly.later(graph);
        let mut reports: Vec<PartReport> = Vec::new();
        let surely = assembly.position(lot).map(|at| assembly.surely_in(at)).unwrap_or_default();
        let sure = |member: usize| surely.get(member).copied().unwrap_or(false);
        let mut timelines: Vec<(String, bool, Timeline)> = Vec::new();
        let mut worst = vec![Verdict::NotApplicable; assembly.members.len()];
        for one in parts::loose(graph, assembly) {
            let (mut report, timeline) = self.judge_loose(thing, &assembly.members[one.member].lot, &one);
            worst[one.member] = worst[one.member].max(report.verdict);
            timelines.push((report.label.clone().unwrap_or_default(), sure(one.member), timeline));
            report.presence = presence(sure(one.member));
            reports.push(report);
        }
        let mut listed = parts::listed(graph, assembly, lot);
        let mut judged: Vec<Option<(Judged, Verdict)>> = listed.iter().map(|_| None).collect();
        for (at, one) in listed.iter().enumerate() {
            let member = &assembly.members[one.member];
            if member.is_part {
                let used_by: Vec<RecordId> = one.into.iter().map(|into| into.lot.record).collect();
                let part = self.judged(&member.lot, Some(&later[one.member]), Some(thing), &used_by);
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
            let mut report = self.part_report(assembly, one, judged, &worst);
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
    fn judge_loose(
        &self,
        thing: &Thing<'_>,
        into: &LotRef,
        one: &parts::Loose<'_>,
    ) -> (PartReport, Timeline) {
        let graph = self.graph;
        let input = self.input(into, None, Some(thing));
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

    fn input<'i>(
        &'i self,
        lot: &LotRef,
        later: Option<&'i Later>,
        thing: Option<&'i Thing<'i>>,
    ) -> Input<'i> {
        Input {
            graph: self.graph,
            lot: *lot,
            as_of: self.as_of,
            claimed: &self.claimed,
            trust: &self.reader.trust,
            bands: &self.reader.bands,
            later,
            thing,
            findings: &[],
        }
    }

    /// Returns what the rules say on the day asked for.
    fn rules_asked(&self, timeline: &Timeline) -> Vec<RuleVerdict> {
        timeline.asked(&self.reader.packs, self.as_of)
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
    attested_by: Vec<PartyId>,
    timeline: Timeline,
    nodes: NodeTable,
    elements: Vec<ElementLine>,
    findings: Vec<Finding>,
    records: usize,
    not_established: Vec<String>,
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
                "what {} recorded after record {} of {} (claimed; {})",
                names::party(&examined.graph, &line.party),
                line.last_seq,
                line.last_signed_at.day(),
                match examined.log(line.party, line.epoch) {
                    Some(log) => format!("checkpoint of {} records", log.part.checkpoint.size),
                    None => "no checkpoint seen".to_owned(),
                },
            ));
        }
    }
    chains.sort();
    list.extend(chains);
    list
}
