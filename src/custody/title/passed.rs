//! Titles passed by those who do not hold them: sales, pledges, and lots said to be somebody's.
//!
//! Missing papers accuse nobody: whoever has goods that another made may have bought them on paper. A title is
//! passed wrongly where records say whose it is and nothing held leads from there to the one who passes it.

use super::holding::{Holder, Holding, Why, end};
use super::owners::{Owners, Refused, Unbacked};
use super::rights::Rights;
use super::transfers::{Transfer, Transfers};
use crate::custody::graph::{Consumer, Graph};
use crate::custody::names::{self, found};
use crate::hash::PartyId;
use crate::model::dealings::Title;
use crate::model::event::Titled;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// Returns what is wrong with sales, pledges, receipts and stated owners, transfer by transfer.
pub(super) fn findings(transfers: &Transfers<'_>, owners: &Owners<'_>, rights: &Rights) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in transfers.standing().filter(|one| one.title.title != Title::Release) {
        for titled in one.titled() {
            findings.extend(of_lot(transfers.graph, &one, titled));
        }
        if one.title.title == Title::Receipt {
            findings.extend(one.titled().iter().filter_map(|titled| issued(transfers.graph, &one, titled)));
        }
    }
    findings.extend(owners.refused.iter().filter_map(|refused| passed(transfers, owners, rights, refused)));
    findings.extend(owners.unbacked.iter().filter_map(|one| stated(transfers.graph, one)));
    findings
}

/// Looks at whether the lot is there and large enough.
fn of_lot(graph: &Graph, one: &Transfer<'_>, titled: &Titled) -> Option<Finding> {
    let what = names::record(graph, one.record);
    let Some(creator) = graph.creator(&titled.lot) else {
        let message =
            format!("{what} is over lot {}, whose record is not held", names::lot(graph, &titled.lot));
        let resolve = "import the records of that lot from the party that holds it";
        return Some(finding(Weight::Unknown, &[one.record], &titled.lot, message, resolve));
    };
    let Some(lot) = graph.lot(&titled.lot) else {
        let outputs = names::count(creator.event.body.outputs().len(), "output");
        let message = format!(
            "{what} is over output {} of {}, which has {outputs}",
            titled.lot.index,
            names::record(graph, creator)
        );
        let resolve = "withdraw the record and name an output that exists";
        let records = [one.record, creator];
        return Some(found(
            FindingCode::NoSuchOutput,
            Weight::Fail,
            &records,
            &[titled.lot],
            message,
            resolve,
        ));
    };
    let mass = lot.mass()?;
    let from = titled.from.unwrap_or(Mass::ZERO);
    if end(from, titled.mass) <= u128::from(mass.mg()) {
        return None;
    }
    let stretch = match titled.from {
        Some(from) => format!("{from} to {}", names::mass(end(from, titled.mass))),
        None => titled.mass.to_string(),
    };
    let message =
        format!("{what} is over {stretch} of lot {}, which holds {mass}", names::lot(graph, &titled.lot));
    let resolve = "withdraw the record and name no more than the lot holds";
    let mut finding =
        found(FindingCode::BeyondLot, Weight::Fail, &[one.record, creator], &[titled.lot], message, resolve);
    finding.parties = vec![one.record.author];
    Some(finding)
}

/// Looks at whether a receipt is issued by the one who has the goods, and for goods it still had.
fn issued(graph: &Graph, one: &Transfer<'_>, titled: &Titled) -> Option<Finding> {
    let creator = graph.creator(&titled.lot)?;
    let mass = graph.lot(&titled.lot)?.mass();
    let author = one.record.author;
    let what = names::record(graph, one.record);
    let name = names::lot(graph, &titled.lot);
    if creator.author != author {
        let (weight, who) = match graph.rightful_consumer(&titled.lot) {
            Consumer::Party(party) if party == author => return None,
            Consumer::Party(party) => (Weight::Fail, format!("which {} holds", names::party(graph, &party))),
            Consumer::Nobody => (Weight::Fail, "which went to no party of the ledger".to_owned()),
            Consumer::Withheld => (Weight::Withheld, "whose receiver is withheld".to_owned()),
            Consumer::Unknown => return None,
        };
        let message = format!("{what} is a receipt for lot {name}, {who}");
        let resolve = "only the custodian of goods gives a receipt for them";
        return Some(finding(weight, &[one.record, creator], &titled.lot, message, resolve));
    }
    let before = |record: &&Record| {
        record.author == author && (record.epoch, record.seq) < (one.record.epoch, one.record.seq)
    };
    let uses = graph.uses(&titled.lot).iter().filter_map(|one| Some((one, graph.record(&one.record)?)));
    let gone = uses
        .filter(|(_, record)| before(record) && !crate::custody::withdrawal::frees_stretches(graph, record))
        .map(|(one, _)| u128::from(one.mass.mg()))
        .sum::<u128>();
    let left = u128::from(mass?.mg()).saturating_sub(gone);
    if gone == 0 || u128::from(titled.mass.mg()) <= left {
        return None;
    }
    let message = format!(
        "{what} is a receipt for {} of lot {name}, of which its author had used or sent on all but {}",
        titled.mass,
        names::mass(left)
    );
    let resolve = "withdraw the receipt; what is no longer there cannot be delivered against it";
    Some(finding(Weight::Fail, &[one.record, creator], &titled.lot, message, resolve))
}

/// Looks at a sale or pledge that its author could not make of what it held.
fn passed(
    transfers: &Transfers<'_>,
    owners: &Owners<'_>,
    rights: &Rights,
    refused: &Refused,
) -> Option<Finding> {
    let graph = transfers.graph;
    let one = transfers.get(&refused.record)?;
    let creator = graph.creator(&refused.lot)?;
    let holding = owners.holding(&refused.lot)?;
    let author = one.record.author;
    let mut records = vec![one.record, creator];
    records.extend(holding.pieces.iter().filter_map(|piece| match piece.why {
        Why::Passed(by) => graph.record(&by),
        _ => None,
    }));
    let whose = whose(graph, &holding, &author);
    let word = if one.title.title == Title::Sale { "sells" } else { "pledges" };
    let what = names::record(graph, one.record);
    let name = names::lot(graph, &refused.lot);
    let (weight, why, resolve) =
        weigh(transfers, &one, &holding, creator, rights.had_receipt(transfers, &author, &refused.lot));
    let mut message = format!("{what} {word} of lot {name}, {whose}");
    if let Some(why) = why {
        message = format!("{message}; {why}");
    }
    let mut finding = finding(weight, &records, &refused.lot, message, resolve);
    finding.parties = vec![author];
    Some(finding)
}

/// Says whose a lot is, with how much of it the author of a transfer has.
fn whose(graph: &Graph, holding: &Holding, author: &PartyId) -> String {
    if let Some((holder, _)) = holding.only() {
        return match holder {
            Holder::Party(party) if party == author => "of which its author owns less".to_owned(),
            holder => format!("which is owned by {}", holder.words(graph).trim_end_matches(',')),
        };
    }
    let mut parts: Vec<String> = holding
        .pieces
        .iter()
        .map(|piece| format!("{} by {}", piece.mass, piece.holder.words(graph).trim_end_matches(',')))
        .collect();
    parts.dedup();
    parts.truncate(12);
    format!("which is owned in parts: {}", parts.join(", "))
}

/// Weighs a title passed by one who does not hold it, with what keeps it from being a contradiction.
fn weigh(
    transfers: &Transfers<'_>,
    one: &Transfer<'_>,
    holding: &Holding,
    creator: &Record,
    had_receipt: bool,
) -> (Weight, Option<String>, &'static str) {
    const WHOLE: &str = "import the records by which the author came by the title";
    let graph = transfers.graph;
    let author = one.record.author;
    if let Some(target) = one.title.target.filter(|target| graph.record(target).is_none()) {
        let why = format!("it rests on record `{}`, which is not held", target.short());
        return (Weight::Unknown, Some(why), WHOLE);
    }
    for piece in holding.pieces.iter().filter(|piece| piece.holder != Holder::Party(author)) {
        let party = match &piece.holder {
            Holder::Withheld => return (Weight::Withheld, None, "ask for the items `owner` and `to`"),
            Holder::Party(party) => party,
            _ => return (Weight::Unknown, None, WHOLE),
        };
        if transfers.hidden(party) > 0 {
            let why = format!("what {} passed on is withheld in part", names::party(graph, party));
            return (Weight::Withheld, Some(why), "ask for the item `title` of those records");
        }
        // Once it had passed the goods on itself, a title of its own would be its to show.
        let sold_by_author = match piece.why {
            Why::Passed(by) => graph.record(&by).is_some_and(|record| record.author == author),
            _ => false,
        };
        if !sold_by_author && !transfers.is_whole(party) {
            let why = format!("the chain of {} is not held whole", names::party(graph, party));
            return (Weight::Unknown, Some(why), WHOLE);
        }
        // Who has in hand what another made, or a receipt for it, may have bought it on paper: nobody stated an owner.
        if piece.why == Why::Made && (creator.author == author || had_receipt) {
            let why = "no record states its owner, and its author has it in hand or by a receipt".to_owned();
            return (
                Weight::Unknown,
                Some(why),
                "let the owner record the sale, or state the owner of the lot",
            );
        }
    }
    (Weight::Fail, None, "withdraw the record; only the owner can sell or pledge")
}

/// Looks at a lot that is said to be somebody's although records say whose it was.
fn stated(graph: &Graph, one: &Unbacked) -> Option<Finding> {
    let record = graph.creator(&one.lot)?;
    let message = format!(
        "{} states that lot {} is owned by {}; it was owned by {} and no record held passes it on",
        names::record(graph, record),
        names::lot(graph, &one.lot),
        names::party(graph, &one.stated),
        one.before.words(graph).trim_end_matches(',')
    );
    let resolve = "let the owner before record the `transfer_title`, or import it";
    let weight = if one.before == Holder::Withheld { Weight::Withheld } else { Weight::Unknown };
    Some(finding(weight, &[record], &one.lot, message, resolve))
}

pub(super) fn finding(
    weight: Weight,
    records: &[&Record],
    lot: &LotRef,
    message: String,
    resolve: &str,
) -> Finding {
    found(FindingCode::TitleNotHeld, weight, records, &[*lot], message, resolve)
}
