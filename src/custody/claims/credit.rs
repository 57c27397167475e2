//! What a credit is worth: it names a lot that its keeper took in there, that holds the elements, and enough of them.

use std::collections::HashMap;

use super::super::assay;
use super::super::graph::{Consumer, Graph};
use super::super::names::{self, found};
use super::{Account, named};
use crate::hash::{PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::element::ElementSet;
use crate::model::event::{ClaimAccount, Credit};
use crate::model::evidence::OriginClass;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Carries;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// What of a credit counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// So much, shown by its lot.
    Shown(Mass),
    /// So much, if what is not shown here bears it out.
    Open(Mass),
}

/// What each credit of each close counts for, by the close and the credit's place in it.
pub(super) type Valued = HashMap<(RecordId, usize), Value>;

/// How much of a lot was credited so far, and of which elements.
type Taken<'g> = HashMap<(LotRef, &'g str), Vec<(&'g ElementSet, Mass)>>;

/// Returns what every credit counts for, and what is wrong with those that do not count in full.
pub(super) fn value_all(graph: &Graph, accounts: &[Account<'_>]) -> (Valued, Vec<Finding>) {
    let (mut valued, mut findings) = (Valued::new(), Vec::new());
    let mut taken = Taken::new();
    for account in accounts {
        for (record, close) in &account.closes {
            for (at, credit) in close.credits.shown().into_iter().flatten().enumerate() {
                let (value, why) = if close.period.contains(credit.day) {
                    value(graph, account.keeper, account.of, credit, &mut taken)
                } else {
                    let why = format!("its day {} is not in the period {}", credit.day, close.period);
                    (Value::Shown(Mass::ZERO), Some((Weight::Fail, why)))
                };
                valued.insert((record.id, at), value);
                findings
                    .extend(why.map(|(weight, why)| finding(graph, record, account.of, credit, weight, why)));
            }
        }
    }
    (valued, findings)
}

fn finding(
    graph: &Graph,
    record: &Record,
    account: &ClaimAccount,
    credit: &Credit,
    weight: Weight,
    why: String,
) -> Finding {
    let message = format!(
        "{} credits {} to the account {}, but {why}",
        names::record(graph, record),
        credit.mass,
        named(account)
    );
    let resolve =
        "name the lot that brought the credit, in the account whose elements and characteristic it has";
    let lots: Vec<LotRef> = credit.lot.into_iter().collect();
    found(FindingCode::CreditUnfounded, weight, &[record], &lots, message, resolve)
}

type Why = Option<(Weight, String)>;

fn value<'g>(
    graph: &Graph,
    keeper: PartyId,
    account: &'g ClaimAccount,
    credit: &Credit,
    taken: &mut Taken<'g>,
) -> (Value, Why) {
    let open = |why: String| (Value::Open(credit.mass), Some((Weight::Unknown, why)));
    let void = |why: String| (Value::Shown(Mass::ZERO), Some((Weight::Fail, why)));
    let Some(lot) = credit.lot else { return open("it names no lot".to_owned()) };
    let name = names::lot(graph, &lot);
    let (Some(creator), Some(value)) = (graph.creator(&lot), graph.lot(&lot)) else {
        return open(format!("the record of its lot {name} is not held"));
    };
    if graph.withdrawn(&creator.id).is_some() {
        return void(format!("the record of its lot {name} was withdrawn"));
    }
    if creator.author != keeper {
        return match graph.rightful_consumer(&lot) {
            Consumer::Party(party) if party == keeper => {
                open(format!("its lot {name} is in transit and not received"))
            }
            _ => void(format!("its keeper never had the lot {name}")),
        };
    }
    match creator.event.body.at().map(|at| at.facility) {
        Some(Maybe::Shown(facility)) if facility != account.facility => {
            return void(format!("its lot {name} came in at another facility"));
        }
        Some(Maybe::Withheld) => return open(format!("where its lot {name} came in is withheld")),
        _ => {}
    }
    if let Some(class) = OriginClass::ALL.iter().find(|class| class.name() == account.characteristic) {
        match value.origin_class {
            Some(stated) if stated != *class => {
                return void(format!("its lot {name} is stated to be {stated}"));
            }
            None => return open(format!("its lot {name} states no origin class")),
            Some(_) => {}
        }
    }
    let carried = account.elements.iter().map(|element| assay::carries(graph, &lot, value, element));
    match carried.fold(Carries::No, most) {
        Carries::No => return void(format!("its lot {name} holds no {}", account.elements)),
        Carries::Possible => {
            return open(format!("it is open whether its lot {name} holds {}", account.elements));
        }
        Carries::Yes => {}
    }
    let Some(bound) = most_of(value, &account.elements) else {
        return open(format!("the mass of its lot {name} is withheld"));
    };
    let before = taken.entry((lot, &account.characteristic)).or_default();
    let overlaps = |other: &ElementSet| other.iter().any(|element| account.elements.contains(element));
    let used = before.iter().filter(|(elements, _)| overlaps(elements));
    let used: u64 = used.map(|(_, mass)| mass.mg()).fold(0, u64::saturating_add);
    let rest = bound.saturating_sub(Mass::from_mg(used));
    before.push((&account.elements, credit.mass));
    if credit.mass > rest {
        let why = format!(
            "its lot {name} can bring at most {bound} of {}, of which {} was credited before",
            account.elements,
            Mass::from_mg(used)
        );
        return (Value::Shown(rest), Some((Weight::Fail, why)));
    }
    (Value::Shown(credit.mass), None)
}

fn most(one: Carries, other: Carries) -> Carries {
    match (one, other) {
        (Carries::Yes, _) | (_, Carries::Yes) => Carries::Yes,
        (Carries::Possible, _) | (_, Carries::Possible) => Carries::Possible,
        _ => Carries::No,
    }
}

/// Returns the most of some elements that a lot can hold: by its own measured share where there is one, else all.
fn most_of(lot: &Lot, elements: &ElementSet) -> Option<Mass> {
    let quantity = lot.quantity.shown()?;
    let line = lot.composition.shown().into_iter().flatten().find(|line| line.elements == *elements);
    let most = line.and_then(|line| assay::most_in(line, quantity));
    Some(most.unwrap_or(quantity.mass).min(quantity.mass))
}
