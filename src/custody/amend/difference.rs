//! What two statements of one record differ in, for people: both sides, in few words.

use crate::custody::graph::Graph;
use crate::custody::names;
use crate::model::event::{At, Body};
use crate::model::lot::Lot;
use crate::model::maybe::Maybe;

/// Returns what `after` states otherwise than `before`, each with both values.
pub fn between(graph: &Graph, before: &Body, after: &Body) -> Vec<String> {
    let mut said = Vec::new();
    places(graph, before, after, &mut said);
    if before.inputs() != after.inputs() {
        said.push("what went in".to_owned());
    }
    let steps = |body: &Body| {
        let steps: Vec<String> = body.steps().iter().map(ToString::to_string).collect();
        steps.join(", ")
    };
    if before.steps() != after.steps() {
        said.push(format!("the steps are `{}`, before `{}`", steps(after), steps(before)));
    }
    if before.declared_touches() != after.declared_touches() {
        said.push("what papers say of its past".to_owned());
    }
    for (index, (one, other)) in before.outputs().iter().zip(after.outputs()).enumerate() {
        lots(index, one, other, &mut said);
    }
    match after.outputs().len().saturating_sub(before.outputs().len()) {
        0 => {}
        more => said.push(format!("{} more", names::count(more, "output"))),
    }
    if said.is_empty() && before != after {
        said.push("details".to_owned());
    }
    said
}

fn places(graph: &Graph, before: &Body, after: &Body, said: &mut Vec<String>) {
    if let (Body::DeclareFacility(one), Body::DeclareFacility(other)) = (before, after)
        && one.place != other.place
    {
        said.push(format!("the place is {}, before {}", other.place, one.place));
    }
    let (Some(one), Some(other)) = (before.at(), after.at()) else { return };
    let facility = |at: &At| match &at.facility {
        Maybe::Shown(id) => names::facility(graph, id),
        Maybe::Withheld => "withheld".to_owned(),
    };
    if one.facility != other.facility {
        said.push(format!("the facility is {}, before {}", facility(other), facility(one)));
    }
    let period = |at: &At| match &at.period {
        Maybe::Shown(period) => period.to_string(),
        Maybe::Withheld => "withheld".to_owned(),
    };
    if one.period != other.period {
        said.push(format!("the period is {}, before {}", period(other), period(one)));
    }
}

fn lots(index: usize, before: &Lot, after: &Lot, said: &mut Vec<String>) {
    if before == after {
        return;
    }
    let name = after.label().map_or_else(|| format!("output {index}"), |label| format!("`{label}`"));
    let mass = |lot: &Lot| lot.mass().map_or_else(|| "withheld".to_owned(), |mass| mass.to_string());
    let told = said.len();
    if before.material != after.material {
        said.push(format!("{name} is {}, before {}", after.material, before.material));
    }
    if mass(before) != mass(after) {
        said.push(format!("{name} holds {}, before {}", mass(after), mass(before)));
    }
    if before.composition != after.composition {
        said.push(format!("what {name} is made of"));
    }
    if said.len() == told {
        said.push(format!("details of {name}"));
    }
}
