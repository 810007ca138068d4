//! What the bits of an entry's slot say: one coding for nearly all decks, one for very large ones.
//!
//! ```text
//! usual  0 | digits of the prefix : 4 | conditional : 1 | entry : 26
//! many   0 | conditional : 1 | odd : 1 | entry, and 2^27 more : 29
//! ```
//!
//! Sixty-seven million entries are enough for every sheet, but not for the ported numbers of a large
//! country. Where there are more, entries are numbered by half the digits of their prefixes, rounded
//! down; eight numbers say where each half begins, and a slot states only whether there is one digit
//! more. That is 402 million entries, whatever lengths their prefixes have. In both codings no slot of
//! an entry lies below 2^27, so that what is none, and what is broken, looks alike everywhere.

use super::Slot;

/// Halves of the digits that a prefix can have: 0 to 7.
pub const HALVES: usize = 8;

/// The bit of a slot of many entries whose prefix has an odd number of digits.
const ODD: u32 = 29;

/// How slots are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Up to `Slot::MAX_ENTRIES`.
    Usual,
    /// Up to `Coding::MOST`: the numbers of the first entries with so many pairs of digits, ascending.
    Many([u32; HALVES]),
}

impl Coding {
    /// Entries of the largest deck: 402 million.
    pub const MOST: usize = (1 << ODD) - (1 << Slot::DIGITS_FROM);

    /// The coding of so many entries for each half of the digits, of which the usual one takes so many at most.
    pub fn of(counts: [usize; HALVES], usual: usize) -> Self {
        if counts.iter().sum::<usize>() <= usual.min(Slot::MAX_ENTRIES) {
            return Self::Usual;
        }
        let mut first = 0;
        Self::Many(counts.map(|count| {
            first += count as u32;
            first - count as u32
        }))
    }

    /// Whether it is that of very large decks.
    #[inline(always)]
    pub fn is_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// What a slot of a prefix has more if that ends with one digit more.
    #[inline(always)]
    pub(super) const fn longer(is_many: bool) -> u32 {
        if is_many { 1 << ODD } else { 1 << Slot::DIGITS_FROM }
    }

    /// A slot that leads to an entry.
    #[inline]
    pub fn leaf(&self, digits: u32, conditional: bool, entry: u32) -> Slot {
        match self {
            Self::Usual => Slot::leaf(digits, conditional, entry),
            Self::Many(_) => {
                let odd = u32::from(digits % 2 == 1) << ODD;
                Slot(u32::from(conditional) << 30 | odd | ((1 << Slot::DIGITS_FROM) + entry))
            }
        }
    }

    /// Which entry it is.
    #[inline(always)]
    pub fn entry(&self, slot: Slot) -> u32 {
        match self {
            Self::Usual => slot.entry(),
            Self::Many(_) => (slot.0 & ((1 << ODD) - 1)).wrapping_sub(1 << Slot::DIGITS_FROM),
        }
    }

    /// How long its prefix is.
    #[inline(always)]
    pub fn digits(&self, slot: Slot) -> u32 {
        match self {
            Self::Usual => slot.digits(),
            Self::Many(firsts) => {
                let entry = self.entry(slot);
                let half: u32 = firsts[1..].iter().map(|first| u32::from(entry >= *first)).sum();
                (2 * half + (slot.0 >> ODD & 1)) * u32::from(slot.0 >= 1 << Slot::DIGITS_FROM)
            }
        }
    }

    /// Whether the entry must be asked before it wins.
    #[inline(always)]
    pub fn is_conditional(&self, slot: Slot) -> bool {
        match self {
            Self::Usual => slot.is_conditional(),
            Self::Many(_) => (slot.0 >> 30 & 1 != 0) | (slot == Slot::BROKEN),
        }
    }

    /// Whether the slot alone does not decide for a number of `count` digits.
    #[inline(always)]
    pub fn is_open(&self, slot: Slot, count: u32) -> bool {
        (self.digits(slot) > count) | self.is_conditional(slot)
    }

    /// Whether a slot that is not `NONE` leads to none of so many entries, or to a prefix of no digits.
    #[inline(always)]
    pub(super) fn is_beyond(&self, slot: Slot, entries: u32) -> bool {
        let is_beyond = (self.entry(slot) >= entries) | (slot.0 < 1 << Slot::DIGITS_FROM);
        match self {
            Self::Usual => is_beyond,
            Self::Many(_) => is_beyond | (self.digits(slot) == 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_codings_say_what_was_put_in() {
        let counts = [1, 9, 0, 70, 0, 7, 900, 20];
        let many = Coding::of(counts, 0);
        assert_eq!(many, Coding::Many([0, 1, 10, 10, 80, 80, 87, 987]));
        assert_eq!(Coding::of(counts, 1007), Coding::Usual);
        for (entry, digits) in
            [(0, 1), (1, 2), (9, 3), (10, 6), (79, 7), (80, 10), (87, 13), (987, 14), (1006, 15)]
        {
            for conditional in [false, true] {
                for coding in [Coding::Usual, many] {
                    let slot = coding.leaf(digits, conditional, entry);
                    let said = (coding.digits(slot), coding.is_conditional(slot), coding.entry(slot));
                    assert_eq!(said, (digits, conditional, entry), "{coding:?}");
                    assert!(!slot.is_node() && slot.0 >= 1 << Slot::DIGITS_FROM, "{coding:?}");
                    assert!(coding.is_open(slot, digits - 1), "{coding:?}");
                    assert_eq!(coding.is_open(slot, digits), conditional, "{coding:?}");
                    assert!(
                        !coding.is_beyond(slot, entry + 1) && coding.is_beyond(slot, entry),
                        "{coding:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_none_or_broken_looks_alike() {
        for coding in [Coding::Usual, Coding::of([1, 1, 1, 1, 1, 1, 1, Coding::MOST - 7], 0)] {
            assert!(!coding.is_open(Slot::NONE, 0) && !coding.is_open(Slot::NONE, 15));
            assert!(coding.is_open(Slot::BROKEN, 15));
            assert!(coding.is_beyond(Slot::BROKEN, Coding::MOST as u32));
            let last = coding.leaf(
                15,
                true,
                if coding.is_many() { Coding::MOST } else { Slot::MAX_ENTRIES } as u32 - 1,
            );
            assert!(!last.is_node() && coding.digits(last) == 15 && coding.is_conditional(last));
        }
    }
}
