//! Runs of numbered things: `RW-0001..RW-0040` means forty tags, `bag 1..bag 40` forty bags.

use crate::entry::error::{self, EntryError};

/// Most numbers that one record holds.
pub(super) const MOST: usize = 4_096;

/// Returns the names that `text` stands for: itself, or every number of a run, both ends included.
///
/// # Errors
/// [`EntryError`] at `field` for a run whose ends are not of one series, that runs backwards, or that is longer than
/// [`MOST`].
pub(super) fn names(field: &str, text: &str) -> Result<Vec<String>, EntryError> {
    let Some((first, last)) = text.split_once("..") else {
        return Ok(vec![error::words(field, text, 64)?]);
    };
    let (first, last) = (error::words(field, first.trim(), 64)?, error::words(field, last.trim(), 64)?);
    let ((series, from), (other, to)) = (numbered(&first), numbered(&last));
    let numbers = (from.parse::<u64>(), to.parse::<u64>());
    let (Ok(start), Ok(end)) = numbers else { return Err(no_series(field, text)) };
    // `bag 9..bag 10` is a run without leading zeros; `RW-09..RW-010` is none.
    let is_padded = |digits: &str| digits.len() > 1 && digits.starts_with('0');
    let padded = is_padded(from) || is_padded(to);
    if series != other || (padded && from.len() != to.len()) {
        return Err(no_series(field, text));
    }
    if end < start {
        let problem = format!("`{text}` runs backwards");
        return Err(EntryError::new(field, problem, Some(format!("did you mean `{last}..{first}`?"))));
    }
    let count = u128::from(end - start) + 1;
    if count > MOST as u128 {
        let problem = format!("`{text}` are {count} numbers, and one record holds at most {MOST}");
        let hint = "check the last number; if there are so many, write them in several events";
        return Err(EntryError::new(field, problem, Some(hint.into())));
    }
    let width = if padded { from.len() } else { 0 };
    Ok((start..=end).map(|number| format!("{series}{number:0width$}")).collect())
}

fn numbered(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

fn no_series(field: &str, text: &str) -> EntryError {
    let problem = format!("the two ends of `{text}` are not of one series");
    let hint = "both ends have the same letters before the number, and with leading zeros as many digits, \
                such as RW-0001..RW-0040";
    EntryError::new(field, problem, Some(hint.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Result<usize, String> {
        names("tags/0", text).map(|names| names.len()).map_err(|error| error.problem)
    }

    #[test]
    fn a_run_holds_both_its_ends_and_keeps_leading_zeros() {
        assert_eq!(names("", "RW-0008..RW-0011").unwrap(), ["RW-0008", "RW-0009", "RW-0010", "RW-0011"]);
        assert_eq!(names("", "bag 9..bag 11").unwrap(), ["bag 9", "bag 10", "bag 11"]);
        assert_eq!(names("", "7..7").unwrap(), ["7"]);
        assert_eq!(names("", "RW-0001").unwrap(), ["RW-0001"]);
    }

    #[test]
    fn a_run_is_at_most_one_record_long() {
        assert_eq!(count("A1..A4096"), Ok(4096));
        assert!(count("A1..A4097").unwrap_err().contains("4097 numbers"));
        assert!(count("A0..A18446744073709551615").unwrap_err().contains("18446744073709551616"));
    }

    #[test]
    fn ends_of_two_series_and_backward_runs_are_refused() {
        for text in [
            "RW-0001..CD-0040",
            "RW-01..RW-002",
            "RW-0001..",
            "..RW-0001",
            "A..B",
            "A1..A99999999999999999999",
        ] {
            assert!(names("tags/0", text).is_err(), "{text}");
        }
        let error = names("tags/0", "RW-0040..RW-0001").unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `RW-0001..RW-0040`?"));
    }
}
