//! Event kinds and their numbers. A number is never reused.
//!
//! Bit 14 marks control kinds, bit 15 ancillary ones; never both. Spec: docs/formats/registry.md, "`kind`".

use super::coded::{Coded, coded};

/// Bit 15 of a kind: it may not create, consume, amend or touch keys, and an unknown one may be skipped.
pub const ANCILLARY: u16 = 0x8000;
/// Bit 14 of a kind: every later record of the chain points back to it through `control`.
pub const CONTROL: u16 = 0x4000;

coded! {
    /// What a record states. Every kind has its number; not every kind can be written yet.
    Kind, "event kind" {
        /// Opens a chain: the party's first key.
        Establish = 0x4001 "establish",
        /// Reserved.
        RotateKey = 0x4002 "rotate_key",
        /// Reserved.
        RevokeKey = 0x4003 "revoke_key",
        /// Reserved.
        Recover = 0x4004 "recover",
        /// Reserved.
        SetRecovery = 0x4005 "set_recovery",
        /// Puts another statement in the place of a record's.
        Correct = 0x4006 "correct",
        /// Takes a record back.
        Withdraw = 0x4007 "withdraw",
        /// Says that something is not so.
        Dispute = 0x4008 "dispute",
        /// Ends a dispute.
        Resolve = 0x4009 "resolve",
        /// Ends an accreditation.
        WithdrawAccreditation = 0x400a "withdraw_accreditation",
        /// Suspends a certificate.
        SuspendCertificate = 0x400b "suspend_certificate",
        /// Gives a facility up to another operator.
        CedeFacility = 0x400c "cede_facility",
        /// Ends a stay at a facility.
        EndHost = 0x400d "end_host",
        /// Reserved.
        Summarise = 0x400e "summarise",
        /// Ties the author to another party.
        Appoint = 0x0101 "appoint",
        /// Reserved.
        EndorseRecovery = 0x0102 "endorse_recovery",
        /// Declares a place of work.
        DeclareFacility = 0x0103 "declare_facility",
        /// Lets another party work or store at a facility.
        Host = 0x0104 "host",
        /// An authority accredits a party for a role.
        Accredit = 0x0105 "accredit",
        /// A certificate for a party or facility.
        Certify = 0x0106 "certify",
        /// An authority lets a rule go.
        Waive = 0x0107 "waive",
        /// Material leaves the ground.
        Extract = 0x0201 "extract",
        /// Waste or end-of-life goods are collected.
        Collect = 0x0202 "collect",
        /// Stock held before the ledger began.
        OpeningStock = 0x0203 "opening_stock",
        /// Material from a supplier who keeps no ledger, on its papers.
        Intake = 0x0204 "intake",
        /// Material changes.
        Transform = 0x0205 "transform",
        /// Lots go into a circuit.
        Charge = 0x0206 "charge",
        /// Lots come out of a circuit.
        Draw = 0x0207 "draw",
        /// A period of a circuit is closed.
        ClosePeriod = 0x0208 "close_period",
        /// Only the parcels change.
        Repack = 0x0209 "repack",
        /// Parts are put together.
        Assemble = 0x020a "assemble",
        /// An assembly is taken apart.
        Disassemble = 0x020b "disassemble",
        /// Lots leave for a receiver.
        Dispatch = 0x020c "dispatch",
        /// Names the receiver of lots in transit.
        Assign = 0x020d "assign",
        /// Lots in transit are taken over.
        Receive = 0x020e "receive",
        /// Lots in transit go back to their sender.
        Refuse = 0x020f "refuse",
        /// Lots in transit that never came are given back.
        Release = 0x0210 "release",
        /// The sender asks for lots in transit back.
        RequestReturn = 0x0211 "request_return",
        /// Material leaves for good.
        Dispose = 0x0212 "dispose",
        /// The holder weighs, counts or assays again.
        Measure = 0x0213 "measure",
        /// A laboratory's result.
        Assay = 0x0301 "assay",
        /// Somebody went and looked.
        Inspect = 0x0302 "inspect",
        /// Tags are handed out.
        IssueTags = 0x0303 "issue_tags",
        /// Tags are put on packages.
        ApplyTags = 0x0304 "apply_tags",
        /// A paper, by its hash.
        RegisterDocument = 0x0305 "register_document",
        /// Lots are declared to customs.
        DeclareBorder = 0x0306 "declare_border",
        /// Ownership, pledge or receipt passes.
        TransferTitle = 0x0307 "transfer_title",
        /// A period of a claim account is closed.
        CloseAccount = 0x0308 "close_account",
        /// A claim is used up.
        RetireClaim = 0x0309 "retire_claim",
        /// An auditor says what records that are not shown establish about a lot.
        Attest = 0x030a "attest",
        /// Takes note of a later statement.
        Acknowledge = 0x030b "acknowledge",
        /// Says which checkpoints its author saw and found to go on.
        Witness = 0x030c "witness",
    }
}

impl Kind {
    /// Whether later records of the chain point back to records of this kind.
    pub fn is_control(self) -> bool {
        self.code() & CONTROL != 0
    }
}
