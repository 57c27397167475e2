//! `case.toml`: the buyer's own facts about one purchase. No record can tell them.
//!
//! Spec: docs/formats/trust.md, "The case file".

use serde::{Deserialize, Serialize};

use super::file::TrustError;
use crate::hash::{Hash, sha256};
use crate::model::day::Day;
use crate::model::mass::Mass;
use crate::text;

/// First field of every case file.
pub const FORMAT: &str = "lodemark/case@1";

/// The facts of one purchase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// SHA-256 of the file.
    pub hash: Hash,
    /// What it says.
    pub file: CaseFile,
}

/// A case file as it is written. Everything but the format may be missing; what is missing is not known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Always [`FORMAT`].
    pub format: String,
    /// Number of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Day of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_date: Option<Day>,
    /// The clause in the contract, such as `252.225-7052`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Its edition, such as `MAY 2024`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause_version: Option<String>,
    /// Day on which the end item reaches the final customer; decides which text of a law applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Day>,
    /// Day of import, for laws that count from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Day>,
    /// Day on which the product is placed on the market, for laws that count from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placing_on_market: Option<Day>,
    /// Day of sale, for laws that count from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Day>,
    /// Day of export, for laws that count from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<Day>,
    /// Packs to ask, by id, where the command line names none; those of the program's default unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// The end item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Part numbers with revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_numbers: Vec<String>,
    /// National stock number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nsn: Option<String>,
    /// Whether the end item is a commercially available off-the-shelf item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cots: Option<bool>,
    /// Whether the end item is an electronic device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic: Option<bool>,
    /// Masses that decide about exceptions.
    #[serde(default)]
    pub weights: Weights,
    /// Who was asked what, and what came back; shown in a disclosure, and decides nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "inquiry")]
    pub inquiries: Vec<Inquiry>,
}

/// A question that the buyer put to somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// Who was asked.
    pub asked: String,
    /// What for.
    pub about: String,
    /// When.
    pub on: Day,
    /// What came back; absent where nothing has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// Masses of the end item and of what in it is covered.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Mass of the end item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_item: Option<Mass>,
    /// Mass of covered material in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_material: Option<Mass>,
    /// Mass of tungsten in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tungsten: Option<Mass>,
    /// Mass of magnets in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub magnets: Option<Mass>,
}

impl Default for CaseFile {
    fn default() -> Self {
        Self {
            format: FORMAT.to_owned(),
            contract: None,
            contract_date: None,
            clause: None,
            clause_version: None,
            delivery: None,
            import: None,
            placing_on_market: None,
            sale: None,
            export: None,
            packs: Vec::new(),
            item: None,
            part_numbers: Vec::new(),
            nsn: None,
            cots: None,
            electronic: None,
            weights: Weights::default(),
            inquiries: Vec::new(),
        }
    }
}

impl Case {
    /// Reads a case file.
    ///
    /// # Errors
    /// [`TrustError`] naming the field that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, TrustError> {
        let file: CaseFile = text::from_toml(text)?;
        if file.format != FORMAT {
            return Err(TrustError::Format { found: file.format, expected: FORMAT });
        }
        Ok(Self { hash: sha256(&[text.as_bytes()]), file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_reads_with_dates_and_masses() {
        let text = "format = \"lodemark/case@1\"\ndelivery = \"2027-02-15\"\ncots = false\n\
                    part_numbers = [\"P-1 B\"]\n[weights]\nend_item = \"12 kg\"\n";
        let case = Case::from_toml(text).unwrap();
        assert_eq!(case.file.delivery.unwrap().to_string(), "2027-02-15");
        assert_eq!(case.file.weights.end_item.unwrap().mg(), 12_000_000);
        assert_eq!(Case::from_toml(&text::to_toml(&case.file)).unwrap().file, case.file);
    }

    #[test]
    fn a_weight_without_a_unit_and_a_misspelt_field_are_refused_with_a_hint() {
        let read =
            |line: &str| Case::from_toml(&format!("format = \"lodemark/case@1\"\n{line}\n")).unwrap_err();
        assert!(read("weights = { end_item = \"12\" }").hint().is_some());
        assert_eq!(read("delivry = \"2027-02-15\"").hint().as_deref(), Some("did you mean `delivery`?"));
        assert!(read("delivery = \"2027-02-30\"").to_string().contains("`delivery`"));
    }
}
