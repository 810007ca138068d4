//! Values numbered by their own order, each once, of which there may be as many as rows.
//!
//! A map of a million values is read and grown all over memory. Here those of late are kept in a small table,
//! which is enough where values repeat; what is not found there is noted again, and that costs a place in the
//! list that is sorted in the end. The numbers are the same, whatever the table found.

/// Places of the table at first, and at most: what a second-level cache holds.
const FEWEST: usize = 64;
const MOST: usize = 1 << 14;

/// A value that comes again and again, and is cheaply compared.
pub(crate) trait Value: Copy + Ord {
    /// Bits that differ where values do, for the most part; any at all will do.
    fn bits(self) -> u64;
}

impl Value for u32 {
    fn bits(self) -> u64 {
        self.into()
    }
}

impl Value for [u32; 2] {
    fn bits(self) -> u64 {
        u64::from(self[0]) << 32 | u64::from(self[1])
    }
}

impl Value for [u32; 3] {
    fn bits(self) -> u64 {
        mixed(u64::from(self[0]), u64::from(self[1]) << 32 | u64::from(self[2]))
    }
}

impl Value for (u64, u32) {
    fn bits(self) -> u64 {
        mixed(self.0, self.1.into())
    }
}

/// Two words as one.
pub(crate) fn mixed(a: u64, b: u64) -> u64 {
    let both = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xd1b5_4a32_d192_ed03);
    both as u64 ^ (both >> 64) as u64
}

/// What some keys of late led to; a key pushes out another one of its place.
#[derive(Debug)]
pub(crate) struct Recent<K> {
    places: Vec<Option<(K, u32)>>,
    /// Keys that were not found since the table has its size.
    missed: usize,
}

impl<K> Default for Recent<K> {
    fn default() -> Self {
        Self { places: Vec::new(), missed: 0 }
    }
}

impl<K: Copy + Eq> Recent<K> {
    fn place(&self, bits: u64) -> usize {
        // The upper half of the product depends on all bits.
        (bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & self.places.len().wrapping_sub(1)
    }

    /// The number of a key, if it was kept.
    #[inline]
    pub fn get(&self, key: K, bits: u64) -> Option<u32> {
        match self.places.get(self.place(bits)) {
            Some(Some((known, number))) if *known == key => Some(*number),
            _ => None,
        }
    }

    /// Keep the number of a key that was not found. A table that finds little grows, and begins anew.
    pub fn keep(&mut self, key: K, bits: u64, number: u32) {
        if self.missed >= self.places.len() && self.places.len() < MOST {
            self.places = vec![None; (4 * self.places.len()).max(FEWEST)];
            self.missed = 0;
        }
        self.missed += 1;
        let place = self.place(bits);
        self.places[place] = Some((key, number));
    }
}

/// Distinct values; the numbers given out are provisional, and several may be of one value.
#[derive(Debug)]
pub(crate) struct Distinct<T> {
    noted: Vec<T>,
    recent: Recent<T>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { noted: Vec::new(), recent: Recent::default() }
    }
}

impl<T: Value> Distinct<T> {
    /// A provisional number of a value.
    #[inline]
    pub fn number(&mut self, value: T) -> u32 {
        if let Some(last) = self.noted.last()
            && *last == value
        {
            return self.noted.len() as u32 - 1;
        }
        let bits = value.bits();
        self.recent.get(value, bits).unwrap_or_else(|| self.note(value, bits))
    }

    fn note(&mut self, value: T, bits: u64) -> u32 {
        let number = self.noted.len() as u32;
        self.noted.push(value);
        self.recent.keep(value, bits, number);
        number
    }

    /// The values in order after `change`, each once, and for each provisional number the place of its value.
    pub fn ordered(self, change: impl Fn(T) -> T) -> (Vec<T>, Vec<u32>) {
        let mut order: Vec<(T, u32)> = self.noted.into_iter().map(change).zip(0..).collect();
        if !order.is_sorted() {
            order.sort_unstable();
        }
        let mut numbers = vec![0; order.len()];
        let mut values: Vec<T> = Vec::new();
        for (value, old) in order {
            if values.last() != Some(&value) {
                values.push(value);
            }
            numbers[old as usize] = values.len() as u32 - 1;
        }
        (values, numbers)
    }
}

/// The distinct values in order, and for each value its place among them.
pub(crate) fn distinct<T: Value>(values: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut all = Distinct::default();
    let mut of: Vec<u32> = values.map(|value| all.number(value)).collect();
    let (values, places) = all.ordered(|value| value);
    of.iter_mut().for_each(|number| *number = places[*number as usize]);
    (values, of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The naive way: a set in order, and a search in it for each value.
    fn searched<T: Value>(values: &[T]) -> (Vec<T>, Vec<u32>) {
        let all: Vec<T> = values.iter().copied().collect::<BTreeSet<T>>().into_iter().collect();
        let of = values.iter().map(|value| all.partition_point(|other| other < value) as u32).collect();
        (all, of)
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_a_search(values in proptest::collection::vec((0_u64..40, 0_u32..9), 0..400)) {
            prop_assert_eq!(distinct(values.iter().copied()), searched(&values));
        }

        #[test]
        fn numbers_are_the_same_where_the_table_finds_nothing(
            values in proptest::collection::vec(any::<[u32; 2]>(), 0..600), again in 1_usize..4,
        ) {
            let values = values.repeat(again);
            prop_assert_eq!(distinct(values.iter().copied()), searched(&values));
        }

        #[test]
        fn a_change_comes_before_the_order(values in proptest::collection::vec(0_u32..99, 0..300)) {
            let mut all = Distinct::default();
            let numbers: Vec<u32> = values.iter().map(|value| all.number(*value)).collect();
            let (ordered, places) = all.ordered(|value| 1000 - value / 2);
            let changed: Vec<u32> = values.iter().map(|value| 1000 - value / 2).collect();
            let of: Vec<u32> = numbers.iter().map(|number| places[*number as usize]).collect();
            prop_assert_eq!((ordered, of), searched(&changed));
        }
    }

    #[test]
    fn more_values_than_the_table_holds_are_numbered_alike() {
        // Each comes three times, so far apart that none is found again.
        let count = 2 * MOST as u32;
        let values: Vec<u32> = (0..3 * count).map(|at| at % count * 7919 % count).collect();
        assert_eq!(distinct(values.iter().copied()), searched(&values));
    }
}
