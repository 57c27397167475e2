//! Fingerprints of feeds: rare earths in what a feed was made into, against what the feed can have held.
//!
//! *Impossible* where the masses and assays of the feed itself say so; *unusual* where only the profile of its
//! deposit does, since a profile is an average that no single feed need have. Ratios are used only where no step has
//! changed them yet, from the ground to P30; after that cumulative masses are compared, never shares.
//! Spec: docs/balance.md, "Fingerprint".

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::content::{Contents, as_mass};
use super::feed::excess::{Excess, Source};
use super::feed::{Bound, Feed, OPEN};
use super::meaning::{Exceeded, of_excess};
use super::terms::{is_wet, of_wet};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::confidence::Confidence;
use crate::model::element::{Element, ElementSet};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::interval::Interval;
use crate::model::lot::{Component, Determined};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Carries;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// How what a lot holds fits the feed it is said to be made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The feed can have held it, and its deposit usually does.
    Consistent,
    /// The feed can have held it, but more than deposits of its profile do.
    Unusual,
    /// The feed cannot have held it.
    Impossible,
    /// Nothing bounds what the feed can have held.
    NotTested,
}

/// What a lot holds of some rare earths, beside what its feed can have held of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fingerprint {
    /// Which elements.
    pub elements: ElementSet,
    /// What the lot holds by its own mass and assays.
    pub holds: Interval,
    /// The most its feed can have brought by masses and assays; none where nothing bounds it.
    pub most: Option<Mass>,
    /// The most its feed would have brought, were it as the profile of its deposit says.
    pub usual: Option<Mass>,
    /// Names of the deposits that are declared behind it.
    pub deposits: Vec<String>,
    /// How the two fit.
    pub fit: Fit,
}

/// Returns every place where more of a rare earth came out than the feed can have held, or usually holds.
pub fn findings(contents: &Contents<'_>) -> Vec<Finding> {
    let graph = contents.graph();
    if !has_feed(graph) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    // What one element says of some lots, a set that it is part of need not say again.
    let mut named: Vec<(Source, Vec<LotRef>, ElementSet)> = Vec::new();
    for elements in determined(contents) {
        let feed = Feed::new(contents, &elements);
        for bound in [Bound::Assays, Bound::Profiles] {
            for excess in feed.excesses(bound) {
                let is_named = named.iter().any(|(from, lots, of)| {
                    *from == excess.from
                        && *lots == excess.lots
                        && of.iter().any(|one| elements.contains(one))
                });
                if !is_named {
                    findings.push(finding(&feed, contents, &elements, bound, &excess));
                    named.push((excess.from, excess.lots, elements.clone()));
                }
            }
        }
    }
    findings
}

/// Returns what a lot holds of each rare earth that was determined in it, beside what its feed can have held.
pub fn of_lot(contents: &Contents<'_>, lot: &LotRef) -> Vec<Fingerprint> {
    if !has_feed(contents.graph()) {
        return Vec::new();
    }
    let sets = determined(contents);
    let fits = sets.iter().filter_map(|elements| {
        let feed = Feed::new(contents, elements);
        let brought = feed.of(lot)?;
        let holds = feed.holds(lot);
        if holds.low == 0 || !brought.is_of_feed {
            return None;
        }
        let fit = if holds.low > brought.most {
            Fit::Impossible
        } else if holds.low > brought.usual {
            Fit::Unusual
        } else if brought.usual == OPEN {
            Fit::NotTested
        } else {
            Fit::Consistent
        };
        let bound = |most: u128| Interval { low: 0, high: most }.most();
        Some(Fingerprint {
            elements: elements.clone(),
            holds,
            most: bound(brought.most),
            usual: bound(brought.usual).filter(|_| brought.usual < brought.most),
            deposits: deposits(contents.graph(), lot),
            fit,
        })
    });
    fits.collect()
}

/// Whether anything that can hold rare earths was won from the ground.
fn has_feed(graph: &Graph) -> bool {
    let rare = |lot: &crate::model::lot::Lot| {
        rare_earths().any(|element| lot.material.carries(element) != Carries::No)
    };
    let mut won = graph.records().iter().filter(|record| matches!(record.event.body, Body::Extract(_)));
    won.any(|record| record.event.body.outputs().iter().any(rare))
}

fn rare_earths() -> impl Iterator<Item = Element> {
    (1..=118).filter_map(Element::from_number).filter(|element| element.is_rare_earth())
}

/// Returns the rare earths of which some lot is said to hold more than none, and the sets that profiles are about:
/// single elements first.
fn determined(contents: &Contents<'_>) -> Vec<ElementSet> {
    let mut single: BTreeSet<Element> = BTreeSet::new();
    let mut sets: BTreeSet<ElementSet> = BTreeSet::new();
    let profiled: Vec<&ElementSet> = contents.bands().file.profile.iter().map(|row| &row.of).collect();
    let mut look = |lines: &[Component]| {
        for line in
            lines.iter().filter(|line| matches!(line.value, Determined::Measured(share) if share.ppb() > 0))
        {
            match line.elements.single() {
                Some(element) if element.is_rare_earth() => {
                    single.insert(element);
                    sets.extend(
                        profiled.iter().filter(|set| set.contains(element)).map(|set| (*set).clone()),
                    );
                }
                None if profiled.contains(&&line.elements) => {
                    sets.insert(line.elements.clone());
                }
                _ => {}
            }
        }
    };
    for record in contents.graph().records() {
        let body = &record.event.body;
        for lot in body.outputs() {
            look(lot.composition.shown().map(Vec::as_slice).unwrap_or_default());
        }
        match body {
            Body::Assay(assay) => look(assay.composition.shown().map(Vec::as_slice).unwrap_or_default()),
            Body::Measure(measure) => {
                look(measure.composition.shown().map(Vec::as_slice).unwrap_or_default())
            }
            _ => {}
        }
    }
    single.into_iter().map(ElementSet::from).chain(sets).collect()
}

fn finding(
    feed: &Feed<'_, '_>,
    contents: &Contents<'_>,
    elements: &ElementSet,
    bound: Bound,
    excess: &Excess,
) -> Finding {
    let graph = contents.graph();
    let behind = Behind::new(feed, graph, excess);
    let lots: Vec<String> = excess.lots.iter().take(4).map(|lot| names::lot(graph, lot)).collect();
    let more = excess.lots.len().saturating_sub(lots.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let (what, hold) = match excess.lots.len() {
        1 => ("lot", "holds"),
        _ => ("lots", "together hold"),
    };
    let from = match excess.from {
        Source::Lot(lot) => format!("lot {}, which they are made of,", names::lot(graph, &lot)),
        Source::Circuit(_) => "what was charged to their circuit".to_owned(),
        Source::Record(_) if behind.is_won(graph, excess) => "such a lot".to_owned(),
        Source::Record(_) if excess.lots.len() == 1 => "what it is made of".to_owned(),
        Source::Record(_) => "what they are made of".to_owned(),
    };
    let of = match behind.deposits.as_slice() {
        [] => String::new(),
        [deposit] => format!(" from deposit `{deposit}`"),
        deposits => format!(" from deposits `{}`", deposits.join("`, `")),
    };
    let (needs, brought) = (as_mass(excess.needs), Interval { low: 0, high: excess.brought });
    let brought = brought.most().map_or_else(String::new, |most| most.to_string());
    let (code, weight, message, resolve) = match bound {
        Bound::Assays => (
            FindingCode::FeedImpossible,
            weight(contents, elements, graph, excess),
            format!(
                "{what} {}{more} {hold} at least {needs} of {elements}, but {from}{of} can have brought at most \
                 {brought}, by its own masses and assays",
                lots.join(", ")
            ),
            "the record of the other origin, or an umpire assay of a retained sample of the feed",
        ),
        Bound::Profiles => (
            FindingCode::FeedUnusual,
            Weight::Note,
            format!(
                "{what} {}{more} {hold} at least {needs} of {elements}; {from}{of} would have brought at most \
                 {brought}, were it as the profile of its deposit says, which decides nothing",
                lots.join(", ")
            ),
            "an assay of this feed for these elements, or the record of another origin",
        ),
    };
    let records: Vec<&Record> = behind.records.iter().filter_map(|id| graph.record(id)).collect();
    let mut finding = found(code, weight, &records, &excess.lots, message, resolve);
    finding.parties = parties(graph, &excess.lots);
    finding
}

/// What it means that the feed cannot have held it: what contradicts itself fails; where several parties' records are
/// only together too much, none of their lots is blamed, nor is a lot that was weighed wet and not said how wet.
fn weight(contents: &Contents<'_>, elements: &ElementSet, graph: &Graph, excess: &Excess) -> Weight {
    let rows = contents.bands().file.formula.iter().filter(|row| elements.contains(row.element));
    let confidence = rows.map(|row| row.confidence).max().unwrap_or(Confidence::High);
    let is_wet = excess.lots.iter().filter_map(|lot| graph.lot(lot)).any(is_wet);
    match of_wet(of_excess(Exceeded::Conservation(confidence)), is_wet) {
        Weight::Fail if excess.lots.len() > 1 && parties(graph, &excess.lots).len() > 1 => Weight::Unknown,
        weight => weight,
    }
}

fn parties(graph: &Graph, lots: &[LotRef]) -> Vec<PartyId> {
    let mut parties: Vec<PartyId> = Vec::new();
    for author in lots.iter().filter_map(|lot| graph.creator(lot)).map(|record| record.author) {
        if !parties.contains(&author) {
            parties.push(author);
        }
    }
    parties
}

/// The records that cannot all be true: from what holds too much back to what bounds it.
struct Behind {
    records: Vec<RecordId>,
    deposits: Vec<String>,
}

impl Behind {
    fn new(feed: &Feed<'_, '_>, graph: &Graph, excess: &Excess) -> Self {
        let mut records: BTreeSet<usize> = BTreeSet::new();
        let mut seen: HashSet<LotRef> = HashSet::new();
        let mut stack: Vec<LotRef> = Vec::new();
        for lot in &excess.lots {
            seen.insert(*lot);
            records.extend(graph.position(&lot.record));
            records.extend(feed.stated_by(lot).iter().filter_map(|id| graph.position(id)));
            stack.extend(sources(graph, lot));
        }
        while let Some(lot) = stack.pop() {
            if !seen.insert(lot) {
                continue;
            }
            records.extend(graph.position(&lot.record));
            if feed.is_bounded_by_itself(&lot) {
                records.extend(feed.stated_by(&lot).iter().filter_map(|id| graph.position(id)));
            } else {
                stack.extend(sources(graph, &lot));
            }
        }
        let mut deposits: Vec<String> = excess.lots.iter().flat_map(|lot| deposits(graph, lot)).collect();
        deposits.sort();
        deposits.dedup();
        Self { records: records.into_iter().map(|at| graph.records()[at].id).collect(), deposits }
    }

    /// Whether the excess is about a lot that was won from the ground itself.
    fn is_won(&self, graph: &Graph, excess: &Excess) -> bool {
        excess
            .lots
            .iter()
            .all(|lot| graph.creator(lot).is_some_and(|record| matches!(record.event.body, Body::Extract(_))))
    }
}

/// Returns the lots that one was made of; of a draw, what can be in it.
fn sources(graph: &Graph, lot: &LotRef) -> Vec<LotRef> {
    let Some(position) = graph.position(&lot.record) else { return Vec::new() };
    let record = &graph.records()[position];
    if matches!(record.event.body, Body::Draw(_)) {
        let charges = graph.accounts().charges_of(position).into_iter();
        return charges.flat_map(|at| graph::inputs(&graph.records()[at])).map(|input| input.lot).collect();
    }
    let inputs = graph::inputs(record);
    match record.event.body.is_pairwise() {
        true => inputs.get(lot.index as usize).map(|input| input.lot).into_iter().collect(),
        false => inputs.iter().map(|input| input.lot).collect(),
    }
}

/// Returns the names of the deposits that extractions behind a lot name, by name.
fn deposits(graph: &Graph, lot: &LotRef) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut seen: HashSet<LotRef> = HashSet::new();
    let mut stack = vec![*lot];
    while let Some(at) = stack.pop() {
        if !seen.insert(at) {
            continue;
        }
        if let Some(Body::Extract(extract)) = graph.creator(&at).map(|record| &record.event.body)
            && let Maybe::Shown(Some(deposit)) = &extract.deposit
        {
            names.insert(deposit.clone());
        }
        stack.extend(sources(graph, &at));
    }
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::custody::testing::*;
    use crate::model::evidence::{Method, Mixing::Homogenised};
    use crate::model::lot::Lot;
    use crate::model::uncertainty::Uncertainty;

    /// A lot with this share of something in it, exact to a billionth.
    fn assayed(label: &str, material: &str, mass: u64, of: &str, share: &str, basis: &str) -> Lot {
        let line = Component {
            elements: of.parse().unwrap(),
            value: Determined::Measured(share.parse().unwrap()),
            basis: basis.parse().unwrap(),
            uncertainty: "0.0000001 %".parse().unwrap(),
            method: Method::IcpMs,
        };
        Lot { composition: Maybe::Shown(vec![line]), ..named(label, material, mass) }
    }

    fn extract_of(world: &mut World, deposit: Option<&str>, lot: Lot) -> LotRef {
        let mined = world.extract("mine", vec![lot]);
        world.change(mined, |record| {
            if let Body::Extract(extract) = &mut record.event.body {
                extract.deposit = Maybe::Shown(deposit.map(str::to_owned));
            }
        });
        out(mined, 0)
    }

    fn found_in(world: &World) -> Vec<(FindingCode, Weight, usize)> {
        let (graph, bands) = (world.graph(), Bands::embedded());
        let findings = findings(&Contents::new(&graph, &bands));
        findings.into_iter().map(|one| (one.code, one.weight, one.lots.len())).collect()
    }

    fn separate(
        world: &mut World,
        by: &str,
        from: crate::model::lot::Input,
        label: &str,
        kg: u64,
    ) -> RecordId {
        let oxide = assayed(label, "oxide.Dy", kg, "Dy", "100 %", "Dy2O3");
        world.transform(by, "P40 extract_solvent", Homogenised, vec![from], vec![oxide])
    }

    #[test]
    fn a_feed_brings_what_its_assay_says_and_not_a_kilogram_more() {
        for (made, found) in [(99, vec![]), (101, vec![(FindingCode::FeedImpossible, Weight::Fail, 1)])] {
            let mut world = World::new();
            let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
            let ore = extract_of(&mut world, Some("North"), ore);
            separate(&mut world, "mine", take(ore, 0, 100_000), "DY", made);
            assert_eq!(found_in(&world), found, "{made} kg");
        }
    }

    #[test]
    fn what_two_plants_made_of_one_lot_adds_up_and_neither_is_blamed() {
        let mut world = World::new();
        let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
        let ore = extract_of(&mut world, Some("North"), ore);
        // The concentrate was not analysed, so each half may hold nearly all of it.
        let made = vec![named("CONC", "concentrate", 1000)];
        let conc = world.transform("mine", "P20 float", Homogenised, vec![take(ore, 0, 100_000)], made);
        let sent = world.dispatch("mine", "plant", vec![take(out(conc, 0), 0, 500)]);
        let one = world.receive("plant", vec![take(out(sent, 0), 0, 500)], &[]);
        let sent = world.dispatch("mine", "works", vec![take(out(conc, 0), 500, 500)]);
        let other = world.receive("works", vec![take(out(sent, 0), 0, 500)], &[]);
        separate(&mut world, "plant", take(out(one, 0), 0, 500), "DY-1", 60);
        assert_eq!(found_in(&world), []);
        separate(&mut world, "works", take(out(other, 0), 0, 500), "DY-2", 60);
        assert_eq!(found_in(&world), [(FindingCode::FeedImpossible, Weight::Unknown, 2)]);
    }

    #[test]
    fn a_profile_counts_by_the_deposit_named_or_by_the_mineral_and_never_fails() {
        let unusual = vec![(FindingCode::FeedUnusual, Weight::Note, 1)];
        for (deposit, material, found) in [
            (Some("Mountain Pass"), "ore", unusual.clone()),
            (None, "ore.bastnaesite", unusual),
            (Some("Elsewhere"), "ore.bastnaesite", vec![]),
            (Some("xenotime"), "ore", vec![]),
        ] {
            let mut world = World::new();
            let ore = assayed("ORE", material, 100_000, "TREO", "10 %", "REO");
            let ore = extract_of(&mut world, deposit, ore);
            separate(&mut world, "mine", take(ore, 0, 100_000), "DY", 6);
            assert_eq!(found_in(&world), found, "{deposit:?} {material}");
        }
    }

    #[test]
    fn after_cerium_is_rejected_shares_among_rare_earths_say_nothing() {
        for (step, found) in [("P20 roast_reject_ce", 0), ("P20 float", 1)] {
            let mut world = World::new();
            let ore =
                extract_of(&mut world, Some("Mountain Pass"), named("ORE", "ore.bastnaesite", 1_000_000));
            let made = assayed("CONC", "concentrate", 10_000, "TREO", "60 %", "REO");
            let conc = world.transform("mine", step, Homogenised, vec![take(ore, 0, 1_000_000)], vec![made]);
            // 3 kg are 0.05 % of 6 t, and the whole ore, were it all rare-earth oxides, would bring 500 kg.
            separate(&mut world, "mine", take(out(conc, 0), 0, 10_000), "DY", 4);
            assert_eq!(found_in(&world).len(), found, "{step}");
        }
    }

    #[test]
    fn a_scale_that_shows_a_little_more_on_arrival_is_no_excess() {
        let mut world = World::new();
        let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
        let ore = extract_of(&mut world, Some("North"), ore);
        let sent = world.dispatch("mine", "plant", vec![take(ore, 0, 100_000)]);
        let received = world.receive("plant", vec![take(out(sent, 0), 0, 100_000)], &[100_400]);
        let made = separate(&mut world, "plant", take(out(received, 0), 0, 100_400), "DY", 100);
        assert_eq!(found_in(&world), []);
        world.change(made, |record| {
            record.event.body.outputs_mut().unwrap()[0] =
                assayed("DY", "oxide.Dy", 101, "Dy", "100 %", "Dy2O3");
        });
        assert_eq!(found_in(&world).len(), 1);
    }

    #[test]
    fn an_open_past_is_never_impossible() {
        let mut world = World::new();
        let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
        let ore = extract_of(&mut world, Some("North"), ore);
        let bought = out(world.intake("mine", vec![lot("oxide.Dy", 300)], Vec::new()), 0);
        let inputs = vec![take(ore, 0, 100_000), take(bought, 0, 300)];
        let oxide = assayed("DY", "oxide.Dy", 200, "Dy", "100 %", "Dy2O3");
        world.transform("mine", "P40 extract_solvent", Homogenised, inputs, vec![oxide]);
        assert_eq!(found_in(&world), []);
    }

    #[test]
    fn draws_of_a_circuit_add_up_against_all_that_was_charged_unless_its_past_is_open() {
        for (opening, found) in [(0, 1), (5, 0)] {
            let mut world = World::new();
            let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
            let ore = extract_of(&mut world, Some("North"), ore);
            let plant = world.circuit("mine", 60, 0);
            let charge = world.charge("mine", plant, "2026-01-10", vec![take(ore, 0, 100_000)]);
            let oxide = |label: &str| assayed(label, "oxide.Dy", 60, "Dy", "100 %", "Dy2O3");
            let one = world.draw("mine", plant, "2026-01-20", vec![oxide("DY-1")]);
            let two = world.draw("mine", plant, "2026-01-25", vec![oxide("DY-2")]);
            world.close("mine", plant, "2026-01-08..2026-01-31", (opening * 1000, 0), vec![charge, one, two]);
            assert_eq!(found_in(&world).len(), found, "{opening} t in process");
        }
    }

    #[test]
    fn a_lot_is_told_how_it_fits_its_feed() {
        let mut world = World::new();
        let ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
        let ore = extract_of(&mut world, Some("North"), ore);
        let made = separate(&mut world, "mine", take(ore, 0, 100_000), "DY", 60);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let fits = of_lot(&Contents::new(&graph, &bands), &out(made, 0));
        let dy = fits.iter().find(|one| one.elements.to_string() == "Dy").expect("it was determined");
        assert_eq!((dy.fit, dy.deposits.as_slice()), (Fit::Consistent, ["North".to_owned()].as_slice()));
        assert_eq!(dy.usual, None);
    }

    #[test]
    fn uncertainty_is_room() {
        let mut world = World::new();
        let mut ore = assayed("ORE", "ore", 100_000, "Dy", "0.1 %", "Dy2O3");
        if let Maybe::Shown(lines) = &mut ore.composition {
            lines[0].uncertainty = Uncertainty::default();
        }
        // Unstated is 2 %: up to 102 kg.
        let ore = extract_of(&mut world, Some("North"), ore);
        separate(&mut world, "mine", take(ore, 0, 100_000), "DY", 101);
        assert_eq!(found_in(&world), []);
    }
}
