//! The bytes of one node: a hundred cells, of which only the changes are stored.
//!
//! ```text
//! word 0-3   bitmap: bit j is set where cell j differs from cell j-1 (bit 0 always)
//! word 4..   one slot per set bit
//! ```
//!
//! The slot of cell j is the one whose rank is the number of set bits up to and including j: two
//! population counts. Leaves carry what they inherit, so a lookup never comes back up. Behind the
//! last node stand `PADDING` zeros, so that one comparison checks all words that a lookup can touch.

use super::Slot;
use zerocopy::little_endian::U32;

/// Digits that a node decides.
pub const DIGITS: usize = 2;
/// Cells of a node.
pub const CELLS: usize = 100;
/// Words that the last node needs behind it.
pub const PADDING: usize = REACH;
const HEADER: usize = 4;
/// Words from the start of a node that any bitmap can lead to.
const REACH: usize = HEADER + 128;

/// Append the node of these cells and say where it is, or `None` if the arena is full.
pub fn push(arena: &mut Vec<u32>, cells: &[Slot; CELLS]) -> Option<Slot> {
    let offset = u32::try_from(arena.len()).ok().filter(|offset| offset >> 31 == 0)?;
    let mut bitmap = [0_u32; HEADER];
    let start = arena.len();
    arena.extend_from_slice(&bitmap);
    let mut before = None;
    for (cell, slot) in cells.iter().enumerate() {
        if before != Some(*slot) {
            bitmap[cell >> 5] |= 1 << (cell & 31);
            arena.push(slot.0);
            before = Some(*slot);
        }
    }
    arena[start..start + HEADER].copy_from_slice(&bitmap);
    Some(Slot::node(offset))
}

/// Where, from the start of a node, the slot of a cell is.
#[inline(always)]
fn rank(node: &[U32; REACH], cell: u8) -> usize {
    let half = |at: usize| u64::from(node[at].get()) | u64::from(node[at + 1].get()) << 32;
    // Which half is not predictable, so both paths are arithmetic: no branch.
    let upper = usize::from(cell >> 6) & 1;
    let before = half(0).count_ones() & (upper as u32).wrapping_neg();
    let within = (half(2 * upper) << (63 - (cell & 63))).count_ones();
    HEADER - 1 + (before + within) as usize
}

/// The words of a node, as far as a lookup can reach.
#[inline(always)]
fn node(arena: &[U32], offset: usize) -> Option<&[U32; REACH]> {
    arena.get(offset..offset + REACH).and_then(|words| words.first_chunk())
}

/// Where in the arena the slot of a cell is; out of range if the bytes are broken.
#[inline(always)]
pub fn place(arena: &[U32], offset: usize, cell: u8) -> u32 {
    node(arena, offset).map_or(u32::MAX, |node| (offset + rank(node, cell)) as u32)
}

/// The slot of a cell.
#[inline(always)]
pub fn slot(arena: &[U32], offset: usize, cell: u8) -> Slot {
    node(arena, offset).map_or(Slot::BROKEN, |node| Slot(node[rank(node, cell)].get()))
}

/// The next cell whose slot is another; beyond the last if there is none.
pub fn next_change(arena: &[U32], offset: usize, cell: u8) -> u64 {
    let bits = |node: &[U32; REACH]| {
        node[..HEADER].iter().rev().fold(0, |bits, word| bits << 32 | u128::from(word.get()))
    };
    let behind = node(arena, offset).map_or(0, |node| bits(node) >> cell >> 1);
    u64::from(cell) + 1 + u64::from(behind.trailing_zeros())
}

/// The slot at a place that `place` gave.
#[inline(always)]
pub fn slot_at(arena: &[U32], place: u32) -> Slot {
    arena.get(place as usize).map_or(Slot::BROKEN, |word| Slot(word.get()))
}
