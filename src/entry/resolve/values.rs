//! Values that stand in many events: periods, places of work, outsiders, hashes, facts, compositions.

use crate::entry::draft::{
    ComponentDraft, Draft, FactDraft, FactText, IdentifierDraft, OutsiderDraft, PackageDraft,
};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::{Hash, sha256};
use crate::model::event::At;
use crate::model::evidence::Method;
use crate::model::fact::{Fact, FactUnit, FactValue};
use crate::model::formula::Formula;
use crate::model::lot::{Component, Determined, Package};
use crate::model::maybe::Maybe;
use crate::model::party::{Identifier, Outsider};

pub(super) fn at(draft: &Draft, names: &dyn Resolver) -> Result<At, EntryError> {
    let Some(facility) = &draft.at else {
        return Err(error::missing("at", "\"separation plant\": the facility, by name"));
    };
    let facility = names.facility(facility).map_err(|error| error.at("at"))?;
    let period = error::need("on", &draft.on, "\"2026-11-03\" or \"2026-11-01..2026-11-30\"")?;
    let host = match &draft.host {
        Some(host) => Some(names.record(host).map_err(|error| error.at("host"))?),
        None => names.stay_at(&facility, &period),
    };
    Ok(At { facility: Maybe::Shown(facility), period: Maybe::Shown(period), host })
}

pub(super) fn outsider(field: &str, given: &OutsiderDraft) -> Result<Outsider, EntryError> {
    let name_at = format!("{field}/name");
    let Some(name) = &given.name else { return Err(error::missing(&name_at, "\"Eti Maden\"")) };
    Ok(Outsider {
        name: error::words(&name_at, name, 256)?,
        place: error::some(&format!("{field}/place"), &given.place)?,
        identifiers: identifiers(&format!("{field}/identifiers"), &given.identifiers)?,
    })
}

pub(super) fn some_outsider(
    field: &str,
    given: &Option<OutsiderDraft>,
) -> Result<Option<Outsider>, EntryError> {
    given.as_ref().map(|given| outsider(field, given)).transpose()
}

pub(super) fn identifiers(field: &str, given: &[IdentifierDraft]) -> Result<Vec<Identifier>, EntryError> {
    let read = |(index, one): (usize, &IdentifierDraft)| {
        let (scheme_at, number_at) = (format!("{field}/{index}/scheme"), format!("{field}/{index}/number"));
        let scheme = one.scheme.as_ref().ok_or_else(|| error::missing(&scheme_at, "\"lei\""))?;
        let number = one.number.as_ref().ok_or_else(|| error::missing(&number_at, "its number"))?;
        Ok(Identifier {
            scheme: error::words(&scheme_at, scheme, 16)?.to_lowercase(),
            number: error::words(&number_at, number, 64)?,
        })
    };
    given.iter().enumerate().map(read).collect()
}

/// Reads 64 hex digits, or `content:` and the text whose UTF-8 bytes are the document.
pub(super) fn hash(field: &str, given: &str) -> Result<Hash, EntryError> {
    match given.strip_prefix("content:") {
        Some(content) => Ok(sha256(&[content.trim().as_bytes()])),
        None => Hash::from_hex(given).ok_or_else(|| {
            let hint = "write 64 lower-case hex digits, or `content:` and the words of the paper";
            EntryError::new(field, format!("`{given}` is no SHA-256"), Some(hint.into()))
        }),
    }
}

pub(super) fn hashes(field: &str, given: &[String]) -> Result<Vec<Hash>, EntryError> {
    let read = |(index, one): (usize, &String)| hash(&format!("{field}/{index}"), one);
    given.iter().enumerate().map(read).collect()
}

/// Reads facts and puts them in the order of their codes.
pub(super) fn facts(field: &str, given: &[FactDraft]) -> Result<Vec<Fact>, EntryError> {
    let read = |(index, one): (usize, &FactDraft)| {
        let at = |part: &str| format!("{field}/{index}/{part}");
        let value = match &one.value {
            Some(FactText::Number(number)) => FactValue::Number(*number),
            Some(FactText::Text(text)) => FactValue::Text(error::words(&at("value"), text, 256)?),
            Some(FactText::Hash(text)) => FactValue::Hash(hash(&at("hash"), text)?),
            None => return Err(error::missing(&at("value"), "a whole number or a text")),
        };
        Ok(Fact {
            code: error::need(&at("code"), &one.code, "\"iso23664.batch\"")?,
            unit: error::some(&at("unit"), &one.unit)?.unwrap_or(FactUnit::None),
            value,
        })
    };
    let mut facts: Vec<Fact> = given.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
    facts.sort_by(|one, other| one.code.cmp(&other.code));
    match facts.windows(2).find(|pair| pair[0].code == pair[1].code) {
        Some(pair) => {
            Err(EntryError::new(field, format!("the fact `{}` is there twice", pair[0].code.as_str()), None))
        }
        None => Ok(facts),
    }
}

pub(super) fn composition(field: &str, given: &[ComponentDraft]) -> Result<Vec<Component>, EntryError> {
    let read = |(index, line): (usize, &ComponentDraft)| {
        let at = |part: &str| format!("{field}/{index}/{part}");
        let value = match (&line.share, &line.below) {
            (Some(share), None) => Determined::Measured(error::text(&at("share"), share)?),
            (None, Some(limit)) => Determined::BelowLimit(error::text(&at("below"), limit)?),
            (None, None) => Determined::NotDetermined,
            (Some(_), Some(_)) => {
                let hint = "a share was measured, or it was below a limit of determination";
                return Err(EntryError::new(at("below"), "there is a `share` as well", Some(hint.into())));
            }
        };
        Ok(Component {
            elements: error::need(&at("of"), &line.of, "\"Nd\" or \"NdPr\"")?,
            value,
            basis: error::some(&at("as"), &line.basis)?.unwrap_or(Formula::Element),
            uncertainty: error::some(&at("uncertainty"), &line.uncertainty)?.unwrap_or_default(),
            method: error::some(&at("method"), &line.method)?.unwrap_or(Method::Other),
        })
    };
    given.iter().enumerate().map(read).collect()
}

pub(super) fn packages(field: &str, given: &[PackageDraft]) -> Result<Vec<Package>, EntryError> {
    let read = |(index, one): (usize, &PackageDraft)| {
        let at = |part: &str| format!("{field}/{index}/{part}");
        let id = one.id.as_ref().ok_or_else(|| error::missing(&at("id"), "\"drum 1\""))?;
        let net = error::need(&at("net"), &one.net, "\"400 kg\"")?;
        Ok(Package {
            id: error::words(&at("id"), id, 64)?,
            net,
            gross: error::some(&at("gross"), &one.gross)?.unwrap_or(net),
        })
    };
    given.iter().enumerate().map(read).collect()
}

/// Reads words of a closed list, each once, in the list's order.
pub(super) fn listed<T>(field: &str, given: &[String]) -> Result<Vec<T>, EntryError>
where
    T: crate::model::coded::Coded + std::str::FromStr<Err = crate::model::coded::UnknownWord> + Ord,
{
    let read = |(index, one): (usize, &String)| error::text(&format!("{field}/{index}"), one);
    let mut words: Vec<T> = given.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
    words.sort();
    words.dedup();
    Ok(words)
}
