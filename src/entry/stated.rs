//! What a record states, written as people would write it: the way back from an event to its table.
//!
//! For corrections that change some values by path. Masses, shares and days are written so that they read back
//! exactly; parties, facilities and lots by id. A test reads every table back.

use super::tree::Tree;
use crate::hash::Hash;
use crate::model::coded::Coded;
use crate::model::event::{At, Body, DeclaredTouch, Receiver, Stop};
use crate::model::facility::{DeclareFacility, Operator};
use crate::model::fact::{Fact, FactValue};
use crate::model::formula::Formula;
use crate::model::lot::{Addition, Component, Determined, Input, Loss, Lot, Quantity};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::{Identifier, Outsider};
use crate::model::pieces::Pieces;

/// What keeps a record from being written as a table.
type Problem = String;

/// Fields of a table, in order.
#[derive(Default)]
struct Fields(Vec<(String, Tree)>);

impl Fields {
    fn put(&mut self, name: &str, value: Tree) {
        self.0.push((name.to_owned(), value));
    }

    fn text(&mut self, name: &str, value: impl ToString) {
        self.put(name, Tree::Text(value.to_string()));
    }

    fn some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn list(&mut self, name: &str, values: Vec<Tree>) {
        if !values.is_empty() {
            self.put(name, Tree::List(values));
        }
    }

    fn texts(&mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) {
        self.list(name, values.into_iter().map(|value| Tree::Text(value.to_string())).collect());
    }

    fn tree(self) -> Tree {
        Tree::Table(self.0)
    }
}

/// Returns the table of an event with this body.
///
/// # Errors
/// A sentence for a kind that cannot be written this way, or a value that is withheld here.
pub(super) fn tree(body: &Body) -> Result<Tree, Problem> {
    let mut fields = Fields::default();
    fields.text("kind", body.kind().name());
    if let Some(at) = body.at() {
        place(&mut fields, at)?;
    }
    if let Some(list) = body.inputs() {
        fields.list("in", listed(list, "in")?.iter().map(input).collect());
    }
    match body {
        Body::DeclareFacility(facility) => declaration(&mut fields, facility)?,
        Body::Extract(extract) => {
            fields.texts("steps", &extract.steps);
            fields.some("deposit", some(&extract.deposit, "deposit")?);
            fields.some("licence", some(&extract.licence, "licence")?);
        }
        Body::OpeningStock(stock) => fields.list("touch", touches(&stock.touches)?),
        Body::Intake(intake) => {
            fields.put("supplier", outsider(shown(&intake.supplier, "supplier")?));
            fields.list("touch", touches(&intake.touches)?);
        }
        Body::Transform(transform) => {
            fields.texts("steps", &transform.steps);
            fields.text("mixing", transform.mixing.name());
            fields.list("add", listed(&transform.additions, "add")?.iter().map(addition).collect());
            fields.list("loss", listed(&transform.losses, "loss")?.iter().map(loss).collect());
        }
        Body::Repack(repack) => {
            fields.text("mixing", repack.mixing.name());
            fields.list("loss", listed(&repack.losses, "loss")?.iter().map(loss).collect());
        }
        Body::Dispatch(dispatch) => {
            fields.put("to", receiver(shown(&dispatch.receiver, "receiver")?));
            if let Some(carrier) = some(&dispatch.carrier, "carrier")? {
                fields.put("carrier", outsider(carrier));
            }
            fields.some("due", dispatch.due);
            let stop = |stop: &Stop| {
                let when = stop.period.map(|period| format!(" {period}")).unwrap_or_default();
                format!("{} {}{when}", stop.place, stop.what.name())
            };
            fields.texts("stops", shown(&dispatch.stops, "route")?.iter().map(stop));
        }
        Body::Receive(_) => {}
        Body::Refuse(refuse) => {
            fields.put("to", receiver(shown(&refuse.receiver, "receiver")?));
            fields.some("reason", some(&refuse.reason, "reason")?);
        }
        Body::Measure(measure) => {
            fields.text("lot", measure.lot);
            if let Some(weighed) = some(&measure.quantity, "mass")? {
                quantity(&mut fields, weighed);
            }
            composition(&mut fields, shown(&measure.composition, "composition")?);
        }
        Body::Dispose(dispose) => {
            fields.text("how", dispose.how.name());
            fields.some("reason", some(&dispose.reason, "reason")?);
        }
        Body::Assay(assay) => {
            fields.text("lot", assay.lot);
            fields.text("on", shown(&assay.period, "period")?);
            fields.text("sample", shown(&assay.sample, "sample")?);
            fields.some("sampled_by", assay.sampled_by.map(|party| party.to_hex()));
            fields.text("point", assay.point.name());
            fields.text("purpose", assay.purpose.name());
            composition(&mut fields, shown(&assay.composition, "composition")?);
        }
        other => return Err(format!("a `{}` cannot be changed value by value", other.kind().name())),
    }
    // In transit a lot is described by what was handed over, but for its seals.
    let outputs = body.outputs().iter().enumerate();
    let outputs: Result<Vec<Tree>, Problem> = match body {
        Body::Dispatch(_) | Body::Refuse(_) => outputs.map(sealed).collect(),
        _ => outputs.map(lot).collect(),
    };
    fields.list("out", outputs?);
    Ok(fields.tree())
}

fn shown<'a, T>(value: &'a Maybe<T>, item: &str) -> Result<&'a T, Problem> {
    value.shown().ok_or_else(|| format!("the item `{item}` of the record is not held here any more"))
}

fn some<'a, T>(value: &'a Maybe<Option<T>>, item: &str) -> Result<Option<&'a T>, Problem> {
    Ok(shown(value, item)?.as_ref())
}

fn listed<'a, T>(list: &'a MaybeList<T>, item: &str) -> Result<&'a [T], Problem> {
    list.shown().ok_or_else(|| format!("the item `{item}` of the record is not held here any more"))
}

fn place(fields: &mut Fields, at: &At) -> Result<(), Problem> {
    fields.text("at", shown(&at.facility, "facility")?.to_hex());
    fields.text("on", shown(&at.period, "period")?);
    fields.some("host", at.host.map(|host| host.to_hex()));
    Ok(())
}

fn declaration(fields: &mut Fields, facility: &DeclareFacility) -> Result<(), Problem> {
    match &facility.operator {
        Operator::Author => {}
        Operator::Party(party) => fields.text("operator", party.to_hex()),
        Operator::Outside(other) => fields.put("operator", outsider(shown(other, "operator")?)),
    }
    fields.text("name", shown(&facility.name, "name")?);
    fields.text("place", facility.place);
    if let Some((latitude, longitude)) = facility.coordinates {
        fields.text("coordinates", format!("{}, {}", degrees(latitude), degrees(longitude)));
    }
    fields.some("address", some(&facility.address, "address")?);
    fields.texts("stages", facility.stages.iter().map(|one| one.stage.name()));
    let capacity = facility
        .stages
        .iter()
        .filter_map(|one| Some((one.stage.name().to_owned(), Tree::Text(one.capacity_per_year?.to_exact()))));
    let capacity: Vec<(String, Tree)> = capacity.collect();
    if !capacity.is_empty() {
        fields.put("capacity", Tree::Table(capacity));
    }
    if facility.choke_point {
        fields.put("choke_point", Tree::Flag(true));
    }
    let numbers = shown(&facility.identifiers, "identifiers")?;
    fields.list("identifiers", numbers.iter().map(identifier).collect());
    fields.some("opened", facility.opened);
    fields.some("closed", facility.closed);
    Ok(())
}

/// Writes millionths of a degree.
fn degrees(millionths: i32) -> String {
    let (sign, whole) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    format!("{sign}{}.{:06}", whole / 1_000_000, whole % 1_000_000)
}

fn input(input: &Input) -> Tree {
    let mut fields = Fields::default();
    fields.text("lot", input.lot);
    fields.text("mass", input.mass.to_exact());
    fields.text("from", input.from.to_exact());
    fields.put("empties", Tree::Flag(input.empties));
    fields.tree()
}

fn lot((index, lot): (usize, &Lot)) -> Result<Tree, Problem> {
    let item = |name: &str| format!("out/{index}/{name}");
    let mut fields = Fields::default();
    if let Some(label) = &lot.label {
        fields.text("label", shown(label, &item("label"))?);
    }
    fields.text("material", &lot.material);
    quantity(&mut fields, shown(&lot.quantity, &item("mass"))?);
    composition(&mut fields, shown(&lot.composition, &item("composition"))?);
    fields.some("hs", lot.hs);
    let marks = shown(&lot.marks, &item("marks"))?;
    fields.some("form", marks.form.as_ref());
    fields.some("grade", marks.grade.as_ref());
    fields.some("heat", marks.heat.as_ref());
    fields.some("part_number", marks.part_number.as_ref());
    fields.some("coating", marks.coating.as_ref());
    if let Some(magnetised) = marks.magnetised {
        fields.put("magnetised", Tree::Flag(magnetised));
    }
    fields.some("owner", some(&lot.owner, &item("owner"))?.map(|party| party.to_hex()));
    fields.some("custody_model", lot.custody_model.map(Coded::name));
    fields.some("origin_class", lot.origin_class.map(Coded::name));
    fields.list("facts", lot.facts.iter().map(fact).collect());
    if let Some(serials) = &lot.serials {
        fields.text("serials", shown(serials, &item("serials"))?.to_hex());
    }
    if let Some(seals) = &lot.seals {
        fields.texts("seals", shown(seals, &item("seals"))?);
    }
    if let Some(documents) = &lot.documents {
        fields.texts("documents", shown(documents, &item("documents"))?.iter().map(Hash::to_hex));
    }
    Ok(fields.tree())
}

fn sealed((index, lot): (usize, &Lot)) -> Result<Tree, Problem> {
    let mut fields = Fields::default();
    if let Some(seals) = &lot.seals {
        fields.texts("seals", shown(seals, &format!("out/{index}/seals"))?);
    }
    Ok(fields.tree())
}

fn quantity(fields: &mut Fields, quantity: &Quantity) {
    fields.text("mass", quantity.mass.to_exact());
    fields.text("uncertainty", quantity.uncertainty);
    fields.text("basis", quantity.basis.name());
    fields.some("moisture", quantity.moisture);
    fields.some("pieces", quantity.pieces.map(Pieces));
    let package = |package: &crate::model::lot::Package| {
        let mut fields = Fields::default();
        fields.text("id", &package.id);
        fields.text("net", package.net.to_exact());
        fields.text("gross", package.gross.to_exact());
        fields.tree()
    };
    fields.list("packages", quantity.packages.iter().map(package).collect());
}

fn composition(fields: &mut Fields, lines: &[Component]) {
    let line = |line: &Component| {
        let mut fields = Fields::default();
        fields.text("of", &line.elements);
        match line.value {
            Determined::Measured(share) => fields.text("share", share),
            Determined::BelowLimit(limit) => fields.text("below", limit),
            Determined::NotDetermined => {}
        }
        if line.basis != Formula::Element {
            fields.text("as", line.basis.name());
        }
        fields.text("uncertainty", line.uncertainty);
        fields.text("method", line.method.name());
        fields.tree()
    };
    fields.list("composition", lines.iter().map(line).collect());
}

fn fact(fact: &Fact) -> Tree {
    let mut fields = Fields::default();
    fields.text("code", fact.code.as_str());
    fields.text("unit", fact.unit.name());
    match &fact.value {
        FactValue::Number(number) => fields.put("value", Tree::Whole(*number)),
        FactValue::Text(text) => fields.text("value", text),
        FactValue::Hash(hash) => fields.text("hash", hash.to_hex()),
    }
    fields.tree()
}

fn addition(addition: &Addition) -> Tree {
    let mut fields = Fields::default();
    fields.text("material", &addition.material);
    fields.text("mass", addition.mass.to_exact());
    fields.text("uncertainty", addition.uncertainty);
    composition(&mut fields, &addition.composition);
    fields.tree()
}

fn loss(loss: &Loss) -> Tree {
    let mut fields = Fields::default();
    fields.text("what", &loss.what);
    fields.text("mass", loss.mass.to_exact());
    fields.text("uncertainty", loss.uncertainty);
    fields.text("basis", loss.basis.name());
    composition(&mut fields, &loss.composition);
    fields.tree()
}

fn touches(touches: &[DeclaredTouch]) -> Result<Vec<Tree>, Problem> {
    let touch = |(index, touch): (usize, &DeclaredTouch)| {
        let mut fields = Fields::default();
        fields.text("lot", touch.output);
        fields.text("of", &touch.elements);
        fields.text("step", touch.step);
        fields.text("place", touch.place);
        fields.some("on", touch.period);
        if let Some(maker) = some(&touch.maker, &format!("touch/{index}/maker"))? {
            fields.put("maker", outsider(maker));
        }
        fields.text("assessor", touch.assessor.name());
        fields.text("assessment", touch.assessment.name());
        fields.some("document", touch.document.map(|hash| hash.to_hex()));
        Ok(fields.tree())
    };
    touches.iter().enumerate().map(touch).collect()
}

fn receiver(receiver: &Receiver) -> Tree {
    match receiver {
        Receiver::Party(party) => Tree::Text(party.to_hex()),
        Receiver::Later => Tree::Text("later".to_owned()),
        Receiver::Outside(other) => outsider(other),
    }
}

fn outsider(other: &Outsider) -> Tree {
    let mut fields = Fields::default();
    fields.text("name", &other.name);
    fields.some("place", other.place);
    fields.list("identifiers", other.identifiers.iter().map(identifier).collect());
    fields.tree()
}

fn identifier(identifier: &Identifier) -> Tree {
    let mut fields = Fields::default();
    fields.text("scheme", &identifier.scheme);
    fields.text("number", &identifier.number);
    fields.tree()
}
