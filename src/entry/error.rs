//! What is wrong with an event as written: where, what, and what to write instead.

/// A field of an event that cannot be read or looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(*.event, .field))]
pub struct EntryError {
    /// Which event of the file, counted from 1, where there are several.
    pub event: Option<usize>,
    /// Path of the field, such as `out/0/mass`; empty for the event as a whole.
    pub field: String,
    /// What is so: lower case, no full stop.
    pub problem: String,
    /// What to write instead.
    pub hint: Option<String>,
}

fn place(event: Option<usize>, field: &str) -> String {
    match (event, field.is_empty()) {
        (Some(event), false) => format!("event {event}, field `{field}`: "),
        (Some(event), true) => format!("event {event}: "),
        (None, false) => format!("field `{field}`: "),
        (None, true) => String::new(),
    }
}

impl EntryError {
    /// Returns an error about the field at this path.
    pub fn new(field: impl Into<String>, problem: impl Into<String>, hint: Option<String>) -> Self {
        Self { event: None, field: field.into(), problem: problem.into(), hint }
    }

    /// Returns it with the number of its event, counted from 1, unless it has one.
    pub fn in_event(mut self, number: usize) -> Self {
        self.event.get_or_insert(number);
        self
    }

    /// Returns what to write instead.
    pub fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}

/// Errors of texts that people wrote, which know what to write instead.
pub trait Hinted: std::fmt::Display {
    /// Returns what to write instead.
    fn better(&self) -> Option<String>;
}

macro_rules! hinted {
    ($($error:path,)*) => {
        $(impl Hinted for $error {
            fn better(&self) -> Option<String> {
                self.hint()
            }
        })*
    };
}

hinted! {
    crate::model::amount::AmountError,
    crate::model::claim::ClaimError,
    crate::model::coded::UnknownWord,
    crate::model::day::DayError,
    crate::model::element::ElementError,
    crate::model::fact::FactCodeError,
    crate::model::hs::HsError,
    crate::model::material::MaterialError,
    crate::model::place::PlaceError,
    crate::model::stage::StepError,
    crate::model::time::TimeError,
}

impl Hinted for crate::model::words::TextError {
    fn better(&self) -> Option<String> {
        None
    }
}

/// Reads one text of a field.
///
/// # Errors
/// [`EntryError`] at `field` for a text that is no such value.
pub fn text<T: std::str::FromStr<Err: Hinted>>(field: &str, text: &str) -> Result<T, EntryError> {
    text.parse().map_err(|error: T::Err| EntryError::new(field, error.to_string(), error.better()))
}

/// Reads the text of a field that may be absent.
pub(super) fn some<T: std::str::FromStr<Err: Hinted>>(
    field: &str,
    given: &Option<String>,
) -> Result<Option<T>, EntryError> {
    given.as_deref().map(|given| text(field, given)).transpose()
}

/// Reads a text of a field that must be there; `example` is a good one.
pub(super) fn need<T: std::str::FromStr<Err: Hinted>>(
    field: &str,
    given: &Option<String>,
    example: &str,
) -> Result<T, EntryError> {
    match given {
        Some(given) => text(field, given),
        None => Err(missing(field, example)),
    }
}

/// Returns the error of a field that must be there; `example` is a good value.
pub(super) fn missing(field: &str, example: &str) -> EntryError {
    EntryError::new(field, "it is missing", Some(format!("write it, such as {example}")))
}

/// Returns words a person gave, in normal form, of at most `max` bytes.
pub(super) fn words(field: &str, given: &str, max: usize) -> Result<String, EntryError> {
    crate::model::words::clean(given, max).map_err(|error| EntryError::new(field, error.to_string(), None))
}

/// Returns words of a field that may be absent.
pub(super) fn some_words(
    field: &str,
    given: &Option<String>,
    max: usize,
) -> Result<Option<String>, EntryError> {
    given.as_deref().map(|given| words(field, given, max)).transpose()
}
