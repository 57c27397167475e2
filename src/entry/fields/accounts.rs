//! Fields of events of circuits: declared on a facility, charged, drawn, closed.

use super::parts::{addition, composition, input, loss, lot, quantity};
use crate::entry::draft::{CircuitDraft, Draft, LotDraft, StockDraft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

pub(super) fn of_circuit(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.at = table.text("at")?;
    draft.on = table.text("on")?;
    draft.host = table.text("host")?;
    draft.accounts.circuit = table.text("circuit")?;
    match draft.kind {
        Kind::Charge => {
            draft.inputs = table.each("in", |value, path| input(value, path, false))?;
            draft.additions = table.each("add", addition)?;
        }
        Kind::Draw => {
            draft.steps = table.texts("steps")?;
            draft.outputs = table.each("out", lot)?;
        }
        _ => {
            draft.accounts.previous = table.text("previous")?;
            draft.accounts.opening = stock(table, "opening")?;
            draft.accounts.closing = stock(table, "closing")?;
            draft.losses = table.each("loss", loss)?;
            let covers = table.texts("covers")?;
            draft.accounts.covers = table.value("covers").map(|_| covers);
        }
    }
    Ok(())
}

pub(super) fn circuit(tree: &Tree, path: &str) -> Result<CircuitDraft, EntryError> {
    let table = Table::new(tree, path, "a circuit")?;
    let circuit = CircuitDraft {
        name: table.text("name")?,
        stages: table.texts("stages")?,
        method: table.text("method")?,
        window: table.text("window")?,
        least: table.text("least")?,
    };
    table.finish()?;
    Ok(circuit)
}

fn stock(table: &Table, name: &'static str) -> Result<Option<StockDraft>, EntryError> {
    let read = |value: &Tree| match value {
        Tree::Text(word) => Ok(StockDraft::Word(word.clone())),
        other => {
            let table = Table::new(other, &table.path(name), "stock in process")?;
            let mut stock = LotDraft { composition: composition(&table)?, ..LotDraft::default() };
            quantity(&mut stock, &table)?;
            table.finish()?;
            Ok(StockDraft::Stock(Box::new(stock)))
        }
    };
    table.value(name).map(read).transpose()
}
