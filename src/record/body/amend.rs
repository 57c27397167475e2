//! Layout of kinds that change how an earlier record is read, and of the extra that says who attests.

use crate::hash::{Hash, RecordId};
use crate::model::day::Day;
use crate::model::dealings::{CorrectReason, DisputeReason, Outcome};
use crate::model::event::{Acknowledge, Behalf, Correct, Dispute, Receiver, Replacement, Resolve, Subject};
use crate::record::codec::{Hide, Opt, P, Text, wire};

wire! {
    Correct {
        target: P<RecordId>,
        reason: P<CorrectReason>,
        replacement "with": P<Replacement>,
    }
}

wire! {
    Dispute {
        about: P<Subject>,
        reason: P<DisputeReason>,
        claim "claim": Hide<Opt<Text<512>>>,
    }
}

wire! {
    Resolve {
        target: P<RecordId>,
        outcome: P<Outcome>,
        terms "terms": Hide<Opt<Text<512>>>,
    }
}

wire! {
    Acknowledge {
        target: P<RecordId>,
    }
}

wire! {
    Behalf {
        who: P<Receiver>,
        document: P<Hash>,
        day: Opt<P<Day>>,
    }
}
