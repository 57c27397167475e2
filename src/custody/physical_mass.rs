//! Total mass where physics conserves it: repacking, and steps that only crush, sort, press, cut or split.
//!
//! Elsewhere oxygen, water, carbonate or coating come and go and only elements can be balanced, which is not
//! done here. A loss by difference is what is left over: it shows nothing and is not counted.
//! Spec: docs/custody.md, "Total mass".

use super::attested::by_attestation;
use super::graph::{self, Graph};
use super::names::{self, found};
use super::scale;
use crate::model::event::Body;
use crate::model::evidence::{LossBasis, MassBasis};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::{Addition, Loss};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::model::stage::Step;
use crate::model::uncertainty::Uncertainty;

/// Returns every physical step that gains or misses mass, or that cannot be balanced.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().flat_map(|record| of_record(graph, record)).collect()
}

/// Returns what the balance of one record says, if its steps conserve total mass.
fn of_record(graph: &Graph, record: &Record) -> Vec<Finding> {
    let (none, no_losses) = (MaybeList::Shown(Vec::new()), MaybeList::Shown(Vec::new()));
    let (additions, losses) = match &record.event.body {
        Body::Transform(transform) if !transform.steps.is_empty() => {
            if !conserves(&transform.steps) {
                return Vec::new();
            }
            (&transform.additions, &transform.losses)
        }
        Body::Repack(repack) => (&none, &repack.losses),
        Body::Assemble(assemble) if conserves(&assemble.steps) => (&assemble.additions, &no_losses),
        Body::Disassemble(disassemble) if conserves(&disassemble.steps) => (&none, &disassemble.losses),
        _ => return Vec::new(),
    };
    match balance(graph, record, additions, losses) {
        Ok(balance) => balance.finding(graph, record).into_iter().collect(),
        // Bases that differ are as open to whoever has all records.
        Err(Untested::Bases) => vec![Untested::Bases.finding(graph, record)],
        // Whoever attests a lot had what the step that made it is balanced by.
        Err(why) => {
            let one = why.finding(graph, record);
            let apart = by_attestation(graph, record, one.weight).into_iter();
            apart.map(|(lots, weight)| Finding { lots, weight, ..one.clone() }).collect()
        }
    }
}

/// Whether every step conserves total mass.
fn conserves(steps: &[Step]) -> bool {
    steps.iter().all(|step| step.process.conserves_mass())
}

/// Why a step cannot be balanced.
enum Untested {
    Withheld(&'static str),
    NotHeld(LotRef),
    Bases,
}

impl Untested {
    fn finding(self, graph: &Graph, record: &Record) -> Finding {
        let (weight, why, resolve) = match self {
            Self::Withheld(what) => (
                Weight::Withheld,
                format!("its author withholds {what}"),
                "ask the author to show inputs, masses and losses",
            ),
            Self::NotHeld(lot) => (
                Weight::Unknown,
                format!("the mass basis of lot {} is not held", names::lot(graph, &lot)),
                "import the records of the input lots",
            ),
            Self::Bases => (
                Weight::Unknown,
                "masses on different bases went in and came out".to_owned(),
                "state all masses of the step on one basis",
            ),
        };
        let message = format!("{} cannot be balanced: {why}", names::record(graph, record));
        found(FindingCode::MassUntested, weight, &[record], &lots(record), message, resolve)
    }
}

/// One side of a balance: milligrams, and their uncertainty in billionths of a milligram.
#[derive(Default)]
struct Side {
    mg: u128,
    uncertain: u128,
}

impl Side {
    fn add(&mut self, mass: Mass, uncertainty: Uncertainty) {
        self.mg += u128::from(mass.mg());
        self.uncertain = self.uncertain.saturating_add(scale::uncertain(mass, uncertainty));
    }
}

struct Balance {
    went_in: Side,
    came_out: Side,
    /// Whether a loss by difference was stated, or losses are withheld: then nothing can be missing.
    open_below: bool,
    losses_withheld: bool,
}

impl Balance {
    /// The uncertainties of all masses, added up as if all erred the same way.
    fn allowance(&self) -> u128 {
        self.went_in.uncertain.saturating_add(self.came_out.uncertain)
    }

    fn finding(&self, graph: &Graph, record: &Record) -> Option<Finding> {
        let (went_in, came_out) = (self.went_in.mg, self.came_out.mg);
        let difference = went_in.abs_diff(came_out);
        let beyond = scale::from_mg(difference) > self.allowance();
        if !beyond && !self.losses_withheld {
            return None;
        }
        let what = names::record(graph, record);
        let sums = format!("{} went in and {} came out", names::mass(went_in), names::mass(came_out));
        let allowed = names::mass(scale::to_mg(self.allowance()));
        if beyond && came_out > went_in {
            let message = format!(
                "{what}: {sums}, {} more ({}), where uncertainties explain {allowed}",
                names::mass(difference),
                names::percent(difference, went_in)
            );
            let resolve = "withdraw the record, or record the missing input before it";
            return Some(found(
                FindingCode::MassGain,
                Weight::Fail,
                &[record],
                &lots(record),
                message,
                resolve,
            ));
        }
        if self.losses_withheld {
            return Some(Untested::Withheld("its losses").finding(graph, record));
        }
        if beyond && !self.open_below {
            let message = format!(
                "{what}: {sums}, {} is missing, where uncertainties explain {allowed}",
                names::mass(difference)
            );
            let resolve = "record what left as a lot or a loss";
            return Some(found(
                FindingCode::MassMissing,
                Weight::Warning,
                &[record],
                &lots(record),
                message,
                resolve,
            ));
        }
        None
    }
}

fn balance(
    graph: &Graph,
    record: &Record,
    additions: &MaybeList<Addition>,
    losses: &MaybeList<Loss>,
) -> Result<Balance, Untested> {
    if graph::withheld_inputs(record).is_some() {
        return Err(Untested::Withheld("its inputs"));
    }
    let mut bases: Vec<MassBasis> = Vec::new();
    let (mut went_in, mut came_out) = (Side::default(), Side::default());
    for input in graph::inputs(record) {
        let lot = graph.lot(&input.lot).ok_or(Untested::NotHeld(input.lot))?;
        let quantity = lot.quantity.shown().ok_or(Untested::Withheld("the mass of an input lot"))?;
        bases.push(quantity.basis);
        went_in.add(input.mass, quantity.uncertainty);
    }
    match additions {
        MaybeList::Shown(additions) => {
            additions.iter().for_each(|one| went_in.add(one.mass, one.uncertainty));
        }
        MaybeList::Withheld(0) => {}
        MaybeList::Withheld(_) => return Err(Untested::Withheld("its additions")),
    }
    for output in record.event.body.outputs() {
        let quantity = output.quantity.shown().ok_or(Untested::Withheld("the mass of an output"))?;
        bases.push(quantity.basis);
        came_out.add(quantity.mass, quantity.uncertainty);
    }
    if bases.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Untested::Bases);
    }
    let stated = losses.shown().unwrap_or_default();
    for loss in stated.iter().filter(|loss| loss.basis != LossBasis::ByDifference) {
        came_out.add(loss.mass, loss.uncertainty);
    }
    let losses_withheld = losses.is_withheld() && losses.count() > 0;
    let open_below = stated.iter().any(|loss| loss.basis == LossBasis::ByDifference);
    Ok(Balance { went_in, came_out, open_below, losses_withheld })
}

fn lots(record: &Record) -> Vec<LotRef> {
    graph::outputs(record).map(|(lot, _)| lot).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::hash::RecordId;
    use crate::model::evidence::Mixing::Homogenised;
    use crate::model::maybe::Maybe;

    /// 1 000 kg of ore crushed to 600 kg and 400 kg.
    fn crushed(step: &str) -> (World, RecordId, RecordId) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 1000)]);
        let outputs = vec![lot("ore", 600), lot("tailings", 400)];
        let step = world.transform("mine", step, Homogenised, vec![take(out(mined, 0), 0, 1000)], outputs);
        (world, mined, step)
    }

    fn found_in(world: &World) -> Option<(FindingCode, Weight)> {
        let found = findings(&world.graph());
        assert!(found.len() < 2);
        found.first().map(|finding| (finding.code, finding.weight))
    }

    fn set(world: &mut World, record: RecordId, index: usize, mg: u64, random: &str) {
        world.change(record, |record| {
            let output = &mut record.event.body.outputs_mut().unwrap()[index];
            let uncertainty = random.parse().unwrap();
            output.quantity = Maybe::Shown(crate::model::lot::Quantity {
                uncertainty,
                ..crate::model::lot::Quantity::of(Mass::from_mg(mg))
            });
        });
    }

    fn lose(world: &mut World, record: RecordId, mass: u64, basis: LossBasis) {
        world.change(record, |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            let loss = Loss {
                what: "dust".to_owned(),
                mass: kg(mass),
                uncertainty: Uncertainty::default(),
                basis,
                composition: vec![],
            };
            transform.losses = vec![loss].into();
        });
    }

    const GAIN: Option<(FindingCode, Weight)> = Some((FindingCode::MassGain, Weight::Fail));
    const MISSING: Option<(FindingCode, Weight)> = Some((FindingCode::MassMissing, Weight::Warning));

    #[test]
    fn a_milligram_more_or_less_is_found_and_an_equal_sum_is_not() {
        let (mut world, _, step) = crushed("P20 crush, P20 sort");
        assert_eq!(found_in(&world), None);
        set(&mut world, step, 0, 600_000_001, "0 %");
        assert_eq!(found_in(&world), GAIN);
        set(&mut world, step, 0, 599_999_999, "0 %");
        assert_eq!(found_in(&world), MISSING);
    }

    #[test]
    fn a_gain_counts_only_beyond_the_sum_of_all_uncertainties() {
        let (mut world, mined, step) = crushed("P20 crush");
        set(&mut world, mined, 0, 1_000_000_000, "0.1 %");
        set(&mut world, step, 1, 400_000_000, "0.05 % + 0.05 % bias");
        // 1 000 kg x 0.1 % and 400 kg x 0.1 % allow 1.4 kg.
        set(&mut world, step, 0, 601_400_000, "0 %");
        assert_eq!(found_in(&world), None);
        set(&mut world, step, 0, 601_400_001, "0 %");
        assert_eq!(found_in(&world), GAIN);
    }

    #[test]
    fn a_stated_loss_closes_the_balance_and_one_by_difference_shows_nothing() {
        let (mut world, _, step) = crushed("P20 crush");
        set(&mut world, step, 0, 590_000_000, "0 %");
        assert_eq!(found_in(&world), MISSING);
        lose(&mut world, step, 10, LossBasis::Measured);
        assert_eq!(found_in(&world), None);
        lose(&mut world, step, 11, LossBasis::Estimated);
        assert_eq!(found_in(&world), GAIN);
        lose(&mut world, step, 11, LossBasis::ByDifference);
        assert_eq!(found_in(&world), None);
        set(&mut world, step, 0, 600_000_001, "0 %");
        assert_eq!(found_in(&world), GAIN);
    }

    #[test]
    fn a_step_that_takes_up_or_gives_off_gas_is_not_balanced() {
        let (mut world, _, step) = crushed("P20 crush, P30 crack");
        set(&mut world, step, 0, 900_000_000, "0 %");
        assert_eq!(found_in(&world), None);
    }

    #[test]
    fn additions_count_as_what_went_in() {
        let (mut world, _, step) = crushed("P20 crush");
        set(&mut world, step, 0, 605_000_000, "0 %");
        assert_eq!(found_in(&world), GAIN);
        world.change(step, |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            let added = Addition {
                material: "chemical.lime".parse().unwrap(),
                mass: kg(5),
                uncertainty: Uncertainty::default(),
                composition: vec![],
            };
            transform.additions = vec![added].into();
        });
        assert_eq!(found_in(&world), None);
    }

    #[test]
    fn a_repack_is_physical_too() {
        let mut world = World::new();
        let mined = out(world.extract("mine", vec![lot("ore", 1000)]), 0);
        let packed = world.repack("mine", Homogenised, vec![take(mined, 0, 500)], vec![lot("ore", 500)]);
        assert_eq!(found_in(&world), None);
        set(&mut world, packed, 0, 500_000_001, "0 %");
        assert_eq!(found_in(&world), GAIN);
    }

    #[test]
    fn withheld_masses_leave_it_untested() {
        let withheld = Some((FindingCode::MassUntested, Weight::Withheld));
        let changes: [fn(&mut Record); 4] = [
            |record| record.event.body.outputs_mut().unwrap()[0].quantity = Maybe::Withheld,
            |record| {
                let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
                transform.inputs = MaybeList::Withheld(1);
            },
            |record| {
                let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
                transform.additions = MaybeList::Withheld(1);
            },
            |record| {
                let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
                transform.losses = MaybeList::Withheld(1);
            },
        ];
        for change in changes {
            let (mut world, _, step) = crushed("P20 crush");
            world.change(step, change);
            assert_eq!(found_in(&world), withheld);
        }
    }

    #[test]
    fn a_gain_shows_even_where_losses_are_withheld() {
        let (mut world, _, step) = crushed("P20 crush");
        world.change(step, |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            transform.losses = MaybeList::Withheld(1);
        });
        set(&mut world, step, 0, 600_000_001, "0 %");
        assert_eq!(found_in(&world), GAIN);
    }

    #[test]
    fn different_bases_and_inputs_not_held_leave_it_unknown() {
        let unknown = Some((FindingCode::MassUntested, Weight::Unknown));
        let (mut world, _, step) = crushed("P20 crush");
        world.change(step, |record| {
            let Maybe::Shown(quantity) = &mut record.event.body.outputs_mut().unwrap()[0].quantity else {
                unreachable!()
            };
            quantity.basis = MassBasis::Dry105;
        });
        assert_eq!(found_in(&world), unknown);
        let (mut world, mined, _) = crushed("P20 crush");
        world.records.retain(|record| record.id != mined);
        assert_eq!(found_in(&world), unknown);
    }
}
