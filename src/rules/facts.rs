//! What rules ask about one lot, looked up once for all of them.

mod papers;
mod pools;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use self::papers::Papers;
use super::implied::{self, Makes, Missing};
use super::judge::Input;
use super::kind::{Asked, Outcome};
use super::people::{self, Person};
use super::thing::Thing;
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::ancestry::{self, Ancestry};
use crate::custody::assay;
use crate::custody::assembly::Later;
use crate::custody::graph::Graph;
use crate::custody::ties::Ties;
use crate::custody::touch::{self, ElementPath, Presence, Touch};
use crate::custody::traced_elements;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Period;
use crate::model::element::Element;
use crate::model::event::{EndStatus, RegisterDocument, Waive};
use crate::model::evidence::DocumentKind;
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::origin::traced::Traced;
use crate::trust::{Case, Trust};

/// Elements that air, water and reagents bring into what holds others.
const REAGENTS: [&str; 7] = ["H", "C", "N", "O", "F", "S", "Cl"];

/// One element of each class that the stages a form implies tell apart.
const CLASSES: [&str; 3] = ["Fe", "Cu", "Nd"];

/// A rule of a pack, and the reading it is judged by.
type Question = (Hash, String, Option<String>);

/// One lot, what is behind it, and the reader's side.
pub(super) struct Facts<'a> {
    pub(super) graph: &'a Graph,
    pub(super) lot: LotRef,
    pub(super) trust: &'a Trust,
    /// Last claimed time of each party's chain as held.
    pub(super) claimed: &'a BTreeMap<PartyId, Timestamp>,
    pub(super) makes: Makes,
    /// What was done to the lot after it went into something as a part.
    later: Option<&'a Later>,
    /// The thing that the lot is judged in.
    pub(super) thing: Option<&'a Thing<'a>>,
    paths: RefCell<HashMap<Element, Rc<ElementPath>>>,
    /// Stages that nothing places, by element and by whether collection for recycling counts as the beginning.
    missing: RefCell<HashMap<(Element, bool), AllMissing>>,
    /// What rules found without a look at the day, by pack, rule and reading.
    outcomes: RefCell<HashMap<Question, Outcome>>,
    ancestry: OnceCell<Ancestry>,
    behind: OnceCell<HashSet<LotRef>>,
    certain: OnceCell<BTreeSet<RecordId>>,
    surely: RefCell<HashMap<RecordId, bool>>,
    surely_held: OnceCell<Vec<Element>>,
    /// Everybody behind the lot, by the kinds of papers whose issuers are looked at too.
    people: RefCell<HashMap<Vec<DocumentKind>, Rc<Vec<Person<'a>>>>>,
    papers: OnceCell<Papers<'a>>,
    bands: &'a Bands,
    contents: OnceCell<Contents<'a>>,
    /// The buyer's facts.
    pub(super) case: Option<&'a Case>,
    /// What is found about the lot's custody whatever any pack says.
    pub(super) findings: &'a [Finding],
}

/// All that is missing on the way of one element.
type AllMissing = Rc<Vec<Missing>>;

impl<'a> Facts<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        Self {
            graph: input.graph,
            lot: input.lot,
            trust: input.trust,
            claimed: input.claimed,
            makes: Makes::default(),
            later: input.later,
            thing: input.thing,
            paths: RefCell::default(),
            missing: RefCell::default(),
            outcomes: RefCell::default(),
            ancestry: OnceCell::new(),
            behind: OnceCell::new(),
            certain: OnceCell::new(),
            surely: RefCell::default(),
            surely_held: OnceCell::new(),
            people: RefCell::default(),
            papers: OnceCell::new(),
            bands: input.bands,
            contents: OnceCell::new(),
            case: input.as_of.case,
            findings: input.findings,
        }
    }

    /// Returns what `judge` finds for a rule under a reading. What it found without a look at the day stands for every
    /// day, and it is not asked again.
    pub(super) fn once(&self, asked: &Asked<'_, '_>, judge: impl FnOnce() -> Outcome) -> Outcome {
        let key = (asked.pack.hash, asked.rule.id.clone(), asked.reading.map(str::to_owned));
        if let Some(known) = self.outcomes.borrow().get(&key) {
            return known.clone();
        }
        let outcome = judge();
        if !asked.day.was_looked_at() {
            self.outcomes.borrow_mut().insert(key, outcome.clone());
        }
        outcome
    }

    /// Returns the way of one element into the lot.
    pub(super) fn path(&self, element: Element) -> Rc<ElementPath> {
        if let Some(path) = self.paths.borrow().get(&element) {
            return Rc::clone(path);
        }
        let mut paths = match self.later {
            None => touch::paths(self.graph, &self.lot, &[element]),
            Some(later) => touch::paths_of_part(self.graph, &self.lot, later, &[element]),
        };
        let path = paths.pop();
        let path = Rc::new(path.expect("one path for the one element asked for"));
        self.paths.borrow_mut().insert(element, Rc::clone(&path));
        path
    }

    /// Returns every stage on the way of one element that must have been passed and that nothing places.
    pub(super) fn missing(&self, element: Element, recycled_is_origin: bool) -> AllMissing {
        let key = (element, recycled_is_origin);
        if let Some(missing) = self.missing.borrow().get(&key) {
            return Rc::clone(missing);
        }
        let missing = Rc::new(implied::missing(self, &self.path(element), recycled_is_origin));
        self.missing.borrow_mut().insert(key, Rc::clone(&missing));
        missing
    }

    /// Returns how surely the lot went through at least one of the touches that `wanted` picks.
    pub(super) fn joint_presence(
        &self,
        element: Element,
        wanted: impl Fn(&Touch) -> bool,
    ) -> Option<Presence> {
        match self.later {
            None => touch::joint_presence(self.graph, &self.lot, element, wanted),
            Some(later) => touch::joint_presence_of_part(self.graph, &self.lot, later, element, wanted),
        }
    }

    /// Returns what lots hold.
    pub(super) fn contents(&self) -> &Contents<'a> {
        self.contents.get_or_init(|| Contents::new(self.graph, self.bands))
    }

    /// Returns how much of an element of the lot can have come along each way.
    pub(super) fn traced(&self, element: Element) -> Traced {
        match self.later {
            None => Traced::new(self.contents(), &self.lot, element),
            Some(later) => Traced::of_part(self.contents(), &self.lot, later, element),
        }
    }

    /// Whether a step was done to something that the lot was a part of, and not to the lot alone.
    pub(super) fn is_later(&self, touch: &Touch) -> bool {
        self.later.is_some_and(|later| later.records().any(|record| record == touch.record))
    }

    /// Whether the lot can hold the element: some path leads to it.
    pub(super) fn holds(&self, element: Element) -> bool {
        let path = self.path(element);
        !(path.touches.is_empty() && path.gaps.is_empty() && path.origins.is_empty())
    }

    /// Returns everything the lot is made of.
    pub(super) fn ancestry(&self) -> &Ancestry {
        self.ancestry.get_or_init(|| {
            let mut ancestry = ancestry::upstream(self.graph, &[self.lot]);
            // Who magnetised the rotor did it to the magnets inside.
            ancestry.records.extend(self.later.iter().flat_map(|later| later.records()));
            ancestry.records.sort_by_cached_key(|id| self.graph.position(id));
            ancestry.records.dedup();
            ancestry
        })
    }

    /// Whether the lot is this one or made of it.
    pub(super) fn is_behind(&self, lot: &LotRef) -> bool {
        self.behind.get_or_init(|| self.ancestry().lots.iter().copied().collect()).contains(lot)
    }

    /// Returns the records behind the lot that are held, sources first.
    pub(super) fn records_behind(&self) -> impl Iterator<Item = &'a Record> {
        self.ancestry().records.iter().filter_map(|id| self.graph.record(id))
    }

    /// Returns the elements whose way is asked for: named by the material, or measured.
    pub(super) fn traced_elements(&self) -> Vec<Element> {
        let lot = self.graph.lot(&self.lot);
        lot.map(|lot| traced_elements::of_lot(self.graph, &self.lot, lot)).unwrap_or_default()
    }

    /// Returns the accreditations and certificates of a party and its facilities, in the order of the graph.
    pub(super) fn papers_about(&self, subject: &PartyId) -> &[&'a Record] {
        self.papers().about.get(subject).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the records that say that a status ended or was suspended, in the order of the graph.
    pub(super) fn ends_of(&self, paper: &RecordId) -> &[(&'a Record, &'a EndStatus)] {
        self.papers().ends.get(paper).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the author of a paper is the operator, or in one group with it on the day the paper was signed.
    pub(super) fn is_tied(&self, paper: &Record, operator: &PartyId) -> bool {
        let on = Period::day(paper.signed_at.day());
        paper.author == *operator || Ties::new(self.graph).between(&paper.author, operator, &on).is_some()
    }

    /// Returns every waiver that was not taken back, in the order of the graph.
    pub(super) fn waivers(&self) -> &[(&'a Record, &'a Waive)] {
        &self.papers().waivers
    }

    /// Returns the screenings against lists that name a party, in the order of the graph.
    pub(super) fn screenings_of(&self, party: &PartyId) -> &[(&'a Record, &'a RegisterDocument)] {
        self.papers().screenings.get(party).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the last record held of a party's chain.
    pub(super) fn last_record(&self, party: &PartyId) -> Option<&'a Record> {
        self.papers().last.get(party).copied()
    }

    fn papers(&self) -> &Papers<'a> {
        self.papers.get_or_init(|| Papers::of(self.graph))
    }

    /// Returns the elements that the lot surely holds.
    pub(super) fn surely_held(&self) -> &[Element] {
        self.surely_held.get_or_init(|| {
            let Some(lot) = self.graph.lot(&self.lot) else { return Vec::new() };
            let all = (1..=118).filter_map(Element::from_number);
            all.filter(|element| assay::carries(self.graph, &self.lot, lot, *element) == Carries::Yes)
                .collect()
        })
    }

    /// Returns everybody behind the lot; see [`people::behind`].
    pub(super) fn people(&self, issuers_of: &[DocumentKind]) -> Rc<Vec<Person<'a>>> {
        if let Some(people) = self.people.borrow().get(issuers_of) {
            return Rc::clone(people);
        }
        let people = Rc::new(people::behind(self, issuers_of));
        self.people.borrow_mut().insert(issuers_of.to_vec(), Rc::clone(&people));
        people
    }

    /// Returns every element that tells where the lot is from; see the page of `forbid_touch`, "All elements".
    pub(super) fn all_elements(&self) -> Vec<Element> {
        let all = || (1..=118).filter_map(Element::from_number);
        let lots = self.ancestry().lots.iter().filter_map(|lot| self.graph.lot(lot));
        let codes: BTreeSet<&Material> = lots.map(|lot| &lot.material).collect();
        let mut named: BTreeSet<Element> = codes.into_iter().flat_map(Material::named).collect();
        named.extend(self.surely_held());
        named.retain(|element| self.holds(*element));
        let from_reagents = |one: &Element| REAGENTS.contains(&one.symbol());
        if named.iter().any(|one| !from_reagents(one)) {
            named.retain(|one| !from_reagents(one));
        }
        if named.is_empty() {
            // Of goods that name nothing each element has the same way: one of each class is enough.
            let classes = all().filter(|one| CLASSES.contains(&one.symbol()));
            named.extend(classes.filter(|one| self.holds(*one)));
        }
        if named.is_empty() {
            named.extend(all().filter(|one| self.holds(*one)));
        }
        named.into_iter().collect()
    }

    /// Whether every way the lot can be made up goes through a record: along parcels and pools that lead to it,
    /// or by at least one element that the lot surely holds.
    ///
    /// Records of one place are told apart: of two melts of one furnace a bag need not have come through either.
    pub(super) fn surely_through(&self, record: &RecordId) -> bool {
        if self.certain.get_or_init(|| pools::along_pools(self.graph, self.lot)).contains(record) {
            return true;
        }
        if let Some(known) = self.surely.borrow().get(record) {
            return *known;
        }
        let of_record = |touch: &Touch| touch.record == *record;
        let mut held = self.surely_held().iter();
        let surely = held.any(|one| self.joint_presence(*one, of_record) == Some(Presence::Certain));
        self.surely.borrow_mut().insert(*record, surely);
        surely
    }
}
