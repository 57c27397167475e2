//! The ways a lot leaves a country: from one place to another, through stops, by its papers, or about to set out.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::leaving::{How, Leaving, Where, place_of};
use super::window::Window;
use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::dealings::BorderSide;
use crate::model::event::{Body, DeclareBorder, DeclaredTouch, Receiver, Stop};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::place::Country;
use crate::model::record::Record;

/// Declarations at borders that hold, by the lots they name.
pub(super) struct Declarations<'g>(HashMap<LotRef, Vec<(&'g Record, &'g DeclareBorder)>>);

impl<'g> Declarations<'g> {
    pub(super) fn of(graph: &'g Graph) -> Self {
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
pub(super) fn moved<'g>(
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
pub(super) fn on_papers<'g>(record: &'g Record, lot: LotRef, here: Where) -> Vec<Leaving<'g>> {
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
pub(super) fn setting_out<'g>(
    graph: &'g Graph,
    declarations: &Declarations<'g>,
    lot: LotRef,
) -> Vec<Leaving<'g>> {
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
