//! What an account says of each period: stock, what went in and came out, by element and by owner.
//!
//! Sums only: whether they can be true is not judged here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::state::Counted;
use super::{Account, owners};
use crate::custody::graph::{self, Graph};
use crate::custody::withdrawal;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::element::Element;
use crate::model::event::{Body, Stock};
use crate::model::kind::Kind;
use crate::model::lot::{Component, Determined};
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;

/// A sum, and whether something that belongs to it is not shown or not determined.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Sum {
    /// What is shown.
    pub mass: Mass,
    /// Whether more belongs to it than is shown.
    pub is_partial: bool,
}

/// One side of a period: a mass, and the elements it holds as far as they were determined.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Side {
    /// Total mass.
    pub total: Sum,
    /// Mass of each element of which a share is shown.
    pub elements: BTreeMap<Element, Mass>,
}

/// What went in and came out for one owner.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Share {
    /// The owner; `None` where that is withheld.
    pub owner: Option<PartyId>,
    /// What was charged.
    pub charged: Side,
    /// What was drawn.
    pub drawn: Side,
}

/// A charge or draw that its period does not count as it should.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mark {
    /// The record.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// When it happened, if that is shown.
    pub period: Option<Period>,
    /// `late` (not counted by the close of its period), `provisional` (no close yet) or `withheld`.
    pub mark: &'static str,
}

/// One period of an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PeriodLine {
    /// First and last day; `None` for what no close counts.
    pub period: Option<Period>,
    /// The close, if the period is closed.
    pub close: Option<RecordId>,
    /// Stock when it began; `None` where that is withheld or not stated.
    pub opening: Option<Side>,
    /// What was charged.
    pub charged: Side,
    /// What was drawn.
    pub drawn: Side,
    /// What left without becoming a lot.
    pub lost: Sum,
    /// Stock when it ended; `None` where that is withheld or not stated.
    pub closing: Option<Side>,
    /// The same by owner, where there are several or one besides the operator.
    pub shares: Vec<Share>,
    /// Charges and draws that are not counted as they should be.
    pub marks: Vec<Mark>,
}

/// Returns the periods of an account in order; what no close counts comes last.
pub fn periods(graph: &Graph, account: &Account) -> Vec<PeriodLine> {
    let mut lines: Vec<PeriodLine> = Vec::new();
    for (close, body) in account.closed(graph) {
        let period = close.event.body.at().and_then(|at| at.period.shown().copied());
        let mut line = PeriodLine::new(period, Some(close.id));
        line.opening = stock(&body.opening);
        line.closing = stock(&body.closing);
        match &body.losses {
            MaybeList::Shown(losses) => losses.iter().for_each(|loss| line.lost.add(Some(loss.mass))),
            MaybeList::Withheld(count) => line.lost.is_partial = *count > 0,
        }
        lines.push(line);
    }
    let mut open = PeriodLine::new(None, None);
    open.opening = lines.last().and_then(|line| line.closing.clone());
    let mut positions: Vec<usize> = account.charges.iter().chain(&account.draws).copied().collect();
    positions.sort_by_key(|at| (super::days(&graph.records()[*at]), *at));
    for record in positions.iter().map(|at| &graph.records()[*at]) {
        let is_gone = match record.event.body {
            Body::Charge(_) => withdrawal::frees_stretches(graph, record),
            _ => graph.withdrawn(&record.id).is_some(),
        };
        if is_gone {
            continue;
        }
        let (close, mark) = match account.counted(graph, record) {
            Counted::By(close) => (Some(close.id), None),
            Counted::Withheld(close) => (Some(close.id), Some("withheld")),
            Counted::LeftOut(close) => (Some(close.id), Some("late")),
            Counted::Open => (None, Some("provisional")),
        };
        let line = lines.iter_mut().find(|line| line.close == close && close.is_some()).unwrap_or(&mut open);
        let period = record.event.body.at().and_then(|at| at.period.shown().copied());
        line.marks.extend(mark.map(|mark| Mark { record: record.id, kind: record.kind(), period, mark }));
        line.add(graph, record);
    }
    if !open.marks.is_empty() {
        lines.push(open);
    }
    for line in &mut lines {
        let is_operators = |share: &Share| share.owner.is_some() && share.owner == account.operator;
        if line.shares.len() == 1 && line.shares.iter().all(is_operators) {
            line.shares.clear();
        }
    }
    lines
}

impl PeriodLine {
    fn new(period: Option<Period>, close: Option<RecordId>) -> Self {
        Self {
            period,
            close,
            opening: None,
            charged: Side::default(),
            drawn: Side::default(),
            lost: Sum::default(),
            closing: None,
            shares: Vec::new(),
            marks: Vec::new(),
        }
    }

    fn share(&mut self, owner: Option<PartyId>) -> &mut Share {
        let at = self.shares.iter().position(|share| share.owner == owner).unwrap_or_else(|| {
            self.shares.push(Share { owner, charged: Side::default(), drawn: Side::default() });
            self.shares.len() - 1
        });
        &mut self.shares[at]
    }

    fn add(&mut self, graph: &Graph, record: &Record) {
        self.charged.total.is_partial |= graph::withheld_inputs(record).is_some();
        for input in graph::inputs(record) {
            let lot = graph.lot(&input.lot);
            let owner = lot.and_then(|lot| owners::owner(lot, record.author));
            let holds = lot.and_then(|lot| lot.composition.shown()).map(Vec::as_slice);
            self.charged.add(Some(input.mass), holds);
            self.share(owner).charged.add(Some(input.mass), holds);
        }
        for (_, lot) in graph::outputs(record) {
            let (mass, holds) = (lot.mass(), lot.composition.shown().map(Vec::as_slice));
            self.drawn.add(mass, holds);
            self.share(owners::owner(lot, record.author)).drawn.add(mass, holds);
        }
    }
}

impl Sum {
    fn add(&mut self, mass: Option<Mass>) {
        match mass.map(|mass| self.mass.checked_add(mass)) {
            Some(Some(sum)) => self.mass = sum,
            _ => self.is_partial = true,
        }
    }
}

impl Side {
    fn add(&mut self, mass: Option<Mass>, holds: Option<&[Component]>) {
        self.total.add(mass);
        let Some(mass) = mass else { return };
        for component in holds.unwrap_or_default() {
            if let Some((element, part)) = part(mass, component) {
                let sum = self.elements.entry(element).or_default();
                *sum = sum.checked_add(part).unwrap_or(*sum);
            }
        }
    }
}

/// Returns the mass of the element that a line of a composition is about, where it alone was measured.
fn part(mass: Mass, component: &Component) -> Option<(Element, Mass)> {
    let element = component.elements.single()?;
    let Determined::Measured(share) = component.value else { return None };
    let metal = component.basis.metal_fraction()?;
    const WHOLE: u128 = 1_000_000_000;
    let mg = u128::from(mass.mg()) * u128::from(share.ppb()) / WHOLE * u128::from(metal.ppb()) / WHOLE;
    Some((element, Mass::from_mg(u64::try_from(mg).ok()?)))
}

fn stock(stock: &Maybe<Option<Stock>>) -> Option<Side> {
    let stock = stock.shown()?;
    let mut side = Side::default();
    if let Some(stock) = stock {
        side.add(Some(stock.quantity.mass), Some(&stock.composition));
    }
    Some(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::element::ElementSet;
    use crate::model::evidence::Method;
    use crate::model::fraction::Fraction;
    use crate::model::uncertainty::Uncertainty;

    fn share(symbol: &str, ppb: u32, basis: &str) -> Component {
        Component {
            elements: ElementSet::from_elements(vec![symbol.parse().unwrap()]).unwrap(),
            value: Determined::Measured(Fraction::from_ppb(ppb)),
            basis: basis.parse().unwrap(),
            uncertainty: Uncertainty::default(),
            method: Method::IcpOes,
        }
    }

    #[test]
    fn an_oxide_is_counted_as_the_metal_in_it_and_a_sum_of_oxides_not_at_all() {
        let nd: Element = "Nd".parse().unwrap();
        let kg = Mass::from_mg(1_000_000);
        // 75 % Nd2O3, of which 0.8574 is Nd: mass-balance.md, section 1.
        assert_eq!(part(kg, &share("Nd", 750_000_000, "Nd2O3")), Some((nd, Mass::from_mg(643_050))));
        assert_eq!(part(kg, &share("Nd", 750_000_000, "REO")), None);
    }

    #[test]
    fn a_period_sums_what_its_close_counts_by_owner_and_marks_what_it_does_not() {
        let mut world = World::new();
        let hall = world.circuit("plant", 30, 0);
        let ore = out(world.extract("plant", vec![lot("oxide.Nd", 100)]), 0);
        let charge = world.charge("plant", hall, "2026-02-01", vec![take(ore, 0, 10)]);
        let mut theirs = lot("oxide.Nd", 4);
        theirs.owner = Maybe::Shown(Some(world.party("buyer")));
        let draw = world.draw("plant", hall, "2026-02-02", vec![lot("oxide.Nd", 3), theirs]);
        world.close("plant", hall, "2026-02-01..2026-02-28", (0, 3), vec![charge, draw]);
        let late = world.charge("plant", hall, "2026-02-03", vec![take(ore, 10, 1)]);
        world.charge("plant", hall, "2026-03-03", vec![take(ore, 11, 2)]);
        let graph = world.graph();
        let lines = periods(&graph, &graph.accounts().list()[0]);
        assert_eq!(lines.len(), 2);
        let (closed, open) = (&lines[0], &lines[1]);
        assert_eq!(closed.charged.total.mass, kg(11));
        assert_eq!(closed.drawn.total.mass, kg(7));
        let drawn: Vec<_> = closed.shares.iter().map(|share| (share.owner, share.drawn.total.mass)).collect();
        let expected = vec![(Some(world.party("plant")), kg(3)), (Some(world.party("buyer")), kg(4))];
        assert_eq!(drawn, expected);
        assert_eq!(
            closed.marks.iter().map(|mark| (mark.record, mark.mark)).collect::<Vec<_>>(),
            [(late, "late")]
        );
        assert_eq!(open.charged.total.mass, kg(2));
        assert_eq!(open.opening.as_ref().map(|side| side.total.mass), Some(kg(3)));
        assert!(open.shares.is_empty());
    }
}
