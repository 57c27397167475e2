//! The bytes of stored values: several small records in one, or one piece of a large record. A "record" here is
//! the stored form of one, or the private values of one.
//!
//! ```text
//! records   01 ‖ u16 count ‖ count x (u32 length ‖ bytes)            at part 0 of the first number
//! piece     02 ‖ u32 whole length ‖ u32 offset ‖ bytes to the end    at parts 0, 1, ... of its number
//! ```
//!
//! There is no checksum: whoever reads a record hashes it anyway. Lengths are checked before they are used.

use std::ops::Range;

use super::engine::MAX_VALUE;
use super::error::StoreError;

/// Most records in one block.
pub(super) const MAX_COUNT: usize = 128;
/// Most bytes of one record, or of the private values of one record, in the store.
pub(super) const MAX_WHOLE: usize = 16 << 20;

const RECORDS: u8 = 1;
const PIECE: u8 = 2;
const RECORDS_HEAD: usize = 3;
const PIECE_HEAD: usize = 9;

/// A block being filled, in the order of arrival.
#[derive(Default)]
pub(super) struct Filling {
    bytes: Vec<u8>,
    count: usize,
}

impl Filling {
    /// Whether `record` would still fit.
    pub(super) fn has_room(&self, record: &[u8]) -> bool {
        self.count < MAX_COUNT && RECORDS_HEAD + self.bytes.len() + 4 + record.len() <= MAX_VALUE
    }

    /// Adds a record that fits.
    pub(super) fn push(&mut self, record: &[u8]) {
        debug_assert!(self.has_room(record));
        let length = u32::try_from(record.len()).expect("a record that fits is short");
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(record);
        self.count += 1;
    }

    /// Number of records in it.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Returns the stored value.
    pub(super) fn close(self) -> Vec<u8> {
        let count = u16::try_from(self.count).expect("at most MAX_COUNT");
        let mut value = Vec::with_capacity(RECORDS_HEAD + self.bytes.len());
        value.push(RECORDS);
        value.extend_from_slice(&count.to_be_bytes());
        value.extend_from_slice(&self.bytes);
        value
    }
}

/// Returns the values that hold `whole` alone: one when it fits, else its pieces in order.
pub(super) fn values_of(whole: &[u8]) -> Vec<Vec<u8>> {
    let mut alone = Filling::default();
    if alone.has_room(whole) {
        alone.push(whole);
        return vec![alone.close()];
    }
    let length = u32::try_from(whole.len()).expect("bounded by MAX_WHOLE");
    let mut offset: u32 = 0;
    let mut values = Vec::new();
    for piece in whole.chunks(MAX_VALUE - PIECE_HEAD) {
        let mut value = Vec::with_capacity(PIECE_HEAD + piece.len());
        value.push(PIECE);
        value.extend_from_slice(&length.to_be_bytes());
        value.extend_from_slice(&offset.to_be_bytes());
        value.extend_from_slice(piece);
        values.push(value);
        offset += u32::try_from(piece.len()).expect("bounded by MAX_VALUE");
    }
    values
}

/// What one stored value holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Where each record lies in the value.
    Records(Vec<Range<usize>>),
    /// A piece of a record of `length` bytes, from `offset` on, and where it lies in the value.
    Piece { length: usize, offset: usize, at: Range<usize> },
}

/// Reads a stored value, whatever it holds. `first` is its arrival number, for the error.
pub(super) fn read(first: u64, value: &[u8]) -> Result<Content, StoreError> {
    let damaged = |offset: usize, why: &str| damaged(first, offset, why);
    if value.len() > MAX_VALUE {
        return Err(damaged(MAX_VALUE, "the value is longer than any that is written"));
    }
    match value.first() {
        Some(&RECORDS) => {
            let count = value.get(1..3).ok_or_else(|| damaged(1, "the count is cut short"))?;
            let count = usize::from(u16::from_be_bytes([count[0], count[1]]));
            if count == 0 || count > MAX_COUNT {
                return Err(damaged(1, &format!("a count of {count} is not between 1 and {MAX_COUNT}")));
            }
            let mut records = Vec::with_capacity(count);
            let mut at = RECORDS_HEAD;
            for _ in 0..count {
                let length =
                    read_u32(value, at).ok_or_else(|| damaged(at, "the length of a record is cut short"))?;
                let start = at + 4;
                if length > value.len() - start {
                    return Err(damaged(
                        at,
                        &format!("a record of {length} bytes is said, {} are left", value.len() - start),
                    ));
                }
                at = start + length;
                records.push(start..at);
            }
            if at != value.len() {
                return Err(damaged(at, "bytes follow the last record"));
            }
            Ok(Content::Records(records))
        }
        Some(&PIECE) => {
            let length = read_u32(value, 1).ok_or_else(|| damaged(1, "the whole length is cut short"))?;
            let offset = read_u32(value, 5).ok_or_else(|| damaged(5, "the offset is cut short"))?;
            let size = value.len() - PIECE_HEAD;
            if length > MAX_WHOLE {
                return Err(damaged(1, "the whole length is over its bound"));
            }
            if size == 0 || offset > length || size > length - offset {
                return Err(damaged(5, "the piece does not lie inside its record"));
            }
            Ok(Content::Piece { length, offset, at: PIECE_HEAD..value.len() })
        }
        Some(_) => Err(damaged(0, "the kind of value is unknown")),
        None => Err(damaged(0, "the value is empty")),
    }
}

/// Makes the error for the value that starts at record `first`.
pub(super) fn damaged(first: u64, offset: usize, why: &str) -> StoreError {
    StoreError::Damaged { first, offset: offset as u64, why: why.to_owned() }
}

fn read_u32(value: &[u8], at: usize) -> Option<usize> {
    let bytes: [u8; 4] = value.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(records: &[&[u8]]) -> Vec<u8> {
        let mut filling = Filling::default();
        for record in records {
            assert!(filling.has_room(record));
            filling.push(record);
        }
        filling.close()
    }

    fn contents(value: &[u8]) -> Vec<Vec<u8>> {
        match read(0, value).unwrap() {
            Content::Records(ranges) => ranges.into_iter().map(|r| value[r].to_vec()).collect(),
            piece @ Content::Piece { .. } => panic!("{piece:?}"),
        }
    }

    #[test]
    fn a_block_gives_back_its_records_in_order() {
        let records: [&[u8]; 3] = [b"one", b"", b"three"];
        assert_eq!(contents(&block(&records)), records);
    }

    #[test]
    fn a_block_takes_128_records_and_not_one_more() {
        let mut filling = Filling::default();
        for _ in 0..128 {
            filling.push(b"x");
        }
        assert!(!filling.has_room(b"x"));
        assert_eq!(contents(&filling.close()).len(), 128);
    }

    #[test]
    fn a_record_that_just_fits_stays_whole_and_one_byte_more_is_split() {
        let fits = vec![7; MAX_VALUE - RECORDS_HEAD - 4];
        assert_eq!(values_of(&fits).len(), 1);
        let more = vec![7; fits.len() + 1];
        let values = values_of(&more);
        assert_eq!(values.len(), 2);
        assert!(values.iter().all(|v| v.len() <= MAX_VALUE));
    }

    #[test]
    fn each_cut_and_each_extra_byte_is_reported() {
        for value in [block(&[b"one", b"two"]), values_of(&[7; 7000])[1].clone()] {
            if value[0] == RECORDS {
                for cut in 0..value.len() {
                    assert!(
                        matches!(read(9, &value[..cut]), Err(StoreError::Damaged { first: 9, .. })),
                        "{cut}"
                    );
                }
            }
            let mut longer = value.clone();
            longer.push(0);
            assert!(read(9, &longer).is_err());
        }
    }

    #[test]
    fn a_length_past_the_end_is_refused_at_its_offset() {
        let mut value = block(&[b"one"]);
        value[3..7].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(matches!(read(4, &value), Err(StoreError::Damaged { first: 4, offset: 3, .. })));
    }

    proptest! {
        #[test]
        fn reading_garbage_never_panics(value in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(0, &value);
        }

        #[test]
        fn reading_a_block_with_one_bit_flipped_never_panics(at in 0usize..64, bit in 0u8..8) {
            let mut value = block(&[b"a record", b"", b"another record of some length"]);
            let at = at % value.len();
            value[at] ^= 1 << bit;
            let _ = read(0, &value);
        }
    }
}
