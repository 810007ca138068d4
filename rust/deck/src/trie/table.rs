//! The first digits: one node of up to a million cells, of which only the changes are stored.
//!
//! Cells stand in groups of 32. A group has two words: a bitmap, whose bit j is set where cell j
//! differs from the one before it, and the place in the arena of the slot that the cell before the
//! group has. The slot of a cell is as many places further as bits are set up to it. Real decks
//! have some fifty thousand changes in a million cells, so that what is looked up first stays in
//! the cache of one core.

use super::Slot;
use zerocopy::little_endian::U32;

/// Cells of a group.
pub const CELLS: usize = 32;

/// Bitmap and place.
pub type Group = [U32; 2];

/// How many groups a table over so many pairs of digits has.
pub fn groups(pairs: u32) -> usize {
    100_usize.pow(pairs).div_ceil(CELLS)
}

/// Append the slots of these cells to the arena; the groups that lead to them.
pub fn push(arena: &mut Vec<u32>, cells: &[Slot]) -> Option<Vec<[u32; 2]>> {
    let mut before = None;
    let mut group = |cells: &[Slot]| {
        let place = u32::try_from(arena.len()).ok()?.wrapping_sub(1);
        let mut bitmap = 0;
        for (bit, slot) in cells.iter().enumerate() {
            if before != Some(*slot) {
                bitmap |= 1 << bit;
                arena.push(slot.0);
                before = Some(*slot);
            }
        }
        Some([bitmap, place])
    };
    cells.chunks(CELLS).map(&mut group).collect()
}

/// Where in the arena the slot of a cell is; out of range if the bytes are broken.
#[inline(always)]
pub fn place(table: &[Group], cell: usize) -> u32 {
    table.get(cell / CELLS).map_or(u32::MAX, |[bitmap, place]| {
        let changes = (bitmap.get() << (CELLS - 1 - cell % CELLS)).count_ones();
        place.get().wrapping_add(changes)
    })
}
