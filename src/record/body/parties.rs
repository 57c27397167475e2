//! Layout of kinds about parties, places and their status.

use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::{CircuitMethod, HostPurpose, Span, Tie};
use crate::model::event::{Accredit, Appoint, Certify, EndStatus, Host, Limit, Waive};
use crate::model::evidence::Role;
use crate::model::facility::{Capability, Circuit, DeclareFacility, Operator};
use crate::model::lotref::LotRef;
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
        circuits: List<32, P<Circuit>>,
        succeeds: Opt<P<RecordId>>,
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
        limit: Opt<P<Limit>>,
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

wire! {
    Limit {
        mass: P<Mass>,
        per: P<Span>,
    }
}

wire! {
    Host {
        guest: P<PartyId>,
        facility: P<RecordId>,
        purpose: P<HostPurpose>,
        stages: List<32, P<Stage>>,
        valid: P<Period>,
    }
}

wire! {
    Appoint {
        party: P<PartyId>,
        tie: P<Tie>,
        share: Opt<crate::record::values::Share>,
        valid: P<Period>,
    }
}

wire! {
    Waive {
        rule: Text<128>,
        subject: Opt<P<PartyId>>,
        lots: List<256, P<LotRef>>,
        part_numbers: List<256, Text<64>>,
        materials: List<64, P<Material>>,
        valid: P<Period>,
        number "number": Hide<Opt<Text<64>>>,
    }
}

wire! {
    Circuit {
        name: Text<64>,
        stages: List<32, P<Stage>>,
        method: P<CircuitMethod>,
        window_days: P<u16>,
        least_days: P<u16>,
    }
}
