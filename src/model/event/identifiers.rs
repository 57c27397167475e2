//! The numbers in registers that an event states, with the paths at which they are written.

use super::{Body, Event, Receiver};
use crate::model::facility::Operator;
use crate::model::maybe::Maybe;
use crate::model::party::{Identifier, Outsider};

/// Numbers with their paths, as docs/formats/entry.md writes them.
type Found<'a> = Vec<(String, &'a Identifier)>;

impl Event {
    /// Returns every number in a register that is shown, with its path.
    pub fn identifiers(&self) -> Found<'_> {
        let mut found = Vec::new();
        of_body(&self.body, "", &mut found);
        if let Some(Maybe::Shown(behalf)) = &self.behalf {
            receiver("behalf", &behalf.who, &mut found);
        }
        found
    }
}

fn of_body<'a>(body: &'a Body, within: &str, found: &mut Found<'a>) {
    let at = |field: &str| format!("{within}{field}");
    match body {
        Body::Establish(establish) => {
            list(&at("identifiers"), establish.identifiers.shown(), found);
        }
        Body::DeclareFacility(facility) => {
            list(&at("identifiers"), facility.identifiers.shown(), found);
            if let Operator::Outside(operator) = &facility.operator {
                outsider(&at("operator"), operator.shown(), found);
            }
        }
        Body::Intake(intake) => outsider(&at("supplier"), intake.supplier.shown(), found),
        Body::Collect(collect) => outsider(&at("supplier"), optional(&collect.supplier), found),
        Body::Dispatch(dispatch) => outsider(&at("carrier"), optional(&dispatch.carrier), found),
        Body::RegisterDocument(document) => outsider(&at("issuer"), optional(&document.issuer), found),
        Body::RetireClaim(claim) => {
            if let Some(beneficiary) = optional(&claim.beneficiary) {
                receiver(&at("beneficiary"), beneficiary, found);
            }
        }
        Body::CedeFacility(cede) => receiver(&at("to"), &cede.to, found),
        // A replacement is never itself a correction, so this goes one level deep.
        Body::Correct(correct) => of_body(&correct.replacement.0, "with/", found),
        _ => {}
    }
    let to = match body {
        Body::Assign(assign) => assign.receiver.shown(),
        Body::TransferTitle(transfer) => transfer.to.shown(),
        body => body.receiver().and_then(Maybe::shown),
    };
    if let Some(to) = to {
        receiver(&at("to"), to, found);
    }
    for (index, touch) in body.declared_touches().iter().enumerate() {
        outsider(&at(&format!("touch/{index}/maker")), optional(&touch.maker), found);
    }
}

fn optional<T>(value: &Maybe<Option<T>>) -> Option<&T> {
    value.shown().and_then(Option::as_ref)
}

fn receiver<'a>(path: &str, receiver: &'a Receiver, found: &mut Found<'a>) {
    if let Receiver::Outside(receiver) = receiver {
        outsider(path, Some(receiver), found);
    }
}

fn outsider<'a>(path: &str, outsider: Option<&'a Outsider>, found: &mut Found<'a>) {
    list(&format!("{path}/identifiers"), outsider.map(|outsider| &outsider.identifiers), found);
}

fn list<'a>(path: &str, identifiers: Option<&'a Vec<Identifier>>, found: &mut Found<'a>) {
    let identifiers = identifiers.into_iter().flatten().enumerate();
    found.extend(identifiers.map(|(index, one)| (format!("{path}/{index}"), one)));
}
