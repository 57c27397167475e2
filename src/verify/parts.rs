//! Parts: each part of an assembly is judged as a lot of its own, and the assembly is the worst of them.
//!
//! What was done to an assembly after a part went in (magnetising, mostly) counts for the part. Nothing is ever
//! blended over an assembly. Spec: docs/verification.md, "Assemblies".

use serde::Serialize;

use super::elements::ElementLine;
use crate::custody::assembly::{Assembly, Portion};
use crate::custody::graph::{self, Graph};
use crate::custody::names;
use crate::custody::touch::Presence;
use crate::model::event::Body;
use crate::model::finding::{Finding, Weight};
use crate::model::lot::Addition;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::MaybeList;
use crate::model::verdict::Verdict;
use crate::rules::{NodeTable, RuleVerdict};

/// What is established of one part of an assembly, in that assembly.
#[derive(Clone, Debug, Serialize)]
pub struct PartReport {
    /// What it is.
    pub what: PartKind,
    /// The lot; none for what joined without having been a lot, or is withheld.
    pub lot: Option<LotRef>,
    /// Its label, or what else it is called.
    pub label: Option<String>,
    /// What it is made of.
    pub material: Option<Material>,
    /// 1 for a part of the lot asked for, 2 for a part of such a part...
    pub depth: usize,
    /// Whether it surely is in the lot asked for, or in that or one beside it.
    pub presence: Presence,
    /// What it went into, and how much of it.
    pub into: Vec<PartInto>,
    /// The worst of all below, and of its own parts.
    pub verdict: Verdict,
    /// Why it is not `pass`, in a sentence.
    pub reason: Option<String>,
    /// Bytes, signatures and chains.
    pub integrity: Verdict,
    /// Stretches, handovers, places, masses, and the way of each element.
    pub custody: Verdict,
    /// What each rule of each pack says of it on the day judged for; of an assembly its parts are asked.
    pub rules: Vec<RuleVerdict>,
    /// Countries of each element by node, of this part alone.
    pub nodes: NodeTable,
    /// The way of each element.
    pub elements: Vec<ElementLine>,
    /// Findings that bear on it, heaviest first.
    pub findings: Vec<Finding>,
}

/// What a part is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A lot that went in.
    Lot,
    /// A lot that is built of parts itself, which stand in the list too.
    Assembly,
    /// What joined without having been a lot.
    Addition,
    /// Something that is withheld from this reader.
    Withheld,
}

/// How much of a part went into what.
#[derive(Clone, Debug, Serialize)]
pub struct PartInto {
    /// The assembly.
    pub lot: LotRef,
    /// Its label.
    pub label: Option<String>,
    /// How much of the part.
    pub mass: Option<Mass>,
    /// How many pieces of it, if counted.
    pub pieces: Option<u64>,
    /// Whether it may have gone into another assembly of the same event instead.
    pub perhaps: bool,
}

impl PartInto {
    fn new(graph: &Graph, into: LotRef, portion: &Portion) -> Self {
        Self {
            lot: into,
            label: graph.label(&into),
            mass: portion.mass,
            pieces: portion.pieces,
            perhaps: portion.perhaps,
        }
    }
}

/// A member of an assembly that is listed as a part of it.
pub(super) struct Listed {
    /// Which member.
    pub(super) member: usize,
    /// How deep.
    pub(super) depth: usize,
    /// What it went into.
    pub(super) into: Vec<PartInto>,
}

/// Returns the members that were put in as parts, each once, under the first thing they are met in.
pub(super) fn listed(graph: &Graph, assembly: &Assembly, thing: &LotRef) -> Vec<Listed> {
    let Some(root) = assembly.position(thing) else { return Vec::new() };
    let mut order: Vec<Listed> = Vec::new();
    let mut place: Vec<Option<usize>> = vec![None; assembly.members.len()];
    let mut seen = vec![false; assembly.members.len()];
    let mut stack = vec![(root, 0usize, None::<PartInto>)];
    while let Some((at, depth, into)) = stack.pop() {
        if let Some(into) = into {
            match place[at] {
                Some(known) => order[known].into.push(into),
                None => {
                    place[at] = Some(order.len());
                    order.push(Listed { member: at, depth, into: vec![into] });
                }
            }
        }
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let member = &assembly.members[at];
        for portion in member.holds.iter().rev() {
            let into = portion.is_part.then(|| PartInto::new(graph, member.lot, portion));
            stack.push((portion.member, depth + usize::from(portion.is_part), into));
        }
    }
    order
}

/// Something of an assembly that is no lot: it joined without having been one, or is withheld.
pub(super) struct Loose<'g> {
    /// The assembly, as a member.
    pub(super) member: usize,
    /// What joined; none where it is withheld.
    pub(super) addition: Option<&'g Addition>,
}

/// Returns what went into the members of an assembly without being a lot, or is withheld.
pub(super) fn loose<'g>(graph: &'g Graph, assembly: &Assembly) -> Vec<Loose<'g>> {
    let mut found = Vec::new();
    for (at, member) in assembly.members.iter().enumerate().filter(|(_, member)| !member.is_part) {
        let Some(record) = graph.creator(&member.lot) else { continue };
        let additions = match &record.event.body {
            Body::Assemble(assemble) => Some(&assemble.additions),
            Body::Transform(transform) => Some(&transform.additions),
            _ => None,
        };
        let is_withheld = additions.is_some_and(|list| list.is_withheld() && list.count() > 0);
        if is_withheld || graph::withheld_inputs(record).is_some() {
            found.push(Loose { member: at, addition: None });
        }
        let shown = additions.and_then(MaybeList::shown).unwrap_or_default();
        found.extend(shown.iter().map(|one| Loose { member: at, addition: Some(one) }));
    }
    found
}

/// Returns why something does not pass: its weightiest rule, else its weightiest finding.
pub(super) fn reason(verdict: Verdict, rules: &[RuleVerdict], findings: &[Finding]) -> Option<String> {
    if verdict <= Verdict::Pass {
        return None;
    }
    let rule = rules.iter().find(|rule| rule.verdict == verdict);
    let told = rule.and_then(|rule| {
        let reason = rule.reasons.iter().find(|reason| reason.verdict == verdict)?;
        let elements: Vec<&str> = reason.elements.iter().map(|element| element.symbol()).collect();
        let elements = if elements.is_empty() { String::new() } else { format!("{}: ", elements.join(", ")) };
        Some(format!("{}: {elements}{}", rule.rule, reason.text))
    });
    told.or_else(|| {
        let heavy = findings.iter().find(|finding| finding.weight >= Weight::Unknown);
        heavy.map(|finding| finding.message.clone())
    })
}

/// Returns what is withheld of an assembly, in words.
pub(super) fn withheld_words(graph: &Graph, lot: &LotRef) -> String {
    let by = graph.creator(lot).map(|record| names::party(graph, &record.author)).unwrap_or_default();
    format!("{by} withholds something of what went into {}", names::lot(graph, lot))
}
