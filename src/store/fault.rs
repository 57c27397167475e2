//! What can be wrong inside a store.

use std::fmt;

/// An index of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Record id to arrival number.
    ById,
    /// Party, epoch and seq to arrival numbers.
    ByPlace,
    /// Lot to the records that consume of it.
    Consumers,
}

/// One thing that is wrong inside the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexFault {
    /// Records cannot be read, from `first` on.
    Unreadable {
        /// First arrival number concerned.
        first: u64,
        /// What the store or the caller's parser said.
        why: String,
    },
    /// No block holds these arrival numbers.
    Gap {
        /// First one missing.
        from: u64,
        /// One past the last one missing.
        to: u64,
    },
    /// More than one block holds these arrival numbers, or one beyond the end does.
    Overlap {
        /// First one concerned.
        from: u64,
        /// One past the last one concerned.
        to: u64,
    },
    /// An entry that follows from a record is not in the index.
    Missing {
        /// The index.
        index: Index,
        /// The record.
        number: u64,
    },
    /// An entry follows from no record.
    Surplus {
        /// The index.
        index: Index,
        /// The record it points to.
        number: u64,
    },
    /// The count of records of a party and epoch is another.
    WrongCount {
        /// The count that follows from the records.
        expected: u64,
        /// The count stored.
        found: u64,
    },
    /// Part of an index cannot be read, so that it says nothing of the rest.
    IndexUnreadable {
        /// What the store said.
        why: String,
    },
    /// Private values, or a mark as dangling, stand under the number of no record.
    WithoutRecord {
        /// The arrival number.
        number: u64,
    },
    /// Private values of a record cannot be read.
    PrivateUnreadable {
        /// The record, where it is known.
        number: u64,
        /// What the store said.
        why: String,
    },
    /// Something kept of a log cannot be read.
    LogUnreadable {
        /// What the store said.
        why: String,
    },
    /// Acknowledged records are gone.
    RolledBack {
        /// Records held.
        held: u64,
        /// Records acknowledged.
        acknowledged: u64,
    },
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ById => "by id",
            Self::ByPlace => "by place in the chain",
            Self::Consumers => "of consumers",
        })
    }
}

impl fmt::Display for IndexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { first, why } => write!(f, "record {first} cannot be read: {why}"),
            Self::Gap { from, to } => write!(f, "records {from} to {} are in no block", to - 1),
            Self::Overlap { from, to } => {
                write!(f, "records {from} to {} are stored twice or beyond the end", to - 1)
            }
            Self::Missing { index, number } => write!(f, "the index {index} misses record {number}"),
            Self::Surplus { index, number } => {
                write!(f, "the index {index} has an entry for record {number} that does not follow from it")
            }
            Self::WrongCount { expected, found } => {
                write!(f, "{found} records are counted for a party that has {expected}")
            }
            Self::IndexUnreadable { why } => write!(f, "an index cannot be read: {why}"),
            Self::WithoutRecord { number } => {
                write!(f, "something is kept for record {number}, which does not exist")
            }
            Self::PrivateUnreadable { number, why } => {
                write!(f, "private values of record {number} cannot be read: {why}")
            }
            Self::LogUnreadable { why } => write!(f, "part of a log that is kept cannot be read: {why}"),
            Self::RolledBack { held, acknowledged } => {
                write!(f, "{held} records are held, but {acknowledged} were acknowledged")
            }
        }
    }
}
