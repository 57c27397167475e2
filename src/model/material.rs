//! Material codes, and which elements a lot of a material may carry.
//!
//! A code is `<form>`, `<form>.<element or system>` or `<form>.<element or system>.<process>`: `ore`,
//! `metal.NdPr`, `magnet.NdFeB.sintered`. It tells the form only; purity and composition are stated beside it.

use std::fmt;
use std::str::FromStr;

use super::amount::text_serde;
use super::element::Element;
use super::nearest::nearest;
use super::substance::{BORATES, Besides, IRONS, MINERALS, SYSTEMS, Substance};

/// The longest code, in bytes.
const MAX_LEN: usize = 64;
/// The longest part of a code, in bytes.
const MAX_PART: usize = 32;

/// A material, by its code of at most 64 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Material(String);

/// Whether a material carries an element, judged by its code alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Carries {
    /// It does not, other than as an impurity.
    No,
    /// It may.
    Possible,
    /// It does: the code names the element.
    Yes,
}

/// A text that is no material code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MaterialError {
    /// Not one to three parts of letters, digits and underscores.
    #[error(
        "`{given}` is not a material code: it is one to three words of A-Z, a-z, 0-9 and _ with dots between"
    )]
    Shape {
        /// What was written.
        given: String,
    },
    /// The first part is not a form.
    #[error("`{form}` in `{given}` is not a form of material")]
    UnknownForm {
        /// What was written.
        given: String,
        /// Its first part.
        form: String,
        /// The nearest right form, if one is near.
        nearest: Option<&'static str>,
    },
    /// The second part is no element, system or mineral that this form can have.
    #[error("`{part}` in `{given}` is not an element or system known for `{form}`")]
    UnknownPart {
        /// What was written.
        given: String,
        /// Its first part.
        form: &'static str,
        /// Its second part.
        part: String,
        /// The nearest right part, if one is near.
        nearest: Option<&'static str>,
    },
    /// The form alone says too little.
    #[error("`{form}` does not say of what")]
    MissingPart {
        /// The form.
        form: &'static str,
    },
}

impl MaterialError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Shape { .. } => Some("write it as `metal.NdPr` or `magnet.NdFeB.sintered`".to_owned()),
            Self::UnknownForm { nearest: Some(near), .. } | Self::UnknownPart { nearest: Some(near), .. } => {
                Some(format!("did you mean `{near}`?"))
            }
            Self::UnknownForm { nearest: None, .. } => {
                let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
                Some(format!("forms are {}", names.join(", ")))
            }
            Self::UnknownPart { form, nearest: None, .. } => {
                let example = form_named(form).and_then(|form| form.parts.first()?.first());
                Some(format!("such as `{form}.{}`", example.map_or("Nd", |known| known.name)))
            }
            Self::MissingPart { form } => {
                let example = form_named(form).and_then(|form| form.parts.first()?.first());
                Some(format!(
                    "name it after a dot, such as `{form}.{}`",
                    example.map_or("Nd", |known| known.name)
                ))
            }
        }
    }
}

impl Material {
    /// Returns the material with this code, judged by its shape only: one to three parts of 1 to 32 ASCII
    /// letters, digits or underscores with dots between, at most 64 bytes in all.
    pub fn from_code(code: &str) -> Option<Self> {
        let part_ok = |part: &str| {
            (1..=MAX_PART).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let shaped = code.len() <= MAX_LEN && code.split('.').count() <= 3 && code.split('.').all(part_ok);
        shaped.then(|| Self(code.to_owned()))
    }

    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first part of the code.
    pub fn form(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Whether the code is `listed`, or that and more: `magnet.NdFeB.sintered` begins with `magnet.NdFeB`.
    pub fn begins_with(&self, listed: &Self) -> bool {
        let rest = self.0.strip_prefix(&listed.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Whether it is an oxide.
    pub fn is_oxide(&self) -> bool {
        self.form() == "oxide"
    }

    /// Tells whether a lot of this material carries `element`. Verdicts rest on this, so here is the whole rule.
    ///
    /// 1. `Yes` when the code names the element: as a symbol (`metal.Nd`), inside a system (`NdFeB` is Nd, Fe
    ///    and B), as a mineral whose formula needs it (`ore.wolframite`, W), or by its form (`oxide` O,
    ///    `fluoride` F, `chloride` Cl, `carbonate` C and O, `iron` Fe, `borate` and `boric_acid` B and O).
    /// 2. `Possible` for everything else in what is mined, thrown away, or of unnamed content: ores,
    ///    concentrates, borates, mixed carbonates and chlorides, slag, tailings, end-of-life magnets, and any
    ///    form without a second part; also in components and chemicals whatever they name, and in alloys and
    ///    magnets that name a single element, since there is no such thing.
    /// 3. `Possible` for the elements that makers add to a system by intent (Dy in `NdFeB`), and for the
    ///    counter-ions of a `salt`.
    /// 4. `Possible` for everything when the code is not in the tables: another party may know more forms.
    /// 5. Otherwise `No`. Impurities are out of scope: `metal.Nd` may hold a trace of Pr, and is still a `No`.
    ///
    /// Scrap, swarf, revert and powder that name a system or element are judged as the alloy or metal of it.
    pub fn carries(&self, element: Element) -> Carries {
        let symbol = element.symbol();
        let form = form_named(self.form());
        let part = self.0.split('.').nth(1);
        let content = part.and_then(|part| Content::of(form, part));
        let named_by_form = form.is_some_and(|form| form.always.contains(&symbol));
        if named_by_form || content.as_ref().is_some_and(|content| content.names(symbol)) {
            return Carries::Yes;
        }
        let Some(form) = form else { return Carries::Possible };
        let ion = matches!(form.rest, Rest::Ions(ions) if ions.contains(&symbol));
        let possible = match (&form.rest, content) {
            (Rest::Nothing, None) => part.is_some(),
            (Rest::Anything, _) | (_, None) => true,
            (Rest::Several, Some(Content::Single(_))) => true,
            (_, Some(Content::Single(_))) => ion,
            (_, Some(Content::Known(substance))) => match substance.besides {
                Besides::Only(list) => ion || list.contains(&symbol),
                Besides::Anything => true,
            },
        };
        if possible { Carries::Possible } else { Carries::No }
    }
}

impl Material {
    /// Returns the elements that the code names: those it [carries](Self::carries) for sure, each once, ascending.
    pub fn named(&self) -> Vec<Element> {
        let form = form_named(self.form());
        let content = self.0.split('.').nth(1).and_then(|part| Content::of(form, part));
        let always = form.map(|form| form.always).unwrap_or_default();
        let inside = match content {
            Some(Content::Known(substance)) => substance.named,
            Some(Content::Single(_)) | None => &[],
        };
        let symbols = always.iter().chain(inside).filter_map(|symbol| Element::from_symbol(symbol).ok());
        let single = match content {
            Some(Content::Single(element)) => Some(element),
            Some(Content::Known(_)) | None => None,
        };
        let mut named: Vec<Element> = symbols.chain(single).collect();
        named.sort_unstable();
        named.dedup();
        named
    }
}

impl FromStr for Material {
    type Err = MaterialError;

    /// Reads a code whose form and second part are known; the process is free.
    fn from_str(text: &str) -> Result<Self, MaterialError> {
        let material =
            Self::from_code(text).ok_or_else(|| MaterialError::Shape { given: text.to_owned() })?;
        let form = form_named(material.form()).ok_or_else(|| MaterialError::UnknownForm {
            given: text.to_owned(),
            form: material.form().to_owned(),
            nearest: nearest(material.form(), FORMS.iter().map(|form| form.name)),
        })?;
        match text.split('.').nth(1) {
            None if !form.bare => Err(MaterialError::MissingPart { form: form.name }),
            Some(part) if !form.free && Content::of(Some(form), part).is_none() => {
                Err(MaterialError::UnknownPart {
                    given: text.to_owned(),
                    form: form.name,
                    part: part.to_owned(),
                    nearest: nearest_part(form, part),
                })
            }
            _ => Ok(material),
        }
    }
}

impl fmt::Display for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_serde!(Material, |material: &Material| material.0.clone());

/// A form of material: the first part of a code.
struct Form {
    name: &'static str,
    /// Whether it may stand alone.
    bare: bool,
    /// Whether its second part may be any word.
    free: bool,
    /// Whether its second part may be an element.
    element: bool,
    /// What else its second part may be.
    parts: &'static [&'static [Substance]],
    /// Elements that the form itself names.
    always: &'static [&'static str],
    /// What it may hold that the code does not name.
    rest: Rest,
}

/// What a form may hold that the code does not name.
enum Rest {
    /// Anything, whatever is named.
    Anything,
    /// What the named system may hold; a single element is not the whole of it.
    Several,
    /// What the named system may hold; nothing beside a single element.
    Named,
    /// As `Named`, and these counter-ions.
    Ions(&'static [&'static str]),
    /// Nothing, with or without a second part.
    Nothing,
}

/// Counter-ions of the salts in trade, ammonium among them.
const IONS: &[&str] = &["H", "C", "N", "O", "F", "Na", "Mg", "P", "S", "Cl", "K", "Ca", "Br", "I"];

const fn form(name: &'static str, bare: bool, rest: Rest) -> Form {
    Form { name, bare, free: false, element: true, parts: &[SYSTEMS], always: &[], rest }
}

#[rustfmt::skip]
const FORMS: &[Form] = &[
    Form { parts: &[MINERALS, SYSTEMS], ..form("ore", true, Rest::Anything) },
    Form { parts: &[MINERALS, SYSTEMS], ..form("concentrate", true, Rest::Anything) },
    form("mixed_carbonate", true, Rest::Anything),
    form("mixed_chloride", true, Rest::Anything),
    Form { always: &["O"], ..form("oxide", false, Rest::Named) },
    form("metal", false, Rest::Named),
    form("alloy", false, Rest::Several),
    form("magnet", false, Rest::Several),
    Form { element: false, parts: &[IRONS], always: &["Fe"], ..form("iron", false, Rest::Named) },
    Form { element: false, parts: &[BORATES], always: &["B", "O"], ..form("borate", false, Rest::Anything) },
    Form { element: false, parts: &[], always: &["B", "O", "H"], ..form("boric_acid", true, Rest::Nothing) },
    Form { always: &["F"], ..form("fluoride", false, Rest::Named) },
    Form { always: &["Cl"], ..form("chloride", false, Rest::Named) },
    Form { always: &["C", "O"], ..form("carbonate", false, Rest::Named) },
    form("salt", false, Rest::Ions(IONS)),
    form("powder", true, Rest::Named),
    form("scrap", true, Rest::Named),
    form("swarf", true, Rest::Named),
    Form { parts: &[SYSTEMS, MINERALS], ..form("slag", true, Rest::Anything) },
    Form { parts: &[SYSTEMS, MINERALS], ..form("tailings", true, Rest::Anything) },
    form("revert", true, Rest::Named),
    form("eol_magnet", true, Rest::Anything),
    Form { free: true, ..form("chemical", true, Rest::Anything) },
    Form { free: true, ..form("coating", true, Rest::Named) },
    Form { free: true, ..form("binder", true, Rest::Named) },
    Form { free: true, ..form("component", true, Rest::Anything) },
    Form { free: true, ..form("other", true, Rest::Anything) },
];

/// Returns the form with this name.
fn form_named(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

/// What the second part of a code names.
enum Content {
    Single(Element),
    Known(&'static Substance),
}

impl Content {
    /// Returns what `part` names after `form`. After an unknown form it is looked up as after an alloy.
    fn of(form: Option<&'static Form>, part: &str) -> Option<Self> {
        let parts = form.map_or(&[SYSTEMS] as &[_], |form| form.parts);
        let known = parts.iter().copied().flatten().find(|known| known.name == part);
        let single = || Element::from_symbol(part).ok().filter(|_| form.is_none_or(|form| form.element));
        known.map(Self::Known).or_else(|| single().map(Self::Single))
    }

    /// Whether it names the element with this symbol.
    fn names(&self, symbol: &str) -> bool {
        match self {
            Self::Single(element) => element.symbol() == symbol,
            Self::Known(substance) => substance.named.contains(&symbol),
        }
    }
}

/// Returns the second part after `form` that is nearest to `part`; names of elements lead to their symbols.
fn nearest_part(form: &Form, part: &str) -> Option<&'static str> {
    let elements = || (1..=118).filter_map(Element::from_number).filter(|_| form.element);
    let named = || elements().find(|element| element.name() == part.to_lowercase()).map(Element::symbol);
    let known = form.parts.iter().copied().flatten().map(|known| known.name);
    // Longer words are tried against systems only: every short one is near some symbol.
    let symbols = elements().map(Element::symbol).filter(|symbol| symbol.eq_ignore_ascii_case(part));
    named().or_else(|| nearest(part, known.chain(symbols)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Material {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn named_are_exactly_the_elements_that_the_code_carries_for_sure() {
        let parts = |form: &Form| {
            let known = form.parts.iter().copied().flatten().map(|known| known.name);
            known.chain(["Nd", "NdFeB", "TREO", "whatever"]).map(Some).chain([None]).collect::<Vec<_>>()
        };
        for form in FORMS {
            for part in parts(form) {
                let text = part.map_or(form.name.to_owned(), |part| format!("{}.{part}", form.name));
                let material = Material::from_code(&text).unwrap();
                let all = (1..=118).filter_map(Element::from_number);
                let carried: Vec<Element> =
                    all.filter(|element| material.carries(*element) == Carries::Yes).collect();
                assert_eq!(material.named(), carried, "{text}");
            }
        }
        assert_eq!(Material::from_code("unheard.Nd").unwrap().named(), ["Nd".parse().unwrap()]);
    }

    fn el(symbol: &str) -> Element {
        Element::from_symbol(symbol).unwrap()
    }

    /// Elements that `text` carries for certain, by ascending number.
    fn certain(text: &str) -> String {
        with(text, Carries::Yes)
    }

    fn possible(text: &str) -> usize {
        with(text, Carries::Possible).split_whitespace().count()
    }

    fn with(text: &str, carries: Carries) -> String {
        let material = code(text);
        let all = (1..=118).filter_map(Element::from_number).filter(|e| material.carries(*e) == carries);
        all.map(Element::symbol).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_code_of_the_vocabulary_reads() {
        for text in "ore concentrate concentrate.monazite mixed_carbonate mixed_chloride oxide.NdPr oxide.Nd \
            oxide.Dy oxide.Tb oxide.Sm metal.NdPr metal.Sm alloy.NdFeB alloy.SmCo alloy.DyFe \
            magnet.NdFeB.sintered magnet.NdFeB.bonded magnet.SmCo.sintered iron.pig iron.pure iron.electrolytic \
            alloy.FeB borate.ore boric_acid metal.Co metal.Ga fluoride.Tb swarf slag tailings revert eol_magnet \
            scrap.NdFeB powder.W oxide.TREO coating.NiCuNi binder.epoxy component.rotor other"
            .split_whitespace()
        {
            assert_eq!(code(text).to_string(), text);
            assert_eq!(serde_json::from_str::<Material>(&format!("\"{text}\"")).unwrap(), code(text));
        }
        assert_eq!(code("magnet.NdFeB.sintered").form(), "magnet");
        assert!(code("oxide.Nd").is_oxide() && !code("metal.Nd").is_oxide());
    }

    #[test]
    fn wrong_codes_name_the_nearest_right_one() {
        let hint = |text: &str| text.parse::<Material>().unwrap_err().hint().unwrap();
        assert_eq!(hint("magent.NdFeB"), "did you mean `magnet`?");
        assert_eq!(hint("magnet.NdFeb"), "did you mean `NdFeB`?");
        assert_eq!(hint("oxide.neodymium"), "did you mean `Nd`?");
        assert_eq!(hint("oxide.ND"), "did you mean `Nd`?");
        assert_eq!(hint("ore.monasite"), "did you mean `monazite`?");
        assert_eq!(hint("magnet"), "name it after a dot, such as `magnet.NdPr`");
        assert_eq!(hint("iron.Nd"), "such as `iron.pure`");
        assert!(hint("gizmo").starts_with("forms are ore, concentrate, "));
        assert!(matches!("boric_acid.Nd".parse::<Material>(), Err(MaterialError::UnknownPart { .. })));
    }

    #[test]
    fn shapes_have_exact_bounds() {
        let part = "a".repeat(32);
        assert!(Material::from_code(&part).is_some());
        assert!(Material::from_code(&format!("{part}a")).is_none());
        assert!(
            Material::from_code(&format!("{}.{}", part, "a".repeat(31))).is_some_and(|m| m.0.len() == 64)
        );
        assert!(Material::from_code(&format!("{part}.{part}")).is_none(), "65 bytes");
        assert!(Material::from_code("a.b.c").is_some());
        for bad in ["", ".", "a.", ".a", "a..b", "a.b.c.d", "a b", "a-b", "é"] {
            assert!(Material::from_code(bad).is_none(), "{bad}");
            assert!(matches!(bad.parse::<Material>(), Err(MaterialError::Shape { .. })), "{bad}");
        }
    }

    #[test]
    fn alloys_and_magnets_name_their_system_and_may_hold_its_additions() {
        for text in ["magnet.NdFeB.sintered", "alloy.NdFeB", "powder.NdFeB", "scrap.NdFeB", "swarf.NdFeB"] {
            assert_eq!(certain(text), "B Fe Nd", "{text}");
            for addition in "Pr Dy Tb Gd Ce La Ho Y Co Ga Cu Al Nb Zr Ti Ni".split_whitespace() {
                assert_eq!(code(text).carries(el(addition)), Carries::Possible, "{text} {addition}");
            }
            for stranger in ["Ta", "W", "Sn", "Au", "Li", "Sm"] {
                assert_eq!(code(text).carries(el(stranger)), Carries::No, "{text} {stranger}");
            }
        }
        assert_eq!(certain("magnet.SmCo"), "Co Sm");
        assert_eq!(code("magnet.SmCo").carries(el("Fe")), Carries::Possible);
        assert_eq!(code("magnet.SmCo").carries(el("B")), Carries::No);
        assert_eq!((certain("magnet.Nd").as_str(), possible("magnet.Nd")), ("Nd", 117));
    }

    #[test]
    fn single_elements_and_plain_pairs_hold_nothing_else() {
        for (text, named) in [
            ("metal.Nd", "Nd"),
            ("metal.NdPr", "Pr Nd"),
            ("oxide.Dy", "O Dy"),
            ("oxide.NdPr", "O Pr Nd"),
            ("fluoride.Tb", "F Tb"),
            ("iron.pure", "Fe"),
            ("alloy.FeB", "B Fe"),
            ("alloy.DyFe", "Fe Dy"),
            ("boric_acid", "H B O"),
            ("scrap.Ta", "Ta"),
            ("powder.W", "W"),
        ] {
            assert_eq!((certain(text).as_str(), possible(text)), (named, 0), "{text}");
        }
        assert_eq!(code("salt.Ta").carries(el("K")), Carries::Possible);
        assert_eq!(code("salt.Ta").carries(el("Nd")), Carries::No);
        assert_eq!(with("iron.pig", Carries::Possible), "C Si P S Mn");
    }

    #[test]
    fn unsorted_and_unnamed_materials_may_hold_anything() {
        for text in
            "ore concentrate mixed_carbonate mixed_chloride scrap swarf slag tailings revert eol_magnet \
            powder other component concentrate.monazite ore.bastnaesite other.thing"
                .split_whitespace()
        {
            assert_eq!((certain(text).as_str(), possible(text)), ("", 118), "{text}");
        }
        for (text, named) in [
            ("ore.wolframite", "W"),
            ("concentrate.cassiterite", "Sn"),
            ("borate.ore", "B O"),
            ("slag.Nd", "Nd"),
            ("eol_magnet.NdFeB", "B Fe Nd"),
        ] {
            let count = 118 - named.split_whitespace().count();
            assert_eq!((certain(text).as_str(), possible(text)), (named, count), "{text}");
        }
    }

    #[test]
    fn codes_of_others_are_never_a_no_where_the_tables_are_silent() {
        for text in ["gizmo", "alloy.Unheard", "oxide", "boric_acid.strange", "iron.Nd", "gizmo.NdFeB"] {
            let material = Material::from_code(text).unwrap();
            assert_ne!(material.carries(el("Tm")), Carries::No, "{text}");
        }
        assert_eq!(Material::from_code("gizmo.NdFeB").unwrap().carries(el("Nd")), Carries::Yes);
    }

    #[test]
    fn the_tables_name_elements_that_exist_once() {
        for known in [SYSTEMS, MINERALS, IRONS, BORATES].into_iter().flatten() {
            let besides = if let Besides::Only(list) = known.besides { list } else { &[] };
            for symbol in known.named.iter().chain(besides) {
                assert!(Element::from_symbol(symbol).is_ok(), "{} {symbol}", known.name);
            }
            assert!(known.named.iter().all(|symbol| !besides.contains(symbol)), "{}", known.name);
            assert!(Element::from_symbol(known.name).is_err(), "{} is a symbol", known.name);
        }
    }
}
