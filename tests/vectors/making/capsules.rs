//! Vectors of capsules: good ones, files that are refused as a whole, and ones of which a part does not hold.

use lodemark::capsule::{Audience, Capsule, Chain as Shown, Document, Entry, MAGIC, PackName, write};
use lodemark::hash::{PartyId, RecordId, sha256};
use lodemark::log::checkpoint::{Checkpoint, LogId};
use lodemark::log::cosignature::cosign;
use lodemark::log::part::{Cosignature, LogPart};
use lodemark::log::tree::{Tree, leaf_hash};
use lodemark::log::{seen, shown};
use lodemark::model::lot::Lot;
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::Maybe;
use lodemark::record::{SEAL_LEN, Sealed, ShownItem, found, seal};
use lodemark::sign::{SecretKey, SeededEntropy};
use serde_json::{Value, json};

use super::chains::{Chain, time};
use super::file::{File, hex};
use super::samples;

/// Returns every vector of a capsule.
pub fn files() -> Vec<File> {
    let world = World::new();
    [good(&world), refused_whole(&world), refused_in_part(&world)].into_iter().flatten().collect()
}

/// Two chains: a plant with seven records, of which the third and the sixth take something back, and a laboratory.
struct World {
    plant: Vec<Sealed>,
    laboratory: Vec<Sealed>,
    keys: [SecretKey; 2],
}

const PAPER: &[u8] = b"certificate of analysis no. 7";

impl World {
    fn new() -> Self {
        let lot = Lot {
            label: Some(Maybe::Shown("NDPR-1".into())),
            documents: Some(Maybe::Shown(vec![sha256(&[PAPER])])),
            ..samples::plain_lot()
        };
        let mut chain = Chain::new("capsule vectors");
        let mut entropy = SeededEntropy::new(b"capsule vectors");
        let first = found(samples::establish_shortly(), time(), &|_| false, &chain.signer, &mut entropy);
        let mut plant = vec![first.expect("a good event")];
        let is_private =
            |path: &str| matches!(path, "out/0/label" | "out/0/documents" | "out/0/mass" | "mass");
        for event in [
            samples::stock(vec![lot]),
            samples::plain_withdraw(),
            samples::plain_measure(),
            samples::plain_measure(),
            samples::plain_withdraw(),
            samples::plain_measure(),
        ] {
            let sealed = chain.seal(event, &is_private);
            chain.records.push(sealed.record.clone());
            plant.push(sealed);
        }
        let key = SecretKey::from_seed(&[2; 32]);
        let mut entropy = SeededEntropy::new(b"the laboratory of the capsule vectors");
        let first = found(samples::establish_shortly(), time(), &|_| false, &key, &mut entropy);
        let laboratory = vec![first.expect("a good event")];
        Self { plant, laboratory, keys: [chain.signer, key] }
    }

    fn lot(&self) -> LotRef {
        LotRef { record: self.plant[1].record.id(), index: 0 }
    }

    fn party(&self, of: usize) -> PartyId {
        self.chain(of)[0].record.party()
    }

    fn chain(&self, of: usize) -> &[Sealed] {
        if of == 0 { &self.plant } else { &self.laboratory }
    }

    /// Part of the log of the first `size` records that shows some of them.
    fn log(&self, of: usize, size: u64, seqs: &[u64]) -> LogPart {
        let ids: Vec<RecordId> = self.chain(of).iter().map(|sealed| sealed.record.id()).collect();
        let root = |first: u64, last: u64| {
            Tree::new((first..last).map(|seq| leaf_hash(ids[seq as usize].as_bytes())).collect()).root()
        };
        let id = LogId { party: self.party(of), epoch: 0 };
        let checkpoint = Checkpoint::of(id, size, root(0, size)).expect("a log has a size");
        let signed = checkpoint.sign(&self.keys[of]).expect("it is a note");
        let witness = SecretKey::from_seed(&[3; 32]);
        let line = cosign(&checkpoint, 1_793_700_000, "witness.example/1", &witness).expect("it has a name");
        let needed = shown::needed(size, seqs).expect("leaves of the log").into_iter();
        LogPart {
            checkpoint: seen::of(&signed, self.keys[of].public()).expect("it is a checkpoint"),
            cosignatures: vec![Cosignature::of(&line).expect("it is a cosignature")],
            nodes: needed.map(|one| root(one.index << one.level, (one.index + 1) << one.level)).collect(),
        }
    }

    fn whole(&self, of: usize, seq: usize) -> Entry {
        let sealed = &self.chain(of)[seq];
        Entry::Record { bytes: sealed.record.bytes().to_vec(), shown: sealed.items.clone() }
    }

    fn header(&self, of: usize, seq: usize) -> Entry {
        Entry::Header(self.chain(of)[seq].record.bytes()[..SEAL_LEN].to_vec())
    }

    /// The plant's chain as a capsule shows it: the lot, what was taken back, and the last leaf by its header.
    fn plant(&self) -> Shown {
        let whole = [0, 1, 2, 5].map(|seq| self.whole(0, seq));
        let entries = whole.into_iter().chain([self.header(0, 6)]).collect();
        Shown { party: self.party(0), epoch: 0, log: Some(self.log(0, 7, &[0, 1, 2, 5, 6])), entries }
    }

    fn laboratory(&self) -> Shown {
        let entries = vec![self.whole(1, 0)];
        Shown { party: self.party(1), epoch: 0, log: Some(self.log(1, 1, &[0])), entries }
    }

    fn capsule(&self, mut chains: Vec<Shown>) -> Capsule {
        chains.sort_by_key(|chain| (chain.party, chain.epoch));
        Capsule {
            audience: Audience::Customer,
            lots: vec![self.lot()],
            cuts: Vec::new(),
            chains,
            packs: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// The id of a record of the plant.
    fn id(&self, seq: usize) -> RecordId {
        self.plant[seq].record.id()
    }
}

/// What a reader finds in one chain.
#[derive(Clone)]
struct Found {
    of: usize,
    log: &'static str,
    control: bool,
    /// Positions of the records that open.
    opened: Vec<usize>,
    /// Positions of what is refused, and at which step.
    refused: Vec<(usize, &'static str)>,
}

/// What is found in the plant's chain where all of it holds.
fn sound() -> Found {
    Found { of: 0, log: "holds", control: true, opened: vec![0, 1, 2, 5], refused: Vec::new() }
}

fn expect(world: &World, capsule: &Capsule, found: &[Found]) -> Value {
    let mut chains: Vec<(PartyId, Value)> = found
        .iter()
        .map(|one| {
            let id = |seq: &usize| world.chain(one.of)[*seq].record.id().to_hex();
            let mut opened: Vec<String> = one.opened.iter().map(id).collect();
            opened.sort_unstable();
            let party = world.party(one.of);
            let chain = json!({
                "party": party.to_hex(), "epoch": 0, "log": one.log, "control": one.control,
                "opened": opened, "refused": one.refused,
            });
            (party, chain)
        })
        .collect();
    chains.sort_by_key(|one| one.0);
    let lots = capsule.lots.iter().map(|lot| format!("{}{:08x}", lot.record.to_hex(), lot.index));
    json!({
        "layout": true,
        "lots": lots.collect::<Vec<_>>(),
        "chains": chains.into_iter().map(|one| one.1).collect::<Vec<_>>(),
        "documents": capsule.documents.iter().map(|one| one.hash.to_hex()).collect::<Vec<_>>(),
    })
}

fn file(folder: &str, name: &str, about: &str, bytes: &[u8], expect: Value, fails_at: Option<&str>) -> File {
    let mut value = json!({
        "format": "lodemark/vector@1", "name": name, "about": about, "capsule": hex(bytes), "expect": expect,
    });
    if let Some(step) = fails_at {
        value["fails_at"] = step.into();
    }
    File::new(format!("capsule/{folder}/{name}.json"), &value)
}

fn good(world: &World) -> Vec<File> {
    let of = |name: &str, about: &str, capsule: Capsule, found: &[Found]| {
        file("good", name, about, &write(&capsule), expect(world, &capsule, found), None)
    };
    let laboratory = Found { of: 1, log: "holds", control: true, opened: vec![0], refused: Vec::new() };
    let alone = |chain: Shown| world.capsule(vec![chain]);
    let mut everything = world.capsule(vec![world.plant(), world.laboratory()]);
    everything.audience = Audience::Auditor;
    everything.lots.push(LotRef { index: 1, ..world.lot() });
    everything.cuts = vec![world.lot()];
    everything.documents = vec![Document { hash: sha256(&[PAPER]), bytes: PAPER.to_vec() }];
    let pack = |id: &str, version: &str| PackName {
        id: id.to_owned(),
        hash: sha256(&[id.as_bytes()]),
        version: version.to_owned(),
    };
    everything.packs = vec![pack("eu-crma", "1.0-draft_2"), pack("us-dfars", "3")];
    let mut withheld = world.plant();
    for entry in &mut withheld.entries {
        if let Entry::Record { shown, .. } = entry {
            shown.clear();
        }
    }
    let mut headers = world.plant();
    headers.entries[1] = world.header(0, 1);
    let mut whole = world.plant();
    whole.entries = (0..7).map(|seq| world.whole(0, seq)).collect();
    whole.log = Some(world.log(0, 7, &[0, 1, 2, 3, 4, 5, 6]));
    vec![
        of(
            "a-lot",
            "the lot, all that its author took back, and the last leaf by its header",
            alone(world.plant()),
            &[sound()],
        ),
        of(
            "everything",
            "two chains, two lots, a cut, packs and a document",
            everything,
            &[sound(), laboratory.clone()],
        ),
        of("all-withheld", "no private value is shown", alone(withheld), &[sound()]),
        of(
            "a-record-by-its-header",
            "the record of the lot by its header alone: the log and the list hold all the same",
            alone(headers),
            &[Found { opened: vec![0, 2, 5], ..sound() }],
        ),
        of(
            "a-whole-chain",
            "every record, so that no node is needed",
            alone(whole),
            &[Found { opened: (0..7).collect(), ..sound() }],
        ),
        of(
            "without-a-log",
            "records whose place in a log is not shown",
            alone(Shown { log: None, ..world.plant() }),
            &[Found { log: "none", control: false, ..sound() }],
        ),
        of(
            "a-log-of-one",
            "one record, which is its own last leaf",
            alone(world.laboratory()),
            &[laboratory],
        ),
    ]
}

/// Returns the bytes with a checksum that fits them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 32);
    let checksum = sha256(&[&bytes]);
    bytes.extend(checksum.0);
    bytes
}

/// Files of which nothing is used.
fn refused_whole(world: &World) -> Vec<File> {
    let of = |name: &str, about: &str, step: &str, bytes: &[u8]| {
        file("damaged", name, about, bytes, json!({ "layout": false }), Some(step))
    };
    let base = world.capsule(vec![world.plant()]);
    let good = write(&base);
    let bytes = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        sealed(bytes)
    };
    let capsule = |change: &dyn Fn(&mut Capsule)| {
        let mut capsule = base.clone();
        change(&mut capsule);
        write(&capsule)
    };
    let log = |change: &dyn Fn(&mut LogPart)| {
        capsule(&|one| change(one.chains[0].log.as_mut().expect("it has one")))
    };
    let two = |change: &dyn Fn(&mut Capsule)| {
        let mut capsule = world.capsule(vec![world.plant(), world.laboratory()]);
        change(&mut capsule);
        write(&capsule)
    };
    let paper = Document { hash: sha256(&[PAPER]), bytes: PAPER.to_vec() };
    // Audience, one lot, no cut, one chain: party, epoch, then whether there is a log.
    let log_flag = 18 + 1 + 4 + 36 + 4 + 4 + 32 + 2;
    let announced = |count: u32| count.to_be_bytes();
    vec![
        of("other-magic", "the first bytes are another format's", "head", &bytes(&|one| one[9] = b'C')),
        of("cut-in-the-head", "half of the first bytes", "head", &good[..9]),
        of("nothing-behind-the-head", "the first bytes and the version", "head", &good[..18]),
        of("version-2", "a version that is not written yet", "version", &bytes(&|one| one[17] = 2)),
        of("byte-flipped", "a byte changed on the way", "checksum", &{
            let mut flipped = good.clone();
            flipped[400] ^= 1;
            flipped
        }),
        of("cut-short", "the last byte is missing", "checksum", &good[..good.len() - 1]),
        of("audience-0", "for nobody", "layout", &bytes(&|one| one[18] = 0)),
        of("audience-6", "for somebody unknown", "layout", &bytes(&|one| one[18] = 6)),
        of("no-lot", "it is about nothing", "layout", &capsule(&|one| one.lots.clear())),
        of("lot-twice", "one lot stands twice", "layout", &capsule(&|one| one.lots.push(one.lots[0]))),
        of(
            "cuts-descending",
            "cuts in the other order",
            "layout",
            &capsule(&|one| {
                one.cuts = vec![LotRef { index: 1, ..one.lots[0] }, one.lots[0]];
            }),
        ),
        of("no-chain", "no record at all", "layout", &capsule(&|one| one.chains.clear())),
        of("chains-descending", "chains in the other order", "layout", &two(&|one| one.chains.reverse())),
        of(
            "chain-twice",
            "one chain stands twice",
            "layout",
            &two(&|one| one.chains[1] = one.chains[0].clone()),
        ),
        of("log-flag-2", "neither with a log nor without", "layout", &bytes(&|one| one[log_flag] = 2)),
        of("size-0", "a log of no records", "layout", &log(&|one| one.checkpoint.size = 0)),
        of(
            "size-too-large",
            "a log of more than 2^48 records",
            "layout",
            &log(&|one| one.checkpoint.size = (1 << 48) + 1),
        ),
        of(
            "bomb-of-nodes",
            "more nodes are announced than the file has bytes",
            "layout",
            &bytes(&|one| {
                // Behind the checkpoint and one cosignature: 2 + 17 + 4 + 8 + 64 bytes.
                let at = log_flag + 1 + 136 + 4 + 95;
                one[at..at + 4].copy_from_slice(&announced(1 << 22));
            }),
        ),
        of(
            "witness-with-a-blank",
            "the name of a witness is none",
            "layout",
            &log(&|one| {
                one.cosignatures[0].name = "two words".to_owned();
            }),
        ),
        of(
            "witness-twice",
            "one cosignature stands twice",
            "layout",
            &log(&|one| {
                let line = one.cosignatures[0].clone();
                one.cosignatures.push(line);
            }),
        ),
        of("no-entry", "a chain without records", "layout", &capsule(&|one| one.chains[0].entries.clear())),
        of(
            "entries-descending",
            "records in the other order",
            "layout",
            &capsule(&|one| one.chains[0].entries.swap(1, 2)),
        ),
        of(
            "entry-twice",
            "one record stands twice",
            "layout",
            &capsule(&|one| {
                one.chains[0].entries[2] = one.chains[0].entries[1].clone();
            }),
        ),
        of(
            "entry-of-another-party",
            "a record of the laboratory in the plant's chain",
            "layout",
            &capsule(&|one| {
                one.chains[0].entries[0] = world.whole(1, 0);
            }),
        ),
        of(
            "entry-of-another-epoch",
            "the chain says to be of another epoch",
            "layout",
            &capsule(&|one| {
                one.chains[0].epoch = 1;
            }),
        ),
        of(
            "record-too-short",
            "a whole record of no more than a header's length less one",
            "layout",
            &capsule(&|one| {
                let shown = Vec::new();
                one.chains[0].entries[1] =
                    Entry::Record { bytes: world.header(0, 1).bytes()[..271].to_vec(), shown };
            }),
        ),
        of(
            "items-descending",
            "private items in the other order",
            "layout",
            &capsule(&|one| items(one).reverse()),
        ),
        of(
            "item-twice",
            "one private item opened in two ways",
            "layout",
            &capsule(&|one| {
                let other = ShownItem { salt: [7; 16], ..items(one)[0].clone() };
                items(one).insert(0, other);
            }),
        ),
        of(
            "pack-like-a-path",
            "the id of a pack leaves its folder",
            "layout",
            &capsule(&|one| {
                one.packs = vec![PackName {
                    id: "../pack".to_owned(),
                    hash: sha256(&[b"text"]),
                    version: "1".to_owned(),
                }];
            }),
        ),
        of(
            "document-changed",
            "a document is not that of its hash",
            "layout",
            &capsule(&|one| {
                one.documents = vec![Document { bytes: b"another".to_vec(), ..paper.clone() }];
            }),
        ),
        of(
            "document-unnamed",
            "a document that no record speaks of",
            "layout",
            &capsule(&|one| {
                let bytes = b"a leaflet".to_vec();
                one.documents = vec![Document { hash: sha256(&[&bytes]), bytes }];
            }),
        ),
        of(
            "byte-more",
            "something stands before the checksum",
            "layout",
            &sealed([&good[..good.len() - 32], &[0; 33]].concat()),
        ),
        of(
            "only-a-head",
            "everything behind the head is missing, and the checksum fits",
            "layout",
            &sealed([&MAGIC[..], &[0, 1], &[0; 32]].concat()),
        ),
    ]
}

/// The private items shown of the lot's record.
fn items(capsule: &mut Capsule) -> &mut Vec<ShownItem> {
    match &mut capsule.chains[0].entries[1] {
        Entry::Record { shown, .. } => shown,
        Entry::Header(_) => unreachable!("the second entry is a whole record"),
    }
}

/// Files of which a record, the log or the list of control records does not hold.
fn refused_in_part(world: &World) -> Vec<File> {
    let of = |name: &str, about: &str, step: &str, change: &dyn Fn(&mut Shown), found: Found| {
        let mut chain = world.plant();
        change(&mut chain);
        let capsule = world.capsule(vec![chain]);
        file("damaged", name, about, &write(&capsule), expect(world, &capsule, &[found]), Some(step))
    };
    fn log(chain: &mut Shown) -> &mut LogPart {
        chain.log.as_mut().expect("it has one")
    }
    fn stored(chain: &mut Shown, at: usize) -> &mut Vec<u8> {
        match &mut chain.entries[at] {
            Entry::Header(bytes) | Entry::Record { bytes, .. } => bytes,
        }
    }
    fn opened(chain: &mut Shown) -> &mut ShownItem {
        match &mut chain.entries[1] {
            Entry::Record { shown, .. } => &mut shown[0],
            Entry::Header(_) => unreachable!("the second entry is a whole record"),
        }
    }
    fn last(chain: &mut Shown) -> &mut ShownItem {
        match &mut chain.entries[1] {
            Entry::Record { shown, .. } => shown.last_mut().expect("it has private items"),
            Entry::Header(_) => unreachable!("the second entry is a whole record"),
        }
    }
    let no_log = || Found { log: "refused", control: false, ..sound() };
    let open = || Found { control: false, ..sound() };
    let refused = |seq: usize, step: &'static str, found: Found| Found {
        opened: found.opened.into_iter().filter(|one| *one != seq).collect(),
        refused: vec![(seq, step)],
        ..found
    };
    // The plant's seventh record, which leaves out that the sixth took something back.
    let lie = {
        let position = lodemark::record::Position {
            party: world.party(0),
            epoch: 0,
            seq: 6,
            prev: world.id(5),
            control: world.id(2),
            key: 0,
        };
        let mut entropy = SeededEntropy::new(b"the lie of the capsule vectors");
        seal(position, samples::plain_measure(), time(), &|_| false, &world.keys[0], &mut entropy)
            .expect("a good event")
    };
    let mut liar = World::new();
    liar.plant[6] = lie;
    let lying = |name: &str, about: &str, seqs: &[u64], control: bool| {
        let mut chain = liar.plant();
        chain.entries.retain(|entry| entry.seq().is_some_and(|seq| seqs.contains(&seq)));
        chain.log = Some(liar.log(0, 7, seqs));
        let opened = seqs.iter().map(|seq| *seq as usize).filter(|seq| *seq < 6).collect();
        let capsule = world.capsule(vec![chain]);
        let expect = expect(&liar, &capsule, &[Found { control, opened, ..sound() }]);
        (name.to_owned(), about.to_owned(), write(&capsule), expect)
    };
    let (name, about, bytes, expect_lie) = lying(
        "control-passed-over",
        "the last leaf leaves out a control record that is there",
        &[0, 1, 2, 5, 6],
        false,
    );
    let caught = file("damaged", &name, &about, &bytes, expect_lie, Some("control"));
    // Where that record is left out as well, nothing in the file shows the lie: it is good, and its author can be convicted.
    let (name, about, bytes, expect_hidden) = lying(
        "a-lie-that-nothing-shows",
        "the same lie with the control record left out",
        &[0, 1, 2, 6],
        true,
    );
    let hidden = file("good", &name, &about, &bytes, expect_hidden, None);
    vec![
        caught,
        hidden,
        of("node-changed", "a node is another", "log", &|one| log(one).nodes[0].0[0] ^= 1, no_log()),
        of("node-missing", "a node too few", "log", &|one| log(one).nodes.truncate(1), no_log()),
        of(
            "node-more",
            "a node too many",
            "log",
            &|one| log(one).nodes.push(sha256(&[b"one more"])),
            no_log(),
        ),
        of(
            "size-one-more",
            "the checkpoint says one record more than was signed",
            "log",
            &|one| log(one).checkpoint.size += 1,
            no_log(),
        ),
        of(
            "size-too-small",
            "the last leaf stands beyond the checkpoint",
            "log",
            &|one| {
                *log(one) = world.log(0, 6, &[0, 1, 2, 5]);
            },
            no_log(),
        ),
        of(
            "checkpoint-of-another-log",
            "the laboratory's checkpoint in the plant's chain",
            "log",
            &|one| {
                log(one).checkpoint = world.log(1, 1, &[0]).checkpoint;
            },
            no_log(),
        ),
        of(
            "checkpoint-signature",
            "the checkpoint is signed by nobody",
            "log",
            &|one| log(one).checkpoint.signature[9] ^= 1,
            no_log(),
        ),
        of(
            "checkpoint-by-another-key",
            "the laboratory signed the plant's checkpoint",
            "log",
            &|one| {
                let part = log(one);
                let id = LogId { party: world.party(0), epoch: 0 };
                let text =
                    Checkpoint::of(id, part.checkpoint.size, part.checkpoint.root).expect("a log has a size");
                let note = text.sign(&world.keys[1]).expect("it is a note");
                part.checkpoint = seen::of(&note, world.keys[1].public()).expect("it is a checkpoint");
            },
            no_log(),
        ),
        of(
            "control-left-out",
            "a control record is left out, and the proof made for the rest",
            "control",
            &|one| {
                one.entries.remove(3);
                *log(one) = world.log(0, 7, &[0, 1, 2, 6]);
            },
            Found { opened: vec![0, 1, 2], ..open() },
        ),
        of(
            "control-by-its-header",
            "of a control record there is the header alone",
            "control",
            &|one| {
                one.entries[3] = world.header(0, 5);
            },
            Found { opened: vec![0, 1, 2], ..open() },
        ),
        of(
            "last-leaf-left-out",
            "nobody can tell where the list begins",
            "control",
            &|one| {
                one.entries.remove(4);
                *log(one) = world.log(0, 7, &[0, 1, 2, 5]);
            },
            open(),
        ),
        of(
            "body-changed",
            "a byte of a body changed",
            "body_hash",
            &|one| stored(one, 1)[300] ^= 1,
            refused(1, "body_hash", sound()),
        ),
        of(
            "signature-changed",
            "a byte of a signature changed",
            "signature",
            &|one| stored(one, 1)[210] ^= 1,
            refused(1, "signature", sound()),
        ),
        of(
            "header-signature-changed",
            "the last leaf is signed by nobody",
            "signature",
            &|one| stored(one, 4)[210] ^= 1,
            refused(6, "signature", open()),
        ),
        of(
            "value-changed",
            "a private value is another",
            "items",
            &|one| opened(one).value[0] ^= 1,
            refused(1, "items", sound()),
        ),
        of(
            "salt-changed",
            "the salt of a private value is another",
            "items",
            &|one| opened(one).salt[0] ^= 1,
            refused(1, "items", sound()),
        ),
        of(
            "item-of-none",
            "a value for an item that the record does not have",
            "items",
            &|one| last(one).index = 77,
            refused(1, "items", sound()),
        ),
    ]
}
