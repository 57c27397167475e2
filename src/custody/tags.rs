//! Tags on packages: who handed them out, where and for which pit, and what they were put on.
//!
//! A tag is its number within its scheme. Who may hand tags out is the reader's policy and no matter of this room;
//! here is what records say of one tag together. Spec: docs/custody.md, "Tags"; rules COC-06 and GOV-03.

mod apart;
mod issue;
mod package;
mod place;
mod tied;
mod twice;
mod window;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::graph::Graph;
use super::names;
use crate::model::event::{ApplyTags, Body, IssueTags};
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Tags that a message names; of more only the number is said.
const NAMED: usize = 3;

/// Returns what records say of tags that cannot be, or leave open.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let register = Register::new(graph);
    if register.issues.is_empty() && register.uses.is_empty() {
        return Vec::new();
    }
    let mut findings = twice::findings(graph, &register);
    findings.extend(issue::findings(graph, &register));
    findings.extend(window::findings(graph, &register));
    findings.extend(place::findings(graph, &register));
    findings.extend(apart::findings(graph, &register));
    findings.extend(package::findings(graph, &register));
    findings
}

/// A record that hands tags out.
struct Issue<'g> {
    record: &'g Record,
    said: &'g IssueTags,
}

/// A record that puts tags on.
struct Put<'g> {
    record: &'g Record,
    said: &'g ApplyTags,
}

/// A tag: its scheme, and its number in it.
type Tag<'g> = (&'g str, &'g str);

/// Every tag that is held, by what hands it out and what puts it on. Withdrawn records count for nothing.
struct Register<'g> {
    issues: Vec<Issue<'g>>,
    uses: Vec<Put<'g>>,
    /// Positions in `issues`; one that names a tag twice stands there twice.
    issued: HashMap<Tag<'g>, Vec<usize>>,
    /// Positions in `uses`, and in the tags of that.
    applied: HashMap<Tag<'g>, Vec<(usize, usize)>>,
    /// For each issue the records that put its tags on, and how many of them.
    used_from: Vec<BTreeMap<usize, usize>>,
    /// Schemes of which some issue withholds its numbers.
    hidden: HashSet<&'g str>,
}

impl<'g> Register<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut register = Self {
            issues: Vec::new(),
            uses: Vec::new(),
            issued: HashMap::new(),
            applied: HashMap::new(),
            used_from: Vec::new(),
            hidden: HashSet::new(),
        };
        for record in graph.records() {
            match &record.event.body {
                Body::IssueTags(said) if graph.withdrawn(&record.id).is_none() => {
                    for tag in said.tags.shown().unwrap_or_default() {
                        let key = (said.scheme.as_str(), tag.as_str());
                        register.issued.entry(key).or_default().push(register.issues.len());
                    }
                    if said.tags.is_withheld() {
                        register.hidden.insert(&said.scheme);
                    }
                    register.issues.push(Issue { record, said });
                }
                Body::ApplyTags(said) if graph.withdrawn(&record.id).is_none() => {
                    for (index, one) in said.tags.shown().unwrap_or_default().iter().enumerate() {
                        let key = (said.scheme.as_str(), one.tag.as_str());
                        register.applied.entry(key).or_default().push((register.uses.len(), index));
                    }
                    register.uses.push(Put { record, said });
                }
                _ => {}
            }
        }
        register.used_from = vec![BTreeMap::new(); register.issues.len()];
        for (tag, issues) in &register.issued {
            for (used, _) in register.applied.get(tag).into_iter().flatten() {
                for issue in issues {
                    *register.used_from[*issue].entry(*used).or_default() += 1;
                }
            }
        }
        register
    }

    /// Returns the lots that bear tags of an issue, in the order of the records that say so.
    fn lots_of(&self, issue: usize) -> Vec<LotRef> {
        let mut lots: Vec<LotRef> = Vec::new();
        for used in self.used_from[issue].keys() {
            let lot = self.uses[*used].said.lot;
            if !lots.contains(&lot) {
                lots.push(lot);
            }
        }
        lots
    }
}

/// Returns tags in words: the first few by number, and how many there are.
fn named(tags: &[&str]) -> String {
    let shown: Vec<String> = tags.iter().take(NAMED).map(|tag| format!("`{tag}`")).collect();
    let noun = if tags.len() == 1 { "tag" } else { "tags" };
    match tags.len().saturating_sub(NAMED) {
        0 => format!("{noun} {}", shown.join(", ")),
        more => format!("{noun} {} and {more} more", shown.join(", ")),
    }
}

/// Returns what hands tags out in words: "24 tags issued by `Agency`".
fn from_issue(graph: &Graph, issue: &Issue<'_>) -> String {
    let count = usize::try_from(issue.said.tags.count()).unwrap_or(usize::MAX);
    format!("{} that {} issued", names::count(count, "tag"), names::party(graph, &issue.record.author))
}

#[cfg(test)]
mod tests;
