//! Layout of kinds by which somebody vouches for what others recorded.

use crate::hash::Hash;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::event::{
    Attest, AttestedElement, AttestedMass, AttestedSet, AttestedTouch, AttestedVerdict, Unplaced, Witness,
};
use crate::model::evidence::{Grade, Presence};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::party::Outsider;
use crate::model::place::Place;
use crate::model::stage::{Process, Stage, Step};
use crate::model::verdict::Verdict;
use crate::record::codec::{Hide, List, Opt, P, Text, wire};
use crate::record::values::Share;

wire! {
    Attest {
        lot: P<LotRef>,
        as_of: P<Day>,
        valid_until: P<Day>,
        custody: P<Verdict>,
        elements "element": List<118, P<AttestedElement>>,
        touches "touch": List<4_096, P<AttestedTouch>>,
        verdicts: List<1_024, P<AttestedVerdict>>,
        records: P<AttestedSet>,
        logs: P<AttestedSet>,
        bands: P<Hash>,
        trust: Opt<P<Hash>>,
    }
}

wire! {
    AttestedElement {
        element: P<Element>,
        mass "mass": Hide<Opt<P<AttestedMass>>>,
        unknown: Share,
        unplaced: List<64, P<Unplaced>>,
        grade: P<Grade>,
    }
}

wire! { Unplaced { stages: List<32, P<Stage>>, process: Opt<P<Process>>, recycled: P<bool>, } }

wire! { AttestedMass { least: P<Mass>, most: P<Mass>, } }

wire! {
    AttestedTouch {
        element: P<Element>,
        step: P<Step>,
        place: Opt<P<Place>>,
        grade: P<Grade>,
        presence: P<Presence>,
        least: Share,
        most: Share,
        period: Opt<P<Period>>,
        maker "maker": Hide<Opt<P<Outsider>>>,
    }
}

wire! {
    AttestedVerdict {
        pack: Text<64>,
        pack_hash: P<Hash>,
        rule: Text<128>,
        verdict: P<Verdict>,
    }
}

wire! { AttestedSet { count: P<u32>, root: P<Hash>, } }

wire! { Witness { from: List<16, P<u64>>, } }
