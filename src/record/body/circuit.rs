//! Layout of kinds of circuits that have no lots inside.

use super::lot::{Composition, Outputs};
use super::work::{Additions, Inputs, Losses, Steps};
use crate::hash::RecordId;
use crate::model::event::{At, Charge, ClosePeriod, Draw, Stock};
use crate::model::lot::Quantity;
use crate::record::codec::{Hide, HideList, Opt, P, Text, wire};

wire! {
    Charge {
        at "": P<At>,
        circuit: Text<64>,
        inputs "in": Inputs,
        additions "add": Additions,
    }
}

wire! {
    Draw {
        at "": P<At>,
        circuit: Text<64>,
        steps: Steps,
        outputs "out": Outputs,
    }
}

wire! {
    ClosePeriod {
        at "": P<At>,
        circuit: Text<64>,
        previous: Opt<P<RecordId>>,
        opening "opening": Hide<Opt<P<Stock>>>,
        closing "closing": Hide<Opt<P<Stock>>>,
        losses "loss": Losses,
        covers "covers": HideList<16_384, P<RecordId>>,
    }
}

wire! {
    Stock {
        quantity: P<Quantity>,
        composition: Composition,
    }
}
