//! Billing plans prepared for a deck, and frames of records rated by them.

use crate::bulk::{Call, Rows};
use crate::column::{Column, chunks};
use crate::deck::Deck;
use crate::fields::{Answers, GOOD, NONE};
use crate::handle::Handle;
use crate::number_plan::NumberPlan;
use crate::parts_filled::fill;
use crate::plan_rows::{Amounts, PlanRows, columns, fill_columns, one_kind, one_path, side_by_side};
use crate::raise::Raised;
use crate::semantics::{part_second, rounding};
use crate::times::{at, fault, one_direction};
use crate::words::Known;
use arrow_array::{Array, ArrayRef};
use dialnexa_deck::bill::Bill;
use dialnexa_deck::plan::{AgentKind, Book, GroupPrice, Path, Plan, Telephony};
use dialnexa_deck::prices::{Factor, NO_PRICE, wanted};
use dialnexa_deck::{BLOCK, Block, Reason, Record, Slot, Walk};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;
use std::sync::Arc;

/// A plan as Python states it; amounts are nano-rupees a minute.
#[derive(FromPyObject)]
struct Stated {
    #[pyo3(item)]
    id: String,
    #[pyo3(item)]
    components: [Option<u64>; 4],
    /// Number of a plan before it that has the same telephony prices.
    #[pyo3(item)]
    like: Option<u32>,
    #[pyo3(item)]
    prices: Option<Vec<GroupPrice>>,
    #[pyo3(item)]
    factor: Option<(u64, u64)>,
    #[pyo3(item)]
    sip: Option<(u64, u64)>,
    #[pyo3(item)]
    pulse: (u32, u32),
    #[pyo3(item)]
    part_second: String,
    #[pyo3(item)]
    rounding: String,
    #[pyo3(item)]
    decimals: u32,
    #[pyo3(item)]
    voicemail_is_free: bool,
}

impl Stated {
    fn plan(self) -> PyResult<Plan> {
        let telephony = match (self.like, self.prices, self.factor) {
            (Some(plan), ..) => Telephony::Like(plan),
            (_, Some(prices), _) => Telephony::Listed(prices),
            (_, _, Some((numerator, denominator))) => Telephony::Marked(Factor { numerator, denominator }),
            _ => Telephony::NotPriced,
        };
        Ok(Plan {
            components: self.components,
            telephony,
            sip: self.sip.map(|(outbound, inbound)| [outbound, inbound]),
            pulse: self.pulse,
            part_second: part_second(&self.part_second)?,
            rounding: rounding(&self.rounding)?,
            decimals: self.decimals,
            voicemail_is_free: self.voicemail_is_free,
        })
    }
}

/// The plan of a record, or why it has none, and the price of its number's group.
type Asked = (Result<u32, Reason>, u64);

/// What one call for a column needs besides the book.
struct Rating<'a> {
    plans: &'a Plans,
    call: Call<'a>,
    kind: AgentKind,
    path: Path,
    per_second: u32,
}

/// Plans of one or many workspaces, prepared for a deck.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
pub struct Plans {
    handle: Arc<Handle>,
    book: Book,
    numbers: Known<u32>,
    workspaces: Known<Option<u32>>,
}

#[pymethods]
impl Plans {
    /// Prepare plans for a deck; each workspace has the id of its plan.
    #[new]
    fn new(
        deck: &Deck,
        plans: &Bound<'_, PyAny>,
        workspaces: Vec<(String, Option<String>)>,
    ) -> PyResult<Self> {
        let mut numbers = Known::<u32>::default();
        let stated = plans.try_iter()?.map(|plan| {
            let plan: Stated = plan?.extract()?;
            let number = numbers.len() as u32;
            if numbers.insert(&plan.id, number).is_some() {
                let text = format!("two plans have the id {:?}; name them apart", plan.id);
                return Err(PyValueError::new_err(text).into());
            }
            Ok(plan.plan()?)
        });
        let handle = deck.handle.clone();
        let book = Book::new::<Raised>(&handle.deck.view(), stated)?;
        let mut known = Known::default();
        for (id, plan) in workspaces {
            known.insert(&id, plan.and_then(|plan| numbers.get(plan.as_bytes())));
        }
        Ok(Self { handle, book, numbers, workspaces: known })
    }

    /// Rate a column of structs of `number`, `ticks` and any of `at`, `direction`, `fault`, `plan`,
    /// `workspace`, `agent_kind`, `path`, `voicemail`.
    #[pyo3(signature = (records, *, name, per_second, direction, agent_kind, path, number_plan=None, threads=1))]
    #[allow(clippy::too_many_arguments)] // keyword only
    fn rate_column(
        &self,
        py: Python<'_>,
        records: AnyArray,
        name: &str,
        per_second: u32,
        direction: Option<&str>,
        agent_kind: &str,
        path: &str,
        number_plan: Option<&Bound<'_, NumberPlan>>,
        threads: usize,
    ) -> PyResult<Column> {
        let rating = Rating {
            plans: self,
            call: Call {
                view: self.handle.view()?,
                texts: self.handle.texts()?,
                walk: Walk::default(),
                threads: threads.max(1),
                is_dated: self.handle.deck.is_dated(),
                fields: Vec::new(),
                alone: false,
                at: None,
                direction: direction.map(one_direction).transpose()?,
                enabled: None,
                number_plan: number_plan.map(|plan| &plan.get().0),
                rater: None,
            },
            kind: one_kind(agent_kind)?,
            path: one_path(path)?,
            per_second,
        };
        let (arrays, _) = chunks(records)?;
        let answers = py.detach(|| {
            arrays.iter().map(|array| rating.answer(array, name)).collect::<Result<Vec<_>, Raised>>()
        })?;
        Ok(Column::new(name, answers))
    }

    /// Places of charges: the most that a plan has.
    #[getter]
    fn decimals(&self) -> u32 {
        self.book.decimals()
    }

    /// Bytes of telephony prices in memory.
    #[getter]
    fn size(&self) -> usize {
        self.book.size()
    }
}

impl Rating<'_> {
    /// The bills of one chunk of records.
    fn answer(&self, array: &ArrayRef, name: &str) -> Result<ArrayRef, Raised> {
        let rows = Rows::new(array, name, &self.call)?;
        let plan_rows = PlanRows::new(array, self.kind, self.path)?;
        let columns = columns(array.len(), self.call.texts, self.plans.book.decimals())?;
        let columns = fill(columns, array.len(), self.call.threads, |part, columns| {
            let mut block = Block::of(self.call.walk);
            let mut answers = Box::<Answers>::default();
            let mut amounts = Box::<Amounts>::default();
            let mut asked = Box::new([(Err(Reason::UnknownPlan), NO_PRICE); BLOCK]);
            for start in part.clone().step_by(BLOCK) {
                let count = BLOCK.min(part.end - start);
                self.call.find(&rows, start, count, true, &mut block, &mut answers)?;
                for row in 0..count {
                    // R34: a web call has no number, whatever stands there.
                    if plan_rows.path(start + row) == Some(Path::WebRtc) {
                        block.slot[row] = Slot::NONE;
                    }
                }
                self.call.tariffs(count, &block, &mut answers)?;
                self.ask(&plan_rows, start, count, &answers, &mut asked);
                for row in 0..count {
                    self.rate(&rows, &plan_rows, &asked, start, row, &block, &mut answers, &mut amounts);
                }
                fill_columns(columns, &block, &answers, &amounts, count);
            }
            Ok(())
        })?;
        side_by_side(columns, array.len()).map_err(|error| PyTypeError::new_err(error.to_string()).into())
    }

    /// Plans and prices of a block.
    fn ask(
        &self,
        plan_rows: &PlanRows<'_>,
        start: usize,
        count: usize,
        answers: &Answers,
        asked: &mut [Asked; BLOCK],
    ) {
        let Plans { book, numbers, workspaces, .. } = self.plans;
        for (row, (plan, _)) in asked[..count].iter_mut().enumerate() {
            *plan = plan_rows.plan(start + row, numbers, workspaces);
        }
        let mut cells = [usize::MAX; BLOCK];
        for (row, (cell, (plan, _))) in cells.iter_mut().zip(&asked[..count]).enumerate() {
            // Neither a fault of the plan nor no terms is a number that leads to a cell.
            *cell = book.cell(plan.unwrap_or(u32::MAX), answers.group[row], answers.terms[row]);
        }
        let mut pairs = [u32::MAX; BLOCK];
        for (pair, cell) in pairs.iter_mut().zip(&cells[..count]) {
            *pair = book.pair(*cell);
        }
        for (row, (pair, (_, price))) in pairs.iter().zip(&mut asked[..count]).enumerate() {
            *price = answers.direction[row].map_or(NO_PRICE, |direction| book.price(*pair, direction));
        }
    }

    #[allow(clippy::too_many_arguments)] // the inside of one loop
    #[inline(always)]
    fn rate(
        &self,
        rows: &Rows<'_>,
        plan_rows: &PlanRows<'_>,
        asked: &[Asked; BLOCK],
        start: usize,
        row: usize,
        block: &Block,
        answers: &mut Answers,
        amounts: &mut Amounts,
    ) {
        let place = start + row;
        let terms = answers.terms[row];
        let outcome = self.plans.book.rate(&dialnexa_deck::plan::Call {
            record: Record {
                number_fault: self.call.number_fault(rows, start, row, block, answers),
                fault: fault(rows.faults, place),
                ticks: at(rows.ticks, place),
                direction: answers.direction[row],
                lacks_time: self.call.lacks_time(rows, place),
            },
            per_second: self.per_second,
            plan: asked[row].0,
            kind: plan_rows.kind(place),
            path: plan_rows.path(place),
            is_voicemail: plan_rows.is_voicemail(place),
            terms: (terms != NONE).then_some(terms),
            price: asked[row].1,
        });
        answers.reason[row] = outcome.as_ref().err().map_or(GOOD, |reason| *reason as u8);
        answers.billed_s[row] = outcome.as_ref().map_or(0, |bill: &Bill| bill.billed_s);
        amounts.put(row, outcome.as_ref().ok());
    }
}

/// A group as plans name it; for outbound and inbound each: calls can be priced by it, and some of
/// its prefixes have no rate of their own.
type Priced = (String, String, [bool; 2], [bool; 2]);

/// The groups of a deck, as a plan can price them.
#[pyfunction]
pub fn priced_groups(deck: &Deck) -> PyResult<Vec<Priced>> {
    let groups = wanted(&deck.handle.deck.view()).map_err(Raised::from)?;
    let told = groups.into_iter().map(|group| {
        (group.country_iso.to_owned(), group.network_group.to_owned(), group.answers, group.unrated)
    });
    Ok(told.collect())
}
