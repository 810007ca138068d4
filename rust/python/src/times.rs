//! What a lookup asks besides the number, as columns: when, which way, for how long.

use crate::raise::{Raised, wrong_type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, LargeStringArray, PrimitiveArray, StringArray, StringViewArray};
use arrow_schema::DataType;
use dialnexa_deck::{Direction, Reason};
use pyo3::prelude::*;

/// A direction by its name in columns; anything else is none.
#[inline(always)]
pub fn direction(name: &[u8]) -> Option<Direction> {
    match name {
        b"outbound" => Some(Direction::Outbound),
        b"inbound" => Some(Direction::Inbound),
        _ => None,
    }
}

/// A direction given for all rows.
pub fn one_direction(name: &str) -> PyResult<Direction> {
    direction(name.as_bytes()).ok_or_else(|| {
        let text = format!("direction is {name:?}; it is 'outbound' or 'inbound'");
        pyo3::exceptions::PyValueError::new_err(text)
    })
}

/// Directions, row by row or one for all.
pub enum Directions<'a> {
    All(Option<Direction>),
    /// A column without any value.
    Missing,
    View(&'a StringViewArray),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
}

impl<'a> Directions<'a> {
    pub fn new(array: &'a ArrayRef) -> Result<Self, Raised> {
        Ok(match array.data_type() {
            DataType::Utf8View => Self::View(array.as_string_view()),
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string()),
            DataType::Null => Self::Missing,
            other => {
                return Err(wrong_type("direction", other, "directions are text: cast the column to String"));
            }
        })
    }

    /// Whether there may be rows that name a direction that there is not.
    pub fn are_told(&self) -> bool {
        !matches!(self, Self::All(_) | Self::Missing)
    }

    /// Whether a row names a direction that there is not. None at all is no such row.
    pub fn is_unknown(&self, row: usize) -> bool {
        let unknown =
            |array: &dyn Array, name: &str| array.is_valid(row) && direction(name.as_bytes()).is_none();
        match self {
            Self::All(_) | Self::Missing => false,
            Self::View(array) => unknown(array, array.value(row)),
            Self::Text(array) => unknown(array, array.value(row)),
            Self::LargeText(array) => unknown(array, array.value(row)),
        }
    }

    /// Put the directions from `start` on into a block.
    pub fn load(&self, start: usize, rows: usize, block: &mut [Option<Direction>]) {
        let named = |array: &dyn Array, at: usize, name: &str| {
            if array.is_valid(at) { direction(name.as_bytes()) } else { None }
        };
        let rows = block[..rows].iter_mut().zip(start..);
        match self {
            Self::All(one) => rows.for_each(|(put, _)| *put = *one),
            Self::Missing => rows.for_each(|(put, _)| *put = None),
            Self::View(array) => rows.for_each(|(put, at)| *put = named(array, at, array.value(at))),
            Self::Text(array) => rows.for_each(|(put, at)| *put = named(array, at, array.value(at))),
            Self::LargeText(array) => rows.for_each(|(put, at)| *put = named(array, at, array.value(at))),
        }
    }
}

/// Whole numbers with nulls: ticks of a duration, or microseconds since 1970.
pub fn integers<'a>(name: &str, array: &'a ArrayRef) -> Result<&'a PrimitiveArray<Int64Type>, Raised> {
    array.as_primitive_opt().ok_or_else(|| {
        wrong_type(name, array.data_type(), "it is handed over as 64-bit integers: cast the column to Int64")
    })
}

/// Faults that were seen before, by number of the reason.
pub fn faults(array: &ArrayRef) -> Result<&PrimitiveArray<UInt8Type>, Raised> {
    array
        .as_primitive_opt()
        .ok_or_else(|| wrong_type("fault", array.data_type(), "it is handed over as 8-bit integers"))
}

/// The value of a row, if it has one.
#[inline(always)]
pub fn at<T: arrow_array::ArrowPrimitiveType>(
    array: Option<&PrimitiveArray<T>>,
    row: usize,
) -> Option<T::Native> {
    array.filter(|array| array.is_valid(row)).map(|array| array.value(row))
}

/// The fault of a row.
#[inline(always)]
pub fn fault(array: Option<&PrimitiveArray<UInt8Type>>, row: usize) -> Option<Reason> {
    at(array, row).and_then(Reason::from_number)
}
