//! Published test data that lies beside the project and is read, never copied.

use std::path::{Path, PathBuf};

/// Returns the path of `name` below the nearest `shared/data` in a directory above the package.
///
/// `None`, with a loud line on standard error, when there is none: the caller skips its test.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|directory| directory.join("shared/data").join(name))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: no `shared/data/{name}` in any directory above the package; nothing was checked");
    }
    found
}
