//! What tags and declarations at borders say of the lots a verdict rests on: neither is behind a lot.

use std::collections::HashSet;

use crate::custody::graph::Graph;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::lotref::LotRef;

/// Returns the records that put tags on `lots` or declare them at a border, those that handed the tags out, and the
/// declarations of the pits these are for.
pub(super) fn about(graph: &Graph, lots: &HashSet<LotRef>) -> Vec<RecordId> {
    let mut found = Vec::new();
    let mut tags: HashSet<(&str, &str)> = HashSet::new();
    for record in graph.records() {
        match &record.event.body {
            Body::ApplyTags(apply) if lots.contains(&apply.lot) => {
                let put_on = apply.tags.shown().unwrap_or_default().iter();
                tags.extend(put_on.map(|one| (apply.scheme.as_str(), one.tag.as_str())));
                found.push(record.id);
            }
            Body::DeclareBorder(declared) if declared.lots.iter().any(|lot| lots.contains(lot)) => {
                found.push(record.id);
            }
            _ => {}
        }
    }
    if tags.is_empty() {
        return found;
    }
    for record in graph.records() {
        let Body::IssueTags(issue) = &record.event.body else { continue };
        let scheme = issue.scheme.as_str();
        let mut issued = issue.tags.shown().unwrap_or_default().iter();
        if issued.any(|tag| tags.contains(&(scheme, tag.as_str()))) {
            found.extend([record.id, issue.pit]);
        }
    }
    found
}
