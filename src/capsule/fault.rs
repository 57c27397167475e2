//! What can be wrong with the layout of a capsule, and where.

use crate::hash::Hash;

/// What is wrong with a capsule, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {fault}")]
pub struct CapsuleError {
    /// Bytes from the start of the file.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with the layout of a capsule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is longer than capsules are.
    #[error("the file has {0} bytes, where a capsule has at most 268435456")]
    TooLong(usize),
    /// It does not begin like one.
    #[error("this is no capsule: it does not begin with `lodemark/capsule`")]
    NotACapsule,
    /// Its version is another.
    #[error("the capsule has version {0}, this program reads version 1")]
    OtherVersion(u16),
    /// It ends inside something.
    #[error("the file ends inside {0}")]
    CutShort(&'static str),
    /// The checksum differs.
    #[error("the file was changed or damaged after it was written: its checksum does not match")]
    WrongChecksum,
    /// More or fewer of something than there may be.
    #[error("{count} {what}, where a capsule has {least} to {most}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many the file says there are.
        count: u64,
        /// The fewest there may be.
        least: u64,
        /// The most there may be.
        most: u64,
    },
    /// Things are not in their order, or one stands twice.
    #[error("{0} do not ascend, or one stands twice")]
    NotAscending(&'static str),
    /// A number stands for nothing.
    #[error("{number} stands for no {what}")]
    Unknown {
        /// What is expected.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// An entry says to be of another chain.
    #[error("an entry says that it belongs to another chain than the one it stands in")]
    OtherChain,
    /// A name holds what names do not.
    #[error("a {0} has characters or a length that it may not have")]
    Name(&'static str),
    /// A document is another than its hash says.
    #[error("a document does not have the hash that stands beside it")]
    OtherDocument,
    /// A document that nothing in the capsule speaks of.
    #[error("no record in the capsule names the document with hash `{}`", .0.to_hex())]
    UnnamedDocument(Hash),
    /// Something stands before the checksum that belongs to nothing.
    #[error("{0} bytes follow the last part of the capsule")]
    Trailing(usize),
}

impl CapsuleError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self.fault {
            Fault::NotACapsule => "name a file that `capsule make` wrote",
            Fault::OtherVersion(_) => "use a newer version of lodemark, or ask the sender for version 1",
            _ => "ask the sender for the file again; nothing in this one is used",
        };
        Some(text.to_owned())
    }
}
