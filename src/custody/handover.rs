//! Handovers: what was dispatched against what the receiver weighed, and what never arrived.
//!
//! Receipts take stretches on the sender's scale and state the receiver's own masses. Over all receipts of
//! one lot the two sums are compared; once a receipt is final, with all that was sent and not refused.
//! A receiver outside the ledger is an end and no gap. Spec: docs/custody.md, "Handovers".

pub mod assignments;
pub mod call_back;
pub mod moved;
pub mod pairs;
pub mod seals;

use super::graph::{self, Consumer, Graph, Use};
use super::names::{self, found};
use super::scale::{self, Gap};
use super::withdrawal;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::dealings::ReleaseReason;
use crate::model::event::Body;
use crate::model::fact::MASS_AS_DISPATCHED;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::fraction::Fraction;
use crate::model::lot::{Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns what the two sides of each handover say differently or leave open on the day `as_of`.
pub fn findings(graph: &Graph, as_of: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records().iter().filter(|record| record.event.body.receiver().is_some()) {
        for (lot, sent) in graph::outputs(record) {
            let transit = Transit::new(graph, record, lot, sent);
            findings.extend(transit.compared());
            findings.extend(transit.lost());
            findings.extend(transit.overdue(as_of));
            findings.extend(transit.never_came());
        }
    }
    findings
}

/// What the two sides of a handover weighed, on one footing, in billionths of a milligram.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weighed {
    /// What the sender dispatched of what was received; with a final receipt, of all that was not refused.
    pub expected: u128,
    /// What the receiver weighed.
    pub received: u128,
    /// Both sides and their difference in words.
    pub text: String,
    /// The dispatch and its receipts.
    pub records: Vec<RecordId>,
}

impl Weighed {
    /// Whether the difference is above this share of what was dispatched.
    pub fn exceeds(&self, limit: Fraction) -> bool {
        let difference = self.expected.abs_diff(self.received);
        difference.saturating_mul(1_000_000_000) > self.expected.saturating_mul(u128::from(limit.ppb()))
    }
}

/// Returns what both sides weighed of a lot in transit; nothing where none was received or it is no such lot.
///
/// # Errors
/// The finding that says why the two cannot be compared.
pub fn weighed(graph: &Graph, lot: &LotRef) -> Result<Option<Weighed>, Box<Finding>> {
    let sender = graph.creator(lot).filter(|record| record.event.body.receiver().is_some());
    let (Some(sender), Some(sent)) = (sender, graph.lot(lot)) else { return Ok(None) };
    Transit::new(graph, sender, *lot, sent).weighed()
}

/// One lot in transit, with what was taken of it.
struct Transit<'a> {
    graph: &'a Graph,
    sender: &'a Record,
    lot: LotRef,
    sent: &'a Lot,
    receipts: Vec<(&'a Use, &'a Record)>,
    /// Milligrams that went back or were released, on the sender's scale.
    refused: u128,
    is_final: bool,
}

impl<'a> Transit<'a> {
    fn new(graph: &'a Graph, sender: &'a Record, lot: LotRef, sent: &'a Lot) -> Self {
        let mut transit =
            Self { graph, sender, lot, sent, receipts: Vec::new(), refused: 0, is_final: false };
        for one in graph.uses(&lot) {
            let Some(record) = graph.record(&one.record) else { continue };
            if withdrawal::frees_stretches(graph, record) {
                continue;
            }
            transit.is_final |= one.empties;
            match record.event.body {
                Body::Receive(_) => transit.receipts.push((one, record)),
                Body::Refuse(_) | Body::Release(_) => transit.refused += u128::from(one.mass.mg()),
                _ => {}
            }
        }
        transit
    }

    /// Milligrams received, on the sender's scale.
    fn received(&self) -> u128 {
        self.receipts.iter().map(|(one, _)| u128::from(one.mass.mg())).sum()
    }

    /// Milligrams that no receipt or refusal names, if the lot's mass is shown.
    fn rest(&self) -> Option<u128> {
        let sent = u128::from(self.sent.mass()?.mg());
        Some(sent.saturating_sub(self.received() + self.refused))
    }

    fn records(&self) -> Vec<&'a Record> {
        std::iter::once(self.sender).chain(self.receipts.iter().map(|(_, record)| *record)).collect()
    }

    fn lots(&self) -> Vec<LotRef> {
        let arrived = self.receipts.iter().filter_map(|(one, record)| graph::output(record, one.input));
        std::iter::once(self.lot).chain(arrived).collect()
    }

    fn receiver(&self) -> String {
        let by_receipt = self.receipts.first().map(|(_, record)| record.author);
        let named = super::consumer::holder(self.graph, &self.lot);
        named.or(by_receipt).map_or_else(|| "the receiver".to_owned(), |id| names::party(self.graph, &id))
    }

    fn compared(&self) -> Option<Finding> {
        let weighed = match self.weighed() {
            Ok(weighed) => weighed?,
            Err(open) => return Some(*open),
        };
        let (code, weight, limit) = match scale::gap(weighed.expected, weighed.received) {
            Gap::Within => return None,
            Gap::Warn => (FindingCode::HandoverWarning, Weight::Warning, "warning above 0.5 %"),
            Gap::Fail => (FindingCode::HandoverDifference, Weight::Fail, "limit 2 %"),
        };
        let message = format!("{} ({limit})", weighed.text);
        let resolve = "both sides weigh again and the one that erred withdraws its record";
        Some(found(code, weight, &self.records(), &self.lots(), message, resolve))
    }

    /// Returns what both sides weighed; nothing where nobody received any, a finding where it cannot be compared.
    fn weighed(&self) -> Result<Option<Weighed>, Box<Finding>> {
        if self.receipts.is_empty() {
            return Ok(None);
        }
        let name = || names::lot(self.graph, &self.lot);
        let Some(sent) = self.sent.quantity.shown() else {
            return Err(self.unweighed(
                Weight::Withheld,
                &[self.sender],
                format!("the mass that {} dispatched as lot {} is withheld", self.sender_name(), name()),
                "ask the sender to show the lot's mass",
            ));
        };
        let mut arrived: Vec<&Quantity> = Vec::new();
        for (one, record) in &self.receipts {
            // A receipt without the output is unequal pairs, see `pairs`.
            let Some(output) = record.event.body.outputs().get(one.input) else { return Ok(None) };
            if output.facts.iter().any(|fact| fact.code.as_str() == MASS_AS_DISPATCHED) {
                return Err(self.unweighed(
                    Weight::Unknown,
                    &[*record],
                    format!(
                        "{} did not weigh lot {} and states the mass as dispatched",
                        self.receiver(),
                        name()
                    ),
                    "the receiver withdraws its receipt, weighs, and receives the lot with its own mass",
                ));
            }
            match output.quantity.shown() {
                Some(quantity) => arrived.push(quantity),
                None => {
                    return Err(self.unweighed(
                        Weight::Withheld,
                        &[*record],
                        format!("the mass that {} received of lot {} is withheld", self.receiver(), name()),
                        "ask the receiver to show the mass it received",
                    ));
                }
            }
        }
        let all: Vec<&Quantity> = std::iter::once(sent).chain(arrived.iter().copied()).collect();
        let Some(footing) = scale::footing(&all) else {
            return Err(self.unweighed(
                Weight::Unknown,
                &self.records(),
                format!("lot {} was dispatched and received on different mass bases", name()),
                "let one side state its mass on the other's basis, or both their moisture",
            ));
        };
        let expected = match (self.is_final, self.rest()) {
            (true, Some(rest)) => self.received() + rest,
            _ => self.received(),
        };
        // The share of the lot that arrived carries the lot's water.
        let per_mg = scale::scaled(crate::model::mass::Mass::from_mg(1), sent, footing);
        let expected = expected.saturating_mul(per_mg);
        let received =
            arrived.iter().fold(0u128, |sum, one| sum.saturating_add(scale::scaled(one.mass, one, footing)));
        let text = format!(
            "{} dispatched {}{} of lot {}, {} received {}: {} {}",
            self.sender_name(),
            names::mass(scale::to_mg(expected)),
            if footing == scale::Footing::Dry { " without water" } else { "" },
            name(),
            self.receiver(),
            names::mass(scale::to_mg(received)),
            names::percent(expected.abs_diff(received) / 1_000_000_000, expected / 1_000_000_000),
            if received < expected { "less" } else { "more" },
        );
        let records = self.records().iter().map(|record| record.id).collect();
        Ok(Some(Weighed { expected, received, text, records }))
    }

    fn sender_name(&self) -> String {
        names::party(self.graph, &self.sender.author)
    }

    fn unweighed(&self, weight: Weight, by: &[&Record], message: String, resolve: &str) -> Box<Finding> {
        let message = format!("{message}, so dispatched and received mass cannot be compared");
        let mut finding = found(FindingCode::HandoverUnweighed, weight, by, &self.lots(), message, resolve);
        finding.records = found(finding.code, weight, &self.records(), &[], String::new(), "").records;
        Box::new(finding)
    }

    fn lost(&self) -> Option<Finding> {
        let rest = self.rest().filter(|rest| *rest > 0 && self.is_final)?;
        let sent = u128::from(self.sent.mass()?.mg());
        let message = format!(
            "{} of the {} that {} dispatched as lot {} were not received by the final receipt ({})",
            names::mass(rest),
            names::mass(sent),
            self.sender_name(),
            names::lot(self.graph, &self.lot),
            names::percent(rest, sent)
        );
        let resolve = "the receiver says what became of the rest; it cannot be received any more";
        Some(found(
            FindingCode::TransitLoss,
            Weight::Warning,
            &self.records(),
            &self.lots(),
            message,
            resolve,
        ))
    }

    /// A lot that one side sent and the other says never came: until the sender has it back, nobody has it.
    fn never_came(&self) -> Option<Finding> {
        let Body::Release(release) = &self.sender.event.body else { return None };
        if release.why != ReleaseReason::NeverCame || withdrawal::frees_stretches(self.graph, self.sender) {
            return None;
        }
        let input = graph::inputs(self.sender).get(self.lot.index as usize)?;
        let sent = self.graph.creator(&input.lot)?;
        let rest = self.rest().unwrap_or_else(|| u128::from(input.mass.mg()));
        if rest == 0 || self.is_final {
            return None;
        }
        let message = format!(
            "{} dispatched lot {}, {} says that {} of it never came, and its sender has not taken that back",
            names::party(self.graph, &sent.author),
            names::lot(self.graph, &self.lot),
            self.sender_name(),
            names::mass(rest),
        );
        let resolve =
            "both sides and the carrier find out where the goods are; the sender receives what it has back";
        // What was taken back is not in doubt, only the rest is.
        let weight = if self.received() == 0 { Weight::Unknown } else { Weight::Warning };
        let mut records = vec![sent];
        records.extend(self.records());
        let mut finding =
            found(FindingCode::NeverCame, weight, &records, &[input.lot, self.lot], message, resolve);
        finding.parties = vec![sent.author, self.sender.author];
        Some(finding)
    }

    fn overdue(&self, as_of: Day) -> Option<Finding> {
        let Body::Dispatch(dispatch) = &self.sender.event.body else { return None };
        let due = dispatch.due.filter(|due| *due < as_of)?;
        // A withheld receiver may be a party; whoever is outside, or not yet named, records no receipt.
        let awaited = match self.graph.rightful_consumer(&self.lot) {
            Consumer::Party(_) | Consumer::Withheld => true,
            Consumer::Nobody | Consumer::Unknown => false,
        };
        let taken = self.received() + self.refused;
        let open = match self.rest() {
            Some(rest) => rest > 0,
            None => taken == 0,
        };
        if !awaited || self.is_final || !open || withdrawal::frees_stretches(self.graph, self.sender) {
            return None;
        }
        let missing = self.rest().map_or_else(|| "all".to_owned(), names::mass);
        let message = format!(
            "{missing} of lot {} that {} dispatched was due on {due} and is not received on {as_of}",
            names::lot(self.graph, &self.lot),
            self.sender_name(),
        );
        let resolve = "import the receiver's chain; if nothing came, the receiver records that";
        // The rest of a lot says nothing of the part that arrived, nor of what was made of it.
        let weight = if taken == 0 { Weight::Unknown } else { Weight::Warning };
        Some(found(FindingCode::Overdue, weight, &self.records(), &[self.lot], message, resolve))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::event::Receiver;
    use crate::model::evidence::{MassBasis, WithdrawReason};
    use crate::model::mass::Mass;
    use crate::model::maybe::Maybe;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// 1 000 kg of ore on its way from `mine` to `plant`, due on 31 March.
    fn sent() -> (World, RecordId, LotRef) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![named("ORE-1", "ore", 5000)]);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 1000)]);
        (world, sent, out(sent, 0))
    }

    fn found_in(world: &World) -> Vec<(FindingCode, Weight)> {
        found_on(world, "2026-02-01")
    }

    fn found_on(world: &World, as_of: &str) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph(), day(as_of)).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    fn weigh(world: &mut World, record: RecordId, quantity: Quantity) {
        world.change(record, |record| {
            record.event.body.outputs_mut().unwrap()[0].quantity = Maybe::Shown(quantity);
        });
    }

    const FAIL: (FindingCode, Weight) = (FindingCode::HandoverDifference, Weight::Fail);
    const WARN: (FindingCode, Weight) = (FindingCode::HandoverWarning, Weight::Warning);
    const LOST: (FindingCode, Weight) = (FindingCode::TransitLoss, Weight::Warning);

    #[test]
    fn a_mass_taken_over_from_the_sender_is_no_weighing() {
        let (mut world, _, transit) = sent();
        let received = world.receive("plant", vec![last(take(transit, 0, 1000))], &[]);
        world.change(received, |record| {
            let fact = crate::model::fact::Fact {
                code: MASS_AS_DISPATCHED.parse().unwrap(),
                unit: crate::model::fact::FactUnit::None,
                value: crate::model::fact::FactValue::Number(1),
            };
            record.event.body.outputs_mut().unwrap()[0].facts.push(fact);
        });
        assert_eq!(found_in(&world), [(FindingCode::HandoverUnweighed, Weight::Unknown)]);
    }

    #[test]
    fn a_difference_is_warned_of_above_half_a_percent_and_fails_above_two() {
        let cases = [
            (995_000_000, vec![]),
            (994_999_999, vec![WARN]),
            (1_005_000_000, vec![]),
            (1_005_000_001, vec![WARN]),
            (980_000_000, vec![WARN]),
            (979_999_999, vec![FAIL]),
            (1_020_000_000, vec![WARN]),
            (1_020_000_001, vec![FAIL]),
        ];
        for (mg, expected) in cases {
            let (mut world, _, transit) = sent();
            let received = world.receive("plant", vec![last(take(transit, 0, 1000))], &[]);
            weigh(&mut world, received, Quantity::of(Mass::from_mg(mg)));
            assert_eq!(found_in(&world), expected, "{mg} mg");
        }
    }

    #[test]
    fn the_message_names_both_sides_and_the_limit() {
        let (mut world, sent, transit) = sent();
        let received = world.receive("plant", vec![last(take(transit, 0, 1000))], &[970]);
        let found = findings(&world.graph(), day("2026-02-01")).remove(0);
        assert_eq!(
            found.message,
            "`mine` dispatched 1 000.000 kg of lot `ORE-1`, `plant` received 970.000 kg: 3.000 % less (limit 2 %)"
        );
        assert_eq!(found.records, vec![sent, received]);
        assert_eq!(found.lots, vec![transit, out(received, 0)]);
    }

    #[test]
    fn receipts_in_parts_are_compared_as_one_sum() {
        let (mut world, _, transit) = sent();
        world.receive("plant", vec![take(transit, 0, 400)], &[380]);
        assert_eq!(found_in(&world), vec![FAIL]);
        world.receive("plant", vec![last(take(transit, 400, 600))], &[615]);
        assert_eq!(found_in(&world), vec![]);
    }

    #[test]
    fn what_a_final_receipt_leaves_is_a_transit_loss_and_counts_as_not_received() {
        let cases = [(1000, vec![]), (999, vec![LOST]), (990, vec![WARN, LOST]), (970, vec![FAIL, LOST])];
        for (mass, expected) in cases {
            let (mut world, _, transit) = sent();
            world.receive("plant", vec![last(take(transit, 0, mass))], &[mass]);
            assert_eq!(found_in(&world), expected, "{mass} kg");
        }
    }

    #[test]
    fn a_receipt_that_is_not_final_leaves_the_rest_on_its_way() {
        let (mut world, _, transit) = sent();
        world.receive("plant", vec![take(transit, 0, 500)], &[500]);
        assert_eq!(found_in(&world), vec![]);
    }

    #[test]
    fn refused_goods_are_not_missing() {
        let (mut world, _, transit) = sent();
        world.refuse("plant", "mine", vec![take(transit, 900, 100)]);
        world.receive("plant", vec![last(take(transit, 0, 900))], &[900]);
        assert_eq!(found_on(&world, "2026-12-01"), vec![]);
    }

    #[test]
    fn water_that_both_sides_state_is_allowed_for() {
        let (mut world, sent, transit) = sent();
        let received = world.receive("plant", vec![last(take(transit, 0, 1000))], &[]);
        let wet = |mass: u64, percent: u32| Quantity {
            moisture: Some(Fraction::from_ppb(percent * 10_000_000)),
            ..Quantity::of(kg(mass))
        };
        weigh(&mut world, sent, wet(1000, 10));
        weigh(&mut world, received, wet(950, 5));
        assert_eq!(found_in(&world), vec![]);
        weigh(&mut world, received, Quantity::of(kg(950)));
        assert_eq!(found_in(&world), vec![FAIL]);
        weigh(&mut world, received, Quantity { basis: MassBasis::Dry105, ..Quantity::of(kg(900)) });
        assert_eq!(found_in(&world), vec![]);
        weigh(&mut world, received, Quantity { basis: MassBasis::Calcined, ..Quantity::of(kg(900)) });
        assert_eq!(found_in(&world), vec![(FindingCode::HandoverUnweighed, Weight::Unknown)]);
    }

    #[test]
    fn a_mass_withheld_by_either_side_is_told_with_its_party() {
        for (withheld_by, index) in [("mine", 0), ("plant", 1)] {
            let (mut world, sent, transit) = sent();
            let received = world.receive("plant", vec![last(take(transit, 0, 1000))], &[]);
            world.change([sent, received][index], |record| {
                record.event.body.outputs_mut().unwrap()[0].quantity = Maybe::Withheld;
            });
            let found = findings(&world.graph(), day("2026-02-01"));
            assert_eq!((found[0].code, found[0].weight), (FindingCode::HandoverUnweighed, Weight::Withheld));
            assert_eq!(found[0].parties, vec![world.party(withheld_by)]);
            assert_eq!(found[0].records, vec![sent, received]);
        }
    }

    #[test]
    fn a_lot_is_overdue_on_the_day_after_it_was_due() {
        let overdue = |weight| vec![(FindingCode::Overdue, weight)];
        let (mut world, sent, transit) = sent();
        assert_eq!(found_on(&world, "2026-03-31"), vec![]);
        assert_eq!(found_on(&world, "2026-04-01"), overdue(Weight::Unknown));
        let mut taken_back = world.clone();
        taken_back.withdraw("mine", sent, WithdrawReason::EntryError);
        assert_eq!(found_on(&taken_back, "2026-04-01"), vec![]);
        world.receive("plant", vec![take(transit, 0, 999)], &[999]);
        assert_eq!(found_on(&world, "2026-04-01"), overdue(Weight::Warning));
        world.receive("plant", vec![take(transit, 999, 1)], &[1]);
        assert_eq!(found_on(&world, "2026-04-01"), vec![]);
    }

    #[test]
    fn a_receiver_outside_the_ledger_is_an_end_and_never_overdue() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 10)]);
        for receiver in [Receiver::Outside(outsider("Trader")), Receiver::Later] {
            world.dispatch_to("mine", receiver, vec![take(out(mined, 0), 0, 1)]);
        }
        assert_eq!(found_on(&world, "2027-01-01"), vec![]);
    }
}
