//! Accounts of circuits: opening, in, out and closing of each period, by element and by owner.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::accounts::Account;
use crate::custody::accounts::balance::{self, PeriodLine, Side, Sum};
use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::element::Element;
use crate::model::facility::Circuit;

/// Some accounts.
#[derive(Clone, Debug, Serialize)]
pub struct AccountScreen {
    accounts: Vec<Statement>,
    #[serde(skip)]
    known: Known,
}

/// One account.
#[derive(Clone, Debug, Serialize)]
struct Statement {
    facility: Called<RecordId>,
    circuit: String,
    operator: Option<Called<PartyId>>,
    /// The circuit as it is declared, if it is.
    declared: Option<Circuit>,
    periods: Vec<PeriodLine>,
    #[serde(skip)]
    seqs: Vec<(RecordId, u64)>,
}

impl AccountScreen {
    /// Returns the screen of `accounts`.
    pub fn new(graph: &Graph, known: &Known, accounts: &[&Account]) -> Self {
        let statement = |account: &&Account| {
            let periods = balance::periods(graph, account);
            let ids = periods
                .iter()
                .flat_map(|line| line.close.into_iter().chain(line.marks.iter().map(|one| one.record)));
            Statement {
                facility: known.facility(&account.facility),
                circuit: account.circuit.clone(),
                operator: account.operator.map(|operator| known.party(&operator)),
                declared: account.declared.clone(),
                seqs: ids.filter_map(|id| Some((id, graph.record(&id)?.seq))).collect(),
                periods,
            }
        };
        Self { accounts: accounts.iter().map(statement).collect(), known: known.clone() }
    }
}

impl Screen for AccountScreen {
    const NAME: &'static str = "account";

    fn write(&self, page: &mut Page) {
        if self.accounts.is_empty() {
            page.line(0, "No record here is about a circuit.");
        }
        for account in &self.accounts {
            account.write(page, &self.known);
        }
    }
}

impl Statement {
    fn write(&self, page: &mut Page, known: &Known) {
        let style = page.style();
        let of = self.operator.as_ref().map(|one| format!(" of {}", one.text(style))).unwrap_or_default();
        page.heading(&format!("Circuit {} at {}{of}", self.circuit, self.facility.text(style)));
        match &self.declared {
            Some(circuit) => page.line(
                2,
                &format!(
                    "nothing of a charge is left after {} days, nothing comes out before {}; shares by {}",
                    circuit.window_days, circuit.least_days, circuit.method
                ),
            ),
            None => page.line(2, "not declared: how long a charge stays is not known"),
        }
        for line in &self.periods {
            self.period(page, known, line);
        }
    }

    fn seq(&self, id: &RecordId) -> u64 {
        self.seqs.iter().find(|(one, _)| one == id).map_or(0, |(_, seq)| *seq)
    }

    fn period(&self, page: &mut Page, known: &Known, line: &PeriodLine) {
        let style = page.style();
        page.blank();
        page.line(
            2,
            &match (&line.close, &line.period) {
                (Some(close), Some(period)) => format!("{period}, closed by record {}", self.seq(close)),
                (Some(close), None) => {
                    format!("a period that is withheld, closed by record {}", self.seq(close))
                }
                (None, _) => "not closed: what was drawn is provisional".to_owned(),
            },
        );
        let sides: [(&str, Option<&Side>); 4] = [
            ("opening", line.opening.as_ref()),
            ("in", Some(&line.charged)),
            ("out", Some(&line.drawn)),
            ("closing", line.closing.as_ref()),
        ];
        let mut elements: Vec<Element> = sides
            .iter()
            .filter_map(|(_, side)| *side)
            .flat_map(|side| side.elements.keys().copied())
            .collect();
        elements.sort_unstable();
        elements.dedup();
        let mut head = vec![String::new(), "mass".to_owned()];
        head.extend(elements.iter().map(ToString::to_string));
        let mut rows = vec![head];
        let cells = |side: &Side| {
            let part =
                |element: &Element| side.elements.get(element).map_or_else(String::new, ToString::to_string);
            elements.iter().map(part).collect::<Vec<String>>()
        };
        for (name, side) in sides {
            let mut row = vec![name.to_owned()];
            match side {
                Some(side) => {
                    let is_empty = matches!(name, "opening" | "closing") && *side == Side::default();
                    row.push(if is_empty { "empty".to_owned() } else { sum(&side.total) });
                    row.extend(cells(side));
                }
                None if name == "closing" && line.close.is_none() => continue,
                None => row.push("not shown".to_owned()),
            }
            row.resize(elements.len() + 2, String::new());
            rows.push(row);
            if name == "out" && line.lost != Sum::default() {
                let mut row = vec!["lost".to_owned(), sum(&line.lost)];
                row.resize(elements.len() + 2, String::new());
                rows.push(row);
            }
        }
        for share in &line.shares {
            let owner = share.owner.map_or_else(
                || "an owner who is withheld".to_owned(),
                |owner| known.party(&owner).text(style),
            );
            for (way, side) in [("in", &share.charged), ("out", &share.drawn)] {
                if *side != Side::default() {
                    let mut row = vec![format!("{way} for {owner}"), sum(&side.total)];
                    row.extend(cells(side));
                    rows.push(row);
                }
            }
        }
        let mut leans = vec![Lean::Left];
        leans.resize(elements.len() + 2, Lean::Right);
        page.table(4, &leans, &rows);
        for mark in &line.marks {
            let when = mark.period.map(|period| format!(" of {period}")).unwrap_or_default();
            let why = match mark.mark {
                "late" => "late: the close of its period does not count it",
                "withheld" => "open: the close of its period withholds what it counts",
                _ => "provisional: no close counts it yet",
            };
            page.line(4, &format!("{} record {}{when} is {why}", mark.kind, self.seq(&mark.record)));
        }
    }
}

fn sum(sum: &Sum) -> String {
    match (sum.is_partial, sum.mass.mg()) {
        (true, 0) => "not shown".to_owned(),
        (true, _) => format!("{} and more", sum.mass),
        (false, _) => sum.mass.to_string(),
    }
}
