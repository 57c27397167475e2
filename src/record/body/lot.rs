//! Layout of lots, stretches, additions and losses.

use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};

use crate::hash::{Hash, PartyId};
use crate::model::element::ElementSet;
use crate::model::evidence::{CustodyModel, LossBasis, MassBasis, Method, OriginClass};
use crate::model::fact::Fact;
use crate::model::formula::Formula;
use crate::model::hs::HsCode;
use crate::model::lot::{Addition, Component, Determined, Input, Loss, Lot, Marks, Package, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::uncertainty::Uncertainty;
use crate::record::codec::{Codec, Hide, List, Opt, P, Text, Trail, wire};

/// Most outputs of a record.
pub type Outputs = List<16_384, P<Lot>>;
/// An assay or specification.
pub type Composition = List<256, P<Component>>;

/// Strategy: open facts, strictly ascending by code.
pub struct Facts;

impl Codec<Vec<Fact>> for Facts {
    const LEAST: usize = 8;

    fn put<E: Encoder>(value: &Vec<Fact>, to: &mut E) -> Result<(), EncodeError> {
        List::<64, P<Fact>>::put(value, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Vec<Fact>, DecodeError> {
        let facts: Vec<Fact> = List::<64, P<Fact>>::get(from)?;
        if facts.windows(2).any(|pair| pair[0].code >= pair[1].code) {
            return Err(DecodeError::Other("facts are not strictly ascending by code"));
        }
        Ok(facts)
    }
}

wire! {
    Lot {
        material: P<Material>,
        hs: Opt<P<HsCode>>,
        quantity "mass": Hide<P<Quantity>>,
        composition "composition": Hide<Composition>,
        marks "marks": Hide<P<Marks>>,
        owner "owner": Hide<Opt<P<PartyId>>>,
        custody_model: Opt<P<CustodyModel>>,
        origin_class: Opt<P<OriginClass>>,
        facts: Facts,
    }
    extras {
        label "label": Text<64>,
        serials "serials": P<Hash>,
        seals "seals": List<256, Text<64>>,
        documents "documents": List<256, P<Hash>>,
    }
}

wire! {
    Quantity {
        mass: P<Mass>,
        uncertainty: P<Uncertainty>,
        basis: P<MassBasis>,
        moisture: Opt<crate::record::values::Share>,
        pieces: Opt<P<u64>>,
        packages: List<256, P<Package>>,
    }
}

wire! { Package { id: Text<64>, net: P<Mass>, gross: P<Mass>, } }

wire! {
    Component {
        elements: P<ElementSet>,
        value: P<Determined>,
        basis: P<Formula>,
        uncertainty: P<Uncertainty>,
        method: P<Method>,
    }
}

wire! {
    Marks {
        form: Opt<Text<64>>,
        grade: Opt<Text<64>>,
        heat: Opt<Text<64>>,
        part_number: Opt<Text<64>>,
        coating: Opt<Text<64>>,
        magnetised: Opt<P<bool>>,
    }
}

wire! { Input { lot: P<LotRef>, from: P<Mass>, mass: P<Mass>, empties: P<bool>, } }

wire! {
    Addition {
        material: P<Material>,
        mass: P<Mass>,
        uncertainty: P<Uncertainty>,
        composition: Composition,
    }
}

wire! {
    Loss {
        what: Text<64>,
        mass: P<Mass>,
        uncertainty: P<Uncertainty>,
        basis: P<LossBasis>,
        composition: Composition,
    }
}
