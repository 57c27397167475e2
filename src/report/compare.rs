//! What two hold, side by side, and what contradicts itself once both are joined.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use serde::Serialize;

use super::chain::about;
use super::known::{Called, Known};
use super::page::{Lean, Page, Style};
use super::screen::Screen;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::time::Timestamp;
use crate::verify::{ChainPair, Comparison, Contradiction, Portable, Refused, Side, What};

/// Records and lots of one side that a page lists; JSON has them all.
const LISTED: usize = 20;

/// A comparison, with the proofs that were written.
#[derive(Clone, Debug, Serialize)]
pub struct CompareScreen {
    a: Holder,
    b: Holder,
    /// Records that both hold.
    shared: usize,
    contradictions: Vec<ContradictionLine>,
    chains: Vec<ChainLine>,
    refused: Vec<Refused>,
}

/// One of the two.
#[derive(Clone, Debug, Serialize)]
struct Holder {
    source: String,
    records: usize,
    only: Vec<RecordLine>,
    only_lots: Vec<Called<LotRef>>,
}

#[derive(Clone, Debug, Serialize)]
struct ChainLine {
    party: Called<PartyId>,
    epoch: u16,
    only_a: usize,
    only_b: usize,
    both: usize,
    last_a: Option<u64>,
    last_b: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
struct RecordLine {
    party: Called<PartyId>,
    seq: u64,
    id: RecordId,
    kind: Kind,
    signed_at: Timestamp,
    /// What it is about besides its lots, in a few words.
    about: String,
    lots: Vec<Called<LotRef>>,
    held_by: Side,
}

#[derive(Clone, Debug, Serialize)]
struct ContradictionLine {
    what: String,
    parties: Vec<Called<PartyId>>,
    lots: Vec<Called<LotRef>>,
    records: Vec<RecordLine>,
    message: String,
    shown_by: Side,
    /// Whether a proof can be made.
    provable: bool,
    /// The file it was written to.
    proof: Option<PathBuf>,
    /// Whether records that neither holds may resolve it.
    open: bool,
    /// Why there is no proof, where one would be expected.
    no_proof: Option<String>,
}

impl CompareScreen {
    /// Returns the screen of a comparison of two sources.
    ///
    /// `written` says of each contradiction, in order, the file its proof was written to.
    pub fn new(
        sources: [String; 2],
        comparison: &Comparison,
        written: &[Option<PathBuf>],
        known: &Known,
    ) -> Self {
        let sides = comparison.records.iter().map(|(side, id)| (*id, *side)).collect();
        let lines = Lines { comparison, known, sides };
        let [a, b] = sources;
        // By name: ids come in an order that says nothing to people.
        let mut chains: Vec<&ChainPair> = comparison.chains.iter().collect();
        chains.sort_by_key(|pair| (known.party(&pair.party).name, pair.party, pair.epoch));
        let pairs = comparison.contradictions.iter().zip(written);
        Self {
            a: lines.holder(a, Side::A),
            b: lines.holder(b, Side::B),
            shared: comparison.shared,
            contradictions: pairs.map(|(one, file)| lines.contradiction(one, file.clone())).collect(),
            chains: chains
                .iter()
                .map(|pair| ChainLine {
                    party: known.party(&pair.party),
                    epoch: pair.epoch,
                    only_a: pair.only_a,
                    only_b: pair.only_b,
                    both: pair.both,
                    last_a: pair.last_a,
                    last_b: pair.last_b,
                })
                .collect(),
            refused: comparison.joined.refused.clone(),
        }
    }
}

struct Lines<'a> {
    comparison: &'a Comparison,
    known: &'a Known,
    /// Who holds a record that not both hold.
    sides: HashMap<RecordId, Side>,
}

impl Lines<'_> {
    fn holder(&self, source: String, side: Side) -> Holder {
        let mine = self.comparison.records.iter().filter(|(of, _)| *of == side).map(|(_, id)| id);
        let mut only: Vec<RecordLine> = mine.filter_map(|id| self.record(id)).collect();
        only.sort_by(|one, other| {
            let key = |line: &RecordLine| (line.party.name.clone(), line.party.id, line.seq, line.id);
            key(one).cmp(&key(other))
        });
        let lots = self.comparison.lots.iter().filter(|(of, _)| *of == side);
        Holder {
            source,
            records: only.len() + self.comparison.shared,
            only,
            only_lots: lots.map(|(_, lot)| self.known.lot(lot)).collect(),
        }
    }

    fn record(&self, id: &RecordId) -> Option<RecordLine> {
        let graph = &self.comparison.joined.graph;
        let record = graph.record(id)?;
        let outputs = crate::custody::graph::outputs(record).map(|(lot, _)| lot);
        let inputs = crate::custody::graph::inputs(record).iter().map(|input| input.lot);
        let mut lots: Vec<LotRef> = inputs.chain(outputs).collect();
        let mut seen = HashSet::new();
        lots.retain(|lot| seen.insert(*lot));
        Some(RecordLine {
            party: self.known.party(&record.author),
            seq: record.seq,
            id: *id,
            kind: record.kind(),
            signed_at: record.signed_at,
            about: about(record, self.known),
            lots: lots.iter().map(|lot| self.known.lot(lot)).collect(),
            held_by: self.sides.get(id).copied().unwrap_or(Side::Both),
        })
    }

    fn contradiction(&self, one: &Contradiction, file: Option<PathBuf>) -> ContradictionLine {
        let what = match one.what {
            What::Provable(kind) => kind.name().to_owned(),
            What::LogFork => "log_fork".to_owned(),
            What::Other(code) => code.to_string(),
        };
        let mut records: Vec<RecordLine> = one.records.iter().filter_map(|id| self.record(id)).collect();
        records.sort_by_key(|line| (line.seq, line.held_by, line.id));
        ContradictionLine {
            what,
            parties: one.parties.iter().map(|party| self.known.party(party)).collect(),
            lots: one.lots.iter().map(|lot| self.known.lot(lot)).collect(),
            records,
            message: one.message.clone(),
            shown_by: one.shown_by,
            provable: matches!(one.proof, Some(Ok(_))),
            proof: file,
            open: one.is_open(),
            no_proof: match &one.proof {
                Some(Err(none)) => Some(none.why.clone()),
                _ => None,
            },
        }
    }
}

/// Returns the name of the file that a proof is written to: it follows from its bytes.
pub fn proof_file_name(proof: &Portable) -> String {
    let checksum = crate::hash::sha256(&[&proof.to_bytes()]).to_hex();
    format!("{}-{}.proof", proof.name().replace('_', "-"), &checksum[..16])
}

impl Screen for CompareScreen {
    const NAME: &'static str = "compare";

    fn write(&self, page: &mut Page) {
        page.heading("What the two hold, and what contradicts itself when they are laid side by side");
        page.line(
            0,
            &format!(
                "A: {}, {}, {} of them only here",
                self.a.source,
                names::count(self.a.records, "record"),
                self.a.only.len()
            ),
        );
        page.line(
            0,
            &format!(
                "B: {}, {}, {} of them only here",
                self.b.source,
                names::count(self.b.records, "record"),
                self.b.only.len()
            ),
        );
        page.line(0, &format!("Both hold {}.", names::count(self.shared, "record")));
        page.heading("Contradictions");
        if self.contradictions.is_empty() {
            page.line(2, "none in what was read; what neither holds is not known");
        }
        for one in &self.contradictions {
            one.write(page);
        }
        if self.contradictions.iter().any(|one| one.provable && one.proof.is_none()) {
            page.line(
                2,
                "`--proofs DIR` writes each proof to a file that anyone can check with `proof check`.",
            );
        }
        self.chains(page);
        for (name, holder) in [("A", &self.a), ("B", &self.b)] {
            holder.write(page, name);
        }
        if !self.refused.is_empty() {
            page.heading("Not read");
            for one in &self.refused {
                page.line(2, &format!("{}: {}", one.source, one.why));
            }
        }
        page.heading("What this does not say");
        page.line(2, "that the parties named meant harm, or which of two statements is true; that no record exists which neither holds");
    }
}

impl CompareScreen {
    fn chains(&self, page: &mut Page) {
        page.heading("Chains");
        let style = page.style();
        let head = ["party", "only A", "only B", "both", "last in A", "last in B"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let last = |seq: Option<u64>| seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        for chain in &self.chains {
            let epoch = if chain.epoch == 0 { String::new() } else { format!(", epoch {}", chain.epoch) };
            rows.push(vec![
                format!("{}{epoch}", chain.party.text(style)),
                chain.only_a.to_string(),
                chain.only_b.to_string(),
                chain.both.to_string(),
                last(chain.last_a),
                last(chain.last_b),
            ]);
        }
        let leans = [Lean::Left, Lean::Right, Lean::Right, Lean::Right, Lean::Right, Lean::Right];
        page.table(2, &leans, &rows);
    }
}

impl ContradictionLine {
    fn write(&self, page: &mut Page) {
        let what = self.what.replace('_', " ");
        let open = if self.open { " (open: records that neither holds may resolve it)" } else { "" };
        page.line(2, &format!("{what}{open}: {}", self.message));
        for record in &self.records {
            page.line(6, &format!("{}; {}", record.text(page.style()), held(record.held_by)));
        }
        let shown = match self.shown_by {
            Side::A => "A alone shows it",
            Side::B => "B alone shows it",
            Side::Both => "each of the two shows it",
            Side::Joined => "neither shows it alone",
        };
        page.line(6, shown);
        if let Some(file) = &self.proof {
            page.line(6, &format!("proof: {}", file.display()));
        }
        if let Some(why) = &self.no_proof {
            page.line(6, &format!("no proof: {why}"));
        }
    }
}

fn held(side: Side) -> &'static str {
    match side {
        Side::A => "held by A",
        Side::B => "held by B",
        Side::Both | Side::Joined => "held by both",
    }
}

impl RecordLine {
    fn text(&self, style: Style) -> String {
        let mut lots: Vec<String> = self.lots.iter().map(|lot| lot.text(style)).collect();
        // What goes in and what comes out of a handover bear one label.
        let mut seen = HashSet::new();
        lots.retain(|lot| seen.insert(lot.clone()));
        if lots.len() > 3 {
            lots.truncate(3);
            lots.push("more".to_owned());
        }
        let mut text =
            format!("{} record {} of {}", self.kind, self.seq, self.party.text(style)).replace('_', " ");
        if !lots.is_empty() {
            text.push_str(&format!(": {}", lots.join(", ")));
        }
        if !self.about.is_empty() {
            let joint = if lots.is_empty() { ": " } else { " " };
            text.push_str(&format!("{joint}{}", self.about));
        }
        text.push_str(&format!(", claims {}", self.signed_at));
        if style.ids {
            text.push_str(&format!(" [{}]", self.id));
        }
        text
    }
}

impl Holder {
    fn write(&self, page: &mut Page, name: &str) {
        page.heading(&format!("Only in {name}"));
        if self.only.is_empty() {
            page.line(2, "nothing");
        }
        for record in self.only.iter().take(LISTED) {
            page.line(2, &record.text(page.style()));
        }
        if self.only.len() > LISTED {
            page.line(2, &format!("and {} more, listed with `--format json`", self.only.len() - LISTED));
        }
    }
}
