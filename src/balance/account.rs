//! Circuits over periods: what was in process, went in, came out and is left, element by element.
//!
//! Each closed period for itself, and running sums from the first on, in which the stock between two periods counts
//! nowhere: its error stays bounded while what went through grows. A gap between two periods begins a new sum.
//! Spec: docs/balance.md, "Accounts and periods".

pub mod findings;

use std::collections::{BTreeMap, BTreeSet};

use super::content::{Contents, Known};
use super::sides::{Sides, Source, Sum};
use crate::custody::accounts::Account;
use crate::custody::accounts::state::{self, Counted};
use crate::custody::{graph, withdrawal};
use crate::model::day::Period;
use crate::model::element::Element;
use crate::model::event::{Body, Charge, ClosePeriod};
use crate::model::lot::Component;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// A closed period of a circuit.
#[derive(Clone, Debug)]
pub struct Closed<'g> {
    /// The close.
    pub close: &'g Record,
    /// First and last day; `None` where those of the close are withheld.
    pub period: Option<Period>,
    /// What went in and came out, in the order of their days.
    pub records: Vec<&'g Record>,
    /// Each element that somebody determined in something that went through the circuit.
    pub elements: BTreeMap<Element, Sides>,
    /// Whether records that the close counts are not held, or it withholds which they are.
    pub is_incomplete: bool,
    /// The sum from an earlier period on up to the end of this one.
    pub running: Running,
}

/// A sum over periods that follow each other.
#[derive(Clone, Debug)]
pub struct Running {
    /// The first period, by its number.
    pub from: usize,
    /// Each element.
    pub elements: BTreeMap<Element, Sides>,
    /// Whether one of the periods is incomplete.
    pub is_incomplete: bool,
}

/// Returns every closed period of a circuit in the order of their days, with the running sums.
pub fn periods<'g>(contents: &Contents<'g>, account: &Account) -> Vec<Closed<'g>> {
    let graph = contents.graph();
    let elements = elements(contents, account);
    let mut counted: BTreeMap<usize, Vec<&'g Record>> = BTreeMap::new();
    let mut positions: Vec<usize> = account.charges.iter().chain(&account.draws).copied().collect();
    positions.sort_unstable_by_key(|at| (days(&graph.records()[*at]), *at));
    for record in positions.into_iter().map(|at| &graph.records()[at]) {
        if withdrawal::frees_stretches(graph, record) {
            continue;
        }
        let close = match account.counted(graph, record) {
            Counted::By(close) | Counted::Withheld(close) => close,
            // A late charge may have gone in; what a late draw took may be of the next period.
            Counted::LeftOut(close) if matches!(record.event.body, Body::Charge(_)) => close,
            Counted::LeftOut(_) | Counted::Open => continue,
        };
        if let Some(at) = graph.position(&close.id) {
            counted.entry(at).or_default().push(record);
        }
    }
    let mut periods: Vec<Closed<'g>> = Vec::new();
    for (close, body) in account.closed(graph) {
        let records = graph.position(&close.id).and_then(|at| counted.remove(&at)).unwrap_or_default();
        let mut period = Closed::new(contents, &elements, (close, body), records);
        period.running.from = periods.len();
        if let Some(before) = periods.last() {
            period.follow(before);
        }
        periods.push(period);
    }
    periods
}

/// Returns the elements of which somebody determined a share in what went through a circuit, alone and not in a sum.
fn elements(contents: &Contents<'_>, account: &Account) -> BTreeSet<Element> {
    let graph = contents.graph();
    let records = || account.charges.iter().chain(&account.draws).map(|at| &graph.records()[*at]);
    let made = records().flat_map(|record| graph::outputs(record).map(|(lot, _)| lot));
    let used = records().flat_map(|record| graph::inputs(record).iter().map(|input| input.lot));
    let mut elements = contents.determined(made.chain(used));
    for addition in records().flat_map(|record| additions(record).shown().unwrap_or_default()) {
        elements.extend(singles(&addition.composition));
    }
    for (_, close) in account.closed(graph) {
        for stock in [&close.opening, &close.closing].into_iter().filter_map(|one| one.shown()?.as_ref()) {
            elements.extend(singles(&stock.composition));
        }
    }
    elements
}

fn singles(lines: &[Component]) -> impl Iterator<Item = Element> {
    lines.iter().filter_map(|line| line.elements.single())
}

fn days(record: &Record) -> (Option<i32>, Option<i32>) {
    let period = state::period(record);
    (period.map(|one| one.first.days()), period.map(|one| one.last.days()))
}

/// Returns what a charge adds without its having been a lot.
pub(super) fn additions(record: &Record) -> &MaybeList<crate::model::lot::Addition> {
    const NONE: &MaybeList<crate::model::lot::Addition> = &MaybeList::Shown(Vec::new());
    match &record.event.body {
        Body::Charge(Charge { additions, .. }) => additions,
        Body::Transform(transform) => &transform.additions,
        Body::Assemble(assemble) => &assemble.additions,
        _ => NONE,
    }
}

impl<'g> Closed<'g> {
    fn new(
        contents: &Contents<'g>,
        elements: &BTreeSet<Element>,
        (close, body): (&'g Record, &'g ClosePeriod),
        records: Vec<&'g Record>,
    ) -> Self {
        let graph = contents.graph();
        let is_incomplete = body.covers.is_withheld() || !state::counted_but_missing(graph, body).is_empty();
        let sides = |element: &Element| (*element, of_period(contents, close, body, &records, *element));
        let elements: BTreeMap<Element, Sides> = elements.iter().map(sides).collect();
        Self {
            period: state::period(close).copied(),
            running: Running { from: 0, elements: elements.clone(), is_incomplete },
            elements,
            close,
            records,
            is_incomplete,
        }
    }

    /// Returns the lots drawn.
    pub fn drawn(&self) -> Vec<LotRef> {
        self.records.iter().flat_map(|record| graph::outputs(record)).map(|(lot, _)| lot).collect()
    }

    /// Goes on with the running sum of the period before, if this one begins on the day after it.
    fn follow(&mut self, before: &Self) {
        let (Some(earlier), Some(own)) = (before.period, self.period) else { return };
        if earlier.last.plus_days(1) != own.first {
            return;
        }
        self.running.from = before.running.from;
        self.running.is_incomplete |= before.running.is_incomplete;
        for (element, sides) in &mut self.running.elements {
            if let Some(earlier) = before.running.elements.get(element) {
                *sides = earlier.then(sides);
            }
        }
    }
}

fn of_period(
    contents: &Contents<'_>,
    close: &Record,
    body: &ClosePeriod,
    records: &[&Record],
    element: Element,
) -> Sides {
    let mut sides = Sides::default();
    // Opening and closing are weighed apart, also where they are one stock.
    sides.opening.add_told_stock(contents, Source::Of(close.id, 0), &body.opening, element);
    sides.closing.add_told_stock(contents, Source::Of(close.id, 1), &body.closing, element);
    match &body.losses {
        MaybeList::Withheld(count) if *count > 0 => sides.lost.add_hidden(Known::Withheld),
        losses => {
            for (loss, at) in losses.shown().unwrap_or_default().iter().zip(2..) {
                sides.lost.add_loss(contents, Source::Of(close.id, at), loss, element);
            }
        }
    }
    for record in records {
        add_charged(contents, &mut sides.input, record, element);
        for (lot, _) in graph::outputs(record) {
            sides.out.add_lot(contents, &lot, element);
        }
    }
    sides
}

/// Adds what a record puts into a circuit or step: stretches and additions.
pub(super) fn add_charged(contents: &Contents<'_>, sum: &mut Sum, record: &Record, element: Element) {
    if graph::withheld_inputs(record).is_some() {
        sum.add_hidden(Known::Withheld);
    }
    for input in graph::inputs(record) {
        sum.add_stretch(contents, input, element);
    }
    add_additions(contents, sum, record, element);
}

/// Adds what joins a step without having been a lot.
pub(super) fn add_additions(contents: &Contents<'_>, sum: &mut Sum, record: &Record, element: Element) {
    match additions(record) {
        MaybeList::Withheld(count) if *count > 0 => sum.add_hidden(Known::Withheld),
        additions => {
            for (addition, at) in additions.shown().unwrap_or_default().iter().zip(0..) {
                sum.add_addition(contents, Source::Of(record.id, at), addition, element);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::balance::sides::Outcome;
    use crate::custody::testing::*;
    use crate::hash::RecordId;
    use crate::model::element::ElementSet;
    use crate::model::evidence::Method;
    use crate::model::fraction::Fraction;
    use crate::model::interval::Interval;
    use crate::model::lot::{Determined, Lot};
    use crate::model::maybe::Maybe;
    use crate::model::uncertainty::Uncertainty;

    /// A lot of which so many percent are neodymium, known to 0.01 %.
    fn neodymium(material: &str, mass: u64, percent: u32) -> Lot {
        let line = Component {
            elements: ElementSet::from("Nd".parse::<Element>().unwrap()),
            value: Determined::Measured(Fraction::from_ppb(percent * 10_000_000)),
            basis: "element".parse().unwrap(),
            uncertainty: Uncertainty { random: Fraction::from_ppb(100_000), bias: Fraction::ZERO },
            method: Method::IcpOes,
        };
        Lot { composition: Maybe::Shown(vec![line]), ..lot(material, mass) }
    }

    fn month(world: &mut World, hall: RecordId, ore: LotRef, number: u64, drawn: u64) {
        let on = |days: &str| format!("2026-0{number}-{days}");
        let charge = world.charge("plant", hall, &on("02"), vec![take(ore, 100 * (number - 1), 100)]);
        let draw = world.draw("plant", hall, &on("20"), vec![neodymium("oxide.Nd", drawn, 50)]);
        let period = format!("{}..{}", on("01"), on("28"));
        world.close("plant", hall, &period, (0, 0), vec![charge, draw]);
    }

    #[test]
    fn periods_with_a_day_between_them_begin_a_new_sum() {
        let mut world = World::new();
        let hall = world.circuit("plant", 60, 0);
        let ore = out(world.extract("plant", vec![neodymium("ore", 300, 10)]), 0);
        // Both end on the 28th: three days of January are in no period.
        month(&mut world, hall, ore, 1, 20);
        month(&mut world, hall, ore, 2, 18);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let periods = periods(&contents, &graph.accounts().list()[0]);
        let from: Vec<usize> = periods.iter().map(|one| one.running.from).collect();
        assert_eq!(from, [0, 1]);
        let nd = "Nd".parse().unwrap();
        assert_eq!(periods[0].elements[&nd].outcome(), Outcome::NotTested { is_odd: false });
        let Outcome::Missing(part) = periods[1].elements[&nd].outcome() else {
            panic!("1 kg of 10 is missing")
        };
        assert!(part.meets(Interval::exact(kg(1))));
    }

    #[test]
    fn the_stock_between_two_periods_counts_nowhere_in_their_sum() {
        let mut world = World::new();
        let hall = world.circuit("plant", 60, 0);
        let ore = out(world.extract("plant", vec![neodymium("ore", 300, 10)]), 0);
        let first = world.charge("plant", hall, "2026-01-02", vec![take(ore, 0, 100)]);
        world.close("plant", hall, "2026-01-01..2026-01-31", (0, 50), vec![first]);
        let draw = world.draw("plant", hall, "2026-02-02", vec![neodymium("oxide.Nd", 20, 50)]);
        world.close("plant", hall, "2026-02-01..2026-02-28", (50, 0), vec![draw]);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let periods = periods(&contents, &graph.accounts().list()[0]);
        let nd = "Nd".parse().unwrap();
        assert_eq!(periods[0].elements[&nd].outcome(), Outcome::Open(Known::NotDetermined));
        assert_eq!(periods[1].running.elements[&nd].outcome(), Outcome::NotTested { is_odd: false });
    }

    #[test]
    fn a_gain_names_the_close_the_charge_and_the_draw_that_is_too_much_and_spares_the_small_one() {
        let mut world = World::new();
        let hall = world.circuit("plant", 60, 0);
        let ore = out(world.extract("plant", vec![neodymium("ore", 100, 10)]), 0);
        let charge = world.charge("plant", hall, "2026-01-02", vec![take(ore, 0, 100)]);
        let small = world.draw("plant", hall, "2026-01-10", vec![neodymium("oxide.Nd", 1, 50)]);
        let large = world.draw("plant", hall, "2026-01-20", vec![neodymium("oxide.Nd", 30, 50)]);
        let close = world.close("plant", hall, "2026-01-01..2026-01-31", (0, 0), vec![charge, small, large]);
        let (graph, bands) = (world.graph(), Bands::embedded());
        let found = findings::findings(&Contents::new(&graph, &bands));
        let gain = found.iter().find(|one| one.weight == crate::model::finding::Weight::Fail).unwrap();
        assert_eq!(gain.records, [close, charge, large]);
        assert_eq!(gain.lots, [out(small, 0), out(large, 0)]);
    }
}
