//! Core errors to Python exceptions, which are defined in Python.

use dialnexa_deck::{Broken, BuildError, OpenError, Overflow};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use std::io;
use std::path::Path;

pyo3::import_exception!(dialnexa_routing.errors, DeckError);
pyo3::import_exception!(dialnexa_routing.errors, DeckTimeError);
pyo3::import_exception!(dialnexa_routing.errors, MoneyError);
pyo3::import_exception!(dialnexa_routing.errors, NumberError);
pyo3::import_exception!(dialnexa_routing.errors, SheetError);

/// A core error on its way to Python.
pub struct Raised(PyErr);

impl From<Raised> for PyErr {
    fn from(raised: Raised) -> Self {
        raised.0
    }
}

impl From<PyErr> for Raised {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl From<BuildError> for Raised {
    fn from(error: BuildError) -> Self {
        Self(SheetError::new_err(error.to_string()))
    }
}

impl From<OpenError> for Raised {
    fn from(error: OpenError) -> Self {
        Self(DeckError::new_err(error.to_string()))
    }
}

impl From<Broken> for Raised {
    fn from(error: Broken) -> Self {
        Self(DeckError::new_err(error.to_string()))
    }
}

impl From<Overflow> for Raised {
    fn from(error: Overflow) -> Self {
        Self(MoneyError::new_err(error.to_string()))
    }
}

/// An operating system's error with the path it is about; Python picks the subclass by the number.
pub fn os_error(error: io::Error, path: &Path) -> Raised {
    let code = error.raw_os_error().or_else(|| (error.kind() == io::ErrorKind::IsADirectory).then_some(21));
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_owned();
    match code {
        Some(code) => Raised(PyOSError::new_err((code, text, path.to_path_buf()))),
        None => Raised(PyOSError::new_err(format!("{}: {text}", path.display()))),
    }
}

/// An Arrow column of a type that cannot serve.
pub fn wrong_type(column: &str, found: &impl std::fmt::Display, wanted: &str) -> Raised {
    Raised(PyTypeError::new_err(format!("column {column:?} is {found}; {wanted}")))
}
