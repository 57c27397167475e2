//! The most of an element that each lot can have been brought by what it was made of, back to the feed.
//!
//! One pass forward carries upper bounds from lot to lot: what a stretch brings is at most what its lot was brought,
//! and at most what the assays of its lot leave room for. What outputs need of it is in `excess`, what it means where
//! more is needed in `fingerprint`.
//! Linear in lots and inputs, and cumulative: a concentrate from which ten campaigns were run brings what it holds once.
//! Spec: docs/balance.md, "Fingerprint".

pub mod excess;

use std::cell::RefCell;
use std::collections::HashMap;

use super::bands::ProfileRow;
use super::content::{self, Contents};
use crate::custody::accounts::state;
use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::element::ElementSet;
use crate::model::event::{Body, Extract};
use crate::model::formula::Formula;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::lot::{Addition, Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;
use crate::model::stage::{Process, Stage, Step};

/// An upper bound that nothing sets.
pub const OPEN: u128 = u128::MAX;

/// What can have been brought into a lot of the elements asked about, in billionths of a milligram.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Brought {
    /// The most, by what it was made of and what the assays of that leave room for.
    pub most: u128,
    /// The most, were the feed as the profile of its deposit says.
    pub usual: u128,
    /// What its own mass and assays leave room for.
    own: u128,
    /// The least it holds by its own assays; nothing where it was only handed on.
    least: u128,
    /// The most of all rare earths, as oxides.
    treo: u128,
    /// The greatest share of its rare earths by the profiles of its deposits, in parts per billion, while no step
    /// changed that share.
    ratio: Option<u64>,
    /// Whether some of it may be from a feed that was won here.
    pub is_of_feed: bool,
}

impl Brought {
    /// Returns the most that was brought.
    fn by(&self, bound: Bound) -> u128 {
        match bound {
            Bound::Assays => self.most,
            Bound::Profiles => self.usual,
        }
    }

    /// What the lot can hold: by what was brought, and by its own mass and assays.
    fn room(&self, bound: Bound) -> u128 {
        self.by(bound).min(self.own)
    }

    /// The most that it hands on. One that says it holds more than was brought was named for that, and what is made
    /// of it need not be.
    fn gives(&self, bound: Bound) -> u128 {
        if self.least > self.by(bound) { self.own } else { self.room(bound) }
    }
}

/// What nobody has told.
const NOT_KNOWN: Brought =
    Brought { most: OPEN, usual: OPEN, own: OPEN, least: 0, treo: OPEN, ratio: None, is_of_feed: false };
/// Nothing of the elements, which leaves shares as they were.
const NOTHING: Brought =
    Brought { most: 0, usual: 0, own: OPEN, least: 0, treo: 0, ratio: Some(0), is_of_feed: false };

/// By which of its bounds a feed is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// By its masses and assays.
    Assays,
    /// By the profiles of its deposits besides.
    Profiles,
}

/// Bounds for one set of elements over a whole graph.
pub struct Feed<'c, 'g> {
    contents: &'c Contents<'g>,
    graph: &'g Graph,
    elements: ElementSet,
    /// Number of the first lot of each record.
    first: Vec<usize>,
    brought: Vec<Brought>,
    /// The account of each charge and draw, by position.
    accounts: HashMap<usize, usize>,
    /// What can have been brought into each account.
    circuits: Vec<Brought>,
    /// Whether records tell of an account before its first closed period, once that was asked.
    told_before: RefCell<HashMap<usize, bool>>,
}

impl<'c, 'g> Feed<'c, 'g> {
    /// Carries the bounds of `elements` forward through the graph.
    pub fn new(contents: &'c Contents<'g>, elements: &ElementSet) -> Self {
        let graph = contents.graph();
        let mut first = Vec::with_capacity(graph.records().len() + 1);
        let mut count = 0;
        for record in graph.records() {
            first.push(count);
            count += record.event.body.outputs().len();
        }
        first.push(count);
        let mut feed = Self {
            contents,
            graph,
            elements: elements.clone(),
            first,
            brought: Vec::with_capacity(count),
            accounts: HashMap::new(),
            circuits: Vec::new(),
            told_before: RefCell::default(),
        };
        for (number, account) in graph.accounts().list().iter().enumerate() {
            let about = account.charges.iter().chain(&account.draws);
            feed.accounts.extend(about.map(|at| (*at, number)));
            feed.circuits.push(NOTHING);
        }
        for position in 0..graph.records().len() {
            feed.carry(position);
        }
        feed
    }

    /// Returns what can have been brought into a lot, if its record is held.
    pub fn of(&self, lot: &LotRef) -> Option<&Brought> {
        let position = self.graph.position(&lot.record)?;
        let number = self.first[position] + lot.index as usize;
        (number < self.first[position + 1]).then(|| self.brought.get(number)).flatten()
    }

    /// Returns what a lot holds by its own mass and assays.
    pub fn holds(&self, lot: &LotRef) -> Interval {
        self.contents.mass(lot).times(self.share(lot))
    }

    /// Whether the lot's own assays, and not what it was made of, bound it from above.
    pub fn is_bounded_by_itself(&self, lot: &LotRef) -> bool {
        self.of(lot).is_some_and(|brought| brought.own <= brought.most)
    }

    /// Returns the records whose results say what a lot holds.
    pub fn stated_by(&self, lot: &LotRef) -> Vec<RecordId> {
        self.elements.iter().filter_map(|element| self.contents.of(lot, element).by).collect()
    }

    fn carry(&mut self, position: usize) {
        let record = &self.graph.records()[position];
        let body = &record.event.body;
        let shown = graph::inputs(record);
        let all = match body {
            Body::Charge(charge) => {
                let mut all = shown.iter().map(|input| self.stretch(position, input)).fold(NOTHING, both);
                if charge.inputs.is_withheld() && charge.inputs.count() > 0 {
                    all.most = OPEN;
                    all.usual = OPEN;
                }
                let all = both(all, self.added(&charge.additions));
                if let Some(number) = self.accounts.get(&position) {
                    self.circuits[*number] = both(self.circuits[*number], all);
                }
                return;
            }
            Body::Draw(_) => match self.accounts.get(&position) {
                Some(number) if self.graph.accounts().rings(position).is_empty() => {
                    let all = both(self.circuits[*number], self.stock(*number, record));
                    Brought { ratio: None, ..all }
                }
                _ => NOT_KNOWN,
            },
            _ if shown.is_empty() => NOT_KNOWN,
            _ => {
                let mut all = shown.iter().map(|input| self.stretch(position, input)).fold(NOTHING, both);
                all = match body {
                    Body::Transform(transform) => both(all, self.added(&transform.additions)),
                    Body::Assemble(assemble) => both(all, self.added(&assemble.additions)),
                    _ => all,
                };
                if !body.steps().iter().all(keeps_shares) {
                    all.ratio = None;
                }
                all
            }
        };
        for (index, (reference, lot)) in graph::outputs(record).enumerate() {
            let mut brought = match body {
                Body::Extract(extract) => self.won(extract, lot),
                _ if body.is_pairwise() => match shown.get(index) {
                    Some(input) => self.handed_over(position, input, &reference),
                    None => NOT_KNOWN,
                },
                _ => all,
            };
            let holds = self.holds(&reference);
            brought.own = holds.high;
            brought.least = if self.only_hands_on(body, &reference) { 0 } else { holds.low };
            brought.treo = brought.treo.min(self.treo(&reference));
            if let Some(ratio) = brought.ratio {
                brought.usual = brought.usual.min(self.by_ratio(brought.treo, ratio));
            }
            if brought.least > brought.usual {
                // This one is known to be out of the ordinary; what is made of it is judged by what it holds.
                brought.ratio = None;
            }
            self.brought.push(brought);
        }
    }

    /// What a stretch of a lot brings; `position` is that of the record that takes it.
    fn stretch(&self, position: usize, input: &Input) -> Brought {
        let mass = self.contents.stretch(input);
        let here = mass.times(self.share(&input.lot)).high;
        let before = self.graph.position(&input.lot.record).is_some_and(|at| at < position);
        let Some(brought) = self.of(&input.lot).filter(|_| before) else {
            return if here == 0 { NOTHING } else { Brought { most: here, usual: here, ..NOT_KNOWN } };
        };
        Brought {
            most: brought.gives(Bound::Assays).min(here),
            usual: brought.gives(Bound::Profiles).min(here),
            treo: if here == 0 { 0 } else { brought.treo.min(mass.high) },
            ratio: if here == 0 { Some(0) } else { brought.ratio },
            ..*brought
        }
    }

    /// What a handover brings: scales differ, so that a little more may arrive than was sent.
    fn handed_over(&self, position: usize, input: &Input, lot: &LotRef) -> Brought {
        let mut brought = self.stretch(position, input);
        let (sent, arrived) = (self.contents.stretch(input).high, self.contents.mass(lot).high);
        if arrived != OPEN && arrived > sent && sent > 0 {
            // Both in milligrams, so that 10^18 times the difference fits.
            let more = ((arrived - sent).div_ceil(WHOLE) * ONE).div_ceil(sent / WHOLE);
            let grown = |mass: u128| match mass {
                OPEN => OPEN,
                mass => mass + Interval { low: 0, high: mass }.times(Share { low: 0, high: more }).high,
            };
            brought.most = grown(brought.most);
            brought.usual = grown(brought.usual);
            brought.treo = grown(brought.treo);
        }
        brought
    }

    /// What a lot that was won from the ground may hold.
    fn won(&self, extract: &Extract, lot: &Lot) -> Brought {
        let rows = self.contents.bands().file.profile.iter();
        let ratio = rows.filter(|row| row.of == self.elements && fits(row, extract, lot));
        let ratio = ratio.map(|row| u64::from(row.high.ppb())).max();
        Brought { ratio, is_of_feed: true, ..NOT_KNOWN }
    }

    fn added(&self, additions: &MaybeList<Addition>) -> Brought {
        let Some(shown) = additions.shown() else {
            return if additions.count() == 0 { NOTHING } else { NOT_KNOWN };
        };
        let of = |one: &Addition| {
            let share = self
                .sum(|element| self.contents.of_lines(Some(&one.material), &one.composition, element).share);
            Interval::weighed(one.mass, one.uncertainty).times(share).high
        };
        let most = shown.iter().map(of).fold(0, u128::saturating_add);
        if most == 0 { NOTHING } else { Brought { most, usual: most, own: most, ..NOT_KNOWN } }
    }

    /// Whether a lot is what it was made of, in other parcels and on another scale, and nobody has analysed it since.
    fn only_hands_on(&self, body: &Body, lot: &LotRef) -> bool {
        body.is_pairwise() || matches!(body, Body::Repack(_)) && self.contents.lines(lot).is_empty()
    }

    /// What was in a circuit before everything that records tell of, and what records leave open.
    fn stock(&self, number: usize, draw: &Record) -> Brought {
        let account = &self.graph.accounts().list()[number];
        let first = account.closed(self.graph).next();
        let Some((close, body)) = first else { return NOT_KNOWN };
        let begins = state::period(close).map(|period| period.first);
        let told = account.charges.iter().chain(&account.draws).map(|at| &self.graph.records()[*at]);
        let is_before = |record: &Record| match (state::period(record), begins) {
            (Some(period), Some(begins)) => period.first < begins,
            _ => true,
        };
        // Asked once for a circuit, for it may have very many draws.
        let is_told_before =
            *self.told_before.borrow_mut().entry(number).or_insert_with(|| told.into_iter().any(is_before));
        if is_told_before {
            return NOT_KNOWN;
        }
        let last = match account.counted(self.graph, draw) {
            state::Counted::By(close) => close,
            _ => return NOT_KNOWN,
        };
        if account.hidden_by(self.graph, draw, last).is_some()
            || account
                .unknown_past(self.graph, draw)
                .is_some_and(|past| !matches!(past, state::Past::Unknown(by) if by.id == close.id))
        {
            return NOT_KNOWN;
        }
        match &body.opening {
            Maybe::Withheld => NOT_KNOWN,
            Maybe::Shown(None) => NOTHING,
            Maybe::Shown(Some(stock)) => {
                let share =
                    self.sum(|element| self.contents.of_lines(None, &stock.composition, element).share);
                let quantity = &stock.quantity;
                let most = Interval::weighed(quantity.mass, quantity.uncertainty).times(share).high;
                Brought { most, usual: most, own: most, ..NOT_KNOWN }
            }
        }
    }

    /// The share of a lot that is one of the elements.
    fn share(&self, lot: &LotRef) -> Share {
        let mut share = self.sum(|element| self.contents.of(lot, element).share);
        if self.elements.single().is_some() {
            return share;
        }
        for held in self.contents.lines(lot) {
            let all = || {
                self.elements
                    .iter()
                    .map(|element| content::as_element(self.contents.bands(), held.line, element))
            };
            if self.elements.iter().all(|element| held.line.elements.contains(element)) {
                let most = all().try_fold(0, |most, one| Some(one?.high.max(most)));
                share.high = share.high.min(most.unwrap_or(share.high));
            }
            if held.line.elements == self.elements {
                let least = all().try_fold(ONE, |least, one| Some(one?.low.min(least)));
                share.low = share.low.max(least.unwrap_or(0));
            }
        }
        share
    }

    fn sum(&self, of: impl Fn(crate::model::element::Element) -> Share) -> Share {
        let sum = self.elements.iter().map(of).fold(Share::NONE, |sum, one| Share {
            low: sum.low.saturating_add(one.low),
            high: sum.high.saturating_add(one.high),
        });
        Share { low: sum.low.min(ONE), high: sum.high.min(ONE) }
    }

    /// The most of all rare earths in a lot, as oxides, by its own assays.
    fn treo(&self, lot: &LotRef) -> u128 {
        let mass = self.contents.mass(lot);
        let lines = self.contents.lines(lot);
        let all: ElementSet = "TREO".parse().expect("a group of the model");
        let line = lines.iter().find(|held| held.line.elements == all && held.line.basis == Formula::Reo);
        let material = self.graph.lot(lot).map(|lot| &lot.material);
        let can_hold = |material: &Material| {
            self.elements.iter().any(|element| material.carries(element) != Carries::No)
        };
        if line.is_none() && material.is_some_and(|material| !can_hold(material)) {
            return 0;
        }
        match line.and_then(|held| content::range(held.line)) {
            Some(share) => mass.times(share).high,
            None => mass.high,
        }
    }

    /// What a share of so many rare-earth oxides is, as metal.
    fn by_ratio(&self, treo: u128, ratio: u64) -> u128 {
        let bands = self.contents.bands();
        let metal = self.elements.iter().map(|element| {
            let formula = bands.traded_oxide(element)?;
            Some(u128::from(bands.metal(formula)?.ppb()))
        });
        let Some(metal) = metal.collect::<Option<Vec<u128>>>().and_then(|all| all.into_iter().max()) else {
            return OPEN;
        };
        let share = Share { low: 0, high: u128::from(ratio) * metal };
        Interval { low: 0, high: treo }.times(share).high
    }
}

/// What two of them bring together.
fn both(one: Brought, other: Brought) -> Brought {
    Brought {
        most: one.most.saturating_add(other.most),
        usual: one.usual.saturating_add(other.usual),
        own: OPEN,
        least: 0,
        treo: one.treo.saturating_add(other.treo),
        ratio: one.ratio.zip(other.ratio).map(|(one, other)| one.max(other)),
        is_of_feed: one.is_of_feed || other.is_of_feed,
    }
}

/// Whether a step leaves the shares of the rare earths among each other as they were in the ground.
fn keeps_shares(step: &Step) -> bool {
    matches!(step.stage, Stage::P10 | Stage::P20 | Stage::P30) && step.process != Process::RoastRejectCe
}

/// Whether a profile is that of the deposit that an extraction names, or of its mineral where it names none.
fn fits(row: &ProfileRow, extract: &Extract, lot: &Lot) -> bool {
    match &extract.deposit {
        Maybe::Withheld => false,
        Maybe::Shown(Some(deposit)) => deposit.trim().eq_ignore_ascii_case(&row.deposit),
        Maybe::Shown(None) => {
            let mineral = lot.material.as_str().split('.').nth(1);
            mineral.is_some_and(|mineral| row.minerals.iter().any(|one| one == mineral))
        }
    }
}
