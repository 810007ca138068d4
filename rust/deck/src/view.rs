//! The columns of an open deck, and the questions asked of them.
//!
//! Borrowed from the deck's bytes and cheap to make: once for a number, or once for a million.
//! Every index is checked; bytes that lead outside themselves give `Broken`.

use crate::checked::Checked;
use crate::clock::Zone;
use crate::digits::Digits;
use crate::error::Broken;
use crate::format::{Lists, Packed};
use crate::schedule::Schedule;
use crate::terms::{Direction, StoredTerms, Terms};
use crate::trie::Slot;
use crate::trie::block::Block;
use crate::trie::coding::Coding;
use crate::trie::walk::Trie;
use std::sync::Arc;
use zerocopy::little_endian::U32;

/// What is asked of a deck besides the number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Microseconds since 1970 UTC (R50); `None` leaves dates out of account.
    pub at: Option<i64>,
    /// `None` takes entries for either direction.
    pub direction: Option<Direction>,
}

/// An entry that a prefix leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// Digits of the matched prefix: so many of the number's first ones.
    pub digits: u32,
    /// The entry.
    pub entry: u32,
}

/// Where a number may be called, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group<'a> {
    /// Network group.
    pub name: &'a str,
    /// ISO 3166 code, or empty.
    pub country_iso: &'a str,
    /// Country name, or empty.
    pub country: &'a str,
}

/// A deck's columns.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(crate) trie: Trie<'a>,
    pub(crate) entries: u32,
    pub(crate) parents: &'a [U32],
    pub(crate) parent_of: Packed<'a>,
    pub(crate) tariff_of: Packed<'a>,
    pub(crate) tariffs: &'a [[U32; 2]],
    pub(crate) terms: &'a [StoredTerms],
    pub(crate) groups: &'a [[U32; 3]],
    pub(crate) text_ends: &'a [U32],
    pub(crate) text: &'a [u8],
    pub(crate) source_file: Packed<'a>,
    pub(crate) source_row: Packed<'a>,
    pub(crate) labels: &'a [[U32; 2]],
    pub(crate) zones: Lists<'a>,
    pub(crate) schedules: Lists<'a>,
    pub(crate) lacks_inbound: bool,
    pub(crate) has_sources: bool,
    /// What walks ask, if it was read before.
    pub(crate) checked: Option<&'a Checked>,
}

/// Steps of a chain that are taken for all numbers of a block at a time, and then one by one; and before
/// versions of a prefix are searched.
const FEW: usize = 8;

impl<'a> View<'a> {
    /// The same, with what was made of it by `Checked::new`: what is asked of many numbers then costs less.
    pub fn with(self, checked: &'a Checked) -> Self {
        Self { checked: Some(checked), ..self }
    }

    /// The longest prefix that answers for this number, if any (R15, R16).
    #[inline]
    pub fn find(&self, number: &Digits, asked: Asked) -> Result<Option<Found>, Broken> {
        let slot = self.trie.find(number.key);
        let is_open = self.trie.coding.is_open(slot, number.count as u32) | self.trie.is_broken(slot);
        let slot = if is_open | self.is_one_way(asked) {
            self.resolve(slot, number.count as u32, asked)?
        } else {
            slot
        };
        Ok(self.found(slot))
    }

    /// The same for the first `rows` numbers of a block; afterwards each slot is a leaf or none.
    #[inline]
    pub fn find_block(
        &self,
        block: &mut Block,
        rows: usize,
        asked: impl Fn(usize) -> Asked,
    ) -> Result<(), Broken> {
        let mut open = self.trie.find_block(block, rows);
        // A step of all numbers at a time: how far one goes is not predictable.
        for _ in 0..FEW {
            if open == 0 {
                break;
            }
            open = self.step(block, open, &asked)?;
        }
        for index in 0..open {
            let at = block.open(index);
            block.slot[at] = self.resolve(block.slot[at], block.count[at], asked(at))?;
        }
        // Mostly none is inbound, and to see that is vector code.
        let is_inbound = |at: usize| asked(at).direction == Some(Direction::Inbound);
        if self.lacks_inbound && (0..rows).fold(false, |any, at| any | is_inbound(at)) {
            for at in 0..rows {
                if is_inbound(at) {
                    block.slot[at] = self.resolve(block.slot[at], block.count[at], asked(at))?;
                }
            }
        }
        Ok(())
    }

    /// One step of the numbers that are listed in a block; how many do not stay where they are then.
    #[inline]
    fn step(
        &self,
        block: &mut Block,
        listed: usize,
        asked: &impl Fn(usize) -> Asked,
    ) -> Result<usize, Broken> {
        let mut left = 0;
        for index in 0..listed {
            let at = block.open(index);
            let stays = self.stays(block.slot[at], block.count[at], asked(at))?;
            block.keep_open(left, at);
            left += usize::from(!stays);
        }
        let mut next = 0;
        for index in 0..left {
            let at = block.open(index);
            block.slot[at] = self.parent(block.slot[at])?;
            block.keep_open(next, at);
            next += usize::from(block.slot[at] != Slot::NONE);
        }
        Ok(next)
    }

    /// Every entry whose prefix begins the number, longest first, whether it answers or not.
    pub fn chain(&self, number: &Digits) -> Result<Vec<Found>, Broken> {
        let mut all = Vec::new();
        let mut slot = self.trie.find(number.key);
        while slot != Slot::NONE {
            if self.trie.is_broken(slot) {
                return Err(Broken);
            }
            if u64::from(self.digits(slot)) <= number.count {
                all.extend(self.found(slot));
            }
            slot = self.parent(slot)?;
        }
        Ok(all)
    }

    #[inline(always)]
    pub(crate) fn is_one_way(&self, asked: Asked) -> bool {
        asked.direction == Some(Direction::Inbound) && self.lacks_inbound
    }

    /// What a slot leads to, after `find_block`.
    #[inline(always)]
    pub fn found(&self, slot: Slot) -> Option<Found> {
        (slot != Slot::NONE).then(|| Found { digits: self.digits(slot), entry: self.entry(slot) })
    }

    /// How slots are read.
    #[doc(hidden)]
    pub fn coding(&self) -> Coding {
        self.trie.coding
    }

    /// The entry that a slot leads to, if it is not `NONE`.
    #[inline(always)]
    pub fn entry(&self, slot: Slot) -> u32 {
        self.trie.coding.entry(slot)
    }

    /// Digits of its prefix; 0 of `NONE`.
    #[inline(always)]
    pub fn digits(&self, slot: Slot) -> u32 {
        self.trie.coding.digits(slot)
    }

    #[inline(always)]
    pub(crate) fn is_conditional(&self, slot: Slot) -> bool {
        self.trie.coding.is_conditional(slot)
    }

    /// Walk from a slot to the first entry, itself or shorter, that answers.
    fn resolve(&self, mut slot: Slot, count: u32, asked: Asked) -> Result<Slot, Broken> {
        let mut steps = 0;
        while slot != Slot::NONE {
            if self.stays(slot, count, asked)? {
                return Ok(slot);
            }
            let parent = self.parent(slot)?;
            steps += 1;
            slot = match (self.checked, asked.at) {
                (Some(checked), Some(at)) if steps > FEW && self.digits(parent) == self.digits(slot) => {
                    checked.skip(self, parent, at)?
                }
                _ => parent,
            };
        }
        Ok(Slot::NONE)
    }

    /// Whether an entry begins a number of `count` digits and answers what is asked.
    #[inline(always)]
    fn stays(&self, slot: Slot, count: u32, asked: Asked) -> Result<bool, Broken> {
        if self.trie.is_broken(slot) {
            return Err(Broken);
        }
        if self.digits(slot) > count {
            return Ok(false);
        }
        let plain = !self.is_conditional(slot) & !self.is_one_way(asked);
        Ok(plain || self.answers(slot, u32::MAX, count, asked)?)
    }

    /// Whether an entry answers; its terms are looked up if their number is not known.
    #[inline(always)]
    pub(crate) fn answers(&self, slot: Slot, terms: u32, count: u32, asked: Asked) -> Result<bool, Broken> {
        match (self.checked, terms) {
            (Some(checked), _) => checked.answers(self, slot, count, asked),
            (None, u32::MAX) => Ok(self.says(&self.terms_of(self.entry(slot))?, slot, count, asked)),
            (None, terms) => Ok(self.says(&self.terms(terms)?, slot, count, asked)),
        }
    }

    /// Whether terms answer what is asked, for a number of `count` digits.
    fn says(&self, terms: &Terms, slot: Slot, count: u32, asked: Asked) -> bool {
        (!terms.exact_match || self.digits(slot) == count)
            && asked.at.is_none_or(|at| terms.is_live(at))
            && asked.direction.is_none_or(|direction| terms.serves(direction))
    }

    /// The next shorter entry. It has fewer digits, or as many and a lower number, which is what ends the walk.
    pub(crate) fn parent(&self, slot: Slot) -> Result<Slot, Broken> {
        let parent = self.parent_slot(self.entry(slot))?;
        let order = |slot: Slot| (self.digits(slot), self.entry(slot));
        let good = parent == Slot::NONE || (!parent.is_node() && order(parent) < order(slot));
        if good { Ok(parent) } else { Err(Broken) }
    }

    #[inline(always)]
    pub(crate) fn parent_slot(&self, entry: u32) -> Result<Slot, Broken> {
        let place = self.parent_of.get(entry as usize).ok_or(Broken)?;
        self.parents.get(place as usize).map(|word| Slot(word.get())).ok_or(Broken)
    }

    /// Group and terms of an entry.
    #[inline(always)]
    pub fn tariff(&self, entry: u32) -> Result<(u32, u32), Broken> {
        let tariff = self.tariff_of.get(entry as usize).ok_or(Broken)?;
        let [group, terms] = self.tariffs.get(tariff as usize).ok_or(Broken)?;
        if group.get() as usize >= self.groups.len() {
            return Err(Broken);
        }
        Ok((group.get(), terms.get()))
    }

    /// Terms by number.
    #[inline]
    pub fn terms(&self, terms: u32) -> Result<Terms, Broken> {
        self.terms.get(terms as usize).ok_or(Broken).and_then(read)
    }

    /// All terms, by their numbers.
    pub fn all_terms(&self) -> Result<Vec<Terms>, Broken> {
        self.terms.iter().map(read).collect()
    }

    /// Terms of an entry.
    pub fn terms_of(&self, entry: u32) -> Result<Terms, Broken> {
        self.terms(self.tariff(entry)?.1)
    }

    /// Number of the group that an entry belongs to.
    pub fn group_of(&self, entry: u32) -> Result<u32, Broken> {
        Ok(self.tariff(entry)?.0)
    }

    /// The schedule of terms, if they name one.
    pub fn schedule_of(&self, terms: &Terms) -> Result<Option<Schedule>, Broken> {
        terms.schedule.map(|number| self.schedule(number, |zone| self.zone(zone))).transpose()
    }

    /// All schedules, by their numbers; those of one zone share it.
    pub fn all_schedules(&self) -> Result<Vec<Schedule>, Broken> {
        let zones = (0..self.zones.ends.len()).map(|zone| self.zone(zone));
        let zones: Vec<Arc<Zone>> = zones.collect::<Result<_, _>>()?;
        let shared = |zone: usize| zones.get(zone).cloned().ok_or(Broken);
        (0..self.schedules.ends.len() as u32).map(|number| self.schedule(number, shared)).collect()
    }

    fn schedule(
        &self,
        number: u32,
        zone: impl Fn(usize) -> Result<Arc<Zone>, Broken>,
    ) -> Result<Schedule, Broken> {
        let words = self.schedules.get(number as usize).ok_or(Broken)?;
        let [zone_number, text, words @ ..] = words.as_slice() else { return Err(Broken) };
        let zone_number = usize::try_from(*zone_number).map_err(|_| Broken)?.checked_sub(1);
        let text = self.text(u32::try_from(*text).map_err(|_| Broken)?.into())?;
        Schedule::from_words(words, zone_number.map(zone).transpose()?, text).ok_or(Broken)
    }

    fn zone(&self, number: usize) -> Result<Arc<Zone>, Broken> {
        let words = self.zones.get(number).ok_or(Broken)?;
        Zone::from_words(&words).map(Arc::new).ok_or(Broken)
    }

    /// A group by number.
    pub fn group(&self, group: u32) -> Result<Group<'a>, Broken> {
        let [name, iso, country] = self.groups.get(group as usize).ok_or(Broken)?;
        Ok(Group { name: self.text(*name)?, country_iso: self.text(*iso)?, country: self.text(*country)? })
    }

    /// File and row that an entry came from, if the deck keeps them.
    pub fn source(&self, entry: u32) -> Result<Option<(&'a str, u32)>, Broken> {
        if !self.has_sources {
            return Ok(None);
        }
        let row = self.source_row.get(entry as usize).ok_or(Broken)?;
        let file = self.source_file.get(entry as usize).ok_or(Broken)?;
        Ok(Some((self.text(file.into())?, row)))
    }

    /// Names and values that describe the deck: provider, currency, digests of its sources.
    pub fn labels(&self) -> Result<Vec<(&'a str, &'a str)>, Broken> {
        self.labels.iter().map(|[name, value]| Ok((self.text(*name)?, self.text(*value)?))).collect()
    }

    /// All texts of the deck, back to back; `group` and so on borrow from them.
    pub fn all_text(&self) -> &'a [u8] {
        self.text
    }

    fn text(&self, index: U32) -> Result<&'a str, Broken> {
        let ends = self.text_ends;
        let index = index.get() as usize;
        let end = ends.get(index).ok_or(Broken)?.get() as usize;
        let start = match index.checked_sub(1) {
            Some(before) => ends.get(before).ok_or(Broken)?.get() as usize,
            None => 0,
        };
        let bytes = self.text.get(start..end).ok_or(Broken)?;
        std::str::from_utf8(bytes).map_err(|_| Broken)
    }
}

/// Terms that the builder would have let pass.
#[inline]
fn read(stored: &StoredTerms) -> Result<Terms, Broken> {
    let terms = Terms::from(stored);
    if terms.fault().is_none() && !stored.has_reserved() { Ok(terms) } else { Err(Broken) }
}
