use proptest::prelude::*;

use super::*;
use crate::balance::bands::Bands;
use crate::custody::testing::*;
use crate::custody::touch::TouchPlace;
use crate::hash::RecordId;
use crate::model::element::ElementSet;
use crate::model::event::{Body, Stock};
use crate::model::evidence::{Method, Mixing};
use crate::model::fraction::Fraction;
use crate::model::lot::{Component, Determined, Input, Lot, Quantity};
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::uncertainty::Uncertainty;
use crate::origin::traced::Traced;

fn nd() -> Element {
    "Nd".parse().unwrap()
}

/// An exact analysis: half of it is neodymium.
fn half_nd() -> Vec<Component> {
    let uncertainty = Uncertainty { random: Fraction::from_ppb(1), bias: Fraction::ZERO };
    let value = Determined::Measured(Fraction::from_ppb(500_000_000));
    let elements = ElementSet::from(nd());
    vec![Component {
        elements,
        value,
        basis: "element".parse().unwrap(),
        uncertainty,
        method: Method::IcpOes,
    }]
}

fn analysed(mg: u64) -> Lot {
    let mut lot = lot("mixed_carbonate", 1);
    lot.quantity = Maybe::Shown(Quantity::of(Mass::from_mg(mg)));
    lot.composition = Maybe::Shown(half_nd());
    lot
}

fn all(lot: LotRef, mg: u64) -> Input {
    Input { lot, from: Mass::ZERO, mass: Mass::from_mg(mg), empties: true }
}

/// Closes a period whose stocks were analysed.
fn close(
    world: &mut World,
    hall: RecordId,
    on: &str,
    (opening, closing): (u64, u64),
    covers: Vec<RecordId>,
) -> RecordId {
    let id = world.close("plant", hall, on, (0, 0), covers);
    let stock = |mg: u64| {
        let quantity = Quantity::of(Mass::from_mg(mg));
        Maybe::Shown((mg > 0).then(|| Stock { quantity, composition: half_nd() }))
    };
    world.change(id, |record| {
        if let Body::ClosePeriod(close) = &mut record.event.body {
            (close.opening, close.closing) = (stock(opening), stock(closing));
        }
    });
    id
}

const T: u64 = 1_000_000_000;

/// What each source of a lot brought, in percent with two digits, rounded down.
fn percents(world: &World, lot: LotRef) -> Vec<(Source, u128)> {
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let averages = shares(&contents, &lot, nd());
    assert_eq!(averages.parts.iter().map(|part| part.1).sum::<u128>(), ONE);
    averages.parts.iter().map(|(source, share)| (*source, share / (ONE / 10_000))).collect()
}

/// A hall, and ore of the mine and of the works as it came to the plant.
fn hall() -> (World, RecordId, LotRef, LotRef) {
    let mut world = World::new();
    let hall = world.circuit("plant", 400, 0);
    let here = out(world.extract("plant", vec![analysed(1_000 * T)]), 0);
    let there = out(world.intake("plant", vec![analysed(1_000 * T)], Vec::new()), 0);
    (world, hall, here, there)
}

fn part(lot: LotRef, from: u64, mg: u64) -> Input {
    Input { lot, from: Mass::from_mg(from), mass: Mass::from_mg(mg), empties: false }
}

#[test]
fn a_heel_of_twelve_and_forty_charged_make_76_9_percent_of_every_draw_and_of_what_is_left() {
    let (mut world, hall, us, _) = hall();
    let charge = world.charge("plant", hall, "2026-02-20", vec![part(us, 0, 40 * T)]);
    // Drawn before it was charged: the average knows no days within a period.
    let first = world.draw("plant", hall, "2026-02-02", vec![analysed(5 * T)]);
    let second = world.draw("plant", hall, "2026-02-27", vec![analysed(40 * T)]);
    let end = close(&mut world, hall, "2026-02-01..2026-02-28", (12 * T, 7 * T), vec![charge, first, second]);
    let expected = vec![(Source::Entry(us), 7692), (Source::Stock(end), 2307)];
    assert_eq!(percents(&world, out(first, 0)), expected);
    assert_eq!(percents(&world, out(second, 0)), expected);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let left = shares_of_stock(&contents, &end, nd()).unwrap();
    assert_eq!(left.parts, shares(&contents, &out(first, 0), nd()).parts);
    assert_eq!(left.circuits.len(), 1);
    assert_eq!(left.circuits[0].method, Some(CircuitMethod::Average));
}

#[test]
fn a_draw_of_an_open_period_has_no_average_and_is_provisional() {
    let (mut world, hall, us, _) = hall();
    world.charge("plant", hall, "2026-02-03", vec![part(us, 0, 40 * T)]);
    let draw = world.draw("plant", hall, "2026-02-20", vec![analysed(5 * T)]);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let averages = shares(&contents, &out(draw, 0), nd());
    assert!(averages.provisional);
    assert_eq!(averages.parts, vec![(Source::Untold(draw, Why::PeriodOpen), ONE)]);
    assert_eq!(averages.known(), 0);
}

#[test]
fn what_the_pool_gave_itself_changes_nothing_even_if_nobody_analysed_it() {
    let (mut world, hall, us, ru) = hall();
    let one = world.charge("plant", hall, "2026-02-03", vec![part(us, 0, 30 * T)]);
    let other = world.charge("plant", hall, "2026-02-04", vec![part(ru, 0, 10 * T)]);
    let draw = world.draw("plant", hall, "2026-02-05..2026-02-20", vec![lot("mixed_carbonate", 4_000)]);
    let back = world.charge("plant", hall, "2026-02-21", vec![take(out(draw, 0), 0, 2_000)]);
    let last = world.draw("plant", hall, "2026-02-28", vec![analysed(5 * T)]);
    close(&mut world, hall, "2026-02-01..2026-02-28", (0, 0), vec![one, other, draw, back, last]);
    let expected = vec![(Source::Entry(us), 7500), (Source::Entry(ru), 2500)];
    let mut expected = expected;
    expected.sort();
    assert_eq!(percents(&world, out(last, 0)), expected);
    assert_eq!(percents(&world, out(draw, 0)), expected);
}

#[test]
fn what_is_worked_up_with_other_material_and_charged_again_goes_round_until_it_is_out() {
    let (mut world, hall, us, ru) = hall();
    let one = world.charge("plant", hall, "2026-02-03", vec![part(us, 0, 30 * T)]);
    let draw = world.draw("plant", hall, "2026-02-04", vec![analysed(10 * T)]);
    let inputs = vec![all(out(draw, 0), 10 * T), part(ru, 0, 10 * T)];
    let blend = world.repack("plant", Mixing::Homogenised, inputs, vec![analysed(20 * T)]);
    let back = world.charge("plant", hall, "2026-02-05", vec![all(out(blend, 0), 20 * T)]);
    let last = world.draw("plant", hall, "2026-02-28", vec![analysed(5 * T)]);
    close(&mut world, hall, "2026-02-01..2026-02-28", (0, 0), vec![one, draw, back, last]);
    // m = (30 us + 20 (m/2 + ru/2)) / 50, so m = 3/4 us + 1/4 ru.
    let mut expected = vec![(Source::Entry(us), 7500), (Source::Entry(ru), 2500)];
    expected.sort();
    let rounded = |lot| -> Vec<_> {
        percents(&world, lot)
            .into_iter()
            .map(|(source, share)| (source, share.next_multiple_of(10)))
            .collect()
    };
    assert_eq!(rounded(out(last, 0)), expected);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let averages = shares(&contents, &out(last, 0), nd());
    let mined = averages.through(|touch| touch.step.stage.to_string() == "P10");
    let part = averages.parts.iter().find(|part| part.0 == Source::Entry(us)).unwrap().1;
    assert!(mined.abs_diff(part) < 1_000, "{mined} {part}");
    assert!(part.abs_diff(ONE / 4 * 3) < 1_000, "{part}");
}

#[test]
fn one_source_needs_no_analysis_and_two_of_one_material_count_by_mass() {
    let mut world = World::new();
    let (a, b) = (
        out(world.extract("mine", vec![lot("ore", 10)]), 0),
        out(world.extract("mine", vec![lot("ore", 30)]), 0),
    );
    let single =
        world.transform("mine", "P20 crush", Mixing::Homogenised, vec![take(a, 0, 5)], vec![lot("ore", 5)]);
    assert_eq!(percents(&world, out(single, 0)), [(Source::Entry(a), 10_000)]);
    let inputs = vec![take(a, 5, 5), take(b, 0, 15)];
    let both = world.transform("mine", "P20 crush", Mixing::Homogenised, inputs, vec![lot("ore", 20)]);
    let mut expected = vec![(Source::Entry(a), 2500), (Source::Entry(b), 7500)];
    expected.sort();
    assert_eq!(percents(&world, out(both, 0)), expected);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    assert_eq!(shares(&contents, &out(both, 0), nd()).by_mass, [both]);
}

#[test]
fn two_sources_of_which_one_was_not_analysed_have_no_average() {
    let (mut world, _, us, _) = hall();
    let other = out(world.extract("plant", vec![lot("mixed_carbonate", 10)]), 0);
    let inputs = vec![part(us, 0, T), take(other, 0, 5)];
    let both =
        world.transform("plant", "P40 calcine", Mixing::Homogenised, inputs, vec![lot("mixed_carbonate", 5)]);
    let untold = Source::Untold(both, Why::NotDetermined);
    assert_eq!(percents(&world, out(both, 0)), [(untold, 10_000)]);
}

#[test]
fn a_sequence_and_a_lot_that_is_not_held_say_so() {
    let (mut world, _, us, ru) = hall();
    let inputs = vec![part(us, 0, T), part(ru, 0, T)];
    let run =
        world.transform("plant", "P40 calcine", Mixing::Sequential, inputs, vec![lot("mixed_carbonate", 5)]);
    assert_eq!(percents(&world, out(run, 0)), [(Source::Untold(run, Why::Sequential), 10_000)]);
    let gone = out(RecordId::ZERO, 0);
    assert_eq!(percents(&world, gone), [(Source::NotHeld(gone), 10_000)]);
}

/// One month: masses charged of two origins, and what is drawn in parts of a thousand of what is there.
type Month = (u64, u64, Vec<u64>);

struct Year {
    world: World,
    entries: [LotRef; 2],
    draws: Vec<(LotRef, u64)>,
    last: RecordId,
    left: u64,
    opening: u64,
    first: RecordId,
}

/// Books a year; each month's drawing is split into `split` draws, and booked before charging if `early`.
fn year(opening: u64, months: &[Month], split: u64, early: bool) -> Year {
    let (mut world, hall, us, ru) = hall();
    let mut stock = opening;
    let (mut used, mut draws, mut closes) = ([0u64; 2], Vec::new(), Vec::new());
    for (at, (a, b, drawn)) in months.iter().enumerate() {
        let days = [31u32, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][at];
        let on = |day: u32| format!("2026-{:02}-{day:02}", at + 1);
        let mut covers = Vec::new();
        let before = stock;
        let charged = stock + a + b;
        let mut draw = |world: &mut World, covers: &mut Vec<RecordId>, stock: &mut u64| {
            for part in drawn {
                let whole = charged / 1_000 * part / drawn.len() as u64 / 2;
                let mut rest = whole;
                for number in 0..split {
                    let mg = if number + 1 == split { rest } else { whole / split };
                    if mg == 0 {
                        continue;
                    }
                    rest -= mg;
                    let id = world.draw("plant", hall, &on(days), vec![analysed(mg)]);
                    covers.push(id);
                    draws.push((out(id, 0), mg));
                    *stock -= mg;
                }
            }
        };
        stock = charged;
        if early {
            draw(&mut world, &mut covers, &mut stock);
        }
        for (origin, (lot, mg)) in [(us, *a), (ru, *b)].into_iter().enumerate() {
            if mg > 0 {
                covers.push(world.charge("plant", hall, &on(1), vec![part(lot, used[origin], mg)]));
                used[origin] += mg;
            }
        }
        if !early {
            draw(&mut world, &mut covers, &mut stock);
        }
        let on = format!("{}..{}", on(1), on(days));
        closes.push(close(&mut world, hall, &on, (before, stock), covers));
    }
    let (first, last) = (closes[0], *closes.last().unwrap());
    Year { world, entries: [us, ru], draws, last, left: stock, opening, first }
}

/// Returns what each origin brought into all draws and the last stock, in billionths of a milligram.
fn brought(year: &Year) -> BTreeMap<Source, u128> {
    let (graph, bands) = (year.world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let mut sums: BTreeMap<Source, u128> = BTreeMap::new();
    let mut add = |parts: &[(Source, u128)], mg: u64| {
        for (source, share) in parts {
            *sums.entry(*source).or_default() += u128::from(mg) * share / 1_000_000_000;
        }
    };
    for (lot, mg) in &year.draws {
        add(&shares(&contents, lot, nd()).parts, *mg);
    }
    add(&shares_of_stock(&contents, &year.last, nd()).unwrap().parts, year.left);
    sums
}

fn months() -> impl Strategy<Value = Vec<Month>> {
    let mass = || prop_oneof![Just(0u64), 1u64..50 * T];
    let month = (mass(), mass(), prop::collection::vec(0u64..1_000, 1..3));
    prop::collection::vec(month, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn over_a_year_what_came_in_of_each_origin_goes_out_or_is_left_to_the_milligram(
        opening in 0u64..20 * T,
        months in months(),
    ) {
        let year = year(opening, &months, 1, false);
        let found = brought(&year);
        let near = |source: &Source, mg: u64| {
            let found = found.get(source).copied().unwrap_or(0);
            found.abs_diff(u128::from(mg) * 1_000_000_000) < 1_000_000_000
        };
        prop_assert!(near(&Source::Entry(year.entries[0]), months.iter().map(|month| month.0).sum()));
        prop_assert!(near(&Source::Entry(year.entries[1]), months.iter().map(|month| month.1).sum()));
        prop_assert!(near(&Source::Stock(year.first), year.opening));
    }

    #[test]
    fn neither_the_order_of_booking_nor_how_the_drawing_is_split_changes_a_share(
        opening in 0u64..20 * T,
        months in months(),
        split in 2u64..4,
    ) {
        let (one, other) = (year(opening, &months, 1, false), year(opening, &months, split, true));
        let stock = |year: &Year| -> Vec<u128> {
            let (graph, bands) = (year.world.graph(), Bands::embedded());
            let contents = Contents::new(&graph, &bands);
            let parts = shares_of_stock(&contents, &year.last, nd()).unwrap().parts;
            let of = |wanted: Source| parts.iter().find(|part| part.0 == wanted).map_or(0, |part| part.1);
            let [us, ru] = year.entries;
            [Source::Entry(us), Source::Entry(ru), Source::Stock(year.first)].map(of).to_vec()
        };
        let (one, other) = (stock(&one), stock(&other));
        prop_assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            prop_assert!(one.abs_diff(*other) < 100, "{} {}", one, other);
        }
    }
}

/// Returns the bounds of the share mined in AU, and its average, in tenths of a percent: down, up, to the nearest.
fn tenths(world: &World, lot: LotRef, place: &str) -> [u128; 3] {
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let is_there = |touch: &Touch| {
        let text = place.to_owned();
        touch.step.stage.to_string() == "P10"
            && matches!(&touch.place, TouchPlace::At { place, .. } if place.to_string() == text)
    };
    let share = Traced::new(&contents, &lot, nd()).share(is_there);
    let average = shares(&contents, &lot, nd()).through(is_there);
    let tenth = ONE / 1_000;
    [share.low / tenth, share.high.div_ceil(tenth), (average + tenth / 2) / tenth]
}

/// Charges a heel of twelve tonnes in January, then American feed by month, and draws once over all these months.
fn over_a_heel(charged: &[u64], drawn: u64) -> (World, LotRef) {
    let mut world = World::new();
    let hall = world.circuit("plant", 200, 0);
    let there = out(world.extract("works", vec![analysed(12 * T)]), 0);
    let there = world.hand_over("works", "plant", there);
    let heel = world.charge("plant", hall, "2026-01-02", vec![all(there, 12 * T)]);
    close(&mut world, hall, "2026-01-01..2026-01-31", (0, 12 * T), vec![heel]);
    let mut covers = Vec::new();
    for (month, tonnes) in charged.iter().enumerate() {
        let here = out(world.extract("mine", vec![analysed(tonnes * T)]), 0);
        let here = world.hand_over("mine", "plant", here);
        let on = format!("2026-{:02}-08", month + 2);
        covers.push(world.charge("plant", hall, &on, vec![all(here, tonnes * T)]));
    }
    let end = ["2026-02-28", "2026-03-31", "2026-04-30"][charged.len() - 1];
    let on = format!("2026-02-01..{end}");
    let draw = world.draw("plant", hall, &on, vec![analysed(drawn * T)]);
    covers.push(draw);
    let left = 12 + charged.iter().sum::<u64>() - drawn;
    close(&mut world, hall, &on, (12 * T, left * T), covers);
    (world, out(draw, 0))
}

#[test]
fn the_worked_example_of_the_page_is_what_comes_out() {
    // The works of this world are in CN and stand for the feed before, its mine for the customer's.
    let (world, lot) = over_a_heel(&[10, 15, 15], 45);
    let (here, there) = (tenths(&world, lot, "AU"), tenths(&world, lot, "CN"));
    let page = include_str!("../../../docs/origin.md");
    let is_told = |row: &str, tenths: u128| {
        let figure = format!("{}.{} %", tenths / 10, tenths % 10);
        assert!(page.contains(&format!("{row} | {figure} |")), "{row}: {figure}");
    };
    is_told("| American, at least | (45 - 12) / 45", here[0]);
    is_told("| American, at most | min(45, 40) / 45", here[1]);
    is_told("| American, average | 40 / (12 + 40)", here[2]);
    is_told("| Russian, at least | (45 - 40) / 45", there[0]);
    let (world, lot) = over_a_heel(&[10], 9);
    assert_eq!(tenths(&world, lot, "AU")[..2], [0, 1_000]);
}

#[test]
fn a_long_chain_of_splits_and_blends_is_handed_back_at_once() {
    let (mut world, _, us, ru) = hall();
    let mut at = [us, ru];
    let mut left = [1_000 * T; 2];
    for _ in 0..3_000 {
        let inputs = vec![all(at[0], left[0]), all(at[1], left[1])];
        let half = (left[0] + left[1]) / 2;
        let blend = world.repack("plant", Mixing::Homogenised, inputs, vec![analysed(half), analysed(half)]);
        (at, left) = ([out(blend, 0), out(blend, 1)], [half; 2]);
    }
    let mut expected = vec![(Source::Entry(us), 5_000), (Source::Entry(ru), 5_000)];
    expected.sort();
    assert_eq!(percents(&world, at[0]), expected);
}

#[test]
fn credits_change_no_figure_and_are_called_claims() {
    let figures = |method: CircuitMethod| {
        let (mut world, hall, us, ru) = hall();
        world.change(hall, |record| {
            if let Body::DeclareFacility(facility) = &mut record.event.body {
                facility.circuits[0].method = method;
            }
        });
        let charges = vec![part(us, 0, 3 * T), part(ru, 0, T)];
        let charge = world.charge("plant", hall, "2026-02-03", charges);
        let draw = world.draw("plant", hall, "2026-02-20", vec![analysed(2 * T)]);
        close(&mut world, hall, "2026-02-01..2026-02-28", (0, 2 * T), vec![charge, draw]);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let averages = shares(&contents, &out(draw, 0), nd());
        let bounds = Traced::new(&contents, &out(draw, 0), nd())
            .share(|touch| touch.place != TouchPlace::NotHeld { facility: hall });
        (averages.parts, bounds, averages.circuits[0].words())
    };
    let (average, credit) = (figures(CircuitMethod::Average), figures(CircuitMethod::Credit));
    assert_eq!((&average.0, average.1), (&credit.0, credit.1));
    assert_eq!((average.2, credit.2), ("average of the period", "credit: claims only"));
}

/// Solves `m[j] * (fresh[j] + sum of back[i][j]) = fresh[j] * e[j] + sum of back[i][j] * m[i]` by elimination: the mix
/// of each of three circuits, by fresh feed.
fn mixes(fresh: [u64; 3], back: [[u64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut rows = [[0f64; 6]; 3];
    for to in 0..3 {
        rows[to][to] += fresh[to] as f64;
        for from in 0..3 {
            rows[to][to] += back[from][to] as f64;
            rows[to][from] -= back[from][to] as f64;
        }
        rows[to][3 + to] = fresh[to] as f64;
    }
    for at in 0..3 {
        let pivot = rows[at][at];
        rows[at].iter_mut().for_each(|one| *one /= pivot);
        for other in (0..3).filter(|other| *other != at) {
            let (times, from) = (rows[other][at], rows[at]);
            rows[other].iter_mut().zip(from).for_each(|(one, from)| *one -= times * from);
        }
    }
    rows.map(|row| [row[3], row[4], row[5]])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_three_circuits_hand_to_each_other_within_a_month_comes_out_as_linear_algebra_has_it(
        fresh in prop::array::uniform3(1u64..50 * T),
        back in prop::array::uniform3(prop::array::uniform3(prop_oneof![Just(0u64), 1u64..200 * T])),
    ) {
        let mut world = World::new();
        let halls = [(); 3].map(|()| world.circuit("plant", 400, 0));
        let feeds = fresh.map(|mg| out(world.extract("plant", vec![analysed(mg)]), 0));
        let mut covers: [Vec<RecordId>; 3] = Default::default();
        let mut drawn = Vec::new();
        for at in 0..3 {
            covers[at].push(world.charge("plant", halls[at], "2026-02-01", vec![all(feeds[at], fresh[at])]));
            let mg = back[at].iter().sum::<u64>() + T;
            // Something is done to it on the way, so that none of it is the pool's own again by its name.
            let draw = world.draw("plant", halls[at], "2026-02-01..2026-02-28", vec![analysed(mg)]);
            let dried = vec![all(out(draw, 0), mg)];
            let dried = world.transform("plant", "P40 calcine", Mixing::Homogenised, dried, vec![analysed(mg)]);
            covers[at].push(draw);
            drawn.push((out(draw, 0), out(dried, 0)));
        }
        for from in 0..3 {
            let mut at = 0;
            for to in (0..3).filter(|to| back[from][*to] > 0) {
                let input = vec![part(drawn[from].1, at, back[from][to])];
                covers[to].push(world.charge("plant", halls[to], "2026-02-27", input));
                at += back[from][to];
            }
        }
        for (hall, covers) in halls.into_iter().zip(covers) {
            close(&mut world, hall, "2026-02-01..2026-02-28", (0, T), covers);
        }
        let expected = mixes(fresh, back);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        for (at, (draw, _)) in drawn.iter().enumerate() {
            let averages = shares(&contents, draw, nd());
            prop_assert_eq!(averages.parts.iter().map(|part| part.1).sum::<u128>(), ONE);
            for (feed, expected) in feeds.iter().zip(expected[at]) {
                let found = averages.parts.iter().find(|part| part.0 == Source::Entry(*feed));
                let found = found.map_or(0.0, |part| part.1 as f64 / ONE as f64);
                prop_assert!((found - expected).abs() < 1e-9, "{} {}: {} {}", at, feed.record, found, expected);
            }
        }
    }
}
