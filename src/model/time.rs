//! Points in time that authors claim. Time is evidence, never an invariant.

use std::fmt;
use std::str::FromStr;

use super::amount::text_serde;
use super::day::Day;

/// A claimed time: Unix milliseconds UTC, from 2000-01-01 up to, not including, 2200-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(u64);

/// The first millisecond of 2000.
pub const FIRST_MS: u64 = 946_684_800_000;
/// The first millisecond of 2200, which is out of range.
pub const END_MS: u64 = 7_258_118_400_000;

/// A time that cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time between 2000 and 2199")]
pub struct TimeError(String);

impl TimeError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some("write it like 2026-11-03T14:05:00Z".into())
    }
}

impl Timestamp {
    /// Returns the time `ms` milliseconds after 1970 began.
    ///
    /// # Errors
    /// [`TimeError`] outside 2000 to 2199.
    pub fn from_ms(ms: u64) -> Result<Self, TimeError> {
        if (FIRST_MS..END_MS).contains(&ms) { Ok(Self(ms)) } else { Err(TimeError(ms.to_string())) }
    }

    /// Returns the milliseconds since 1970 began.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// Returns the calendar day in UTC.
    pub fn day(self) -> Day {
        let days = i32::try_from(self.0 / 86_400_000).expect("days up to 2199 fit 32 bits");
        Day::from_days(days).expect("2000 to 2199 lies inside 1900 to 2199")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = i64::try_from(self.0).expect("milliseconds up to 2199 fit 63 bits");
        let time = jiff::Timestamp::from_millisecond(ms).expect("2000 to 2199 are times");
        f.pad(&time.to_string())
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let time: jiff::Timestamp = text.parse().map_err(|_| TimeError(text.to_owned()))?;
        let ms = u64::try_from(time.as_millisecond()).map_err(|_| TimeError(text.to_owned()))?;
        Self::from_ms(ms).map_err(|_| TimeError(text.to_owned()))
    }
}

text_serde!(Timestamp, |time: &Timestamp| time.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_exact() {
        assert!(Timestamp::from_ms(FIRST_MS - 1).is_err());
        assert_eq!(Timestamp::from_ms(FIRST_MS).unwrap().to_string(), "2000-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_ms(END_MS - 1).unwrap().day().to_string(), "2199-12-31");
        assert!(Timestamp::from_ms(END_MS).is_err());
    }

    #[test]
    fn text_reads_back() {
        for text in ["2026-11-03T14:05:00Z", "2026-11-03T14:05:00.125Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
    }
}
