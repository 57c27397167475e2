//! Layout of kinds by which something passes apart from custody.

use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::dealings::Title;
use crate::model::event::{CedeFacility, Receiver, Titled, TransferTitle};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::record::codec::{Hide, HideList, Opt, P, Text, wire};

wire! {
    TransferTitle {
        title: P<Title>,
        titled "title": HideList<256, P<Titled>>,
        to "to": Hide<P<Receiver>>,
        number "number": Hide<Opt<Text<64>>>,
        from: P<Day>,
        until: Opt<P<Day>>,
        target: Opt<P<RecordId>>,
    }
}

wire! {
    Titled {
        lot: P<LotRef>,
        from: Opt<P<Mass>>,
        mass: P<Mass>,
    }
}

wire! {
    CedeFacility {
        facility: P<RecordId>,
        to: P<Receiver>,
        from: P<Day>,
    }
}
