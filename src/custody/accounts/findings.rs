//! What accounts leave open or contradict: periods not closed, charges left out, stock that jumps, shares of nobody.
//!
//! Total mass is not judged: no chemistry conserves it. Spec: docs/custody.md, "Circuits".

use super::state::{Counted, close_of, counted_but_missing, period};
use super::{Account, circuit_of};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::{stock, withdrawal};
use crate::model::event::{Body, ClosePeriod, Stock};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns what every account leaves open or contradicts, account by account.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for account in graph.accounts().list() {
        let held = |at: &usize| &graph.records()[*at];
        for draw in account.draws.iter().map(held).filter(|draw| graph.withdrawn(&draw.id).is_none()) {
            undeclared(graph, account, draw, &mut findings);
            counted(graph, account, draw, &mut findings);
        }
        for (close, body) in account.closed(graph) {
            covered(graph, account, close, body, &mut findings);
            previous(graph, account, close, body, &mut findings);
        }
        overlaps(graph, account, &mut findings);
        late_charges(graph, account, &mut findings);
        super::owners::findings(graph, account, &mut findings);
    }
    findings
}

/// Returns the lots of a draw.
pub(super) fn drawn(draw: &Record) -> Vec<LotRef> {
    graph::outputs(draw).map(|(lot, _)| lot).collect()
}

/// Returns the lots of the draws that a close counts, as far as they are held.
fn counted_lots(graph: &Graph, close: &ClosePeriod) -> Vec<LotRef> {
    let covers = close.covers.shown().unwrap_or_default();
    covers.iter().filter_map(|id| graph.record(id)).flat_map(drawn).collect()
}

fn when(record: &Record) -> String {
    period(record).map_or_else(|| "a period that is withheld".to_owned(), ToString::to_string)
}

fn undeclared(graph: &Graph, account: &Account, draw: &Record, findings: &mut Vec<Finding>) {
    let Some(period) = period(draw) else { return };
    let Some(facility) = graph.record(&account.facility) else { return };
    if account.is_declared_before(period) {
        return;
    }
    let why = match (&account.declared, account.declared_on) {
        (Some(_), Some(day)) => format!("was declared on {day} (claimed), after the draw of {period} began"),
        _ => "is not declared by its facility".to_owned(),
    };
    findings.push(found(
        FindingCode::CircuitUndeclared,
        Weight::Unknown,
        &[draw, facility],
        &drawn(draw),
        format!(
            "{} is from circuit `{}`, which {why}; how long a charge stays in it is not known beforehand",
            names::record(graph, draw),
            account.circuit
        ),
        "declare circuits with their window before the first period",
    ));
}

fn counted(graph: &Graph, account: &Account, draw: &Record, findings: &mut Vec<Finding>) {
    let what = names::record(graph, draw);
    let circuit = &account.circuit;
    let lots = drawn(draw);
    let state = account.counted(graph, draw);
    let shipped = shipped(graph, draw);
    match state {
        Counted::Open => findings.push(found(
            FindingCode::ProvisionalDraw,
            Weight::Unknown,
            &[draw],
            &lots,
            format!("{what} is provisional: no close of circuit `{circuit}` for {} is held", when(draw)),
            "the close of the period, with what was measured to be in process",
        )),
        Counted::Withheld(close) => findings.push(found(
            FindingCode::CloseWithheld,
            Weight::Withheld,
            &[draw, close],
            &lots,
            format!("{} withholds which charges and draws it counts", names::record(graph, close)),
            "ask the operator to show the item `covers`",
        )),
        Counted::LeftOut(close) => {
            let closed = names::record(graph, close);
            let (code, weight, left) = match shipped {
                Some(_) => (FindingCode::CloseContradicts, Weight::Fail, "was shipped and is"),
                None => (FindingCode::NotCounted, Weight::Unknown, "is"),
            };
            findings.push(found(
                code,
                weight,
                &[draw, close],
                &lots,
                format!(
                    "{what} {left} not counted by {closed}, which closes `{circuit}` for {}",
                    when(close)
                ),
                "the operator withdraws that close and closes the period again",
            ));
        }
        Counted::By(close) => {
            if let Some(by) = account.hidden_by(graph, draw, close) {
                let mut finding = found(
                    FindingCode::HiddenCharges,
                    Weight::Unknown,
                    &[draw, close],
                    &lots,
                    format!(
                        "needs the whole chain of {}: records before {} are not held, and may charge `{circuit}`",
                        names::party(graph, &by),
                        names::record(graph, close)
                    ),
                    "import the whole chain of that party",
                );
                finding.parties = vec![by];
                findings.push(finding);
            }
        }
    }
    let before_close = |sent: &&Record| match state {
        Counted::By(close) => sent.author == close.author && sent.seq < close.seq,
        Counted::Open => true,
        Counted::Withheld(_) | Counted::LeftOut(_) => false,
    };
    if let Some(sent) = shipped.filter(before_close) {
        findings.push(found(
            FindingCode::ShippedBeforeClose,
            Weight::Note,
            &[draw, sent],
            &lots,
            format!("{what} was shipped by {} before its period was closed", names::record(graph, sent)),
            "nothing needs to be done",
        ));
    }
}

/// Returns the first dispatch of something drawn.
fn shipped<'g>(graph: &'g Graph, draw: &Record) -> Option<&'g Record> {
    let uses = graph::outputs(draw).flat_map(|(lot, _)| graph.uses(&lot));
    let users = uses.filter_map(|one| graph.record(&one.record));
    users.filter(|user| matches!(user.event.body, Body::Dispatch(_))).min_by_key(|user| user.seq)
}

/// Looks at what a close counts: charges and draws of its circuit, within its period, that happened.
fn covered(
    graph: &Graph,
    account: &Account,
    close: &Record,
    body: &ClosePeriod,
    findings: &mut Vec<Finding>,
) {
    let closed = names::record(graph, close);
    let lots = counted_lots(graph, body);
    let named = body.covers.shown().unwrap_or_default();
    for record in named.iter().filter_map(|id| graph.record(id)) {
        let what = names::record(graph, record);
        let is_own = circuit_of(&record.event.body).is_some_and(|(at, circuit)| {
            circuit == account.circuit
                && at.facility.shown().is_none_or(|id| *id == account.facility)
                && close_of(record).is_none()
        });
        let is_outside = || match (period(close), period(record)) {
            (Some(closed), Some(inner)) => !closed.covers(inner),
            _ => false,
        };
        let (code, weight, why) = if !is_own {
            (
                FindingCode::CloseContradicts,
                Weight::Fail,
                format!("which is no charge or draw of circuit `{}`", account.circuit),
            )
        } else if is_outside() {
            let why = format!("which is of {}, not within {}", when(record), when(close));
            (FindingCode::CloseContradicts, Weight::Fail, why)
        } else if graph.withdrawn(&record.id).is_some() {
            (FindingCode::NotCounted, Weight::Unknown, "which is withdrawn".to_owned())
        } else {
            continue;
        };
        let mut about = lots.clone();
        about.extend(drawn(record).into_iter().filter(|lot| !lots.contains(lot)));
        findings.push(found(
            code,
            weight,
            &[close, record],
            &about,
            format!("{closed} counts {what}, {why}"),
            "the operator withdraws that close and closes the period again",
        ));
    }
    let missing = counted_but_missing(graph, body);
    if !missing.is_empty() {
        findings.push(found(
            FindingCode::HiddenCharges,
            Weight::Unknown,
            &[close],
            &lots,
            format!(
                "needs the whole chain of {}: {closed} counts {} not held",
                names::party(graph, &close.author),
                match missing.len() {
                    1 => "1 record that is".to_owned(),
                    count => format!("{count} records that are"),
                }
            ),
            "import the whole chain of that party",
        ));
    }
}

/// Compares the stock that a period began with to what the close before it found.
fn previous(
    graph: &Graph,
    account: &Account,
    close: &Record,
    body: &ClosePeriod,
    findings: &mut Vec<Finding>,
) {
    let closed = names::record(graph, close);
    let lots = counted_lots(graph, body);
    let Some(id) = body.previous else {
        let earlier = account.closed(graph).take_while(|(other, _)| other.id != close.id).last();
        if let Some((earlier, _)) = earlier {
            findings.push(found(
                FindingCode::CloseContradicts,
                Weight::Warning,
                &[close, earlier],
                &lots,
                format!("{closed} names no close before it, but {} is one", names::record(graph, earlier)),
                "the operator closes the period again and names the close before it",
            ));
        }
        return;
    };
    let Some(before) = graph.record(&id) else { return };
    let is_before = account.closed(graph).any(|(one, _)| one.id == id)
        && period(before).is_none_or(|one| period(close).is_none_or(|other| one.last < other.first));
    let Some(earlier) = close_of(before).filter(|_| is_before || graph.withdrawn(&id).is_some()) else {
        findings.push(found(
            FindingCode::CloseContradicts,
            Weight::Fail,
            &[close, before],
            &lots,
            format!(
                "{closed} names {} as the close before it, which closes no earlier period of circuit `{}`",
                names::record(graph, before),
                account.circuit
            ),
            "the operator closes the period again and names the close before it",
        ));
        return;
    };
    let (weight, why) = match (&earlier.closing, &body.opening) {
        (Maybe::Shown(closing), Maybe::Shown(opening)) => {
            let sizes = format!(
                "opens with {}, but {} found {}",
                stated(opening),
                names::record(graph, before),
                stated(closing)
            );
            match stock::apart(closing.as_ref(), opening.as_ref()) {
                Some(false) => return,
                Some(true) => {
                    (Weight::Fail, format!("{sizes}, further apart than the sum of their uncertainties"))
                }
                None => (Weight::Unknown, format!("{sizes}, on another mass basis")),
            }
        }
        _ => (
            Weight::Withheld,
            "cannot be compared with the close before it: a stock in process is withheld".to_owned(),
        ),
    };
    findings.push(found(
        FindingCode::StockStep,
        weight,
        &[close, before],
        &lots,
        format!("{closed} {why}"),
        match weight {
            Weight::Withheld => "ask the operator to show the items `opening` and `closing`",
            _ => "the operator withdraws the close that is wrong and closes the period again",
        },
    ));
}

fn stated(stock: &Option<Stock>) -> String {
    stock.as_ref().map_or_else(|| "nothing".to_owned(), |stock| stock.quantity.mass.to_string())
}

fn overlaps(graph: &Graph, account: &Account, findings: &mut Vec<Finding>) {
    let mut furthest: Option<&Record> = None;
    for (close, body) in account.closed(graph) {
        let Some(own) = period(close) else { continue };
        if let Some(other) =
            furthest.filter(|other| period(other).is_some_and(|other| own.first <= other.last))
        {
            let mut lots = counted_lots(graph, body);
            lots.extend(close_of(other).map(|body| counted_lots(graph, body)).unwrap_or_default());
            findings.push(found(
                FindingCode::CloseContradicts,
                Weight::Fail,
                &[other, close],
                &lots,
                format!(
                    "{} closes circuit `{}` for {own}, and {} for {}",
                    names::record(graph, close),
                    account.circuit,
                    names::record(graph, other),
                    when(other)
                ),
                "the operator withdraws one of the closes",
            ));
        }
        if furthest.and_then(period).is_none_or(|other| other.last < own.last) {
            furthest = Some(close);
        }
    }
}

/// Looks for charges dated into a closed period that its close does not count.
fn late_charges(graph: &Graph, account: &Account, findings: &mut Vec<Finding>) {
    for charge in account.charges.iter().map(|at| &graph.records()[*at]) {
        if withdrawal::frees_stretches(graph, charge) {
            continue;
        }
        let Counted::LeftOut(close) = account.counted(graph, charge) else { continue };
        let Some(body) = close_of(close) else { continue };
        let is_late = (charge.author, charge.epoch) == (close.author, close.epoch) && charge.seq > close.seq;
        findings.push(found(
            FindingCode::NotCounted,
            Weight::Unknown,
            &[charge, close],
            &counted_lots(graph, body),
            format!(
                "{} is dated {} and {}not counted by {}, which closes circuit `{}` for {}",
                names::record(graph, charge),
                when(charge),
                if is_late { "recorded late: it is " } else { "" },
                names::record(graph, close),
                account.circuit,
                when(close)
            ),
            "the operator withdraws that close and closes the period again",
        ));
    }
}

/// Returns whether a record of the account is counted by a close, in a word for screens.
pub fn counted_word(account: &Account, graph: &Graph, record: &Record) -> &'static str {
    match account.counted(graph, record) {
        Counted::By(_) => "counted",
        Counted::Withheld(_) => "withheld",
        Counted::LeftOut(_) => "late",
        Counted::Open => "provisional",
    }
}
