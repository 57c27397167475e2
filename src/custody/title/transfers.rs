//! Every transfer of title that is held, by the lots it is over and by the record it ends or passes on.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::dealings::Title;
use crate::model::event::{Body, Titled, TransferTitle};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// One transfer of title.
#[derive(Clone, Copy)]
pub(super) struct Transfer<'g> {
    /// The record that states it.
    pub record: &'g Record,
    /// What it states.
    pub title: &'g TransferTitle,
}

impl<'g> Transfer<'g> {
    /// Returns what it is over, as far as that is shown.
    pub fn titled(&self) -> &'g [Titled] {
        self.title.titled.shown().unwrap_or_default()
    }

    /// Whether it gives a right over goods that lasts until it is released.
    pub fn is_claim(&self) -> bool {
        matches!(self.title.title, Title::Receipt | Title::Pledge)
    }
}

/// Every transfer that is held.
pub(super) struct Transfers<'g> {
    pub graph: &'g Graph,
    all: Vec<Transfer<'g>>,
    places: HashMap<RecordId, usize>,
    over: HashMap<LotRef, Vec<(usize, Titled)>>,
    about: HashMap<RecordId, Vec<usize>>,
    /// For each party the transfers whose goods it withholds.
    hidden: HashMap<PartyId, usize>,
    whole: OnceCell<HashMap<PartyId, bool>>,
    /// Whether everything about the goods is held, if not whole chains.
    all_at_hand: bool,
}

impl<'g> Transfers<'g> {
    /// Returns the transfers of a graph, each author's in the order of its chain.
    pub fn of(graph: &'g Graph) -> Self {
        let mut found = Self {
            graph,
            all: Vec::new(),
            places: HashMap::new(),
            over: HashMap::new(),
            about: HashMap::new(),
            hidden: HashMap::new(),
            whole: OnceCell::new(),
            all_at_hand: false,
        };
        for record in graph.records() {
            let Body::TransferTitle(title) = &record.event.body else { continue };
            found.all.push(Transfer { record, title });
        }
        found.all.sort_by_key(|one| (one.record.author, one.record.epoch, one.record.seq, one.record.id));
        for (at, one) in found.all.iter().enumerate() {
            found.places.insert(one.record.id, at);
            if let Some(target) = one.title.target {
                found.about.entry(target).or_default().push(at);
            }
            if one.title.titled.is_withheld() {
                *found.hidden.entry(one.record.author).or_default() += 1;
            }
            for titled in one.titled() {
                found.over.entry(titled.lot).or_default().push((at, *titled));
            }
        }
        found
    }

    /// Returns the transfers of a graph that holds everything about the goods it holds, if not whole chains.
    pub fn all_at_hand(graph: &'g Graph) -> Self {
        Self { all_at_hand: true, ..Self::of(graph) }
    }

    /// Returns those that stand: not taken back, or taken back after another party had built on them.
    pub fn standing(&self) -> impl Iterator<Item = Transfer<'g>> + '_ {
        self.all.iter().copied().filter(|one| self.stands(one))
    }

    /// Returns every one, those taken back among them.
    pub fn all(&self) -> &[Transfer<'g>] {
        &self.all
    }

    /// Returns the transfer that a record states.
    pub fn get(&self, record: &RecordId) -> Option<Transfer<'g>> {
        self.places.get(record).map(|at| self.all[*at])
    }

    /// Returns what stands over a lot, each with how much of it.
    pub fn over(&self, lot: &LotRef) -> impl Iterator<Item = (Transfer<'g>, Titled)> + '_ {
        let over = self.over.get(lot).map(Vec::as_slice).unwrap_or_default();
        over.iter().map(|(at, titled)| (self.all[*at], *titled)).filter(|(one, _)| self.stands(one))
    }

    /// INVARIANT (kept for others): what its author takes back after another party built on it, or had seen it,
    /// still counts.
    pub fn stands(&self, one: &Transfer<'_>) -> bool {
        self.graph.withdrawn(&one.record.id).is_none()
            || self.graph.seen_by_others(one.record)
            || self
                .about
                .get(&one.record.id)
                .is_some_and(|about| about.iter().any(|at| self.all[*at].record.author != one.record.author))
    }

    /// Whether every record of a party up to the last one held is held.
    pub fn is_whole(&self, party: &PartyId) -> bool {
        let whole = self.whole.get_or_init(|| {
            let mut seqs: HashMap<(PartyId, u16), HashSet<u64>> = HashMap::new();
            for record in self.graph.records() {
                seqs.entry((record.author, record.epoch)).or_default().insert(record.seq);
            }
            let mut whole: HashMap<PartyId, bool> = HashMap::new();
            for ((party, epoch), seqs) in seqs {
                let (first, last) = seqs.iter().fold((u64::MAX, 0), |(a, b), seq| (a.min(*seq), b.max(*seq)));
                let unbroken = last - first + 1 == seqs.len() as u64 && (epoch > 0 || first == 0);
                *whole.entry(party).or_insert(true) &= unbroken;
            }
            whole
        });
        self.all_at_hand || whole.get(party).copied().unwrap_or(false)
    }

    /// Returns how many transfers a party has signed whose goods are withheld here.
    pub fn hidden(&self, party: &PartyId) -> usize {
        self.hidden.get(party).copied().unwrap_or(0)
    }
}
