//! Memory that was taken for a column, lent in parts, each of which knows how far it was filled.

use crate::room::Room;
use arrow_buffer::ArrowNativeType;
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

    /// The same with values that are there or not, in one way through them: whether all are.
    #[inline(always)]
    pub fn extend_judged(
        &mut self,
        values: impl ExactSizeIterator<Item = T>,
        is_there: impl Fn(T) -> bool,
    ) -> bool {
        let mut all = true;
        self.extend(values.inspect(|value| all &= is_there(*value)));
        all
    }

    pub fn filled(&self) -> usize {
        self.filled
    }

    pub fn is_full(&self) -> bool {
        self.filled == self.all.len()
    }
}

/// The memory of a column, a part of `size` values after the other.
pub fn parts<T: ArrowNativeType>(room: &mut Room<T>, size: usize) -> impl Iterator<Item = Places<'_, T>> {
    room.places().chunks_mut(size).map(|all| Places { all, filled: 0 })
}
