//! Origin: from where, and through which places, how much of each element of a lot came.
//!
//! Values in, shares out; what a share means for a rule is decided in `rules`. Bounds are sound outer bounds: whatever
//! the records leave open, the truth lies between them. Spec: docs/origin.md.

pub mod average;
pub mod claimed;
mod fixed;
mod flow;
pub mod heel;
pub mod model;
mod paths;
pub mod portfolio;
pub mod site;
mod source;
pub mod stock;
pub mod traced;
pub mod view;
pub mod whole;

#[cfg(test)]
mod tests;
