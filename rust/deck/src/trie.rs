//! Longest match as one sees it from outside.
//!
//! A *slot* states what a run of numbers leads to. The trie is a table over the first three, five or
//! seven digits, and an arena of nodes below it, each over two digits more. DESIGN.md derives the
//! shape; `table` and `node` hold the bytes, `build` makes them, `walk` follows them, a `block` of
//! numbers at a time, and `half` and `wide` do the same with the instructions of newer processors;
//! `subtree` goes through all that is under some digits, `coding` reads slots.

pub mod block;
pub mod build;
pub mod choice;
pub mod coding;
#[cfg(target_arch = "x86_64")]
mod half;
#[cfg(target_arch = "x86_64")]
mod half_walk;
pub mod node;
pub mod subtree;
pub mod table;
pub mod walk;
#[cfg(target_arch = "x86_64")]
mod wide;

use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Four bytes that lead to a node, to an entry, or to nothing.
///
/// ```text
/// 1 | inner : 1 | offset of the node in the arena, in words : 30
/// 0 | digits of the prefix : 4 | conditional : 1 | entry : 26
/// ```
///
/// The length is there because a number may be shorter than the prefix whose zeros it shares; the
/// *conditional* bit because an entry may hold only at times, for one direction, or for one whole
/// number. Either sends the lookup to the chain of shorter prefixes, everything else is done with
/// the slot alone. An *inner* node has children. Decks of very many entries have another coding of them:
/// `Coding` reads both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Slot(pub u32);

impl Slot {
    /// Entries of the usual coding are numbered below this: 67 million.
    pub const MAX_ENTRIES: usize = (1 << 26) - 1;
    /// The lowest bit of the digits.
    pub(crate) const DIGITS_FROM: u32 = 27;
    /// Words of an arena that slots can lead to: a thousand million.
    pub const MAX_WORDS: usize = 1 << 30;
    /// No prefix matches.
    pub const NONE: Self = Self(0x03ff_ffff);
    /// The bytes lead outside themselves. Shaped so that the ordinary test for "conditional" finds it.
    pub const BROKEN: Self = Self(0x07ff_ffff);

    /// A slot that leads to an entry, in the usual coding, as all below.
    #[inline]
    fn leaf(digits: u32, conditional: bool, entry: u32) -> Self {
        Self(digits << 27 | u32::from(conditional) << 26 | entry)
    }

    /// A slot that leads to a node, if the offset is one that a slot can hold.
    pub fn node(inner: bool, offset: usize) -> Option<Self> {
        let offset = u32::try_from(offset).ok().filter(|offset| offset >> 30 == 0)?;
        Some(Self(1 << 31 | u32::from(inner) << 30 | offset))
    }

    /// Whether it leads to a node.
    #[inline(always)]
    pub fn is_node(self) -> bool {
        self.0 >> 31 != 0
    }

    /// Whether that node has children.
    #[inline(always)]
    pub fn is_inner(self) -> bool {
        self.0 >> 30 & 1 != 0
    }

    /// Where the node is.
    #[inline(always)]
    pub fn offset(self) -> usize {
        (self.0 & 0x3fff_ffff) as usize
    }

    /// Which entry it is.
    #[inline(always)]
    fn entry(self) -> u32 {
        self.0 & 0x03ff_ffff
    }

    /// How long its prefix is.
    #[inline(always)]
    fn digits(self) -> u32 {
        self.0 >> 27 & 15
    }

    /// Whether the entry must be asked before it wins.
    #[inline(always)]
    fn is_conditional(self) -> bool {
        self.0 >> 26 & 1 != 0
    }
}
