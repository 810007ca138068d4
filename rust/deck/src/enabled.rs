//! Which network groups of a deck take part in a match.

use crate::error::Broken;

/// A set of groups, one bit each in the order of their numbers, the lowest bit of a byte first.
#[derive(Clone, Copy, Debug)]
pub struct Enabled<'a>(&'a [u8]);

impl<'a> Enabled<'a> {
    /// Bytes that so many groups take.
    pub fn size(groups: usize) -> usize {
        groups.div_ceil(8)
    }

    /// View bits of a deck with so many groups, or `None` if there are more or fewer bytes.
    pub fn new(bits: &'a [u8], groups: usize) -> Option<Self> {
        (bits.len() == Self::size(groups)).then_some(Self(bits))
    }

    /// Whether a group is in the set.
    #[inline(always)]
    pub(crate) fn has(self, group: u32) -> Result<bool, Broken> {
        let byte = self.0.get(group as usize / 8).ok_or(Broken)?;
        Ok(byte >> (group % 8) & 1 != 0)
    }
}
