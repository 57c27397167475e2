//! The field tables of docs/formats/record.md and the layouts in `src/record/body` are the same, bounds and paths
//! included. Structures laid out by hand (places, periods, lot references...) are pinned by the vectors instead.

use std::collections::BTreeMap;
use std::path::Path;

/// Field, layout and item of each row.
type Rows = Vec<[String; 3]>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The field tables of the page by the names in their headings.
fn page() -> BTreeMap<String, Rows> {
    let page = std::fs::read_to_string(root().join("docs/formats/record.md")).unwrap();
    let mut tables = BTreeMap::new();
    for section in page.split("\n### ").skip(1) {
        let section = section.split("\n## ").next().unwrap();
        let names = section.lines().next().unwrap().split('`').skip(1).step_by(2);
        let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| field"));
        let cells = |row: &str| {
            let cells: Vec<_> = row[1..row.len() - 1].split('|').map(|cell| cell.trim().to_owned()).collect();
            <[String; 3]>::try_from(cells).unwrap()
        };
        let rows: Rows = rows.map(cells).collect();
        tables.extend(names.map(|name| (name.to_owned(), rows.clone())));
    }
    tables
}

/// Short names that the sources give to layouts.
fn aliases(source: &str) -> BTreeMap<String, String> {
    let named = source.lines().filter_map(|line| {
        line.trim_start_matches("pub(super) ").trim_start_matches("pub ").strip_prefix("type ")
    });
    named
        .map(|line| {
            let (name, layout) = line.trim_end_matches(';').split_once(" = ").unwrap();
            (name.to_owned(), layout.to_owned())
        })
        .collect()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Returns a layout of the sources in the words of the page.
fn words(layout: &str, aliases: &BTreeMap<String, String>) -> String {
    let layout = layout.trim();
    let Some((outer, inner)) = layout.split_once('<') else {
        let name = layout.rsplit("::").next().unwrap();
        return match (aliases.get(name), name) {
            (Some(layout), _) => words(layout, aliases),
            (None, "RecordId" | "PartyId" | "Hash" | "[u8; 32]") => "hash".into(),
            (None, "[u8; 64]") => "bytes64".into(),
            (None, "bool") => "flag".into(),
            (None, "ElementSet") => "elements".into(),
            (None, "DocumentKind") => "document".into(),
            (None, "HsCode") => "hs".into(),
            (None, name) => snake(name),
        };
    };
    let inner = inner.strip_suffix('>').unwrap();
    let (first, rest) = inner.split_once(',').unwrap_or((inner, ""));
    let bound = first.replace('_', "");
    match outer.rsplit("::").next().unwrap() {
        "P" => words(inner, aliases),
        "Opt" => format!("opt {}", words(inner, aliases)),
        "Hide" => format!("maybe {}", words(inner, aliases)),
        "Text" => format!("text {bound}"),
        "List" => format!("list {bound} {}", words(rest, aliases)),
        "HideList" => format!("maybe_list {bound} {}", words(rest, aliases)),
        other => panic!("`{other}` is no layout of the page"),
    }
}

/// Reads `field "path": Layout,` of one layout or its extras.
fn rows(block: &str, extra: &str, aliases: &BTreeMap<String, String>, into: &mut Rows) {
    // A comma ends a field unless it stands inside angle brackets.
    let (mut depth, mut field) = (0, String::new());
    for letter in block.chars() {
        depth += i32::from(letter == '<') - i32::from(letter == '>');
        if letter != ',' || depth > 0 {
            field.push(letter);
            continue;
        }
        let (name, layout) = field.split_once(": ").unwrap();
        let (name, path) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
        let layout = format!("{extra}{}", words(layout, aliases));
        into.push([name.to_owned(), layout, path.trim_matches('"').to_owned()]);
        field.clear();
    }
    assert!(field.trim().is_empty(), "{field}");
}

/// The layouts of the sources by the names of the page.
fn sources() -> BTreeMap<String, Rows> {
    let sources: Vec<String> = std::fs::read_dir(root().join("src/record/body"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let mut short = aliases(&sources.concat());
    // Facts are ordered beside being a list; the page has them among the values.
    short.retain(|name, _| name != "Facts");
    let mut tables = BTreeMap::new();
    for layout in sources.iter().flat_map(|source| source.split("\nwire! {").skip(1)) {
        let layout = &layout[..layout.find("\n}\n").or(layout.find(" }\n")).unwrap()];
        let (name, fields) = layout.split_once('{').unwrap();
        let (fields, extras) = fields.split_once("extras {").unwrap_or((fields, ""));
        let mut table = Rows::new();
        rows(fields.trim().trim_end_matches('}'), "", &short, &mut table);
        rows(extras.trim().trim_end_matches('}'), "extra ", &short, &mut table);
        match name.trim() {
            "EndStatus" => {
                tables.insert("withdraw_accreditation".to_owned(), table.clone());
                tables.insert("suspend_certificate".to_owned(), table.clone());
                tables.insert("end_host".to_owned(), table);
            }
            "SeenCheckpoint" => drop(tables.insert("seen".to_owned(), table)),
            name => drop(tables.insert(snake(name), table)),
        }
    }
    tables
}

#[test]
fn field_tables_of_the_page_are_the_layouts_of_the_code() {
    let (mut page, sources) = (page(), sources());
    for (name, rows) in &sources {
        assert_eq!(page.remove(name).as_ref(), Some(rows), "{name}");
    }
    let by_hand: Vec<_> = page.keys().map(String::as_str).collect();
    assert_eq!(
        by_hand,
        ["coordinates", "fact", "lot_ref", "period", "place", "replacement", "step", "uncertainty"]
    );
}
