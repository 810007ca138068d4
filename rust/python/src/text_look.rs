//! A delimited text looked at line by line: whether all are rows, some of their cells, some of the lines.

use crate::column::{Column, chunks};
use arrow_array::BooleanArray;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use dialnexa_deck::lines::{Rows, Shown, line_ends};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::input::AnyArray;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

const MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes in hand where cells or lines are handed out: a few thousand rows, so that calls weigh little.
const BLOCK: usize = 4 << 20;
/// Where nothing is: they stay in the cache from their reading to their look.
const SMALL_BLOCK: usize = 1 << 18;
/// A line that is longer is no row.
const LONGEST: usize = 64 << 20;

/// A file from some line on, a block of whole lines at a time.
struct Blocks {
    file: File,
    held: Vec<u8>,
    used: usize,
    end: usize,
    skip: usize,
    is_begun: bool,
}

impl Blocks {
    fn new(path: PathBuf, header_lines: usize, size: usize) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self { file, held: vec![0; size], used: 0, end: 0, skip: header_lines, is_begun: false })
    }

    /// The next lines; none at the end of the file, or where a line is too long to be one.
    fn next(&mut self) -> io::Result<Option<Range<usize>>> {
        loop {
            let Some(mut block) = self.read()? else { return Ok(None) };
            if !self.is_begun && self.held[block.clone()].starts_with(MARK) {
                block.start += MARK.len();
            }
            self.is_begun = true;
            while self.skip > 0 && !block.is_empty() {
                let line = self.held[block.clone()].iter().position(|byte| *byte == b'\n');
                block.start = line.map_or(block.end, |at| block.start + at + 1);
                self.skip -= 1;
            }
            if !block.is_empty() {
                return Ok(Some(block));
            }
        }
    }

    fn read(&mut self) -> io::Result<Option<Range<usize>>> {
        self.held.copy_within(self.used..self.end, 0);
        self.end -= self.used;
        let mut searched = 0;
        self.used = 0;
        loop {
            if self.end == self.held.len() {
                if let Some(last) = self.held[searched..].iter().rposition(|byte| *byte == b'\n') {
                    self.used = searched + last + 1;
                    return Ok(Some(0..self.used));
                }
                searched = self.end;
                if self.end >= LONGEST {
                    return Ok(None);
                }
                self.held.resize(self.end * 2, 0);
            }
            match self.file.read(&mut self.held[self.end..]) {
                Ok(0) => {
                    self.used = self.end;
                    return Ok((self.end > 0).then_some(0..self.end));
                }
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the last block ended the file.
    fn is_whole(&mut self) -> io::Result<bool> {
        Ok(self.used == self.end && self.file.read(&mut [0; 1])? == 0)
    }
}

/// A look at a text from end to end; `files.text_look` is its face.
#[pyclass(module = "dialnexa_routing._deck")]
pub struct TextLook {
    blocks: Blocks,
    rows: Rows,
    wanted: Vec<usize>,
    shown: Shown,
    is_clean: bool,
    row: usize,
}

impl TextLook {
    /// One block, and its cells that are wanted. False at the end, or at a line that is no row.
    fn step(&mut self, columns: &mut [StringBuilder]) -> io::Result<bool> {
        let Some(block) = self.blocks.next()? else {
            self.is_clean &= self.blocks.is_whole()?;
            return Ok(false);
        };
        let bytes = &self.blocks.held[block];
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.is_clean = false;
            return Ok(false);
        };
        let wanted = &self.wanted;
        let found = self.rows.look(bytes, wanted, |number, range| {
            for (column, _) in columns.iter_mut().zip(wanted).filter(|(_, one)| **one == number) {
                put(column, &text[range.clone()]);
            }
        });
        match found {
            Some(found) => {
                self.shown.rows += found.rows;
                self.shown.guarded |= found.guarded;
                self.shown.padded |= found.padded;
            }
            None => self.is_clean = false,
        }
        Ok(self.is_clean)
    }
}

/// A cell as its text: an empty one without quotes is null.
fn put(column: &mut StringBuilder, cell: &str) {
    let cell = cell.strip_suffix('\r').unwrap_or(cell);
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(inner) if inner.contains('"') => column.append_value(inner.replace("\"\"", "\"")),
        Some(inner) => column.append_value(inner),
        None if cell.is_empty() => column.append_null(),
        None => column.append_value(cell),
    }
}

#[pymethods]
impl TextLook {
    /// Of a text in UTF-8; `wanted` are places of cells from 0.
    #[new]
    fn new(
        path: PathBuf,
        delimiter: u8,
        cells: usize,
        header_lines: usize,
        wanted: Vec<usize>,
    ) -> PyResult<Self> {
        let size = if wanted.is_empty() { SMALL_BLOCK } else { BLOCK };
        let blocks = Blocks::new(path, header_lines, size)?;
        let rows = Rows { delimiter, cells };
        Ok(Self { blocks, rows, wanted, shown: Shown::default(), is_clean: true, row: 0 })
    }

    /// Look at all that is left. How many rows there are; None where a line is no row.
    #[allow(clippy::wrong_self_convention)] // to the end of the text
    fn to_end(&mut self, py: Python<'_>) -> PyResult<Option<usize>> {
        py.detach(|| {
            while self.step(&mut [])? {}
            Ok(self.is_clean.then_some(self.shown.rows))
        })
    }

    /// The wanted cells of the next rows; None at the end, or where a line is no row.
    fn cells(&mut self, py: Python<'_>) -> PyResult<Option<Vec<Column>>> {
        let mut columns: Vec<_> = self.wanted.iter().map(|_| StringBuilder::new()).collect();
        let is_there = py.detach(|| self.step(&mut columns)).map_err(PyErr::from)?;
        let made = |mut column: StringBuilder| Column::new("cell", vec![Arc::new(column.finish())]);
        Ok(is_there.then(|| columns.into_iter().map(made).collect()))
    }

    /// Those of the next lines that a mask of all rows takes, as they stand; None at the end.
    fn taken<'py>(&mut self, py: Python<'py>, mask: AnyArray) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let (arrays, _) = chunks(mask)?;
        let mask = arrays[0].as_boolean_opt().filter(|_| arrays.len() == 1);
        let mask =
            mask.ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("one chunk of truth is wanted"))?;
        let found = py.detach(|| self.take(mask)).map_err(PyErr::from)?;
        Ok(found.map(|lines| PyBytes::new(py, &lines)))
    }

    /// Whether all lines so far were rows.
    #[getter]
    fn is_clean(&self) -> bool {
        self.is_clean
    }

    /// Whether a cell may begin with an apostrophe.
    #[getter]
    fn guarded(&self) -> bool {
        self.shown.guarded
    }

    /// Whether a cell may begin or end with a blank.
    #[getter]
    fn padded(&self) -> bool {
        self.shown.padded
    }
}

impl TextLook {
    fn take(&mut self, mask: &BooleanArray) -> io::Result<Option<Vec<u8>>> {
        if self.blocks.held.len() < BLOCK {
            self.blocks.held.resize(BLOCK, 0);
        }
        let Some(block) = self.blocks.next()? else { return Ok(None) };
        let bytes = &self.blocks.held[block];
        let mut found = Vec::new();
        let (mut begin, mut row) = (0, self.row);
        let mut line = |end: usize| {
            if row < mask.len() && mask.value(row) {
                found.extend_from_slice(&bytes[begin..end]);
            }
            begin = end;
            row += 1;
        };
        line_ends(bytes, &mut line);
        if !bytes.ends_with(b"\n") {
            line(bytes.len());
        }
        self.row = row;
        Ok(Some(found))
    }
}
