//! Capsules: what the reader of one will see, and what stands in one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::known::{Called, Known};
use super::page::Page;
use super::screen::Screen;
use crate::capsule::{Capsule, Entry};
use crate::custody::names;
use crate::hash::{Hash, PartyId, RecordId};
use crate::ledger::{Made, MadeChain};
use crate::model::coded::Coded;
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::time::Timestamp;
use crate::record::{Header, SealedRecord};

/// What the reader of a capsule sees, and the file that it goes into, if into one.
#[derive(Clone, Debug, Serialize)]
pub struct CapsuleMadeScreen {
    file: Option<PathBuf>,
    bytes: usize,
    #[serde(rename = "for")]
    audience: &'static str,
    lots: Vec<Called<LotRef>>,
    cuts: Vec<Called<LotRef>>,
    chains: Vec<MadeLine>,
    documents: usize,
    packs: Vec<PackLine>,
    missing: Vec<RecordId>,
    beside: Vec<RecordId>,
    unattested: Vec<Called<LotRef>>,
}

#[derive(Clone, Debug, Serialize)]
struct MadeLine {
    party: Called<PartyId>,
    epoch: u16,
    records: u64,
    headers: u64,
    items_shown: BTreeMap<String, u64>,
    items_withheld: BTreeMap<String, u64>,
    items_not_held: u64,
    log_size: Option<u64>,
    last_signed_at: Option<Timestamp>,
    age_days: Option<i32>,
    control_missing: Option<RecordId>,
}

#[derive(Clone, Debug, Serialize)]
struct PackLine {
    id: String,
    version: String,
    hash: Hash,
}

impl CapsuleMadeScreen {
    /// Returns the screen of a capsule that goes into `file`, or into none.
    pub fn new(file: Option<&Path>, made: &Made, known: &Known, now: Timestamp) -> Self {
        let capsule = &made.capsule;
        Self {
            file: file.map(Path::to_owned),
            bytes: made.length,
            audience: capsule.audience.name(),
            lots: capsule.lots.iter().map(|lot| known.lot(lot)).collect(),
            cuts: capsule.cuts.iter().map(|lot| known.lot(lot)).collect(),
            chains: made.chains.iter().map(|chain| MadeLine::new(chain, known, now)).collect(),
            documents: capsule.documents.len(),
            packs: packs(capsule),
            missing: made.missing.clone(),
            beside: made.beside.clone(),
            unattested: made.unattested.iter().map(|lot| known.lot(lot)).collect(),
        }
    }
}

impl MadeLine {
    fn new(chain: &MadeChain, known: &Known, now: Timestamp) -> Self {
        Self {
            party: known.party(&chain.party),
            epoch: chain.epoch,
            records: chain.records,
            headers: chain.headers,
            items_shown: chain.shown.clone(),
            items_withheld: chain.withheld.clone(),
            items_not_held: chain.not_held,
            log_size: chain.size,
            last_signed_at: chain.last_signed_at,
            age_days: chain.last_signed_at.map(|last| now.day().days_since(last.day())),
            control_missing: chain.control_missing,
        }
    }

    fn write(&self, page: &mut Page) {
        let mut first =
            format!("{}: {}", self.party.text(page.style()), names::count(self.records, "record"));
        if self.headers > 0 {
            first += &format!(" and {} alone", names::count(self.headers, "header"));
        }
        page.line(2, &first);
        let newest = match (self.last_signed_at, self.age_days) {
            (Some(last), Some(days)) => format!("signed {}, {} ago", last.day(), names::count(days, "day")),
            _ => "not known".to_owned(),
        };
        match self.log_size {
            Some(size) => {
                page.line(4, &format!("in a log of {}, the last {newest}", names::count(size, "record")));
            }
            None => page.line(4, &format!("no log: places are not proven; the last {newest}")),
        }
        if self.control_missing.is_some() {
            page.line(
                4,
                "what it took back is not known to the reader: a record of that kind is not held here",
            );
        }
        classes(page, "shown", &self.items_shown);
        classes(page, "withheld by you", &self.items_withheld);
        if self.items_not_held > 0 {
            page.line(4, &format!("not held here: {}", self.items_not_held));
        }
    }
}

fn classes(page: &mut Page, what: &str, items: &BTreeMap<String, u64>) {
    if !items.is_empty() {
        let items: Vec<String> = items.iter().map(|(class, count)| format!("{class} {count}")).collect();
        page.line(4, &format!("{what}: {}", items.join(", ")));
    }
}

fn packs(capsule: &Capsule) -> Vec<PackLine> {
    let line = |pack: &crate::capsule::PackName| PackLine {
        id: pack.id.clone(),
        version: pack.version.clone(),
        hash: pack.hash,
    };
    capsule.packs.iter().map(line).collect()
}

impl Screen for CapsuleMadeScreen {
    const NAME: &'static str = "capsule-make";

    fn write(&self, page: &mut Page) {
        page.heading(&format!("What a reader sees (for: {})", self.audience));
        for chain in &self.chains {
            chain.write(page);
        }
        if !self.cuts.is_empty() {
            let cuts: Vec<String> = self.cuts.iter().map(|lot| lot.text(page.style())).collect();
            page.line(2, &format!("nothing behind {}", cuts.join(", ")));
        }
        for lot in &self.unattested {
            let lot = lot.text(page.style());
            page.line(4, &format!("{lot} is not attested: readers will find what it was made of missing"));
        }
        if self.documents > 0 {
            page.line(2, &names::count(self.documents as u64, "paper"));
        }
        for pack in &self.packs {
            page.line(2, &format!("pack asked: {} {}", pack.id, pack.version));
        }
        page.blank();
        match &self.file {
            Some(file) => page.line(0, &format!("This goes into {} ({} bytes).", file.display(), self.bytes)),
            None => page
                .line(0, &format!("Nothing was handed out: name a file with --out ({} bytes).", self.bytes)),
        }
    }
}

/// What stands in a capsule; nothing of it is judged.
#[derive(Clone, Debug, Serialize)]
pub struct CapsuleScreen {
    file: PathBuf,
    bytes: usize,
    #[serde(rename = "for")]
    audience: &'static str,
    lots: Vec<LotRef>,
    cuts: Vec<LotRef>,
    chains: Vec<ChainLine>,
    documents: Vec<DocumentLine>,
    packs: Vec<PackLine>,
}

#[derive(Clone, Debug, Serialize)]
struct ChainLine {
    party: PartyId,
    epoch: u16,
    log_size: Option<u64>,
    cosignatures: Vec<String>,
    entries: Vec<EntryLine>,
}

#[derive(Clone, Debug, Serialize)]
struct EntryLine {
    seq: u64,
    kind: Option<&'static str>,
    signed_at: Option<Timestamp>,
    /// Absent for a header alone.
    items: Option<u64>,
    shown: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct DocumentLine {
    hash: Hash,
    bytes: usize,
}

impl CapsuleScreen {
    /// Returns the screen of the capsule in `file`.
    pub fn new(file: &Path, bytes: usize, capsule: &Capsule) -> Self {
        let chains = capsule.chains.iter().map(|chain| ChainLine {
            party: chain.party,
            epoch: chain.epoch,
            log_size: chain.log.as_ref().map(|log| log.checkpoint.size),
            cosignatures: chain
                .log
                .iter()
                .flat_map(|log| &log.cosignatures)
                .map(|one| one.name.clone())
                .collect(),
            entries: chain.entries.iter().map(EntryLine::new).collect(),
        });
        Self {
            file: file.to_owned(),
            bytes,
            audience: capsule.audience.name(),
            lots: capsule.lots.clone(),
            cuts: capsule.cuts.clone(),
            chains: chains.collect(),
            documents: capsule
                .documents
                .iter()
                .map(|one| DocumentLine { hash: one.hash, bytes: one.bytes.len() })
                .collect(),
            packs: packs(capsule),
        }
    }
}

impl EntryLine {
    fn new(entry: &Entry) -> Self {
        let header = Header::from_bytes(entry.bytes()).ok();
        let (mut items, mut keys) = (None, Vec::new());
        if let Entry::Record { bytes, shown } = entry {
            let sealed = SealedRecord::parse(bytes).ok();
            let directory = sealed.as_ref().map(|sealed| sealed.directory()).unwrap_or_default();
            items = Some(directory.len() as u64);
            let key = |index: u32| directory.get(index as usize).map(|entry| entry.key.clone());
            keys = shown.iter().filter_map(|item| key(item.index)).collect();
        }
        Self {
            seq: entry.seq().unwrap_or_default(),
            kind: header.as_ref().and_then(|header| <Kind as Coded>::from_code(header.kind)).map(Coded::name),
            signed_at: header.map(|header| header.signed_at),
            items,
            shown: keys,
        }
    }

    fn text(&self) -> String {
        let kind = self.kind.unwrap_or("unknown kind");
        let signed = self.signed_at.map_or_else(String::new, |at| format!(", signed {}", at.day()));
        let items = match (self.items, self.shown.len()) {
            (None, _) => "; header alone".to_owned(),
            (Some(0), _) => String::new(),
            (Some(all), shown) => format!("; {shown} of {all} items shown"),
        };
        format!("{} {kind}{signed}{items}", self.seq)
    }
}

impl Screen for CapsuleScreen {
    const NAME: &'static str = "capsule";

    fn write(&self, page: &mut Page) {
        page.line(0, &format!("{}: {} bytes, for: {}", self.file.display(), self.bytes, self.audience));
        page.line(0, "Nothing here is verified; `capsule verify` does that.");
        for lot in &self.lots {
            page.line(2, &format!("about lot {}", short(page, lot)));
        }
        for lot in &self.cuts {
            page.line(2, &format!("nothing behind lot {}", short(page, lot)));
        }
        for chain in &self.chains {
            let party = if page.style().ids { chain.party.to_string() } else { chain.party.short() };
            let log = match chain.log_size {
                Some(size) => format!("in a log of {}", names::count(size, "record")),
                None => "without a log".to_owned(),
            };
            page.heading(&format!("{party}, epoch {}, {log}", chain.epoch));
            if !chain.cosignatures.is_empty() {
                page.line(2, &format!("seen by {}", chain.cosignatures.join(", ")));
            }
            for entry in &chain.entries {
                page.line(2, &entry.text());
            }
        }
        if !self.documents.is_empty() || !self.packs.is_empty() {
            page.blank();
        }
        for document in &self.documents {
            page.line(0, &format!("paper {}, {} bytes", document.hash.to_hex(), document.bytes));
        }
        for pack in &self.packs {
            page.line(0, &format!("pack {} {}", pack.id, pack.version));
        }
    }
}

fn short(page: &Page, lot: &LotRef) -> String {
    if page.style().ids { lot.to_string() } else { lot.short() }
}
