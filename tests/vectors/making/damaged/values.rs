//! Damage to single values in bodies: step `decode`.

use lodemark::model::event::Receiver;

use super::super::samples;
use super::{Damages, at, dispose, public, replace, whole, withdraw};

impl Damages {
    pub(super) fn values(&mut self) {
        const STEP: &str = "decode";
        type Text = (String, &'static str, Vec<u8>);
        // Both ends of each range of code points that no text may hold.
        let refused = [
            ('\u{0}', "a control character"),
            ('\u{1f}', "a control character"),
            ('\u{7f}', "a control character"),
            ('\u{80}', "a control character"),
            ('\u{9f}', "a control character"),
            ('\u{61c}', "the Arabic letter mark"),
            ('\u{200e}', "the left-to-right mark"),
            ('\u{200f}', "the right-to-left mark"),
            ('\u{2028}', "the line separator"),
            ('\u{202e}', "the right-to-left override"),
            ('\u{2066}', "the left-to-right isolate"),
            ('\u{2069}', "the end of an isolate"),
            ('\u{feff}', "the byte order mark"),
        ];
        let refused = refused.map(|(letter, about)| {
            let name = format!("text-with-u{:04x}", u32::from(letter));
            (name, about, format!("a{letter}b").into_bytes())
        });
        let mut texts: Vec<Text> = refused.to_vec();
        let others: [(&str, &str, Vec<u8>); 5] = [
            ("text-empty", "a text without a character", Vec::new()),
            ("text-not-utf8", "the byte FF is in no UTF-8", vec![b'a', 0xff]),
            ("text-utf8-cut", "it ends inside a character", vec![b'a', 0xe5, 0xae]),
            ("text-utf8-overlong", "a slash in two bytes", vec![0xc0, 0xaf]),
            ("text-257-bytes", "one byte more than may be", vec![b'a'; 257]),
        ];
        texts.extend(others.map(|(name, about, text)| (name.to_owned(), about, text)));
        for (name, about, text) in texts {
            self.remade(&name, about, STEP, dispose(), |parts| {
                let end = at::REASON_TEXT + 4;
                parts.body.splice(at::REASON_TEXT..end, text.iter().copied());
                let length = (text.len() as u64).to_be_bytes();
                parts.body[at::REASON_LENGTH..at::REASON_TEXT].copy_from_slice(&length);
            });
        }
        self.unknown("code-unknown", "a reason that has no number", STEP, withdraw(), |parts| {
            parts.body[at::REASON..at::FACTS].copy_from_slice(&[0xff, 0xff]);
        });
        self.unknown("code-0", "a reason with the number 0", STEP, withdraw(), |parts| {
            parts.body[at::REASON..at::FACTS].copy_from_slice(&[0, 0]);
        });
        let receiver = public(samples::dispatch(Receiver::Later));
        self.unknown("receiver-unknown", "a kind of receiver that has no number", STEP, receiver, |parts| {
            // After `at` with a host and an offset from UTC: the mark, then the kind.
            assert_eq!(parts.body[94..96], [0, 3]);
            parts.body[95] = 4;
        });
        self.unknown(
            "fact-value-unknown",
            "a kind of value that has no number",
            STEP,
            whole("withdraw"),
            |parts| {
                let end =
                    parts.body.windows(9).position(|window| window == b"site.plan").expect("a fact") + 9;
                parts.body[end + 2] = 9;
            },
        );
        type Change = (&'static str, &'static str, &'static str, Vec<u8>, Vec<u8>);
        let day = |days: i32| days.to_be_bytes().to_vec();
        let u32 = |number: u32| number.to_be_bytes().to_vec();
        let may_1 = 20_574;
        let changes: Vec<Change> = vec![
            ("subdivision-of-another-country", "GR-10 in TR", "intake", b"TR-10".to_vec(), b"GR-10".to_vec()),
            ("subdivision-in-small-letters", "TR-1a", "intake", b"TR-10".to_vec(), b"TR-1a".to_vec()),
            ("country-in-small-letters", "tw", "declare_facility", b"TW\x01".to_vec(), b"tw\x01".to_vec()),
            ("elements-not-ascending", "Fe before B", "intake", vec![2, 5, 26], vec![2, 26, 5]),
            ("element-twice", "B and B", "intake", vec![2, 5, 26], vec![2, 5, 5]),
            ("element-119", "an element beyond the last", "intake", vec![2, 5, 26], vec![2, 5, 119]),
            ("elements-none", "a set of nothing", "intake", vec![0, 2, 5, 26], vec![0, 0]),
            (
                "period-reversed",
                "it ends the day before it begins",
                "intake",
                day(may_1 + 30),
                day(may_1 - 1),
            ),
            ("day-after-2199", "one day too late", "intake", day(may_1 + 30), day(84_006)),
            ("day-before-1900", "one day too early", "intake", day(may_1), day(-25_568)),
            (
                "offset-of-841-minutes",
                "one minute too far east",
                "intake",
                vec![1, 1, 0xe0],
                vec![1, 3, 0x49],
            ),
            (
                "hs-of-5-digits",
                "an odd number of digits",
                "intake",
                b"\x06284690".to_vec(),
                b"\x0528469".to_vec(),
            ),
            ("hs-with-a-letter", "28469a", "intake", b"284690".to_vec(), b"28469a".to_vec()),
            (
                "material-with-an-empty-part",
                "two dots",
                "intake",
                b"oxide.NdPr".to_vec(),
                b"oxide..dPr".to_vec(),
            ),
            (
                "material-of-four-parts",
                "three dots",
                "intake",
                b"oxide.NdPr".to_vec(),
                b"o.i.e.NdPr".to_vec(),
            ),
            ("fact-code-with-a-space", "site plan", "intake", b"site.plan".to_vec(), b"site plan".to_vec()),
            (
                "share-over-the-whole",
                "1000000001 ppb of water",
                "intake",
                u32(25_000_000),
                u32(1_000_000_001),
            ),
            (
                "composition-over-twice-the-whole",
                "2000000001 ppb",
                "intake",
                u32(995_000_000),
                u32(2_000_000_001),
            ),
            ("uncertainty-over-400-percent", "4000000001 ppb", "intake", u32(10_000_000), u32(4_000_000_001)),
            ("latitude-beyond-the-pole", "90000001", "declare_facility", u32(24_596_000), u32(90_000_001)),
            (
                "longitude-beyond-180-degrees",
                "-180000001",
                "declare_facility",
                day(-121_852_000),
                day(-180_000_001),
            ),
        ];
        for (name, about, kind, old, new) in changes {
            self.remade(name, about, STEP, whole(kind), |parts| replace(&mut parts.body, &old, &new));
        }
    }
}
