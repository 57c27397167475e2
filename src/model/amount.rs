//! Reading amounts: an exact decimal number and a unit, never one without the other.

use super::nearest::nearest;

/// A unit and the number of decimals that the smallest step has in it.
pub struct Unit {
    /// As written.
    pub name: &'static str,
    /// Decimals down to the smallest step.
    pub digits: u32,
}

/// What is being read.
pub struct Amount {
    /// In a word, for messages.
    pub what: &'static str,
    /// Units allowed.
    pub units: &'static [Unit],
    /// Good ones, for hints.
    pub example: &'static str,
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: {why}")]
pub struct AmountError {
    /// What was expected, in a word.
    pub what: &'static str,
    /// What was written.
    pub given: String,
    /// What is wrong with it.
    pub why: AmountFault,
    example: &'static str,
}

/// What is wrong with an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// There is no number in front.
    #[error("it does not begin with a number")]
    NoNumber,
    /// There is no unit behind the number.
    #[error("it has no unit")]
    NoUnit,
    /// The unit is not one of those allowed.
    #[error("`{given}` is not a unit it can have")]
    UnknownUnit {
        /// What was written.
        given: String,
        /// The nearest that is allowed.
        nearest: Option<&'static str>,
    },
    /// A comma may be a decimal sign or a thousands sign.
    #[error("a comma can be read in two ways")]
    Comma,
    /// It is below zero.
    #[error("it is negative")]
    Negative,
    /// It has more digits than the smallest step.
    #[error("it is finer than the smallest step")]
    TooFine,
    /// It is larger than can be recorded.
    #[error("it is too large to be recorded")]
    TooLarge,
}

impl AmountError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some(match &self.why {
            AmountFault::NoUnit => format!("write a unit behind the number, such as {}", self.example),
            AmountFault::Comma => "write `.` before decimals and nothing or spaces between thousands".into(),
            AmountFault::UnknownUnit { nearest: Some(unit), .. } => format!("did you mean `{unit}`?"),
            AmountFault::TooLarge | AmountFault::TooFine => return None,
            _ => format!("write it like {}", self.example),
        })
    }
}

impl Amount {
    /// Reads a number and a unit as a count of smallest steps.
    ///
    /// # Errors
    /// [`AmountError`] for a missing or unknown unit, a comma, a sign, too many decimals, or more than 64 bits.
    pub fn read(&self, text: &str) -> Result<u64, AmountError> {
        self.steps(text.trim()).map_err(|why| self.fault(text, why))
    }

    /// Returns the error that says `why` about `text`.
    pub fn fault(&self, text: &str, why: AmountFault) -> AmountError {
        AmountError { what: self.what, given: text.to_owned(), why, example: self.example }
    }

    fn steps(&self, text: &str) -> Result<u64, AmountFault> {
        if text.starts_with(['-', '\u{2212}']) {
            return Err(AmountFault::Negative);
        }
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | ',' | ' ' | '\u{a0}' | '\u{202f}'));
        let (number, unit) = text.split_at(end.unwrap_or(text.len()));
        if number.contains(',') {
            return Err(AmountFault::Comma);
        }
        let number: String = number.chars().filter(|c| matches!(c, '0'..='9' | '.')).collect();
        let (whole, decimals) = number.split_once('.').unwrap_or((&number, ""));
        if whole.is_empty() || decimals.contains('.') || number.ends_with('.') {
            return Err(AmountFault::NoNumber);
        }
        let unit = unit.trim();
        if unit.is_empty() {
            return Err(AmountFault::NoUnit);
        }
        let unit =
            self.units.iter().find(|known| known.name == unit).ok_or_else(|| AmountFault::UnknownUnit {
                given: unit.to_owned(),
                nearest: nearest(unit, self.units.iter().map(|known| known.name)),
            })?;
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > unit.digits as usize {
            return Err(AmountFault::TooFine);
        }
        let digits = format!("{whole}{decimals:0<width$}", width = unit.digits as usize);
        digits.parse().map_err(|_| AmountFault::TooLarge)
    }
}

/// Gives a type that reads from text the serde forms of that text, with the hint in the message.
macro_rules! text_serde {
    ($type:ty, $write:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$type) -> String = $write;
                s.serialize_str(&write(self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                text.parse::<$type>().map_err(|error| {
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    serde::de::Error::custom(format!("{error}{hint}"))
                })
            }
        }
    };
}

pub(crate) use text_serde;
