//! Custody models: what the graph shows of how a lot was kept apart or mixed, beside what is claimed for it.
//!
//! A label is a claim to check against the way, never evidence for it, and no rule about origin reads it. From
//! strongest to weakest: identity preserved, segregated, controlled blending, mass balance, book and claim. A lot is
//! at most what the weakest of its ancestors is said to be, since nothing upgrades it downstream.
//! Source: ISO 22095:2020. Spec: docs/origin.md, "Custody models".

use std::collections::HashMap;

use super::source::Source;
use crate::custody::accounts::Feed;
use crate::custody::accounts::state::Counted;
use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::event::Body;
use crate::model::evidence::CustodyModel::{
    self, ControlledBlending, IdentityPreserved, MassBalance, Segregated,
};
use crate::model::evidence::Mixing;
use crate::model::lot::{Addition, Input};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// What the graph shows of a lot's custody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The strongest model that nothing held contradicts.
    pub model: CustodyModel,
    /// Why it is no stronger.
    pub why: Why,
    /// The record that makes it so; none for a lot of one source.
    pub by: Option<RecordId>,
    /// Whether something behind it is not known, so that it may be weaker.
    pub is_open: bool,
}

/// What makes a custody model no stronger than it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It has one source.
    OneSource,
    /// Several sources were joined, and all are said to be kept apart from others.
    Joined,
    /// Several sources were joined, and none is said to be kept apart.
    Unclaimed,
    /// What is said to be kept apart was blended with what is not, in proportions that are known.
    Blended,
    /// It was mixed with what is not said to be kept apart, and how much of it is in which lot is not known.
    Mixed,
    /// An ancestor is said to be no more.
    Stated,
}

/// Whether the sources behind a lot are said to be kept apart from others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Claimed {
    All,
    None,
    Some,
}

/// What lies behind a lot.
#[derive(Clone, Copy, Debug)]
struct Past {
    source: Option<Source>,
    claimed: Claimed,
    shown: Shown,
}

/// The pasts of all lots, worked out sources first.
pub struct Models<'g> {
    graph: &'g Graph,
    pasts: Vec<Vec<Past>>,
    charges: HashMap<usize, Past>,
    ranges: HashMap<Feed, Past>,
}

impl<'g> Models<'g> {
    /// Works out the pasts of all lots of a graph.
    pub fn new(graph: &'g Graph) -> Self {
        let pasts = Vec::with_capacity(graph.records().len());
        let mut models = Self { graph, pasts, charges: HashMap::new(), ranges: HashMap::new() };
        for position in 0..graph.records().len() {
            let made = models.made(position);
            models.pasts.push(made);
        }
        models
    }

    /// Returns what the graph shows of a lot, whatever it claims itself; nothing where its record is not held.
    pub fn of(&self, lot: &LotRef) -> Option<Shown> {
        let position = self.graph.position(&lot.record)?;
        self.pasts[position].get(lot.index as usize).map(|past| past.shown)
    }

    /// Returns what a lot hands on: what was shown of it, or its own claim where that is weaker.
    fn given(&self, lot: &LotRef, before: usize) -> Past {
        let position = self.graph.position(&lot.record).filter(|at| *at < before);
        let past = position.and_then(|at| self.pasts[at].get(lot.index as usize));
        let Some(mut past) = past.copied() else { return OPEN };
        let claim = self.graph.lot(lot).and_then(|lot| lot.custody_model);
        if matches!(claim, Some(IdentityPreserved | Segregated)) && past.claimed == Claimed::None {
            past.claimed = Claimed::All;
        }
        if let Some(claim) = claim.filter(|claim| is_weaker(*claim, past.shown.model)) {
            past.shown = Shown { model: claim, why: Why::Stated, by: Some(lot.record), ..past.shown };
        }
        past
    }

    fn made(&mut self, position: usize) -> Vec<Past> {
        let record = &self.graph.records()[position];
        let body = &record.event.body;
        let count = body.outputs().len();
        let inputs = graph::inputs(record);
        let hidden = graph::withheld_inputs(record).is_some();
        match body {
            Body::Charge(charge) => {
                let past = self.joined(position, inputs, true, hidden || holds_more(&charge.additions));
                self.charges.insert(position, past);
                Vec::new()
            }
            Body::Draw(_) => vec![self.drawn(position, record); count],
            _ if count == 0 => Vec::new(),
            Body::Extract(_) | Body::Collect(_) | Body::Intake(_) | Body::OpeningStock(_) => {
                (0..count as u32).map(|index| entered(record, index)).collect()
            }
            _ if body.is_pairwise() && inputs.len() == count => {
                inputs.iter().map(|input| self.given(&input.lot, position)).collect()
            }
            Body::Assemble(assemble) => {
                let is_open = hidden || holds_more(&assemble.additions);
                let of = |index: u32| {
                    let thing = LotRef { record: record.id, index };
                    let used: Vec<Input> = match self.graph.parts_into(&thing) {
                        Some(parts) => {
                            parts.filter_map(|part| inputs.get(part.input as usize)).copied().collect()
                        }
                        None => inputs.to_vec(),
                    };
                    self.joined(position, &used, true, is_open)
                };
                (0..count as u32).map(of).collect()
            }
            Body::Disassemble(disassemble) => {
                let mut made = vec![self.joined(position, inputs, false, hidden); count];
                for one in disassemble.recovered.shown().unwrap_or_default() {
                    if let Some(past) = made.get_mut(one.output as usize) {
                        *past = self.given(&one.part, position);
                    }
                }
                made
            }
            Body::Transform(transform) => {
                let is_pool = transform.mixing == Mixing::Homogenised;
                vec![
                    self.joined(position, inputs, is_pool, hidden || holds_more(&transform.additions));
                    count
                ]
            }
            Body::Repack(repack) => {
                vec![self.joined(position, inputs, repack.mixing == Mixing::Homogenised, hidden); count]
            }
            _ => vec![self.joined(position, inputs, false, hidden); count],
        }
    }

    /// What inputs make together. Reagents, binders and coatings are left out where there is anything else.
    fn joined(&self, position: usize, inputs: &[Input], is_pool: bool, is_open: bool) -> Past {
        let matter = |input: &&Input| {
            let form = self.graph.lot(&input.lot).map(|lot| lot.material.form());
            form.is_none_or(|form| !is_auxiliary(form))
        };
        let by = self.graph.records()[position].id;
        let mut all = inputs.iter().filter(matter).map(|input| self.given(&input.lot, position));
        let Some(first) = all.next() else { return OPEN };
        let mut past = all.fold(first, |past, other| join(past, other, is_pool, by));
        past.shown.is_open |= is_open;
        past
    }

    fn drawn(&mut self, position: usize, draw: &Record) -> Past {
        let accounts = self.graph.accounts();
        let Some(account) = accounts.of(position) else { return OPEN };
        let mut past: Option<Past> = None;
        let mut is_open =
            !accounts.rings(position).is_empty() || account.unknown_past(self.graph, draw).is_some();
        is_open |= match account.counted(self.graph, draw) {
            Counted::By(close) => account.hidden_by(self.graph, draw, close).is_some(),
            _ => true,
        };
        let mut feeds: Vec<_> = accounts.feeds(position).to_vec();
        // What surely went in comes first; what only may have gone in leaves open whether it did.
        feeds.sort_by_key(|fed| !fed.is_sure);
        for fed in feeds {
            let other = self.fed(fed.feed, draw.id);
            past = Some(match past {
                Some(past) if fed.is_sure => join(past, other, false, draw.id),
                Some(past) => {
                    is_open |=
                        past.source.is_none() || past.source != other.source || past.claimed != other.claimed;
                    past
                }
                None => {
                    is_open |= !fed.is_sure;
                    other
                }
            });
        }
        let mut past = past.unwrap_or(OPEN);
        past.shown.is_open |= is_open;
        past
    }

    /// What a charge, or a range of charges, brings. Ranges are halved, so that this is a logarithm deep.
    fn fed(&mut self, feed: Feed, by: RecordId) -> Past {
        match (feed, self.graph.accounts().parts(feed)) {
            (Feed::Charge(position), _) => self.charges.get(&position).copied().unwrap_or(OPEN),
            (_, None) => OPEN,
            (_, Some([one, other])) => {
                if let Some(known) = self.ranges.get(&feed) {
                    return *known;
                }
                let (one, other) = (self.fed(one, by), self.fed(other, by));
                let past = join(one, other, false, by);
                self.ranges.insert(feed, past);
                past
            }
        }
    }
}

/// What nobody has told.
const OPEN: Past = Past {
    source: Some(Source::UNTOLD),
    claimed: Claimed::None,
    shown: Shown { model: IdentityPreserved, why: Why::OneSource, by: None, is_open: true },
};

/// Whether one model is weaker than another.
pub fn is_weaker(one: CustodyModel, other: CustodyModel) -> bool {
    one.code() > other.code()
}

/// What comes into the ledger: one source of its own.
fn entered(record: &Record, index: u32) -> Past {
    let (source, is_open) = Source::of_entry(record, index);
    let mut past = Past { source, ..OPEN };
    past.shown.is_open = is_open;
    if source.is_none() {
        past.shown = Shown { model: Segregated, why: Why::Unclaimed, by: Some(record.id), is_open };
    }
    past
}

/// What two pasts are when they meet in one record: as one pool, or in pieces.
fn join(one: Past, other: Past, is_pool: bool, by: RecordId) -> Past {
    let weakest = if is_weaker(other.shown.model, one.shown.model) { other.shown } else { one.shown };
    let mut shown = Shown { is_open: one.shown.is_open || other.shown.is_open, ..weakest };
    let (source, is_sure) = match (one.source, other.source) {
        (Some(one), Some(other)) => one.with(other),
        _ => (None, true),
    };
    shown.is_open |= !is_sure;
    let claimed = if one.claimed == other.claimed { one.claimed } else { Claimed::Some };
    if source.is_none() {
        let (most, why) = match (claimed, is_pool) {
            (Claimed::All, _) => (Segregated, Why::Joined),
            (Claimed::None, _) => (Segregated, Why::Unclaimed),
            (Claimed::Some, true) => (ControlledBlending, Why::Blended),
            (Claimed::Some, false) => (MassBalance, Why::Mixed),
        };
        if is_weaker(most, shown.model) {
            shown = Shown { model: most, why, by: Some(by), ..shown };
        }
    }
    Past { source, claimed, shown }
}

/// Whether some addition may be material of its own past: all but reagents, binders and coatings.
fn holds_more(additions: &MaybeList<Addition>) -> bool {
    match additions {
        MaybeList::Withheld(count) => *count > 0,
        MaybeList::Shown(additions) => additions.iter().any(|one| !is_auxiliary(one.material.form())),
    }
}

fn is_auxiliary(form: &str) -> bool {
    matches!(form, "chemical" | "binder" | "coating")
}
