//! Core errors to Python exceptions, which are defined in Python.

use dialnexa_deck::{Broken, BuildError, OpenError, Overflow};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use std::io;
use std::path::Path;

pyo3::import_exception!(dialnexa_routing.text.errors, DeckError);
pyo3::import_exception!(dialnexa_routing.text.errors, DeckTimeError);
pyo3::import_exception!(dialnexa_routing.text.errors, MoneyError);
pyo3::import_exception!(dialnexa_routing.text.errors, NumberError);
pyo3::import_exception!(dialnexa_routing.text.errors, RecordError);
pyo3::import_exception!(dialnexa_routing.text.errors, SheetError);

/// Import the exceptions before any of them is raised: the first use of each holds a lock while others may fork.
pub fn known(py: Python<'_>) {
    let kinds = [
        py.get_type::<DeckError>(),
        py.get_type::<DeckTimeError>(),
        py.get_type::<MoneyError>(),
        py.get_type::<NumberError>(),
        py.get_type::<RecordError>(),
        py.get_type::<SheetError>(),
    ];
    drop(kinds);
}

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
    // Some libraries wrap the error and keep only its kind.
    let by_kind = || match error.kind() {
        io::ErrorKind::NotFound => Some(2),
        io::ErrorKind::PermissionDenied => Some(13),
        io::ErrorKind::NotADirectory => Some(20),
        io::ErrorKind::IsADirectory => Some(21),
        io::ErrorKind::StorageFull => Some(28),
        io::ErrorKind::ReadOnlyFilesystem => Some(30),
        _ => None,
    };
    let path = path.display().to_string();
    match error.raw_os_error().or_else(by_kind) {
        Some(code) => {
            let text = io::Error::from_raw_os_error(code).to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            Raised(PyOSError::new_err((code, text, path)))
        }
        None => Raised(PyOSError::new_err(format!("{path}: {error}"))),
    }
}

/// An Arrow column of a type that cannot serve.
pub fn wrong_type(column: &str, found: &impl std::fmt::Display, wanted: &str) -> Raised {
    Raised(PyTypeError::new_err(format!("column {column:?} is {found}; {wanted}")))
}
