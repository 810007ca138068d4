//! From numbers to slots, one by one or a block at a time.
//!
//! A block is walked level by level, not number by number: how deep a number goes is not
//! predictable, and a loop per number would mispredict once or twice each. After every level the
//! numbers still at a node are gathered into a list without a branch.
//!
//! Safety model: the bytes are borrowed and never written; every index into them is checked, and a
//! node that leads outside gives `Slot::BROKEN`. The only `unsafe` is the call of the same safe
//! code compiled for a CPU with wider vectors, after asking that CPU, and the prefetch hint.

use super::{Slot, node};
use crate::digits::Raw;
use zerocopy::little_endian::U32;

/// Numbers in a block: large enough to keep the memory busy, small enough for the first-level cache.
pub const BLOCK: usize = 1024;

/// Bytes from which a deck no longer fits the cache share of one core, so that asking for memory
/// ahead of time gains more than the request costs.
const PREFETCH_FROM: usize = 6 << 20;

/// A block of numbers and what they lead to, as columns.
pub struct Block {
    /// Left-aligned text, first half; raw before `find`, without plus and checked after it.
    pub low: [u64; BLOCK],
    /// Second half.
    pub high: [u64; BLOCK],
    /// Bytes of the raw text before `find`, digits after it; 0 = no number.
    pub count: [u64; BLOCK],
    /// Where each number leads.
    pub slot: [Slot; BLOCK],
    key: [u64; BLOCK],
    list: [u16; BLOCK],
    place: [u32; BLOCK],
}

impl Default for Block {
    fn default() -> Self {
        Self {
            low: [0; BLOCK],
            high: [0; BLOCK],
            count: [0; BLOCK],
            slot: [Slot::NONE; BLOCK],
            key: [0; BLOCK],
            list: [0; BLOCK],
            place: [0; BLOCK],
        }
    }
}

impl Block {
    /// Put a raw text at a place of the block.
    #[inline(always)]
    pub fn put(&mut self, index: usize, raw: Raw) {
        self.low[index] = raw.low;
        self.high[index] = raw.high;
        self.count[index] = raw.length;
    }

    /// The place of the `index`th number whose slot does not decide alone, after `Trie::find_block`.
    #[inline(always)]
    pub(crate) fn open(&self, index: usize) -> usize {
        usize::from(self.list[index & (BLOCK - 1)]) & (BLOCK - 1)
    }
}

/// The trie as borrowed bytes.
#[derive(Clone, Copy, Debug)]
pub struct Trie<'a> {
    /// Slots over the first `2 * pairs` digits.
    pub table: &'a [U32],
    /// Nodes, back to back.
    pub arena: &'a [U32],
    /// 1, 2 or 3.
    pub pairs: u32,
}

/// Index into the table: the first bytes of the key as one base-100 number.
#[inline(always)]
fn index<const PAIRS: u32>(key: u64) -> usize {
    let pair = |at: u32| ((key >> (8 * at)) & 0xff) as usize;
    match PAIRS {
        1 => pair(0),
        2 => pair(0) * 100 + pair(1),
        _ => pair(0) * 10_000 + pair(1) * 100 + pair(2),
    }
}

impl Trie<'_> {
    #[inline(always)]
    fn root(&self, index: usize) -> Slot {
        self.table.get(index).map_or(Slot::BROKEN, |word| Slot(word.get()))
    }

    /// The slot of one number: its longest prefix as if it were followed by zeros.
    #[inline]
    pub fn find(&self, key: u64) -> Slot {
        let mut slot = match self.pairs {
            1 => self.root(index::<1>(key)),
            2 => self.root(index::<2>(key)),
            _ => self.root(index::<3>(key)),
        };
        for level in self.pairs..8 {
            if !slot.is_node() {
                return slot;
            }
            let cell = (key >> (8 * level) & 0xff) as u32;
            slot = node::slot(self.arena, node::place(self.arena, slot.offset(), cell));
        }
        if slot.is_node() { Slot::BROKEN } else { slot }
    }

    /// The slots of the first `rows` numbers of a block.
    ///
    /// Returns how many of them do not decide alone (`Slot::is_open`), listed by `Block::open`.
    pub fn find_block(&self, block: &mut Block, rows: usize) -> usize {
        let rows = rows.min(BLOCK);
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
            {
                // SAFETY: the CPU has just said that it has the instructions.
                return unsafe { find_block_v4(self, block, rows) };
            }
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
            {
                // SAFETY: as above.
                return unsafe { find_block_v3(self, block, rows) };
            }
        }
        find_block(self, block, rows)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,bmi1,bmi2,lzcnt,popcnt")]
fn find_block_v4(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    find_block(trie, block, rows)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn find_block_v3(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    find_block(trie, block, rows)
}

#[inline(always)]
fn find_block(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    let waiting = match trie.pairs {
        1 => roots::<1>(trie, block, rows),
        2 => roots::<2>(trie, block, rows),
        _ => roots::<3>(trie, block, rows),
    };
    if 4 * (trie.table.len() + trie.arena.len()) > PREFETCH_FROM {
        descend::<true>(trie, block, waiting);
    } else {
        descend::<false>(trie, block, waiting);
    }
    open(block, rows)
}

/// List the numbers whose slot does not decide alone; returns how many there are.
#[inline(always)]
fn open(block: &mut Block, rows: usize) -> usize {
    // Most blocks have none, and to see that is vector code.
    let is_open = |block: &Block, at: usize| block.slot[at].is_open(block.count[at]);
    if !(0..rows).fold(false, |any, at| any | is_open(block, at)) {
        return 0;
    }
    let mut count = 0;
    for at in 0..rows {
        block.list[count & (BLOCK - 1)] = at as u16;
        count += usize::from(is_open(block, at));
    }
    count
}

/// Read the numbers and look up the table; returns how many are at a node, listed in `block.list`.
#[inline(always)]
fn roots<const PAIRS: u32>(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    // One loop for the arithmetic, which becomes vector code, and one for the loads, which cannot.
    for at in 0..rows {
        let raw = Raw { low: block.low[at], high: block.high[at], length: block.count[at] };
        let digits = raw.read();
        block.low[at] = digits.low;
        block.high[at] = digits.high;
        block.count[at] = digits.count;
        block.key[at] = digits.key;
        block.place[at] = index::<PAIRS>(digits.key) as u32;
    }
    let mut waiting = 0;
    for at in 0..rows {
        let slot = trie.root(block.place[at] as usize);
        block.slot[at] = slot;
        block.list[waiting & (BLOCK - 1)] = at as u16;
        waiting += usize::from(slot.is_node());
    }
    waiting
}

/// Go down, a level of all waiting numbers at a time.
#[inline(always)]
fn descend<const PREFETCH: bool>(trie: &Trie<'_>, block: &mut Block, mut waiting: usize) {
    for level in trie.pairs..8 {
        if waiting == 0 {
            return;
        }
        if PREFETCH {
            for &at in &block.list[..waiting] {
                prefetch(trie.arena, block.slot[at as usize & (BLOCK - 1)].offset());
            }
            for step in 0..waiting {
                let at = block.list[step] as usize & (BLOCK - 1);
                let place = place(trie, block.slot[at], block.key[at], level);
                prefetch(trie.arena, place);
                block.place[step] = place.min(u32::MAX as usize) as u32;
            }
        }
        let mut next = 0;
        for step in 0..waiting {
            let at = block.list[step] as usize & (BLOCK - 1);
            let place = if PREFETCH {
                block.place[step] as usize
            } else {
                place(trie, block.slot[at], block.key[at], level)
            };
            let slot = node::slot(trie.arena, place);
            block.slot[at] = slot;
            block.list[next] = at as u16;
            next += usize::from(slot.is_node());
        }
        waiting = next;
    }
    for &at in &block.list[..waiting] {
        block.slot[at as usize & (BLOCK - 1)] = Slot::BROKEN;
    }
}

#[inline(always)]
fn place(trie: &Trie<'_>, slot: Slot, key: u64, level: u32) -> usize {
    node::place(trie.arena, slot.offset(), (key >> (8 * level) & 0xff) as u32)
}

/// Ask for the cache line of a word; a hint that may be ignored.
#[inline(always)]
fn prefetch(words: &[U32], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(word) = words.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing, and the address is inside the slice.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(word).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (words, at);
}
