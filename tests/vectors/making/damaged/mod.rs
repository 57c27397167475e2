//! Records with one thing wrong each; the file name names the damage.
//!
//! Where it is possible, hashes and signature are made anew over the damage, so that nothing else is wrong.

mod body;
mod chain;
mod header;
mod items;
mod kinds;
mod signing;
mod slots;
mod sound;
mod values;
mod vouching;

use lodemark::model::event::Event;
use lodemark::record::{Sealed, found};
use lodemark::sign::SeededEntropy;

use super::chains::{Chain, signer, time};
use super::file::{File, Vector};
use super::parts::Parts;
use super::samples;

/// Returns the files of all damaged records.
pub fn files() -> Vec<File> {
    let mut all = Damages { files: Vec::new() };
    all.lengths();
    all.header();
    all.first_kind();
    all.body_and_directory();
    all.key_entry();
    all.signature();
    all.items();
    all.kinds();
    all.body_layout();
    all.values();
    all.slots();
    all.contradictions();
    all.chain();
    all.files
}

/// The files made so far.
struct Damages {
    files: Vec<File>,
}

impl Damages {
    /// Adds what `parts` are now, hashes and signature as they are.
    fn add(&mut self, name: &str, about: &str, step: &str, parts: &Parts) {
        self.bytes(name, about, step, &parts.stored(), parts);
    }

    fn bytes(&mut self, name: &str, about: &str, step: &str, stored: &[u8], parts: &Parts) {
        let vector = Vector::of(stored, &parts.items, Some(key()));
        self.files.push(vector.damaged(name, about, step, false));
    }

    /// Adds what `change` makes of `parts`, signed anew.
    fn signed(
        &mut self,
        name: &str,
        about: &str,
        step: &str,
        mut parts: Parts,
        change: impl FnOnce(&mut Parts),
    ) {
        change(&mut parts);
        parts.sign();
        self.add(name, about, step, &parts);
    }

    /// Adds what `change` makes of `parts`, hashed and signed anew.
    fn remade(&mut self, name: &str, about: &str, step: &str, parts: Parts, change: impl FnOnce(&mut Parts)) {
        self.signed(name, about, step, parts, |parts| {
            change(parts);
            parts.rehash();
        });
    }

    /// As `remade`, for a number that a later version may know.
    fn unknown(
        &mut self,
        name: &str,
        about: &str,
        step: &str,
        mut parts: Parts,
        change: impl FnOnce(&mut Parts),
    ) {
        change(&mut parts);
        parts.rehash();
        parts.sign();
        let vector = Vector::of(&parts.stored(), &parts.items, Some(key()));
        self.files.push(vector.damaged(name, about, step, true));
    }
}

/// Where each part of the plain bodies stands, from docs/formats/record.md.
mod at {
    /// `withdraw`: its reason, facts and seen.
    pub const REASON: usize = 48;
    pub const FACTS: usize = 50;
    pub const SEEN: usize = 58;
    /// `dispose` and others that begin with `at`: the marks of facility and host.
    pub const FACILITY_MARK: usize = 16;
    pub const HOST: usize = 59;
    /// `dispose`: count and mark of the inputs, the first input, the text of the reason.
    pub const INPUTS: usize = 62;
    pub const INPUTS_MARK: usize = 70;
    pub const INPUT: usize = 71;
    pub const REASON_LENGTH: usize = 179;
    pub const REASON_TEXT: usize = 187;
    /// `establish`: the parts of its key entry.
    pub const PURPOSE: usize = 16;
    pub const ENTRY_ALG: usize = 17;
    pub const ENTRY_LENGTH: usize = 19;
    pub const ENTRY_KEY: usize = 21;
    pub const PROOF: usize = 53;
    pub const RECOVERY: usize = 117;
}

fn sealed(event: Event, is_private: &dyn Fn(&str) -> bool) -> Parts {
    Parts::of(&Chain::new("damaged").seal(event, is_private))
}

fn public(event: Event) -> Parts {
    sealed(event, &|_| false)
}

fn withdraw() -> Parts {
    public(samples::plain_withdraw())
}

fn dispose() -> Parts {
    public(samples::plain_dispose())
}

/// A re-weighing with two private items: composition, mass.
fn measure() -> Parts {
    sealed(samples::plain_measure(), &|path| matches!(path, "composition" | "mass"))
}

/// A disposal with its inputs as one private item.
fn dispose_withheld() -> Parts {
    sealed(samples::plain_dispose(), &|path| path == "in")
}

fn whole(kind: &str) -> Parts {
    let mut events = samples::one_of_each().into_iter();
    public(events.find(|event| event.kind().to_string() == kind).expect("a kind with a sample"))
}

fn establish() -> Parts {
    let mut entropy = SeededEntropy::new(b"damaged establish");
    let sealed: Sealed = found(samples::establish_shortly(), time(), &|_| false, &signer(), &mut entropy)
        .expect("a good event");
    Parts::of(&sealed)
}

fn key() -> [u8; 32] {
    signer().public().to_bytes()
}

/// Replaces the first stretch of bytes equal to `old`.
fn replace(body: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    let at = body.windows(old.len()).position(|window| window == old);
    let at = at.unwrap_or_else(|| panic!("the sample does not hold {}", old.escape_ascii()));
    body.splice(at..at + old.len(), new.iter().copied());
}
