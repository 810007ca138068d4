//! The hours of the week in a time zone whose offsets are given, so that an answer is one for ever (R50).

use crate::error::Overflow;

/// Seconds of a week; a week begins on Monday at midnight.
pub const WEEK: i64 = 7 * 86_400;
/// 1970-01-01 was a Thursday.
const EPOCH: i64 = 3 * 86_400;
const MICROS: i64 = 1_000_000;

/// The offsets of a zone from UTC, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone {
    /// Before the first change.
    pub first: i64,
    /// Seconds since 1970 UTC, ascending, and the offset from then on.
    pub changes: Vec<(i64, i64)>,
}

impl Zone {
    /// The zone as numbers.
    pub fn words(&self) -> Vec<i64> {
        let changes = self.changes.iter().flat_map(|(at, offset)| [*at, *offset]);
        std::iter::once(self.first).chain(changes).collect()
    }

    /// The zone of numbers; `None` if they are none.
    pub fn from_words(words: &[i64]) -> Option<Self> {
        let (first, rest) = words.split_first()?;
        let (pairs, []) = rest.as_chunks::<2>() else { return None };
        let changes: Vec<(i64, i64)> = pairs.iter().map(|[at, offset]| (*at, *offset)).collect();
        // Offsets stay within a day.
        let bounds = 1 - 86_400..86_400;
        let good = bounds.contains(first)
            && changes.iter().all(|(_, offset)| bounds.contains(offset))
            && changes.is_sorted_by(|a, b| a.0 < b.0);
        good.then_some(Self { first: *first, changes })
    }

    /// The offset at a second, and the second at which it changes.
    fn offset(&self, second: i64) -> (i64, i64) {
        let next = self.changes.partition_point(|(at, _)| *at <= second);
        let offset = next.checked_sub(1).map_or(self.first, |last| self.changes[last].1);
        (offset, self.changes.get(next).map_or(i64::MAX, |(at, _)| *at))
    }
}

/// Which band is in force from which second of the week on: ascending, the first at 0, no band twice
/// in a row.
pub type Week = [(u32, u32)];

/// The band in force at a time in microseconds since 1970, and the time at which another one is.
pub fn band_at(week: &Week, zone: &Zone, at: i64) -> Result<(u32, i64), Overflow> {
    let mut second = at.div_euclid(MICROS);
    let mut held = None;
    loop {
        let (offset, change) = zone.offset(second);
        let of_week = (second + offset + EPOCH).rem_euclid(WEEK);
        let next = week.partition_point(|(from, _)| i64::from(*from) <= of_week);
        let band = next.checked_sub(1).map_or(0, |last| week[last].1);
        if week.len() == 1 {
            return Ok((band, i64::MAX));
        }
        if *held.get_or_insert(band) != band {
            return Ok((held.unwrap_or(band), second.checked_mul(MICROS).ok_or(Overflow)?));
        }
        let until = week.get(next).map_or(WEEK, |(from, _)| i64::from(*from));
        second = change.min(second + until - of_week);
    }
}
