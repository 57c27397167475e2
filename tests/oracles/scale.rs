//! A graph as large and deep as real ones get: 81 966 commits of a long history as lots.
//!
//! Each node adds one unit to what came from its parents and hands everything on in equal parts (to the milligram, by
//! largest remainder) to its children, so that the one tip holds exactly one unit of each. Published data that lies
//! beside the project and is read, never copied.

use std::collections::HashMap;
use std::io::Read;
use std::time::Instant;

use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::custody::graph::Graph;
use lodemark::hash::RecordId;
use lodemark::model::apportion::apportion;
use lodemark::model::event::{Body, Extract, Repack};
use lodemark::model::evidence::Mixing;
use lodemark::model::interval::{Interval, ONE};
use lodemark::model::lotref::LotRef;
use lodemark::model::mass::Mass;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::origin::traced::{LeafKind, Traced};

use crate::book::{self, Book, out};
use crate::shared::shared_data;
use crate::world::element;

/// A unit in milligrams: so large that a part of a milligram is less than the uncertainty of a stated share.
const UNIT: u64 = 1_000_000_000_000;
/// Nodes of a run in which nothing is optimised.
const SOME: usize = 6_000;

/// Parents of each node, which all come before it.
fn parents() -> Option<Vec<Vec<usize>>> {
    let path = shared_data("scale/git-commit-dag.csv.gz")?;
    let file = std::fs::File::open(path).expect("it was found");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("it is packed text");
    let row = |(number, line): (usize, &str)| -> Vec<usize> {
        let mut cells = line.split(',');
        assert_eq!(cells.next(), Some(number.to_string().as_str()), "nodes stand in order");
        let parents = cells.nth(1).expect("a cell of parents");
        parents.split_whitespace().map(|parent| parent.parse().expect("a number")).collect()
    };
    Some(text.lines().skip(1).enumerate().map(row).collect())
}

struct Dag {
    book: Book,
    /// The lot and mass of each node.
    lots: Vec<(LotRef, u64)>,
    /// What each node added.
    units: HashMap<RecordId, usize>,
    /// What no child took.
    left: Vec<u64>,
}

/// Returns the first `count` nodes of the graph; every node is cut for all its children.
fn dag(parents: &[Vec<usize>], count: usize) -> Dag {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    for (node, parents) in parents.iter().enumerate() {
        parents.iter().for_each(|parent| children[*parent].push(node));
    }
    let mut dag = Dag { book: Book::new(), lots: Vec::new(), units: HashMap::new(), left: Vec::new() };
    let at = dag.book.at(0);
    // For each node the stretches that its parents have cut for it.
    let mut cut: HashMap<(usize, usize), (u64, u64)> = HashMap::new();
    for (node, parents) in parents[..count].iter().enumerate() {
        let mut unit = book::lot("metal.Nd", UNIT);
        unit.composition = Maybe::Shown(vec![book::line(element(0), 1_000_000_000, 1)]);
        let mined = dag.book.sign(
            0,
            Body::Extract(Extract {
                at: at.clone(),
                steps: vec!["P10 mine".parse().expect("a step")],
                deposit: Maybe::Shown(None),
                licence: Maybe::Shown(None),
                outputs: vec![unit],
            }),
        );
        dag.units.insert(mined, node);
        let mut inputs = vec![book::stretch(out(mined, 0), 0, UNIT)];
        let mut mass = UNIT;
        for parent in parents {
            let (from, part) = cut[&(*parent, node)];
            inputs.push(book::stretch(dag.lots[*parent].0, from, part));
            mass += part;
        }
        let blended = dag.book.sign(
            0,
            Body::Repack(Repack {
                at: at.clone(),
                mixing: Mixing::Homogenised,
                inputs: inputs.into(),
                outputs: vec![book::lot("metal.Nd", mass)],
                losses: MaybeList::default(),
            }),
        );
        dag.lots.push((out(blended, 0), mass));
        let parts = apportion(Mass::from_mg(mass), &vec![1; children[node].len()]);
        let mut from = 0;
        for (child, part) in children[node].iter().zip(&parts) {
            cut.insert((node, *child), (from, part.mg()));
            from += part.mg();
        }
        let taken = children[node].iter().zip(&parts).filter(|(child, _)| **child < count);
        dag.left.push(mass - taken.map(|(_, part)| part.mg()).sum::<u64>());
    }
    dag
}

#[test]
fn eighty_thousand_lots_come_out_to_the_milligram_and_each_root_has_its_unit() {
    let Some(parents) = parents() else { return };
    let all = parents.len();
    let count = if cfg!(debug_assertions) { SOME } else { all };
    let start = Instant::now();
    let dag = dag(&parents, count);
    let last = count - 1;
    assert_eq!(dag.left.iter().sum::<u64>(), UNIT * count as u64, "nothing is lost on the way");
    for (node, micro_units) in [(1000, 471_625_000u64), (5000, 7_412_495)] {
        assert_eq!((dag.lots[node].1 + UNIT / 2_000_000) / (UNIT / 1_000_000), micro_units, "node {node}");
    }
    if count == all {
        for (node, micro_units) in
            [(20_000, 165_466_213u64), (40_000, 266_982_772), (60_000, 30_696_880), (80_000, 116_508_200)]
        {
            assert_eq!(
                (dag.lots[node].1 + UNIT / 2_000_000) / (UNIT / 1_000_000),
                micro_units,
                "node {node}"
            );
        }
        assert_eq!(dag.lots[last].1, UNIT * all as u64, "the tip holds one unit of each");
    }
    let graph = Graph::build(dag.book.records.clone());
    let bands = Bands::embedded();
    let contents = Contents::new(&graph, &bands);
    let tip = dag.lots[last];
    assert_eq!(contents.mass(&tip.0), Interval::exact(Mass::from_mg(tip.1)));
    let traced = Traced::new(&contents, &tip.0, element(0));
    let leaves = traced.leaves(&contents);
    let (mut low, mut high, mut seen) = (0u128, 0u128, 0);
    for leaf in &leaves {
        low += leaf.share.low;
        high += leaf.share.high;
        let LeafKind::Entry { record, .. } = &leaf.what else { panic!("{leaf:?} is no unit") };
        seen += usize::from(dag.units.contains_key(record));
        if count == all {
            // One unit in all: low <= 1 / 81 966 <= high, and both within a ten thousandth of it.
            let nodes = all as u128;
            assert!(leaf.share.low * nodes <= ONE && ONE <= leaf.share.high * nodes, "{leaf:?}");
            assert!((leaf.share.high - leaf.share.low) * nodes < ONE / 5_000, "{leaf:?}");
        }
    }
    assert!(low <= ONE && ONE <= high, "{low} to {high}");
    assert!(count < all || seen == all, "{seen} of {all} units are at the tip");
    println!("{} lots, {seen} of their units at the last: {:.1} s", 2 * count, start.elapsed().as_secs_f64());
}
