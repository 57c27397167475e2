//! A party that can sign whatever a test wants, on as many branches as it wants.

use super::{Part, Proof, ProofKind};
use crate::hash::{Hash, RecordId, sha256};
use crate::model::coded::Coded;
use crate::model::dealings::CorrectReason;
use crate::model::event::{At, Body, Correct, Dispose, Event, OpeningStock, Replacement, Withdraw};
use crate::model::evidence::{DisposeHow, Role, WithdrawReason};
use crate::model::lot::{Input, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::Establish;
use crate::model::time::Timestamp;
use crate::record::{Position, Sealed, found, seal};
use crate::sign::{SecretKey, SeededEntropy};

const WORD: &str = "a party that is honest until a test says otherwise";

/// A chain that can go on from any of its records.
pub(crate) struct Author {
    signer: SecretKey,
    entropy: SeededEntropy,
    recovery: Hash,
    pub(crate) first: Sealed,
}

impl Author {
    pub(crate) fn new() -> Self {
        let mut entropy = SeededEntropy::new(WORD.as_bytes());
        let signer = SecretKey::generate(&mut entropy);
        let establish = Establish {
            recovery_commitment: Hash::ZERO,
            name: Maybe::Shown("Goma".into()),
            country: "CD".parse().unwrap(),
            roles: vec![Role::Trader],
            identifiers: Maybe::Shown(vec![]),
            address: Maybe::Shown(None),
        };
        let event = Event::new(Body::Establish(establish));
        let first = found(event, time(0), &|_| false, &signer, &mut entropy).unwrap();
        // The commitment stands behind nonce and key entry.
        let recovery = Hash(first.record.bytes()[272 + 117..][..32].try_into().unwrap());
        Self { signer, entropy, recovery, first }
    }

    /// Seals `event` after `before`.
    pub(crate) fn after(&mut self, before: &Sealed, body: Body) -> Sealed {
        let header = before.record.header();
        let control = if before.record.is_control() { before.record.id() } else { header.control };
        self.seal(header.seq + 1, before.record.id(), control, 0, body)
    }

    pub(crate) fn seal(
        &mut self,
        seq: u64,
        prev: RecordId,
        control: RecordId,
        epoch: u16,
        body: Body,
    ) -> Sealed {
        let position = Position { party: self.first.record.party(), epoch, seq, prev, control, key: 0 };
        let is_private = |path: &str| path == "in";
        let event = Event::new(body);
        seal(position, event, time(seq), &is_private, &self.signer, &mut self.entropy).unwrap()
    }

    pub(crate) fn proof(&self, kind: ProofKind, parts: Vec<Part>) -> Proof {
        Proof { kind, key: self.signer.public().to_bytes(), recovery: self.recovery, parts }
    }
}

pub(crate) fn time(minute: u64) -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000 + minute.min(9) * 60_000).unwrap()
}

pub(crate) fn lot(name: &str) -> LotRef {
    LotRef { record: RecordId(sha256(&[name.as_bytes()])), index: 0 }
}

fn at_works() -> At {
    At {
        facility: Maybe::Shown(lot("works").record),
        period: Maybe::Shown("2026-11-03".parse().unwrap()),
        host: None,
    }
}

pub(crate) fn dispose(stretches: &[(&str, u64, u64)]) -> Body {
    let input = |(name, from, mass): &(&str, u64, u64)| input(lot(name), *from, *mass);
    disposed(stretches.iter().map(input).collect())
}

pub(crate) fn dispose_of(lot: LotRef, from: u64, mass: u64) -> Body {
    disposed(vec![input(lot, from, mass)])
}

fn input(lot: LotRef, from: u64, mass: u64) -> Input {
    Input { lot, from: Mass::from_mg(from), mass: Mass::from_mg(mass), empties: false }
}

fn disposed(inputs: Vec<Input>) -> Body {
    let (at, how, reason) = (at_works(), DisposeHow::Waste, Maybe::Shown(None));
    Body::Dispose(Dispose { at, how, inputs: MaybeList::Shown(inputs), reason })
}

pub(crate) fn opening_stock(mass: u64) -> Body {
    let lot = Lot::new("ore".parse().unwrap(), Quantity::of(Mass::from_mg(mass)));
    Body::OpeningStock(OpeningStock { at: at_works(), outputs: vec![lot], touches: vec![] })
}

pub(crate) fn withdraw(target: &Sealed) -> Body {
    Body::Withdraw(Withdraw { target: target.record.id(), reason: WithdrawReason::EntryError })
}

pub(crate) fn correct(target: &Sealed, mass: u64) -> Body {
    Body::Correct(Correct {
        target: target.record.id(),
        reason: CorrectReason::ALL[0],
        replacement: Replacement(Box::new(dispose(&[("L", 0, mass)]))),
    })
}
