//! One match as Python sees it: words and amounts are made when they are asked for.

use crate::handle::{Bytes, Handle};
use crate::once::Once;
use crate::raise::Raised;
use dialnexa_deck::{Broken, Builder, Digits, Found, Nano, Row, Schedule, Terms};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyType};
use std::sync::Arc;

/// The bytes of a deck of one entry, the digest of the deck it is from, prefix, entry and group there.
type Travelling<'py> = (Bound<'py, PyBytes>, String, String, u32, u32);

/// Nano-rupees as a `Decimal` without trailing zeros.
pub fn rupees<'py>(py: Python<'py>, nano: Nano) -> PyResult<Bound<'py, PyAny>> {
    static DECIMAL: Once<PyType> = Once::new();
    let text = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let decimal = || Ok(py.import("decimal")?.getattr("Decimal")?.cast_into()?);
    DECIMAL.get(py, decimal)?.call1((text,))
}

/// The network group that a number belongs to, and the terms of its prefix.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct Match {
    deck: Arc<Handle>,
    digits: Digits,
    found: Found,
    home: Option<Home>,
}

/// Where a match is from that has travelled to another process; its deck is then of its own entry alone.
struct Home {
    digest: String,
    entry: u32,
    group: u32,
}

impl Match {
    pub fn new(deck: Arc<Handle>, digits: Digits, found: Found) -> Self {
        Self { deck, digits, found, home: None }
    }

    fn digest(&self) -> String {
        self.home.as_ref().map_or_else(|| self.deck.deck.digest(), |home| home.digest.clone())
    }

    fn number(&self) -> u32 {
        self.home.as_ref().map_or(self.found.entry, |home| home.entry)
    }

    /// A deck of this entry alone: a match travels as some hundred bytes, never as its deck.
    fn alone(&self) -> Result<Vec<u8>, Raised> {
        let (mut terms, schedule) = self.priced()?;
        let group = self.words()?;
        let source = self.deck.deck.view().source(self.found.entry)?;
        let mut builder = Builder::new(Vec::new()).keep_redundant(true).keep_sources(source.is_some());
        terms.schedule = schedule.map(|schedule| builder.schedule(&schedule));
        builder.push(&Row {
            prefix: &self.prefix_text(),
            network_group: group.name,
            country_iso: group.country_iso,
            country: group.country,
            terms,
            source,
        })?;
        Ok(builder.depth(2).finish()?)
    }

    fn prefix_text(&self) -> String {
        let (text, count) = self.digits.text();
        let kept = count.min(self.found.digits as usize);
        text[..kept].iter().map(|byte| char::from(*byte)).collect()
    }

    fn words(&self) -> Result<dialnexa_deck::Group<'_>, Raised> {
        let view = self.deck.deck.view();
        Ok(view.group(view.tariff(self.found.entry)?.0)?)
    }

    fn read(&self) -> Result<Terms, Raised> {
        Ok(self.deck.deck.view().terms_of(self.found.entry)?)
    }

    /// The terms, and the schedule that they name.
    pub fn priced(&self) -> Result<(Terms, Option<Schedule>), Raised> {
        let terms = self.read()?;
        let schedule = self.deck.deck.view().schedule_of(&terms)?;
        Ok((terms, schedule))
    }

    fn amount<'py>(
        &self,
        py: Python<'py>,
        of: impl Fn(&Terms) -> Option<Nano>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        of(&self.read()?).map(|nano| rupees(py, nano)).transpose()
    }
}

#[pymethods]
impl Match {
    /// What `__reduce__` states, again; matches are made by decks.
    #[new]
    fn again(bytes: &[u8], digest: String, prefix: &str, entry: u32, group: u32) -> PyResult<Self> {
        let deck = dialnexa_deck::Deck::new(Bytes::Owned(bytes.to_vec().into())).map_err(Raised::from)?;
        let digits = Digits::parse(prefix.as_bytes()).ok_or_else(|| Raised::from(Broken))?;
        let chain = deck.view().chain(&digits).map_err(Raised::from)?;
        let found = *chain.first().ok_or_else(|| Raised::from(Broken))?;
        let home = Some(Home { digest, entry, group });
        Ok(Self { deck: Arc::new(Handle::new(deck)), digits, found, home })
    }

    /// A copy in another process is equal to this one, and states the same.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, Travelling<'py>)> {
        let bytes = PyBytes::new(py, &self.alone()?);
        let said = (bytes, self.digest(), self.prefix_text(), self.number(), self.group()?);
        Ok((py.get_type::<Self>(), said))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf // it never changes
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// The matched prefix, digits only.
    #[getter]
    fn prefix<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, &self.prefix_text())
    }

    /// The network group.
    #[getter]
    fn network_group<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        Ok(PyString::new(py, self.words()?.name))
    }

    /// Number of the network group in its deck.
    #[getter]
    fn group(&self) -> PyResult<u32> {
        if let Some(home) = &self.home {
            return Ok(home.group);
        }
        Ok(self.deck.deck.view().group_of(self.found.entry).map_err(Raised::from)?)
    }

    /// ISO 3166 code of the group's country, or None.
    #[getter]
    fn country_iso<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let text = self.words()?.country_iso;
        Ok((!text.is_empty()).then(|| PyString::new(py, text)))
    }

    /// Name of the group's country, or None.
    #[getter]
    fn country<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let text = self.words()?.country;
        Ok((!text.is_empty()).then(|| PyString::new(py, text)))
    }

    /// INR per `rate_unit_s` seconds, or None.
    #[getter]
    fn outbound_rate<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.amount(py, |terms| terms.outbound_rate)
    }

    /// INR per `rate_unit_s` seconds, or None.
    #[getter]
    fn inbound_rate<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.amount(py, |terms| terms.inbound_rate)
    }

    /// Whether a schedule prices outbound calls in place of a flat rate.
    #[getter]
    fn has_schedule(&self) -> PyResult<bool> {
        Ok(self.read()?.schedule.is_some())
    }

    /// Seconds that a rate is for.
    #[getter]
    fn rate_unit_s(&self) -> PyResult<u32> {
        Ok(self.read()?.rate_unit_s)
    }

    /// INR due once for an answered call.
    #[getter]
    fn connect_fee<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        rupees(py, self.read()?.connect_fee)
    }

    /// Initial and next increment in seconds, or None where the sheet states none.
    #[getter]
    fn increments(&self) -> PyResult<Option<(u32, u32)>> {
        Ok(self.read()?.increments)
    }

    /// Seconds billed at least.
    #[getter]
    fn minimum_s(&self) -> PyResult<u32> {
        Ok(self.read()?.minimum_s)
    }

    /// Calls this short are free.
    #[getter]
    fn grace_s(&self) -> PyResult<u32> {
        Ok(self.read()?.grace_s)
    }

    /// Seconds not billed.
    #[getter]
    fn free_s(&self) -> PyResult<u32> {
        Ok(self.read()?.free_s)
    }

    /// INR charged at least.
    #[getter]
    fn min_charge<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        rupees(py, self.read()?.min_charge)
    }

    /// INR charged at most, or None.
    #[getter]
    fn max_charge<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.amount(py, |terms| terms.max_charge)
    }

    /// Whether the prefix is refused.
    #[getter]
    fn blocked(&self) -> PyResult<bool> {
        Ok(self.read()?.blocked)
    }

    /// Whether the prefix is a whole number.
    #[getter]
    fn exact_match(&self) -> PyResult<bool> {
        Ok(self.read()?.exact_match)
    }

    /// First instant in force, in microseconds since 1970 UTC, or None.
    #[getter]
    fn valid_from_us(&self) -> PyResult<Option<i64>> {
        Ok(self.read()?.valid_from)
    }

    /// First instant no longer in force, in microseconds since 1970 UTC, or None.
    #[getter]
    fn valid_to_us(&self) -> PyResult<Option<i64>> {
        Ok(self.read()?.valid_to)
    }

    /// Number of the entry in its deck.
    #[getter]
    fn entry(&self) -> u32 {
        self.number()
    }

    /// File and row of the sheet that the entry came from, or None if the deck keeps no sources.
    #[getter]
    fn source(&self) -> PyResult<Option<(String, u32)>> {
        let view = self.deck.deck.view();
        let source = view.source(self.found.entry).map_err(Raised::from)?;
        Ok(source.map(|(file, row)| (file.to_owned(), row)))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.number() == other.number()
                && self.prefix_text() == other.prefix_text()
                && (Arc::ptr_eq(&self.deck, &other.deck) || self.digest() == other.digest())
        })
    }

    fn __hash__(&self) -> u64 {
        u64::from(self.number()) << 4 | u64::from(self.found.digits)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let rate =
            |amount: Option<Bound<'_, PyAny>>| amount.map_or("none".to_owned(), |amount| amount.to_string());
        let group = self.words()?;
        let state = if self.blocked()? { ", blocked" } else { "" };
        Ok(format!(
            "Match(prefix='{}', network_group='{}', outbound_rate={}, inbound_rate={}{state})",
            self.prefix_text(),
            group.name,
            if self.has_schedule()? { "by schedule".to_owned() } else { rate(self.outbound_rate(py)?) },
            rate(self.inbound_rate(py)?),
        ))
    }
}
