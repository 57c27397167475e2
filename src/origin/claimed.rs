//! Custody models that are claimed, beside what the graph shows: stronger, weaker, or not told.
//!
//! A claim fails only where the graph shows the mixing, or an ancestor that is said to be less. What is not known of
//! the past leaves it open. Where a label is only handed on, nothing is said again.
//! Spec: docs/origin.md, "Custody models".

use super::model::{Models, Shown, Why, is_weaker};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::model::coded::Coded;
use crate::model::evidence::CustodyModel::{self, BookAndClaim, IdentityPreserved, MassBalance};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns every lot that is said to be kept better than the graph shows, or worse, in the order of the records.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut lots = graph.records().iter().flat_map(graph::outputs);
    if lots.all(|(_, lot)| lot.custody_model.is_none()) {
        return Vec::new();
    }
    let models = Models::new(graph);
    let mut findings = Vec::new();
    for record in graph.records() {
        for (reference, lot) in graph::outputs(record) {
            let (Some(claim), Some(shown)) = (lot.custody_model, models.of(&reference)) else { continue };
            let is_new = shown.by == Some(record.id) || !is_handed_on(graph, record, &reference, claim);
            if is_new {
                findings.extend(compare(graph, record, reference, claim, shown));
            }
        }
    }
    findings
}

/// Whether what a lot was made of had the claim already.
fn is_handed_on(graph: &Graph, record: &Record, lot: &LotRef, claim: CustodyModel) -> bool {
    let inputs = graph::inputs(record);
    let has_it = |input: &crate::model::lot::Input| {
        graph.lot(&input.lot).and_then(|lot| lot.custody_model) == Some(claim)
    };
    match record.event.body.is_pairwise() {
        true => inputs.get(lot.index as usize).is_some_and(has_it),
        false => !inputs.is_empty() && inputs.iter().any(has_it),
    }
}

/// Returns a model as people say it.
pub fn said(model: CustodyModel) -> String {
    model.name().replace('_', " ")
}

/// Returns why a lot of which this is shown cannot be kept apart as well as `claim` says, or why that is open, and what
/// would resolve it; `None` where nothing speaks against it.
pub fn not_that_strong(
    graph: &Graph,
    claim: CustodyModel,
    shown: Shown,
) -> Option<(Weight, String, &'static str)> {
    let by = shown.by.and_then(|by| graph.record(&by));
    let made = by.map_or_else(|| "its past".to_owned(), |by| names::record(graph, by));
    if is_weaker(shown.model, claim) {
        let why = match shown.why {
            Why::OneSource => return None,
            Why::Joined => format!("{made} joins several sources"),
            Why::Unclaimed => format!("{made} joins several sources, none of which is said to be kept apart"),
            Why::Blended => format!("{made} blends it with what is not said to be kept apart"),
            Why::Mixed => format!(
                "{made} mixes it with what is not said to be kept apart, and how much is in which lot is not known"
            ),
            Why::Stated => {
                format!("it is made of a lot that {made} calls {}", said(shown.model))
            }
        };
        // A blend whose proportions this graph does not tell may still be known to who made it.
        let weight = match (shown.why, claim) {
            (Why::Mixed, CustodyModel::ControlledBlending) => Weight::Unknown,
            _ => Weight::Fail,
        };
        let resolve = "call it what the weakest step behind it allows, or record the claims of what went in";
        return Some((weight, why, resolve));
    }
    if claim == CustodyModel::Segregated && shown.why == Why::Unclaimed {
        let why = format!("{made} joins several sources, and none of them is said to be kept apart");
        return Some((Weight::Unknown, why, "the claim on each lot that carries it, from the first on"));
    }
    if shown.is_open && !matches!(claim, MassBalance | BookAndClaim) {
        let why = "not all of what it was made of is known".to_owned();
        return Some((Weight::Unknown, why, "the records behind it, or papers that name its one source"));
    }
    None
}

fn compare(
    graph: &Graph,
    record: &Record,
    lot: LotRef,
    claim: CustodyModel,
    shown: Shown,
) -> Option<Finding> {
    let said = said(claim);
    let by = shown.by.and_then(|by| graph.record(&by));
    let (code, weight, why, resolve) =
        if let Some((weight, why, resolve)) = not_that_strong(graph, claim, shown) {
            (FindingCode::ModelOverstated, weight, why, resolve)
        } else if !is_weaker(shown.model, claim)
            && !shown.is_open
            && is_weaker(claim, CustodyModel::Segregated)
            && is_weaker(claim, shown.model)
            && shown.why != Why::Unclaimed
        {
            let why = match shown.model {
                IdentityPreserved => "all of it comes from one source and was never mixed".to_owned(),
                model => format!("the records show {}", self::said(model)),
            };
            (FindingCode::ModelUnderstated, Weight::Note, why, "nothing has to be mended")
        } else {
            return None;
        };
    let name = names::lot(graph, &lot);
    let message = format!("lot {name} is said to be {said}, but {why}");
    let mut records = vec![record];
    records.extend(by.filter(|by| by.id != record.id));
    let mut finding = found(code, weight, &records, &[lot], message, resolve);
    finding.parties = vec![record.author];
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::evidence::CustodyModel::{ControlledBlending, Segregated};
    use crate::model::evidence::Mixing::{self, Discrete, Homogenised};
    use crate::model::lot::Lot;
    use FindingCode::{ModelOverstated, ModelUnderstated};

    fn called(model: CustodyModel, lot: Lot) -> Lot {
        Lot { custody_model: Some(model), ..lot }
    }

    fn found_in(world: &World) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph()).into_iter().map(|one| (one.code, one.weight)).collect()
    }

    /// Two lots won at two mines, each with or without a claim.
    fn two_ores(world: &mut World, claims: [Option<CustodyModel>; 2]) -> [LotRef; 2] {
        let at = |world: &mut World, by: &str, claim| {
            out(world.extract(by, vec![Lot { custody_model: claim, ..lot("ore", 10) }]), 0)
        };
        [at(world, "mine", claims[0]), {
            let ore = at(world, "works", claims[1]);
            world.hand_over("works", "mine", ore)
        }]
    }

    fn blended(
        claims: [Option<CustodyModel>; 2],
        mixing: Mixing,
        claim: CustodyModel,
    ) -> Vec<(FindingCode, Weight)> {
        let mut world = World::new();
        let [one, other] = two_ores(&mut world, claims);
        let made = vec![called(claim, lot("ore", 20))];
        world.repack("mine", mixing, vec![take(one, 0, 10), take(other, 0, 10)], made);
        found_in(&world)
    }

    #[test]
    fn one_source_is_identity_preserved_through_any_number_of_steps() {
        let mut world = World::new();
        let ores = world.extract("mine", vec![lot("ore", 10), lot("ore", 10)]);
        let inputs = vec![take(out(ores, 0), 0, 10), take(out(ores, 1), 0, 10)];
        let made = vec![called(IdentityPreserved, lot("concentrate", 5))];
        world.transform("mine", "P20 float", Homogenised, inputs, made);
        assert_eq!(found_in(&world), []);
    }

    #[test]
    fn two_mines_are_not_one_source_whatever_they_claim() {
        let segregated = [Some(Segregated); 2];
        assert_eq!(blended(segregated, Homogenised, IdentityPreserved), [(ModelOverstated, Weight::Fail)]);
        assert_eq!(blended([None; 2], Discrete, IdentityPreserved), [(ModelOverstated, Weight::Fail)]);
        assert_eq!(blended(segregated, Homogenised, Segregated), []);
    }

    #[test]
    fn segregation_needs_the_claim_on_every_source() {
        let one = [Some(Segregated), None];
        assert_eq!(blended(one, Homogenised, Segregated), [(ModelOverstated, Weight::Fail)]);
        assert_eq!(blended(one, Homogenised, ControlledBlending), []);
        assert_eq!(blended(one, Discrete, ControlledBlending), [(ModelOverstated, Weight::Unknown)]);
        assert_eq!(blended(one, Discrete, MassBalance), []);
        assert_eq!(blended([None; 2], Homogenised, Segregated), [(ModelOverstated, Weight::Unknown)]);
    }

    #[test]
    fn nothing_upgrades_a_weaker_claim_downstream() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![called(MassBalance, lot("ore", 10))]), 0);
        let made = vec![called(IdentityPreserved, lot("concentrate", 5))];
        world.transform("mine", "P20 float", Homogenised, vec![take(ore, 0, 10)], made);
        assert_eq!(found_in(&world), [(ModelUnderstated, Weight::Note), (ModelOverstated, Weight::Fail)]);
    }

    #[test]
    fn a_label_that_is_handed_on_is_judged_where_it_was_given() {
        let mut world = World::new();
        let [one, other] = two_ores(&mut world, [Some(Segregated), None]);
        let made = vec![called(Segregated, lot("ore", 20))];
        let blend = world.repack("mine", Homogenised, vec![take(one, 0, 10), take(other, 0, 10)], made);
        let sold = world.hand_over("mine", "plant", out(blend, 0));
        let made = vec![called(Segregated, lot("concentrate", 9))];
        world.transform("plant", "P20 float", Homogenised, vec![take(sold, 0, 20)], made);
        assert_eq!(found_in(&world), [(ModelOverstated, Weight::Fail)]);
    }

    #[test]
    fn an_open_past_leaves_a_strong_claim_open_and_a_weak_one_alone() {
        for (claim, found) in [
            (IdentityPreserved, vec![(ModelOverstated, Weight::Unknown)]),
            (Segregated, vec![(ModelOverstated, Weight::Unknown)]),
            (MassBalance, vec![]),
        ] {
            let mut world = World::new();
            world.intake("plant", vec![called(claim, lot("oxide.Nd", 10))], Vec::new());
            assert_eq!(found_in(&world), found, "{claim}");
        }
    }

    #[test]
    fn papers_that_name_two_countries_are_two_sources_and_the_same_words_never_prove_one() {
        for (places, weight) in [(["AU", "AU"], Weight::Unknown), (["AU", "CN"], Weight::Fail)] {
            let mut world = World::new();
            let lots = places.map(|place| {
                let touch = declared(0, &["Nd"], "P10 mine", place, true);
                out(world.intake("plant", vec![lot("oxide.Nd", 10)], vec![touch]), 0)
            });
            let made = vec![called(IdentityPreserved, lot("oxide.Nd", 20))];
            world.repack("plant", Homogenised, lots.map(|lot| take(lot, 0, 10)).to_vec(), made);
            assert_eq!(found_in(&world), [(ModelOverstated, weight)], "{places:?}");
        }
    }

    #[test]
    fn a_circuit_that_took_two_sources_is_no_more_than_mass_balance() {
        for (claims, claim, found) in [
            ([Some(Segregated), None], Segregated, vec![(ModelOverstated, Weight::Fail)]),
            ([Some(Segregated), None], MassBalance, vec![]),
            ([Some(Segregated); 2], Segregated, vec![]),
        ] {
            let mut world = World::new();
            let [one, other] = two_ores(&mut world, claims);
            let plant = world.circuit("mine", 60, 0);
            let first = world.charge("mine", plant, "2026-01-10", vec![take(one, 0, 10)]);
            let second = world.charge("mine", plant, "2026-01-11", vec![take(other, 0, 10)]);
            let drawn = world.draw("mine", plant, "2026-01-20", vec![called(claim, lot("oxide.Nd", 5))]);
            world.close("mine", plant, "2026-01-08..2026-01-31", (0, 0), vec![first, second, drawn]);
            assert_eq!(found_in(&world), found, "{claims:?} {claim}");
        }
    }
}
