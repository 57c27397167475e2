//! Tags handed out and put on, stops on the way, declarations at borders.

use std::collections::HashSet;

use super::{parties, run};
use crate::entry::draft::{Draft, TagDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::event::{AppliedTag, ApplyTags, DeclareBorder, IssueTags, Stop};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

pub(super) fn issue_tags(draft: &Draft, names: &dyn Resolver) -> Result<IssueTags, EntryError> {
    let Some(pit) = &draft.tags.pit else {
        return Err(error::missing("pit", "\"north pit\": the facility whose output the tags are for"));
    };
    Ok(IssueTags {
        pit: names.facility(pit).map_err(|error| error.at("pit"))?,
        place: error::need("place", &draft.place, "\"RW-03\": where they were handed out")?,
        coordinates: draft.coordinates.as_deref().map(parties::coordinates).transpose()?,
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-11-03\"")?),
        scheme: parties::scheme_of(draft, "\"iTSCi\"")?,
        valid: error::need("valid", &draft.valid, "\"2026-11-03..2027-01-31\"")?,
        tags: tags(draft)?.into_iter().map(|one| one.tag).collect::<Vec<_>>().into(),
    })
}

pub(super) fn apply_tags(draft: &Draft, names: &dyn Resolver) -> Result<ApplyTags, EntryError> {
    let Some(lot) = &draft.lot else { return Err(error::missing("lot", "the label of the lot")) };
    Ok(ApplyTags {
        lot: names.lot(lot).map_err(|error| error.at("lot"))?,
        place: error::need("place", &draft.place, "\"RW-03\": where they were put on")?,
        coordinates: draft.coordinates.as_deref().map(parties::coordinates).transpose()?,
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-11-03\"")?),
        scheme: parties::scheme_of(draft, "\"iTSCi\"")?,
        tags: tags(draft)?.into(),
    })
}

pub(super) fn declare_border(draft: &Draft, names: &dyn Resolver) -> Result<DeclareBorder, EntryError> {
    let given = &draft.tags;
    if given.lots.is_empty() {
        return Err(error::missing("lots", "[\"NDPR-1\"]"));
    }
    let mut lots: Vec<LotRef> = Vec::with_capacity(given.lots.len());
    for (index, name) in given.lots.iter().enumerate() {
        let field = format!("lots/{index}");
        let lot = names.lot(name).map_err(|error| error.at(&field))?;
        if lots.contains(&lot) {
            return Err(EntryError::new(field, format!("the lot `{name}` is there twice"), None));
        }
        lots.push(lot);
    }
    Ok(DeclareBorder {
        lots,
        side: error::need("side", &given.side, "\"export\", \"import\" or \"transit\"")?,
        from: error::need("from", &given.leaving, "\"RW\": the country left")?,
        to: error::need("to", &given.entering, "\"US\": the country entered")?,
        origin: error::need("origin", &given.origin, "\"RW\": the country of origin as declared")?,
        hs: error::need("hs", &given.hs, "\"2615.90\"")?,
        mass: Maybe::Shown(error::some("mass", &given.mass)?),
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-11-03\"")?),
        stops: Maybe::Shown(stops(&given.stops)?),
    })
}

/// Reads stops on the way, each a place, what happens there, and if known when.
pub(super) fn stops(given: &[String]) -> Result<Vec<Stop>, EntryError> {
    let read = |(index, text): (usize, &String)| {
        let field = format!("stops/{index}");
        let mut words = text.split_whitespace();
        let (Some(place), Some(what)) = (words.next(), words.next()) else {
            let problem = format!("`{text}` does not say where, and what happens there");
            let hint = "write it like \"AE-DU free_zone 2026-11-10..2026-11-12\"";
            return Err(EntryError::new(field, problem, Some(hint.into())));
        };
        let when = words.collect::<Vec<_>>().join(" ");
        Ok(Stop {
            place: error::text(&field, place)?,
            what: error::text(&field, what)?,
            period: (!when.is_empty()).then(|| error::text(&field, &when)).transpose()?,
        })
    };
    given.iter().enumerate().map(read).collect()
}

/// Reads tags and runs of tags, each number once.
fn tags(draft: &Draft) -> Result<Vec<AppliedTag>, EntryError> {
    let given = &draft.tags.tags;
    if given.is_empty() {
        return Err(error::missing("tags", "[\"RW-0001..RW-0040\"]"));
    }
    let mut all: Vec<AppliedTag> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for (index, one) in given.iter().enumerate() {
        for tag in tags_of(&format!("tags/{index}"), one)? {
            if !seen.insert(tag.tag.clone()) {
                let problem = format!("the tag `{}` is there twice", tag.tag);
                let hint = "a tag is handed out and put on once";
                return Err(EntryError::new(format!("tags/{index}"), problem, Some(hint.into())));
            }
            all.push(tag);
        }
    }
    if all.len() > run::MOST {
        let problem = format!("there are {} tags, and one record holds at most {}", all.len(), run::MOST);
        return Err(EntryError::new("tags", problem, Some("write them in several events".into())));
    }
    Ok(all)
}

fn tags_of(field: &str, one: &TagDraft) -> Result<Vec<AppliedTag>, EntryError> {
    let tag_at = format!("{field}/tag");
    let Some(tag) = &one.tag else { return Err(error::missing(&tag_at, "\"RW-0001\"")) };
    let tags = run::names(field, tag)?;
    let package_at = format!("{field}/package");
    let packages = one.package.as_deref().map(|text| run::names(&package_at, text)).transpose()?;
    if let Some(packages) = packages.as_ref().filter(|packages| packages.len() != tags.len()) {
        let problem = format!("{} tags go on {} packages", tags.len(), packages.len());
        let hint = "each tag is on one package: write a run of as many, such as bag 1..bag 40";
        return Err(EntryError::new(package_at, problem, Some(hint.into())));
    }
    let mass = error::some(&format!("{field}/mass"), &one.mass)?;
    let package = |index: usize| packages.as_ref().map(|packages| packages[index].clone());
    let applied = |(index, tag)| AppliedTag { tag, package: package(index), mass };
    Ok(tags.into_iter().enumerate().map(applied).collect())
}
