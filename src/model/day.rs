//! Calendar days, offsets from UTC, and periods. Law counts days in a place.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::amount::text_serde;

/// A calendar day, as days since 1970-01-01; from 1900-01-01 to 2199-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

/// Days from 1970-01-01 to 1900-01-01.
const FIRST: i32 = -25_567;
/// Days from 1970-01-01 to 2199-12-31.
const LAST: i32 = 84_005;

/// A text that is no day or period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}")]
pub struct DayError {
    given: String,
    what: &'static str,
}

/// What a text is not whose last day comes before its first.
const BACKWARDS: &str = "period: it ends before it begins";

/// What a text is not that is neither one day nor two.
const DAY_OR_PERIOD: &str = "day, and no period";

impl DayError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self.what {
            BACKWARDS => "write the first day first, such as 2026-11-01..2026-11-30".into(),
            DAY_OR_PERIOD => "write a day, or the first and the last, such as 2026-01-01..2026-12-31".into(),
            "offset from UTC" => "write it like +08:00 or -03:30".into(),
            _ => "write year, month and day between 1900 and 2199, such as 2027-02-15".into(),
        })
    }
}

impl Day {
    /// Returns the day `days` after 1970-01-01, or `None` outside 1900 to 2199.
    pub const fn from_days(days: i32) -> Option<Self> {
        if days >= FIRST && days <= LAST { Some(Self(days)) } else { None }
    }

    /// Returns the days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Returns the day with this year, month and day of the month, or `None` where there is none.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().and_then(Self::from_date)
    }

    /// Returns the day `days` later, held inside 1900 to 2199.
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days).clamp(FIRST, LAST))
    }

    /// Returns how many days it lies after `earlier`; negative if before.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Returns the year and the month, from 1 to 12.
    pub fn year_month(self) -> (i16, i8) {
        let date = self.date();
        (date.year(), date.month())
    }

    /// Returns the same day of the month `months` later, or its last day where it has none, held inside 1900 to 2199.
    pub fn plus_months(self, months: u16) -> Self {
        let later = self.date().checked_add(jiff::Span::new().months(i32::from(months)));
        later.ok().and_then(Self::from_date).unwrap_or(Self(LAST))
    }

    fn from_date(date: Date) -> Option<Self> {
        let days = date.since(Date::constant(1970, 1, 1)).ok()?.get_days();
        Self::from_days(days)
    }

    fn date(self) -> Date {
        Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().days(self.0))
            .expect("every day between 1900 and 2199 is a date")
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let plain = text.len() == 10 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-'));
        let date = plain.then(|| text.parse::<Date>().ok()).flatten();
        date.and_then(Self::from_date).ok_or_else(|| DayError { given: text.to_owned(), what: "day" })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.date().to_string())
    }
}

text_serde!(Day, |day: &Day| day.to_string());

/// An offset from UTC in minutes, at most fourteen hours either way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Offset(i16);

impl Offset {
    /// Returns the offset, or `None` beyond fourteen hours.
    pub const fn from_minutes(minutes: i16) -> Option<Self> {
        if minutes >= -840 && minutes <= 840 { Some(Self(minutes)) } else { None }
    }

    /// Returns the minutes.
    pub const fn minutes(self) -> i16 {
        self.0
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for Offset {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let read = || {
            let sign = match text.get(..1)? {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let (hours, minutes) = text.get(1..)?.split_once(':')?;
            let two = |part: &str| (part.len() == 2).then(|| part.parse::<i16>().ok()).flatten();
            let minutes = two(minutes).filter(|minutes| *minutes < 60)?;
            Self::from_minutes(sign * (two(hours)? * 60 + minutes))
        };
        read().ok_or_else(|| DayError { given: text.to_owned(), what: "offset from UTC" })
    }
}

/// From one calendar day to another, both counted, in a place with an offset from UTC if stated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day, not before the first.
    pub last: Day,
    /// Offset of the place's clock, if stated.
    pub offset: Option<Offset>,
}

impl Period {
    /// Returns the period of a single day.
    pub const fn day(day: Day) -> Self {
        Self { first: day, last: day, offset: None }
    }

    /// Whether `day` is in it.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

impl From<Day> for Period {
    fn from(day: Day) -> Self {
        Self::day(day)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last != self.first {
            write!(f, "..{}", self.last)?;
        }
        self.offset.map_or(Ok(()), |offset| write!(f, " {offset}"))
    }
}

impl FromStr for Period {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let fault = || DayError { given: text.to_owned(), what: BACKWARDS };
        let (days, offset) = match text.trim().split_once(' ') {
            None => (text.trim(), None),
            Some((days, offset)) => (days, Some(offset.trim().parse()?)),
        };
        let (first, last): (Day, Day) = match days.split_once("..") {
            Some((first, last)) => (first.parse()?, last.parse()?),
            None => {
                let day = days.parse().map_err(|error| DayError { what: DAY_OR_PERIOD, ..error })?;
                (day, day)
            }
        };
        if last < first { Err(fault()) } else { Ok(Self { first, last, offset }) }
    }
}

text_serde!(Period, |period: &Period| period.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_back_at_both_ends() {
        for text in ["1900-01-01", "1970-01-01", "2024-02-29", "2199-12-31"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<Day>().unwrap().days(), 1);
        for text in ["1899-12-31", "2200-01-01", "2026-02-29", "2026-2-1", "26-02-01", "2026-02-01T00"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_outside_the_range_have_no_number() {
        assert_eq!(Day::from_days(LAST).unwrap().to_string(), "2199-12-31");
        assert_eq!(Day::from_days(FIRST).unwrap().to_string(), "1900-01-01");
        assert_eq!(Day::from_days(LAST + 1), None);
        assert_eq!(Day::from_days(FIRST - 1), None);
    }

    #[test]
    fn months_later_is_the_same_day_or_the_last_of_the_month() {
        let later = |day: &str, months| day.parse::<Day>().unwrap().plus_months(months).to_string();
        assert_eq!(later("2026-01-01", 36), "2029-01-01");
        assert_eq!(later("2024-01-31", 1), "2024-02-29");
        assert_eq!(later("2199-12-01", 36), "2199-12-31");
    }

    #[test]
    fn periods_read_back() {
        for text in
            ["2026-11-03", "2026-11-01..2026-11-30", "2026-11-03 +08:00", "2026-11-01..2026-11-30 -03:30"]
        {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert!("2026-11-30..2026-11-01".parse::<Period>().is_err());
        assert!("2026-11-30 +15:00".parse::<Period>().is_err());
    }
}
