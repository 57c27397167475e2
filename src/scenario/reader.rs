//! The reader's side of a scenario: trust and case files with aliases put in, packs beside those built in.

use super::error::ScenarioError;
use super::file::Scenario;
use super::world::World;
use crate::balance::bands::Bands;
use crate::entry::{EntryError, NameError, Tree};
use crate::hash::sha256;
use crate::log::vkey::{KeyUse, VerifierKey};
use crate::rules::{self, Pack};
use crate::trust::{Case, Trust};
use crate::verify::Reader;

/// Returns whom the reader of `scenario` believes, what it buys and which packs it asks.
///
/// # Errors
/// [`ScenarioError`] for a name that stands for nothing, or a file that cannot be read.
pub fn of(scenario: &Scenario, world: &World) -> Result<Reader, ScenarioError> {
    let mut packs: Vec<Pack> = rules::by_default();
    for word in &scenario.named_packs {
        let named = rules::named(word)
            .map_err(|hint| fault("packs", format!("no pack here is called `{word}`"), Some(hint)))?;
        packs.extend(named.into_iter().filter(|pack| !rules::by_default().contains(pack)));
    }
    for (index, tree) in scenario.packs.iter().enumerate() {
        let pack = Pack::from_toml(&crate::text::to_toml(tree));
        packs.push(pack.map_err(|error| fault(&format!("pack/{index}"), error.to_string(), error.hint()))?);
    }
    let trust = match &scenario.trust {
        None => Trust::default(),
        Some(tree) => {
            let text = trust_file(tree, world)?;
            Trust::from_toml(&text).map_err(|error| fault("trust", error.to_string(), error.hint()))?
        }
    };
    let case = match &scenario.case {
        None => None,
        Some(tree) => {
            let text = case_file(tree);
            let case =
                Case::from_toml(&text).map_err(|error| fault("case", error.to_string(), error.hint()))?;
            rules::check_case(&case, &packs)
                .map_err(|error| fault("case", error.to_string(), error.hint()))?;
            Some(case)
        }
    };
    let reader = Reader { trust, case, packs, bands: bands(scenario, world)?, ..Reader::default() };
    reader.with_witnesses().map_err(|error| fault("trust/witness", error.to_string(), None))
}

/// Returns the bands that are built in, with the plants that the reader accepts.
fn bands(scenario: &Scenario, world: &World) -> Result<Bands, ScenarioError> {
    let mut sites = scenario.sites.clone();
    for (index, site) in sites.iter_mut().enumerate() {
        facility_id(site, world, &format!("site/{index}"))?;
    }
    if sites.is_empty() {
        return Ok(Bands::embedded());
    }
    let rows = crate::text::to_toml(&Tree::Table(vec![("site".to_owned(), Tree::List(sites))]));
    let bands = Bands::from_toml(&format!("{}\n{rows}", Bands::embedded_text()));
    bands.map_err(|error| fault("site", error.to_string(), error.hint()))
}

/// Returns the text of the scenario's case file.
pub fn case_file(tree: &Tree) -> String {
    crate::text::to_toml(&with_format(tree, crate::trust::case::FORMAT))
}

/// Returns the text of the scenario's trust file, with ids in place of aliases.
///
/// # Errors
/// [`ScenarioError`] for an alias of no facility.
pub fn trust_file(tree: &Tree, world: &World) -> Result<String, ScenarioError> {
    let mut tree = with_format(tree, crate::trust::file::FORMAT);
    if let Tree::Table(fields) = &mut tree {
        let pinned = world.parties().map(|(alias, id)| (alias.to_owned(), Tree::Text(id.to_hex())));
        fields.push(("pinned".to_owned(), Tree::Table(pinned.collect())));
        for (name, value) in fields.iter_mut() {
            if let ("accepted_document", Tree::List(documents)) = (name.as_str(), &mut *value) {
                for (index, document) in documents.iter_mut().enumerate() {
                    let path = format!("trust/accepted_document/{index}");
                    with_ids(document, world, &path)?;
                }
            }
            // The scenario names its witnesses; a trust file names their keys.
            if let ("witness", Tree::List(witnesses)) = (name.as_str(), value) {
                for witness in witnesses.iter_mut() {
                    if let Some(Tree::Text(name)) = witness.take("name") {
                        let key = world.witness(&name).public().clone();
                        let key = VerifierKey::new(&name, KeyUse::Cosignature, key);
                        let key = key.map_err(|error| fault("trust/witness", error.to_string(), None))?;
                        put(witness, "key", key.to_string());
                    }
                }
            }
        }
    }
    Ok(crate::text::to_toml(&tree))
}

fn with_ids(document: &mut Tree, world: &World, path: &str) -> Result<(), ScenarioError> {
    facility_id(document, world, path)?;
    if let Some(content) = document.text("sha256").and_then(|text| text.strip_prefix("content:")) {
        let hash = sha256(&[content.trim().as_bytes()]).to_hex();
        put(document, "sha256", hash);
    }
    Ok(())
}

/// Puts the id of a facility in place of its alias.
fn facility_id(table: &mut Tree, world: &World, path: &str) -> Result<(), ScenarioError> {
    if let Some(alias) = table.text("facility").map(str::to_owned) {
        let id = world.facility(&alias).ok_or_else(|| {
            let unknown = NameError::unknown("facility", &alias, world.facilities());
            fault(&format!("{path}/facility"), unknown.to_string(), unknown.hint())
        })?;
        put(table, "facility", id.to_hex());
    }
    Ok(())
}

fn put(table: &mut Tree, name: &str, text: String) {
    table.put(name, Tree::Text(text)).expect("a table takes a field");
}

fn with_format(tree: &Tree, format: &str) -> Tree {
    let mut tree = tree.clone();
    let stated = tree.get("format").is_some();
    if let (Tree::Table(fields), false) = (&mut tree, stated) {
        fields.insert(0, ("format".to_owned(), Tree::Text(format.to_owned())));
    }
    tree
}

fn fault(field: &str, problem: String, hint: Option<String>) -> ScenarioError {
    ScenarioError::field("", EntryError::new(field, problem, hint))
}
