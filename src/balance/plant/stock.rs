//! Stock in process of a circuit on any day: what the last close found, and what may be in it of what was charged since.

use super::super::account::add_charged;
use super::super::content::{Contents, Known};
use super::super::sides::{Source, Sum};
use crate::custody::accounts::Account;
use crate::custody::accounts::state::{self, Counted};
use crate::custody::withdrawal;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::record::Record;

/// Returns the stock before everything that is held: what the first close began with.
pub(super) fn at_first(contents: &Contents<'_>, account: &Account, element: Element) -> Sum {
    let mut sum = Sum::default();
    let graph = contents.graph();
    let used = used(contents, account);
    let Some((close, body)) = account.closed(graph).next() else {
        // What was drawn of a circuit that nobody closed may have been in it before.
        if used.iter().any(|record| matches!(record.event.body, Body::Draw(_))) {
            sum.add_hidden(Known::NotDetermined);
        }
        return sum;
    };
    let first = state::period(close).map(|period| period.first);
    let is_before = |record: &&&Record| last_day(record).zip(first).is_none_or(|(day, first)| day < first);
    match used.iter().any(|record| is_before(&record)) {
        true => sum.add_hidden(Known::NotDetermined),
        false => sum.add_told_stock(contents, Source::Of(close.id, 0), &body.opening, element),
    }
    sum
}

/// Returns the stock at the end of a day, or of everything that is held.
pub(super) fn on(contents: &Contents<'_>, account: &Account, element: Element, day: Option<Day>) -> Sum {
    let graph = contents.graph();
    let by = |last: Option<Day>| day.is_none_or(|day| last.is_some_and(|last| last <= day));
    let is_by = |close: &Record| by(state::period(close).map(|period| period.last));
    let base = account.closed(graph).rfind(|(close, _)| is_by(close));
    let (mut sum, since) = match base {
        Some((close, body)) => {
            let mut sum = Sum::default();
            sum.add_told_stock(contents, Source::Of(close.id, 1), &body.closing, element);
            let is_whole = state::counted_but_missing(graph, body).is_empty() && !body.covers.is_withheld();
            if !is_whole {
                sum.add_hidden(Known::NotHeld);
            }
            (sum, state::period(close).map(|period| period.last))
        }
        None => (at_first(contents, account, element), None),
    };
    let mut is_changed = false;
    for record in used(contents, account) {
        let last = last_day(record);
        if !by(last) && last.is_some() {
            continue;
        }
        let is_counted = || matches!(account.counted(graph, record), Counted::By(_) | Counted::Withheld(_));
        let is_inside = last.zip(since).is_some_and(|(last, since)| last <= since) && is_counted();
        if is_inside {
            continue;
        }
        is_changed = true;
        if matches!(record.event.body, Body::Charge(_)) {
            add_charged(contents, &mut sum, record, element);
        }
    }
    if is_changed { sum.at_most() } else { sum }
}

fn used<'g>(contents: &Contents<'g>, account: &Account) -> Vec<&'g Record> {
    let graph = contents.graph();
    let all = account.charges.iter().chain(&account.draws).map(|at| &graph.records()[*at]);
    all.filter(|record| !withdrawal::frees_stretches(graph, record)).collect()
}

fn last_day(record: &Record) -> Option<Day> {
    state::period(record).map(|period| period.last)
}
