//! The first digits: one node of up to ten million cells, of which only the changes are stored.
//!
//! Cells stand in groups of 32. A group has two words: a bitmap, whose bit j is set where cell j
//! differs from the one before it, and the place in the arena of the slot that the cell before the
//! group has. The slot of a cell is as many places further as bits are set up to it. Most groups of
//! a table over seven digits are of numbers that nobody has: what is looked up stays near.

use super::Slot;
use zerocopy::little_endian::U32;

/// Cells of a group.
pub const CELLS: usize = 32;

/// Bitmap and place.
pub type Group = [U32; 2];

/// How many digits a table over so many bytes of the key decides: the first byte is one digit.
pub const fn digits(bytes: u32) -> usize {
    2 * bytes as usize - 1
}

/// How many cells it has.
pub const fn cells(bytes: u32) -> usize {
    10_usize.pow(2 * bytes - 1)
}

/// How many groups.
pub const fn groups(bytes: u32) -> usize {
    cells(bytes).div_ceil(CELLS)
}

/// A slot that holds from a cell on.
pub type Run = (usize, Slot);

/// Append the slots of a table over so many bytes of the key to the arena; the groups that lead to them.
///
/// Runs are in the order of their cells; of several that begin at one cell the last counts.
pub fn push(arena: &mut Vec<u32>, bytes: u32, runs: &[Run]) -> Option<Vec<[u32; 2]>> {
    let mut runs = runs.chunk_by(|a, b| a.0 == b.0).filter_map(|same| same.last()).peekable();
    let mut before = None;
    let mut group = |number: usize| {
        let place = u32::try_from(arena.len()).ok()?.wrapping_sub(1);
        let mut bitmap = 0;
        while let Some((cell, slot)) = runs.next_if(|(cell, _)| cell / CELLS == number) {
            if before != Some(*slot) {
                bitmap |= 1 << (cell % CELLS);
                arena.push(slot.0);
                before = Some(*slot);
            }
        }
        Some([bitmap, place])
    };
    (0..groups(bytes)).map(&mut group).collect()
}

/// Where in the arena the slot of a cell is; out of range if the bytes are broken.
#[inline(always)]
pub fn place(table: &[Group], cell: usize) -> u32 {
    table.get(cell / CELLS).map_or(u32::MAX, |[bitmap, place]| {
        let changes = (bitmap.get() << (CELLS - 1 - cell % CELLS)).count_ones();
        place.get().wrapping_add(changes)
    })
}

/// The next cell whose slot is another; beyond the last if there is none.
pub fn next_change(table: &[Group], cell: usize) -> usize {
    let next = cell + 1;
    let mut kept = u32::MAX << (next % CELLS);
    for (number, [bitmap, _]) in table.iter().enumerate().skip(next / CELLS) {
        let bits = bitmap.get() & kept;
        if bits != 0 {
            return CELLS * number + bits.trailing_zeros() as usize;
        }
        kept = u32::MAX;
    }
    usize::MAX
}
