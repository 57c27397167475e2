//! The page of all rules: every pack with its texts, and every rule with its clause, kind, scope and days.

use crate::model::day::Day;
use crate::rules::{Pack, Rule};

/// What the page begins with.
const HEAD: &str = "\
# Rules

Every rule of every pack that comes with the program. This page is made from the packs by `rules list --markdown`, and a test holds
both together. A verdict is no legal conclusion; each pack names the texts it follows, when they were looked up, how well they
were read, and who has reviewed it. What the columns mean is said in [rule packs](formats/rule-pack.md).

";

/// Returns the page, in Markdown.
pub fn rules_page(packs: &[Pack]) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| pack | what it is | whose | text | asked |\n|---|---|---|---|---|\n");
    for pack in packs {
        let file = &pack.file;
        page.push_str(&format!(
            "| [`{id}`](#{id}) | {} | {} | {} | {} |\n",
            cell(&file.title),
            file.jurisdiction,
            file.status,
            if file.by_default { "by default" } else { "by name" },
            id = file.id,
        ));
    }
    for pack in packs {
        page.push_str(&of_pack(pack));
    }
    page
}

fn of_pack(pack: &Pack) -> String {
    let file = &pack.file;
    let mut text = format!("\n## {}\n\n{}.\n\n", file.id, file.title);
    text.push_str(&format!(
        "Version {}, jurisdiction {}, text `{}`{}, judged for the day of `{}`, read with confidence `{}`, reviewer `{}`.\n\n",
        file.version,
        file.jurisdiction,
        file.status,
        span(file.effective_from, file.effective_to),
        file.as_of_kind,
        file.confidence,
        file.reviewer
    ));
    for unsettled in &file.unsettled {
        text.push_str(&format!("- not settled from {} on: {}\n", unsettled.from, unsettled.note));
    }
    for source in &file.legal_refs {
        let date = source.text_date.map(|day| format!(", text of {day}")).unwrap_or_default();
        let about = source.about.as_ref().map(|about| format!(" ({about})")).unwrap_or_default();
        text.push_str(&format!("- {}{date}, looked up {}{about}\n", source.cite, source.checked));
    }
    for (name, version) in &file.versions {
        text.push_str(&format!("- `{name}`: {}, {}\n", version.date, version.source));
    }
    text.push_str("\n| rule | finds | clause | kind | needs | days |\n|---|---|---|---|---|---|\n");
    for rule in &file.rules {
        text.push_str(&of_rule(pack, rule));
    }
    for (title, notes) in [("To know", &file.notes)].into_iter().filter(|(_, notes)| !notes.is_empty()) {
        text.push_str(&format!("\n{title}:\n\n"));
        for note in notes {
            text.push_str(&format!("- {note}\n"));
        }
    }
    let with_notes = file.rules.iter().filter(|rule| !rule.notes.is_empty());
    for (at, rule) in with_notes.enumerate() {
        if at == 0 {
            text.push('\n');
        }
        text.push_str(&format!("- {}: {}\n", rule.id, rule.notes.join(" ")));
    }
    text
}

fn of_rule(pack: &Pack, rule: &Rule) -> String {
    let (from, to) = pack.effective(rule);
    let days = span(from, to);
    format!(
        "| {} | {} | {} | [`{kind}`](formats/kinds/{kind}.md) | {} | {} |\n",
        rule.id,
        cell(&rule.title),
        cell(&rule.clause),
        rule.scope.to_string().replace('_', " "),
        days.trim_start_matches(", "),
        kind = rule.check.name(),
    )
}

fn span(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!(", from {from} to {to}"),
        (Some(from), None) => format!(", from {from}"),
        (None, Some(to)) => format!(", to {to}"),
        (None, None) => String::new(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
