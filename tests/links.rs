//! Links of the README and of every page under `docs` lead to a file, and to a heading where they name one.

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the README and all pages below `docs`.
fn pages() -> Vec<PathBuf> {
    let (mut pages, mut below) = (vec![root().join("README.md")], vec![root().join("docs")]);
    while let Some(directory) = below.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => below.push(path),
                Some(extension) if extension == "md" => pages.push(path),
                _ => {}
            }
        }
    }
    pages
}

/// Returns the lines of a page outside code, each without what stands in backticks.
fn prose(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push(line.split('`').step_by(2).collect::<Vec<_>>().join("``"));
        }
    }
    lines
}

/// Returns where the links of a page lead, those into the web left out.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(text) {
        for after in line.split("](").skip(1) {
            let target = after.split(')').next().unwrap();
            if !target.contains("://") && !target.starts_with("mailto:") {
                links.push(target.to_owned());
            }
        }
    }
    links
}

/// Returns the anchors of a page's headings, as code hosts make them: small letters, digits, `-` and `_`.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        let title = line.trim_start_matches('#');
        if in_code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let slug = title.trim().to_lowercase().replace(' ', "-");
        let slug: String = slug.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
        let same = anchors.iter().filter(|known| **known == slug).count();
        anchors.push(if same == 0 { slug } else { format!("{slug}-{same}") });
    }
    anchors
}

/// Says why a link of `page` leads nowhere; nothing where it leads somewhere.
fn broken(page: &Path, link: &str) -> Option<String> {
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = match file {
        "" => page.to_owned(),
        file => page.parent().unwrap().join(file),
    };
    let told = |why: &str| Some(format!("{}: `{link}`: {why}", page.strip_prefix(root()).unwrap().display()));
    if !target.exists() {
        return told("there is no such file");
    }
    let anchor = anchor?;
    let text = std::fs::read_to_string(&target).unwrap();
    match anchors(&text).iter().any(|known| known == anchor) {
        true => None,
        false => told("the file has no such heading"),
    }
}

#[test]
fn every_link_between_pages_leads_to_a_file_and_its_heading() {
    let mut count = 0;
    let mut wrong: Vec<String> = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let links = links(&text);
        count += links.len();
        wrong.extend(links.iter().filter_map(|link| broken(&page, link)));
    }
    assert!(count > 150, "only {count} links were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = root().join("docs/architecture.md");
    assert_eq!(broken(&page, "formats/record.md"), None);
    assert_eq!(broken(&page, "#rooms"), None);
    assert_eq!(broken(&page, "formats/record.md#signatures"), None);
    assert!(broken(&page, "record.md").unwrap().ends_with("there is no such file"));
    assert!(broken(&page, "formats/record.md#signature").unwrap().ends_with("no such heading"));
    assert_eq!(links("see [a](b.md) and `[c](d.md)`, [e](https://f) [g](h.md#i)"), ["b.md", "h.md#i"]);
    assert_eq!(links("```\n[a](b.md)\n```\n"), Vec::<String>::new());
    assert_eq!(anchors("# One `two`, three\n\n## X\n```\n# no\n```\n## X\n"), ["one-two-three", "x", "x-1"]);
}

/// Returns the pages that the comments of a source file name, each with the words in quotes behind it.
fn named_pages(source: &str) -> Vec<(String, Option<String>)> {
    let comments = source.lines().map(str::trim).filter_map(|line| line.strip_prefix("//"));
    let comments: Vec<&str> = comments.map(|line| line.trim_start_matches(['/', '!']).trim()).collect();
    let comments = comments.join(" ");
    let mut named = Vec::new();
    for (at, _) in comments.match_indices("docs/") {
        let rest = &comments[at..];
        let Some(end) = rest.find(".md") else { continue };
        let page = &rest[..end + 3];
        if page.contains(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '-' | '_' | '.')) {
            continue;
        }
        let words = rest[end + 3..].strip_prefix(", \"").and_then(|after| after.split('"').next());
        named.push((page.to_owned(), words.map(str::to_owned)));
    }
    named
}

#[test]
fn every_page_that_a_comment_names_is_there_with_the_heading_it_names() {
    let mut below = vec![root().join("src")];
    let (mut count, mut wrong) = (0, Vec::new());
    while let Some(directory) = below.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            for (page, words) in named_pages(&std::fs::read_to_string(&path).unwrap()) {
                count += 1;
                let text = std::fs::read_to_string(root().join(&page)).unwrap_or_default();
                let is_there = words.as_ref().is_none_or(|words| text.contains(words.as_str()));
                if text.is_empty() || !is_there {
                    wrong.push(format!("{}: {page} {words:?}", path.display()));
                }
            }
        }
    }
    assert!(count > 120, "only {count} pages are named");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let comment = "//! Days. Spec:\n//! docs/rules.md, \"One\n//! two\".\n";
    assert_eq!(named_pages(comment), [("docs/rules.md".to_owned(), Some("One two".to_owned()))]);
}
