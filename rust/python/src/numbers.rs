//! Columns of telephone numbers, of whichever Arrow type, into blocks of the core.

use crate::raise::{Raised, wrong_type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, LargeStringArray, PrimitiveArray, StringArray, StringViewArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use dialnexa_deck::{BLOCK, Block, Raw};

/// Characters of a string view that stand in the view itself.
const INLINE: u64 = 12;

/// A column of numbers: text with or without plus, or the digits as an integer.
pub enum Numbers<'a> {
    View(&'a StringViewArray),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    Unsigned(&'a PrimitiveArray<UInt64Type>),
    Short(&'a PrimitiveArray<UInt32Type>),
    Signed(&'a PrimitiveArray<Int64Type>),
    /// A column without any value has no type of its own.
    Missing(usize),
}

impl<'a> Numbers<'a> {
    pub fn new(name: &str, array: &'a ArrayRef) -> Result<Self, Raised> {
        Ok(match array.data_type() {
            DataType::Utf8View => Self::View(array.as_string_view()),
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string()),
            DataType::UInt64 => Self::Unsigned(array.as_primitive()),
            DataType::UInt32 => Self::Short(array.as_primitive()),
            DataType::Int64 => Self::Signed(array.as_primitive()),
            DataType::Null => Self::Missing(array.len()),
            other => {
                let wanted = "numbers are text or unsigned 64-bit integers: cast the column to String";
                return Err(wrong_type(name, other, wanted));
            }
        })
    }

    pub fn nulls(&self) -> Option<NullBuffer> {
        match self {
            Self::View(array) => array.nulls().cloned(),
            Self::Text(array) => array.nulls().cloned(),
            Self::LargeText(array) => array.nulls().cloned(),
            Self::Unsigned(array) => array.nulls().cloned(),
            Self::Short(array) => array.nulls().cloned(),
            Self::Signed(array) => array.nulls().cloned(),
            Self::Missing(length) => Some(NullBuffer::new_null(*length)),
        }
    }

    /// Put the numbers from `start` on into a block. What stands under a null is put too.
    pub fn load(&self, start: usize, rows: usize, block: &mut Block) {
        match self {
            Self::View(array) => load_views(array, start, rows, block),
            Self::Text(array) => {
                let offsets = &array.value_offsets()[start..=start + rows];
                load_text(array.value_data(), offsets, |offset| *offset as usize, block);
            }
            Self::LargeText(array) => {
                let offsets = &array.value_offsets()[start..=start + rows];
                load_text(array.value_data(), offsets, |offset| *offset as usize, block);
            }
            Self::Unsigned(array) => {
                for (at, value) in array.values()[start..start + rows].iter().enumerate() {
                    block.put(at, Raw::from_integer(*value));
                }
            }
            Self::Short(array) => {
                for (at, value) in array.values()[start..start + rows].iter().enumerate() {
                    block.put(at, Raw::from_integer((*value).into()));
                }
            }
            Self::Signed(array) => {
                for (at, value) in array.values()[start..start + rows].iter().enumerate() {
                    block.put(at, Raw::from_integer(u64::try_from(*value).unwrap_or(0)));
                }
            }
            Self::Missing(_) => (0..rows).for_each(|at| block.put(at, Raw::new(b""))),
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

/// Short texts stand in the view; the others are listed without a branch and fetched after.
fn load_views(array: &StringViewArray, start: usize, rows: usize, block: &mut Block) {
    let views = &array.views()[start..start + rows];
    let buffers = array.data_buffers();
    let mut far = [0_u16; BLOCK];
    let mut count = 0;
    for (at, view) in views.iter().enumerate() {
        let length = u64::from(*view as u32);
        block.put(at, Raw { low: (view >> 32) as u64, high: (view >> 96) as u64, length });
        far[count & (BLOCK - 1)] = at as u16;
        count += usize::from(length > INLINE);
    }
    for at in far[..count].iter().map(|at| usize::from(*at)) {
        let view = views[at];
        let (buffer, offset) = ((view >> 64) as u32 as usize, (view >> 96) as u32 as usize);
        let bytes = buffers.get(buffer).map_or(&[][..], |buffer| buffer.as_slice());
        block.put(at, Raw::from_window(window(bytes, offset), view as u32 as usize));
    }
}
