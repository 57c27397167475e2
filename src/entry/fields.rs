//! From a table to a draft: which fields each kind has, and what shape they take.

mod accounts;
mod amend;
mod claims;
mod dealings;
mod parts;
mod people;
mod tags;
mod things;
mod title;
mod vouch;

pub(super) use self::amend::inside;
use self::parts::{
    addition, composition, fact, identifier, input, loss, lot, outsider, quantity, receiver, text_table,
    touch,
};
use super::draft::Draft;
use super::error::EntryError;
use super::table::Table;
use super::tree::Tree;
use crate::model::coded::Coded;
use crate::model::kind::Kind;
use crate::model::nearest::nearest;

/// Kinds that can be written, in the order of docs/formats/entry.md.
pub const KINDS: &[Kind] = &[
    Kind::Establish,
    Kind::DeclareFacility,
    Kind::Accredit,
    Kind::WithdrawAccreditation,
    Kind::Certify,
    Kind::SuspendCertificate,
    Kind::Host,
    Kind::EndHost,
    Kind::Extract,
    Kind::Collect,
    Kind::OpeningStock,
    Kind::Intake,
    Kind::Transform,
    Kind::Repack,
    Kind::Charge,
    Kind::Draw,
    Kind::ClosePeriod,
    Kind::Assemble,
    Kind::Disassemble,
    Kind::Dispatch,
    Kind::Receive,
    Kind::Refuse,
    Kind::Release,
    Kind::RequestReturn,
    Kind::Assign,
    Kind::Measure,
    Kind::Dispose,
    Kind::Assay,
    Kind::RegisterDocument,
    Kind::IssueTags,
    Kind::ApplyTags,
    Kind::DeclareBorder,
    Kind::TransferTitle,
    Kind::CedeFacility,
    Kind::Withdraw,
    Kind::Inspect,
    Kind::CloseAccount,
    Kind::RetireClaim,
    Kind::Waive,
    Kind::Appoint,
    Kind::Correct,
    Kind::Dispute,
    Kind::Resolve,
    Kind::Acknowledge,
    Kind::Attest,
    Kind::Witness,
];

/// Reads one event's table.
///
/// # Errors
/// [`EntryError`] for an unknown kind, a field that the kind does not have, or one of the wrong shape.
pub fn draft(tree: &Tree) -> Result<Draft, EntryError> {
    let kind = kind(tree)?;
    let what = format!("`{kind}`");
    let table = Table::new(tree, "", &what)?;
    table.value("kind");
    let mut draft = Draft::new(kind);
    match kind {
        Kind::Establish | Kind::DeclareFacility => place_or_party(&mut draft, &table)?,
        Kind::Accredit
        | Kind::Certify
        | Kind::WithdrawAccreditation
        | Kind::SuspendCertificate
        | Kind::Withdraw => status(&mut draft, &table)?,
        Kind::TransferTitle | Kind::CedeFacility => title::fields(&mut draft, &table)?,
        Kind::Assay | Kind::RegisterDocument => evidence(&mut draft, &table)?,
        Kind::Charge | Kind::Draw | Kind::ClosePeriod => accounts::of_circuit(&mut draft, &table)?,
        Kind::IssueTags | Kind::ApplyTags | Kind::DeclareBorder => tags::tags(&mut draft, &table)?,
        Kind::Host | Kind::EndHost => dealings::host(&mut draft, &table)?,
        Kind::Release | Kind::RequestReturn | Kind::Assign => dealings::in_transit(&mut draft, &table)?,
        kind if claims::KINDS.contains(&kind) => claims::claims(&mut draft, &table)?,
        Kind::Correct | Kind::Dispute | Kind::Resolve | Kind::Acknowledge => {
            amend::amend(&mut draft, &table)?;
        }
        Kind::Attest | Kind::Witness => vouch::vouch(&mut draft, &table)?,
        _ => material(&mut draft, &table)?,
    }
    draft.people = people::people(&table)?;
    draft.facts = table.each("facts", fact)?;
    draft.documents = table.texts("documents")?;
    draft.note = table.text("note")?;
    draft.private = table.texts("private")?;
    draft.show = table.texts("show")?;
    table.finish()?;
    Ok(draft)
}

fn kind(tree: &Tree) -> Result<Kind, EntryError> {
    let known = || KINDS.iter().map(|kind| kind.name());
    let Some(Tree::Text(word)) = tree.get("kind") else {
        let hint = format!("kinds are {}", known().collect::<Vec<_>>().join(", "));
        return Err(EntryError::new("kind", "the event has no kind", Some(hint)));
    };
    KINDS.iter().copied().find(|kind| kind.name() == word).ok_or_else(|| {
        let problem = match Kind::from_name(word) {
            Ok(_) => format!("`{word}` has its number, but cannot be written yet"),
            Err(_) => format!("`{word}` is not a kind of event"),
        };
        let hint = match nearest(word, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("kinds are {}", known().collect::<Vec<_>>().join(", ")),
        };
        EntryError::new("kind", problem, Some(hint))
    })
}

fn place_or_party(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.name = table.text("name")?;
    draft.identifiers = table.each("identifiers", identifier)?;
    draft.address = table.text("address")?;
    if draft.kind == Kind::Establish {
        draft.country = table.text("country")?;
        draft.roles = table.texts("roles")?;
        return Ok(());
    }
    draft.operator = receiver(table, "operator")?;
    draft.place = table.text("place")?;
    draft.coordinates = table.text("coordinates")?;
    draft.stages = table.texts("stages")?;
    draft.capacity = text_table(table, "capacity")?;
    draft.choke_point = table.flag("choke_point")?;
    draft.opened = table.text("opened")?;
    draft.closed = table.text("closed")?;
    draft.accounts.circuits = table.each("circuits", accounts::circuit)?;
    draft.title.succeeds = table.text("succeeds")?;
    Ok(())
}

fn status(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    match draft.kind {
        Kind::Accredit | Kind::Certify => {
            draft.subject = table.text("subject")?;
            draft.facility = table.text("facility")?;
            draft.scheme = table.text("scheme")?;
            draft.number = table.text("number")?;
            draft.valid = table.text("valid")?;
            draft.stages = table.texts("stages")?;
            draft.materials = table.texts("materials")?;
            if draft.kind == Kind::Accredit {
                draft.role = table.text("role")?;
                draft.title.limit = title::limit(table)?;
            } else {
                draft.volume = table.text("volume")?;
            }
        }
        kind => {
            draft.target = table.text("target")?;
            draft.reason = table.text("reason")?;
            if kind != Kind::Withdraw {
                draft.from = table.text("from")?;
            }
            if kind == Kind::SuspendCertificate {
                draft.until = table.text("until")?;
            }
        }
    }
    Ok(())
}

fn evidence(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    if draft.kind == Kind::Assay {
        draft.lot = table.text("lot")?;
        draft.on = table.text("on")?;
        draft.sample = table.text("sample")?;
        draft.sampled_by = table.text("sampled_by")?;
        draft.point = table.text("point")?;
        draft.purpose = table.text("purpose")?;
        draft.measured.composition = composition(table)?;
        return Ok(());
    }
    draft.sha256 = table.text("sha256")?;
    draft.content = table.text("content")?;
    draft.size = table.whole("size")?;
    draft.media_type = table.text("media_type")?;
    draft.document = table.text("document")?;
    draft.number = table.text("number")?;
    draft.issuer = table.value("issuer").map(|value| outsider(value, &table.path("issuer"))).transpose()?;
    draft.valid = table.text("valid")?;
    draft.about = table.texts("about")?;
    draft.stages = table.texts("stages")?;
    Ok(())
}

fn material(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.at = table.text("at")?;
    draft.on = table.text("on")?;
    draft.host = table.text("host")?;
    let kind = draft.kind;
    let consumes = matches!(
        kind,
        Kind::Transform
            | Kind::Repack
            | Kind::Assemble
            | Kind::Disassemble
            | Kind::Dispatch
            | Kind::Receive
            | Kind::Refuse
            | Kind::Dispose
    );
    if consumes {
        let handover = matches!(kind, Kind::Receive | Kind::Refuse);
        draft.inputs = table.each("in", |value, path| input(value, path, handover))?;
    }
    if !matches!(kind, Kind::Dispose | Kind::Measure) {
        draft.outputs = table.each("out", lot)?;
    }
    if matches!(kind, Kind::Extract | Kind::Collect | Kind::Transform | Kind::Assemble | Kind::Disassemble) {
        draft.steps = table.texts("steps")?;
    }
    if matches!(kind, Kind::Transform | Kind::Repack) {
        draft.mixing = table.text("mixing")?;
    }
    if matches!(kind, Kind::Transform | Kind::Repack | Kind::Disassemble) {
        draft.losses = table.each("loss", loss)?;
    }
    if matches!(kind, Kind::OpeningStock | Kind::Intake) {
        draft.touches = table.each("touch", touch)?;
    }
    if matches!(kind, Kind::Dispatch | Kind::Refuse) {
        draft.to = receiver(table, "to")?;
    }
    if matches!(kind, Kind::Refuse | Kind::Dispose) {
        draft.reason = table.text("reason")?;
    }
    match kind {
        Kind::Extract => {
            draft.deposit = table.text("deposit")?;
            draft.licence = table.text("licence")?;
        }
        Kind::Intake | Kind::Collect => {
            draft.supplier =
                table.value("supplier").map(|value| outsider(value, &table.path("supplier"))).transpose()?;
            if kind == Kind::Collect {
                dealings::receipt(draft, table)?;
            }
        }
        Kind::Transform => draft.additions = table.each("add", addition)?,
        Kind::Assemble => {
            draft.additions = table.each("add", addition)?;
            draft.things.parts = table.each("parts", things::part)?;
        }
        Kind::Disassemble => draft.things.recovered = table.each("recovered", things::recovered)?,
        Kind::Dispatch => {
            draft.carrier =
                table.value("carrier").map(|value| outsider(value, &table.path("carrier"))).transpose()?;
            draft.due = table.text("due")?;
            tags::stops(draft, table)?;
            draft.dealings.code = table.text("code")?;
        }
        Kind::Measure => {
            draft.lot = table.text("lot")?;
            quantity(&mut draft.measured, table)?;
            draft.measured.composition = composition(table)?;
        }
        Kind::Dispose => draft.how = table.text("how")?,
        _ => {}
    }
    Ok(())
}
