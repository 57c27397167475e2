//! Running a scenario: its base and each of its variants, expectation by expectation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::check::{Checked, Desk, Without};
use super::error::ScenarioError;
use super::expect::Expectation;
use super::file::Scenario;
use super::reader;
use super::world::World;
use crate::entry::{EntryError, NameError, Tree};
use crate::model::day::Day;
use crate::verify::{self, Examined, Reader};

/// What a scenario expected and what came out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RunReport {
    /// `lodemark/scenario-run@1`.
    pub format: &'static str,
    /// Title of the scenario.
    pub title: String,
    /// How many expectations hold, over all variants.
    pub expectations: Count,
    /// The base, then each variant in the order of the file.
    pub variants: Vec<VariantReport>,
}

/// How many expectations hold and how many do not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Count {
    /// Those that hold.
    pub held: usize,
    /// Those that do not.
    pub broken: usize,
}

/// The expectations of one variant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct VariantReport {
    /// Its name; `base` for the scenario as written.
    pub name: String,
    /// What it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Number of records that were signed.
    pub records: usize,
    /// Each expectation with what came out.
    pub checked: Vec<Checked>,
}

/// Name of the scenario as written, among its variants.
pub const BASE: &str = "base";

/// Runs the scenario in `text` and all its variants.
///
/// # Errors
/// [`ScenarioError`] where the file cannot be read or an event cannot be sealed.
pub fn run(text: &str) -> Result<RunReport, ScenarioError> {
    Ok(Prepared::new(text)?.check(&Without::default()))
}

/// A scenario with all its variants signed and examined, ready to be asked.
pub struct Prepared {
    title: String,
    worlds: Vec<PreparedWorld>,
}

/// One world, signed, handed over and examined.
pub(super) struct PreparedWorld {
    name: String,
    title: Option<String>,
    world: World,
    examined: Examined,
    /// What could be known by the end of the days that expectations ask about.
    earlier: BTreeMap<Day, Examined>,
    reader: Reader,
    today: Day,
    expectations: Vec<Expectation>,
}

impl Prepared {
    /// Signs and examines the scenario in `text` and all its variants.
    ///
    /// # Errors
    /// As [`run`].
    pub fn new(text: &str) -> Result<Self, ScenarioError> {
        let tree: Tree = crate::text::from_toml(text)?;
        let base = Scenario::from_tree(&tree)?;
        let mut worlds = vec![PreparedWorld::new(&base, BASE, None, base.expectations.clone())?];
        for variant in &base.variants {
            let (tree, expectations) = resolve(&base, &tree, &variant.name)?;
            let changed = Scenario::from_tree(&tree).map_err(|error| error.in_variant(&variant.name))?;
            let world = PreparedWorld::new(&changed, &variant.name, variant.title.clone(), expectations);
            worlds.push(world.map_err(|error| error.in_variant(&variant.name))?);
        }
        Ok(Self { title: base.title, worlds })
    }

    /// Asks every question, some of the verifier's answers left out to see whether anything rests on them.
    pub fn check(&self, without: &Without) -> RunReport {
        let variants: Vec<VariantReport> = self.worlds.iter().map(|world| world.check(without)).collect();
        let checked = || variants.iter().flat_map(|variant| &variant.checked);
        let held = checked().filter(|one| one.holds).count();
        let expectations = Count { held, broken: checked().count() - held };
        RunReport { format: "lodemark/scenario-run@1", title: self.title.clone(), expectations, variants }
    }
}

impl PreparedWorld {
    pub(super) fn new(
        scenario: &Scenario,
        name: &str,
        title: Option<String>,
        expectations: Vec<Expectation>,
    ) -> Result<Self, ScenarioError> {
        let world = World::build(scenario)?;
        let evidence = scenario.hand_over.evidence(&world)?;
        let days: BTreeSet<Day> = expectations.iter().filter_map(|one| one.known_at).collect();
        let known = |day: Day| (day, verify::examine(evidence.clone().known_at(day)));
        let earlier = days.into_iter().map(known).collect();
        let examined = verify::examine(evidence);
        let reader = reader::of(scenario, &world)?;
        let today = scenario.today.unwrap_or_else(|| world.today());
        Ok(Self { name: name.to_owned(), title, world, examined, earlier, reader, today, expectations })
    }

    pub(super) fn check(&self, without: &Without) -> VariantReport {
        // Signatures and chains stay as examined: what is asked is whether anybody reads what the records say.
        let deaf = (!without.kinds.is_empty()).then(|| self.examined.without_kinds(&without.kinds));
        let examined = deaf.as_ref().unwrap_or(&self.examined);
        let mut desk =
            Desk::new(&self.world, examined, &self.reader, self.today, without).with_earlier(&self.earlier);
        let checked = self.expectations.iter().map(|expectation| desk.check(expectation)).collect();
        VariantReport {
            name: self.name.clone(),
            title: self.title.clone(),
            records: self.world.signed.len(),
            checked,
        }
    }
}

/// Returns the file's values as a variant has them, and what is expected then.
///
/// # Errors
/// [`ScenarioError`] for a variant that is not there, or changes what is not there.
pub fn resolve(base: &Scenario, tree: &Tree, name: &str) -> Result<(Tree, Vec<Expectation>), ScenarioError> {
    let mut way = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next.filter(|name| *name != BASE) {
        let variant = base.variants.iter().find(|variant| variant.name == name);
        let Some(variant) = variant.filter(|_| way.len() <= base.variants.len()) else {
            let known = base.variants.iter().map(|variant| variant.name.as_str());
            let unknown = NameError::unknown("variant", name, known);
            return Err(ScenarioError::field("", EntryError::new("of", unknown.to_string(), unknown.hint())));
        };
        way.push(variant);
        next = variant.of.as_deref();
    }
    let mut tree = tree.clone();
    let mut expectations = base.expectations.clone();
    for variant in way.into_iter().rev() {
        tree = variant.apply(&tree)?;
        expectations
            .retain(|old| !variant.only && !variant.expectations.iter().any(|new| new.asks_like(old)));
        expectations.extend(variant.expectations.iter().cloned());
    }
    Ok((tree, expectations))
}
