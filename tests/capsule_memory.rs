//! A capsule that announces more than it holds is refused before memory is reserved for it.
//!
//! Alone in its process, since what a process has allocated is counted for all of it.

use lodemark::capsule::{self, Fault, MAGIC, VERSION};
use lodemark::hash::sha256;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Bytes that reading may take beside a multiple of the file.
const SLACK: usize = 64 << 10;
/// What a byte of a file may take in memory: a chain of 39 bytes has its place in a list.
const TIMES: usize = 10;

fn sealed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = [&MAGIC[..], &VERSION.to_be_bytes(), &parts.concat()].concat();
    let checksum = sha256(&[&bytes]);
    bytes.extend(checksum.0);
    bytes
}

/// Reads a bomb and returns what is wrong with it.
fn defused(bytes: &[u8]) -> Fault {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let fault = capsule::read(bytes).expect_err("it must not read").fault;
    let took = ALLOCATED.peak_usage() - before;
    assert!(took <= SLACK + TIMES * bytes.len(), "{fault}: {took} bytes for a file of {}", bytes.len());
    fault
}

#[test]
fn what_a_capsule_announces_is_not_reserved_before_it_is_there() {
    let most = |count: u32| count.to_be_bytes();
    let subject = [&[1_u8][..], &most(1), &[1; 36], &most(0)].concat();
    let chain = [&subject[..], &most(1), &[2; 34]].concat();
    let log = [&chain[..], &[1], &1_u64.to_be_bytes(), &[0; 128]].concat();
    let record = [&chain[..], &[0], &most(1), &[1]].concat();
    let stored = [&record[..], &most(272), &[0; 22], &[2; 2], &[2; 248]].concat();
    let tail = |chain: &[u8]| [chain, &[0], &most(1), &[0], &[0; 22], &[2; 2], &[2; 248]].concat();
    let bombs: [(&str, Vec<u8>); 11] = [
        ("lots", [&[1_u8][..], &most(u32::MAX)].concat()),
        ("cuts", [&[1_u8][..], &most(1), &[1; 36], &most(256)].concat()),
        ("chains", [&subject[..], &most(65_536)].concat()),
        ("entries", [&chain[..], &[0], &most(1 << 20)].concat()),
        ("cosignatures", [&log[..], &most(63)].concat()),
        ("nodes", [&log[..], &most(0), &most(1 << 22)].concat()),
        ("a record", [&record[..], &most(4_595_984)].concat()),
        ("items", [&stored[..], &most(4096)].concat()),
        ("a value", [&stored[..], &most(1), &[0; 20], &most(4 << 20)].concat()),
        ("packs", [&tail(&chain)[..], &most(256)].concat()),
        (
            "a document",
            [&tail(&chain)[..], &most(0), &most(1), &[0; 32], &(64_u64 << 20).to_be_bytes()].concat(),
        ),
    ];
    for (what, bomb) in bombs {
        let fault = defused(&sealed(&[&bomb, &[0; 40]]));
        let is_counted = matches!(fault, Fault::CutShort(_) | Fault::Count { .. });
        assert!(is_counted, "{what}: {fault}");
    }
    // As many chains as the bytes could hold at their least, none of which is one.
    let many = 20_000;
    let fault = defused(&sealed(&[&subject, &most(many), &vec![0xff; many as usize * 39]]));
    assert_eq!(fault, Fault::Unknown { what: "log", number: 255 });
    // A file that is too long is not looked into at all.
    let long = vec![0; capsule::CAPSULE_MAX + 1];
    assert_eq!(defused(&long), Fault::TooLong(capsule::CAPSULE_MAX + 1));
}
