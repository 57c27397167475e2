//! Looking names up in a world that is being signed.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Signed, World};
use crate::entry::{AttestAsk, CircuitRecord, NameError, Resolver};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Attest, Body, Event, SeenCheckpoint, TransferTitle};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::verify::{self, AttestRequest, Piece, Reader};

/// Looks names up as one author would: among the lots it may use first.
pub struct View<'a> {
    pub(super) world: &'a World,
    pub(super) author: PartyId,
}

impl Resolver for View<'_> {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        let known = || self.world.parties.keys().map(String::as_str);
        self.world.party(name).ok_or_else(|| NameError::unknown("party", name, known()))
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        let known = || self.world.facilities.keys().map(String::as_str);
        self.world.facility(name).ok_or_else(|| NameError::unknown("facility", name, known()))
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        let lots = self.world.lots(name);
        let mine = lots.iter().rev().filter(|lot| self.world.holder(lot) == Some(self.author));
        let left = mine.clone().find(|lot| self.world.rest(lot) > Mass::ZERO);
        let found = left.or_else(|| mine.clone().next()).copied().or_else(|| self.world.lot(name));
        found.ok_or_else(|| {
            let bodies = self.world.signed.iter().map(|signed| self.world.body(signed));
            let labels = bodies.flat_map(|body| body.outputs()).filter_map(Lot::label);
            NameError::unknown("lot", name, labels)
        })
    }

    fn sent_lot(&self, name: &str) -> Result<LotRef, NameError> {
        let is_sent = |lot: &&LotRef| {
            let signed = self.world.positions.get(&lot.record).map(|at| &self.world.signed[*at]);
            signed.is_some_and(|one| one.author == self.author && one.event.body.receiver().is_some())
        };
        let lots = self.world.lots(name);
        let mut sent = lots.iter().filter(is_sent);
        // Where somebody else speaks of the lot, it is the one in transit all the same.
        let any = |lot: &&LotRef| {
            let at = self.world.positions.get(&lot.record);
            at.is_some_and(|at| self.world.signed[*at].event.body.receiver().is_some())
        };
        let found = sent.next_back().or_else(|| lots.iter().rev().find(any)).copied();
        found.map_or_else(|| self.lot(name), Ok)
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        let known = || self.world.signed.iter().map(|signed| signed.name.as_str());
        self.world
            .record(name)
            .map(|signed| signed.id)
            .ok_or_else(|| NameError::unknown("record", name, known()))
    }

    fn stay_of(&self, guest: &str, facility: Option<&RecordId>) -> Result<RecordId, NameError> {
        let guest_id = self.party(guest)?;
        let mine = self.world.signed.iter().filter(|signed| signed.author == self.author);
        let mut stays = mine.filter(|signed| match &signed.event.body {
            Body::Host(host) => host.guest == guest_id && facility.is_none_or(|id| host.facility == *id),
            _ => false,
        });
        stays.next_back().map(|signed| signed.id).ok_or_else(|| NameError::unknown("guest", guest, []))
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        self.world.lot_value(lot).cloned()
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        self.world.positions.get(&lot.record).map(|at| self.world.signed[*at].author)
    }

    fn event(&self, record: &RecordId) -> Option<Rc<Event>> {
        let signed = &self.world.signed[*self.world.positions.get(record)?];
        Some(Rc::new(Event { body: self.world.body(signed).clone(), ..signed.event.clone() }))
    }

    fn is_free(&self, _: &LotRef, _: Mass, _: Mass) -> bool {
        true
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        self.world.used.get(lot).copied().unwrap_or_default()
    }

    fn circuit_records(&self, facility: &RecordId, circuit: &str) -> Vec<CircuitRecord> {
        let signed = &self.world.signed;
        let own = || signed.iter().filter(|one| one.author == self.author);
        let withdrawn: HashSet<RecordId> = own()
            .filter_map(|one| match &one.event.body {
                Body::Withdraw(withdraw) => Some(withdraw.target),
                _ => None,
            })
            .collect();
        let kept = own().filter(|one| !withdrawn.contains(&one.id));
        kept.filter_map(|one| CircuitRecord::of(one.id, self.world.body(one), facility, circuit)).collect()
    }

    fn title(&self, record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        let signed = &self.world.signed[*self.world.positions.get(record)?];
        match self.world.body(signed) {
            Body::TransferTitle(title) => Some((signed.author, title.clone())),
            _ => None,
        }
    }

    fn checks_identifiers(&self) -> bool {
        false
    }

    /// An auditor of a scenario was shown everything, and believes nobody.
    fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        let piece = |signed: &Signed| Piece {
            bytes: signed.bytes.clone(),
            shown: signed.items.clone(),
            source: signed.name.clone(),
        };
        let pieces: Vec<Piece> = self.world.signed.iter().map(piece).collect();
        let mut reader = Reader::default();
        if !ask.packs.is_empty() {
            reader = reader.asking(&ask.packs)?;
        }
        let request = AttestRequest { lot: ask.lot, as_of: ask.as_of, valid_until: ask.valid_until };
        verify::attest(&verify::examine(pieces.into()), &request, &reader).map_err(|fault| fault.to_string())
    }

    fn computes_facts(&self) -> bool {
        false
    }

    /// A witness of a scenario sees each log as it is now.
    fn witnessed(&self, parties: &[PartyId]) -> Result<Vec<(SeenCheckpoint, u64)>, String> {
        let is_meant = |party: &PartyId| match parties.is_empty() {
            true => *party != self.author,
            false => parties.contains(party),
        };
        let own = self.world.signed.iter().filter(|signed| signed.author == self.author);
        let before: Vec<&SeenCheckpoint> = own.flat_map(|signed| &signed.event.seen).collect();
        let logs = self.world.parties().filter(|(_, party)| is_meant(party));
        let seen = logs.filter_map(|(alias, party)| {
            let now = self.world.checkpoint_now(alias)?;
            let sizes = before.iter().filter(|one| one.party == party).map(|one| one.size);
            let from = sizes.max().unwrap_or(0);
            (from < now.size).then_some((now, from))
        });
        Ok(seen.collect())
    }
}
