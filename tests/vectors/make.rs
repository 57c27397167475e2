//! Writes the test vectors of records and signatures: `cargo run --example make_vectors`.
//!
//! Every byte comes from fixed seeds and a fixed clock. Tests read what is committed and never write; one of
//! them checks that this command would write the same. Spec: docs/formats/record.md, "Vectors".

mod making;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let files = making::files();
    for file in &files {
        let path = root.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("every vector lies in a directory"))?;
        std::fs::write(path, &file.text)?;
    }
    println!("{} vectors written below {}", files.len(), root.display());
    Ok(())
}
