//! Names of people and firms: when two spellings may be one.
//!
//! Names are compared in a normal form: compatibility forms and accents dissolved (NFKD), letters of other
//! scripts that look like Latin ones taken as these, lower case, punctuation and legal forms (`Ltd`, `GmbH`)
//! left out. Near is: the same words in any order, a few letters apart, or one name within the other. Near says
//! only that a person must look; it never decides. Spec: docs/formats/rule-pack.md, "Entities".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that say what a firm is in law, not which one.
const LEGAL_FORMS: [&str; 45] = [
    "ab",
    "ag",
    "as",
    "asa",
    "bhd",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "doo",
    "gmbh",
    "inc",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "oao",
    "ojsc",
    "ooo",
    "oy",
    "oyj",
    "pao",
    "pjsc",
    "plc",
    "pt",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sdn",
    "spa",
    "srl",
    "zao",
];

/// The same in scripts that put no space before it.
const JOINED_FORMS: [&str; 6] = ["股份有限公司", "有限责任公司", "有限公司", "公司", "株式会社", "주식회사"];

/// Letters that look like a Latin one, in lower case.
const LOOK_ALIKES: [(char, char); 42] = [
    // Cyrillic.
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('н', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('ӏ', 'l'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('т', 't'),
    ('ѵ', 'v'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('у', 'y'),
    // Greek.
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('η', 'h'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('μ', 'm'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'y'),
    ('χ', 'x'),
    ('ζ', 'z'),
    // Latin letters that do not fall apart into a letter and an accent, and what looks like a letter.
    ('ı', 'i'),
    ('ł', 'l'),
    ('ø', 'o'),
    ('đ', 'd'),
    ('ħ', 'h'),
    ('ⅼ', 'l'),
    ('|', 'l'),
];

/// A contained name of one word must have this many letters, unless it holds a digit.
const LEAST_CONTAINED: usize = 6;

/// A name in normal form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Normal {
    words: Vec<String>,
    joined: String,
    sorted: Vec<String>,
}

impl Normal {
    /// Returns the normal form of a name.
    pub fn of(name: &str) -> Self {
        let lower: String =
            name.nfkd().filter(|one| !is_combining_mark(*one)).flat_map(char::to_lowercase).collect();
        let plain: String = lower.nfkd().filter(|one| !is_combining_mark(*one)).map(look_alike).collect();
        // `S.A.` is one word, as `SA` is.
        let plain = plain.replace(['.', '\'', '’', '`'], "");
        let mut words: Vec<String> = plain
            .split(|one: char| !one.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| without_joined_form(word).to_owned())
            .collect();
        // A firm may be called by nothing else, such as `AS Company`.
        if words.iter().any(|word| !LEGAL_FORMS.contains(&word.as_str())) {
            words.retain(|word| !LEGAL_FORMS.contains(&word.as_str()));
        }
        let mut sorted = words.clone();
        sorted.sort_unstable();
        Self { joined: words.concat(), sorted, words }
    }

    /// Whether a person must look whether the two are one.
    pub fn is_near(&self, other: &Self) -> bool {
        if self.joined.is_empty() || other.joined.is_empty() {
            return false;
        }
        self.joined == other.joined
            || self.sorted == other.sorted
            || self.is_misspelt(other)
            || self.holds(other)
            || other.holds(self)
    }

    /// Whether the two are one but for slips of the pen in single words, in one order or another; where one of
    /// them is written in more words than the other, in the whole.
    fn is_misspelt(&self, other: &Self) -> bool {
        if self.words.len() != other.words.len() {
            return few_edits(&self.joined, &other.joined);
        }
        let in_order = |one: &[String], other: &[String]| {
            one.iter().zip(other).all(|(one, other)| one == other || few_edits(one, other))
        };
        in_order(&self.words, &other.words) || in_order(&self.sorted, &other.sorted)
    }

    /// Whether every word of `part` is one of these, and there are enough of them to mean somebody.
    fn holds(&self, part: &Self) -> bool {
        let tells = match part.words.as_slice() {
            [one] => {
                one.chars().count() >= LEAST_CONTAINED || one.chars().any(|letter| letter.is_ascii_digit())
            }
            several => several.len() >= 2,
        };
        tells && part.words.iter().all(|word| self.words.contains(word))
    }
}

/// Whether two words are one but for slips of the pen: none up to 4 letters, one up to 11, two beyond.
///
/// The shorter one counts; a slip is a letter left out, added, changed, or two swapped.
fn few_edits(one: &str, other: &str) -> bool {
    let (long, short) = (one.chars().count(), other.chars().count());
    let (long, short) = (long.max(short), long.min(short));
    let allowed = match short {
        0..=4 => 0,
        5..=11 => 1,
        _ => 2,
    };
    long - short <= allowed && strsim::osa_distance(one, other) <= allowed
}

fn look_alike(letter: char) -> char {
    LOOK_ALIKES.iter().find(|(from, _)| *from == letter).map_or(letter, |(_, to)| *to)
}

fn without_joined_form(word: &str) -> &str {
    let rest =
        JOINED_FORMS.iter().find_map(|form| word.strip_suffix(form).or_else(|| word.strip_prefix(form)));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(word)
}

/// Returns a number as registers compare it: letters and digits alone, in upper case.
pub fn number(text: &str) -> String {
    text.nfkc().filter(|one| one.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str) -> bool {
        let (one, other) = (Normal::of(one), Normal::of(other));
        assert_eq!(one.is_near(&other), other.is_near(&one), "it does not matter which is listed");
        one.is_near(&other)
    }

    #[test]
    fn legal_forms_case_accents_order_and_punctuation_make_no_difference() {
        for (one, other) in [
            ("Northern Light Metals", "NORTHERN LIGHT METALS CO., LTD."),
            ("Société Minière du Nord S.A.", "Societe Miniere du Nord"),
            ("Müller Legierungen GmbH & Co. KG", "MULLER LEGIERUNGEN"),
            ("Łódź Metale", "Lodz Metale sp"),
            ("Baotou-Steel", "Baotou Steel"),
            ("BaotouSteel", "Baotou Steel Inc"),
            ("Metals Northern Light", "Northern Light Metals"),
            ("合盛硅业股份有限公司", "合盛硅业"),
            ("Ｎｏｒｔｈｅｒｎ Light", "Northern Light"),
        ] {
            assert!(near(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn letters_of_another_script_that_look_the_same_are_the_same() {
        // Cyrillic о, е, м; Greek Ν is no Latin v here, so it is a slip of the pen.
        assert!(near("Nоrthеrn Light", "Northern Light"));
        assert!(near("М23", "M23"));
        assert!(near("Νorthern Light", "Northern Light"));
    }

    #[test]
    fn slips_of_the_pen_are_near_and_more_of_them_are_not() {
        assert!(near("Hoshin Silicon", "Hoshine Silicon"));
        assert!(near("Hoshine Silcion", "Hoshine Silicon"));
        assert!(near("Karri", "Karrri"));
        assert!(near("Uzbekistanmetals", "Uzbekstan Metal"));
        assert!(!near("Karri", "Karoo"));
        assert!(!near("North Metals", "South Metals"), "two letters of one short word");
        assert!(!near("Baltic Salts", "Baltic Metals"));
        assert!(!near("Arctic Copper", "Atlantic Copper"));
    }

    #[test]
    fn a_name_within_a_longer_one_is_near() {
        assert!(near("Hoshine Silicon Industry", "Hoshine Silicon Industry (Shanshan)"));
        assert!(near("M23", "Mouvement M23"));
        assert!(near("Hoshine", "Hoshine Trading"));
        assert!(!near("North", "North Sea Trading"), "one short word means nobody");
        assert!(!near("Sea Trading", "North Sea Metals"));
    }

    #[test]
    fn short_names_are_near_only_if_they_are_the_same() {
        for (one, other) in
            [("Abe", "Abel"), ("M23", "M24"), ("M23", "N23"), ("Iron", "Icon"), ("Ore Co", "Oren Co")]
        {
            assert!(!near(one, other), "{one} / {other}");
        }
        assert!(near("Abe Ltd", "ABE"));
    }

    #[test]
    fn innocent_names_of_one_trade_stay_apart() {
        let names = [
            "Lynas Separation",
            "Coast Separation",
            "North Metals",
            "South Metals",
            "Haiphong Castings",
            "Mulga Mine",
            "Karri Mine",
            "Office of Mines",
            "Shenzhen Metals",
            "Shandong Metals",
            "Sao Paulo Ferro",
        ];
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                assert!(!near(one, other), "{one} / {other}");
            }
        }
    }

    #[test]
    fn a_name_of_legal_forms_or_signs_alone_is_compared_as_it_stands_or_with_nobody() {
        assert!(near("AS Company", "As Company"));
        assert!(!near("AS Company", "Northern Company"));
        assert!(!near("---", "..."));
    }

    #[test]
    fn numbers_are_compared_without_spaces_and_signs() {
        assert_eq!(number("15 585"), number("15585"));
        assert_eq!(number("cn-9112 ab"), "CN9112AB");
    }
}
