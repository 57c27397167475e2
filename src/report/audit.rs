//! What the evidence establishes about everything held, and which lots are in it.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use super::verify::{VerifyScreen, head};
use crate::custody::graph::{Consumer, Graph};
use crate::hash::PartyId;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::verify::{Report, open_lots};

/// Lots that a page lists; JSON has them all.
const LISTED: usize = 40;

/// A report about everything.
#[derive(Clone, Debug, Serialize)]
pub struct AuditScreen {
    /// Lots that nothing held uses, sources first.
    open_lots: Vec<OpenLot>,
    report: VerifyScreen,
}

#[derive(Clone, Debug, Serialize)]
struct OpenLot {
    lot: Called<LotRef>,
    material: Material,
    mass: Option<Mass>,
    in_transit: bool,
    holder: Option<Called<PartyId>>,
}

impl AuditScreen {
    /// Returns the screen of a report about everything in `graph`.
    pub fn new(report: Report, graph: &Graph, known: Known) -> Self {
        let line = |lot: LotRef| {
            let value = graph.lot(&lot)?;
            let holder = match graph.rightful_consumer(&lot) {
                Consumer::Party(party) => Some(known.party(&party)),
                _ => None,
            };
            Some(OpenLot {
                lot: known.lot(&lot),
                material: value.material.clone(),
                mass: value.mass(),
                in_transit: graph.in_transit(&lot),
                holder,
            })
        };
        let open_lots = open_lots(graph).into_iter().filter_map(line).collect();
        Self { open_lots, report: VerifyScreen::new(report, known) }
    }
}

impl Screen for AuditScreen {
    const NAME: &'static str = "audit";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        head(page, self.report.report());
        self.report.whole(page);
        page.heading("Lots that nothing held here uses; ask about one with `verify LOT`");
        if self.open_lots.is_empty() {
            page.line(2, "none");
        } else {
            let mut rows = vec![["lot", "mass", "material", "with"].map(str::to_owned).to_vec()];
            for one in self.open_lots.iter().take(LISTED) {
                let holder = one
                    .holder
                    .as_ref()
                    .map_or_else(|| "nobody named".to_owned(), |holder| holder.text(style));
                rows.push(vec![
                    one.lot.text(style),
                    one.mass.map_or_else(|| "withheld".to_owned(), |mass| mass.to_string()),
                    one.material.to_string(),
                    if one.in_transit { format!("in transit to {holder}") } else { holder },
                ]);
            }
            page.table(2, &[Lean::Left, Lean::Right, Lean::Left, Lean::Left], &rows);
            if self.open_lots.len() > LISTED {
                page.line(
                    2,
                    &format!("and {} more, listed with `--format json`", self.open_lots.len() - LISTED),
                );
            }
        }
        self.report.scope(page);
    }
}
