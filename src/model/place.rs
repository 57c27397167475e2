//! Places by their ISO codes: countries, subdivisions, and either of them.
//!
//! The tables are those of the crate `rust_iso3166`. What other parties signed is only held to the shape of a
//! code, since their tables may be newer; what is written here must be in the tables. No addresses, no maps.

use std::fmt;
use std::str::FromStr;

use rust_iso3166::iso3166_2;

use super::amount::text_serde;
use super::nearest::nearest;

/// A country, by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// A part of a country, by its ISO 3166-2 code such as `CN-XJ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subdivision {
    text: [u8; 6],
    len: u8,
}

/// A country, or a part of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The country.
    pub country: Country,
    /// The part of that country, if it is named.
    pub subdivision: Option<Subdivision>,
}

/// A text that is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// No such country.
    #[error("`{given}` is not a country code of ISO 3166-1")]
    UnknownCountry {
        /// What was written.
        given: String,
        /// The codes that may be meant, best first; several when a name fits several countries.
        nearest: Vec<String>,
    },
    /// The country is known, but not this part of it.
    #[error("`{given}` is not a subdivision of `{country}` in ISO 3166-2")]
    UnknownSubdivision {
        /// What was written.
        given: String,
        /// The country.
        country: Country,
        /// The codes that may be meant, best first.
        nearest: Vec<String>,
    },
}

impl PlaceError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        let (nearest, otherwise) = match self {
            Self::UnknownCountry { nearest, .. } => {
                (nearest, "write the two capital letters of the country, such as `CL`".to_owned())
            }
            Self::UnknownSubdivision { nearest, country, .. } => {
                let first = subdivisions(*country).first();
                let otherwise = first.map_or_else(
                    || format!("ISO 3166-2 divides `{country}` no further, write `{country}`"),
                    |known| format!("codes look like `{}`, which is {}", known.code, known.name),
                );
                (nearest, otherwise)
            }
        };
        if nearest.is_empty() {
            return Some(otherwise);
        }
        let codes: Vec<String> = nearest.iter().map(|code| format!("`{code}`")).collect();
        Some(format!("did you mean {}?", codes.join(" or ")))
    }
}

impl Country {
    /// Returns the country with this code, judged by its shape only: two capital ASCII letters.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// Returns the alpha-2 code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("capital ASCII letters by construction")
    }

    /// Returns the English short name, or `None` when the table does not hold the code.
    pub fn name(&self) -> Option<&'static str> {
        rust_iso3166::from_alpha2(self.code()).map(|known| known.name)
    }
}

impl FromStr for Country {
    type Err = PlaceError;

    /// Reads the alpha-2 code of a country in the table; other codes and names are hints.
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        Self::from_code(text).filter(|country| country.name().is_some()).ok_or_else(|| {
            PlaceError::UnknownCountry { given: text.to_owned(), nearest: countries_meant(text) }
        })
    }
}

impl Subdivision {
    /// Returns the subdivision with this code, judged by its shape only: two capital letters, a hyphen, and
    /// one to three capital letters or digits.
    pub fn from_code(code: &str) -> Option<Self> {
        let (country, part) = code.split_once('-')?;
        Country::from_code(country)?;
        let shaped = part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !shaped || !(1..=3).contains(&part.len()) {
            return None;
        }
        let mut text = [0; 6];
        text[..code.len()].copy_from_slice(code.as_bytes());
        Some(Self { text, len: code.len() as u8 })
    }

    /// Returns the whole code, country included.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.len)]).expect("ASCII by construction")
    }

    /// Returns the country it belongs to.
    pub fn country(&self) -> Country {
        Country([self.text[0], self.text[1]])
    }

    /// Returns the name in the table, or `None` when the table does not hold the code.
    pub fn name(&self) -> Option<&'static str> {
        iso3166_2::from_code(self.code()).map(|known| known.name)
    }
}

impl FromStr for Subdivision {
    type Err = PlaceError;

    /// Reads the code of a subdivision in the table; names and other spellings are hints.
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        if let Some(known) = Self::from_code(text).filter(|part| part.name().is_some()) {
            return Ok(known);
        }
        let (country, part) = text.split_once('-').unwrap_or((text, ""));
        match country.parse::<Country>() {
            Ok(country) => Err(PlaceError::UnknownSubdivision {
                given: text.to_owned(),
                country,
                nearest: subdivision_meant(country, part).into_iter().map(str::to_owned).collect(),
            }),
            Err(_) => Err(PlaceError::UnknownCountry {
                given: text.to_owned(),
                nearest: countries_meant(country)
                    .into_iter()
                    .map(|code| format!("{code}-{}", part.to_ascii_uppercase()))
                    .filter(|code| iso3166_2::from_code(code).is_some())
                    .collect(),
            }),
        }
    }
}

impl Place {
    /// Returns the place with this code, judged by its shape only.
    pub fn from_code(code: &str) -> Option<Self> {
        Country::from_code(code).map(Self::from).or_else(|| Subdivision::from_code(code).map(Self::from))
    }

    /// Whether `other` lies inside this place by its code: a country covers itself and its subdivisions.
    ///
    /// A country does not lie inside its subdivisions, and a subdivision covers only itself, even where
    /// ISO 3166-2 has a province inside a region.
    pub fn covers(&self, other: Self) -> bool {
        self.country == other.country && (self.subdivision.is_none() || self.subdivision == other.subdivision)
    }
}

impl From<Country> for Place {
    fn from(country: Country) -> Self {
        Self { country, subdivision: None }
    }
}

impl From<Subdivision> for Place {
    fn from(subdivision: Subdivision) -> Self {
        Self { country: subdivision.country(), subdivision: Some(subdivision) }
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    /// Reads `EE` or `US-CA`.
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        // Some names of countries have a hyphen, such as Timor-Leste; codes before it are short.
        match text.split_once('-') {
            Some((country, _)) if country.len() <= 3 => text.parse().map(|part: Subdivision| part.into()),
            _ => text.parse().map(|country: Country| country.into()),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Subdivision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Subdivision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subdivision {
            Some(subdivision) => subdivision.fmt(f),
            None => self.country.fmt(f),
        }
    }
}

text_serde!(Country, |country: &Country| country.code().to_owned());
text_serde!(Subdivision, |part: &Subdivision| part.code().to_owned());
text_serde!(Place, |place: &Place| place.to_string());

/// Names and codes in use that the table does not hold, lower case.
const ALSO: [(&str, &str); 32] = [
    ("america", "US"),
    ("britain", "GB"),
    ("burma", "MM"),
    ("bu", "MM"),
    ("cape verde", "CV"),
    ("czech republic", "CZ"),
    ("democratic republic of the congo", "CD"),
    ("dr congo", "CD"),
    ("drc", "CD"),
    ("east timor", "TL"),
    ("el", "GR"),
    ("england", "GB"),
    ("great britain", "GB"),
    ("holland", "NL"),
    ("ivory coast", "CI"),
    ("laos", "LA"),
    ("macedonia", "MK"),
    ("north korea", "KP"),
    ("peoples republic of china", "CN"),
    ("prc", "CN"),
    ("russia", "RU"),
    ("south korea", "KR"),
    ("su", "RU"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("turkey", "TR"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("vatican", "VA"),
    ("vietnam", "VN"),
    ("zr", "CD"),
];

/// Returns the codes of the countries that `given` may mean, best first.
fn countries_meant(given: &str) -> Vec<String> {
    let lower = given.trim().to_lowercase();
    // "Korea (Republic of)" is looked for as "korea" as well, which then fits two.
    let short = |name: &str| name.split(" (").next().unwrap_or_default().to_lowercase();
    let all = rust_iso3166::ALL;
    let mut codes: Vec<&str> = all
        .iter()
        .filter(|known| {
            [known.alpha2, known.alpha3].iter().any(|code| code.to_lowercase() == lower)
                || known.name.to_lowercase() == lower
                || short(known.name) == lower
        })
        .map(|known| known.alpha2)
        .collect();
    if codes.is_empty() {
        codes.extend(ALSO.iter().filter(|(name, _)| *name == lower).map(|(_, code)| *code));
    }
    if codes.is_empty() && lower.chars().count() > 3 {
        let names: Vec<(String, &str)> = (all.iter().map(|known| (short(known.name), known.alpha2)))
            .chain(ALSO.iter().map(|(name, code)| ((*name).to_owned(), *code)))
            .collect();
        let near = nearest(&lower, names.iter().map(|(name, _)| name.as_str()));
        codes.extend(names.iter().filter(|(name, _)| Some(name.as_str()) == near).map(|(_, code)| *code));
    }
    codes.into_iter().map(str::to_owned).collect()
}

/// Returns the subdivisions of `country` in the table.
fn subdivisions(country: Country) -> &'static [iso3166_2::Subdivision] {
    iso3166_2::SUBDIVISION_COUNTRY_MAP.get(country.code()).copied().unwrap_or_default()
}

/// Returns the code of the subdivision of `country` that `part` may mean.
fn subdivision_meant(country: Country, part: &str) -> Option<&'static str> {
    let known = subdivisions(country);
    let lower = part.trim().to_lowercase();
    let named = known.iter().find(|known| known.name.to_lowercase() == lower);
    if let Some(known) =
        named.or_else(|| known.iter().find(|known| known.region_code.to_lowercase() == lower))
    {
        return Some(known.code);
    }
    if lower.chars().count() > 3 {
        let name = nearest(part, known.iter().map(|known| known.name))?;
        return known.iter().find(|known| known.name == name).map(|known| known.code);
    }
    // Nearly every code of two letters is one edit from another: length and first letter are believed first.
    let code_of = |known: &iso3166_2::Subdivision| known.code.get(3..).unwrap_or_default();
    let codes = || known.iter().map(code_of);
    let starts = |code: &&str| code.to_lowercase().chars().next() == lower.chars().next();
    let close = nearest(part, codes().filter(starts).filter(|code| code.len() == part.len()));
    let code = close.or_else(|| nearest(part, codes().filter(starts))).or_else(|| nearest(part, codes()))?;
    known.iter().find(|known| code_of(known) == code).map(|known| known.code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn hint<T: FromStr<Err = PlaceError> + fmt::Debug>(text: &str) -> String {
        text.parse::<T>().unwrap_err().hint().unwrap()
    }

    #[test]
    fn countries_read_and_other_codes_and_names_are_hints() {
        assert_eq!("EE".parse::<Country>().unwrap().name(), Some("Estonia"));
        for (given, right) in [
            ("USA", "US"),
            ("us", "US"),
            ("China", "CN"),
            ("Chnia", "CN"),
            ("UK", "GB"),
            ("Bolivia", "BO"),
            ("DRC", "CD"),
            ("Austrlia", "AU"),
            ("Timor-Leste", "TL"),
        ] {
            assert_eq!(hint::<Country>(given), format!("did you mean `{right}`?"), "{given}");
            assert_eq!(hint::<Place>(given), format!("did you mean `{right}`?"), "{given}");
        }
        assert_eq!(hint::<Country>("Korea"), "did you mean `KP` or `KR`?");
        assert_eq!(hint::<Country>("XX"), "write the two capital letters of the country, such as `CL`");
    }

    #[test]
    fn subdivisions_the_domain_needs_exist() {
        for code in ["EE-45", "GB-CHW", "KR-43", "MY-06", "CN-XJ", "US-CA", "BO-P", "AU-WA", "NA-KU"] {
            let part: Subdivision = code.parse().unwrap();
            assert_eq!(part.code(), code);
            assert_eq!(part.country().code(), &code[..2]);
        }
        assert_eq!("CN-XJ".parse::<Subdivision>().unwrap().name(), Some("Xinjiang Uygur Zizhiqu"));
    }

    #[test]
    fn a_wrong_subdivision_names_the_nearest_of_its_country() {
        for (given, right) in [
            ("US-C", "US-CA"),
            ("US-California", "US-CA"),
            ("US-Californa", "US-CA"),
            ("us-ca", "US-CA"),
            ("USA-CA", "US-CA"),
            ("UK-CHW", "GB-CHW"),
            ("CN-xj", "CN-XJ"),
            ("EE-46", "EE-45"),
        ] {
            assert_eq!(hint::<Place>(given), format!("did you mean `{right}`?"), "{given}");
        }
        assert_eq!(hint::<Place>("US-"), "codes look like `US-AK`, which is Alaska");
        assert_eq!(hint::<Place>("PR-01"), "ISO 3166-2 divides `PR` no further, write `PR`");
    }

    #[test]
    fn shapes_alone_are_enough_for_the_codes_of_others() {
        assert!(Country::from_code("XX").is_some_and(|country| country.name().is_none()));
        for bad in ["", "X", "xx", "XXX", "X1", "É"] {
            assert_eq!(Country::from_code(bad), None, "{bad}");
        }
        assert!(Subdivision::from_code("XX-9Z9").is_some());
        for bad in ["", "XX", "XX-", "XX-ABCD", "XX-a", "X-A", "XXX-A", "XX_A", "XX-A-B", "XX-É"] {
            assert_eq!(Subdivision::from_code(bad), None, "{bad}");
        }
        assert_eq!(Place::from_code("XX-1").unwrap().to_string(), "XX-1");
        assert_eq!(Place::from_code("XX").unwrap().subdivision, None);
        assert_eq!(Place::from_code("X-1"), None);
    }

    #[test]
    fn a_country_covers_its_parts_and_not_the_other_way() {
        let [us, ca, wa, au_wa] =
            ["US", "US-CA", "US-WA", "AU-WA"].map(|code| code.parse::<Place>().unwrap());
        assert!(us.covers(us) && us.covers(ca) && ca.covers(ca));
        assert!(!ca.covers(us) && !ca.covers(wa) && !us.covers(au_wa) && !wa.covers(au_wa));
    }

    #[test]
    fn text_forms_read_back() {
        for code in ["EE", "US-CA"] {
            let place: Place = code.parse().unwrap();
            assert_eq!(place.to_string(), code);
            assert_eq!(
                serde_json::from_str::<Place>(&serde_json::to_string(&place).unwrap()).unwrap(),
                place
            );
        }
        let error = serde_json::from_str::<Country>("\"USA\"").unwrap_err().to_string();
        assert!(error.contains("did you mean `US`?"), "{error}");
    }

    #[test]
    fn the_tables_agree_with_the_reference() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let Some(iso) = here
            .ancestors()
            .flat_map(|dir| [dir.join("shared/data/reference/iso"), dir.join("../shared/data/reference/iso")])
            .find(|dir| dir.is_dir())
        else {
            eprintln!("SKIPPED: no shared/data/reference/iso above {}", here.display());
            return;
        };
        let codes = |file: &str, list: &str, field: &str| -> BTreeSet<String> {
            let text = std::fs::read_to_string(iso.join(file)).unwrap();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let entries = value[list].as_array().unwrap();
            entries.iter().map(|entry| entry[field].as_str().unwrap().to_owned()).collect()
        };
        let countries: BTreeSet<String> = rust_iso3166::ALL.iter().map(|c| c.alpha2.to_owned()).collect();
        let parts: BTreeSet<String> = rust_iso3166::ALL
            .iter()
            .flat_map(|country| subdivisions(Country::from_code(country.alpha2).unwrap()))
            .map(|part| part.code.to_owned())
            .collect();
        for (ours, theirs) in [
            (countries, codes("iso3166-1.json", "3166-1", "alpha_2")),
            (parts, codes("iso3166-2.json", "3166-2", "code")),
        ] {
            assert!(theirs.len() > 200);
            let differing: Vec<&String> = ours.symmetric_difference(&theirs).collect();
            assert!(differing.is_empty(), "only in one of the tables: {differing:?}");
            assert!(ours.iter().all(|code| code.parse::<Place>().is_ok()));
        }
    }
}
