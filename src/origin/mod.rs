//! Origin: from where, and through which places, how much of each element of a lot came.
//!
//! Values in, shares out; what a share means for a rule is decided in `rules`. Spec: docs/origin.md.
