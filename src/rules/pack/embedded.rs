//! The packs that come with the program.

use std::sync::OnceLock;

use super::{Pack, PackStatus};
use crate::model::nearest::nearest;

/// Their texts, with their ids.
const TEXTS: &[(&str, &str)] = &[
    ("us-dfars-7052-magnets", include_str!("../packs/us-dfars-7052-magnets.toml")),
    ("us-ndaa-857-nodes", include_str!("../packs/us-ndaa-857-nodes.toml")),
    ("us-dfars-7052-tantalum-tungsten", include_str!("../packs/us-dfars-7052-tantalum-tungsten.toml")),
    ("us-dfars-7009-specialty-metals", include_str!("../packs/us-dfars-7009-specialty-metals.toml")),
    ("gov-base", include_str!("../packs/gov-base.toml")),
    ("eu-3tg-thresholds", include_str!("../packs/eu-3tg-thresholds.toml")),
    ("eu-crma-24-map", include_str!("../packs/eu-crma-24-map.toml")),
    ("eu-crma-29-recycled", include_str!("../packs/eu-crma-29-recycled.toml")),
    ("eu-crma-benchmarks", include_str!("../packs/eu-crma-benchmarks.toml")),
    ("coc-base", include_str!("../packs/coc-base.toml")),
    ("mb-base", include_str!("../packs/mb-base.toml")),
    ("iso-22095-models", include_str!("../packs/iso-22095-models.toml")),
    ("iso-23664-items", include_str!("../packs/iso-23664-items.toml")),
    ("eu-crma-28-fields", include_str!("../packs/eu-crma-28-fields.toml")),
    ("origin-plausibility", include_str!("../packs/origin-plausibility.toml")),
    ("producer-states", include_str!("../packs/producer-states.toml")),
    ("cd-cobalt-quota", include_str!("../packs/cd-cobalt-quota.toml")),
    ("my-raw-rare-earths", include_str!("../packs/my-raw-rare-earths.toml")),
    ("ng-value-added", include_str!("../packs/ng-value-added.toml")),
    ("producer-states-unverified", include_str!("../packs/producer-states-unverified.toml")),
    ("gov-audit", include_str!("../packs/gov-audit.toml")),
    ("us-uflpa", include_str!("../packs/us-uflpa.toml")),
    ("us-pfe-ownership", include_str!("../packs/us-pfe-ownership.toml")),
    ("ofac-50", include_str!("../packs/ofac-50.toml")),
    ("us-3tg", include_str!("../packs/us-3tg.toml")),
    ("eu-3tg", include_str!("../packs/eu-3tg.toml")),
    ("cn-mofcom-61", include_str!("../packs/cn-mofcom-61.toml")),
    ("cn-mofcom-18", include_str!("../packs/cn-mofcom-18.toml")),
    ("cn-mofcom-46-us", include_str!("../packs/cn-mofcom-46-us.toml")),
];

/// Returns the packs that come with the program.
pub fn embedded() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let read =
            |(_, text): &(&str, &str)| Pack::from_toml(text).expect("a test reads every embedded pack");
        TEXTS.iter().map(read).collect()
    })
}

/// Returns those of them that are asked where the reader names none.
pub fn by_default() -> Vec<Pack> {
    embedded().iter().filter(|pack| pack.file.by_default).cloned().collect()
}

/// Returns the packs that the program comes with and that a word names: `default`, `all`, or the id of one.
///
/// `all` leaves out texts that are not law, or of which that is not agreed: those are asked by their own name.
///
/// # Errors
/// What is known, or nearest, where the word names none.
pub fn named(word: &str) -> Result<Vec<Pack>, String> {
    let is_law = |pack: &&Pack| matches!(pack.file.status, PackStatus::Enacted | PackStatus::Draft);
    match word {
        "default" => return Ok(by_default()),
        "all" => return Ok(embedded().iter().filter(is_law).cloned().collect()),
        _ => {}
    }
    if let Some(pack) = embedded().iter().find(|pack| pack.file.id == word) {
        return Ok(vec![pack.clone()]);
    }
    let ids = embedded().iter().map(|pack| pack.file.id.as_str());
    Err(match nearest(word, ids.clone().chain(["default", "all"])) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("packs are {}", ids.collect::<Vec<_>>().join(", ")),
    })
}

/// Returns the text of the embedded pack with this id, as a start for one's own.
pub fn embedded_text(id: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    #[test]
    fn every_embedded_pack_reads_uses_all_its_lists_and_has_the_id_it_is_listed_under() {
        for (id, text) in TEXTS {
            let pack = Pack::from_toml(text).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(pack.file.id, *id);
            assert_eq!(pack.hash, sha256(&[text.as_bytes()]));
            assert_eq!(pack.file.reviewer, "none", "a person's name stands there only after a review");
            assert_eq!(pack.unused(), [], "{id}");
        }
    }

    #[test]
    fn all_leaves_out_what_is_no_law_or_not_agreed_and_its_own_name_finds_it() {
        let all: Vec<String> = named("all").unwrap().into_iter().map(|pack| pack.file.id).collect();
        let mut left_out = Vec::new();
        for pack in embedded() {
            let id = &pack.file.id;
            match pack.file.status {
                PackStatus::Enacted | PackStatus::Draft => assert!(all.contains(id), "{id}"),
                status => {
                    assert!(!all.contains(id), "{id}");
                    assert!(!pack.file.by_default, "{id}");
                    left_out.push(status);
                }
            }
            let own: Vec<String> = named(id).unwrap().into_iter().map(|pack| pack.file.id).collect();
            assert_eq!(own, [id.as_str()]);
        }
        for status in [PackStatus::Proposed, PackStatus::Contested, PackStatus::Suspended] {
            assert!(left_out.contains(&status), "{status}");
        }
        assert_eq!(named("al").unwrap_err(), "did you mean `all`?");
    }
}
