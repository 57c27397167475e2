//! Layout of kinds by which parts are put together and taken apart.

use super::lot::Outputs;
use super::work::{Additions, Inputs, Losses, Steps};
use crate::model::event::{Assemble, At, Disassemble, Part, Recovered};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::record::codec::{HideList, Opt, P, wire};

wire! {
    Assemble {
        at "": P<At>,
        steps: Steps,
        inputs "in": Inputs,
        parts "part": HideList<65_536, P<Part>>,
        additions "add": Additions,
        outputs "out": Outputs,
    }
}

wire! {
    Part {
        input: P<u32>,
        output: P<u32>,
        mass: P<Mass>,
        pieces: Opt<P<u64>>,
    }
}

wire! {
    Disassemble {
        at "": P<At>,
        steps: Steps,
        inputs "in": Inputs,
        recovered "part": HideList<16_384, P<Recovered>>,
        outputs "out": Outputs,
        losses "loss": Losses,
    }
}

wire! {
    Recovered {
        output: P<u32>,
        part: P<LotRef>,
    }
}
