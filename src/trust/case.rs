//! `case.toml`: the buyer's own facts about one purchase. No record can tell them.
//!
//! Spec: docs/formats/trust.md, "The case file".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::TrustError;
use crate::hash::{Hash, sha256};
use crate::model::coded::coded;
use crate::model::day::Day;
use crate::model::dollars::Dollars;
use crate::model::mass::Mass;
use crate::model::place::Place;
use crate::text;

/// First field of every case file.
pub const FORMAT: &str = "lodemark/case@1";

coded! {
    /// In which form the end item is delivered: a mill product, something built, or another.
    ItemForm, "form of an end item" {
        /// Bar.
        Bar = 1 "bar",
        /// Billet.
        Billet = 2 "billet",
        /// Slab.
        Slab = 3 "slab",
        /// Wire.
        Wire = 4 "wire",
        /// Cube.
        Cube = 5 "cube",
        /// Sphere.
        Sphere = 6 "sphere",
        /// Block.
        Block = 7 "block",
        /// Blank.
        Blank = 8 "blank",
        /// Plate.
        Plate = 9 "plate",
        /// Sheet.
        Sheet = 10 "sheet",
        /// Built of parts, or built into something.
        Built = 20 "built",
        /// None of these.
        Other = 21 "other",
    }
}

coded! {
    /// What the end item is, as far as laws about metals ask.
    ItemClass, "class of an end item" {
        /// Aircraft, or a component of one.
        Aircraft = 1 "aircraft",
        /// Missile or space system, or a component of one.
        MissileOrSpace = 2 "missile_or_space",
        /// Ship, or a component of one.
        Ship = 3 "ship",
        /// Tank or automotive item, or a component of one.
        TankOrAutomotive = 4 "tank_or_automotive",
        /// Weapon system, or a component of one.
        WeaponSystem = 5 "weapon_system",
        /// Ammunition, or a component of it.
        Ammunition = 6 "ammunition",
        /// The metal itself, delivered as raw stock.
        RawStock = 7 "raw_stock",
        /// None of these.
        Other = 20 "other",
    }
}

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
    /// The clause in the contract, such as `252.225-7052`; several with commas between; `none` where none stands in it.
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
    /// Whether it is bought outside the United States for use outside the United States.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_us: Option<bool>,
    /// Price of the purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Dollars>,
    /// Where the end item itself was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_item_made_in: Option<Place>,
    /// In which form the end item is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_item_form: Option<ItemForm>,
    /// What the end item is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_class: Option<ItemClass>,
    /// Number of the warehouse receipt that is asked about, of all those over a lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Exceptions that are claimed for the purchase, by their ids in the packs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<String>,
    /// Masses that decide about exceptions.
    #[serde(default)]
    pub weights: Weights,
    /// Which reading of a text the reader chooses, by the name of the setting in the packs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
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
            outside_us: None,
            price: None,
            end_item_made_in: None,
            end_item_form: None,
            item_class: None,
            receipt: None,
            exceptions: Vec::new(),
            weights: Weights::default(),
            inquiries: Vec::new(),
            settings: BTreeMap::new(),
        }
    }
}

impl CaseFile {
    /// Whether a clause stands in the contract; `None` where the file does not tell.
    ///
    /// `252.225-7052` also answers for a paragraph of it, such as `252.225-7052(b)(1)(i)`. That others are named
    /// does not say that this one is not there; `none` does.
    pub fn has_clause(&self, asked: &str) -> Option<bool> {
        let clause = self.clause.as_deref()?;
        let mut named = clause.split(',').map(str::trim).filter(|one| !one.is_empty());
        let is_it = |one: &str| {
            let rest = asked.strip_prefix(one);
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
        };
        match named.any(|one| one != "none" && is_it(one)) {
            true => Some(true),
            false if clause.trim() == "none" => Some(false),
            false => None,
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
    fn a_named_clause_is_there_none_is_not_and_another_says_nothing() {
        let has = |clause: &str, asked: &str| {
            let clause = Some(clause.to_owned());
            CaseFile { clause, ..CaseFile::default() }.has_clause(asked)
        };
        assert_eq!(has("252.225-7009, 252.225-7052", "252.225-7052(b)(1)(i)"), Some(true));
        assert_eq!(has("none", "252.225-7052"), Some(false));
        assert_eq!(has("252.225-7009", "252.225-7052"), None);
        assert_eq!(has("252.225-705", "252.225-7052"), None);
        assert_eq!(CaseFile::default().has_clause("252.225-7052"), None);
    }

    #[test]
    fn a_weight_without_a_unit_and_a_misspelt_field_are_refused_with_a_hint() {
        let read =
            |line: &str| Case::from_toml(&format!("format = \"lodemark/case@1\"\n{line}\n")).unwrap_err();
        assert!(read("weights = { end_item = \"12\" }").hint().is_some());
        assert_eq!(read("delivry = \"2027-02-15\"").hint().as_deref(), Some("did you mean `delivery`?"));
        assert!(read("delivery = \"2027-02-30\"").to_string().contains("`delivery`"));
        assert!(read("end_item_form = \"blok\"").to_string().contains("`end_item_form`"));
        assert!(read("price = \"300000\"").to_string().contains("`price`"));
    }
}
