//! Views: the shares of an element grouped by what a reader asks for, at one stage of its way.
//!
//! A view groups the touches of the stage and asks once for each group what share of the element went through any of
//! them, so that groups may overlap where material passed a stage twice. What did not pass the stage, and what is not
//! known, stand beside the groups; together they enclose the whole. Spec: docs/origin.md, "Views".

use std::collections::BTreeMap;

use serde::Serialize;

use super::average::{self, Averages, Passed};
use super::heel;
use super::traced::{Leaf, LeafKind, Traced, Without};
use crate::balance::content::Contents;
use crate::custody::touch::{Gap, Grade, Touch, TouchPlace};
use crate::hash::{PartyId, RecordId};
use crate::model::coded::coded;
use crate::model::evidence::OriginClass;
use crate::model::interval::{Interval, ONE, Share};
use crate::model::place::{Country, Place};
use crate::model::stage::Stage;

coded! {
    /// By what shares are grouped.
    By, "way to group shares" {
        /// Country.
        Country = 1 "country",
        /// Part of a country, where one is stated.
        Region = 2 "region",
        /// Facility.
        Facility = 3 "facility",
        /// Who did it.
        Party = 4 "party",
        /// Stage.
        Stage = 5 "stage",
        /// Origin class.
        Class = 6 "class",
        /// Grade of evidence.
        Grade = 7 "grade",
    }
}

/// What one row of a view is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A country.
    Country(Country),
    /// A country, with the part of it where one is stated.
    Region(Place),
    /// A declared facility.
    Facility(RecordId),
    /// A place that papers state, without a facility.
    Papers(Place),
    /// Who did it, as a party of the ledger.
    Party(PartyId),
    /// Who did it, as papers name it.
    Maker(String),
    /// Papers name nobody.
    NoMaker,
    /// A stage.
    Stage(Stage),
    /// An origin class.
    Class(OriginClass),
    /// Nothing says of which class it is.
    NoClass,
    /// A grade of evidence.
    Grade(Grade),
    /// Where it was done is withheld.
    Withheld(PartyId),
    /// The declaration of where it was done is not held.
    NotHeld(RecordId),
}

/// One group and its share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// What the group is.
    pub group: Group,
    /// Its share of the element.
    pub share: Share,
    /// Its share on average, in units of 10^-18, where a circuit lies on the way.
    pub average: Option<u128>,
    /// The weakest evidence among what it rests on; none where it rests on no step.
    pub grade: Option<Grade>,
    /// The records it rests on, sources first.
    pub records: Vec<RecordId>,
}

/// Something that is not known, and how much of the element it may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// The share.
    pub share: Share,
    /// Why it is not known.
    pub gap: Gap,
}

/// What averages rest on: the mix of each closed period of the circuits on the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mixes {
    /// The periods, each with the method that its circuit was declared with.
    pub circuits: Vec<Passed>,
    /// Whether a period on the way is not closed, so that the figures can still change.
    pub is_provisional: bool,
    /// Why no average can be formed, if none can; rows have none then.
    pub none: Option<&'static str>,
    /// The share that no row has, on average; where each element began, that of which nothing is known.
    pub rest: u128,
}

/// The shares of one element of one lot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// How much of the element the lot holds.
    pub amount: Interval,
    /// The groups, largest first.
    pub rows: Vec<Row>,
    /// The share that did not pass the stage, by the records.
    pub elsewhere: Share,
    /// The share of which it is not known whether it passed the stage, or where it began.
    pub unknown: Share,
    /// What is not known, largest first.
    pub open: Vec<Open>,
    /// What averages rest on, where a circuit lies on the way.
    pub mixes: Option<Mixes>,
    /// How much can be of the feed before, where it was drawn from a campaign with a measured heel.
    pub heel: Option<Share>,
}

/// Where an element begins: the ground, or collection.
pub const BEGINNINGS: [Stage; 2] = [Stage::P10, Stage::R10];

impl View {
    /// Groups the shares of one element; without `stage` where it entered, from the ground or by collection.
    pub fn new(contents: &Contents<'_>, traced: &Traced, by: By, stage: Option<Stage>) -> Self {
        let at = |touch: &Touch| match stage {
            Some(stage) => touch.step.stage == stage,
            None => by == By::Stage || BEGINNINGS.contains(&touch.step.stage),
        };
        let averages = average::shares(contents, &traced.lot(), traced.element());
        let averages = Some(averages).filter(|one| !one.circuits.is_empty() || one.provisional);
        let told = averages.as_ref().filter(|one| one.untold().is_none());
        let (mut rows, without) = match by {
            By::Class => {
                let (leaves, unknown) = traced.classes(contents);
                (by_class(&leaves, unknown), Without { told: Share::NONE, unknown, gaps: gaps(leaves) })
            }
            _ => (by_touch(traced, told, by, at), traced.without(at)),
        };
        rows.retain(|row| row.share.high > 0);
        rows.sort_by(|a, b| {
            let size = |row: &Row| (row.share.high + row.share.low, row.share.low);
            size(b).cmp(&size(a)).then_with(|| a.group.cmp(&b.group))
        });
        if by == By::Stage {
            rows.sort_by(|a, b| a.group.cmp(&b.group));
        }
        let Without { told: elsewhere, unknown, gaps } = without;
        let mut open: Vec<Open> = gaps.into_iter().map(|(share, gap)| Open { share, gap }).collect();
        open.sort_by_key(|one| std::cmp::Reverse(one.share.high));
        let mixes = averages.map(|one| Mixes {
            rest: ONE - one.through(at).min(ONE),
            is_provisional: one.provisional,
            none: one.untold().map(average::Why::words),
            circuits: one.circuits,
        });
        let heel = heel::heel_in(contents, &traced.lot(), traced.element());
        Self { amount: traced.amount(), rows, elsewhere, unknown, open, mixes, heel }
    }
}

fn gaps(leaves: Vec<Leaf>) -> Vec<(Share, Gap)> {
    let gap = |leaf: Leaf| match leaf.what {
        LeafKind::Gap(gap) => Some((leaf.share, gap)),
        LeafKind::Entry { .. } => None,
    };
    leaves.into_iter().filter_map(gap).collect()
}

fn by_touch(
    traced: &Traced,
    averages: Option<&Averages<'_, '_>>,
    by: By,
    at: impl Fn(&Touch) -> bool,
) -> Vec<Row> {
    let mut groups: BTreeMap<Group, Grade> = BTreeMap::new();
    for touch in traced.touches().filter(|touch| at(touch)) {
        let weakest = groups.entry(group(touch, by)).or_insert(touch.grade);
        *weakest = touch.grade.max(*weakest);
    }
    let row = |(wanted, grade): (Group, Grade)| {
        let is_meant = |touch: &Touch| at(touch) && group(touch, by) == wanted;
        let through = traced.through(is_meant);
        let average = averages.map(|averages| averages.through(is_meant));
        Row { share: through.share, average, grade: Some(grade), records: through.records, group: wanted }
    };
    groups.into_iter().map(row).collect()
}

fn group(touch: &Touch, by: By) -> Group {
    match by {
        By::Stage => return Group::Stage(touch.step.stage),
        By::Grade => return Group::Grade(touch.grade),
        By::Party => return party(touch),
        _ => {}
    }
    match (&touch.place, by) {
        (TouchPlace::Withheld { by }, _) => Group::Withheld(*by),
        (TouchPlace::NotHeld { facility }, _) => Group::NotHeld(*facility),
        (TouchPlace::At { facility: Some(facility), .. }, By::Facility) => Group::Facility(*facility),
        (TouchPlace::At { place, .. }, By::Facility) => Group::Papers(*place),
        (TouchPlace::At { place, .. }, By::Region) => Group::Region(*place),
        (TouchPlace::At { place, .. }, _) => Group::Country(place.country),
    }
}

/// Who did it: of what papers state, whom they name.
fn party(touch: &Touch) -> Group {
    match (&touch.place, &touch.maker) {
        (_, Some(maker)) => Group::Maker(maker.clone()),
        (TouchPlace::At { facility: None, .. }, None) => Group::NoMaker,
        _ => Group::Party(touch.by),
    }
}

/// Adds up what began alike. What the others leave is at least its share, and at most.
fn by_class(leaves: &[Leaf], unknown: Share) -> Vec<Row> {
    let mut groups: BTreeMap<Group, (Share, Vec<RecordId>)> = BTreeMap::new();
    let add = |sum: &mut Share, share: Share| {
        sum.low = sum.low.saturating_add(share.low).min(ONE);
        sum.high = sum.high.saturating_add(share.high).min(ONE);
    };
    for leaf in leaves {
        match &leaf.what {
            LeafKind::Gap(_) => {}
            LeafKind::Entry { record, class, .. } => {
                let group = class.map_or(Group::NoClass, Group::Class);
                let (sum, records) = groups.entry(group).or_insert((Share::NONE, Vec::new()));
                add(sum, leaf.share);
                if !records.contains(record) {
                    records.push(*record);
                }
            }
        }
    }
    let all: Vec<Share> = groups.values().map(|(share, _)| *share).chain([unknown]).collect();
    let rows = groups.into_iter().enumerate().map(|(at, (group, (share, records)))| {
        let others = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, share)| share);
        let rest = others.fold(Share::NONE, |mut sum, share| {
            add(&mut sum, *share);
            sum
        });
        let high = share.high.min(ONE - rest.low);
        let low = share.low.max(ONE - rest.high).min(high);
        Row { group, share: Share { low, high }, average: None, grade: None, records }
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::balance::testing::{metal, weighed};
    use crate::custody::testing::*;
    use crate::model::evidence::Mixing::Homogenised;
    use crate::model::lotref::LotRef;
    use crate::model::maybe::Maybe;

    fn holding(material: &str, kg: u64) -> crate::model::lot::Lot {
        weighed(material, kg * 1000, "0 %", vec![metal("Nd", "50 %", "0.0000001 %")])
    }

    /// Metal on papers that name where it was mined, and nobody.
    fn on_papers(world: &mut World, kg: u64, mined: &str) -> LotRef {
        let mut papers = vec![declared(0, &["Nd"], "P10 mine", mined, true)];
        papers[0].maker = Maybe::Shown(None);
        out(world.intake("plant", vec![holding("metal.Nd", kg)], papers), 0)
    }

    /// 60 kg from Western Australia, 30 kg on papers from China and 10 kg of which nobody says anything, molten in Japan.
    fn melt(world: &mut World) -> LotRef {
        let ore = out(world.extract("mine", vec![holding("ore", 60)]), 0);
        let ore = world.hand_over("mine", "plant", ore);
        let papers = on_papers(world, 30, "CN-JX");
        let open = out(world.intake("plant", vec![holding("metal.Nd", 10)], Vec::new()), 0);
        let inputs = vec![take(ore, 0, 60), take(papers, 0, 30), take(open, 0, 10)];
        out(world.transform("plant", "P60 melt", Homogenised, inputs, vec![holding("metal.Nd", 100)]), 0)
    }

    fn view(world: &World, lot: LotRef, by: By, stage: Option<Stage>) -> View {
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        View::new(&contents, &Traced::new(&contents, &lot, "Nd".parse().unwrap()), by, stage)
    }

    /// The middle of a share in whole percent.
    fn percent(share: Share) -> u128 {
        ((share.low + share.high) / 2 + ONE / 200) * 100 / ONE
    }

    fn rows(view: &View) -> Vec<(Group, u128)> {
        view.rows.iter().map(|row| (row.group.clone(), percent(row.share))).collect()
    }

    #[test]
    fn countries_and_what_is_not_known_enclose_the_whole() {
        let mut world = World::new();
        let lot = melt(&mut world);
        let view = view(&world, lot, By::Country, None);
        let country = |code: &str| Group::Country(code.parse().unwrap());
        assert_eq!(rows(&view), [(country("AU"), 60), (country("CN"), 30)]);
        assert_eq!(percent(view.unknown), 10);
        assert_eq!(view.open.len(), 1);
        assert!(view.elsewhere.low == 0 && percent(view.elsewhere) <= 5, "{:?}", view.elsewhere);
        let low: u128 = view.rows.iter().map(|row| row.share.low).sum::<u128>() + view.unknown.low;
        let high: u128 = view.rows.iter().map(|row| row.share.high).sum::<u128>() + view.unknown.high;
        assert!(low <= ONE && high >= ONE);
    }

    #[test]
    fn a_row_names_the_weakest_evidence_and_the_records_it_rests_on() {
        let mut world = World::new();
        let lot = melt(&mut world);
        let view = view(&world, lot, By::Country, None);
        let grades: Vec<_> = view.rows.iter().map(|row| (row.grade, row.records.len())).collect();
        assert_eq!(grades, [(Some(Grade::Signed), 1), (Some(Grade::Transcribed), 1)]);
    }

    #[test]
    fn parts_of_a_country_facilities_and_parties_are_told_apart() {
        let mut world = World::new();
        let lot = melt(&mut world);
        let groups =
            |by| rows(&view(&world, lot, by, None)).into_iter().map(|(group, _)| group).collect::<Vec<_>>();
        let place = |code: &str| code.parse::<Place>().unwrap();
        assert_eq!(groups(By::Region), [Group::Region(place("AU")), Group::Region(place("CN-JX"))]);
        assert_eq!(
            groups(By::Facility),
            [Group::Facility(world.place("mine")), Group::Papers(place("CN-JX"))]
        );
        assert_eq!(groups(By::Party), [Group::Party(world.party("mine")), Group::NoMaker]);
        assert_eq!(groups(By::Grade), [Group::Grade(Grade::Signed), Group::Grade(Grade::Transcribed)]);
    }

    #[test]
    fn what_did_not_pass_a_stage_is_not_unknown() {
        let mut world = World::new();
        let lot = melt(&mut world);
        let at = |stage| view(&world, lot, By::Country, Some(stage));
        assert_eq!(rows(&at(Stage::P60)), [(Group::Country("JP".parse().unwrap()), 100)]);
        assert_eq!(at(Stage::P60).elsewhere, Share::NONE);
        // Nobody says that any of it was separated; of a tenth nobody says anything.
        let separated = at(Stage::P40);
        assert!(separated.rows.is_empty());
        assert!((separated.elsewhere.low * 100 / ONE).abs_diff(90) <= 1);
    }

    #[test]
    fn stages_stand_in_their_order_and_classes_add_up() {
        let mut world = World::new();
        let lot = melt(&mut world);
        let stages = rows(&view(&world, lot, By::Stage, None));
        assert_eq!(stages, [(Group::Stage(Stage::P10), 90), (Group::Stage(Stage::P60), 100)]);
        let classes = view(&world, lot, By::Class, None);
        assert_eq!(rows(&classes), [(Group::Class(OriginClass::Primary), 60), (Group::NoClass, 30)]);
        assert_eq!(percent(classes.unknown), 10);
    }

    #[test]
    fn a_facility_that_is_withheld_is_a_group_of_its_own() {
        let mut world = World::new();
        let lot = melt(&mut world);
        world.change(lot.record, |record| {
            if let crate::model::event::Body::Transform(transform) = &mut record.event.body {
                transform.at.facility = Maybe::Withheld;
            }
        });
        let view = view(&world, lot, By::Country, Some(Stage::P60));
        assert_eq!(rows(&view), [(Group::Withheld(world.party("plant")), 100)]);
    }
}
