//! Columns of cells of call records in their usual shapes; what has another one is null, and for Python to read.

use crate::column::{Column, chunks};
use crate::raise::{Raised, wrong_type};
use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Decimal128Array};
use arrow_schema::DataType;
use dialnexa_deck::cells;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// Times as `2026-11-02 10:00:00`, as microseconds since 1970 of the clock that showed them.
#[pyfunction]
pub fn wall_micros(py: Python<'_>, texts: AnyArray) -> PyResult<Column> {
    each_chunk(py, "times", texts, |array| {
        let mut found = Int64Builder::with_capacity(array.len());
        each(array, |text| found.append_option(text.and_then(cells::wall_micros)))?;
        Ok(Arc::new(found.finish()))
    })
}

/// Whole seconds, with a part of them or without, to the nanosecond.
#[pyfunction]
pub fn seconds(py: Python<'_>, texts: AnyArray) -> PyResult<Column> {
    each_chunk(py, "seconds", texts, |array| {
        let mut found = Vec::with_capacity(array.len());
        each(array, |text| found.push(text.and_then(cells::second_nanos)))?;
        let exact = Decimal128Array::from(found).with_precision_and_scale(38, 9);
        exact
            .map(|exact| Arc::new(exact) as ArrayRef)
            .map_err(|_| wrong_type("seconds", array.data_type(), ""))
    })
}

/// Digits of E.164 numbers with a plus in front; other texts as they stand.
#[pyfunction]
pub fn with_plus(py: Python<'_>, texts: AnyArray) -> PyResult<Column> {
    each_chunk(py, "numbers", texts, |array| {
        let mut found = StringBuilder::with_capacity(array.len(), array.len() * 14);
        each_text(array, |text| match text {
            None => found.append_null(),
            Some(text) if cells::lacks_plus(text.as_bytes()) => {
                use std::fmt::Write;
                let _ = found.write_str("+");
                found.append_value(text);
            }
            Some(text) => found.append_value(text),
        })?;
        Ok(Arc::new(found.finish()))
    })
}

fn each_chunk(
    py: Python<'_>,
    name: &str,
    column: AnyArray,
    read: impl Fn(&ArrayRef) -> Result<ArrayRef, Raised> + Send,
) -> PyResult<Column> {
    let (arrays, _) = chunks(column)?;
    let found = py.detach(|| arrays.iter().map(read).collect::<Result<Vec<_>, Raised>>())?;
    Ok(Column::new(name, found))
}

fn each(array: &ArrayRef, mut read: impl FnMut(Option<&[u8]>)) -> Result<(), Raised> {
    each_text(array, |text| read(text.map(str::as_bytes)))
}

/// Each text of a column of any of Arrow's kinds.
pub fn each_text(array: &ArrayRef, read: impl FnMut(Option<&str>)) -> Result<(), Raised> {
    match array.data_type() {
        DataType::Utf8View => array.as_string_view().iter().for_each(read),
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(read),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(read),
        other => return Err(wrong_type("texts", other, "cells are text: cast the column to String")),
    }
    Ok(())
}
