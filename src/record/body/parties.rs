//! Layout of kinds about parties, places and their status.

use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::event::{Accredit, Certify, EndStatus};
use crate::model::evidence::Role;
use crate::model::facility::{Capability, DeclareFacility, Operator};
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::party::{Establish, Identifier, Outsider};
use crate::model::place::{Country, Place};
use crate::model::stage::Stage;
use crate::record::codec::{Hide, List, Opt, P, Text, wire};

wire! {
    Establish {
        recovery_commitment: P<Hash>,
        name "name": Hide<Text<256>>,
        country: P<Country>,
        roles: List<64, P<Role>>,
        identifiers "identifiers": Hide<List<64, P<Identifier>>>,
        address "address": Hide<Opt<Text<512>>>,
    }
}

wire! { Identifier { scheme: Text<16>, number: Text<64>, } }

wire! { Outsider { name: Text<256>, place: Opt<P<Place>>, identifiers: List<64, P<Identifier>>, } }

wire! {
    DeclareFacility {
        operator "operator": P<Operator>,
        name "name": Hide<Text<256>>,
        place: P<Place>,
        coordinates: Opt<crate::record::values::Coordinates>,
        address "address": Hide<Opt<Text<512>>>,
        stages: List<32, P<Capability>>,
        choke_point: P<bool>,
        identifiers "identifiers": Hide<List<64, P<Identifier>>>,
        opened: Opt<P<Day>>,
        closed: Opt<P<Day>>,
    }
}

wire! { Capability { stage: P<Stage>, capacity_per_year: Opt<P<Mass>>, } }

wire! {
    Accredit {
        subject: P<PartyId>,
        facility: Opt<P<RecordId>>,
        role: P<Role>,
        valid: P<Period>,
        scheme: Text<64>,
        number "number": Hide<Opt<Text<64>>>,
        stages: List<32, P<Stage>>,
        materials: List<64, P<Material>>,
    }
}

wire! {
    Certify {
        subject: P<PartyId>,
        facility: Opt<P<RecordId>>,
        scheme: Text<64>,
        number "number": Hide<Opt<Text<64>>>,
        valid: P<Period>,
        stages: List<32, P<Stage>>,
        materials: List<64, P<Material>>,
        volume "volume": Hide<Opt<P<Mass>>>,
    }
}

wire! {
    EndStatus {
        target: P<RecordId>,
        from: P<Day>,
        until: Opt<P<Day>>,
        reason "reason": Hide<Opt<Text<256>>>,
    }
}
