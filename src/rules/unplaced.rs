//! What must have been done to an element and nothing places, as an attestation tells it.
//!
//! The same that rules about places look for on the way, without the records that leave it open: the fact for a reader
//! who does not get these. Spec: docs/formats/record.md, "`unplaced`".

use std::collections::BTreeSet;

use super::facts::Facts;
use super::implied::Missing;
use super::judge::Input;
use crate::model::element::Element;
use crate::model::event::Unplaced;
use crate::model::stage::{Process, Stage};

/// Returns what must have been done to each of `elements` in a lot and is not placed for all of it; each once, ascending.
pub fn unplaced(input: &Input<'_>, elements: &[Element]) -> Vec<Vec<Unplaced>> {
    let facts = Facts::new(input);
    elements.iter().map(|element| of_element(&facts, *element)).collect()
}

fn of_element(facts: &Facts<'_>, element: Element) -> Vec<Unplaced> {
    let kept = |recycled_is_origin| -> BTreeSet<(Vec<Stage>, Option<Process>)> {
        facts.missing(element, recycled_is_origin).iter().map(told).collect()
    };
    // What is looked for even where collection counts as the beginning matters to every rule.
    let always = kept(true);
    let unplaced = |(stages, process): (Vec<Stage>, Option<Process>)| {
        let recycled = !always.contains(&(stages.clone(), process));
        Unplaced { stages, process, recycled }
    };
    kept(false).into_iter().map(unplaced).collect()
}

fn told(missing: &Missing) -> (Vec<Stage>, Option<Process>) {
    let mut stages = missing.stages.clone();
    stages.sort_unstable();
    stages.dedup();
    (stages, missing.process())
}
