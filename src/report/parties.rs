//! Parties and facilities, in lists.

use serde::Serialize;

use super::known::{Called, Known, Short};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::event::Body;
use crate::model::evidence::Role;
use crate::model::facility::Operator;
use crate::model::place::{Country, Place};
use crate::model::record::Record;
use crate::model::stage::Stage;

/// Parties that are named or held.
#[derive(Clone, Debug, Serialize)]
pub struct PartiesScreen {
    /// One for each.
    pub parties: Vec<PartyLine>,
}

/// What is known of a party.
#[derive(Clone, Debug, Serialize)]
pub struct PartyLine {
    /// Its id.
    pub id: PartyId,
    /// The user's own name for it.
    pub name: Option<String>,
    /// Its legal name, where its chain is held and shows it.
    pub legal_name: Option<String>,
    /// Country of registration, where its chain is held.
    pub country: Option<Country>,
    /// What it does.
    pub roles: Vec<Role>,
    /// Whether the ledger is its own.
    pub is_self: bool,
    /// Records of its chain held here.
    pub records: usize,
}

impl Screen for PartiesScreen {
    const NAME: &'static str = "parties";

    fn write(&self, page: &mut Page) {
        if self.parties.is_empty() {
            page.line(0, "No party is named or held here.");
        }
        for party in &self.parties {
            let name = party.name.as_ref().or(party.legal_name.as_ref());
            page.heading(name.map_or("(name withheld or not held)", String::as_str));
            if let (Some(_), Some(legal)) = (&party.name, &party.legal_name) {
                page.line(2, &format!("legal name: {legal}"));
            }
            page.line(2, &format!("party id: {}", party.id));
            if let Some(country) = &party.country {
                let roles: Vec<String> =
                    party.roles.iter().map(|role| role.to_string().replace('_', " ")).collect();
                page.line(2, &format!("{}, {}", country.name().unwrap_or(country.code()), roles.join(", ")));
            }
            page.line(
                2,
                &match party.records {
                    0 => "no record of it is held here".to_owned(),
                    count => format!("{} held here", names::count(count, "record")),
                },
            );
            if party.is_self {
                page.line(2, "this ledger is its own");
            }
        }
    }
}

/// Facilities that are declared in what is held.
#[derive(Clone, Debug, Serialize)]
pub struct FacilitiesScreen {
    facilities: Vec<FacilityLine>,
}

#[derive(Clone, Debug, Serialize)]
struct FacilityLine {
    facility: Called<RecordId>,
    place: Place,
    stages: Vec<Stage>,
    operator: String,
    declared_by_another: bool,
}

impl FacilitiesScreen {
    /// Returns the screen of the facilities that `records` declare.
    pub fn new(records: &[Record], known: &Known) -> Self {
        let line = |record: &Record| {
            let Body::DeclareFacility(facility) = &record.event.body else { return None };
            let style = super::page::Style::default();
            let (operator, declared_by_another) = match &facility.operator {
                Operator::Author => (known.party(&record.author).text(style), false),
                Operator::Party(party) => (known.party(party).text(style), true),
                Operator::Outside(outsider) => {
                    let name = outsider.shown().map_or("withheld", |outsider| outsider.name.as_str());
                    (name.to_owned(), true)
                }
            };
            Some(FacilityLine {
                facility: known.facility(&record.id),
                place: facility.place,
                stages: facility.stages.iter().map(|capability| capability.stage).collect(),
                operator,
                declared_by_another,
            })
        };
        Self { facilities: records.iter().filter_map(line).collect() }
    }
}

impl Screen for FacilitiesScreen {
    const NAME: &'static str = "facilities";

    fn write(&self, page: &mut Page) {
        if self.facilities.is_empty() {
            page.line(0, "No facility is declared in what is held here.");
            return;
        }
        let style = page.style();
        let head = ["facility", "place", "stages", "operator"].map(str::to_owned).to_vec();
        let rows = self.facilities.iter().map(|line| {
            let stages: Vec<String> =
                line.stages.iter().map(|stage| format!("{stage} {}", stage.title())).collect();
            let by = if line.declared_by_another { " (declared by another)" } else { "" };
            vec![
                line.facility.text(style),
                line.place.to_string(),
                stages.join(", "),
                format!("{}{by}", line.operator),
            ]
        });
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        page.table(0, &[Lean::Left; 4], &rows);
        if style.ids {
            for line in &self.facilities {
                page.line(
                    0,
                    &format!(
                        "{}: {}",
                        line.facility.text(super::page::Style::default()),
                        line.facility.id.whole_form()
                    ),
                );
            }
        }
    }
}
