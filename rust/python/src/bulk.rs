//! Columns of numbers to columns of answers, a block at a time, without a Python object in between.

use crate::fields::{Answer, Answers, Field, GOOD, NONE, assemble, held};
use crate::numbers::Numbers;
use crate::parts_filled::fill;
use crate::raise::Raised;
use crate::texts::Texts;
use crate::times::{Directions, at, fault, faults, integers};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_buffer::NullBuffer;
use dialnexa_deck::money::Exact;
use dialnexa_deck::{
    self as core, Amount, Asked, BLOCK, Block, Direction, Enabled, NumberPlan, Rater, Reason, Record, Slot,
    View, Walk, judge,
};
use pyo3::exceptions::PyTypeError;

/// Everything about a bulk call that is the same for all rows.
pub struct Call<'a> {
    pub view: View<'a>,
    pub texts: &'a Texts,
    pub is_dated: bool,
    /// By which instructions numbers are found.
    pub walk: Walk,
    /// How many threads share the rows.
    pub threads: usize,
    pub fields: Vec<(&'static str, Field)>,
    /// A single field comes back as it is, not in a struct.
    pub alone: bool,
    /// For rows that bring none of their own.
    pub at: Option<i64>,
    pub direction: Option<Direction>,
    /// The groups that take part, where not all do.
    pub enabled: Option<Enabled<'a>>,
    /// By which a number can be none, where one is asked.
    pub number_plan: Option<&'a NumberPlan>,
    /// Rate the rows, with this many ticks in a second of theirs; or only match them.
    pub rater: Option<(&'a Rater, u32)>,
}

/// The columns that rows bring.
pub struct Rows<'a> {
    numbers: Numbers<'a>,
    nulls: Option<NullBuffer>,
    at: Option<&'a PrimitiveArray<Int64Type>>,
    pub ticks: Option<&'a PrimitiveArray<Int64Type>>,
    pub faults: Option<&'a PrimitiveArray<UInt8Type>>,
    directions: Directions<'a>,
}

impl<'a> Rows<'a> {
    /// From a column of numbers, or a struct of `number` and any of `at`, `ticks`, `fault`, `direction`.
    pub fn new(array: &'a ArrayRef, name: &str, call: &Call<'_>) -> Result<Self, Raised> {
        let rows = array.as_struct_opt();
        let column = |name: &str| rows.and_then(|rows| rows.column_by_name(name));
        let numbers = match rows {
            Some(_) => {
                column("number").ok_or_else(|| PyTypeError::new_err("rows without a column 'number'"))?
            }
            None => array,
        };
        let name = if rows.is_some() { "number" } else { name };
        let numbers = Numbers::new(name, numbers)?;
        Ok(Self {
            nulls: numbers.nulls(),
            numbers,
            at: column("at").map(|array| integers("at", array)).transpose()?,
            ticks: column("ticks").map(|array| integers("ticks", array)).transpose()?,
            faults: column("fault").map(faults).transpose()?,
            directions: match column("direction") {
                Some(array) => Directions::new(array)?,
                None => Directions::All(call.direction),
            },
        })
    }
}

impl Rows<'_> {
    /// Whether a row has no number.
    fn is_missing(&self, row: usize) -> bool {
        match &self.nulls {
            Some(nulls) => nulls.is_null(row),
            None => matches!(self.numbers, Numbers::Missing),
        }
    }
}

impl Call<'_> {
    /// The answers for one chunk of rows.
    pub fn answer(&self, array: &ArrayRef, name: &str) -> Result<ArrayRef, Raised> {
        let rows = Rows::new(array, name, self)?;
        let decimals = self.rater.map_or(0, |(rater, _)| rater.semantics().decimals);
        let answer = |(_, field): &(_, Field)| Answer::new(*field, array.len(), self.texts, decimals);
        let columns = self.fields.iter().map(answer).collect::<Result<Vec<_>, _>>()?;
        let columns = fill(columns, array.len(), self.threads, |part, columns| {
            let mut block = Block::of(self.walk);
            let mut answers = Box::<Answers>::default();
            for start in part.clone().step_by(BLOCK) {
                let count = BLOCK.min(part.end - start);
                self.answer_block(&rows, start, count, &mut block, &mut answers)?;
                for column in &mut *columns {
                    column.fill(&block, &answers, count);
                }
            }
            Ok(())
        })?;
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        assemble(&names, columns, array.len(), self.alone)
            .map_err(|error| PyTypeError::new_err(error.to_string()).into())
    }

    fn answer_block(
        &self,
        rows: &Rows<'_>,
        start: usize,
        count: usize,
        block: &mut Block,
        answers: &mut Answers,
    ) -> Result<(), Raised> {
        let wants_text = self.fields.iter().any(|(_, field)| *field == Field::Prefix);
        self.find(rows, start, count, wants_text, block, answers)?;
        if self.rater.is_none() {
            if rows.directions.are_told() {
                for row in 0..count {
                    if rows.directions.is_unknown(start + row) {
                        block.slot[row] = Slot::NONE;
                    }
                }
            }
            if !self.fields.iter().any(|(_, field)| field.needs_terms()) {
                return Ok(());
            }
        }
        self.tariffs(count, block, answers)?;
        match self.rater {
            Some((rater, per_second)) => {
                self.rate_block(rows, start, count, block, answers, rater, per_second)
            }
            None => {
                self.tell_block(rows, start, count, block, answers);
                Ok(())
            }
        }
    }

    /// The slots that numbers lead to; their digits as text too, if they are wanted.
    pub fn find(
        &self,
        rows: &Rows<'_>,
        start: usize,
        count: usize,
        wants_text: bool,
        block: &mut Block,
        answers: &mut Answers,
    ) -> Result<(), Raised> {
        rows.numbers.load(start, count, wants_text, block);
        if let Some(nulls) = rows.nulls.as_ref().filter(|nulls| has_null(nulls, start, count)) {
            for row in (0..count).filter(|row| nulls.is_null(start + row)) {
                block.take_out(row);
            }
        }
        rows.directions.load(start, count, &mut answers.direction);
        let direction = &answers.direction;
        let time = |row: usize| at(rows.at, start + row).or(self.at);
        // Two closures, so that where no entry is dated the directions alone are looked at, as vectors.
        let undated = |row: usize| Asked { at: None, direction: direction[row & (BLOCK - 1)] };
        let dated = |row: usize| Asked { at: time(row), ..undated(row) };
        match (self.enabled, self.is_dated) {
            (None, false) => self.view.find_block(block, count, undated)?,
            (None, true) => self.view.find_block(block, count, dated)?,
            (Some(enabled), false) => self.view.find_enabled_block(block, count, undated, enabled)?,
            (Some(enabled), true) => self.view.find_enabled_block(block, count, dated, enabled)?,
        }
        if self.is_dated {
            for row in 0..count {
                if time(row).is_none() {
                    block.slot[row] = Slot::NONE;
                }
            }
        }
        if let Some(plan) = self.number_plan {
            let told = &mut answers.number;
            told.fill(GOOD);
            self.view.judge_block(plan, block, count, |row, reason| told[row] = reason as u8)?;
        }
        Ok(())
    }

    /// Groups and terms of the slots.
    pub fn tariffs(&self, count: usize, block: &Block, answers: &mut Answers) -> Result<(), Raised> {
        for row in 0..count {
            (answers.group[row], answers.terms[row]) = match block.slot[row] {
                Slot::NONE => (NONE, NONE),
                slot => self.view.tariff(self.view.entry(slot))?,
            };
        }
        Ok(())
    }

    /// Why the number of a row is none, if it is none.
    #[inline(always)]
    pub fn number_fault(
        &self,
        rows: &Rows<'_>,
        start: usize,
        row: usize,
        block: &Block,
        answers: &Answers,
    ) -> Option<Reason> {
        if block.count[row] > 0 {
            return self.number_plan.and_then(|_| Reason::from_number(answers.number[row]));
        }
        let is_null = rows.is_missing(start + row);
        Some(if is_null { Reason::MissingNumber } else { Reason::InvalidNumber })
    }

    #[inline(always)]
    pub fn lacks_time(&self, rows: &Rows<'_>, row: usize) -> bool {
        self.is_dated && at(rows.at, row).or(self.at).is_none()
    }

    #[allow(clippy::too_many_arguments)] // the halves of one loop
    fn rate_block(
        &self,
        rows: &Rows<'_>,
        start: usize,
        count: usize,
        block: &Block,
        answers: &mut Answers,
        rater: &Rater,
        per_second: u32,
    ) -> Result<(), Raised> {
        let is_exact = self.fields.iter().any(|(_, field)| field.needs_exact());
        let left = match is_exact {
            true => list_all(count, answers),
            false => self.rate_plain(rows, start, count, answers, rater, per_second),
        };
        for index in 0..left {
            let row = usize::from(answers.left[index]);
            let terms = Some(answers.terms[row]).filter(|terms| *terms != NONE);
            let record = Record {
                number_fault: self.number_fault(rows, start, row, block, answers),
                fault: fault(rows.faults, start + row),
                ticks: at(rows.ticks, start + row),
                direction: answers.direction[row],
                lacks_time: self.lacks_time(rows, start + row),
            };
            let is_blocked = terms.map(|terms| rater.is_blocked(terms)).transpose()?;
            let time = || at(rows.at, start + row).or(self.at);
            let mut exact = Exact::ZERO;
            let charge = |seconds, direction| {
                let terms = answers.terms[row];
                if is_exact {
                    let call = core::Call { seconds, direction, answered_at: time() };
                    exact = rater.exact(&call, terms)?.unwrap_or(Exact::ZERO);
                }
                rater.charge(seconds, terms, direction, time)
            };
            let outcome = judge(&record, is_blocked, rater.semantics(), per_second, charge);
            answers.reason[row] = outcome.err().map_or(GOOD, |reason| reason as u8);
            let amount = outcome.unwrap_or(Amount::NOTHING);
            answers.billed_s[row] = amount.billed_s;
            answers.charge[row] = amount.charge;
            if is_exact {
                answers.exact[row] = outcome.map_or((0, 0), |_| held(exact));
            }
        }
        Ok(())
    }

    /// Rate what is whole seconds at plain terms; lists the other rows and returns how many they are.
    fn rate_plain(
        &self,
        rows: &Rows<'_>,
        start: usize,
        count: usize,
        answers: &mut Answers,
        rater: &Rater,
        per_second: u32,
    ) -> usize {
        answers.reason.fill(GOOD);
        // A fault or a null somewhere in the column costs the blocks nothing that have none.
        let some = |nulls: Option<&NullBuffer>| nulls.is_some_and(|nulls| has_null(nulls, start, count));
        let faulty = |faults: &PrimitiveArray<UInt8Type>| {
            let none = faults.nulls().is_some_and(|nulls| nulls.slice(start, count).null_count() == count);
            !none
        };
        let seconds = rows
            .ticks
            .filter(|ticks| per_second == 1 && !some(ticks.nulls()) && !rows.faults.is_some_and(faulty))
            .and_then(|ticks| ticks.values().get(start..start + count));
        let mut left = 0;
        for row in 0..count {
            let plain = seconds.zip(answers.direction[row]).and_then(|(seconds, direction)| {
                rater.plain(u64::try_from(seconds[row]).ok()?, answers.terms[row], direction)
            });
            match plain {
                Some(amount) => {
                    answers.billed_s[row] = amount.billed_s;
                    answers.charge[row] = amount.charge;
                }
                None => {
                    answers.left[left] = row as u16;
                    left += 1;
                }
            }
        }
        left
    }

    /// The reasons of rows that are only matched.
    fn tell_block(&self, rows: &Rows<'_>, start: usize, count: usize, block: &Block, answers: &mut Answers) {
        let is_plain = self.number_plan.is_none() && !rows.directions.are_told();
        for row in 0..count {
            let terms = self.texts.shown(answers.terms[row]);
            if is_plain & (block.count[row] > 0) & terms.is_there & !terms.is_blocked {
                answers.reason[row] = GOOD;
                continue;
            }
            let reason = match self.number_fault(rows, start, row, block, answers) {
                Some(fault) => Some(fault),
                None if rows.directions.is_unknown(start + row) => Some(Reason::InvalidDirection),
                None if terms.is_there => terms.is_blocked.then_some(Reason::Blocked),
                None if self.lacks_time(rows, start + row) => Some(Reason::MissingAnsweredAt),
                None => Some(Reason::UnsupportedPrefix),
            };
            answers.reason[row] = reason.map_or(GOOD, |reason| reason as u8);
        }
    }
}

/// Whether some of these rows are null.
#[inline]
fn has_null(nulls: &NullBuffer, start: usize, count: usize) -> bool {
    nulls.null_count() > 0 && nulls.slice(start, count).null_count() > 0
}

/// List all rows as not rated yet, with room for what they come to exactly; returns how many they are.
fn list_all(count: usize, answers: &mut Answers) -> usize {
    answers.exact.resize(BLOCK, (0, 0));
    for (row, left) in answers.left[..count].iter_mut().enumerate() {
        *left = row as u16;
    }
    count
}
