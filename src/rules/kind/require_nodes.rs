//! `require_nodes`: a disclosure: the countries of each node are known, or the node is not passed.
//!
//! It never fails: it asks what is known, not what is allowed. Spec: docs/formats/kinds/require_nodes.md.

mod map;

use serde::{Deserialize, Serialize};

use super::needs::{Least, Missed};
use super::{Asked, AskedOver, Kind, Matched, Outcome};
use crate::custody::touch::Touch;
use crate::model::element::Element;
use crate::model::verdict::Verdict;
use crate::rules::nodes::{self, Node, NodeCell};
use crate::rules::open;
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use, filled};
use crate::rules::say;
use crate::rules::verdict::{Reason, ReasonCode};

/// Parameters of `require_nodes`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequireNodes {
    /// The nodes, in the order of the table.
    #[serde(rename = "node")]
    pub nodes: Vec<Node>,
    /// Elements and the evidence they need; an element in none of the lists has no column.
    pub elements: Vec<NodeElements>,
}

/// Elements of a disclosure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeElements {
    /// List of elements.
    pub list: String,
    /// Weakest evidence that is enough.
    #[serde(default)]
    pub least: Least,
    /// What it means that evidence is missing.
    #[serde(default)]
    pub missing: Missed,
}

impl Kind for RequireNodes {
    fn name(&self) -> &'static str {
        "require_nodes"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        if self.nodes.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.node") });
        }
        for (at, node) in self.nodes.iter().enumerate() {
            filled(&format!("{field}.node[{at}].name"), &node.name)?;
            if node.stages.is_empty() {
                return Err(PackFault::Empty { field: format!("{field}.node[{at}].stages") });
            }
        }
        if self.elements.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.elements") });
        }
        Ok(())
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let rows = self.elements.iter().enumerate();
        rows.map(|(at, row)| Use::new(format!("elements[{at}].list"), Table::Elements, &row.list)).collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        Some(self.all_elements(pack))
    }

    fn untold(&self) -> Option<&'static str> {
        None
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let (facts, pack) = (asked.facts, asked.pack);
        let mut outcome = Outcome::default();
        let mut on_paper: Vec<Element> = Vec::new();
        let mut looked_at = false;
        for row in &self.elements {
            let table = nodes::of_facts(facts, &self.nodes, pack.element_list(&row.list));
            looked_at |= !table.elements.is_empty();
            for (node, cell) in
                table.rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (&row.node, cell)))
            {
                for mut reason in open_in(row.least, cell) {
                    reason.text = format!("{}: {}", node.name, reason.text);
                    match row.missing {
                        Missed::Unknown => outcome.reasons.push(reason),
                        Missed::Finding => {
                            outcome.notes.push(format!("{}, not decisive: {}", cell.element, reason.text));
                        }
                    }
                }
                if cell.left_out > 0 {
                    let (element, count) = (cell.element, cell.left_out);
                    outcome
                        .notes
                        .push(format!("{element}, {}: {count} further reasons are left out", node.name));
                }
                let is_on_paper = cell.places.iter().any(|place| !Least::Signed.allows(place.grade));
                if is_on_paper && row.missing == Missed::Unknown && !on_paper.contains(&cell.element) {
                    on_paper.push(cell.element);
                }
            }
        }
        if !looked_at {
            outcome.not_applicable = true;
            outcome.notes.push("the lot holds none of the elements asked about".to_owned());
        }
        if !on_paper.is_empty() {
            on_paper.sort_unstable();
            outcome.notes.insert(0, format!("{} on supplier statement", say::elements(&on_paper)));
        }
        outcome
    }

    fn judge_portfolio(&self, asked: &AskedOver<'_, '_>) -> Option<Outcome> {
        Some(self.of_portfolio(asked))
    }

    fn matched(&self, asked: &Asked<'_, '_>) -> Vec<Matched> {
        let mut matched = Vec::new();
        for row in &self.elements {
            for element in asked.pack.element_list(&row.list) {
                let path = asked.facts.path(*element);
                let is_of_node =
                    |touch: &&Touch| self.nodes.iter().any(|node| node.stages.contains(&touch.step.stage));
                for touch in path.touches.iter().filter(is_of_node) {
                    let counts = match (open::unplaced_code(touch), row.least.allows(touch.grade)) {
                        (Some(_), _) => "place not known",
                        (None, true) => "placed",
                        (None, false) => "on weaker evidence than is asked for",
                    };
                    matched.push(Matched::new(asked, *element, touch, counts));
                }
            }
        }
        matched
    }
}

impl RequireNodes {
    /// Returns every element it asks about, in the order of its rows.
    pub fn all_elements(&self, pack: &Pack) -> Vec<Element> {
        let mut all: Vec<Element> = Vec::new();
        for element in self.elements.iter().flat_map(|row| pack.element_list(&row.list)) {
            if !all.contains(element) {
                all.push(*element);
            }
        }
        all
    }
}

/// Returns what is open in a cell, places on too weak evidence among it.
fn open_in(least: Least, cell: &NodeCell) -> Vec<Reason> {
    let weak = cell.places.iter().filter(|place| !least.allows(place.grade)).map(|place| Reason {
        code: ReasonCode::WeakEvidence,
        verdict: Verdict::Unknown,
        elements: vec![cell.element],
        text: format!("{}, {}", place.place, say::grade(place.grade)),
        records: place.records.clone(),
        resolve: Some("get the maker's certificate that names the place, and give its SHA-256".to_owned()),
    });
    cell.open.iter().cloned().chain(weak).collect()
}
