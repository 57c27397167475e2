//! Which limits on what may be won or made a reader accepts.

use crate::custody::graph::Graph;
use crate::custody::place::capacity::{Accepted, Paper};
use crate::model::event::{Body, Limit};
use crate::model::record::Record;
use crate::trust::{LimitOf, Trust};

/// Returns the ceilings that a reader accepts: limits by an authority for that role, under a scheme that counts, and
/// those on papers that it has checked.
pub fn accepted_limits(graph: &Graph, trust: &Trust) -> Accepted {
    let believed = |record: &&Record| match &record.event.body {
        Body::Accredit(one) if one.limit.is_some() && one.subject != record.author => {
            trust.authority(&record.author).any(|authority| {
                authority.roles.contains(&one.role)
                    && (authority.schemes.is_empty() || authority.schemes.contains(&one.scheme))
            })
        }
        _ => false,
    };
    let papers = trust.accepted_documents.iter().filter(|paper| paper.is_about_somebody());
    let papers = papers.filter_map(|paper| {
        let entry = &paper.entry;
        let number = entry.number.clone().or_else(|| entry.sha256.map(|hash| hash.to_hex()));
        Some(Paper {
            issuer: entry.issuer.clone(),
            number: number.unwrap_or_default(),
            party: paper.party,
            facility: entry.facility,
            role: entry.role,
            stages: entry.stages.clone(),
            materials: entry.materials.clone(),
            valid: entry.valid,
            limit: entry
                .limit
                .filter(|limit| limit.of == LimitOf::Output)
                .map(|limit| Limit { mass: limit.mass, per: limit.per })?,
        })
    });
    let records = graph.records().iter().filter(believed).map(|record| record.id).collect();
    Accepted { records, papers: papers.collect() }
}
