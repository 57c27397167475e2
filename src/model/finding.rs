//! Findings: one place where the data says something a reader must know.

use serde::Serialize;

use super::coded::coded;
use super::lotref::LotRef;
use crate::hash::{PartyId, RecordId};

coded! {
    /// What was found. The name says the problem, so that "allow *mass gain*" reads as a sentence.
    FindingCode, "finding code" {
        /// A hash, length or encoding of a record does not hold; nothing in it is used.
        DamagedRecord = 1 "damaged_record",
        /// The signature does not match the bytes; nothing in the record is used.
        WrongSignature = 2 "wrong_signature",
        /// The key that signed is not in what is held of the party's chain.
        UnknownKey = 3 "unknown_key",
        /// A kind or algorithm number that this version cannot judge.
        CannotJudge = 4 "cannot_judge",
        /// `prev` does not name the record before it.
        BrokenChain = 5 "broken_chain",
        /// Records of a chain are missing between those that are held.
        MissingRecords = 6 "missing_records",
        /// `control` does not name the latest control record before it.
        ControlLie = 7 "control_lie",
        /// One party signed two records at one position.
        Fork = 8 "fork",
        /// The claimed time goes back within a chain.
        ClockBackwards = 9 "clock_backwards",
        /// What was handed over of a party's log does not hold.
        LogBroken = 190 "log_broken",
        /// A party signed two checkpoints of its log that contradict each other, or one that its records contradict.
        LogFork = 191 "log_fork",
        /// Not every control record below a checkpoint is held.
        ControlListOpen = 192 "control_list_open",
        /// Somebody has seen a newer checkpoint than what is held.
        SeenNewer = 193 "seen_newer",
        /// Fewer witnesses that the reader knows saw a checkpoint than it asks for.
        TooFewWitnesses = 194 "too_few_witnesses",
        /// What is held of a chain is older than the reader allows.
        ChainTooOld = 195 "chain_too_old",
        /// A dispatch stands above the checkpoint that is handed over of its author's log.
        DispatchUncovered = 196 "dispatch_uncovered",
        /// Two records consume overlapping stretches of one lot.
        DoubleUse = 20 "double_use",
        /// A stretch reaches past the lot's mass.
        BeyondLot = 21 "beyond_lot",
        /// The author is not the rightful consumer.
        WrongConsumer = 22 "wrong_consumer",
        /// A lot is consumed after a record said that nothing was left of it.
        UseAfterEmpty = 23 "use_after_empty",
        /// The event is at a facility that another party runs.
        ForeignFacility = 24 "foreign_facility",
        /// The facility, or the `host` record that allows working there, is not held.
        FacilityNotHeld = 25 "facility_not_held",
        /// An input lot's record is not held.
        MissingInput = 26 "missing_input",
        /// An input names an output that its record does not have.
        NoSuchOutput = 27 "no_such_output",
        /// The inputs are withheld.
        InputsWithheld = 28 "inputs_withheld",
        /// Pairs of inputs and outputs do not fit: count, mass or material.
        UnequalPairs = 29 "unequal_pairs",
        /// The received mass differs from the dispatched one by more than scales explain.
        HandoverDifference = 30 "handover_difference",
        /// The received mass differs a little.
        HandoverWarning = 31 "handover_warning",
        /// A mass of a handover is withheld or missing, so the two cannot be compared.
        HandoverUnweighed = 32 "handover_unweighed",
        /// A dispatched lot was not received by the day it was due.
        Overdue = 33 "overdue",
        /// What was dispatched and not received by the final receipt.
        TransitLoss = 34 "transit_loss",
        /// Work at a facility before it was opened or after it was closed.
        FacilityNotOpen = 35 "facility_not_open",
        /// A lot is used elsewhere than where it was, and nothing records the way.
        MovedUnrecorded = 36 "moved_unrecorded",
        /// More mass came out of a physical step than went in.
        MassGain = 40 "mass_gain",
        /// The masses of a physical step are withheld, so it cannot be balanced.
        MassUntested = 41 "mass_untested",
        /// A re-weighing by the holder differs from the lot's mass.
        Reweighed = 42 "reweighed",
        /// Mass of a physical step is missing from what came out.
        MassMissing = 43 "mass_missing",
        /// The lot rests on a record that its author has withdrawn.
        Withdrawn = 50 "withdrawn",
        /// The lot's record withdraws a record that other parties' records rest on.
        WithdrawnInUse = 51 "withdrawn_in_use",
        /// The path of an element ends without an origin.
        NoOrigin = 60 "no_origin",
        /// A draw from a circuit whose period no close that is held counts.
        ProvisionalDraw = 90 "provisional_draw",
        /// A charge or draw is dated into a closed period that does not count it, or a withdrawn one is counted.
        NotCounted = 91 "not_counted",
        /// What was drawn was shipped before its period was closed.
        ShippedBeforeClose = 92 "shipped_before_close",
        /// The close of a period contradicts what was shipped, another close, or the records it names.
        CloseContradicts = 93 "close_contradicts",
        /// The stock a period begins with is not what the close before it found.
        StockStep = 94 "stock_step",
        /// A circuit was not declared before the period.
        CircuitUndeclared = 95 "circuit_undeclared",
        /// Records of a chain that may charge a circuit are not held.
        HiddenCharges = 96 "hidden_charges",
        /// Something was drawn for an owner for whom nothing was charged.
        DrawnWithoutCharge = 97 "drawn_without_charge",
        /// A close withholds what it counts.
        CloseWithheld = 98 "close_withheld",
        /// The list of parts of an assembly does not add up to what was consumed, or is withheld.
        PartSum = 100 "part_sum",
        /// Something is said to have been a part of a thing that it never went into.
        NotAPart = 101 "not_a_part",
        /// More of a part was taken out of things than had gone in.
        RecoveredGain = 102 "recovered_gain",
        /// A number in a register has another form than the register's, or check digits that do not fit.
        IdentifierCheck = 70 "identifier_check",
        /// A lot is called recycled, and nothing on its way was collected as it is called.
        RecycledUnbacked = 75 "recycled_unbacked",
        /// The `host` record cited does not let the author do that there and then.
        HostDoesNotCover = 76 "host_does_not_cover",
        /// A lot was taken over after its sender had asked for it back.
        ReceivedDespiteRequest = 77 "received_despite_request",
        /// One side says that a lot was sent, the other that it never came.
        NeverCame = 78 "never_came",
        /// A lot that left for a receiver to be named later was assigned to two.
        AssignedTwice = 79 "assigned_twice",
        /// A lot was assigned on a claim code that is not its own.
        ClaimMismatch = 80 "claim_mismatch",
        /// A record stands for another's word, and the other has not signed where it should.
        RecordedForAnother = 81 "recorded_for_another",
        /// An event was entered long after it happened.
        EnteredLate = 82 "entered_late",
        /// An event is dated after it was signed.
        DatedAhead = 83 "dated_ahead",
        /// A record claims to be signed at a time that is still to come.
        SignedAhead = 84 "signed_ahead",
        /// A tag was handed out twice, or put on two packages or lots.
        TagTwice = 120 "tag_twice",
        /// A tag was put on that no record held here handed out.
        TagNotIssued = 121 "tag_not_issued",
        /// A tag was handed out or put on away from the pit it names, or on what was dug elsewhere.
        TagPlace = 122 "tag_place",
        /// A tag was put on outside its days, or before it was handed out.
        TagWindow = 123 "tag_window",
        /// Who handed tags out is not apart from the pit or from who holds the lot.
        TaggerNotApart = 124 "tagger_not_apart",
        /// A tag is on a package that the lot does not have, or stands for more than is there.
        TagPackage = 125 "tag_package",
        /// Tags of a pit stand for more than it can yield by what the reader accepts.
        TaggedOverCeiling = 126 "tagged_over_ceiling",
        /// Seals that were put on were not found, or nobody looked.
        SealMismatch = 127 "seal_mismatch",
        /// What was declared at a border differs from another declaration or from the goods.
        BorderMismatch = 128 "border_mismatch",
        /// An event ended before what it used was there.
        BeforeItsInput = 129 "before_its_input",
        /// A title, receipt or facility is passed on or ended by a party that does not hold it.
        TitleNotHeld = 110 "title_not_held",
        /// Receipts and pledges over one lot are more than the lot: they cannot all be true.
        DoubleClaim = 111 "double_claim",
        /// A receipt or pledge is one of several that cannot all be true, or its author has taken it back.
        ClaimContested = 112 "claim_contested",
        /// Whether a receipt stands alone can only be told from its issuer's whole chain.
        NeedsWholeChain = 113 "needs_whole_chain",
        /// Two parties that have nothing to do with each other declare one site or licence.
        DeclaredTwice = 114 "declared_twice",
        /// Work at a facility on or after the day its operator gave it up.
        WorkedAfterCeding = 115 "worked_after_ceding",
        /// A facility is said to succeed another that was not given up to its operator.
        WrongSuccession = 116 "wrong_succession",
        /// More was won or made than an authority's limit, or the nameplate, allows.
        OverCapacity = 117 "over_capacity",
        /// A count by the holder differs from the pieces the lot was created with.
        Miscount = 140 "miscount",
        /// Two results about one lot cannot both be right, or one cannot be right beside what is declared.
        AssayConflict = 141 "assay_conflict",
        /// A result that a higher one contradicts, so that it does not hold.
        AssaySuperseded = 142 "assay_superseded",
        /// A result that outranks what is declared is kept from the reader.
        AssayWithheld = 143 "assay_withheld",
        /// Who says something is tied to who it is about, or took the sample it analysed.
        NotIndependent = 144 "not_independent",
        /// A lot was taken in at the mass its papers state, and nobody has weighed it since.
        NeverWeighed = 145 "never_weighed",
        /// A claim that the credits of its account do not cover on its day.
        Overdrawn = 146 "overdrawn",
        /// One claim, by its serial number, used up more than once.
        ClaimTwice = 147 "claim_twice",
        /// A claim account is not held whole, not closed, or rests on what is not shown.
        AccountIncomplete = 148 "account_incomplete",
        /// A period of a claim account does not close with what its figures leave, or not open with what was left.
        AccountDiffers = 149 "account_differs",
        /// A credit that its lot does not bear out.
        CreditUnfounded = 150 "credit_unfounded",
        /// An inspection did not find what is stated.
        InspectedOtherwise = 151 "inspected_otherwise",
        /// An inspection was not let in.
        InspectionRefused = 152 "inspection_refused",
        /// An inspection found what is stated.
        InspectionConfirms = 153 "inspection_confirms",
        /// More of an element came out of a circuit, with what is left in it, than there was.
        AccountGain = 170 "account_gain",
        /// A period of a circuit does not account for all that went in.
        AccountUnaccounted = 171 "account_unaccounted",
        /// Periods of a circuit lie within their own uncertainty, or something in them is not determined.
        PeriodUntested = 172 "period_untested",
        /// More of an element came out of a step than can have gone in.
        ElementGain = 160 "element_gain",
        /// An element comes out of a step, and nothing that went in is said to hold any.
        ElementFromNothing = 161 "element_from_nothing",
        /// More of an element came out of a step than went in, by more than errors that are apart from each other explain.
        ElementTension = 162 "element_tension",
        /// More of an element became product than a step has been seen to recover.
        RecoveryExceeded = 163 "recovery_exceeded",
        /// More of an element is missing after a step than has been seen to be lost, and nobody measured where it went.
        Unaccounted = 164 "unaccounted",
        /// More of an element left a plant, with what stands there still, than was there and came in.
        PlantGain = 173 "plant_gain",
        /// A plant does not account for all that was there and came in.
        PlantUnaccounted = 174 "plant_unaccounted",
        /// A lot is said to hold more, or less, than its material can.
        ImpossibleShare = 165 "impossible_share",
        /// What a whole composition says does not come to about the whole.
        CompositionUnclosed = 166 "composition_unclosed",
        /// A lot holds more or less than is usual in its material.
        UnusualShare = 167 "unusual_share",
        /// More was lost than went in.
        LossExceedsInput = 168 "loss_exceeds_input",
        /// A mass or grade is missing without which no element can be counted.
        NoBasis = 169 "no_basis",
        /// More of a rare earth came out of a feed than the feed can have held, by its own masses and assays.
        FeedImpossible = 184 "feed_impossible",
        /// More of a rare earth came out of a feed than feeds of its deposit usually hold.
        FeedUnusual = 185 "feed_unusual",
        /// A lot is said to be kept apart better than the records show.
        ModelOverstated = 186 "model_overstated",
        /// A lot is said to be mixed more than the records show.
        ModelUnderstated = 187 "model_understated",
        /// A record behind the lot states something else than it did at first.
        Corrected = 130 "corrected",
        /// An attestation of a lot counts for nothing here, with the reason.
        AttestationNotCounted = 200 "attestation_not_counted",
        /// An attestation says what records, or another attestation, show not to be so.
        AttestationContradicted = 201 "attestation_contradicted",
        /// Corrected records are made of each other.
        CorrectedCycle = 131 "corrected_cycle",
        /// More was used of a lot than a correction leaves it.
        CorrectedBelowUse = 132 "corrected_below_use",
        /// A correction has no effect: it changes what a correction may not change.
        CorrectionVoid = 133 "correction_void",
        /// A party of the chain or an authority says that something is not so.
        Disputed = 134 "disputed",
        /// Who is named as the issuer of a paper says that it made none.
        IssuerDenies = 135 "issuer_denies",
    }
}

/// What a finding means for the verdict of the part of the report it stands in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// To be read; decides nothing.
    Note,
    /// Out of the ordinary; decides nothing.
    Warning,
    /// Evidence is missing: holds the verdict at `unknown`.
    Unknown,
    /// Evidence is kept from the reader: holds the verdict at `withheld`.
    Withheld,
    /// The records contradict each other or an invariant: `fail`.
    Fail,
}

/// One place where the data says something a reader must know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// What it means for the verdict.
    pub weight: Weight,
    /// The records that show it, ascending by id unless order tells more.
    pub records: Vec<RecordId>,
    /// The lots it is about.
    pub lots: Vec<LotRef>,
    /// The parties it concerns; whose chain would have to be mended.
    pub parties: Vec<PartyId>,
    /// What is so, with numbers: lower case, no full stop.
    pub message: String,
    /// What record or act would resolve it.
    pub resolve: String,
}
