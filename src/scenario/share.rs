//! Shares that a scenario expects: how much of an element of a lot went through some steps and places.
//!
//! Figures are tenths of a percent, rounded outward; an average to the nearest.

use super::check::{Answer, nothing};
use super::expect::{FIGURES, ShareOf, tenths};
use super::world::World;
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::model::element::Element;
use crate::model::interval::{ONE, Share};
use crate::origin::average::{self, Source};
use crate::origin::traced::{LeafKind, Traced};
use crate::verify::Reader;

/// A tenth of a percent.
const TENTH: u128 = ONE / 1_000;

/// Returns the figures that `asked` names, in its order, and where the element came from.
pub(super) fn of(
    (world, graph, reader): (&World, &Graph, &Reader),
    (lot, element): (&str, Element),
    share_of: &ShareOf,
    asked: &str,
) -> (Answer, Vec<String>) {
    let Some(reference) = world.lot(lot) else {
        return nothing(format!("no lot of the scenario is called `{lot}`"));
    };
    let contents = Contents::new(graph, &reader.bands);
    let traced = Traced::new(&contents, &reference, element);
    let averages = average::shares(&contents, &reference, element);
    let share = traced.share(|touch| share_of.picks(touch));
    let is_told = |part: &(Source, u128)| !matches!(part.0, Source::Untold(..));
    let figure = |name: &str| match name {
        "least" => tenths(share.low / TENTH),
        "most" => tenths(share.high.div_ceil(TENTH)),
        "unknown" => tenths(traced.unknown().high.div_ceil(TENTH)),
        _ if !averages.parts.iter().all(is_told) => "none".to_owned(),
        _ => tenths((averages.through(|touch| share_of.picks(touch)) + TENTH / 2) / TENTH),
    };
    let is_asked = |name: &&&str| asked.split(", ").any(|part| part.split(' ').next() == Some(name));
    let figures = FIGURES.iter().filter(is_asked).map(|name| format!("{name} {}", figure(name)));
    let answer = Answer { answer: figures.collect::<Vec<_>>().join(", "), ..Answer::default() };
    let range =
        |share: Share| format!("{} to {}", tenths(share.low / TENTH), tenths(share.high.div_ceil(TENTH)));
    let why = traced.leaves(&contents).into_iter().map(|leaf| match leaf.what {
        LeafKind::Entry { record, .. } => {
            format!("{} from `{}`", range(leaf.share), world.name_of(&record).unwrap_or("a record"))
        }
        LeafKind::Gap(gap) => format!("{} not known: {:?}", range(leaf.share), gap.why),
    });
    (answer, why.collect())
}
