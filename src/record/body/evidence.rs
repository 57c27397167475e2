//! Layout of kinds that say something about a lot or an earlier record.

use super::lot::Composition;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Period;
use crate::model::dealings::InspectOutcome;
use crate::model::event::{Assay, Inspect, RegisterDocument, SeenCheckpoint, Subject, Withdraw};
use crate::model::evidence::{AssayPurpose, DocumentKind, SamplePoint, WithdrawReason};
use crate::model::lot::Quantity;
use crate::model::lotref::LotRef;
use crate::model::party::Outsider;
use crate::model::stage::Stage;
use crate::record::codec::{Hide, List, Opt, P, Text, wire};

wire! {
    Assay {
        lot: P<LotRef>,
        period "period": Hide<P<Period>>,
        sample "sample": Hide<Text<64>>,
        sampled_by: Opt<P<PartyId>>,
        point: P<SamplePoint>,
        purpose: P<AssayPurpose>,
        composition "composition": Hide<Composition>,
    }
}

wire! {
    RegisterDocument {
        sha256: P<Hash>,
        size: P<u64>,
        media_type: Text<64>,
        document: P<DocumentKind>,
        number "number": Hide<Opt<Text<64>>>,
        issuer "issuer": Hide<Opt<P<Outsider>>>,
        valid: Opt<P<Period>>,
        about: List<256, P<Subject>>,
        stages: List<32, P<Stage>>,
    }
}

wire! { Withdraw { target: P<RecordId>, reason: P<WithdrawReason>, } }

wire! {
    SeenCheckpoint {
        party: P<PartyId>,
        epoch: P<u16>,
        size: P<u64>,
        root: P<Hash>,
        key: P<[u8; 32]>,
        signature: P<[u8; 64]>,
    }
}

wire! {
    Inspect {
        about: P<Subject>,
        period "period": Hide<P<Period>>,
        scheme: Opt<Text<64>>,
        outcome: P<InspectOutcome>,
        quantity "mass": Hide<Opt<P<Quantity>>>,
        report: Opt<P<Hash>>,
        summary "summary": Hide<Opt<Text<512>>>,
    }
}
