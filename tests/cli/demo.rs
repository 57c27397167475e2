//! The demonstration: what it prints makes sense, holds what it promises, and ends with commands that work.

use crate::world::{World, compare};

#[test]
fn the_demonstration_ends_with_the_buyers_screen_and_commands_that_work() {
    let world = World::new();
    let out = world.ok(".", &["demo", "--dir", "demo"]);
    compare(&world, "demo.txt", &out);
    let commands = out.lines().skip_while(|line| *line != "Try next").filter(|line| line.starts_with("    "));
    let commands: Vec<&str> = commands.collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let ran = world.paste(command);
        assert_eq!(ran.code, 0, "{command}\n{}{}", ran.out, ran.err);
    }
}

#[test]
fn as_json_it_is_one_object_that_counts_what_was_expected() {
    let world = World::new();
    let out = world.ok(".", &["--format", "json", "demo", "--dir", "demo"]);
    let value: serde_json::Value = serde_json::from_str(&out).expect("it is one object");
    assert_eq!(value["format"], "lodemark/demo@1");
    let held = value["checked"].as_array().expect("each expectation is listed").len();
    assert!(held >= 10, "{out}");
    assert_eq!(value["expectations"], serde_json::json!({ "held": held, "broken": 0 }));
    assert_eq!(value["report"]["verdict"], "pass");
}

#[test]
fn a_directory_in_use_is_left_alone() {
    let world = World::new();
    std::fs::create_dir(world.path("demo")).unwrap();
    world.write("demo/mine.txt", "mine");
    let ran = world.run(".", &["demo", "--dir", "demo"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err, "error: `demo` is not empty\nhint: name a new or empty directory\n");
    assert_eq!(std::fs::read_dir(world.path("demo")).unwrap().count(), 1);
}

/// Files and directories below a directory.
fn below(dir: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<String> = entries
        .flat_map(|path| match path.is_dir() {
            true => below(&path),
            false => vec![path.display().to_string()],
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_last_capsule_verifies_where_there_is_only_the_file_the_program_and_a_trust_file() {
    let world = World::new();
    world.ok(".", &["demo", "--dir", "demo"]);
    let away = tempfile::tempdir().unwrap();
    let (home, here) = (away.path().join("home"), away.path().join("here"));
    std::fs::create_dir(&home).unwrap();
    std::fs::create_dir(&here).unwrap();
    let take = |from: &str, to: &str| std::fs::copy(world.path(from), here.join(to)).unwrap();
    take("demo/handed-over/13-magnetiser-to-buyer.capsule", "it.capsule");
    take("demo/buyer/trust.toml", "mine.toml");
    std::fs::copy(env!("CARGO_BIN_EXE_lodemark"), here.join("program")).unwrap();
    let before = below(away.path());
    let verify = |file: &str, trust: &[&str]| {
        let mut command = std::process::Command::new(here.join("program"));
        command.current_dir(&here).env_clear().env("HOME", &home).args([
            "verify",
            file,
            "--as-of",
            "2026-11-20",
        ]);
        let output = command.args(trust).output().expect("the program starts");
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (code, said) = verify("it.capsule", &["--trust", "mine.toml"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Lot MAG-26-10: pass") && said.contains("checkpoint of"), "{said}");
    assert_eq!(below(away.path()), before);
    // Whom to believe is the reader's own: without that it is not established.
    assert_eq!(verify("it.capsule", &[]).0, Some(3));
    let mut damaged = std::fs::read(here.join("it.capsule")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(here.join("damaged.capsule"), damaged).unwrap();
    assert_eq!(verify("damaged.capsule", &["--trust", "mine.toml"]).0, Some(1));
}
