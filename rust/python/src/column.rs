//! Arrow in and out through capsules.

use crate::raise::Raised;
use arrow_array::ArrayRef;
use arrow_schema::{Field, FieldRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
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
        let kind = chunks.first().map_or(arrow_schema::DataType::Null, |chunk| chunk.data_type().clone());
        Self { field: Arc::new(Field::new(name, kind, true)), chunks }
    }
}

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let reader = ArrayIterator::new(self.chunks.clone().into_iter().map(Ok), self.field.clone());
        Ok(to_stream_pycapsule(py, Box::new(reader), requested_schema)?)
    }
}

/// The chunks of anything with an Arrow capsule; a column without rows gives one empty chunk.
pub fn chunks(source: AnyArray) -> Result<(Vec<ArrayRef>, FieldRef), Raised> {
    let (mut chunks, field) = source.into_chunked_array().map_err(PyErr::from)?.into_inner();
    if chunks.is_empty() {
        chunks.push(arrow_array::new_empty_array(field.data_type()));
    }
    Ok((chunks, field))
}
