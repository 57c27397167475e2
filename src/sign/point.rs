//! Points from 32 bytes, in their one canonical encoding.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};

/// Why 32 bytes are no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointError {
    /// The same point has another, shorter way of being written.
    NonCanonical,
    /// No point of the curve has this y.
    NotOnCurve,
}

/// Decodes `bytes`, refusing every encoding but the canonical one.
///
/// Source: RFC 8032 §5.1.3.
pub(super) fn decode(bytes: &[u8; 32]) -> Result<EdwardsPoint, PointError> {
    // The curve library reduces y and lets zero carry a sign; both would give a point a second name.
    if !is_canonical(bytes) {
        return Err(PointError::NonCanonical);
    }
    CompressedEdwardsY(*bytes).decompress().ok_or(PointError::NotOnCurve)
}

/// Whether y is below p, and the sign bit clear where x is 0 (y = 1 and y = p - 1).
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let sign = bytes[31] >> 7 == 1;
    let high = bytes[31] & 0x7f;
    // p = 2^255 - 19 is ed ff .. ff 7f.
    let all_ones_above = high == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    if all_ones_above && bytes[0] >= 0xed {
        return false;
    }
    let y_is_minus_one = all_ones_above && bytes[0] == 0xec;
    let y_is_one = bytes[0] == 1 && high == 0 && bytes[1..31].iter().all(|byte| *byte == 0);
    !(sign && (y_is_one || y_is_minus_one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encodings with y = p + `above`, for every `above` that fits into 255 bits (0 to 18).
    fn at_or_above_p(above: u8, sign: bool) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xed + above;
        bytes[31] = if sign { 0xff } else { 0x7f };
        bytes
    }

    #[test]
    fn every_y_from_p_up_is_refused_with_either_sign() {
        for above in 0..=18 {
            for sign in [false, true] {
                assert_eq!(decode(&at_or_above_p(above, sign)), Err(PointError::NonCanonical), "p + {above}");
            }
        }
    }

    #[test]
    fn the_two_points_with_x_zero_carry_no_sign() {
        let mut one = [0; 32];
        one[0] = 1;
        let mut minus_one = at_or_above_p(0, false);
        minus_one[0] = 0xec;
        for mut bytes in [one, minus_one] {
            assert!(decode(&bytes).is_ok());
            bytes[31] |= 0x80;
            assert_eq!(decode(&bytes), Err(PointError::NonCanonical));
        }
    }

    #[test]
    fn largest_y_below_the_bound_is_judged_as_a_point() {
        // y = p - 2 and y = 2 are one boundary each; neither is a second spelling of anything.
        let mut below = at_or_above_p(0, false);
        below[0] = 0xeb;
        assert_ne!(decode(&below), Err(PointError::NonCanonical));
        let mut two = [0; 32];
        two[0] = 2;
        assert_eq!(decode(&two), Err(PointError::NotOnCurve));
    }

    proptest::proptest! {
        /// A canonical encoding is one that compressing the decoded point gives back.
        #[test]
        fn decoding_then_encoding_gives_the_bytes_back(bytes: [u8; 32]) {
            if let Ok(point) = decode(&bytes) {
                proptest::prop_assert_eq!(point.compress().to_bytes(), bytes);
            }
        }
    }
}
