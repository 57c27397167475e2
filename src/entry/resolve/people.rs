//! Who attests, where that is not who records.

use super::handover;
use super::values;
use crate::entry::draft::PeopleDraft;
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::event::{Behalf, Receiver};

/// Reads for whom an event is recorded, if for another.
pub(super) fn behalf(draft: &PeopleDraft, names: &dyn Resolver) -> Result<Option<Behalf>, EntryError> {
    let Some(given) = &draft.behalf else { return Ok(None) };
    let Some(who) = &given.who else {
        return Err(error::missing(
            "behalf/who",
            "the name of a party, or { name = \"Acme Plating\", place = \"DE\" }",
        ));
    };
    let who =
        handover::receiver(who, names).map_err(|error| EntryError { field: "behalf/who".into(), ..error })?;
    if who == Receiver::Later {
        let problem = "whoever attests is known, and `later` names nobody";
        return Err(EntryError::new("behalf/who", problem, Some("write who signed the paper".into())));
    }
    let Some(document) = &given.document else {
        let problem = "nothing shows that they attest it";
        let hint =
            "write the SHA-256 of the paper that they signed; on the command line `--signed-paper FILE`";
        return Err(EntryError::new("behalf/document", problem, Some(hint.into())));
    };
    Ok(Some(Behalf {
        who,
        document: values::hash("behalf/document", document)?,
        day: error::some("behalf/on", &given.on)?,
    }))
}
