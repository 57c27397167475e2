//! Why a pack cannot be used: what is wrong, in which line, and what to try instead.

use super::FORMAT;
use super::tables::Table;
use crate::model::day::Day;
use crate::text::{self, TextError};

/// Why a pack cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The text does not hold a pack.
    #[error(transparent)]
    Text(#[from] TextError),
    /// What it holds does not fit together.
    #[error("line {line}: {fault}")]
    Fault {
        /// Line, from 1, of the field, or of what stands nearest around it.
        line: usize,
        /// What is wrong.
        fault: PackFault,
    },
}

/// What in a pack does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackFault {
    /// It says that it is something else.
    #[error("`format` is `{found}`, expected `{FORMAT}`")]
    Format {
        /// What it says.
        found: String,
    },
    /// A name is empty, too long or holds other characters than it may.
    #[error("`{field}` is `{found}`, which is no name of this kind")]
    Name {
        /// Which field.
        field: String,
        /// What was written.
        found: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Two rules have one name.
    #[error("two rules are called `{id}`")]
    SameRule {
        /// Which field.
        field: String,
        /// The name.
        id: String,
    },
    /// A field that must say something is empty.
    #[error("`{field}` is empty")]
    Empty {
        /// Which field.
        field: String,
    },
    /// A rule names a list or table that the pack does not have.
    #[error("`{field}` names `{given}`, which the pack does not have under `[{table}]`")]
    UnknownList {
        /// Which field.
        field: String,
        /// What was written.
        given: String,
        /// The table that lists of this kind stand in.
        table: Table,
        /// The nearest list, if one is near.
        nearest: Option<String>,
        /// Every list of this kind that there is.
        known: Vec<String>,
    },
    /// A rule names a rule that the pack does not have.
    #[error("`{field}` names the rule `{given}`, which the pack does not have")]
    UnknownRule {
        /// Which field.
        field: String,
        /// What was written.
        given: String,
        /// The nearest rule, if one is near.
        nearest: Option<String>,
    },
    /// A text ends before it begins.
    #[error("`{field}` ends on {to}, before it begins on {from}")]
    EndsFirst {
        /// Which text.
        field: String,
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// Two texts that take each other's place hold on one day.
    #[error("`{rule}` takes the place of `{other}`, and there are days on which both hold")]
    Overlap {
        /// Which field.
        field: String,
        /// The later text.
        rule: String,
        /// The earlier text.
        other: String,
    },
    /// A value that cannot be, alone or beside another.
    #[error("`{field}`: {problem}")]
    Value {
        /// Which field.
        field: String,
        /// What is wrong: lower case, no full stop.
        problem: String,
        /// What to try instead.
        hint: String,
    },
}

impl PackError {
    /// Puts the line of a fault beside it.
    pub(super) fn at(text: &str, fault: PackFault) -> Self {
        Self::Fault { line: text::line_of(text, fault.field()), fault }
    }

    /// Returns the line it is about, from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Text(error) => error.line,
            Self::Fault { line, .. } => *line,
        }
    }

    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(error) => error.hint(),
            Self::Fault { fault, .. } => Some(fault.hint()),
        }
    }
}

impl PackFault {
    /// Returns the path of the field it is about.
    fn field(&self) -> &str {
        match self {
            Self::Format { .. } => "format",
            Self::Name { field, .. }
            | Self::SameRule { field, .. }
            | Self::Empty { field }
            | Self::UnknownList { field, .. }
            | Self::UnknownRule { field, .. }
            | Self::EndsFirst { field, .. }
            | Self::Overlap { field, .. }
            | Self::Value { field, .. } => field,
        }
    }

    /// Returns what to try instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Format { .. } => format!("begin the file with `format = \"{FORMAT}\"`"),
            Self::Name { allowed, .. } => format!("write {allowed}"),
            Self::SameRule { .. } => "give each rule a name of its own".to_owned(),
            Self::Empty { .. } => "fill it in, or leave the line out where that is allowed".to_owned(),
            Self::UnknownList { nearest: Some(name), .. } | Self::UnknownRule { nearest: Some(name), .. } => {
                format!("did you mean `{name}`?")
            }
            Self::UnknownList { table, given, known, .. } => {
                let known = match known.is_empty() {
                    true => String::new(),
                    false => format!(", or name one of {}", known.join(", ")),
                };
                format!("{}{known}", table.example(given))
            }
            Self::UnknownRule { .. } => "name a rule by its `id`".to_owned(),
            Self::EndsFirst { .. } => "swap the two days".to_owned(),
            Self::Overlap { .. } => "end the earlier text on the day before the later one begins".to_owned(),
            Self::Value { hint, .. } => hint.clone(),
        }
    }
}
