//! Conditions about what was done where, judged by what the lot went through.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::met::{Met, State};
use crate::custody::graph;
use crate::custody::touch::{ElementPath, Grade, Presence, Touch, TouchPlace};
use crate::model::element::Element;
use crate::model::interval::ONE;
use crate::model::lotref::LotRef;
use crate::model::stage::{Process, Stage};
use crate::rules::kind::share::is_in;
use crate::rules::kind::{Asked, Matched};
use crate::rules::open;
use crate::rules::say;

/// What the steps of rounding in two bounds can add up to.
const ROUNDING: u128 = 1_000;

/// Steps that have to be done in some places, for all of some elements.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoneIn {
    /// Stages that count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Processes that count whatever their stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Process>,
    /// List of countries and regions.
    pub countries: String,
    /// List of elements.
    pub elements: String,
}

impl DoneIn {
    fn counts(&self, touch: &Touch) -> bool {
        self.stages.contains(&touch.step.stage) || self.processes.contains(&touch.step.process)
    }
}

/// Whether all of each element went through a step that counts, in the places asked for and nowhere else.
pub(super) fn done_in(asked: &Asked<'_, '_>, done: &DoneIn) -> Met {
    let places = asked.pack.places(&done.countries);
    let what = say::stages_and_processes(&done.stages, &done.processes);
    let of_element = |element: &Element| {
        let path = asked.facts.path(*element);
        let counting = || path.touches.iter().filter(|touch| done.counts(touch));
        let step = |touch: &Touch| say::step(asked.facts.graph, touch);
        let is_outside =
            |touch: &&Touch| is_in(places, touch) == Some(false) && touch.grade != Grade::Unknown;
        let mut outside: Vec<&Touch> = counting().filter(is_outside).collect();
        outside.sort_by_key(|touch| std::cmp::Reverse(touch.presence));
        if let Some(touch) = outside.first() {
            let text = format!("{} is not in {}", step(touch), done.countries);
            return Met {
                records: vec![touch.record],
                ..match touch.presence {
                    Presence::Certain => Met::refused(text),
                    Presence::Possible => Met::open(
                        format!("{text}, if it is part of this lot"),
                        "show which parcels this lot is made of",
                    ),
                }
            };
        }
        if let Some(touch) = counting().find(|touch| is_in(places, touch).is_none()) {
            let resolve = open::unplaced_reason(asked.facts, *element, touch).resolve;
            return Met {
                records: vec![touch.record],
                is_withheld: matches!(touch.place, TouchPlace::Withheld { .. }),
                ..Met::open(
                    format!("{} is not known to be in {}", step(touch), done.countries),
                    resolve.unwrap_or_default(),
                )
            };
        }
        let is_shown = |touch: &Touch| {
            done.counts(touch) && is_in(places, touch) == Some(true) && touch.grade <= Grade::Transcribed
        };
        let share = asked.facts.traced(*element).through(is_shown);
        if share.share.low + ROUNDING < ONE {
            return Met {
                records: share.records,
                ..Met::open(
                    format!(
                        "not all of its {element} is shown to have gone through {what} in {}",
                        done.countries
                    ),
                    "record the step where it was done, or take the maker's certificate in with it",
                )
            };
        }
        Met::holds(format!("{what} in {}", done.countries))
    };
    worst(asked, &done.elements, of_element)
}

/// Returns the steps that [`done_in`] looks at.
pub(super) fn looked_at(asked: &Asked<'_, '_>, done: &DoneIn) -> Vec<Matched> {
    let places = asked.pack.places(&done.countries);
    let mut matched = Vec::new();
    for element in asked.pack.element_list(&done.elements) {
        let path = asked.facts.path(*element);
        for touch in path.touches.iter().filter(|touch| done.counts(touch)) {
            let counts = match is_in(places, touch) {
                None => "place not known",
                Some(false) => "elsewhere",
                Some(true) if touch.grade > Grade::Transcribed => "on weaker evidence than counts",
                Some(true) => "counts",
            };
            matched.push(Matched::new(asked, *element, touch, counts));
        }
    }
    matched
}

/// Whether all of each element began as recycled material.
pub(super) fn recycled(asked: &Asked<'_, '_>, elements: &str) -> Met {
    let is_collected = |touch: &Touch| touch.step.stage == Stage::R10;
    let of_element = |element: &Element| {
        let path = asked.facts.path(*element);
        if !path.touches.iter().any(is_collected) && path.gaps.is_empty() {
            return Met::refused(format!("its {element} is not of recycled material"));
        }
        let traced = asked.facts.traced(*element);
        let share = traced.share(|touch| is_collected(touch) && touch.grade <= Grade::Transcribed);
        if share.low + ROUNDING >= ONE {
            return Met::holds("all of it is of recycled material");
        }
        if traced.without(is_collected).told.low > ROUNDING || began_elsewhere(asked, &path) {
            return Met::refused(format!("some of its {element} surely is not of recycled material"));
        }
        Met::open(
            format!("not all of its {element} is shown to be of recycled material"),
            "record the collection, or take the waste note in with the scrap",
        )
    };
    worst(asked, elements, of_element)
}

/// Whether some of an element surely came out of the ground and not out of waste.
///
/// What was mined, made into something and collected from it began in the ground too: no step of collection may lie
/// behind another record.
fn began_elsewhere(asked: &Asked<'_, '_>, path: &ElementPath) -> bool {
    let graph = asked.facts.graph;
    let collected = || path.touches.iter().filter(|touch| touch.step.stage == Stage::R10);
    let is_entry =
        |touch: &Touch| graph.record(&touch.record).is_some_and(|record| graph::inputs(record).is_empty());
    if !collected().all(is_entry) {
        return false;
    }
    let of_waste: HashSet<LotRef> = collected().map(|touch| touch.lot).collect();
    let is_mined = |touch: &Touch| touch.step.stage == Stage::P10 && !of_waste.contains(&touch.lot);
    asked.facts.joint_presence(path.element, is_mined) == Some(Presence::Certain)
}

/// Returns what was found of the element that has least; nothing of any of them holds for nobody.
fn worst(asked: &Asked<'_, '_>, list: &str, of_element: impl Fn(&Element) -> Met) -> Met {
    let held = asked.pack.element_list(list).iter().filter(|element| asked.facts.holds(**element));
    let mut worst: Option<Met> = None;
    for element in held {
        let met = of_element(element);
        if worst.as_ref().is_none_or(|known| met.state > known.state) {
            worst = Some(met);
        }
        if worst.as_ref().is_some_and(|known| known.state == State::Refused) {
            break;
        }
    }
    worst.unwrap_or_else(|| Met::refused("the lot holds none of the elements that it is about"))
}
