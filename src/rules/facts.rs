//! What rules ask about one lot, looked up once for all of them.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::implied::{self, Makes, Missing};
use super::judge::Input;
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::ancestry::{self, Ancestry};
use crate::custody::assay;
use crate::custody::assembly::Later;
use crate::custody::graph::{self, Graph};
use crate::custody::place;
use crate::custody::ties::Ties;
use crate::custody::touch::{self, ElementPath, Presence, Touch};
use crate::custody::traced_elements;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::element::Element;
use crate::model::event::{Body, EndStatus, Waive};
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::origin::traced::Traced;
use crate::trust::{Case, Trust};

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
    paths: RefCell<HashMap<Element, Rc<ElementPath>>>,
    /// Stages that nothing places, by element and by whether collection for recycling counts as the beginning.
    missing: RefCell<HashMap<(Element, bool), AllMissing>>,
    ancestry: OnceCell<Ancestry>,
    certain: OnceCell<BTreeSet<RecordId>>,
    papers: OnceCell<Papers<'a>>,
    bands: &'a Bands,
    contents: OnceCell<Contents<'a>>,
    /// The buyer's facts.
    pub(super) case: Option<&'a Case>,
    behind: OnceCell<HashSet<LotRef>>,
    /// What is found about the lot's custody whatever any pack says.
    pub(super) findings: &'a [Finding],
}

/// All that is missing on the way of one element.
type AllMissing = Rc<Vec<Missing>>;

/// Papers of all parties, by what they are about.
#[derive(Default)]
struct Papers<'a> {
    about: HashMap<PartyId, Vec<&'a Record>>,
    ends: HashMap<RecordId, Vec<(&'a Record, &'a EndStatus)>>,
    last: HashMap<PartyId, &'a Record>,
    waivers: Vec<(&'a Record, &'a Waive)>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        Self {
            graph: input.graph,
            lot: input.lot,
            trust: input.trust,
            claimed: input.claimed,
            makes: Makes::default(),
            later: input.later,
            paths: RefCell::default(),
            missing: RefCell::default(),
            ancestry: OnceCell::new(),
            certain: OnceCell::new(),
            papers: OnceCell::new(),
            bands: input.bands,
            contents: OnceCell::new(),
            case: input.as_of.case,
            behind: OnceCell::new(),
            findings: input.findings,
        }
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

    /// Returns the elements that the lot surely holds.
    fn surely_holds(&self) -> Vec<Element> {
        let Some(lot) = self.graph.lot(&self.lot) else { return Vec::new() };
        let all = (1..=118).filter_map(Element::from_number);
        all.filter(|element| assay::carries(self.graph, &self.lot, lot, *element) == Carries::Yes).collect()
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

    /// Returns the last record held of a party's chain.
    pub(super) fn last_record(&self, party: &PartyId) -> Option<&'a Record> {
        self.papers().last.get(party).copied()
    }

    fn papers(&self) -> &Papers<'a> {
        self.papers.get_or_init(|| {
            let mut papers = Papers::default();
            for record in self.graph.records() {
                let last = papers.last.entry(record.author).or_insert(record);
                if (last.epoch, last.seq) < (record.epoch, record.seq) {
                    *last = record;
                }
                // What stands in another's name is no word of its author's own.
                let own_word = place::behalf(record).is_none();
                match &record.event.body {
                    Body::Accredit(_) | Body::Certify(_) | Body::Waive(_) if !own_word => {}
                    Body::Accredit(one) => papers.about.entry(one.subject).or_default().push(record),
                    Body::Certify(one) => papers.about.entry(one.subject).or_default().push(record),
                    Body::Waive(one) if self.graph.withdrawn(&record.id).is_none() => {
                        papers.waivers.push((record, one));
                    }
                    Body::WithdrawAccreditation(end) | Body::SuspendCertificate(end) => {
                        papers.ends.entry(end.target).or_default().push((record, end));
                    }
                    _ => {}
                }
            }
            papers
        })
    }

    /// Returns the records that the lot surely went through: by at least one element it surely holds, or since
    /// it was made by them out of a single lot each time, whatever it holds.
    pub(super) fn certain_records(&self) -> &BTreeSet<RecordId> {
        self.certain.get_or_init(|| {
            let mut records = BTreeSet::new();
            for element in self.surely_holds() {
                let path = self.path(element);
                let certain = path.touches.iter().filter(|touch| touch.presence == Presence::Certain);
                records.extend(certain.map(|touch| touch.record));
            }
            records.extend(self.single_way());
            records
        })
    }

    /// Returns the records by which the lot was made as long as each had one input alone, itself first.
    fn single_way(&self) -> Vec<RecordId> {
        let mut way = Vec::new();
        let mut at = Some(self.lot);
        while let Some(record) = at.and_then(|lot| self.graph.creator(&lot)) {
            way.push(record.id);
            let inputs = graph::inputs(record);
            at = match record.event.body.is_pairwise() {
                true => at.and_then(|lot| inputs.get(lot.index as usize)).map(|input| input.lot),
                // Of several parts none alone is what the thing is.
                false
                    if inputs.len() == 1
                        && self.graph.recovered(&at.expect("the loop has a lot")).is_empty() =>
                {
                    Some(inputs[0].lot)
                }
                false => None,
            };
            // A ring, which hashes rule out, would come back to a record.
            if way.len() > self.graph.records().len() {
                break;
            }
        }
        way
    }
}
