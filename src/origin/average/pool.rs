//! The pool of one period of a circuit: its stock at the beginning and everything charged, all in one mix.

use std::collections::{HashMap, HashSet};

use super::flow::{self, Place};
use super::given::Given;
use super::{Passed, Source, Why};
use crate::balance::content::Contents;
use crate::custody::accounts::Account;
use crate::custody::accounts::state::{self, Counted};
use crate::custody::graph::{self, Graph};
use crate::custody::withdrawal;
use crate::hash::RecordId;
use crate::model::dealings::CircuitMethod;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::origin::stock::{Opening, opening};

/// What is known of the pools met so far.
#[derive(Default)]
pub(super) struct Pools {
    /// Charges of each period by the position of its close.
    charges: HashMap<usize, Vec<usize>>,
    /// Closes whose circuit has been looked through.
    sorted: HashSet<RecordId>,
}

/// What is in a pool.
pub(super) struct Pool<'g> {
    pub(super) given: Vec<Given<'g>>,
    /// Why no average can be formed, if none can.
    pub(super) untold: Option<Why>,
    pub(super) passed: Passed,
    /// Whether a charge was counted in that the close does not count.
    pub(super) uncounted: bool,
}

/// Returns the pool that a draw was taken from, or why there is none yet.
pub(super) fn of_draw(graph: &Graph, draw: usize) -> Place {
    let record = &graph.records()[draw];
    let untold = |why| Place::Source(Source::Untold(record.id, why));
    let Some(account) = graph.accounts().of(draw) else { return untold(Why::Withheld) };
    match account.counted(graph, record) {
        Counted::By(close) => graph.position(&close.id).map_or(untold(Why::NotCounted), Place::Pool),
        Counted::Withheld(_) | Counted::LeftOut(_) => untold(Why::NotCounted),
        Counted::Open => untold(Why::PeriodOpen),
    }
}

impl Pools {
    /// Returns what is in the pool of the period that the record at `close` closes.
    pub(super) fn open<'g>(
        &mut self,
        contents: &Contents<'g>,
        close: usize,
        element: Element,
    ) -> Option<Pool<'g>> {
        let graph = contents.graph();
        let record = &graph.records()[close];
        let account = graph.accounts().of(close)?;
        self.sort(graph, account);
        let is_declared = state::period(record).is_some_and(|period| account.is_declared_before(period));
        let method = account.declared.as_ref().filter(|_| is_declared).map(|circuit| circuit.method);
        let (facility, circuit) = (account.facility, account.circuit.clone());
        let passed = Passed { close: record.id, facility, circuit, method };
        let mut pool = Pool { given: Vec::new(), untold: None, passed, uncounted: false };
        let heel = opening(contents, account, record, element);
        if method == Some(CircuitMethod::Campaign) && !matches!(heel, Opening::Empty) {
            // One feed drives out the other: each draw has a share of its own.
            pool.untold = Some(Why::Sequential);
            return Some(pool);
        }
        pool.begin_with(contents, account, record, element);
        for charge in self.charges.get(&close).into_iter().flatten() {
            pool.add(contents, close, &graph.records()[*charge], element);
        }
        Some(pool)
    }

    /// Sorts the charges of a circuit into its periods.
    fn sort(&mut self, graph: &Graph, account: &Account) {
        let Some((first, _)) = account.closed(graph).next() else { return };
        if !self.sorted.insert(first.id) {
            return;
        }
        for charge in &account.charges {
            let record = &graph.records()[*charge];
            if withdrawal::frees_stretches(graph, record) {
                continue;
            }
            // What was charged on a day of the period is in the pool, whether its close counts it or not.
            if let Counted::By(close) | Counted::LeftOut(close) = account.counted(graph, record)
                && let Some(close) = graph.position(&close.id)
            {
                self.charges.entry(close).or_default().push(*charge);
            }
        }
    }
}

impl<'g> Pool<'g> {
    /// Puts in the stock at the beginning, with the mix of the period that ended on the day before.
    fn begin_with(
        &mut self,
        contents: &Contents<'g>,
        account: &Account,
        record: &'g Record,
        element: Element,
    ) {
        match opening(contents, account, record, element) {
            Opening::Empty => {}
            Opening::Withheld => self.untold = Some(Why::Withheld),
            Opening::Stock { mass, content, before } => {
                let place = match before.and_then(|before| contents.graph().position(&before.id)) {
                    Some(before) => Place::Pool(before),
                    None => Place::Source(Source::Stock(record.id)),
                };
                self.given.push(Given { place, material: None, content, mass });
            }
        }
    }

    fn add(&mut self, contents: &Contents<'g>, close: usize, record: &'g Record, element: Element) {
        let graph = contents.graph();
        let Body::Charge(charge) = &record.event.body else { return };
        let account = graph.accounts().of(close);
        let counted = account.map(|account| account.counted(graph, record));
        self.uncounted |= matches!(counted, Some(Counted::LeftOut(_)));
        if graph::withheld_inputs(record).is_some() || matches!(charge.additions, MaybeList::Withheld(1..)) {
            self.untold = Some(Why::Withheld);
            return;
        }
        for input in graph::inputs(record) {
            // What the pool itself gave has its mix and changes nothing.
            if drawn_from(graph, &input.lot) != Some(Place::Pool(close)) {
                let place = flow::place_of(graph, &input.lot);
                self.given.push(Given::input(contents, place, input, element));
            }
        }
        for addition in charge.additions.shown().unwrap_or_default() {
            let place = Place::Source(Source::Addition(record.id));
            self.given.push(Given::addition(contents, place, addition, element));
        }
    }
}

/// Returns the pool that a lot was drawn from, if nothing but handovers happened since.
fn drawn_from(graph: &Graph, lot: &LotRef) -> Option<Place> {
    let mut at = *lot;
    // A ring of handovers, which only a correction can make, would not end.
    for _ in 0..=graph.records().len() {
        let record = graph.creator(&at)?;
        match &record.event.body {
            body if body.is_pairwise() => at = graph::inputs(record).get(at.index as usize)?.lot,
            Body::Draw(_) => return Some(of_draw(graph, graph.position(&record.id)?)),
            _ => return None,
        }
    }
    None
}
