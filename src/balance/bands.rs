//! Constants and bands: what chemistry allows and what plants have been seen to do, each row with its source.
//!
//! A data file, embedded and replaceable as a whole. What an excess means follows from a row's confidence and is
//! decided in [`super::meaning`], never here. Spec: docs/balance.md, "Bands".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hash::{Hash, RecordId, sha256};
use crate::model::confidence::Confidence;
use crate::model::element::{Element, ElementSet};
use crate::model::formula::Formula;
use crate::model::fraction::Fraction;
use crate::model::material::Material;
use crate::model::stage::{Process, Stage, Step};
use crate::text::{self, TextError};

/// First field of every bands file.
pub const FORMAT: &str = "lodemark/bands@1";

const EMBEDDED: &str = include_str!("bands.toml");

/// Constants and bands, as read from one file.
#[derive(Clone, Debug)]
pub struct Bands {
    /// What the file says.
    pub file: BandsFile,
    /// SHA-256 of its text.
    pub hash: Hash,
    metal: BTreeMap<u16, Fraction>,
    traded: BTreeMap<Element, Formula>,
}

/// A bands file, every row as written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandsFile {
    /// `lodemark/bands@1`.
    pub format: String,
    /// What the file is called.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Metal in compounds.
    #[serde(default)]
    pub formula: Vec<FormulaRow>,
    /// Least rare earth that a magnet's main phase needs.
    #[serde(default)]
    pub floor: Vec<FloorRow>,
    /// Most that a material can hold.
    #[serde(default)]
    pub ceiling: Vec<CeilingRow>,
    /// Shares that are usual in a material.
    #[serde(default)]
    pub range: Vec<RangeRow>,
    /// What whole compositions add up to.
    #[serde(default)]
    pub closure: Vec<ClosureRow>,
    /// Element out over element in, by process.
    #[serde(default)]
    pub recovery: Vec<RecoveryRow>,
    /// Rare earths of a deposit, as shares of its TREO.
    #[serde(default)]
    pub profile: Vec<ProfileRow>,
    /// Recoveries of single plants, declared before the period and accepted by the reader.
    #[serde(default)]
    pub site: Vec<SiteRow>,
}

/// Metal in a compound.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormulaRow {
    /// The compound.
    pub formula: Formula,
    /// Its metal.
    pub element: Element,
    /// The metal's share of its mass.
    pub metal: Fraction,
    /// Whether sums of rare-earth oxides count the metal as this oxide.
    #[serde(default)]
    pub traded: bool,
    /// Where the figure is from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// Least share of a rare earth in the main phase of a magnet, were it the only one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorRow {
    /// The magnet's system, as material codes name it.
    pub system: String,
    /// The rare earth.
    pub element: Element,
    /// Its share of the phase.
    pub share: Fraction,
    /// Where the figure is from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// The most that a material can hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CeilingRow {
    /// A material code, or its first parts.
    pub material: String,
    /// Which elements.
    pub of: ElementSet,
    /// As what their share is counted.
    pub basis: Formula,
    /// The most.
    pub share: Fraction,
    /// Processes after which it does not hold.
    #[serde(default)]
    pub unless: Vec<Process>,
    /// Where the figure is from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// Shares that are usual in a material.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeRow {
    /// A material code, or its first parts.
    pub material: String,
    /// Which elements.
    pub of: ElementSet,
    /// As what their share is counted.
    pub basis: Formula,
    /// The least that is usual.
    pub low: Fraction,
    /// The most that is usual.
    pub high: Fraction,
    /// Where the figures are from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// What a whole composition adds up to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosureRow {
    /// First parts of the material codes it is about.
    pub forms: Vec<String>,
    /// The least.
    pub low: Fraction,
    /// The most.
    pub high: Fraction,
    /// Where the figures are from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// Element out over element in, for a process.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryRow {
    /// Processes it is about.
    pub processes: Vec<Process>,
    /// At which stages.
    pub stages: Vec<Stage>,
    /// Elements it is about; none listed means any.
    #[serde(default)]
    pub elements: Vec<Element>,
    /// Elements it is not about.
    #[serde(default)]
    pub except: Vec<Element>,
    /// Least and most that is usual.
    pub typical: [Fraction; 2],
    /// Least and most that has been believed possible.
    #[serde(default)]
    pub outer: Option<[Fraction; 2]>,
    /// Where the figures are from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// The share of some rare earths in a deposit's TREO.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRow {
    /// What it is called; an `extract` record that names it is compared with this row.
    pub deposit: String,
    /// Minerals of which this is the row where a record names no deposit.
    #[serde(default)]
    pub minerals: Vec<String>,
    /// Which elements.
    pub of: ElementSet,
    /// The least, as oxides over TREO.
    pub low: Fraction,
    /// The most, as oxides over TREO.
    pub high: Fraction,
    /// Where the figures are from.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

/// The recovery of one plant, which the reader accepts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRow {
    /// The facility, by the record that declared it.
    pub facility: String,
    /// Processes it is about.
    pub processes: Vec<Process>,
    /// Elements it is about; none listed means any.
    #[serde(default)]
    pub elements: Vec<Element>,
    /// The most of an element in that comes out.
    pub most: Fraction,
    /// From which day on it was declared.
    pub declared: crate::model::day::Day,
    /// Where the figure is from.
    pub source: String,
}

/// A bands file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    /// It is no such file.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Another format.
    #[error("its format is `{given}`, not `{FORMAT}`")]
    Format {
        /// What it says.
        given: String,
    },
    /// A row is wrong in itself.
    #[error("`{field}`: {why}")]
    Row {
        /// Which.
        field: String,
        /// What is wrong with it.
        why: String,
    },
}

impl BandsError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(error) => error.hint(),
            Self::Format { .. } => Some(format!("its first line is `format = \"{FORMAT}\"`")),
            Self::Row { .. } => Some("`rules bands` prints the file that is built in".to_owned()),
        }
    }
}

impl Bands {
    /// Reads a bands file.
    ///
    /// # Errors
    /// [`BandsError`] for a text that is none, another format, or a row that is wrong in itself.
    pub fn from_toml(text: &str) -> Result<Self, BandsError> {
        let file: BandsFile = text::from_toml(text)?;
        if file.format != FORMAT {
            return Err(BandsError::Format { given: file.format });
        }
        file.check()?;
        let mut metal = BTreeMap::new();
        let mut traded = BTreeMap::new();
        for row in &file.formula {
            metal.insert(crate::model::coded::Coded::code(row.formula), row.metal);
            if row.traded {
                traded.insert(row.element, row.formula);
            }
        }
        Ok(Self { file, hash: sha256(&[text.as_bytes()]), metal, traded })
    }

    /// Returns the bands that are built in.
    pub fn embedded() -> Self {
        Self::from_toml(EMBEDDED).expect("a test reads the embedded file")
    }

    /// Returns the text of the bands that are built in.
    pub fn embedded_text() -> &'static str {
        EMBEDDED
    }

    /// Returns the metal's share of a formula's mass; `None` for a sum of oxides, or where no row tells.
    pub fn metal(&self, formula: Formula) -> Option<Fraction> {
        match formula {
            Formula::Element => Some(Fraction::ONE),
            _ => self.metal.get(&crate::model::coded::Coded::code(formula)).copied(),
        }
    }

    /// Returns how good the worst figure is by which compounds are counted as this element.
    pub fn confidence_in(&self, element: Element) -> Confidence {
        let rows = self.file.formula.iter().filter(|row| row.element == element);
        rows.map(|row| row.confidence).max().unwrap_or(Confidence::High)
    }

    /// Returns the oxide as which sums of rare-earth oxides count an element.
    pub fn traded_oxide(&self, element: Element) -> Option<Formula> {
        self.traded.get(&element).copied()
    }

    /// Returns the greatest share of an element that any oxide of it in the file holds.
    pub fn most_in_oxide(&self, element: Element) -> Option<Fraction> {
        self.file.formula.iter().filter(|row| row.element == element).map(|row| row.metal).max()
    }

    /// Returns the recovery rows about a step and an element, the best source first.
    pub fn recoveries(&self, step: Step, element: Element) -> Vec<&RecoveryRow> {
        let fits = |row: &&RecoveryRow| {
            row.processes.contains(&step.process)
                && row.stages.contains(&step.stage)
                && (row.elements.is_empty() || row.elements.contains(&element))
                && !row.except.contains(&element)
        };
        let mut rows: Vec<&RecoveryRow> = self.file.recovery.iter().filter(fits).collect();
        rows.sort_by_key(|row| row.confidence);
        rows
    }
}

impl BandsFile {
    fn check(&self) -> Result<(), BandsError> {
        let wrong = |field: String, why: &str| Err(BandsError::Row { field, why: why.to_owned() });
        for (at, row) in self.formula.iter().enumerate() {
            if row.metal == Fraction::ZERO || row.metal > Fraction::ONE {
                return wrong(
                    format!("formula[{at}].metal"),
                    "a compound holds more than none and at most all metal",
                );
            }
            if self.formula[..at].iter().any(|before| before.formula == row.formula) {
                return wrong(format!("formula[{at}].formula"), "it has a row already");
            }
        }
        let ordered = |low: Fraction, high: Fraction| low <= high;
        for (at, row) in self.recovery.iter().enumerate() {
            let outer = row.outer.unwrap_or(row.typical);
            if !ordered(row.typical[0], row.typical[1]) || !ordered(outer[0], outer[1]) {
                return wrong(format!("recovery[{at}]"), "the least is more than the most");
            }
            if row.typical[0] < outer[0] || row.typical[1] > outer[1] {
                return wrong(format!("recovery[{at}]"), "what is usual lies outside what is possible");
            }
        }
        for (at, row) in self.range.iter().enumerate() {
            if !ordered(row.low, row.high) {
                return wrong(format!("range[{at}]"), "the least is more than the most");
            }
        }
        for (at, row) in self.closure.iter().enumerate() {
            if !ordered(row.low, row.high) {
                return wrong(format!("closure[{at}]"), "the least is more than the most");
            }
        }
        for (at, row) in self.site.iter().enumerate() {
            // A site that is not the one meant would be passed over without a word.
            if RecordId::from_hex(&row.facility).is_none() {
                return wrong(
                    format!("site[{at}].facility"),
                    "it is no id of a record, which has 64 hex digits",
                );
            }
        }
        for (at, row) in self.profile.iter().enumerate() {
            if !ordered(row.low, row.high) {
                return wrong(format!("profile[{at}]"), "the least is more than the most");
            }
        }
        Ok(())
    }
}

/// Whether a material is of a code, or begins with its parts: `magnet.NdFeB` is one of `magnet`.
pub fn is_of(material: &Material, code: &str) -> bool {
    material.as_str().strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::coded::Coded;

    #[test]
    fn the_embedded_file_reads_and_agrees_with_the_formulas_of_the_model() {
        let bands = Bands::embedded();
        for formula in Formula::ALL {
            assert_eq!(bands.metal(*formula), formula.metal_fraction(), "{formula}");
        }
        assert_eq!(bands.traded_oxide("Pr".parse().unwrap()), Some(Formula::Pr6O11));
    }

    #[test]
    fn rows_are_found_by_step_and_element() {
        let bands = Bands::embedded();
        let step = "P30 crack".parse().unwrap();
        assert_eq!(bands.recoveries(step, "Nd".parse().unwrap()).len(), 1);
        assert!(bands.recoveries(step, "Ce".parse().unwrap()).is_empty());
        assert!(bands.recoveries("P85 magnetise".parse().unwrap(), "Nd".parse().unwrap()).is_empty());
    }

    #[test]
    fn a_wrong_file_names_the_field() {
        let text = |row: &str| format!("format = \"{FORMAT}\"\nid = \"x\"\nversion = \"1\"\n{row}");
        let error = |row: &str| Bands::from_toml(&text(row)).unwrap_err().to_string();
        let recovery = "[[recovery]]\nprocesses = [\"mill\"]\nstages = [\"P70\"]\nsource = \"s\"\nconfidence = \"low\"\n";
        assert!(error(&format!("{recovery}typical = [\"9 %\", \"8 %\"]")).contains("the least is more"));
        let outside = format!("{recovery}typical = [\"80 %\", \"90 %\"]\nouter = [\"81 %\", \"90 %\"]");
        assert!(error(&outside).contains("outside what is possible"));
        assert!(error("[[recovry]]").contains("recovry"));
        let site = "processes = []\nmost = \"97 %\"\ndeclared = \"2026-01-01\"\nsource = \"s\"\n";
        let at = |facility: &str| format!("[[site]]\nfacility = \"{facility}\"\n{site}");
        assert!(error(&at("5f0c21aa")).contains("site[0].facility"));
        assert!(Bands::from_toml(&text(&at(&"5f0c21aa".repeat(8)))).is_ok());
        assert!(Bands::from_toml("format = \"other\"\nid = \"x\"\nversion = \"1\"").is_err());
    }
}
