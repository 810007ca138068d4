//! Canonical rows as Arrow columns into the builder.

use crate::raise::{Raised, wrong_type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, TimestampMicrosecondType, UInt32Type};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, StringViewArray, StructArray};
use arrow_schema::Field;
use dialnexa_deck::{Builder, Row, Schedule, Terms, Zone};
use pyo3::exceptions::PyValueError;
use std::sync::Arc;

type Result<T> = std::result::Result<T, Raised>;

/// The columns of one chunk. Python has cast them to the canonical types before.
struct Columns<'a> {
    rows: &'a StructArray,
}

impl<'a> Columns<'a> {
    fn get<T>(&self, name: &str, typed: impl Fn(&'a dyn Array) -> Option<T>, wanted: &str) -> Result<T> {
        let column = self.rows.column_by_name(name);
        let column =
            column.ok_or_else(|| PyValueError::new_err(format!("rows without a column {name:?}")))?;
        typed(column.as_ref()).ok_or_else(|| wrong_type(name, column.data_type(), wanted))
    }

    fn text(&self, name: &str) -> Result<&'a StringViewArray> {
        self.get(name, |column| column.as_string_view_opt(), "it is text in a canonical sheet")
    }

    fn amount(&self, name: &str) -> Result<&'a PrimitiveArray<Decimal128Type>> {
        let scaled = |column: &'a dyn Array| {
            column.as_primitive_opt::<Decimal128Type>().filter(|amounts| amounts.scale() == 9)
        };
        self.get(name, scaled, "it is Decimal with nine places in a canonical sheet")
    }

    fn seconds(&self, name: &str) -> Result<&'a PrimitiveArray<UInt32Type>> {
        self.get(name, |column| column.as_primitive_opt(), "it is UInt32 when rows are compiled")
    }

    fn time(&self, name: &str) -> Result<&'a PrimitiveArray<TimestampMicrosecondType>> {
        self.get(
            name,
            |column| column.as_primitive_opt(),
            "it is a time in microseconds, UTC, in a canonical sheet",
        )
    }

    fn flag(&self, name: &str) -> Result<&'a BooleanArray> {
        self.get(name, |column| column.as_boolean_opt(), "it is Boolean in a canonical sheet")
    }
}

fn text(column: &StringViewArray, at: usize) -> &str {
    if column.is_valid(at) { column.value(at) } else { "" }
}

fn seconds(column: &PrimitiveArray<UInt32Type>, at: usize) -> Option<u32> {
    column.is_valid(at).then(|| column.value(at))
}

fn time(column: &PrimitiveArray<TimestampMicrosecondType>, at: usize) -> Option<i64> {
    column.is_valid(at).then(|| column.value(at))
}

fn flag(column: &BooleanArray, at: usize) -> bool {
    column.is_valid(at) && column.value(at)
}

/// The number of a schedule's zone, its words, and its text.
pub type ScheduleWords = (Option<usize>, Vec<i64>, String);

/// Hand schedules to a builder; returns their numbers there.
pub fn schedules(builder: &mut Builder, all: &[ScheduleWords], zones: &[Vec<i64>]) -> Result<Vec<u32>> {
    let wrong = || Raised::from(PyValueError::new_err("the words of a schedule or a zone are wrong"));
    let zones: Option<Vec<_>> = zones.iter().map(|words| Zone::from_words(words).map(Arc::new)).collect();
    let zones = zones.ok_or_else(wrong)?;
    let read = |(zone, words, text): &ScheduleWords| {
        let zone = zone.map(|zone| zones.get(zone).cloned().ok_or_else(wrong)).transpose()?;
        Schedule::from_words(words, zone, text).ok_or_else(wrong)
    };
    all.iter().map(|one| Ok(builder.schedule(&read(one)?))).collect()
}

/// Add the rows of all chunks of a column to a builder.
pub fn push_all(builder: &mut Builder, chunks: &[ArrayRef], field: &Field, numbers: &[u32]) -> Result<()> {
    chunks.iter().try_for_each(|chunk| {
        let wrong = || wrong_type("rows", field.data_type(), "rows are a frame of canonical columns");
        push(builder, chunk.as_struct_opt().ok_or_else(wrong)?, numbers)
    })
}

/// Add the rows of a struct array to a builder; their schedules are known there by `numbers`.
fn push(builder: &mut Builder, rows: &StructArray, numbers: &[u32]) -> Result<()> {
    let columns = Columns { rows };
    let [prefix, group, iso, country, file] = [
        columns.text("prefix")?,
        columns.text("network_group")?,
        columns.text("country_iso")?,
        columns.text("country")?,
        columns.text("source_file")?,
    ];
    let [outbound, inbound, fee, least, most] = [
        columns.amount("outbound_rate")?,
        columns.amount("inbound_rate")?,
        columns.amount("connect_fee")?,
        columns.amount("min_charge")?,
        columns.amount("max_charge")?,
    ];
    let [schedule, unit, initial, next, minimum, grace, free, row] = [
        columns.seconds("schedule")?,
        columns.seconds("rate_unit_s")?,
        columns.seconds("initial_increment_s")?,
        columns.seconds("next_increment_s")?,
        columns.seconds("minimum_s")?,
        columns.seconds("grace_s")?,
        columns.seconds("free_s")?,
        columns.seconds("source_row")?,
    ];
    let (valid_from, valid_to) = (columns.time("valid_from")?, columns.time("valid_to")?);
    let (blocked, exact_match) = (columns.flag("blocked")?, columns.flag("exact_match")?);
    let place = |at: usize| {
        let row = seconds(row, at).unwrap_or_else(|| at as u32 + 1);
        format!("{} row {row}, prefix {:?}", text(file, at), text(prefix, at))
    };
    let amount = |name: &str, column: &PrimitiveArray<Decimal128Type>, at: usize| -> Result<Option<i64>> {
        let value = column.is_valid(at).then(|| i64::try_from(column.value(at)));
        value.transpose().map_err(|_| {
            let text = format!("{}: {name} is more than 9223372036 rupees; correct it", place(at));
            PyValueError::new_err(text).into()
        })
    };
    let number = |at: usize| -> Result<Option<u32>> {
        let known = seconds(schedule, at).map(|number| numbers.get(number as usize).copied());
        known.map(|one| one.ok_or_else(|| PyValueError::new_err("a schedule is missing").into())).transpose()
    };
    for at in 0..rows.len() {
        let increments = match (seconds(initial, at), seconds(next, at)) {
            (None, None) => None,
            (Some(initial), next) => Some((initial, next.unwrap_or(initial))),
            (None, Some(next)) => Some((next, next)),
        };
        let terms = Terms {
            schedule: number(at)?,
            outbound_rate: amount("outbound_rate", outbound, at)?,
            inbound_rate: amount("inbound_rate", inbound, at)?,
            rate_unit_s: seconds(unit, at).unwrap_or(60),
            connect_fee: amount("connect_fee", fee, at)?.unwrap_or(0),
            increments,
            minimum_s: seconds(minimum, at).unwrap_or(0),
            grace_s: seconds(grace, at).unwrap_or(0),
            free_s: seconds(free, at).unwrap_or(0),
            min_charge: amount("min_charge", least, at)?.unwrap_or(0),
            max_charge: amount("max_charge", most, at)?,
            valid_from: time(valid_from, at),
            valid_to: time(valid_to, at),
            blocked: flag(blocked, at),
            exact_match: flag(exact_match, at),
        };
        builder.push(&Row {
            prefix: text(prefix, at),
            network_group: text(group, at),
            country_iso: text(iso, at),
            country: text(country, at),
            terms,
            // A row that names no place is reported by its own, counted from 1.
            source: Some((text(file, at), seconds(row, at).unwrap_or_else(|| builder.rows() + 1))),
        })?;
    }
    Ok(())
}
