//! What a deck holds under some first digits: its prefixes, and the groups that own them.

use crate::digits::{Digits, MAX_DIGITS};
use crate::error::Broken;
use crate::trie::Slot;
use crate::trie::build::UNIT;
use crate::view::View;
use std::ops::Range;

/// The first digits of prefixes: none, which is all prefixes, to fifteen.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    /// `Digits::aligned` of the first of them.
    start: u64,
    count: u32,
}

impl Within {
    /// Every prefix.
    pub const ALL: Self = Self { start: 0, count: 0 };

    /// Read 0 to 15 digits, or `None`. The first may be 0, under which no prefix is.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let good = text.len() <= MAX_DIGITS && text.iter().all(u8::is_ascii_digit);
        let value = |sum: u64, digit: &u8| 10 * sum + u64::from(digit - b'0');
        good.then(|| Self { start: text.iter().fold(0, value) * UNIT[text.len()], count: text.len() as u32 })
    }

    fn range(self) -> Range<u64> {
        self.start..self.start + UNIT[self.count as usize]
    }

    /// The same digits as a number, if they are one.
    fn number(self) -> Option<Digits> {
        Digits::parse(digits_of(self.start, self.count).as_bytes())
    }
}

/// An entry under its own prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    aligned: u64,
    digits: u32,
    /// The entry.
    pub entry: u32,
}

impl Listed {
    /// The digits of the prefix.
    pub fn prefix(&self) -> String {
        digits_of(self.aligned, self.digits)
    }
}

pub(crate) fn digits_of(aligned: u64, digits: u32) -> String {
    let mut text = format!("{aligned:015}");
    text.truncate(digits as usize);
    text
}

impl View<'_> {
    /// Visit every entry whose prefix begins with these digits, once, in the order of prefixes and
    /// under one prefix in that of validity. Only what is under the digits is walked.
    pub fn each_entry(
        &self,
        within: Within,
        mut visit: impl FnMut(Listed) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        // A prefix begins where its own digits are followed by zeros, so of the chain of a cell all
        // entries down to the first that began before do so here, and nothing else; an entry whose
        // cells all belong to longer prefixes is found no other way.
        let mut left = self.entries;
        let mut chain: Vec<Slot> = Vec::new();
        self.trie.each_slot(within.range(), |at, end, mut slot| {
            while slot != Slot::NONE {
                if !(1..=end).contains(&self.digits(slot)) {
                    return Err(Broken);
                }
                if at % UNIT[self.digits(slot) as usize] != 0 || self.digits(slot) < within.count {
                    break;
                }
                // Each entry is met once, unless the bytes are broken.
                left = left.checked_sub(1).ok_or(Broken)?;
                chain.push(slot);
                slot = self.parent(slot)?;
            }
            chain.drain(..).rev().try_for_each(|slot| {
                visit(Listed { aligned: at, digits: self.digits(slot), entry: self.entry(slot) })
            })
        })
    }

    /// The distinct prefixes that begin with these digits, in order; those of one group, if named.
    pub fn prefixes(&self, within: Within, group: Option<u32>) -> Result<Vec<String>, Broken> {
        let mut all = Vec::new();
        let mut last = None;
        self.each_entry(within, |listed| {
            let prefix = Some((listed.aligned, listed.digits));
            let is_asked = match group {
                Some(group) => self.group_of(listed.entry)? == group,
                None => true,
            };
            if is_asked && prefix != last {
                all.push(listed.prefix());
                last = prefix;
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Numbers of the groups that own a prefix that begins with these digits, or own the digits
    /// themselves by the longest prefix that begins them; whenever and whichever way, in order.
    pub fn groups_within(&self, within: Within) -> Result<Vec<u32>, Broken> {
        let mut groups = Vec::new();
        self.each_entry(within, |listed| {
            groups.push(self.group_of(listed.entry)?);
            Ok(())
        })?;
        let mut longest = None;
        for found in within.number().map_or(Ok(Vec::new()), |number| self.chain(&number))? {
            // A whole number that is shorter than the digits does not begin them.
            if self.terms_of(found.entry)?.exact_match {
                continue;
            }
            if *longest.get_or_insert(found.digits) != found.digits {
                break;
            }
            groups.push(self.group_of(found.entry)?);
        }
        groups.sort_unstable();
        groups.dedup();
        Ok(groups)
    }
}
