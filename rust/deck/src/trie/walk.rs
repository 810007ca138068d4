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
            slot = node::slot(self.arena, slot, (key >> (8 * level)) as u8);
        }
        if slot.is_node() { Slot::BROKEN } else { slot }
    }

    /// The slots of the first `rows` numbers of a block.
    ///
    /// Returns how many of them do not decide alone (`Slot::is_open`), listed by `Block::open`.
    pub fn find_block(&self, block: &mut Block, rows: usize) -> usize {
        let rows = rows.min(BLOCK);
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
        match self.depth {
            _ if block.is_read => self.place_cells(block, rows),
            2 => read::<2>(block, rows),
            3 => read::<3>(block, rows),
            _ => read::<4>(block, rows),
        }
        self.find_read(block, rows)
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
            Hints::None => walk::<0>(self, block, rows),
            Hints::OneLine => walk::<1>(self, block, rows),
            Hints::BothLines => walk::<2>(self, block, rows),
        }
        open(self, block, rows)
    }

    /// Whether a slot leads to no entry that there is, of a prefix of no digits, or nowhere by a mistake of
    /// the bytes.
    #[inline(always)]
    pub(crate) fn is_broken(&self, slot: Slot) -> bool {
        (slot != Slot::NONE) & ((slot.entry() >= self.entries) | (slot.0 < 1 << Slot::DIGITS_FROM))
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
fn walk<const LINES: u8>(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let mut waiting = roots::<LINES>(trie, block, rows);
    for level in trie.depth..LEVELS {
        waiting = descend::<LINES>(trie, block, waiting, level);
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
fn descend<const LINES: u8>(trie: &Trie<'_>, block: &mut Block, waiting: usize, level: u32) -> usize {
    let mut next = 0;
    for step in 0..waiting.min(BLOCK) {
        let at = usize::from(block.list[step]) & (BLOCK - 1);
        let (slot, cell) = (block.slot[at], (block.key[at] >> (8 * level)) as u8);
        // Decks of prefixes have hardly a node with children: this is predicted.
        if slot.is_inner() {
            let slot = node::slot(trie.arena, slot, cell);
            if LINES > 0 {
                prefetch_node::<LINES>(trie, slot);
            }
            block.slot[at] = slot;
            block.list[next] = at as u16;
            next += usize::from(slot.is_node());
        } else {
            block.slot[at] = node::entry(trie.arena, slot, cell);
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
fn prefetch_node<const LINES: u8>(trie: &Trie<'_>, slot: Slot) {
    let at = select_unpredictable(slot.is_node(), slot.offset(), 0);
    if LINES < 2 {
        return prefetch(trie.arena, at);
    }
    // Of a node with children the words behind `LEAF` are read first.
    let inner = usize::from(slot.is_node() & slot.is_inner());
    prefetch(trie.arena, at + inner * node::LEAF);
    prefetch(trie.arena, at + node::LEAF - 1 + inner * (node::INNER - node::LEAF));
}

/// List the numbers whose slot does not decide alone; returns how many there are.
#[inline(always)]
fn open(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    // Most blocks have none, and to see that is vector code.
    let is_open =
        |block: &Block, at: usize| block.slot[at].is_open(block.count[at]) | trie.is_broken(block.slot[at]);
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
