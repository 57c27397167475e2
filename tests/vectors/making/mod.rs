//! What the vectors are made of. Spec: docs/formats/record.md, proof.md, log.md and capsule.md, "Vectors".

mod capsules;
mod chains;
mod damaged;
mod file;
mod good;
mod logs;
mod parts;
mod proofs;
mod samples;
mod serials;
mod signatures;

pub use file::File;

/// Returns every vector file, in the order of their paths.
pub fn files() -> Vec<File> {
    let mut files = good::files();
    files.extend(damaged::files());
    files.extend(signatures::files());
    files.extend(proofs::files());
    files.extend(serials::files());
    files.extend(logs::files());
    files.extend(capsules::files());
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let repeated = files.windows(2).find(|pair| pair[0].path == pair[1].path);
    assert!(repeated.is_none(), "two vectors of one name: {repeated:?}");
    files
}
