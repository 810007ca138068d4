//! The columns of an answer, and how a block of lookups fills them.

pub use crate::field::{Field, MATCH, RATED, named};

use crate::places::{self, Places};
use crate::raise::Raised;
use crate::room::Room;
use crate::texts::Texts;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, Int64Array, StringViewArray, StructArray, UInt32Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{Field as ArrowField, Fields};
use dialnexa_deck::money::{Exact, NANO_PLACES};
use dialnexa_deck::string_views::Buffers;
use dialnexa_deck::{BLOCK, Block, Coding, Direction, Slot};
use std::sync::Arc;

/// Digits of every amount column: what 64 bits hold.
pub const PRECISION: u8 = 18;
/// Digits of exact numerators: what a decimal of 128 bits holds.
const EXACT_PRECISION: u8 = 38;
/// Stands for "no group", "no terms".
pub const NONE: u32 = u32::MAX;
/// Stands for "no reason".
pub const GOOD: u8 = u8::MAX;

/// What a block of lookups came to, besides the slots in the block itself.
pub struct Answers {
    pub group: [u32; BLOCK],
    pub terms: [u32; BLOCK],
    pub direction: [Option<Direction>; BLOCK],
    /// Number of the reason why a number can be none, or `GOOD`; kept up only where a plan is asked.
    pub number: [u8; BLOCK],
    pub billed_s: [u32; BLOCK],
    pub charge: [i64; BLOCK],
    /// Nano-rupees as numerator and denominator, which is 0 where they do not fit; empty unless asked for.
    pub exact: Vec<(i128, i64)>,
    /// Number of the reason, or `GOOD`.
    pub reason: [u8; BLOCK],
    /// Rows that are not rated yet.
    pub left: [u16; BLOCK],
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            group: [NONE; BLOCK],
            terms: [NONE; BLOCK],
            direction: [None; BLOCK],
            number: [GOOD; BLOCK],
            billed_s: [0; BLOCK],
            charge: [0; BLOCK],
            exact: Vec::new(),
            reason: [GOOD; BLOCK],
            left: [0; BLOCK],
        }
    }
}

enum Values {
    Numbers(Room<u32>),
    Counts(Room<i64>),
    Texts(Room<u128>),
    Amounts(Room<i128>, u32),
    Flags(Room<u64>),
}

/// A column of answers: memory for all of its rows, which parts of it fill.
pub struct Answer<'a> {
    field: Field,
    rows: usize,
    texts: &'a Texts,
    values: Values,
    valid: Room<u64>,
}

enum Part<'a> {
    Numbers(Places<'a, u32>),
    Counts(Places<'a, i64>),
    Texts(Places<'a, u128>),
    Amounts(Places<'a, i128>),
    Flags(Places<'a, u64>),
}

/// A part of a column while it is being filled.
pub struct Filling<'a> {
    field: Field,
    texts: &'a Texts,
    values: Part<'a>,
    /// Prefixes of more digits than fit a view.
    long: Buffers,
    valid: Places<'a, u64>,
    nulls: usize,
}

/// What is to be known of a part that was filled.
pub struct Done {
    long: Vec<Vec<u8>>,
    nulls: usize,
    /// Words of its bitmap, if that and its values were filled to the end.
    words: usize,
}

impl<'a> Answer<'a> {
    pub fn new(field: Field, rows: usize, texts: &'a Texts, decimals: u32) -> Result<Self, Raised> {
        let values = match field {
            Field::Entry | Field::Group => Values::Numbers(Room::new(rows)?),
            Field::OutboundRate | Field::InboundRate | Field::Rate => {
                Values::Amounts(Room::new(rows)?, NANO_PLACES)
            }
            Field::Charge | Field::Amount => Values::Amounts(Room::new(rows)?, decimals),
            // Signed, as every store and engine has them.
            Field::RateUnit | Field::BilledSeconds | Field::ChargeUnits | Field::ExactDenominator => {
                Values::Counts(Room::new(rows)?)
            }
            Field::ExactNumerator => Values::Amounts(Room::new(rows)?, 0),
            Field::Blocked => Values::Flags(Room::new(rows.div_ceil(64))?),
            _ => Values::Texts(Room::new(rows)?),
        };
        Ok(Self { field, rows, texts, values, valid: Room::new(rows.div_ceil(64))? })
    }

    /// The column in parts of so many rows, a multiple of 64.
    pub fn parts(&mut self, size: usize) -> Vec<Filling<'_>> {
        let (field, texts) = (self.field, self.texts);
        let values: Vec<Part<'_>> = match &mut self.values {
            Values::Numbers(values) => places::parts(values, size).map(Part::Numbers).collect(),
            Values::Counts(values) => places::parts(values, size).map(Part::Counts).collect(),
            Values::Texts(values) => places::parts(values, size).map(Part::Texts).collect(),
            Values::Amounts(values, _) => places::parts(values, size).map(Part::Amounts).collect(),
            Values::Flags(values) => places::parts(values, size / 64).map(Part::Flags).collect(),
        };
        let valid = places::parts(&mut self.valid, size / 64);
        let parts = values.into_iter().zip(valid).enumerate();
        parts
            .map(|(number, (values, valid))| Filling {
                field,
                texts,
                values,
                // Only a part that is alone is long enough for more than one buffer.
                long: Buffers::from_number(number),
                valid,
                nulls: 0,
            })
            .collect()
    }
}

impl Filling<'_> {
    /// The end of the filling.
    pub fn done(self) -> Done {
        let is_full = match &self.values {
            Part::Numbers(values) => values.is_full(),
            Part::Counts(values) => values.is_full(),
            Part::Texts(values) => values.is_full(),
            Part::Amounts(values) => values.is_full(),
            Part::Flags(values) => values.is_full(),
        };
        let words = if is_full && self.valid.is_full() { self.valid.filled() } else { 0 };
        Done { long: self.long.finish(), nulls: self.nulls, words }
    }

    /// Take the first `rows` answers of a block; blocks but the last of a column are full.
    pub fn fill(&mut self, block: &Block, answers: &Answers, rows: usize) {
        let texts = self.texts;
        let group = |word: usize| move |at: usize| texts.group(answers.group[at], word);
        let shown = |at: usize| texts.shown(answers.terms[at]);
        let matched = |at: usize| block.slot[at] != Slot::NONE;
        let good = |at: usize| answers.reason[at] == GOOD;
        match (&mut self.values, self.field) {
            (Part::Numbers(values), Field::Entry) => {
                let slots = block.slot[..rows].iter();
                // The coding is chosen once: asked at each slot, the loop would be no vector code.
                match texts.coding {
                    Coding::Usual => values.extend(slots.map(|slot| Coding::Usual.entry(*slot))),
                    many => values.extend(slots.map(|slot| many.entry(*slot))),
                }
                self.keep(rows, matched);
            }
            (Part::Numbers(values), _) => {
                values.extend(answers.group[..rows].iter().copied());
                self.keep(rows, matched);
            }
            (Part::Counts(values), Field::RateUnit) => {
                values.extend((0..rows).map(|at| i64::from(shown(at).rate_unit_s)));
                self.keep(rows, matched);
            }
            (Part::Counts(values), Field::ChargeUnits) => {
                values.extend(answers.charge[..rows].iter().copied());
                self.keep(rows, good);
            }
            (Part::Counts(values), Field::ExactDenominator) => {
                values.extend(answers.exact[..rows].iter().map(|(_, denominator)| *denominator));
                self.keep(rows, |at| answers.exact[at].1 > 0);
            }
            (Part::Counts(values), _) => {
                values.extend(answers.billed_s[..rows].iter().map(|seconds| i64::from(*seconds)));
                self.keep(rows, good);
            }
            (Part::Amounts(values), Field::ExactNumerator) => {
                values.extend(answers.exact[..rows].iter().map(|(numerator, _)| *numerator));
                self.keep(rows, |at| answers.exact[at].1 > 0);
            }
            (Part::Amounts(values), Field::Charge) => {
                values.extend(answers.charge[..rows].iter().map(|charge| i128::from(*charge)));
                self.keep(rows, good);
            }
            (Part::Amounts(values), Field::Rate) => {
                let rate = |at: usize| {
                    i128::from(answers.direction[at].map_or(-1, |way| shown(at).rates[way as usize]))
                };
                let all = values.extend_judged((0..rows).map(rate), |rate| rate >= 0);
                self.keep_judged(rows, all, |at| rate(at) >= 0);
            }
            (Part::Amounts(values), field) => {
                let way = if field == Field::OutboundRate { Direction::Outbound } else { Direction::Inbound };
                let rate = |at: usize| i128::from(shown(at).rates[way as usize]);
                let all = values.extend_judged((0..rows).map(rate), |rate| rate >= 0);
                self.keep_judged(rows, all, |at| rate(at) >= 0);
            }
            (Part::Flags(values), _) => {
                values.extend(bits(rows, |at| shown(at).is_blocked));
                self.keep(rows, matched);
            }
            (Part::Texts(values), Field::Prefix) => {
                let long = &mut self.long;
                values
                    .extend((0..rows).map(|at| prefix(block, texts.coding.digits(block.slot[at]), at, long)));
                self.keep(rows, matched);
            }
            (Part::Texts(values), Field::Reason) => {
                let reason = |at: usize| texts.reasons.get(usize::from(answers.reason[at])).copied();
                values.extend((0..rows).map(|at| reason(at).unwrap_or(0)));
                self.keep(rows, |at| !good(at));
            }
            (Part::Texts(values), field) => {
                let word = match field {
                    Field::NetworkGroup => 0,
                    Field::CountryIso => 1,
                    _ => 2,
                };
                // A deck may name no country: an empty text is no value.
                let all = values.extend_judged((0..rows).map(group(word)), |view| view != 0);
                self.keep_judged(rows, all, move |at| group(word)(at) != 0);
            }
        }
    }

    /// Take the next amounts, of which negative ones stand for none.
    pub fn fill_amounts(&mut self, amounts: &[i64]) {
        if let Part::Amounts(values) = &mut self.values {
            let all =
                values.extend_judged(amounts.iter().map(|amount| i128::from(*amount)), |amount| amount >= 0);
            self.keep_judged(amounts.len(), all, |at| amounts[at] >= 0);
        }
    }

    /// Note which of the next values are there.
    #[inline(always)]
    fn keep(&mut self, rows: usize, valid: impl Fn(usize) -> bool) {
        let all = (0..rows).fold(true, |all, at| all & valid(at));
        self.keep_judged(rows, all, valid);
    }

    /// The same where it is known whether all are: mostly they are, and that is cheaper than to gather bits.
    #[inline(always)]
    fn keep_judged(&mut self, rows: usize, all: bool, valid: impl Fn(usize) -> bool) {
        if all {
            self.valid.extend((0..rows.div_ceil(64)).map(|_| u64::MAX));
            return;
        }
        let mut set = 0;
        self.valid.extend(bits(rows, valid).inspect(|word| set += word.count_ones() as usize));
        self.nulls += rows - set;
    }
}

impl Answer<'_> {
    /// The finished column, all parts of which were filled.
    pub fn finish(self, done: Vec<Done>) -> Result<ArrayRef, arrow_schema::ArrowError> {
        let (rows, words) = (self.rows, self.rows.div_ceil(64));
        let nulls: usize = done.iter().map(|part| part.nulls).sum();
        if done.iter().map(|part| part.words).sum::<usize>() != words {
            return Err(arrow_schema::ArrowError::ComputeError("a column was not filled".to_owned()));
        }
        // SAFETY: the parts are of as many rows as the words of their bitmaps are for; all words were written,
        // by parts that wrote all of their values too. Every view was made by `string_view` or `prefix` of
        // text that is valid UTF-8 and lies in the buffer and at the offset given, or in the view itself.
        unsafe {
            let valid = self.valid.finish();
            let nulls = (nulls > 0).then(|| NullBuffer::new(BooleanBuffer::new(valid, 0, rows)));
            Ok(match self.values {
                Values::Numbers(room) => {
                    Arc::new(UInt32Array::new(ScalarBuffer::new(room.finish(), 0, rows), nulls))
                }
                Values::Counts(room) => {
                    Arc::new(Int64Array::new(ScalarBuffer::new(room.finish(), 0, rows), nulls))
                }
                Values::Amounts(room, scale) => {
                    let array = Decimal128Array::new(ScalarBuffer::new(room.finish(), 0, rows), nulls);
                    let precision = if self.field.needs_exact() { EXACT_PRECISION } else { PRECISION };
                    Arc::new(array.with_precision_and_scale(precision, scale as i8)?)
                }
                Values::Flags(room) => {
                    Arc::new(BooleanArray::new(BooleanBuffer::new(room.finish(), 0, rows), nulls))
                }
                Values::Texts(room) => {
                    let buffers: Vec<Buffer> = if self.field == Field::Prefix {
                        done.into_iter().flat_map(|part| part.long).map(Buffer::from_vec).collect()
                    } else {
                        vec![self.texts.buffer.clone()]
                    };
                    let views = ScalarBuffer::new(room.finish(), 0, rows);
                    Arc::new(StringViewArray::new_unchecked(views, buffers, nulls))
                }
            })
        }
    }
}

/// An exact amount as columns hold it; the denominator is 0 where they do not.
pub fn held(exact: Exact) -> (i128, i64) {
    let denominator = i64::try_from(exact.denominator).ok();
    let fits = exact.numerator < 10_i128.pow(EXACT_PRECISION.into());
    denominator.filter(|_| fits).map_or((0, 0), |denominator| (exact.numerator, denominator))
}

/// One bit a row, 64 in a word.
#[inline(always)]
fn bits(rows: usize, set: impl Fn(usize) -> bool) -> impl ExactSizeIterator<Item = u64> {
    (0..rows.div_ceil(64)).map(move |word| {
        let from = word * 64;
        (from..rows.min(from + 64)).fold(0, |bits, at| bits | u64::from(set(at)) << (at - from))
    })
}

/// The view of the matched digits of a number.
#[inline(always)]
fn prefix(block: &Block, digits: u32, at: usize, long: &mut Buffers) -> u128 {
    let [low, high] = block.text[at];
    let text = u128::from(low) | u128::from(high) << 64;
    let kept = text & ((1_u128 << (8 * digits)) - 1);
    if digits <= 12 {
        return kept << 32 | u128::from(digits);
    }
    long.push(&kept.to_le_bytes()[..digits as usize])
}

/// Columns side by side; a single one stays by itself.
pub fn assemble(
    names: &[&str],
    mut columns: Vec<ArrayRef>,
    rows: usize,
    alone: bool,
) -> Result<ArrayRef, arrow_schema::ArrowError> {
    if alone && columns.len() == 1 {
        return Ok(columns.remove(0));
    }
    let fields: Fields = names
        .iter()
        .zip(&columns)
        .map(|(name, column)| ArrowField::new(*name, column.data_type().clone(), true))
        .collect();
    Ok(Arc::new(StructArray::try_new_with_length(fields, columns, None, rows)?))
}
