//! What Python sees of the deck: a list, and a warning when it was compiled without optimisation.
//!
//! This crate knows Arrow and Python and no rules; the rules are in `dialnexa-deck`. No panic
//! reaches Python from here on purpose: every refusal is an exception defined in `errors.py`, every
//! fault of a row a value in a column.

mod bulk;
mod call_cells;
mod call_rows;
mod column;
mod deck;
mod field;
mod fields;
mod found;
mod handle;
mod listing;
mod number_plan;
mod numbers;
mod once;
mod one_number;
mod pages;
mod parts;
mod parts_filled;
mod places;
mod plan_rows;
mod plans;
mod raise;
mod room;
mod rows;
mod semantics;
mod sheet_cells;
mod text_columns;
mod text_look;
mod texts;
mod times;
mod walks;
mod words;

/// The compiled half of `dialnexa_routing`.
///
/// It works without a global lock of Python: its classes are frozen, but for a stream's own `TextLook`, which
/// refuses two callers at a time. What is made once stands in `OnceLock`s, which are filled with no Python
/// running (`once.rs`). No lock of ours is held while Python is called, so none waits for another.
#[pyo3::pymodule(gil_used = false)]
mod _deck {
    use pyo3::prelude::*;
    use pyo3::types::PyTuple;

    #[pymodule_export]
    use super::call_cells::{seconds, wall_micros, with_plus};
    #[pymodule_export]
    use super::call_rows::CallRows;
    #[pymodule_export]
    use super::column::Column;
    #[pymodule_export]
    use super::deck::Deck;
    #[pymodule_export]
    use super::found::Match;
    #[pymodule_export]
    use super::number_plan::NumberPlan;
    #[pymodule_export]
    use super::parts::parts;
    #[pymodule_export]
    use super::plans::{Plans, priced_groups};
    #[pymodule_export]
    use super::semantics::Semantics;
    #[pymodule_export]
    use super::sheet_cells::{are_tidy, plain_amounts, prefix_numbers};
    #[pymodule_export]
    use super::text_columns::{counted, text_columns, utf8_fault};
    #[pymodule_export]
    use super::text_look::TextLook;
    #[pymodule_export]
    use super::walks::walks;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        super::raise::known(py);
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        let reasons = dialnexa_deck::Reason::ALL.map(|(_, name)| name);
        module.add("REASONS", PyTuple::new(py, reasons)?)?;
        module.add("DECK_FORMAT", dialnexa_deck::format::VERSION)?;
        if cfg!(debug_assertions) {
            let text = c"dialnexa_routing was compiled without optimisation: do not measure it";
            let category = py.get_type::<pyo3::exceptions::PyRuntimeWarning>();
            PyErr::warn(py, &category, text, 1)?;
        }
        Ok(())
    }
}
