//! Names of private items with wild cards: which of them an export shows.

use std::fmt;
use std::str::FromStr;

use crate::model::coded::Coded;
use crate::model::kind::Kind;
use crate::model::nearest::nearest;

/// Every word that the key of a private item is made of, besides indices.
const WORDS: &[&str] = &[
    "add",
    "address",
    "behalf",
    "beneficiary",
    "carrier",
    "claim",
    "closing",
    "composition",
    "covers",
    "credit",
    "deposit",
    "documents",
    "element",
    "facility",
    "identifiers",
    "in",
    "issuer",
    "label",
    "late",
    "licence",
    "loss",
    "maker",
    "marks",
    "mass",
    "name",
    "note",
    "number",
    "opening",
    "operator",
    "out",
    "owner",
    "part",
    "period",
    "reason",
    "receipt",
    "receiver",
    "route",
    "sample",
    "seals",
    "serials",
    "summary",
    "supplier",
    "tags",
    "terms",
    "title",
    "to",
    "touch",
    "volume",
    "with",
];

/// Names some private items: `out/*/mass`, `in`, `transform:in`, `*`.
///
/// A pattern covers the item of that key and all below it, part by part; `*` stands for any one part. A kind
/// and a colon in front narrow it to records of that kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    kind: Option<Kind>,
    parts: Vec<String>,
}

/// A text that names no private items.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no private items: {why}")]
pub struct PatternError {
    text: String,
    why: &'static str,
    nearest: Option<&'static str>,
}

impl PatternError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        if let Some(word) = self.nearest {
            return Some(format!("did you mean `{word}`?"));
        }
        Some(
            "write a key such as `out/*/mass`, `in` or `receiver`, `transform:in` for one kind, `*` for all"
                .into(),
        )
    }
}

impl Pattern {
    /// Returns the pattern that covers every private item.
    pub fn everything() -> Self {
        Self { kind: None, parts: vec!["*".into()] }
    }

    /// Whether the item at `path` of a record of `kind` is covered. A kind that is not known matches no pattern
    /// that names one.
    pub fn covers(&self, kind: Option<Kind>, path: &str) -> bool {
        if self.kind.is_some() && self.kind != kind {
            return false;
        }
        // What a correction puts in the place of a value is as private as the value.
        let is_about_corrections = self.parts.first().is_some_and(|part| part == "with");
        let path = path.strip_prefix("with/").filter(|_| !is_about_corrections).unwrap_or(path);
        let mut path = path.split('/');
        self.parts.iter().all(|part| path.next().is_some_and(|found| part == "*" || part == found))
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let wrong = |why| PatternError { text: text.to_owned(), why, nearest: None };
        let (kind, path) = match text.split_once(':') {
            Some((kind, path)) => (Some(Kind::from_name(kind).map_err(|_| wrong("no such kind"))?), path),
            None => (None, text),
        };
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        let is_part = |part: &String| {
            part == "*"
                || !part.is_empty()
                    && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.'))
        };
        if !parts.iter().all(is_part) {
            return Err(wrong("no key looks like this"));
        }
        // A misspelt word would cover nothing, and so show what was to be withheld.
        let is_word = |part: &&String| {
            *part != "*" && !part.bytes().all(|b| b.is_ascii_digit()) && !WORDS.contains(&part.as_str())
        };
        match parts.iter().find(is_word) {
            None => Ok(Self { kind, parts }),
            Some(part) => Err(PatternError {
                nearest: nearest(part, WORDS.iter().copied()),
                ..wrong("no item has this word in its key")
            }),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(kind) = self.kind {
            write!(f, "{}:", kind.name())?;
        }
        f.write_str(&self.parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_covers_its_key_and_all_below() {
        let covers = |text: &str, path: &str| pattern(text).covers(Some(Kind::Transform), path);
        assert!(covers("out/*/mass", "out/12/mass"));
        assert!(covers("out", "out/12/mass"));
        assert!(covers("*", "in"));
        assert!(covers("transform:in", "in"));
        assert!(!covers("dispatch:in", "in"));
        assert!(!covers("out/*/mass", "out/12/label"));
        assert!(!covers("out/1/mass", "out/12/mass"));
        assert!(!covers("receiver/mass", "receiver"));
    }

    #[test]
    fn a_misspelt_pattern_is_refused_with_the_nearest_word() {
        let error = "dispatch:recever".parse::<Pattern>().unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `receiver`?"));
        assert!("out/0/masss".parse::<Pattern>().is_err());
    }

    #[test]
    fn every_private_item_can_be_named() {
        let mut words: Vec<String> = Vec::new();
        for event in crate::record::tests::one_of_each() {
            for slot in crate::record::slots(&event) {
                assert!(slot.parse::<Pattern>().is_ok(), "{slot}");
                words.extend(slot.split('/').map(str::to_owned));
            }
        }
        for word in ["label", "serials", "seals", "documents", "note", "behalf", "late"] {
            words.push(word.to_owned());
        }
        let unused: Vec<_> = WORDS.iter().filter(|word| !words.iter().any(|used| used == *word)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn what_a_correction_states_is_covered_like_what_it_stands_for() {
        assert!(pattern("out/*/mass").covers(Some(Kind::Correct), "with/out/3/mass"));
        assert!(pattern("with").covers(Some(Kind::Correct), "with/out/3/mass"));
        assert!(!pattern("with/in").covers(Some(Kind::Correct), "in"));
        assert!(!pattern("transform:in").covers(Some(Kind::Correct), "with/in"));
    }

    #[test]
    fn odd_patterns_are_refused_and_good_ones_read_back() {
        for text in ["", "out//mass", "Out", "melt:in", "out/%"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
        for text in ["*", "transform:out/*/mass"] {
            assert_eq!(pattern(text).to_string(), text);
        }
    }
}
