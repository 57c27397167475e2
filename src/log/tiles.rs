//! Tiles: a log as plain files that any web server can hand out, 256 hashes or entries to a file.
//!
//! This file says how they are called; [`super::publish`] makes them and [`super::pull`] reads them.
//! Source: C2SP tlog-tiles. Spec: docs/formats/log.md, "Tiles".

use std::fmt;
use std::str::FromStr;

use super::lines;
use super::range::MAX_SIZE;

/// Hashes or entries of a full tile.
pub const WIDTH: u16 = 256;
/// The longest entry of a log, in bytes.
pub const ENTRY_MAX: usize = u16::MAX as usize;
/// The longest path of a tile, in bytes: no index that a log can reach has a longer one.
const PATH_MAX: usize = 48;

/// What a tile holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TileKind {
    /// Hashes: of leaves at level 0, of full tiles of the level below at each other one.
    Hashes {
        /// From 0 to 7: a log of the greatest size has no more.
        level: u8,
    },
    /// Entries, each behind its length.
    Entries,
}

/// The place of a tile below the folder of a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// A text that is no path of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no path of a tile, such as `tile/0/x001/234` or `tile/entries/000.p/15`")]
pub struct TilePathError;

impl TilePath {
    /// Returns the path of the tile with this index and number of hashes or entries; `None` where no log has it.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level = match kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        let end = index.checked_mul(u64::from(WIDTH))?.checked_add(u64::from(width))?;
        let leaves = end.checked_mul(u64::from(WIDTH).checked_pow(level)?)?;
        ((1..=WIDTH).contains(&width) && leaves <= MAX_SIZE).then_some(Self { kind, index, width })
    }

    /// Returns what it holds.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// Returns its place in its level, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Returns how many hashes or entries it holds, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Returns the path of the full tile that stands in its place once there is one; `None` for a full one.
    pub fn full(&self) -> Option<Self> {
        (self.width < WIDTH).then(|| Self::new(self.kind, self.index, WIDTH)).flatten()
    }

    /// Returns the most bytes that such a file has. Reading more of it is of no use.
    pub fn bytes_max(&self) -> usize {
        let each = match self.kind {
            TileKind::Hashes { .. } => 32,
            TileKind::Entries => 2 + ENTRY_MAX,
        };
        usize::from(self.width) * each
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => write!(f, "tile/entries/")?,
        }
        // Three digits to a folder, the first ones first.
        let mut scale = 1_u64;
        while self.index / scale >= 1000 {
            scale *= 1000;
        }
        while scale > 1 {
            write!(f, "x{:03}/", self.index / scale % 1000)?;
            scale /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        let read = || {
            let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
            let kind = match kind {
                "entries" => TileKind::Entries,
                level => TileKind::Hashes { level: u8::try_from(lines::number(level)?).ok()? },
            };
            let (index, width) = match rest.split_once(".p/") {
                Some((index, width)) => (index, u16::try_from(lines::number(width)?).ok()?),
                None => (rest, WIDTH),
            };
            let mut number = 0_u64;
            for part in index.split('/') {
                let digits = part.strip_prefix('x').unwrap_or(part);
                let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
                let value: u64 = digits.parse().ok().filter(|_| three)?;
                number = number.checked_mul(1000)?.checked_add(value)?;
            }
            // Whatever is written in a second way is not the path of a tile.
            Self::new(kind, number, width).filter(|path| path.to_string() == text)
        };
        if text.len() > PATH_MAX { Err(TilePathError) } else { read().ok_or(TilePathError) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEAVES: TileKind = TileKind::Hashes { level: 0 };

    #[test]
    fn paths_are_those_of_the_specification() {
        let path = |kind, index, width| TilePath::new(kind, index, width).unwrap().to_string();
        assert_eq!(path(LEAVES, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(LEAVES, 0, 256), "tile/0/000");
        assert_eq!(path(LEAVES, 999, 255), "tile/0/999.p/255");
        assert_eq!(path(LEAVES, 1000, 256), "tile/0/x001/000");
        assert_eq!(path(TileKind::Hashes { level: 2 }, 0, 1), "tile/2/000.p/1");
        assert_eq!(path(TileKind::Entries, 273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn a_path_has_one_spelling() {
        for text in ["tile/0/x001/x234/067", "tile/7/000.p/127", "tile/entries/x001/000.p/15"] {
            assert_eq!(text.parse::<TilePath>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/00/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/067",
            "tile/0/001/067",
            "tile/0/x001/x067",
            "tile/0/x001",
            "tile/0/067/",
            "tile/0//067",
            "tile/0/+67",
            "tile/0/067.p/0",
            "tile/0/067.p/07",
            "tile/0/067.p/256",
            "tile/0/067.p/7/",
            "tile/0/067.p",
            "tile/8/000",
            "tile/63/000.p/1",
            "tile/data/000",
            "/tile/0/000",
            "../tile/0/000",
            "tile/0/../000",
        ] {
            assert_eq!(text.parse::<TilePath>(), Err(TilePathError), "{text}");
        }
    }

    #[test]
    fn no_tile_lies_beyond_the_greatest_log() {
        // 2^63 - 1 leaves: the last tile of leaves lacks one, and level 7 has 127 full tiles below it.
        let last = MAX_SIZE / 256;
        assert!(TilePath::new(LEAVES, last, 255).is_some());
        assert_eq!(TilePath::new(LEAVES, last, 256), None);
        assert!(TilePath::new(TileKind::Hashes { level: 7 }, 0, 127).is_some());
        assert_eq!(TilePath::new(TileKind::Hashes { level: 7 }, 0, 128), None);
        assert_eq!(TilePath::new(LEAVES, u64::MAX, 1), None);
        assert_eq!(TilePath::new(TileKind::Hashes { level: 255 }, 0, 1), None);
        assert_eq!((TilePath::new(LEAVES, 0, 0), TilePath::new(LEAVES, 0, 257)), (None, None));
        let longest = TilePath::new(TileKind::Entries, last, 255).unwrap().to_string();
        assert!(longest.len() <= PATH_MAX, "{longest}");
        assert!(longest.parse::<TilePath>().is_ok());
    }

    proptest! {
        #[test]
        fn every_path_reads_back(index in 0u64..1 << 54, width in 1u16..=256, entries in any::<bool>()) {
            let path = TilePath::new(if entries { TileKind::Entries } else { LEAVES }, index, width).unwrap();
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }

        #[test]
        fn whatever_is_read_writes_itself_back(text in "(tile/)?(0|7|8|entries|x)?/?(x?[0-9]{3}/){0,3}[0-9]{2,3}(.p/[0-9]{0,3})?") {
            if let Ok(path) = text.parse::<TilePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
