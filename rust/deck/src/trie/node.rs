//! The bytes of one node: a hundred cells, of which only the changes are stored.
//!
//! ```text
//! word 0-2   bitmap: bit j is set where cell j differs from cell j-1 (bit 0 always)
//! word 3     its last four bits, then from bit 8 on a byte each: bits set in word 0, 0-1, 0-2
//! word 4..   one slot per set bit
//! ```
//!
//! The slot of cell j is the one whose rank is the number of set bits up to and including j: one
//! population count and one of the sums. Leaves carry what they inherit, so a lookup never comes
//! back up.

use super::Slot;
use zerocopy::little_endian::U32;

/// Digits that a node decides.
pub const DIGITS: usize = 2;
/// Cells of a node.
pub const CELLS: usize = 100;
/// Words before the slots.
pub const HEADER: usize = 4;

/// Append the node of these cells and say where it is, or `None` if the arena is full.
pub fn push(arena: &mut Vec<u32>, cells: &[Slot; CELLS]) -> Option<Slot> {
    let offset = u32::try_from(arena.len()).ok().filter(|offset| offset >> 31 == 0)?;
    let mut header = [0_u32; HEADER];
    let start = arena.len();
    arena.extend_from_slice(&header);
    let mut before = None;
    for (cell, slot) in cells.iter().enumerate() {
        if before != Some(*slot) {
            header[cell >> 5] |= 1 << (cell & 31);
            arena.push(slot.0);
            before = Some(*slot);
        }
    }
    let (mut sum, mut sums) = (0, 0);
    for (word, bits) in header[..HEADER - 1].iter().enumerate() {
        sum += bits.count_ones();
        sums |= sum << (8 * (word + 1));
    }
    header[HEADER - 1] |= sums;
    arena[start..start + HEADER].copy_from_slice(&header);
    Some(Slot::node(offset))
}

/// The first words of a node.
#[inline(always)]
pub fn header(arena: &[U32], offset: usize) -> Option<&[U32; HEADER]> {
    arena.get(offset..offset + HEADER).and_then(|words| words.first_chunk())
}

/// Where in the arena the slot of a cell is; out of range if the bytes are broken.
#[inline(always)]
pub fn place(arena: &[U32], offset: usize, cell: u8) -> u32 {
    header(arena, offset).map_or(u32::MAX, |header| {
        let word = usize::from(cell >> 5) & 3;
        let within = (header[word].get() << (31 - (cell & 31))).count_ones();
        // Which word is not predictable, so the sums are shifted, and that before word 0 is zeros.
        let before = (header[HEADER - 1].get() & 0xffff_ff00) >> (8 * word) & 0xff;
        (offset + HEADER - 1) as u32 + before + within
    })
}

/// The next cell whose slot is another; beyond the last if there is none.
pub fn next_change(arena: &[U32], offset: usize, cell: u8) -> u64 {
    let bits = |header: &[U32; HEADER]| {
        let word = |at: usize| u128::from(header[at].get());
        word(0) | word(1) << 32 | word(2) << 64 | (word(3) & 0xf) << 96
    };
    let behind = header(arena, offset).map_or(0, |header| bits(header) >> cell >> 1);
    u64::from(cell) + 1 + u64::from(behind.trailing_zeros())
}

/// The slot at a place that `place` gave.
#[inline(always)]
pub fn slot_at(arena: &[U32], place: u32) -> Slot {
    arena.get(place as usize).map_or(Slot::BROKEN, |word| Slot(word.get()))
}
