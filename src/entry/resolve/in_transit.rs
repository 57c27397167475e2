//! Lots in transit that change their way: given back, called back, or at last assigned to a receiver.

use super::handover;
use super::lots;
use crate::entry::draft::Draft;
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::claim::ClaimCode;
use crate::model::event::{Assign, Receiver, Release, RequestReturn};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

pub(super) fn release(draft: &Draft, names: &dyn Resolver) -> Result<Release, EntryError> {
    let taken = lots::taken(draft, names)?;
    let receiver = match &draft.to {
        Some(to) => handover::receiver(to, names)?,
        None => handover::sender(&taken, names)?,
    };
    Ok(Release {
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-11-03\"")?),
        why: error::need("reason", &draft.reason, "\"never_came\" or \"not_claimed\"")?,
        receiver: Maybe::Shown(receiver),
        outputs: handover::in_transit(draft, &taken, names)?,
        inputs: lots::inputs(&taken).into(),
    })
}

pub(super) fn request_return(draft: &Draft, names: &dyn Resolver) -> Result<RequestReturn, EntryError> {
    Ok(RequestReturn {
        lots: in_transit(draft, names)?,
        from: error::need(
            "from",
            &draft.from,
            "\"2026-11-03\", the day from which they should not be taken over",
        )?,
        reason: Maybe::Shown(error::some_words("reason", &draft.reason, 256)?),
    })
}

pub(super) fn assign(draft: &Draft, names: &dyn Resolver) -> Result<Assign, EntryError> {
    let Some(to) = &draft.to else {
        let example = "the name of a party, or { name = \"...\" } for someone outside the ledger";
        return Err(error::missing("to", example));
    };
    let receiver = handover::receiver(to, names)?;
    if receiver == Receiver::Later {
        let problem = "an assignment names the receiver, and `later` names nobody";
        return Err(EntryError::new("to", problem, Some("write the name of the party".into())));
    }
    let code: Option<ClaimCode> = error::some("code", &draft.dealings.code)?;
    Ok(Assign {
        lots: in_transit(draft, names)?,
        receiver: Maybe::Shown(receiver),
        claim: Maybe::Shown(code.map(|code| code.as_str().to_owned())),
    })
}

fn in_transit(draft: &Draft, names: &dyn Resolver) -> Result<Vec<LotRef>, EntryError> {
    let given = &draft.dealings.lots;
    if given.is_empty() {
        return Err(error::missing("lots", "[\"NDPR-1\"]"));
    }
    let mut lots: Vec<LotRef> = Vec::with_capacity(given.len());
    for (index, name) in given.iter().enumerate() {
        let field = format!("lots/{index}");
        let lot = names.sent_lot(name).map_err(|error| error.at(&field))?;
        if lots.contains(&lot) {
            return Err(EntryError::new(field, format!("lot `{name}` is named twice"), None));
        }
        lots.push(lot);
    }
    Ok(lots)
}
