//! Origin classes: of which class what began somewhere is, and what counts anew on the way.
//!
//! Swarf, scrap and the like that a step gives and calls recycled is of that class from there on, whatever it was
//! before; what a way leads to beyond it does not count again. Spec: docs/origin.md, "Classes".

use super::{Cut, Leaf, LeafKind, Part, Traced, back, class, fixed};
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::recycled;
use crate::custody::touch::{Gap, GapWhy, Presence};
use crate::model::interval::Share;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::origin::fixed::ALL;

impl Traced {
    /// Returns what the element began as: entries, waste of a step that is called recycled, and gaps; and the share of
    /// which nothing says what it began as. Old stock has a class even where nobody knows where it was mined.
    pub fn classes(&self, contents: &Contents<'_>) -> (Vec<Leaf>, Share) {
        let graph = contents.graph();
        let reclaimed = |at: usize| {
            let (position, index) = self.walk.nodes[at].key?;
            let record = &graph.records()[position];
            let lot = record.event.body.outputs().get(index? as usize)?;
            let class = lot.origin_class.filter(|_| recycled::is_reclaimed(&record.event.body, lot));
            class.map(|class| (record, index, Some(class)))
        };
        let entry = |at: usize| {
            let (position, index) = self.walk.nodes[at].key?;
            let record = &graph.records()[position];
            let body = &record.event.body;
            let mut classes = match index {
                Some(index) => body.outputs().get(index as usize..=index as usize).unwrap_or_default(),
                None => body.outputs(),
            }
            .iter()
            .map(|lot| class(body, lot.origin_class));
            let first = classes.next().flatten();
            Some((record, index, first.filter(|_| classes.all(|other| other == first))))
        };
        let flow =
            back(&self.walk, &self.ways, |at| if reclaimed(at).is_some() { Cut::Yes } else { Cut::No });
        let mut ends: Vec<(Part, LeafKind)> = Vec::new();
        let mut untold: Vec<(Part, LeafKind)> = Vec::new();
        for at in self.needed().filter(|at| flow.nodes[*at].high > 0) {
            let is_leaf = self.ways.nodes[at].ways.is_empty() && !self.walk.nodes[at].attested;
            let began = reclaimed(at).or_else(|| entry(at).filter(|_| is_leaf));
            if let Some((record, output, class)) = began {
                ends.push((flow.nodes[at], LeafKind::Entry { record: record.id, output, class }));
            } else if let Some((record, index)) = self.attested_at(at, graph) {
                // An attestation tells places, and no classes.
                let why = GapWhy::InputsWithheld { by: record.author };
                let lot = LotRef { record: record.id, index };
                let gap = Gap { why, presence: Presence::Possible, lot, record: Some(record.id) };
                untold.push((flow.began(at), LeafKind::Gap(gap)));
            }
        }
        let gaps = self.walk.gaps.iter().zip(&flow.gaps).filter(|(_, part)| part.high > 0);
        let (mut told, mut open) = (Part::default(), Part { low: self.gain, high: self.gain });
        ends.iter().for_each(|(part, _)| told.add(*part));
        untold.iter().for_each(|(part, _)| open.add(*part));
        ends.extend(untold);
        for (gap, part) in gaps {
            let stock = match gap.why {
                GapWhy::UndeclaredPast { record } => graph.record(&record),
                _ => None,
            };
            let of = |record: &Record| {
                let lot = record.event.body.outputs().get(gap.lot.index as usize)?;
                class(&record.event.body, lot.origin_class)
            };
            match stock.and_then(|record| Some((record, of(record)?))) {
                Some((record, class)) => {
                    let (output, class) = (Some(gap.lot.index), Some(class));
                    told.add(*part);
                    ends.push((*part, LeafKind::Entry { record: record.id, output, class }));
                }
                None => {
                    open.add(*part);
                    ends.push((*part, LeafKind::Gap(gap.clone())));
                }
            }
        }
        let sum: u128 = ends.iter().map(|(part, _)| u128::from(part.high)).sum();
        let leaf = |(part, what): (Part, LeafKind)| {
            let others = sum - u128::from(part.high);
            let least = u128::from(ALL - self.gain).saturating_sub(others) as u64;
            Leaf { share: fixed::share(part.low.max(least).min(part.high), part.high), what }
        };
        (ends.into_iter().map(leaf).collect(), self.bounded(open, told))
    }

    /// Returns the record and output of a node whose past is attested.
    fn attested_at<'g>(&self, at: usize, graph: &'g Graph) -> Option<(&'g Record, u32)> {
        let (position, index) = self.walk.nodes[at].key.filter(|_| self.walk.nodes[at].attested)?;
        Some((&graph.records()[position], index?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::custody::testing::*;
    use crate::model::evidence::Mixing::{Discrete, Homogenised};
    use crate::model::evidence::OriginClass::{self, *};
    use crate::model::interval::ONE;
    use crate::model::lot::Lot;

    fn of_class(class: OriginClass, lot: Lot) -> Lot {
        Lot { origin_class: Some(class), ..lot }
    }

    /// The share of each class of the neodymium in a lot, in whole percent.
    fn percent(graph: &Graph, lot: LotRef) -> Vec<(Option<OriginClass>, u128, u128)> {
        let bands = Bands::embedded();
        let contents = Contents::new(graph, &bands);
        let traced = Traced::new(&contents, &lot, "Nd".parse().unwrap());
        let of = |leaf: Leaf| match leaf.what {
            LeafKind::Entry { class, .. } => {
                let Share { low, high } = leaf.share;
                (class, low * 100 / ONE, high * 100 / ONE)
            }
            LeafKind::Gap(_) => panic!("nothing is open here"),
        };
        traced.classes(&contents).0.into_iter().map(of).collect()
    }

    #[test]
    fn swarf_that_is_called_recycled_counts_from_there_on() {
        for (called, classes) in [
            (None, vec![(Some(Primary), 100, 100)]),
            (Some(RecycledPreConsumer), vec![(Some(Primary), 75, 75), (Some(RecycledPreConsumer), 25, 25)]),
        ] {
            let mut world = World::new();
            let ore = out(world.extract("mine", vec![lot("metal.Nd", 200)]), 0);
            let swarf = Lot { origin_class: called, ..lot("swarf.Nd", 50) };
            let made = vec![lot("metal.Nd", 50), swarf];
            let cut = world.transform("mine", "P80 machine", Discrete, vec![take(ore, 0, 100)], made);
            let inputs = vec![take(ore, 100, 75), take(out(cut, 1), 0, 25)];
            let melt = world.transform("mine", "P60 melt", Homogenised, inputs, vec![lot("metal.Nd", 100)]);
            let bands = Bands::embedded();
            let graph = world.graph();
            let contents = Contents::new(&graph, &bands);
            // Nobody analysed the metal, so shares are open; the classes are there all the same.
            let traced = Traced::new(&contents, &out(melt, 0), "Nd".parse().unwrap());
            let found: Vec<_> = traced
                .classes(&contents)
                .0
                .into_iter()
                .map(|leaf| match leaf.what {
                    LeafKind::Entry { class, .. } => class,
                    LeafKind::Gap(_) => None,
                })
                .collect();
            let expected: Vec<_> = classes.iter().map(|(class, _, _)| *class).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_class_of_an_entry_is_that_of_its_lot_or_of_its_kind() {
        let mut world = World::new();
        let stated = out(world.extract("mine", vec![of_class(ByProduct, lot("ore", 10))]), 0);
        let plain = out(world.extract("mine", vec![named("ORE", "metal.Nd", 10)]), 0);
        let graph = world.graph();
        assert_eq!(percent(&graph, plain), [(Some(Primary), 100, 100)]);
        let found = percent(&graph, stated);
        assert_eq!(found.iter().map(|(class, _, _)| *class).collect::<Vec<_>>(), [Some(ByProduct)]);
    }

    #[test]
    fn old_stock_has_a_class_though_nobody_knows_where_it_was_mined() {
        let mut world = World::new();
        let papers = world.intake("plant", vec![lot("metal.Nd", 10), lot("metal.Nd", 10)], Vec::new());
        world.change(papers, |record| {
            record.event.body.outputs_mut().unwrap()[0].origin_class = Some(RecycledPostConsumer);
        });
        let graph = world.graph();
        assert_eq!(percent(&graph, out(papers, 0)), [(Some(RecycledPostConsumer), 100, 100)]);
        let bands = Bands::embedded();
        let contents = Contents::new(&graph, &bands);
        let unknown =
            |index| Traced::new(&contents, &out(papers, index), "Nd".parse().unwrap()).classes(&contents).1;
        assert_eq!((unknown(0), unknown(1)), (Share::NONE, Share::ALL));
    }

    #[test]
    fn a_magnet_next_to_swarf_is_what_it_was() {
        let mut world = World::new();
        let metal = out(world.extract("mine", vec![lot("metal.Nd", 100)]), 0);
        let made = vec![lot("metal.Nd", 50), of_class(RecycledPreConsumer, lot("swarf.Nd", 50))];
        let cut = world.transform("mine", "P80 machine", Discrete, vec![take(metal, 0, 100)], made);
        let graph = world.graph();
        assert_eq!(percent(&graph, out(cut, 0)), [(Some(Primary), 100, 100)]);
        assert_eq!(percent(&graph, out(cut, 1)), [(Some(RecycledPreConsumer), 100, 100)]);
    }
}
