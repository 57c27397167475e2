//! `keys/`: public keys and trust file of the parties of the demonstration, as its scenario makes them.

use std::fmt::Write as _;
use std::path::Path;

use data_encoding::HEXLOWER;
use lodemark::record::SealedRecord;
use lodemark::scenario::{Scenario, World, trust_file};

/// Returns each file of `keys/` that is made from the scenario: its name and its text.
fn made() -> Vec<(&'static str, String)> {
    let text = include_str!("scenarios/pit_to_magnet.toml");
    let scenario = Scenario::from_toml(text).expect("the demonstration is a scenario");
    let world = World::build(&scenario).expect("the demonstration can be signed");
    let mut parties = String::from(
        "# Parties of the demonstration scenario: id and first public key (Ed25519) of each.\n\
         # Made by `cargo test --test keys -- --ignored`; do not edit.\n",
    );
    for (alias, party) in world.parties() {
        let first =
            world.signed.iter().find(|signed| signed.author == party).expect("a party has a first record");
        let record = SealedRecord::parse(&first.bytes).expect("a good record");
        let key = record.first_key().expect("a good key entry").expect("a chain begins with its key");
        let key = HEXLOWER.encode(&key.to_bytes());
        write!(parties, "\n[[party]]\nalias = \"{alias}\"\nid = \"{party}\"\npublic_key = \"{key}\"\n")
            .expect("writing to text cannot fail");
    }
    let trust = trust_file(scenario.trust.as_ref().expect("the demonstration has a trust section"), &world)
        .expect("its names stand for something");
    vec![("parties.toml", parties), ("trust.toml", trust)]
}

fn keys() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("keys")
}

#[test]
fn keys_are_those_of_the_demonstration() {
    for (name, text) in made() {
        let held = std::fs::read_to_string(keys().join(name)).expect("the file is there");
        assert_eq!(
            held, text,
            "keys/{name}: run `cargo test --test keys -- --ignored` and read the difference"
        );
    }
}

#[test]
fn no_private_key_is_among_them() {
    for entry in std::fs::read_dir(keys()).expect("keys/ can be read") {
        let path = entry.expect("an entry can be read").path();
        let text = std::fs::read_to_string(&path).expect("keys/ holds texts");
        assert!(!text.contains("PRIVATE KEY"), "{}", path.display());
    }
}

#[test]
#[ignore = "writes keys/; run it when the demonstration's parties change"]
fn write_keys() {
    std::fs::create_dir_all(keys()).expect("keys/ can be made");
    for (name, text) in made() {
        std::fs::write(keys().join(name), text).expect("keys/ can be written");
    }
}
