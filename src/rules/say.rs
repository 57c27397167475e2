//! How reasons speak of steps, places and elements.

use crate::custody::graph::Graph;
use crate::custody::names;
use crate::custody::touch::{Grade, Touch, TouchPlace};
use crate::model::element::Element;
use crate::model::interval::ONE;
use crate::model::maybe::Maybe;
use crate::model::stage::{Process, Stage};

/// Returns "alloying (P60 strip_cast) at `Works` (CN) on 2026-01-05".
pub(super) fn step(graph: &Graph, touch: &Touch) -> String {
    let by = match touch.attested {
        true => format!(", on attestation by {}", names::party(graph, &touch.by)),
        false => String::new(),
    };
    format!("{} ({}) at {}{}{by}", touch.step.stage.title(), touch.step, place(graph, touch), when(touch))
}

/// Returns the name of the facility or maker with its country, as far as they are known.
pub(super) fn place(graph: &Graph, touch: &Touch) -> String {
    match &touch.place {
        TouchPlace::At { facility: Some(facility), place } => {
            // Who attests, where that is not whose record it is.
            let word =
                touch.maker.as_ref().map(|maker| format!(", attested by `{maker}`")).unwrap_or_default();
            format!("{} ({place}){word}", names::facility(graph, facility))
        }
        TouchPlace::At { facility: None, place } => match &touch.maker {
            Some(maker) => format!("`{maker}` ({place})"),
            None => format!("a place in {place}"),
        },
        TouchPlace::Withheld { by } if touch.attested => {
            format!("a place that {} was not shown", names::party(graph, by))
        }
        TouchPlace::Withheld { by } => format!("a place that {} withholds", names::party(graph, by)),
        TouchPlace::NotHeld { facility } => format!("facility `{}`, not held", facility.short()),
    }
}

fn when(touch: &Touch) -> String {
    match &touch.period {
        Maybe::Shown(Some(period)) if period.first == period.last => format!(" on {}", period.first),
        Maybe::Shown(Some(period)) => format!(" in {}..{}", period.first, period.last),
        _ => String::new(),
    }
}

/// Returns the grade in words.
pub(super) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Signed => "signed by the doer",
        Grade::Transcribed => "transcribed from a document",
        Grade::Stated => "stated only",
        Grade::Unknown => "not established by whom",
    }
}

/// Returns "Nd, Fe and B".
pub(super) fn elements(elements: &[Element]) -> String {
    all_of(&elements.iter().map(|element| element.symbol()).collect::<Vec<_>>())
}

/// Returns words as a list with "and" before the last.
pub(super) fn all_of(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// Returns "P10 or leach": stages by their codes, then processes.
pub(super) fn stages_and_processes(stages: &[Stage], processes: &[Process]) -> String {
    let stages = stages.iter().map(Stage::to_string);
    let words: Vec<String> = stages.chain(processes.iter().map(Process::to_string)).collect();
    words.join(" or ")
}

/// Returns "P50 or P60 (reduction to metal or alloying)".
pub(super) fn stages(stages: &[Stage]) -> String {
    let codes: Vec<String> = stages.iter().map(Stage::to_string).collect();
    let titles: Vec<&str> = stages.iter().map(|stage| stage.title()).collect();
    format!("{} ({})", codes.join(" or "), titles.join(" or "))
}

/// Returns a share in percent with one digit, rounded down.
pub(super) fn share_down(share: u128) -> String {
    percent(share / (ONE / 1_000))
}

/// Returns a share in percent with one digit, rounded up.
pub(super) fn share_up(share: u128) -> String {
    percent(share.div_ceil(ONE / 1_000))
}

fn percent(tenths: u128) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}
