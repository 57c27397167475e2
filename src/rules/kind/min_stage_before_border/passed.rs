//! One row of a table and everything behind a lot: what was mined in the country, what has come as far as it asks,
//! and what left against it. One pass over the records behind the lot, sources first.

use std::collections::{HashMap, HashSet};

use super::leaving::Leavings;
use super::weigh::{Weighed, weigh};
use super::{Query, is_stage_reached};
use crate::custody::touch::{Grade, TouchPlace};
use crate::custody::{assay, graph, place};
use crate::hash::RecordId;
use crate::model::event::{Body, DeclaredTouch};
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Carries;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// How surely something is so of a lot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sure {
    No,
    Maybe,
    Yes,
}

/// What is so of a lot, by one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct State {
    /// Some of it was mined in the country.
    pub(super) mined: Sure,
    /// All of it came as far there as the row asks.
    pub(super) done: Sure,
    /// Some of it left against the row.
    pub(super) broke: Sure,
}

/// What is so of a lot of which nothing is told.
const OPEN: State = State { mined: Sure::Maybe, done: Sure::Maybe, broke: Sure::Maybe };

/// An input, and whether it surely brings what the row is about.
#[derive(Clone, Copy)]
struct Brought {
    state: State,
    sure: bool,
}

/// The pass of one row.
pub(super) struct Pass<'q, 'f, 'g> {
    query: &'q Query<'f, 'g>,
    leavings: &'q Leavings<'g>,
    states: HashMap<LotRef, State>,
    /// What was charged so far, by facility and circuit.
    accounts: HashMap<(RecordId, String), State>,
    /// What was found, in the order found.
    pub(super) found: Vec<Weighed>,
}

impl<'q, 'f, 'g> Pass<'q, 'f, 'g> {
    /// Goes over everything behind the lot; returns what was found, and how surely the lot is of what left against the row.
    pub(super) fn run(query: &'q Query<'f, 'g>, leavings: &'q Leavings<'g>) -> (Vec<Weighed>, Sure) {
        let mut pass =
            Self { query, leavings, states: HashMap::new(), accounts: HashMap::new(), found: Vec::new() };
        let facts = query.facts;
        let lots: HashSet<LotRef> = facts.ancestry().lots.iter().copied().collect();
        for record in facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id)) {
            pass.add(record, &lots);
        }
        let mut state = pass.states.get(&facts.lot).copied().unwrap_or(OPEN);
        for at in &leavings.last {
            pass.leave(*at, &mut state);
        }
        (pass.found, state.broke)
    }

    /// Goes over everything that is held, and returns what is so of each lot; nothing is held against the row.
    pub(super) fn everywhere(query: &'q Query<'f, 'g>, none: &'q Leavings<'g>) -> HashMap<LotRef, State> {
        let mut pass = Self {
            query,
            leavings: none,
            states: HashMap::new(),
            accounts: HashMap::new(),
            found: Vec::new(),
        };
        for record in query.facts.graph.records() {
            let lots: HashSet<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
            pass.add(record, &lots);
        }
        pass.states
    }

    fn add(&mut self, record: &'g Record, lots: &HashSet<LotRef>) {
        if let Body::Charge(_) = record.event.body {
            let brought: Vec<Brought> =
                (0..graph::inputs(record).len()).filter_map(|at| self.brought(record, at)).collect();
            let Some(account) = account_of(record) else { return };
            for one in brought {
                let known = self.accounts.entry(account.clone()).or_insert(one.state);
                *known = merged(&[Brought { state: *known, sure: true }, one], false);
            }
            return;
        }
        let mut shared: Option<State> = None;
        for (lot, _) in graph::outputs(record).filter(|(lot, _)| lots.contains(lot)) {
            let apart = record.event.body.is_pairwise()
                || matches!(record.event.body, Body::Assemble(_) | Body::Disassemble(_));
            let inherited = match shared.filter(|_| !apart) {
                Some(known) => known,
                None => self.inherited(record, lot),
            };
            shared = Some(inherited);
            let mut state = self.worked(record, lot, inherited);
            for at in self.leavings.before_entry(&lot) {
                self.leave(*at, &mut state);
            }
            self.states.insert(lot, state);
        }
    }

    /// Returns what an output has from what went into it.
    fn inherited(&mut self, record: &'g Record, lot: LotRef) -> State {
        let graph = self.query.facts.graph;
        match &record.event.body {
            Body::Extract(_) | Body::Collect(_) | Body::Intake(_) | Body::OpeningStock(_) => {
                return State { mined: Sure::No, done: Sure::No, broke: Sure::No };
            }
            Body::Draw(_) => {
                // Stock from before may be among it, so nothing that was charged is sure.
                let known = account_of(record).and_then(|account| self.accounts.get(&account)).copied();
                let open = |sure: Sure| if sure == Sure::Yes { Sure::Maybe } else { sure };
                return known.map_or(OPEN, |known| State {
                    mined: open(known.mined),
                    done: open(known.done),
                    broke: open(known.broke),
                });
            }
            _ => {}
        }
        if graph::withheld_inputs(record).is_some() {
            return OPEN;
        }
        let recovered = graph.recovered(&lot);
        let brought: Vec<Brought> = match recovered.is_empty() {
            true => graph
                .inputs_of(&lot)
                .collect::<Vec<usize>>()
                .into_iter()
                .filter_map(|at| self.brought(record, at))
                .collect(),
            false => {
                let parts = recovered.iter().map(|one| self.states.get(&one.part).copied().unwrap_or(OPEN));
                parts.map(|state| Brought { state, sure: true }).collect()
            }
        };
        let is_pool = matches!(&record.event.body, Body::Assemble(_) | Body::Charge(_))
            || matches!(&record.event.body, Body::Transform(t) if t.mixing == Mixing::Homogenised)
            || matches!(&record.event.body, Body::Repack(r) if r.mixing == Mixing::Homogenised);
        if brought.is_empty() { OPEN } else { merged(&brought, is_pool) }
    }

    /// Returns what an input brings, after what happened to it on its way; `None` where it cannot bring what the row is about.
    fn brought(&mut self, record: &'g Record, at: usize) -> Option<Brought> {
        let input = &graph::inputs(record)[at];
        let carries = self.query.carries(&input.lot);
        if carries == Carries::No {
            return None;
        }
        let mut state = self.states.get(&input.lot).copied().unwrap_or(OPEN);
        for at in self.leavings.before_use(record.id, input.lot) {
            self.leave(*at, &mut state);
        }
        Some(Brought { state, sure: carries == Carries::Yes && input.mass > Mass::ZERO })
    }

    /// Weighs something that left, and notes whether it was against the row.
    fn leave(&mut self, at: usize, state: &mut State) {
        let Some(weighed) = weigh(self.query, &self.leavings.all[at], state) else { return };
        if weighed.is_broken() {
            state.broke = Sure::Yes;
        }
        self.found.push(weighed);
    }

    /// Returns what an output is after what its record, or its papers, say was done.
    fn worked(&self, record: &Record, lot: LotRef, mut state: State) -> State {
        let graph = self.query.facts.graph;
        let row = self.query.row;
        let (mut mined, mut done) = (Sure::No, Sure::No);
        if let Some(at) = record.event.body.at().filter(|_| !record.event.body.steps().is_empty()) {
            let is_there = match place::of_work(graph, record, at) {
                (TouchPlace::At { place, .. }, _) if place.country != row.country => Sure::No,
                (TouchPlace::At { .. }, grade) if grade != Grade::Unknown => Sure::Yes,
                _ => Sure::Maybe,
            };
            let steps = record.event.body.steps();
            if steps.iter().any(|step| step.stage == Stage::P10) {
                mined = is_there;
            }
            if row.min_stage.is_some_and(|least| steps.iter().any(|step| is_stage_reached(step.stage, least)))
            {
                done = is_there;
            }
        }
        if let Body::Intake(_) | Body::OpeningStock(_) = record.event.body {
            let of_lot = |touch: &&DeclaredTouch| touch.output == lot.index && self.query.is_about(touch);
            let touches: Vec<&DeclaredTouch> =
                record.event.body.declared_touches().iter().filter(of_lot).collect();
            let entry = |stage: Stage| touches.iter().any(move |touch| touch.step.stage == stage);
            let there = touches.iter().filter(|touch| touch.place.country == row.country);
            let mined_there = there.clone().any(|touch| touch.step.stage == Stage::P10);
            mined = match (mined_there, entry(Stage::P10) || entry(Stage::R10)) {
                (true, _) => Sure::Yes,
                (false, true) => Sure::No,
                (false, false) => Sure::Maybe,
            };
            // Papers may leave stages out; what is said without a paper is not enough to rely on.
            let reached = |touch: &&&DeclaredTouch| {
                row.min_stage.is_some_and(|least| is_stage_reached(touch.step.stage, least))
            };
            done = match there.filter(reached).any(|touch| touch.document.is_some()) {
                true => Sure::Yes,
                false => Sure::Maybe,
            };
        }
        state.mined = state.mined.max(mined);
        state.done = state.done.max(done);
        state
    }
}

/// Returns what comes of several inputs: of a pool, what surely is in one of them surely is in what comes out.
fn merged(brought: &[Brought], is_pool: bool) -> State {
    let all = |of: fn(&State) -> Sure| {
        let least = brought.iter().map(|one| of(&one.state)).min().unwrap_or(Sure::Maybe);
        let most = brought.iter().map(|one| of(&one.state)).max().unwrap_or(Sure::Maybe);
        if least == most { least } else { Sure::Maybe }
    };
    let some = |of: fn(&State) -> Sure| match is_pool
        && brought.iter().any(|one| one.sure && of(&one.state) == Sure::Yes)
    {
        true => Sure::Yes,
        false => all(of),
    };
    State {
        mined: some(|state| state.mined),
        done: all(|state| state.done),
        broke: some(|state| state.broke),
    }
}

fn account_of(record: &Record) -> Option<(RecordId, String)> {
    let (at, circuit) = crate::custody::accounts::circuit_of(&record.event.body)?;
    at.facility.shown().map(|facility| (*facility, circuit.to_owned()))
}

impl Query<'_, '_> {
    /// Returns whether a lot holds one of the elements of the row; yes where the row names none.
    pub(super) fn carries(&self, lot: &LotRef) -> Carries {
        let Some(value) = self.facts.graph.lot(lot) else { return Carries::Possible };
        let mut found = if self.row.elements.is_empty() { Carries::Yes } else { Carries::No };
        for element in &self.row.elements {
            match assay::carries(self.facts.graph, lot, value, *element) {
                Carries::Yes => return Carries::Yes,
                Carries::Possible => found = Carries::Possible,
                Carries::No => {}
            }
        }
        found
    }

    /// Whether a step on papers is about an element of the row.
    pub(super) fn is_about(&self, touch: &DeclaredTouch) -> bool {
        self.row.elements.is_empty() || self.row.elements.iter().any(|one| touch.elements.contains(*one))
    }
}
