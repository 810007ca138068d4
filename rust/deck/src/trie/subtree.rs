//! The slots of all cells under some first digits, in order.

use super::build::UNIT;
use super::walk::Trie;
use super::{Slot, node, table};
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
        // No node is met twice in a trie, so bytes that lead in a circle are found out by counting.
        let nodes = self.arena.len() / node::LEAF;
        Walk { trie: self, within, nodes, visit }.cells(None, 0, table::digits(self.depth))
    }
}

struct Walk<'a, F> {
    trie: &'a Trie<'a>,
    within: Range<u64>,
    /// How many more nodes there can be.
    nodes: usize,
    visit: F,
}

impl<F: FnMut(u64, u32, Slot) -> Result<(), Broken>> Walk<'_, F> {
    /// The cells of a node, or of the table: the first begins at `start`, and each is decided by the
    /// digits before `end`. Recursion is as deep as a number is long: eight calls at most.
    fn cells(&mut self, node: Option<Slot>, start: u64, end: usize) -> Result<(), Broken> {
        let unit = UNIT[end];
        let count = if node.is_some() { node::CELLS } else { table::cells(self.trie.depth) };
        let mut next = self.within.start.saturating_sub(start) / unit;
        let last = self.within.end.saturating_sub(start).div_ceil(unit).min(count as u64);
        let mut before = Slot::NONE;
        while next < last {
            let cell = next;
            let slot;
            (slot, next) = match node {
                Some(node) => (self.trie.slot(node, cell as u8), cell + 1),
                None => {
                    let change = table::next_change(self.trie.table, cell as usize);
                    (self.trie.root(cell as usize), change as u64)
                }
            };
            if slot == before {
                continue;
            }
            before = slot;
            let at = start + cell * unit;
            if slot.is_node() {
                self.nodes = self.nodes.checked_sub(1).ok_or(Broken)?;
                if end + node::DIGITS >= UNIT.len() {
                    return Err(Broken);
                }
                self.cells(Some(slot), at, end + node::DIGITS)?;
            } else if slot != Slot::NONE {
                (self.visit)(at, end as u32, slot)?;
            }
        }
        Ok(())
    }
}
