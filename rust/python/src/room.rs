//! Memory for long columns and large decks.

use crate::pages::Pages;
use crate::raise::Raised;
use arrow_buffer::{ArrowNativeType, Buffer};
use pyo3::exceptions::PyMemoryError;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

/// Bytes from which memory is worth pages of its own: what is shorter the system keeps by itself.
const LONG: usize = 256 << 10;

/// Memory for the values of a column.
pub struct Room<T> {
    held: Held<T>,
    rows: usize,
}

enum Held<T> {
    Short(Vec<T>),
    Long(Pages),
}

impl<T: ArrowNativeType> Room<T> {
    /// Memory for so many values.
    pub fn new(rows: usize) -> Result<Self, Raised> {
        if let Some(bytes) = rows.checked_mul(size_of::<T>()).filter(|bytes| *bytes >= LONG) {
            let pages = Pages::new(bytes).ok_or_else(|| missing::<T>(rows))?;
            return Ok(Self { held: Held::Long(pages), rows });
        }
        let mut column: Vec<T> = Vec::new();
        column.try_reserve_exact(rows).map_err(|_| missing::<T>(rows))?;
        Ok(Self { held: Held::Short(column), rows })
    }

    /// The places of the values.
    pub fn places(&mut self) -> &mut [MaybeUninit<T>] {
        let places = match &mut self.held {
            Held::Short(column) => column.spare_capacity_mut(),
            // SAFETY: any bytes may stand in the place of a value that is not there yet.
            Held::Long(pages) => unsafe { pages.bytes().align_to_mut().1 },
        };
        &mut places[..self.rows]
    }

    /// The values.
    ///
    /// # Safety
    ///
    /// All places were written.
    pub unsafe fn finish(self) -> Buffer {
        // SAFETY: there is room for as many, and the caller has written them; the pages stay with the buffer.
        unsafe {
            match self.held {
                Held::Short(mut column) => {
                    column.set_len(self.rows);
                    Buffer::from_vec(column)
                }
                Held::Long(mut pages) => {
                    let start = NonNull::from(pages.bytes()).cast();
                    Buffer::from_custom_allocation(start, self.rows * size_of::<T>(), Arc::new(pages))
                }
            }
        }
    }
}

/// Bytes that may be written in any order, since whatever stands in them is some byte.
impl AsMut<[u8]> for Room<u8> {
    fn as_mut(&mut self) -> &mut [u8] {
        match &mut self.held {
            Held::Short(bytes) => {
                bytes.resize(self.rows, 0);
                bytes
            }
            Held::Long(pages) => &mut pages.bytes()[..self.rows],
        }
    }
}

impl Room<u8> {
    /// The bytes as they stand.
    pub fn bytes(mut self) -> Buffer {
        self.as_mut();
        // SAFETY: all of them are there, and those of pages always were.
        unsafe { self.finish() }
    }
}

#[cold]
fn missing<T>(rows: usize) -> Raised {
    let bytes = rows.saturating_mul(size_of::<T>());
    PyMemoryError::new_err(format!("there are no {bytes} bytes for a column of {rows} rows")).into()
}

/// A copy of a deck's bytes in such memory: what is looked up anywhere in a hundred megabytes costs
/// a walk through the tables of pages first, unless the pages are large.
pub fn in_large_pages(bytes: &[u8]) -> Result<Buffer, Raised> {
    let mut room = Room::<u8>::new(bytes.len())?;
    room.as_mut().copy_from_slice(bytes);
    Ok(room.bytes())
}
