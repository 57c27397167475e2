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
