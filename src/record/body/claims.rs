//! Layout of kinds of mass-balance claim accounts.

use crate::hash::RecordId;
use crate::model::day::{Day, Period};
use crate::model::element::ElementSet;
use crate::model::event::{ClaimAccount, CloseAccount, Credit, Receiver, RetireClaim};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::record::codec::{Hide, HideList, List, Opt, P, Text, wire};

wire! {
    CloseAccount {
        account: P<ClaimAccount>,
        period: P<Period>,
        previous: Opt<P<RecordId>>,
        factor: crate::record::values::Share,
        opening "opening": Hide<List<256, P<Credit>>>,
        credits "credit": HideList<16_384, P<Credit>>,
        closing "closing": Hide<P<Mass>>,
    }
}

wire! {
    ClaimAccount {
        facility: P<RecordId>,
        scheme: Text<64>,
        characteristic: Text<64>,
        elements: P<ElementSet>,
    }
}

wire! {
    Credit {
        day: P<Day>,
        lot: Opt<P<LotRef>>,
        mass: P<Mass>,
        expires: Opt<P<Day>>,
    }
}

wire! {
    RetireClaim {
        account: P<ClaimAccount>,
        serial: Text<64>,
        mass: P<Mass>,
        day: P<Day>,
        vintage: Opt<P<Period>>,
        lot: Opt<P<LotRef>>,
        beneficiary "beneficiary": Hide<Opt<P<Receiver>>>,
    }
}
