//! Numbers in registers: what their form and check digits allow.
//!
//! Says whether a number can be one of its register, never whether the register holds it. A register that is
//! not listed here passes as it is. Spec: docs/formats/entry.md, "Numbers in registers".

use super::place::Country;

/// A register whose numbers are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Register {
    /// Legal entity identifier. Source: ISO 17442, check digits ISO 7064 MOD 97-10.
    Lei,
    /// Global location number. Source: GS1 General Specifications, check digit modulo 10.
    Gln,
    /// Global trade item number of 8, 12, 13 or 14 digits. Source: as `Gln`.
    Gtin,
    /// Unified social credit identifier of China. Source: GB 32100-2015.
    Usci,
    /// D-U-N-S number: nine digits, of which none is a check digit any more.
    Duns,
    /// Employer identification number of the United States, `12-3456789`.
    Ein,
    /// Commercial and government entity code, also of NATO. Source: NCAGE, five places without I and O.
    Cage,
    /// Unique entity identifier of SAM.gov: twelve places without I and O, not beginning with 0.
    Uei,
    /// Economic operators registration and identification of the EU: country, then up to fifteen places.
    Eori,
}

/// Each register with the word for it in `scheme`, and the name people know.
const REGISTERS: [(Register, &str, &str); 9] = [
    (Register::Lei, "lei", "LEI"),
    (Register::Gln, "gln", "GLN"),
    (Register::Gtin, "gtin", "GTIN"),
    (Register::Usci, "usci", "USCI"),
    (Register::Duns, "duns", "D-U-N-S number"),
    (Register::Ein, "ein", "EIN"),
    (Register::Cage, "cage", "CAGE code"),
    (Register::Uei, "uei", "UEI"),
    (Register::Eori, "eori", "EORI number"),
];

/// Why a number cannot be one of its register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{number}` is no {}: {fault}", .register.name())]
pub struct IdentifierError {
    /// The register.
    pub register: Register,
    /// The number as written.
    pub number: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has another form.
    #[error("{found}, where {wanted}")]
    Form {
        /// What it has.
        found: String,
        /// What it should have.
        wanted: &'static str,
    },
    /// Its check digits do not fit the rest.
    #[error("it ends in `{stated}`, where the rest of it asks for `{expected}`")]
    CheckDigits {
        /// Check digits written.
        stated: String,
        /// Check digits that fit what stands before them.
        expected: String,
        /// The number with one slip undone that makes it fit, where there is just one such.
        meant: Option<String>,
    },
}

impl IdentifierError {
    /// Says what to write instead.
    pub fn hint(&self) -> Option<String> {
        Some(match &self.fault {
            Fault::Form { wanted, .. } => format!("a {} has {wanted}", self.register.name()),
            Fault::CheckDigits { meant: Some(meant), .. } => {
                format!("did you mean `{meant}`? compare it with the paper, character by character")
            }
            Fault::CheckDigits { expected, .. } => format!(
                "compare it with the paper: one of its characters is wrong, or it should end in `{expected}`"
            ),
        })
    }
}

impl Register {
    /// Returns the register that `scheme` names, in any case; `None` for one that is not checked.
    pub fn named(scheme: &str) -> Option<Self> {
        REGISTERS
            .iter()
            .find(|(_, word, _)| scheme.eq_ignore_ascii_case(word))
            .map(|(register, ..)| *register)
    }

    /// Returns the name people know it by.
    pub fn name(self) -> &'static str {
        REGISTERS.iter().find(|(register, ..)| *register == self).expect("every register is listed").2
    }

    /// Returns what its numbers look like.
    fn form(self) -> &'static str {
        match self {
            Self::Lei => "18 digits or capital letters and 2 check digits",
            Self::Gln => "13 digits",
            Self::Gtin => "8, 12, 13 or 14 digits",
            Self::Usci => "18 digits or capital letters, none of them I, O, S, V or Z",
            Self::Duns => "9 digits",
            Self::Ein => "2 digits, a hyphen and 7 digits, as in 12-3456789",
            Self::Cage => "5 digits or capital letters, none of them I or O",
            Self::Uei => "12 digits or capital letters, none of them I or O, and no 0 in front",
            Self::Eori => "the code of a country and up to 15 digits or capital letters",
        }
    }

    fn has_form(self, number: &str) -> bool {
        let bytes = number.as_bytes();
        let digits = || bytes.iter().all(u8::is_ascii_digit);
        let capitals = |without: &[u8]| {
            bytes
                .iter()
                .all(|byte| (byte.is_ascii_digit() || byte.is_ascii_uppercase()) && !without.contains(byte))
        };
        match self {
            Self::Lei => bytes.len() == 20 && capitals(b"") && bytes[18..].iter().all(u8::is_ascii_digit),
            Self::Gln => bytes.len() == 13 && digits(),
            Self::Gtin => matches!(bytes.len(), 8 | 12 | 13 | 14) && digits(),
            Self::Usci => bytes.len() == 18 && capitals(b"IOSVZ"),
            Self::Duns => bytes.len() == 9 && digits(),
            Self::Ein => {
                bytes.len() == 10
                    && bytes[2] == b'-'
                    && bytes.iter().enumerate().all(|(at, byte)| at == 2 || byte.is_ascii_digit())
            }
            Self::Cage => bytes.len() == 5 && capitals(b"IO"),
            Self::Uei => bytes.len() == 12 && capitals(b"IO") && bytes[0] != b'0',
            Self::Eori => {
                (3..=17).contains(&bytes.len())
                    && capitals(b"")
                    && number.get(..2).is_some_and(|code| {
                        // XI is Northern Ireland in customs matters, and no country of ISO 3166.
                        code == "XI"
                            || Country::from_code(code).is_some_and(|country| country.name().is_some())
                    })
            }
        }
    }

    /// Returns the check digits that fit a number of this register's form; `None` where it has none.
    fn check_digits(self, number: &str) -> Option<String> {
        match self {
            Self::Lei => Some(mod_97_10(&number[..18])),
            Self::Gln | Self::Gtin => Some(gs1(&number[..number.len() - 1])),
            Self::Usci => Some(gb_32100(&number[..17])),
            _ => None,
        }
    }

    fn fits(self, number: &str) -> bool {
        self.has_form(number) && self.check_digits(number).is_none_or(|digits| number.ends_with(&digits))
    }
}

/// Checks that `number` can be one of the register that `scheme` names.
///
/// # Errors
/// [`IdentifierError`] where it has another form, or check digits that do not fit.
pub fn check(scheme: &str, number: &str) -> Result<(), IdentifierError> {
    let Some(register) = Register::named(scheme) else { return Ok(()) };
    let fault = |fault| Err(IdentifierError { register, number: number.to_owned(), fault });
    if !register.has_form(number) {
        return fault(Fault::Form { found: what_it_has(number), wanted: register.form() });
    }
    match register.check_digits(number) {
        Some(expected) if !number.ends_with(&expected) => {
            let stated = number[number.len() - expected.len()..].to_owned();
            fault(Fault::CheckDigits { stated, expected, meant: meant(register, number) })
        }
        _ => Ok(()),
    }
}

fn what_it_has(number: &str) -> String {
    let odd = number.chars().find(|one| !one.is_ascii_digit() && !one.is_ascii_uppercase());
    let count = number.chars().count();
    let characters = if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
    match odd {
        Some(odd) => format!("it has {characters}, among them `{odd}`"),
        None => format!("it has {characters}"),
    }
}

/// Characters that people take for each other.
const ALIKE: [(u8, u8); 6] =
    [(b'0', b'O'), (b'1', b'I'), (b'5', b'S'), (b'8', b'B'), (b'2', b'Z'), (b'0', b'D')];

/// Returns the one number that fits and differs by two neighbours swapped or one look-alike.
///
/// Several such numbers tell nothing, so none is named.
fn meant(register: Register, number: &str) -> Option<String> {
    let bytes = number.as_bytes();
    let mut found: Vec<String> = Vec::new();
    let mut consider = |changed: Vec<u8>| {
        let changed = String::from_utf8(changed).expect("changed in ASCII alone");
        if changed != number && register.fits(&changed) && !found.contains(&changed) {
            found.push(changed);
        }
    };
    for at in 0..bytes.len() {
        if at + 1 < bytes.len() {
            let mut swapped = bytes.to_vec();
            swapped.swap(at, at + 1);
            consider(swapped);
        }
        for (one, other) in ALIKE.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
            if bytes[at] == one {
                let mut replaced = bytes.to_vec();
                replaced[at] = other;
                consider(replaced);
            }
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}

/// Value of a digit or capital letter, A being 10.
fn value(byte: u8) -> u32 {
    (byte as char).to_digit(36).expect("the form was checked")
}

/// Source: ISO 7064 MOD 97-10, letters as two digits, A being 10.
fn mod_97_10(body: &str) -> String {
    let step = |rest: u32, byte: u8| match value(byte) {
        digit @ 0..=9 => (rest * 10 + digit) % 97,
        letter => (rest * 100 + letter) % 97,
    };
    let rest = body.bytes().chain(*b"00").fold(0, step);
    format!("{:02}", 98 - rest)
}

/// Source: GS1 General Specifications, section 7.9: weights 3 and 1 in turn from the right.
fn gs1(body: &str) -> String {
    let sum: u32 =
        body.bytes().rev().enumerate().map(|(at, byte)| value(byte) * if at % 2 == 0 { 3 } else { 1 }).sum();
    ((10 - sum % 10) % 10).to_string()
}

/// Source: GB 32100-2015: weights 3^i modulo 31 over an alphabet of 31.
fn gb_32100(body: &str) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let place = |byte: u8| ALPHABET.iter().position(|one| *one == byte).expect("the form was checked");
    let (sum, _) =
        body.bytes().fold((0, 1), |(sum, weight), byte| (sum + place(byte) * weight, weight * 3 % 31));
    char::from(ALPHABET[(31 - sum % 31) % 31]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_known_holders_pass() {
        for (scheme, number) in [
            ("lei", "5493001KJTIIGC8Y1R12"),
            ("LEI", "5493001KJTIIGC8Y1R12"),
            ("gln", "4012345000009"),
            ("gtin", "96385074"),
            ("gtin", "036000291452"),
            ("gtin", "4006381333931"),
            ("usci", "91350100M000100Y43"),
            ("usci", "9144030071526726XG"),
            ("duns", "150483782"),
            ("ein", "12-3456789"),
            ("cage", "0LM01"),
            ("uei", "ZQGGHJH74DW7"),
            ("eori", "DE123456789012345"),
            ("eori", "XI123456789000"),
            ("cid", "whatever the register writes"),
        ] {
            assert_eq!(check(scheme, number), Ok(()), "{scheme} {number}");
        }
    }

    // A digit in place of a letter of an LEI shifts what follows, so that one in 97 such slips fits.
    #[test]
    fn every_wrong_digit_of_a_number_with_check_digits_is_found() {
        for (scheme, number) in
            [("lei", "5493001KJTIIGC8Y1R12"), ("gln", "4012345000009"), ("usci", "91350100M000100Y43")]
        {
            for at in 0..number.len() {
                for other in b'0'..=b'9' {
                    let mut changed = number.as_bytes().to_vec();
                    if changed[at] != other && changed[at].is_ascii_digit() {
                        changed[at] = other;
                        let changed = String::from_utf8(changed).unwrap();
                        assert!(check(scheme, &changed).is_err(), "{scheme} {changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn check_digits_that_differ_by_the_modulus_are_no_check_digits() {
        // 98 and 01 leave the same rest of 97: only one of them is ever given out.
        assert_eq!(mod_97_10("000000000000000000"), "98");
        assert!(check("lei", "00000000000000000098").is_ok());
        assert!(check("lei", "00000000000000000001").is_err());
    }

    #[test]
    fn the_right_check_digits_are_named() {
        let error = check("lei", "5493001KJTIIGC8Y1R99").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`5493001KJTIIGC8Y1R99` is no LEI: it ends in `99`, where the rest of it asks for `12`"
        );
        assert!(error.hint().unwrap().contains("`12`"));
    }

    #[test]
    fn a_swap_or_a_look_alike_is_undone_in_the_hint() {
        for slip in ["5493001KJTIIGC8Y1R21", "5493001KTJIIGC8Y1R12", "5493O01KJTIIGC8Y1R12"] {
            let hint = check("lei", slip).unwrap_err().hint().unwrap();
            assert!(hint.contains("`5493001KJTIIGC8Y1R12`"), "{slip}: {hint}");
        }
    }

    #[test]
    fn another_form_is_told_with_the_right_one() {
        for (scheme, number) in [
            ("lei", "5493001KJTIIGC8Y1R1"),
            ("lei", "5493001kjtiigc8y1r12"),
            ("lei", "5493001KJTIIGC8Y1RAB"),
            ("gln", "401234500000"),
            ("gtin", "123456789"),
            ("usci", "9135010OM000100Y43"),
            ("duns", "15-048-3782"),
            ("ein", "123456789"),
            ("cage", "OLM01"),
            ("uei", "0QGGHJH74DW7"),
            ("eori", "QQ123456789"),
            ("eori", "DE"),
            ("lei", ""),
            ("lei", "５４９３００１ＫＪＴＩＩＧＣ８Ｙ１Ｒ１２"),
        ] {
            let error = check(scheme, number).unwrap_err();
            assert!(matches!(error.fault, Fault::Form { .. }), "{scheme} {number}: {error}");
            assert!(error.hint().unwrap().starts_with("a "), "{error}");
        }
    }

    #[test]
    fn a_published_example_that_was_made_up_is_told_apart() {
        const NAME: &str = "shared/data/chains/w3c-traceability-vocab/common/WebLEI.json";
        let above = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let Some(text) = above.map(|dir| dir.join(NAME)).find_map(|path| std::fs::read_to_string(path).ok())
        else {
            eprintln!("SKIPPED: no `{NAME}` in any directory above the package; nothing was checked");
            return;
        };
        let after = text.split_once("\"lei\":").expect("the example has an LEI").1;
        let number = after.split('"').nth(1).expect("it is a text");
        // Where an LEI has two check digits, this one has a letter.
        let error = check("lei", number).unwrap_err();
        assert!(matches!(error.fault, Fault::Form { .. }), "{error}");
    }
}
