//! The slots of all cells under some first digits, in order.
//!
//! `build` puts a node behind its children, and all that is under a cell before what is under the
//! next one. The walk insists on that order, so it meets a node once at most, whatever the bytes say.

use super::build::UNIT;
use super::walk::Trie;
use super::{Slot, node};
use crate::error::Broken;
use std::ops::Range;

impl Trie<'_> {
    /// Visit the cells that lie within a range of `Digits::aligned`: where a cell begins, how many
    /// digits decide it, and what it leads to. Of neighbours with one slot only the first is visited.
    pub fn each_slot(
        &self,
        within: Range<u64>,
        visit: impl FnMut(u64, u32, Slot) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        Walk { trie: self, within, floor: 0, visit }.cells(None, 0, 2 * self.pairs as usize)
    }
}

struct Walk<'a, F> {
    trie: &'a Trie<'a>,
    within: Range<u64>,
    /// Nodes before this one have been met.
    floor: usize,
    visit: F,
}

impl<F: FnMut(u64, u32, Slot) -> Result<(), Broken>> Walk<'_, F> {
    /// The cells of a node, or of the table: the first begins at `start`, and each is decided by the
    /// digits before `end`. Recursion is as deep as a number is long: eight calls at most.
    fn cells(&mut self, node: Option<usize>, start: u64, end: usize) -> Result<(), Broken> {
        let unit = UNIT[end];
        let count = if node.is_some() { node::CELLS } else { 100_usize.pow(self.trie.pairs) };
        let mut next = self.within.start.saturating_sub(start) / unit;
        let last = self.within.end.saturating_sub(start).div_ceil(unit).min(count as u64);
        let mut before = Slot::NONE;
        while next < last {
            let cell = next;
            let slot = match node {
                Some(offset) => {
                    next = node::next_change(self.trie.arena, offset, cell as u8);
                    node::slot_at(self.trie.arena, node::place(self.trie.arena, offset, cell as u8))
                }
                None => {
                    next += 1;
                    self.trie.root(cell as usize)
                }
            };
            if slot == before {
                continue;
            }
            before = slot;
            let at = start + cell * unit;
            if !slot.is_node() {
                if slot != Slot::NONE {
                    (self.visit)(at, end as u32, slot)?;
                }
                continue;
            }
            let below = slot.offset();
            let ceiling = node.unwrap_or(self.trie.arena.len());
            if end + node::DIGITS >= UNIT.len() || !(self.floor..ceiling).contains(&below) {
                return Err(Broken);
            }
            self.cells(Some(below), at, end + node::DIGITS)?;
            self.floor = below + 1;
        }
        Ok(())
    }
}
