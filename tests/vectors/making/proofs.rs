//! Proofs that hold, and proofs with one thing wrong. Spec: docs/formats/proof.md, "Vectors".

use lodemark::chain::proof::{Part, Proof, ProofKind};
use lodemark::hash::{Hash, RecordId, sha256};
use lodemark::model::dealings::CorrectReason;
use lodemark::model::event::{Body, Correct, Dispose, Event, Replacement, Withdraw};
use lodemark::model::evidence::{DisposeHow, WithdrawReason};
use lodemark::model::lot::Input;
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::record::{Position, Sealed, SealedRecord, found, seal};
use lodemark::sign::{SecretKey, SeededEntropy};
use serde_json::{Value, json};

use super::chains::{signer, time};
use super::file::{File, hex};
use super::parts::Parts;
use super::samples::{self, id, read};
use super::signatures::bad_keys;

/// A party that signs whatever it is told, on as many branches.
struct Author {
    signer: SecretKey,
    entropy: SeededEntropy,
    recovery: Hash,
    first: Sealed,
}

impl Author {
    fn new() -> Self {
        let mut entropy = SeededEntropy::new(b"proofs");
        let first = found(samples::establish_shortly(), time(), &|_| false, &signer(), &mut entropy)
            .expect("a good event");
        // The recovery commitment stands behind the nonce and the key entry.
        let recovery = first.record.bytes()[272 + 117..][..32].try_into().expect("the body holds it");
        Self { signer: signer(), entropy, recovery: Hash(recovery), first }
    }

    fn after(&mut self, before: &SealedRecord, body: Body) -> Sealed {
        let header = before.header();
        let control = if before.is_control() { before.id() } else { header.control };
        self.at(header.seq + 1, before.id(), control, 0, body)
    }

    fn at(&mut self, seq: u64, prev: RecordId, control: RecordId, epoch: u16, body: Body) -> Sealed {
        let position = Position { party: self.first.record.party(), epoch, seq, prev, control, key: 0 };
        let is_private = |path: &str| path == "in" || path == "reason";
        seal(position, Event::new(body), time(), &is_private, &self.signer, &mut self.entropy)
            .expect("a good event")
    }

    fn proof(&self, kind: ProofKind, parts: Vec<Part>) -> Proof {
        Proof { kind, key: self.signer.public().to_bytes(), recovery: self.recovery, parts }
    }
}

/// One history with everything in it that proofs are made of, and records beside it.
struct Records {
    author: Author,
    first: Sealed,
    /// At 1: uses 0 to 60 kg of L.
    one: Sealed,
    /// At 1 of another branch: uses 20 kg of M.
    other: Sealed,
    /// At 2: uses 1 kg of N.
    mistaken: Sealed,
    /// At 3: takes back the record at 2.
    back: Sealed,
    /// At 4: uses 5 kg of K, and 59 to 69 kg of L.
    twice: Sealed,
    /// At 4 of another branch: says that the latest control record is that at 0.
    liar: Sealed,
}

impl Records {
    fn new() -> Self {
        let mut author = Author::new();
        let first = author.first.clone();
        let one = author.after(&first.record, dispose(&[("L", "0 kg", "60 kg")]));
        let other = author.after(&first.record, dispose(&[("M", "0 kg", "20 kg")]));
        let mistaken = author.after(&one.record, dispose(&[("N", "0 kg", "1 kg")]));
        let back = author.after(&mistaken.record, withdraw(&mistaken));
        let twice = author.after(&back.record, dispose(&[("K", "0 kg", "5 kg"), ("L", "59 kg", "10 kg")]));
        let (before, named) = (back.record.id(), first.record.id());
        let liar = author.at(4, before, named, 0, dispose(&[("P", "0 kg", "1 kg")]));
        Self { author, first, one, other, mistaken, back, twice, liar }
    }

    fn fork(&self) -> Proof {
        self.author.proof(ProofKind::Fork, vec![head(&self.one), head(&self.other)])
    }

    fn double_use(&self) -> Proof {
        let parts = vec![whole(&self.one), whole(&self.twice), whole(&self.back), head(&self.first)];
        self.author.proof(ProofKind::DoubleUse, parts)
    }

    fn uses(&self, parts: Vec<Part>) -> Proof {
        self.author.proof(ProofKind::DoubleUse, parts)
    }

    fn lie(&self, parts: Vec<Part>) -> Proof {
        self.author.proof(ProofKind::ControlLie, parts)
    }

    fn corrections(&self, parts: Vec<Part>) -> Proof {
        self.author.proof(ProofKind::ContradictoryCorrections, parts)
    }
}

/// Returns the files of all proofs.
pub fn files() -> Vec<File> {
    let mut files = good();
    files.extend(damaged());
    files.extend(damaged_files());
    files
}

fn good() -> Vec<File> {
    let mut r = Records::new();
    let across = r.author.after(&r.first.record, dispose(&[("L", "10 kg", "90 kg")]));
    let later = r.author.after(&r.other.record, dispose(&[("L", "10 kg", "90 kg")]));
    let selfish = r.author.after(&r.first.record, dispose(&[("L", "0 kg", "60 kg"), ("L", "59 kg", "2 kg")]));
    let left = r.author.after(&r.one.record, correct(&r.one, "50 kg"));
    let right = r.author.after(&r.mistaken.record, correct(&r.one, "40 kg"));
    let beside = r.author.after(&r.one.record, correct(&r.one, "40 kg"));
    let (before, named) = (r.mistaken.record.id(), r.mistaken.record.id());
    let fool = r.author.at(3, before, named, 0, dispose(&[("P", "0 kg", "1 kg")]));
    vec![
        holds("fork", "two records at one position", &r.fork()),
        holds("double-use", "a stretch used again, past a withdrawal of another record", &r.double_use()),
        holds(
            "double-use-at-one-position",
            "two histories that use one stretch; no control record is needed",
            &r.uses(vec![whole(&r.one), whole(&across)]),
        ),
        holds(
            "double-use-in-two-histories",
            "the earlier record does not stand on the branch of the later",
            &r.uses(vec![whole(&r.one), whole(&later), head(&r.first)]),
        ),
        holds(
            "double-use-within-one-record",
            "two inputs of one record overlap",
            &r.uses(vec![whole(&selfish)]),
        ),
        holds(
            "control-lie-by-the-record-before",
            "the record right before is control, and is not named",
            &r.lie(vec![head(&r.liar), head(&r.back)]),
        ),
        holds(
            "control-lie-names-no-control",
            "what is named is no control record",
            &r.lie(vec![head(&fool), head(&r.mistaken)]),
        ),
        holds(
            "control-lie-passes-over",
            "a control record stands between the one named and the one that names it",
            &r.lie(vec![head(&r.liar), head(&r.first), head(&r.back)]),
        ),
        holds(
            "corrections-on-two-branches",
            "the later correction does not reach the earlier by its control records",
            &r.corrections(vec![whole(&left), whole(&right), head(&r.first)]),
        ),
        holds(
            "corrections-at-one-position",
            "two corrections at one position",
            &r.corrections(vec![whole(&left), whole(&beside)]),
        ),
    ]
}

fn damaged() -> Vec<File> {
    let mut r = Records::new();
    let elsewhere =
        r.author.at(1, r.first.record.id(), r.first.record.id(), 1, dispose(&[("M", "0 kg", "20 kg")]));
    let side = r.author.after(&r.one.record, dispose(&[("L", "60 kg", "40 kg")]));
    let free = r.author.after(&r.mistaken.record, withdraw(&r.one));
    let again = r.author.after(&free.record, dispose(&[("L", "0 kg", "60 kg")]));
    let mended = r.author.after(&r.mistaken.record, correct(&r.one, "50 kg"));
    let rest = r.author.after(&mended.record, dispose(&[("L", "50 kg", "10 kg")]));
    let better = r.author.after(&mended.record, correct(&r.one, "40 kg"));
    let left = r.author.after(&r.one.record, correct(&r.one, "50 kg"));
    let beside = r.author.after(&r.one.record, correct(&r.one, "40 kg"));
    let of_other = r.author.after(&r.mistaken.record, correct(&r.other, "40 kg"));
    let unknown = unknown_control(&r.back);
    let (before, control) = (unknown.record.id(), unknown.record.id());
    let past_unknown = r.author.at(4, before, control, 0, dispose(&[("L", "0 kg", "1 kg")]));
    let (fork, double_use) = (r.fork(), r.double_use());
    let with = |change: &dyn Fn(&mut Proof), proof: &Proof| {
        let mut proof = proof.clone();
        change(&mut proof);
        proof
    };
    let item_of = |sealed: &Sealed, key: &str| {
        let index = sealed.record.directory().iter().position(|entry| entry.key == key);
        sealed.items.iter().find(|item| Some(item.index as usize) == index).cloned()
    };
    let fails = |name, about, proof: &Proof, step| file(name, about, &proof.to_bytes(), step, false);
    let open = |name, about, proof: &Proof, step| file(name, about, &proof.to_bytes(), step, true);
    vec![
        fails(
            "key-of-small-order",
            "a key that is no key",
            &with(&|p| p.key = bad_keys()[0].1, &fork),
            "key",
        ),
        fails(
            "key-of-somebody-else",
            "the key and the commitment make another party",
            &with(&|p| p.key = SecretKey::from_seed(&[2; 32]).public().to_bytes(), &fork),
            "party",
        ),
        fails(
            "recovery-of-somebody-else",
            "one bit of the recovery commitment differs",
            &with(&|p| p.recovery.0[31] ^= 1, &fork),
            "party",
        ),
        open(
            "signed-with-key-1",
            "the header says that a later key signed it",
            &with(&|p| p.parts[1] = later_key(&r.other), &fork),
            "party",
        ),
        fails("tag", "another tag", &with(&|p| p.parts[0].bytes[0] ^= 1, &fork), "header"),
        open(
            "unknown-algorithm",
            "a header of algorithm 2",
            &with(&|p| p.parts[0].bytes[17] = 2, &fork),
            "header",
        ),
        fails(
            "signature",
            "one bit of a signature differs",
            &with(&|p| p.parts[0].bytes[271] ^= 1, &fork),
            "signature",
        ),
        fails(
            "signatures-swapped",
            "each header has the signature of the other",
            &with(
                &|p| {
                    let first = p.parts[0].bytes.split_off(208);
                    let second = p.parts[1].bytes.split_off(208);
                    p.parts[0].bytes.extend(second);
                    p.parts[1].bytes.extend(first);
                },
                &fork,
            ),
            "signature",
        ),
        fails(
            "body",
            "one bit of a body differs",
            &with(&|p| p.parts[0].bytes[300] ^= 1, &double_use),
            "contents",
        ),
        fails(
            "inputs-of-another-record",
            "the inputs shown are those of another record",
            &with(&|p| p.parts[0].inputs = p.parts[1].inputs.clone(), &double_use),
            "contents",
        ),
        fails(
            "another-item-shown",
            "a private item that is none of the proof's business",
            &with(&|p| p.parts[0].inputs = item_of(&r.one, "reason"), &double_use),
            "contents",
        ),
        fails(
            "two-epochs",
            "one position in two epochs",
            &with(&|p| p.parts[1] = head(&elsewhere), &fork),
            "epoch",
        ),
        fails(
            "fork-of-one-record",
            "the same record twice",
            &with(&|p| p.parts[1] = p.parts[0].clone(), &fork),
            "statement",
        ),
        fails(
            "fork-of-two-positions",
            "two records of one history",
            &with(&|p| p.parts[1] = head(&r.mistaken), &fork),
            "statement",
        ),
        fails("fork-of-one-header", "one header", &with(&|p| p.parts.truncate(1), &fork), "parts"),
        fails(
            "fork-of-three-headers",
            "three headers",
            &with(&|p| p.parts.push(p.parts[0].clone()), &fork),
            "parts",
        ),
        fails("fork-with-a-body", "a whole record", &with(&|p| p.parts[0] = whole(&r.one), &fork), "parts"),
        fails(
            "double-use-reversed",
            "the later record first",
            &with(&|p| p.parts.swap(0, 1), &double_use),
            "parts",
        ),
        fails(
            "double-use-of-headers",
            "the body is not there",
            &with(&|p| p.parts[0] = head(&r.one), &double_use),
            "parts",
        ),
        fails(
            "double-use-withheld",
            "the inputs are not shown",
            &with(&|p| p.parts[0].inputs = None, &double_use),
            "parts",
        ),
        fails(
            "double-use-side-by-side",
            "stretches that touch",
            &r.uses(vec![whole(&r.one), whole(&side), head(&r.first)]),
            "statement",
        ),
        fails(
            "double-use-of-one-honest-record",
            "one record that uses a stretch once",
            &r.uses(vec![whole(&r.one)]),
            "statement",
        ),
        fails(
            "double-use-by-a-withdrawal",
            "a record that uses nothing",
            &r.uses(vec![whole(&r.one), whole(&r.back), head(&r.first)]),
            "statement",
        ),
        fails(
            "double-use-after-withdrawal",
            "the earlier record was taken back first",
            &r.uses(vec![whole(&r.one), whole(&again), whole(&free), head(&r.first)]),
            "statement",
        ),
        fails(
            "double-use-after-correction",
            "the earlier record was corrected first",
            &r.uses(vec![whole(&r.one), whole(&rest), whole(&mended), head(&r.first)]),
            "statement",
        ),
        fails("walk-missing", "no control record", &with(&|p| p.parts.truncate(2), &double_use), "walk"),
        fails(
            "walk-ends-early",
            "the last control record is missing",
            &with(&|p| p.parts.truncate(3), &double_use),
            "walk",
        ),
        fails(
            "walk-skips",
            "a control record is left out",
            &with(&|p| drop(p.parts.remove(2)), &double_use),
            "walk",
        ),
        fails(
            "walk-goes-on",
            "a control record too many",
            &with(&|p| p.parts.push(head(&r.first)), &double_use),
            "walk",
        ),
        fails(
            "walk-at-one-position",
            "a control record where none belongs",
            &r.corrections(vec![whole(&left), whole(&beside), head(&r.first)]),
            "walk",
        ),
        fails(
            "walk-withdrawal-by-header",
            "what a withdrawal takes back is not shown",
            &with(&|p| p.parts[2] = head(&r.back), &double_use),
            "parts",
        ),
        open(
            "walk-past-an-unknown-kind",
            "a control record of a kind that nobody has given out",
            &r.uses(vec![whole(&r.one), whole(&past_unknown), head(&unknown), head(&r.first)]),
            "walk",
        ),
        fails(
            "lie-of-none",
            "a header that names what it has to",
            &r.lie(vec![head(&r.twice), head(&r.back)]),
            "statement",
        ),
        fails(
            "lie-by-a-stranger",
            "a header that names something else",
            &r.lie(vec![head(&r.liar), head(&r.one), head(&r.back)]),
            "statement",
        ),
        fails(
            "lie-past-no-control",
            "what is passed over is no control record",
            &r.lie(vec![head(&r.liar), head(&r.first), head(&r.mistaken)]),
            "statement",
        ),
        fails(
            "lie-past-a-later-one",
            "what is passed over stands after",
            &r.lie(vec![head(&r.liar), head(&r.first), head(&better)]),
            "statement",
        ),
        fails("lie-of-one-header", "one header", &r.lie(vec![head(&r.liar)]), "parts"),
        fails("lie-with-a-body", "a whole record", &r.lie(vec![head(&r.liar), whole(&r.back)]), "parts"),
        fails(
            "corrections-on-one-branch",
            "the later replaces the earlier",
            &r.corrections(vec![whole(&mended), whole(&better), head(&mended)]),
            "statement",
        ),
        fails(
            "corrections-of-two-records",
            "each corrects another record",
            &r.corrections(vec![whole(&left), whole(&of_other), head(&r.first)]),
            "statement",
        ),
        fails(
            "corrections-by-a-withdrawal",
            "one is no correction",
            &r.corrections(vec![whole(&left), whole(&r.back), head(&r.first)]),
            "statement",
        ),
        fails(
            "corrections-of-one-record",
            "the same correction twice",
            &r.corrections(vec![whole(&left), whole(&left)]),
            "statement",
        ),
        fails(
            "corrections-by-headers",
            "the bodies are not there",
            &r.corrections(vec![head(&left), head(&of_other), head(&r.first)]),
            "parts",
        ),
        fails(
            "fork-as-double-use",
            "a fork under another kind",
            &with(&|p| p.kind = ProofKind::DoubleUse, &fork),
            "parts",
        ),
    ]
}

/// Files that cannot be read to their end.
fn damaged_files() -> Vec<File> {
    let r = Records::new();
    let fork = r.fork().to_bytes();
    let double_use = r.double_use().to_bytes();
    let changed = |at: usize, bytes: &[u8]| {
        let mut file = fork.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        with_checksum(file)
    };
    // Length, record, mark, index, salt and length of the value of the first part.
    let first = u32::from_be_bytes(double_use[88..92].try_into().expect("four bytes")) as usize;
    let mark = 92 + first;
    let in_item = |at: usize, bytes: &[u8]| {
        let mut file = double_use.clone();
        file[mark + at..mark + at + bytes.len()].copy_from_slice(bytes);
        with_checksum(file)
    };
    let bad = |name, about, bytes: &[u8], cannot_judge| file(name, about, bytes, "file", cannot_judge);
    vec![
        bad("no-proof", "an export file's first bytes", b"lodemark/export\n", false),
        bad(
            "line-ends-changed",
            "a copy that changed line ends",
            &[b"lodemark/proof\n", &fork[16..]].concat(),
            false,
        ),
        bad("version-2", "a later version", &changed(16, &[0, 2]), true),
        bad("kind-5", "a kind of proof that nobody has given out", &changed(18, &[0, 5]), true),
        bad("algorithm-2", "a key of another algorithm", &changed(20, &[0, 2]), true),
        bad("no-parts", "no parts", &changed(86, &[0, 0]), false),
        bad("too-many-parts", "4099 parts", &changed(86, &[0x10, 0x03]), false),
        bad("more-parts-than-there-are", "three parts, where there are two", &changed(86, &[0, 3]), false),
        bad("part-of-271-bytes", "a part shorter than a signed header", &changed(88, &[0, 0, 1, 15]), false),
        bad(
            "part-longer-than-any-record",
            "a part of 4595985 bytes",
            &changed(88, &[0, 0x46, 0x21, 0x11]),
            false,
        ),
        bad("part-longer-than-the-file", "a part of 4 MB", &changed(88, &[0, 0x40, 0, 0]), false),
        bad("item-mark-2", "neither 0 nor 1", &in_item(0, &[2]), false),
        bad("value-over-4-mib", "a private value of 4 MiB and a byte", &in_item(21, &[0, 0x40, 0, 1]), false),
        bad(
            "checksum",
            "one bit of the checksum differs",
            &[&fork[..fork.len() - 1], &[fork[fork.len() - 1] ^ 1]].concat(),
            false,
        ),
        bad("cut-short", "the last byte is missing", &fork[..fork.len() - 1], false),
        bad("one-byte-more", "a byte behind the end", &[&fork[..], &[0]].concat(), false),
    ]
}

fn lot(name: &str) -> LotRef {
    LotRef { record: id(name), index: 0 }
}

fn dispose(stretches: &[(&str, &str, &str)]) -> Body {
    let input = |(name, from, mass): &(&str, &str, &str)| Input {
        lot: lot(name),
        from: read(from),
        mass: read(mass),
        empties: false,
    };
    Body::Dispose(Dispose {
        at: samples::at_home(),
        how: DisposeHow::Waste,
        inputs: MaybeList::Shown(stretches.iter().map(input).collect()),
        reason: Maybe::Shown(Some("dust".into())),
    })
}

fn withdraw(target: &Sealed) -> Body {
    Body::Withdraw(Withdraw { target: target.record.id(), reason: WithdrawReason::EntryError })
}

fn correct(target: &Sealed, mass: &str) -> Body {
    Body::Correct(Correct {
        target: target.record.id(),
        reason: CorrectReason::Remeasured,
        replacement: Replacement(Box::new(dispose(&[("L", "0 kg", mass)]))),
    })
}

fn head(sealed: &Sealed) -> Part {
    Part::header(sealed.record.bytes())
}

fn whole(sealed: &Sealed) -> Part {
    let index = sealed.record.directory().iter().position(|entry| entry.key == "in");
    let item = sealed.items.iter().find(|item| Some(item.index as usize) == index);
    Part::whole(sealed.record.bytes(), item.cloned())
}

/// Returns the record as a control record of a kind that nobody has given out.
fn unknown_control(sealed: &Sealed) -> Sealed {
    let mut parts = Parts::of(sealed);
    parts.set(18, &[0x7f, 0xff]);
    parts.sign();
    let record = SealedRecord::parse(&parts.stored()).expect("its hashes hold");
    Sealed { record, items: Vec::new() }
}

/// Returns the header as if a later key had signed it.
fn later_key(sealed: &Sealed) -> Part {
    let mut parts = Parts::of(sealed);
    parts.set(20, &[0, 1]);
    parts.sign();
    Part::header(&parts.stored())
}

fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let end = file.len() - 32;
    let checksum = sha256(&[&file[..end]]);
    file[end..].copy_from_slice(&checksum.0);
    file
}

fn holds(name: &str, about: &str, proof: &Proof) -> File {
    let statement = proof.judge().unwrap_or_else(|objection| panic!("{name}: {objection:?}"));
    let records: Vec<Value> = statement.records.iter().map(|one| json!(one.record)).collect();
    let twice = statement
        .twice
        .map(|twice| json!({ "lot": twice.lot, "from_mg": twice.from.mg(), "mass_mg": twice.mass.mg() }));
    let expect = json!({
        "holds": true,
        "kind": proof.kind,
        "party": statement.party,
        "epoch": statement.epoch,
        "records": records,
        "walked": statement.walked,
        "twice": twice,
        "target": statement.target,
    });
    vector("good", name, about, &proof.to_bytes(), expect)
}

fn file(name: &str, about: &str, bytes: &[u8], step: &str, cannot_judge: bool) -> File {
    let expect = json!({ "holds": false, "fails_at": step, "cannot_judge": cannot_judge });
    vector("damaged", name, about, bytes, expect)
}

fn vector(directory: &str, name: &str, about: &str, bytes: &[u8], expect: Value) -> File {
    let vector = json!({
        "format": "lodemark/vector@1",
        "name": name,
        "about": about,
        "proof": hex(bytes),
        "expect": expect,
    });
    File::new(format!("proof/{directory}/{name}.json"), &vector)
}
