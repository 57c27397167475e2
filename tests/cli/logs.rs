//! A party signs its log, and others judge what they are shown of it.

use crate::world::{World, compare, field};

/// A mine with three records, and a reader who holds them.
fn mine() -> World {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    dig(&world, "mine", "ORE-1");
    world.ok("reader", &["init", "--reader"]);
    export(&world, "mine", "ORE-1", "ore-1.lode");
    world.ok("reader", &["import", "ore-1.lode"]);
    world
}

fn dig(world: &World, ledger: &str, label: &str) {
    world.ok(ledger, &["extract", "--step", "P10 mine", "--out", &format!("{label}: ore, 3 t")]);
}

fn export(world: &World, ledger: &str, lot: &str, file: &str) {
    world.ok(ledger, &["export", lot, "--show", "*", "--out", file]);
}

fn json(world: &World, ledger: &str, arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["--format", "json"], arguments].concat();
    let ran = world.run(ledger, &arguments);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{arguments:?}: {}{}", ran.out, ran.err))
}

#[test]
fn screens_of_a_log() {
    let world = mine();
    let note = world.ok("mine", &["log", "checkpoint"]);
    assert_eq!(note.lines().nth(1), Some("3"));
    // Written to a file and signed again it is the same note.
    compare(
        &world,
        "log_checkpoint.txt",
        &keyless(&world.ok("mine", &["log", "checkpoint", "--out", "mine.checkpoint"])),
    );
    assert_eq!(std::fs::read_to_string(world.path("mine.checkpoint")).unwrap(), note);
    assert_eq!(json(&world, "mine", &["log", "checkpoint"])["note"], note);
    let proof = world.ok("mine", &["log", "prove", "ORE-1"]);
    compare(
        &world,
        "log_prove.txt",
        &world.ok("mine", &["log", "prove", "ORE-1", "--out", "ore-1.tlog-proof"]),
    );
    assert_eq!(std::fs::read_to_string(world.path("ore-1.tlog-proof")).unwrap(), proof);
    compare(&world, "log_check.txt", &world.ok("reader", &["log", "check", "mine.checkpoint"]));
    let check = ["log", "check", "ore-1.tlog-proof", "--record", "ORE-1"];
    compare(&world, "log_check_proof.txt", &world.ok("reader", &check));
    compare(
        &world,
        "log_check_proof.json",
        &world.ok("reader", &[&["--format", "json"], &check[..]].concat()),
    );
    // The list of records is as it was.
    assert!(world.ok("mine", &["log"]).contains("establish"));
}

/// Hides the verifier key, which differs from run to run.
fn keyless(text: &str) -> String {
    let hide = |line: &str| if line.contains("+") { "    VKEY".to_owned() } else { line.to_owned() };
    text.lines().map(|line| hide(line) + "\n").collect()
}

#[test]
fn a_proof_holds_for_its_record_alone_and_under_the_key_of_its_log_alone() {
    let world = mine();
    world.ok("mine", &["log", "prove", "ORE-1", "--out", "p"]);
    let id = json(&world, "mine", &["log", "prove", "ORE-1"])["record"].as_str().unwrap().to_owned();
    let key = field(&world.ok("mine", &["--format", "json", "log", "checkpoint"]), "verifier_key");
    // Nobody but the key and the id is needed.
    let check = ["log", "check", "p", "--record", &id];
    let with_key = [&check[..], &["--log-key", &key]].concat();
    assert_eq!(world.run("nowhere", &with_key).code, 0);
    let ran = world.run("nowhere", &check);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("no known key"), "{}", ran.out);
    let other = id.replace(&id[..4], if id.starts_with("0000") { "1111" } else { "0000" });
    assert_eq!(world.run("nowhere", &["log", "check", "p", "--record", &other, "--log-key", &key]).code, 1);
    world.party("other", "Other Hill", "AU-WA", "miner", &["P10"]);
    dig(&world, "other", "ORE-2");
    let theirs = json(&world, "other", &["log", "prove", "ORE-2"])["record"].as_str().unwrap().to_owned();
    export(&world, "other", "ORE-2", "ore-2.lode");
    world.ok("reader", &["import", "ore-2.lode"]);
    let ran = world.run("reader", &["log", "check", "p", "--record", &theirs]);
    assert!(ran.code == 1 && ran.out.contains("the record is one of party"), "{}{}", ran.out, ran.err);
    // A changed root is no longer signed.
    let text = std::fs::read_to_string(world.path("p")).unwrap();
    world.write("q", &text.replacen("\n3\n", "\n4\n", 1));
    let ran = world.run("nowhere", &["log", "check", "q", "--record", &id, "--log-key", &key]);
    assert!(ran.code == 1 && ran.out.contains("does not hold"), "{}{}", ran.out, ran.err);
    for (arguments, hint) in [
        (vec!["log", "check", "p"], "name it with `--record ID`"),
        (vec!["log", "check", "ore-1.lode"], "ask its sender"),
        (vec!["log", "check", "p", "--leaf", "12"], "64 hex digits"),
        (vec!["log", "check", "p", "--record", "ORE-1"], "all 64 hex digits"),
        (vec!["log", "check", "p", "--record", &id, "--log-key", "x"], "copy the key again"),
    ] {
        let ran = world.run("nowhere", &arguments);
        assert!(ran.code == 2 && ran.err.contains(hint), "{arguments:?}: {} {}", ran.code, ran.err);
    }
}

#[test]
fn a_record_of_another_party_is_proved_under_a_checkpoint_that_it_signed() {
    let world = mine();
    world.ok("mine", &["log", "checkpoint", "--out", "c"]);
    let ran = world.run("reader", &["log", "prove", "ORE-1"]);
    assert!(ran.code == 2 && ran.err.contains("--checkpoint"), "{}", ran.err);
    world.ok("reader", &["log", "prove", "ORE-1", "--checkpoint", "c", "--out", "p"]);
    world.ok("reader", &["log", "check", "p", "--record", "ORE-1"]);
    dig(&world, "mine", "ORE-2");
    world.ok("mine", &["log", "checkpoint", "--out", "newer"]);
    let ran = world.run("reader", &["log", "prove", "ORE-1", "--checkpoint", "newer"]);
    assert!(ran.code == 4 && ran.err.contains("the first 3 of them are held here"), "{}", ran.err);
    let ran = world.run("mine", &["log", "prove", "ORE-2", "--checkpoint", "c"]);
    assert!(ran.code == 2 && ran.err.contains("not among the 3"), "{}", ran.err);
    world.ok("mine", &["log", "prove", "ORE-2", "--checkpoint", "newer"]);
}

#[test]
fn two_processes_sign_the_same_checkpoint() {
    let world = mine();
    let runs: Vec<_> = std::thread::scope(|scope| {
        let run = || scope.spawn(|| world.run("mine", &["log", "checkpoint"]));
        let both = [run(), run()];
        both.map(|one| one.join().unwrap()).into_iter().collect()
    });
    let signed: Vec<&str> = runs.iter().filter(|ran| ran.code == 0).map(|ran| ran.out.as_str()).collect();
    assert!(!signed.is_empty(), "{}{}", runs[0].err, runs[1].err);
    let again = world.ok("mine", &["log", "checkpoint"]);
    assert!(signed.iter().all(|note| *note == again));
    // Whoever came too late was told so, and signed nothing.
    assert!(runs.iter().all(|ran| ran.code == 0 || ran.code == 4 && ran.out.is_empty()));
}

#[test]
fn a_restored_copy_signs_nothing_below_what_was_shown() {
    let world = World::new();
    let init =
        ["init", "--name", "Quartz Hill", "--country", "AU", "--role", "miner", "--mark", "stick.mark"];
    world.ok("mine", &init);
    world.ok("mine", &["facility", "declare", "Pit", "--place", "AU-WA", "--stage", "P10"]);
    crate::compare::copy(&world.path("mine"), &world.path("copy"));
    dig(&world, "mine", "ORE-1");
    world.ok("mine", &["log", "checkpoint"]);
    let ran = world.run("copy", &["log", "checkpoint"]);
    assert!(ran.code == 4 && ran.out.is_empty(), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("was exported up to seq 2 of epoch 0, but ends here at seq 1"), "{}", ran.err);
    assert!(ran.err.contains("hint: this ledger seems to be restored"), "{}", ran.err);
    let ran = world.run("mine", &["undo", "ORE-1"]);
    assert!(ran.err.contains("was handed out with an export or a checkpoint"), "{}", ran.err);
}

/// A mine whose whole directory was copied, so that each signs a history of its own from the fourth record on.
fn two_histories() -> World {
    let world = mine();
    crate::compare::copy(&world.path("mine"), &world.path("twin"));
    dig(&world, "mine", "ORE-2");
    dig(&world, "twin", "ORE-X");
    world
}

#[test]
fn a_checkpoint_goes_on_from_an_earlier_one_and_the_proof_of_it_holds() {
    let world = mine();
    world.ok("mine", &["log", "checkpoint", "--out", "old"]);
    dig(&world, "mine", "ORE-2");
    world.ok("mine", &["log", "checkpoint", "--out", "new"]);
    let written = world.ok("mine", &["log", "consistency", "old", "new", "--out", "proof"]);
    compare(&world, "log_consistency.txt", &written);
    // The reader holds three of the four records: it takes the proof, or does not know.
    let ask = ["log", "consistency", "new", "old"];
    let ran = world.run("reader", &ask);
    assert!(ran.code == 3 && ran.out.contains("the first 3 of them are held here"), "{}{}", ran.out, ran.err);
    world.ok("reader", &[&ask[..], &["--proof", "proof"]].concat());
    let text = std::fs::read_to_string(world.path("proof")).unwrap();
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.swap(1, 2);
    world.write("wrong", &lines.join("\n"));
    let ran = world.run("reader", &[&ask[..], &["--proof", "wrong"]].concat());
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let other = ["log", "consistency", "old", "old", "--proof", "proof"];
    assert!(world.run("reader", &other).err.contains("for other checkpoints"));
    world.ok("reader", &["log", "consistency", "old", "old"]);
}

#[test]
fn a_fork_of_a_log_is_told_and_anyone_can_check_the_proof() {
    let world = two_histories();
    world.ok("mine", &["log", "checkpoint", "--out", "a"]);
    world.ok("twin", &["log", "checkpoint", "--out", "b"]);
    dig(&world, "twin", "ORE-Y");
    world.ok("twin", &["log", "checkpoint", "--out", "c"]);
    world.ok("twin", &["log", "publish", "public"]);
    let judge = |new: &str, more: &[&str]| {
        world.run("reader", &[&["log", "consistency", "a", new, "--proofs", "found"], more].concat())
    };
    // One size: the notes alone show it.
    let ran = judge("b", &[]);
    compare(&world, "log_fork.txt", &unnamed(&ran.out));
    assert_eq!(ran.code, 1);
    // Two sizes: it takes the ids under the larger.
    assert_eq!(judge("c", &[]).code, 3);
    assert_eq!(judge("c", &["--from", "public"]).code, 1);
    let files: Vec<_> =
        std::fs::read_dir(world.path("found")).unwrap().map(|one| one.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    for file in files {
        let ran = world.run("nowhere", &["log", "check", file.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let text = std::fs::read_to_string(&file).unwrap();
        let (before, after) = text.split_once("recovery ").unwrap();
        let digit = if after.starts_with('0') { '1' } else { '0' };
        world.write("changed", &format!("{before}recovery {digit}{}", &after[1..]));
        assert_eq!(world.run("nowhere", &["log", "check", "changed"]).code, 1);
    }
    // The mine, which holds its own history, sees that the other is not it.
    let ran = world.run("mine", &["log", "check", "b"]);
    assert!(ran.code == 1 && ran.out.contains("make another root"), "{}", ran.out);
}

#[test]
fn a_ledger_that_took_in_two_histories_keeps_the_proof_and_compare_writes_it() {
    let world = two_histories();
    world.ok("mine", &["capsule", "make", "ORE-2", "--out", "a.capsule"]);
    world.ok("twin", &["capsule", "make", "ORE-X", "--out", "b.capsule"]);
    world.ok("reader", &["import", "a.capsule"]);
    let ran = world.run("reader", &["import", "b.capsule"]);
    assert!(ran.out.contains("and the proof, which `compare --proofs` writes"), "{}", ran.out);
    // Whatever the other of the two holds.
    world.ok("other", &["init", "--reader"]);
    let ran = world.run(".", &["compare", "reader", "other", "--proofs", "found"]);
    assert!(ran.code == 1 && ran.out.contains("signed two logs"), "{}{}", ran.out, ran.err);
    let mut kinds = Vec::new();
    for entry in std::fs::read_dir(world.path("found")).unwrap() {
        let path = entry.unwrap().path();
        let ran = world.run("nowhere", &["proof", "check", path.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        kinds.push(path.file_name().unwrap().to_str().unwrap().split_once('-').unwrap().0.to_owned());
        let text = std::fs::read(&path).unwrap();
        if text.starts_with(b"lodemark/log-fork@") {
            let changed = String::from_utf8(text).unwrap().replacen("\n4\n", "\n5\n", 1);
            world.write("changed", &changed);
            assert_eq!(world.run("nowhere", &["proof", "check", "changed"]).code, 1);
        }
    }
    kinds.sort();
    assert_eq!(kinds, ["fork", "log"]);
    // The two files alone, and each with itself.
    assert_eq!(world.run(".", &["compare", "a.capsule", "b.capsule"]).code, 1);
    world.ok("mine", &["capsule", "make", "ORE-1", "--out", "c.capsule"]);
    assert_eq!(world.run(".", &["compare", "a.capsule", "c.capsule"]).code, 0);
}

fn unnamed(text: &str) -> String {
    text.split("log-fork-")
        .enumerate()
        .map(|(at, part)| if at == 0 { part.into() } else { format!("log-fork-#{}", &part[16..]) })
        .collect()
}

#[test]
fn a_log_is_published_goes_on_and_is_read_back() {
    let world = mine();
    compare(&world, "log_publish.txt", &world.ok("mine", &["log", "publish", "public/log"]));
    compare(&world, "log_pull.txt", &world.ok("reader", &["log", "pull", "public/log"]));
    assert!(world.ok("mine", &["log", "publish", "public/log"]).contains("nothing new"));
    dig(&world, "mine", "ORE-2");
    // As an interruption leaves it: a tile is there, the checkpoint is the old one, a half-written file lies about.
    let again = world.ok("mine", &["log", "publish", "public/log"]);
    assert!(again.contains("3 records before"), "{again}");
    let tile = world.path("public/log/tile/0/000.p/4");
    let whole = std::fs::read(&tile).unwrap();
    std::fs::remove_file(&tile).unwrap();
    let ran = world.run("reader", &["log", "pull", "public/log"]);
    assert!(ran.code == 1 && ran.out.contains("is missing"), "{}{}", ran.out, ran.err);
    world.write("public/log/tile/0/000.p/4.part", "half");
    world.ok("mine", &["log", "publish", "public/log"]);
    let pulled = json(&world, "reader", &["log", "pull", "public/log"]);
    assert_eq!((pulled["verdict"].as_str(), pulled["held"].as_u64()), (Some("holds"), Some(3)));
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    std::fs::write(&tile, &damaged).unwrap();
    let ran = world.run("reader", &["log", "pull", "public/log"]);
    assert!(ran.code == 1 && ran.out.contains("does not hold the hashes"), "{}{}", ran.out, ran.err);
    let ran = world.run("mine", &["log", "publish", "public/log"]);
    assert!(ran.code == 1 && ran.err.contains("something else"), "{}", ran.err);
    // Without the key nothing is known of who signed.
    std::fs::write(&tile, &whole).unwrap();
    assert_eq!(world.run("nowhere", &["log", "pull", "public/log"]).code, 3);
    assert_eq!(world.run("nowhere", &["log", "pull", "nothing"]).code, 4);
}

#[test]
fn nothing_less_and_nothing_else_is_published_than_is_there() {
    let world = two_histories();
    world.ok("mine", &["log", "publish", "public"]);
    let before = std::fs::read(world.path("public/checkpoint")).unwrap();
    let ran = world.run("twin", &["log", "publish", "public"]);
    assert!(ran.code == 1 && ran.err.contains("another root for the first 4 records"), "{}", ran.err);
    crate::compare::copy(&world.path("twin"), &world.path("third"));
    dig(&world, "mine", "ORE-3");
    world.ok("mine", &["log", "publish", "public"]);
    let newer = std::fs::read(world.path("public/checkpoint")).unwrap();
    assert_ne!(newer, before);
    let ran = world.run("third", &["log", "publish", "public"]);
    assert!(ran.code == 1 && ran.err.contains("covers 5 records, and this ledger has 4"), "{}", ran.err);
    world.party("other", "Other Hill", "AU-WA", "miner", &["P10"]);
    let ran = world.run("other", &["log", "publish", "public"]);
    assert!(ran.code == 1 && ran.err.contains("of another log"), "{}", ran.err);
    assert_eq!(std::fs::read(world.path("public/checkpoint")).unwrap(), newer);
    // Who holds the other history sees where it parts.
    let ran = world.run("twin", &["log", "pull", "public"]);
    assert!(ran.code == 1 && ran.out.contains("another record at index 3"), "{}{}", ran.out, ran.err);
}
