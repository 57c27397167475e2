//! What a rule needs of each element: the weakest evidence that is enough, and what it means that it is missing or bars.

use serde::{Deserialize, Serialize};

use crate::custody::touch::{Grade, Touch};
use crate::model::element::Element;
use crate::model::evidence::{Assessment, Assessor};
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::open;
use crate::rules::pack::{ALL_ELEMENTS, Pack};
use crate::rules::say;
use crate::rules::verdict::{Reason, ReasonCode};

/// What some elements need.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementRow {
    /// List of elements.
    pub list: String,
    /// The row counts under this reading of the rule's setting only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Weakest evidence that is enough.
    #[serde(default)]
    pub least: Least,
    /// Who must have assessed a declared step; none listed means anyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessors: Vec<Assessor>,
    /// How a declared step must have been assessed; none listed means anyhow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// What it means that evidence is missing.
    #[serde(default)]
    pub missing: Missed,
    /// What a barred place means.
    #[serde(default)]
    pub barred: Barred,
}

/// The weakest evidence that is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Least {
    /// Signed by the party that did it.
    Signed,
    /// Copied from a document whose hash is given.
    #[default]
    Transcribed,
    /// Said, without a document.
    Stated,
}

impl Least {
    /// Whether evidence of this grade is enough.
    pub fn allows(self, grade: Grade) -> bool {
        let least = match self {
            Self::Signed => Grade::Signed,
            Self::Transcribed => Grade::Transcribed,
            Self::Stated => Grade::Stated,
        };
        grade <= least
    }
}

/// What it means that evidence is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// The rule is `unknown`, or `withheld` where it is kept back.
    #[default]
    Unknown,
    /// A note.
    Finding,
}

/// What a barred place means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barred {
    /// The rule fails.
    #[default]
    Fail,
    /// A note.
    Finding,
}

impl ElementRow {
    /// Whether it is about every element that the lot can hold.
    pub(super) fn is_about_all(&self) -> bool {
        self.list == ALL_ELEMENTS
    }

    /// Returns the elements that a lot is looked at for.
    pub(super) fn elements(&self, facts: &Facts<'_>, pack: &Pack) -> Vec<Element> {
        match self.is_about_all() {
            true => facts.all_elements(),
            false => pack.element_list(&self.list).to_vec(),
        }
    }

    /// Whether the evidence for a step is enough. What its doer signed is not assessed by anyone else.
    pub(super) fn allows(&self, touch: &Touch) -> bool {
        // Who assessed a step that is attested and was not signed by its doer is not told.
        let is_untold = touch.attested && touch.grade != Grade::Signed;
        let anyhow = self.assessors.is_empty() && self.assessments.is_empty();
        let pair = touch.evidence.map_or(!is_untold || anyhow, |(assessor, assessment)| {
            (self.assessors.is_empty() || self.assessors.contains(&assessor))
                && (self.assessments.is_empty() || self.assessments.contains(&assessment))
        });
        self.least.allows(touch.grade) && pair
    }

    /// Returns what is wrong with the evidence for a step that counts.
    pub(super) fn of_touch(
        &self,
        facts: &Facts<'_>,
        element: Element,
        touch: &Touch,
        code: ReasonCode,
        list: &str,
    ) -> Reason {
        let what = say::step(facts.graph, touch);
        let (text, resolve) = match code {
            ReasonCode::RegionOpen => (
                format!("{what}: a region of that country is barred, and the region is not stated"),
                "declare the facility with its region".to_owned(),
            ),
            ReasonCode::PlaceNotListed => (
                format!("{what}: not in `{list}`, and that list is not complete"),
                "complete the list in a copy of the pack of your own, and set `outside = \"barred\"` there"
                    .to_owned(),
            ),
            ReasonCode::WeakEvidence => {
                (format!("{what}: {}{}", say::grade(touch.grade), pair(touch)), self.asked())
            }
            _ => return open::unplaced_reason(facts, element, touch),
        };
        let records = vec![touch.record];
        Reason {
            code,
            verdict: Verdict::Unknown,
            elements: vec![element],
            text,
            records,
            resolve: Some(resolve),
        }
    }

    fn asked(&self) -> String {
        match self.least {
            Least::Signed => "let the doer sign the step in a ledger of its own".to_owned(),
            Least::Transcribed => {
                "get the maker's certificate that names the place, and give its SHA-256 with the declared step"
                    .to_owned()
            }
            Least::Stated => "let the doer, or whoever took the material in, state the place".to_owned(),
        }
    }
}

fn pair(touch: &Touch) -> String {
    let said = |(assessor, assessment)| format!(", assessed by `{assessor}` as `{assessment}`");
    touch.evidence.map(said).unwrap_or_default()
}
