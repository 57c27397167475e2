//! A mine, a witness of its log, and a buyer who asks for that witness.

use crate::world::{World, compare, field};

/// A mine with one lot, and a witness who holds its chain and has a key for cosignatures.
fn watched() -> World {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    dig(&world, "mine", "ORE-1");
    world.party("watch", "Watch Office", "EE-45", "miner", &[]);
    world.ok("mine", &["export", "ORE-1", "--out", "ore-1.lode"]);
    world.ok("watch", &["import", "ore-1.lode"]);
    world.ok("watch", &["key", "new", "watch/witness.pem"]);
    world
}

fn dig(world: &World, ledger: &str, label: &str) {
    world.ok(ledger, &["extract", "--step", "P10 mine", "--out", &format!("{label}: ore, 10 t")]);
}

fn witness(world: &World, file: &str) -> crate::world::Ran {
    world.run("watch", &["log", "witness", file, "--out", &format!("{file}.cosigned"), "--proofs", "found"])
}

/// Hides what differs from run to run.
fn steady(text: &str) -> String {
    let line = |line: &str| match line.trim_start() {
        rest if rest.starts_with("key = ") => "    key = \"KEY\"\n".to_owned(),
        rest if rest.starts_with("log: ") => "  log: ORIGIN\n".to_owned(),
        rest if rest.starts_with("the other note: ") => "  the other note: NOTE\n".to_owned(),
        rest if rest.starts_with("proof, which") => "  proof, which anyone can check: PROOF\n".to_owned(),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// The trust file of a reader who believes the witness, out of what `log witness` printed.
fn trust(world: &World, printed: &str) {
    let key = printed.lines().find(|line| line.trim_start().starts_with("key = ")).unwrap();
    world.write("trust.toml", &format!("format = \"lodemark/trust@1\"\n\n[[witness]]\n{}\n", key.trim()));
}

#[test]
fn a_cosigned_checkpoint_goes_into_the_capsule_and_a_reader_who_asks_for_the_witness_has_it() {
    let world = watched();
    world.ok("mine", &["log", "checkpoint", "--out", "first"]);
    let ran = witness(&world, "first");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    compare(&world, "log_witness.txt", &steady(&ran.out));
    trust(&world, &ran.out);
    let verify = |file: &str| {
        let ask = [
            "--format",
            "json",
            "capsule",
            "verify",
            file,
            "--trust",
            "trust.toml",
            "--require-witness",
            "1",
        ];
        let ran = world.run("nowhere", &ask);
        assert!(ran.code == 0 || ran.code == 3, "{}{}", ran.out, ran.err);
        ran.out.contains("too_few_witnesses")
    };
    world.ok("mine", &["capsule", "make", "ORE-1", "--out", "bare.capsule"]);
    assert!(verify("bare.capsule"));
    let kept = world.ok("mine", &["log", "cosigned", "first.cosigned"]);
    compare(&world, "log_cosigned.txt", &kept);
    assert!(world.ok("mine", &["log", "cosigned", "first.cosigned"]).contains("0 of them new"));
    world.ok("mine", &["capsule", "make", "ORE-1", "--out", "seen.capsule"]);
    assert!(!verify("seen.capsule"));
    let ask = ["capsule", "verify", "seen.capsule", "--trust", "trust.toml", "--require-witness", "2"];
    let ran = world.run("nowhere", &ask);
    assert!(ran.code == 2 && ran.err.contains("the trust file names 1"), "{}{}", ran.out, ran.err);
    // The ledgers that hold it say the same as the file.
    for ledger in ["mine", "buyer"] {
        if ledger == "buyer" {
            world.ok("buyer", &["init", "--reader"]);
            world.ok("buyer", &["import", "seen.capsule"]);
        }
        let ask = ["--format", "json", "verify", "ORE-1", "--trust", "trust.toml", "--require-witness", "1"];
        assert!(!world.run(ledger, &ask).out.contains("too_few_witnesses"), "{ledger}");
    }
    // The log goes on, and the witness goes along with it.
    dig(&world, "mine", "ORE-2");
    world.ok("mine", &["log", "checkpoint", "--out", "second"]);
    world.ok("mine", &["log", "consistency", "first", "second", "--out", "request"]);
    let ran = witness(&world, "request");
    assert!(ran.code == 0 && ran.out.contains("goes on from the 3 records"), "{}{}", ran.out, ran.err);
    world.ok("mine", &["capsule", "make", "ORE-1", "--out", "late.capsule"]);
    assert!(verify("late.capsule"));
    world.ok("mine", &["log", "cosigned", "request.cosigned"]);
    world.ok("mine", &["capsule", "make", "ORE-1", "--out", "later.capsule"]);
    assert!(!verify("later.capsule"));
}

#[test]
fn a_witness_signs_no_second_history_and_keeps_the_proof() {
    let world = watched();
    crate::compare::copy(&world.path("mine"), &world.path("twin"));
    dig(&world, "mine", "ORE-2");
    dig(&world, "twin", "ORE-X");
    world.ok("mine", &["log", "checkpoint", "--out", "a"]);
    world.ok("twin", &["log", "checkpoint", "--out", "b"]);
    assert_eq!(witness(&world, "a").code, 0);
    let ran = witness(&world, "b");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    compare(&world, "log_witness_fork.txt", &steady(&ran.out));
    assert!(!world.path("b.cosigned").exists());
    let proof = std::fs::read_dir(world.path("found")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(world.run("nowhere", &["proof", "check", proof.to_str().unwrap()]).code, 0);
    let notes: Vec<String> = std::fs::read_dir(world.path("watch/witness"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(notes.len(), 2);
    for file in ["a", "b"] {
        assert!(notes.contains(&std::fs::read_to_string(world.path(file)).unwrap()));
    }
    // A larger one of the other history cannot be joined; what was cosigned before still is.
    dig(&world, "twin", "ORE-Y");
    world.ok("twin", &["log", "checkpoint", "--out", "c"]);
    world.ok("twin", &["log", "consistency", "b", "c", "--out", "request"]);
    let ran = witness(&world, "request");
    assert!(ran.code == 3 && !world.path("request.cosigned").exists(), "{}{}", ran.out, ran.err);
    assert_eq!(witness(&world, "a").code, 0);
}

#[test]
fn what_is_not_established_is_not_signed() {
    let world = watched();
    world.ok("mine", &["log", "checkpoint", "--out", "first"]);
    dig(&world, "mine", "ORE-2");
    world.ok("mine", &["log", "checkpoint", "--out", "second"]);
    world.ok("mine", &["log", "consistency", "first", "second", "--out", "request"]);
    // Nothing was cosigned before: the proof is from another size than 0.
    let ran = witness(&world, "request");
    assert!(ran.code == 2 && ran.err.contains("has 0"), "{}{}", ran.out, ran.err);
    assert_eq!(witness(&world, "second").code, 0);
    let ran = witness(&world, "first");
    assert!(ran.code == 3 && ran.out.contains("had 4 leaves"), "{}{}", ran.out, ran.err);
    let ran = witness(&world, "request");
    assert!(ran.code == 2 && ran.err.contains("has 4"), "{}{}", ran.out, ran.err);
    dig(&world, "mine", "ORE-3");
    world.ok("mine", &["log", "checkpoint", "--out", "third"]);
    world.ok("mine", &["log", "consistency", "second", "third", "--out", "request"]);
    let text = std::fs::read_to_string(world.path("request")).unwrap();
    let hash = text.lines().nth(1).unwrap();
    let other = if hash.starts_with('A') { "B" } else { "A" };
    world.write("wrong", &text.replacen(hash, &format!("{other}{}", &hash[1..]), 1));
    assert_eq!(witness(&world, "wrong").code, 3);
    // A note that is changed, and one of a log that nobody knows here.
    world.write("changed", &text.replacen("\n5\n", "\n6\n", 1));
    assert_eq!(witness(&world, "changed").code, 1);
    world.party("other", "Other Hill", "AU-WA", "miner", &["P10"]);
    let key = field(
        &world.ok("other", &["--format", "json", "log", "checkpoint", "--out", "others"]),
        "verifier_key",
    );
    assert_eq!(witness(&world, "others").code, 3);
    for file in ["first", "request", "wrong", "changed", "others"] {
        assert!(!world.path(&format!("{file}.cosigned")).exists(), "{file}");
    }
    world.ok("watch", &["log", "witness", "others", "--out", "o.cosigned", "--log-key", &key]);
    assert_eq!(witness(&world, "request").code, 0);
}

#[test]
fn the_key_for_cosignatures_is_none_that_signs_records() {
    let world = watched();
    world.ok("mine", &["log", "checkpoint", "--out", "first"]);
    let ran = world.run("mine", &["log", "witness", "first", "--out", "x"]);
    assert!(ran.code == 2 && ran.err.contains("no witness of its own"), "{}{}", ran.out, ran.err);
    std::fs::copy(world.path("watch/key.pem"), world.path("watch/witness.pem")).unwrap();
    let ran = witness(&world, "first");
    assert!(ran.code == 2 && ran.err.contains("signs the records"), "{}{}", ran.out, ran.err);
    std::fs::remove_file(world.path("watch/witness.pem")).unwrap();
    let ran = witness(&world, "first");
    assert!(ran.code == 2 && ran.err.contains("key new"), "{}{}", ran.out, ran.err);
    assert!(!world.path("first.cosigned").exists() && !world.path("watch/witness").exists());
}

#[test]
fn cosignatures_are_kept_for_what_is_held_alone() {
    let world = watched();
    world.ok("mine", &["log", "checkpoint", "--out", "first"]);
    let printed = witness(&world, "first").out;
    let key =
        printed.lines().find_map(|line| line.trim().strip_prefix("key = \"")?.strip_suffix('"')).unwrap();
    let with_key = |file: &str| world.run("mine", &["log", "cosigned", file, "--witness", key]);
    assert_eq!(with_key("first.cosigned").code, 0);
    assert_eq!(with_key("first").code, 3);
    let text = std::fs::read_to_string(world.path("first.cosigned")).unwrap();
    let line = text.lines().last().unwrap();
    let at = line.len() - 5;
    let digit = if &line[at..at + 1] == "A" { "B" } else { "A" };
    let forged = format!("{}{digit}{}", &line[..at], &line[at + 1..]);
    world.write("forged", &text.replacen(line, &forged, 1));
    let ran = with_key("forged");
    assert!(ran.code == 1 && ran.out.contains("signature does not match"), "{}{}", ran.out, ran.err);
    // One who holds fewer records cannot say that the checkpoint is of them.
    dig(&world, "mine", "ORE-2");
    world.ok("mine", &["log", "checkpoint", "--out", "second"]);
    assert_eq!(world.run("watch", &["log", "cosigned", "second"]).code, 3);
    crate::compare::copy(&world.path("mine"), &world.path("twin"));
    dig(&world, "mine", "ORE-3");
    dig(&world, "twin", "ORE-X");
    world.ok("twin", &["log", "checkpoint", "--out", "other"]);
    assert_eq!(world.run("mine", &["log", "cosigned", "other"]).code, 1);
}
