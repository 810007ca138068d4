//! The plan of numbers as Python hands it over, once.

use dialnexa_deck::{self as core, Digits};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Lengths by calling code and emergency numbers; `dialnexa_routing.NumberPlan` is its face.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct NumberPlan(pub core::NumberPlan);

#[pymethods]
impl NumberPlan {
    /// Each calling code with a bit for every length of its national digits; emergency numbers as they
    /// are dialled, with their calling codes or without.
    #[new]
    fn new(lengths: Vec<(String, u32)>, emergencies: Vec<String>) -> PyResult<Self> {
        let codes = lengths.iter().map(|(code, mask)| (code.as_bytes(), *mask));
        core::NumberPlan::new(codes, emergencies.iter().map(|number| number.as_bytes())).map(Self).ok_or_else(
            || PyValueError::new_err("a calling code or an emergency number of the plan is wrong"),
        )
    }

    /// Why a number can be none; None where it can, and for what is no E.164.
    fn judge(&self, number: &str) -> Option<&'static str> {
        let digits = Digits::parse(number.as_bytes())?;
        self.0.judge(&digits).map(core::Reason::name)
    }
}
