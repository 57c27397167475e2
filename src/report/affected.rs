//! Whom to tell: every lot that rests on a record, and who holds it now.

use serde::Serialize;

use super::known::{Called, Known, Short};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::amend::affected;
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::event::Subject;
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::record::Record;

/// What rests on a record, or on what it is about.
#[derive(Clone, Debug, Serialize)]
pub struct AffectedScreen {
    record: RecordId,
    kind: Kind,
    by: Called<PartyId>,
    /// The record, lot or party that it is about, where it is about one.
    about: Option<Subject>,
    /// Sources first.
    lots: Vec<AffectedLot>,
    /// Who holds those that are still there, by name.
    holders: Vec<Holder>,
}

#[derive(Clone, Debug, Serialize)]
struct AffectedLot {
    lot: Called<LotRef>,
    material: Option<Material>,
    mass: Option<Mass>,
    /// Who holds it, or is to receive it, where that is a party and shown.
    holder: Option<Called<PartyId>>,
    /// Whether nothing held consumes of it.
    is_present: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Holder {
    party: Option<Called<PartyId>>,
    lots: usize,
}

impl AffectedScreen {
    /// Returns the screen of `record`, which the graph holds.
    pub fn new(graph: &Graph, known: &Known, record: &Record) -> Self {
        let about = affected::subject_of(graph, &record.id);
        let lots: Vec<AffectedLot> = affected::by(graph, &record.id)
            .into_iter()
            .map(|one| AffectedLot {
                lot: Called { id: one.lot, name: graph.label(&one.lot).or_else(|| known.lot(&one.lot).name) },
                material: graph.lot(&one.lot).map(|lot| lot.material.clone()),
                mass: graph.lot(&one.lot).and_then(crate::model::lot::Lot::mass),
                holder: one.holder.map(|party| known.party(&party)),
                is_present: one.is_present,
            })
            .collect();
        let mut holders: Vec<Holder> = Vec::new();
        for lot in lots.iter().filter(|lot| lot.is_present) {
            let id = lot.holder.as_ref().map(|party| party.id);
            match holders.iter_mut().find(|one| one.party.as_ref().map(|party| party.id) == id) {
                Some(holder) => holder.lots += 1,
                None => holders.push(Holder { party: lot.holder.clone(), lots: 1 }),
            }
        }
        holders.sort_by_key(|holder| holder.party.as_ref().and_then(|party| party.name.clone()));
        Self {
            record: record.id,
            kind: record.kind(),
            by: known.party(&record.author),
            about: (about != Subject::Record(record.id)).then_some(about),
            lots,
            holders,
        }
    }
}

impl Screen for AffectedScreen {
    const NAME: &'static str = "affected";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        let id = if style.ids { self.record.whole_form() } else { self.record.short_form() };
        let kind = crate::model::coded::Coded::name(self.kind).replace('_', " ");
        page.heading(&format!("What rests on {kind} {id} of {}", self.by.text(style)));
        if self.lots.is_empty() {
            page.line(2, "no lot that is held here");
            return;
        }
        let mut rows = vec![["lot", "material", "mass", "held by"].map(str::to_owned).to_vec()];
        for lot in &self.lots {
            let holder = || lot.holder.as_ref().map_or_else(|| "not known".to_owned(), |one| one.text(style));
            rows.push(vec![
                lot.lot.text(style),
                lot.material.as_ref().map(ToString::to_string).unwrap_or_default(),
                lot.mass.map_or_else(|| "withheld".to_owned(), |mass| mass.to_string()),
                if lot.is_present { holder() } else { "used".to_owned() },
            ]);
        }
        page.table(2, &[Lean::Left, Lean::Left, Lean::Right, Lean::Left], &rows);
        page.heading("Whom to tell");
        for holder in &self.holders {
            let who = holder
                .party
                .as_ref()
                .map_or_else(|| "somebody outside what is held here".to_owned(), |party| party.text(style));
            page.line(2, &format!("{who}: {}", names::count(holder.lots, "lot")));
        }
    }
}
