//! Nano-rupees, and the one rounding of the project (R48).

use crate::error::Overflow;

/// Billionths of a rupee.
pub type Nano = i64;

/// Fractional digits of a nano-rupee.
pub const NANO_PLACES: u32 = 9;

/// Charges stay below 10^18 of their last place, so that they fit eighteen decimal digits.
pub const CHARGE_LIMIT: i128 = 1_000_000_000_000_000_000;

/// How the part beyond the last place is treated. Charges are never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// A half goes up.
    #[default]
    HalfUp,
    /// A half goes to the even neighbour.
    HalfEven,
    /// Any rest goes up.
    Up,
    /// Any rest is dropped.
    Down,
}

/// `numerator / denominator`, rounded once. Neither is negative, the denominator is not 0.
pub fn divide(numerator: u128, denominator: u128, rounding: Rounding) -> u128 {
    let (quotient, rest) = (numerator / denominator, numerator % denominator);
    let over = denominator - rest;
    let is_lifted = match rounding {
        Rounding::HalfUp => rest >= over,
        Rounding::HalfEven => rest > over || (rest == over && quotient & 1 != 0),
        Rounding::Up => rest > 0,
        Rounding::Down => false,
    };
    quotient + u128::from(is_lifted)
}

/// Division by a number known beforehand, as a multiplication: several times faster.
///
/// The quotient is that of `numerator / divisor` for every 64-bit numerator. With `p` the whole part
/// of log2(divisor) and `m` = ceil(2^(65 + p) / divisor) - 2^64, which is a 64-bit number unless the
/// divisor is a power of two, the quotient is `(numerator * (2^64 + m)) >> (65 + p)` (Granlund and
/// Montgomery 1994); the sum that would need 65 bits is taken in halves.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(4))] // prepared terms have no room for four bytes of nothing
pub struct Reciprocal {
    multiplier: u64,
    shift: u32,
}

impl Reciprocal {
    /// `None` for 0 and for powers of two.
    pub fn new(divisor: u64) -> Option<Self> {
        if divisor == 0 || divisor.is_power_of_two() {
            return None;
        }
        let shift = divisor.ilog2();
        // 2^(65 + shift) needs up to 129 bits, so the first half of it is divided, then doubled.
        let half = 1_u128 << (64 + shift);
        let (quotient, rest) = (half / u128::from(divisor), half % u128::from(divisor));
        let doubled = 2 * quotient + u128::from(2 * rest >= u128::from(divisor)) + 1;
        Some(Self { multiplier: doubled as u64, shift })
    }

    /// `numerator / divisor`.
    #[inline(always)]
    pub fn divide(self, numerator: u64) -> u64 {
        let high = ((u128::from(numerator) * u128::from(self.multiplier)) >> 64) as u64;
        (((numerator - high) >> 1) + high) >> self.shift
    }

    /// `numerator / divisor` rounded once, as `divide` does, by the divisor that this was made of; `None`
    /// if what is added for it does not fit.
    #[inline(always)]
    pub fn round(self, numerator: u64, divisor: u64, rounding: Rounding) -> Option<u64> {
        let lift = match rounding {
            Rounding::HalfUp | Rounding::HalfEven => divisor / 2,
            Rounding::Up => divisor - 1,
            Rounding::Down => 0,
        };
        let lifted = numerator.checked_add(lift)?;
        let quotient = self.divide(lifted);
        // A tie went up; back to even.
        let is_tie =
            rounding == Rounding::HalfEven && divisor.is_multiple_of(2) && quotient * divisor == lifted;
        Some(quotient - (u64::from(is_tie) & quotient))
    }
}

/// The greatest number that divides both; neither is negative, the second not 0.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}

/// An exact amount: `numerator / denominator` nano-rupees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Not negative.
    pub numerator: i128,
    /// Positive.
    pub denominator: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// The sum of two amounts.
    #[inline]
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        if self.numerator == 0 {
            return Ok(other);
        }
        let (a, b) = match self.denominator == other.denominator {
            true => (self, other),
            false => (self.reduced(), other.reduced()),
        };
        let sum = || {
            let common = gcd(a.denominator, b.denominator);
            let (by_a, by_b) = (b.denominator / common, a.denominator / common);
            let numerator = a.numerator.checked_mul(by_a)?.checked_add(b.numerator.checked_mul(by_b)?)?;
            Some(Self { numerator, denominator: a.denominator.checked_mul(by_a)? })
        };
        sum().ok_or(Overflow)
    }

    /// So many nano-rupees, as a numerator over the denominator of this amount.
    #[inline]
    pub fn times(self, nano: Nano) -> Result<i128, Overflow> {
        self.denominator.checked_mul(nano.into()).ok_or(Overflow)
    }

    fn reduced(self) -> Self {
        let by = gcd(self.numerator, self.denominator);
        Self { numerator: self.numerator / by, denominator: self.denominator / by }
    }

    /// The amount in units of 10^-`places` rupees, rounded once; `places` is at most nine.
    pub fn round(self, places: u32, rounding: Rounding) -> Result<i64, Overflow> {
        let unit = 10_i128.pow(NANO_PLACES.saturating_sub(places));
        let denominator = self.denominator.checked_mul(unit).ok_or(Overflow)?;
        let rounded = divide(self.numerator.unsigned_abs(), denominator.unsigned_abs(), rounding);
        i64::try_from(rounded).ok().filter(|amount| i128::from(*amount) < CHARGE_LIMIT).ok_or(Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_four_ways() {
        let at = |numerator, rounding| Exact { numerator, denominator: 1 }.round(0, rounding);
        let half = 500_000_000;
        for (numerator, expected) in [
            (half, [1, 0, 1, 0]),
            (3 * half, [2, 2, 2, 1]),
            (half - 1, [0, 0, 1, 0]),
            (half + 1, [1, 1, 1, 0]),
            (2 * half, [1, 1, 1, 1]),
        ] {
            let got = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down]
                .map(|rounding| at(numerator, rounding));
            assert_eq!(got, expected.map(Ok), "{numerator}");
        }
    }

    #[test]
    fn too_much_is_an_error() {
        let most = Exact { numerator: CHARGE_LIMIT, denominator: 1 };
        assert_eq!(most.round(9, Rounding::Down), Err(Overflow));
        assert_eq!(most.round(8, Rounding::Down), Ok(100_000_000_000_000_000));
        let huge = Exact { numerator: i128::MAX, denominator: i128::MAX };
        assert_eq!(huge.round(0, Rounding::Up), Err(Overflow));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]

        #[test]
        fn reciprocals_divide_exactly(numerator in 0..=u64::MAX, divisor in 1..=u64::MAX, less in 0..64_u32, fewer in 0..64_u32, near in 0..3_u64) {
            let divisor = divisor >> less;
            if let Some(reciprocal) = Reciprocal::new(divisor) {
                // Numerators at a multiple of the divisor are where a wrong multiplier shows.
                let numerator = numerator >> fewer;
                let multiple = (numerator / divisor) * divisor;
                for numerator in [numerator, multiple, multiple.saturating_sub(near), multiple.saturating_add(near), u64::MAX - near] {
                    proptest::prop_assert_eq!(reciprocal.divide(numerator), numerator / divisor);
                }
                // And at a tie where the wrong rounding shows.
                let tie = multiple.saturating_add(divisor / 2);
                for numerator in [numerator, multiple, tie, tie.saturating_sub(near), tie.saturating_add(near)] {
                    for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down] {
                        if let Some(rounded) = reciprocal.round(numerator, divisor, rounding) {
                            let expected = divide(numerator.into(), divisor.into(), rounding);
                            proptest::prop_assert_eq!(u128::from(rounded), expected, "{:?}", rounding);
                        }
                    }
                }
            }
        }
    }
}
