//! A call cut into blocks, each at the price of the tier and the band that it starts in.
//!
//! Blocks of one price that follow one another are one piece: the work grows with the changes of
//! price, never with the seconds.

use crate::clock::{Zone, band_at};
use crate::error::Overflow;
use crate::money::{Exact, NANO_PLACES, Rounding, divide};
use crate::schedule::{Schedule, Tier};
use crate::semantics::{Bands, FreeSeconds, Increments, Minimum, RoundAt, Semantics, Tiers};
use crate::terms::Terms;

/// More changes of price than this within one call are an overflow: seventy years of bands that
/// change three times a day stay below.
const MOST_PIECES: usize = 100_000;

/// The tiers in force at some moment of a call, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Number of the band.
    pub band: u32,
    tiers: &'a [Tier],
    end_ms: u64,
    until_ms: u64,
}

impl<'a> Held<'a> {
    /// Number of the tier at a millisecond, itself, and where it ends; `None` past the last one.
    fn tier(&self, at: u64) -> Option<(usize, &'a Tier, u64)> {
        let next = self.tiers.partition_point(|tier| tier.from_ms <= at);
        let end = self.tiers.get(next).map_or(self.end_ms, |tier| tier.from_ms);
        let last = next.checked_sub(1).filter(|_| at < end)?;
        Some((last, &self.tiers[last], end))
    }
}

/// So many blocks at one price.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Number of the band.
    pub band: u32,
    /// Number of the tier in its band.
    pub tier: usize,
    /// The price.
    pub price: &'a Tier,
    /// Where in the counted time it starts.
    pub at_ms: u64,
    /// The length of a block.
    pub block_ms: u64,
    /// How many of them.
    pub blocks: u64,
    /// What is not billed of them.
    pub free_ms: u64,
}

impl Piece<'_> {
    /// Milliseconds to be paid.
    pub fn billed_ms(&self) -> u64 {
        self.block_ms * self.blocks - self.free_ms
    }
}

/// What the blocks of a call are priced by.
#[derive(Clone, Copy, Debug)]
pub enum Prices<'a> {
    /// One tier, at all times.
    Flat(&'a Tier),
    /// A band that holds for the whole call.
    One(&'a Schedule, u32),
    /// Bands by the clock: that at answer, and the microsecond at which counting starts.
    Timed(&'a Schedule, &'a Zone, u32, i64),
}

impl<'a> Prices<'a> {
    /// Those of a schedule; `None` if it has hours, and the time is not known. The first `free_s`
    /// seconds of the call are not counted.
    pub fn of(
        schedule: &'a Schedule,
        bands: Bands,
        answered_at: Option<i64>,
        free_s: u32,
    ) -> Result<Option<Self>, Overflow> {
        let Some(zone) = schedule.zone.as_deref().filter(|_| schedule.is_timed()) else {
            return Ok(Some(Self::One(schedule, 0)));
        };
        let Some(answered_at) = answered_at else { return Ok(None) };
        let (first, _) = band_at(&schedule.week, zone, answered_at)?;
        Ok(Some(match bands {
            Bands::ByStart => Self::One(schedule, first),
            Bands::Split => {
                let start = answered_at.checked_add(i64::from(free_s) * 1_000_000).ok_or(Overflow)?;
                Self::Timed(schedule, zone, first, start)
            }
        }))
    }

    /// That of the band at answer, if it states one.
    pub fn connect_fee(&self) -> Option<i64> {
        match self {
            Self::Flat(_) => None,
            Self::One(schedule, band) | Self::Timed(schedule, _, band, _) => {
                schedule.bands.get(*band as usize)?.connect_fee
            }
        }
    }

    /// What is in force at a millisecond of the counted time.
    #[inline]
    fn held(&self, at: u64) -> Result<Held<'a>, Overflow> {
        let (schedule, band, until_ms) = match *self {
            Self::Flat(tier) => {
                let tiers = std::slice::from_ref(tier);
                return Ok(Held { band: 0, tiers, end_ms: u64::MAX, until_ms: u64::MAX });
            }
            Self::One(schedule, band) => (schedule, band, u64::MAX),
            Self::Timed(schedule, zone, _, start) => {
                let now = i64::try_from(at * 1000).ok().and_then(|at| start.checked_add(at));
                let (band, until) = band_at(&schedule.week, zone, now.ok_or(Overflow)?)?;
                // A block that starts within the millisecond of the change starts before it.
                (schedule, band, u64::try_from(until.saturating_sub(start)).unwrap_or(0).div_ceil(1000))
            }
        };
        let found = schedule.bands.get(band as usize).ok_or(Overflow)?;
        Ok(Held { band, tiers: &found.tiers, end_ms: found.end_ms.unwrap_or(u64::MAX), until_ms })
    }

    /// The fees of tiers that a call of so many milliseconds goes past while their band is in force.
    pub fn each_fee(
        &self,
        counted: u64,
        mut due: impl FnMut(u32, usize, &'a Tier) -> Result<(), Overflow>,
    ) -> Result<(), Overflow> {
        let (Self::One(schedule, _) | Self::Timed(schedule, ..)) = self else { return Ok(()) };
        for (band, number) in schedule.bands.iter().zip(0..) {
            for (at, tier) in band.tiers.iter().enumerate() {
                if tier.fee > 0 && tier.from_ms < counted && self.held(tier.from_ms)?.band == number {
                    due(number, at, tier)?;
                }
            }
        }
        Ok(())
    }
}

impl Semantics {
    /// Cut the counted time, which is not 0, into pieces; returns the milliseconds billed.
    #[inline]
    pub(crate) fn each_piece<'a>(
        &self,
        counted: u64,
        terms: &Terms,
        prices: &Prices<'a>,
        mut visit: impl FnMut(Piece<'a>) -> Result<(), Overflow>,
    ) -> Result<u64, Overflow> {
        let (initial, next) = terms.increments.unwrap_or(self.pulse);
        let (initial, next) = (u64::from(initial) * 1000, u64::from(next.max(1)) * 1000);
        // Where pieces are rounded, an initial block like the others is one of them.
        let is_apart = self.round_at != RoundAt::Piece || initial != next;
        let mut free = match self.free_seconds {
            FreeSeconds::Deducted => 0,
            FreeSeconds::OnGrid => u64::from(terms.free_s) * 1000,
        };
        let starts = prices.held(0)?.tiers.first().is_some_and(|tier| tier.increment_ms.is_none());
        let minimum = match self.minimum {
            Minimum::BeforeIncrements => 0,
            Minimum::AfterIncrements => u64::from(terms.minimum_s) * 1000,
        };
        let mut until =
            if starts && self.increments == Increments::Modulo { counted.max(initial) } else { counted };
        let (mut at, mut rounded, mut billed) = (0, 0, 0);
        let mut in_blocks = true;
        for _ in 0..MOST_PIECES {
            if at >= until {
                if !in_blocks || rounded >= minimum {
                    return Ok(billed);
                }
                // What the minimum time adds behind the increments is billed as it stands.
                (at, until, in_blocks) = (rounded, minimum, false);
            }
            let held = prices.held(at)?;
            let Some((tier, price, end)) = held.tier(at) else {
                at = held.until_ms;
                continue;
            };
            let stop = until.min(end).min(held.until_ms);
            let (block_ms, blocks) = match price.increment_ms {
                _ if !in_blocks => (stop - at, 1),
                None if at == 0 && is_apart && self.increments == Increments::Anchored => (initial, 1),
                own => {
                    let block = own.unwrap_or(next);
                    (block, (stop - at).div_ceil(block))
                }
            };
            let length = block_ms * blocks;
            let free_ms = free.min(length);
            free -= free_ms;
            rounded += length;
            billed += length - free_ms;
            visit(Piece { band: held.band, tier, price, at_ms: at, block_ms, blocks, free_ms })?;
            at = match self.tiers {
                Tiers::Anchored => at + length,
                Tiers::Volume => stop.min(at + length),
            };
        }
        Err(Overflow)
    }

    /// What a piece costs.
    #[inline]
    pub(crate) fn price(&self, piece: &Piece<'_>) -> Result<Exact, Overflow> {
        let (rate, unit) = (i128::from(piece.price.rate), i128::from(piece.price.rate_unit_ms));
        let billed = piece.billed_ms();
        if self.round_at == RoundAt::Charge {
            return Ok(Exact { numerator: rate * i128::from(billed), denominator: unit });
        }
        let step = 10_i128.pow(NANO_PLACES.saturating_sub(self.increment_decimals));
        let rounded = |length: u64| {
            let by = (unit * step).unsigned_abs();
            let steps = divide((rate * i128::from(length)).unsigned_abs(), by, Rounding::HalfUp);
            i128::try_from(steps).ok()?.checked_mul(step)
        };
        let nano = match self.round_at {
            RoundAt::Charge | RoundAt::Increment => {
                let whole =
                    rounded(piece.block_ms).and_then(|one| one.checked_mul((billed / piece.block_ms).into()));
                let cut = rounded(billed % piece.block_ms);
                whole.zip(cut).and_then(|(whole, cut)| whole.checked_add(cut))
            }
            // One that free seconds begin in counts as one of those among which the piece is shared out.
            RoundAt::Piece => rounded(billed).and_then(|whole| {
                let paid = i128::from(billed.div_ceil(piece.block_ms).max(1));
                let steps = divide((whole / step).unsigned_abs(), paid.unsigned_abs(), Rounding::HalfUp);
                i128::try_from(steps).ok()?.checked_mul(step)?.checked_mul(paid)
            }),
        };
        Ok(Exact { numerator: nano.ok_or(Overflow)?, denominator: 1 })
    }
}
