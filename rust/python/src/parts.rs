//! What a charge is made of, for those who explain it.

use crate::found::Match;
use crate::raise::Raised;
use crate::semantics::Semantics;
use crate::times::one_direction;
use dialnexa_deck::{self as core, Call};
use pyo3::prelude::*;

/// Which kind, number of band and tier, first millisecond, length and number of blocks, milliseconds
/// billed, nano-rupees for so many milliseconds, and the amount as a ratio of nano-rupees.
type Part = (&'static str, u32, usize, u64, u64, u64, u64, i64, u64, (i128, i128));

/// The parts of a charge, in the order they are counted in; none where there is no charge.
#[pyfunction]
#[pyo3(signature = (found, ticks, per_second, at, direction, semantics))]
pub fn parts(
    found: &Match,
    ticks: u64,
    per_second: u32,
    at: Option<i64>,
    direction: &str,
    semantics: &Semantics,
) -> PyResult<Vec<Part>> {
    let (terms, schedule) = found.priced()?;
    let seconds = semantics.0.whole_seconds(ticks, per_second);
    let call = Call { seconds, direction: one_direction(direction)?, answered_at: at };
    let mut parts = Vec::new();
    let tell = |part: core::Part<'_>, amount: core::Exact| {
        let amount = (amount.numerator, amount.denominator);
        parts.push(match part {
            core::Part::Blocks(piece) => (
                "blocks",
                piece.band,
                piece.tier,
                piece.at_ms,
                piece.block_ms,
                piece.blocks,
                piece.billed_ms(),
                piece.price.rate,
                piece.price.rate_unit_ms,
                amount,
            ),
            core::Part::ConnectFee(_) => ("connect_fee", 0, 0, 0, 0, 0, 0, 0, 1, amount),
            core::Part::TierFee(band, number, tier) => {
                ("tier_fee", band, number, tier.from_ms, 0, 0, 0, 0, 1, amount)
            }
        });
    };
    semantics.0.charge_in_parts(&call, &terms, schedule.as_ref(), tell).map_err(Raised::from)?;
    Ok(parts)
}
