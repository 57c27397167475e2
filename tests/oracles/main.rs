//! Slow, obvious references for the balance and origin engines, against random worlds in which the truth is known.
//!
//! Every world comes from a seed, and a failing one prints itself.

mod book;
mod chance;
mod contents;
mod cuts;
mod enclosed;
mod flow;
mod gains;
mod order;
mod pieces;
mod scale;
#[path = "../shared/mod.rs"]
mod shared;
mod world;

/// Returns how many worlds to try: a tenth of them where arithmetic is slow.
fn many(worlds: u64) -> u64 {
    if cfg!(debug_assertions) { worlds / 10 } else { worlds }
}
