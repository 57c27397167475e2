//! Damage to lengths and header: steps `lengths`, `tag`, `ranges`, `kind`.

use lodemark::model::time::{END_MS, FIRST_MS};

use super::{Damages, establish, measure, withdraw};

impl Damages {
    pub(super) fn lengths(&mut self) {
        let (parts, stored) = (measure(), measure().stored());
        let directory = stored.len() - (2 + 11 + 32) - (2 + 4 + 32);
        let cuts = [
            ("nothing-at-all", "no bytes", 0),
            ("header-truncated", "the last byte of the header is missing, and all after it", 207),
            ("signature-truncated", "the last byte of the signature is missing, and all after it", 271),
            ("body-truncated", "the last byte of the body is missing, and the directory", directory - 1),
            ("directory-missing", "the directory is missing", directory),
            ("directory-truncated-in-length", "it ends inside the length of its first key", directory + 1),
            ("directory-truncated-in-key", "it ends inside its first key", directory + 5),
            ("directory-truncated-in-commitment", "the last byte of all is missing", stored.len() - 1),
        ];
        for (name, about, len) in cuts {
            self.bytes(name, about, "lengths", &stored[..len], &parts);
        }
        let trailing = [&stored[..], &[0]].concat();
        self.bytes("trailing-byte", "a zero byte follows the directory", "lengths", &trailing, &parts);
        let alone = withdraw();
        let trailing = [&alone.stored()[..], &[0]].concat();
        self.bytes(
            "trailing-byte-without-items",
            "a zero byte follows the body",
            "lengths",
            &trailing,
            &alone,
        );
        self.signed(
            "body-len-too-large-by-1",
            "the header states one byte more",
            "lengths",
            withdraw(),
            |parts| {
                let len = parts.body.len() as u32 + 1;
                parts.set(104, &len.to_be_bytes());
            },
        );
    }

    pub(super) fn header(&mut self) {
        type Change = (&'static str, &'static str, &'static str, usize, Vec<u8>);
        let changes: Vec<Change> = vec![
            (
                "tag-of-another-format",
                "the tag reads lodemark/record1",
                "tag",
                0,
                b"lodemark/record1".to_vec(),
            ),
            ("tag-flipped", "one bit of the tag is flipped", "tag", 15, b"0".to_vec()),
            ("alg-0", "algorithm 0 is never valid", "ranges", 16, vec![0, 0]),
            ("both-kind-bits", "the kind is marked control and ancillary", "ranges", 18, vec![0xc0, 7]),
            (
                "time-before-2000",
                "one millisecond too early",
                "ranges",
                96,
                (FIRST_MS - 1).to_be_bytes().to_vec(),
            ),
            ("time-at-2200", "one millisecond too late", "ranges", 96, END_MS.to_be_bytes().to_vec()),
            ("time-of-all-ones", "the largest number", "ranges", 96, vec![0xff; 8]),
            ("body-len-over-4-mib", "the header states 4194305 bytes", "ranges", 104, vec![0, 0x40, 0, 1]),
            ("body-len-of-all-ones", "the header states 4294967295 bytes", "ranges", 104, vec![0xff; 4]),
            ("item-count-4097", "the header states 4097 items", "ranges", 108, vec![0, 0, 0x10, 1]),
            ("item-count-of-all-ones", "the header states 4294967295 items", "ranges", 108, vec![0xff; 4]),
            ("items-hash-zero-with-items", "two items, and zeros for their hash", "ranges", 144, vec![0; 32]),
            ("seq-1-without-prev", "prev is zero behind the first record", "ranges", 64, vec![0; 32]),
            ("seq-1-without-control", "control is zero behind the first record", "ranges", 176, vec![0; 32]),
        ];
        for (name, about, step, at, bytes) in changes {
            self.signed(name, about, step, measure(), |parts| parts.set(at, &bytes));
        }
        for (name, about, alg) in [
            ("alg-2-reserved", "an algorithm that has its number and no rule yet", 2),
            ("alg-unknown", "an algorithm that has no number", 0x0107_u16),
        ] {
            self.unknown(name, about, "ranges", withdraw(), |parts| parts.set(16, &alg.to_be_bytes()));
        }
        self.signed("items-hash-without-items", "no items, and a hash", "ranges", withdraw(), |parts| {
            parts.set(144, &[7; 32]);
        });
        self.signed("seq-0-with-control", "control is not zero at seq 0", "ranges", establish(), |parts| {
            parts.set(176, &[7; 32]);
        });
        self.signed("seq-0-with-prev", "prev is not zero at seq 0", "ranges", establish(), |parts| {
            parts.set(64, &[7; 32]);
        });
    }

    pub(super) fn first_kind(&mut self) {
        self.signed("establish-at-seq-1", "it stands inside a chain", "ranges", establish(), |parts| {
            parts.set(56, &1_u64.to_be_bytes());
            parts.set(64, &[7; 32]);
            parts.set(176, &[7; 32]);
        });
        self.signed("chain-begins-without-establish", "withdraw at seq 0", "ranges", withdraw(), |parts| {
            parts.set(56, &[0; 40]);
            parts.set(176, &[0; 32]);
        });
    }

    pub(super) fn kinds(&mut self) {
        for (name, about, kind) in [
            ("kind-unknown", "a kind without a number", 0x0fff_u16),
            ("kind-unknown-control", "a control kind without a number", 0x4fff),
            ("kind-unknown-ancillary", "an ancillary kind without a number, which may be skipped", 0x8001),
            ("kind-reserved", "a kind that has its number and no layout yet", 0x0102),
        ] {
            self.unknown(name, about, "kind", withdraw(), |parts| parts.set(18, &kind.to_be_bytes()));
        }
    }
}
