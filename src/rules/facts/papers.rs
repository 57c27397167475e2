//! What records say of statuses, waivers and screenings, by whom and what they are about.

use std::collections::HashMap;

use crate::custody::graph::Graph;
use crate::custody::place;
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, EndStatus, RegisterDocument, Waive};
use crate::model::record::Record;
use crate::rules::listed;

/// Papers of all parties, by what they are about.
#[derive(Default)]
pub(super) struct Papers<'a> {
    pub(super) about: HashMap<PartyId, Vec<&'a Record>>,
    pub(super) ends: HashMap<RecordId, Vec<(&'a Record, &'a EndStatus)>>,
    pub(super) last: HashMap<PartyId, &'a Record>,
    pub(super) waivers: Vec<(&'a Record, &'a Waive)>,
    pub(super) screenings: HashMap<PartyId, Vec<(&'a Record, &'a RegisterDocument)>>,
}

impl<'a> Papers<'a> {
    /// Gathers them, each list in the order of the graph.
    pub(super) fn of(graph: &'a Graph) -> Self {
        let mut papers = Self::default();
        for record in graph.records() {
            let last = papers.last.entry(record.author).or_insert(record);
            if (last.epoch, last.seq) < (record.epoch, record.seq) {
                *last = record;
            }
            // What stands in another's name is no word of its author's own.
            let own_word = place::behalf(record).is_none();
            match &record.event.body {
                Body::Accredit(_) | Body::Certify(_) | Body::Waive(_) if !own_word => {}
                Body::Accredit(one) => papers.about.entry(one.subject).or_default().push(record),
                Body::Certify(one) => papers.about.entry(one.subject).or_default().push(record),
                Body::Waive(one) if graph.withdrawn(&record.id).is_none() => {
                    papers.waivers.push((record, one));
                }
                Body::RegisterDocument(_) if graph.withdrawn(&record.id).is_none() => {
                    let Some((paper, parties)) = listed::screened_parties(record) else { continue };
                    for party in parties {
                        papers.screenings.entry(party).or_default().push((record, paper));
                    }
                }
                Body::WithdrawAccreditation(end) | Body::SuspendCertificate(end) => {
                    papers.ends.entry(end.target).or_default().push((record, end));
                }
                _ => {}
            }
        }
        papers
    }
}
