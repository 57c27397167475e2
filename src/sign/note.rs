//! What a key signs under a note of text: the text itself, or the text with the time at which a witness saw it.
//!
//! One key may sign records, joins, notes and cosignatures. So that a signature over one is never one over another, a
//! note text that begins like one of the other messages has no message of its own.
//! Spec: docs/formats/log.md, "Signatures".

use super::{JOIN_PREFIX, RECORD_PREFIX};

/// Start of the message that a witness signs: a line of its own.
pub const COSIGNATURE_PREFIX: &[u8; 15] = b"cosignature/v1\n";

/// A text that begins like another message of the same key, and so is neither signed nor checked as a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text of the note begins like another kind of message, and is never signed as a note")]
pub struct AnotherMessage;

/// Returns the message that signs a note: its text, which ends with a line end.
///
/// # Errors
/// [`AnotherMessage`] for a text that begins like a record, join or cosignature message.
///
/// Source: C2SP signed-note, "Ed25519 signatures".
pub fn note_message(text: &str) -> Result<&[u8], AnotherMessage> {
    let taken = [RECORD_PREFIX, JOIN_PREFIX, COSIGNATURE_PREFIX];
    match taken.iter().any(|prefix| text.as_bytes().starts_with(&prefix[..])) {
        true => Err(AnotherMessage),
        false => Ok(text.as_bytes()),
    }
}

/// Returns the message by which a witness says that it saw the note with this text at `time`, in seconds since 1970.
///
/// Source: C2SP tlog-cosignature, "Ed25519 signed message".
pub fn cosignature_message(time: u64, text: &str) -> Vec<u8> {
    [&COSIGNATURE_PREFIX[..], format!("time {time}\n").as_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::super::record_message;
    use super::*;
    use crate::hash::RecordId;

    #[test]
    fn a_note_is_signed_as_it_stands() {
        assert_eq!(note_message("a\n1\n"), Ok(&b"a\n1\n"[..]));
        assert_eq!(note_message(""), Ok(&b""[..]));
    }

    #[test]
    fn a_cosignature_is_two_lines_and_the_text() {
        let text = "example.com/log\n20852163\n";
        let expect = b"cosignature/v1\ntime 1679315147\nexample.com/log\n20852163\n";
        assert_eq!(cosignature_message(1_679_315_147, text), expect);
    }

    #[test]
    fn a_text_that_begins_like_another_message_is_no_note() {
        let record = record_message(&RecordId::from_bytes([b'a'; 32]));
        assert_eq!(note_message(std::str::from_utf8(&record).unwrap()), Err(AnotherMessage));
        assert_eq!(note_message("lodemark-join-1\n"), Err(AnotherMessage));
        let cosigned = String::from_utf8(cosignature_message(7, "a\n")).unwrap();
        assert_eq!(note_message(&cosigned), Err(AnotherMessage));
        // The innocent neighbours.
        for text in ["lodemark-sign-2\n", "lodemark-join-\n", "cosignature/v1", "cosignature/v2\n"] {
            assert!(note_message(text).is_ok(), "{text}");
        }
    }
}
