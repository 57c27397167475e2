//! What had left a country by the time a lot left, against the quota of the row and against amounts on papers.
//!
//! Only what one sender let out by itself contradicts a quota: where several together went beyond it, which of them
//! had more than its part is not known.

use super::Query;
use super::exports::{self, Gone, Within};
use super::leaving::{How, Leaving};
use super::permit::{self, Held};
use super::weigh::Weighed;
use crate::custody::names;
use crate::model::evidence::DocumentKind;
use crate::model::interval::Interval;
use crate::model::mass::Mass;
use crate::model::verdict::Verdict;
use crate::rules::judge;
use crate::rules::verdict::ReasonCode;
use crate::trust::{AcceptedDocument, LimitEntry, LimitOf};

/// An amount on a paper that the reader has checked.
type Amount<'f> = (&'f AcceptedDocument, LimitEntry);

/// Adds what the quota of the row says.
pub(super) fn of_row(query: &Query<'_, '_>, one: &Leaving<'_>, most: Mass, weighed: &mut Weighed) {
    let (row, graph) = (query.row, query.facts.graph);
    if is_passing(one) {
        return;
    }
    let of = |sender| Within {
        sender,
        facility: None,
        materials: &[],
        first: row.first(),
        from: row.from,
        to: row.to,
        per: None,
    };
    let sums = |sender| exports::up_to(query, one, &[of(sender)], |_| false);
    let days = |day: Option<crate::model::day::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let quota = format!("the quota of {} for {}..{} is {most}", row.country, days(row.first()), days(row.to));
    let (Some(own), Some(all)) = (sums(Some(one.sender)), sums(None)) else {
        return not_held(query, one, &quota, weighed);
    };
    let by = |gone: &Gone| match gone.senders.len() {
        1 => names::party(graph, &one.sender),
        several => format!("{several} exporters together"),
    };
    let told = |gone: &Gone| format!("by then {} had let out {}; {quota}", by(gone), gone.mass);
    let limit = Interval::exact(most);
    if own.mass.exceeds(limit) {
        let resolve = "no record can; the state would have to allow more";
        add(query, one, (ReasonCode::AboveLimit, Verdict::Fail), told(&own), &own, resolve, weighed);
    } else if own.mass.high > limit.high {
        open(query, one, told(&own), &own, weighed);
    } else if all.mass.high > limit.high {
        let text = format!("{}, and which of them had more than its part is not known", told(&all));
        open(query, one, text, &all, weighed);
    } else {
        weighed.notes.push(format!(
            "{}: {}; only exporters whose records are held are counted",
            one.say(graph),
            told(&all)
        ));
    }
}

/// Adds what amounts on the papers of some kinds say, of which one is good.
pub(super) fn of_papers(
    query: &Query<'_, '_>,
    one: &Leaving<'_>,
    kinds: &[DocumentKind],
    weighed: &mut Weighed,
) {
    if is_passing(one) {
        return;
    }
    let graph = query.facts.graph;
    let good: Vec<Option<&AcceptedDocument>> = permit::about(query, one, kinds)
        .into_iter()
        .filter_map(|(held, accepted)| matches!(held, Held::Good(_)).then_some(accepted))
        .collect();
    let amount =
        |accepted: &AcceptedDocument| accepted.entry.limit.filter(|limit| limit.of == LimitOf::Export);
    let mut amounts: Vec<Amount<'_>> = Vec::new();
    for accepted in good.iter().flatten() {
        if let Some(limit) = amount(accepted).filter(|_| !is_among(&amounts, accepted)) {
            amounts.push((accepted, limit));
        }
    }
    let is_capped = query.row.capped.iter().any(|kind| kinds.contains(kind));
    if amounts.is_empty() {
        if is_capped {
            let text = format!("how much may leave under {} is not told", permit::words(kinds));
            let resolve = "read the amount on the paper, and list it with the paper in the trust file";
            let key = (ReasonCode::AmountOpen, Verdict::Unknown);
            weighed.reasons.push(query.reason(one, key, text, resolve));
        }
        return;
    }
    let has_no_amount = |accepted: &Option<&AcceptedDocument>| accepted.and_then(amount).is_none();
    if !is_capped && good.iter().any(has_no_amount) {
        return;
    }
    let sum: Mass = Mass::from_mg(amounts.iter().map(|(_, limit)| limit.mass.mg()).sum());
    let papers: Vec<String> = amounts.iter().map(|(accepted, _)| accepted.describe()).collect();
    let may = format!("{sum} may leave under {}", papers.join(" and "));
    let within: Vec<Within<'_>> = amounts.iter().map(|amount| under(one, amount)).collect();
    // What another paper covered takes nothing from these.
    let is_elsewhere = |other: &Leaving<'_>| {
        let all = permit::about(query, other, kinds);
        let mut standing = all.iter().filter(|(held, _)| !matches!(held, Held::Invalid(_)));
        standing.any(|(_, accepted)| accepted.is_none_or(|accepted| !is_among(&amounts, accepted)))
    };
    let Some(gone) = exports::up_to(query, one, &within, is_elsewhere) else {
        return not_held(query, one, &may, weighed);
    };
    let told = format!("by then {} had let out {}; {may}", names::party(graph, &one.sender), gone.mass);
    if gone.mass.exceeds(Interval::exact(sum)) {
        let resolve = "no record can; look for a further permit";
        add(query, one, (ReasonCode::AboveLimit, Verdict::Fail), told, &gone, resolve, weighed);
        return;
    }
    if !judge::is_whole(graph, &one.sender) {
        let name = names::party(graph, &one.sender);
        let text = format!("{may}, and what else left needs the whole chain of {name}");
        let resolve = format!("import the whole chain of {name}");
        let key = (ReasonCode::WholeChainNeeded, Verdict::Unknown);
        weighed.reasons.push(query.reason(one, key, text, &resolve));
        return;
    }
    let fits = amounts.iter().zip(&within).any(|((_, limit), within)| {
        let gone = exports::up_to(query, one, &[*within], |_| false);
        gone.is_some_and(|gone| gone.mass.high <= Interval::exact(limit.mass).high)
    });
    match fits {
        true => weighed.notes.push(format!("{}: {told}", one.say(graph))),
        false => open(query, one, told, &gone, weighed),
    }
}

/// Whether goods only stopped in the country, and were not let out by who sent them.
fn is_passing(one: &Leaving<'_>) -> bool {
    one.how != How::Papers && one.facility.is_none() && one.from.is_some()
}

fn is_among(amounts: &[Amount<'_>], accepted: &AcceptedDocument) -> bool {
    amounts.iter().any(|(known, _)| std::ptr::eq(*known, accepted))
}

/// Returns what counts to an amount: what the sender let out under that paper.
fn under<'f>(one: &Leaving<'_>, (accepted, limit): &Amount<'f>) -> Within<'f> {
    let valid = accepted.entry.valid;
    Within {
        sender: Some(one.sender),
        facility: accepted.entry.facility,
        materials: &accepted.entry.materials,
        first: valid.map(|valid| valid.first),
        from: valid.map(|valid| valid.first),
        to: valid.map(|valid| valid.last),
        per: Some(limit.per),
    }
}

fn not_held(query: &Query<'_, '_>, one: &Leaving<'_>, most: &str, weighed: &mut Weighed) {
    let text = format!("{most}, and what else its exporter let out is not held");
    let resolve = "import the whole chain of the exporter";
    weighed.reasons.push(query.reason(one, (ReasonCode::AmountOpen, Verdict::Unknown), text, resolve));
}

fn open(query: &Query<'_, '_>, one: &Leaving<'_>, text: String, gone: &Gone, weighed: &mut Weighed) {
    let verdict = if gone.is_kept_back { Verdict::Withheld } else { Verdict::Unknown };
    let resolve = "record the export declarations, which tell the days, and have the goods analysed";
    add(query, one, (ReasonCode::AmountOpen, verdict), text, gone, resolve, weighed);
}

fn add(
    query: &Query<'_, '_>,
    one: &Leaving<'_>,
    key: (ReasonCode, Verdict),
    text: String,
    gone: &Gone,
    resolve: &str,
    weighed: &mut Weighed,
) {
    let mut reason = query.reason(one, key, text, resolve);
    let more = gone.records.iter().filter(|id| !reason.records.contains(id)).copied().collect::<Vec<_>>();
    reason.records.extend(more);
    weighed.reasons.push(reason);
}
