//! Two readers lay what they hold side by side, and anyone checks the proof.

use std::path::{Path, PathBuf};

use crate::world::{World, compare, field};

/// A plant whose whole directory was copied, so that it could sell one lot to two buyers.
fn sold_twice() -> World {
    let mut world = World::new();
    let north = world.party("north", "North Metals", "EE-45", "metal_maker", &["P50"]);
    let south = world.party("south", "South Metals", "FR-75C", "metal_maker", &["P50"]);
    world.party("plant", "Coast Separation", "EE-45", "separator", &["P40"]);
    world.ok("plant", &["party", "add", "north", &north]);
    world.ok("plant", &["party", "add", "south", &south]);
    world.ok("plant", &["opening-stock", "--out", "NDPR-9: oxide.NdPr, 4 t"]);
    copy(&world.path("plant"), &world.path("twin"));
    for (ledger, mass, buyer) in [("plant", "3 t", "north"), ("twin", "2 t", "south")] {
        world.at(if buyer == "north" { "2026-11-25T09:00:00Z" } else { "2026-11-25T10:00:00Z" });
        world.ok(ledger, &["dispatch", &format!("NDPR-9, {mass}"), "--to", buyer]);
        let file = format!("{buyer}.lode");
        world.ok(ledger, &["export", "NDPR-9", "--show", "*", "--out", &file]);
        world.ok(buyer, &["import", &file]);
    }
    world
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

/// Compares the two buyers and returns the proofs written, a fork and a double use.
fn proofs(world: &World) -> [PathBuf; 2] {
    let ran = world.run(".", &["compare", "north", "south", "--proofs", "found"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(world.path("found")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let [double_use, fork] = <[PathBuf; 2]>::try_from(files).unwrap();
    [fork, double_use]
}

/// Runs `proof check` in a directory in which there is nothing but a copy of the proof.
fn check(bytes: &[u8]) -> crate::world::Ran {
    let empty = World::new();
    std::fs::write(empty.path("it.proof"), bytes).unwrap();
    empty.run("nowhere", &["proof", "check", "it.proof"])
}

/// Puts a right checksum under a proof that was changed.
fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let end = file.len() - 32;
    let checksum = lodemark::hash::sha256(&[&file[..end]]);
    file[end..].copy_from_slice(&checksum.0);
    file
}

#[test]
fn two_buyers_of_one_lot_find_the_double_sale_by_comparing() {
    let world = sold_twice();
    // Nothing that either of them holds looks wrong.
    assert_eq!(world.run("north", &["audit"]).code, 0);
    assert_eq!(world.run("south", &["audit"]).code, 0);
    let ran = world.run(".", &["compare", "north", "south"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    compare(&world, "compare.txt", &ran.out);
    let ran = world.run(".", &["--format", "json", "compare", "north.lode", "south"]);
    assert_eq!((ran.code, field(&ran.out, "format")), (1, "lodemark/compare@1".into()));
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let kinds: Vec<_> = value["contradictions"].as_array().unwrap().iter().map(|one| &one["what"]).collect();
    assert_eq!(kinds[..2], ["fork", "double_use"]);
    assert_eq!(value["contradictions"][1]["shown_by"], "joined");
    assert_eq!(value["contradictions"][1]["lots"][0]["name"], "NDPR-9");
}

#[test]
fn the_proofs_are_checked_in_an_empty_directory() {
    let world = sold_twice();
    for (file, says) in
        proofs(&world).iter().zip(["two different records at position 3", "both use 2 000.000 kg"])
    {
        let ran = check(&std::fs::read(file).unwrap());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains(": it holds") && ran.out.contains(says), "{}", ran.out);
        let json = world.ok(".", &["--format", "json", "proof", "check", &file.display().to_string()]);
        assert_eq!(field(&json, "format"), "lodemark/proof-check@1");
        assert_eq!(field(&json, "verdict"), "holds");
    }
    let shown = world.ok(".", &["proof", "show", &proofs(&world)[1].display().to_string()]);
    assert!(shown.contains("1: a whole record, its inputs shown, "), "{shown}");
    assert!(shown.contains("dispatch record 3 of epoch 0, claims 2026-11-25T"), "{shown}");
    // Written again, the same proofs have the same names and bytes.
    let before = proofs(&world).map(|file| (std::fs::read(&file).unwrap(), file));
    assert_eq!(proofs(&world).map(|file| (std::fs::read(&file).unwrap(), file)), before);
}

#[test]
fn a_damaged_proof_and_one_with_swapped_headers_are_refused() {
    let world = sold_twice();
    let [fork, double_use] = proofs(&world).map(|file| std::fs::read(file).unwrap());
    for file in [&fork, &double_use] {
        let mut damaged = file.clone();
        damaged[200] ^= 1;
        let ran = check(&damaged);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""));
        assert!(ran.err.contains("checksum does not match"), "{}", ran.err);
        let ran = check(&with_checksum(damaged));
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("it does not hold") && ran.out.contains("step `"), "{}", ran.out);
        let ran = check(&file[..file.len() - 1]);
        assert_eq!(ran.code, 4, "{}", ran.err);
    }
    // Head and key take 88 bytes, each header of a fork 276: put the second in the first one's place, signatures stay.
    let mut swapped = fork.clone();
    swapped.copy_within(368..368 + 208, 92);
    swapped[368..368 + 208].copy_from_slice(&fork[92..92 + 208]);
    let ran = check(&with_checksum(swapped));
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("step `signature`"), "{}", ran.out);
}

#[test]
fn other_files_are_no_proofs_and_later_versions_are_not_judged() {
    let world = sold_twice();
    let ran = check(b"a text");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint: name a file that `compare --proofs` wrote"), "{}", ran.err);
    assert_eq!(check(&std::fs::read(world.path("north.lode")).unwrap()).code, 2);
    let mut later = std::fs::read(&proofs(&world)[0]).unwrap();
    later[17] = 2;
    let later = with_checksum(later);
    assert_eq!(check(&later).code, 3);
    std::fs::write(world.path("later.proof"), later).unwrap();
    assert_eq!(world.run(".", &["proof", "show", "later.proof"]).code, 4);
    assert_eq!(world.run(".", &["proof", "check", "absent.proof"]).code, 4);
    assert_eq!(world.run(".", &["proof", "chek", "x"]).code, 2);
}

#[test]
fn honest_ledgers_bring_nothing_to_light() {
    let mut world = World::new();
    let north = world.party("north", "North Metals", "EE-45", "metal_maker", &["P50"]);
    world.party("plant", "Coast Separation", "EE-45", "separator", &["P40"]);
    world.ok("plant", &["party", "add", "north", &north]);
    world.ok("plant", &["opening-stock", "--out", "NDPR-9: oxide.NdPr, 4 t"]);
    world.ok(
        "plant",
        &[
            "repack",
            "--in",
            "NDPR-9",
            "--out",
            "BAG-1: oxide.NdPr, 2 t",
            "--out",
            "BAG-2: oxide.NdPr, 2 t",
            "--mixing",
            "discrete",
        ],
    );
    for (hour, lot, file) in [("09", "BAG-1", "first.lode"), ("10", "BAG-2", "second.lode")] {
        world.at(&format!("2026-11-25T{hour}:00:00Z"));
        world.ok("plant", &["dispatch", lot, "--to", "north"]);
        world.ok("plant", &["export", lot, "--show", "*", "--out", file]);
        world.ok("north", &["import", file]);
    }
    for (a, b) in [("first.lode", "second.lode"), ("plant", "north"), ("north", "first.lode")] {
        let out = world.ok(".", &["compare", a, b, "--proofs", "found"]);
        assert!(out.contains("none in what was read"), "{out}");
    }
    assert!(!world.path("found").exists());
    let ran = world.run(".", &["compare", "plant", "./plant"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("the two are one and the same"), "{}", ran.err);
    world.write("text", "no records");
    assert_eq!(world.run(".", &["compare", "plant", "text"]).code, 2);
    // A file that was damaged on the way leaves open what it might have shown.
    let mut damaged = std::fs::read(world.path("first.lode")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(world.path("damaged.lode"), damaged).unwrap();
    assert_eq!(world.run(".", &["compare", "plant", "damaged.lode"]).code, 3);
}
