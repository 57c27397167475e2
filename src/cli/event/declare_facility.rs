//! `facility declare`: declares a place of work.

use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Declare a place of work",
    after_help = "Example:\n  lodemark facility declare \"Quartz Hill\" --place AU-WA --stage P10 --stage \"P20=5000 t\""
)]
pub struct Args {
    /// What it is called
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Country or part of one, such as AU-WA
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Stage done there, with its yearly capacity if stated: P40 or "P40=5000 t"
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
    /// Who runs it, if not you: a known party, or "outside: NAME, PLACE"
    #[arg(long, value_name = "PARTY")]
    operator: Option<String>,
    /// Postal address
    #[arg(long, value_name = "TEXT")]
    address: Option<String>,
    /// Latitude and longitude in degrees, such as "-28.86, 122.55"
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    coordinates: Option<String>,
    /// Mark it as the smelter or refiner that audit schemes look for
    #[arg(long)]
    choke_point: bool,
    /// Circuit without lots inside, such as "SX: P40, average, 90 days, at least 5 days": after 90 days nothing of
    /// a charge is left, before 5 days nothing of it comes out
    #[arg(long, value_name = "CIRCUIT")]
    circuit: Vec<String>,
    /// Record by which its operator before gave it up to you
    #[arg(long, value_name = "RECORD")]
    succeeds: Option<String>,
    /// First day of its life
    #[arg(long, value_name = "DAY")]
    opened: Option<String>,
    /// Last day of its life
    #[arg(long, value_name = "DAY")]
    closed: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::DeclareFacility;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.name.clone_from(&self.name);
        draft.place.clone_from(&self.place);
        for stage in &self.stage {
            let (stage, capacity) = match stage.split_once('=') {
                Some((stage, capacity)) => (stage.trim(), Some(capacity.trim())),
                None => (stage.trim(), None),
            };
            draft.stages.push(stage.to_owned());
            draft.capacity.extend(capacity.map(|capacity| (stage.to_owned(), capacity.to_owned())));
        }
        draft.operator = self.operator.as_deref().map(parts::receiver);
        draft.address.clone_from(&self.address);
        draft.coordinates.clone_from(&self.coordinates);
        draft.choke_point = self.choke_point.then_some(true);
        draft.accounts.circuits = super::each(&self.circuit, parts::circuit)?;
        draft.title.succeeds.clone_from(&self.succeeds);
        draft.opened.clone_from(&self.opened);
        draft.closed.clone_from(&self.closed);
        Ok(())
    }
}
