//! Tables inside an event's table: lots, stretches, touches, people outside the ledger.

use std::collections::BTreeMap;

use crate::entry::draft::{
    AdditionDraft, ComponentDraft, FactDraft, FactText, IdentifierDraft, InputDraft, LossDraft, LotDraft,
    OutsiderDraft, PackageDraft, ReceiverDraft, TouchDraft,
};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;

pub(super) fn input(tree: &Tree, path: &str, handover: bool) -> Result<InputDraft, EntryError> {
    if let Tree::Text(lot) = tree {
        return Ok(InputDraft { lot: lot.clone(), ..InputDraft::default() });
    }
    let table = Table::new(tree, path, "a lot that is used")?;
    let Some(lot) = table.text("lot")? else {
        return Err(crate::entry::error::missing(&table.path("lot"), "\"NDPR-1\""));
    };
    let mut input = InputDraft {
        lot,
        mass: table.text("mass")?,
        from: table.text("from")?,
        pieces: table.text("pieces")?,
        package: table.text("package")?,
        empties: table.flag("empties")?,
    };
    // People who take goods over say `final`; it is the same statement.
    if handover {
        input.empties = input.empties.or(table.flag("final")?);
    }
    table.finish()?;
    Ok(input)
}

pub(super) fn quantity(lot: &mut LotDraft, table: &Table) -> Result<(), EntryError> {
    lot.mass = table.text("mass")?;
    lot.uncertainty = table.text("uncertainty")?;
    lot.basis = table.text("basis")?;
    lot.moisture = table.text("moisture")?;
    lot.pieces = table.text("pieces")?;
    lot.packages = table.each("packages", package)?;
    Ok(())
}

pub(super) fn lot(tree: &Tree, path: &str) -> Result<LotDraft, EntryError> {
    let table = Table::new(tree, path, "a lot")?;
    let mut lot = LotDraft {
        label: table.text("label")?,
        material: table.text("material")?,
        composition: composition(&table)?,
        hs: table.text("hs")?,
        form: table.text("form")?,
        grade: table.text("grade")?,
        heat: table.text("heat")?,
        part_number: table.text("part_number")?,
        coating: table.text("coating")?,
        magnetised: table.flag("magnetised")?,
        owner: table.text("owner")?,
        custody_model: table.text("custody_model")?,
        origin_class: table.text("origin_class")?,
        facts: table.each("facts", fact)?,
        serials: table.text("serials")?,
        seals: super::tags::seals(&table)?,
        documents: table.texts("documents")?,
        ..LotDraft::default()
    };
    quantity(&mut lot, &table)?;
    table.finish()?;
    Ok(lot)
}

pub(super) fn package(tree: &Tree, path: &str) -> Result<PackageDraft, EntryError> {
    let table = Table::new(tree, path, "a package")?;
    let package =
        PackageDraft { id: table.text("id")?, net: table.text("net")?, gross: table.text("gross")? };
    table.finish()?;
    Ok(package)
}

pub(super) fn composition(table: &Table) -> Result<Option<Vec<ComponentDraft>>, EntryError> {
    let lines = table.each("composition", component)?;
    Ok(table.value("composition").map(|_| lines))
}

pub(super) fn component(tree: &Tree, path: &str) -> Result<ComponentDraft, EntryError> {
    let table = Table::new(tree, path, "a line of a composition")?;
    let component = ComponentDraft {
        of: table.text("of")?,
        share: table.text("share")?,
        below: table.text("below")?,
        basis: table.text("as")?,
        uncertainty: table.text("uncertainty")?,
        method: table.text("method")?,
    };
    table.finish()?;
    Ok(component)
}

pub(super) fn addition(tree: &Tree, path: &str) -> Result<AdditionDraft, EntryError> {
    let table = Table::new(tree, path, "an addition")?;
    let addition = AdditionDraft {
        material: table.text("material")?,
        mass: table.text("mass")?,
        uncertainty: table.text("uncertainty")?,
        composition: composition(&table)?.unwrap_or_default(),
    };
    table.finish()?;
    Ok(addition)
}

pub(super) fn loss(tree: &Tree, path: &str) -> Result<LossDraft, EntryError> {
    let table = Table::new(tree, path, "a loss")?;
    let loss = LossDraft {
        what: table.text("what")?,
        mass: table.text("mass")?,
        uncertainty: table.text("uncertainty")?,
        basis: table.text("basis")?,
        composition: composition(&table)?.unwrap_or_default(),
    };
    table.finish()?;
    Ok(loss)
}

pub(super) fn touch(tree: &Tree, path: &str) -> Result<TouchDraft, EntryError> {
    let table = Table::new(tree, path, "a declared touch")?;
    let touch = TouchDraft {
        lot: table.text("lot")?,
        of: table.text("of")?,
        step: table.text("step")?,
        place: table.text("place")?,
        on: table.text("on")?,
        maker: table.value("maker").map(|value| outsider(value, &table.path("maker"))).transpose()?,
        assessor: table.text("assessor")?,
        assessment: table.text("assessment")?,
        document: table.text("document")?,
    };
    table.finish()?;
    Ok(touch)
}

pub(super) fn outsider(tree: &Tree, path: &str) -> Result<OutsiderDraft, EntryError> {
    if let Tree::Text(name) = tree {
        return Ok(OutsiderDraft { name: Some(name.clone()), ..OutsiderDraft::default() });
    }
    let table = Table::new(tree, path, "someone outside the ledger")?;
    let outsider = OutsiderDraft {
        name: table.text("name")?,
        place: table.text("place")?,
        identifiers: table.each("identifiers", identifier)?,
    };
    table.finish()?;
    Ok(outsider)
}

pub(super) fn receiver(table: &Table, name: &'static str) -> Result<Option<ReceiverDraft>, EntryError> {
    table
        .value(name)
        .map(|value| match value {
            Tree::Text(party) => Ok(ReceiverDraft::Named(party.clone())),
            other => outsider(other, &table.path(name)).map(ReceiverDraft::Outside),
        })
        .transpose()
}

pub(super) fn identifier(tree: &Tree, path: &str) -> Result<IdentifierDraft, EntryError> {
    let table = Table::new(tree, path, "a number in a register")?;
    let identifier = IdentifierDraft { scheme: table.text("scheme")?, number: table.text("number")? };
    table.finish()?;
    Ok(identifier)
}

pub(super) fn fact(tree: &Tree, path: &str) -> Result<FactDraft, EntryError> {
    let table = Table::new(tree, path, "a fact")?;
    let stated = match table.value("value") {
        Some(Tree::Whole(number)) => Some(FactText::Number(*number)),
        Some(_) => table.text("value")?.map(FactText::Text),
        None => None,
    };
    let hash = table.text("hash")?.map(FactText::Hash);
    let fact = FactDraft { code: table.text("code")?, unit: table.text("unit")?, value: stated.or(hash) };
    table.finish()?;
    Ok(fact)
}

pub(super) fn text_table(table: &Table, name: &'static str) -> Result<BTreeMap<String, String>, EntryError> {
    let Some(value) = table.value(name) else { return Ok(BTreeMap::new()) };
    let Tree::Table(fields) = value else {
        let problem = format!("it is {}, where a table belongs", value.what());
        return Err(EntryError::new(table.path(name), problem, Some("write { P40 = \"5000 t\" }".into())));
    };
    let read = |(key, value): &(String, Tree)| match value {
        Tree::Text(text) => Ok((key.clone(), text.clone())),
        other => {
            let path = format!("{}/{key}", table.path(name));
            Err(EntryError::new(path, format!("it is {}, where a text belongs", other.what()), None))
        }
    };
    fields.iter().map(read).collect()
}
