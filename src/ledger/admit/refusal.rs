//! Refusals: the invariant that an own event would break, and what a person can do about it.

use super::accounts::CircuitRefusal;
use super::amend::AmendRefusal;
use super::claims::ClaimRefusal;
use super::tags::TagsRefusal;
use crate::hash::RecordId;
use crate::ledger::error::LedgerError;
use crate::model::day::Day;
use crate::model::mass::Mass;

/// Why an event cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The record of an input is not held.
    #[error("the record of lot `{lot}` is not held here")]
    MissingInput {
        /// The lot.
        lot: String,
    },
    /// The record of an input has no such output.
    #[error("there is no lot `{lot}`: its record has {outputs} outputs")]
    NoSuchOutput {
        /// The lot.
        lot: String,
        /// Outputs of its record.
        outputs: usize,
    },
    /// The author is not the rightful consumer.
    #[error("lot `{lot}` may only be used by {holder}")]
    WrongConsumer {
        /// The lot.
        lot: String,
        /// Who may use it.
        holder: String,
    },
    /// Nobody of the ledger may consume the lot, or it is not known who may.
    #[error("lot `{lot}` was sent {to}")]
    NoConsumer {
        /// The lot.
        lot: String,
        /// Where it went, in words.
        to: &'static str,
    },
    /// A lot in transit has to be received first.
    #[error("lot `{lot}` is in transit and has not been received")]
    InTransit {
        /// The lot.
        lot: String,
    },
    /// A lot that is held already cannot be received or refused.
    #[error("lot `{lot}` is not in transit, so it cannot be received, refused or released")]
    NotInTransit {
        /// The lot.
        lot: String,
    },
    /// A stretch was taken before.
    #[error("{from} to {to} of lot `{lot}` is asked for, but {used_from} to {used_to} was used by record `{}`", by.short())]
    UsedBefore {
        /// The lot.
        lot: String,
        /// Begin of the stretch asked for.
        from: Mass,
        /// Its end.
        to: Mass,
        /// Begin of the stretch taken before.
        used_from: Mass,
        /// Its end.
        used_to: Mass,
        /// The record that took it.
        by: RecordId,
        /// Where the unused part begins.
        free: Mass,
    },
    /// Two inputs of the event share a stretch.
    #[error("two inputs use the same part of lot `{lot}`, one of them {from} to {to}")]
    TwiceInEvent {
        /// The lot.
        lot: String,
        /// Begin of the second stretch.
        from: Mass,
        /// Its end.
        to: Mass,
    },
    /// A stretch reaches past the lot.
    #[error("{from} to {to} of lot `{lot}` is asked for, but the lot has {mass}")]
    BeyondLot {
        /// The lot.
        lot: String,
        /// Begin of the stretch asked for.
        from: Mass,
        /// Its end.
        to: Mass,
        /// Mass of the lot.
        mass: Mass,
    },
    /// A record said that nothing was left.
    #[error("lot `{lot}` was emptied by record `{}`", by.short())]
    Emptied {
        /// The lot.
        lot: String,
        /// The record that emptied it.
        by: RecordId,
    },
    /// What was taken so far is no longer shown here.
    #[error("record `{}` used a part of lot `{lot}` that is no longer shown here", by.short())]
    UseHidden {
        /// The lot.
        lot: String,
        /// The record.
        by: RecordId,
    },
    /// The record that made the lot was taken back.
    #[error("lot `{lot}` rests on record `{}`, which was withdrawn", record.short())]
    Withdrawn {
        /// The lot.
        lot: String,
        /// The record that was taken back.
        record: RecordId,
    },
    /// The facility is not held.
    #[error("the facility `{}` is not held here", facility.short())]
    FacilityMissing {
        /// The record named.
        facility: RecordId,
    },
    /// The record named as facility declares none.
    #[error("record `{}` does not declare a facility", facility.short())]
    NoFacility {
        /// The record named.
        facility: RecordId,
    },
    /// The facility is another's.
    #[error("the facility {facility} is {whose}")]
    ForeignFacility {
        /// The facility, by name.
        facility: String,
        /// Whose it is, in words.
        whose: String,
    },
    /// The `host` record cited does not cover the event.
    #[error("the event is at the facility {facility} as a guest on `host` record `{}`, but {why}", host.short())]
    HostDoesNotCover {
        /// The facility, by name.
        facility: String,
        /// The record cited.
        host: RecordId,
        /// What it lacks.
        why: String,
    },
    /// A stay is given at a facility that is not the author's.
    #[error("the facility {facility} is not yours, so you cannot let anybody work there")]
    NotYourFacility {
        /// The facility, by name.
        facility: String,
    },
    /// A party names itself where another belongs.
    #[error("{0}")]
    Oneself(&'static str),
    /// A lot that is called back or assigned was not sent by the author.
    #[error("lot `{lot}` {why}")]
    NotYoursInTransit {
        /// The lot.
        lot: String,
        /// What is wrong with it.
        why: String,
    },
    /// The code shown is not the one that the dispatch committed to.
    #[error("the claim code does not fit lot `{lot}`")]
    WrongCode {
        /// The lot.
        lot: String,
    },
    /// The declaration of the facility was taken back.
    #[error("the declaration of the facility {facility} was withdrawn")]
    FacilityWithdrawn {
        /// The facility, by name.
        facility: String,
    },
    /// Inputs and outputs of a handover differ in number.
    #[error("{inputs} lots go in and {outputs} come out, where each input has its own output")]
    UnequalCount {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
    /// An output of a handover is another material than its input.
    #[error("output {output} is {stated}, but lot `{lot}` is {found}")]
    OtherMaterial {
        /// Number of the output, from 0.
        output: usize,
        /// Material stated.
        stated: String,
        /// The input's lot.
        lot: String,
        /// Its material.
        found: String,
    },
    /// An output of a handover has another mass than its input.
    #[error("output {output} holds {stated}, but {taken} of lot `{lot}` go into it")]
    OtherMass {
        /// Number of the output, from 0.
        output: usize,
        /// Mass stated.
        stated: Mass,
        /// The input's lot.
        lot: String,
        /// Mass of the stretch.
        taken: Mass,
    },
    /// An output of a handover is stated on another mass basis than its input.
    #[error("output {output} is stated on another mass basis than lot `{lot}`")]
    OtherBasis {
        /// Number of the output, from 0.
        output: usize,
        /// The input's lot.
        lot: String,
    },
    /// Refused goods go to someone else than the sender.
    #[error("lot `{lot}` was dispatched by {sender} and can only go back there")]
    NotSentBack {
        /// The lot.
        lot: String,
        /// Who dispatched it.
        sender: String,
    },
    /// A record that is withdrawn or ended is not held, not own, or of another kind.
    #[error("record `{}` {why}", target.short())]
    WrongTarget {
        /// The record named.
        target: RecordId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An event of a circuit does not fit what was recorded of it.
    #[error(transparent)]
    Circuit(Box<CircuitRefusal>),
    /// The facility was given up by its operator.
    #[error("the facility {facility} was given up from {from} on")]
    Ceded {
        /// The facility, by name.
        facility: String,
        /// First day on which it is no longer the author's.
        from: Day,
    },
    /// A title, receipt or pledge cannot be passed so.
    #[error("{why}")]
    Title {
        /// What records say against it.
        why: String,
        /// What to do.
        resolve: String,
    },
    /// A claim, waiver, inspection, tie or assay may not say what it says.
    #[error(transparent)]
    Claim(ClaimRefusal),
    /// The event opens a chain.
    #[error("`establish` opens a chain and cannot stand inside one")]
    Establish,
    /// Tags or what they are on do not fit what is held.
    #[error(transparent)]
    Tags(TagsRefusal),
    /// A list of parts gives away more than was consumed.
    #[error("{listed} of lot `{lot}` are listed as parts, but {taken} are taken")]
    PartsExceed {
        /// The lot.
        lot: String,
        /// Mass of all its parts.
        listed: Mass,
        /// Mass of the stretch.
        taken: Mass,
    },
    /// A part recovered never went into what is taken apart.
    #[error("lot `{part}` never went into what is taken apart")]
    NotAPart {
        /// The lot said to be a part.
        part: String,
    },
    /// More of a part is recovered than went in.
    #[error("more is recovered of lot `{part}` than the {went_in} that went in")]
    RecoveredExceeds {
        /// The lot.
        part: String,
        /// How much of it went in.
        went_in: Mass,
    },
    /// Something said about an earlier record cannot stand.
    #[error(transparent)]
    Amend(AmendRefusal),
    /// A value is withheld in an own event.
    #[error("the inputs of an own event are withheld")]
    InputsWithheld,
}

impl Refusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::MissingInput { .. } | Self::FacilityMissing { .. } => {
                "import the export file of the party that made it first"
            }
            Self::NoSuchOutput { .. } => "outputs are counted from 0",
            Self::WrongConsumer { .. } => "its holder must dispatch it to you, and you receive it",
            Self::NoConsumer { to, .. } if *to == RECEIVER_WITHHELD => {
                "ask the sender for an export that shows the item `receiver`"
            }
            Self::NoConsumer { .. } => "the sender must dispatch it to you",
            Self::InTransit { .. } => "record its `receive` first, then use what was received",
            Self::NotInTransit { .. } => "name the lot that the sender's dispatch created",
            Self::UsedBefore { free, .. } => {
                return Some(format!("the unused rest begins at {free}"));
            }
            Self::TwiceInEvent { .. } => "let each input begin where the one before it ends",
            Self::BeyondLot { .. } => {
                "use at most what is left; if a scale shows more, record a `measure` and take the rest with `empties`"
            }
            Self::Emptied { .. } => "if something is left after all, withdraw the record that emptied it",
            Self::UseHidden { .. } => "restore the private values of that record from a copy of this ledger",
            Self::Withdrawn { .. } => "use the lot of the record that stands in its place",
            Self::NoFacility { .. } => "name a facility by the record that declared it",
            Self::ForeignFacility { .. } => {
                "let the operator record a `host` for you and import it, or declare your own facility"
            }
            Self::HostDoesNotCover { .. } => {
                "ask the operator for a `host` record that covers it, or let the operator record the work"
            }
            Self::NotYourFacility { .. } => "name a facility that you declared as your own",
            Self::Oneself(_) => "leave it out, or name the other party",
            Self::NotYoursInTransit { .. } => "see `lots` for what is in transit from you",
            Self::WrongCode { .. } => {
                "compare it with the paper that went with the goods; without a code, `assign` decides on your word alone"
            }
            Self::FacilityWithdrawn { .. } => "declare the facility again",
            Self::UnequalCount { .. } => "give one output for each input, in the same order",
            Self::OtherMaterial { .. } | Self::OtherMass { .. } | Self::OtherBasis { .. } => {
                "a handover changes nothing: state the lot as it was; what changes it is a `transform` or `measure`"
            }
            Self::PartsExceed { .. } => "list as parts at most what is taken of the lot, or take more of it",
            Self::NotAPart { .. } => {
                "name the lot that went in; what is not known to have been a part needs no `recovered` entry"
            }
            Self::RecoveredExceeds { .. } => {
                "record what else came out as a lot of its own, without a `recovered` entry"
            }
            Self::NotSentBack { .. } => "name the sender as the receiver",
            Self::Circuit(refusal) => return Some(refusal.hint()),
            Self::Tags(refusal) => return refusal.hint(),
            Self::Ceded { .. } => "the new operator records the work, or lets you work there with `host`",
            Self::Title { resolve, .. } => return Some(resolve.clone()),
            Self::Claim(refusal) => return Some(refusal.hint()),
            Self::Amend(refusal) => refusal.hint(),
            Self::WrongTarget { .. } | Self::Establish | Self::InputsWithheld => return None,
        };
        Some(text.to_owned())
    }
}

/// How a receiver that is withheld is called.
pub(super) const RECEIVER_WITHHELD: &str = "to a party that is withheld";

/// Why an event was not admitted, or could not be judged.
pub enum NotAdmitted {
    /// It breaks an invariant.
    Refused(Refusal),
    /// The ledger could not tell.
    Failed(LedgerError),
}

impl From<Refusal> for NotAdmitted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<LedgerError> for NotAdmitted {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error)
    }
}
