//! Lots: what an event creates, and the stretches that later events consume.

use serde::Serialize;

use super::element::ElementSet;
use super::evidence::{CustodyModel, MassBasis, Method, OriginClass};
use super::fact::Fact;
use super::formula::Formula;
use super::fraction::Fraction;
use super::hs::HsCode;
use super::lotref::LotRef;
use super::mass::Mass;
use super::material::Material;
use super::maybe::Maybe;
use super::uncertainty::Uncertainty;
use crate::hash::{Hash, PartyId};

/// A quantity of one material, as the event that created it states it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lot {
    /// What it is.
    pub material: Material,
    /// Harmonized System code, 4 to 10 digits.
    pub hs: Option<HsCode>,
    /// How much, with pieces and packages. Private item `out/N/mass`.
    pub quantity: Maybe<Quantity>,
    /// What it holds; what is absent is not determined, never zero. Private item `out/N/composition`.
    pub composition: Maybe<Vec<Component>>,
    /// What is written on it. Private item `out/N/marks`.
    pub marks: Maybe<Marks>,
    /// The owner where it is not the custodian. Private item `out/N/owner`.
    pub owner: Maybe<Option<PartyId>>,
    /// The custody model claimed, a claim to be tested.
    pub custody_model: Option<CustodyModel>,
    /// Mined, recycled, by-product or old stock.
    pub origin_class: Option<OriginClass>,
    /// Open facts, ascending by code, at most 64.
    pub facts: Vec<Fact>,
    /// The name people use for it, if one was given. Extra item `out/N/label`.
    pub label: Option<Maybe<String>>,
    /// Root of a Merkle tree over salted serial numbers. Extra item `out/N/serials`.
    pub serials: Option<Maybe<Hash>>,
    /// Numbers of seals on it. Extra item `out/N/seals`.
    pub seals: Option<Maybe<Vec<String>>>,
    /// SHA-256 of documents about it. Extra item `out/N/documents`.
    pub documents: Option<Maybe<Vec<Hash>>>,
}

impl Lot {
    /// Returns a lot of `material` with this quantity and nothing else said about it.
    pub fn new(material: Material, quantity: Quantity) -> Self {
        Self {
            material,
            hs: None,
            quantity: Maybe::Shown(quantity),
            composition: Maybe::Shown(Vec::new()),
            marks: Maybe::Shown(Marks::default()),
            owner: Maybe::Shown(None),
            custody_model: None,
            origin_class: None,
            facts: Vec::new(),
            label: None,
            serials: None,
            seals: None,
            documents: None,
        }
    }

    /// Returns the label if it has one and it is shown.
    pub fn label(&self) -> Option<&str> {
        self.label.as_ref().and_then(Maybe::shown).map(String::as_str)
    }

    /// Returns the mass if it is shown.
    pub fn mass(&self) -> Option<Mass> {
        self.quantity.shown().map(|quantity| quantity.mass)
    }
}

/// How much there is: a mass on a named basis with its uncertainty, and how it is packed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quantity {
    /// Net mass.
    pub mass: Mass,
    /// Relative expanded uncertainty (k = 2), scale bias apart.
    pub uncertainty: Uncertainty,
    /// As is, dried at 105 C, or calcined.
    pub basis: MassBasis,
    /// Water share of the mass as weighed, if determined.
    pub moisture: Option<Fraction>,
    /// Number of pieces, if counted.
    pub pieces: Option<u64>,
    /// Bags and drums, at most 256.
    pub packages: Vec<Package>,
}

impl Quantity {
    /// Returns a bare mass as is, without uncertainty, pieces or packages.
    pub fn of(mass: Mass) -> Self {
        Self {
            mass,
            uncertainty: Uncertainty::default(),
            basis: MassBasis::AsIs,
            moisture: None,
            pieces: None,
            packages: Vec::new(),
        }
    }
}

/// A bag, drum or pallet that can be named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Package {
    /// What is written on it, at most 64 bytes.
    pub id: String,
    /// Mass of the contents.
    pub net: Mass,
    /// Mass with packaging.
    pub gross: Mass,
}

/// One line of an assay or a specification.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Component {
    /// One element, or a group whose sum is meant.
    pub elements: ElementSet,
    /// The share, or why there is none.
    pub value: Determined,
    /// The formula the share is stated as: Pr6O11 is not Pr2O3.
    pub basis: Formula,
    /// Relative expanded uncertainty (k = 2) of the share.
    pub uncertainty: Uncertainty,
    /// How it was determined.
    pub method: Method,
}

/// The outcome of looking for something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Determined {
    /// A share of the mass, in parts per billion of the lot on its mass basis.
    Measured(Fraction),
    /// Below this limit of determination.
    BelowLimit(Fraction),
    /// Not looked for.
    NotDetermined,
}

/// What is written on a lot besides its label.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Marks {
    /// Shape: flake, block, powder, ingot...
    pub form: Option<String>,
    /// Commercial grade, such as `N42SH`.
    pub grade: Option<String>,
    /// Heat, melt or batch number.
    pub heat: Option<String>,
    /// Part number with revision.
    pub part_number: Option<String>,
    /// Coating, such as `NiCuNi`.
    pub coating: Option<String>,
    /// Whether it is magnetised, where that can be asked.
    pub magnetised: Option<bool>,
}

/// A stretch of a lot that an event consumes: `[from, from + mass)` on the scale of the lot's creator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Input {
    /// The lot.
    pub lot: LotRef,
    /// Where the stretch begins.
    pub from: Mass,
    /// How long it is; never zero.
    pub mass: Mass,
    /// Nothing of the lot is left after this (at a handover: `final`).
    pub empties: bool,
}

impl Input {
    /// Returns the end of the stretch, or `None` where it cannot be counted in 64 bits.
    pub fn end(&self) -> Option<Mass> {
        self.from.checked_add(self.mass)
    }
}

/// Material that joins a step without having been a lot: reagent, binder, coating.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Addition {
    /// What it is.
    pub material: Material,
    /// How much.
    pub mass: Mass,
    /// Relative expanded uncertainty (k = 2).
    pub uncertainty: Uncertainty,
    /// What it holds.
    pub composition: Vec<Component>,
}

/// Mass that left without becoming a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Loss {
    /// What it was, in a word: slag, dust, water, off-gas.
    pub what: String,
    /// How much.
    pub mass: Mass,
    /// Relative expanded uncertainty (k = 2).
    pub uncertainty: Uncertainty,
    /// Measured, estimated or by difference.
    pub basis: super::evidence::LossBasis,
    /// What it held, where known.
    pub composition: Vec<Component>,
}
