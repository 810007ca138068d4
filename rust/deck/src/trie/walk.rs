//! From numbers to slots, one by one or a block at a time.
//!
//! A block is walked level by level, not number by number: how deep a number goes is not
//! predictable, and a loop per number would mispredict once or twice each. After every level the
//! numbers still at a node are gathered into a list without a branch.
//!
//! Safety model: the bytes are borrowed and never written; every index into them is checked, and
//! what leads outside gives `Slot::BROKEN`. The only `unsafe` is the prefetch hint.

use super::block::{BLOCK, Block};
use super::choice::Kind;
use super::coding::Coding;
use super::table::Group;
use super::{Slot, node, table};
use crate::digits::Raw;
use std::hint::select_unpredictable;
use zerocopy::little_endian::U32;

/// Bytes from which a trie no longer fits the cache of one core, so that asking for memory ahead of
/// time gains more than the request costs.
const PREFETCH_FROM: usize = 1 << 21;

/// Bytes from which nodes come from memory, so that both lines that one may be in are worth asking for.
const BOTH_FROM: usize = 1 << 25;

/// How much of a node is asked for ahead of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hints {
    None,
    OneLine,
    BothLines,
}

/// Bytes of a key.
pub(super) const LEVELS: u32 = 8;

/// The trie as borrowed bytes.
#[derive(Clone, Copy, Debug)]
pub struct Trie<'a> {
    /// Groups of cells.
    pub table: &'a [Group],
    /// Nodes, and the slots of the table.
    pub arena: &'a [U32],
    /// Bytes of the key that the table decides: 2, 3 or 4.
    pub depth: u32,
    /// Slots lead to entries below this.
    pub entries: u32,
    /// How slots of entries are read.
    pub coding: Coding,
}

/// Cell of the table: the first bytes of the key as one base-100 number.
#[inline(always)]
fn cell<const DEPTH: u32>(key: u64) -> usize {
    (0..DEPTH).fold(0, |sum, level| 100 * sum + usize::from((key >> (8 * level)) as u8))
}

impl Trie<'_> {
    #[inline(always)]
    pub(super) fn root(&self, cell: usize) -> Slot {
        node::slot_at(self.arena, table::place(self.table, cell))
    }

    #[inline(always)]
    pub(super) fn hints(&self) -> Hints {
        let size = size_of_val(self.table) + size_of_val(self.arena);
        if size > BOTH_FROM {
            Hints::BothLines
        } else if size > PREFETCH_FROM {
            Hints::OneLine
        } else {
            Hints::None
        }
    }

    /// The slot of one number: its longest prefix as if it were followed by zeros.
    #[inline]
    pub fn find(&self, key: u64) -> Slot {
        let mut slot = match self.depth {
            2 => self.root(cell::<2>(key)),
            3 => self.root(cell::<3>(key)),
            _ => self.root(cell::<4>(key)),
        };
        for level in self.depth..LEVELS {
            if !slot.is_node() {
                return slot;
            }
            slot = self.slot(slot, (key >> (8 * level)) as u8);
        }
        if slot.is_node() { Slot::BROKEN } else { slot }
    }

    /// What a pair of digits of a node leads to.
    #[inline(always)]
    pub(super) fn slot(&self, node: Slot, cell: u8) -> Slot {
        match self.coding {
            Coding::Usual => node::slot::<false>(self.arena, node, cell),
            Coding::Many(_) => node::slot::<true>(self.arena, node, cell),
        }
    }

    /// The slots of the first `rows` numbers of a block.
    ///
    /// Returns how many of them do not decide alone (`Slot::is_open`), listed by `Block::open`.
    pub fn find_block(&self, block: &mut Block, rows: usize) -> usize {
        let rows = rows.min(BLOCK);
        if self.coding.is_many() {
            return self.find_block_of_many(block, rows);
        }
        match block.walk.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(wide) => wide.find_block(self, block, rows),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(half) => half.find_block(self, block, rows),
            Kind::Portable => self.find_block_anywhere(block, rows),
        }
    }

    /// The same with the instructions that every processor has.
    fn find_block_anywhere(&self, block: &mut Block, rows: usize) -> usize {
        self.read(block, rows);
        self.find_read(block, rows)
    }

    /// The same where slots are those of many entries: apart, so that all other decks keep their loops as they are.
    #[inline(never)]
    fn find_block_of_many(&self, block: &mut Block, rows: usize) -> usize {
        match block.walk.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(wide) => wide.half().find_block_of_many(self, block, rows),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(half) => half.find_block_of_many(self, block, rows),
            Kind::Portable => {
                self.read(block, rows);
                self.find_read_of_many(block, rows)
            }
        }
    }

    #[inline(always)]
    fn read(&self, block: &mut Block, rows: usize) {
        match self.depth {
            _ if block.is_read => self.place_cells(block, rows),
            2 => read::<2>(block, rows),
            3 => read::<3>(block, rows),
            _ => read::<4>(block, rows),
        }
    }

    /// The cells of keys that are in the block already.
    #[inline(always)]
    pub(super) fn place_cells(&self, block: &mut Block, rows: usize) {
        let pairs = block.place.iter_mut().zip(&block.key).take(rows);
        match self.depth {
            2 => pairs.for_each(|(place, key)| *place = cell::<2>(*key) as u32),
            3 => pairs.for_each(|(place, key)| *place = cell::<3>(*key) as u32),
            _ => pairs.for_each(|(place, key)| *place = cell::<4>(*key) as u32),
        }
        block.place[..rows].iter().for_each(|place| prefetch(self.table, *place as usize / table::CELLS));
    }

    /// The slots of numbers whose keys and cells are in the block.
    #[inline(always)]
    pub(super) fn find_read(&self, block: &mut Block, rows: usize) -> usize {
        match self.hints() {
            Hints::None => walk::<0, false>(self, block, rows),
            Hints::OneLine => walk::<1, false>(self, block, rows),
            Hints::BothLines => walk::<2, false>(self, block, rows),
        }
        self.open(block, rows)
    }

    /// List the numbers whose slot does not decide alone, in the usual coding; returns how many there are.
    #[inline(always)]
    pub(super) fn open(&self, block: &mut Block, rows: usize) -> usize {
        let entries = self.entries;
        list(block, rows, |slot, count| {
            // Of a conditional entry the bit is more than any number of an entry.
            let is_entry = slot.0 & ((1 << Slot::DIGITS_FROM) - 1) < entries;
            let is_begun = (slot.0 >> Slot::DIGITS_FROM).wrapping_sub(1) < count;
            (slot != Slot::NONE) & !(is_entry & is_begun)
        })
    }

    /// The same where slots are those of many entries; such a deck never fits a cache.
    #[inline(always)]
    pub(super) fn find_read_of_many(&self, block: &mut Block, rows: usize) -> usize {
        walk::<2, true>(self, block, rows);
        let (coding, entries) = (&self.coding, self.entries);
        list(block, rows, |slot, count| {
            let is_broken = (slot != Slot::NONE) & coding.is_beyond(slot, entries);
            coding.is_open(slot, count) | is_broken
        })
    }

    /// Whether a slot leads to no entry that there is, of a prefix of no digits, or nowhere by a mistake of
    /// the bytes.
    #[inline(always)]
    pub(crate) fn is_broken(&self, slot: Slot) -> bool {
        (slot != Slot::NONE) & self.coding.is_beyond(slot, self.entries)
    }
}

/// Read the numbers, in loops over so few that they become vector code, which needs the halves apart.
#[inline(always)]
fn read<const DEPTH: u32>(block: &mut Block, rows: usize) {
    const FEW: usize = 16;
    let texts = block.text.as_chunks_mut::<FEW>().0.iter_mut();
    let counts = block.count.as_chunks_mut::<FEW>().0;
    let keys = block.key.as_chunks_mut::<FEW>().0;
    let cells = block.place.as_chunks_mut::<FEW>().0;
    for (((text, count), key), place) in texts.zip(counts).zip(keys).zip(cells).take(rows.div_ceil(FEW)) {
        let (mut low, mut high, mut length) = ([0; FEW], [0; FEW], [0; FEW]);
        for at in 0..FEW {
            [low[at], high[at]] = text[at];
            length[at] = count[at].into();
        }
        for at in 0..FEW {
            let digits = Raw { low: low[at], high: high[at], length: length[at] }.read();
            (low[at], high[at], length[at]) = (digits.low, digits.high, digits.count);
            key[at] = digits.key;
            place[at] = cell::<DEPTH>(digits.key) as u32;
        }
        for at in 0..FEW {
            text[at] = [low[at], high[at]];
            count[at] = length[at] as u32;
        }
    }
}

#[inline(always)]
fn walk<const LINES: u8, const MANY: bool>(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let mut waiting = roots::<LINES>(trie, block, rows);
    for level in trie.depth..LEVELS {
        waiting = descend::<LINES, MANY>(trie, block, waiting, level);
    }
    give_up(&mut block.slot, &block.list[..waiting]);
}

/// Look up the table; returns how many numbers are at a node, listed in `block.list`.
#[inline(always)]
fn roots<const LINES: u8>(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    for place in &mut block.place[..rows] {
        *place = table::place(trie.table, *place as usize);
        if LINES > 0 {
            prefetch(trie.arena, *place as usize);
        }
    }
    let mut waiting = 0;
    for at in 0..rows {
        let slot = node::slot_at(trie.arena, block.place[at]);
        if LINES > 0 {
            prefetch_node::<LINES>(trie, slot);
        }
        block.slot[at] = slot;
        block.list[waiting & (BLOCK - 1)] = at as u16;
        waiting += usize::from(slot.is_node());
    }
    waiting
}

/// One level; returns how many numbers are at a node again.
#[inline(always)]
fn descend<const LINES: u8, const MANY: bool>(
    trie: &Trie<'_>,
    block: &mut Block,
    waiting: usize,
    level: u32,
) -> usize {
    let mut next = 0;
    for step in 0..waiting.min(BLOCK) {
        let at = usize::from(block.list[step]) & (BLOCK - 1);
        let (slot, cell) = (block.slot[at], (block.key[at] >> (8 * level)) as u8);
        // Decks of prefixes have hardly a node with children: this is predicted.
        if slot.is_inner() {
            let slot = node::slot::<MANY>(trie.arena, slot, cell);
            if LINES > 0 {
                prefetch_node::<LINES>(trie, slot);
            }
            block.slot[at] = slot;
            block.list[next] = at as u16;
            next += usize::from(slot.is_node());
        } else {
            block.slot[at] = node::entry::<MANY>(trie.arena, slot, cell);
        }
    }
    next
}

/// Numbers that are at a node when their digits are used up.
pub(super) fn give_up(slots: &mut [Slot; BLOCK], list: &[u16]) {
    for at in list {
        slots[usize::from(*at) & (BLOCK - 1)] = Slot::BROKEN;
    }
}

/// Ask for the node a slot leads to, if it leads to one; without a branch that could be mispredicted.
#[inline(always)]
pub(super) fn prefetch_node<const LINES: u8>(trie: &Trie<'_>, slot: Slot) {
    let at = select_unpredictable(slot.is_node(), slot.offset(), 0);
    if LINES < 2 {
        return prefetch(trie.arena, at);
    }
    // Of a node with children the words behind `LEAF` are read first.
    let inner = usize::from(slot.is_node() & slot.is_inner());
    prefetch(trie.arena, at + inner * node::LEAF);
    prefetch(trie.arena, at + node::LEAF - 1 + inner * (node::INNER - node::LEAF));
}

/// List the numbers that are open; returns how many there are.
#[inline(always)]
fn list(block: &mut Block, rows: usize, is_open: impl Fn(Slot, u32) -> bool) -> usize {
    // Most blocks have none, and to see that is vector code.
    let (slots, counts) = (&block.slot[..rows], &block.count[..rows]);
    if !slots.iter().zip(counts).fold(false, |any, (slot, count)| any | is_open(*slot, *count)) {
        return 0;
    }
    let mut found = 0;
    for at in 0..rows {
        block.list[found & (BLOCK - 1)] = at as u16;
        found += usize::from(is_open(block.slot[at], block.count[at]));
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_is_what_no_entry_answers_at_once() {
        const ENTRIES: u32 = 70;
        let trie = Trie { table: &[], arena: &[], depth: 2, entries: ENTRIES, coding: Coding::Usual };
        // No node is asked: all of them were left before.
        let own = (0..32_u32).flat_map(|top| {
            let entries = [0, 1, ENTRIES - 1, ENTRIES, ENTRIES + 1, (1 << 26) - 2, (1 << 26) - 1];
            entries.map(|entry| Slot(top << 26 | entry))
        });
        let slots: Vec<Slot> = own.chain([Slot::NONE, Slot::BROKEN]).collect();
        for count in 0..=15 {
            for some in slots.chunks(BLOCK) {
                let mut block = Block::default();
                block.slot[..some.len()].copy_from_slice(some);
                block.count.fill(count);
                let found = trie.open(&mut block, some.len());
                let listed: Vec<usize> = (0..found).map(|index| block.open(index)).collect();
                let is_open = |slot: Slot| trie.coding.is_open(slot, count) | trie.is_broken(slot);
                let expected: Vec<usize> = (0..some.len()).filter(|at| is_open(some[*at])).collect();
                assert_eq!(listed, expected, "{count}");
            }
        }
    }
}
