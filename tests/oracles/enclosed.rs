//! The bounds of the origin engine enclose the truth, whatever the records leave open.

use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::model::interval::{ONE, Share};
use lodemark::origin::traced::{LeafKind, Traced};

use crate::flow::{ELEMENTS, Held, Mark, Q, q, ratio, together};
use crate::world::{Plan, TrueLot, World, element, name, short};

fn units(share: u128) -> Q {
    Q::from_integer(share.into())
}

/// Returns the distance of a share from its bounds, as the wider of both; panics where it lies outside.
fn enclosed(world: &World, lot: &TrueLot, what: &str, truly: &Q, said: Share) -> Q {
    let scaled = truly * units(ONE);
    assert!(
        units(said.low) <= scaled && scaled <= units(said.high),
        "{what} of {}: truly {}, said {} to {}\n{world}",
        name(&lot.lot),
        short(truly),
        short(&(units(said.low) / units(ONE))),
        short(&(units(said.high) / units(ONE))),
    );
    let wide = (&scaled - units(said.low)).max(units(said.high) - &scaled) / units(ONE);
    if world.is_exact() && wide > ratio(1, 10_000_000) {
        println!("{what} of {}: truly {}, said {said:?}", name(&lot.lot), short(truly));
    }
    wide
}

/// How often something was asked and how wide the answers were.
#[derive(Default)]
struct Tally {
    asked: u64,
    exact: u64,
    open: u64,
    lots: u64,
}

/// Checks everything that can be asked of every lot of a world; returns the widest answer.
fn check(world: &World, bands: &Bands, tally: &mut Tally) -> Q {
    let graph = world.book.graph();
    let contents = Contents::new(&graph, bands);
    let mut widest = q(0);
    for lot in world.lots.iter().filter(|lot| lot.is_held) {
        let all = together(&lot.whole);
        for (number, symbol) in ELEMENTS.iter().enumerate() {
            let held: &Held = &all.holds[number];
            if held.total == q(0) {
                continue;
            }
            tally.lots += 1;
            let truly = |mark: Mark| held.of(mark) / &held.total;
            let traced = Traced::new(&contents, &lot.lot, element(number));
            for (at, set) in world.sets.iter().enumerate() {
                let said = traced.share(|touch| set.has(&world.book, touch));
                let what = format!("set {at}, {symbol}");
                let wide = enclosed(world, lot, &what, &truly(Mark::Set(at)), said);
                widest = widest.max(wide.clone());
                if held.of(Mark::Set(at)) == q(0) || held.of(Mark::Set(at)) == held.total {
                    continue;
                }
                tally.asked += 1;
                tally.exact += u64::from(wide < ratio(1, 20));
                tally.open += u64::from(said == Share::ANY);
            }
            let unknown =
                enclosed(world, lot, &format!("unknown {symbol}"), &truly(Mark::Gap), traced.unknown());
            widest = widest.max(unknown);
            let (mut low, mut high) = (0u128, 0u128);
            let leaves = traced.leaves(&contents);
            for leaf in &leaves {
                low += leaf.share.low;
                high += leaf.share.high;
                let LeafKind::Entry { record, output, .. } = &leaf.what else { continue };
                let of = |mark: &Mark| matches!(mark, Mark::Leaf(of, index) if of == record && output.is_none_or(|one| one == *index));
                let mass: Q =
                    held.marks.iter().filter(|(mark, _)| of(mark)).map(|(_, mass)| mass.clone()).sum();
                let what = format!("leaf {} {symbol}", &record.to_string()[..6]);
                widest = widest.max(enclosed(world, lot, &what, &(mass / &held.total), leaf.share));
            }
            let no_gain = leaves.iter().any(|leaf| matches!(leaf.what, LeafKind::Gap(_))) || high >= ONE;
            assert!(low <= ONE && no_gain, "leaves of {} {symbol}: {low} to {high}\n{world}", name(&lot.lot));
            for (mark, _) in held.marks.iter().filter(|(_, mass)| **mass > q(0)) {
                let Mark::Leaf(record, index) = mark else { continue };
                let told = |kind: &LeafKind| {
                    matches!(kind, LeafKind::Entry { record: one, output, .. }
                        if one == record && output.is_none_or(|one| one == *index))
                };
                assert!(
                    leaves.iter().any(|leaf| told(&leaf.what)),
                    "{} {symbol} came from {} too, which is no leaf\n{world}",
                    name(&lot.lot),
                    &record.to_string()[..6]
                );
            }
        }
    }
    widest
}

#[test]
fn shares_leaves_and_unknowns_of_random_worlds_enclose_the_truth() {
    let (bands, mut tally) = (Bands::embedded(), Tally::default());
    for seed in 0..crate::many(4000) {
        check(&World::new(seed, Plan::EVERYTHING), &bands, &mut tally);
    }
    let Tally { asked, exact, open, lots } = tally;
    println!(
        "{lots} lots and elements, {asked} shares neither none nor all: {exact} within a twentieth, {open} left wholly open"
    );
    assert!(exact * 5 > asked && open * 2 < asked, "bounds are worth something");
}

/// Returns the widest relative uncertainty that any share of a world is stated with.
fn coarsest(world: &World) -> Q {
    let lots = world.book.records.iter().flat_map(|record| record.event.body.outputs());
    let lines = lots.filter_map(|lot| lot.composition.shown()).flatten();
    let widest = lines.map(|line| line.uncertainty.linear_ppb()).max().unwrap_or(0);
    ratio(widest, 1_000_000_000)
}

#[test]
fn without_pieces_and_circuits_shares_are_as_close_as_masses_are() {
    let bands = Bands::embedded();
    let plan = Plan { steps: 14, exact: true, discrete: false, circuits: false, inputs: 3 };
    let mut widest = q(0);
    for seed in 0..crate::many(1000) {
        let world = World::new(seed, plan);
        let wide = check(&world, &bands, &mut Tally::default());
        // Contents are stated to the billionth of a lot, so that the least of them are the coarsest.
        let coarsest = coarsest(&world);
        assert!(wide < ratio(100, 1_000_000_000).max(coarsest), "{}\n{world}", short(&wide));
        widest = widest.max(wide);
    }
    println!("the widest bound: {} billionths", short(&(&widest * q(1_000_000_000))));
}

#[test]
fn chains_that_only_split_are_exact() {
    let bands = Bands::embedded();
    let plan = Plan { steps: 14, exact: true, discrete: true, circuits: false, inputs: 1 };
    for seed in 0..crate::many(1000) {
        let world = World::new(seed, plan);
        let widest = check(&world, &bands, &mut Tally::default());
        assert!(widest < ratio(1, 1_000_000_000_000_000), "{}\n{world}", short(&widest));
    }
}
