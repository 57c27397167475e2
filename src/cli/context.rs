//! What every command is given: where the ledger is, how to print, what time it is.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::failure::Failure;
use crate::model::day::Day;
use crate::model::time::Timestamp;
use crate::report::{Screen, Style, to_text};

/// The surroundings of one command.
#[derive(Clone, Debug)]
pub struct Context {
    /// Directory of the ledger.
    pub ledger: PathBuf,
    /// Whether JSON is wanted.
    pub json: bool,
    /// How text is to look.
    pub style: Style,
    /// A fixed time, for tests.
    pub fixed_now: Option<Timestamp>,
}

impl Context {
    /// Returns the time by the system's clock.
    ///
    /// # Errors
    /// [`Failure`] for a clock outside 2000 to 2199.
    pub fn now(&self) -> Result<Timestamp, Failure> {
        if let Some(now) = self.fixed_now {
            return Ok(now);
        }
        let ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Timestamp::from_ms(u64::try_from(ms).unwrap_or(u64::MAX)).map_err(|_| {
            let hint = "set the clock of this machine: its time is signed into every record";
            Failure::stopped("the clock of this machine is not between 2000 and 2199", Some(hint.into()))
        })
    }

    /// Returns the calendar day, in UTC.
    ///
    /// # Errors
    /// As [`Context::now`].
    pub fn today(&self) -> Result<Day, Failure> {
        Ok(self.now()?.day())
    }

    /// Prints a result to standard output.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be written; a reader that has gone away is no error.
    pub fn print<S: Screen>(&self, screen: &S) -> Result<(), Failure> {
        self.print_text(&if self.json { screen.json() } else { to_text(screen, self.style) })
    }

    /// Prints a text as it is to standard output.
    ///
    /// # Errors
    /// As [`Context::print`].
    pub fn print_text(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::stopped(format!("cannot write the result: {error}"), None))
            }
            _ => Ok(()),
        }
    }

    /// Prints a warning to standard error.
    pub fn warn(&self, warning: &str, hint: Option<&str>) {
        let mut text = format!("warning: {warning}\n");
        if let Some(hint) = hint {
            text.push_str(&format!("hint: {hint}\n"));
        }
        // Nobody is left to be told when standard error is closed.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Prints why the command stopped to standard error.
    pub fn complain(&self, failure: &Failure) {
        let text = if self.json { failure.json() } else { to_text(failure, self.style) };
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Returns a progress bar on standard error, which shows nothing unless that is a terminal.
    pub fn progress(&self, what: &'static str, total: u64) -> indicatif::ProgressBar {
        if self.json || !io::stderr().is_terminal() {
            return indicatif::ProgressBar::hidden();
        }
        let style = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}")
            .expect("the template names known parts only");
        indicatif::ProgressBar::new(total).with_style(style).with_message(what)
    }
}

impl Screen for Failure {
    const NAME: &'static str = "error";

    fn write(&self, page: &mut crate::report::Page) {
        // Not wrapped: other programs look for these lines.
        page.verbatim(&format!("error: {}", self.error));
        if let Some(hint) = &self.hint {
            page.verbatim(&format!("hint: {hint}"));
        }
    }
}

/// Returns how text is to look on this terminal.
pub fn style(ids: bool) -> Style {
    let terminal = io::stdout().is_terminal();
    let width = terminal_size::terminal_size().filter(|_| terminal).map_or(100, |(width, _)| width.0.into());
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { width: width.clamp(40, 140), bold: terminal && !plain, ids }
}
