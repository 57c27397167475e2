//! Touches: which steps the elements of a lot went through, where, and on what grade of evidence.
//!
//! A touch is, per element, *none* (no path), *possible*, or *certain*: every way the lot can be made up
//! passes it, or a pool took a positive mass of it. Shares come with the origin engine; see `walk` for how
//! presence is computed. Spec: docs/custody.md, "Touches".

use serde::Serialize;

use super::assembly::Later;
use super::graph::Graph;
use super::walk::Walk;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Period;
use crate::model::element::Element;
use crate::model::evidence::{Assessment, Assessor};
pub use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::lot::{Component, Determined, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::maybe::Maybe;
use crate::model::place::Place;
use crate::model::stage::Step;

/// Where a touch took place, as far as this reader is shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TouchPlace {
    /// A place: of a declared facility, or as a paper states it.
    At {
        /// The facility, by the record that declared it; none for a past outside the ledger.
        facility: Option<RecordId>,
        /// Country, and region where one is given.
        place: Place,
    },
    /// The facility is withheld.
    Withheld {
        /// By whom.
        by: PartyId,
    },
    /// The facility's declaration is not held.
    NotHeld {
        /// The record that would declare it.
        facility: RecordId,
    },
}

/// One step that an element of a lot went through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Touch {
    /// Stage and process.
    pub step: Step,
    /// How surely this lot went through this step at this place on this grade of evidence.
    ///
    /// Records of one step, place and grade count together: a bag filled from two melts of one
    /// furnace surely went through that furnace, though through neither melt surely.
    pub presence: Presence,
    /// Where.
    pub place: TouchPlace,
    /// On what evidence.
    pub grade: Grade,
    /// Who assessed a declared touch, and how.
    pub evidence: Option<(Assessor, Assessment)>,
    /// The document behind a declared touch.
    pub document: Option<Hash>,
    /// When.
    pub period: Maybe<Option<Period>>,
    /// Author of the record.
    pub by: PartyId,
    /// Who did it, for a declared touch that names its maker.
    pub maker: Option<String>,
    /// The record that says so.
    pub record: RecordId,
    /// An output of that record through which it counts.
    pub lot: LotRef,
    /// Whether `by` attests it of a lot whose records are not shown: then `lot` is that lot.
    pub attested: bool,
}

/// Why the path of an element ends without an answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GapWhy {
    /// The lot holds the element, but nothing that went into it can have brought it.
    NoOrigin,
    /// The record of an input lot is not held, or has no such output.
    MissingInput(LotRef),
    /// What went in is withheld.
    InputsWithheld {
        /// By whom.
        by: PartyId,
    },
    /// A material that joined without having been a lot.
    Addition(String),
    /// Taken in without a declared extraction or collection.
    UndeclaredPast {
        /// The `intake` or `opening_stock` record.
        record: RecordId,
    },
    /// Drawn from a circuit of which no close counts the draw: more can have been charged than is told.
    OpenPeriod,
    /// Stock was in the circuit, or may have been, before everything that is told of it.
    StockInProcess {
        /// The close that begins with it, or the draw where no period before it is closed.
        record: RecordId,
    },
    /// Records of the chain that may charge the circuit are not held.
    HiddenCharges {
        /// Of whose chain.
        by: PartyId,
    },
    /// An auditor who had the records knows nothing of some of it.
    Attested {
        /// The auditor.
        by: PartyId,
        /// The most of the lot's element that it is.
        most: Fraction,
    },
    /// Something made of the draw was charged while the draw was still coming out.
    Ring {
        /// The charge.
        charge: RecordId,
    },
}

/// A place where the path of an element ends without an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Gap {
    /// Why.
    pub why: GapWhy,
    /// How surely the lot rests on it.
    pub presence: Presence,
    /// The lot whose making leaves it open.
    pub lot: LotRef,
    /// The record that leaves it open, if it is held.
    pub record: Option<RecordId>,
}

/// What is known of one element's way into a lot.
///
/// A lot that cannot hold the element has no touches, gaps or origins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ElementPath {
    /// The element.
    pub element: Element,
    /// Steps it went through, sources first.
    pub touches: Vec<Touch>,
    /// Where its path ends without an answer, sources first.
    pub gaps: Vec<Gap>,
    /// Records by which it came out of the ground or into the ledger: `extract`, `intake`, `opening_stock`.
    pub origins: Vec<RecordId>,
}

/// Returns the path of each element into `lot`, in the order asked for.
///
/// Linear in the ancestry for each element and each 64 different (step, place, grade).
pub fn paths(graph: &Graph, lot: &LotRef, elements: &[Element]) -> Vec<ElementPath> {
    elements.iter().map(|element| Walk::new(graph, lot, *element).path()).collect()
}

/// Returns the paths of a part, with what was done to it after it had gone into something.
///
/// As [`paths`] otherwise.
pub fn paths_of_part(graph: &Graph, part: &LotRef, later: &Later, elements: &[Element]) -> Vec<ElementPath> {
    let walk = |element: &Element| Walk::new(graph, part, *element).followed_by(graph, later);
    elements.iter().map(|element| walk(element).path()).collect()
}

/// Returns [`joint_presence`] of a part, with what was done to it after it had gone into something.
///
/// Later steps that are only possible each count as only possible together too.
pub fn joint_presence_of_part(
    graph: &Graph,
    part: &LotRef,
    later: &Later,
    element: Element,
    wanted: impl Fn(&Touch) -> bool,
) -> Option<Presence> {
    Walk::new(graph, part, element).followed_by(graph, later).joint_presence(wanted)
}

/// Returns how surely `lot` went through at least one of the touches that `wanted` picks.
///
/// Of two sources each may be only possible and both together certain: a bag filled from two barred
/// furnaces is barred. `None` means that no path leads to any of them. The presence of the touch given
/// to `wanted` is not filled in yet. Linear in the ancestry.
pub fn joint_presence(
    graph: &Graph,
    lot: &LotRef,
    element: Element,
    wanted: impl Fn(&Touch) -> bool,
) -> Option<Presence> {
    Walk::new(graph, lot, element).joint_presence(wanted)
}

/// Returns whether `lot` holds `element` by its own record; `assay::carries` asks all results about it.
///
/// A measured share of the element alone says yes. Otherwise the material code decides; a measured group
/// of several elements makes a *no* of the code into *possible*.
pub fn carried(lot: &Lot, element: Element) -> Carries {
    carried_by(&lot.material, lot.composition.shown().map(Vec::as_slice).unwrap_or_default(), element)
}

/// Returns whether something of this material and composition holds `element`; see [`carried`].
pub fn carried_by(material: &Material, composition: &[Component], element: Element) -> Carries {
    by_composition(material.carries(element), composition, element)
}

/// Returns what a composition makes of what the material code says.
pub(super) fn by_composition(by_code: Carries, composition: &[Component], element: Element) -> Carries {
    let mut in_group = false;
    for component in composition {
        let Determined::Measured(share) = component.value else { continue };
        if share.ppb() == 0 || !component.elements.contains(element) {
            continue;
        }
        if component.elements.single().is_some() {
            return Carries::Yes;
        }
        in_group = true;
    }
    match by_code {
        Carries::No if in_group => Carries::Possible,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::model::element::ElementSet;
    use crate::model::evidence::Method;
    use crate::model::uncertainty::Uncertainty;

    /// Whether `material`, with this said of these elements, holds dysprosium.
    fn holds_dy(material: &str, elements: &[&str], value: Determined) -> Carries {
        let elements = elements.iter().map(|symbol| symbol.parse().unwrap()).collect();
        let component = Component {
            elements: ElementSet::from_elements(elements).unwrap(),
            value,
            basis: "Dy2O3".parse().unwrap(),
            uncertainty: Uncertainty::default(),
            method: Method::IcpMs,
        };
        let mut lot = testing::lot(material, 1);
        lot.composition = Maybe::Shown(vec![component]);
        carried(&lot, "Dy".parse().unwrap())
    }

    fn measured(ppb: u32) -> Determined {
        Determined::Measured(Fraction::from_ppb(ppb))
    }

    #[test]
    fn a_measured_share_of_the_element_alone_says_yes_whatever_the_code() {
        assert_eq!(holds_dy("metal.Nd", &["Dy"], measured(1)), Carries::Yes);
        assert_eq!(holds_dy("alloy.NdFeB", &["Dy"], measured(1)), Carries::Yes);
    }

    #[test]
    fn zero_a_limit_and_not_looked_for_leave_it_to_the_code() {
        let limit = Determined::BelowLimit(Fraction::from_ppb(1000));
        for value in [measured(0), limit, Determined::NotDetermined] {
            assert_eq!(holds_dy("metal.Nd", &["Dy"], value), Carries::No);
            assert_eq!(holds_dy("alloy.NdFeB", &["Dy"], value), Carries::Possible);
            assert_eq!(holds_dy("metal.Dy", &["Dy"], value), Carries::Yes);
        }
    }

    #[test]
    fn a_measured_group_makes_a_no_possible_and_leaves_a_yes() {
        assert_eq!(holds_dy("metal.Nd", &["Tb", "Dy"], measured(1)), Carries::Possible);
        assert_eq!(holds_dy("metal.Dy", &["Tb", "Dy"], measured(1)), Carries::Yes);
        assert_eq!(holds_dy("metal.Nd", &["Pr", "Nd"], measured(1)), Carries::No);
    }

    #[test]
    fn a_withheld_composition_leaves_it_to_the_code() {
        let mut lot = testing::lot("alloy.NdFeB", 1);
        lot.composition = Maybe::Withheld;
        assert_eq!(carried(&lot, "Dy".parse().unwrap()), Carries::Possible);
        assert_eq!(carried(&lot, "Nd".parse().unwrap()), Carries::Yes);
    }
}
