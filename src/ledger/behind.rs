//! The walk from lots to every record behind them, to what was recorded about those, and to the parties met on the way.

use std::collections::{BTreeSet, HashSet};

use super::Ledger;
use super::error::LedgerError;
use super::export::ExportError;
use super::keys;
use crate::hash::{PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::event::{Body, Event};
use crate::model::facility::Operator;
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;

impl Ledger {
    /// Returns the records and parties that the past of `lots`, and `facilities`, lead to, and notes what is missing on the way.
    pub(super) fn behind(
        &self,
        lots: &[LotRef],
        facilities: &[RecordId],
        missing: &mut BTreeSet<RecordId>,
    ) -> Result<Behind<'_>, ExportError> {
        self.behind_but(lots, facilities, &BTreeSet::new(), missing)
    }

    /// Does the same, and follows nothing behind the lots in `cuts`.
    pub(super) fn behind_but(
        &self,
        lots: &[LotRef],
        facilities: &[RecordId],
        cuts: &BTreeSet<LotRef>,
        missing: &mut BTreeSet<RecordId>,
    ) -> Result<Behind<'_>, ExportError> {
        let mut behind = Behind {
            ledger: self,
            parties: BTreeSet::new(),
            records: HashSet::new(),
            related: HashSet::new(),
            cut: HashSet::new(),
            cut_lots: HashSet::new(),
            cuts: cuts.clone(),
            todo: facilities.iter().map(|facility| Step::Record(*facility)).collect(),
        };
        for lot in lots {
            if !self.holds(&lot.record)? {
                return Err(ExportError::NoSuchLot { lot: *lot });
            }
            behind.lot(lot);
        }
        behind.walk(missing)?;
        Ok(behind)
    }
}

/// Something the past of a lot leads to.
enum Step {
    /// A record that it rests on.
    Record(RecordId),
    /// A record behind which nothing is followed.
    Cut(RecordId),
    /// A lot, about which others may have recorded something.
    Lot(LotRef),
    /// A party, about which others may have recorded something.
    Party(PartyId),
    /// What is found by this key.
    Key(LotRef),
}

/// The walk from lots to the parties behind them.
pub(super) struct Behind<'a> {
    ledger: &'a Ledger,
    /// Everybody met on the way.
    pub parties: BTreeSet<PartyId>,
    /// The records behind the lots, and those that are missing.
    pub records: HashSet<RecordId>,
    /// What others, or the same parties, recorded about those.
    pub related: HashSet<RecordId>,
    /// Records that were met at a lot behind which nothing is followed; some may be among the others too.
    pub cut: HashSet<RecordId>,
    /// The lots at which that happened.
    pub cut_lots: HashSet<LotRef>,
    cuts: BTreeSet<LotRef>,
    todo: Vec<Step>,
}

impl Behind<'_> {
    fn walk(&mut self, missing: &mut BTreeSet<RecordId>) -> Result<(), LedgerError> {
        while let Some(step) = self.todo.pop() {
            match step {
                Step::Record(id) => {
                    if !self.records.insert(id) {
                        continue;
                    }
                    if let Some(record) = self.held(&id, missing)? {
                        self.party(record.author);
                        self.rests_on(&record.event);
                        self.circuit(&record.event)?;
                        self.about(&keys::about_record(&id))?;
                    }
                }
                Step::Cut(id) => {
                    if !self.cut.insert(id) {
                        continue;
                    }
                    if let Some(record) = self.held(&id, missing)? {
                        self.party(record.author);
                        self.stands_on(&record.event);
                        self.about(&keys::about_record(&id))?;
                    }
                }
                Step::Lot(lot) => self.about(&keys::about_lot(&lot))?,
                Step::Party(party) => self.about(&keys::about_party(&party))?,
                Step::Key(key) => self.about(&key)?,
            }
        }
        Ok(())
    }

    /// Returns a record; one that is not held is noted as missing, and of one that cannot be judged the party counts.
    fn held(
        &mut self,
        id: &RecordId,
        missing: &mut BTreeSet<RecordId>,
    ) -> Result<Option<Record>, LedgerError> {
        match self.ledger.record(id) {
            Ok(None) => {
                missing.insert(*id);
                Ok(None)
            }
            Err(LedgerError::Damaged(damaged)) if damaged.cannot_judge => {
                damaged.party.into_iter().for_each(|party| self.party(party));
                Ok(None)
            }
            found => found,
        }
    }

    fn party(&mut self, party: PartyId) {
        if self.parties.insert(party) {
            self.todo.push(Step::Party(party));
        }
    }

    fn rests_on(&mut self, event: &Event) {
        if let Some(MaybeList::Shown(inputs)) = event.body.inputs() {
            for input in inputs {
                self.lot(&input.lot);
            }
        }
        self.stands_on(event);
    }

    /// Follows a lot to its record, and to what was recorded about it.
    fn lot(&mut self, lot: &LotRef) {
        if self.cuts.contains(lot) {
            self.cut_lots.insert(*lot);
            self.todo.push(Step::Cut(lot.record));
        } else {
            self.todo.push(Step::Record(lot.record));
        }
        self.todo.push(Step::Lot(*lot));
    }

    /// What a record rests on besides its inputs: places, and those who own what it made.
    fn stands_on(&mut self, event: &Event) {
        if let Some(at) = event.body.at() {
            self.todo.extend(at.facility.shown().map(|id| Step::Record(*id)));
            self.todo.extend(at.host.map(Step::Record));
        }
        match &event.body {
            Body::DeclareFacility(facility) => {
                if let Operator::Party(operator) = &facility.operator {
                    self.party(*operator);
                }
                self.todo.extend(facility.succeeds.map(Step::Record));
            }
            Body::Accredit(one) => self.todo.extend(one.facility.map(Step::Record)),
            Body::CedeFacility(one) => self.todo.push(Step::Record(one.facility)),
            Body::Certify(one) => self.todo.extend(one.facility.map(Step::Record)),
            Body::Measure(one) => self.todo.push(Step::Record(one.lot.record)),
            _ => {}
        }
        for lot in event.body.outputs() {
            if let Maybe::Shown(Some(owner)) = &lot.owner {
                self.party(*owner);
            }
        }
    }

    /// A draw rests on what was charged into its circuit, and on the closes that count it.
    fn circuit(&mut self, event: &Event) -> Result<(), LedgerError> {
        let Body::Draw(draw) = &event.body else { return Ok(()) };
        let Maybe::Shown(facility) = &draw.at.facility else { return Ok(()) };
        for number in self.ledger.store.consumers(&keys::circuit(facility, &draw.circuit))? {
            let (sealed, _) = self.ledger.sealed(number, None)?;
            self.todo.push(Step::Record(sealed.id()));
        }
        Ok(())
    }

    /// Adds what was recorded about something, and its authors. What that rests on itself is not followed, but for
    /// tags: those on a lot lead to who handed them out, and to the pit they are for.
    fn about(&mut self, key: &LotRef) -> Result<(), LedgerError> {
        for number in self.ledger.store.consumers(key)? {
            let (sealed, _) = self.ledger.sealed(number, None)?;
            self.party(sealed.party());
            let is_new = self.related.insert(sealed.id());
            match <Kind as Coded>::from_code(sealed.header().kind) {
                // A corrected record rests on what its correction names. It may have been met at a cut before.
                Some(Kind::Correct) => {
                    if is_new {
                        self.todo.push(Step::Key(keys::about_record(&sealed.id())));
                    }
                    self.corrected(&sealed.id())?;
                }
                Some(Kind::ApplyTags | Kind::IssueTags) if is_new => self.tagged(&sealed.id())?,
                // A dispute goes with its end, a title with what passes it on, and each with what others say of it, as an
                // attestation does.
                Some(Kind::Dispute | Kind::Withdraw | Kind::TransferTitle | Kind::Attest) if is_new => {
                    self.todo.push(Step::Key(keys::about_record(&sealed.id())));
                }
                Some(Kind::Measure) if is_new => self.weighed(&sealed.id())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn corrected(&mut self, id: &RecordId) -> Result<(), LedgerError> {
        let Some(Body::Correct(correct)) = self.ledger.record(id)?.map(|record| record.event.body) else {
            return Ok(());
        };
        // At a cut it is not followed either.
        if self.cut.contains(&correct.target) && !self.records.contains(&correct.target) {
            self.cut.insert(*id);
            return Ok(());
        }
        self.cut.remove(id);
        self.rests_on(&Event::new(*correct.replacement.0));
        Ok(())
    }

    /// What was weighed again was weighed somewhere.
    fn weighed(&mut self, id: &RecordId) -> Result<(), LedgerError> {
        if let Some(record) = self.ledger.record(id)? {
            self.stands_on(&record.event);
        }
        Ok(())
    }

    fn tagged(&mut self, id: &RecordId) -> Result<(), LedgerError> {
        let Some(record) = self.ledger.record(id)? else { return Ok(()) };
        match &record.event.body {
            Body::ApplyTags(apply) => {
                let tags = apply.tags.shown().unwrap_or_default().iter();
                self.todo.extend(tags.map(|one| Step::Key(keys::tag(&apply.scheme, &one.tag))));
            }
            Body::IssueTags(issue) => self.todo.push(Step::Record(issue.pit)),
            _ => {}
        }
        Ok(())
    }
}
