//! What a lookup asks besides the number, as columns: when, which way, for how long.

use crate::raise::{Raised, wrong_type};
use crate::words::Words;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use dialnexa_deck::{Direction, Reason};
use pyo3::prelude::*;

/// The views of both words, as Arrow wants them: zeros behind the letters.
const OUTBOUND: u128 = u128::from_le_bytes(*b"\x08\0\0\0outbound\0\0\0\0");
const INBOUND: u128 = u128::from_le_bytes(*b"\x07\0\0\0inbound\0\0\0\0\0");

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
    Column(Words<'a>),
}

impl<'a> Directions<'a> {
    pub fn new(array: &'a ArrayRef) -> Result<Self, Raised> {
        Ok(Self::Column(Words::new("direction", array)?))
    }

    /// Whether there may be rows that name a direction that there is not.
    pub fn are_told(&self) -> bool {
        !matches!(self, Self::All(_) | Self::Column(Words::Missing))
    }

    /// Whether a row names a direction that there is not. None at all is no such row.
    pub fn is_unknown(&self, row: usize) -> bool {
        match self {
            Self::All(_) => false,
            Self::Column(words) => words.get(row).is_some_and(|name| direction(name).is_none()),
        }
    }

    /// Put the directions from `start` on into a block.
    pub fn load(&self, start: usize, rows: usize, block: &mut [Option<Direction>]) {
        let rows = block[..rows].iter_mut().zip(start..);
        match self {
            Self::All(one) => rows.for_each(|(put, _)| *put = *one),
            // Both words stand in their views, and which it is nobody predicts.
            Self::Column(Words::View(array)) if array.null_count() == 0 => {
                let views = &array.views()[start..];
                rows.zip(views).for_each(|((put, at), view)| {
                    *put = match (*view == OUTBOUND, *view == INBOUND) {
                        (false, false) => direction(array.value(at).as_bytes()),
                        (is_outbound, _) => {
                            Some(if is_outbound { Direction::Outbound } else { Direction::Inbound })
                        }
                    };
                });
            }
            Self::Column(words) => rows.for_each(|(put, at)| *put = words.get(at).and_then(direction)),
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
