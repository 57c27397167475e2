//! What clap has to say, in our words: help on standard output, errors with a hint on standard error.

use std::error::Error;
use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind;

use super::context::{Context, style};
use super::failure::{Exit, Failure};
use crate::model::amount::AmountError;
use crate::model::coded::UnknownWord;
use crate::model::day::DayError;
use crate::model::element::ElementError;
use crate::model::material::MaterialError;
use crate::model::place::PlaceError;
use crate::model::stage::StepError;
use crate::model::time::TimeError;

/// Prints what clap answered instead of a parsed command line, and returns the status to end with.
pub fn answer(error: &clap::Error, arguments: &[OsString]) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that has gone away is no error.
            let _ = write!(std::io::stdout(), "{error}");
            Exit::Done.code()
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr(), "{error}");
            Exit::Usage.code()
        }
        _ => {
            let failure = failure(error);
            let context = Context {
                ledger: ".".into(),
                json: wants_json(arguments),
                style: style(false),
                fixed_now: None,
            };
            context.complain(&failure);
            failure.exit.code()
        }
    }
}

/// Whether `--format json` stands among arguments that could not be parsed.
fn wants_json(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// Turns clap's error into an error line and a hint line: that of the value's own error where it has one.
fn failure(error: &clap::Error) -> Failure {
    let told = told(&error.to_string());
    let own = error.source().and_then(hint_of);
    Failure { hint: own.or(told.hint), ..told }
}

/// Returns the hint of an error of the values that arguments hold.
fn hint_of(error: &(dyn Error + 'static)) -> Option<String> {
    macro_rules! first_of {
        ($($kind:ty,)*) => { None$(.or_else(|| error.downcast_ref::<$kind>().and_then(<$kind>::hint)))* };
    }
    first_of! {
        DayError, TimeError, PlaceError, ElementError, MaterialError, StepError, AmountError, UnknownWord,
    }
}

/// Turns clap's text into an error line and a hint line.
fn told(text: &str) -> Failure {
    let mut problem = Vec::new();
    let mut tips = Vec::new();
    let mut usage = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(tip) = line.strip_prefix("tip:") {
            tips.push(tip.trim().to_owned());
        } else if let Some(line) = line.strip_prefix("Usage:") {
            usage = Some(format!("write it as `{}`", line.trim()));
        } else if !line.starts_with("For more information") {
            problem.push(line.trim_start_matches("error:").trim());
        }
    }
    let hint = if tips.is_empty() { usage } else { Some(tips.join("; ")) };
    let backticks = |text: String| text.replace('\'', "`");
    Failure::usage(backticks(problem.join(" ")), hint.map(backticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_clap_becomes_an_error_and_a_hint() {
        let text = "error: unexpected argument '--too' found\n\n  tip: a similar argument exists: '--to'\n\nUsage: lodemark dispatch --to <PARTY>\n\nFor more information, try '--help'.\n";
        let failure = told(text);
        assert_eq!(failure.error, "unexpected argument `--too` found");
        assert_eq!(failure.hint.as_deref(), Some("a similar argument exists: `--to`"));
    }

    #[test]
    fn a_value_that_cannot_be_read_keeps_its_own_hint() {
        use clap::builder::ValueParser;
        use clap::{Arg, Command, value_parser};

        use crate::model::day::{Day, Period};
        use crate::model::element::Element;
        use crate::model::mass::Mass;
        use crate::model::material::Material;
        use crate::model::place::Country;
        use crate::model::stage::{Stage, Step};
        use crate::model::time::Timestamp;

        let refused = |parser: ValueParser, given: &str| {
            let command = Command::new("lodemark").arg(Arg::new("value").long("value").value_parser(parser));
            failure(&command.try_get_matches_from(["lodemark", "--value", given]).unwrap_err())
        };
        for (parser, given, hint) in [
            (value_parser!(Day).into(), "2026-13-01", "such as 2027-02-15"),
            (value_parser!(Period).into(), "2026", "such as 2026-01-01..2026-12-31"),
            (value_parser!(Period).into(), "2026-02-01..2026-01-01", "write the first day first"),
            (value_parser!(Timestamp).into(), "noon", "write it like 2026-11-03T14:05:00Z"),
            (value_parser!(Country).into(), "UK", "`GB`"),
            (value_parser!(Element).into(), "ND", "`Nd`"),
            (value_parser!(Material).into(), "oxide.NdPrr", "`NdPr`"),
            (value_parser!(Step).into(), "P60 strip_cats", "`strip_cast`"),
            (value_parser!(Mass).into(), "5 kgs", "`kg`"),
            (value_parser!(Stage).into(), "P61", "`P6"),
        ] {
            let parser: ValueParser = parser;
            let failure = refused(parser, given);
            assert!(failure.error.contains(&format!("`{given}`")), "{}", failure.error);
            assert!(
                failure.hint.as_deref().unwrap_or_default().contains(hint),
                "{given}: {:?}",
                failure.hint
            );
        }
        assert_eq!(refused(value_parser!(u16).into(), "many").hint, None);
    }

    #[test]
    fn the_wish_for_json_is_seen_in_arguments_that_do_not_parse() {
        let arguments = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&arguments(&["lodemark", "--format", "json", "x"])));
        assert!(wants_json(&arguments(&["lodemark", "x", "--format=json"])));
        assert!(!wants_json(&arguments(&["lodemark", "x", "--format", "human"])));
    }
}
