//! Texts that people give: names, labels, remarks.
//!
//! Control characters and bidirectional controls are refused, because they can make one text look like
//! another. Spec: docs/formats/record.md, "Text".

use unicode_normalization::UnicodeNormalization;

/// Why a text cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing.
    #[error("the text is empty")]
    Empty,
    /// It is too long.
    #[error("the text has {found} bytes, at most {max} are allowed")]
    TooLong {
        /// Bytes there are.
        found: usize,
        /// Bytes there may be.
        max: usize,
    },
    /// It holds a character that is not seen or turns the direction of writing.
    #[error("the text holds the control character U+{:04X}", u32::from(*.0))]
    Control(char),
}

/// Returns `text` in Unicode normal form C.
///
/// # Errors
/// [`TextError`] for an empty text, one over `max` bytes, or one with a control or bidi character.
pub fn clean(text: &str, max: usize) -> Result<String, TextError> {
    let text: String = text.nfc().collect();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if let Some(control) = text.chars().find(|c| is_control(*c)) {
        return Err(TextError::Control(control));
    }
    if text.len() > max {
        return Err(TextError::TooLong { found: text.len(), max });
    }
    Ok(text)
}

/// Whether a recorded text is one: not empty, without control or bidi characters.
pub fn is_clean(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(is_control)
}

/// U+0000 to U+001F, U+007F to U+009F, U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069, U+FEFF.
fn is_control(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts_are_kept_in_normal_form() {
        assert_eq!(clean("Sillama\u{308}e", 64).unwrap(), "Sillam\u{e4}e");
        assert_eq!(clean("包头", 6).unwrap(), "包头");
        assert_eq!(clean("包头", 5), Err(TextError::TooLong { found: 6, max: 5 }));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        assert_eq!(clean("a\u{202e}b", 64), Err(TextError::Control('\u{202e}')));
        assert_eq!(clean("a\nb", 64), Err(TextError::Control('\n')));
        assert_eq!(clean("", 64), Err(TextError::Empty));
        assert!(!is_clean("\u{7f}"));
    }
}
