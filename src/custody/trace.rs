//! The way of a lot as a tree for printing: upstream to its sources, or downstream to where it went.
//!
//! A flat list of lines with a depth, parents before children, so that a chain of any depth can be built,
//! printed and dropped without recursion. A lot that was shown before is a back reference.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::accounts::circuit_of;
use super::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, Part, Recovered};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

/// Which way a trace goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To what the lot is made of.
    Up,
    /// To what is made of the lot.
    Down,
}

/// One line of a trace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// Distance from the lot asked for, which has 0.
    pub depth: usize,
    /// Whether it is the last child of its parent.
    pub is_last: bool,
    /// How much of the upper lot the lower one took, where that is shown.
    pub took: Option<Mass>,
    /// What stands here.
    pub what: What,
}

/// What stands on one line of a trace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A lot and the record that created it.
    Lot {
        /// The lot.
        lot: LotRef,
        /// Its label, or the nearest one before a handover.
        label: Option<String>,
        /// Kind of the record that created it.
        kind: Kind,
        /// Author of that record.
        by: PartyId,
        /// Whether more lies behind it than the depth asked for.
        is_cut: bool,
    },
    /// A lot that was shown further up with all that belongs to it, or another lot of one record that was:
    /// both have the same sources (up), or the lot joined it in one record (down).
    Again {
        /// The lot.
        lot: LotRef,
        /// Its label.
        label: Option<String>,
        /// The other lot, under which everything is shown.
        beside: Option<LotRef>,
    },
    /// A lot whose record is not held.
    Missing {
        /// The lot.
        lot: LotRef,
    },
    /// Inputs that the author withholds.
    Withheld {
        /// The record.
        record: RecordId,
        /// How many.
        count: u64,
        /// By whom.
        by: PartyId,
    },
    /// A circuit without lots inside: a draw from it (up) stands above what was charged, a charge into it
    /// (down) above what was drawn.
    Circuit {
        /// The draw or charge.
        record: RecordId,
        /// The circuit's name.
        circuit: String,
        /// How many charges can be in the draw, or how many draws can hold some of the charge.
        count: usize,
        /// How many of them are shown further up.
        again: usize,
        /// Whether more lies behind it than the depth asked for.
        is_cut: bool,
    },
    /// A record that consumes and creates nothing.
    Ended {
        /// The record.
        record: RecordId,
        /// Its kind.
        kind: Kind,
        /// By whom.
        by: PartyId,
    },
}

/// Returns the lines behind (`Up`) or after (`Down`) a lot, at most `max_depth` deep if that is given.
pub fn trace(graph: &Graph, lot: &LotRef, way: Way, max_depth: Option<usize>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut shown = HashSet::new();
    let mut expanded: HashMap<RecordId, LotRef> = HashMap::new();
    let mut circuits = Circuits::default();
    let mut stack = vec![Todo { depth: 0, is_last: true, took: None, what: Next::Lot(*lot) }];
    while let Some(todo) = stack.pop() {
        let is_deep = max_depth.is_some_and(|most| todo.depth >= most);
        let (what, children) = match todo.what {
            Next::Line(what) => (what, Vec::new()),
            Next::Circuit(position) => circuits.line(graph, position, is_deep),
            Next::Lot(lot) => match describe(graph, &lot, &mut shown) {
                What::Lot { lot, label, kind, by, .. } => {
                    let children = match way {
                        Way::Up => made_of(graph, &lot, &mut expanded, is_deep),
                        Way::Down => made_into(graph, &lot, &mut expanded, is_deep),
                    };
                    match children {
                        Err(beside) => (What::Again { lot, label, beside: Some(beside) }, Vec::new()),
                        Ok(children) => {
                            let is_cut = is_deep && !children.is_empty();
                            (What::Lot { lot, label, kind, by, is_cut }, children)
                        }
                    }
                }
                other => (other, Vec::new()),
            },
        };
        if !is_deep {
            let last = children.len().saturating_sub(1);
            let next = |(at, (took, what))| Todo { depth: todo.depth + 1, is_last: at == last, took, what };
            stack.extend(children.into_iter().enumerate().map(next).rev());
        }
        lines.push(Line { depth: todo.depth, is_last: todo.is_last, took: todo.took, what });
    }
    lines
}

/// Draws and charges that were shown.
#[derive(Default)]
struct Circuits {
    /// Charges whose lots stand further up, or draws.
    shown: HashSet<usize>,
}

impl Circuits {
    /// Returns the line of a draw with the lots that were charged, or of a charge with the lots that were drawn.
    fn line(&mut self, graph: &Graph, position: usize, is_deep: bool) -> (What, Vec<Child>) {
        let record = &graph.records()[position];
        let is_draw = matches!(record.event.body, Body::Draw(_));
        let others = match is_draw {
            true => graph.accounts().charges_of(position),
            false => graph.accounts().draws_of(position, &mut HashSet::new()),
        };
        let is_new = |shown: &mut HashSet<usize>, at: usize| match is_deep {
            true => !shown.contains(&at),
            false => shown.insert(at),
        };
        let new: Vec<usize> = others.iter().copied().filter(|at| is_new(&mut self.shown, *at)).collect();
        let mut children: Vec<Child> = Vec::new();
        for other in new.iter().map(|at| &graph.records()[*at]) {
            children.extend(graph::withheld_inputs(other).map(|count| {
                let what = What::Withheld { record: other.id, count, by: other.author };
                (None, Next::Line(what))
            }));
            children
                .extend(graph::inputs(other).iter().map(|input| (Some(input.mass), Next::Lot(input.lot))));
            children.extend(graph::outputs(other).map(|(lot, _)| (None, Next::Lot(lot))));
        }
        let what = What::Circuit {
            record: record.id,
            circuit: circuit_of(&record.event.body).map(|(_, name)| name.to_owned()).unwrap_or_default(),
            count: others.len(),
            again: others.len() - new.len(),
            is_cut: is_deep && !children.is_empty(),
        };
        (what, children)
    }
}

struct Todo {
    depth: usize,
    is_last: bool,
    took: Option<Mass>,
    what: Next,
}

enum Next {
    Lot(LotRef),
    /// A draw (up) or charge (down), by its position.
    Circuit(usize),
    Line(What),
}

fn describe(graph: &Graph, lot: &LotRef, shown: &mut HashSet<LotRef>) -> What {
    let (Some(record), true) = (graph.creator(lot), graph.lot(lot).is_some()) else {
        return What::Missing { lot: *lot };
    };
    let label = graph.label(lot);
    if !shown.insert(*lot) {
        return What::Again { lot: *lot, label, beside: None };
    }
    What::Lot { lot: *lot, label, kind: record.kind(), by: record.author, is_cut: false }
}

type Child = (Option<Mass>, Next);

/// Returns what a lot is made of, or the other lot of its record under which that is shown already.
fn made_of(
    graph: &Graph,
    lot: &LotRef,
    expanded: &mut HashMap<RecordId, LotRef>,
    is_deep: bool,
) -> Result<Vec<Child>, LotRef> {
    let Some(record) = graph.creator(lot) else { return Ok(Vec::new()) };
    if let Some(count) = graph::withheld_inputs(record) {
        let what = What::Withheld { record: record.id, count, by: record.author };
        return Ok(vec![(None, Next::Line(what))]);
    }
    if let (Body::Draw(_), Some(position)) = (&record.event.body, graph.position(&record.id)) {
        if let Some(beside) = expanded.get(&record.id) {
            return Err(*beside);
        }
        if !is_deep {
            expanded.insert(record.id, *lot);
        }
        return Ok(vec![(None, Next::Circuit(position))]);
    }
    let inputs = graph::inputs(record);
    let recovered = graph.recovered(lot);
    if !recovered.is_empty() {
        let part = |one: &Recovered| (None, Next::Lot(one.part));
        return Ok(recovered.iter().map(part).collect());
    }
    if let Some(parts) = graph.parts_into(lot) {
        let part = |part: &Part| Some((Some(part.mass), Next::Lot(inputs.get(part.input as usize)?.lot)));
        return Ok(parts.filter_map(part).collect());
    }
    let inputs = if record.event.body.is_pairwise() {
        inputs.get(lot.index as usize).map(std::slice::from_ref).unwrap_or_default()
    } else {
        // All outputs of a record share its inputs: shown once, so that many of both stay few lines.
        match expanded.get(&record.id) {
            _ if inputs.is_empty() => {}
            Some(beside) => return Err(*beside),
            None if is_deep => {}
            None => drop(expanded.insert(record.id, *lot)),
        }
        inputs
    };
    Ok(inputs.iter().map(|input| (Some(input.mass), Next::Lot(input.lot))).collect())
}

/// Returns what is made of a lot; of a record shown already only its first output, as a back reference.
fn made_into(
    graph: &Graph,
    lot: &LotRef,
    expanded: &mut HashMap<RecordId, LotRef>,
    is_deep: bool,
) -> Result<Vec<Child>, LotRef> {
    let mut children: Vec<Child> = Vec::new();
    for one in graph.uses(lot) {
        let Some(record) = graph.record(&one.record) else { continue };
        let mut outputs = graph::outputs(record).map(|(lot, _)| lot);
        let took = Some(one.mass);
        if graph.tells_inputs_apart(record) {
            let made = graph.outputs_of(record, one.input).filter_map(|at| graph::output(record, at));
            children.extend(made.map(|lot| (took, Next::Lot(lot))));
        } else if let (Body::Charge(_), Some(position)) = (&record.event.body, graph.position(&record.id)) {
            children.push((took, Next::Circuit(position)));
        } else if record.event.body.outputs().is_empty() {
            let what = What::Ended { record: record.id, kind: record.kind(), by: record.author };
            children.push((took, Next::Line(what)));
        } else if let Some(first) = expanded.get(&record.id) {
            let what = What::Again { lot: *first, label: graph.label(first), beside: None };
            children.push((took, Next::Line(what)));
        } else {
            if !is_deep {
                expanded.extend(outputs.next().map(|first| (record.id, first)));
            }
            children.extend(graph::outputs(record).map(|(lot, _)| (took, Next::Lot(lot))));
        }
    }
    Ok(children)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::DisposeHow;
    use crate::model::evidence::Mixing::Discrete;

    /// Returns each line as depth, mark and label.
    fn text(world: &World, lot: LotRef, way: Way, max_depth: Option<usize>) -> Vec<String> {
        let lines = trace(&world.graph(), &lot, way, max_depth);
        let one = |line: &Line| {
            let what = match &line.what {
                What::Lot { label, is_cut, .. } => {
                    format!("{}{}", label.as_deref().unwrap_or("?"), if *is_cut { " ..." } else { "" })
                }
                What::Again { label, .. } => format!("again {}", label.as_deref().unwrap_or("?")),
                What::Missing { .. } => "missing".to_owned(),
                What::Withheld { count, .. } => format!("{count} withheld"),
                What::Ended { kind, .. } => kind.to_string(),
                What::Circuit { circuit, count, again, .. } => format!("{circuit} {count} {again}"),
            };
            format!("{}{} {what}", line.depth, if line.is_last { "'" } else { "" })
        };
        lines.iter().map(one).collect()
    }

    fn diamond() -> (World, LotRef, LotRef) {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![named("ORE", "ore", 10)]), 0);
        let parts = vec![named("A", "ore", 5), named("B", "ore", 5)];
        let halves = world.repack("mine", Discrete, vec![take(ore, 0, 10)], parts);
        let inputs = vec![take(out(halves, 0), 0, 5), take(out(halves, 1), 0, 5)];
        let whole = world.repack("mine", Discrete, inputs, vec![named("W", "ore", 10)]);
        (world, ore, out(whole, 0))
    }

    #[test]
    fn a_diamond_is_shown_once_in_both_directions() {
        let (world, ore, whole) = diamond();
        assert_eq!(text(&world, whole, Way::Up, None), ["0' W", "1 A", "2' ORE", "1' again B"]);
        assert_eq!(text(&world, ore, Way::Down, None), ["0' ORE", "1 A", "2' W", "1' B", "2' again W"]);
    }

    #[test]
    fn what_lies_deeper_than_asked_is_marked() {
        let (world, _, whole) = diamond();
        assert_eq!(text(&world, whole, Way::Up, Some(1)), ["0' W", "1 A ...", "1' B ..."]);
        assert_eq!(text(&world, whole, Way::Up, Some(0)), ["0' W ..."]);
    }

    #[test]
    fn a_label_is_followed_through_a_handover_and_ends_are_named() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![named("ORE", "ore", 10)]), 0);
        let received = world.hand_over("mine", "plant", ore);
        world.dispose("plant", DisposeHow::Waste, vec![take(received, 0, 10)]);
        assert_eq!(text(&world, ore, Way::Down, None), ["0' ORE", "1' ORE", "2' ORE", "3' dispose"]);
        assert_eq!(text(&world, out(RecordId::ZERO, 0), Way::Up, None), ["0' missing"]);
    }

    #[test]
    fn two_lots_of_one_mine_are_both_ends() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![named("A", "ore", 5), named("B", "ore", 5)]);
        let inputs = vec![take(out(mined, 0), 0, 5), take(out(mined, 1), 0, 5)];
        let whole = world.repack("mine", Discrete, inputs, vec![named("W", "ore", 10)]);
        assert_eq!(text(&world, out(whole, 0), Way::Up, None), ["0' W", "1 A", "1' B"]);
    }

    #[test]
    fn many_inputs_into_many_outputs_stay_few_lines() {
        let mut world = World::new();
        let many = world.extract("mine", vec![lot("ore", 1); 1000]);
        let inputs = (0..1000).map(|at| take(out(many, at), 0, 1)).collect();
        let wide = world.repack("mine", Discrete, inputs, vec![lot("ore", 1); 1000]);
        let inputs = (0..1000).map(|at| take(out(wide, at), 0, 1)).collect();
        let whole = out(world.repack("mine", Discrete, inputs, vec![lot("ore", 1000)]), 0);
        assert_eq!(trace(&world.graph(), &whole, Way::Up, None).len(), 2001);
        assert_eq!(trace(&world.graph(), &out(many, 0), Way::Down, None).len(), 2001);
    }
}
