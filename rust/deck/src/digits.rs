//! The digits of a number or prefix, checked once and trusted afterwards.
//!
//! A number is E.164 (R1): an optional `+`, then 1 to 15 digits `[0-9]`, the first of them not 0.
//! It is read sixteen bytes at a time without a branch, so that a loop over many numbers becomes
//! vector code on any machine. Two forms come out of one reading:
//!
//! * the text, left-aligned in two 64-bit halves, zero bytes behind it;
//! * the *key*: the first digit in byte 0, behind it two digits a byte, `10 * digit[2i - 1] +
//!   digit[2i]` in byte `i`, missing digits 0. Each level of the trie is indexed by whole bytes of
//!   it, so that nothing is divided and nothing is shifted digit by digit.

/// E.164 allows fifteen digits.
pub const MAX_DIGITS: usize = 15;

const ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// One number or prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Digits {
    /// The first eight characters, the first one in the lowest byte.
    pub low: u64,
    /// The next seven.
    pub high: u64,
    /// Base-100 key, the first digit alone in the lowest byte.
    pub key: u64,
    /// How many digits; 0 means that the text was no number.
    pub count: u64,
}

/// Up to sixteen bytes of text, left-aligned, and how many there really were.
///
/// What stands behind the text in the last bytes does not matter: `read` masks it.
#[derive(Clone, Copy, Debug)]
pub struct Raw {
    /// Bytes 0 to 7, byte 0 lowest.
    pub low: u64,
    /// Bytes 8 to 15.
    pub high: u64,
    /// Length of the text in bytes, of any size.
    pub length: u64,
}

impl Raw {
    /// The raw form of a short text. Longer texts keep their length, which is what refuses them.
    #[inline]
    pub fn new(text: &[u8]) -> Self {
        let mut bytes = [0_u8; 16];
        let kept = text.len().min(16);
        bytes[..kept].copy_from_slice(&text[..kept]);
        Self::from_window(bytes, text.len())
    }

    /// The raw form of sixteen bytes of which the first `length` are the text.
    #[inline(always)]
    pub fn from_window(bytes: [u8; 16], length: usize) -> Self {
        let word = u128::from_le_bytes(bytes);
        Self { low: word as u64, high: (word >> 64) as u64, length: length as u64 }
    }

    /// The raw form of the digits of an integer, without making text of it one by one.
    #[inline(always)]
    pub fn from_integer(value: u64) -> Self {
        let length = value.checked_ilog10().map_or(0, |log| log + 1);
        if length > 16 {
            return Self { low: 0, high: 0, length: length.into() };
        }
        let aligned = value * 10_u64.pow(16 - length);
        Self { low: eight(aligned / 100_000_000), high: eight(aligned % 100_000_000), length: length.into() }
    }

    /// Check and convert, branch-free.
    #[inline(always)]
    pub fn read(self) -> Digits {
        let plus = u64::from(self.low & 0xff == u64::from(b'+'));
        let shift = plus * 8;
        // `<< 1 << (63 - shift)` is `<< (64 - shift)` that also works for shift 0.
        let carried = self.high << 1 << (63 - shift) & plus.wrapping_neg();
        let count = self.length.wrapping_sub(plus);
        let low_mask = keep(count);
        let high_mask = keep(count.saturating_sub(8));
        let low = ((self.low >> shift) | carried) & low_mask;
        let high = (self.high >> shift) & high_mask;
        let low_digits = (low ^ ZEROS) & low_mask;
        let high_digits = (high ^ ZEROS) & high_mask;
        let good = (not_digits(low_digits) | not_digits(high_digits)) == 0
            && low_digits & 0xff != 0
            && count.wrapping_sub(1) < MAX_DIGITS as u64;
        let all = u64::from(good).wrapping_neg();
        Digits {
            low: low & all,
            high: high & all,
            key: (pairs(low_digits << 8) | pairs(high_digits << 8 | low_digits >> 56) << 32) & all,
            count: count & all,
        }
    }
}

impl Digits {
    /// Read a text, or `None` if it is no E.164 number.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let digits = Raw::new(text).read();
        (digits.count != 0).then_some(digits)
    }

    /// The digits as text, without plus; the first `count` bytes count.
    #[inline]
    pub fn text(&self) -> ([u8; 16], usize) {
        let word = u128::from(self.low) | u128::from(self.high) << 64;
        (word.to_le_bytes(), self.count as usize)
    }

    /// The digits as a decimal fraction of 10^15: "91" is 910 000 000 000 000.
    ///
    /// Ordered by this and then by length, every prefix stands before the longer ones under it.
    pub fn aligned(&self) -> u64 {
        (0..8).fold(0, |sum, pair| sum * 100 + (self.key >> (8 * pair) & 0xff))
    }
}

/// Powers of ten below 10^16.
const TENS: [u64; 16] = {
    let mut all = [1; 16];
    let mut at = 1;
    while at < 16 {
        all[at] = 10 * all[at - 1];
        at += 1;
    }
    all
};

/// The key of the digits of an integer, and how many they are; both 0 if it is no number.
#[inline(always)]
pub fn integer_key(value: u64) -> (u64, u32) {
    let good = value.wrapping_sub(1) < TENS[15] - 1;
    let value = if good { value } else { 1 };
    // Bits times the logarithm of two is the count, or one too many.
    let least = ((u64::BITS - value.leading_zeros()) * 1233) >> 12;
    let count = least + u32::from(value >= TENS[least as usize & 15]);
    let aligned = value * TENS[(MAX_DIGITS - count as usize) & 15];
    // The first digit of the seven in front stands alone, as if a zero were before it.
    let key = base100(aligned / 100_000_000) | base100(aligned % 100_000_000) << 32;
    let all = u64::from(good).wrapping_neg();
    (key & all, count & all as u32)
}

/// A number below 10^8 to four base-100 bytes, the highest first; see `eight`.
#[inline(always)]
fn base100(value: u64) -> u64 {
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | (halves - 100 * hundreds) << 16;
    let half = (quarters | quarters >> 8) & 0x0000_ffff_0000_ffff;
    (half | half >> 16) & 0xffff_ffff
}

/// A mask of the lowest `bytes` bytes; all of them from 8 on.
#[inline(always)]
fn keep(bytes: u64) -> u64 {
    // A text of no bytes that has a plus all the same is one byte short of none.
    let partial = (1_u64 << (bytes.wrapping_mul(8) & 63)).wrapping_sub(1);
    if bytes >= 8 { u64::MAX } else { partial }
}

/// Nonzero where a byte of `digits` (text xor '0') is above 9.
#[inline(always)]
fn not_digits(digits: u64) -> u64 {
    (((digits & !HIGH_BITS) + 0x7676_7676_7676_7676) | digits) & HIGH_BITS
}

/// Eight digits, a byte each, to four base-100 bytes.
#[inline(always)]
fn pairs(digits: u64) -> u64 {
    let tens = (digits << 3).wrapping_add(digits << 1);
    let wide = tens.wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let half = (wide | wide >> 8) & 0x0000_ffff_0000_ffff;
    (half | half >> 16) & 0xffff_ffff
}

/// A number below 10^8 to its eight ASCII digits: halves, quarters, then single digits, each step
/// dividing all lanes of the word at once by multiplying with a reciprocal proved for its range.
#[inline(always)]
fn eight(value: u64) -> u64 {
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | (halves - 100 * hundreds) << 16;
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    (tens | (quarters - 10 * tens) << 8) | ZEROS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_of_every_quarter() {
        for quarter in 0..10_000_u64 {
            for value in [quarter, quarter * 10_000, quarter * 10_001, 99_990_000 + quarter] {
                assert_eq!(eight(value).to_le_bytes(), *format!("{value:08}").as_bytes());
            }
        }
    }

    fn naive(text: &[u8]) -> Option<Vec<u8>> {
        let digits = text.strip_prefix(b"+").unwrap_or(text);
        let good = (1..=15).contains(&digits.len())
            && digits.iter().all(|byte: &u8| byte.is_ascii_digit())
            && digits[0] != b'0';
        good.then(|| digits.to_vec())
    }

    fn same(text: &[u8]) {
        let fast = Digits::parse(text).map(|digits| {
            let (bytes, count) = digits.text();
            for (index, pair) in digits.key.to_le_bytes().iter().enumerate() {
                let digit = |at: usize| if at < count { bytes[at] - b'0' } else { 0 };
                let tens = index.checked_sub(1).map_or(0, |before| digit(2 * before + 1));
                assert_eq!(*pair, tens * 10 + digit(2 * index), "{text:?}");
            }
            bytes[..count].to_vec()
        });
        assert_eq!(fast, naive(text), "{text:?}");
    }

    #[test]
    fn every_byte_at_every_place() {
        for length in 1..=18 {
            for place in 0..length {
                for byte in 0..=255 {
                    let mut text = b"123456789012345678"[..length].to_vec();
                    text[place] = byte;
                    same(&text);
                    let mut plus = b"+".to_vec();
                    plus.extend(&text);
                    same(&plus);
                }
            }
        }
        same(b"");
        same(b"+");
        same(b"++1");
    }

    #[test]
    fn integers_are_their_digits() {
        let integer = |value| Some(Raw::from_integer(value).read()).filter(|digits| digits.count > 0);
        assert_eq!(integer(0), None);
        assert_eq!(integer(919_812_345_678), Digits::parse(b"919812345678"));
        assert_eq!(integer(999_999_999_999_999).map(|d| d.count), Some(15));
        assert_eq!(integer(1_000_000_000_000_000), None);
        assert_eq!(integer(u64::MAX), None);
    }

    #[test]
    fn aligned_puts_parents_first() {
        let aligned = |text: &[u8]| Digits::parse(text).map(|d| d.aligned());
        assert_eq!(aligned(b"91"), Some(910_000_000_000_000));
        assert!(aligned(b"91") < aligned(b"919"));
        assert!(aligned(b"919999") < aligned(b"92"));
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in proptest::collection::vec(proptest::num::u8::ANY, 0..24)) {
            same(&text);
        }

        #[test]
        fn any_integer(value in 0..=u64::MAX, shift in 0..64) {
            let value = value >> shift;
            let digits = Raw::from_integer(value).read();
            let expected = Digits::parse(value.to_string().as_bytes());
            proptest::prop_assert_eq!(Some(digits).filter(|digits| digits.count > 0), expected);
            proptest::prop_assert_eq!((digits.key, digits.count as u32), super::integer_key(value));
        }

        #[test]
        fn any_number(text in "\\+?[0-9]{0,17}") {
            same(text.as_bytes());
        }
    }
}
