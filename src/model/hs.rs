//! Customs codes: headings of the Harmonized System, with or without national digits.
//!
//! The full nomenclature is not held here; a short list of headings that the minerals trade uses gives words and
//! hints. A code outside that list is as good as one inside it.

use std::fmt;
use std::str::FromStr;

use super::amount::text_serde;
use super::nearest::nearest;

/// A customs code of 4, 6, 8 or 10 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsCode {
    digits: [u8; 10],
    len: u8,
}

/// A text that is no customs code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a customs code: {why}")]
pub struct HsError {
    /// What was written.
    pub given: String,
    /// What is wrong with it.
    pub why: HsFault,
    nearest: Option<&'static str>,
}

/// What is wrong with a customs code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HsFault {
    /// Something else than digits in groups.
    #[error("it is digits, with a dot or space at most after the 4th, 6th and 8th")]
    Shape,
    /// The wrong number of digits.
    #[error("it has {0} digits, not 4, 6, 8 or 10")]
    Length(usize),
    /// Chapters run from 01 to 97, and 77 is kept free.
    #[error("the Harmonized System has no chapter {0:02}")]
    Chapter(u8),
}

impl HsError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        let example = || "write it as `8505.11` or `850511`".to_owned();
        Some(self.nearest.and_then(HsCode::from_digits).map_or_else(example, |code| {
            let words = code.words().map(|words| format!(" ({words})")).unwrap_or_default();
            format!("did you mean `{code}`{words}?")
        }))
    }
}

impl HsCode {
    /// Returns the code with these digits, judged by its shape only: 4, 6, 8 or 10 ASCII digits.
    pub fn from_digits(digits: &str) -> Option<Self> {
        if !matches!(digits.len(), 4 | 6 | 8 | 10) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut padded = [0; 10];
        padded[..digits.len()].copy_from_slice(digits.as_bytes());
        Some(Self { digits: padded, len: digits.len() as u8 })
    }

    /// Returns the digits, without dots.
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.len)]).expect("ASCII digits by construction")
    }

    /// Returns words for the longest heading of the short list that this code falls under, if one does.
    pub fn words(&self) -> Option<&'static str> {
        let under = HEADINGS.iter().filter(|(heading, _)| self.digits().starts_with(heading));
        under.max_by_key(|(heading, _)| heading.len()).map(|(_, words)| *words)
    }
}

/// How far two customs codes agree, on the digits that all countries share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agreement {
    /// The first six digits are the same, or as many of them as both state.
    Same,
    /// The heading of four digits is the same, the subheading is not.
    SameHeading,
    /// The headings differ.
    Different,
}

impl HsCode {
    /// Returns how far this code and another agree; national digits beyond the sixth are not compared.
    pub fn agreement(&self, other: &Self) -> Agreement {
        let (one, other) = (self.digits(), other.digits());
        let same = |length: usize| one.get(..length) == other.get(..length);
        match (same(4), one.len() < 6 || other.len() < 6 || same(6)) {
            (false, _) => Agreement::Different,
            (true, true) => Agreement::Same,
            (true, false) => Agreement::SameHeading,
        }
    }
}

impl FromStr for HsCode {
    type Err = HsError;

    /// Reads `8505.11`, `8505 11`, `850511`, `8505.11.00.10`.
    fn from_str(text: &str) -> Result<Self, HsError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let fail = |why| {
            let near = nearest(&digits, HEADINGS.iter().map(|(heading, _)| *heading));
            HsError { given: text.to_owned(), why, nearest: near }
        };
        if !is_grouped(text) {
            return Err(fail(HsFault::Shape));
        }
        let code = Self::from_digits(&digits).ok_or_else(|| fail(HsFault::Length(digits.len())))?;
        match digits[..2].parse::<u8>() {
            Ok(chapter) if !(1..=97).contains(&chapter) || chapter == 77 => {
                Err(fail(HsFault::Chapter(chapter)))
            }
            _ => Ok(code),
        }
    }
}

impl fmt::Display for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits().split_at(4) {
            (heading, "") => f.pad(heading),
            (heading, rest) => f.pad(&format!("{heading}.{rest}")),
        }
    }
}

impl fmt::Debug for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

text_serde!(HsCode, |code: &HsCode| code.to_string());

/// Whether `text` is digits, with single dots or spaces only after the 4th, 6th and 8th.
fn is_grouped(text: &str) -> bool {
    let mut digits = 0;
    let mut after_digit = false;
    for letter in text.chars() {
        match letter {
            '0'..='9' => {
                digits += 1;
                after_digit = true;
            }
            '.' | ' ' if after_digit && matches!(digits, 4 | 6 | 8) => after_digit = false,
            _ => return false,
        }
    }
    after_digit
}

/// Headings of the minerals trade, in our own words. Eight digits are European (Combined Nomenclature).
#[rustfmt::skip]
const HEADINGS: &[(&str, &str)] = &[
    ("2528", "natural borates"),
    ("253090", "other minerals, rare-earth ores among them"),
    ("2609", "tin ores and concentrates"),
    ("260900", "tin ores and concentrates"),
    ("2611", "tungsten ores and concentrates"),
    ("261100", "tungsten ores and concentrates"),
    ("261220", "thorium ores and concentrates, monazite among them"),
    ("261590", "niobium, tantalum or vanadium ores and concentrates"),
    ("261690", "gold and other precious-metal ores and concentrates, without silver"),
    ("280530", "rare-earth metals, scandium and yttrium"),
    ("2810", "boron oxides and boric acids"),
    ("281000", "boron oxides and boric acids"),
    ("282590", "other metal oxides and hydroxides"),
    ("28259040", "tungsten oxides and hydroxides"),
    ("28259085", "other metal oxides and hydroxides, of tin among them"),
    ("282739", "other chlorides"),
    ("28273910", "tin chlorides"),
    ("284180", "tungstates"),
    ("284190", "salts of other metal acids"),
    ("28419085", "salts of other metal acids, tantalates among them"),
    ("2846", "rare-earth compounds"),
    ("284610", "cerium compounds"),
    ("284690", "rare-earth compounds other than cerium"),
    ("284990", "other carbides"),
    ("28499030", "tungsten carbides"),
    ("28499050", "other carbides, of tantalum among them"),
    ("7108", "gold, unwrought, half-made or powder"),
    ("7201", "pig iron"),
    ("720280", "ferro-tungsten"),
    ("720299", "other ferro-alloys, ferroboron among them"),
    ("7203", "sponge iron and very pure iron"),
    ("8001", "tin, unwrought"),
    ("8003", "tin bars, rods, profiles and wire"),
    ("800300", "tin bars, rods, profiles and wire"),
    ("8007", "other articles of tin"),
    ("800700", "other articles of tin"),
    ("810110", "tungsten powder"),
    ("810194", "tungsten, unwrought"),
    ("810196", "tungsten wire"),
    ("810199", "other articles of tungsten"),
    ("810320", "tantalum, unwrought or powder"),
    ("810390", "other articles of tantalum"),
    ("8105", "cobalt and articles of it"),
    ("811292", "gallium and other minor metals, unwrought"),
    ("850511", "permanent magnets of metal, magnetised or not"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> HsFault {
        text.parse::<HsCode>().unwrap_err().why
    }

    #[test]
    fn dots_and_spaces_stand_between_groups_only() {
        for text in ["850511", "8505.11", "8505 11"] {
            assert_eq!(text.parse::<HsCode>().unwrap().digits(), "850511");
        }
        assert_eq!("8505.11.00.10".parse::<HsCode>().unwrap().digits(), "8505110010");
        for bad in ["", "8505.", ".8505", "8505..11", "85.0511", "85051.1", "8505-11", "850511 ", "８５０５"]
        {
            assert_eq!(fault(bad), HsFault::Shape, "{bad}");
        }
        for (bad, len) in [("85", 2), ("85051", 5), ("8505110", 7), ("850511001", 9), ("85051100101", 11)] {
            assert_eq!(fault(bad), HsFault::Length(len));
            assert_eq!(HsCode::from_digits(bad), None);
        }
    }

    #[test]
    fn chapters_end_at_97_and_skip_77() {
        for good in ["0101", "7601", "7801", "9706"] {
            assert!(good.parse::<HsCode>().is_ok(), "{good}");
        }
        for (bad, chapter) in [("0001", 0), ("7701", 77), ("9801", 98), ("9999", 99)] {
            assert_eq!(fault(bad), HsFault::Chapter(chapter));
            assert!(HsCode::from_digits(bad).is_some(), "shape alone is enough for the bytes of others");
        }
    }

    #[test]
    fn words_are_those_of_the_longest_heading() {
        let words = |text: &str| text.parse::<HsCode>().unwrap().words();
        assert_eq!(words("8505.11.90"), Some("permanent magnets of metal, magnetised or not"));
        assert_eq!(words("2846.10"), Some("cerium compounds"));
        assert_eq!(words("2846"), Some("rare-earth compounds"));
        assert_eq!(words("2825.90.40"), Some("tungsten oxides and hydroxides"));
        assert_eq!(words("8505"), None);
    }

    #[test]
    fn hints_name_the_nearest_heading_and_text_reads_back() {
        let hint = |text: &str| text.parse::<HsCode>().unwrap_err().hint().unwrap();
        let magnets = "did you mean `8505.11` (permanent magnets of metal, magnetised or not)?";
        assert_eq!(hint("8505.1"), magnets);
        assert_eq!(hint("8505-11"), magnets);
        assert_eq!(hint("magnet"), "write it as `8505.11` or `850511`");
        for text in ["8505", "8505.11", "8505.1190", "8505.110010"] {
            let code: HsCode = text.parse().unwrap();
            assert_eq!(code.to_string(), text);
            assert_eq!(serde_json::from_str::<HsCode>(&format!("\"{text}\"")).unwrap(), code);
        }
    }

    #[test]
    fn codes_agree_on_six_digits_at_most() {
        let agree =
            |one: &str, other: &str| one.parse::<HsCode>().unwrap().agreement(&other.parse().unwrap());
        assert_eq!(agree("2846.90", "2846.9030"), Agreement::Same);
        assert_eq!(agree("2846.9010", "2846.9030"), Agreement::Same);
        assert_eq!(agree("2846", "2846.90"), Agreement::Same);
        assert_eq!(agree("2846.10", "2846.90"), Agreement::SameHeading);
        assert_eq!(agree("2846.10", "2845.10"), Agreement::Different);
    }

    #[test]
    fn the_short_list_is_ascending_and_well_formed() {
        assert!(HEADINGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(HEADINGS.iter().all(|(heading, _)| heading.parse::<HsCode>().is_ok()));
    }
}
