//! From numbers to slots, one by one or a block at a time.
//!
//! A block is walked level by level, not number by number: how deep a number goes is not
//! predictable, and a loop per number would mispredict once or twice each. After every level the
//! numbers still at a node are gathered into a list without a branch.
//!
//! Safety model: the bytes are borrowed and never written; every index into them is checked, and
//! what leads outside gives `Slot::BROKEN`. The only `unsafe` is the call of the same safe code
//! compiled for a CPU with wider vectors, after asking that CPU, and the prefetch hint.

use super::block::{BLOCK, Block};
use super::table::Group;
use super::{Slot, node, table};
use crate::digits::Raw;
use zerocopy::little_endian::U32;

/// Bytes from which a trie no longer fits the cache of one core, so that asking for memory ahead of
/// time gains more than the request costs.
const PREFETCH_FROM: usize = 1 << 20;

/// The trie as borrowed bytes.
#[derive(Clone, Copy, Debug)]
pub struct Trie<'a> {
    /// Groups over the first `2 * pairs` digits.
    pub table: &'a [Group],
    /// Nodes, and the slots of the table.
    pub arena: &'a [U32],
    /// 1, 2 or 3.
    pub pairs: u32,
}

/// Cell of the table: the first bytes of the key as one base-100 number.
#[inline(always)]
fn cell<const PAIRS: u32>(key: u64) -> usize {
    let pair = |at: u32| ((key >> (8 * at)) & 0xff) as usize;
    match PAIRS {
        1 => pair(0),
        2 => pair(0) * 100 + pair(1),
        _ => pair(0) * 10_000 + pair(1) * 100 + pair(2),
    }
}

impl Trie<'_> {
    #[inline(always)]
    pub(super) fn root(&self, cell: usize) -> Slot {
        node::slot_at(self.arena, table::place(self.table, cell))
    }

    #[inline(always)]
    pub(super) fn is_large(&self) -> bool {
        size_of_val(self.table) + size_of_val(self.arena) > PREFETCH_FROM
    }

    /// The slot of one number: its longest prefix as if it were followed by zeros.
    #[inline]
    pub fn find(&self, key: u64) -> Slot {
        let mut slot = match self.pairs {
            1 => self.root(cell::<1>(key)),
            2 => self.root(cell::<2>(key)),
            _ => self.root(cell::<3>(key)),
        };
        for level in self.pairs..8 {
            if !slot.is_node() {
                return slot;
            }
            let place = node::place(self.arena, slot.offset(), (key >> (8 * level)) as u8);
            slot = node::slot_at(self.arena, place);
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
            if let Some(wide) = super::wide::Wide::new() {
                return wide.find_block(self, block, rows);
            }
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
            {
                // SAFETY: the CPU has just said that it has the instructions.
                return unsafe { find_block_v3(self, block, rows) };
            }
        }
        self.find_block_anywhere(block, rows)
    }

    /// The same with the instructions that every processor has.
    #[inline(always)]
    pub fn find_block_anywhere(&self, block: &mut Block, rows: usize) -> usize {
        let rows = rows.min(BLOCK);
        if self.is_large() {
            walk::<true>(self, block, rows);
        } else {
            walk::<false>(self, block, rows);
        }
        open(block, rows)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn find_block_v3(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    trie.find_block_anywhere(block, rows)
}

#[inline(always)]
fn walk<const PREFETCH: bool>(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let waiting = match trie.pairs {
        1 => roots::<1, PREFETCH>(trie, block, rows),
        2 => roots::<2, PREFETCH>(trie, block, rows),
        _ => roots::<3, PREFETCH>(trie, block, rows),
    };
    descend::<PREFETCH>(trie, block, waiting);
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

/// Read the numbers, in loops over so few that they become vector code, which needs the halves apart.
#[inline(always)]
fn read<const PAIRS: u32>(block: &mut Block, rows: usize) {
    const FEW: usize = 16;
    let texts = block.text.as_chunks_mut::<FEW>().0.iter_mut();
    let counts = block.count.as_chunks_mut::<FEW>().0;
    let keys = block.key.as_chunks_mut::<FEW>().0;
    let places = block.place.as_chunks_mut::<FEW>().0;
    for (((text, count), key), place) in texts.zip(counts).zip(keys).zip(places).take(rows.div_ceil(FEW)) {
        let (mut low, mut high, mut length) = ([0; FEW], [0; FEW], [0; FEW]);
        for at in 0..FEW {
            [low[at], high[at]] = text[at];
            length[at] = count[at].into();
        }
        for at in 0..FEW {
            let digits = Raw { low: low[at], high: high[at], length: length[at] }.read();
            (low[at], high[at], length[at]) = (digits.low, digits.high, digits.count);
            key[at] = digits.key;
            place[at] = cell::<PAIRS>(digits.key) as u32;
        }
        for at in 0..FEW {
            text[at] = [low[at], high[at]];
            count[at] = length[at] as u32;
        }
    }
}

/// Read the numbers and look up the table; returns how many are at a node, listed in `block.list`.
#[inline(always)]
fn roots<const PAIRS: u32, const PREFETCH: bool>(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    read::<PAIRS>(block, rows);
    for place in &mut block.place[..rows] {
        *place = table::place(trie.table, *place as usize);
    }
    let mut waiting = 0;
    for at in 0..rows {
        let slot = node::slot_at(trie.arena, block.place[at]);
        if PREFETCH {
            prefetch_node(trie, slot);
        }
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
        // The level as a constant makes its byte of the key one load.
        waiting = match level {
            1 => step::<1, PREFETCH>(trie, block, waiting),
            2 => step::<2, PREFETCH>(trie, block, waiting),
            3 => step::<3, PREFETCH>(trie, block, waiting),
            4 => step::<4, PREFETCH>(trie, block, waiting),
            5 => step::<5, PREFETCH>(trie, block, waiting),
            6 => step::<6, PREFETCH>(trie, block, waiting),
            _ => step::<7, PREFETCH>(trie, block, waiting),
        };
    }
    block.give_up(waiting);
}

impl Block {
    /// Numbers that are at a node when their digits are used up.
    #[inline(always)]
    pub(super) fn give_up(&mut self, waiting: usize) {
        for at in &self.list[..waiting] {
            self.slot[usize::from(*at) & (BLOCK - 1)] = Slot::BROKEN;
        }
    }
}

/// One level; returns how many are at a node again.
#[inline(always)]
fn step<const LEVEL: u32, const PREFETCH: bool>(trie: &Trie<'_>, block: &mut Block, waiting: usize) -> usize {
    let waiting = waiting.min(BLOCK);
    for step in 0..waiting {
        let at = usize::from(block.list[step]) & (BLOCK - 1);
        let cell = (block.key[at] >> (8 * LEVEL)) as u8;
        let place = node::place(trie.arena, block.slot[at].offset(), cell);
        if PREFETCH {
            prefetch(trie.arena, place as usize);
        }
        block.place[step] = place;
    }
    let mut next = 0;
    for step in 0..waiting {
        let at = usize::from(block.list[step]) & (BLOCK - 1);
        let slot = node::slot_at(trie.arena, block.place[step]);
        if PREFETCH {
            prefetch_node(trie, slot);
        }
        block.slot[at] = slot;
        block.list[next] = at as u16;
        next += usize::from(slot.is_node());
    }
    next
}

/// Ask for the node a slot leads to, if it leads to one; without a branch that could be mispredicted.
#[inline(always)]
fn prefetch_node(trie: &Trie<'_>, slot: Slot) {
    prefetch(trie.arena, if slot.is_node() { slot.offset() } else { 0 });
}

/// Ask for the cache line of an element; a hint that may be ignored.
#[inline(always)]
pub(super) fn prefetch<T>(elements: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing and cannot fault, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(elements.as_ptr().wrapping_add(at).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (elements, at);
}
