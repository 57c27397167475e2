//! How lots behind the one asked for left countries: from where, on which days, and what tells.
//!
//! A lot leaves a country where something is done with it in another. Without a customs declaration the day lies
//! anywhere between the first day on which it could have set out and the last on which it was at the other place.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::custody::graph::{self, Graph};
use crate::custody::{names, withdrawal};
use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::BorderSide;
use crate::model::event::{Body, DeclareBorder, DeclaredTouch, Receiver, Stop};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::place::Country;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::rules::facts::Facts;

/// Where something is, as far as this reader is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Where {
    /// At a facility in a country.
    At(Country, RecordId),
    /// Its author withholds the facility.
    Withheld(PartyId),
    /// The declaration of this facility is not held.
    NotHeld(RecordId),
    /// The record is of no place.
    Nowhere,
}

/// The days on which something may have left; none where one end is not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Window {
    pub(super) first: Option<Day>,
    pub(super) last: Option<Day>,
    /// Whose record withholds its days.
    pub(super) hidden_by: Option<PartyId>,
}

/// How it is known that a lot left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// It was in one country, and then in another.
    Moved,
    /// It was declared for export.
    Declared,
    /// Papers tell that it came from there.
    Papers,
    /// It was to pass on its way.
    Passing,
    /// It is on its way to someone in another country.
    OnItsWay,
    /// Where it was, or where it went, is not told.
    Hidden,
}

/// One lot that left a country, or may have.
#[derive(Clone, Debug)]
pub(super) struct Leaving<'g> {
    /// The lot, as it was when it left.
    pub(super) lot: LotRef,
    /// The country; none where it is not told.
    pub(super) from: Option<Country>,
    /// Where it went, where that is told.
    pub(super) to: Option<Country>,
    pub(super) days: Window,
    pub(super) how: How,
    /// What keeps a place from being known, for [`How::Hidden`].
    pub(super) hidden: Option<Where>,
    /// Facility that it left, and the party that sent it.
    pub(super) facility: Option<RecordId>,
    pub(super) sender: PartyId,
    /// The same goods: as sent, in transit, and as received.
    pub(super) goods: Vec<LotRef>,
    /// Records that show it.
    pub(super) records: Vec<&'g Record>,
    /// Steps on papers, where those tell.
    pub(super) touches: Vec<&'g DeclaredTouch>,
}

/// Everything that left a country behind a lot, by the record that took it in elsewhere and the lot that it took.
pub(super) struct Leavings<'g> {
    pub(super) all: Vec<Leaving<'g>>,
    by_use: HashMap<(RecordId, LotRef), Vec<usize>>,
    by_entry: HashMap<LotRef, Vec<usize>>,
    /// What becomes of the lot asked for itself.
    pub(super) last: Vec<usize>,
}

impl<'g> Leavings<'g> {
    /// Gathers them. Linear in what is behind the lot and in the declarations that are held.
    pub(super) fn of(facts: &Facts<'g>) -> Self {
        let graph = facts.graph;
        let mut found =
            Self { all: Vec::new(), by_use: HashMap::new(), by_entry: HashMap::new(), last: Vec::new() };
        let behind = facts.ancestry();
        let lots: HashSet<LotRef> = behind.lots.iter().copied().collect();
        let declarations = Declarations::of(graph);
        for record in behind.records.iter().filter_map(|id| graph.record(id)) {
            let here = place_of(graph, record);
            for at in used(graph, record, &lots) {
                let input = graph::inputs(record)[at].lot;
                let Some(creator) = graph.creator(&input) else { continue };
                let goods = goods(graph, record, at, creator, input);
                for one in moved(graph, &declarations, (creator, input), (record, here), &goods) {
                    found.by_use.entry((record.id, input)).or_default().push(found.all.len());
                    found.all.push(one);
                }
            }
            for (lot, _) in graph::outputs(record).filter(|(lot, _)| lots.contains(lot)) {
                for one in on_papers(record, lot, here) {
                    found.by_entry.entry(lot).or_default().push(found.all.len());
                    found.all.push(one);
                }
            }
        }
        for one in setting_out(graph, &declarations, facts.lot) {
            found.last.push(found.all.len());
            found.all.push(one);
        }
        found
    }

    /// Returns what left between the making of a lot and its use.
    pub(super) fn before_use(&self, record: RecordId, lot: LotRef) -> &[usize] {
        self.by_use.get(&(record, lot)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns what left before a lot was taken in on papers.
    pub(super) fn before_entry(&self, lot: &LotRef) -> &[usize] {
        self.by_entry.get(lot).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Returns where a record was made out; lots that are given back are where they set out from.
pub(super) fn place_of(graph: &Graph, record: &Record) -> Where {
    let Some(at) = record.event.body.at() else {
        let first = graph::inputs(record).first().and_then(|input| graph.creator(&input.lot));
        let back = first.filter(|creator| creator.event.body.at().is_some());
        return back.map_or(Where::Nowhere, |creator| place_of(graph, creator));
    };
    match &at.facility {
        Maybe::Withheld => Where::Withheld(record.author),
        Maybe::Shown(id) => match graph.facility(id) {
            Some((_, facility)) => Where::At(facility.place.country, *id),
            None => Where::NotHeld(*id),
        },
    }
}

/// Returns the inputs that went into lots behind the one asked for; of a charge all.
fn used(graph: &Graph, record: &Record, lots: &HashSet<LotRef>) -> BTreeSet<usize> {
    if let Body::Charge(_) = record.event.body {
        return match withdrawal::frees_stretches(graph, record) {
            true => BTreeSet::new(),
            false => (0..graph::inputs(record).len()).collect(),
        };
    }
    let outputs = graph::outputs(record).filter(|(lot, _)| lots.contains(lot));
    outputs.flat_map(|(lot, _)| graph.inputs_of(&lot).collect::<Vec<usize>>()).collect()
}

/// Returns the lots that an input was before it was on its way and is after.
fn goods(graph: &Graph, record: &Record, at: usize, creator: &Record, input: LotRef) -> Vec<LotRef> {
    let mut goods = vec![input];
    if creator.event.body.is_pairwise() {
        goods.extend(graph::inputs(creator).get(input.index as usize).map(|before| before.lot));
    }
    if record.event.body.is_pairwise() {
        goods.extend(graph::output(record, at));
    }
    goods.retain(|lot| graph.lot(lot).is_some());
    goods
}

/// Declarations at borders that hold, by the lots they name.
struct Declarations<'g>(HashMap<LotRef, Vec<(&'g Record, &'g DeclareBorder)>>);

impl<'g> Declarations<'g> {
    fn of(graph: &'g Graph) -> Self {
        let mut by_lot: HashMap<LotRef, Vec<_>> = HashMap::new();
        for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
            if let Body::DeclareBorder(said) = &record.event.body {
                said.lots.iter().for_each(|lot| by_lot.entry(*lot).or_default().push((record, said)));
            }
        }
        Self(by_lot)
    }

    fn about(&self, goods: &[LotRef]) -> Vec<(&'g Record, &'g DeclareBorder)> {
        let mut seen: HashSet<RecordId> = HashSet::new();
        let all = goods.iter().filter_map(|lot| self.0.get(lot)).flatten();
        all.filter(|(record, _)| seen.insert(record.id)).copied().collect()
    }
}

/// Returns how a lot left where it was made, or passed through, before it was used.
fn moved<'g>(
    graph: &'g Graph,
    declarations: &Declarations<'g>,
    (creator, lot): (&'g Record, LotRef),
    (record, here): (&'g Record, Where),
    goods: &[LotRef],
) -> Vec<Leaving<'g>> {
    let there = place_of(graph, creator);
    let mut days = Window::between(creator, record);
    let mut one = Leaving {
        lot,
        from: None,
        to: None,
        days,
        how: How::Moved,
        hidden: None,
        facility: None,
        sender: creator.author,
        goods: goods.to_vec(),
        records: vec![creator, record],
        touches: Vec::new(),
    };
    let said = declarations.about(goods);
    let mut all = stops(creator, &said, &one);
    match (there, here) {
        (Where::Nowhere, _) | (_, Where::Nowhere) => {}
        (Where::At(from, facility), Where::At(to, _)) => {
            if from != to {
                days.narrow(&said, from, to, &mut one.records);
                all.push(Leaving { from: Some(from), to: Some(to), days, facility: Some(facility), ..one });
            }
        }
        (Where::At(from, facility), hidden) => all.push(Leaving {
            from: Some(from),
            how: How::Hidden,
            hidden: Some(hidden),
            facility: Some(facility),
            ..one
        }),
        (hidden, Where::At(to, _)) => {
            all.push(Leaving { to: Some(to), how: How::Hidden, hidden: Some(hidden), ..one });
        }
        (hidden, _) => all.push(Leaving { how: How::Hidden, hidden: Some(hidden), ..one }),
    }
    all
}

/// Returns the countries that goods passed on their way: as planned, and as declared.
fn stops<'g>(
    creator: &'g Record,
    said: &[(&'g Record, &'g DeclareBorder)],
    one: &Leaving<'g>,
) -> Vec<Leaving<'g>> {
    let mut all: Vec<Leaving<'g>> = Vec::new();
    let planned: &[Stop] = match &creator.event.body {
        Body::Dispatch(dispatch) => dispatch.stops.shown().map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    };
    let declared = said.iter().flat_map(|(record, said)| {
        let stops = said.stops.shown().map(Vec::as_slice).unwrap_or_default();
        stops.iter().map(|stop| (*record, stop, How::Declared))
    });
    // What was declared is told before what was planned.
    for (record, stop, how) in declared.chain(planned.iter().map(|stop| (creator, stop, How::Passing))) {
        if all.iter().any(|known| known.from == Some(stop.place.country)) {
            continue;
        }
        let days = stop.period.map_or(one.days, Window::from);
        let mut records = one.records.clone();
        if record.id != creator.id {
            records.push(record);
        }
        all.push(Leaving { from: Some(stop.place.country), days, how, records, ..one.clone() });
    }
    all
}

/// Returns the countries that a lot was in before it was taken in on papers.
fn on_papers<'g>(record: &'g Record, lot: LotRef, here: Where) -> Vec<Leaving<'g>> {
    let of_lot = record.event.body.declared_touches().iter().filter(|touch| touch.output == lot.index);
    let touches: Vec<&DeclaredTouch> = of_lot.collect();
    let countries: BTreeSet<Country> = touches.iter().map(|touch| touch.place.country).collect();
    let of_country = |from: Country| {
        let in_it = touches.iter().filter(|touch| touch.place.country == from);
        // It left after the last thing done there began.
        let first = in_it.filter_map(|touch| touch.period.map(|period| period.first)).max();
        let taken_in = Window::of(record);
        let days = Window { first, ..taken_in };
        let (how, to, hidden) = match here {
            Where::At(to, _) => (How::Papers, Some(to), None),
            hidden => (How::Hidden, None, Some(hidden)),
        };
        let touches = touches.clone();
        Leaving {
            lot,
            from: Some(from),
            to,
            days,
            how,
            hidden,
            facility: None,
            sender: record.author,
            goods: vec![lot],
            records: vec![record],
            touches,
        }
    };
    let left = countries.into_iter().map(of_country);
    left.filter(|one| one.from != one.to).collect()
}

/// Returns how the lot asked for itself leaves: declared for export, or on its way to another country.
fn setting_out<'g>(graph: &'g Graph, declarations: &Declarations<'g>, lot: LotRef) -> Vec<Leaving<'g>> {
    let Some(creator) = graph.creator(&lot) else { return Vec::new() };
    let Where::At(from, facility) = place_of(graph, creator) else { return Vec::new() };
    let mut goods = vec![lot];
    let sent = matches!(creator.event.body, Body::Dispatch(_));
    if sent {
        goods.extend(graph::inputs(creator).get(lot.index as usize).map(|before| before.lot));
    }
    let mut days = Window { last: None, ..Window::of(creator) };
    let mut records = vec![creator];
    let said = declarations.about(&goods);
    let exported = said.iter().find(|(_, said)| said.side == BorderSide::Export && said.from == from);
    let (how, to) = match exported {
        Some((_, said)) => {
            days.narrow(&[*exported.expect("it is there")], from, said.to, &mut records);
            (How::Declared, Some(said.to))
        }
        None => match creator.event.body.receiver() {
            Some(Maybe::Shown(Receiver::Party(party))) => {
                let country = graph.party(party).map(|(_, establish)| establish.country);
                (How::OnItsWay, country)
            }
            Some(Maybe::Shown(Receiver::Outside(outsider))) => {
                (How::OnItsWay, outsider.place.map(|place| place.country))
            }
            Some(_) => (How::OnItsWay, None),
            None => return Vec::new(),
        },
    };
    if to == Some(from) {
        return Vec::new();
    }
    let sender = creator.author;
    vec![Leaving {
        lot,
        from: Some(from),
        to,
        days,
        how,
        hidden: None,
        facility: Some(facility),
        sender,
        goods,
        records,
        touches: Vec::new(),
    }]
}

impl Window {
    /// Returns the days of one record.
    pub(super) fn of(record: &Record) -> Self {
        match record.event.body.at().map(|at| &at.period) {
            Some(Maybe::Shown(period)) => Self::from(*period),
            Some(Maybe::Withheld) => Self { hidden_by: Some(record.author), ..Self::default() },
            None => Self::default(),
        }
    }

    /// Returns the days from the first of one record to the last of a later one.
    fn between(creator: &Record, record: &Record) -> Self {
        let (before, after) = (Self::of(creator), Self::of(record));
        Self { first: before.first, last: after.last, hidden_by: before.hidden_by.or(after.hidden_by) }
    }

    /// Takes the days that customs were told, where those lie within.
    fn narrow<'g>(
        &mut self,
        said: &[(&'g Record, &'g DeclareBorder)],
        from: Country,
        to: Country,
        records: &mut Vec<&'g Record>,
    ) {
        for (record, said) in said {
            let Maybe::Shown(period) = said.period else { continue };
            let fits = self.first.is_none_or(|first| first <= period.first)
                && self.last.is_none_or(|last| period.last <= last);
            let told = match said.side {
                BorderSide::Export if said.from == from && fits => Self::from(period),
                BorderSide::Import if said.to == to && fits => {
                    Self { first: self.first, last: Some(period.last), hidden_by: None }
                }
                _ => continue,
            };
            *self = Self { hidden_by: if told.first.is_some() { None } else { self.hidden_by }, ..told };
            records.push(record);
        }
    }
}

impl From<Period> for Window {
    fn from(period: Period) -> Self {
        Self { first: Some(period.first), last: Some(period.last), hidden_by: None }
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => write!(f, "on {first}"),
            (Some(first), Some(last)) => write!(f, "between {first} and {last}"),
            (Some(first), None) => write!(f, "on or after {first}"),
            (None, Some(last)) => write!(f, "on or before {last}"),
            (None, None) => f.write_str("on a day that is not told"),
        }
    }
}

impl Leaving<'_> {
    /// Whether steps on papers were done elsewhere after the last one done in the country it left.
    pub(super) fn changed_after(&self) -> bool {
        let stages = |is_there: bool| {
            let touches = self.touches.iter();
            let there = touches.filter(move |touch| (Some(touch.place.country) == self.from) == is_there);
            there.map(|touch| touch.step.stage)
        };
        let last = stages(true).max();
        stages(false).any(|stage| stage >= Stage::R10 || Some(stage) >= last)
    }

    /// Returns "`CONC-1` (`concentrate.spodumene`) left ZW for CN between ...".
    pub(super) fn say(&self, graph: &Graph) -> String {
        let material = graph.lot(&self.lot).map(|lot| format!(" (`{}`)", lot.material)).unwrap_or_default();
        let from = self.from.map_or_else(|| "a country that is not told".to_owned(), |from| from.to_string());
        let to = self.to.map(|to| format!(" for {to}")).unwrap_or_default();
        let verb = match self.how {
            How::Moved | How::Declared => "left",
            How::Papers => "left, by its papers,",
            How::Passing => "was to pass through",
            How::OnItsWay => "is on its way out of",
            How::Hidden => "may have left",
        };
        format!("{}{material} {verb} {from}{to} {}", names::lot(graph, &self.lot), self.days)
    }

    /// Returns the ids of the records that show it, each once.
    pub(super) fn record_ids(&self) -> Vec<RecordId> {
        let mut ids: Vec<RecordId> = self.records.iter().map(|record| record.id).collect();
        ids.dedup();
        ids
    }
}
