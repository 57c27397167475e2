//! The pages that tell which event to use when: what they show can be typed, and no kind is left out.

use std::path::{Path, PathBuf};

use clap::Parser;

use super::Cli;
use crate::entry::{self, Format, KINDS};
use crate::model::coded::Coded;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Every page of a family of events, with its name.
fn pages() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(docs().join("events")).expect("the pages are there");
    let mut pages: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("a readable page")))
        .collect();
    pages.sort();
    pages
}

/// Blocks of code in a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Splits a line as a shell does, as far as these pages need it: quotes, comments, no variables.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some(_), letter) => word.push(letter),
            (None, '"' | '\'') => (quote, open) = (Some(letter), true),
            (None, '#') if word.is_empty() && !open => break,
            (None, letter) if letter.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, letter) => word.push(letter),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

#[test]
fn every_command_on_the_pages_is_one() {
    let mut seen = 0;
    for (name, page) in pages() {
        for block in blocks(&page, "sh") {
            for line in block.replace("\\\n", " ").lines().filter(|line| line.starts_with("lodemark ")) {
                let parsed = Cli::try_parse_from(words(line));
                assert!(parsed.is_ok(), "{name}: {line}\n{}", parsed.err().expect("it is an error"));
                seen += 1;
            }
        }
        assert!(!blocks(&page, "sh").is_empty(), "{name} begins with no example");
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn every_event_on_the_pages_has_the_fields_of_its_kind() {
    for (name, page) in pages() {
        for block in blocks(&page, "toml").into_iter().filter(|block| block.contains("[[event]]")) {
            let read = entry::read(block, Format::Toml);
            assert!(read.is_ok(), "{name}: {:?}\n{block}", read.err());
        }
    }
}

#[test]
fn every_kind_is_on_the_page_that_tells_which_event_to_use() {
    let index = std::fs::read_to_string(docs().join("events.md")).expect("the page is there");
    let missing: Vec<&str> =
        KINDS.iter().map(|kind| kind.name()).filter(|kind| !index.contains(&format!("`{kind}`"))).collect();
    assert!(missing.is_empty(), "events.md leaves out {}", missing.join(", "));
    for (name, _) in pages() {
        let file = Path::new(&name).file_name().expect("a file").to_string_lossy().into_owned();
        assert!(index.contains(&format!("(events/{file})")), "events.md does not lead to {file}");
    }
}
