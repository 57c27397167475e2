//! Recycled claims: whether anything on a lot's way was collected as the lot is called.
//!
//! Shares are not looked at: one collected lot among many inputs backs the claim here, and how much of it is
//! recycled is another question. Nothing is held against a claim whose past is open.
//! Spec: docs/custody.md, "Recycled claims".

use super::graph::{self, Graph};
use super::names::{self, found};
use crate::model::event::{Body, DeclaredTouch};
use crate::model::evidence::OriginClass::{
    self, ByProduct, Primary, RecycledPostConsumer, RecycledPreConsumer,
};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// What lies behind a lot, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Past(u8);

impl Past {
    /// Collected after use.
    const POST: Self = Self(1);
    /// Collected as waste of making.
    const PRE: Self = Self(2);
    /// Collected, and not said from what.
    const COLLECTED: Self = Self(4);
    /// Came out of a step as swarf, scrap or the like.
    const WASTE: Self = Self(8);
    /// Something behind it is not known.
    const OPEN: Self = Self(16);

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Returns every lot that is called recycled without anything on its way that was collected as such.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let lots = || graph.records().iter().flat_map(graph::outputs);
    if !lots().any(|(_, lot)| is_recycled(lot.origin_class)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    // Sources stand first, so one pass knows what lies behind every input.
    let mut pasts: Vec<Vec<Past>> = Vec::with_capacity(graph.records().len());
    for (position, record) in graph.records().iter().enumerate() {
        let past = |input: usize| match graph.creator_position(position, input) {
            Some(creator) if creator < position => {
                let index = graph::inputs(record)[input].lot.index as usize;
                pasts[creator].get(index).copied().unwrap_or(Past::OPEN)
            }
            _ => Past::OPEN,
        };
        let made = behind(record, &past);
        for ((reference, lot), past) in graph::outputs(record).zip(&made) {
            if is_recycled(lot.origin_class) && claims(graph, record, reference, lot) {
                findings.extend(unbacked(graph, record, (reference, lot), *past));
            }
        }
        pasts.push(made);
    }
    findings
}

/// Returns what lies behind each output of a record, given what lies behind its inputs.
fn behind(record: &Record, past: &dyn Fn(usize) -> Past) -> Vec<Past> {
    let body = &record.event.body;
    let outputs = body.outputs();
    let shown = graph::inputs(record).len();
    match body {
        Body::Extract(_) => vec![Past::default(); outputs.len()],
        Body::Collect(_) => outputs.iter().map(|lot| collected(lot.origin_class)).collect(),
        Body::Intake(_) | Body::OpeningStock(_) => {
            let touches = body.declared_touches();
            (0..).zip(outputs).map(|(index, lot)| on_papers(lot, index, touches)).collect()
        }
        _ if body.is_pairwise() && shown == outputs.len() => (0..shown).map(past).collect(),
        _ => {
            // Stock of a circuit, withheld inputs and what joins without having been a lot are not known.
            let is_open = shown == 0 || matches!(body, Body::Transform(t) if joins(&t.additions));
            let start = if is_open { Past::OPEN } else { Past::default() };
            let all = (0..shown).map(past).fold(start, Past::and);
            outputs.iter().map(|lot| if is_waste(lot) { all.and(Past::WASTE) } else { all }).collect()
        }
    }
}

fn is_recycled(class: Option<OriginClass>) -> bool {
    matches!(class, Some(RecycledPreConsumer | RecycledPostConsumer))
}

fn collected(class: Option<OriginClass>) -> Past {
    match class {
        Some(RecycledPostConsumer) => Past::POST,
        Some(RecycledPreConsumer) => Past::PRE,
        _ => Past::COLLECTED,
    }
}

/// What papers say of a lot from outside the ledger: collected if they declare so, mined if its class says so.
fn on_papers(lot: &Lot, index: u32, touches: &[DeclaredTouch]) -> Past {
    let was_collected = touches.iter().any(|touch| touch.output == index && touch.step.stage == Stage::R10);
    match lot.origin_class {
        class if was_collected => collected(class),
        Some(Primary | ByProduct) => Past::default(),
        _ => Past::OPEN,
    }
}

/// Whether some addition could itself be recycled material: all but reagents, binders and coatings.
fn joins(additions: &MaybeList<crate::model::lot::Addition>) -> bool {
    match additions {
        MaybeList::Withheld(count) => *count > 0,
        MaybeList::Shown(additions) => {
            additions.iter().any(|one| !matches!(one.material.form(), "chemical" | "binder" | "coating"))
        }
    }
}

/// Whether an output of a step is waste of making that is called recycled, so that it counts as such from there on.
pub fn is_reclaimed(body: &Body, lot: &Lot) -> bool {
    matches!(body, Body::Transform(_)) && is_waste(lot) && is_recycled(lot.origin_class)
}

/// Whether a lot is what is left over of making something.
fn is_waste(lot: &Lot) -> bool {
    matches!(lot.material.form(), "scrap" | "swarf" | "slag" | "tailings" | "revert")
}

/// Whether a record makes the claim, and does not hand on what the lot was called before.
fn claims(graph: &Graph, record: &Record, reference: LotRef, lot: &Lot) -> bool {
    if !record.event.body.is_pairwise() {
        return true;
    }
    let source = graph::inputs(record).get(reference.index as usize);
    source
        .and_then(|source| graph.lot(&source.lot))
        .is_none_or(|before| before.origin_class != lot.origin_class)
}

fn unbacked(graph: &Graph, record: &Record, (reference, lot): (LotRef, &Lot), past: Past) -> Option<Finding> {
    let class = lot.origin_class?;
    let is_post = class == RecycledPostConsumer;
    let backed = match is_post {
        true => past.has(Past::POST),
        false => past.has(Past::POST.and(Past::PRE).and(Past::COLLECTED).and(Past::WASTE)),
    };
    if backed {
        return None;
    }
    let (weight, why) = if past.has(Past::COLLECTED) {
        (Weight::Unknown, "what was collected on its way is not said to come from end-of-life goods")
    } else if past.has(Past::OPEN) {
        (Weight::Unknown, "nothing on its way was collected, as far as it is known")
    } else if past.has(Past::PRE) {
        (
            Weight::Fail,
            "what was collected on its way is waste of making, and nothing is of end-of-life goods",
        )
    } else if past.has(Past::WASTE) {
        (Weight::Fail, "it comes of waste of making and of the ground, and nothing was collected after use")
    } else {
        (Weight::Fail, "every way leads to the ground, and nothing on it was collected")
    };
    let message = format!(
        "{} calls lot {} {class}, but {why}",
        names::record(graph, record),
        names::lot(graph, &reference)
    );
    let resolve = "the collector records what was collected, from what, and on which waste document";
    let mut finding = found(FindingCode::RecycledUnbacked, weight, &[record], &[reference], message, resolve);
    finding.parties = vec![record.author];
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::hash::RecordId;
    use crate::model::event::Collect;
    use crate::model::evidence::Mixing::Homogenised;
    use crate::model::maybe::Maybe;

    fn called(material: &str, class: Option<OriginClass>) -> Lot {
        Lot { origin_class: class, ..lot(material, 10) }
    }

    fn collect(world: &mut World, class: Option<OriginClass>) -> RecordId {
        let body = Collect {
            at: world.at("works"),
            steps: steps("R10 collect"),
            supplier: Maybe::Shown(None),
            receipt: Maybe::Shown(None),
            outputs: vec![called("eol_magnet", class)],
        };
        world.record("works", Body::Collect(body))
    }

    /// Melts output 0 of each record into a lot called `class` and returns what is found.
    fn melted(world: &mut World, of: &[RecordId], class: OriginClass) -> Vec<Weight> {
        let inputs = of.iter().map(|one| take(out(*one, 0), 0, 1)).collect();
        let made = vec![called("alloy.NdFeB", Some(class))];
        world.transform("works", "P60 melt", Homogenised, inputs, made);
        findings(&world.graph()).iter().map(|finding| finding.weight).collect()
    }

    #[test]
    fn what_was_collected_after_use_backs_both_classes() {
        for class in [RecycledPreConsumer, RecycledPostConsumer] {
            let mut world = World::new();
            let old = collect(&mut world, Some(RecycledPostConsumer));
            let mined = world.extract("works", vec![lot("ore", 10)]);
            assert_eq!(melted(&mut world, &[old, mined], class), vec![]);
        }
    }

    #[test]
    fn waste_of_making_is_not_post_consumer() {
        let mut world = World::new();
        let swarf = collect(&mut world, Some(RecycledPreConsumer));
        assert_eq!(melted(&mut world.clone(), &[swarf], RecycledPreConsumer), vec![]);
        assert_eq!(melted(&mut world, &[swarf], RecycledPostConsumer), vec![Weight::Fail]);
        let mut world = World::new();
        let untold = collect(&mut world, None);
        assert_eq!(melted(&mut world.clone(), &[untold], RecycledPreConsumer), vec![]);
        assert_eq!(melted(&mut world, &[untold], RecycledPostConsumer), vec![Weight::Unknown]);
    }

    #[test]
    fn the_ground_backs_no_claim_and_an_open_past_accuses_nobody() {
        let mut world = World::new();
        let mined = world.extract("works", vec![lot("ore", 10)]);
        assert_eq!(melted(&mut world.clone(), &[mined], RecycledPreConsumer), vec![Weight::Fail]);
        let papers = world.intake("works", vec![lot("scrap.NdFeB", 10)], vec![]);
        assert_eq!(melted(&mut world, &[mined, papers], RecycledPostConsumer), vec![Weight::Unknown]);
    }

    #[test]
    fn own_swarf_is_pre_consumer_and_a_handover_does_not_claim_anew() {
        let mut world = World::new();
        let mined = world.extract("works", vec![lot("ore", 10)]);
        let inputs = vec![take(out(mined, 0), 0, 10)];
        let swarf = vec![called("swarf.NdFeB", Some(RecycledPreConsumer))];
        let cut = world.transform("works", "P80 machine", Homogenised, inputs, swarf);
        assert_eq!(findings(&world.graph()), vec![]);
        let received = world.hand_over("works", "buyer", out(cut, 0));
        assert_eq!(findings(&world.graph()), vec![]);
        world.change(received.record, |record| {
            if let Body::Receive(receive) = &mut record.event.body {
                receive.outputs[0].origin_class = Some(RecycledPostConsumer);
            }
        });
        let found = findings(&world.graph());
        assert_eq!(found.iter().map(|one| one.weight).collect::<Vec<_>>(), vec![Weight::Fail]);
        assert_eq!(found[0].parties, vec![world.party("buyer")]);
    }
}
