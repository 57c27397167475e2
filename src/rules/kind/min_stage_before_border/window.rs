//! The days on which something may have left a country.

use crate::hash::PartyId;
use crate::model::day::{Day, Period};
use crate::model::dealings::BorderSide;
use crate::model::event::DeclareBorder;
use crate::model::maybe::Maybe;
use crate::model::place::Country;
use crate::model::record::Record;

/// The days on which something may have left; none where one end is not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Window {
    pub(super) first: Option<Day>,
    pub(super) last: Option<Day>,
    /// Whose record withholds its days.
    pub(super) hidden_by: Option<PartyId>,
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
    pub(super) fn between(creator: &Record, record: &Record) -> Self {
        let (before, after) = (Self::of(creator), Self::of(record));
        Self { first: before.first, last: after.last, hidden_by: before.hidden_by.or(after.hidden_by) }
    }

    /// Takes the days that customs were told, where those lie within.
    pub(super) fn narrow<'g>(
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
