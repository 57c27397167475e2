//! Items and bodies that do not match: step `slots`.

use super::super::samples;
use super::{Damages, dispose_withheld, measure, public, sealed};

impl Damages {
    pub(super) fn slots(&mut self) {
        const STEP: &str = "slots";
        self.remade(
            "withheld-without-its-item",
            "the body withholds mass, no item has it",
            STEP,
            measure(),
            |parts| {
                parts.remove(1);
            },
        );
        let open = || sealed(samples::plain_measure(), &|path| path == "mass");
        self.remade(
            "item-of-a-shown-value",
            "composition is in the body and in an item",
            STEP,
            open(),
            |parts| {
                parts.insert("composition", &[0; 8]);
            },
        );
        self.remade("item-not-registered", "an item that stands for nothing", STEP, measure(), |parts| {
            parts.insert("zinc", &[0]);
        });
        let stock = || public(samples::stock(vec![samples::plain_lot()]));
        self.remade("item-of-a-lot-that-is-not-there", "a label for output 1 of 1", STEP, stock(), |parts| {
            parts.insert("out/1/label", b"\0\0\0\0\0\0\0\x01B");
        });
        self.remade("item-index-with-a-leading-zero", "out/00/label", STEP, stock(), |parts| {
            parts.insert("out/00/label", b"\0\0\0\0\0\0\0\x01B");
        });
        self.remade(
            "item-of-a-list-member",
            "in/0 beside a list that is one item",
            STEP,
            dispose_withheld(),
            |parts| {
                parts.insert("in/0", &[0]);
            },
        );
        let value = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut parts = measure();
            change(&mut parts.items[1].value);
            parts.recommit();
            parts
        };
        let cut = value(&|value| value.truncate(value.len() - 1));
        self.remade("value-ends-early", "the last byte of a value is missing", STEP, cut, |_| ());
        let longer = value(&|value| value.push(0));
        self.remade("value-goes-on", "a zero byte follows a value", STEP, longer, |_| ());
        let marked = value(&|value| value.insert(0, 0));
        self.remade("value-with-its-mark", "the mark of the maybe is in the value", STEP, marked, |_| ());
        let unknown = value(&|value| value[18] = 9);
        self.unknown("value-with-an-unknown-code", "a mass basis without a number", STEP, unknown, |_| ());
        self.remade(
            "list-value-of-another-length",
            "one input, the body says two",
            STEP,
            dispose_withheld(),
            |parts| {
                let value = &mut parts.items[0].value;
                value[7] = 1;
                value.truncate(8 + 53);
                parts.recommit();
            },
        );
        self.remade("extra-that-does-not-decode", "a label without its length", STEP, stock(), |parts| {
            parts.insert("out/0/label", b"B");
        });
    }
}
