//! What stands in a capsule, and how much of it there may be.

use crate::hash::{Hash, PartyId};
use crate::log::part::LogPart;
use crate::model::coded::coded;
use crate::model::lotref::LotRef;
use crate::record::ShownItem;

/// The first bytes of every capsule.
pub const MAGIC: &[u8; 16] = b"lodemark/capsule";
/// The version written and read.
pub const VERSION: u16 = 1;
/// The longest capsule, in bytes.
pub const CAPSULE_MAX: usize = 256 << 20;

pub(super) const LOTS_MAX: u32 = 256;
pub(super) const CHAINS_MAX: u32 = 65_536;
pub(super) const ENTRIES_MAX: u32 = 1 << 20;
pub(super) const COSIGNATURES_MAX: u32 = 63;
pub(super) const NODES_MAX: u32 = 1 << 22;
pub(super) const PACKS_MAX: u32 = 256;
pub(super) const DOCUMENTS_MAX: u32 = 256;
/// The longest that all documents together may be, in bytes.
pub(super) const DOCUMENT_BYTES_MAX: u64 = 64 << 20;
/// Bytes of a header and its signature.
pub(super) const SIGNED_HEADER: usize = 272;

coded!(
    /// For whom a capsule was made; it decides nothing.
    Audience, "audience" {
        /// Whoever buys the goods.
        Customer = 1 "customer",
        /// A buyer's compliance officer.
        Compliance = 2 "compliance",
        /// Somebody who may see everything.
        Auditor = 3 "auditor",
        /// An authority.
        Government = 4 "government",
        /// Anybody.
        Public = 5 "public",
    }
);

/// What stands in a capsule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Capsule {
    /// For whom it was made.
    pub audience: Audience,
    /// The lots that it is about, ascending.
    pub lots: Vec<LotRef>,
    /// Lots behind which the sender left records away, ascending.
    pub cuts: Vec<LotRef>,
    /// What is shown of each chain, ascending by party and epoch.
    pub chains: Vec<Chain>,
    /// Packs that the sender asked, ascending by id and hash.
    pub packs: Vec<PackName>,
    /// Papers, ascending by hash.
    pub documents: Vec<Document>,
}

/// What is shown of one (party, epoch).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// Whose.
    pub party: PartyId,
    /// Which epoch.
    pub epoch: u16,
    /// What shows that the entries stand in their author's log.
    pub log: Option<LogPart>,
    /// Its records, ascending by position.
    pub entries: Vec<Entry>,
}

/// One record of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// Header and signature, 272 bytes: that it exists, when it was signed, and of what kind it is.
    Header(Vec<u8>),
    /// The whole record.
    Record {
        /// Its stored form.
        bytes: Vec<u8>,
        /// Private items shown, in the order of its directory.
        shown: Vec<ShownItem>,
    },
}

/// A pack by name; its text is not in the capsule.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PackName {
    /// Id.
    pub id: String,
    /// SHA-256 of the text.
    pub hash: Hash,
    /// Version, as the text says.
    pub version: String,
}

/// A paper that some record names by its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// SHA-256 of the bytes.
    pub hash: Hash,
    /// The paper.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// Returns the header and signature, and what follows them.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Header(bytes) | Self::Record { bytes, .. } => bytes,
        }
    }

    /// Returns the position in the chain that its header says.
    pub fn seq(&self) -> Option<u64> {
        let bytes = self.bytes().get(56..64)?;
        Some(u64::from_be_bytes(bytes.try_into().ok()?))
    }
}
