//! The reader's screen: what the evidence establishes about a lot, what it contradicts, what it leaves open.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use super::{findings, origin, rules};
use crate::custody::names;
use crate::custody::touch::Grade;
use crate::hash::{Hash, PartyId};
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::verify::{
    ChainLine, ControlList, ElementLine, Established, GapLine, GapState, LotReport, OriginLine, PartKind,
    PartReport, Report, View,
};

/// Parts whose tables of countries a page shows; JSON has them all.
const TABLES: usize = 8;
/// Acts that would close gaps, which a page lists; JSON has them all.
const GAPS: usize = 12;
/// Parties that a page names for one of them.
const NAMED: usize = 3;
/// Countries of an element that a page names; JSON has them all.
const COUNTRIES: usize = 6;

/// A report, and what things in it are called.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct VerifyScreen {
    report: Report,
    #[serde(skip)]
    known: Known,
}

impl VerifyScreen {
    /// Returns the screen of a report.
    pub fn new(report: Report, known: Known) -> Self {
        Self { report, known }
    }

    /// Returns the report.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl Screen for VerifyScreen {
    const NAME: &'static str = "report";

    fn json(&self) -> String {
        crate::text::to_json(&self.report)
    }

    fn write(&self, page: &mut Page) {
        head(page, &self.report);
        for lot in &self.report.lots {
            self.lot(page, lot);
        }
        self.scope(page);
        self.judged_with(page);
    }
}

/// Says what was asked and what the answers mean.
pub fn head(page: &mut Page, report: &Report) {
    page.heading(&format!("What these records establish, judged for {}", report.as_of));
    page.line(0, "pass: nothing in the records examined contradicts it, and no link it needs is missing");
    page.line(0, "fail: the records, if true, do not meet it, or cannot all be true");
    page.line(0, "unknown, withheld: evidence is missing, or was kept from you");
    if let Some(day) = report.known_at_claimed {
        page.line(0, &format!("Looked at is only what was signed by the end of {day}, as its authors claim; they may claim an earlier day than the true one."));
    }
    page.line(0, "Whether what the records state is physically true is not tested, and no verdict is a legal conclusion.");
}

impl VerifyScreen {
    /// Writes verdicts, nodes and timeline of the lots asked for.
    pub fn write_for_demo(&self, page: &mut Page) {
        head(page, &self.report);
        for lot in &self.report.lots {
            self.verdicts(page, lot);
        }
    }

    /// Writes what no verdict says of the lots asked for.
    pub fn write_not_established(&self, page: &mut Page) {
        for lot in &self.report.lots {
            not_established(page, lot);
        }
    }

    fn lot(&self, page: &mut Page, lot: &LotReport) {
        self.verdicts(page, lot);
        if !lot.elements.is_empty() {
            self.elements(page, &lot.elements);
        }
        if !lot.origins.is_empty() {
            origins(page, &lot.origins, &self.known);
        }
        if !lot.findings.is_empty() {
            page.heading("Findings");
            findings::write(page, &lot.findings);
        }
        not_established(page, lot);
    }

    fn verdicts(&self, page: &mut Page, lot: &LotReport) {
        let style = page.style();
        let called =
            Called { id: lot.lot, name: lot.label.clone().or_else(|| self.known.lot(&lot.lot).name) };
        let on = self.attested(&lot.attested_by, lot.verdict);
        page.heading(&format!("Lot {}: {}{on}", called.text(style), words(lot.verdict)));
        let mut what: Vec<String> = Vec::new();
        what.push(lot.mass.map_or_else(|| "mass withheld".to_owned(), |mass| mass.to_string()));
        what.extend(lot.material.as_ref().map(ToString::to_string));
        what.extend(lot.holder.as_ref().map(|party| format!("held by {}", self.party(party, style))));
        what.push(format!("rests on {}", names::count(lot.records, "record")));
        page.line(2, &what.join(", "));
        views(page, &lot.views);
        page.heading(&format!("Verdicts for {}", self.report.as_of));
        verdict_line(page, lot.integrity, "integrity: hashes, signatures and chains");
        let on = self.attested(&lot.attested_by, lot.custody);
        let about = format!("custody: handovers, stretches, places and the way of each element{on}");
        verdict_line(page, lot.custody, &about);
        if lot.custody > Verdict::Pass && !lot.established.is_empty() {
            page.hanging("            ", "            ", &established(&lot.established));
        }
        rules::verdicts(page, &lot.rules, &|by, verdict| self.attested(by, verdict));
        self.gaps(page, &lot.gaps);
        if !lot.nodes.elements.is_empty() {
            rules::nodes(page, &lot.nodes);
        }
        self.parts(page, &lot.parts);
        rules::timeline(page, &lot.timeline);
    }

    /// Writes what would close the gaps, and who could be asked.
    fn gaps(&self, page: &mut Page, gaps: &[GapLine]) {
        if gaps.is_empty() {
            return;
        }
        page.heading("What would close the gaps");
        for gap in gaps.iter().take(GAPS) {
            let state = match gap.state {
                GapState::Withheld => "withheld",
                GapState::Unknown => "unknown",
                GapState::OutOfScope => "out of scope",
            };
            // By name: ids come in an order that says nothing to people.
            let mut asked: Vec<String> =
                gap.parties.iter().map(|party| self.party(party, page.style())).collect();
            asked.sort();
            asked.truncate(NAMED);
            let asked = match gap.parties.len().saturating_sub(NAMED) {
                _ if asked.is_empty() => String::new(),
                0 => format!("; records of {}", asked.join(", ")),
                more => format!("; records of {} and {more} more", asked.join(", ")),
            };
            let rules = match &gap.rules[..] {
                [only] => only.clone(),
                many => format!("{} rules", many.len()),
            };
            page.hanging(&format!("  {state:<12} "), "    ", &format!("{} ({rules}{asked})", gap.resolve));
        }
        if gaps.len() > GAPS {
            page.line(2, &format!("and {} more, listed with `--format json`", gaps.len() - GAPS));
        }
    }

    /// Writes each part with what it went into, how much, and what is established of it.
    fn parts(&self, page: &mut Page, parts: &[PartReport]) {
        if parts.is_empty() {
            return;
        }
        let style = page.style();
        page.heading("Parts, each judged as a lot of its own");
        let mut rows =
            vec![["part", "is", "went into", "mass", "pieces", "verdict"].map(str::to_owned).to_vec()];
        let named = |lot: &LotRef, label: &Option<String>| {
            let name = label.clone().or_else(|| self.known.lot(lot).name);
            Called { id: *lot, name }.text(style)
        };
        for part in parts {
            for (at, into) in part.into.iter().enumerate() {
                let indent = "  ".repeat(part.depth.saturating_sub(1).min(8));
                let name = match &part.lot {
                    Some(lot) => named(lot, &part.label),
                    None => part.label.clone().unwrap_or_default(),
                };
                let is = match part.what {
                    PartKind::Assembly => "of parts itself".to_owned(),
                    PartKind::Addition => "added, no lot".to_owned(),
                    PartKind::Withheld => String::new(),
                    PartKind::Lot => part.material.as_ref().map(ToString::to_string).unwrap_or_default(),
                };
                let perhaps = if into.perhaps { " (or one beside it)" } else { "" };
                rows.push(vec![
                    format!("{indent}{name}"),
                    is,
                    format!("{}{perhaps}", named(&into.lot, &into.label)),
                    into.mass.map(|mass| mass.to_string()).unwrap_or_default(),
                    into.pieces.map(|pieces| pieces.to_string()).unwrap_or_default(),
                    if at == 0 { words(part.verdict) } else { "as above".to_owned() },
                ]);
            }
        }
        page.table(2, &[Lean::Left, Lean::Left, Lean::Left, Lean::Right, Lean::Right, Lean::Left], &rows);
        for part in parts.iter().filter(|part| part.what != PartKind::Assembly) {
            if let Some(reason) = &part.reason {
                let name =
                    part.label.clone().unwrap_or_else(|| part.lot.map(|lot| lot.short()).unwrap_or_default());
                page.hanging(&format!("  {name}: "), "    ", reason);
            }
        }
        let tables = parts.iter().filter(|part| !part.nodes.elements.is_empty());
        for part in tables.clone().take(TABLES) {
            let name = part.label.clone().unwrap_or_else(|| part.nodes.lot.short());
            page.heading(&format!("Part {name}"));
            rules::nodes(page, &part.nodes);
        }
        let more = tables.count().saturating_sub(TABLES);
        if more > 0 {
            page.line(2, &format!("and the tables of {more} more parts, listed with `--format json`"));
        }
    }

    fn elements(&self, page: &mut Page, elements: &[ElementLine]) {
        page.heading("The way of each element");
        let mut rows =
            vec![["element", "way", "weakest evidence", "sources", "open"].map(str::to_owned).to_vec()];
        for line in elements {
            rows.push(vec![
                line.element.symbol().to_owned(),
                format!("{}{}", words(line.verdict), self.attested(&line.attested_by, line.verdict)),
                grade(line.grade).to_owned(),
                line.origins.len().to_string(),
                line.open.join("; "),
            ]);
        }
        page.table(2, &[Lean::Left, Lean::Left, Lean::Left, Lean::Right, Lean::Left], &rows);
    }

    /// Writes findings about everything.
    pub fn whole(&self, page: &mut Page) {
        page.heading(&format!("Everything held: {}", words(self.report.verdict)));
        match self.report.findings.is_empty() {
            true => page.line(2, "no findings"),
            false => findings::write(page, &self.report.findings),
        }
    }

    /// Writes which chains were examined, and how far.
    pub fn scope(&self, page: &mut Page) {
        let style = page.style();
        page.heading("Chains examined");
        let mut rows =
            vec![["party", "records", "last record claims", "checkpoint"].map(str::to_owned).to_vec()];
        // By name, since ids come in an order that says nothing to people.
        let mut chains: Vec<_> = self.report.chains.iter().collect();
        chains.sort_by_key(|chain| self.party(&chain.line.party, style));
        for chain in chains {
            let missing = chain.line.missing.len();
            let gaps = if missing == 0 { String::new() } else { format!(", {missing} gaps") };
            rows.push(vec![
                self.party(&chain.line.party, style),
                format!("{}{gaps}", chain.line.records),
                chain.line.last_signed_at.day().to_string(),
                checkpoint(chain),
            ]);
        }
        page.table(2, &[Lean::Left, Lean::Right, Lean::Left, Lean::Left], &rows);
        self.freshness(page);
        for refused in &self.report.refused {
            page.line(2, &format!("not used: {}: {}", refused.source, refused.why));
        }
    }

    /// Writes how new each log is, the oldest first; nothing where no checkpoint was seen.
    fn freshness(&self, page: &mut Page) {
        let style = page.style();
        let mut logs: Vec<_> = self
            .report
            .chains
            .iter()
            .filter_map(|chain| Some((chain, chain.checkpoint.as_ref()?)))
            .map(|(chain, log)| {
                let seen = log.witnesses.iter().map(|witness| witness.seen_at).max();
                (seen.max(log.last_signed_at), self.party(&chain.line.party, style), log)
            })
            .collect();
        if logs.is_empty() {
            return;
        }
        logs.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        page.heading("How new each log is, the oldest first");
        let mut rows = vec![
            ["party", "as of", "last record claims", "seen by", "control list"].map(str::to_owned).to_vec(),
        ];
        for (newest, party, log) in logs {
            let day = |time: Option<crate::model::time::Timestamp>| {
                time.map_or_else(|| "not held".to_owned(), |time| time.day().to_string())
            };
            let seen = log.witnesses.iter().map(|one| format!("{} {}", one.name, one.seen_at.day()));
            let seen: Vec<String> = seen.collect();
            rows.push(vec![
                party,
                day(newest),
                day(log.last_signed_at),
                if seen.is_empty() { "no witness you know".to_owned() } else { seen.join(", ") },
                match log.control_list {
                    ControlList::Whole => "whole".to_owned(),
                    ControlList::Open => "not whole".to_owned(),
                },
            ]);
        }
        page.table(2, &[Lean::Left; 5], &rows);
    }

    /// Writes what of the reader's own went into the verdicts.
    fn judged_with(&self, page: &mut Page) {
        page.heading("Judged with");
        let file = |hash: &Option<Hash>| {
            hash.map_or_else(|| "none".to_owned(), |hash| hash.to_hex()[..16].to_owned())
        };
        page.line(
            2,
            &format!(
                "trust file: {}; case file: {}",
                file(&self.report.trust_hash),
                file(&self.report.case_hash)
            ),
        );
        page.line(
            2,
            &format!("constants and bands of the balance: {}", &self.report.bands_hash.to_hex()[..16]),
        );
        for pack in &self.report.packs {
            page.line(
                2,
                &format!(
                    "pack {} version {} ({}), text {}, reviewer {}: {}",
                    pack.id,
                    pack.version,
                    &pack.hash.to_hex()[..16],
                    pack.status,
                    pack.reviewer,
                    pack.texts.join("; ")
                ),
            );
        }
    }

    /// Says on whose attestation a verdict rests that says that nothing is wrong; nothing where it rests on records.
    fn attested(&self, by: &[PartyId], verdict: Verdict) -> String {
        if by.is_empty() || !matches!(verdict, Verdict::Pass | Verdict::Waived) {
            return String::new();
        }
        let mut names: Vec<String> =
            by.iter().map(|party| self.party(party, super::page::Style::default())).collect();
        names.sort();
        format!(" on attestation by {}", names.join(", "))
    }

    fn party(&self, id: &PartyId, style: super::page::Style) -> String {
        self.known.party(id).text(style)
    }
}

/// Says how far the log of a chain is held.
pub(super) fn checkpoint(chain: &ChainLine) -> String {
    match &chain.checkpoint {
        None => "no checkpoint seen".to_owned(),
        Some(log) => format!("checkpoint of {}", names::count(log.size as usize, "record")),
    }
}

/// Says how much of each element stands: rounded down to the percent, elements of one figure together.
fn established(all: &[Established]) -> String {
    let percent = |one: &Established| one.share.ppb() / 10_000_000;
    let groups = all.chunk_by(|one, next| percent(one) == percent(next)).map(|group| {
        let elements: Vec<&str> = group.iter().map(|one| one.element.symbol()).collect();
        format!("{} % of {}", percent(&group[0]), elements.join(", "))
    });
    format!("established for {}", groups.collect::<Vec<_>>().join("; for "))
}

/// Writes what each statement of corrected records leads to, where several count.
fn views(page: &mut Page, views: &[View]) {
    if views.is_empty() {
        return;
    }
    page.heading(
        "It rests on a corrected record: both statements count until those who rest on it take note",
    );
    for view in views {
        let mut said = vec![format!("custody {}", words(view.custody))];
        let rules = view.rules.iter().map(|one| format!("{}/{} {}", one.pack, one.rule, words(one.verdict)));
        said.extend(rules);
        page.hanging(
            &format!("  {:<9} ", words(view.verdict)),
            &" ".repeat(12),
            &format!("{} the correction: {}", view.view, said.join(", ")),
        );
    }
}

/// Writes from which countries each element came, a line for each.
fn origins(page: &mut Page, lines: &[OriginLine], known: &Known) {
    page.heading("From where, by country (`origin` shows evidence, records and other stages)");
    for line in lines {
        let mut parts: Vec<String> = Vec::new();
        for one in line.from.iter().take(COUNTRIES) {
            parts.push(format!("{} {}", origin::group_name(&one.place, known), origin::words(one.share)));
        }
        if line.from.len() > COUNTRIES {
            parts.push(format!("{} more", line.from.len() - COUNTRIES));
        }
        if !origin::is_next_to_nothing(line.unknown.high) || parts.is_empty() {
            parts.push(format!("not known {}", origin::words(line.unknown)));
        }
        page.hanging(&format!("  {:<3}", line.element.symbol()), "     ", &parts.join(", "));
    }
}

/// Writes what no verdict says; the ends of many chains as one paragraph.
fn not_established(page: &mut Page, lot: &LotReport) {
    page.heading("Not established");
    let end_of = |text: &'_ str| text.strip_prefix("what ")?.strip_suffix(CHAIN_END).map(str::to_owned);
    let ends: Vec<String> = lot.not_established.iter().filter_map(|text| end_of(text)).collect();
    let is_many = ends.len() > 3;
    for one in lot.not_established.iter().filter(|text| !is_many || end_of(text).is_none()) {
        page.hanging("  - ", "    ", one);
    }
    if is_many {
        let ends = ends.join("; ").replace(" recorded after", " after");
        let text = format!("what each party recorded after its last record here{CHAIN_END}: {ends}");
        page.hanging("  - ", "    ", &text);
    }
}

/// How a line about the end of a chain ends.
const CHAIN_END: &str = " (claimed; no checkpoint seen)";

/// Writes a verdict and what it is about.
pub fn verdict_line(page: &mut Page, verdict: Verdict, about: &str) {
    page.hanging(&format!("  {:<9} ", words(verdict)), &" ".repeat(12), about);
}

/// Returns a verdict as people read it.
pub fn words(verdict: Verdict) -> String {
    crate::model::coded::Coded::name(verdict).replace('_', " ")
}

/// Returns a grade of evidence as people read it.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Signed => "signed by the doer",
        Grade::Transcribed => "from a document",
        Grade::Stated => "stated only",
        Grade::Unknown => "unknown",
    }
}
