//! `show`: one record, whole, by its id or by the label of a lot it created.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::custody::graph;
use crate::hash::RecordId;
use crate::ledger::{FindError, Ledger};
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::report::RecordScreen;

/// Flags of `show`.
#[derive(clap::Args)]
#[command(
    about = "Show one record, or the record that created a lot",
    after_help = "Example:\n  lodemark show NDPR-1"
)]
pub struct Args {
    /// Label of a lot, or id of a record
    #[arg(value_name = "LABEL|ID")]
    what: String,
}

impl Args {
    /// Shows the record.
    ///
    /// # Errors
    /// [`Failure`] for a name that nothing has.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let id = record_meant(&ledger, &self.what)?;
        let record = ledger.record(&id)?.ok_or_else(|| not_held(&self.what))?;
        let mut around = Vec::new();
        for lot in lots_of(&record) {
            around.extend(ledger.record(&lot.record)?);
        }
        let later = ledger.said_later(&id)?;
        let known = naming::known(&ledger, around.iter().chain(&later).chain([&record]))?;
        let today = context.today()?;
        let mut owners = Vec::new();
        for (lot, _) in graph::outputs(&record) {
            owners.extend(ledger.owner(&lot, today)?.map(|owner| (lot, owner)));
        }
        context.print(&RecordScreen::new(record, known).with_owners(owners).with_later(later))?;
        Ok(Exit::Done)
    }
}

/// Returns the record meant by a label of a lot that it created, by its id, or by the name of a facility it declared.
///
/// # Errors
/// [`Failure`] for a name that nothing has, or several.
pub fn record_meant(ledger: &Ledger, given: &str) -> Result<RecordId, Failure> {
    Ok(match ledger.find_lot(given) {
        Ok(lot) => lot.record,
        Err(FindError::Unknown { .. }) => match ledger.find_record(given) {
            Err(FindError::Unknown { .. }) => match ledger.find_facility(given) {
                Err(FindError::Unknown { nearest, .. }) => return Err(nothing(given, nearest)),
                found => found?,
            },
            found => found?,
        },
        Err(error) => return Err(error.into()),
    })
}

fn nothing(given: &str, nearest: Option<String>) -> Failure {
    let hint = match nearest {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the label of a lot, the name of a facility, or at least 16 digits of an id".to_owned(),
    };
    Failure::usage(format!("nothing here is called `{given}`"), Some(hint))
}

/// Returns the lots that a record refers to.
fn lots_of(record: &Record) -> Vec<LotRef> {
    let inputs = record.event.body.inputs().and_then(|inputs| inputs.shown());
    let mut lots: Vec<LotRef> = inputs.unwrap_or_default().iter().map(|input| input.lot).collect();
    lots.extend(naming::about(record));
    lots.sort_unstable();
    lots.dedup();
    lots
}

/// Returns the failure to find a record by its whole id.
pub fn not_held(given: &str) -> Failure {
    let hint = "import the export file of the party that made it";
    Failure::usage(format!("no record `{given}` is held here"), Some(hint.into()))
}
