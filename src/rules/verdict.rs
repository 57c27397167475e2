//! Verdicts of rules, each with the reasons it rests on.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::pack::{Confidence, PackStatus, Scope, Severity};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::coded::coded;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::verdict::Verdict;

coded! {
    /// Why a rule does not pass.
    ReasonCode, "reason code" {
        /// The lot surely went through a barred place.
        BarredTouch = 1 "barred_touch",
        /// The lot may have gone through a barred place.
        PossibleBarredTouch = 2 "possible_barred_touch",
        /// A place is in a country of which only a region is barred, and the region is not stated.
        RegionOpen = 3 "region_open",
        /// The facility of a step is withheld.
        PlaceWithheld = 4 "place_withheld",
        /// The declaration of a step's facility is not held.
        PlaceNotHeld = 5 "place_not_held",
        /// A step is known on weaker evidence than the rule asks for.
        WeakEvidence = 6 "weak_evidence",
        /// Where a step took place that the material must have gone through is not stated.
        MissingNode = 7 "missing_node",
        /// Recycled material, of which the mine is not established.
        RecycledPast = 8 "recycled_past",
        /// The lot holds the element, but nothing that went into it can have brought it.
        NoOrigin = 9 "no_origin",
        /// The record of an input lot is not held.
        MissingInput = 10 "missing_input",
        /// What went in is withheld.
        InputsWithheld = 11 "inputs_withheld",
        /// A material that joined without having been a lot may hold the element.
        OpenAddition = 12 "open_addition",
        /// The lot itself is not held.
        LotNotHeld = 13 "lot_not_held",
        /// The lot's material code says too little to tell whether the rule applies.
        MaterialOpen = 14 "material_open",
        /// No accreditation of an operator for its role is held.
        NotAccredited = 20 "not_accredited",
        /// The authority is not one that the reader believes.
        AuthorityNotBelieved = 21 "authority_not_believed",
        /// When the step took place is withheld.
        PeriodWithheld = 22 "period_withheld",
        /// The accreditation did not hold on every day of the event.
        AccreditationInvalid = 23 "accreditation_invalid",
        /// The accreditation was withdrawn before the event ended.
        AccreditationWithdrawn = 24 "accreditation_withdrawn",
        /// The certificate did not hold on every day of the event.
        CertificateInvalid = 25 "certificate_invalid",
        /// The certificate was suspended on a day of the event.
        CertificateSuspended = 26 "certificate_suspended",
        /// The certificate does not cover the stage or material.
        CertificateOutOfScope = 27 "certificate_out_of_scope",
        /// No certificate is held where the rule asks for one.
        NoCertificate = 28 "no_certificate",
        /// What is held of the issuer's chain, or the reader's own check, is too old.
        StatusTooOld = 29 "status_too_old",
        /// Control records of the issuer's chain are not held, so a withdrawal may be among them.
        StatusIncomplete = 30 "status_incomplete",
        /// The operator of a place keeps no ledger and no accepted document is about it.
        OperatorOutside = 31 "operator_outside",
        /// The rule needs the whole chain of a party.
        WholeChainNeeded = 40 "whole_chain_needed",
        /// The rule needs all receipts of the reader.
        PortfolioNeeded = 41 "portfolio_needed",
        /// Less of an element went through the places asked for than is asked for.
        TooLittle = 50 "too_little",
        /// How much of an element went through the places asked for is not established.
        ShareOpen = 51 "share_open",
        /// More of the lot than is forgiven can be of the heel of the feed before.
        HeelLeft = 52 "heel_left",
        /// The end item was made in a barred place.
        EndItemBarred = 120 "end_item_barred",
        /// Where the end item was made is not known.
        EndItemOpen = 121 "end_item_open",
        /// An exception is claimed, and one of its conditions is not met.
        ExceptionRefused = 122 "exception_refused",
        /// An exception is claimed, and one of its conditions is not established.
        ExceptionOpen = 123 "exception_open",
        /// A step was done outside the places that are listed as allowed, and the list is not complete.
        PlaceNotListed = 124 "place_not_listed",
        /// More of an element comes of some places, or of one country, than is allowed.
        TooMuch = 160 "too_much",
        /// Somebody surely behind the lot is on a list.
        ListedEntity = 140 "listed_entity",
        /// Somebody who may be behind the lot is on a list.
        PossibleListedEntity = 141 "possible_listed_entity",
        /// A name behind the lot is like a listed one, and the reader has not said whether they are the same.
        NearName = 142 "near_name",
        /// Who somebody behind the lot is, or its name or numbers, is withheld.
        NameWithheld = 143 "name_withheld",
        /// Who somebody behind the lot is, is not told.
        NameOpen = 144 "name_open",
        /// The list is not complete here, and somebody behind the lot was not screened against the whole of it.
        NotScreened = 145 "not_screened",
        /// A supplier of a listed entity is behind the lot, and what it supplied is known from papers alone.
        ListedUpstream = 146 "listed_upstream",
        /// Somebody behind the lot belongs to listed owners, or is controlled by one, beyond a threshold.
        OwnerOver = 147 "owner_over",
        /// Too little is known of the owners of somebody behind the lot.
        OwnersOpen = 148 "owners_open",
        /// That no debt, officer or contract besides gives control is not certified.
        ControlOpen = 149 "control_open",
        /// A paper that goods of this origin need is not held.
        PaperMissing = 150 "paper_missing",
        /// A paper that goods of this origin need did not hold on the day.
        PaperInvalid = 151 "paper_invalid",
        /// More came in, or went out, than is allowed.
        AboveLimit = 161 "above_limit",
        /// Whether more came in, or went out, than the limit is not established.
        AmountOpen = 162 "amount_open",
        /// The limit itself was not checked in the text.
        LimitUnverified = 163 "limit_unverified",
        /// A duty has begun, and papers for it are not on record.
        DutyPapersMissing = 164 "duty_papers_missing",
        /// No share is declared where the rule asks for one.
        NoClaim = 165 "no_claim",
        /// A share is declared that the records cannot back.
        ClaimNotBacked = 166 "claim_not_backed",
        /// Drawn from a circuit whose period is not closed.
        Provisional = 90 "provisional",
        /// Stock that was in a circuit before everything that is told of it may be in what was drawn.
        StockInProcess = 91 "stock_in_process",
        /// A fixed check finds that records behind the lot contradict each other.
        RecordsContradict = 100 "records_contradict",
        /// A fixed check could not be made, since evidence is missing.
        CheckOpen = 101 "check_open",
        /// A fixed check could not be made, since evidence is kept from the reader.
        CheckWithheld = 102 "check_withheld",
        /// More of an element than the rule allows has no origin.
        UntracedShare = 103 "untraced_share",
        /// The lot is kept apart less than the rule asks for.
        ModelTooWeak = 104 "model_too_weak",
        /// A quantity lies outside the bounds of the rule.
        OutsideBand = 105 "outside_band",
        /// Something was won, and no limit on it is held that the reader accepts.
        NoLimit = 106 "no_limit",
        /// An event was entered long after it happened, or before it did.
        EnteredLate = 107 "entered_late",
        /// Nobody but its author is known to have seen an event in time.
        NotSeen = 108 "not_seen",
        /// Whether an event was before a day on which a text begins is not shown.
        StraddlesDate = 109 "straddles_date",
        /// Goods left a country before they had come as far as it asks, or though they may not leave.
        LeftTooRaw = 180 "left_too_raw",
        /// Whether goods left a country in a form or on a day that it allows is not established.
        BorderOpen = 181 "border_open",
        /// Goods left a country with less in them than it asks for.
        BelowSpec = 182 "below_spec",
        /// No result tells whether goods that left a country hold what it asks for.
        SpecOpen = 183 "spec_open",
        /// No paper that a country asks for is held of goods that left it.
        NoPermit = 184 "no_permit",
        /// The paper that a country asks for did not hold when goods left it.
        PermitInvalid = 185 "permit_invalid",
        /// Less value was added in a country than it asks for.
        TooLittleAdded = 186 "too_little_added",
        /// How much value was added in a country is not told.
        ValueOpen = 187 "value_open",
        /// No working mine or plant is known where a step is said to have been done.
        NoKnownPlant = 188 "no_known_plant",
        /// None is known there, and the list is said to be complete.
        NoCapacity = 189 "no_capacity",
        /// More is stated to have come out of a country in a year than it is known to yield.
        OverYield = 190 "over_yield",
        /// An item of data that is asked for is not told.
        ItemAbsent = 191 "item_absent",
        /// An item of data that is asked for is withheld.
        ItemWithheld = 192 "item_withheld",
        /// Which receipts over the lot stand beside each other is not established.
        ReceiptOpen = 202 "receipt_open",
        /// Receipts that were registered before it leave too little for one.
        LaterReceipt = 203 "later_receipt",
        /// Who attests something is tied to who made it or has it.
        TiedAttester = 200 "tied_attester",
        /// That an attester is apart from who made the goods or has them is not established.
        IndependenceOpen = 201 "independence_open",
        /// An attestation stands in for records behind the lot, and does not tell what the rule asks.
        NotAttested = 204 "not_attested",
    }
}

/// One reason for a verdict other than `pass`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reason {
    /// What kind of reason.
    pub code: ReasonCode,
    /// The verdict it leads to alone.
    pub verdict: Verdict,
    /// The elements it is about, ascending; none where it is about the lot as a whole.
    pub elements: Vec<Element>,
    /// What is so: lower case, no full stop.
    pub text: String,
    /// The records that show it, in the order told.
    pub records: Vec<RecordId>,
    /// What record or act would resolve it.
    pub resolve: Option<String>,
}

/// What one rule says of one lot on one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleVerdict {
    /// Id of the pack.
    pub pack: String,
    /// Version of the pack.
    pub pack_version: String,
    /// SHA-256 of the pack.
    pub pack_hash: Hash,
    /// Status of the pack's text.
    pub pack_status: PackStatus,
    /// How well the text was read.
    pub confidence: Confidence,
    /// Who reviewed the pack; `none` until a person has.
    pub reviewer: String,
    /// The rule.
    pub rule: String,
    /// The problem it looks for.
    pub title: String,
    /// Clause of the text.
    pub clause: String,
    /// What a reader must hold.
    pub scope: Scope,
    /// Whether the rule decides anything, or informs only.
    #[serde(skip_serializing_if = "Severity::decides")]
    pub severity: Severity,
    /// Day for which it was judged.
    pub as_of: Day,
    /// The worst of the reasons' verdicts; `pass` without any, `not_applicable` where the rule is not about
    /// the lot or the day, and where it informs only and there are reasons.
    pub verdict: Verdict,
    /// Why it is not `pass`, worst first.
    pub reasons: Vec<Reason>,
    /// What to know besides.
    pub notes: Vec<String>,
    /// Who attests what it rests on where records behind the lot are not shown, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attested_by: Vec<PartyId>,
    /// What to do when it does not pass.
    pub help: String,
    /// SHA-256 of the reader's trust file.
    pub trust_hash: Option<Hash>,
    /// SHA-256 of the reader's case file.
    pub case_hash: Option<Hash>,
    /// The record that waives the rule for this lot and day, where the verdict is `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<RecordId>,
    /// The rule of the pack that excepts this lot, where the verdict is `waived` by an exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// The reading that it was judged by, where the text has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
}

/// The most reasons of one code that a verdict, or one cell of a node table, lists.
pub(super) const MAX_REASONS: usize = 50;

/// Counts reasons by code, so that a lot with a hundred thousand gaps does not get as many texts.
///
/// The first of each code are always told, so that no verdict is lost.
#[derive(Debug, Default)]
pub(super) struct Limit(BTreeMap<ReasonCode, usize>);

impl Limit {
    /// Counts one; whether it is among those that are told.
    pub(super) fn admits(&mut self, code: ReasonCode) -> bool {
        let count = self.0.entry(code).or_default();
        *count += 1;
        *count <= MAX_REASONS
    }

    /// Returns how many of each code were not told.
    pub(super) fn left_out(&self) -> impl Iterator<Item = (ReasonCode, usize)> + '_ {
        let over = self.0.iter().filter(|(_, count)| **count > MAX_REASONS);
        over.map(|(code, count)| (*code, count - MAX_REASONS))
    }
}

/// Joins reasons that differ in their elements alone, and puts the worst first.
pub(super) fn gathered(reasons: Vec<Reason>) -> Vec<Reason> {
    let mut gathered: Vec<Reason> = Vec::new();
    let mut known: HashMap<(ReasonCode, Verdict, String, Vec<RecordId>), usize> = HashMap::new();
    for reason in reasons {
        let key = (reason.code, reason.verdict, reason.text.clone(), reason.records.clone());
        match known.get(&key) {
            Some(at) => gathered[*at].elements.extend(reason.elements),
            None => {
                known.insert(key, gathered.len());
                gathered.push(reason);
            }
        }
    }
    for reason in &mut gathered {
        reason.elements.sort_unstable();
        reason.elements.dedup();
    }
    gathered.sort_by_key(|reason| std::cmp::Reverse(reason.verdict));
    gathered
}
