//! Who owns each lot: one walk from the sources on, with every sale applied where its goods are.

use std::collections::HashMap;

use serde::Serialize;

use super::holding::{Holder, Holding, UNKNOWN_MASS, Why, Wish};
use super::rights::Rights;
use super::transfers::Transfers;
use crate::custody::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::dealings::Title;
use crate::model::event::Body;
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Who owns a lot, as people are shown it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Someone who keeps none.
    Outside(String),
    /// Several, or somebody who cannot be told here; why, in a few words.
    Open(&'static str),
}

impl From<&Holder> for Owner {
    fn from(holder: &Holder) -> Self {
        match holder {
            Holder::Party(party) => Self::Party(*party),
            Holder::Outside(name) => Self::Outside(name.clone()),
            Holder::Later => Self::Open("to be named later"),
            Holder::Several => Self::Open("several"),
            Holder::Withheld => Self::Open("withheld"),
            Holder::NotHeld => Self::Open("not held"),
        }
    }
}

/// Returns who owns a lot on a day, where a record says more than who made it.
pub fn owner_of(graph: &Graph, lot: &LotRef, on: Day) -> Option<Owner> {
    owners(graph, &[*lot], on).pop()?
}

/// Returns who owns each of `lots` on a day; `None` where nothing says more than who made it.
pub fn owners(graph: &Graph, lots: &[LotRef], on: Day) -> Vec<Option<Owner>> {
    let transfers = Transfers::of(graph);
    let owners = Owners::new(&transfers, &Rights::new(&transfers), Some(on));
    lots.iter()
        .map(|lot| {
            let holding = owners.holding(lot)?;
            match holding.only() {
                // Who made goods and gave them on may have sold them on paper.
                Some((Holder::Party(_) | Holder::Several, Why::Made)) => None,
                Some((holder, _)) => Some(Owner::from(holder)),
                None => Some(Owner::Open("several")),
            }
        })
        .collect()
}

/// A sale or pledge that its author could not make.
pub(super) struct Refused {
    pub record: RecordId,
    pub lot: LotRef,
}

/// A record that says a lot is somebody's who never came by it.
pub(super) struct Unbacked {
    pub lot: LotRef,
    pub stated: PartyId,
    pub before: Holder,
}

/// Whose every lot is.
pub(super) struct Owners<'g> {
    graph: &'g Graph,
    /// Lots that are not simply their maker's.
    held: HashMap<LotRef, Holding>,
    /// Sales and pledges by those who did not hold what they pass.
    pub refused: Vec<Refused>,
    /// Statements of an owner that no transfer leads to.
    pub unbacked: Vec<Unbacked>,
}

impl<'g> Owners<'g> {
    /// Walks the graph once; sales count from their first day on if a day is given, else whenever they are.
    pub fn new(transfers: &Transfers<'g>, rights: &Rights, on: Option<Day>) -> Self {
        let graph = transfers.graph;
        let mut owners = Self { graph, held: HashMap::new(), refused: Vec::new(), unbacked: Vec::new() };
        for record in graph.records() {
            for (lot, value) in graph::outputs(record) {
                let mut holding = owners.at_first(record, &lot, value);
                let wishes = wishes(transfers, rights, &lot, on);
                for at in holding.settle(&wishes) {
                    owners.refused.push(Refused { record: wishes[at].record, lot });
                }
                if !is_plain(&holding, record) {
                    owners.held.insert(lot, holding);
                }
            }
        }
        owners
    }

    /// Returns whose a lot is; `None` for a lot that is not held.
    pub fn holding(&self, lot: &LotRef) -> Option<Holding> {
        let creator = self.graph.creator(lot)?;
        let value = self.graph.lot(lot)?;
        let plain = || {
            let mass = value.mass().unwrap_or(UNKNOWN_MASS);
            Holding::single(Holder::Party(creator.author), mass, Why::Made, Vec::new())
        };
        Some(self.held.get(lot).cloned().unwrap_or_else(plain))
    }

    /// Returns whose a lot is before anything is passed over it.
    fn at_first(&mut self, record: &Record, lot: &LotRef, value: &Lot) -> Holding {
        let mass = value.mass().unwrap_or(UNKNOWN_MASS);
        let before = self.before(record, lot, mass);
        let stated = match &value.owner {
            Maybe::Withheld => return Holding::single(Holder::Withheld, mass, Why::Stated, before.ever),
            Maybe::Shown(None) => return before,
            Maybe::Shown(Some(stated)) => *stated,
        };
        let (holder, why) =
            before.only().map_or((Holder::Several, Why::Stated), |(holder, why)| (holder.clone(), why));
        if holder != Holder::Party(stated) && why != Why::Made {
            // Who writes down another as the owner repeats what it was told, also of one who has sold since; who
            // writes down itself has to have come by it.
            let repeats = stated != record.author && before.ever.contains(&stated);
            if repeats || self.copies(record, lot, &stated) {
                return before;
            }
            self.unbacked.push(Unbacked { lot: *lot, stated, before: holder });
        }
        Holding::single(Holder::Party(stated), mass, Why::Stated, before.ever)
    }

    /// Whether a lot that goes into this one states the same owner.
    fn copies(&self, record: &Record, lot: &LotRef, stated: &PartyId) -> bool {
        let states =
            |lot: &LotRef| self.graph.lot(lot).is_some_and(|lot| lot.owner == Maybe::Shown(Some(*stated)));
        let inputs = graph::inputs(record);
        match record.event.body.is_pairwise() {
            true => inputs.get(lot.index as usize).is_some_and(|input| states(&input.lot)),
            false => inputs.iter().any(|input| states(&input.lot)),
        }
    }

    /// Returns whose the goods of a lot of this mass were before this record made it of them.
    fn before(&self, record: &Record, lot: &LotRef, mass: Mass) -> Holding {
        let inputs = graph::inputs(record);
        let body = &record.event.body;
        let single = |holder, why, ever| Holding::single(holder, mass, why, ever);
        let range = match body {
            body if body.is_pairwise() => lot.index as usize..lot.index as usize + 1,
            Body::Repack(_) | Body::Disassemble(_) => 0..inputs.len(),
            _ => return single(Holder::Party(record.author), Why::Made, Vec::new()),
        };
        let inputs = inputs.get(range).unwrap_or_default();
        if let [only] = inputs
            && let Some(holding) = self.holding(&only.lot)
            && holding.only().is_none()
            && self.takes_all(only)
            && (body.is_pairwise() || body.outputs().len() == 1)
        {
            return holding.scaled(mass);
        }
        let mut all: Option<(Holder, Why)> = None;
        let mut ever: Vec<PartyId> = Vec::new();
        for input in inputs {
            let holding = self.holding(&input.lot);
            let of = match &holding {
                None => (Holder::NotHeld, Why::Made),
                Some(holding) => holding
                    .of_stretch(input.from, input.mass)
                    .map_or((Holder::Several, Why::Stated), |(holder, why)| (holder.clone(), why)),
            };
            all = Some(match all {
                Some(before) if before.0 != of.0 => (Holder::Several, before.1),
                Some(before) => before,
                None => of,
            });
            for party in holding.map(|holding| holding.ever).unwrap_or_default() {
                if !ever.contains(&party) {
                    ever.push(party);
                }
            }
        }
        let (holder, why) = all.unwrap_or((Holder::Withheld, Why::Made));
        single(holder, why, ever)
    }

    /// Whether a stretch is all of its lot.
    fn takes_all(&self, input: &Input) -> bool {
        input.from == Mass::ZERO && self.graph.lot(&input.lot).and_then(Lot::mass) == Some(input.mass)
    }
}

/// Returns the sales and pledges over a lot; a pledge asks for a title and moves none. A pledge of a receipt asks for
/// the receipt alone.
fn wishes(transfers: &Transfers<'_>, rights: &Rights, lot: &LotRef, on: Option<Day>) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for (one, titled) in transfers.over(lot) {
        let to = match one.title.title {
            Title::Sale if on.is_some_and(|on| on < one.title.from) => continue,
            Title::Sale => Some(Holder::of(&one.title.to)),
            Title::Pledge if one.title.target.is_some() => continue,
            Title::Pledge if rights.had_receipt(transfers, &one.record.author, lot) => continue,
            Title::Pledge => None,
            _ => continue,
        };
        let (author, record) = (one.record.author, one.record.id);
        wishes.push(Wish { author, record, from: titled.from, mass: titled.mass, to });
    }
    wishes
}

/// Whether a lot is simply its maker's.
fn is_plain(holding: &Holding, record: &Record) -> bool {
    let own = Holder::Party(record.author);
    holding.ever == [record.author]
        && matches!(&holding.pieces[..], [one] if one.holder == own && one.why == Why::Made && one.from.is_none())
}
