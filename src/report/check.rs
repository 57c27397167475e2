//! Whether a rule pack can be used: each thing that is wrong with its line, and lists that no rule names.

use serde::Serialize;

use super::page::Page;
use super::screen::Screen;
use crate::hash::Hash;
use crate::rules::{Pack, PackError};

/// What is found about a pack.
#[derive(Clone, Debug, Serialize)]
pub struct CheckScreen {
    file: String,
    /// None where the pack cannot be used.
    pack: Option<Usable>,
    wrong: Vec<Wrong>,
    /// Where a good pack is to be seen; for a text that holds no pack at all.
    example: Option<&'static str>,
}

/// Where a good pack is to be seen.
const EXAMPLE: &str = "`lodemark rules show PACK --toml` prints a whole pack as an example";

#[derive(Clone, Debug, Serialize)]
struct Usable {
    id: String,
    version: String,
    hash: Hash,
    rules: Vec<Line>,
    unused: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    id: String,
    kind: &'static str,
    title: String,
}

#[derive(Clone, Debug, Serialize)]
struct Wrong {
    line: usize,
    message: String,
    hint: Option<String>,
}

impl CheckScreen {
    /// Returns the screen about the pack in `file`.
    pub fn new(file: &str, checked: &Result<Pack, Vec<PackError>>) -> Self {
        let line = |rule: &crate::rules::Rule| Line {
            id: rule.id.clone(),
            kind: rule.check.name(),
            title: rule.title.clone(),
        };
        let usable = |pack: &Pack| Usable {
            id: pack.file.id.clone(),
            version: pack.file.version.clone(),
            hash: pack.hash,
            rules: pack.file.rules.iter().map(line).collect(),
            unused: pack.unused().iter().map(|one| format!("{}.{}", one.table, one.name)).collect(),
        };
        let wrong =
            |error: &PackError| Wrong { line: error.line(), message: error.to_string(), hint: error.hint() };
        let errors = checked.as_ref().err().map(Vec::as_slice).unwrap_or_default();
        Self {
            file: file.to_owned(),
            pack: checked.as_ref().ok().map(usable),
            wrong: errors.iter().map(wrong).collect(),
            example: errors.iter().any(|error| matches!(error, PackError::Text(_))).then_some(EXAMPLE),
        }
    }
}

impl Screen for CheckScreen {
    const NAME: &'static str = "pack-check";

    fn write(&self, page: &mut Page) {
        let Some(pack) = &self.pack else {
            page.heading(&format!("`{}` cannot be used as a pack, and gives no verdict", self.file));
            for wrong in &self.wrong {
                page.hanging("  - ", "    ", &wrong.message);
                if let Some(hint) = &wrong.hint {
                    page.hanging("    hint: ", "      ", hint);
                }
            }
            if let Some(example) = self.example {
                page.hanging("  hint: ", "    ", example);
            }
            return;
        };
        page.heading(&format!("`{}` can be used: pack `{}`, version {}", self.file, pack.id, pack.version));
        for rule in &pack.rules {
            page.hanging("  - ", "    ", &format!("{} ({}): no {}", rule.id, rule.kind, rule.title));
        }
        if !pack.unused.is_empty() {
            page.hanging("  no rule names: ", "    ", &pack.unused.join(", "));
        }
    }
}
