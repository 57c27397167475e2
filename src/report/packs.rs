//! Rule packs: a list of them, and one with its rules.

use serde::Serialize;

use super::page::{Lean, Page};
use super::screen::Screen;
use crate::model::day::Day;
use crate::rules::Pack;
use crate::verify::PackLine;

/// Packs, a line each.
#[derive(Clone, Debug, Serialize)]
pub struct PacksScreen {
    packs: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    title: String,
    jurisdiction: String,
    rules: Vec<String>,
    #[serde(flatten)]
    pack: PackLine,
}

impl PacksScreen {
    /// Returns the screen of packs.
    pub fn new(packs: &[Pack]) -> Self {
        let line = |pack: &Pack| Line {
            title: pack.file.title.clone(),
            jurisdiction: pack.file.jurisdiction.clone(),
            rules: pack.file.rules.iter().map(|rule| rule.id.clone()).collect(),
            pack: PackLine::from(pack),
        };
        Self { packs: packs.iter().map(line).collect() }
    }
}

impl Screen for PacksScreen {
    const NAME: &'static str = "packs";

    fn write(&self, page: &mut Page) {
        let mut rows = vec![["pack", "what it is", "text", "rules", "reviewer"].map(str::to_owned).to_vec()];
        for line in &self.packs {
            rows.push(vec![
                line.pack.id.clone(),
                line.title.clone(),
                line.pack.status.to_owned(),
                line.rules.join(" "),
                line.pack.reviewer.clone(),
            ]);
        }
        page.table(0, &[Lean::Left; 5], &rows);
    }
}

/// One pack with its rules.
#[derive(Clone, Debug, Serialize)]
pub struct PackScreen {
    pack: Pack,
}

impl PackScreen {
    /// Returns the screen of a pack.
    pub fn new(pack: Pack) -> Self {
        Self { pack }
    }
}

impl Screen for PackScreen {
    const NAME: &'static str = "rules";

    fn write(&self, page: &mut Page) {
        let file = &self.pack.file;
        page.heading(&file.title);
        let hash = self.pack.hash.to_hex();
        let hash = if page.style().ids { &hash } else { &hash[..16] };
        page.line(
            2,
            &format!(
                "{} version {} ({hash}), {}, text {}",
                file.id, file.version, file.jurisdiction, file.status
            ),
        );
        page.line(2, &format!("read with confidence {}, reviewer {}", file.confidence, file.reviewer));
        for text in &file.legal_refs {
            let date = text.text_date.map_or_else(String::new, |date| format!(", text of {date}"));
            page.line(2, &format!("follows {}{date}, checked {}", text.cite, text.checked));
        }
        for rule in &file.rules {
            let dates = match self.pack.effective(rule) {
                (None, None) => String::new(),
                (from, to) => format!(", {}", span(from, to)),
            };
            page.heading(&format!("{}: no {}", rule.id, rule.title));
            page.line(
                2,
                &format!("{}{dates}; needs the {}", rule.clause, rule.scope.to_string().replace('_', " ")),
            );
            if !rule.materials.is_empty() {
                let materials: Vec<String> = rule.materials.iter().map(ToString::to_string).collect();
                let over = rule.parts_over.map(|mass| format!(", in things above {mass} of them a piece"));
                page.line(2, &format!("about {}{}", materials.join(", "), over.unwrap_or_default()));
            }
            for note in &rule.notes {
                page.hanging("  - ", "    ", note);
            }
            page.hanging("  when it does not pass: ", "    ", &rule.help);
        }
        if !file.notes.is_empty() {
            page.heading("To know about every verdict of this pack");
            for note in &file.notes {
                page.hanging("  - ", "    ", note);
            }
        }
    }
}

fn span(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => String::new(),
    }
}
