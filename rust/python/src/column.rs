//! Arrow in and out through capsules.

use crate::raise::{MoneyError, Raised};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::{DataType, Field, FieldRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyField;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// A column of answers, which any Arrow library takes through its capsule.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct Column {
    chunks: Vec<ArrayRef>,
    field: FieldRef,
}

impl Column {
    /// A column of chunks, of which there is at least one.
    pub fn new(name: &str, chunks: Vec<ArrayRef>) -> Self {
        let kind = chunks.first().map_or(DataType::Null, |chunk| chunk.data_type().clone());
        Self { field: Arc::new(Field::new(name, kind, true)), chunks }
    }

    /// The chunks as another type, if each value stays what it is.
    ///
    /// A cast of Arrow's own rounds a decimal to fewer places and makes nothing of what is too large,
    /// both in silence.
    fn cast(&self, wanted: &DataType) -> Result<Vec<ArrayRef>, Raised> {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        let one = |chunk: &ArrayRef| {
            let there = cast_with_options(chunk, wanted, &options).ok()?;
            let back = cast_with_options(&there, chunk.data_type(), &options).ok()?;
            (back.to_data() == chunk.to_data()).then_some(there)
        };
        let chunks = self.chunks.iter().map(|chunk| one(chunk).ok_or_else(|| self.lossy(wanted)));
        if has_float(self.field.data_type(), wanted) { Err(self.lossy(wanted)) } else { chunks.collect() }
    }

    #[cold]
    fn lossy(&self, wanted: &DataType) -> Raised {
        let (name, own) = (self.field.name(), self.field.data_type());
        let text = format!(
            "column {name:?} is {own}, and as {wanted} its values would be others: take it as it is, and round it yourself"
        );
        if has_amount(own) { MoneyError::new_err(text).into() } else { PyTypeError::new_err(text).into() }
    }
}

/// Whether a type is of amounts, or has some.
fn has_amount(kind: &DataType) -> bool {
    match kind {
        DataType::Struct(fields) => fields.iter().any(|field| has_amount(field.data_type())),
        kind => kind.is_decimal(),
    }
}

/// Whether an amount would become a binary fraction (R48).
fn has_float(own: &DataType, wanted: &DataType) -> bool {
    match (own, wanted) {
        (DataType::Struct(own), DataType::Struct(wanted)) => own.iter().enumerate().any(|(at, field)| {
            let named = wanted.iter().find(|other| other.name() == field.name()).or(wanted.get(at));
            named.is_some_and(|other| has_float(field.data_type(), other.data_type()))
        }),
        (own, wanted) => own.is_decimal() && wanted.is_floating(),
    }
}

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The chunks as an Arrow stream. A type that is asked for is given if no value changes by it.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let (mut chunks, mut field) = (self.chunks.clone(), self.field.clone());
        if let Some(capsule) = requested_schema {
            let wanted = PyField::from_arrow_pycapsule(&capsule)?.into_inner();
            // The protocol lets a type that cannot be had be passed over.
            let may = can_cast_types(field.data_type(), wanted.data_type());
            if may && wanted.data_type() != field.data_type() {
                (chunks, field) = (self.cast(wanted.data_type())?, wanted);
            }
        }
        let reader = ArrayIterator::new(chunks.into_iter().map(Ok), field);
        Ok(to_stream_pycapsule(py, Box::new(reader), None)?)
    }
}

/// The chunks of anything with an Arrow capsule; a column without rows gives one empty chunk.
pub fn chunks(source: AnyArray) -> Result<(Vec<ArrayRef>, FieldRef), Raised> {
    let (mut chunks, field) = source.into_chunked_array().map_err(PyErr::from)?.into_inner();
    if chunks.is_empty() {
        chunks.push(arrow_array::new_empty_array(field.data_type()));
    }
    let chunks: Result<_, Raised> = chunks.into_iter().map(without_hidden).collect();
    Ok((chunks?, field))
}

/// A column of structs whose null rows have null values.
///
/// Under a null row anything may stand: pyarrow and DuckDB leave there what was there before.
fn without_hidden(array: ArrayRef) -> Result<ArrayRef, Raised> {
    let Some(rows) = array.as_struct_opt().filter(|rows| rows.null_count() > 0) else { return Ok(array) };
    // A column without a type has no values, and no place to mark that either.
    let (none, typed): (Vec<_>, Vec<_>) = rows
        .fields()
        .iter()
        .cloned()
        .zip(rows.columns().iter().cloned())
        .partition(|(field, _)| *field.data_type() == DataType::Null);
    let whole = |columns: Vec<(FieldRef, ArrayRef)>, nulls| {
        let (fields, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        StructArray::try_new_with_length(fields.into(), columns, nulls, rows.len())
            .map_err(|error| Raised::from(PyTypeError::new_err(error.to_string())))
    };
    let (fields, columns) = whole(typed, rows.nulls().cloned())?.flatten();
    let all = fields.iter().cloned().zip(columns).chain(none).collect();
    Ok(Arc::new(whole(all, None)?))
}
