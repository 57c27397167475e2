//! Values of a file before they mean anything: tables, lists, texts, numbers.
//!
//! One type for TOML and JSON, so that a scenario can change a value by its path before it is read as an event.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// A value as written. TOML dates and times are texts.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    /// Nothing: JSON's `null`.
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Another number, as written; no field takes one.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// A table, in the order written.
    Table(Vec<(String, Tree)>),
}

/// A path that leads nowhere in a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` leads nowhere: there is no `{part}`")]
pub struct TreeError {
    /// The whole path.
    pub path: String,
    /// The part that is not there.
    pub part: String,
}

impl Tree {
    /// Returns what the value is, in a word.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flag(_) => "true or false",
            Self::Whole(_) | Self::Number(_) => "a bare number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// Returns the value under `name` of a table.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Table(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the text under `name` of a table.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Takes the value under `name` out of a table.
    pub fn take(&mut self, name: &str) -> Option<Self> {
        let Self::Table(fields) = self else { return None };
        let at = fields.iter().position(|(field, _)| field == name)?;
        Some(fields.remove(at).1)
    }

    /// Returns the value at a path such as `out/0/mass`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |tree, part| match tree {
            Self::List(entries) => entries.get(part.parse::<usize>().ok()?),
            _ => tree.get(part),
        })
    }

    /// Puts `value` at a path such as `out/0/mass`; the last part may be a new field, or the index after the
    /// last of a list. `Nothing` takes the value away.
    ///
    /// # Errors
    /// [`TreeError`] where a part before the last is not there.
    pub fn put(&mut self, path: &str, value: Self) -> Result<(), TreeError> {
        let fault = |part: &str| TreeError { path: path.to_owned(), part: part.to_owned() };
        let (parents, last) = match path.rsplit_once('/') {
            Some((parents, last)) => (Some(parents), last),
            None => (None, path),
        };
        let mut tree = self;
        for part in parents.into_iter().flat_map(|parents| parents.split('/')) {
            tree = tree.child(part).ok_or_else(|| fault(part))?;
        }
        match tree {
            Self::Table(fields) => {
                let known = fields.iter().position(|(field, _)| field == last);
                match (known, value) {
                    (Some(at), Self::Nothing) => {
                        fields.remove(at);
                    }
                    (None, Self::Nothing) => return Err(fault(last)),
                    (Some(at), value) => fields[at].1 = value,
                    (None, value) => fields.push((last.to_owned(), value)),
                }
                Ok(())
            }
            Self::List(entries) => {
                let at = last.parse::<usize>().map_err(|_| fault(last))?;
                match (at.cmp(&entries.len()), value) {
                    (std::cmp::Ordering::Less, Self::Nothing) => {
                        entries.remove(at);
                    }
                    (std::cmp::Ordering::Less, value) => entries[at] = value,
                    (std::cmp::Ordering::Equal, value) if value != Self::Nothing => entries.push(value),
                    _ => return Err(fault(last)),
                }
                Ok(())
            }
            _ => Err(fault(last)),
        }
    }

    fn child(&mut self, part: &str) -> Option<&mut Self> {
        match self {
            Self::List(entries) => entries.get_mut(part.parse::<usize>().ok()?),
            Self::Table(fields) => fields.iter_mut().find(|(field, _)| field == part).map(|(_, value)| value),
            _ => None,
        }
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(flag))
    }

    fn visit_i64<E>(self, whole: i64) -> Result<Tree, E> {
        Ok(Tree::Whole(whole))
    }

    fn visit_u64<E>(self, whole: u64) -> Result<Tree, E> {
        Ok(i64::try_from(whole).map_or_else(|_| Tree::Number(whole.to_string()), Tree::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Tree::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Tree, A::Error> {
        let mut fields: Vec<(String, Tree)> = Vec::new();
        while let Some((name, value)) = table.next_entry::<String, Tree>()? {
            // A TOML date comes as a table of one field with a name that no file can hold.
            if name.starts_with("$__toml") {
                return Ok(value);
            }
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom(format!("`{name}` is there twice")));
            }
            fields.push((name, value));
        }
        Ok(Tree::Table(fields))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TreeVisitor)
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => s.serialize_none(),
            Self::Flag(flag) => s.serialize_bool(*flag),
            Self::Whole(whole) => s.serialize_i64(*whole),
            Self::Number(text) | Self::Text(text) => s.serialize_str(text),
            Self::List(entries) => s.collect_seq(entries),
            Self::Table(fields) => s.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let lot = Tree::Table(vec![("mass".into(), Tree::Text("1 kg".into()))]);
        Tree::Table(vec![("out".into(), Tree::List(vec![lot]))])
    }

    #[test]
    fn values_are_changed_added_and_taken_away_by_path() {
        let mut tree = tree();
        tree.put("out/0/mass", Tree::Text("2 kg".into())).unwrap();
        assert_eq!(tree.at("out/0/mass"), Some(&Tree::Text("2 kg".into())));
        tree.put("out/1", Tree::Table(vec![])).unwrap();
        tree.put("out/1/label", Tree::Text("B".into())).unwrap();
        assert_eq!(tree.at("out/1/label"), Some(&Tree::Text("B".into())));
        tree.put("out/0", Tree::Nothing).unwrap();
        assert_eq!(tree.at("out/0/label"), Some(&Tree::Text("B".into())));
    }

    #[test]
    fn a_path_that_leads_nowhere_names_the_part_that_is_not_there() {
        for (path, part) in [("outt/0/mass", "outt"), ("out/1/mass", "1"), ("out/2", "2"), ("out/x", "x")] {
            let error = tree().put(path, Tree::Flag(true)).unwrap_err();
            assert_eq!(error.part, part, "{path}");
        }
    }
}
