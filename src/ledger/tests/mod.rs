//! Tests across the files of this room.

mod admission;
mod amend;
mod capsule;
mod compared;
mod dealings;
mod handover;
mod kept_logs;
mod logs;
mod seen;
mod store_damage;
mod vouch;

use tempfile::TempDir;

use super::*;
use crate::hash::{Hash, RecordId};
use crate::model::event::*;
use crate::model::evidence::{Mixing, WithdrawReason};
use crate::model::facility::{Capability, DeclareFacility, Operator};
use crate::model::lot::{Input, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::Establish;
use crate::model::time::Timestamp;
use crate::sign::SeededEntropy;

/// A party with its ledger, in a directory that goes away with it.
pub(super) struct Desk {
    pub dir: TempDir,
    pub ledger: Ledger,
    pub entropy: SeededEntropy,
    pub place: RecordId,
    pub now: u64,
}

pub(super) fn kg(kg: u64) -> Mass {
    Mass::from_mg(kg * 1_000_000)
}

pub(super) fn lot(label: &str, material: &str, mass: u64) -> Lot {
    Lot {
        label: Some(Maybe::Shown(label.to_owned())),
        ..Lot::new(material.parse().unwrap(), Quantity::of(kg(mass)))
    }
}

pub(super) fn take(lot: LotRef, from: u64, mass: u64) -> Input {
    Input { lot, from: kg(from), mass: kg(mass), empties: false }
}

pub(super) fn out(record: RecordId, index: u32) -> LotRef {
    LotRef { record, index }
}

pub(super) fn time(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).unwrap()
}

/// 2026-11-03, in milliseconds.
pub(super) const START: u64 = 1_793_664_000_000;

pub(super) fn commercial(path: &str) -> bool {
    Profile::Commercial.is_private(path)
}

impl Desk {
    /// Opens a ledger for `name` and declares its facility.
    pub(super) fn new(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut entropy = SeededEntropy::new(name.as_bytes());
        let establish = Establish {
            recovery_commitment: Hash::ZERO,
            name: Maybe::Shown(name.to_owned()),
            country: "AU".parse().unwrap(),
            roles: Vec::new(),
            identifiers: Maybe::Shown(Vec::new()),
            address: Maybe::Shown(None),
        };
        let init = Init { profile: Profile::Commercial, establish, now: time(START), key: None, mark: None };
        let ledger = Ledger::init(&dir.path().join("ledger"), init, &mut entropy).unwrap();
        let mut desk = Self { dir, ledger, entropy, place: RecordId::ZERO, now: START };
        let facility = Body::DeclareFacility(DeclareFacility {
            operator: Operator::Author,
            name: Maybe::Shown(format!("{name} works")),
            place: "AU".parse().unwrap(),
            coordinates: None,
            address: Maybe::Shown(None),
            stages: vec![Capability {
                stage: "P10 mine".parse::<crate::model::stage::Step>().unwrap().stage,
                capacity_per_year: None,
            }],
            choke_point: false,
            identifiers: Maybe::Shown(Vec::new()),
            opened: None,
            closed: None,
            circuits: Vec::new(),
            succeeds: None,
        });
        desk.place = desk.record(facility).unwrap();
        desk
    }

    pub(super) fn party(&self) -> PartyId {
        self.ledger.party().unwrap()
    }

    pub(super) fn at(&self) -> At {
        At {
            facility: Maybe::Shown(self.place),
            period: Maybe::Shown("2026-11-03".parse().unwrap()),
            host: None,
        }
    }

    /// Records one event an hour after the last.
    pub(super) fn record(&mut self, body: Body) -> Result<RecordId, AppendError> {
        self.now += 3_600_000;
        let now = time(self.now);
        let appended = self.ledger.append(vec![Event::new(body)], &commercial, now, &mut self.entropy)?;
        Ok(appended.records[0])
    }

    pub(super) fn refused(&mut self, body: Body) -> Refusal {
        match self.record(body).unwrap_err() {
            AppendError::Refused { refusal, .. } => *refusal,
            other => panic!("{other}"),
        }
    }

    pub(super) fn extract(&mut self, label: &str, mass: u64) -> LotRef {
        let body = self.extraction(label, mass);
        out(self.record(body).unwrap(), 0)
    }

    pub(super) fn extraction(&self, label: &str, mass: u64) -> Body {
        Body::Extract(Extract {
            at: self.at(),
            steps: vec!["P10 mine".parse().unwrap()],
            deposit: Maybe::Shown(None),
            licence: Maybe::Shown(None),
            outputs: vec![lot(label, "ore", mass)],
        })
    }

    pub(super) fn repacking(&self, inputs: Vec<Input>, outputs: Vec<Lot>) -> Body {
        Body::Repack(Repack {
            at: self.at(),
            mixing: Mixing::Discrete,
            inputs: MaybeList::Shown(inputs),
            outputs,
            losses: MaybeList::Shown(Vec::new()),
        })
    }

    pub(super) fn dispatching(&self, to: Receiver, inputs: Vec<Input>, outputs: Vec<Lot>) -> Body {
        Body::Dispatch(Dispatch {
            at: self.at(),
            receiver: Maybe::Shown(to),
            inputs: MaybeList::Shown(inputs),
            outputs,
            carrier: Maybe::Shown(None),
            due: Some("2026-11-10".parse().unwrap()),
            stops: Maybe::Shown(Vec::new()),
            claim: None,
        })
    }

    /// Sends the first `mass` kilograms of a lot.
    pub(super) fn dispatch(&mut self, to: PartyId, input: LotRef, label: &str, mass: u64) -> LotRef {
        let body =
            self.dispatching(Receiver::Party(to), vec![take(input, 0, mass)], vec![lot(label, "ore", mass)]);
        out(self.record(body).unwrap(), 0)
    }

    pub(super) fn receiving(&self, inputs: Vec<Input>, outputs: Vec<Lot>) -> Body {
        Body::Receive(Receive { at: self.at(), inputs: MaybeList::Shown(inputs), outputs })
    }

    pub(super) fn withdrawing(target: RecordId) -> Body {
        Body::Withdraw(Withdraw { target, reason: WithdrawReason::EntryError })
    }

    /// Exports the past of `lots` with every item shown.
    pub(super) fn export(&mut self, lots: &[LotRef]) -> Vec<u8> {
        let export = Export { lots: lots.to_vec(), show: vec![Pattern::everything()], ..Export::default() };
        self.ledger.export(&export).unwrap().bytes
    }

    /// Re-derives everything held from its records.
    pub(super) fn check(&mut self) {
        let report = self.ledger.fsck(false).unwrap();
        assert_eq!(report.faults, []);
    }

    /// Closes the ledger and opens it again.
    pub(super) fn reopen(self) -> Self {
        let Self { dir, ledger, entropy, place, now } = self;
        drop(ledger);
        let ledger = Ledger::open(&dir.path().join("ledger")).unwrap();
        Self { dir, ledger, entropy, place, now }
    }
}
