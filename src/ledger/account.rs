//! The account of one lot: how much there was, what was taken, who may take the rest.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::Ledger;
use super::error::LedgerError;
use super::keys;
use super::source::Source;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Receiver};
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

/// A lot and what was taken of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Whose record created it.
    pub author: PartyId,
    /// The lot, as its record states it.
    pub lot: Lot,
    /// Whether the record that created it was taken back.
    pub withdrawn: bool,
    /// Who may take it over, where it is in transit; who was named later, once that is so.
    pub transit: Option<Maybe<Receiver>>,
    /// Hash of the claim code on its paper, where its receiver is named later.
    pub claim: Option<Hash>,
    /// The record by which its sender named the receiver later.
    pub assigned_by: Option<RecordId>,
    /// First day from which its sender has asked for it back.
    pub asked_back: Option<Day>,
    /// The records that ask for it back, and from when.
    requests: Vec<(RecordId, Day)>,
    /// Day by which it should have arrived, where that was agreed.
    pub due: Option<Day>,
    /// Stretches taken: where each begins and the record that took it, and its end.
    taken: BTreeMap<(u64, RecordId), u64>,
    /// Where the last of these stretches ends.
    reached: u64,
    /// The record after which nothing is left.
    pub emptied_by: Option<RecordId>,
    /// A record that took a stretch that is not shown here.
    pub hidden_use: Option<RecordId>,
}

impl Account {
    /// Returns the account of output `index` of a record of which nothing was taken; `None` without such an output.
    pub fn new(source: &Source, index: u32) -> Option<Self> {
        let lot = source.event.body.outputs().get(index as usize)?.clone();
        let (due, claim) = match &source.event.body {
            Body::Dispatch(dispatch) => (dispatch.due, dispatch.claim),
            _ => (None, None),
        };
        Some(Self {
            author: source.author,
            lot,
            withdrawn: source.withdrawn,
            transit: source.event.body.receiver().cloned(),
            due,
            claim,
            assigned_by: None,
            asked_back: None,
            requests: Vec::new(),
            taken: BTreeMap::new(),
            reached: 0,
            emptied_by: None,
            hidden_use: None,
        })
    }

    /// Returns the one party that may take of it now, if it is a party and shown.
    pub fn consumer(&self) -> Option<PartyId> {
        match &self.transit {
            None => Some(self.author),
            Some(Maybe::Shown(Receiver::Party(party))) => Some(*party),
            Some(_) => None,
        }
    }

    /// Lets the party named take it over; a lot that was assigned before keeps its receiver.
    pub fn assign(&mut self, to: &Maybe<Receiver>, by: RecordId) {
        if self.transit == Some(Maybe::Shown(Receiver::Later)) {
            self.transit = Some(to.clone());
            self.assigned_by = Some(by);
        }
    }

    /// Notes that its sender asks for it back from a day on.
    pub fn ask_back(&mut self, from: Day, by: RecordId) {
        self.requests.push((by, from));
        self.asked_back = self.requests.iter().map(|(_, from)| *from).min();
    }

    /// Forgets an assignment or request that was taken back; one that somebody relied on stays.
    pub fn forget_thought(&mut self, by: &RecordId) {
        self.requests.retain(|(request, _)| request != by);
        self.asked_back = self.requests.iter().map(|(_, from)| *from).min();
        if self.assigned_by == Some(*by) && self.taken.is_empty() {
            (self.transit, self.assigned_by) = (Some(Maybe::Shown(Receiver::Later)), None);
        }
    }

    /// Returns a record that took a part of the stretch, and the stretch it took.
    pub fn overlap(&self, input: &Input) -> Option<(RecordId, Mass, Mass)> {
        let end = input.end()?.mg();
        let ((from, by), until) = self.taken.range(..(end, RecordId::ZERO)).next_back()?;
        (*until > input.from.mg()).then(|| (*by, Mass::from_mg(*from), Mass::from_mg(*until)))
    }

    /// Whether no record took a part of the stretch, as far as is shown.
    pub fn is_free(&self, from: Mass, to: Mass) -> bool {
        let before = self.taken.range(..(to.mg(), RecordId::ZERO)).next_back();
        before.is_none_or(|(_, until)| *until <= from.mg())
    }

    /// Returns a record other than `own` that took a part of the stretch, and the stretch it took.
    pub fn overlap_by_others(&self, input: &Input, own: &RecordId) -> Option<(RecordId, Mass, Mass)> {
        let end = input.end()?.mg();
        let mut before = self.taken.range(..(end, RecordId::ZERO));
        let ((from, by), until) = before.rfind(|((_, by), until)| by != own && **until > input.from.mg())?;
        Some((*by, Mass::from_mg(*from), Mass::from_mg(*until)))
    }

    /// Takes a stretch; what overlaps is kept too, so that nothing is forgotten.
    pub fn take(&mut self, input: &Input, by: RecordId) {
        let end = input.end().map_or(u64::MAX, Mass::mg);
        let slot = self.taken.entry((input.from.mg(), by)).or_insert(end);
        *slot = end.max(*slot);
        self.reached = self.reached.max(end);
        if input.empties {
            self.emptied_by = Some(by);
        }
    }

    /// Gives back what `by` took.
    pub fn give_back(&mut self, by: &RecordId) {
        self.taken.retain(|(_, taker), _| taker != by);
        self.reached = self.taken.values().copied().max().unwrap_or(0);
        self.emptied_by = self.emptied_by.filter(|taker| taker != by);
    }

    /// Returns how much is left; `None` where the mass of the lot is not shown.
    pub fn left(&self) -> Option<Mass> {
        let mass = self.lot.mass()?;
        if self.emptied_by.is_some() {
            return Some(Mass::ZERO);
        }
        // Stretches of records of others may overlap: count each milligram once.
        let (mut used, mut reached) = (0, 0);
        for ((from, _), until) in &self.taken {
            used += until.saturating_sub((*from).max(reached));
            reached = reached.max(*until);
        }
        Some(mass.saturating_sub(Mass::from_mg(used)))
    }

    /// Returns where the part begins of which nothing was taken.
    pub fn next_free(&self) -> Mass {
        Mass::from_mg(self.reached)
    }

    /// Whether nothing was taken.
    pub fn is_untouched(&self) -> bool {
        self.taken.is_empty() && self.emptied_by.is_none() && self.hidden_use.is_none()
    }
}

impl Ledger {
    /// Returns the account of a lot; `None` where its record is not held or has no such output.
    pub(super) fn account(&self, lot: &LotRef) -> Result<Option<Rc<Account>>, LedgerError> {
        if let Some(account) = self.cache.borrow().account(lot) {
            return Ok(Some(account));
        }
        let Some(source) = self.source(&lot.record)? else { return Ok(None) };
        let Some(mut account) = Account::new(&source, lot.index) else { return Ok(None) };
        let mut takers: Vec<RecordId> = Vec::new();
        for number in self.store.consumers(&keys::consumes(lot))? {
            let opened = self.opened(number, None)?;
            // What a correction uses, the corrected record uses.
            let by = match &opened.record.event.body {
                Body::Correct(correct) => correct.target,
                _ => opened.record.id,
            };
            takers.push(by);
        }
        let mut seen = HashSet::new();
        for by in takers.into_iter().filter(|by| seen.insert(*by)) {
            let Some(source) = self.source(&by)? else { continue };
            if source.withdrawn && !self.keeps(&source) {
                continue;
            }
            let kept = source.kept.iter();
            match source.event.body.inputs() {
                Some(MaybeList::Shown(inputs)) => kept
                    .chain(inputs)
                    .filter(|input| input.lot == *lot)
                    .for_each(|input| account.take(input, by)),
                Some(MaybeList::Withheld(_)) => account.hidden_use = Some(by),
                // A correction without effect, of a record that uses nothing.
                None => {}
            }
        }
        if account.transit.is_some() {
            self.add_second_thoughts(lot, &mut account)?;
        }
        let account = Rc::new(account);
        self.cache.borrow_mut().keep_account(*lot, Rc::clone(&account));
        Ok(Some(account))
    }

    /// Adds what the sender of a lot in transit decided later: who receives it, and that it should come back.
    fn add_second_thoughts(&self, lot: &LotRef, account: &mut Account) -> Result<(), LedgerError> {
        let mut thoughts = Vec::new();
        for number in self.store.consumers(&keys::about_lot(lot))? {
            let record = self.record_at(number)?;
            let is_meant = matches!(record.event.body, Body::Assign(_) | Body::RequestReturn(_));
            if is_meant
                && record.author == account.author
                && self.source(&record.id)?.is_some_and(|source| !source.withdrawn)
            {
                thoughts.push(record);
            }
        }
        thoughts.sort_by_key(|record| (record.epoch, record.seq, record.id));
        for record in thoughts {
            match &record.event.body {
                Body::Assign(assign) => account.assign(&assign.receiver, record.id),
                Body::RequestReturn(request) => account.ask_back(request.from, record.id),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the own record at `seq` was handed out.
    pub(super) fn has_left(&self, seq: u64) -> bool {
        let Some(head) = self.head else { return false };
        self.exported.last(&head.next.party, head.next.epoch).is_some_and(|last| seq <= last.seq)
    }
}
