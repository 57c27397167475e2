//! Accounts: circuits and tank farms without lots inside, and which charges can be in which draw.
//!
//! A draw has no inputs. What can be in it are the charges of its circuit whose days lie in its window, from
//! `window_days` before its first day to `least_days` before its last. A charge wholly inside is surely part of
//! the pool; one that lies across an end, or of a circuit that was not declared before, may be. Many draws share
//! many charges, so ranges of charges are joined to nodes of their own (`feed`). Who may speak for a circuit is
//! its operator and the guests it hosts: a stranger's charge changes nothing. Spec: docs/custody.md, "Circuits".

pub mod balance;
mod feed;
pub mod findings;
pub mod owners;
mod ring;
pub mod state;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use feed::{Fed, Feed};
pub(crate) use ring::Order;

use self::feed::Feeding;
use self::state::Held;
use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::CircuitMethod;
use crate::model::event::{At, Body, Stock};
use crate::model::facility::Circuit;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// One circuit of one facility, with the records about it by their positions.
#[derive(Clone, Debug)]
pub struct Account {
    /// The facility, by the record that declares it.
    pub facility: RecordId,
    /// The circuit's name.
    pub circuit: String,
    /// Who speaks for it: the author of the facility's declaration, if that is held.
    pub operator: Option<PartyId>,
    /// The circuit as it is declared, if it is.
    pub declared: Option<Circuit>,
    /// The day on which the declaration was signed (claimed).
    pub declared_on: Option<Day>,
    /// Charges, in the order of their last and first days.
    pub charges: Vec<usize>,
    /// Draws, in the order of their first and last days.
    pub draws: Vec<usize>,
    /// Closes that were not withdrawn, in the order of their first days.
    pub closes: Vec<usize>,
    /// The close that counts each charge and draw.
    counted_by: HashMap<RecordId, usize>,
    /// Charges of which the facility is withheld: they may have gone in here.
    hidden: HashSet<usize>,
    feeding: Feeding,
}

/// Every account that held records speak of.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    list: Vec<Account>,
    /// The account of each draw and close, by position.
    account_of: HashMap<usize, usize>,
    /// The accounts of each charge, by position; several only where its facility is withheld.
    charged: HashMap<usize, Vec<usize>>,
    /// What can be in each draw, by position.
    feeds: HashMap<usize, Vec<Fed>>,
    /// Which draws each charge or range of charges is a source of.
    fed: HashMap<Feed, Vec<usize>>,
    /// Charges that are made of what was drawn and dated so early that they could be in it themselves.
    rings: HashMap<usize, Vec<usize>>,
    /// What is held of the chain of each operator.
    held: HashMap<PartyId, Held>,
    ranges: u32,
}

/// A charge that cannot be a source of a draw, since it is itself made of what was drawn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ring {
    /// The draw.
    pub draw: RecordId,
    /// The charge.
    pub charge: RecordId,
    /// Whether the charge may still have been in the circuit while some of the draw came out.
    pub is_open: bool,
}

impl Accounts {
    /// Gathers the accounts of `records`, whose positions are their indices; `rings` are left out as sources.
    pub(super) fn gather(records: &[Record], rings: &[Ring]) -> Self {
        if !records.iter().any(|record| circuit_of(&record.event.body).is_some()) {
            return Self::default();
        }
        let mut accounts = Self::default();
        accounts.list = Gathering::new(records).accounts();
        for (number, account) in accounts.list.iter_mut().enumerate() {
            account.feeding = Feeding::new(records, account, accounts.ranges);
            accounts.ranges += account.feeding.ranges();
            let about = account.draws.iter().chain(&account.closes);
            accounts.account_of.extend(about.map(|at| (*at, number)));
            for charge in &account.charges {
                accounts.charged.entry(*charge).or_default().push(number);
            }
        }
        let positions: HashMap<RecordId, usize> = match rings.is_empty() {
            true => HashMap::new(),
            false => records.iter().enumerate().map(|(at, record)| (record.id, at)).collect(),
        };
        let mut out: HashMap<usize, HashSet<usize>> = HashMap::new();
        for ring in rings {
            let (Some(draw), Some(charge)) = (positions.get(&ring.draw), positions.get(&ring.charge)) else {
                continue;
            };
            out.entry(*draw).or_default().insert(*charge);
            if ring.is_open {
                accounts.rings.entry(*draw).or_default().push(*charge);
            }
        }
        accounts.hold(records);
        let none = HashSet::new();
        for account in &accounts.list {
            for draw in &account.draws {
                let feeds = account.feeding.of_draw(records, account, *draw, out.get(draw).unwrap_or(&none));
                for one in &feeds {
                    accounts.fed.entry(one.feed).or_default().push(*draw);
                }
                accounts.feeds.insert(*draw, feeds);
            }
        }
        accounts
    }

    /// Notes which positions are held of the chains of those who close periods.
    fn hold(&mut self, records: &[Record]) {
        let closes = self.list.iter().flat_map(|account| &account.closes);
        let closers: HashSet<PartyId> = closes.map(|at| records[*at].author).collect();
        let mut held: HashMap<PartyId, Vec<(u64, i64)>> = HashMap::new();
        for record in records.iter().filter(|record| closers.contains(&record.author)) {
            let day = i64::from(record.signed_at.day().days());
            held.entry(record.author).or_default().push((record.seq, day));
        }
        self.held = held.into_iter().map(|(party, records)| (party, Held::new(records))).collect();
    }

    fn held(&self, party: &PartyId) -> Option<&Held> {
        self.held.get(party)
    }

    /// Whether no held record is about a circuit.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns every account, by facility and name of the circuit.
    pub fn list(&self) -> &[Account] {
        &self.list
    }

    /// Returns the account of a draw or close, if its facility is shown.
    pub fn of(&self, position: usize) -> Option<&Account> {
        self.account_of.get(&position).map(|number| &self.list[*number])
    }

    /// Returns the charges and ranges of charges that can be in a draw.
    pub fn feeds(&self, draw: usize) -> &[Fed] {
        self.feeds.get(&draw).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the two halves of a range of charges.
    pub fn parts(&self, feed: Feed) -> Option<[Feed; 2]> {
        Some(self.with_range(feed.range()?).feeding.parts(feed))
    }

    /// Returns the position of the last charge of a range, or of the charge itself.
    pub fn last_of(&self, feed: Feed) -> usize {
        match feed {
            Feed::Charge(position) => position,
            Feed::Pool(range) | Feed::Any(range) => self.with_range(range).feeding.last_of(range),
        }
    }

    /// Returns the last day of some charges, as days since 1970.
    pub fn last_day_of(&self, records: &[Record], feed: Feed) -> i64 {
        match feed {
            Feed::Charge(position) => days(&records[position]).1,
            Feed::Pool(range) | Feed::Any(range) => self.with_range(range).feeding.last_day_of(range),
        }
    }

    fn with_range(&self, range: u32) -> &Account {
        &self.list[self.list.partition_point(|account| account.feeding.first() <= range) - 1]
    }

    /// Returns the least position in its chain of a charge that can be in a draw, and of the draw itself.
    fn first_seq(&self, graph: &super::graph::Graph, draw: &Record) -> Option<u64> {
        let seq = |one: &Fed| match one.feed {
            Feed::Charge(position) => graph.records()[position].seq,
            Feed::Pool(range) | Feed::Any(range) => self.with_range(range).feeding.first_seq(range),
        };
        let feeds = self.feeds(graph.position(&draw.id)?);
        feeds.iter().map(seq).chain([draw.seq]).min()
    }

    /// Returns the charges that can be in a draw, each once, in the order of their days.
    pub fn charges_of(&self, draw: usize) -> Vec<usize> {
        let mut charges = Vec::new();
        let mut stack: Vec<Feed> = self.feeds(draw).iter().rev().map(|one| one.feed).collect();
        while let Some(feed) = stack.pop() {
            match (feed, self.parts(feed)) {
                (Feed::Charge(position), _) => charges.push(position),
                (_, Some([one, other])) => stack.extend([other, one]),
                (_, None) => {}
            }
        }
        charges
    }

    /// Returns the draws that a charge can be in; ranges in `seen` are passed over, and those met are added.
    pub fn draws_of(&self, charge: usize, seen: &mut HashSet<Feed>) -> Vec<usize> {
        let mut draws = Vec::new();
        let mut stack = vec![Feed::Charge(charge)];
        for number in self.charged.get(&charge).into_iter().flatten() {
            stack.extend(self.list[*number].feeding.ranges_with(charge));
        }
        for feed in stack {
            if matches!(feed, Feed::Charge(_)) || seen.insert(feed) {
                draws.extend(self.fed.get(&feed).into_iter().flatten());
            }
        }
        draws
    }

    /// Returns the charges that are made of a draw and may have been in the circuit before all of it came out.
    pub fn rings(&self, draw: usize) -> &[usize] {
        self.rings.get(&draw).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Account {
    /// Returns the first and last day whose charges can be in the draw, and whether all of them are surely in it.
    ///
    /// Without a declaration before the draw's first day nothing says how long a charge stays; in a circuit of
    /// campaigns one feed drives out the other.
    pub(super) fn window(&self, draw: &Record) -> Window {
        let Some(period) = draw.event.body.at().and_then(|at| at.period.shown()) else {
            return Window { first: i64::MIN, last: i64::MAX, is_pool: false };
        };
        match &self.declared {
            Some(circuit) if self.is_declared_before(period) => Window {
                first: i64::from(period.first.days()) - i64::from(circuit.window_days),
                last: i64::from(period.last.days()) - i64::from(circuit.least_days),
                is_pool: circuit.method != CircuitMethod::Campaign,
            },
            _ => Window { first: i64::MIN, last: i64::from(period.last.days()), is_pool: false },
        }
    }

    /// Returns the close that tells what was in process before the period of a draw: the one that counts it, by its
    /// opening, else the last one before it, by its closing.
    pub(super) fn stock_before(&self, records: &[Record], draw: usize) -> Option<StockBefore> {
        let draw = &records[draw];
        if let Some(close) = self.counted_by.get(&draw.id) {
            return Some(StockBefore::Opening(*close));
        }
        let first = i64::from(draw.event.body.at()?.period.shown()?.first.days());
        let mut earlier = self.closes.iter().filter(|close| days(&records[**close]).1 < first);
        earlier.next_back().map(|close| StockBefore::Closing(*close))
    }

    /// Returns the first day that is not behind the stock measured before a draw, as days since 1970.
    pub(super) fn turn(&self, records: &[Record], draw: usize) -> Option<i64> {
        Some(match self.stock_before(records, draw)? {
            StockBefore::Opening(close) => days(&records[close]).0,
            StockBefore::Closing(close) => days(&records[close]).1.saturating_add(1),
        })
    }

    /// Returns what was measured to be in process before the period of a draw, and the first day after that, as days
    /// since 1970; `None` where no close that is held tells, or it withholds the stock.
    pub fn measured_before<'g>(
        &self,
        records: &'g [Record],
        draw: usize,
    ) -> Option<(i64, Option<&'g Stock>)> {
        let day = self.turn(records, draw)?;
        let stock = match self.stock_before(records, draw)? {
            StockBefore::Opening(close) => &state::close_of(&records[close])?.opening,
            StockBefore::Closing(close) => &state::close_of(&records[close])?.closing,
        };
        Some((day, stock.shown()?.as_ref()))
    }

    /// Whether the circuit was declared when a period began: on its first day at the latest.
    pub fn is_declared_before(&self, period: &Period) -> bool {
        self.declared.is_some() && self.declared_on.is_some_and(|day| day <= period.first)
    }

    /// Whether a record's author speaks for the circuit: its operator or, where that is not known, anyone.
    pub fn is_operators(&self, record: &Record) -> bool {
        self.operator.is_none_or(|operator| operator == record.author)
    }
}

/// Where the stock that was in process before a draw's period is told, by the position of the close.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StockBefore {
    /// As the opening of that close's own period.
    Opening(usize),
    /// As the closing of the period before.
    Closing(usize),
}

/// The days whose charges can be in a draw, as days since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) is_pool: bool,
}

/// Returns where a record about a circuit happened, and the circuit's name.
pub fn circuit_of(body: &Body) -> Option<(&At, &str)> {
    match body {
        Body::Charge(charge) => Some((&charge.at, &charge.circuit)),
        Body::Draw(draw) => Some((&draw.at, &draw.circuit)),
        Body::ClosePeriod(close) => Some((&close.at, &close.circuit)),
        _ => None,
    }
}

/// Returns the first and last day of a record; without limits where its period is withheld.
pub(crate) fn days(record: &Record) -> (i64, i64) {
    match record.event.body.at().and_then(|at| at.period.shown()) {
        Some(period) => (i64::from(period.first.days()), i64::from(period.last.days())),
        None => (i64::MIN, i64::MAX),
    }
}

/// Sorting records into accounts.
struct Gathering<'r> {
    records: &'r [Record],
    positions: HashMap<RecordId, usize>,
    withdrawn: HashSet<RecordId>,
}

impl<'r> Gathering<'r> {
    fn new(records: &'r [Record]) -> Self {
        let positions: HashMap<RecordId, usize> =
            records.iter().enumerate().map(|(at, record)| (record.id, at)).collect();
        let withdrawn = records.iter().filter_map(|record| match &record.event.body {
            Body::Withdraw(withdraw) => {
                let target = &records[*positions.get(&withdraw.target)?];
                (target.author == record.author).then_some(target.id)
            }
            _ => None,
        });
        let withdrawn = withdrawn.collect();
        Self { records, positions, withdrawn }
    }

    fn accounts(&self) -> Vec<Account> {
        let mut accounts: BTreeMap<(RecordId, String), Account> = BTreeMap::new();
        let mut hidden: HashMap<(PartyId, &str), Vec<usize>> = HashMap::new();
        for (position, record) in self.records.iter().enumerate() {
            let Some((at, circuit)) = circuit_of(&record.event.body) else { continue };
            let Maybe::Shown(facility) = at.facility else {
                if matches!(record.event.body, Body::Charge(_)) {
                    hidden.entry((record.author, circuit)).or_default().push(position);
                }
                continue;
            };
            let key = (facility, circuit.to_owned());
            let account = accounts.entry(key).or_insert_with(|| self.account(facility, circuit));
            match &record.event.body {
                Body::Charge(_) if self.may_speak(account, record, at) => account.charges.push(position),
                Body::Draw(_) => account.draws.push(position),
                Body::ClosePeriod(_)
                    if account.is_operators(record) && !self.withdrawn.contains(&record.id) =>
                {
                    account.closes.push(position);
                }
                _ => {}
            }
        }
        let mut accounts: Vec<Account> = accounts.into_values().collect();
        for account in &mut accounts {
            let operators: HashSet<PartyId> = match account.operator {
                Some(operator) => HashSet::from([operator]),
                None => account.draws.iter().map(|at| self.records[*at].author).collect(),
            };
            for operator in operators {
                let more = hidden.get(&(operator, account.circuit.as_str())).into_iter().flatten();
                account.hidden.extend(more);
            }
            account.charges.extend(&account.hidden);
            let span = |at: &usize| match account.hidden.contains(at) {
                true => (i64::MIN, i64::MAX),
                false => days(&self.records[*at]),
            };
            account.charges.sort_by_key(|at| (span(at).1, span(at).0, *at));
            account.draws.sort_by_key(|at| (days(&self.records[*at]), *at));
            account.closes.sort_by_key(|at| (days(&self.records[*at]), *at));
            for at in &account.closes {
                let covers = state::close_of(&self.records[*at]).and_then(|close| close.covers.shown());
                for id in covers.unwrap_or_default() {
                    account.counted_by.entry(*id).or_insert(*at);
                }
            }
        }
        accounts
    }

    fn account(&self, facility: RecordId, circuit: &str) -> Account {
        let declaration = self.positions.get(&facility).map(|at| &self.records[*at]);
        let declared = declaration.and_then(|record| match &record.event.body {
            Body::DeclareFacility(declared) => Some((record, declared)),
            _ => None,
        });
        let found = declared.and_then(|(record, declared)| {
            let found = declared.circuits.iter().find(|one| one.name == circuit)?;
            Some((record, found.clone()))
        });
        Account {
            facility,
            circuit: circuit.to_owned(),
            operator: declared.map(|(record, _)| record.author),
            declared_on: found.as_ref().map(|(record, _)| record.signed_at.day()),
            declared: found.map(|(_, circuit)| circuit),
            charges: Vec::new(),
            draws: Vec::new(),
            closes: Vec::new(),
            counted_by: HashMap::new(),
            hidden: HashSet::new(),
            feeding: Feeding::default(),
        }
    }

    /// Whether a charge counts: by the operator, or by a guest whom a record of the operator lets in.
    fn may_speak(&self, account: &Account, record: &Record, at: &At) -> bool {
        if account.is_operators(record) {
            return true;
        }
        let host = at.host.and_then(|host| self.positions.get(&host)).map(|at| &self.records[*at]);
        host.is_some_and(|host| match &host.event.body {
            Body::Host(stay) => {
                Some(host.author) == account.operator
                    && stay.guest == record.author
                    && stay.facility == account.facility
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests;
