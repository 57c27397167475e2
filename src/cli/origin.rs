//! `origin`: from where, and through which places, each element of a lot came, in shares.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::reader::read_bands;
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::model::coded::Coded;
use crate::model::element::{Element, ElementError, ElementSet};
use crate::model::stage::Stage;
use crate::origin::view::By;
use crate::origin::whole::{Basis, Whole};
use crate::report::{OriginAsked, OriginScreen};
use crate::verify::traced_elements;

/// Flags of `origin`.
#[derive(clap::Args)]
#[command(
    about = "Show from where, and through which places, how much of each element of a lot came",
    after_help = "Example:\n  lodemark origin MAG-1\n  lodemark origin MAG-1 --element Dy --by facility --stage P40\n  lodemark origin MAG-1 --of NdPr --by class --in magnets.lode"
)]
pub struct Args {
    /// Label of a lot, or its reference
    #[arg(value_name = "LOT")]
    lot: String,
    /// Export files to read instead of the ledger
    #[arg(long = "in", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only this element; may be given more than once
    #[arg(long, value_name = "ELEMENT")]
    element: Vec<String>,
    /// Count elements together: `NdPr` by their own mass, `TREO` by that of their oxides
    #[arg(long, value_name = "ELEMENTS", conflicts_with = "element")]
    of: Option<String>,
    /// Group shares by country, region, facility, party, stage, class or grade
    #[arg(long, value_name = "WHAT", default_value = "country")]
    by: String,
    /// At this stage, such as P40; where each element began unless given
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Constants and bands, in place of those that are built in
    #[arg(long, value_name = "FILE")]
    bands: Option<PathBuf>,
}

impl Args {
    /// Shows the shares.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, a set that is none, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let whole = self.of.as_deref().map(whole).transpose()?;
        let by: By = word(&self.by)?;
        let stage: Option<Stage> = self.stage.as_deref().map(word).transpose()?;
        let element = self.element.iter().map(|given| element(given)).collect::<Result<Vec<_>, _>>()?;
        if stage.is_some() && matches!(by, By::Stage | By::Class) {
            let hint = "leave `--stage` out, or group by country, region, facility, party or grade";
            return Err(Failure::usage(format!("shares by {by} are of no stage"), Some(hint.into())));
        }
        let bands = match &self.bands {
            Some(path) => read_bands(path)?,
            None => Bands::embedded(),
        };
        let held = evidence::gather(context, &self.files)?;
        let graph = &held.examined.graph;
        let lot = held.lot(&self.lot)?;
        let contents = Contents::new(graph, &bands);
        let elements = match (&whole, element.is_empty()) {
            (Some(whole), _) => whole.elements.iter().collect(),
            (None, false) => element,
            (None, true) => {
                graph.lot(&lot).map(|value| traced_elements(graph, &lot, value)).unwrap_or_default()
            }
        };
        let asked = OriginAsked { by, stage, elements, whole };
        context.print(&OriginScreen::new(&contents, &held.known, &lot, &asked))?;
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(Exit::Done)
    }
}

/// Reads one word of a closed list; where no other is near, all of them are the hint.
fn word<T: Coded>(given: &str) -> Result<T, Failure> {
    T::from_name(given).map_err(|error| {
        let all = || T::ALL.iter().map(|word| word.name()).collect::<Vec<_>>().join(", ");
        let hint = error.hint().unwrap_or_else(|| format!("write one of {}", all()));
        Failure::usage(error.to_string(), Some(hint))
    })
}

fn element(given: &str) -> Result<Element, Failure> {
    given.parse().map_err(|error: ElementError| {
        let hint =
            error.hint().unwrap_or_else(|| "write its symbol, such as `Nd`; several with `--of`".to_owned());
        Failure::usage(error.to_string(), Some(hint))
    })
}

/// Reads what is counted together; sums of oxides are written with an O at their end.
fn whole(given: &str) -> Result<Whole, Failure> {
    let basis = if given == "TREO" { Basis::Oxides } else { Basis::Elements };
    let elements: ElementSet = given.parse().map_err(|error: ElementError| {
        let hint = error.hint().unwrap_or_else(|| "write it as `NdPr`, `TREO` or `Nd+Dy`".to_owned());
        Failure::usage(error.to_string(), Some(hint))
    })?;
    Ok(Whole { elements, basis })
}
