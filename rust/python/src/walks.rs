//! The choice among walks, for tests and measurements.

use dialnexa_deck::Walk;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The walks that this processor can do, by their names, the widest first.
#[pyfunction]
pub fn walks() -> Vec<&'static str> {
    Walk::all().into_iter().map(Walk::name).collect()
}

/// The walk with this name, or the widest.
pub fn one_walk(name: Option<&str>) -> PyResult<Walk> {
    let Some(name) = name else { return Ok(Walk::default()) };
    Walk::named(name).ok_or_else(|| {
        PyValueError::new_err(format!("walk is {name:?}; of this processor they are {}", walks().join(", ")))
    })
}
