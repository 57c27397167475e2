//! Capsules made to harm: other people's trees, other people's records, and names that look like files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use lodemark::capsule::{self, Capsule, PackName};
use lodemark::hash::sha256;
use lodemark::model::finding::FindingCode;
use lodemark::model::verdict::Verdict;
use lodemark::scenario::BASE;

use crate::told::{Told, finds};

fn mine_and_standard(told: &Told) -> (usize, usize) {
    let at = |alias: &str| {
        let party = told.world.party(alias).unwrap();
        told.capsule.chains.iter().position(|chain| chain.party == party).unwrap()
    };
    (at("mine"), at("standard"))
}

/// Asserts that a changed capsule is refused in its log, and that nothing rests on it.
fn assert_log_refused(told: &Told, change: impl FnOnce(&mut Capsule)) {
    let mut capsule = told.capsule.clone();
    change(&mut capsule);
    let report = told.report(&capsule);
    assert!(finds(&report, FindingCode::LogBroken), "{:?}", report.findings);
    assert_eq!(report.lots[0].integrity, Verdict::Fail);
}

#[test]
fn a_proof_of_another_tree_and_a_checkpoint_of_another_log_are_refused() {
    let told = Told::new("logs", BASE, "ORE");
    let (mine, standard) = mine_and_standard(&told);
    let log = |capsule: &Capsule, at: usize| capsule.chains[at].log.clone().unwrap();
    assert_log_refused(&told, |one| {
        let nodes = log(one, standard).nodes;
        one.chains[mine].log.as_mut().unwrap().nodes = nodes;
    });
    assert_log_refused(&told, |one| {
        let checkpoint = log(one, standard).checkpoint;
        one.chains[mine].log.as_mut().unwrap().checkpoint = checkpoint;
    });
    assert_log_refused(&told, |one| one.chains[mine].log = one.chains[standard].log.clone());
    // A checkpoint of the same log with a size that its root does not have.
    assert_log_refused(&told, |one| one.chains[mine].log.as_mut().unwrap().checkpoint.size += 1);
    // A node too few, and one too many.
    assert_log_refused(&told, |one| one.chains[mine].log.as_mut().unwrap().nodes.clear());
    assert_log_refused(&told, |one| {
        let nodes = &mut one.chains[mine].log.as_mut().unwrap().nodes;
        nodes.extend(nodes.last().copied());
    });
}

#[test]
fn chains_of_strangers_change_nothing_about_the_lot() {
    let told = Told::new("logs", BASE, "ORE");
    let strangers = Told::new("case_e1", BASE, "W1");
    let mut capsule = told.capsule.clone();
    capsule.chains.extend(strangers.capsule.chains.clone());
    capsule.chains.sort_by_key(|chain| (chain.party, chain.epoch));
    let lot = |capsule: &Capsule| {
        let lot = told.report(capsule).lots.remove(0);
        lodemark::text::to_json(&(lot.verdict, lot.integrity, lot.custody, lot.rules, lot.findings))
    };
    assert_eq!(lot(&capsule), lot(&told.capsule));
}

#[test]
fn a_record_that_stands_in_two_chains_or_twice_in_one_is_refused_as_a_whole() {
    let told = Told::new("logs", BASE, "ORE");
    let (mine, standard) = mine_and_standard(&told);
    let refuses = |change: &dyn Fn(&mut Capsule)| {
        let mut capsule = told.capsule.clone();
        change(&mut capsule);
        assert!(capsule::read(&capsule::write(&capsule)).is_err());
    };
    refuses(&|one| {
        let entry = one.chains[mine].entries[0].clone();
        one.chains[standard].entries[0] = entry;
    });
    refuses(&|one| {
        let entry = one.chains[mine].entries[0].clone();
        one.chains[mine].entries.insert(0, entry);
    });
    refuses(&|one| {
        let chain = one.chains[mine].clone();
        one.chains.insert(mine, chain);
    });
    refuses(&|one| one.lots.push(one.lots[0]));
}

#[test]
fn a_capsule_about_a_lot_that_is_not_in_it_says_nothing_of_it() {
    let mut told = Told::new("logs", BASE, "ORE");
    told.lot.index += 7;
    told.capsule.lots = vec![told.lot];
    let report = told.report(&told.capsule);
    assert_ne!(report.verdict, Verdict::Pass, "{report:?}");
}

/// Names that a careless program would open, overwrite or leave its directory by.
const NAMES: [&str; 6] =
    ["../../escaped", "/etc/passwd", "..", "C:\\escaped", "escaped.capsule", "~/.ssh/id"];

/// A world in which everything that has a name has one of these.
fn named_like_files() -> Told {
    let mut text = String::from(
        "format = \"lodemark/scenario@1\"\ntitle = \"../title\"\nstart = 2026-01-12T08:00:00Z\n",
    );
    let [a, b, c, d, e, f] = NAMES.map(|name| format!("{name:?}"));
    text += &format!(
        r#"
[[party]]
alias = "mine"
name = {a}
country = "AU"
address = {b}
roles = ["miner"]
[[facility]]
alias = "pit"
by = "mine"
name = {c}
place = "AU-WA"
stages = ["P10"]
[[event]]
id = "digging"
by = "mine"
kind = "extract"
at = "pit"
on = "2026-01-13"
steps = ["P10 mine"]
deposit = {d}
licence = {e}
out = [{{ label = {a}, material = "ore.spodumene", mass = "3 t" }}, {{ label = {f}, material = "ore.spodumene", mass = "3 t" }}]
[trust]
[[trust.witness]]
name = "../../w"
[hand_over]
logs = true
[[hand_over.log]]
of = "mine"
witnesses = ["../../w"]
"#
    );
    let mut told = Told::of(&text, BASE, NAMES[0]);
    told.capsule.packs =
        vec![PackName { id: "us-dfars".to_owned(), hash: sha256(&[b"text"]), version: "..".to_owned() }];
    told
}

/// Every file below a directory, with its length.
fn below(dir: &Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let mut left = vec![dir.to_owned()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let length = entry.metadata().unwrap().len();
            match path.is_dir() {
                true => left.push(path),
                false => drop(found.insert(path.display().to_string(), length)),
            }
        }
    }
    found
}

#[test]
fn a_name_in_a_capsule_is_never_that_of_a_file() {
    let told = named_like_files();
    let outer = tempfile::tempdir().unwrap();
    let (inner, ledger) = (outer.path().join("a/b/c"), tempfile::tempdir().unwrap());
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(inner.join("it.capsule"), capsule::write(&told.capsule)).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lodemark"));
        command.current_dir(&inner).env_clear().env("HOME", outer.path()).arg("--ledger").arg(ledger.path());
        command.args(["--now", "2026-08-01T08:00:00Z"]).args(arguments);
        let Output { status, stdout, stderr } = command.output().expect("the program starts");
        (status.code().unwrap_or(-1), String::from_utf8([stdout, stderr].concat()).unwrap())
    };
    let (code, said) = run(&["init", "--reader"]);
    assert_eq!(code, 0, "{said}");
    let before = below(outer.path());
    assert_eq!(before.len(), 1);
    let (_, said) = run(&["verify", "it.capsule"]);
    assert!(said.contains(NAMES[0]), "{said}");
    let (code, said) = run(&["capsule", "show", "it.capsule"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["capsule", "import", "it.capsule"]);
    assert_eq!(code, 0, "{said}");
    for more in [&["trace", NAMES[0]][..], &["capsule", "make", NAMES[0]]] {
        let (code, said) = run(more);
        assert_eq!(code, 0, "{more:?} {said}");
    }
    assert_eq!(below(outer.path()), before, "nothing was written, neither here nor above");
    let own: Vec<String> = below(ledger.path()).into_keys().collect();
    assert!(own.iter().all(|path| !path.contains("escaped") && !path.contains("passwd")), "{own:?}");
}
