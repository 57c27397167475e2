//! `declare-border`: lots are declared to customs on one side of a border.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record what was declared to customs on one side of a border",
    after_help = "Example:\n  lodemark declare-border COLT-1 --side export --leaving RW --entering US --origin RW --hs 2615.90 --mass \"40 t\" --number RW-2026-118"
)]
pub struct Args {
    /// Lots, in transit or held
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// Side of the border: export, import or transit
    #[arg(long, value_name = "SIDE")]
    side: Option<String>,
    /// Country left
    #[arg(long, value_name = "COUNTRY")]
    leaving: Option<String>,
    /// Country entered
    #[arg(long, value_name = "COUNTRY")]
    entering: Option<String>,
    /// Country of origin as declared
    #[arg(long, value_name = "COUNTRY")]
    origin: Option<String>,
    /// Customs code as declared
    #[arg(long, value_name = "CODE")]
    hs: Option<String>,
    /// Net mass of all of them as declared
    #[arg(long, value_name = "MASS")]
    mass: Option<String>,
    /// Number of the declaration
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Stop on the way as declared, such as "AE-DU free_zone 2026-11-10..2026-11-12"; repeat it in order
    #[arg(long, value_name = "STOP")]
    stop: Vec<String>,
    /// Day it was declared; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::DeclareBorder;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.tags.lots.clone_from(&self.lots);
        draft.tags.side.clone_from(&self.side);
        draft.tags.leaving.clone_from(&self.leaving);
        draft.tags.entering.clone_from(&self.entering);
        draft.tags.origin.clone_from(&self.origin);
        draft.tags.hs.clone_from(&self.hs);
        draft.tags.mass.clone_from(&self.mass);
        draft.number.clone_from(&self.number);
        draft.tags.stops.clone_from(&self.stop);
        draft.on.clone_from(&self.on);
        Ok(())
    }
}
