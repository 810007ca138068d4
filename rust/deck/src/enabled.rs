//! Which network groups of a deck take part in a match.

use crate::digits::Digits;
use crate::error::Broken;
use crate::trie::Slot;
use crate::trie::block::{BLOCK, Block};
use crate::view::{Asked, Found, View};

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

impl View<'_> {
    /// `find` among the entries of enabled groups: one that is not is passed over, as if it were not there.
    pub fn find_enabled(
        &self,
        number: &Digits,
        asked: Asked,
        enabled: Enabled<'_>,
    ) -> Result<Option<Found>, Broken> {
        let mut slot = self.trie.find(number.key);
        while slot != Slot::NONE {
            let (stays, parent) = self.weigh(slot, number.count as u32, asked, enabled)?;
            if stays {
                return Ok(self.found(slot));
            }
            slot = parent;
        }
        Ok(None)
    }

    /// The same for the first `rows` numbers of a block, as `find_block`.
    pub fn find_enabled_block(
        &self,
        block: &mut Block,
        rows: usize,
        asked: impl Fn(usize) -> Asked,
        enabled: Enabled<'_>,
    ) -> Result<(), Broken> {
        self.trie.find_block(block, rows);
        // A step of all numbers at a time, as the trie is walked: how far one goes is not predictable.
        let mut list = [0_u16; BLOCK];
        let mut waiting = 0;
        for at in 0..rows {
            list[waiting & (BLOCK - 1)] = at as u16;
            waiting += usize::from(block.slot[at] != Slot::NONE);
        }
        while waiting > 0 {
            let mut next = 0;
            for step in 0..waiting {
                let at = usize::from(list[step]) & (BLOCK - 1);
                let slot = block.slot[at];
                let (stays, parent) = self.weigh(slot, block.count[at], asked(at), enabled)?;
                block.slot[at] = if stays { slot } else { parent };
                list[next] = at as u16;
                next += usize::from(!stays & (parent != Slot::NONE));
            }
            waiting = next;
        }
        Ok(())
    }

    /// Whether an entry is of an enabled group and answers; and the next shorter one, asked in any case.
    #[inline(always)]
    fn weigh(
        &self,
        slot: Slot,
        count: u32,
        asked: Asked,
        enabled: Enabled<'_>,
    ) -> Result<(bool, Slot), Broken> {
        if self.trie.is_broken(slot) {
            return Err(Broken);
        }
        let (group, terms) = self.tariff(self.entry(slot))?;
        let plain = !self.is_conditional(slot) & !self.is_one_way(asked);
        let answers = plain || self.answers(slot, terms, count, asked)?;
        let stays = answers & enabled.has(group)? & (self.digits(slot) <= count);
        Ok((stays, self.parent(slot)?))
    }
}
