//! Bodies that contradict themselves: step `sound`.

use lodemark::model::event::{Body, Event};
use lodemark::model::facility::Operator;
use lodemark::model::maybe::{Maybe, MaybeList};

use super::super::file::Vector;
use super::super::samples;
use super::{Damages, at, dispose, dispose_withheld, establish, public, replace, whole};

impl Damages {
    pub(super) fn contradictions(&mut self) {
        const STEP: &str = "sound";
        let mut zero = dispose();
        zero.body[at::INPUT + 44..at::INPUT + 52].fill(0);
        self.remade("stretch-of-no-length", "an input of 0 mg", STEP, zero, |_| ());
        let mut over = dispose();
        over.body[at::INPUT + 36..at::INPUT + 44].fill(0xff);
        self.remade("stretch-beyond-64-bits", "an input from 2^64 - 1 mg on", STEP, over, |_| ());
        let mut over = dispose_withheld();
        over.items[0].value[8 + 36..8 + 44].fill(0xff);
        over.recommit();
        self.remade("stretch-beyond-64-bits-shown", "as above, in a private item", STEP, over, |_| ());
        let mass = 400_000_000_u64.to_be_bytes();
        let receive = || public(samples::plain_receive());
        self.remade("lot-without-mass", "an output of 0 mg", STEP, receive(), |parts| {
            let at = parts.body.len() - 8;
            assert!(parts.body[..at].windows(8).any(|window| window == mass));
            let last = parts.body.windows(8).rposition(|window| window == mass).expect("the lot's mass");
            parts.body[last..last + 8].fill(0);
        });
        self.remade("handover-of-unequal-pairs", "two inputs and one output", STEP, receive(), |parts| {
            let input = parts.body[69..69 + 53].to_vec();
            parts.body[67] = 2;
            parts.body.splice(69..69, input);
        });
        self.remade(
            "package-lighter-gross-than-net",
            "250 kg net, 0 mg gross",
            STEP,
            whole("receive"),
            |parts| {
                let both = [250_000_000_u64.to_be_bytes(), 250_000_000_u64.to_be_bytes()].concat();
                replace(&mut parts.body, &both, &[&both[..8], &[0; 8]].concat());
            },
        );
        self.remade("fact-text-with-a-unit", "a text in milligrams", STEP, whole("withdraw"), |parts| {
            replace(&mut parts.body, b"iso23664.batch\0\x01", b"iso23664.batch\0\x02");
        });
        let event = Event { seen: vec![samples::checkpoint(0)], ..samples::plain_withdraw() };
        self.remade("seen-of-size-0", "a checkpoint over no record", STEP, public(event), |parts| {
            parts.body[at::SEEN + 8 + 34..][..8].fill(0);
        });
        self.remade(
            "touch-of-no-output",
            "it names output 1 of 1",
            STEP,
            public(samples::plain_intake()),
            |parts| {
                // The touches' count, then the index of the first touch's output.
                let touch = [&0_u32.to_be_bytes()[..], &2_u64.to_be_bytes(), &[5, 26]].concat();
                let other = [&1_u32.to_be_bytes()[..], &2_u64.to_be_bytes(), &[5, 26]].concat();
                replace(&mut parts.body, &touch, &other);
            },
        );
        let mut parts = establish();
        let role = [0, 6];
        replace(&mut parts.body, &[&[0, 1][..], &role].concat(), &[&[0, 2][..], &role, &role].concat());
        parts.rehash();
        parts.sign();
        let vector = Vector::of(&parts.stored(), &parts.items, None);
        self.files.push(vector.damaged("role-twice", "separator and separator", STEP, false));
        for (name, about, event) in contradicting() {
            self.contradicting(name, about, event);
        }
        self.contradictions_of_kinds();
        self.contradictions_of_vouching();
    }

    /// Adds an event that no writer seals: sealed with one more entry, which is then taken out or changed.
    fn contradicting(&mut self, name: &str, about: &str, (event, old, new): (Event, Vec<u8>, Vec<u8>)) {
        self.remade(name, about, "sound", public(event), |parts| replace(&mut parts.body, &old, &new));
    }
}

type Contradiction = (&'static str, &'static str, (Event, Vec<u8>, Vec<u8>));

/// Events that say one thing too many or too few once `old` is replaced by `new` in their bodies.
fn contradicting() -> Vec<Contradiction> {
    let (p40, r40) = (40_u16.to_be_bytes(), 1040_u16.to_be_bytes());
    let p30 = 30_u16.to_be_bytes();
    let two = |one: [u8; 2], other: [u8; 2]| [&2_u64.to_be_bytes()[..], &one, &other].concat();
    let of = |kind: &str| {
        let mut events = samples::one_of_each().into_iter();
        events.find(|event| event.kind().to_string() == kind).expect("a kind with a sample")
    };
    let day = |days: i32| days.to_be_bytes().to_vec();
    let material = |text: &str| [&(text.len() as u64).to_be_bytes()[..], text.as_bytes()].concat();
    let lot_bytes = one_lot();
    let input = one_input();
    let transform = samples::transform(vec![samples::stretch("0 kg", "400 kg")], vec![]);
    let step = [&1_u64.to_be_bytes()[..], &[0, 40, 0, 30]].concat();
    let mut no_outputs = of("repack");
    if let Body::Repack(repack) = &mut no_outputs.body {
        repack.outputs = vec![samples::plain_lot()];
    }
    let mut homogenised = no_outputs.clone();
    if let Body::Repack(repack) = &mut homogenised.body {
        repack.inputs = MaybeList::Shown(vec![samples::stretch("0 kg", "400 kg")]);
    }
    let mut single = samples::plain_dispose();
    if let Body::Dispose(dispose) = &mut single.body {
        dispose.inputs = MaybeList::Shown(vec![samples::stretch("0 kg", "400 kg")]);
    }
    let mut extract = of("extract");
    if let Body::Extract(extract) = &mut extract.body {
        extract.outputs = vec![samples::plain_lot()];
        extract.deposit = Maybe::Shown(None);
    }
    let none = |count_and_entries: &[u8]| (count_and_entries.to_vec(), vec![0; 8]);
    let with = |event: Event, (old, new): (Vec<u8>, Vec<u8>)| (event, old, new);
    let lots = none(&lot_bytes);
    // A list that may be withheld has its mark between count and entries.
    let inputs = ([&1_u64.to_be_bytes()[..], &[0], &input].concat(), vec![0; 9]);
    let mut closing = samples::facility(Operator::Author);
    if let Body::DeclareFacility(facility) = &mut closing.body {
        facility.stages.truncate(1);
    }
    let (opened, closed) = (day(-25_567), day(84_005));
    let years = [&[1][..], &opened, &[1], &closed].concat();
    let reversed = [&[1][..], &closed, &[1], &opened].concat();
    vec![
        ("stage-twice", "P40 and P40", with(of("accredit"), (two(p40, p30), two(p40, p40)))),
        ("material-twice", "ore and ore", with(of("accredit"), (material("oxide.NdPr"), material("ore")))),
        (
            "facility-stage-twice",
            "P40 and P40",
            with(
                samples::facility(Operator::Author),
                ([&r40[..], &[0, 1]].concat(), [&p40[..], &[0, 1]].concat()),
            ),
        ),
        ("facility-without-a-stage", "an empty list of stages", with(closing.clone(), none(&capability()))),
        ("facility-closes-before-it-opens", "2199, then 1900", with(closing, (years, reversed))),
        (
            "accreditation-withdrawn-until",
            "a withdrawn accreditation does not come back",
            with(of("withdraw_accreditation"), (suspended(false), suspended(true))),
        ),
        (
            "suspension-ends-before-it-begins",
            "it ends the day before",
            with(
                of("suspend_certificate"),
                ([&[1][..], &day(20_454)].concat(), [&[1][..], &day(20_453)].concat()),
            ),
        ),
        ("extract-without-a-lot", "no output", with(extract.clone(), lots.clone())),
        (
            "extract-without-a-step",
            "no step",
            with(extract, ([&2_u64.to_be_bytes()[..], &[0, 10, 0, 2, 0, 20, 0, 12]].concat(), vec![0; 8])),
        ),
        (
            "opening-stock-without-a-lot",
            "no output",
            with(samples::stock(vec![samples::plain_lot()]), lots.clone()),
        ),
        ("transform-without-a-step", "no step", with(transform.clone(), (step, vec![0; 8]))),
        ("transform-without-an-input", "no input", with(transform, inputs.clone())),
        ("repack-without-an-output", "no output", with(no_outputs, lots)),
        ("repack-without-an-input", "no input", with(homogenised.clone(), inputs.clone())),
        (
            "repack-one-after-the-other",
            "its mixing is sequential",
            with(
                homogenised,
                ([&[0, 2][..], &1_u64.to_be_bytes()].concat(), [&[0, 3][..], &1_u64.to_be_bytes()].concat()),
            ),
        ),
        ("dispose-without-an-input", "no input", with(single, inputs)),
    ]
}

/// The days of a status that ends on 2026-01-01, until further notice or until the same day.
fn suspended(until: bool) -> Vec<u8> {
    let day = 20_454_i32.to_be_bytes();
    if until { [&day[..], &[1], &day].concat() } else { [&day[..], &[0]].concat() }
}

/// Count and entry of a list with one capability.
fn capability() -> Vec<u8> {
    let mass = 5_000_000_000_000_u64.to_be_bytes();
    [&1_u64.to_be_bytes()[..], &[0, 40, 1], &mass].concat()
}

/// Count and entry of a list with the plain lot.
fn one_lot() -> Vec<u8> {
    [&1_u64.to_be_bytes()[..], &samples::plain_lot_bytes()].concat()
}

/// The stretch of 400 kg in its layout.
fn one_input() -> Vec<u8> {
    let input = samples::stretch("0 kg", "400 kg");
    let lot = [&input.lot.record.as_bytes()[..], &input.lot.index.to_be_bytes()].concat();
    let ends = [input.from.mg().to_be_bytes(), input.mass.mg().to_be_bytes()].concat();
    [&lot[..], &ends, &[1]].concat()
}
