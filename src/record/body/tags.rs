//! Layout of kinds about tags and borders.

use super::work::Route;
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::dealings::BorderSide;
use crate::model::event::{AppliedTag, ApplyTags, DeclareBorder, IssueTags};
use crate::model::hs::HsCode;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::place::{Country, Place};
use crate::record::codec::{Hide, HideList, List, Opt, P, Text, wire};

wire! {
    IssueTags {
        pit: P<RecordId>,
        place: P<Place>,
        coordinates: Opt<crate::record::values::Coordinates>,
        period "period": Hide<P<Period>>,
        scheme: Text<64>,
        valid: P<Period>,
        tags "tags": HideList<4_096, Text<64>>,
    }
}

wire! {
    ApplyTags {
        lot: P<LotRef>,
        place: P<Place>,
        coordinates: Opt<crate::record::values::Coordinates>,
        period "period": Hide<P<Period>>,
        scheme: Text<64>,
        tags "tags": HideList<4_096, P<AppliedTag>>,
    }
}

wire! {
    AppliedTag {
        tag: Text<64>,
        package: Opt<Text<64>>,
        mass: Opt<P<Mass>>,
    }
}

wire! {
    DeclareBorder {
        lots: List<256, P<LotRef>>,
        side: P<BorderSide>,
        from: P<Country>,
        to: P<Country>,
        origin: P<Country>,
        hs: P<HsCode>,
        mass "mass": Hide<Opt<P<Mass>>>,
        number "number": Hide<Opt<Text<64>>>,
        period "period": Hide<P<Period>>,
        stops "route": Route,
    }
}
