//! The heel of a campaign: how much of what was in a circuit before can still be in a draw.
//!
//! A cascade is not emptied between campaigns: the new feed drives out what is left of the old one. Where the circuit
//! is declared as one of campaigns, its stock at the beginning of the period was analysed for the element, and what
//! came out was drawn in steps, the old share never rises from one draw to the next. So it is at most the heel over
//! all that was drawn up to then. Spec: docs/origin.md, "Campaigns".

use super::stock::opening;
use crate::balance::content::Contents;
use crate::custody::accounts::days;
use crate::custody::accounts::state::{Counted, period};
use crate::custody::graph;
use crate::hash::RecordId;
use crate::model::dealings::CircuitMethod;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns how much of an element in each output of a draw can have been in its circuit before the period began.
///
/// `None` where the circuit was not declared as one of campaigns before the period, the draw is not counted by a close,
/// or what was in process was not analysed for the element. The lower end is nothing.
pub fn heel_cap(contents: &Contents<'_>, draw: &RecordId, element: Element) -> Option<Share> {
    let graph = contents.graph();
    let position = graph.position(draw)?;
    let record = &graph.records()[position];
    let account = graph.accounts().of(position)?;
    let Counted::By(close) = account.counted(graph, record) else { return None };
    let method = account.declared.as_ref()?.method;
    if method != CircuitMethod::Campaign || !account.is_declared_before(period(close)?) {
        return None;
    }
    let heel = opening(contents, account, close, element).element()?;
    let is_before = |other: &&usize| {
        let other = &graph.records()[**other];
        let is_counted = matches!(account.counted(graph, other), Counted::By(by) if by.id == close.id);
        is_counted && days(other).1 < days(record).0
    };
    let drawn_before: Interval = account
        .draws
        .iter()
        .filter(is_before)
        .map(|other| drawn(contents, &graph.records()[*other], element).0)
        .sum();
    // Of several lots of one draw each may have come first.
    let least = drawn_before.low.saturating_add(drawn(contents, record, element).1);
    Some(Share { low: 0, high: over(heel.high, least) })
}

/// Returns the same of a lot that was drawn and only handed over since.
pub fn heel_in(contents: &Contents<'_>, lot: &LotRef, element: Element) -> Option<Share> {
    let graph = contents.graph();
    let mut at = *lot;
    // A ring of handovers, which only a correction can make, would not end.
    for _ in 0..=graph.records().len() {
        let record = graph.creator(&at)?;
        match &record.event.body {
            body if body.is_pairwise() => at = graph::inputs(record).get(at.index as usize)?.lot,
            Body::Draw(_) => return heel_cap(contents, &record.id, element),
            _ => return None,
        }
    }
    None
}

/// Returns the element mass of all outputs of a draw, and the least of any output that can hold some.
fn drawn(contents: &Contents<'_>, record: &Record, element: Element) -> (Interval, u128) {
    let lots = graph::outputs(record).filter(|(lot, _)| contents.of(lot, element).share != Share::NONE);
    let masses: Vec<Interval> = lots.map(|(lot, _)| contents.in_lot(&lot, element)).collect();
    let least = masses.iter().map(|mass| mass.low).min().unwrap_or(0);
    (masses.into_iter().sum(), least)
}

/// Returns `part` over `whole` as a share, rounded up; all of it where nothing is known of the whole.
fn over(part: u128, whole: u128) -> u128 {
    if part == 0 {
        return 0;
    }
    // In milligrams, rounded apart, so that 10^18 times one fits 128 bits.
    let (part, whole) = (part.div_ceil(WHOLE), whole / WHOLE);
    match part.checked_mul(ONE) {
        Some(scaled) if part < whole => scaled.div_ceil(whole),
        _ => ONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::custody::testing::*;
    use crate::model::element::ElementSet;
    use crate::model::event::Stock;
    use crate::model::evidence::Method;
    use crate::model::fraction::Fraction;
    use crate::model::lot::{Component, Determined, Lot, Quantity};
    use crate::model::maybe::Maybe;
    use crate::model::uncertainty::Uncertainty;

    fn nd() -> Element {
        "Nd".parse().unwrap()
    }

    fn half_nd() -> Vec<Component> {
        let uncertainty = Uncertainty { random: Fraction::from_ppb(1), bias: Fraction::ZERO };
        let value = Determined::Measured(Fraction::from_ppb(500_000_000));
        let (elements, basis) = (ElementSet::from(nd()), "element".parse().unwrap());
        vec![Component { elements, value, basis, uncertainty, method: Method::IcpOes }]
    }

    fn oxide(mass: u64) -> Lot {
        Lot { composition: Maybe::Shown(half_nd()), ..lot("oxide.NdPr", mass) }
    }

    /// Returns the caps, in hundredths of a percent, of three draws in January after a heel of 100 kg.
    fn caps(method: CircuitMethod, composition: Vec<Component>, on: [&str; 3]) -> Vec<Option<u128>> {
        let mut world = World::new();
        let hall = world.circuit("plant", 90, 0);
        world.change(hall, |record| {
            if let Body::DeclareFacility(facility) = &mut record.event.body {
                facility.circuits[0].method = method;
            }
        });
        let draws = on.map(|day| world.draw("plant", hall, day, vec![oxide(400)]));
        let close = world.close("plant", hall, "2026-01-01..2026-01-31", (100, 0), draws.to_vec());
        world.change(close, |record| {
            if let Body::ClosePeriod(close) = &mut record.event.body {
                let quantity = Quantity::of(kg(100));
                close.opening = Maybe::Shown(Some(Stock { quantity, composition }));
            }
        });
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let cap = |draw: &RecordId| heel_cap(&contents, draw, nd());
        draws.iter().map(|draw| cap(draw).map(|cap| cap.high.div_ceil(ONE / 10_000))).collect()
    }

    #[test]
    fn each_later_draw_can_hold_less_of_the_heel() {
        let days = ["2026-01-03..2026-01-05", "2026-01-06", "2026-01-07..2026-01-31"];
        let found = caps(CircuitMethod::Campaign, half_nd(), days);
        assert_eq!(found, [Some(2501), Some(1251), Some(834)]);
    }

    #[test]
    fn draws_that_share_a_day_may_each_have_come_first() {
        let found =
            caps(CircuitMethod::Campaign, half_nd(), ["2026-01-03", "2026-01-03", "2026-01-03..2026-01-05"]);
        assert_eq!(found, [Some(2501), Some(2501), Some(2501)]);
    }

    #[test]
    fn a_heel_that_nobody_analysed_and_a_circuit_of_another_method_have_no_cap() {
        let days = ["2026-01-03", "2026-01-04", "2026-01-05"];
        assert_eq!(caps(CircuitMethod::Campaign, Vec::new(), days), [None; 3]);
        assert_eq!(caps(CircuitMethod::Average, half_nd(), days), [None; 3]);
    }

    #[test]
    fn a_share_is_rounded_up_and_never_more_than_all() {
        assert_eq!(over(WHOLE, 3 * WHOLE), ONE / 3 + 1);
        assert_eq!(over(3 * WHOLE, WHOLE), ONE);
        assert_eq!(over(0, 0), 0);
        assert_eq!(over(u128::MAX, 1), ONE);
    }
}
