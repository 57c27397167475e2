//! The node table: for each node of making a magnet and each element, the countries it was passed in.
//!
//! Derived from the records, never typed. A node that the route skips is *not passed on this route*, which is
//! an answer; a node that must have been passed and is not placed is open. Spec: docs/formats/kinds/require_nodes.md,
//! "Node tables".

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::implied::Missing;
use super::judge::Input;
use super::kind::Predicate;
use super::open;
use super::pack::{Pack, embedded};
use super::verdict::{Limit, Reason, ReasonCode};
use crate::custody::touch::{ElementPath, Gap, GapWhy, Grade, Presence, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::lotref::LotRef;
use crate::model::place::Place;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;

/// A group of stages that a disclosure asks about as one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What it is called, such as `mined`.
    pub name: String,
    /// The stages of it.
    pub stages: Vec<Stage>,
}

/// Nodes by elements.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeTable {
    /// The lot it is about.
    pub lot: LotRef,
    /// The elements that the lot can hold, in the order asked for.
    pub elements: Vec<Element>,
    /// One row for each node.
    pub rows: Vec<NodeRow>,
}

/// One node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeRow {
    /// The node.
    #[serde(flatten)]
    pub node: Node,
    /// One cell for each element.
    pub cells: Vec<NodeCell>,
}

/// One node and one element.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeCell {
    /// The element.
    pub element: Element,
    /// What is known as a whole.
    pub state: CellState,
    /// Where it was passed, by place and grade.
    pub places: Vec<NodePlace>,
    /// What is open or kept back; there may be places beside it.
    pub open: Vec<Reason>,
    /// How many further ones are not told.
    pub left_out: usize,
}

/// What is known of a node as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// Every place is known.
    Known,
    /// The material came here without passing it.
    NotPassedOnThisRoute,
    /// A place is not known.
    Unknown,
    /// A place, or what is behind it, is withheld.
    Withheld,
}

/// A country or region in which a node was passed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodePlace {
    /// Where.
    pub place: Place,
    /// On what grade of evidence.
    pub grade: Grade,
    /// Whether all of the element passed it there, as far as can be told, or perhaps some.
    pub presence: Presence,
    /// Which stages of the node, ascending.
    pub stages: Vec<Stage>,
    /// Records that say so, sources first.
    pub records: Vec<RecordId>,
}

impl std::fmt::Display for CellState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Known => "known",
            Self::NotPassedOnThisRoute => "not passed on this route",
            Self::Unknown => "unknown",
            Self::Withheld => "withheld",
        })
    }
}

/// Returns the table of a lot.
///
/// `elements` that the lot cannot hold have no column.
pub fn node_table(input: &Input<'_>, nodes: &[Node], elements: &[Element]) -> NodeTable {
    of_facts(&Facts::new(input), nodes, elements)
}

/// Returns the table of a lot by the four nodes of NDAA FY2023 section 857, for every element of that pack.
pub fn four_node_table(input: &Input<'_>) -> NodeTable {
    let of_pack = |pack: &Pack| match &pack.rule("OR-04")?.check {
        Predicate::RequireNodes(one) => Some((one.nodes.clone(), one.all_elements(pack))),
        _ => None,
    };
    let (nodes, elements) =
        embedded().iter().find_map(of_pack).expect("a test finds the rule in its embedded pack");
    node_table(input, &nodes, &elements)
}

pub(super) fn of_facts(facts: &Facts<'_>, nodes: &[Node], elements: &[Element]) -> NodeTable {
    let elements: Vec<Element> = elements.iter().copied().filter(|element| facts.holds(*element)).collect();
    let mut rows: Vec<NodeRow> =
        nodes.iter().map(|node| NodeRow { node: node.clone(), cells: Vec::new() }).collect();
    for element in &elements {
        let path = facts.path(*element);
        let missing = facts.missing(*element, true);
        for row in &mut rows {
            row.cells.push(of_node(facts, &row.node, &path, &missing));
        }
    }
    NodeTable { lot: facts.lot, elements, rows }
}

fn of_node(facts: &Facts<'_>, node: &Node, path: &ElementPath, missing: &[Missing]) -> NodeCell {
    let (mut places, mut found, mut limit) = (Vec::new(), Vec::new(), Limit::default());
    for touch in path.touches.iter().filter(|touch| node.stages.contains(&touch.step.stage)) {
        match &touch.place {
            TouchPlace::At { place, .. } if touch.grade != Grade::Unknown => add(&mut places, place, touch),
            _ => {
                let code = open::unplaced_code(touch).unwrap_or(ReasonCode::WeakEvidence);
                if limit.admits(code) {
                    found.push(open::unplaced_reason(facts, path.element, touch));
                }
            }
        }
    }
    for gap in path.gaps.iter().filter(|gap| concerns(facts, node, gap)) {
        if limit.admits(open::gap_code(gap)) {
            found.push(open::gap_reason(facts, path.element, gap));
        }
    }
    // A need that several nodes could fill belongs to the last of them.
    let is_here = |missing: &&Missing| missing.stages.last().is_some_and(|last| node.stages.contains(last));
    for missing in missing.iter().filter(is_here) {
        if limit.admits(open::missing_code(missing)) {
            found.push(open::missing_reason(facts, path.element, std::slice::from_ref(missing)));
        }
    }
    places.sort_by(|one: &NodePlace, other| (&one.place, one.grade).cmp(&(&other.place, other.grade)));
    let left_out = limit.left_out().map(|(_, count)| count).sum();
    let mut cell =
        NodeCell { element: path.element, state: CellState::Unknown, places, open: found, left_out };
    cell.state = state(&cell);
    cell
}

fn add(places: &mut Vec<NodePlace>, place: &Place, touch: &Touch) {
    let known = places.iter_mut().find(|one| one.place == *place && one.grade == touch.grade);
    let Some(known) = known else {
        places.push(NodePlace {
            place: *place,
            grade: touch.grade,
            presence: touch.presence,
            stages: vec![touch.step.stage],
            records: vec![touch.record],
        });
        return;
    };
    known.presence = known.presence.max(touch.presence);
    if !known.stages.contains(&touch.step.stage) {
        known.stages.push(touch.step.stage);
        known.stages.sort_unstable();
    }
    if known.records.last() != Some(&touch.record) {
        known.records.push(touch.record);
    }
}

/// Whether a stage of the node can lie behind a gap. After an intake what is missing is told stage by stage.
fn concerns(facts: &Facts<'_>, node: &Node, gap: &Gap) -> bool {
    !matches!(gap.why, GapWhy::UndeclaredPast { .. }) && open::may_lie_behind(facts, gap, &node.stages)
}

fn state(cell: &NodeCell) -> CellState {
    match Verdict::worst(cell.open.iter().map(|open| open.verdict)) {
        Verdict::Withheld => CellState::Withheld,
        Verdict::NotApplicable if cell.places.is_empty() => CellState::NotPassedOnThisRoute,
        Verdict::NotApplicable => CellState::Known,
        _ => CellState::Unknown,
    }
}

#[cfg(test)]
mod tests;
