//! Columns of telephone numbers, of whichever Arrow type, into blocks of the core.

use crate::raise::{Raised, RecordError, wrong_type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, LargeStringArray, PrimitiveArray, StringArray, StringViewArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use dialnexa_deck::{Block, Raw};

/// A column of numbers: text with or without plus, or the digits as an integer.
pub enum Numbers<'a> {
    View(&'a StringViewArray),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    Unsigned(&'a PrimitiveArray<UInt64Type>),
    Short(&'a PrimitiveArray<UInt32Type>),
    Signed(&'a PrimitiveArray<Int64Type>),
    /// A column without any value has no type of its own.
    Missing,
}

/// Such a column takes no memory, however many rows it states it has; their answers do.
const MOST_MISSING: usize = 1 << 31;

impl<'a> Numbers<'a> {
    pub fn new(name: &str, array: &'a ArrayRef) -> Result<Self, Raised> {
        Ok(match array.data_type() {
            DataType::Utf8View => Self::View(array.as_string_view()),
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string()),
            DataType::UInt64 => Self::Unsigned(array.as_primitive()),
            DataType::UInt32 => Self::Short(array.as_primitive()),
            DataType::Int64 => Self::Signed(array.as_primitive()),
            DataType::Null if array.len() > MOST_MISSING => {
                let (rows, limit) = (array.len(), MOST_MISSING);
                let text = format!(
                    "column {name:?} has {rows} rows and no value in any; at most {limit} such rows are answered at once"
                );
                return Err(RecordError::new_err(text).into());
            }
            DataType::Null => Self::Missing,
            other => {
                let wanted = "numbers are text or unsigned 64-bit integers: cast the column to String";
                return Err(wrong_type(name, other, wanted));
            }
        })
    }

    /// Which numbers are there, where a column can state so.
    pub fn nulls(&self) -> Option<NullBuffer> {
        match self {
            Self::View(array) => array.nulls().cloned(),
            Self::Text(array) => array.nulls().cloned(),
            Self::LargeText(array) => array.nulls().cloned(),
            Self::Unsigned(array) => array.nulls().cloned(),
            Self::Short(array) => array.nulls().cloned(),
            Self::Signed(array) => array.nulls().cloned(),
            Self::Missing => None,
        }
    }

    /// Put the numbers from `start` on into a block. What stands under a null is put too.
    pub fn load(&self, start: usize, rows: usize, wants_text: bool, block: &mut Block) {
        match self {
            Self::View(array) => {
                let buffers = array.data_buffers();
                let buffer = |at: usize| buffers.get(at).map_or(&[][..], |buffer| buffer.as_slice());
                block.put_views(&array.views()[start..], rows, buffer);
            }
            Self::Text(array) => {
                let offsets = &array.value_offsets()[start..=start + rows];
                load_text(array.value_data(), offsets, |offset| *offset as usize, block);
            }
            Self::LargeText(array) => {
                let offsets = &array.value_offsets()[start..=start + rows];
                load_text(array.value_data(), offsets, |offset| *offset as usize, block);
            }
            Self::Unsigned(array) => {
                block.put_integers(array.values()[start..start + rows].iter().copied(), wants_text);
            }
            Self::Short(array) => {
                let values = array.values()[start..start + rows].iter();
                block.put_integers(values.map(|value| (*value).into()), wants_text);
            }
            Self::Signed(array) => {
                let values = array.values()[start..start + rows].iter();
                block.put_integers(values.map(|value| u64::try_from(*value).unwrap_or(0)), wants_text);
            }
            Self::Missing => (0..rows).for_each(|at| block.put(at, Raw::new(b""))),
        }
    }
}

/// Sixteen bytes from `at` on, as far as there are so many.
#[inline(always)]
fn window(bytes: &[u8], at: usize) -> [u8; 16] {
    match bytes.get(at..at + 16).and_then(|found| found.first_chunk()) {
        Some(found) => *found,
        None => {
            let mut padded = [0; 16];
            let rest = bytes.get(at..).unwrap_or_default();
            let kept = rest.len().min(16);
            padded[..kept].copy_from_slice(&rest[..kept]);
            padded
        }
    }
}

#[inline(always)]
fn load_text<T>(data: &[u8], offsets: &[T], place: impl Fn(&T) -> usize, block: &mut Block) {
    for (at, pair) in offsets.windows(2).enumerate() {
        let (from, to) = (place(&pair[0]), place(&pair[1]));
        block.put(at, Raw::from_window(window(data, from), to - from));
    }
}
