//! Sorted prefixes to a table and an arena, in one pass.
//!
//! Assumes prefixes in the order of `Digits::aligned`, then of length, each once: every prefix then
//! stands before the longer ones under it, and those stand together. So one walk over them goes
//! through the cells of a node front to back, shorter prefixes first, and hands each run that is
//! longer than the node to a child, with the slot it would inherit. O(prefixes + nodes).

use super::coding::{Coding, HALVES};
use super::node::{self, Node};
use super::walk::LEVELS;
use super::{Slot, table};
use crate::digits::MAX_DIGITS;

/// One prefix on its way into the trie.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// `Digits::aligned`.
    pub aligned: u64,
    /// Digits of the prefix.
    pub count: u32,
    /// What it leads to, numbered as `numbering` says.
    pub slot: Slot,
}

/// A table and the nodes below it.
#[derive(Debug, Default)]
pub struct Built {
    /// Bytes of the key that the table decides: 2, 3 or 4.
    pub depth: u32,
    /// Groups of `table`.
    pub table: Vec<[u32; 2]>,
    /// Nodes, children behind their parents, and behind them the slots of the table.
    pub arena: Vec<u32>,
}

/// The arena would need more words than slots can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArenaFull;

/// Nodes on their way into an arena of so many words at most, whose slots are coded like this.
struct Arena {
    words: Vec<u32>,
    most: usize,
    coding: Coding,
}

impl Arena {
    fn check(&self) -> Result<(), ArenaFull> {
        if self.words.len() <= self.most { Ok(()) } else { Err(ArenaFull) }
    }
}

/// How many bytes of the key the table should decide for so many prefixes.
///
/// Seven digits are fastest and cost 2.5 MB; a deck too small to be worth that gets a smaller table.
pub fn depth_for(prefixes: usize) -> u32 {
    match prefixes {
        0..2_000 => 2,
        2_000..20_000 => 3,
        _ => 4,
    }
}

/// The order in which entries are to be numbered: the places of their prefixes in sorted order.
///
/// Shorter prefixes come first; those that end in one node follow one another, those that end with
/// its first digit before those that end with both. Of several entries of one prefix only the last
/// stands there, and the others before them all. Where slots are those of many entries, the prefixes of
/// the table come by half their digits too.
pub fn numbering(count: usize, depth: u32, is_many: bool, prefix: impl Fn(usize) -> (u64, u32)) -> Vec<u32> {
    let level = |at: usize| (prefix(at).1 / 2 + 1).max(depth);
    let mut order: Vec<u32> = Vec::with_capacity(count);
    let mut start = 0;
    for deeper in depth..=LEVELS {
        order.extend((0..count).filter(|at| level(*at) == deeper).map(|at| at as u32));
        if deeper > depth {
            let above = UNIT[table::digits(deeper - 1)];
            let node = |at: &u32| prefix(*at as usize).0 / above;
            for entries in order[start..].chunk_by_mut(|a, b| node(a) == node(b)) {
                entries.sort_by_key(|at| {
                    let at = *at as usize;
                    (at + 1 == count || prefix(at + 1) != prefix(at), prefix(at).1 % 2 == 1)
                });
            }
        }
        start = order.len();
    }
    if is_many {
        order.sort_by_key(|at| prefix(*at as usize).1 / 2);
    }
    order
}

/// How many entries there are for each half of the digits of a prefix.
pub fn halves(lengths: impl Iterator<Item = u32>) -> [usize; HALVES] {
    lengths.fold([0; HALVES], |mut counts, digits| {
        counts[digits as usize / 2] += 1;
        counts
    })
}

/// Build the trie of these leaves, with at most so many words in its arena.
pub fn build(leaves: &[Leaf], depth: u32, coding: Coding, most: usize) -> Result<Built, ArenaFull> {
    let mut arena = Arena { words: Vec::new(), most: most.min(Slot::MAX_WORDS), coding };
    let end = table::digits(depth);
    let mut runs: Vec<table::Run> = vec![(0, Slot::NONE)];
    fill(leaves, Range { start: 0, end, inherited: Slot::NONE }, |cell, part| {
        match part {
            Part::Ends(leaf) => runs.push((cell, leaf.slot)),
            Part::Behind(slot) => runs.push((cell, slot)),
            Part::GoesOn(branch) => {
                runs.push((cell, grow(&[branch], &mut arena)?));
                runs.push((cell + 1, branch.range.inherited));
            }
        }
        Ok(())
    })?;
    let table = table::push(&mut arena.words, depth, &runs).ok_or(ArenaFull)?;
    arena.check()?;
    Ok(Built { depth, table, arena: arena.words })
}

/// What one unit of the last of so many digits is worth in `Digits::aligned`.
pub const UNIT: [u64; MAX_DIGITS + 1] = {
    let mut unit = [1; MAX_DIGITS + 1];
    let mut digits = MAX_DIGITS;
    while digits > 0 {
        digits -= 1;
        unit[digits] = 10 * unit[digits + 1];
    }
    unit
};

/// The cells of a node, or of the table.
#[derive(Clone, Copy)]
struct Range {
    /// Where the first begins.
    start: u64,
    /// How many digits decide them.
    end: usize,
    /// What they lead to where no prefix says otherwise.
    inherited: Slot,
}

/// Longer prefixes under one cell.
#[derive(Clone, Copy)]
struct Branch<'a> {
    cell: usize,
    leaves: &'a [Leaf],
    /// The cells below.
    range: Range,
}

/// What begins at a cell.
enum Part<'a> {
    /// A prefix that ends here.
    Ends(&'a Leaf),
    /// One cell of longer prefixes.
    GoesOn(Branch<'a>),
    /// What was there before a prefix that is over.
    Behind(Slot),
}

/// Show what begins at the cells of a range, in order; of several at one cell the last counts.
fn fill<'a>(
    leaves: &'a [Leaf],
    range: Range,
    mut show: impl FnMut(usize, Part<'a>) -> Result<(), ArenaFull>,
) -> Result<(), ArenaFull> {
    let unit = UNIT[range.end];
    let cell = |aligned: u64| ((aligned - range.start) / unit) as usize;
    // Prefixes around the place reached, and where each is over.
    let mut around: Vec<(u64, Slot)> = Vec::new();
    let inherited = |around: &[(u64, Slot)]| around.last().map_or(range.inherited, |(_, slot)| *slot);
    let mut rest = leaves;
    loop {
        let reached = rest.first().map_or(u64::MAX, |leaf| leaf.aligned);
        while let Some((over, _)) = around.pop_if(|(over, _)| *over <= reached) {
            show(cell(over), Part::Behind(inherited(&around)))?;
        }
        let Some((leaf, behind)) = rest.split_first() else { return Ok(()) };
        if leaf.count as usize <= range.end {
            show(cell(leaf.aligned), Part::Ends(leaf))?;
            around.push((leaf.aligned + UNIT[leaf.count as usize], leaf.slot));
            rest = behind;
        } else {
            // The shorter prefixes of a cell stand before the longer ones: all that follow are longer.
            let cell = cell(leaf.aligned);
            let start = range.start + cell as u64 * unit;
            let (leaves, behind) = rest.split_at(rest.partition_point(|other| other.aligned - start < unit));
            let range = Range { start, end: range.end + node::DIGITS, inherited: inherited(&around) };
            show(cell, Part::GoesOn(Branch { cell, leaves, range }))?;
            rest = behind;
        }
    }
}

/// Append the nodes of these branches, side by side, and behind them what is below; the first of them.
///
/// Recursion is as deep as a number is long: seven calls at most.
fn grow(branches: &[Branch<'_>], arena: &mut Arena) -> Result<Slot, ArenaFull> {
    // Siblings are found by counting, so they are of one size.
    let goes_on =
        |branch: &Branch<'_>| branch.leaves.iter().any(|leaf| leaf.count as usize > branch.range.end);
    let first = Slot::node(branches.iter().any(goes_on), arena.words.len()).ok_or(ArenaFull)?;
    let (stride, coding) = (node::stride(first), arena.coding);
    let mut at = arena.words.len();
    arena.words.resize(at + stride * branches.len(), 0);
    arena.check()?;
    for branch in branches {
        let (mut ends, mut first, mut conditional) = (0_u128, u32::MAX, false);
        let mut below = Vec::new();
        fill(branch.leaves, branch.range, |cell, part| {
            match part {
                Part::Ends(leaf) => {
                    let is_pair = leaf.count as usize == branch.range.end;
                    ends |= 1 << if is_pair { node::PAIRS as usize + cell } else { cell / 10 };
                    first = first.min(coding.entry(leaf.slot));
                    conditional |= coding.is_conditional(leaf.slot);
                }
                Part::GoesOn(branch) => below.push(branch),
                Part::Behind(_) => {}
            }
            Ok(())
        })?;
        if ends == 0 {
            first = Slot::MAX_ENTRIES as u32;
        }
        let mut node = Node {
            ends,
            // If one of them must be asked, all are: it costs time, and changes no answer.
            first: coding.leaf(branch.range.end as u32 - 1, conditional, first),
            inherited: branch.range.inherited,
            child: Slot::NONE,
            children: below.iter().fold(0, |bits, branch| bits | 1 << branch.cell),
        };
        if !below.is_empty() {
            node.child = grow(&below, arena)?;
        }
        node.write(&mut arena.words[at..at + stride]);
        at += stride;
    }
    Ok(first)
}
