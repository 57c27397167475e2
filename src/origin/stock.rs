//! The stock in process with which a closed period of a circuit began, and what it holds of an element.

use crate::balance::content::{Content, Contents};
use crate::custody::accounts::Account;
use crate::custody::accounts::state::{close_of, period};
use crate::custody::graph::Graph;
use crate::model::element::Element;
use crate::model::event::Stock;
use crate::model::interval::Interval;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// What was in a circuit when a period began.
#[derive(Clone, Copy, Debug)]
pub enum Opening<'g> {
    /// The circuit was empty.
    Empty,
    /// Withheld, or not stated.
    Withheld,
    /// Some stock.
    Stock {
        /// Its mass.
        mass: Interval,
        /// What it holds of the element.
        content: Content,
        /// The close of the period that ended on the day before, if one is held: the stock has its past.
        before: Option<&'g Record>,
    },
}

impl Opening<'_> {
    /// Returns the mass of the element in it; `None` where that is withheld or was not analysed.
    pub fn element(&self) -> Option<Interval> {
        match self {
            Self::Empty => Some(Interval::ZERO),
            Self::Withheld => None,
            Self::Stock { mass, content, .. } => content.is_determined().then(|| mass.times(content.share)),
        }
    }
}

/// Returns the stock with which the period of a close began.
///
/// The close before states the same stock as its own end: whichever of the two was analysed tells what it holds.
pub fn opening<'g>(
    contents: &Contents<'g>,
    account: &Account,
    close: &'g Record,
    element: Element,
) -> Opening<'g> {
    let before = period_before(contents.graph(), account, close);
    let own = close_of(close).map(|close| &close.opening);
    let left = before.and_then(close_of).map(|before| &before.closing);
    let stated: Vec<&'g Option<Stock>> = [own, left].into_iter().flatten().filter_map(Maybe::shown).collect();
    match stated.first() {
        None => return Opening::Withheld,
        Some(None) => return Opening::Empty,
        Some(Some(_)) => {}
    }
    let stocks: Vec<&'g Stock> = stated.into_iter().flatten().collect();
    let Some(first) = stocks.first() else { return Opening::Empty };
    let content = |stock: &Stock| contents.of_lines(None, &stock.composition, element);
    let analysed = stocks.iter().map(|stock| content(stock)).find(Content::is_determined);
    Opening::Stock {
        mass: Interval::weighed(first.quantity.mass, first.quantity.uncertainty),
        content: analysed.unwrap_or_else(|| content(first)),
        before,
    }
}

/// Returns the close of the period that ended on the day before this one began.
pub fn period_before<'g>(graph: &'g Graph, account: &Account, close: &Record) -> Option<&'g Record> {
    let first = period(close)?.first;
    let ends_before = |one: &&Record| period(one).is_some_and(|before| before.last.plus_days(1) == first);
    account.closed(graph).map(|(before, _)| before).find(ends_before)
}
