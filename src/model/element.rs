//! Chemical elements, and sets of them whose sum is meant.

use std::fmt;
use std::str::FromStr;

use super::amount::text_serde;
use super::nearest::nearest;

/// A chemical element, by its atomic number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(u8);

/// Symbols and names by atomic number, from 1.
#[rustfmt::skip]
const TABLE: [(&str, &str); 118] = [
    ("H", "hydrogen"), ("He", "helium"), ("Li", "lithium"), ("Be", "beryllium"), ("B", "boron"),
    ("C", "carbon"), ("N", "nitrogen"), ("O", "oxygen"), ("F", "fluorine"), ("Ne", "neon"),
    ("Na", "sodium"), ("Mg", "magnesium"), ("Al", "aluminium"), ("Si", "silicon"), ("P", "phosphorus"),
    ("S", "sulfur"), ("Cl", "chlorine"), ("Ar", "argon"), ("K", "potassium"), ("Ca", "calcium"),
    ("Sc", "scandium"), ("Ti", "titanium"), ("V", "vanadium"), ("Cr", "chromium"), ("Mn", "manganese"),
    ("Fe", "iron"), ("Co", "cobalt"), ("Ni", "nickel"), ("Cu", "copper"), ("Zn", "zinc"), ("Ga", "gallium"),
    ("Ge", "germanium"), ("As", "arsenic"), ("Se", "selenium"), ("Br", "bromine"), ("Kr", "krypton"),
    ("Rb", "rubidium"), ("Sr", "strontium"), ("Y", "yttrium"), ("Zr", "zirconium"), ("Nb", "niobium"),
    ("Mo", "molybdenum"), ("Tc", "technetium"), ("Ru", "ruthenium"), ("Rh", "rhodium"), ("Pd", "palladium"),
    ("Ag", "silver"), ("Cd", "cadmium"), ("In", "indium"), ("Sn", "tin"), ("Sb", "antimony"),
    ("Te", "tellurium"), ("I", "iodine"), ("Xe", "xenon"), ("Cs", "caesium"), ("Ba", "barium"),
    ("La", "lanthanum"), ("Ce", "cerium"), ("Pr", "praseodymium"), ("Nd", "neodymium"),
    ("Pm", "promethium"), ("Sm", "samarium"), ("Eu", "europium"), ("Gd", "gadolinium"), ("Tb", "terbium"),
    ("Dy", "dysprosium"), ("Ho", "holmium"), ("Er", "erbium"), ("Tm", "thulium"), ("Yb", "ytterbium"),
    ("Lu", "lutetium"), ("Hf", "hafnium"), ("Ta", "tantalum"), ("W", "tungsten"), ("Re", "rhenium"),
    ("Os", "osmium"), ("Ir", "iridium"), ("Pt", "platinum"), ("Au", "gold"), ("Hg", "mercury"),
    ("Tl", "thallium"), ("Pb", "lead"), ("Bi", "bismuth"), ("Po", "polonium"), ("At", "astatine"),
    ("Rn", "radon"), ("Fr", "francium"), ("Ra", "radium"), ("Ac", "actinium"), ("Th", "thorium"),
    ("Pa", "protactinium"), ("U", "uranium"), ("Np", "neptunium"), ("Pu", "plutonium"), ("Am", "americium"),
    ("Cm", "curium"), ("Bk", "berkelium"), ("Cf", "californium"), ("Es", "einsteinium"), ("Fm", "fermium"),
    ("Md", "mendelevium"), ("No", "nobelium"), ("Lr", "lawrencium"), ("Rf", "rutherfordium"),
    ("Db", "dubnium"), ("Sg", "seaborgium"), ("Bh", "bohrium"), ("Hs", "hassium"), ("Mt", "meitnerium"),
    ("Ds", "darmstadtium"), ("Rg", "roentgenium"), ("Cn", "copernicium"), ("Nh", "nihonium"),
    ("Fl", "flerovium"), ("Mc", "moscovium"), ("Lv", "livermorium"), ("Ts", "tennessine"),
    ("Og", "oganesson"),
];

/// A text that is no element, or no set of elements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not the symbol of an element")]
pub struct ElementError {
    /// What was written.
    pub given: String,
    nearest: Option<&'static str>,
}

impl ElementError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        self.nearest.map(|symbol| format!("did you mean `{symbol}`?"))
    }
}

impl Element {
    /// Returns the element with this atomic number, 1 to 118.
    pub const fn from_number(number: u8) -> Option<Self> {
        if number >= 1 && number <= 118 { Some(Self(number)) } else { None }
    }

    /// Returns the element with this symbol.
    ///
    /// # Errors
    /// [`ElementError`], with the right symbol for a name or another case as its hint.
    pub fn from_symbol(given: &str) -> Result<Self, ElementError> {
        if let Some(at) = TABLE.iter().position(|(symbol, _)| *symbol == given) {
            return Ok(Self(at as u8 + 1));
        }
        let lower = given.to_lowercase();
        let named = TABLE.iter().find(|(symbol, name)| *name == lower || symbol.to_lowercase() == lower);
        let near_name = || {
            let name = nearest(&lower, TABLE.iter().map(|(_, name)| *name).filter(|_| lower.len() > 3))?;
            TABLE.iter().find(|(_, known)| *known == name)
        };
        Err(ElementError {
            given: given.to_owned(),
            nearest: named.or_else(near_name).map(|(symbol, _)| *symbol),
        })
    }

    /// Returns the atomic number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Returns the symbol.
    pub fn symbol(self) -> &'static str {
        TABLE[usize::from(self.0) - 1].0
    }

    /// Returns the English name.
    pub fn name(self) -> &'static str {
        TABLE[usize::from(self.0) - 1].1
    }

    /// Whether it is a rare earth as trade counts them: La to Lu without Pm, and Y.
    pub fn is_rare_earth(self) -> bool {
        (matches!(self.0, 57..=71) && self.0 != 61) || self.0 == 39
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl FromStr for Element {
    type Err = ElementError;

    fn from_str(text: &str) -> Result<Self, ElementError> {
        Self::from_symbol(text)
    }
}

text_serde!(Element, |element: &Element| element.symbol().to_owned());

/// One element, or several whose sum is meant; ascending, at least one, at most 32.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ElementSet(Vec<Element>);

/// Words for groups, with the atomic numbers they stand for.
const GROUPS: &[(&str, &[u8])] = &[
    ("NdPr", &[59, 60]),
    ("DyTb", &[65, 66]),
    ("SEG", &[62, 63, 64]),
    ("SEG+", &[39, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71]),
    ("TRE", &[39, 57, 58, 59, 60, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71]),
    ("TREO", &[39, 57, 58, 59, 60, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71]),
];

impl ElementSet {
    /// Returns the set of these elements, which must be strictly ascending, at least one and at most 32.
    pub fn from_elements(elements: Vec<Element>) -> Option<Self> {
        let ascending = elements.windows(2).all(|pair| pair[0] < pair[1]);
        (ascending && (1..=32).contains(&elements.len())).then_some(Self(elements))
    }

    /// Returns the elements, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Element> + '_ {
        self.0.iter().copied()
    }

    /// Whether `element` is in it.
    pub fn contains(&self, element: Element) -> bool {
        self.0.binary_search(&element).is_ok()
    }

    /// Returns the element if there is just one.
    pub fn single(&self) -> Option<Element> {
        match self.0[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl From<Element> for ElementSet {
    fn from(element: Element) -> Self {
        Self(vec![element])
    }
}

impl FromStr for ElementSet {
    type Err = ElementError;

    /// Reads `Nd`, `Nd+Pr`, or a group: `NdPr`, `DyTb`, `SEG`, `SEG+`, `TRE`, `TREO`.
    fn from_str(text: &str) -> Result<Self, ElementError> {
        if let Some((_, numbers)) = GROUPS.iter().find(|(word, _)| *word == text) {
            return Ok(Self(numbers.iter().map(|number| Element(*number)).collect()));
        }
        let mut elements =
            text.split('+').map(|part| part.trim().parse()).collect::<Result<Vec<Element>, _>>()?;
        elements.sort_unstable();
        elements.dedup();
        Self::from_elements(elements).ok_or_else(|| ElementError { given: text.to_owned(), nearest: None })
    }
}

impl fmt::Display for ElementSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u8> = self.iter().map(Element::number).collect();
        if let Some((word, _)) = GROUPS.iter().find(|(_, members)| *members == numbers) {
            return f.pad(word);
        }
        let symbols: Vec<&str> = self.iter().map(Element::symbol).collect();
        f.pad(&symbols.join("+"))
    }
}

text_serde!(ElementSet, |set: &ElementSet| set.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_read_and_names_are_hints() {
        assert_eq!("Nd".parse::<Element>().unwrap().number(), 60);
        assert_eq!("Og".parse::<Element>().unwrap().number(), 118);
        assert_eq!("neodymium".parse::<Element>().unwrap_err().hint().as_deref(), Some("did you mean `Nd`?"));
        assert_eq!("neodimium".parse::<Element>().unwrap_err().hint().as_deref(), Some("did you mean `Nd`?"));
        assert_eq!("ND".parse::<Element>().unwrap_err().hint().as_deref(), Some("did you mean `Nd`?"));
    }

    #[test]
    fn groups_read_back_and_order_does_not_matter() {
        for text in ["Nd", "NdPr", "SEG", "SEG+", "TRE", "Fe+Nd"] {
            assert_eq!(text.parse::<ElementSet>().unwrap().to_string(), text);
        }
        assert_eq!("Pr+Nd".parse::<ElementSet>().unwrap().to_string(), "NdPr");
    }

    #[test]
    fn a_set_is_ascending_and_not_empty() {
        let nd = Element::from_number(60).unwrap();
        assert!(ElementSet::from_elements(vec![]).is_none());
        assert!(ElementSet::from_elements(vec![nd, nd]).is_none());
        assert_eq!(Element::from_number(0), None);
        assert_eq!(Element::from_number(119), None);
    }
}
