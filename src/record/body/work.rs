//! Layout of kinds that create, move or consume material.

use super::lot::{Composition, Outputs};
use crate::hash::{Hash, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::{ReleaseReason, StopKind};
use crate::model::element::ElementSet;
use crate::model::event::{
    Assign, At, Collect, DeclaredTouch, Dispatch, Dispose, Extract, Intake, Measure, OpeningStock, Receive,
    Receiver, Refuse, Release, Repack, RequestReturn, Stop, Transform,
};
use crate::model::evidence::{Assessment, Assessor, DisposeHow, Mixing};
use crate::model::lot::{Addition, Input, Loss, Quantity};
use crate::model::lotref::LotRef;
use crate::model::party::Outsider;
use crate::model::place::Place;
use crate::model::stage::Step;
use crate::record::codec::{Hide, HideList, List, Opt, P, Text, wire};

/// Stretches consumed.
pub(super) type Inputs = HideList<65_536, P<Input>>;
/// Stages and processes in order.
pub(super) type Steps = List<32, P<Step>>;
/// What joined without having been a lot.
pub(super) type Additions = HideList<1_024, P<Addition>>;
/// What left without becoming a lot.
pub(super) type Losses = HideList<1_024, P<Loss>>;
/// Stops on the way.
pub(super) type Route = Hide<List<32, P<Stop>>>;
/// Touches declared of a past outside the ledger.
type Touches = List<256, P<DeclaredTouch>>;
/// A few words that say why.
pub(super) type Reason = Hide<Opt<Text<256>>>;

wire! {
    At {
        facility "facility": Hide<P<RecordId>>,
        period "period": Hide<P<Period>>,
        host: Opt<P<RecordId>>,
    }
}

wire! {
    Extract {
        at "": P<At>,
        steps: Steps,
        deposit "deposit": Hide<Opt<Text<128>>>,
        licence "licence": Hide<Opt<Text<64>>>,
        outputs "out": Outputs,
    }
}

wire! { OpeningStock { at "": P<At>, outputs "out": Outputs, touches "touch": Touches, } }

wire! {
    Intake {
        at "": P<At>,
        supplier "supplier": Hide<P<Outsider>>,
        outputs "out": Outputs,
        touches "touch": Touches,
    }
}

wire! {
    DeclaredTouch {
        output: P<u32>,
        elements: P<ElementSet>,
        step: P<Step>,
        place: P<Place>,
        period: Opt<P<Period>>,
        maker "maker": Hide<Opt<P<Outsider>>>,
        assessor: P<Assessor>,
        assessment: P<Assessment>,
        document: Opt<P<Hash>>,
    }
}

wire! {
    Transform {
        at "": P<At>,
        steps: Steps,
        mixing: P<Mixing>,
        inputs "in": Inputs,
        additions "add": Additions,
        outputs "out": Outputs,
        losses "loss": Losses,
    }
}

wire! {
    Repack {
        at "": P<At>,
        mixing: P<Mixing>,
        inputs "in": Inputs,
        outputs "out": Outputs,
        losses "loss": Losses,
    }
}

wire! {
    Dispatch {
        at "": P<At>,
        receiver "receiver": Hide<P<Receiver>>,
        inputs "in": Inputs,
        outputs "out": Outputs,
        carrier "carrier": Hide<Opt<P<Outsider>>>,
        due: Opt<P<Day>>,
        stops "route": Route,
        claim: Opt<P<Hash>>,
    }
}

wire! { Receive { at "": P<At>, inputs "in": Inputs, outputs "out": Outputs, } }

wire! {
    Refuse {
        at "": P<At>,
        receiver "receiver": Hide<P<Receiver>>,
        inputs "in": Inputs,
        outputs "out": Outputs,
        reason "reason": Reason,
    }
}

wire! {
    Measure {
        at "": P<At>,
        lot: P<LotRef>,
        quantity "mass": Hide<Opt<P<Quantity>>>,
        composition "composition": Hide<Composition>,
    }
}

wire! { Dispose { at "": P<At>, how: P<DisposeHow>, inputs "in": Inputs, reason "reason": Reason, } }

wire! {
    Collect {
        at "": P<At>,
        steps: Steps,
        supplier "supplier": Hide<Opt<P<Outsider>>>,
        receipt "receipt": Hide<Opt<Text<64>>>,
        outputs "out": Outputs,
    }
}

wire! {
    Stop {
        place: P<Place>,
        what: P<StopKind>,
        period: Opt<P<Period>>,
    }
}

wire! {
    Assign {
        lots: List<256, P<LotRef>>,
        receiver "receiver": Hide<P<Receiver>>,
        claim "claim": Hide<Opt<Text<64>>>,
    }
}

wire! {
    Release {
        period "period": Hide<P<Period>>,
        why: P<ReleaseReason>,
        receiver "receiver": Hide<P<Receiver>>,
        inputs "in": Inputs,
        outputs "out": Outputs,
    }
}

wire! {
    RequestReturn {
        lots: List<256, P<LotRef>>,
        from: P<Day>,
        reason "reason": Reason,
    }
}
