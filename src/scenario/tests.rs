//! Reading scenario files, and what a file gets told that is wrong.

use super::*;

/// The example of docs/formats/scenario.md.
fn example() -> String {
    let page = include_str!("../../docs/formats/scenario.md");
    page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example").to_owned()
}

fn wrong(text: &str) -> String {
    let error = run(text).expect_err("a fault");
    format!("{error} | {}", error.hint().unwrap_or_default())
}

#[test]
fn the_example_of_the_page_holds_with_its_variant() {
    let report = run(&example()).unwrap();
    assert_eq!((report.expectations.held, report.expectations.broken), (2, 0));
    let probed = probe(&example()).unwrap();
    assert!(probed.crossings.iter().all(|one| one.holds) && probed.unfounded.is_empty());
}

#[test]
fn a_wrong_expectation_is_broken_and_says_what_was_found() {
    let text = example().replace("weight = \"fail\"", "weight = \"note\"");
    let report = run(&text).unwrap();
    assert_eq!((report.expectations.held, report.expectations.broken), (1, 1));
    let broken = &report.variants[0].checked[0];
    assert_eq!((broken.expected.answer.as_str(), broken.found.answer.as_str()), ("present", "absent"));
    assert!(broken.why[0].starts_with("fail [double_use]"), "{:?}", broken.why);
}

#[test]
fn equal_files_give_equal_reports() {
    assert_eq!(
        crate::text::to_json(&run(&example()).unwrap()),
        crate::text::to_json(&run(&example()).unwrap())
    );
}

#[test]
fn faults_name_their_place_and_the_nearest_right_word() {
    let example = example();
    let cases = [
        (
            "lodemark/scenario@1",
            "lodemark/scenario@9",
            "field `format`: `lodemark/scenario@9` is not a format read here | begin the file with",
        ),
        ("\nabout =", "\nabuot =", "field `abuot`: a scenario has no such field | did you mean `about`?"),
        (
            "profile = \"commercial\"",
            "profile = \"comercial\"",
            "party `separator`: field `profile`: `comercial` is not a known profile | did you mean `commercial`?",
        ),
        (
            "by = \"separator\"\nname",
            "by = \"seperator\"\nname",
            "facility `plant`: field `by`: `seperator` is no party that is known here | did you mean `separator`?",
        ),
        (
            "in = [{ lot = \"NDPR-9\", mass",
            "in = [{ lot = \"NDPR-8\", mass",
            "event `first sale`: field `in/0/lot`: `NDPR-8` is no lot that is known here | did you mean `NDPR-9`?",
        ),
        (
            "\"second sale/in/0/from\" = \"2 t\"",
            "\"second sail/in/0/from\" = \"2 t\"",
            "variant `innocent twin`: field `second sail/in/0/from`: it leads nowhere: there is no `second sail` | a path begins with",
        ),
        (
            "\"second sale/in/0/from\" = \"2 t\"",
            "\"second sale/in/0/from\" = \"2\"",
            "variant `innocent twin`: event `second sale`: field `in/0/from`: `2` is no mass: it has no unit | write a unit",
        ),
        (
            "finding = \"double_use\"",
            "finding = \"double_user\"",
            "field `expect/0/finding`: `double_user` is not a known finding code | did you mean `double_use`?",
        ),
        (
            "id = \"second sale\"",
            "id = \"first sale\"",
            "field `event/2/id`: `first sale` is the name of two | ",
        ),
    ];
    for (old, new, expected) in cases {
        let text = example.replacen(old, new, 1);
        assert_ne!(text, example, "{old}");
        let found = wrong(&text);
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn the_readers_side_is_read_by_the_rooms_it_belongs_to_and_their_faults_are_named() {
    let cases = [
        ("trust = \"office\"\n", "field `trust`: it is a text, where a table belongs | "),
        ("case = [1]\n", "field `case`: it is a list, where a table belongs | "),
        ("pack = [\"x\"]\n", "field `pack/0`: it is a text, where a table belongs | "),
        (
            "case = { delivry = \"2027-01-01\" }\n",
            "field `case`: line 2, column 1: `delivry`: unknown field `delivry` | did you mean `delivery`?",
        ),
        (
            "trust = { authority = [{ party = \"nrth\", roles = [\"miner\"] }] }\n",
            "field `trust`: `authority[0].party` names party `nrth`",
        ),
        (
            "trust = { accepted_document = [{ facility = \"plnt\" }] }\n",
            "field `trust/accepted_document/0/facility`: `plnt` is no facility that is known here | did you mean `plant`?",
        ),
    ];
    for (line, expected) in cases {
        let text = example().replacen("start =", &format!("{line}start ="), 1);
        let found = wrong(&text);
        assert!(found.starts_with(expected), "{found}");
    }
}

/// A misspelt name would hand over or withhold nothing, and the verdict would pass for the wrong reason.
#[test]
fn names_of_what_is_left_out_or_withheld_must_stand_for_something() {
    let cases = [
        (
            "without = [\"seperator\"]",
            "field `hand_over/without/0`: `seperator` is no party that is known here | did you mean `separator`?",
        ),
        (
            "withhold = [{ by = \"sout\", items = [\"in\"] }]",
            "field `hand_over/withhold/0/by`: `sout` is no party that is known here | did you mean `south`?",
        ),
        (
            "withhold = [{ by = \"separator\", event = \"stok\", items = [\"in\"] }]",
            "field `hand_over/withhold/0/event`: `stok` is no event of that party that is known here | did you mean `stock`?",
        ),
        (
            "withhold = [{ by = \"separator\", event = \"stock\", items = [\"out/*/mas\"] }]",
            "field `hand_over/withhold/0/items`: `out/*/mas` is no private item of it that is known here | ",
        ),
        (
            // A place is told to every reader, unless the event says `private = ["facility"]`.
            "withhold = [{ by = \"separator\", event = \"stock\", items = [\"out/*/mass\", \"facility\"] }]",
            "field `hand_over/withhold/0/items`: `facility` is no private item of it that is known here | ",
        ),
    ];
    for (line, expected) in cases {
        let found = wrong(&format!("{}\n[hand_over]\n{line}\n", example()));
        assert!(found.starts_with(expected), "{found}");
    }
    let right = "[hand_over]\nwithhold = [{ by = \"separator\", items = [\"out/*/mass\"] }]\n";
    assert!(run(&format!("{}\n{right}", example())).is_ok());
}

#[test]
fn a_finding_about_a_lot_that_does_not_exist_is_not_absent_but_no_answer() {
    let text = example().replace("lots = [\"NDPR-9\"]\nabsent = true", "lots = [\"NDPR-8\"]\nabsent = true");
    assert_ne!(text, example());
    let report = run(&text).unwrap();
    let wrong: Vec<&str> = report
        .variants
        .iter()
        .flat_map(|variant| &variant.checked)
        .filter(|one| !one.holds)
        .map(|one| one.found.answer.as_str())
        .collect();
    assert!(wrong.contains(&"nothing"), "{wrong:?}");
}

#[test]
fn a_variant_of_a_variant_that_leads_back_to_itself_is_refused() {
    let text = example().replace("title = \"the second", "of = \"innocent twin\"\ntitle = \"the second");
    assert!(wrong(&text).contains("variant"), "{}", wrong(&text));
}

#[test]
fn a_record_name_that_does_not_exist_cannot_be_damaged() {
    let text = format!("{}\n[[damage]]\nrecord = \"first sail\"\nhow = \"drop\"\n", example());
    assert!(wrong(&text).contains("did you mean `first sale`?"), "{}", wrong(&text));
}
