//! Attestations and statements of witnesses that contradict themselves.

use super::{Damages, replace, whole};

impl Damages {
    pub(super) fn contradictions_of_vouching(&mut self) {
        let judged = 20_634_i32.to_be_bytes();
        let until = |day: i32, custody: u16| {
            [&judged[..], &day.to_be_bytes(), &custody.to_be_bytes(), &1_u64.to_be_bytes(), &[60]].concat()
        };
        let mass = |least: u64, most: u64| [&[0, 1][..], &least.to_be_bytes(), &most.to_be_bytes()].concat();
        let share =
            |least: u32, most: u32| [&[0, 2][..], &least.to_be_bytes(), &most.to_be_bytes(), &[1]].concat();
        let touch_of = |element: u8| [&1_u64.to_be_bytes()[..], &[element], &10_u16.to_be_bytes()].concat();
        let records = |count: u32| [&count.to_be_bytes()[..], &[7; 32]].concat();
        let (day, kilogram) = (20_998, 1_000_000);
        let (good, pass) = (until(day, 2), 2);
        let shares = share(700_000_000, 980_000_000);
        for (name, about, from, to) in [
            (
                "attest-ended-before",
                "it ends a day before the one judged for",
                good.clone(),
                until(20_633, pass),
            ),
            ("attest-not-applicable", "custody that is not applicable", good, until(day, 1)),
            (
                "attest-mass-backwards",
                "at least 41 kg and at most 40 kg",
                mass(41 * kilogram, 43 * kilogram),
                mass(41 * kilogram, 40 * kilogram),
            ),
            (
                "attest-share-backwards",
                "at least 70 % and at most 69 %",
                shares.clone(),
                share(700_000_000, 690_000_000),
            ),
            ("attest-share-of-nothing", "a step that nothing went through", shares, share(0, 0)),
            (
                "attest-touch-of-no-element",
                "a step of praseodymium, of which nothing is said",
                touch_of(60),
                touch_of(59),
            ),
            (
                "attest-stages-descend",
                "what is not placed, with its stages in the wrong order",
                [30_u16.to_be_bytes(), 40_u16.to_be_bytes()].concat(),
                [40_u16.to_be_bytes(), 30_u16.to_be_bytes()].concat(),
            ),
            ("attest-of-no-record", "it rests on no record", records(12), records(0)),
        ] {
            self.remade(name, about, "sound", whole("attest"), |parts| replace(&mut parts.body, &from, &to));
        }
        let from = |size: u64| [&1_u64.to_be_bytes()[..], &size.to_be_bytes()].concat();
        for (name, about, other) in [
            ("witness-of-less", "a log of size 2 goes on from size 3", from(3)),
            ("witness-of-another-number", "one checkpoint seen and no size", 0_u64.to_be_bytes().to_vec()),
        ] {
            self.remade(name, about, "sound", whole("witness"), |parts| {
                replace(&mut parts.body, &from(0), &other);
            });
        }
    }
}
