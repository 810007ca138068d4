//! Text to a number, a time, seconds and rows: by the quick way and by the plain one, alike.

#![no_main]

use dialnexa_deck::cells::{lacks_plus, second_nanos, wall_micros};
use dialnexa_deck::digits::integer_key;
use dialnexa_deck::{Digits, Raw, Within};
use libfuzzer_sys::fuzz_target;

/// R1 as one reads it.
fn plain(text: &[u8]) -> Option<&[u8]> {
    let digits = text.strip_prefix(b"+").unwrap_or(text);
    let good = (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) && digits[0] != b'0';
    good.then_some(digits)
}

fuzz_target!(|data: &[u8]| {
    let (expected, found) = (plain(data), Digits::parse(data));
    assert_eq!(found.is_some(), expected.is_some());
    assert_eq!(lacks_plus(data), expected.is_some_and(|digits| digits == data));
    if let (Some(digits), Some(found)) = (expected, found) {
        let (text, count) = found.text();
        assert_eq!(&text[..count], digits);
        let value = digits.iter().fold(0_u64, |sum, digit| 10 * sum + u64::from(digit - b'0'));
        assert_eq!(Raw::from_integer(value).read(), found);
        let (key, length) = integer_key(value);
        assert_eq!((key, u64::from(length)), (found.key, found.count));
        assert_eq!(found.aligned(), value * 10_u64.pow(15 - digits.len() as u32));
    }
    // Whatever stands behind a text in its window does not matter.
    let mut window = [0xff; 16];
    let kept = data.len().min(16);
    window[..kept].copy_from_slice(&data[..kept]);
    assert_eq!(Raw::from_window(window, data.len()).read(), Raw::new(data).read());
    let _ = Within::parse(data);
    if let Some(micros) = wall_micros(data) {
        assert!(micros % 1_000_000 == 0 && data.len() == 19);
    }
    if let Some(nanos) = second_nanos(data) {
        assert!(nanos.unsigned_abs() < 10_u128.pow(18) && data.len() <= 20);
    }
    let mut ends = Vec::new();
    dialnexa_deck::lines::line_ends(data, |end| ends.push(end));
    assert!(ends.is_sorted());
});
