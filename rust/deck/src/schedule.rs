//! Prices that change inside a call, or with the hour of the week, in place of a flat outbound rate.
//!
//! A schedule is bands of hours, each with tiers of seconds. In a deck it is a list of numbers; which
//! meaning its tiers and bands have is chosen when a call is rated. Times are whole milliseconds.

use crate::clock::{WEEK, Zone};
use crate::money::Nano;
use std::sync::Arc;

/// Bounds of a tier: its first second lies within 2^31 s, its unit and increments within a day.
const LAST_MS: i64 = (1 << 31) * 1000;
const DAY_MS: i64 = 86_400_000;
/// Stands for "none" among the numbers.
const NONE: i64 = -1;

/// A price from some millisecond of a call on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tier {
    /// First millisecond.
    pub from_ms: u64,
    /// Per `rate_unit_ms`.
    pub rate: Nano,
    /// Not 0.
    pub rate_unit_ms: u64,
    /// Not 0; `None` = the increments of the row, or the plan's pulse.
    pub increment_ms: Option<u64>,
    /// Due once the call goes past `from_ms`.
    pub fee: Nano,
}

/// The tiers of some hours of the week.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// Due if the call is answered in these hours; `None` = the connect fee of the row.
    pub connect_fee: Option<Nano>,
    /// Where the last tier ends; what is past it is free.
    pub end_ms: Option<u64>,
    /// Ascending, the first from 0.
    pub tiers: Vec<Tier>,
}

/// Bands, and the hours at which each holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schedule {
    /// See `clock::Week`.
    pub week: Vec<(u32, u32)>,
    /// At least one.
    pub bands: Vec<Band>,
    /// The zone of the hours; `None` = there is one band, which holds always.
    pub zone: Option<Arc<Zone>>,
    /// The same in words, to be shown again; no price depends on it.
    pub text: String,
}

impl Schedule {
    /// Whether the answer time decides about the price.
    pub fn is_timed(&self) -> bool {
        self.week.len() > 1
    }

    /// The schedule as numbers, but for its zone and text.
    pub fn words(&self) -> Vec<i64> {
        let optional = |value: Option<u64>| value.map_or(NONE, |value| value as i64);
        let mut words = vec![self.week.len() as i64];
        words.extend(self.week.iter().flat_map(|(from, band)| [i64::from(*from), i64::from(*band)]));
        for band in &self.bands {
            let fee = band.connect_fee.unwrap_or(NONE);
            words.extend([fee, optional(band.end_ms), band.tiers.len() as i64]);
            words.extend(band.tiers.iter().flat_map(|tier| {
                let increment = optional(tier.increment_ms);
                [tier.from_ms as i64, tier.rate, tier.rate_unit_ms as i64, increment, tier.fee]
            }));
        }
        words
    }

    /// The schedule of numbers; `None` if they state what no schedule can.
    pub fn from_words(words: &[i64], zone: Option<Arc<Zone>>, text: &str) -> Option<Self> {
        let mut words = Words(words);
        let changes = words.next(1, WEEK)?;
        let week = (0..changes).map(|_| Some((words.next(0, WEEK - 1)? as u32, words.next(0, WEEK)? as u32)));
        let week: Vec<(u32, u32)> = week.collect::<Option<_>>()?;
        let mut bands = Vec::new();
        while !words.0.is_empty() {
            bands.push(words.band()?);
        }
        let ordered = week.first()?.0 == 0 && week.is_sorted_by(|a, b| a.0 < b.0 && a.1 != b.1);
        let known = week.iter().all(|(_, band)| (*band as usize) < bands.len());
        let made = Self { week, bands, zone, text: text.to_owned() };
        (ordered && known && (made.zone.is_some() || !made.is_timed())).then_some(made)
    }
}

/// Numbers still to be read.
struct Words<'a>(&'a [i64]);

impl Words<'_> {
    fn next(&mut self, least: i64, most: i64) -> Option<i64> {
        let (word, rest) = self.0.split_first()?;
        self.0 = rest;
        (least..=most).contains(word).then_some(*word)
    }

    fn optional(&mut self, most: i64) -> Option<Option<u64>> {
        let word = self.next(NONE, most)?;
        (word != 0).then(|| u64::try_from(word).ok())
    }

    fn band(&mut self) -> Option<Band> {
        let fee = self.next(NONE, Nano::MAX)?;
        let end_ms = self.optional(LAST_MS)?;
        let count = self.next(1, LAST_MS)?;
        let tiers: Vec<Tier> = (0..count).map(|_| self.tier()).collect::<Option<_>>()?;
        let last = tiers.last()?.from_ms;
        let good = tiers.first()?.from_ms == 0
            && tiers.is_sorted_by(|a, b| a.from_ms < b.from_ms)
            && end_ms.is_none_or(|end| end > last);
        good.then_some(Band { connect_fee: Some(fee).filter(|fee| *fee != NONE), end_ms, tiers })
    }

    fn tier(&mut self) -> Option<Tier> {
        Some(Tier {
            from_ms: self.next(0, LAST_MS)? as u64,
            rate: self.next(0, Nano::MAX)?,
            rate_unit_ms: self.next(1, DAY_MS)? as u64,
            increment_ms: self.optional(DAY_MS)?,
            fee: self.next(0, Nano::MAX)?,
        })
    }
}
