//! What a command could not do, and the exit statuses.

use serde::Serialize;

/// How a command ended, as the shell sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done; for a verification: every rule passes or does not apply.
    Done,
    /// The data fails.
    Fails,
    /// The command was not written as it should be.
    Usage,
    /// Not established: evidence is missing or withheld.
    NotEstablished,
    /// The command could not run: a file, a store, a clock.
    CouldNotRun,
}

impl Exit {
    /// Returns the status number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Fails => 1,
            Self::Usage => 2,
            Self::NotEstablished => 3,
            Self::CouldNotRun => 4,
        }
    }
}

/// Why a command stopped: an error, what to do about it, and the status it ends with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Failure {
    /// What is so: lower case, no full stop.
    pub error: String,
    /// What to do.
    pub hint: Option<String>,
    /// The status to end with.
    #[serde(rename = "exit", serialize_with = "as_code")]
    pub exit: Exit,
}

fn as_code<S: serde::Serializer>(exit: &Exit, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_u8(exit.code())
}

impl Failure {
    /// Returns the failure of a command that was not written as it should be.
    pub fn usage(error: impl ToString, hint: Option<String>) -> Self {
        Self { error: error.to_string(), hint, exit: Exit::Usage }
    }

    /// Returns the failure of a command that could not run.
    pub fn stopped(error: impl ToString, hint: Option<String>) -> Self {
        Self { error: error.to_string(), hint, exit: Exit::CouldNotRun }
    }

    /// Returns the failure of a command that the data does not allow.
    pub fn refused(error: impl ToString, hint: Option<String>) -> Self {
        Self { error: error.to_string(), hint, exit: Exit::Fails }
    }

    /// Returns the failure to do `what` with a file.
    pub fn file(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => Some("check the path".to_owned()),
            std::io::ErrorKind::PermissionDenied => {
                Some("check who owns it and who may write there".to_owned())
            }
            _ => None,
        };
        Self::stopped(format!("cannot {what} `{}`: {error}", path.display()), hint)
    }
}

/// Errors of other rooms that know what to do about them.
macro_rules! failures {
    ($($error:path => $make:ident,)*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                let hint = error.hint();
                Self::$make(error, hint)
            }
        })*
    };
}

failures! {
    crate::sign::keyfile::KeyFileError => stopped,
    crate::store::StoreError => stopped,
    crate::entry::EntryError => usage,
    crate::scenario::ScenarioError => usage,
    crate::ledger::LedgerError => stopped,
    crate::ledger::ExportError => stopped,
    crate::capsule::CapsuleError => refused,
}

impl From<crate::ledger::FindError> for Failure {
    fn from(error: crate::ledger::FindError) -> Self {
        match error {
            crate::ledger::FindError::Ledger(error) => error.into(),
            error => {
                let hint = error.hint();
                Self::usage(error, hint)
            }
        }
    }
}

impl From<crate::ledger::AppendError> for Failure {
    fn from(error: crate::ledger::AppendError) -> Self {
        let hint = error.hint();
        match error {
            crate::ledger::AppendError::Ledger(error) => error.into(),
            error => Self::refused(error, hint),
        }
    }
}

impl From<crate::ledger::ImportError> for Failure {
    fn from(error: crate::ledger::ImportError) -> Self {
        let hint = error.hint();
        match error {
            crate::ledger::ImportError::Ledger(error) => error.into(),
            error => Self::refused(error, hint),
        }
    }
}

impl From<crate::ledger::MakeError> for Failure {
    fn from(error: crate::ledger::MakeError) -> Self {
        match error {
            crate::ledger::MakeError::Ledger(error) => error.into(),
            error => {
                let hint = error.hint();
                Self::usage(error, hint)
            }
        }
    }
}
