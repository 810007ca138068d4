//! A deck as Python holds it: frozen, shared between threads, the GIL released around its work.

use crate::bulk::Call;
use crate::column::{Column, chunks};
use crate::fields::{MATCH, RATED, named};
use crate::found::Match;
use crate::handle::{Bytes, Handle};
use crate::listing::{GroupTexts, one_group, within};
use crate::number_plan::NumberPlan;
use crate::once::Once;
use crate::one_number::{digits, masked};
use crate::raise::{DeckTimeError, NumberError, Raised, SheetError, os_error};
use crate::room::{Room, in_large_pages};
use crate::semantics::Semantics;
use crate::times::one_direction;
use crate::walks::one_walk;
use dialnexa_deck::{self as core, Asked, Builder, Digits, Enabled, OpenError, Reason, Record, Walk, judge};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3_arrow::input::AnyArray;
use std::path::PathBuf;
use std::sync::Arc;

/// What a scalar rating hands to Python: match, billed seconds, charge in units of the last place,
/// exact numerator and denominator in nano-rupees, reason.
type RatedOne = (Option<Match>, Option<u32>, Option<i64>, Option<(i128, i128)>, Option<&'static str>);

/// A compiled deck of prefixes; `dialnexa_routing.RateDeck` is its face.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct Deck {
    pub handle: Arc<Handle>,
    digest: Once<PyString>,
}

impl Deck {
    fn view_bytes(bytes: Bytes, verify: bool) -> Result<Self, OpenError> {
        let deck = core::Deck::new(bytes)?;
        if verify {
            deck.verify()?;
        }
        Ok(Self { handle: Arc::new(Handle::new(deck)), digest: Once::new() })
    }

    fn number(number: &Bound<'_, PyString>) -> Result<Digits, Raised> {
        digits(number).ok_or_else(|| {
            let text = masked(&number.to_string_lossy());
            let what = "is not an E.164 number: write + and 1 to 15 digits, the first of them 1-9";
            NumberError::new_err(format!("{text} {what}")).into()
        })
    }

    /// A dated deck must be given the time (R50).
    fn asked(&self, at: Option<i64>, direction: Option<&str>) -> Result<Asked, Raised> {
        if at.is_none() && self.handle.deck.is_dated() {
            let text =
                "this deck has entries that hold only at times: pass at=, the time the call is answered";
            return Err(DeckTimeError::new_err(text).into());
        }
        Ok(Asked { at, direction: direction.map(one_direction).transpose()? })
    }

    /// Bits of enabled groups, as many as the deck has groups.
    fn enabled<'a>(&self, bits: Option<&'a [u8]>) -> Result<Option<Enabled<'a>>, Raised> {
        let groups = self.handle.deck.groups();
        let checked = |bits: &'a [u8]| {
            Enabled::new(bits, groups).ok_or_else(|| {
                let (found, wanted) = (bits.len(), Enabled::size(groups));
                let text = format!(
                    "enabled has {found} bytes; the {groups} network groups of this deck take {wanted}, a bit each"
                );
                PyValueError::new_err(text).into()
            })
        };
        bits.map(checked).transpose()
    }

    fn bulk(&self, py: Python<'_>, name: &str, numbers: AnyArray, call: &Call<'_>) -> PyResult<Column> {
        let (arrays, _) = chunks(numbers)?;
        let answers = py.detach(|| {
            arrays.iter().map(|array| call.answer(array, name)).collect::<Result<Vec<_>, Raised>>()
        })?;
        Ok(Column::new(name, answers))
    }
}

#[pymethods]
impl Deck {
    /// Map a file and, if asked, compare every byte with its digest.
    #[staticmethod]
    #[pyo3(signature = (path, *, verify))]
    fn open(py: Python<'_>, path: PathBuf, verify: bool) -> PyResult<Self> {
        let opened = py.detach(|| {
            let map = core::file::map(&path).map_err(Err)?;
            Self::view_bytes(Bytes::Mapped(map), verify).map_err(Ok)
        });
        opened.map_err(|error| match error {
            Ok(open) => crate::raise::DeckError::new_err(format!("{}: {open}", path.display())),
            Err(error) => os_error(error, &path).into(),
        })
    }

    /// A deck over a copy of these bytes.
    #[staticmethod]
    #[pyo3(signature = (data, *, verify))]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyBytes>, verify: bool) -> PyResult<Self> {
        // An object of bytes is immutable, and this one is held.
        let data = data.as_bytes();
        let made =
            py.detach(|| Self::view_bytes(Bytes::Owned(in_large_pages(data)?), verify).map_err(Raised::from));
        Ok(made?)
    }

    /// Compile canonical rows: any Arrow stream of structs.
    ///
    /// The note goes behind the deck. Slots are those of very large decks from more than `usual_entries` on, for tests.
    #[staticmethod]
    #[pyo3(signature = (rows, labels, schedules, zones, *, note, keep_redundant, keep_sources, usual_entries=None))]
    #[allow(clippy::too_many_arguments)] // keyword only
    fn compile(
        py: Python<'_>,
        rows: AnyArray,
        labels: Vec<(String, String)>,
        schedules: Vec<crate::rows::ScheduleWords>,
        zones: Vec<Vec<i64>>,
        note: Vec<(String, String)>,
        keep_redundant: bool,
        keep_sources: bool,
        usual_entries: Option<usize>,
    ) -> PyResult<Self> {
        let (arrays, field) = chunks(rows)?;
        let built = py.detach(|| {
            let mut builder = Builder::new(labels).note(note);
            builder = builder.keep_redundant(keep_redundant).keep_sources(keep_sources);
            if let Some(most) = usual_entries {
                builder = builder.usual_entries(most);
            }
            let numbers = crate::rows::schedules(&mut builder, &schedules, &zones)?;
            crate::rows::push_all(&mut builder, &arrays, &field, &numbers)?;
            let bytes = builder.finish_in(Room::<u8>::new)?;
            Self::view_bytes(Bytes::Owned(bytes.bytes()), false).map_err(Raised::from)
        })?;
        if built.handle.deck.entries() == 0 {
            return Err(SheetError::new_err("there are no rows to compile: see the sheet's faults"));
        }
        Ok(built)
    }

    /// Write the deck so that the path holds the old file or the new one at any moment.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let saved = py.detach(|| core::file::save(&path, self.handle.deck.bytes()));
        saved.map_err(|error| os_error(error, &path).into())
    }

    /// The deck's bytes as they would stand in a file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.handle.deck.bytes())
    }

    /// Compare every byte with the digest.
    fn verify(&self, py: Python<'_>) -> PyResult<()> {
        Ok(py.detach(|| self.handle.deck.verify()).map_err(Raised::from)?)
    }

    /// Match one number, among the entries of enabled groups if they are given: a bit a group.
    #[pyo3(signature = (number, at=None, direction=None, enabled=None))]
    fn match_one(
        &self,
        number: &Bound<'_, PyString>,
        at: Option<i64>,
        direction: Option<&str>,
        enabled: Option<&[u8]>,
    ) -> PyResult<Option<Match>> {
        let digits = Self::number(number)?;
        let asked = self.asked(at, direction)?;
        let view = self.handle.view_for_one()?;
        let found = match self.enabled(enabled)? {
            None => view.find(&digits, asked),
            Some(enabled) => view.find_enabled(&digits, asked, enabled),
        };
        let found = found.map_err(Raised::from)?;
        Ok(found.map(|found| Match::new(self.handle.clone(), digits, found)))
    }

    /// Every entry whose prefix begins the number, longest first, whether it answers or not.
    fn chain(&self, number: &Bound<'_, PyString>) -> PyResult<Vec<Match>> {
        let digits = Self::number(number)?;
        let chain = self.handle.deck.view().chain(&digits).map_err(Raised::from)?;
        Ok(chain.into_iter().map(|found| Match::new(self.handle.clone(), digits, found)).collect())
    }

    /// Rate one record.
    ///
    /// `seconds_fit` is false for a duration that no number of ticks can say.
    #[pyo3(signature = (number, ticks, per_second, at, direction, semantics, seconds_fit, number_plan=None))]
    #[allow(clippy::too_many_arguments)] // what a record is
    fn rate_one(
        &self,
        number: Option<&Bound<'_, PyString>>,
        ticks: Option<i64>,
        per_second: u32,
        at: Option<i64>,
        direction: &str,
        semantics: &Semantics,
        seconds_fit: bool,
        number_plan: Option<&Bound<'_, NumberPlan>>,
    ) -> PyResult<RatedOne> {
        let direction = one_direction(direction)?;
        let digits = number.and_then(digits);
        let number_fault = match (number, digits) {
            (None, _) => Some(Reason::MissingNumber),
            (Some(_), None) => Some(Reason::InvalidNumber),
            _ => None,
        };
        let lacks_time = at.is_none() && self.handle.deck.is_dated();
        let view = self.handle.view_for_one()?;
        let asked = Asked { at, direction: Some(direction) };
        let found = match digits.filter(|_| !lacks_time) {
            Some(digits) => view.find(&digits, asked).map_err(Raised::from)?,
            None => None,
        };
        let struck = match number_plan.zip(digits) {
            Some((plan, digits)) => view.judge(&plan.get().0, &digits, found).map_err(Raised::from)?,
            None => None,
        };
        let (number_fault, found) = (number_fault.or(struck), found.filter(|_| struck.is_none()));
        let terms = found.map(|found| view.terms_of(found.entry)).transpose().map_err(Raised::from)?;
        let schedule = match &terms {
            Some(terms) => view.schedule_of(terms).map_err(Raised::from)?,
            None => None,
        };
        let fault = (!seconds_fit).then_some(Reason::InvalidSeconds);
        let record = Record { number_fault, fault, ticks, direction: Some(direction), lacks_time };
        let mut exact = None;
        let charge = |seconds, direction| {
            let Some(terms) = &terms else { return Ok(None) };
            let call = core::Call { seconds, direction, answered_at: at };
            exact = semantics.0.charge(&call, terms, schedule.as_ref())?.map(|charge| charge.exact);
            semantics.0.amount(&call, terms, schedule.as_ref())
        };
        let is_blocked = terms.as_ref().map(|terms| terms.blocked);
        let outcome = judge(&record, is_blocked, &semantics.0, per_second, charge);
        let one = digits.zip(found).map(|(digits, found)| Match::new(self.handle.clone(), digits, found));
        Ok((
            one,
            outcome.ok().map(|amount| amount.billed_s),
            outcome.ok().map(|amount| amount.charge),
            outcome.ok().map(|_| exact.map_or((0, 1), |exact| (exact.numerator, exact.denominator))),
            outcome.err().map(Reason::name),
        ))
    }

    /// Match a column of numbers, or structs of `number`, `at` and `direction`.
    ///
    /// `walk` is one of `walks()`, for tests and measurements; all give the same answers.
    #[pyo3(signature = (numbers, fields, *, name, alone, at=None, direction=None, enabled=None, number_plan=None, threads=1, walk=None))]
    #[allow(clippy::too_many_arguments)] // keyword only
    fn match_column(
        &self,
        py: Python<'_>,
        numbers: AnyArray,
        fields: Vec<String>,
        name: &str,
        alone: bool,
        at: Option<i64>,
        direction: Option<&str>,
        enabled: Option<&[u8]>,
        number_plan: Option<&Bound<'_, NumberPlan>>,
        threads: usize,
        walk: Option<&str>,
    ) -> PyResult<Column> {
        let call = Call {
            view: self.handle.view()?,
            texts: self.handle.texts()?,
            walk: one_walk(walk)?,
            threads: threads.max(1),
            is_dated: self.handle.deck.is_dated(),
            enabled: self.enabled(enabled)?,
            fields: named(&fields, &MATCH)?,
            alone,
            at,
            direction: direction.map(one_direction).transpose()?,
            number_plan: number_plan.map(|plan| &plan.get().0),
            rater: None,
        };
        self.bulk(py, name, numbers, &call)
    }

    /// Rate a column of structs of `number`, `ticks` and any of `at`, `direction`, `fault`.
    #[pyo3(signature = (records, fields, semantics, *, name, alone, per_second, direction=None, number_plan=None, threads=1))]
    #[allow(clippy::too_many_arguments)] // keyword only
    fn rate_column(
        &self,
        py: Python<'_>,
        records: AnyArray,
        fields: Vec<String>,
        semantics: &Semantics,
        name: &str,
        alone: bool,
        per_second: u32,
        direction: Option<&str>,
        number_plan: Option<&Bound<'_, NumberPlan>>,
        threads: usize,
    ) -> PyResult<Column> {
        let rater = self.handle.rater(semantics.0)?;
        let call = Call {
            view: self.handle.view()?,
            texts: self.handle.texts()?,
            walk: Walk::default(),
            threads: threads.max(1),
            is_dated: self.handle.deck.is_dated(),
            enabled: None,
            fields: named(&fields, &RATED)?,
            alone,
            at: None,
            direction: direction.map(one_direction).transpose()?,
            number_plan: number_plan.map(|plan| &plan.get().0),
            rater: Some((&rater, per_second)),
        };
        self.bulk(py, name, records, &call)
    }

    /// Name, ISO code and country of each network group, by its number.
    fn network_groups(&self) -> PyResult<Vec<GroupTexts>> {
        Ok(crate::listing::groups(&self.handle.deck)?)
    }

    /// The prefixes that begin with some digits, of one group if it is named.
    fn prefixes(
        &self,
        py: Python<'_>,
        digits: &Bound<'_, PyString>,
        group: Option<i64>,
    ) -> PyResult<Vec<String>> {
        let (within, view) = (within(digits)?, self.handle.deck.view());
        let group = group.map(|group| one_group(group, self.handle.deck.groups())).transpose()?;
        Ok(py.detach(|| view.prefixes(within, group)).map_err(Raised::from)?)
    }

    /// Numbers of the groups that own a prefix that begins with some digits, or the digits themselves.
    fn groups_within(&self, py: Python<'_>, digits: &Bound<'_, PyString>) -> PyResult<Vec<u32>> {
        let (within, view) = (within(digits)?, self.handle.deck.view());
        Ok(py.detach(|| view.groups_within(within)).map_err(Raised::from)?)
    }

    /// The entries as canonical rows.
    fn rows(&self, py: Python<'_>) -> PyResult<Column> {
        let rows = py.detach(|| crate::listing::rows(&self.handle.deck))?;
        Ok(Column::new("rows", vec![rows]))
    }

    /// The offsets of each zone, and of each schedule the number of its zone and its text.
    fn schedules(&self, py: Python<'_>) -> PyResult<crate::listing::Schedules> {
        Ok(py.detach(|| crate::listing::schedules(&self.handle.deck))?)
    }

    /// The digest, 64 hexadecimal digits.
    #[getter]
    fn digest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let made = || Ok(PyString::new(py, &self.handle.deck.digest()));
        Ok(self.digest.get(py, made)?.clone())
    }

    /// Whether a time must be asked.
    #[getter]
    fn is_dated(&self) -> bool {
        self.handle.deck.is_dated()
    }

    /// Names and values that describe the deck.
    #[getter]
    fn labels(&self) -> PyResult<Vec<(String, String)>> {
        let labels = self.handle.deck.view().labels().map_err(Raised::from)?;
        Ok(labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The version of the format, and names and values of the note behind the deck.
    #[getter]
    fn written(&self) -> PyResult<(u32, Vec<(String, String)>)> {
        let deck = &self.handle.deck;
        Ok((deck.format(), deck.note().map_err(Raised::from)?))
    }

    /// Counts: rows compiled, redundant rows left out, entries, network groups, distinct terms.
    #[getter]
    fn counts(&self) -> (u64, u64, usize, usize, usize) {
        let deck = &self.handle.deck;
        (deck.rows(), deck.redundant(), deck.entries(), deck.groups(), deck.terms_count())
    }

    /// Bytes of the file and of its parts.
    #[getter]
    fn sizes(&self) -> Vec<(&'static str, usize)> {
        let deck = &self.handle.deck;
        let mut sizes = deck.sizes().to_vec();
        sizes.push(("file", deck.bytes().len()));
        sizes
    }
}
