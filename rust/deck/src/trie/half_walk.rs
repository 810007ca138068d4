//! The walk of a block for processors with AVX2.
//!
//! The same as `walk`, a level of all numbers at a time. Lists are pressed together eight numbers an instruction,
//! and what a last node says is worked out for four of them; nodes with children, of which decks of prefixes
//! have hardly any, are followed one by one.

use super::block::{BLOCK, Block};
use super::half::{LANES, append, bits, half, load, load_half, narrow};
use super::walk::{Hints, LEVELS, Trie, give_up, prefetch, prefetch_node};
use super::{Slot, node, table};
use std::arch::x86_64::*;
use zerocopy::little_endian::U32;
use zerocopy::transmute;

/// Numbers whose last nodes are read together.
const NODES: usize = 4;

half! {

/// The slots of numbers whose keys and cells are in the block.
pub(super) fn walk(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let sets = rows.div_ceil(LANES);
    roots(trie, block, (LANES * sets).min(BLOCK));
    let [mut way, mut end] = sort(block, sets);
    for level in trie.depth..LEVELS {
        ask(trie, block, &[way, end]);
        let next = descend(trie, block, level, way, &mut end);
        arrive(trie, block, level, end);
        [way, end] = next;
        block.list[..end].copy_from_slice(&block.end.list[..end]);
        if way + end == 0 {
            return;
        }
    }
    // At a node, and there are no more digits.
    give_up(&mut block.slot, &block.way.list[..way]);
    give_up(&mut block.slot, &block.list[..end]);
}

/// Look up the table.
fn roots(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    if trie.hints() == Hints::None {
        for (slot, cell) in block.slot[..rows].iter_mut().zip(&block.place) {
            *slot = trie.root(*cell as usize);
        }
        return;
    }
    for place in &mut block.place[..rows] {
        prefetch(trie.table, *place as usize / table::CELLS);
    }
    for place in &mut block.place[..rows] {
        *place = table::place(trie.table, *place as usize);
        prefetch(trie.arena, *place as usize);
    }
    for (slot, place) in block.slot[..rows].iter_mut().zip(&block.place) {
        *slot = node::slot_at(trie.arena, *place);
    }
}

/// List the numbers at nodes with children in `way`, those at others in `list`; how many they are.
fn sort(block: &mut Block, sets: usize) -> [usize; 2] {
    let [mut way, mut end] = [0, 0];
    for (at, slots) in block.slot.as_chunks::<LANES>().0.iter().enumerate().take(sets) {
        let slots = load(slots);
        let (nodes, inner) = (bits(slots), bits(_mm256_slli_epi32::<1>(slots)));
        way = append(&mut block.way.list, way, nodes & inner, LANES * at);
        end = append(&mut block.list, end, nodes & !inner, LANES * at);
    }
    [way, end]
}

/// Ask for the nodes that so many numbers on their way, and so many at their last node, are at.
fn ask(trie: &Trie<'_>, block: &Block, [way, end]: &[usize; 2]) {
    if trie.hints() == Hints::None {
        return;
    }
    for at in block.way.list[..*way].iter().chain(&block.list[..*end]) {
        let slot = block.slot[usize::from(*at) & (BLOCK - 1)];
        match trie.hints() {
            Hints::BothLines => prefetch_node::<2>(trie, slot),
            _ => prefetch_node::<1>(trie, slot),
        }
    }
}

/// One level of those on their way. Who finds no child joins those at their last node; how many are on their
/// way to another level, and at the last node of that.
fn descend(trie: &Trie<'_>, block: &mut Block, level: u32, way: usize, end: &mut usize) -> [usize; 2] {
    let [mut on, mut out] = [0, 0];
    for step in 0..way.min(BLOCK) {
        let number = block.way.list[step];
        let at = usize::from(number) & (BLOCK - 1);
        let (child, found) = node::child(trie.arena, block.slot[at], (block.key[at] >> (8 * level)) as u8);
        block.slot[at] = if found { child } else { block.slot[at] };
        // Without a branch: all three lists are written, and one becomes longer.
        block.way.list[on & (BLOCK - 1)] = number;
        block.end.list[out & (BLOCK - 1)] = number;
        block.list[*end & (BLOCK - 1)] = number;
        on += usize::from(found & child.is_inner());
        out += usize::from(found & child.is_node() & !child.is_inner());
        *end += usize::from(!found);
    }
    [on, out]
}

/// The entries of the numbers listed, at the last node of their ways: `node::entry`.
fn arrive(trie: &Trie<'_>, block: &mut Block, level: u32, end: usize) {
    let (fours, rest) = block.list[..end.min(BLOCK)].as_chunks::<NODES>();
    let shift = _mm_cvtsi32_si128(8 * level as i32);
    let (one, byte) = (_mm256_set1_epi64x(1), _mm256_set1_epi64x(0xff));
    let zero = _mm256_setzero_si256();
    for list in fours {
        let at = list.map(|at| usize::from(at) & (BLOCK - 1));
        let [a, b, c, d] = at.map(|at| node::leaf(trie.arena, block.slot[at]));
        let key = |at: usize| block.key[at].cast_signed();
        let keys = _mm256_setr_epi64x(key(at[0]), key(at[1]), key(at[2]), key(at[3]));
        let cell = _mm256_and_si256(_mm256_srl_epi64(keys, shift), byte);
        let (even, odd) = (two(ends(a), ends(c)), two(ends(b), ends(d)));
        let (lower, upper) = (_mm256_unpacklo_epi64(even, odd), _mm256_unpackhi_epi64(even, odd));
        let entries = _mm256_setr_epi64x(entries(a), entries(b), entries(c), entries(d));
        // Shifts by 64 or more, also by less than nothing, give no bit.
        let pair = _mm256_add_epi64(cell, _mm256_set1_epi64x(node::PAIRS.into()));
        let in_lower = _mm256_sllv_epi64(one, pair);
        let in_upper = _mm256_sllv_epi64(one, _mm256_sub_epi64(pair, _mm256_set1_epi64x(64)));
        let digit = _mm256_srli_epi64::<11>(_mm256_mul_epu32(cell, _mm256_set1_epi64x(205)));
        let digit = _mm256_sllv_epi64(one, digit);
        let in_upper = _mm256_and_si256(upper, in_upper);
        let hit = _mm256_or_si256(_mm256_and_si256(lower, in_lower), in_upper);
        let no_pair = _mm256_cmpeq_epi64(hit, zero);
        let inherits = _mm256_cmpeq_epi64(_mm256_or_si256(hit, _mm256_and_si256(lower, digit)), zero);
        // What stands before the bit; of a pair in the upper half that is the whole lower one.
        let bit = _mm256_blendv_epi8(in_lower, digit, no_pair);
        let lower = _mm256_and_si256(lower, _mm256_sub_epi64(bit, one));
        let before = _mm256_andnot_si256(_mm256_cmpeq_epi64(in_upper, zero), _mm256_sub_epi64(in_upper, one));
        let rank = count(lower, _mm256_and_si256(upper, before));
        let longer = _mm256_andnot_si256(no_pair, _mm256_set1_epi64x(1 << Slot::DIGITS_FROM));
        let entry = _mm256_add_epi32(entries, _mm256_or_si256(rank, longer));
        let entry = _mm256_blendv_epi8(entry, _mm256_srli_epi64::<32>(entries), inherits);
        let found = _mm_and_si128(narrow(entry), _mm_set1_epi32(node::ENTRY as i32));
        block.slot[at[0]] = Slot(_mm_extract_epi32::<0>(found) as u32);
        block.slot[at[1]] = Slot(_mm_extract_epi32::<1>(found) as u32);
        block.slot[at[2]] = Slot(_mm_extract_epi32::<2>(found) as u32);
        block.slot[at[3]] = Slot(_mm_extract_epi32::<3>(found) as u32);
    }
    for at in rest {
        let at = usize::from(*at) & (BLOCK - 1);
        let cell = (block.key[at] >> (8 * level)) as u8;
        block.slot[at] = node::entry::<false>(trie.arena, block.slot[at], cell);
    }
}

/// How many bits are set in both of two halves.
fn count(lower: __m256i, upper: __m256i) -> __m256i {
    let few = _mm256_set1_epi8(15);
    let bits = _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    let bits = _mm256_broadcastsi128_si256(bits);
    let bytes = |half| {
        let front = _mm256_shuffle_epi8(bits, _mm256_and_si256(half, few));
        let back = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi64::<4>(half), few));
        _mm256_add_epi8(front, back)
    };
    _mm256_sad_epu8(_mm256_add_epi8(bytes(lower), bytes(upper)), _mm256_setzero_si256())
}

/// The bitmap of a node.
fn ends(node: &[U32; node::LEAF]) -> __m128i {
    let [a, b, c, d, ..] = *node;
    load_half(&[a, b, c, d])
}

/// Its entries: the first below the inherited one.
fn entries(node: &[U32; node::LEAF]) -> i64 {
    let [.., first, inherited] = *node;
    i64::from_le_bytes(transmute!([first, inherited]))
}

/// A vector of two halves.
fn two(front: __m128i, back: __m128i) -> __m256i {
    _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(front), back)
}

}
