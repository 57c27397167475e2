//! Damage to the layout of bodies: step `decode`.

use lodemark::model::event::Event;

use super::super::file::Vector;
use super::super::good::repeated_lots;
use super::super::samples;
use super::{Damages, at, dispose, dispose_withheld, key, public, replace, whole, withdraw};

impl Damages {
    pub(super) fn body_layout(&mut self) {
        const STEP: &str = "decode";
        self.remade("body-empty", "no body at all", STEP, withdraw(), |parts| parts.body.clear());
        self.remade("nonce-truncated", "a body of 15 bytes", STEP, withdraw(), |parts| {
            parts.body.truncate(15)
        });
        self.remade("body-ends-early", "the last byte of seen is missing", STEP, withdraw(), |parts| {
            parts.body.pop();
        });
        self.remade("body-goes-on", "a zero byte follows seen", STEP, withdraw(), |parts| parts.body.push(0));
        self.remade("body-of-another-kind", "the fields of withdraw as dispose", STEP, withdraw(), |parts| {
            parts.set(18, &[2, 0x12]);
        });
        self.remade("flag-02", "the `empties` of an input is neither 00 nor 01", STEP, dispose(), |parts| {
            parts.body[at::INPUT + 52] = 2;
        });
        self.remade("maybe-02", "the mark of the facility is neither 00 nor 01", STEP, dispose(), |parts| {
            parts.body[at::FACILITY_MARK] = 2;
        });
        self.remade("opt-02", "the mark of the host is neither 00 nor 01", STEP, dispose(), |parts| {
            parts.body[at::HOST] = 2;
        });
        self.remade(
            "maybe-list-02",
            "the mark of the inputs is neither 00 nor 01",
            STEP,
            dispose(),
            |parts| {
                parts.body[at::INPUTS_MARK] = 0xff;
            },
        );
        for (name, about, count) in [
            ("list-count-huge", "2^63 inputs", 1_u64 << 63),
            ("list-count-of-all-ones", "2^64 - 1 inputs", u64::MAX),
            ("list-count-over-what-is-left", "65536 inputs in 106 bytes", 65_536),
            ("list-count-too-large-by-1", "3 inputs where 2 follow", 3),
        ] {
            self.remade(name, about, STEP, dispose(), |parts| {
                parts.body[at::INPUTS..at::INPUTS_MARK].copy_from_slice(&count.to_be_bytes());
            });
        }
        self.remade(
            "inputs-65537-withheld",
            "one input more than may be",
            STEP,
            dispose_withheld(),
            |parts| {
                parts.body[at::INPUTS..at::INPUTS_MARK].copy_from_slice(&65_537_u64.to_be_bytes());
            },
        );
        let mut parts = public(samples::stock(vec![samples::plain_lot()]));
        let lot = samples::plain_lot_bytes();
        let one = [&1_u64.to_be_bytes()[..], &lot].concat();
        let many = [&16_385_u64.to_be_bytes()[..], &lot.repeat(16_385)].concat();
        replace(&mut parts.body, &one, &many);
        parts.rehash();
        parts.sign();
        let mut vector = Vector::of(&[], &[], Some(key()));
        vector.record = repeated_lots(&parts.stored(), 16_385);
        self.files.push(vector.damaged("outputs-16385", "one output more than may be", STEP, false));
        let event = Event { seen: (0..16).map(samples::checkpoint).collect(), ..samples::plain_withdraw() };
        self.remade("seen-17", "one checkpoint more than may be", STEP, public(event), |parts| {
            parts.body[at::SEEN + 7] = 17;
            let last = parts.body[parts.body.len() - 170..].to_vec();
            parts.body.extend(last);
        });
        let one_fact = || Event { facts: samples::facts()[..1].to_vec(), ..samples::plain_withdraw() };
        self.remade("fact-twice", "two facts of one code", STEP, public(one_fact()), |parts| {
            let fact = parts.body[at::FACTS + 8..parts.body.len() - 8].to_vec();
            parts.body[at::FACTS + 7] = 2;
            parts.body.splice(at::FACTS + 8..at::FACTS + 8, fact);
        });
        self.remade(
            "facts-not-ascending",
            "the second code comes before the first",
            STEP,
            whole("withdraw"),
            |parts| {
                replace(&mut parts.body, b"iso23664.batch", b"zso23664.batch");
            },
        );
        self.remade("facts-of-a-lot-not-ascending", "as above, in a lot", STEP, whole("receive"), |parts| {
            replace(&mut parts.body, b"iso23664.batch", b"zso23664.batch");
        });
        self.remade("facts-65", "one fact more than may be", STEP, public(one_fact()), |parts| {
            let fact = parts.body[at::FACTS + 8..parts.body.len() - 8].to_vec();
            let many = (0..65_u8).flat_map(|number| {
                let mut fact = fact.clone();
                fact[8..10].copy_from_slice(format!("{number:02}").as_bytes());
                fact
            });
            let many: Vec<u8> = many.collect();
            parts.body[at::FACTS + 7] = 65;
            let end = parts.body.len() - 8;
            parts.body.splice(at::FACTS + 8..end, many);
        });
    }
}
