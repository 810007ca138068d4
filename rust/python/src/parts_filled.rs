//! Columns of answers filled in parts, by several threads where there are more.
//!
//! The memory of a column is taken whole, once; each part of it is lent to whoever fills it. Threads begin
//! and end within a call, so that nothing is left behind that a fork could miss.

use crate::fields::{Answer, Done, Filling};
use crate::raise::Raised;
use arrow_array::ArrayRef;
use dialnexa_deck::BLOCK;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Rows of a part, where there are several threads: whole blocks, and enough to be worth taking.
const PART: usize = 128 * BLOCK;

/// Between so many parts of a long column it is asked whether Ctrl-C was pressed: half a second at the worst.
const EVERY: usize = 4;

/// A column so long that Ctrl-C is heard amid it.
const LONG: usize = EVERY * PART;

/// The parts of all columns that begin at one row.
struct Part<'a> {
    number: usize,
    rows: Range<usize>,
    columns: Vec<Filling<'a>>,
}

/// Fill columns of so many rows. `work` gets rows and the parts of columns that are theirs.
pub fn fill(
    mut answers: Vec<Answer<'_>>,
    rows: usize,
    threads: usize,
    work: impl Fn(Range<usize>, &mut [Filling<'_>]) -> Result<(), Raised> + Sync,
) -> Result<Vec<ArrayRef>, Raised> {
    let is_long = rows > LONG;
    let size = if threads > 1 || is_long { PART } else { rows.next_multiple_of(BLOCK).max(BLOCK) };
    let starts = (0..rows).step_by(size);
    let mut parts: Vec<Part<'_>> = starts
        .enumerate()
        .map(|(number, start)| Part { number, rows: start..rows.min(start + size), columns: Vec::new() })
        .collect();
    for answer in &mut answers {
        parts.iter_mut().zip(answer.parts(size)).for_each(|(part, filling)| part.columns.push(filling));
    }
    let threads = threads.min(parts.len());
    let queue = Mutex::new(parts.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    // Whoever fails takes the rest out of the queue, so that the others end as well.
    let run = |hears: bool| -> Result<Vec<(usize, Vec<Done>)>, Raised> {
        let mut all = Vec::new();
        while let Some(mut part) = next() {
            let heard = if hears && all.len() % EVERY == EVERY - 1 { interrupted() } else { Ok(()) };
            if let Err(error) = heard.and_then(|()| work(part.rows, &mut part.columns)) {
                while next().is_some() {}
                return Err(error);
            }
            all.push((part.number, part.columns.into_iter().map(Filling::done).collect()));
        }
        Ok(all)
    };
    let mut done = thread::scope(|scope| {
        // Where no further thread is to be had, the work is done all the same.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, || run(false)).ok();
        let others: Vec<_> = (1..threads).filter_map(spawn).collect();
        let mut all = run(is_long)?;
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, Raised>(all)
    })?;
    done.sort_by_key(|(number, _)| *number);
    let mut by_column: Vec<Vec<Done>> = answers.iter().map(|_| Vec::new()).collect();
    for (_, part) in done {
        by_column.iter_mut().zip(part).for_each(|(column, one)| column.push(one));
    }
    let finish = |(answer, done): (Answer<'_>, Vec<Done>)| answer.finish(done);
    let columns: Result<_, arrow_schema::ArrowError> =
        answers.into_iter().zip(by_column).map(finish).collect();
    columns.map_err(|error| PyTypeError::new_err(error.to_string()).into())
}

/// Raises what a signal's handler has raised, as Ctrl-C does. Only Python's first thread hears of one.
fn interrupted() -> Result<(), Raised> {
    Python::attach(|python| python.check_signals()).map_err(Raised::from)
}
