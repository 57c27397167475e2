//! The nearest right spelling, for hints.

/// Returns the candidate nearest to `given`, or `None` when none is near enough to be what was meant.
///
/// Near enough is at most two edits, or one edit for words of up to four letters; case does not count.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let limit = if given.chars().count() <= 4 { 1 } else { 2 };
    candidates
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&given, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_near_and_other_words_are_not() {
        assert_eq!(nearest("miner", ["mine", "magnet"]), Some("mine"));
        assert_eq!(nearest("strip_cats", ["strip_cast"]), Some("strip_cast"));
        assert_eq!(nearest("gold", ["magnet"]), None);
        assert_eq!(nearest("nd", ["Nd"]), Some("Nd"));
    }
}
