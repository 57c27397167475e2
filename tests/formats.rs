//! The format pages say what the code does: numbers, bounds, and the worked example.

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::HEXLOWER;
use lodemark::balance::bands::Bands;
use lodemark::model::coded::Coded;
use lodemark::model::dealings::*;
use lodemark::model::evidence::*;
use lodemark::model::fact::FactUnit;
use lodemark::model::formula::Formula;
use lodemark::model::kind::Kind;
use lodemark::model::stage::{Process, Stage};
use lodemark::model::verdict::Verdict;
use lodemark::record::{ALG_ED25519, BODY_MAX, HEADER_LEN, ITEMS_MAX, Purpose, VALUE_MAX, VALUES_MAX};

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Numbers and names of one list.
type Words = Vec<(u16, String)>;

/// Numbers and names by the name of their list, as docs/formats/registry.md has them.
fn registry() -> BTreeMap<String, Words> {
    let page = text("docs/formats/registry.md");
    let mut lists = BTreeMap::new();
    for section in page.split("\n## ").skip(1) {
        let name = section.split('`').nth(1).unwrap().to_owned();
        let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| code"));
        let read = |row: &str| {
            let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`'));
            let code = cells.next().unwrap();
            let code = match code.strip_prefix("0x") {
                Some(hex) => u16::from_str_radix(hex, 16),
                None => code.parse(),
            };
            (code.unwrap(), cells.next().unwrap().to_owned())
        };
        let repeated = lists.insert(name.clone(), rows.map(read).collect());
        assert!(repeated.is_none(), "{name} is on the page twice");
    }
    lists
}

fn words<T: Coded>() -> Words {
    T::ALL.iter().map(|word| (word.code(), word.name().to_owned())).collect()
}

/// The coded lists that stand in records, by the name of their list on the page.
fn coded() -> Vec<(&'static str, &'static str, Words)> {
    macro_rules! lists {
        ($($name:literal $type:ty,)*) => { vec![$(($name, <$type>::WHAT, words::<$type>()),)*] };
    }
    lists! {
        "kind" Kind, "stage" Stage, "process" Process, "formula" Formula, "role" Role, "document" DocumentKind,
        "method" Method, "fact_unit" FactUnit, "assessor" Assessor, "assessment" Assessment,
        "origin_class" OriginClass, "custody_model" CustodyModel, "mass_basis" MassBasis,
        "loss_basis" LossBasis, "mixing" Mixing, "assay_purpose" AssayPurpose, "sample_point" SamplePoint,
        "dispose_how" DisposeHow, "withdraw_reason" WithdrawReason,
        "host_purpose" HostPurpose,
        "tie" Tie,
        "span" Span,
        "circuit_method" CircuitMethod,
        "inspect_outcome" InspectOutcome,
        "border_side" BorderSide,
        "stop_kind" StopKind,
        "title" Title,
        "release_reason" ReleaseReason,
        "correct_reason" CorrectReason,
        "dispute_reason" DisputeReason,
        "outcome" Outcome,
        "grade" Grade,
        "presence" Presence,
        "verdict" Verdict,
    }
}

#[test]
fn the_registry_page_and_the_code_have_the_same_numbers() {
    let mut page = registry();
    for (name, _, words) in coded() {
        assert_eq!(page.remove(name).unwrap_or_default(), words, "{name}");
    }
    let purposes = [Purpose::Records, Purpose::Log, Purpose::Both].map(|purpose| u16::from(purpose.code()));
    let on_page: Vec<u16> = page.remove("purpose").unwrap().into_iter().map(|(code, _)| code).collect();
    assert_eq!(on_page, purposes);
    assert!(page.remove("alg").unwrap().contains(&(ALG_ED25519, "ed25519".to_owned())));
    // What is left are the choices whose bytes the vectors pin.
    let left: Vec<_> = page.keys().map(String::as_str).collect();
    assert_eq!(left, ["determined", "fact_value", "operator", "receiver", "subject"]);
}

#[test]
fn every_coded_list_of_the_model_is_on_the_page_or_in_no_record() {
    const IN_NO_RECORD: [&str; 3] = ["confidence", "finding code", "profile"];
    let known: Vec<_> = coded().into_iter().map(|(_, what, _)| what).collect();
    let mut found = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        for list in source.split("\ncoded! {").skip(1) {
            let head = list.lines().find(|line| line.ends_with('{')).unwrap();
            let what = head.split('"').nth(1).unwrap();
            assert!(known.contains(&what) || IN_NO_RECORD.contains(&what), "{what}");
            found += 1;
        }
    }
    assert_eq!(found, known.len() + IN_NO_RECORD.len());
}

#[test]
fn the_worked_example_of_proofs_is_the_vector() {
    let page = text("docs/formats/proof.md");
    let vector: serde_json::Value =
        serde_json::from_str(&text("tests/vectors/proof/good/fork.json")).unwrap();
    let mut blocks = page.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines = blocks.next().unwrap().lines().filter(|line| line.len() > 5 && !line.starts_with('#'));
    let hex: String = lines.map(|line| line[5..].split(' ').next().unwrap()).collect();
    assert_eq!(vector["proof"], hex);
    let computed = blocks.next().unwrap();
    let expect = &vector["expect"];
    for id in [&expect["party"], &expect["records"][0], &expect["records"][1]] {
        assert!(computed.contains(id.as_str().unwrap()));
    }
}

#[test]
fn the_worked_example_is_the_vector() {
    let page = text("docs/formats/record.md");
    let vector: serde_json::Value =
        serde_json::from_str(&text("tests/vectors/record/good/worked-example.json")).unwrap();
    let mut blocks = page.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    // The hex column of a line: behind the offset, before the words.
    let hex = |block: &str| -> String {
        let lines = block.lines().filter(|line| line.len() > 5 && !line.starts_with('#'));
        lines.map(|line| line[5..].split(' ').next().unwrap()).collect()
    };
    assert_eq!(vector["record"], hex(blocks.next().unwrap()));
    let shown = blocks.next().unwrap();
    let (salt, value) = shown.split_once("value\n").unwrap();
    assert_eq!(vector["items"][0]["salt"], hex(&salt["salt\n".len()..]));
    assert_eq!(vector["items"][0]["value"], hex(value));
    let computed = blocks.next().unwrap();
    let expect = &vector["expect"];
    for hash in
        [&expect["record_id"], &expect["body_hash"], &expect["items"][0]["commitment"], &expect["items_hash"]]
    {
        assert!(computed.contains(hash.as_str().unwrap()));
    }
    assert_eq!(vector["key"], blocks.next().unwrap().trim());
    assert!(HEXLOWER.decode(vector["record"].as_str().unwrap().as_bytes()).unwrap().len() == 432);
}

#[test]
fn the_bounds_on_the_page_are_those_of_the_code() {
    let page = text("docs/formats/record.md");
    let says = |line: String| assert!(page.contains(&line), "{line}");
    says(format!("| header | {HEADER_LEN} |"));
    says(format!("| body | {BODY_MAX} bytes |"));
    says(format!("| private items of a record | {ITEMS_MAX} |"));
    says(format!("| value of an item | {VALUE_MAX} bytes; whole lists {VALUES_MAX} |"));
    says(format!("| values shown of one record, together | {VALUES_MAX} bytes |"));
    let longest = HEADER_LEN + 64 + BODY_MAX as usize + ITEMS_MAX as usize * (2 + 64 + 32);
    says(format!("{longest} bytes"));
}

#[test]
fn the_page_about_bands_names_every_section_and_field_of_the_file_and_its_example_reads() {
    let page = text("docs/formats/bands.md");
    let mut section = String::new();
    for line in Bands::embedded_text().lines() {
        if let Some(name) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            section = name.to_owned();
            continue;
        }
        let Some((field, _)) = line.split_once(" = ").filter(|_| !section.is_empty()) else { continue };
        let row = page.lines().find(|row| row.starts_with(&format!("| `{section}` |")));
        let row = row.unwrap_or_else(|| panic!("no row about {section}"));
        let of_all = ["source", "confidence"].contains(&field);
        assert!(of_all || row.contains(&format!("`{field}`")), "{section}: {field}");
    }
    let example = page.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let read = Bands::from_toml(example.trim_start()).unwrap();
    assert_eq!((read.file.formula.len(), read.file.site.len()), (1, 1));
}

#[test]
fn the_page_of_rules_is_the_one_that_the_packs_make() {
    let made = lodemark::report::rules_page(lodemark::rules::embedded());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("LODEMARK_ACCEPT").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == made, "docs/rules.md is not what `rules list --markdown` prints");
}

/// The page says where to begin; what it shows has to work as it stands.
#[test]
fn the_packs_of_the_page_for_authors_can_be_used_and_the_last_has_no_idle_list() {
    let page = text("docs/writing-a-pack.md");
    let packs: Vec<&str> =
        page.split("```toml\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    assert!(packs.len() >= 2);
    for pack in &packs {
        let read = lodemark::rules::Pack::checked_from_toml(pack);
        let read = read.unwrap_or_else(|errors| panic!("{}", errors[0]));
        assert_eq!(read.unused(), []);
    }
}
