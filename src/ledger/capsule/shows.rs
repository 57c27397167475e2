//! Which private items a capsule shows to whom: the table of docs/capsules.md.

use crate::capsule::Audience;

/// How a record stands to the lots that a capsule is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bearing {
    /// It is behind the lots, was recorded about what is behind them, or opens the chain of one who recorded that.
    Bears,
    /// It is the record of a lot behind which nothing is shown.
    Cut,
    /// It says what is established of a lot, in a capsule that keeps back what is behind one.
    Attests,
    /// It is there for the sake of its place in the chain alone.
    Aside,
}

/// What a customer is shown of a record that bears on the lots: places, periods, parties and quantities on their way.
const CUSTOMER: &[&str] = &[
    "add",
    "carrier",
    "closing",
    "composition",
    "covers",
    "deposit",
    "facility",
    "in",
    "label",
    "loss",
    "maker",
    "marks",
    "mass",
    "name",
    "opening",
    "operator",
    "part",
    "period",
    "receiver",
    "route",
    "seals",
    "serials",
    "supplier",
    "tags",
];

/// What stays between those who trade: terms, and notes to oneself.
const TRADE: &[&str] = &["note", "terms"];

/// What tells what a lot was made of.
const BEHIND: &[&str] = &["add", "closing", "covers", "in", "opening", "part"];

/// What an attestation tells of what a cut hides: who did the steps, and how much of each element there is.
const ATTESTED: &[&str] = &["maker", "mass"];

/// Returns the word that says what a private item is: the last of its key that is no number.
pub fn class(key: &str) -> &str {
    let is_word = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
    key.rsplit('/').find(is_word).unwrap_or(key)
}

/// Whether a reader is shown the private item of this key.
pub fn shows(audience: Audience, bearing: Bearing, key: &str) -> bool {
    let class = class(key);
    if bearing == Bearing::Cut && BEHIND.contains(&class) {
        return false;
    }
    match audience {
        Audience::Public => false,
        Audience::Auditor => true,
        _ if bearing == Bearing::Aside => false,
        Audience::Customer if bearing == Bearing::Attests && ATTESTED.contains(&class) => false,
        Audience::Customer => CUSTOMER.contains(&class),
        Audience::Compliance | Audience::Government => !TRADE.contains(&class),
    }
}

/// Whether the whole chains of everybody met are handed over, or only what is needed.
pub fn whole_chains(audience: Audience) -> bool {
    matches!(audience, Audience::Auditor | Audience::Government)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::coded::Coded;

    const EVERYBODY: [Audience; 5] =
        [Audience::Public, Audience::Customer, Audience::Compliance, Audience::Government, Audience::Auditor];

    /// Returns who is shown an item of a record.
    fn shown(bearing: Bearing, key: &str) -> Vec<&'static str> {
        EVERYBODY.into_iter().filter(|one| shows(*one, bearing, key)).map(Coded::name).collect()
    }

    #[test]
    fn each_reader_sees_what_the_page_says() {
        use Bearing::*;
        let all = ["customer", "compliance", "government", "auditor"];
        assert_eq!(shown(Bears, "out/3/mass"), all);
        assert_eq!(shown(Bears, "with/out/3/mass"), all);
        assert_eq!(shown(Bears, "out/0/documents"), all[1..]);
        assert_eq!(shown(Bears, "out/0/owner"), all[1..]);
        assert_eq!(shown(Bears, "terms"), ["auditor"]);
        assert_eq!(shown(Bears, "note"), ["auditor"]);
        assert_eq!(shown(Aside, "out/0/mass"), ["auditor"]);
        assert_eq!(shown(Aside, "receiver"), ["auditor"]);
        assert_eq!(shown(Cut, "in"), Vec::<&str>::new());
        assert_eq!(shown(Cut, "out/0/mass"), all);
        assert_eq!(shown(Bears, "touch/0/maker"), all);
        assert_eq!(shown(Attests, "touch/0/maker"), all[1..]);
        assert_eq!(shown(Attests, "element/3/mass"), all[1..]);
    }

    #[test]
    fn a_class_is_the_last_word_of_a_key() {
        assert_eq!(class("out/12/mass"), "mass");
        assert_eq!(class("touch/3/maker"), "maker");
        assert_eq!(class("in"), "in");
        assert_eq!(class("opening/2"), "opening");
    }

    #[test]
    fn what_the_table_names_is_a_word_of_some_item() {
        for word in CUSTOMER.iter().chain(TRADE).chain(BEHIND).chain(ATTESTED) {
            assert!(word.parse::<crate::ledger::Pattern>().is_ok(), "{word}");
        }
    }
}
