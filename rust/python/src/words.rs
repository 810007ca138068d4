//! Columns of words, and words to numbers.

use crate::raise::{Raised, wrong_type};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;
use dialnexa_deck::string_views::{INLINE, string_view};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A column of text, of whichever Arrow type.
pub enum Words<'a> {
    /// A column without any value.
    Missing,
    View(&'a StringViewArray),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
}

impl<'a> Words<'a> {
    pub fn new(name: &str, array: &'a ArrayRef) -> Result<Self, Raised> {
        Ok(match array.data_type() {
            DataType::Utf8View => Self::View(array.as_string_view()),
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string()),
            DataType::Null => Self::Missing,
            other => return Err(wrong_type(name, other, "it is text: cast the column to String")),
        })
    }

    /// The word of a row, if it has one.
    #[inline(always)]
    pub fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Missing => None,
            Self::View(array) => array.is_valid(row).then(|| array.value(row).as_bytes()),
            Self::Text(array) => array.is_valid(row).then(|| array.value(row).as_bytes()),
            Self::LargeText(array) => array.is_valid(row).then(|| array.value(row).as_bytes()),
        }
    }
}

/// Multiplies words into 64 bits: identifiers are ours, so nobody gains by making them collide.
#[derive(Default)]
pub struct Mixing(u64);

impl Mixing {
    #[inline(always)]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64 ^ word.rotate_left(32);
    }
}

impl Hasher for Mixing {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    #[inline(always)]
    fn write_usize(&mut self, length: usize) {
        self.mix(length as u64 ^ 0x517c_c1b7_2722_0a95);
    }

    #[inline(always)]
    fn write_u128(&mut self, view: u128) {
        self.mix(view as u64);
        self.mix((view >> 64) as u64);
    }

    #[inline(always)]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// What identifiers stand for. Short ones are asked by their view, without a look at memory.
#[derive(Default)]
pub struct Known<T> {
    short: HashMap<u128, T, BuildHasherDefault<Mixing>>,
    long: HashMap<Box<[u8]>, T, BuildHasherDefault<Mixing>>,
}

impl<T: Copy> Known<T> {
    /// What stood there before, if anything.
    pub fn insert(&mut self, id: &str, value: T) -> Option<T> {
        match id.len() {
            0..=INLINE => self.short.insert(string_view(id.as_bytes(), 0, 0), value),
            _ => self.long.insert(id.as_bytes().into(), value),
        }
    }

    pub fn get(&self, id: &[u8]) -> Option<T> {
        match id.len() {
            0..=INLINE => self.short.get(&string_view(id, 0, 0)).copied(),
            _ => self.long.get(id).copied(),
        }
    }

    /// What the word of a row stands for.
    #[inline(always)]
    pub fn of(&self, words: &Words<'_>, row: usize) -> Option<T> {
        if let Words::View(array) = words
            && array.is_valid(row)
            && let Some(view) = array.views().get(row)
            && (*view as u32) as usize <= INLINE
        {
            return self.short.get(view).copied();
        }
        words.get(row).and_then(|word| self.get(word))
    }

    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }
}
