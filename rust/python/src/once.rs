//! A Python object that is made at its first use, and kept.
//!
//! `PyOnceLock` makes its value behind a lock and lets other threads run meanwhile: a process that is forked
//! just then waits for that lock for ever. Here everybody who finds nothing makes one, and the first is kept.

use pyo3::prelude::*;
use std::sync::OnceLock;

pub struct Once<T>(OnceLock<Py<T>>);

impl<T> Once<T> {
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub fn get<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> PyResult<Bound<'py, T>>,
    ) -> PyResult<&Bound<'py, T>> {
        let kept = match self.0.get() {
            Some(kept) => kept,
            None => {
                let made = make()?.unbind();
                // Nothing of Python runs while the lock is held, so no other thread can fork.
                self.0.get_or_init(|| made)
            }
        };
        Ok(kept.bind(py))
    }
}
