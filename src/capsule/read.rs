//! Bytes to capsules: every bound and every order, to the last byte.
//!
//! Safe against any input: a count is checked against the bytes that are left before memory is reserved.

use super::fault::{CapsuleError, Fault};
use super::layout::{
    Audience, CAPSULE_MAX, CHAINS_MAX, COSIGNATURES_MAX, Capsule, Chain, DOCUMENT_BYTES_MAX, DOCUMENTS_MAX,
    Document, ENTRIES_MAX, Entry, LOTS_MAX, MAGIC, NODES_MAX, PACKS_MAX, PackName, SIGNED_HEADER, VERSION,
};
use super::named::first_unnamed;
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::log::part::{Cosignature, LogPart};
use crate::log::shown::SIZE_MAX;
use crate::log::vkey::{KeyId, NAME_MAX, check_name};
use crate::model::coded::Coded;
use crate::model::event::SeenCheckpoint;
use crate::model::lotref::LotRef;
use crate::record::{ITEMS_MAX, RECORD_MAX, SEAL_LEN, ShownItem, VALUES_MAX};

/// Bytes of the checksum at the end.
const CHECKSUM: usize = 32;

/// Reads a capsule.
///
/// # Errors
/// [`CapsuleError`] for the first thing that is wrong; nothing of the file is then to be used.
pub fn read(bytes: &[u8]) -> Result<Capsule, CapsuleError> {
    let at = |offset, fault| CapsuleError { offset, fault };
    if bytes.len() > CAPSULE_MAX {
        return Err(at(0, Fault::TooLong(bytes.len())));
    }
    if bytes.get(..MAGIC.len()) != Some(MAGIC) {
        let fault = if MAGIC.starts_with(bytes) { Fault::CutShort("its head") } else { Fault::NotACapsule };
        return Err(at(0, fault));
    }
    let (content, checksum) = bytes
        .split_last_chunk::<CHECKSUM>()
        .filter(|(content, _)| content.len() >= MAGIC.len() + 2)
        .ok_or_else(|| at(bytes.len(), Fault::CutShort("its head")))?;
    let mut from = Reader { bytes: content, at: MAGIC.len(), entries_left: ENTRIES_MAX };
    let version = from.u16("its head")?;
    if version != VERSION {
        return Err(at(MAGIC.len(), Fault::OtherVersion(version)));
    }
    if sha256(&[content]).0 != *checksum {
        return Err(at(content.len(), Fault::WrongChecksum));
    }
    let capsule = from.capsule()?;
    match content.len() - from.at {
        0 => Ok(capsule),
        more => Err(at(from.at, Fault::Trailing(more))),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// How many more entries all chains together may have.
    entries_left: u32,
}

/// What a list may be: its name, the fewest and most of it, and the least bytes that one takes.
struct Bounds {
    what: &'static str,
    least: u32,
    most: u32,
    bytes: usize,
}

impl<'a> Reader<'a> {
    fn capsule(&mut self) -> Result<Capsule, CapsuleError> {
        let offset = self.at;
        let code = u16::from(self.array::<1>("the audience")?[0]);
        let audience = Audience::from_code(code)
            .ok_or_else(|| self.fault(offset, Fault::Unknown { what: "audience", number: code.into() }))?;
        let bounds = |what, least| Bounds { what, least, most: LOTS_MAX, bytes: 36 };
        let lots = self.list(&bounds("lots", 1), Self::lot, |lot| *lot)?;
        let cuts = self.list(&bounds("cuts", 0), Self::lot, |lot| *lot)?;
        let chains = Bounds { what: "chains", least: 1, most: CHAINS_MAX, bytes: 39 };
        let chains = self.list(&chains, Self::chain, |chain| (chain.party, chain.epoch))?;
        let packs = Bounds { what: "packs", least: 0, most: PACKS_MAX, bytes: 36 };
        let packs = self.list(&packs, Self::pack, |pack| (pack.id.clone(), pack.hash))?;
        let mut room = DOCUMENT_BYTES_MAX;
        let documents = Bounds { what: "documents", least: 0, most: DOCUMENTS_MAX, bytes: 40 };
        let offset = self.at;
        let documents = self.list(&documents, |from| from.document(&mut room), |one| one.hash)?;
        if let Some(hash) = first_unnamed(&chains, &documents) {
            return Err(self.fault(offset, Fault::UnnamedDocument(hash)));
        }
        Ok(Capsule { audience, lots, cuts, chains, packs, documents })
    }

    fn lot(&mut self) -> Result<LotRef, CapsuleError> {
        let record = RecordId(Hash(self.array("a lot")?));
        Ok(LotRef { record, index: u32::from_be_bytes(self.array("a lot")?) })
    }

    fn chain(&mut self) -> Result<Chain, CapsuleError> {
        let party = PartyId(Hash(self.array("a chain")?));
        let epoch = self.u16("a chain")?;
        let offset = self.at;
        let log = match self.array::<1>("a chain")?[0] {
            0 => None,
            1 => Some(self.log(party, epoch)?),
            other => {
                return Err(self.fault(offset, Fault::Unknown { what: "log", number: other.into() }));
            }
        };
        let entries = Bounds { what: "entries", least: 1, most: self.entries_left, bytes: 1 + SIGNED_HEADER };
        let entries = self.list(&entries, |from| from.entry(party, epoch), Entry::seq)?;
        self.entries_left -= u32::try_from(entries.len()).expect("bounded by what is left");
        Ok(Chain { party, epoch, log, entries })
    }

    fn log(&mut self, party: PartyId, epoch: u16) -> Result<LogPart, CapsuleError> {
        let offset = self.at;
        let size = self.u64("a checkpoint")?;
        if !(1..=SIZE_MAX).contains(&size) {
            let fault = Fault::Count { what: "leaves", count: size, least: 1, most: SIZE_MAX };
            return Err(self.fault(offset, fault));
        }
        let root = Hash(self.array("a checkpoint")?);
        let key = self.array("a checkpoint")?;
        let signature = self.array("a checkpoint")?;
        let checkpoint = SeenCheckpoint { party, epoch, size, root, key, signature };
        let cosignatures =
            Bounds { what: "cosignatures", least: 0, most: COSIGNATURES_MAX, bytes: 2 + 1 + 4 + 8 + 64 };
        let cosignatures = self.list(&cosignatures, Self::cosignature, |one| (one.name.clone(), one.id))?;
        let nodes = Bounds { what: "nodes of a proof", least: 0, most: NODES_MAX, bytes: 32 };
        let nodes = self.unordered(&nodes, |from| Ok(Hash(from.array("a proof")?)))?;
        Ok(LogPart { checkpoint, cosignatures, nodes })
    }

    fn cosignature(&mut self) -> Result<Cosignature, CapsuleError> {
        let name = self.text("name of a witness", NAME_MAX, |name| check_name(name).is_ok())?;
        Ok(Cosignature {
            name,
            id: KeyId(self.array("a cosignature")?),
            time: self.u64("a cosignature")?,
            signature: self.array("a cosignature")?,
        })
    }

    fn entry(&mut self, party: PartyId, epoch: u16) -> Result<Entry, CapsuleError> {
        let offset = self.at;
        let entry = match self.array::<1>("an entry")?[0] {
            0 => Entry::Header(self.take(SIGNED_HEADER, "a signed header")?.to_vec()),
            1 => self.record()?,
            other => {
                return Err(self.fault(offset, Fault::Unknown { what: "entry", number: other.into() }));
            }
        };
        let header = entry.bytes();
        if header[22..24] != epoch.to_be_bytes() || header[24..56] != party.as_bytes()[..] {
            return Err(self.fault(offset, Fault::OtherChain));
        }
        Ok(entry)
    }

    fn record(&mut self) -> Result<Entry, CapsuleError> {
        let length = self.length("bytes of a record", SEAL_LEN, RECORD_MAX)?;
        let bytes = self.take(length, "a record")?.to_vec();
        let items = Bounds { what: "private items", least: 0, most: ITEMS_MAX, bytes: 24 };
        let mut room = VALUES_MAX;
        let shown = self.list(&items, |from| from.item(&mut room), |item| item.index)?;
        Ok(Entry::Record { bytes, shown })
    }

    fn item(&mut self, room: &mut usize) -> Result<ShownItem, CapsuleError> {
        let index = u32::from_be_bytes(self.array("a private item")?);
        let salt = self.array("a private item")?;
        let length = self.length("bytes of private values", 0, *room)?;
        *room -= length;
        Ok(ShownItem { index, salt, value: self.take(length, "a private value")?.to_vec() })
    }

    fn pack(&mut self) -> Result<PackName, CapsuleError> {
        let id = self.text("id of a pack", 64, |id| {
            id.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-')
        })?;
        let version = self.text("version of a pack", 32, |version| {
            version.bytes().all(|one| one.is_ascii_alphanumeric() || b"._-".contains(&one))
        })?;
        Ok(PackName { id, version, hash: Hash(self.array("a pack")?) })
    }

    fn document(&mut self, room: &mut u64) -> Result<Document, CapsuleError> {
        let offset = self.at;
        let hash = Hash(self.array("a document")?);
        let length = self.u64("a document")?;
        if length > *room {
            let fault = Fault::Count { what: "bytes of documents", count: length, least: 0, most: *room };
            return Err(self.fault(offset + 32, fault));
        }
        *room -= length;
        let bytes = self.take(length as usize, "a document")?.to_vec();
        match sha256(&[&bytes]) == hash {
            true => Ok(Document { hash, bytes }),
            false => Err(self.fault(offset, Fault::OtherDocument)),
        }
    }

    /// Reads a list whose entries ascend by `key`.
    fn list<T, K: Ord>(
        &mut self,
        bounds: &Bounds,
        mut each: impl FnMut(&mut Self) -> Result<T, CapsuleError>,
        key: impl Fn(&T) -> K,
    ) -> Result<Vec<T>, CapsuleError> {
        let mut before: Option<K> = None;
        self.unordered(bounds, |from| {
            let offset = from.at;
            let one = each(from)?;
            let here = key(&one);
            if before.as_ref().is_some_and(|before| *before >= here) {
                return Err(from.fault(offset, Fault::NotAscending(bounds.what)));
            }
            before = Some(here);
            Ok(one)
        })
    }

    fn unordered<T>(
        &mut self,
        bounds: &Bounds,
        mut each: impl FnMut(&mut Self) -> Result<T, CapsuleError>,
    ) -> Result<Vec<T>, CapsuleError> {
        let offset = self.at;
        let count = u32::from_be_bytes(self.array(bounds.what)?);
        if !(bounds.least..=bounds.most).contains(&count) {
            let (least, most) = (bounds.least.into(), bounds.most.into());
            let fault = Fault::Count { what: bounds.what, count: count.into(), least, most };
            return Err(self.fault(offset, fault));
        }
        if (count as usize).saturating_mul(bounds.bytes) > self.bytes.len() - self.at {
            return Err(self.fault(self.bytes.len(), Fault::CutShort(bounds.what)));
        }
        let mut all = Vec::with_capacity(count as usize);
        for _ in 0..count {
            all.push(each(self)?);
        }
        Ok(all)
    }

    fn length(&mut self, what: &'static str, least: usize, most: usize) -> Result<usize, CapsuleError> {
        let offset = self.at;
        let length = u32::from_be_bytes(self.array(what)?) as usize;
        match (least..=most).contains(&length) {
            true => Ok(length),
            false => {
                let (count, least, most) = (length as u64, least as u64, most as u64);
                Err(self.fault(offset, Fault::Count { what, count, least, most }))
            }
        }
    }

    /// Reads a name of 1 to `most` bytes.
    fn text(
        &mut self,
        what: &'static str,
        most: usize,
        fits: impl Fn(&str) -> bool,
    ) -> Result<String, CapsuleError> {
        let offset = self.at;
        let length = self.u16(what)?;
        let bytes = self.take(length.into(), what)?;
        let text = std::str::from_utf8(bytes).ok().filter(|text| fits(text));
        match text.filter(|_| (1..=most).contains(&usize::from(length))) {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.fault(offset, Fault::Name(what))),
        }
    }

    fn u16(&mut self, within: &'static str) -> Result<u16, CapsuleError> {
        Ok(u16::from_be_bytes(self.array(within)?))
    }

    fn u64(&mut self, within: &'static str) -> Result<u64, CapsuleError> {
        Ok(u64::from_be_bytes(self.array(within)?))
    }

    fn array<const N: usize>(&mut self, within: &'static str) -> Result<[u8; N], CapsuleError> {
        Ok(*self.take(N, within)?.first_chunk().expect("as many bytes as asked for were taken"))
    }

    fn take(&mut self, count: usize, within: &'static str) -> Result<&'a [u8], CapsuleError> {
        let rest: &'a [u8] = &self.bytes[self.at..];
        let Some((taken, _)) = rest.split_at_checked(count) else {
            return Err(self.fault(self.bytes.len(), Fault::CutShort(within)));
        };
        self.at += count;
        Ok(taken)
    }

    fn fault(&self, offset: usize, fault: Fault) -> CapsuleError {
        CapsuleError { offset, fault }
    }
}
