//! What packs may say, and how they are refused.

use super::*;
use crate::rules::testing::small_pack;

const SMALL: &str = small_pack!(
    r#"
[countries]
covered = ["CN"]

[elements]
named = ["Nd"]

[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
materials = ["magnet.NdFeB"]
help = "ask"

[rule.check.forbid_touch]
countries = "covered"
stages = ["P60"]

[[rule.check.forbid_touch.elements]]
list = "named"
least = "transcribed"
"#
);

fn changed(from: &str, to: &str) -> PackError {
    assert!(SMALL.contains(from), "{from}");
    Pack::from_toml(&SMALL.replace(from, to)).unwrap_err()
}

fn fault(text: &str) -> PackFault {
    match Pack::from_toml(text).unwrap_err() {
        PackError::Fault { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

fn faulty(from: &str, to: &str) -> PackFault {
    assert!(SMALL.contains(from), "{from}");
    fault(&SMALL.replace(from, to))
}

#[test]
fn a_misspelt_key_is_refused_with_its_line_and_the_nearest_one() {
    let error = changed("stages = [\"P60\"]", "stage = [\"P60\"]");
    assert!(error.to_string().contains("rule[0].check.forbid_touch.stage"), "{error}");
    assert_eq!(error.hint().as_deref(), Some("did you mean `stages`?"));
}

#[test]
fn misspelt_words_get_the_nearest_right_one() {
    for (from, to, hint) in [
        ("status = \"draft\"", "status = \"enactd\"", "did you mean `enacted`?"),
        ("scope = \"ancestry\"", "scope = \"ancestri\"", "did you mean `ancestry`?"),
        ("named = [\"Nd\"]", "named = [\"neodymium\"]", "did you mean `Nd`?"),
        ("magnet.NdFeB", "magnet.NdFBe", "did you mean `NdFeB`?"),
        ("rule.check.forbid_touch]", "rule.check.forbid_tuch]", "did you mean `forbid_touch`?"),
        ("least = \"transcribed\"", "least = \"transcibed\"", "did you mean `transcribed`?"),
        ("countries = \"covered\"", "countries = \"coverd\"", "did you mean `covered`?"),
        ("list = \"named\"", "list = \"name\"", "did you mean `named`?"),
    ] {
        let text = SMALL.replace(from, to);
        let text = match to.contains("forbid_tuch") {
            true => text.replace("[[rule.check.forbid_touch", "[[rule.check.forbid_tuch"),
            false => text,
        };
        let error = Pack::from_toml(&text).unwrap_err();
        assert_eq!(error.hint().as_deref(), Some(hint), "{to}: {error}");
    }
}

#[test]
fn a_pack_without_texts_rules_or_names_is_refused() {
    assert!(matches!(faulty("id = \"small\"", "id = \"Small pack\""), PackFault::Name { .. }));
    assert!(matches!(faulty("covered = [\"CN\"]", "covered = []"), PackFault::Empty { .. }));
    assert!(matches!(faulty("title = \"something\"", "title = \" \""), PackFault::Empty { .. }));
    assert!(matches!(
        faulty(
            "help = \"ask\"",
            "help = \"ask\"\neffective_from = \"2027-01-01\"\neffective_to = \"2026-12-31\""
        ),
        PackFault::EndsFirst { .. }
    ));
    let twice = SMALL.to_owned()
        + SMALL.split_once("[[rule]]").map(|(_, rule)| ["[[rule]]", rule].concat()).unwrap().as_str();
    assert!(matches!(fault(&twice), PackFault::SameRule { .. }));
}

#[test]
fn a_rule_is_about_what_begins_with_a_listed_material() {
    let pack = Pack::from_toml(SMALL).unwrap();
    let rule = pack.rule("A-1").unwrap();
    let applies = |code: &str| rule.applies_to(&Material::from_code(code).unwrap());
    assert_eq!(applies("magnet.NdFeB"), Applies::Yes);
    assert_eq!(applies("magnet.NdFeB.sintered"), Applies::Yes);
    assert_eq!(applies("magnet"), Applies::Open);
    assert_eq!(applies("magnet.NdFeBx"), Applies::No);
    assert_eq!(applies("alloy.NdFeB"), Applies::No);
}

#[test]
fn every_byte_of_a_pack_is_in_its_hash() {
    let pack = Pack::from_toml(SMALL).unwrap();
    let spaced = Pack::from_toml(&format!("{SMALL}\n")).unwrap();
    assert_eq!(pack.file, spaced.file);
    assert_ne!(pack.hash, spaced.hash);
}

#[test]
fn the_page_about_packs_begins_with_a_pack_that_reads_and_lists_every_reason_code() {
    use crate::model::coded::Coded;
    let page = include_str!("../../../docs/formats/rule-pack.md");
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Pack::from_toml(example).unwrap().file.id, "example-magnets");
    let kinds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats/kinds");
    let pages = std::fs::read_dir(kinds)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let all: String = [page.to_owned()].into_iter().chain(pages).collect();
    for code in crate::rules::ReasonCode::ALL {
        assert!(all.contains(&format!("`{code}`")), "{code} is on no page");
    }
}

/// The pack, with a second rule after the first.
fn followed(first: &str, second: &str) -> String {
    let rule = SMALL.split_once("[[rule]]").unwrap().1;
    let with = |id: &str, more: &str| {
        let lines = format!("help = \"ask\"\n{more}");
        format!("[[rule]]{}", rule.replace("A-1", id).replace("help = \"ask\"\n", &lines))
    };
    let head = SMALL.split_once("[[rule]]").unwrap().0;
    [head, &with("A-1", first), &with("A-2", &format!("follows = \"A-1\"\n{second}"))].concat()
}

#[test]
fn of_two_texts_that_take_each_others_place_one_holds_on_a_day() {
    let (ends, begins) = ("effective_to = \"2026-12-31\"\n", "effective_from = \"2027-01-01\"\n");
    assert!(Pack::from_toml(&followed(ends, begins)).is_ok());
    let overlapping = [(ends, "effective_from = \"2026-12-31\"\n"), (ends, ""), ("", begins), ("", "")];
    for (first, second) in overlapping {
        let fault = fault(&followed(first, second));
        assert!(matches!(fault, PackFault::Overlap { .. }), "{fault}");
    }
    let unknown = fault(&followed(ends, begins).replace("follows = \"A-1\"", "follows = \"A-3\""));
    assert!(matches!(unknown, PackFault::UnknownRule { nearest: Some(_), .. }), "{unknown}");
}

#[test]
fn what_does_not_fit_together_is_refused_with_its_line() {
    let error = Pack::from_toml(&SMALL.replace("list = \"named\"", "list = \"nmed\"")).unwrap_err();
    let line = SMALL.lines().position(|line| line == "list = \"named\"").unwrap() + 1;
    assert_eq!(error.line(), line);
    assert_eq!(error.hint().as_deref(), Some("did you mean `named`?"));
    assert!(error.to_string().starts_with(&format!("line {line}: ")), "{error}");
}

#[test]
fn a_text_that_is_not_law_is_never_asked_by_default() {
    let asked = SMALL.replace("reviewer = \"none\"", "reviewer = \"none\"\nby_default = true");
    assert!(Pack::from_toml(&asked).is_ok());
    for status in ["proposed", "contested", "suspended", "repealed"] {
        let text = asked.replace("status = \"draft\"", &format!("status = \"{status}\""));
        assert!(matches!(fault(&text), PackFault::Value { .. }), "{status}");
    }
}

#[test]
fn a_list_that_no_rule_names_is_told_and_a_version_of_no_list_is_refused() {
    let more = SMALL.replace("named = [\"Nd\"]", "named = [\"Nd\"]\nidle = [\"Pr\"]");
    let unused = Pack::from_toml(&more).unwrap().unused();
    assert_eq!(unused, [Unused { table: Table::Elements, name: "idle".to_owned() }]);
    let version = |name: &str| {
        let line = format!("[versions]\n{name} = {{ date = \"2026-01-01\", source = \"s\" }}\n\n[[rule]]");
        SMALL.replacen("[[rule]]", &line, 1)
    };
    assert!(Pack::from_toml(&version("covered")).is_ok());
    assert_eq!(fault(&version("coverd")).hint(), "did you mean `covered`?");
}

#[test]
fn every_rule_that_is_wrong_is_named_at_once() {
    let text = followed("effective_to = \"2026-12-31\"\n", "effective_from = \"2027-01-01\"\n");
    let broken =
        text.replace("stages = [\"P60\"]", "stages = []").replace("id = \"small\"", "id = \"Small\"");
    let errors = Pack::checked_from_toml(&broken).unwrap_err();
    let lines: Vec<usize> = errors.iter().map(PackError::line).collect();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(lines.is_sorted(), "{lines:?}");
}

#[test]
fn a_list_that_is_absent_is_told_with_those_that_there_are_and_an_example() {
    let hint = faulty("list = \"named\"", "list = \"rare_earths\"").hint();
    assert_eq!(hint, "add `rare_earths = [\"Nd\"]` under `[elements]`, or name one of named");
}

const LISTED: &str = r#"
[entities.ours]
date = "2026-01-01"
source = "annex"
names_on_list = 2
complete = true
[[entities.ours.entry]]
name = "Gobi Smelting"
[[entities.ours.entry]]
name = "Tarim Trading"
identifiers = [{ scheme = "uscc", number = "9165" }]
"#;

fn with_list(from: &str, to: &str) -> Result<Pack, PackError> {
    assert!(LISTED.contains(from), "{from}");
    let asks = SMALL.replace("countries = \"covered\"", "countries = \"covered\"\nentities = \"ours\"");
    Pack::from_toml(&asks.replace("[[rule]]", &format!("{}\n[[rule]]", LISTED.replace(from, to))))
}

#[test]
fn a_list_of_entities_is_complete_only_with_every_name() {
    assert_eq!(with_list("", "").unwrap().unused(), []);
    assert!(with_list("names_on_list = 2\n", "").is_ok(), "how many there are need not be known");
    for (from, to) in [
        ("names_on_list = 2", "names_on_list = 3"),
        ("complete = true", "complete = false"),
        ("Tarim Trading", "Gobi Smelting"),
        ("source = \"annex\"", "source = \" \""),
        ("number = \"9165\"", "number = \"\""),
        ("name = \"Gobi Smelting\"", "name = \"\""),
        ("name = \"Gobi Smelting\"", "name = \"Gobi Smelting\"\naliases = [\"\"]"),
    ] {
        let error = with_list(from, to).unwrap_err();
        assert!(error.to_string().contains("entities.ours"), "{error}");
    }
    let entries = LISTED.split_once("[[").unwrap().1;
    assert!(with_list(&format!("[[{entries}"), "").is_err(), "a list without a name is complete of nothing");
    let open = LISTED.replace("complete = true", "complete = false").replace(&format!("[[{entries}"), "");
    assert!(with_list(LISTED, &open).is_ok());
}

#[test]
fn what_belongs_to_a_list_of_entities_needs_one() {
    for line in ["one_step_upstream = true", "issuers_of = [\"invoice\"]", "screened_within_days = 30"] {
        let fault = faulty("stages = [\"P60\"]", &format!("stages = [\"P60\"]\n{line}"));
        assert!(matches!(fault, PackFault::Value { .. }), "{line}: {fault}");
    }
    let fault = faulty("countries = \"covered\"\n", "");
    assert_eq!(
        fault.to_string(),
        "`rule[0].check.forbid_touch.countries`: neither countries nor entities are barred"
    );
    let fault = faulty("countries = \"covered\"", "countries = \"covered\"\nentities = \"ours\"");
    assert_eq!(
        fault.hint(),
        "add a table `[entities.ours]` with `date`, `source`, `complete` and its entries"
    );
}

#[test]
fn every_element_is_no_list_and_no_list_takes_its_name() {
    assert!(Pack::from_toml(&SMALL.replace("list = \"named\"", "list = \"all\"")).is_ok());
    let fault = faulty("named = [\"Nd\"]", "named = [\"Nd\"]\nall = [\"Nd\"]");
    assert_eq!(fault.to_string(), "`elements.all`: `all` is every element that the lot can hold");
}
