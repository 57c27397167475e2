//! What went into one mix, and in which proportion it comes out.

use super::flow::Place;
use crate::balance::content::{Content, Contents};
use crate::model::element::Element;
use crate::model::interval::{Interval, Share, WHOLE};
use crate::model::lot::{Addition, Component, Input};
use crate::model::material::Material;

/// Something that went into a mix.
pub(super) struct Given<'g> {
    /// What it is.
    pub(super) place: Place,
    /// Its material, where that is known.
    pub(super) material: Option<&'g Material>,
    /// What it holds of the element.
    pub(super) content: Content,
    /// How much of it went in.
    pub(super) mass: Interval,
}

impl<'g> Given<'g> {
    /// Returns a stretch of a lot.
    pub(super) fn input(contents: &Contents<'g>, place: Place, input: &Input, element: Element) -> Self {
        let material = contents.graph().lot(&input.lot).map(|lot| &lot.material);
        Self { place, material, content: contents.of(&input.lot, element), mass: contents.stretch(input) }
    }

    /// Returns an addition.
    pub(super) fn addition(
        contents: &Contents<'g>,
        place: Place,
        addition: &'g Addition,
        element: Element,
    ) -> Self {
        let (material, lines): (_, &[Component]) = (Some(&addition.material), &addition.composition);
        let mass = Interval::weighed(addition.mass, addition.uncertainty);
        Self { place, material, content: contents.of_lines(material, lines, element), mass }
    }
}

/// In which proportion sources come out of a mix.
pub(super) enum Weighed {
    /// By the mass of the element in them.
    ByElement(Vec<(Place, u128)>),
    /// By their mass, since they are of one material and nobody analysed them.
    ByMass(Vec<(Place, u128)>),
    /// Not to be told: one of several was not analysed.
    Untold,
}

/// Returns in which proportion what was `given` comes out; nothing for what cannot hold the element.
pub(super) fn weigh(given: Vec<Given<'_>>) -> Weighed {
    let given: Vec<Given<'_>> = given.into_iter().filter(|one| one.content.share != Share::NONE).collect();
    // One source brings all of it, however much that is.
    if given.windows(2).all(|pair| pair[0].place == pair[1].place) {
        return Weighed::ByElement(given.first().map(|one| (one.place, 1)).into_iter().collect());
    }
    if given.iter().all(|one| one.content.is_determined()) {
        let weights = given.iter().map(|one| Some((one.place, one.mass.times(one.content.share).middle()?)));
        return weights.collect::<Option<_>>().map_or(Weighed::Untold, Weighed::ByElement);
    }
    let alike = |pair: &[Given<'_>]| {
        pair[0].content.share == pair[1].content.share
            && pair[0].material.is_some()
            && pair[0].material == pair[1].material
    };
    if given.windows(2).all(alike) {
        let weights = given.iter().map(|one| Some((one.place, one.mass.middle()? / WHOLE)));
        return weights.collect::<Option<_>>().map_or(Weighed::Untold, Weighed::ByMass);
    }
    Weighed::Untold
}
