//! The bytes of one node: what each of a hundred pairs of digits leads to.
//!
//! ```text
//! word 0-3    bit i: a prefix ends with the digit i; bit 10 + p: a prefix ends with the pair p
//! word 4      slot of the first of these prefixes, as if it ended with a digit
//! word 5      slot of the pairs that none of them begins: what the node inherits
//! ```
//!
//! An inner node goes on:
//!
//! ```text
//! word 6      slot of the first child
//! word 7-10   bit p: the pair p has a child
//! ```
//!
//! Entries are numbered such that those of one node follow one another in the order of these bits
//! (`build::numbering`), and its children stand side by side. So the number of bits set before that
//! of a pair says which entry or which child it is, and no slots are stored. A child carries what it
//! inherits, so a lookup never comes back up.

use super::Slot;
use super::coding::Coding;
use std::hint::select_unpredictable;
use zerocopy::little_endian::U32;
use zerocopy::transmute;

/// Digits that a node decides.
pub const DIGITS: usize = 2;
/// Pairs of digits.
pub const CELLS: usize = 100;
/// Words of a node without children.
pub const LEAF: usize = 6;
/// Words of a node with children.
pub const INNER: usize = 11;
/// The bit of the first pair among the prefixes that end in the node.
pub const PAIRS: u32 = 10;
/// What makes a slot that is not a node's of any number.
pub const ENTRY: u32 = 0x7fff_ffff;

/// A node as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Prefixes that end here.
    pub ends: u128,
    /// The first of them.
    pub first: Slot,
    /// What pairs under none of them lead to.
    pub inherited: Slot,
    /// The first child.
    pub child: Slot,
    /// Pairs that have one.
    pub children: u128,
}

impl Node {
    /// Write it into as many words as it has: `LEAF` or `INNER`.
    pub fn write(&self, words: &mut [u32]) {
        let word = |bits: u128, at: u32| (bits >> (32 * at)) as u32;
        let ends = [0, 1, 2, 3].map(|at| word(self.ends, at));
        let children = [0, 1, 2, 3].map(|at| word(self.children, at));
        let all = ends.into_iter().chain([self.first.0, self.inherited.0, self.child.0]).chain(children);
        words.iter_mut().zip(all).for_each(|(word, new)| *word = new);
    }
}

/// Words between the children that begin at a slot.
#[inline(always)]
pub fn stride(child: Slot) -> usize {
    if child.is_inner() { INNER } else { LEAF }
}

/// All ones if a bit is in the upper half of a bitmap. Which half is chosen by arithmetic, since nobody predicts it.
#[inline(always)]
fn is_upper(bit: u32) -> u64 {
    u64::from(bit >> 6 & 1).wrapping_neg()
}

/// The half of a bitmap that a bit is in.
#[inline(always)]
fn half(bits: u128, bit: u32) -> u64 {
    let (lower, upper) = (bits as u64, (bits >> 64) as u64);
    lower ^ ((lower ^ upper) & is_upper(bit))
}

/// Bits before one of a bitmap.
#[inline(always)]
fn rank(bits: u128, bit: u32) -> u32 {
    (bits as u64 & is_upper(bit)).count_ones() + (half(bits, bit) & ((1 << (bit & 63)) - 1)).count_ones()
}

#[inline(always)]
fn has(bits: u128, bit: u32) -> bool {
    half(bits, bit) >> (bit & 63) & 1 != 0
}

/// Words of a node from one on, or `None` if they are not inside the arena.
#[inline(always)]
fn words<const COUNT: usize>(arena: &[U32], node: Slot, from: usize) -> Option<&[U32; COUNT]> {
    arena.get(node.offset() + from..)?.first_chunk()
}

/// The child of a pair of digits of a node with children, and whether it has one. Nothing else is read of it.
#[inline(always)]
pub fn child(arena: &[U32], node: Slot, cell: u8) -> (Slot, bool) {
    let Some([child, a, b, c, d]) = words(arena, node, LEAF) else { return (Slot::BROKEN, true) };
    let (child, children) = (Slot(child.get()), u128::from_le_bytes(transmute!([*a, *b, *c, *d])));
    let at = rank(children, cell.into()) as usize * stride(child);
    (Slot(1 << 31 | child.0.wrapping_add(at as u32)), has(children, cell.into()))
}

/// The words that say what the prefixes of a node are; those of one that is nowhere lead to nothing good.
#[inline(always)]
pub fn leaf(arena: &[U32], node: Slot) -> &[U32; LEAF] {
    const BROKEN: U32 = U32::new(Slot::BROKEN.0);
    static NOWHERE: [U32; LEAF] = [U32::ZERO, U32::ZERO, U32::ZERO, U32::ZERO, BROKEN, BROKEN];
    words(arena, node, 0).unwrap_or(&NOWHERE)
}

/// The entry of a pair of digits that has no child, in the coding of the deck.
#[inline(always)]
pub fn entry<const MANY: bool>(arena: &[U32], node: Slot, cell: u8) -> Slot {
    let Some([a, b, c, d, first, inherited]) = words(arena, node, 0) else { return Slot::BROKEN };
    let ends = u128::from_le_bytes(transmute!([*a, *b, *c, *d]));
    let (pair, digit) = (PAIRS + u32::from(cell), u32::from(cell) / 10);
    let (ends_pair, ends_digit) = (has(ends, pair), ends as u64 >> digit & 1 != 0);
    let before = (ends as u64 & ((1 << digit) - 1)).count_ones();
    let before = select_unpredictable(ends_pair, rank(ends, pair) | Coding::longer(MANY), before);
    let entry = first.get().wrapping_add(before);
    Slot(ENTRY & select_unpredictable(ends_pair | ends_digit, entry, inherited.get()))
}

/// What a pair of digits leads to.
#[inline(always)]
pub fn slot<const MANY: bool>(arena: &[U32], node: Slot, cell: u8) -> Slot {
    if node.is_inner()
        && let (child, true) = child(arena, node, cell)
    {
        return child;
    }
    entry::<MANY>(arena, node, cell)
}

/// The slot at a place of the arena.
#[inline(always)]
pub fn slot_at(arena: &[U32], place: u32) -> Slot {
    arena.get(place as usize).map_or(Slot::BROKEN, |word| Slot(word.get()))
}
