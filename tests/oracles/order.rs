//! Nothing depends on the order in which records come in.

use lodemark::balance::content::Contents;
use lodemark::balance::{self, bands::Bands};
use lodemark::custody::graph::Graph;
use lodemark::model::interval::Share;
use lodemark::origin::traced::Traced;

use crate::chance::Chance;
use crate::world::{Plan, World, element};

/// Returns everything that is said of a world when its records come in as they stand.
fn said(world: &World, graph: &Graph, bands: &Bands) -> (Vec<Share>, Vec<String>) {
    let contents = Contents::new(graph, bands);
    let (mut shares, mut words) = (Vec::new(), Vec::new());
    for lot in &world.lots {
        for number in 0..2 {
            let traced = Traced::new(&contents, &lot.lot, element(number));
            shares.extend(world.sets.iter().map(|set| traced.share(|touch| set.has(&world.book, touch))));
            shares.push(traced.unknown());
            words.extend(traced.leaves(&contents).iter().map(|leaf| format!("{leaf:?}")));
        }
    }
    words.extend(balance::findings(graph, bands).iter().map(|finding| format!("{finding:?}")));
    (shares, words)
}

#[test]
fn shares_sources_and_findings_are_the_same_in_whatever_order_records_come() {
    let bands = Bands::embedded();
    for seed in 0..crate::many(1000) {
        let world = World::new(seed, Plan::EVERYTHING);
        let before = said(&world, &world.book.graph(), &bands);
        let mut records = world.book.records.clone();
        Chance::new(seed).shuffle(&mut records);
        // The same record twice counts once.
        records.extend(records.first().cloned());
        let after = said(&world, &Graph::build(records), &bands);
        assert!(before == after, "{world}");
    }
}
