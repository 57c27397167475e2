//! Export files as bytes: frames in, frames out. Whether a record in one holds is for its reader to check.
//!
//! Safe against any input: bounds are checked before memory is reserved. Spec: docs/formats/export.md.

use super::Piece;
use crate::hash::sha256;
use crate::record::{ITEMS_MAX, RECORD_MAX, SEAL_LEN, ShownItem, VALUES_MAX};

/// The first bytes of every export file.
pub const MAGIC: &[u8; 16] = b"lodemark/export\n";
/// The version written and read.
pub const VERSION: u16 = 1;

/// Bytes of count and checksum.
const END: usize = 40;

/// What is wrong with an export file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {fault}")]
pub struct ExportFileError {
    /// Bytes from the start of the file.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with an export file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not begin like one.
    #[error("this is no export file: it does not begin with `lodemark/export`")]
    NotAnExport,
    /// Its version is another.
    #[error("the file has version {0}, this program reads version 1")]
    OtherVersion(u16),
    /// It ends inside something.
    #[error("the file ends inside {0}")]
    CutShort(&'static str),
    /// A record is shorter or longer than records are.
    #[error("a record of {0} bytes, where records have 272 to 4595984")]
    RecordLength(u32),
    /// More private items are shown than a record can have.
    #[error("{0} private items are shown, where a record has at most 4096")]
    TooManyItems(u32),
    /// Shown items are not in the order of the directory.
    #[error("private item {0} does not come after the one before it")]
    ItemsNotAscending(u32),
    /// Values are longer than a record's may be.
    #[error("the private values of a record take more than 4 MiB")]
    ValuesTooLong,
    /// The number of frames differs.
    #[error("the file says it holds {stated} records, but {found} were found")]
    WrongCount {
        /// Number written at the end.
        stated: u64,
        /// Number read.
        found: u64,
    },
    /// The checksum differs.
    #[error("the file was changed or damaged after it was written: its checksum does not match")]
    WrongChecksum,
    /// Something follows the end.
    #[error("{0} bytes follow the end of the file")]
    Trailing(usize),
}

impl ExportFileError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self.fault {
            Fault::NotAnExport => "name a file that `export` wrote",
            Fault::OtherVersion(_) => "use a newer version of lodemark, or ask the sender for version 1",
            _ => "ask the sender for the file again; `verify FILE` shows what is left of this one",
        };
        Some(text.to_owned())
    }
}

/// What could be read of a file that may be damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The whole frames.
    pub pieces: Vec<Piece>,
    /// What is wrong with the file, in the order of offsets.
    pub damage: Vec<ExportFileError>,
}

/// Reads a whole export file.
///
/// `name` is what people call the file; each piece says where in it it was found.
///
/// # Errors
/// [`ExportFileError`] for the first thing that is wrong.
pub fn read(bytes: &[u8], name: &str) -> Result<Vec<Piece>, ExportFileError> {
    let salvaged = read_lenient(bytes, name);
    match salvaged.damage.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(salvaged.pieces),
    }
}

/// Reads what is whole of an export file, and says what is wrong with the rest.
pub fn read_lenient(bytes: &[u8], name: &str) -> Salvaged {
    let mut reader = Reader { bytes, at: 0 };
    let mut pieces = Vec::new();
    let mut damage = Vec::new();
    if let Err(error) = reader.all(name, &mut pieces, &mut damage) {
        damage.push(error);
    }
    Salvaged { pieces, damage }
}

/// Writes export files, a frame at a time.
pub struct Writer {
    bytes: Vec<u8>,
    frames: u64,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// Returns a writer that has written the head.
    pub fn new() -> Self {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_be_bytes());
        Self { bytes, frames: 0 }
    }

    /// Adds a record and the private items shown with it, in the order of its directory.
    pub fn push(&mut self, record: &[u8], shown: &[ShownItem]) {
        let length = |bytes: usize| u32::try_from(bytes).expect("records and values are at most some MiB");
        self.bytes.extend(length(record.len()).to_be_bytes());
        self.bytes.extend(record);
        self.bytes.extend(length(shown.len()).to_be_bytes());
        for item in shown {
            self.bytes.extend(item.index.to_be_bytes());
            self.bytes.extend(item.salt);
            self.bytes.extend(length(item.value.len()).to_be_bytes());
            self.bytes.extend(&item.value);
        }
        self.frames += 1;
    }

    /// Writes the end and returns the file.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(0_u32.to_be_bytes());
        self.bytes.extend(self.frames.to_be_bytes());
        let checksum = sha256(&[&self.bytes]);
        self.bytes.extend(checksum.0);
        self.bytes
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn all(
        &mut self,
        name: &str,
        pieces: &mut Vec<Piece>,
        damage: &mut Vec<ExportFileError>,
    ) -> Result<(), ExportFileError> {
        let magic = self.take(MAGIC.len(), "its head");
        if magic.as_ref().is_ok_and(|magic| magic != MAGIC)
            || magic.is_err() && !MAGIC.starts_with(self.bytes)
        {
            return Err(ExportFileError { offset: 0, fault: Fault::NotAnExport });
        }
        magic?;
        let version = self.version()?;
        if version != VERSION {
            return Err(ExportFileError { offset: MAGIC.len(), fault: Fault::OtherVersion(version) });
        }
        loop {
            let offset = self.at;
            let length = self.number("a frame, or before its end mark")?;
            if length == 0 {
                break;
            }
            let (bytes, shown) = self.frame(offset, length)?;
            pieces.push(Piece { bytes, shown, source: format!("offset {offset} of {name}") });
        }
        self.end(pieces.len() as u64, damage)
    }

    fn frame(&mut self, offset: usize, length: u32) -> Result<(Vec<u8>, Vec<ShownItem>), ExportFileError> {
        if !(SEAL_LEN..=RECORD_MAX).contains(&(length as usize)) {
            return Err(ExportFileError { offset, fault: Fault::RecordLength(length) });
        }
        let record = self.take(length as usize, "a record")?.to_vec();
        let offset = self.at;
        let count = self.number("a record's private items")?;
        if count > ITEMS_MAX {
            return Err(ExportFileError { offset, fault: Fault::TooManyItems(count) });
        }
        // An item has at least 24 bytes, so this reserves no more than what is there.
        let room = (count as usize).min((self.bytes.len() - self.at) / 24);
        let mut shown: Vec<ShownItem> = Vec::with_capacity(room);
        let mut total = 0;
        for _ in 0..count {
            let offset = self.at;
            let index = self.number("a private item")?;
            if shown.last().is_some_and(|before| before.index >= index) {
                return Err(ExportFileError { offset, fault: Fault::ItemsNotAscending(index) });
            }
            let salt = *self.take(16, "a private item")?.first_chunk().expect("sixteen bytes were taken");
            let length = self.number("a private item")? as usize;
            total += length;
            if total > VALUES_MAX {
                return Err(ExportFileError { offset, fault: Fault::ValuesTooLong });
            }
            let value = self.take(length, "a private value")?.to_vec();
            shown.push(ShownItem { index, salt, value });
        }
        Ok((record, shown))
    }

    /// Reads what follows the last frame. The frames stand, whatever is wrong here.
    fn end(&mut self, found: u64, damage: &mut Vec<ExportFileError>) -> Result<(), ExportFileError> {
        let offset = self.at;
        let end = self.take(END, "its end")?;
        let stated = u64::from_be_bytes(*end.first_chunk().expect("forty bytes were taken"));
        if stated != found {
            damage.push(ExportFileError { offset, fault: Fault::WrongCount { stated, found } });
        }
        if sha256(&[&self.bytes[..offset + 8]]).0 != end[8..] {
            damage.push(ExportFileError { offset: offset + 8, fault: Fault::WrongChecksum });
        }
        match self.bytes.len() - self.at {
            0 => Ok(()),
            more => Err(ExportFileError { offset: self.at, fault: Fault::Trailing(more) }),
        }
    }

    fn version(&mut self) -> Result<u16, ExportFileError> {
        Ok(u16::from_be_bytes(*self.take(2, "its head")?.first_chunk().expect("two bytes were taken")))
    }

    fn number(&mut self, within: &'static str) -> Result<u32, ExportFileError> {
        Ok(u32::from_be_bytes(*self.take(4, within)?.first_chunk().expect("four bytes were taken")))
    }

    fn take(&mut self, count: usize, within: &'static str) -> Result<&'a [u8], ExportFileError> {
        let rest = &self.bytes[self.at..];
        let (taken, _) = rest
            .split_at_checked(count)
            .ok_or(ExportFileError { offset: self.bytes.len(), fault: Fault::CutShort(within) })?;
        self.at += count;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(index: u32, value: &[u8]) -> ShownItem {
        ShownItem { index, salt: [index as u8; 16], value: value.to_vec() }
    }

    fn file() -> Vec<u8> {
        let mut writer = Writer::new();
        writer.push(&[1; 272], &[]);
        writer.push(&[2; 300], &[item(0, b""), item(7, b"a value")]);
        writer.finish()
    }

    #[test]
    fn frames_read_back_with_their_offsets() {
        let pieces = read(&file(), "x.lode").unwrap();
        assert_eq!(pieces.len(), 2);
        assert_eq!((&pieces[0].bytes[..], &pieces[0].source[..]), (&[1; 272][..], "offset 18 of x.lode"));
        assert_eq!(pieces[1].shown, [item(0, b""), item(7, b"a value")]);
        assert_eq!(pieces[1].source, "offset 298 of x.lode");
        assert_eq!(read(&Writer::new().finish(), "empty").unwrap(), []);
    }

    #[test]
    fn a_file_cut_anywhere_is_refused_and_keeps_its_whole_frames() {
        let file = file();
        for cut in 0..file.len() {
            assert!(read(&file[..cut], "x").is_err(), "cut at {cut}");
        }
        let salvaged = read_lenient(&file[..400], "x");
        assert_eq!(salvaged.pieces.len(), 1);
        assert_eq!(salvaged.damage[0].offset, 400);
        assert_eq!(salvaged.damage[0].fault, Fault::CutShort("a record"));
    }

    #[test]
    fn any_flipped_byte_and_any_byte_more_is_noticed() {
        let file = file();
        for at in 0..file.len() {
            let mut flipped = file.clone();
            flipped[at] ^= 1;
            assert!(read(&flipped, "x").is_err(), "byte {at}");
        }
        let longer = [&file[..], &[0]].concat();
        assert_eq!(read(&longer, "x").unwrap_err().fault, Fault::Trailing(1));
    }

    #[test]
    fn a_flip_inside_a_record_leaves_the_frames_readable() {
        let mut file = file();
        file[100] ^= 1;
        let salvaged = read_lenient(&file, "x");
        assert_eq!(salvaged.pieces.len(), 2);
        assert_eq!(salvaged.damage.len(), 1);
        assert_eq!(salvaged.damage[0].fault, Fault::WrongChecksum);
    }

    /// A file whose only frame is `frame`, without an end.
    fn with_frame(frame: &[&[u8]]) -> Fault {
        let bytes = [&MAGIC[..], &VERSION.to_be_bytes(), &frame.concat()].concat();
        read(&bytes, "x").unwrap_err().fault
    }

    #[test]
    fn lengths_that_lie_are_refused_before_anything_is_reserved() {
        let number = |n: u32| n.to_be_bytes();
        let record = [3; 272];
        assert_eq!(with_frame(&[&number(271)]), Fault::RecordLength(271));
        assert_eq!(with_frame(&[&number(RECORD_MAX as u32)]), Fault::CutShort("a record"));
        assert_eq!(with_frame(&[&number(RECORD_MAX as u32 + 1)]), Fault::RecordLength(RECORD_MAX as u32 + 1));
        assert_eq!(with_frame(&[&number(272), &record, &number(4096)]), Fault::CutShort("a private item"));
        assert_eq!(with_frame(&[&number(272), &record, &number(4097)]), Fault::TooManyItems(4097));
        let item = |value: u32| [&number(1)[..], &[0; 16], &number(value)].concat();
        let largest = VALUES_MAX as u32;
        assert_eq!(
            with_frame(&[&number(272), &record, &number(1), &item(largest)]),
            Fault::CutShort("a private value")
        );
        assert_eq!(
            with_frame(&[&number(272), &record, &number(1), &item(largest + 1)]),
            Fault::ValuesTooLong
        );
        assert_eq!(
            with_frame(&[&number(272), &record, &number(2), &item(0), &item(0)]),
            Fault::ItemsNotAscending(1)
        );
    }

    #[test]
    fn another_file_and_another_version_are_told_apart() {
        assert_eq!(read(b"PK\x03\x04", "x").unwrap_err().fault, Fault::NotAnExport);
        assert_eq!(read(&[0; 400], "x").unwrap_err().fault, Fault::NotAnExport);
        assert_eq!(read(b"lodemark/exp", "x").unwrap_err().fault, Fault::CutShort("its head"));
        let mut newer = file();
        newer[17] = 2;
        assert_eq!(read(&newer, "x").unwrap_err().fault, Fault::OtherVersion(2));
    }
}
