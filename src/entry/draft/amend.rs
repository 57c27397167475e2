//! What records say about earlier ones.

use crate::entry::draft::Draft;
use crate::entry::tree::Tree;

/// Fields of `correct`, `dispute` and `resolve`, as docs/formats/entry.md names them.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs)]
pub struct AmendDraft {
    pub with: Option<Box<Draft>>,
    /// Changed values by path, over what the record states.
    pub change: Vec<(String, Tree)>,
    pub about: Option<String>,
    pub claim: Option<String>,
    pub outcome: Option<String>,
    pub terms: Option<String>,
}
