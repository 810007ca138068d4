//! A block of numbers and what they lead to, as columns.

use super::Slot;
use super::choice::{Kind, Walk};
use super::walk::prefetch;
use crate::digits::{Raw, integer_key};
use zerocopy::little_endian::U32;

/// Numbers in a block: large enough to keep the memory busy, small enough for the first-level cache
/// to hold the block's columns beside what is looked up.
pub const BLOCK: usize = 512;

/// Columns that are filled sixteen places at a time from anywhere need so many behind the last.
pub(super) const SLACK: usize = 16;

/// Texts outside the views mostly stand in the order of the rows: so many bytes are read ahead.
const AHEAD: usize = 2048;

/// Views stand one behind another, and are asked for so many rows ahead: what was asked for a whole block before
/// would have to be kept beside the block's own columns meanwhile.
pub(super) const VIEWS_AHEAD: usize = 128;

/// Characters of a string view that stand in the view itself.
pub(super) const INLINE: u32 = 12;

/// The columns.
#[repr(C, align(64))]
pub struct Block {
    /// Left-aligned text in two halves; raw before `find_block`, without plus and checked after it.
    pub text: [[u64; 2]; BLOCK],
    /// Bytes of the raw text before `find_block`, digits after it; 0 = no number.
    pub count: [u32; BLOCK],
    /// Where each number leads.
    pub slot: [Slot; BLOCK],
    /// Base-100 keys.
    pub(crate) key: [u64; BLOCK],
    /// Cells of the table, then places in the arena, then first children of the nodes that numbers are at.
    pub(super) place: [u32; BLOCK],
    /// Bitmaps of the nodes that numbers are at, or groups of the table.
    pub(super) bits: [[U32; 4]; BLOCK],
    /// Entries of those nodes: the first, and the inherited one.
    pub(super) entries: [[U32; 2]; BLOCK],
    /// Numbers far away while loading, those at nodes in `walk`, those open afterwards.
    pub(super) list: [u16; BLOCK + SLACK],
    /// Numbers that may have another node to go.
    pub(super) way: Queue,
    /// Numbers at their last node.
    pub(super) end: Queue,
    /// Whether keys and counts are there already.
    pub(super) is_read: bool,
    /// By which instructions it is walked.
    pub(super) walk: Walk,
}

/// Numbers at nodes.
#[repr(C, align(64))]
pub(super) struct Queue {
    /// Which they are.
    pub(super) list: [u16; BLOCK + SLACK],
    /// The slots of their nodes.
    pub(super) at: [u32; BLOCK + SLACK],
    /// What is left of their keys.
    pub(super) rest: [u32; BLOCK + SLACK],
}

impl Default for Queue {
    fn default() -> Self {
        Self { list: [0; BLOCK + SLACK], at: [0; BLOCK + SLACK], rest: [0; BLOCK + SLACK] }
    }
}

impl Default for Block {
    fn default() -> Self {
        Self {
            text: [[0; 2]; BLOCK],
            count: [0; BLOCK],
            slot: [Slot::NONE; BLOCK],
            key: [0; BLOCK],
            place: [0; BLOCK],
            bits: [[U32::ZERO; 4]; BLOCK],
            entries: [[U32::ZERO; 2]; BLOCK],
            list: [0; BLOCK + SLACK],
            way: Queue::default(),
            end: Queue::default(),
            is_read: false,
            walk: Walk::default(),
        }
    }
}

impl Block {
    /// A block that is walked by these instructions.
    pub fn of(walk: Walk) -> Box<Self> {
        let mut block = Box::<Self>::default();
        block.walk = walk;
        block
    }

    /// Put the first numbers as integers: as keys, with no text between. Texts are made where they are
    /// `wanted` afterwards, and elsewhere what stands there is not theirs.
    #[inline]
    pub fn put_integers(&mut self, values: impl Iterator<Item = u64>, wanted: bool) {
        self.is_read = true;
        let places = self.key.iter_mut().zip(&mut self.count).zip(&mut self.text);
        for (((key, count), text), value) in places.zip(values) {
            (*key, *count) = integer_key(value);
            if wanted {
                let digits = Raw::from_integer(value).read();
                *text = [digits.low, digits.high];
            }
        }
    }

    /// Put a raw text at a place of the block.
    #[inline(always)]
    pub fn put(&mut self, index: usize, raw: Raw) {
        self.is_read = false;
        self.text[index] = [raw.low, raw.high];
        self.count[index] = u32::try_from(raw.length).unwrap_or(u32::MAX);
    }

    /// Put the first `rows` texts of a column of Arrow string views; what follows in it is read ahead.
    ///
    /// Short texts stand in their view, the others in the buffers it names.
    #[inline]
    pub fn put_views<'a>(&mut self, views: &[u128], rows: usize, buffer: impl Fn(usize) -> &'a [u8]) {
        self.is_read = false;
        let rows = rows.min(BLOCK).min(views.len());
        let far = self.split_views(views, rows);
        for at in 0..far.min(BLOCK) {
            let at = usize::from(self.list[at]) & (BLOCK - 1);
            let Some(view) = views.get(at) else { continue };
            let bytes = buffer((view >> 64) as u32 as usize);
            let start = (view >> 96) as u32 as usize;
            prefetch(bytes, start.wrapping_add(AHEAD));
            let raw = match bytes.get(start..start + 16).and_then(|found| found.first_chunk()) {
                Some(window) => Raw::from_window(*window, 0),
                None => edge(bytes, start),
            };
            self.text[at] = [raw.low, raw.high];
        }
    }

    /// Put what stands in the views themselves; list those whose text does not, and count them.
    #[inline]
    fn split_views(&mut self, views: &[u128], rows: usize) -> usize {
        match self.walk.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(wide) => wide.split_views(self, views, rows),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(half) => half.split_views(self, views, rows),
            Kind::Portable => self.split_views_from(0, views, rows, 0),
        }
    }

    /// The same one by one, from a row on, with so many listed before.
    #[inline(always)]
    pub(super) fn split_views_from(&mut self, from: usize, views: &[u128], rows: usize, far: usize) -> usize {
        let mut far = far;
        for (at, view) in views[..rows].iter().enumerate().skip(from) {
            if at % 4 == 0 {
                // The column is read once, from memory: what comes next is asked for now.
                prefetch(views, VIEWS_AHEAD + at);
            }
            self.text[at] = [(view >> 32) as u64, (view >> 96) as u64];
            self.count[at] = *view as u32;
            self.list[far & (BLOCK - 1)] = at as u16;
            far += usize::from(*view as u32 > INLINE);
        }
        far
    }

    /// Make a number none, before it is looked for.
    #[inline(always)]
    pub fn take_out(&mut self, index: usize) {
        (self.key[index], self.count[index]) = (0, 0);
    }

    /// List a place again.
    #[inline(always)]
    pub(crate) fn keep_open(&mut self, index: usize, at: usize) {
        self.list[index & (BLOCK - 1)] = at as u16;
    }

    /// The place of the `index`th number whose slot does not decide alone, after `Trie::find_block`.
    #[inline(always)]
    pub(crate) fn open(&self, index: usize) -> usize {
        usize::from(self.list[index & (BLOCK - 1)]) & (BLOCK - 1)
    }
}

/// A text so near the end of its buffer that sixteen bytes cannot be read.
#[cold]
fn edge(bytes: &[u8], start: usize) -> Raw {
    Raw::new(bytes.get(start..).unwrap_or_default())
}
