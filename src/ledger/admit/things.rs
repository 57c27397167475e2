//! Assemblies and disassemblies: lists of parts that add up, and parts that had gone in.

use std::collections::{BTreeMap, HashMap};

use crate::custody::scale;
use crate::ledger::admit::{NotAdmitted, Refusal};
use crate::ledger::append::Batch;
use crate::model::event::{Assemble, Disassemble, parts_within};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

impl Batch<'_> {
    /// INVARIANT (parts): what is listed of an input is at most the stretch that is consumed.
    pub(super) fn admit_assemble(&mut self, assemble: &Assemble) -> Result<(), NotAdmitted> {
        let (Some(inputs), Some(parts)) = (assemble.inputs.shown(), assemble.parts.shown()) else {
            return Ok(());
        };
        let mut listed = vec![0u128; inputs.len()];
        for part in parts {
            if let Some(sum) = listed.get_mut(part.input as usize) {
                *sum += u128::from(part.mass.mg());
            }
        }
        for (input, listed) in inputs.iter().zip(listed) {
            if listed > u128::from(input.mass.mg()) {
                let lot = self.name_of_lot(&input.lot)?;
                let listed = Mass::from_mg(u64::try_from(listed).unwrap_or(u64::MAX));
                return Err(Refusal::PartsExceed { lot, listed, taken: input.mass }.into());
            }
        }
        Ok(())
    }

    /// INVARIANT (parts): what is recovered as a part had gone into what is taken apart, and no less of it.
    pub(super) fn admit_disassemble(&mut self, disassemble: &Disassemble) -> Result<(), NotAdmitted> {
        let (Some(inputs), Some(recovered)) = (disassemble.inputs.shown(), disassemble.recovered.shown())
        else {
            return Ok(());
        };
        if recovered.is_empty() {
            return Ok(());
        }
        let things: Vec<LotRef> = inputs.iter().map(|input| input.lot).collect();
        let within = parts_within(&things, |record| {
            // A store that cannot be read shows when the inputs are looked up.
            self.source(record).ok().flatten().map(|source| source.event)
        });
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for one in recovered {
            *shared.entry(one.output).or_default() += 1;
        }
        // What is several parts at once says of none how much of it came out.
        let mut outputs: BTreeMap<LotRef, Vec<u32>> = BTreeMap::new();
        for one in recovered {
            let alone = outputs.entry(one.part).or_default();
            alone.extend(Some(one.output).filter(|output| shared[output] == 1));
        }
        let known: HashMap<LotRef, Option<Mass>> =
            within.parts.iter().map(|part| (part.lot, part.mass)).collect();
        for (part, outputs) in outputs {
            match known.get(&part) {
                Some(went_in) => self.admit_recovered_mass(disassemble, &part, &outputs, *went_in)?,
                None if within.is_open => {}
                None => return Err(Refusal::NotAPart { part: self.name_of_lot(&part)? }.into()),
            }
        }
        Ok(())
    }

    /// Refuses more of one part than went in, beyond what the uncertainties of both scales explain.
    fn admit_recovered_mass(
        &mut self,
        disassemble: &Disassemble,
        part: &LotRef,
        outputs: &[u32],
        went_in: Option<Mass>,
    ) -> Result<(), NotAdmitted> {
        let Some(went_in) = went_in else { return Ok(()) };
        let lots = outputs.iter().filter_map(|output| disassemble.outputs.get(*output as usize));
        let account = self.account(part)?;
        let weighed = account.as_ref().and_then(|account| account.lot.quantity.shown());
        let mut allowance = weighed.map_or(0, |weighed| scale::uncertain(went_in, weighed.uncertainty));
        let mut came_out = 0u128;
        for quantity in lots.filter_map(|lot| lot.quantity.shown()) {
            came_out += u128::from(quantity.mass.mg());
            allowance = allowance.saturating_add(scale::uncertain(quantity.mass, quantity.uncertainty));
        }
        let more = came_out.saturating_sub(u128::from(went_in.mg()));
        match scale::from_mg(more) > allowance {
            true => Err(Refusal::RecoveredExceeds { part: self.name_of_lot(part)?, went_in }.into()),
            false => Ok(()),
        }
    }

    fn name_of_lot(&mut self, lot: &LotRef) -> Result<String, NotAdmitted> {
        Ok(match self.account(lot)? {
            Some(account) => self.lot_name(lot, &account),
            None => lot.short(),
        })
    }
}
