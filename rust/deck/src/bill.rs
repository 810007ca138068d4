//! Rates and billed seconds to the lines of a call and its charge (R45, R48).
//!
//! The exact total is the sum of all rates times billed seconds over 60, and is rounded once. Lines are
//! reported to nine places by rounding the sum up to each line, half-up, and taking the differences, so
//! that they add up to the total at nine places whatever is dropped of each.

use crate::error::Overflow;
use crate::money::{CHARGE_LIMIT, NANO_PLACES, Reciprocal, Rounding, divide};
use crate::prices::NO_PRICE;

/// Lines of a charge: STT, LLM, TTS, telephony, platform.
pub const LINES: usize = 5;
/// Stands for "no line" and "no rate" in a bill.
pub const NO_LINE: i64 = -1;
const TELEPHONY: usize = 3;
const MINUTE: u64 = 60;

/// What a call comes to. Amounts are nano-rupees; `NO_LINE` where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// After the pulse.
    pub billed_s: u32,
    /// A minute of telephony.
    pub telephony_rate: i64,
    /// To nine places; they add up to the exact total at nine places.
    pub lines: [i64; LINES],
    /// Rounded once from the exact total, in units of the book's last place.
    pub charge: i64,
}

impl Bill {
    /// A call that is not charged for has no lines (R43).
    pub const NOTHING: Self =
        Self { billed_s: 0, telephony_rate: NO_LINE, lines: [NO_LINE; LINES], charge: 0 };
}

/// Places of a charge, prepared.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Sixtieths of a nano-rupee in one of the last place.
    unit: u64,
    by_unit: Reciprocal,
    /// From this last place to the one that charges are reported in.
    scale: i64,
}

impl Places {
    /// So many places, reported as `told` of them; neither above nine, nor the first above the second.
    pub fn new(places: u32, told: u32) -> Option<Self> {
        let unit = MINUTE * 10_u64.pow(NANO_PLACES.checked_sub(places)?);
        Some(Self { unit, by_unit: Reciprocal::new(unit)?, scale: 10_i64.pow(told.saturating_sub(places)) })
    }

    /// The bill at these rates a minute.
    #[inline(always)]
    pub fn bill(&self, rates: &[u64; LINES], billed_s: u32, rounding: Rounding) -> Result<Bill, Overflow> {
        let (lines, charge) = match self.amounts(rates, billed_s, rounding) {
            Some(amounts) => amounts,
            None => self.amounts_any(rates, billed_s, rounding)?,
        };
        let charge = charge.checked_mul(self.scale).ok_or(Overflow)?;
        let telephony_rate = if rates[TELEPHONY] == NO_PRICE { NO_LINE } else { rates[TELEPHONY] as i64 };
        Ok(Bill { billed_s, telephony_rate, lines, charge })
    }

    /// Lines, and the charge in the last place; `None` where 64 bits do not hold the products.
    #[inline(always)]
    fn amounts(
        &self,
        rates: &[u64; LINES],
        billed_s: u32,
        rounding: Rounding,
    ) -> Option<([i64; LINES], i64)> {
        let mut sums = [0_u64; LINES];
        let mut sum = 0_u64;
        for (put, rate) in sums.iter_mut().zip(rates) {
            sum = sum.saturating_add(if *rate == NO_PRICE { 0 } else { *rate });
            *put = sum;
        }
        // The last sum is the largest, so if it fits all do.
        let exact = sum.checked_mul(billed_s.into()).filter(|exact| *exact <= u64::MAX - MINUTE)?;
        let (mut lines, mut before) = ([NO_LINE; LINES], 0);
        for at in 0..LINES {
            let up_to = (sums[at] * u64::from(billed_s) + MINUTE / 2) / MINUTE;
            lines[at] = if rates[at] == NO_PRICE { NO_LINE } else { (up_to - before) as i64 };
            before = up_to;
        }
        Some((lines, self.by_unit.round(exact, self.unit, rounding)? as i64))
    }

    /// The same in 128 bits. What nine places cannot state in eighteen digits is an overflow.
    #[cold]
    fn amounts_any(
        &self,
        rates: &[u64; LINES],
        billed_s: u32,
        rounding: Rounding,
    ) -> Result<([i64; LINES], i64), Overflow> {
        let (mut lines, mut before, mut exact) = ([NO_LINE; LINES], 0_u128, 0_u128);
        for (line, rate) in lines.iter_mut().zip(rates).filter(|(_, rate)| **rate != NO_PRICE) {
            exact += u128::from(*rate) * u128::from(billed_s);
            let up_to = divide(exact, MINUTE.into(), Rounding::HalfUp);
            *line = i64::try_from(up_to - before).map_err(|_| Overflow)?;
            before = up_to;
        }
        let charge = divide(exact, self.unit.into(), rounding);
        let nano = charge * u128::from(self.unit / MINUTE);
        if before.max(nano) >= CHARGE_LIMIT.unsigned_abs() {
            return Err(Overflow);
        }
        Ok((lines, i64::try_from(charge).map_err(|_| Overflow)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate() -> impl Strategy<Value = u64> {
        prop_oneof![Just(NO_PRICE), Just(0), 0..9_000_000_000_u64, 0..1_u64 << 62]
    }

    fn rounding() -> impl Strategy<Value = Rounding> {
        prop_oneof![
            Just(Rounding::HalfUp),
            Just(Rounding::HalfEven),
            Just(Rounding::Up),
            Just(Rounding::Down)
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn r48_narrow_and_wide_arithmetic_agree(
            rates in prop::array::uniform5(rate()),
            billed_s in prop_oneof![0..7200_u32, any::<u32>()],
            rounding in rounding(),
            decimals in 0..=9_u32,
        ) {
            let Some(places) = Places::new(decimals, 9) else { return Err(TestCaseError::fail("no places")) };
            let wide = places.amounts_any(&rates, billed_s, rounding);
            if let Some(narrow) = places.amounts(&rates, billed_s, rounding) {
                prop_assert_eq!(Ok(narrow), wide);
            }
            if let Ok((lines, _)) = wide {
                let exact: u128 = rates
                    .iter()
                    .filter(|rate| **rate != NO_PRICE)
                    .map(|rate| u128::from(*rate) * u128::from(billed_s))
                    .sum();
                let told: i64 = lines.iter().filter(|line| **line != NO_LINE).sum();
                prop_assert_eq!(told as u128, divide(exact, 60, Rounding::HalfUp));
            }
        }
    }
}
