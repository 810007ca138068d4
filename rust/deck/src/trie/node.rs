//! The bytes of one node: a hundred cells, of which only the changes are stored.
//!
//! ```text
//! word 0-3   bitmap: bit j is set where cell j differs from cell j-1 (bit 0 always)
//! word 4     set bits before word 1, 2 and 3, a byte each; the lowest byte is 0
//! word 5..   one slot per set bit
//! ```
//!
//! The slot of cell j is the one whose rank is the number of set bits up to and including j. Leaves
//! carry what they inherit, so a lookup never comes back up.

use super::Slot;
use zerocopy::little_endian::U32;

/// Digits that a node decides.
pub const DIGITS: usize = 2;
/// Cells of a node.
pub const CELLS: usize = 100;
const HEADER: usize = 5;

/// Append the node of these cells and say where it is, or `None` if the arena is full.
pub fn push(arena: &mut Vec<u32>, cells: &[Slot; CELLS]) -> Option<Slot> {
    let offset = u32::try_from(arena.len()).ok().filter(|offset| offset >> 31 == 0)?;
    let mut words = [0_u32; HEADER];
    let start = arena.len();
    arena.extend_from_slice(&words);
    let mut before = None;
    for (cell, slot) in cells.iter().enumerate() {
        if before != Some(*slot) {
            words[cell >> 5] |= 1 << (cell & 31);
            arena.push(slot.0);
            before = Some(*slot);
        }
    }
    let mut count = 0;
    for word in 1..4 {
        count += words[word - 1].count_ones();
        words[4] |= count << (8 * word);
    }
    arena[start..start + HEADER].copy_from_slice(&words);
    Some(Slot::node(offset))
}

/// Where in the arena the slot of a cell is; out of range if the bytes are broken.
#[inline(always)]
pub fn place(arena: &[U32], offset: usize, cell: u32) -> usize {
    let word = (cell >> 5) as usize & 3;
    match arena.get(offset..offset + HEADER) {
        Some(header) => {
            let rank = header[4].get() >> (8 * word) & 0xff;
            let within = (header[word].get() << (31 - (cell & 31))).count_ones();
            offset + HEADER - 1 + (rank + within) as usize
        }
        None => usize::MAX,
    }
}

/// The slot at a place that `place` gave.
#[inline(always)]
pub fn slot(arena: &[U32], place: usize) -> Slot {
    arena.get(place).map_or(Slot::BROKEN, |word| Slot(word.get()))
}
