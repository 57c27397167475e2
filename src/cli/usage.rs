//! What clap has to say, in our words: help on standard output, errors with a hint on standard error.

use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind;

use super::context::{Context, style};
use super::failure::{Exit, Failure};

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
            let failure = failure(&error.to_string());
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

/// Turns clap's text into an error line and a hint line.
fn failure(text: &str) -> Failure {
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
        let failure = failure(text);
        assert_eq!(failure.error, "unexpected argument `--too` found");
        assert_eq!(failure.hint.as_deref(), Some("a similar argument exists: `--to`"));
    }

    #[test]
    fn the_wish_for_json_is_seen_in_arguments_that_do_not_parse() {
        let arguments = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&arguments(&["lodemark", "--format", "json", "x"])));
        assert!(wants_json(&arguments(&["lodemark", "x", "--format=json"])));
        assert!(!wants_json(&arguments(&["lodemark", "x", "--format", "human"])));
    }
}
