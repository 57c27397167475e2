//! A disclosure: the table of nodes of each magnet, and the reviewer's file.

use serde::Serialize;

use super::known::Known;
use super::page::{Lean, Page};
use super::rules::{self, grade};
use super::screen::Screen;
use super::verify::{verdict_line, words};
use crate::model::digits;
use crate::model::party::Identifier;
use crate::rules::NodeCell;
use crate::verify::{Disclosure, Item, Maker, StepLine};

/// A disclosure, and what things in it are called.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct DiscloseScreen {
    disclosure: Disclosure,
    #[serde(skip)]
    known: Known,
    #[serde(skip)]
    is_for_reviewer: bool,
}

impl DiscloseScreen {
    /// Returns the screen of a disclosure: the tables, or all that a reviewer files.
    pub fn new(disclosure: Disclosure, known: Known, is_for_reviewer: bool) -> Self {
        Self { disclosure, known, is_for_reviewer }
    }

    /// Returns the tables of nodes as CSV: a line for each place, or for what is open, of each node and element.
    pub fn csv(&self) -> String {
        let head = [
            "lot",
            "part_number",
            "element",
            "node",
            "state",
            "place",
            "grade",
            "presence",
            "records",
            "open",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for item in &self.disclosure.items {
            for row in &item.nodes.rows {
                for cell in &row.cells {
                    self.csv_cell(item, &row.node.name, cell, &mut rows);
                }
            }
        }
        crate::text::to_csv(rows)
    }

    fn csv_cell(&self, item: &Item, node: &str, cell: &NodeCell, rows: &mut Vec<Vec<String>>) {
        let lot = item.label.clone().unwrap_or_else(|| item.lot.to_string());
        let part = item.part_number.clone().unwrap_or_default();
        let opening = [lot, part, cell.element.symbol().to_owned(), node.to_owned(), cell.state.to_string()];
        let row = |rest: [String; 5]| opening.iter().cloned().chain(rest).collect::<Vec<String>>();
        for place in &cell.places {
            let records: Vec<String> = place.records.iter().map(|id| id.to_hex()).collect();
            let presence = format!("{:?}", place.presence).to_lowercase();
            let grade = grade(place.grade).to_owned();
            rows.push(row([place.place.to_string(), grade, presence, records.join(" "), String::new()]));
        }
        for open in &cell.open {
            let records: Vec<String> = open.records.iter().map(|id| id.to_hex()).collect();
            let none = String::new;
            rows.push(row([none(), none(), none(), records.join(" "), open.text.clone()]));
        }
        if cell.places.is_empty() && cell.open.is_empty() {
            rows.push(row(Default::default()));
        }
    }

    fn item(&self, page: &mut Page, item: &Item) {
        let name = item.label.clone().unwrap_or_else(|| item.lot.short());
        let part = item.part_number.as_ref().map(|part| format!("part {part}, ")).unwrap_or_default();
        page.heading(&format!("{part}lot {name}: {}", words(item.verdict)));
        let mut what: Vec<String> = item.material.iter().cloned().collect();
        what.extend(item.grade.as_ref().map(|grade| format!("grade {grade}")));
        what.extend(item.mass.map(|mass| mass.to_string()));
        what.extend(item.pieces.map(|pieces| format!("{pieces} pieces")));
        page.line(2, &what.join(", "));
        match item.nodes.elements.is_empty() {
            true => page.line(2, "the lot can hold none of the elements that a disclosure asks for"),
            false => rules::nodes(page, &item.nodes),
        }
        if self.is_for_reviewer {
            for_reviewer(page, item);
        } else {
            let reasons = item.rules.iter().flat_map(|rule| &rule.reasons);
            let mut open: Vec<&str> = reasons.filter_map(|reason| reason.resolve.as_deref()).collect();
            open.sort_unstable();
            open.dedup();
            for open in open {
                page.hanging("  to resolve: ", "    ", open);
            }
        }
    }
}

impl Screen for DiscloseScreen {
    const NAME: &'static str = "disclosure";

    fn json(&self) -> String {
        crate::text::to_json(&self.disclosure)
    }

    fn write(&self, page: &mut Page) {
        let asked = &self.disclosure;
        page.heading(&format!(
            "Where the magnets are from, as these records state it, judged for {}",
            asked.as_of
        ));
        page.hanging("", "", asked.means);
        page.line(0, "Not legal advice, and no certificate.");
        if let Some(day) = asked.known_at_claimed {
            page.line(
                0,
                &format!("Looked at is only what was signed by the end of {day}, as its authors claim."),
            );
        }
        if self.is_for_reviewer {
            self.write_case(page);
        }
        for item in &asked.items {
            self.item(page, item);
        }
        if self.is_for_reviewer {
            self.write_law(page);
            self.write_scope(page);
        }
        page.heading("Not established");
        for line in &asked.not_established {
            page.hanging("  - ", "    ", line);
        }
    }
}

impl DiscloseScreen {
    fn write_case(&self, page: &mut Page) {
        page.heading("The purchase, by the buyer's own case file");
        let Some(case) = &self.disclosure.case else {
            page.line(2, "no case file: contract, item and day of delivery are not stated");
            return;
        };
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            rows.extend(value.map(|value| vec![name.to_owned(), value]));
        };
        add("contract", case.contract.clone());
        add("day of the contract", case.contract_date.map(|day| day.to_string()));
        add("clause", case.clause.clone());
        add("edition of the clause", case.clause_version.clone());
        add("delivery to the final customer", case.delivery.map(|day| day.to_string()));
        add("end item", case.item.clone());
        add("part numbers", Some(case.part_numbers.join(", ")).filter(|text| !text.is_empty()));
        add("NSN", case.nsn.clone());
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        add("off-the-shelf item", case.cots.map(yes));
        add("electronic device", case.electronic.map(yes));
        add("bought and used outside the United States", case.outside_us.map(yes));
        add("price", case.price.map(|price| price.to_string()));
        add("end item made in", case.end_item_made_in.as_ref().map(|place| place.to_string()));
        add("form of the end item", case.end_item_form.map(|form| form.to_string()));
        add("class of the end item", case.item_class.map(|class| class.to_string()));
        let weights = &case.weights;
        add("weight of the end item", weights.end_item.map(|mass| mass.to_string()));
        add("covered material in it", weights.covered_material.map(|mass| mass.to_string()));
        add("magnets in it", weights.magnets.map(|mass| mass.to_string()));
        add("tungsten in it", weights.tungsten.map(|mass| mass.to_string()));
        add("receipt asked about", case.receipt.clone());
        add("exceptions claimed", Some(case.exceptions.join(", ")).filter(|text| !text.is_empty()));
        let chosen = case.settings.iter().map(|(name, reading)| format!("{name} = {reading}"));
        let chosen: Vec<String> = chosen.collect();
        add("readings chosen", Some(chosen.join(", ")).filter(|text| !text.is_empty()));
        page.table(2, &[Lean::Left; 2], &rows);
        page.heading("Questions put to suppliers");
        if case.inquiries.is_empty() {
            page.line(2, "none are noted in the case file");
        }
        for inquiry in &case.inquiries {
            let answer = inquiry.answer.as_deref().unwrap_or("no answer");
            page.hanging(
                "  - ",
                "    ",
                &format!("{}, {}: {}: {answer}", inquiry.on, inquiry.asked, inquiry.about),
            );
        }
    }

    fn write_law(&self, page: &mut Page) {
        page.heading("Texts");
        for pack in &self.disclosure.packs {
            let hash = &pack.hash.to_hex()[..16];
            let line = format!(
                "{} version {} ({hash}), text {}, reviewer {}: {}",
                pack.id,
                pack.version,
                pack.status,
                pack.reviewer,
                pack.texts.join("; ")
            );
            page.hanging("  - ", "    ", &line);
        }
        let short = |hash: Option<crate::hash::Hash>| match hash {
            Some(hash) => hash.to_hex()[..16].to_owned(),
            None => "none".to_owned(),
        };
        let asked = &self.disclosure;
        page.line(
            2,
            &format!(
                "trust file {}, case file {}, bands {}",
                short(asked.trust_hash),
                short(asked.case_hash),
                short(Some(asked.bands_hash))
            ),
        );
    }

    fn write_scope(&self, page: &mut Page) {
        page.heading("What was examined");
        let mut lines: Vec<String> = Vec::new();
        for chain in &self.disclosure.chains {
            let name =
                chain.name.clone().unwrap_or_else(|| self.known.party(&chain.line.party).text(page.style()));
            let whole = if chain.line.faults.is_empty() { "without a gap" } else { "with gaps or faults" };
            let checkpoint = super::verify::checkpoint(chain);
            lines.push(format!("{name}: up to record {}, {whole}; {checkpoint}", chain.line.last_seq));
        }
        lines.sort();
        for line in lines {
            page.hanging("  - ", "    ", &line);
        }
    }
}

fn for_reviewer(page: &mut Page, item: &Item) {
    page.heading("How each element is covered, where it began");
    let mut rows = vec![["element", "signed", "document", "stated", "unknown"].map(str::to_owned).to_vec()];
    for line in &item.elements {
        let share = |wanted: &str| {
            let found = line.by_grade.iter().find(|(of, _)| grade(*of) == wanted);
            found.map_or_else(|| "0 %".to_owned(), |(_, share)| digits::percent(*share))
        };
        let unknown = digits::percent(line.unknown);
        rows.push(vec![
            line.element.symbol().to_owned(),
            share("signed"),
            share("document"),
            share("stated"),
            unknown,
        ]);
    }
    page.table(2, &[Lean::Left; 5], &rows);
    page.heading("Each step, and who did it");
    for step in &item.steps {
        write_step(page, step);
    }
    page.heading("Verdicts");
    let (reached, other) = rules::by_reach(&item.rules);
    for rule in reached {
        verdict_line(page, rule.verdict, &format!("{} {}: no {}", rule.pack, rule.rule, rule.title));
        page.line(12, &format!("{}, for {}, reviewer {}", rule.clause, rule.as_of, rule.reviewer));
        for reason in &rule.reasons {
            page.hanging("            - ", "              ", &reason.text);
        }
        for note in &rule.notes {
            page.hanging("            note: ", "              ", note);
        }
    }
    rules::not_reached(page, &item.rules, &other);
    if let Some(timeline) = &item.timeline {
        rules::timeline(page, timeline);
    }
}

fn write_step(page: &mut Page, step: &StepLine) {
    let elements: Vec<&str> = step.elements.iter().map(|element| element.symbol()).collect();
    let place = step.place.map_or_else(|| "place not known".to_owned(), |place| place.to_string());
    let when = match step.period {
        Some(period) if period.first == period.last => format!(", {}", period.first),
        Some(period) => format!(", {}..{}", period.first, period.last),
        None => ", day not shown".to_owned(),
    };
    page.hanging(
        "  - ",
        "    ",
        &format!(
            "{} {} ({}){when}: {place}, {}",
            step.stage,
            step.process,
            elements.join(" "),
            grade(step.grade)
        ),
    );
    if let Some(facility) = &step.facility {
        page.hanging("    at ", "      ", &format!("{facility}{}", numbers(&step.facility_numbers)));
    }
    page.hanging("    by ", "      ", &maker(&step.maker));
    if let Some(document) = &step.document {
        page.line(4, &format!("document SHA-256 {}", document.to_hex()));
    }
    page.line(4, &format!("record {}", step.record.to_hex()));
}

fn maker(maker: &Maker) -> String {
    let mut text = maker.name.clone().unwrap_or_else(|| match maker.is_withheld {
        true => "a name that is withheld".to_owned(),
        false => "nobody named".to_owned(),
    });
    if let Some(address) = &maker.address {
        text.push_str(&format!(", {address}"));
    }
    text.push_str(&numbers(&maker.numbers));
    if maker.is_withheld && maker.name.is_some() {
        text.push_str(", some of it withheld");
    }
    text
}

fn numbers(numbers: &[Identifier]) -> String {
    numbers.iter().map(|one| format!(", {} {}", one.scheme, one.number)).collect()
}
