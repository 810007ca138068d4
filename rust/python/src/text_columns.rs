//! A delimited text as columns of texts, where each of its lines is a row.

use crate::column::Column;
use crate::raise::Raised;
use arrow_array::StringViewArray;
use arrow_buffer::{Buffer, NullBufferBuilder, ScalarBuffer};
use dialnexa_deck::lines::Rows;
use dialnexa_deck::string_views::{Buffers, INLINE, string_view};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// How often each of some bytes stands in a text.
#[pyfunction]
pub fn counted(py: Python<'_>, text: &[u8], bytes: &[u8]) -> Vec<usize> {
    py.detach(|| bytes.iter().map(|byte| count(text, *byte)).collect())
}

/// Where a text stops being UTF-8; None where it does not.
#[pyfunction]
pub fn utf8_fault(py: Python<'_>, text: &[u8]) -> Option<usize> {
    py.detach(|| std::str::from_utf8(text).err().map(|error| error.valid_up_to()))
}

/// The cells below some lines as a column of texts each, an empty one without quotes as null.
///
/// None where some line is no row, as `Rows` has it, is no UTF-8, or ends in a carriage return.
#[pyfunction]
pub fn text_columns(
    py: Python<'_>,
    text: &[u8],
    delimiter: u8,
    cells: usize,
    header_lines: usize,
) -> PyResult<Option<Vec<Column>>> {
    let arrays = py.detach(|| split(text, Rows { delimiter, cells }, header_lines))?;
    let column = |array: StringViewArray| Column::new("cell", vec![Arc::new(array)]);
    Ok(arrays.map(|arrays| arrays.into_iter().map(column).collect()))
}

fn split(text: &[u8], rows: Rows, header_lines: usize) -> Result<Option<Vec<StringViewArray>>, Raised> {
    let mut text = text;
    for _ in 0..header_lines {
        let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
        text = &text[end..];
    }
    // A row has a byte for each of its cells at least, be it the mark behind it.
    let most = (count(text, b'\n') + 1).min(text.len() / rows.cells.max(1) + 1);
    let columns: Result<Vec<_>, Raised> = (0..rows.cells).map(|_| Texts::new(text, most)).collect();
    let mut columns = columns?;
    let mut is_sound = true;
    let found = rows.each(text, |number, range| is_sound &= columns[number].push(range));
    Ok((found.is_some() && is_sound).then(|| columns.into_iter().map(Texts::finish).collect()))
}

/// A vector with room for a value of each row.
pub fn reserved<T>(rows: usize) -> Result<Vec<T>, Raised> {
    let mut column = Vec::new();
    let full = |_| PyMemoryError::new_err(format!("there is no memory for a column of {rows} rows"));
    column.try_reserve_exact(rows).map_err(full)?;
    Ok(column)
}

/// A column on its way.
struct Texts<'a> {
    text: &'a [u8],
    views: Vec<u128>,
    valid: NullBufferBuilder,
    long: Buffers,
    /// The last cell that did not fit its view, and that view: rows of one network stand together.
    last: (Range<usize>, u128),
}

impl<'a> Texts<'a> {
    fn new(text: &'a [u8], rows: usize) -> Result<Self, Raised> {
        let (valid, long) = (NullBufferBuilder::new(rows), Buffers::default());
        Ok(Self { text, views: reserved(rows)?, valid, long, last: (0..0, 0) })
    }

    /// Take a cell, quotes included; false if it is no text.
    #[inline(always)]
    fn push(&mut self, range: Range<usize>) -> bool {
        let cell = &self.text[range.clone()];
        if cell.is_empty() {
            self.valid.append_null();
            self.views.push(0);
            return true;
        }
        self.valid.append_non_null();
        let short = cell.len() <= INLINE;
        if short
            && let Some(bytes) = self.text.get(range.start..range.start + 16).and_then(<[u8]>::first_chunk)
        {
            let all = u128::from_le_bytes(*bytes) & ((1 << (cell.len() * 8)) - 1);
            if cell[0] != b'"' && all & ASCII == 0 && cell[cell.len() - 1] != b'\r' {
                self.views.push(all << 32 | cell.len() as u128);
                return true;
            }
        }
        if !short && *cell == self.text[self.last.0.clone()] {
            self.views.push(self.last.1);
            return true;
        }
        let view = match cell {
            [b'"', inner @ .., b'"'] if inner.contains(&b'"') => self.long.push(&halved(inner)),
            [b'"', inner @ .., b'"'] => self.long.push(inner),
            _ if short => string_view(cell, 0, 0),
            _ => self.long.push(cell),
        };
        if !short {
            self.last = (range, view);
        }
        self.views.push(view);
        std::str::from_utf8(cell).is_ok() && !cell.ends_with(b"\r")
    }

    fn finish(self) -> StringViewArray {
        let mut valid = self.valid;
        let buffers: Vec<Buffer> = self.long.finish().into_iter().map(Buffer::from_vec).collect();
        // SAFETY: each view was made of a cell that is UTF-8, as `push` has answered (else the columns are
        // not made), with or without the quotes around and inside of it; it holds the cell itself or
        // where it stands in these buffers.
        unsafe { StringViewArray::new_unchecked(ScalarBuffer::from(self.views), buffers, valid.finish()) }
    }
}

/// The first bits of bytes that are no ASCII.
const ASCII: u128 = u128::from_le_bytes([0x80; 16]);

/// A quoted cell with the quotes inside no longer doubled.
fn halved(inner: &[u8]) -> Vec<u8> {
    let mut found = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        found.push(*byte);
        if *byte == b'"' {
            bytes.next();
        }
    }
    found
}

/// How often a byte stands in a text. Sums of a byte each make vector code.
fn count(text: &[u8], wanted: u8) -> usize {
    let of = |part: &[u8]| part.iter().fold(0_u8, |sum, byte| sum + u8::from(*byte == wanted));
    text.chunks(255).map(|part| usize::from(of(part))).sum()
}
