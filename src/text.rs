//! TOML, JSON and CSV as texts that people write and read: the one file that names their packages.
//!
//! Reading gives values by serde and, when that fails, the line, column and field. Writing gives JSON with
//! fields in the order of the type, so that equal values are equal texts. Signed bytes never pass here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use crate::model::nearest::nearest;

/// The longest text that is read, in bytes.
pub const MAX_LEN: usize = 16 * 1024 * 1024;

/// Why a text cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{message}", in_field(.field))]
pub struct TextError {
    /// Line, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
    /// The field, such as `rule[2].title`; none where the text as a whole is meant.
    pub field: Option<String>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    hint: Option<String>,
}

impl TextError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}

fn in_field(field: &Option<String>) -> String {
    field.as_ref().map(|field| format!("`{field}`: ")).unwrap_or_default()
}

/// Reads a value from a TOML text.
///
/// # Errors
/// [`TextError`] for a text over [`MAX_LEN`], one that is no TOML, or one that does not hold such a value.
pub fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, TextError> {
    check_length(text)?;
    toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        // The text as a whole has an empty span: what it lacks is not said of the field that stands first in it.
        let table = if span.is_empty() { None } else { DeTable::parse(text).ok() };
        let field = table.and_then(|table| toml_field(&DeValue::Table(table.into_inner()), span.start));
        said(text, span.start, field, error.message())
    })
}

/// Reads a value from a JSON text.
///
/// # Errors
/// [`TextError`] for a text over [`MAX_LEN`], one that is no JSON, or one that does not hold such a value.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, TextError> {
    check_length(text)?;
    serde_json::from_str(text).map_err(|error| {
        let offset = offset_of(text, error.line(), error.column());
        let whole = error.to_string();
        let message = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(message, _)| message);
        said(text, offset, json_field(&text[..offset], missing(message).is_some()), message)
    })
}

/// Writes a value as JSON over several lines, two spaces a level, ending in a line end.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value);
    text.expect("values of this program have texts as keys and no numbers that JSON lacks") + "\n"
}

/// Writes a value as JSON on one line, without a line end.
pub fn to_json_line<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value)
        .expect("values of this program have texts as keys and no numbers that JSON lacks")
}

/// Writes a value as TOML.
pub fn to_toml<T: Serialize + ?Sized>(value: &T) -> String {
    toml::to_string(value).expect("the value is a table, and values of this program fit TOML")
}

/// Returns the line, from 1, of the field of a TOML text with this path, such as `rule[2].check.share.least`.
///
/// Where there is no such field, the line of the last one on the way to it.
pub fn line_of(text: &str, field: &str) -> usize {
    let Ok(table) = DeTable::parse(text) else { return 1 };
    let (mut at, mut found) = (DeValue::Table(table.into_inner()), 0);
    let steps = field.split('.').flat_map(|part| part.split(['[', ']'])).filter(|step| !step.is_empty());
    for step in steps {
        let next = match &at {
            DeValue::Table(table) => {
                let entry = table.iter().find(|(key, _)| key.get_ref() == step);
                entry.map(|(key, value)| (key.span().start, value.get_ref()))
            }
            DeValue::Array(array) => {
                let value = step.parse().ok().and_then(|index: usize| array.get(index));
                value.map(|value| (value.span().start, value.get_ref()))
            }
            _ => None,
        };
        let Some((start, value)) = next.map(|(start, value)| (start, value.clone())) else { break };
        (found, at) = (start.max(found), value);
    }
    text[..found].matches('\n').count() + 1
}

/// Writes rows as CSV, each line ending in a line end; all rows have as many cells as the first.
///
/// Source: RFC 4180, with line ends of one character.
pub fn to_csv<R: IntoIterator<Item = Vec<String>>>(rows: R) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("rows have as many cells as the first, and memory takes them");
    }
    let bytes = writer.into_inner().expect("memory takes what is written");
    String::from_utf8(bytes).expect("cells are texts")
}

fn check_length(text: &str) -> Result<(), TextError> {
    if text.len() <= MAX_LEN {
        return Ok(());
    }
    let message = format!("the text has {} bytes, at most {MAX_LEN} are read", text.len());
    Err(TextError { line: 1, column: 1, field: None, message, hint: None })
}

/// Puts a message of the readers into our words: where, which field, and a hint of its own.
fn said(text: &str, offset: usize, field: Option<String>, message: &str) -> TextError {
    let before = &text[..offset.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let message = message.trim().replace('\n', "; ");
    // Values of this program put their hint behind a semicolon.
    let (message, mut hint) = match message.rsplit_once("; ") {
        Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
        None => (message, None),
    };
    if hint.is_none()
        && let Some(name) = missing(&message)
    {
        let place = field.as_ref().map_or_else(|| "the text".to_owned(), |field| format!("`{field}`"));
        hint = Some(format!("add `{name}` to {place}"));
    }
    if hint.is_none() && (message.starts_with("unknown field") || message.starts_with("unknown variant")) {
        let mut words = message.split('`').skip(1).step_by(2);
        let given = words.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = words.collect();
        hint = match nearest(&given, known.iter().copied()) {
            Some(word) => Some(format!("did you mean `{word}`?")),
            None => Some(format!("known here: {}", known.join(", "))),
        };
        let message = message.split(", expected").next().unwrap_or_default().replace("variant", "word");
        let message = message.replace(", there are no fields", "");
        return TextError { line, column, field, message, hint };
    }
    TextError { line, column, field, message, hint }
}

/// Returns the name of the field that a message of the readers misses.
fn missing(message: &str) -> Option<&str> {
    message.trim().strip_prefix("missing field `")?.strip_suffix('`')
}

/// Returns the byte offset of a line and column (in bytes, as JSON errors count) that lies on a character.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Returns the path of the innermost key whose name or value holds `offset`.
fn toml_field(value: &DeValue<'_>, offset: usize) -> Option<String> {
    let mut path = String::new();
    let mut at = Some(value);
    while let Some(value) = at.take() {
        match value {
            DeValue::Table(table) => {
                let holds = |(key, value): &(&toml::Spanned<_>, &toml::Spanned<_>)| {
                    holds(key.span(), offset) || spans(value.get_ref(), value.span(), offset)
                };
                if let Some((key, value)) = table.iter().find(holds) {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key.get_ref());
                    at = Some(value.get_ref());
                }
            }
            DeValue::Array(array) => {
                let found =
                    array.iter().enumerate().find(|(_, one)| spans(one.get_ref(), one.span(), offset));
                if let Some((index, value)) = found {
                    path.push_str(&format!("[{index}]"));
                    at = Some(value.get_ref());
                }
            }
            _ => {}
        }
    }
    (!path.is_empty()).then_some(path)
}

fn holds(span: std::ops::Range<usize>, offset: usize) -> bool {
    span.contains(&offset)
}

/// Whether a value, or for tables written under headers anything in it, holds `offset`.
fn spans(value: &DeValue<'_>, span: std::ops::Range<usize>, offset: usize) -> bool {
    if holds(span, offset) {
        return true;
    }
    // The reader bounds how deep a text nests, so this cannot run away.
    match value {
        DeValue::Table(table) => table
            .iter()
            .any(|(key, value)| holds(key.span(), offset) || spans(value.get_ref(), value.span(), offset)),
        DeValue::Array(array) => array.iter().any(|one| spans(one.get_ref(), one.span(), offset)),
        _ => false,
    }
}

/// Returns the path of the value that a JSON text has come to when it ends, such as `lots[1].mass`; of what holds
/// that value where `of_holder`.
fn json_field(read: &str, of_holder: bool) -> Option<String> {
    enum Level {
        Object(Option<String>),
        Array(usize),
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut last_text = String::new();
    let mut chars = read.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                last_text.clear();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => last_text.extend(chars.next()),
                        c => last_text.push(c),
                    }
                }
            }
            ':' => {
                if let Some(Level::Object(key)) = levels.last_mut() {
                    *key = Some(std::mem::take(&mut last_text));
                }
            }
            '{' => levels.push(Level::Object(None)),
            '[' => levels.push(Level::Array(0)),
            '}' | ']' => drop(levels.pop()),
            ',' => {
                if let Some(Level::Array(index)) = levels.last_mut() {
                    *index += 1;
                }
            }
            _ => {}
        }
    }
    if of_holder {
        levels.pop();
    }
    let mut path = String::new();
    for level in levels {
        match level {
            Level::Array(index) => path.push_str(&format!("[{index}]")),
            Level::Object(Some(key)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key);
            }
            Level::Object(None) => {}
        }
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::model::element::Element;

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Book {
        title: String,
        #[serde(default)]
        chapters: Vec<Chapter>,
    }

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Chapter {
        pages: u32,
        element: Option<Element>,
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_place_and_the_nearest_right_one() {
        let text = "title = \"a\"\n\n[[chapters]]\npages = 1\n[[chapters]]\npges = 2\n";
        let error = from_toml::<Book>(text).unwrap_err();
        assert_eq!(error.to_string(), "line 6, column 1: `chapters[1].pges`: unknown field `pges`");
        assert_eq!(error.hint().as_deref(), Some("did you mean `pages`?"));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_own_hint() {
        let text = "title = \"a\"\nchapters = [{ pages = 1 }, { pages = 2, element = \"neodymium\" }]\n";
        let error = from_toml::<Book>(text).unwrap_err();
        assert_eq!((error.line, error.field.as_deref()), (2, Some("chapters[1].element")));
        assert_eq!(error.message, "`neodymium` is not the symbol of an element");
        assert_eq!(error.hint().as_deref(), Some("did you mean `Nd`?"));
    }

    #[test]
    fn a_missing_key_names_the_table() {
        let error = from_toml::<Book>("title = \"a\"\n[[chapters]]\nelement = \"Nd\"\n").unwrap_err();
        assert_eq!((error.line, error.field.as_deref()), (2, Some("chapters[0]")));
        assert_eq!(error.message, "missing field `pages`");
        assert_eq!(error.hint().as_deref(), Some("add `pages` to `chapters[0]`"));
    }

    #[test]
    fn a_key_that_the_whole_text_lacks_is_said_of_no_other_field() {
        // Both began with the place and the name of a field that was there and right.
        let error = from_toml::<Book>("[[chapters]]\npages = 1\n").unwrap_err();
        assert_eq!(error.to_string(), "line 1, column 1: missing field `title`");
        assert_eq!(error.hint().as_deref(), Some("add `title` to the text"));
        let error = from_json::<Book>("{\"chapters\": [{\"pages\": 1}]}").unwrap_err();
        assert_eq!((error.field.as_deref(), error.message.as_str()), (None, "missing field `title`"));
        let error =
            from_json::<Book>("{\"title\": \"a\", \"chapters\": [{\"element\": \"Nd\"}]}").unwrap_err();
        assert_eq!(error.field.as_deref(), Some("chapters[0]"));
        assert_eq!(from_toml::<Book>("").unwrap_err().field, None);
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_place() {
        let error = from_toml::<Book>("title = \"a\"\nchapters = [\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(from_toml::<Book>("title = \"a\"\ntitle = \"b\"\n").unwrap_err().line, 2);
    }

    #[test]
    fn json_errors_name_line_column_and_field() {
        let text = "{\"title\": \"a, \\\"b\",\n \"chapters\": [{\"pages\": 1},\n  {\"pages\": 2, \"element\": \"ND\"}]}";
        let error = from_json::<Book>(text).unwrap_err();
        assert_eq!((error.line, error.field.as_deref()), (3, Some("chapters[1].element")));
        assert_eq!(error.hint().as_deref(), Some("did you mean `Nd`?"));
        let error = from_json::<Book>("{\"titel\": \"a\"}").unwrap_err();
        assert_eq!(error.message, "unknown field `titel`");
        assert_eq!(error.hint().as_deref(), Some("did you mean `title`?"));
    }

    #[test]
    fn damaged_json_never_panics() {
        let text = "{\"title\": \"包头\", \"chapters\": [{\"pages\": 1, \"element\": \"Nd\"}]}";
        for (end, _) in text.char_indices() {
            assert!(from_json::<Book>(&text[..end]).is_err());
        }
        assert!(from_json::<Book>(&"[".repeat(100_000)).is_err());
        assert!(from_toml::<Book>(&format!("title = {}", "[".repeat(100_000))).is_err());
    }

    #[test]
    fn written_texts_read_back_and_keep_the_order_of_the_type() {
        let book =
            Book { title: "b".into(), chapters: vec![Chapter { pages: 3, element: "Dy".parse().ok() }] };
        assert_eq!(to_json_line(&book), "{\"title\":\"b\",\"chapters\":[{\"pages\":3,\"element\":\"Dy\"}]}");
        assert_eq!(from_json::<Book>(&to_json(&book)).unwrap(), book);
        assert_eq!(from_toml::<Book>(&to_toml(&book)).unwrap(), book);
    }

    #[test]
    fn cells_with_commas_quotes_and_line_ends_are_quoted() {
        let rows = [vec!["a".to_owned(), "b".to_owned()], vec!["1,5".to_owned(), "say \"x\"\ny".to_owned()]];
        assert_eq!(to_csv(rows), "a,b\n\"1,5\",\"say \"\"x\"\"\ny\"\n");
    }

    #[test]
    fn a_field_is_found_by_its_path_in_any_style_of_table() {
        let text = "title = \"a\"\n\n[[rule]]\nid = 1\n[rule.check.share]\nleast = 2\n[[rule]]\nid = 3\n";
        for (field, line) in [
            ("title", 1),
            ("rule[0].id", 4),
            ("rule[0].check.share.least", 6),
            ("rule[1].id", 8),
            ("rule[1].check", 7),
            ("absent", 1),
        ] {
            assert_eq!(line_of(text, field), line, "{field}");
        }
    }

    #[test]
    fn a_text_over_the_bound_is_refused_before_it_is_parsed() {
        let error = from_toml::<Book>(&" ".repeat(MAX_LEN + 1)).unwrap_err();
        assert!(error.message.contains("at most"));
    }
}
