//! Columns of cells of rate sheets in their usual shapes: looked at once, in place of once for each question.

use crate::call_cells::each_text;
use crate::column::{Column, chunks};
use crate::raise::{Raised, wrong_type};
use crate::text_columns::reserved;
use arrow_array::{Array, ArrayRef, Decimal128Array, UInt64Array};
use dialnexa_deck::cells;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// Characters without width, which tools leave at the ends of cells.
const INVISIBLE: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// Whether every cell is as it should be: not empty, without blanks around it or characters without
/// width, and where it may be guarded without an apostrophe or an equals sign in front.
#[pyfunction]
pub fn are_tidy(py: Python<'_>, texts: AnyArray, escaped: bool) -> PyResult<bool> {
    let (arrays, _) = chunks(texts)?;
    py.detach(|| {
        for array in &arrays {
            let mut tidy = true;
            each_text(array, |text| tidy &= text.is_none_or(|text| is_tidy(text, escaped)))?;
            if !tidy {
                return Ok(false);
            }
        }
        Ok::<_, Raised>(true)
    })
    .map_err(PyErr::from)
}

fn is_tidy(text: &str, escaped: bool) -> bool {
    let plain = text.is_ascii();
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if escaped && matches!(first, b'\'' | b'=') {
        return false;
    }
    // Of ASCII only what comes up to the blank is one.
    (plain && *first > b' ' && *last > b' ')
        || (text.trim().len() == text.len() && (plain || !text.contains(INVISIBLE)))
}

/// Prefixes as numbers; None where one is not plain digits, at most fifteen, without a zero in front.
#[pyfunction]
pub fn prefix_numbers(py: Python<'_>, texts: AnyArray) -> PyResult<Option<Column>> {
    each_chunk(py, texts, |array| {
        let mut found = reserved(array.len())?;
        let mut usual = true;
        each_text(array, |text| {
            let number = text.and_then(|text| cells::prefix(text.as_bytes()));
            usual &= number.is_some();
            found.push(number.unwrap_or(0));
        })?;
        Ok(usual.then(|| Arc::new(UInt64Array::from(found)) as ArrayRef))
    })
}

/// Amounts with at most nine digits on either side of the point, exactly; None where one is not so.
#[pyfunction]
pub fn plain_amounts(py: Python<'_>, texts: AnyArray) -> PyResult<Option<Column>> {
    each_chunk(py, texts, |array| {
        let mut found = reserved(array.len())?;
        let mut usual = true;
        each_text(array, |text| {
            let amount = text.map(|text| cells::plain_nanos(text.as_bytes()));
            usual &= amount != Some(None);
            found.push(i128::from(amount.flatten().unwrap_or(0)));
        })?;
        let amounts = Decimal128Array::new(found.into(), array.logical_nulls());
        let exact = amounts.with_precision_and_scale(18, 9);
        let exact = exact.map_err(|_| wrong_type("amounts", array.data_type(), ""))?;
        Ok(usual.then(|| Arc::new(exact) as ArrayRef))
    })
}

fn each_chunk(
    py: Python<'_>,
    texts: AnyArray,
    read: impl Fn(&ArrayRef) -> Result<Option<ArrayRef>, Raised> + Send,
) -> PyResult<Option<Column>> {
    let (arrays, _) = chunks(texts)?;
    let found = py.detach(|| arrays.iter().map(read).collect::<Result<Option<Vec<_>>, Raised>>())?;
    Ok(found.map(|arrays| Column::new("cell", arrays)))
}
