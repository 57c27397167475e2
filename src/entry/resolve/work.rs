//! Events that create or change material in one party's hands.

use super::{lots, values};
use crate::entry::draft::{Draft, TouchDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::event::{
    Collect, DeclaredTouch, Dispose, Extract, Intake, OpeningStock, Repack, Transform,
};
use crate::model::evidence::{Assessment, Assessor, Mixing};
use crate::model::maybe::Maybe;
use crate::model::stage::Step;

pub(super) fn extract(draft: &Draft, names: &dyn Resolver) -> Result<Extract, EntryError> {
    Ok(Extract {
        at: values::at(draft, names)?,
        steps: steps(draft)?,
        deposit: Maybe::Shown(error::some_words("deposit", &draft.deposit, 128)?),
        licence: Maybe::Shown(error::some_words("licence", &draft.licence, 64)?),
        outputs: lots::outputs(draft, names)?,
    })
}

pub(super) fn collect(draft: &Draft, names: &dyn Resolver) -> Result<Collect, EntryError> {
    Ok(Collect {
        at: values::at(draft, names)?,
        steps: steps(draft)?,
        supplier: Maybe::Shown(values::some_outsider("supplier", &draft.supplier)?),
        receipt: Maybe::Shown(error::some_words("receipt", &draft.dealings.receipt, 64)?),
        outputs: lots::outputs(draft, names)?,
    })
}

pub(super) fn opening_stock(draft: &Draft, names: &dyn Resolver) -> Result<OpeningStock, EntryError> {
    Ok(OpeningStock {
        at: values::at(draft, names)?,
        outputs: lots::outputs(draft, names)?,
        touches: touches(draft)?,
    })
}

pub(super) fn intake(draft: &Draft, names: &dyn Resolver) -> Result<Intake, EntryError> {
    let supplier =
        draft.supplier.as_ref().ok_or_else(|| error::missing("supplier", "{ name = \"Eti Maden\" }"))?;
    Ok(Intake {
        at: values::at(draft, names)?,
        supplier: Maybe::Shown(values::outsider("supplier", supplier)?),
        outputs: lots::outputs(draft, names)?,
        touches: touches(draft)?,
    })
}

pub(super) fn transform(draft: &Draft, names: &dyn Resolver) -> Result<Transform, EntryError> {
    Ok(Transform {
        at: values::at(draft, names)?,
        steps: steps(draft)?,
        mixing: mixing(draft)?,
        inputs: lots::inputs(&lots::taken(draft, names)?).into(),
        additions: lots::additions(draft)?.into(),
        outputs: lots::outputs(draft, names)?,
        losses: lots::losses(draft)?.into(),
    })
}

pub(super) fn repack(draft: &Draft, names: &dyn Resolver) -> Result<Repack, EntryError> {
    Ok(Repack {
        at: values::at(draft, names)?,
        mixing: mixing(draft)?,
        inputs: lots::inputs(&lots::taken(draft, names)?).into(),
        outputs: lots::outputs(draft, names)?,
        losses: lots::losses(draft)?.into(),
    })
}

pub(super) fn dispose(draft: &Draft, names: &dyn Resolver) -> Result<Dispose, EntryError> {
    Ok(Dispose {
        at: values::at(draft, names)?,
        how: error::need("how", &draft.how, "\"waste\"")?,
        inputs: lots::inputs(&lots::taken(draft, names)?).into(),
        reason: Maybe::Shown(error::some_words("reason", &draft.reason, 256)?),
    })
}

pub(super) fn steps(draft: &Draft) -> Result<Vec<Step>, EntryError> {
    if draft.steps.is_empty() {
        return Err(error::missing("steps", "[\"P60 strip_cast\"]"));
    }
    read_steps(draft)
}

/// Reads the steps; where none is written it is `usual`.
pub(super) fn steps_or(draft: &Draft, usual: &str) -> Result<Vec<Step>, EntryError> {
    match draft.steps.is_empty() {
        true => Ok(vec![error::text("steps", usual)?]),
        false => read_steps(draft),
    }
}

fn read_steps(draft: &Draft) -> Result<Vec<Step>, EntryError> {
    let read = |(index, step): (usize, &String)| error::text(&format!("steps/{index}"), step);
    draft.steps.iter().enumerate().map(read).collect()
}

/// Reads how inputs were mixed. One input alone is one pool; for several it has to be said.
fn mixing(draft: &Draft) -> Result<Mixing, EntryError> {
    match error::some("mixing", &draft.mixing)? {
        Some(mixing) => Ok(mixing),
        None if draft.inputs.len() <= 1 => Ok(Mixing::Homogenised),
        None => Err(error::missing(
            "mixing",
            "\"homogenised\" where the inputs became one pool, or \"discrete\" where bags or pieces stay apart",
        )),
    }
}

fn touches(draft: &Draft) -> Result<Vec<DeclaredTouch>, EntryError> {
    let mut touches = Vec::with_capacity(draft.touches.len());
    for (index, given) in draft.touches.iter().enumerate() {
        touches.push(touch(&format!("touch/{index}"), draft, given)?);
    }
    Ok(touches)
}

fn touch(field: &str, draft: &Draft, given: &TouchDraft) -> Result<DeclaredTouch, EntryError> {
    let at = |part: &str| format!("{field}/{part}");
    let document = given.document.as_deref().map(|one| values::hash(&at("document"), one)).transpose()?;
    Ok(DeclaredTouch {
        output: output(
            &at("lot"),
            draft,
            given.lot.as_deref(),
            "the label of the lot in `out` that the touch is about",
        )?,
        elements: error::need(&at("of"), &given.of, "\"Fe+B\"")?,
        step: error::need(&at("step"), &given.step, "\"P50 carbothermic\"")?,
        place: error::need(&at("place"), &given.place, "\"TR\"")?,
        period: error::some(&at("on"), &given.on)?,
        maker: Maybe::Shown(values::some_outsider(&at("maker"), &given.maker)?),
        assessor: error::some(&at("assessor"), &given.assessor)?.unwrap_or(Assessor::Unspecified),
        assessment: error::some(&at("assessment"), &given.assessment)?.unwrap_or(Assessment::Unspecified),
        document,
    })
}

/// Returns the index of an output: by label, or by number counted from 0; `example` says which is meant.
pub(super) fn output(
    field: &str,
    draft: &Draft,
    given: Option<&str>,
    example: &str,
) -> Result<u32, EntryError> {
    let index = match given {
        None if draft.outputs.len() == 1 => Some(0),
        None => return Err(error::missing(field, example)),
        Some(given) => {
            let labelled = draft.outputs.iter().position(|lot| lot.label.as_deref() == Some(given));
            labelled.or_else(|| given.parse().ok().filter(|index| *index < draft.outputs.len()))
        }
    };
    match (index.and_then(|index| u32::try_from(index).ok()), given) {
        (Some(index), _) => Ok(index),
        (None, given) => {
            let labels = draft.outputs.iter().filter_map(|lot| lot.label.as_deref());
            let error =
                crate::entry::NameError::unknown("lot of this event", given.unwrap_or_default(), labels);
            Err(error.at(field))
        }
    }
}
