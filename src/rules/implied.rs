//! What the form of a material tells of its past: metal was mined, separated and reduced, wherever that was.
//!
//! Papers and records name stages; this says which stages they may not leave out. It is physics, so it is
//! here and in no pack. Spec: docs/formats/kinds/forbid_touch.md, "Stages a form implies".

mod pools;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use self::pools::Pools;
use super::facts::Facts;
use crate::custody::assay;
use crate::custody::assembly::Assembly;
use crate::custody::attested::AttestedWay;
use crate::custody::graph;
use crate::custody::touch::{ElementPath, GapWhy, Touch};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::record::Record;
use crate::model::stage::{Process, Stage};

use Stage::{P10, P20, P30, P40, P50, P60, P70, P75, P85, R10, R30, R40};

/// Something that must have been done to an element before a material of some form could be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Need {
    Mined,
    Concentrated,
    Leached,
    Separated,
    /// Tungsten to oxide, before it is reduced.
    Calcined,
    Reduced,
    Alloyed,
    Formed,
    Magnetised,
}

/// How far a material has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Make {
    Ore,
    Concentrate,
    Mixed,
    Compound,
    Metal,
    MasterAlloy,
    /// An alloy, or something made of it, of tungsten or tantalum that was metal before.
    RefractoryAlloy,
    MagnetAlloy,
    Magnet,
    /// Left over or used up, and of a magnet system.
    Scrap,
    /// Left over or used up, and of what is not told.
    PlainScrap,
    /// The code does not tell.
    Open,
}

/// How far each material code that was met has come; codes are few, lots are many.
#[derive(Default)]
pub(super) struct Makes(RefCell<HashMap<Material, Make>>);

impl Makes {
    fn of(&self, material: &Material) -> Make {
        if let Some(known) = self.0.borrow().get(material) {
            return *known;
        }
        let make = make(material);
        self.0.borrow_mut().insert(material.clone(), make);
        make
    }
}

/// A stage that a material must have been through and that no record or paper places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Missing {
    pub(super) record: RecordId,
    pub(super) lot: LotRef,
    /// The process that alone would do, where not every one of the stages does.
    pub(super) process: Option<Process>,
    /// Stages of which one would do.
    pub(super) stages: Vec<Stage>,
    /// The record declares that the material was collected for recycling.
    pub(super) is_recycled: bool,
}

impl Missing {
    /// Returns the process that alone would do, where not every one of the stages does.
    pub(super) fn process(&self) -> Option<Process> {
        self.process
    }
}

/// Returns whether material of this code can have been through `stage` before it became what it is.
pub(super) fn may_have_passed(makes: &Makes, material: &Material, stage: Stage) -> bool {
    let last = match makes.of(material) {
        Make::Ore => return stage == P10,
        Make::Concentrate => return matches!(stage, P10 | P20),
        Make::Mixed | Make::Compound => P40,
        Make::Metal if material.form() == "iron" => P60,
        Make::Metal => P50,
        Make::MasterAlloy => P60,
        Make::RefractoryAlloy if material.form() == "alloy" => P60,
        Make::MagnetAlloy if material.form() == "powder" => P70,
        Make::MagnetAlloy => P60,
        Make::Magnet | Make::RefractoryAlloy | Make::Scrap | Make::PlainScrap | Make::Open => return true,
    };
    stage <= last || stage >= R10
}

/// Returns every stage on the way of `path` that must have been passed and that nothing places.
///
/// `recycled_is_origin`: collection for recycling counts as the beginning, and what was before does not.
/// A record whose inputs are withheld or not held is left out: its gap says so already.
pub(super) fn missing(facts: &Facts<'_>, path: &ElementPath, recycled_is_origin: bool) -> Vec<Missing> {
    let mut steps: BTreeMap<(usize, LotRef), Vec<&Touch>> = BTreeMap::new();
    let position = |record: &RecordId| facts.graph.position(record).unwrap_or(usize::MAX);
    // What was done to a thing as a whole says nothing of what must have been done to its part before.
    for touch in path.touches.iter().filter(|touch| !touch.attested && !facts.is_later(touch)) {
        steps.entry((position(&touch.record), touch.lot)).or_default().push(touch);
    }
    let mut open: HashSet<LotRef> = HashSet::new();
    for gap in &path.gaps {
        match gap.why {
            GapWhy::UndeclaredPast { record } => {
                steps.entry((position(&record), gap.lot)).or_default();
            }
            GapWhy::Addition(_) => {}
            _ => {
                open.insert(gap.lot);
            }
        }
    }
    let mut missing = Vec::new();
    for (lot, way) in attested(facts, path) {
        open.insert(lot);
        for one in way.unplaced.iter().filter(|one| !(one.recycled && recycled_is_origin)) {
            let (process, stages) = (one.process, one.stages.clone());
            missing.push(Missing { record: way.record, lot, process, stages, is_recycled: one.recycled });
        }
    }
    for record in facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id)) {
        if matches!(record.event.body, Body::Repack(_)) {
            for (lot, output) in graph::outputs(record) {
                if assay::carries(facts.graph, &lot, output, path.element) == Carries::Yes {
                    steps.entry((position(&record.id), lot)).or_default();
                }
            }
        }
    }
    let mut pools = Pools::new(facts, path.element);
    for ((_, lot), touches) in steps {
        let (Some(record), Some(output)) = (facts.graph.creator(&lot), facts.graph.lot(&lot)) else {
            continue;
        };
        if open.contains(&lot) || graph::withheld_inputs(record).is_some() {
            continue;
        }
        let is_recycled = touches.iter().any(|touch| touch.step.stage == R10);
        let inherited = match record.event.body {
            Body::Draw(_) => pools.of_draw(record),
            _ => inherited(facts, record, &lot, path.element),
        };
        if inherited.is_none() && matches!(record.event.body, Body::Repack(_)) {
            continue;
        }
        let make = facts.makes.of(&output.material);
        for need in needs(&facts.makes, output, path.element) {
            let is_inherited = inherited.as_ref().is_some_and(|inherited| inherited.contains(&need));
            let stages = stages(need, path.element, make);
            // What was done inside the thing that a part came out of was done to the part.
            let is_done = match record.event.body {
                Body::Disassemble(_) => {
                    path.touches.iter().any(|touch| does(touch, need, stages, path.element))
                }
                _ => touches.iter().any(|touch| does(touch, need, stages, path.element)),
            };
            let by_recycling = recycled_is_origin
                && is_recycled
                && (matches!(make, Make::Scrap | Make::PlainScrap) || recycling_does(&touches, need));
            if !(is_inherited || is_done || by_recycling) {
                let process = (need == Need::Calcined).then_some(Process::Calcine);
                let stages = stages.to_vec();
                missing.push(Missing { record: record.id, lot, process, stages, is_recycled });
            }
        }
    }
    missing
}

/// Returns the attested lots on the way, each with what is attested of the element.
fn attested<'f>(
    facts: &'f Facts<'_>,
    path: &'f ElementPath,
) -> impl Iterator<Item = (LotRef, &'f AttestedWay)> {
    path.origins.iter().filter_map(|id| match &facts.graph.record(id)?.event.body {
        Body::Attest(attest) => Some((attest.lot, facts.graph.attested_of(&attest.lot)?.way(path.element)?)),
        _ => None,
    })
}

/// Returns what every input that brings the element has behind it; `None` where no input brings it.
fn inherited(facts: &Facts<'_>, record: &Record, lot: &LotRef, element: Element) -> Option<Vec<Need>> {
    let held = |lot: &LotRef| {
        let value = facts.graph.lot(lot)?;
        Some((value, assay::carries(facts.graph, lot, value, element)))
    };
    let lots: Vec<(&Lot, Carries)> = sources(facts, record, lot).iter().filter_map(held).collect();
    let carrying = |wanted: Carries| -> Vec<&Lot> {
        lots.iter().filter(|(_, carries)| *carries == wanted).map(|(lot, _)| *lot).collect()
    };
    let mut sources = carrying(Carries::Yes);
    if sources.is_empty() {
        sources = carrying(Carries::Possible);
    }
    let mut all = needs(&facts.makes, sources.first()?, element);
    for source in &sources[1..] {
        let theirs = needs(&facts.makes, source, element);
        all.retain(|need| theirs.contains(need));
    }
    Some(all)
}

/// Returns the lots that can have brought something into an output.
///
/// What comes out of a thing that was taken apart had been one of its parts; the thing's own code says little.
fn sources(facts: &Facts<'_>, record: &Record, lot: &LotRef) -> Vec<LotRef> {
    let recovered = facts.graph.recovered(lot);
    if !recovered.is_empty() {
        return recovered.iter().map(|one| one.part).collect();
    }
    let inputs: Vec<LotRef> = facts.graph.inputs_of(lot).map(|at| graph::inputs(record)[at].lot).collect();
    match record.event.body {
        Body::Disassemble(_) => {
            let built_of = Assembly::of(facts.graph, &inputs);
            built_of.members.iter().filter(|member| member.is_part).map(|member| member.lot).collect()
        }
        _ => inputs,
    }
}

/// Returns what must have been done to `element` for a lot to be what it is.
fn needs(makes: &Makes, lot: &Lot, element: Element) -> Vec<Need> {
    use Need::*;
    let rare = element.is_rare_earth();
    let tungsten = element.symbol() == "W";
    let make = makes.of(&lot.material);
    let mut needs = match make {
        Make::Ore | Make::Open => vec![Mined],
        Make::Concentrate => vec![Mined, Concentrated],
        Make::Mixed => vec![Mined, Leached],
        Make::Compound if rare => vec![Mined, Separated],
        Make::Compound if tungsten && lot.material.is_oxide() => vec![Mined, Calcined],
        Make::Compound => vec![Mined],
        Make::Metal | Make::MasterAlloy | Make::RefractoryAlloy if rare => vec![Mined, Separated, Reduced],
        Make::RefractoryAlloy if tungsten => vec![Mined, Calcined, Reduced, Alloyed],
        Make::RefractoryAlloy if element.symbol() == "Ta" => vec![Mined, Reduced, Alloyed],
        // Ferrotungsten is smelted of concentrate.
        Make::Metal if tungsten => vec![Mined, Calcined, Reduced],
        Make::Metal | Make::MasterAlloy | Make::RefractoryAlloy => vec![Mined, Reduced],
        Make::MagnetAlloy if rare => vec![Mined, Separated, Reduced, Alloyed],
        Make::MagnetAlloy => vec![Mined, Reduced, Alloyed],
        Make::PlainScrap => vec![Mined],
        Make::Scrap if tungsten => vec![Mined, Calcined, Reduced],
        Make::Scrap if element.symbol() == "Ta" => vec![Mined, Reduced],
        Make::Scrap if rare => vec![Mined, Separated, Reduced, Alloyed],
        Make::Scrap => vec![Mined, Reduced, Alloyed],
        Make::Magnet if rare => vec![Mined, Separated, Reduced, Alloyed, Formed],
        Make::Magnet => vec![Mined, Reduced, Alloyed, Formed],
    };
    let is_magnetised = lot.marks.shown().is_some_and(|marks| marks.magnetised == Some(true));
    if make == Make::Magnet && is_magnetised {
        needs.push(Magnetised);
    }
    needs
}

/// Returns the stages of which one fulfils a need.
fn stages(need: Need, element: Element, make: Make) -> &'static [Stage] {
    let is_metal = matches!(make, Make::Metal | Make::MasterAlloy | Make::RefractoryAlloy);
    match need {
        Need::Mined => &[P10],
        Need::Concentrated => &[P20],
        Need::Leached => &[P30, P40],
        Need::Separated | Need::Calcined => &[P40],
        // Master alloys such as DyFe come from one furnace, whichever of the two stages it is called.
        Need::Reduced if element.is_rare_earth() && make == Make::MasterAlloy => &[P50, P60],
        Need::Reduced if element.is_rare_earth() => &[P50],
        Need::Reduced if matches!(element.symbol(), "Ta" | "W") && make == Make::RefractoryAlloy => &[P50],
        Need::Reduced if matches!(element.symbol(), "Ta" | "W") => &[P50, P60],
        Need::Reduced if matches!(element.symbol(), "Fe" | "B") && is_metal => &[P50, P60],
        Need::Reduced if matches!(element.symbol(), "Fe" | "B") => &[P50],
        Need::Reduced if is_metal => &[P40, P50, P60],
        Need::Reduced => &[P40, P50],
        Need::Alloyed => &[P60],
        Need::Formed => &[P70, P75],
        Need::Magnetised => &[P85],
    }
}

/// Whether a touch fulfils a need.
fn does(touch: &Touch, need: Need, stages: &[Stage], element: Element) -> bool {
    if need == Need::Calcined {
        return touch.step.process == Process::Calcine;
    }
    if stages.contains(&touch.step.stage) {
        return true;
    }
    match touch.step.process {
        // Oxide straight to alloy powder: both in one step.
        Process::ReductionDiffusion => matches!(need, Need::Reduced | Need::Alloyed),
        // Terbium or dysprosium goes from oxide or fluoride into the finished magnet.
        Process::Diffuse if matches!(element.symbol(), "Tb" | "Dy") => {
            matches!(need, Need::Reduced | Need::Alloyed | Need::Formed)
        }
        _ => false,
    }
}

/// Whether collection and what followed it stand in for a need.
fn recycling_does(touches: &[&Touch], need: Need) -> bool {
    let has = |stage: Stage| touches.iter().any(|touch| touch.step.stage == stage);
    match need {
        Need::Mined | Need::Concentrated | Need::Leached => true,
        Need::Separated => has(R30) || has(R40),
        Need::Calcined | Need::Reduced | Need::Alloyed => has(R30),
        Need::Formed | Need::Magnetised => false,
    }
}

fn make(material: &Material) -> Make {
    match material.form() {
        "ore" | "borate" => Make::Ore,
        "concentrate" => Make::Concentrate,
        "mixed_carbonate" | "mixed_chloride" => Make::Mixed,
        "oxide" | "fluoride" | "chloride" | "carbonate" | "salt" if is_unseparated(material) => Make::Mixed,
        "oxide" | "fluoride" | "chloride" | "carbonate" | "salt" | "boric_acid" => Make::Compound,
        "metal" | "iron" => Make::Metal,
        "alloy" if is_magnet_system(material) => Make::MagnetAlloy,
        "alloy" | "component" if is_refractory(material) => Make::RefractoryAlloy,
        "alloy" => Make::MasterAlloy,
        "powder" if is_magnet_system(material) => Make::MagnetAlloy,
        "powder" if material.as_str().contains('.') => Make::Metal,
        "magnet" => Make::Magnet,
        "eol_magnet" => Make::Scrap,
        "scrap" | "swarf" | "revert" if is_magnet_system(material) || is_refractory(material) => Make::Scrap,
        "scrap" | "swarf" | "revert" => Make::PlainScrap,
        _ => Make::Open,
    }
}

/// Whether the code names rare earths as they come out of the leach, not one by one.
fn is_unseparated(material: &Material) -> bool {
    matches!(material.as_str().split('.').nth(1), Some("TREO" | "TRE" | "LREO" | "HREO"))
}

/// Whether the code names tungsten, tantalum or an alloy of them that is made of metal.
fn is_refractory(material: &Material) -> bool {
    matches!(material.as_str().split('.').nth(1), Some("W" | "WHA" | "Ta" | "TaW"))
}

/// Whether the code names a system that magnets are made of: a rare earth with iron and boron, or Sm with Co or Fe.
fn is_magnet_system(material: &Material) -> bool {
    let names = |symbol: &str| {
        Element::from_symbol(symbol).is_ok_and(|element| material.carries(element) == Carries::Yes)
    };
    let rare = || (57..=71).filter_map(Element::from_number).any(|one| material.carries(one) == Carries::Yes);
    (names("Fe") && names("B") && rare()) || (names("Sm") && (names("Co") || names("Fe")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lot::Quantity;
    use crate::model::mass::Mass;

    fn code(text: &str) -> Material {
        text.parse().unwrap()
    }

    fn needs_of(material: &str, symbol: &str) -> Vec<Need> {
        let lot = Lot::new(code(material), Quantity::of(Mass::from_mg(1)));
        needs(&Makes::default(), &lot, symbol.parse().unwrap())
    }

    #[test]
    fn each_form_needs_what_the_form_before_it_needed_and_one_thing_more() {
        for (element, forms) in [
            ("Nd", ["ore", "oxide.Nd", "metal.Nd", "alloy.NdFeB", "magnet.NdFeB"].as_slice()),
            ("Fe", ["ore", "iron.pure", "alloy.NdFeB", "magnet.NdFeB"].as_slice()),
            ("B", ["borate.ore", "alloy.FeB", "alloy.NdFeB", "magnet.NdFeB"].as_slice()),
            ("Sm", ["ore", "oxide.Sm", "metal.Sm", "alloy.SmCo", "magnet.SmCo"].as_slice()),
            ("W", ["salt.APT", "oxide.W", "powder.W", "alloy.WHA"].as_slice()),
            ("Ta", ["salt.Ta", "powder.Ta", "alloy.TaW"].as_slice()),
        ] {
            let all: Vec<Vec<Need>> = forms.iter().map(|form| needs_of(form, element)).collect();
            for pair in all.windows(2) {
                assert_eq!(pair[1][..pair[0].len()], pair[0], "{element}: {forms:?}");
                assert_eq!(pair[1].len(), pair[0].len() + 1, "{element}: {forms:?}");
            }
        }
    }

    #[test]
    fn mixed_oxides_are_not_separated_and_master_alloys_are_not_magnet_alloys() {
        assert_eq!(needs_of("oxide.TREO", "Nd"), [Need::Mined, Need::Leached]);
        assert_eq!(needs_of("alloy.DyFe", "Dy"), [Need::Mined, Need::Separated, Need::Reduced]);
        assert_eq!(needs_of("scrap", "Nd"), [Need::Mined]);
        assert_eq!(needs_of("component", "Nd"), [Need::Mined]);
        assert_eq!(needs_of("alloy.FeW", "W"), [Need::Mined, Need::Reduced]);
        assert_eq!(needs_of("scrap.W", "W"), needs_of("powder.W", "W"));
        assert_eq!(needs_of("scrap.Ta", "Ta"), needs_of("powder.Ta", "Ta"));
        assert_eq!(needs_of("component.WHA", "W"), needs_of("alloy.WHA", "W"));
        assert_eq!(needs_of("alloy.WHA", "Ni"), [Need::Mined, Need::Reduced]);
    }

    #[test]
    fn a_form_cannot_have_passed_a_stage_beyond_it_unless_it_was_something_else_before() {
        let may = |material: &str, stage| may_have_passed(&Makes::default(), &code(material), stage);
        assert!(may("ore", P10) && !may("ore", P20));
        assert!(may("oxide.Nd", P40) && !may("oxide.Nd", P50));
        assert!(may("metal.Nd", P50) && !may("metal.Nd", P60));
        assert!(may("iron.pure", P60) && !may("iron.pure", P70));
        assert!(may("alloy.NdFeB", P60) && !may("alloy.NdFeB", P70));
        assert!(may("scrap.NdFeB", P85) && may("component", P85));
        assert!(may("alloy.WHA", P60) && !may("alloy.WHA", Stage::P80) && may("component.WHA", Stage::P80));
        assert!(may("oxide.Nd", R40) && !may("ore", R10));
    }
}
