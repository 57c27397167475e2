//! Papers that let an item go: waivers in the ledger, and what the reader has checked and accepted.

use serde::{Deserialize, Serialize};

use super::met::{Met, State};
use crate::custody::names;
use crate::model::evidence::DocumentKind;
use crate::model::material::Material;
use crate::rules::kind::Asked;
use crate::rules::waiver::{self, NotReached, is_called};
use crate::trust::AcceptedDocument;

/// A paper that has to be there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// What kind of document it is, where it is none of a party that signs records.
    pub kind: DocumentKind,
    /// For how many months it may hold at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_months: Option<u16>,
}

impl Paper {
    /// Returns the best of what the papers that name the exception say of this lot and day.
    pub(super) fn met(&self, asked: &Asked<'_, '_>) -> Met {
        let facts = asked.facts;
        let mut found: Vec<Met> = Vec::new();
        for (record, waive) in facts.waivers() {
            if !waiver::names_rule(waive, asked.pack, asked.rule) {
                continue;
            }
            let who = names::party(facts.graph, &record.author);
            let records = vec![record.id];
            let met = match waiver::reaches(facts, record, waive, asked.as_of(), self.most_months) {
                Ok(()) => Met {
                    by: Some(record.id),
                    ..Met::holds(format!("waived by {who}, {}..{}", waive.valid.first, waive.valid.last))
                },
                Err(NotReached::Refused(why)) => {
                    Met::refused(format!("the waiver of {who} does not reach it: {why}"))
                }
                Err(NotReached::Open(why)) => Met::open(
                    format!("the waiver of {who} is not established: {why}"),
                    "get the issuer's chain, or name it in the trust file",
                ),
            };
            found.push(Met { records, ..met });
        }
        let of_kind = |paper: &&AcceptedDocument| paper.entry.kind == self.kind && names(paper, asked);
        found.extend(
            facts.trust.accepted_documents.iter().filter(of_kind).map(|paper| self.accepted(asked, paper)),
        );
        // One good paper is enough; else what may be good, else why none is.
        let best = found.into_iter().min_by_key(|met| match met.state {
            State::Holds => 0,
            State::Open => 1,
            State::Refused => 2,
        });
        best.unwrap_or_else(|| {
            Met::open(
                format!("no `{}` for this item is held", self.kind),
                "record the waiver, or check the paper and list it in the trust file as accepted",
            )
        })
    }

    fn accepted(&self, asked: &Asked<'_, '_>, paper: &AcceptedDocument) -> Met {
        let called = paper.describe();
        let Some(valid) = &paper.entry.valid else {
            return Met::open(
                format!("{called} does not tell on which days it holds"),
                "give `valid` in the trust file",
            );
        };
        if let Err(why) = waiver::in_time(valid, asked.as_of(), self.most_months) {
            return Met::refused(format!("{called}: {why}"));
        }
        let material = asked.facts.graph.lot(&asked.facts.lot).map(|lot| &lot.material);
        let begins = |listed: &Material| material.is_some_and(|material| material.begins_with(listed));
        if !paper.entry.materials.iter().any(begins) {
            return Met::refused(format!("{called} is for other materials"));
        }
        item_fits(asked, paper).unwrap_or_else(|| {
            Met::holds(format!("{called}, {}..{}, accepted by this reader", valid.first, valid.last))
        })
    }
}

/// Returns what lets a buyer whose contract has the clause use an exception that stands in the section only.
pub(super) fn of_contracting_officer(asked: &Asked<'_, '_>, clause: &str) -> Met {
    let accepted = &asked.facts.trust.accepted_documents;
    let met = accepted.iter().filter(|paper| names(paper, asked)).map(|paper| {
        let outside = paper.entry.valid.filter(|valid| !valid.contains(asked.as_of()));
        if let Some(valid) = outside {
            let text = format!(
                "{} holds {}..{}, not on {}",
                paper.describe(),
                valid.first,
                valid.last,
                asked.as_of()
            );
            return Met { resolve: Some("get one that holds".to_owned()), ..Met::new(State::Open, text) };
        }
        item_fits(asked, paper).map_or_else(
            || {
                Met::holds(format!(
                    "it stands in the section only; {}, accepted by this reader",
                    paper.describe()
                ))
            },
            |not| Met { state: State::Open, resolve: Some("get one for this contract".to_owned()), ..not },
        )
    });
    met.min_by_key(|met| met.state).unwrap_or_else(|| {
        Met::open(
            format!("it stands in the section and not in the clause, and `{clause}` is in the contract"),
            "get the contracting officer's paper, and list it in the trust file as accepted",
        )
    })
}

/// Whether a paper names the exception. One that names a single rule lets no other go that the exception is over.
fn names(paper: &AcceptedDocument, asked: &Asked<'_, '_>) -> bool {
    paper.entry.rules.iter().any(|named| is_called(named, asked.pack, asked.rule))
}

/// Returns why a paper is not for this item; `None` where it is.
fn item_fits(asked: &Asked<'_, '_>, paper: &AcceptedDocument) -> Option<Met> {
    let lot = asked.facts.graph.lot(&asked.facts.lot);
    let part = lot.and_then(|lot| lot.marks.shown()).and_then(|marks| marks.part_number.clone());
    let case = asked.facts.case.map(|case| &case.file);
    let of_case =
        case.into_iter().flat_map(|case| case.part_numbers.iter().chain(&case.nsn).chain(&case.contract));
    let is_named = |item: &String| paper.entry.items.contains(item);
    if of_case.into_iter().any(is_named) || part.as_ref().is_some_and(is_named) {
        return None;
    }
    let called = paper.describe();
    Some(match case {
        Some(_) => Met::refused(format!("{called} is for other items")),
        None => Met::open(
            format!("no case file tells whether {called} is for this item"),
            "give `part_numbers`, `nsn` or `contract` in the case file",
        ),
    })
}
