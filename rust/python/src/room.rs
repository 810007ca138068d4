//! Memory for long columns and large decks.

use crate::raise::Raised;
use pyo3::exceptions::PyMemoryError;

/// Bytes from which a column is worth pages of two megabytes.
#[cfg(target_os = "linux")]
const LONG: usize = 4 << 20;

/// A vector with room for `rows` values.
///
/// Touching fresh memory costs a fault for every page of four kilobytes: for ten million amounts
/// more time than to compute them. Linux is asked for large pages instead, as numpy does.
pub fn with_room<T>(rows: usize) -> Result<Vec<T>, Raised> {
    let mut column: Vec<T> = Vec::new();
    column.try_reserve_exact(rows).map_err(|_| {
        let bytes = rows.saturating_mul(size_of::<T>());
        Raised::from(PyMemoryError::new_err(format!(
            "there are no {bytes} bytes for a column of {rows} rows"
        )))
    })?;
    #[cfg(target_os = "linux")]
    {
        let bytes = column.capacity().saturating_mul(size_of::<T>());
        if bytes >= LONG {
            const PAGE: usize = 4096;
            let start = (column.as_ptr() as usize).next_multiple_of(PAGE);
            let end = column.as_ptr() as usize + bytes;
            // SAFETY: the range lies inside the vector's own allocation, and the advice changes how
            // its memory is provided, not what stands in it. If it is not taken, nothing is lost.
            unsafe { libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_HUGEPAGE) };
        }
    }
    Ok(column)
}

/// A copy of a deck's bytes in such memory: what is looked up anywhere in a hundred megabytes costs
/// a walk through the tables of pages first, unless the pages are large.
pub fn in_large_pages(bytes: &[u8]) -> Result<Vec<u8>, Raised> {
    let mut copy = with_room(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}
