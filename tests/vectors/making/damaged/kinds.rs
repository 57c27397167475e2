//! Bodies of parts, titles, tags and corrections that contradict themselves.

use super::super::samples;
use super::{Damages, replace, whole};

impl Damages {
    pub(super) fn contradictions_of_kinds(&mut self) {
        let part = |input: u32, output: u32, mass: u64| {
            [&input.to_be_bytes()[..], &output.to_be_bytes(), &mass.to_be_bytes(), &[1]].concat()
        };
        let kilogram = 1_000_000;
        for (name, about, other) in [
            ("part-of-no-input", "a part of input 2 of 2", part(2, 0, kilogram)),
            ("part-of-no-output", "a part of output 1 of 1", part(0, 1, kilogram)),
            ("part-without-mass", "a part of 0 mg", part(0, 0, 0)),
        ] {
            self.remade(name, about, "sound", whole("assemble"), |parts| {
                replace(&mut parts.body, &part(0, 0, kilogram), &other);
            });
        }
        let source = [&samples::id("source").as_bytes()[..], &3_u32.to_be_bytes()].concat();
        let recovered = |output: u32| [&output.to_be_bytes()[..], &source].concat();
        self.remade(
            "part-recovered-as-no-output",
            "output 1 of 1 was a part",
            "sound",
            whole("disassemble"),
            |parts| replace(&mut parts.body, &recovered(0), &recovered(1)),
        );
        let one = |entry: &[u8]| [&1_u64.to_be_bytes()[..], entry].concat();
        for (name, kind) in [("assign-without-a-lot", "assign"), ("request-without-a-lot", "request_return")]
        {
            self.remade(name, "no lot is named", "sound", whole(kind), |parts| {
                replace(&mut parts.body, &one(&source), &[0; 8]);
            });
        }
        self.remade("tags-without-a-tag", "no tag is handed out", "sound", whole("issue_tags"), |parts| {
            let tag = |text: &[u8]| [&(text.len() as u64).to_be_bytes()[..], text].concat();
            let tags = [&2_u64.to_be_bytes()[..], &[0], &tag(b"T-1"), &tag(b"T-2")].concat();
            replace(&mut parts.body, &tags, &[0; 9]);
        });
        self.remade("title-over-no-mass", "a pledge over 0 mg", "sound", whole("transfer_title"), |parts| {
            let titled = |mass: u64| [&[1][..], &1_000_000_u64.to_be_bytes(), &mass.to_be_bytes()].concat();
            replace(&mut parts.body, &titled(2_000_000), &titled(0));
        });
        let day = 20_454_i32.to_be_bytes();
        self.remade("stay-ended-until", "a stay that comes back", "sound", whole("end_host"), |parts| {
            replace(&mut parts.body, &[&day[..], &[0]].concat(), &[&day[..], &[1], &day].concat());
        });
        let mixing = |code: u8| [&[0, code][..], &2_u64.to_be_bytes(), &[0]].concat();
        self.remade(
            "correction-that-contradicts-itself",
            "a repacking that is sequential",
            "sound",
            whole("correct"),
            |parts| replace(&mut parts.body, &mixing(2), &mixing(3)),
        );
        let kind =
            |code: u16| [&samples::id("mistake").as_bytes()[..], &[0, 2], &code.to_be_bytes()].concat();
        for (name, about, code) in [
            ("correction-of-a-withdrawal", "a control kind in another's place", 0x4007),
            ("correction-of-a-correction", "a correction in another's place", 0x4006),
        ] {
            self.remade(name, about, "decode", whole("correct"), |parts| {
                replace(&mut parts.body, &kind(0x0209), &kind(code));
            });
        }
    }
}
