//! One site, register number or licence declared by two parties that have nothing to do with each other.
//!
//! A warning: neighbours share a fence, numbers are mistyped. But a copied declaration borrows a past that is not
//! the copier's, and two firms cannot both win ore under one licence. Spec: docs/custody.md, "Declared twice".

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found, shown_some};
use crate::custody::place::succession;
use crate::hash::{PartyId, RecordId};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::place::Country;
use crate::model::record::Record;

/// Two places closer than this in latitude and in longitude are one site: millionths of a degree, 100 m on a
/// meridian. Chosen here: wider than a position read off a map is wrong, narrower than two plants side by side.
const NEAR: i32 = 900;

/// Returns every pair of declarations that are of one thing, each with the first one before it.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let facilities: Vec<&Record> = graph
        .records()
        .iter()
        .filter(|record| {
            succession::runs(graph, &record.id).is_some() && graph.withdrawn(&record.id).is_none()
        })
        .collect();
    let ties = Ties::of(graph);
    let mut findings = sites(graph, &facilities, &ties);
    findings.extend(numbers(graph, &facilities, &ties));
    findings.extend(licences(graph, &ties));
    findings
}

/// Latitude and longitude in millionths of a degree.
type Position = (i32, i32);

/// What parties say they have to do with each other.
struct Ties {
    pairs: HashSet<(PartyId, PartyId)>,
}

impl Ties {
    fn of(graph: &Graph) -> Self {
        let mut pairs = HashSet::new();
        for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
            let other = match &record.event.body {
                Body::Appoint(appoint) => appoint.party,
                Body::Host(host) => host.guest,
                _ => continue,
            };
            pairs.extend([(record.author, other), (other, record.author)]);
        }
        Self { pairs }
    }

    /// Whether two declarations belong together: one author, a tie, or one succeeds the other.
    fn join(&self, graph: &Graph, one: &Record, other: &Record) -> bool {
        one.author == other.author
            || self.pairs.contains(&(one.author, other.author))
            || origin(graph, one.id) == origin(graph, other.id)
    }
}

/// Returns the first of the facilities that this one succeeds, step by step.
fn origin(graph: &Graph, facility: RecordId) -> RecordId {
    let mut at = facility;
    let mut steps = HashSet::from([at]);
    while let Some(before) = succession::before(graph, &at) {
        if !steps.insert(before) {
            break;
        }
        at = before;
    }
    at
}

fn sites(graph: &Graph, facilities: &[&Record], ties: &Ties) -> Vec<Finding> {
    let mut cells: HashMap<Position, Vec<(&Record, Position)>> = HashMap::new();
    let mut findings = Vec::new();
    for record in facilities {
        let Some(here) = graph.facility(&record.id).and_then(|(_, facility)| facility.coordinates) else {
            continue;
        };
        // A site lies in its own cell or one beside it.
        let cell = (here.0.div_euclid(NEAR), here.1.div_euclid(NEAR));
        let around = (-1..=1).flat_map(|a| (-1..=1).map(move |b| (cell.0 + a, cell.1 + b)));
        let near = around.filter_map(|cell| cells.get(&cell)).flatten().find(|(other, there)| {
            here.0.abs_diff(there.0) <= NEAR.unsigned_abs()
                && here.1.abs_diff(there.1) <= NEAR.unsigned_abs()
                && !ties.join(graph, record, other)
        });
        if let Some((other, there)) = near {
            let apart = here.0.abs_diff(there.0).max(here.1.abs_diff(there.1));
            let what = format!("lie {apart} millionths of a degree apart (one site up to {NEAR})");
            findings.push(twice(graph, other, record, &what));
        }
        cells.entry(cell).or_default().push((record, here));
    }
    findings
}

fn numbers(graph: &Graph, facilities: &[&Record], ties: &Ties) -> Vec<Finding> {
    let mut known: BTreeMap<(&str, &str), Vec<&Record>> = BTreeMap::new();
    let mut findings = Vec::new();
    for record in facilities {
        let identifiers = graph.facility(&record.id).and_then(|(_, facility)| facility.identifiers.shown());
        for one in identifiers.into_iter().flatten() {
            let before = known.entry((&one.scheme, &one.number)).or_default();
            if let Some(other) = before.iter().find(|other| !ties.join(graph, record, other)) {
                let what = format!("have one number `{}` in the register `{}`", one.number, one.scheme);
                findings.push(twice(graph, other, record, &what));
            }
            before.push(record);
        }
    }
    findings
}

fn twice(graph: &Graph, one: &Record, other: &Record, what: &str) -> Finding {
    let name = |record: &Record| {
        format!("{} of {}", names::facility(graph, &record.id), names::party(graph, &record.author))
    };
    let message = format!("facilities {} and {} {what}", name(one), name(other));
    let resolve = "ask both; a sold plant has `cede_facility` and `succeeds`, a tenant a `host`, one firm's parts an `appoint`";
    found(FindingCode::DeclaredTwice, Weight::Warning, &[one, other], &[], message, resolve)
}

fn licences(graph: &Graph, ties: &Ties) -> Vec<Finding> {
    let mut known: HashMap<(&str, Country), Vec<(&Record, RecordId)>> = HashMap::new();
    let mut findings = Vec::new();
    let mut told: HashSet<(PartyId, PartyId)> = HashSet::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::Extract(extract) = &record.event.body else { continue };
        let Some(licence) = shown_some(&extract.licence) else { continue };
        let place = extract.at.facility.shown().and_then(|id| Some((*id, graph.facility(id)?.1.place)));
        let Some((facility, place)) = place else { continue };
        // Every country numbers its own licences.
        let before = known.entry((licence.as_str(), place.country)).or_default();
        let other = before.iter().find(|(other, theirs)| {
            let one_site = origin(graph, facility) == origin(graph, *theirs);
            other.author != record.author && !ties.pairs.contains(&(record.author, other.author)) && !one_site
        });
        if let Some((other, _)) = other
            && told.insert((other.author, record.author))
        {
            let lots: Vec<_> = [other, &record]
                .into_iter()
                .flat_map(|one| graph::outputs(one))
                .map(|(lot, _)| lot)
                .collect();
            let message = format!(
                "{} and {} both win ore under the licence `{licence}` in {}",
                names::party(graph, &other.author),
                names::party(graph, &record.author),
                place.country
            );
            let resolve = "ask the licensing authority whose licence it is; a sold mine has `cede_facility` and `succeeds`";
            let records = [*other, record];
            findings.push(found(
                FindingCode::DeclaredTwice,
                Weight::Warning,
                &records,
                &lots,
                message,
                resolve,
            ));
        }
        if before.iter().all(|(other, _)| other.author != record.author) {
            before.push((record, facility));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::event::{Appoint, CedeFacility, Receiver};
    use crate::model::facility::DeclareFacility;
    use crate::model::maybe::Maybe;
    use crate::model::party::Identifier;

    fn declared(world: &mut World, place: RecordId, change: impl FnOnce(&mut DeclareFacility)) {
        world.change(place, |record| {
            if let Body::DeclareFacility(facility) = &mut record.event.body {
                change(facility);
            }
        });
    }

    fn two_at(first: (i32, i32), second: (i32, i32)) -> World {
        let mut world = World::new();
        for (by, here) in [("mine", first), ("plant", second)] {
            let place = world.place(by);
            declared(&mut world, place, |facility| facility.coordinates = Some(here));
        }
        world
    }

    fn count(world: &World) -> usize {
        let found = findings(&world.graph());
        assert!(found.iter().all(|one| one.weight == Weight::Warning));
        found.len()
    }

    #[test]
    fn one_site_reaches_nine_hundred_millionths_of_a_degree_and_no_further() {
        assert_eq!(count(&two_at((0, 0), (900, -900))), 1);
        assert_eq!(count(&two_at((0, 0), (901, 0))), 0);
        assert_eq!(count(&two_at((-1, 0), (0, 900))), 1);
        assert_eq!(count(&two_at((0, 0), (0, 901))), 0);
    }

    #[test]
    fn a_tie_or_a_succession_explains_it() {
        let mut tied = two_at((0, 0), (0, 0));
        let party = tied.party("plant");
        let tie = crate::model::dealings::Tie::Subsidiary;
        let valid = "2026-01-01..2026-12-31".parse().unwrap();
        tied.record("mine", Body::Appoint(Appoint { party, tie, share: None, valid }));
        assert_eq!(count(&tied), 0);
        let mut sold = two_at((0, 0), (0, 0));
        let (facility, to) = (sold.place("mine"), Receiver::Party(sold.party("plant")));
        let from = "2026-02-01".parse().unwrap();
        let given = sold.record("mine", Body::CedeFacility(CedeFacility { facility, to, from }));
        let place = sold.place("plant");
        declared(&mut sold, place, |facility| facility.succeeds = Some(given));
        assert_eq!(count(&sold), 0);
    }

    #[test]
    fn a_register_number_of_two_parties_is_told() {
        let mut world = World::new();
        for by in ["mine", "plant"] {
            let place = world.place(by);
            let number = Identifier { scheme: "gln".into(), number: "4012345000009".into() };
            declared(&mut world, place, |facility| facility.identifiers = Maybe::Shown(vec![number]));
        }
        assert_eq!(count(&world), 1);
    }

    #[test]
    fn a_licence_of_two_parties_is_told_within_one_country() {
        let mut world = World::new();
        world.establish("other mine", "AU");
        for by in ["mine", "other mine", "works"] {
            let mined = world.extract(by, vec![lot("ore", 1)]);
            world.change(mined, |record| {
                if let Body::Extract(extract) = &mut record.event.body {
                    extract.licence = Maybe::Shown(Some("ML-1".into()));
                }
            });
        }
        assert_eq!(count(&world), 1);
    }
}
