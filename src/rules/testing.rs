//! A chain from ore to magnet for the tests of this room, in which one thing at a time can be changed.

use std::collections::{BTreeMap, BTreeSet};

use super::as_of::AsOf;
use super::judge::{Input, judge, last_claimed};
use super::pack::{Pack, embedded};
use super::verdict::{ReasonCode, RuleVerdict};
use crate::balance::bands::Bands;
use crate::custody::testing::{World, lot, named, out, outsider, take};
use crate::hash::{RecordId, sha256};
use crate::model::event::DeclaredTouch;
use crate::model::evidence::{Assessment, Assessor, Mixing};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::trust::Trust;

/// Puts the head that small packs share before what a test is about.
macro_rules! small_pack {
    ($rest:literal) => {
        concat!(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shared/pack_head.toml")), $rest)
    };
}
pub(super) use small_pack;

/// Ore, oxide, metal, alloy, magnet, each step signed at its own plant; iron and ferroboron come on papers.
pub(super) struct Chain {
    pub(super) world: World,
    /// Records by what they made: `ore`, `oxide`, `metal`, `iron`, `ferroboron`, `alloy`, `sintered`, `magnet`.
    pub(super) records: BTreeMap<&'static str, RecordId>,
    /// The finished magnets.
    pub(super) magnet: LotRef,
}

/// Where each step is done, and what the papers of iron and ferroboron say.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) mine: &'static str,
    pub(super) separator: &'static str,
    pub(super) metal: &'static str,
    pub(super) alloy: &'static str,
    pub(super) magnet: &'static str,
    pub(super) iron: Vec<DeclaredTouch>,
    pub(super) ferroboron: Vec<DeclaredTouch>,
}

impl Default for Plan {
    /// Nothing in a covered country, everything on paper that must be.
    fn default() -> Self {
        Self {
            mine: "AU",
            separator: "MY",
            metal: "JP",
            alloy: "JP",
            magnet: "DE",
            iron: vec![paper("Fe", "P10 mine", "US"), paper("Fe", "P50 blast_furnace", "US")],
            ferroboron: vec![paper("B+Fe", "P10 mine", "TR"), paper("B+Fe", "P50 carbothermic", "TR")],
        }
    }
}

/// Returns a step declared on a maker's certificate.
pub(super) fn paper(elements: &str, step: &str, place: &str) -> DeclaredTouch {
    DeclaredTouch {
        output: 0,
        elements: elements.parse().expect("elements"),
        step: step.parse().expect("a step"),
        place: place.parse().expect("a place"),
        period: None,
        maker: Maybe::Shown(Some(outsider("Maker"))),
        assessor: Assessor::Commercial,
        assessment: Assessment::Unspecified,
        document: Some(sha256(&[b"certificate"])),
    }
}

/// Returns the same step said without a paper.
pub(super) fn said(elements: &str, step: &str, place: &str) -> DeclaredTouch {
    DeclaredTouch { document: None, ..paper(elements, step, place) }
}

impl Chain {
    pub(super) fn build(plan: Plan) -> Self {
        let mut world = World::new();
        for (name, country) in [
            ("pit", plan.mine),
            ("separation", plan.separator),
            ("metal", plan.metal),
            ("foundry", plan.alloy),
            ("shop", plan.magnet),
        ] {
            world.establish(name, country);
        }
        let mut records = BTreeMap::new();
        let ore = world.extract("pit", vec![named("ORE-1", "ore", 100)]);
        let ore_lot = world.hand_over("pit", "separation", out(ore, 0));
        let oxide = world.transform(
            "separation",
            "P20 float, P30 crack, P40 extract_solvent",
            Mixing::Homogenised,
            vec![take(ore_lot, 0, 100)],
            vec![named("OX-1", "oxide.NdPr", 80)],
        );
        let oxide_lot = world.hand_over("separation", "metal", out(oxide, 0));
        let metal = world.transform(
            "metal",
            "P50 electrolyse",
            Mixing::Homogenised,
            vec![take(oxide_lot, 0, 80)],
            vec![named("ME-1", "metal.NdPr", 70)],
        );
        let metal_lot = world.hand_over("metal", "foundry", out(metal, 0));
        let iron = world.intake("foundry", vec![named("FE-1", "iron.pure", 100)], plan.iron);
        let ferroboron = world.intake("foundry", vec![named("FB-1", "alloy.FeB", 20)], plan.ferroboron);
        let inputs =
            vec![take(metal_lot, 0, 70), take(out(iron, 0), 0, 100), take(out(ferroboron, 0), 0, 20)];
        let alloy = world.transform(
            "foundry",
            "P60 strip_cast",
            Mixing::Homogenised,
            inputs,
            vec![named("AL-1", "alloy.NdFeB", 190)],
        );
        let alloy_lot = world.hand_over("foundry", "shop", out(alloy, 0));
        let sintered = world.transform(
            "shop",
            "P70 sinter",
            Mixing::Homogenised,
            vec![take(alloy_lot, 0, 190)],
            vec![lot("magnet.NdFeB.sintered", 180)],
        );
        let magnet = world.transform(
            "shop",
            "P80 machine, P85 magnetise",
            Mixing::Discrete,
            vec![take(out(sintered, 0), 0, 180)],
            vec![named("MAG-1", "magnet.NdFeB.sintered", 150)],
        );
        for (name, record) in [
            ("ore", ore),
            ("oxide", oxide),
            ("metal", metal),
            ("iron", iron),
            ("ferroboron", ferroboron),
            ("alloy", alloy),
            ("sintered", sintered),
            ("magnet", magnet),
        ] {
            records.insert(name, record);
        }
        Self { world, records, magnet: out(magnet, 0) }
    }

    pub(super) fn judged(&self, rule: &str, as_of: &str) -> RuleVerdict {
        judged(&self.world, self.magnet, rule, as_of, &Trust::default(), &BTreeSet::new())
    }
}

/// Judges a lot by the embedded rule with this name.
pub(super) fn judged(
    world: &World,
    lot: LotRef,
    rule: &str,
    as_of: &str,
    trust: &Trust,
    disabled: &BTreeSet<ReasonCode>,
) -> RuleVerdict {
    let pack = embedded().iter().find(|pack| pack.rule(rule).is_some()).expect("an embedded rule");
    judged_by(pack, world, lot, rule, as_of, trust, disabled)
}

pub(super) fn judged_by(
    pack: &Pack,
    world: &World,
    lot: LotRef,
    rule: &str,
    as_of: &str,
    trust: &Trust,
    disabled: &BTreeSet<ReasonCode>,
) -> RuleVerdict {
    let verdicts = input(world, lot, on(as_of), |input| judge(pack, &Input { trust, ..*input }, disabled));
    verdicts.into_iter().find(|verdict| verdict.rule == rule).expect("one verdict a rule")
}

/// Asks about a lot, as a reader who believes nobody.
pub(super) fn input<T>(world: &World, lot: LotRef, as_of: AsOf<'_>, ask: impl FnOnce(&Input<'_>) -> T) -> T {
    let graph = world.graph();
    let (claimed, trust, bands) = (last_claimed(&graph), Trust::default(), Bands::embedded());
    ask(&Input {
        graph: &graph,
        lot,
        as_of,
        claimed: &claimed,
        trust: &trust,
        bands: &bands,
        later: None,
        thing: None,
        findings: &[],
    })
}

/// Returns the question asked for a day, by a reader without a case file.
pub(super) fn on(day: &str) -> AsOf<'static> {
    AsOf { day: day.parse().expect("a day"), is_asked: true, case: None }
}

/// Returns the codes of a verdict's reasons, ascending, each once.
pub(super) fn codes(verdict: &RuleVerdict) -> Vec<ReasonCode> {
    let codes: BTreeSet<ReasonCode> = verdict.reasons.iter().map(|reason| reason.code).collect();
    codes.into_iter().collect()
}
