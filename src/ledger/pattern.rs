//! Names of private items with wild cards: which of them an export shows.

use std::fmt;
use std::str::FromStr;

use crate::model::coded::Coded;
use crate::model::kind::Kind;

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
}

impl PatternError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
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
        let mut path = path.split('/');
        self.parts.iter().all(|part| path.next().is_some_and(|found| part == "*" || part == found))
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let wrong = |why| PatternError { text: text.to_owned(), why };
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
        if parts.iter().all(is_part) {
            Ok(Self { kind, parts })
        } else {
            Err(wrong("no key looks like this"))
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
        assert!(!covers("receiver/x", "receiver"));
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
