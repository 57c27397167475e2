//! Numbers and hashes as lines of text, each in the one way it may be written.

use data_encoding::BASE64;

use super::range::MAX_SIZE;
use crate::hash::Hash;

/// Reads a number in ASCII decimal without leading zeros, at most [`MAX_SIZE`].
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0');
    text.parse().ok().filter(|number| digits && !padded && *number <= MAX_SIZE)
}

/// Reads bytes in standard Base64, padded, unused bits zero.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    // The decoder takes several padded texts, one behind the other; padding stands at the end, once.
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| base64(bytes) == text)
}

/// Returns bytes as [`bytes`] reads them.
pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Reads a hash in Base64.
pub(super) fn hash(text: &str) -> Option<Hash> {
    // A longer text is not even decoded.
    if text.len() != 44 {
        return None;
    }
    Some(Hash(bytes(text)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for (text, number) in [("0", 0), ("7", 7), ("10", 10), ("9223372036854775807", MAX_SIZE)] {
            assert_eq!(super::number(text), Some(number));
        }
        for text in ["", "00", "07", "+7", "-0", " 7", "7 ", "7\n", "٧", "0x7", "9223372036854775808", "1e3"]
        {
            assert_eq!(super::number(text), None, "{text:?}");
        }
        assert_eq!(super::number(&"9".repeat(1000)), None);
    }

    // `QQ==` behind `QQ==` was read as two bytes, since the decoder takes padded texts one behind the other. So a note had a
    // second spelling, and did not write itself back. Found by fuzzing.
    #[test]
    fn padding_stands_at_the_end_alone() {
        assert_eq!(bytes("QUE="), Some(b"AA".to_vec()));
        for text in ["QQ==QQ==", "QQ==QUFB", "QUFBQQ==QQ==", "=", "QQ="] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn a_hash_has_one_spelling() {
        let hash = Hash([0xa5; 32]);
        let text = base64(&hash.0);
        assert_eq!(super::hash(&text), Some(hash));
        assert_eq!(super::hash(text.trim_end_matches('=')), None);
        // The last sign before the padding holds two bits that mean nothing.
        let other = text.replace("U=", "V=").replace("Q=", "R=");
        assert_ne!(other, text);
        assert_eq!(super::hash(&other), None);
        assert_eq!(super::hash(&base64(&[0; 31])), None);
        assert_eq!(super::hash(&base64(&[0; 33])), None);
    }
}
