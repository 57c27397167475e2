//! What the tests of this room build: lots with shares, in the worlds of `custody::testing`.

use crate::custody::testing::World;
use crate::custody::testing::lot;
use crate::hash::RecordId;
use crate::model::event::{Assay, Body};
use crate::model::evidence::{AssayPurpose, Method, SamplePoint};
use crate::model::lot::{Component, Determined, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;

/// Returns a measured line: `line("Nd", "75 %", "Nd2O3", "1 %")`.
pub(crate) fn line(of: &str, share: &str, basis: &str, uncertainty: &str) -> Component {
    Component {
        elements: of.parse().expect("elements"),
        value: Determined::Measured(share.parse().expect("a share")),
        basis: basis.parse().expect("a formula"),
        uncertainty: uncertainty.parse().expect("an uncertainty"),
        method: Method::IcpMs,
    }
}

/// Returns a line about the element itself.
pub(crate) fn metal(of: &str, share: &str, uncertainty: &str) -> Component {
    line(of, share, "element", uncertainty)
}

/// Returns a line of what was below a limit.
pub(crate) fn below(of: &str, limit: &str) -> Component {
    Component { value: Determined::BelowLimit(limit.parse().expect("a share")), ..metal(of, "1 %", "1 %") }
}

/// Returns a lot of so many grams, weighed as closely as said, that holds these.
pub(crate) fn weighed(material: &str, grams: u64, uncertainty: &str, lines: Vec<Component>) -> Lot {
    let quantity = Quantity {
        uncertainty: uncertainty.parse().expect("an uncertainty"),
        ..Quantity::of(Mass::from_mg(grams * 1_000))
    };
    Lot { quantity: Maybe::Shown(quantity), composition: Maybe::Shown(lines), ..lot(material, 1) }
}

/// Records what a laboratory finds in a lot.
pub(crate) fn assay(
    world: &mut World,
    by: &str,
    lot: LotRef,
    purpose: AssayPurpose,
    lines: Vec<Component>,
) -> RecordId {
    let body = Assay {
        lot,
        period: Maybe::Shown("2026-01-06".parse().expect("a day")),
        sample: Maybe::Shown(format!("S-{}", world.records.len())),
        sampled_by: None,
        point: SamplePoint::BeforePooling,
        purpose,
        composition: Maybe::Shown(lines),
    };
    world.record(by, Body::Assay(body))
}
