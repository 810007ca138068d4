//! Rows of call records in which nothing is amiss, as columns; the others are odd, and for Python to read.
//!
//! What is odd is decided here in favour of Python: whatever is not of the usual shape, or may give a
//! reason, is left to the expressions of `records.call_plan`.

use crate::column::{Column, chunks};
use crate::raise::{Raised, wrong_type};
use arrow_array::builder::{BooleanBuilder, StringBuilder, TimestampMicrosecondBuilder, UInt32Builder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Decimal128Array, StringViewArray, StructArray};
use arrow_schema::{Field, Fields};
use dialnexa_deck::cells;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// Days around the begin of 1970, whose times are how systems write never: in microseconds.
const NEAR_1970: u64 = 2 * 86_400_000_000;
const LONGEST_WORD: usize = 48;

/// What a word of a status or a direction states.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    Neither,
    Odd,
}

impl Says {
    fn of(number: u8) -> Self {
        match number {
            0 => Self::Yes,
            1 => Self::No,
            2 => Self::Neither,
            _ => Self::Odd,
        }
    }
}

/// Words as they are compared: in lower case, without blanks, `-` and `_`.
struct Words {
    known: Vec<(Vec<u8>, Says)>,
    other: Says,
}

impl Words {
    fn new(known: Vec<(String, u8)>, other: u8) -> Self {
        let known = known.into_iter().map(|(word, says)| (word.into_bytes(), Says::of(says))).collect();
        Self { known, other: Says::of(other) }
    }

    fn says(&self, word: &str) -> Says {
        let mut folded = [0; LONGEST_WORD];
        let mut length = 0;
        for byte in word.bytes() {
            if byte == b'-' || byte == b'_' || byte.is_ascii_whitespace() || byte == 0x0b {
                continue;
            }
            if !byte.is_ascii_graphic() || length == LONGEST_WORD {
                return Says::Odd;
            }
            folded[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        let found = self.known.iter().find(|(known, _)| known == &folded[..length]);
        found.map_or(self.other, |(_, says)| *says)
    }
}

/// How rows are read.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct CallRows {
    /// Wall times from and until which a zone has one offset, and that: in microseconds.
    zone: Vec<(i64, i64, i64)>,
    status: Words,
    ways: Words,
    untimed: bool,
    longest: Option<i128>,
}

/// The cells of some rows: without blanks around, an empty one is none.
struct Cells<'a>(Option<&'a StringViewArray>);

impl<'a> Cells<'a> {
    #[inline(always)]
    fn at(&self, row: usize) -> Option<&'a str> {
        let array = self.0.filter(|array| array.is_valid(row))?;
        let text = array.value(row).trim();
        (!text.is_empty()).then_some(text)
    }
}

/// A row in which nothing is amiss.
struct Good<'a> {
    to: &'a str,
    from: Option<&'a str>,
    answered: Option<i64>,
    ended: Option<i64>,
    nanos: i128,
    silenced: bool,
    amiss: Option<bool>,
    way: Says,
}

struct Batch<'a> {
    to: Cells<'a>,
    from: Cells<'a>,
    answered: Cells<'a>,
    ended: Cells<'a>,
    start: Cells<'a>,
    seconds: Cells<'a>,
    status: Cells<'a>,
    direction: Cells<'a>,
}

impl<'a> Batch<'a> {
    fn new(rows: &'a StructArray) -> Result<Self, Raised> {
        let cells = |name: &str| match rows.column_by_name(name) {
            None => Ok(Cells(None)),
            Some(array) => array.as_string_view_opt().map(|array| Cells(Some(array))).ok_or_else(|| {
                wrong_type(name, array.data_type(), "cells are text: cast the column to String")
            }),
        };
        Ok(Self {
            to: cells("to")?,
            from: cells("from")?,
            answered: cells("answered_at")?,
            ended: cells("ended_at")?,
            start: cells("start")?,
            seconds: cells("seconds")?,
            status: cells("status")?,
            direction: cells("direction")?,
        })
    }
}

/// What the row before showed: the next one is mostly alike.
struct Memory<'a> {
    stretch: usize,
    status: (&'a str, Says),
    way: (&'a str, Says),
}

impl CallRows {
    fn row<'a>(&self, batch: &Batch<'a>, row: usize, memory: &mut Memory<'a>) -> Option<Good<'a>> {
        let to = batch.to.at(row)?;
        let answered = self.instant(batch.answered.at(row), memory)?;
        let ended = self.instant(batch.ended.at(row), memory)?;
        let status = match batch.status.at(row) {
            None => Says::Yes,
            Some(word) => said(&self.status, word, &mut memory.status),
        };
        let way = match (batch.direction.0, batch.direction.at(row)) {
            (None, _) => Says::Yes,
            (Some(_), word) => said(&self.ways, word?, &mut memory.way),
        };
        let given = match batch.seconds.at(row) {
            None => None,
            Some(text) => Some(cells::second_nanos(text.as_bytes()).filter(|nanos| *nanos >= 0)?),
        };
        if status == Says::Odd || way == Says::Odd {
            return None;
        }
        let unanswered =
            status == Says::No || (self.untimed && batch.answered.0.is_some() && answered.is_none());
        let nanos = if unanswered { 0 } else { given? };
        if self.longest.is_some_and(|longest| nanos > longest) {
            return None;
        }
        let begin = match batch.answered.0 {
            Some(_) => answered,
            None => self.instant(batch.start.at(row), memory)?,
        };
        let given = given.unwrap_or(0);
        let span = begin.zip(ended).map_or(0, |(begin, ended)| i128::from(ended - begin) * 1_000);
        let is_comparable = given > 0 && span >= 1_000_000_000;
        let amiss = is_comparable.then_some(given > span * 20 || given * 45 < span);
        let silenced = unanswered && given > 0;
        Some(Good { to, from: batch.from.at(row), answered, ended, nanos, silenced, amiss, way })
    }

    /// A time as an instant. None is odd: of another shape, near 1970, in an hour that came twice or never.
    #[inline(always)]
    fn instant(&self, text: Option<&str>, memory: &mut Memory<'_>) -> Option<Option<i64>> {
        let Some(text) = text else { return Some(None) };
        let wall = cells::wall_micros(text.as_bytes())?;
        if wall.unsigned_abs() <= NEAR_1970 {
            return None;
        }
        let holds = |(from, until, _): &(i64, i64, i64)| (*from..*until).contains(&wall);
        let mut found = self.zone.get(memory.stretch).filter(|stretch| holds(stretch));
        if found.is_none() {
            memory.stretch = self.zone.partition_point(|(_, until, _)| *until <= wall);
            found = self.zone.get(memory.stretch).filter(|stretch| holds(stretch));
        }
        found.map(|(_, _, offset)| Some(wall - offset))
    }

    fn columns(&self, rows: &StructArray) -> Result<ArrayRef, Raised> {
        let batch = Batch::new(rows)?;
        let count = rows.len();
        let text = || StringBuilder::with_capacity(count, count * 14);
        let time = || TimestampMicrosecondBuilder::with_capacity(count).with_timezone("UTC");
        let (mut to, mut from, mut direction) = (text(), text(), text());
        let (mut answered, mut ended) = (time(), time());
        let flags = || BooleanBuilder::with_capacity(count);
        let (mut silenced, mut amiss, mut inside, mut odd) = (flags(), flags(), flags(), flags());
        let mut width = UInt32Builder::with_capacity(count);
        let mut seconds = Vec::with_capacity(count);
        let mut memory = Memory { stretch: 0, status: ("", Says::Odd), way: ("", Says::Odd) };
        for row in 0..count {
            let good = self.row(&batch, row, &mut memory);
            odd.append_value(good.is_none());
            put(&mut to, good.as_ref().map(|good| good.to));
            put(&mut from, good.as_ref().and_then(|good| good.from));
            let lacks = good.as_ref().map(|good| good.to).filter(|text| !text.starts_with('+'));
            width.append_option(lacks.map(|text| text.chars().count() as u32));
            answered.append_option(good.as_ref().and_then(|good| good.answered));
            ended.append_option(good.as_ref().and_then(|good| good.ended));
            seconds.push(good.as_ref().map(|good| good.nanos));
            silenced.append_value(good.as_ref().is_some_and(|good| good.silenced));
            amiss.append_option(good.as_ref().and_then(|good| good.amiss));
            inside.append_value(good.as_ref().is_some_and(|good| good.way == Says::Neither));
            if batch.direction.0.is_some() {
                direction.append_option(good.as_ref().and_then(|good| match good.way {
                    Says::Yes => Some("outbound"),
                    Says::No => Some("inbound"),
                    _ => None,
                }));
            }
        }
        let exact = Decimal128Array::from(seconds).with_precision_and_scale(38, 9);
        let exact = exact.map_err(|_| wrong_type("seconds", rows.data_type(), "they are text"))?;
        let mut named: Vec<(&str, ArrayRef)> = vec![
            ("to", Arc::new(to.finish())),
            ("from", Arc::new(from.finish())),
            ("answered_at", Arc::new(answered.finish())),
            ("ended_at", Arc::new(ended.finish())),
            ("seconds", Arc::new(exact)),
            ("width", Arc::new(width.finish())),
            ("silenced", Arc::new(silenced.finish())),
            ("amiss", Arc::new(amiss.finish())),
            ("inside", Arc::new(inside.finish())),
            ("odd", Arc::new(odd.finish())),
        ];
        if batch.direction.0.is_some() {
            named.push(("direction", Arc::new(direction.finish())));
        }
        let fields: Fields =
            named.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        let arrays = named.into_iter().map(|(_, array)| array).collect();
        Ok(Arc::new(StructArray::new(fields, arrays, None)))
    }
}

fn said<'a>(words: &Words, word: &'a str, last: &mut (&'a str, Says)) -> Says {
    if last.0 != word {
        *last = (word, words.says(word));
    }
    last.1
}

/// A number with its plus; what is none as it stands.
fn put(column: &mut StringBuilder, text: Option<&str>) {
    if text.is_some_and(|text| cells::lacks_plus(text.as_bytes())) {
        use std::fmt::Write;
        let _ = column.write_str("+");
    }
    column.append_option(text);
}

#[pymethods]
impl CallRows {
    /// `zone` are stretches of wall time in order; words are folded, and state 0 answered or outbound, 1 not
    /// answered or inbound, 2 inside, 3 what is odd; `untimed` calls without an answer time have no answer.
    #[new]
    fn new(
        zone: Vec<(i64, i64, i64)>,
        status: Vec<(String, u8)>,
        other_status: u8,
        ways: Vec<(String, u8)>,
        untimed: bool,
        longest_s: Option<u64>,
    ) -> Self {
        Self {
            zone,
            status: Words::new(status, other_status),
            ways: Words::new(ways, 3),
            untimed,
            longest: longest_s.map(|seconds| i128::from(seconds) * 1_000_000_000),
        }
    }

    /// The columns of structs of texts, with `odd` where a row is not read.
    fn read(&self, py: Python<'_>, rows: AnyArray) -> PyResult<Column> {
        let (arrays, _) = chunks(rows)?;
        let found = py.detach(|| {
            let columns = |array: &ArrayRef| match array.as_struct_opt() {
                Some(rows) => self.columns(rows),
                None => Err(wrong_type("rows", array.data_type(), "rows are structs")),
            };
            arrays.iter().map(columns).collect::<Result<Vec<_>, Raised>>()
        })?;
        Ok(Column::new("rows", found))
    }
}
