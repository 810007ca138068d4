//! Sorted prefixes to a table and an arena, in one pass.
//!
//! Assumes prefixes in the order of `Digits::aligned`, then of length, each once: every prefix then
//! stands before the longer ones under it, and those stand together. So one walk over them fills
//! the cells of a node front to back, shorter prefixes first, and hands each run that is longer
//! than the node to a child, with the slot it would inherit. O(prefixes + nodes).

use super::{Slot, node, table};

/// One prefix on its way into the trie.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// `Digits::aligned`.
    pub aligned: u64,
    /// Digits of the prefix.
    pub count: u32,
    /// What it leads to.
    pub slot: Slot,
}

/// A table over the first `2 * pairs` digits and the nodes below it.
#[derive(Debug, Default)]
pub struct Built {
    /// Pairs of digits that the table decides: 1, 2 or 3.
    pub pairs: u32,
    /// Groups of `table`.
    pub table: Vec<[u32; 2]>,
    /// Nodes, back to back, and behind them the slots of the table.
    pub arena: Vec<u32>,
}

/// The arena would need more than 2^31 words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArenaFull;

/// How many pairs of digits the table should decide for so many prefixes.
///
/// Six digits are fastest and cost 250 kB; a deck too small to be worth that gets a smaller table.
pub fn pairs_for(prefixes: usize) -> u32 {
    match prefixes {
        0..100 => 1,
        100..10_000 => 2,
        _ => 3,
    }
}

/// Build the trie of these leaves.
pub fn build(leaves: &[Leaf], pairs: u32) -> Result<Built, ArenaFull> {
    let digits = 2 * pairs as usize;
    let mut cells = vec![Slot::NONE; 100_usize.pow(pairs)];
    let mut arena = Vec::new();
    fill(leaves, 0, digits, &mut cells, &mut arena)?;
    let table = table::push(&mut arena, &cells).ok_or(ArenaFull)?;
    Ok(Built { pairs, table, arena })
}

/// What one unit of the last of so many digits is worth in `Digits::aligned`.
pub const UNIT: [u64; 17] = {
    let mut unit = [1; 17];
    let mut digits = 16;
    while digits > 0 {
        digits -= 1;
        unit[digits] = 10 * unit[digits + 1];
    }
    unit
};

/// Fill the cells of a node, which hold what they inherit: the first begins at `start`, and each is
/// decided by the digits before `end`.
///
/// Recursion is as deep as a number is long: seven calls at most.
fn fill(
    leaves: &[Leaf],
    start: u64,
    end: usize,
    cells: &mut [Slot],
    arena: &mut Vec<u32>,
) -> Result<(), ArenaFull> {
    let unit = UNIT[end];
    let mut rest = leaves;
    while let Some((leaf, behind)) = rest.split_first() {
        let cell = ((leaf.aligned - start) / unit) as usize;
        let count = leaf.count as usize;
        if count <= end {
            let span = (UNIT[count] / unit) as usize;
            cells[cell..cell + span].fill(leaf.slot);
            rest = behind;
        } else {
            // The shorter prefixes of a cell stand before the longer ones: all that follow are longer.
            let from = start + cell as u64 * unit;
            let run = rest.iter().take_while(|other| other.aligned - from < unit).count();
            let mut below = [cells[cell]; node::CELLS];
            fill(&rest[..run], from, end + node::DIGITS, &mut below, arena)?;
            cells[cell] = node::push(arena, &below).ok_or(ArenaFull)?;
            rest = &rest[run..];
        }
    }
    Ok(())
}
