//! What this ledger's party holds, what is on its way to it, and what it sent and nobody received.

use std::collections::HashSet;

use super::Ledger;
use super::account::Account;
use super::error::LedgerError;
use super::keys;
use crate::custody::title::Owner;
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::event::{Body, Receiver};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::Maybe;

/// A lot and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LotState {
    /// Which lot.
    pub lot: LotRef,
    /// What is written on it, where that is shown.
    pub label: Option<String>,
    /// What it is.
    pub material: Material,
    /// How much there was; `None` where that is withheld.
    pub mass: Option<Mass>,
    /// How much of it is left; `None` where the mass is withheld.
    pub left: Option<Mass>,
    /// Where it stands.
    pub state: State,
    /// Whose it is, where records say more than who made it, and it is not this ledger's party's.
    pub owner: Option<Owner>,
}

/// Where a lot stands, as seen from this ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Here, with something left.
    Held,
    /// Sent to a receiver whom this ledger's party has still to name.
    Waiting {
        /// Whether a claim code went with it.
        has_code: bool,
        /// Day by which it should have arrived, if agreed.
        due: Option<Day>,
        /// Whether that day is past.
        overdue: bool,
    },
    /// Sent, and not received as far as records here say.
    InTransitOut {
        /// To whom.
        to: Receiver,
        /// Day by which it should have arrived, if agreed.
        due: Option<Day>,
        /// Whether that day is past.
        overdue: bool,
    },
    /// On its way here.
    InTransitIn {
        /// Who sent it.
        from: PartyId,
        /// Day by which it should have arrived, if agreed.
        due: Option<Day>,
        /// Whether that day is past.
        overdue: bool,
    },
    /// Own goods in somebody else's hands: on consignment, for tolling, in a warehouse, or bought and not sent yet.
    HeldByOther {
        /// Who has them.
        by: PartyId,
    },
    /// Nothing is left of it here: used, sent on and received, sent outside the ledger, disposed of, or withdrawn.
    Gone,
}

impl Ledger {
    /// Returns the lots that the own chain created and those dispatched to it, in order of arrival.
    ///
    /// `today` is the day by which something is overdue.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn lots(&self, today: Day) -> Result<Vec<LotState>, LedgerError> {
        let Some(own) = self.party() else { return Ok(Vec::new()) };
        let places = self.store.places(&own)?.into_iter().map(|(_, _, number)| number);
        let mut numbers: Vec<u64> = places.collect();
        numbers.extend(self.store.consumers(&keys::sent_to(&own))?);
        numbers.sort_unstable();
        numbers.dedup();
        let mut lots = Vec::new();
        let mut seen = HashSet::new();
        for number in numbers {
            let id = self.sealed(number, None)?.0.id();
            let Some(source) = self.source(&id)? else { continue };
            let outputs = u32::try_from(source.event.body.outputs().len()).expect("outputs are bounded");
            let mut meant: Vec<LotRef> = (0..outputs).map(|index| LotRef { record: id, index }).collect();
            // What another party assigned to this one left in an earlier record of that party.
            if let Body::Assign(assign) = &source.event.body
                && source.author != own
            {
                meant.clone_from(&assign.lots);
            }
            for lot in meant {
                if let Some(account) = self.account(&lot)?
                    && seen.insert(lot)
                    && (account.author == own || account.consumer() == Some(own))
                {
                    let mut state = state_of(&own, lot, &account, today);
                    if state.state != State::Gone {
                        state.owner = self.owner(&lot, today)?.filter(|owner| *owner != Owner::Party(own));
                    }
                    lots.push(state);
                }
            }
        }
        self.held_by_others(&own, today, &mut lots)?;
        Ok(lots)
    }
}

impl Ledger {
    /// Adds own goods that others have.
    fn held_by_others(&self, own: &PartyId, today: Day, lots: &mut Vec<LotState>) -> Result<(), LedgerError> {
        for lot in self.owned_lots(own)? {
            let Some(account) = self.account(&lot)? else { continue };
            // What is in transit is told by who sent it, or by who will have it.
            let here = account.transit.is_none() && account.author != *own && !account.withdrawn;
            if !here || account.left() == Some(Mass::ZERO) {
                continue;
            }
            let owner = self.owner(&lot, today)?;
            if owner == Some(Owner::Party(*own)) {
                let by = account.author;
                lots.push(LotState {
                    state: State::HeldByOther { by },
                    owner,
                    ..state_of(own, lot, &account, today)
                });
            }
        }
        Ok(())
    }
}

fn state_of(own: &PartyId, lot: LotRef, account: &Account, today: Day) -> LotState {
    let left = if account.withdrawn { Some(Mass::ZERO) } else { account.left() };
    let due = account.due;
    let overdue = due.is_some_and(|due| due < today);
    let state = match &account.transit {
        _ if left == Some(Mass::ZERO) || account.emptied_by.is_some() => State::Gone,
        None => State::Held,
        Some(Maybe::Shown(Receiver::Outside(_))) => State::Gone,
        Some(Maybe::Shown(Receiver::Party(to))) if to == own => {
            State::InTransitIn { from: account.author, due, overdue }
        }
        Some(Maybe::Shown(Receiver::Later)) => {
            State::Waiting { has_code: account.claim.is_some(), due, overdue }
        }
        Some(Maybe::Shown(to)) => State::InTransitOut { to: to.clone(), due, overdue },
        // The own chain knows its receivers; one erased here is still sent.
        Some(Maybe::Withheld) => State::InTransitOut { to: Receiver::Later, due, overdue },
    };
    LotState {
        lot,
        label: account.lot.label().map(str::to_owned),
        material: account.lot.material.clone(),
        mass: account.lot.mass(),
        left,
        state,
        owner: None,
    }
}
