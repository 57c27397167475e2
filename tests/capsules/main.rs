//! What capsules promise, shown on the bytes of whole ones: nothing is left out of them, nothing in them is changed,
//! and nothing that was kept back is in them.

mod flips;
mod hostile;
mod ledger;
mod offline;
mod omission;
mod same_findings;
mod told;
