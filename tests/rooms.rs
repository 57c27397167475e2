//! Each outside package is named in one room, and arrows between rooms point one way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Package as it is named in code, and where it may be named.
const PACKAGES: &[(&str, &[&str])] = &[
    ("bincode", &["record/"]),
    ("clap", &["cli/", "main.rs"]),
    ("csv", &["text.rs"]),
    ("curve25519_dalek", &["sign/"]),
    ("ed25519_dalek", &["sign/"]),
    ("getrandom", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("jiff", &["model/", "cli/"]),
    ("rust_iso3166", &["model/"]),
    ("serde_json", &["text.rs"]),
    ("sha2", &["hash.rs"]),
    ("sled", &["store/"]),
    ("strsim", &["model/"]),
    ("terminal_size", &["cli/"]),
    ("toml", &["text.rs"]),
    ("unicode_normalization", &["model/"]),
    ("zeroize", &["sign/"]),
];

/// Exceptions, each a package that several rooms name on purpose.
const EVERYWHERE: &[&str] = &["serde", "thiserror", "data_encoding", "rayon"];

/// Room, and the rooms it may use besides itself, `hash` and `text`.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("sign", &["model"]),
    ("record", &["model", "sign"]),
    ("chain", &["model", "sign", "record"]),
    ("log", &["model", "sign", "record"]),
    ("serials", &["model", "log", "sign"]),
    ("store", &["model"]),
    ("custody", &["model"]),
    ("balance", &["model", "custody"]),
    ("origin", &["model", "custody", "balance"]),
    ("trust", &["model"]),
    ("rules", &["model", "custody", "balance", "origin", "trust"]),
    (
        "verify",
        &["model", "sign", "record", "chain", "log", "custody", "balance", "origin", "rules", "trust"],
    ),
    ("entry", &["model", "record"]),
    ("capsule", &["model", "record", "log", "verify"]),
    (
        "ledger",
        &[
            "model", "sign", "record", "chain", "log", "store", "custody", "balance", "entry", "verify",
            "capsule",
        ],
    ),
    (
        "scenario",
        &[
            "model", "sign", "record", "chain", "log", "custody", "balance", "origin", "rules", "trust",
            "verify", "entry", "ledger",
        ],
    ),
    (
        "report",
        &[
            "model", "chain", "log", "custody", "balance", "origin", "rules", "trust", "verify", "ledger",
            "scenario", "record", "entry", "capsule",
        ],
    ),
];

#[test]
fn each_package_is_named_in_its_room_alone() {
    let mut leaks = Vec::new();
    for (file, line, text) in code_lines() {
        for (package, rooms) in PACKAGES {
            let inside = rooms.iter().any(|room| file.starts_with(room));
            if !inside && names(&text, package) {
                leaks.push(format!("{file}:{line} names {package}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn every_dependency_is_in_one_of_the_two_lists() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the package has a manifest");
    let section = manifest.split("[dependencies]").nth(1).expect("it has dependencies");
    let section = section.split("\n[").next().expect("a section has text");
    for line in section.lines().filter(|line| !line.starts_with('#') && line.contains('=')) {
        let name = line.split(['=', ' ']).next().expect("a line has a name").replace('-', "_");
        let listed =
            PACKAGES.iter().any(|(package, _)| *package == name) || EVERYWHERE.contains(&name.as_str());
        assert!(listed, "{name} is in neither list of tests/rooms.rs");
    }
}

/// Packages by which programs reach a network, and what others like them are called.
const NETWORKING: &[&str] = &[
    "actix",
    "async-io",
    "async-std",
    "attohttpc",
    "awc",
    "curl",
    "h2",
    "h3",
    "hickory",
    "http",
    "hyper",
    "isahc",
    "libp2p",
    "mio",
    "minreq",
    "native-tls",
    "openssl",
    "polling",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "smoltcp",
    "socket2",
    "ssh2",
    "surf",
    "tiny_http",
    "tokio",
    "tonic",
    "trust-dns",
    "tungstenite",
    "ureq",
    "url",
    "websocket",
    "ws2_32",
    "zmq",
];

#[test]
fn no_source_names_a_socket_and_no_dependency_is_for_networks() {
    let mut named = Vec::new();
    for (file, line, text) in code_lines() {
        for word in
            ["std::net", "core::net", "os::unix::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"]
        {
            if text.contains(word) {
                named.push(format!("{file}:{line} names {word}"));
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("the package has a lock file");
    let packages: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(packages.len() > 50 && packages.contains(&"sled"), "the lock file was read: {packages:?}");
    let is_networking = |package: &&&str| {
        let is_of = |name: &&&str| **package == **name || package.starts_with(&format!("{name}-"));
        NETWORKING.iter().any(|name| is_of(&name))
    };
    let found: Vec<&&str> = packages.iter().filter(is_networking).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn arrows_between_rooms_point_one_way() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let rooms: Vec<&str> = ARROWS.iter().map(|(room, _)| *room).chain(["cli"]).collect();
    let mut wrong = Vec::new();
    for (file, line, text) in code_lines() {
        let Some(room) = file.split(['/', '.']).next().filter(|room| arrows.contains_key(room)) else {
            continue;
        };
        for other in &rooms {
            let allowed = *other == room || arrows[room].contains(other);
            if !allowed && text.contains(&format!("crate::{other}::")) {
                wrong.push(format!("{file}:{line}: {room} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_neither_prints_nor_looks_at_the_clock() {
    let mut wrong = Vec::new();
    for (file, line, text) in code_lines() {
        if file.starts_with("cli/") || file == "main.rs" {
            continue;
        }
        for word in ["println!", "print!(", "eprint", "SystemTime::now", "Instant::now", "process::exit"] {
            if text.contains(word) {
                wrong.push(format!("{file}:{line}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn names(text: &str, package: &str) -> bool {
    text.match_indices(package).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + package.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.' || c == '"')
            && (after.starts_with("::") || (text.trim_start().starts_with("use ") && after.starts_with(';')))
    })
}

/// Every line of code under `src` that is outside comments and unit tests: file, number, text.
fn code_lines() -> Vec<(String, usize, String)> {
    let src = root().join("src");
    let mut lines = Vec::new();
    for path in files(&src) {
        let file = path.strip_prefix(&src).expect("listed under src").to_string_lossy().replace('\\', "/");
        if file.ends_with("tests.rs") || file.ends_with("testing.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        for (index, line) in text.lines().enumerate() {
            if line.trim() == "#[cfg(test)]" {
                break;
            }
            if !line.trim_start().starts_with("//") {
                lines.push((file.clone(), index + 1, line.to_owned()));
            }
        }
    }
    assert!(lines.len() > 1000, "the sources were found");
    lines
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).expect("a source directory can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
