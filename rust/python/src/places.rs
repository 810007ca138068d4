//! Memory that was taken for a column, lent in parts, each of which knows how far it was filled.

use std::mem::MaybeUninit;

/// Places of a part of a column, filled from the first on.
pub struct Places<'a, T> {
    all: &'a mut [MaybeUninit<T>],
    filled: usize,
}

impl<T: Copy> Places<'_, T> {
    #[inline(always)]
    pub fn extend(&mut self, values: impl ExactSizeIterator<Item = T>) {
        let end = self.filled + values.len();
        self.all[self.filled..end].iter_mut().zip(values).for_each(|(place, value)| {
            place.write(value);
        });
        self.filled = end;
    }

    pub fn filled(&self) -> usize {
        self.filled
    }

    pub fn is_full(&self) -> bool {
        self.filled == self.all.len()
    }
}

/// The memory of a vector for so many values, a part of `size` after the other.
pub fn spare<T>(values: &mut Vec<T>, count: usize, size: usize) -> impl Iterator<Item = Places<'_, T>> {
    values.spare_capacity_mut()[..count].chunks_mut(size).map(|all| Places { all, filled: 0 })
}
