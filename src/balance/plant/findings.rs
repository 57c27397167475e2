//! Plants from which more came than was there and came in, and what they do not account for.
//!
//! Only the whole chains of the operator and its guests can contradict themselves: feed that is not held may have come
//! in. Spec: docs/balance.md, "A plant"; MB-05 of the domain's rules.

use std::collections::{BTreeSet, HashMap};

use super::super::content::Contents;
use super::super::meaning::{self, Exceeded};
use super::super::reasons;
use super::super::sides::{Outcome, Sides};
use super::{Plant, balance, plants};
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::custody::place;
use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::digits;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::record::Record;

/// Returns what every plant shows, over each calendar year and over everything that is held.
pub fn findings(contents: &Contents<'_>) -> Vec<Finding> {
    let mut chains = Chains::default();
    let mut findings = Vec::new();
    for plant in plants(contents).values().filter(|plant| plant.is_worked) {
        let mut shown: BTreeSet<Element> = BTreeSet::new();
        for period in years(plant) {
            for (element, sides) in balance(plant, contents, Some(period)) {
                if let Outcome::Gain { .. } = sides.outcome() {
                    shown.insert(element);
                    findings.push(gain(contents, &mut chains, plant, element, &sides, Some(period)));
                }
            }
        }
        let whole = balance(plant, contents, None);
        for (element, sides) in whole.iter().filter(|(element, _)| !shown.contains(element)) {
            if let Outcome::Gain { .. } = sides.outcome() {
                findings.push(gain(contents, &mut chains, plant, *element, sides, None));
            }
        }
        findings.extend(unaccounted(contents, plant, whole.iter()));
    }
    findings
}

/// Returns the calendar years in which something came or went; none where it is one year alone.
fn years(plant: &Plant<'_>) -> Vec<Period> {
    let Some((first, last)) = plant.days() else { return Vec::new() };
    let (first, last) = (first.year_month().0, last.year_month().0);
    let year = |year: i16| {
        Some(Period { first: Day::from_ymd(year, 1, 1)?, last: Day::from_ymd(year, 12, 31)?, offset: None })
    };
    if first == last { Vec::new() } else { (first..=last).filter_map(year).collect() }
}

fn gain(
    contents: &Contents<'_>,
    chains: &mut Chains,
    plant: &Plant<'_>,
    element: Element,
    sides: &Sides,
    period: Option<Period>,
) -> Finding {
    let graph = contents.graph();
    let (least, is_sure) = match sides.outcome() {
        Outcome::Gain { least, is_sure } => (least, is_sure),
        _ => (0, false),
    };
    let open = chains.not_whole(graph, &plant.facility);
    let weight = match is_sure && open.is_empty() {
        true => meaning::of_excess(Exceeded::Conservation(contents.bands().confidence_in(element))),
        false => Weight::Unknown,
    };
    let mut message = format!(
        "{}, {}: {element} {} left, {} measured as lost and {} still there, of {} at first and {} come in: at least {} more than there was",
        names::facility(graph, &plant.facility),
        when(plant, period),
        digits::mass(sides.out.mass),
        digits::mass(sides.lost.mass),
        digits::mass(sides.closing.mass),
        digits::mass(sides.opening.mass),
        digits::mass(sides.input.mass),
        digits::least(least),
    );
    if !open.is_empty() {
        let parties: Vec<String> = open.iter().map(|party| names::party(graph, party)).collect();
        message.push_str(&format!("; needs the whole chain of {}", parties.join(", ")));
    }
    let resolve = match open.is_empty() {
        true => "the feed or stock that is missing, or an assay of what came in, went out or stands there",
        false => "import the whole chain of the operator and of every guest",
    };
    let reasons = reasons::irreducible(sides.slack(), &plant.weights(contents, element, period));
    let records: Vec<&Record> = reasons.iter().filter_map(|id| graph.record(id)).collect();
    let lots = plant.lots(contents, element, period);
    found(FindingCode::PlantGain, weight, &records, lots, message, resolve)
}

fn unaccounted<'s>(
    contents: &Contents<'_>,
    plant: &Plant<'_>,
    whole: impl Iterator<Item = (&'s Element, &'s Sides)>,
) -> Option<Finding> {
    let graph = contents.graph();
    let mut parts: Vec<String> = Vec::new();
    for (element, sides) in whole {
        let Outcome::Missing(part) = sides.outcome() else { continue };
        let share = sides.share_of_available(part).map(|share| format!(", {}", digits::percent(share)));
        parts.push(format!("{element} {}{}", digits::mass(part), share.unwrap_or_default()));
    }
    if parts.is_empty() {
        return None;
    }
    let name = names::facility(graph, &plant.facility);
    let message = format!("{name}, {}: unaccounted {}", when(plant, None), parts.join("; "));
    let resolve = "measured losses, waste and tails; nothing has to be shown for a lot to be what it is";
    let declared: Vec<&Record> = graph.record(&plant.facility).into_iter().collect();
    Some(found(
        FindingCode::PlantUnaccounted,
        meaning::of_shortfall(),
        &declared,
        Vec::new(),
        message,
        resolve,
    ))
}

fn when(plant: &Plant<'_>, period: Option<Period>) -> String {
    match (period, plant.days()) {
        (Some(period), _) if period.first.year_month().1 == 1 => format!("{}", period.first.year_month().0),
        (Some(period), _) => period.to_string(),
        (None, Some((first, last))) => Period { first, last, offset: None }.to_string(),
        (None, None) => "days that are withheld".to_owned(),
    }
}

fn found(
    code: FindingCode,
    weight: Weight,
    records: &[&Record],
    lots: Vec<crate::model::lotref::LotRef>,
    message: String,
    resolve: &str,
) -> Finding {
    let mut parties: Vec<PartyId> = records.iter().map(|record| record.author).collect();
    parties.sort_unstable();
    parties.dedup();
    let records = records.iter().map(|record| record.id).collect();
    Finding { code, weight, records, lots, parties, message, resolve: resolve.to_owned() }
}

/// What is held of each chain, counted when it is first asked for.
#[derive(Default)]
struct Chains {
    seqs: Option<HashMap<PartyId, BTreeSet<u64>>>,
}

impl Chains {
    /// Returns the operator of a facility and the guests it hosted of whose chains not everything is held.
    fn not_whole(&mut self, graph: &Graph, facility: &RecordId) -> Vec<PartyId> {
        let seqs = self.seqs.get_or_insert_with(|| {
            let mut seqs: HashMap<PartyId, BTreeSet<u64>> = HashMap::new();
            for record in graph.records() {
                seqs.entry(record.author).or_default().insert(record.seq);
            }
            seqs
        });
        let Some((declaration, declared)) = graph.facility(facility) else { return Vec::new() };
        let operator = place::operator(declaration.author, declared).unwrap_or(declaration.author);
        let guests = graph.records().iter().filter_map(|record| match &record.event.body {
            Body::Host(host) if host.facility == *facility && record.author == operator => Some(host.guest),
            _ => None,
        });
        let mut parties: Vec<PartyId> = guests.chain([operator]).collect();
        parties.sort_unstable();
        parties.dedup();
        // A chain is whole up to its last record that is held.
        let is_whole = |party: &PartyId| {
            seqs.get(party)
                .is_some_and(|seqs| seqs.last() == seqs.len().checked_sub(1).map(|last| last as u64).as_ref())
        };
        parties.retain(|party| !is_whole(party));
        parties
    }
}
