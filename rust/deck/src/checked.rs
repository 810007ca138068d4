//! What walks ask of entries, read out of the bytes and checked once for many numbers.
//!
//! Terms are 88 bytes, and reading them checks them: a walk that meets some at every step of every
//! number pays for that each time. It asks for three things only, whether an entry holds at a time, for a
//! direction, for one whole number; here they stand in 24 bytes by tariff.

use crate::error::Broken;
use crate::terms::{Direction, Terms};
use crate::trie::Slot;
use crate::view::{Asked, View};
use std::ops::RangeInclusive;

/// A tariff as walks ask it.
#[derive(Clone, Copy, Debug)]
struct Ready {
    /// First instant in force.
    from: i64,
    /// Last instant in force.
    until: i64,
    /// `EXACT_MATCH`, and a bit for each direction that it does not serve.
    flags: u32,
}

const EXACT_MATCH: u32 = 4;

/// Versions of one prefix that are worth a search.
const MANY: u32 = 16;

/// Tariffs and terms of a deck, checked; and where many versions of a prefix stand.
#[derive(Debug)]
pub struct Checked {
    tariffs: Vec<Ready>,
    terms: Vec<Terms>,
    /// First and last of entries that follow one another in time.
    runs: Vec<(u32, u32)>,
}

impl Checked {
    /// Read all that there is: linear in the distinct terms, and in the entries of a dated deck.
    pub fn new(view: &View<'_>) -> Result<Self, Broken> {
        let terms = view.all_terms()?;
        let ready = |number: u32| {
            let terms = terms.get(number as usize).ok_or(Broken)?;
            let lacks = |direction| u32::from(!terms.serves(direction)) << direction as u32;
            let flags = lacks(Direction::Outbound) | lacks(Direction::Inbound);
            Ok(Ready {
                from: terms.valid_from.unwrap_or(i64::MIN),
                until: terms.valid_to.map_or(i64::MAX, |to| to.saturating_sub(1)),
                flags: flags | if terms.exact_match { EXACT_MATCH } else { 0 },
            })
        };
        let tariff = |number| view.tariffs.get(number).ok_or(Broken);
        let tariffs = (0..view.tariffs.len()).map(|number| {
            let [group, terms] = tariff(number)?;
            if group.get() as usize >= view.groups.len() {
                return Err(Broken);
            }
            ready(terms.get())
        });
        let tariffs = tariffs.collect::<Result<_, Broken>>()?;
        let is_dated = terms.iter().any(Terms::is_dated);
        let mut checked = Self { tariffs, terms, runs: Vec::new() };
        // Where all entries have the same above them, none has another version.
        if is_dated && !view.parent_of.is_constant() {
            checked.runs = checked.versions(view)?;
        }
        Ok(checked)
    }

    /// Entries that follow one another under one prefix, where they are many.
    ///
    /// All but the last of a prefix have numbers in a row, in the order of time, those for a whole number
    /// behind the others (`trie::build::numbering`). That is looked up here and not believed: a run ends where
    /// an entry does not come after the one before.
    fn versions(&self, view: &View<'_>) -> Result<Vec<(u32, u32)>, Broken> {
        let mut parents = Vec::with_capacity(view.entries as usize);
        // Whoever is a parent has its digits told; all but the last of a prefix are.
        let mut digits = vec![0_u8; view.entries as usize];
        for entry in 0..view.entries {
            let parent = view.parent_slot(entry)?;
            if parent != Slot::NONE {
                *digits.get_mut(view.entry(parent) as usize).ok_or(Broken)? = view.digits(parent) as u8;
            }
            parents.push(parent);
        }
        let follows = |entry: u32| {
            let (parent, at) = (parents[entry as usize], entry as usize);
            let same =
                parent != Slot::NONE && view.entry(parent) + 1 == entry && digits[at] == digits[at - 1];
            let pair = || Some((self.ready(view, entry - 1).ok()?, self.ready(view, entry).ok()?));
            same && pair().is_some_and(|(one, next)| {
                one.until < next.from && (one.flags ^ next.flags) & EXACT_MATCH == 0
            })
        };
        let mut runs = Vec::new();
        let mut first = 0;
        for entry in 1..=view.entries {
            if entry == view.entries || !follows(entry) {
                if entry - first >= MANY {
                    runs.push((first, entry - 1));
                }
                first = entry;
            }
        }
        Ok(runs)
    }

    #[inline(always)]
    fn ready(&self, view: &View<'_>, entry: u32) -> Result<&Ready, Broken> {
        let tariff = view.tariff_of.get(entry as usize).ok_or(Broken)?;
        self.tariffs.get(tariff as usize).ok_or(Broken)
    }

    /// Whether an entry answers what is asked, for a number of `count` digits.
    #[inline(always)]
    pub(crate) fn answers(
        &self,
        view: &View<'_>,
        slot: Slot,
        count: u32,
        asked: Asked,
    ) -> Result<bool, Broken> {
        let ready = self.ready(view, view.entry(slot))?;
        let is_whole = (ready.flags & EXACT_MATCH == 0) | (view.digits(slot) == count);
        let is_live = asked.at.is_none_or(|at| (ready.from <= at) & (at <= ready.until));
        let serves = asked.direction.is_none_or(|direction| ready.flags >> direction as u32 & 1 == 0);
        Ok(is_whole & is_live & serves)
    }

    /// Where to go on from a version of a prefix: to the one in force at a time, or to the first one.
    #[cold]
    pub(crate) fn skip(&self, view: &View<'_>, slot: Slot, at: i64) -> Result<Slot, Broken> {
        let Some(run) = self.run(view.entry(slot)) else { return Ok(slot) };
        let (mut low, mut high) = (*run.start(), view.entry(slot) + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.ready(view, middle)?.from <= at { low = middle + 1 } else { high = middle }
        }
        let found = low.saturating_sub(1).max(*run.start());
        let entry = if at <= self.ready(view, found)?.until { found } else { *run.start() };
        Ok(view.trie.coding.leaf(view.digits(slot), view.is_conditional(slot), entry))
    }

    /// The run that an entry is in.
    fn run(&self, entry: u32) -> Option<RangeInclusive<u32>> {
        let behind = self.runs.partition_point(|(first, _)| *first <= entry);
        let (first, last) = *self.runs.get(behind.checked_sub(1)?)?;
        (entry <= last).then_some(first..=last)
    }

    /// Terms by number.
    #[inline(always)]
    pub fn terms(&self, number: u32) -> Option<&Terms> {
        self.terms.get(number as usize)
    }

    /// All terms, by number.
    pub fn all_terms(&self) -> &[Terms] {
        &self.terms
    }
}
