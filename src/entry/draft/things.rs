//! Things made of things, as written.

/// What went into which assembly, and what came out of one. Empty for other kinds.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct ThingsDraft {
    pub parts: Vec<PartDraft>,
    pub recovered: Vec<RecoveredDraft>,
}

/// A portion of an input that went into one assembly.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PartDraft {
    /// The lot as it is called in `in`, or its number there from 0; absent where there is one.
    pub of: Option<String>,
    /// The assembly as it is called in `out`, or its number there from 0; absent where there is one.
    pub into: Option<String>,
    /// How much; absent: what `pieces` weigh, else all that is left of the input.
    pub mass: Option<String>,
    /// How many pieces.
    pub pieces: Option<String>,
}

/// An output of a disassembly that is a part put in earlier.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RecoveredDraft {
    /// The lot as it is called in `out`, or its number there from 0; absent where there is one.
    pub lot: Option<String>,
    /// The lot that went in, by label or reference.
    pub was: Option<String>,
}
