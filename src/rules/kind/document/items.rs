//! Items of data that a scheme or law asks for, of each handover behind a lot or of the lot itself.
//!
//! Each is told, withheld or absent. Nothing fails: what is absent may be on a paper that was not entered.

use serde::{Deserialize, Serialize};

use super::super::{Asked, Outcome};
use crate::custody::{graph, names};
use crate::hash::RecordId;
use crate::model::coded::coded;
use crate::model::event::{Body, Dispatch};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::open;
use crate::rules::pack::PackFault;
use crate::rules::verdict::{Limit, Reason, ReasonCode};

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Of what.
    pub of: Of,
    /// Which items.
    pub list: Vec<Item>,
    /// Codes of open facts about the lot of which each is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
}

/// Of what items are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Of each lot that was sent to another party on its way to the lot asked for.
    Handover,
    /// Of the lot asked for.
    Lot,
}

coded! {
    /// An item of data.
    Item, "item of data" {
        /// The batch: a label.
        BatchId = 1 "batch_id",
        /// What the batch is linked to.
        Inputs = 2 "inputs",
        /// Net mass.
        NetMass = 3 "net_mass",
        /// Moisture.
        Moisture = 4 "moisture",
        /// Split by elements.
        Composition = 5 "composition",
        /// Name of the sender.
        Sender = 6 "sender",
        /// Its address.
        Address = 7 "address",
        /// The facility.
        Node = 8 "node",
        /// Days.
        Dates = 9 "dates",
        /// Receiver.
        Receiver = 10 "receiver",
        /// Transporter.
        Transporter = 11 "transporter",
        /// References of documents.
        Documents = 12 "documents",
        /// Custody model.
        CustodyModel = 13 "custody_model",
        /// Number of the part.
        PartNumber = 14 "part_number",
        /// Coating.
        Coating = 15 "coating",
    }
}

/// What is known of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Told,
    Withheld,
    Absent,
}

/// A lot, and the record that it is looked at in.
struct Seen<'g> {
    record: &'g Record,
    at: LotRef,
    lot: &'g Lot,
    dispatch: Option<&'g Dispatch>,
}

impl Items {
    /// Checks that something is asked for.
    pub(super) fn check(&self, field: &str) -> Result<(), PackFault> {
        match self.list.is_empty() && self.facts.is_empty() {
            true => Err(PackFault::Empty { field: format!("{field}.items.list") }),
            false => Ok(()),
        }
    }

    /// Returns what is withheld and what is absent.
    pub(super) fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let mut outcome = Outcome::default();
        let mut limit = Limit::default();
        let seen = self.seen(facts);
        for one in &seen {
            let items = self.list.iter().map(|item| (item.to_string(), of_item(facts, one, *item)));
            let codes = self.facts.iter().map(|code| {
                let is_told = one.lot.facts.iter().any(|fact| fact.code.as_str() == code);
                (format!("fact {code}"), if is_told { State::Told } else { State::Absent })
            });
            let all: Vec<(String, State)> = items.chain(codes).collect();
            for (code, verdict, state) in [
                (ReasonCode::ItemWithheld, Verdict::Withheld, State::Withheld),
                (ReasonCode::ItemAbsent, Verdict::Unknown, State::Absent),
            ] {
                let lacking = all.iter().filter(|(_, found)| *found == state);
                let lacking: Vec<String> = lacking.map(|(name, _)| format!("`{name}`")).collect();
                if !lacking.is_empty() && limit.admits(code) {
                    outcome.reasons.push(reason(facts, one, (code, verdict), &lacking));
                }
            }
        }
        if self.of == Of::Handover {
            let open = open::ancestry(facts, "how it was handed over");
            outcome.reasons.extend(open.into_iter().filter(|reason| limit.admits(reason.code)));
        }
        outcome.leave_out(&limit);
        outcome.not_applicable = seen.is_empty() && outcome.reasons.is_empty();
        outcome
    }

    fn seen<'g>(&self, facts: &Facts<'g>) -> Vec<Seen<'g>> {
        let graph = facts.graph;
        if self.of == Of::Lot {
            let own = graph.creator(&facts.lot).zip(graph.lot(&facts.lot));
            return own
                .map(|(record, lot)| Seen { record, at: facts.lot, lot, dispatch: None })
                .into_iter()
                .collect();
        }
        let lots: std::collections::HashSet<LotRef> = facts.ancestry().lots.iter().copied().collect();
        let mut seen = Vec::new();
        for record in facts.ancestry().records.iter().filter_map(|id| graph.record(id)) {
            let Body::Dispatch(dispatch) = &record.event.body else { continue };
            for (at, lot) in graph::outputs(record).filter(|(at, _)| lots.contains(at)) {
                seen.push(Seen { record, at, lot, dispatch: Some(dispatch) });
            }
        }
        seen
    }
}

fn maybe<T>(value: &Maybe<T>, is_told: impl Fn(&T) -> bool) -> State {
    match value {
        Maybe::Withheld => State::Withheld,
        Maybe::Shown(value) if is_told(value) => State::Told,
        Maybe::Shown(_) => State::Absent,
    }
}

fn of_item(facts: &Facts<'_>, seen: &Seen<'_>, item: Item) -> State {
    let (record, lot) = (seen.record, seen.lot);
    let told = |is_told: bool| if is_told { State::Told } else { State::Absent };
    let author = facts.graph.party(&record.author).map(|(_, establish)| establish);
    match item {
        // A lot in transit is the one that was sent, whose label it goes by.
        Item::BatchId => told(facts.graph.label(&seen.at).is_some()),
        Item::Inputs => match graph::withheld_inputs(record) {
            Some(_) => State::Withheld,
            None => told(!graph::inputs(record).is_empty()),
        },
        Item::NetMass => maybe(&lot.quantity, |_| true),
        Item::Moisture => maybe(&lot.quantity, |quantity| quantity.moisture.is_some()),
        Item::Composition => maybe(&lot.composition, |lines| !lines.is_empty()),
        Item::Sender => author.map_or(State::Absent, |author| maybe(&author.name, |name| !name.is_empty())),
        Item::Address => author.map_or(State::Absent, |author| maybe(&author.address, Option::is_some)),
        Item::Node => record.event.body.at().map_or(State::Absent, |at| maybe(&at.facility, |_| true)),
        Item::Dates => record.event.body.at().map_or(State::Absent, |at| maybe(&at.period, |_| true)),
        Item::Receiver => seen.dispatch.map_or(State::Absent, |dispatch| maybe(&dispatch.receiver, |_| true)),
        Item::Transporter => {
            seen.dispatch.map_or(State::Absent, |dispatch| maybe(&dispatch.carrier, Option::is_some))
        }
        Item::Documents => match (&record.event.documents, &lot.documents) {
            (Some(documents), _) | (None, Some(documents)) => maybe(documents, |hashes| !hashes.is_empty()),
            (None, None) => State::Absent,
        },
        Item::CustodyModel => told(lot.custody_model.is_some()),
        Item::PartNumber => maybe(&lot.marks, |marks| marks.part_number.is_some()),
        Item::Coating => maybe(&lot.marks, |marks| marks.coating.is_some()),
    }
}

fn reason(
    facts: &Facts<'_>,
    seen: &Seen<'_>,
    (code, verdict): (ReasonCode, Verdict),
    lacking: &[String],
) -> Reason {
    let graph = facts.graph;
    let party = names::party(graph, &seen.record.author);
    let lot = names::lot(graph, &seen.at);
    let what = names::record(graph, seen.record);
    let lacking = lacking.join(", ");
    let (text, resolve) = match verdict {
        Verdict::Withheld => {
            (format!("{party} withholds {lacking} of {lot} ({what})"), format!("ask {party} to show it"))
        }
        _ => (
            format!("{lacking} of {lot} is not told ({what})"),
            format!("{party} can tell, by a correction or a further record"),
        ),
    };
    let records: Vec<RecordId> = vec![seen.record.id];
    Reason { code, verdict, elements: Vec::new(), text, records, resolve: Some(resolve) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_asks_for_nothing_is_refused() {
        let of = |list: Vec<Item>, facts: Vec<String>| Items { of: Of::Lot, list, facts }.check("rule");
        assert!(matches!(of(Vec::new(), Vec::new()), Err(PackFault::Empty { .. })));
        assert!(of(vec![Item::NetMass], Vec::new()).is_ok());
        assert!(of(Vec::new(), vec!["crma.glue".to_owned()]).is_ok());
    }
}
