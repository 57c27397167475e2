//! What went into things as their parts, found by looking records up one by one.
//!
//! For whoever writes: `custody` tells it of a whole graph.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{Body, Event};
use crate::hash::RecordId;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;

/// Parts of some things.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Within {
    /// Each lot once, nearest first.
    pub parts: Vec<PartWithin>,
    /// Whether some record is not held, or something of what went in is withheld.
    pub is_open: bool,
}

/// A lot that went in as a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartWithin {
    /// The lot.
    pub lot: LotRef,
    /// How much of it went in, over all assemblies met; none where that is withheld.
    pub mass: Option<Mass>,
}

/// Returns the lots that went into `things` as parts, however often these changed hands or were built in since.
///
/// `event_of` looks a record up. Linear in the records met.
pub fn parts_within(things: &[LotRef], event_of: impl Fn(&RecordId) -> Option<Rc<Event>>) -> Within {
    let mut within = Within::default();
    let mut index: HashMap<LotRef, usize> = HashMap::new();
    let mut seen: HashSet<LotRef> = HashSet::new();
    let mut queue: std::collections::VecDeque<LotRef> = things.iter().copied().collect();
    while let Some(lot) = queue.pop_front() {
        if !seen.insert(lot) {
            continue;
        }
        let Some(event) = event_of(&lot.record) else {
            within.is_open = true;
            continue;
        };
        let body = &event.body;
        if let Body::Disassemble(disassemble) = body
            && let MaybeList::Shown(recovered) = &disassemble.recovered
            && let was = recovered.iter().filter(|one| one.output == lot.index).collect::<Vec<_>>()
            && !was.is_empty()
        {
            queue.extend(was.iter().map(|one| one.part));
            continue;
        }
        let is_component =
            body.outputs().get(lot.index as usize).is_some_and(|lot| lot.material.form() == "component");
        let passes = match body {
            Body::Assemble(_) | Body::Repack(_) => true,
            Body::Transform(_) | Body::Disassemble(_) => is_component,
            body => body.is_pairwise(),
        };
        if !passes {
            continue;
        }
        let Some(MaybeList::Shown(inputs)) = body.inputs() else {
            within.is_open = true;
            continue;
        };
        let mut put_in = |input: &Input, mass: Option<Mass>| {
            let known = *index.entry(input.lot).or_insert_with(|| {
                within.parts.push(PartWithin { lot: input.lot, mass: Some(Mass::ZERO) });
                within.parts.len() - 1
            });
            let part = &mut within.parts[known];
            part.mass = part.mass.zip(mass).and_then(|(one, more)| one.checked_add(more));
            queue.push_back(input.lot);
        };
        match body {
            Body::Assemble(assemble) => match &assemble.parts {
                MaybeList::Shown(parts) => {
                    for part in parts.iter().filter(|part| part.output == lot.index) {
                        if let Some(input) = inputs.get(part.input as usize) {
                            put_in(input, Some(part.mass));
                        }
                    }
                }
                MaybeList::Withheld(_) => inputs.iter().for_each(|input| put_in(input, Some(input.mass))),
            },
            body if body.is_pairwise() => queue.extend(inputs.get(lot.index as usize).map(|input| input.lot)),
            _ => queue.extend(inputs.iter().map(|input| input.lot)),
        }
    }
    within
}
