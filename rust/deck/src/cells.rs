//! Cells of call records and rate sheets in the shapes that nearly all of them have; of any other shape
//! there is no answer.

/// Days from the first of March of the year 0 to 1970.
const TO_1970: i64 = 719_468;
const NANOS: i128 = 1_000_000_000;

/// `2026-11-02 10:00:00`, or with a T, as microseconds since 1970 of the clock that showed it.
pub fn wall_micros(text: &[u8]) -> Option<i64> {
    let text: &[u8; 19] = text.try_into().ok()?;
    let mut digits = [0_u8; 19];
    let mut most = 0;
    for (digit, byte) in digits.iter_mut().zip(text) {
        *digit = byte.wrapping_sub(b'0');
    }
    for at in [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18] {
        most = most.max(digits[at]);
    }
    let apart = text[4] == b'-' && text[7] == b'-' && text[13] == b':' && text[16] == b':';
    if most > 9 || !apart || !matches!(text[10], b' ' | b'T') {
        return None;
    }
    let two = |at: usize| i64::from(digits[at]) * 10 + i64::from(digits[at + 1]);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    if year == 0 || !(1..=12).contains(&month) || day == 0 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if day > days_of(year, month) {
        return None;
    }
    Some((days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970, by years that begin in March: so the odd day is the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let month = (month + 9) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - TO_1970
}

/// Seconds as whole digits, at most nine, with at most nine behind a point and a minus in front: in nanoseconds.
pub fn second_nanos(text: &[u8]) -> Option<i128> {
    let (digits, negative) = match text {
        [b'-', rest @ ..] => (rest, true),
        _ => (text, false),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, part) = point.map_or((digits, None), |at| (&digits[..at], Some(&digits[at + 1..])));
    let mut nanos = i128::from(number(whole)?) * NANOS;
    if let Some(part) = part {
        nanos += i128::from(number(part)?) * 10_i128.pow(9 - part.len() as u32);
    }
    Some(if negative { -nanos } else { nanos })
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, |found, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some(found * 10 + u64::from(digit))
    })
}

/// Whether a text is the digits of an E.164 number without their plus.
#[inline]
pub fn lacks_plus(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'1'..=b'9')) && text.len() <= 15 && text.iter().all(u8::is_ascii_digit)
}

/// The digits of a prefix as a number: at most fifteen, the first no zero.
#[inline]
pub fn prefix(text: &[u8]) -> Option<u64> {
    if !lacks_plus(text) {
        return None;
    }
    Some(text.iter().fold(0, |found, byte| found * 10 + u64::from(byte - b'0')))
}

/// An amount as digits, at most nine on either side of a point: in billionths.
#[inline]
pub fn plain_nanos(text: &[u8]) -> Option<i64> {
    const TENS: [u64; 10] =
        [NANOS as u64, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let point = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
    let whole = number(&text[..point])?;
    let part =
        if point == text.len() { 0 } else { number(&text[point + 1..])? * TENS[text.len() - point - 1] };
    Some((whole * TENS[0] + part) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_the_one_behind_its_yesterday() {
        let mut last = wall_micros(b"0001-01-01 00:00:00").unwrap_or(0) - 86_400_000_000;
        for year in 1..=9_999 {
            for month in 1..=12 {
                for day in 1..=32 {
                    let text = format!("{year:04}-{month:02}-{day:02}T00:00:00");
                    if let Some(micros) = wall_micros(text.as_bytes()) {
                        assert_eq!(micros, last + 86_400_000_000, "{text}");
                        last = micros;
                    }
                }
            }
        }
        assert_eq!(wall_micros(b"1970-01-01 00:00:01"), Some(1_000_000));
        assert_eq!(last, 253_402_214_400_000_000);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "2026-02-29 10:00:00",
            "2026-11-31 10:00:00",
            "2026-11-02 24:00:00",
            "2026-11-02 10:60:00",
            "2026-11-02 10:00:60",
            "2026/11/02 10:00:00",
            "2026-11-02_10:00:00",
            "2026-11-02 10:00:0x",
            "2026-11-02 10:00",
            "0000-11-02 10:00:00",
            "2026-13-02 10:00:00",
            "",
        ] {
            assert_eq!(wall_micros(text.as_bytes()), None, "{text}");
        }
        assert!(wall_micros(b"2024-02-29 23:59:59").is_some());
    }

    #[test]
    fn lengths_are_read_to_the_nanosecond() {
        assert_eq!(second_nanos(b"63"), Some(63_000_000_000));
        assert_eq!(second_nanos(b"-0.000000001"), Some(-1));
        assert_eq!(second_nanos(b"999999999.5"), Some(999_999_999_500_000_000));
        for text in ["", "-", ".5", "5.", "1234567890", "1.1234567890", "+5", "5 ", "1e3", "--5", "1:03"] {
            assert_eq!(second_nanos(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_read_to_the_billionth() {
        assert_eq!(plain_nanos(b"0.74250"), Some(742_500_000));
        assert_eq!(plain_nanos(b"999999999.999999999"), Some(999_999_999_999_999_999));
        assert_eq!(plain_nanos(b"7"), Some(7_000_000_000));
        for text in
            ["", ".", ".5", "5.", "1234567890", "1.1234567890", "+5", "-5", "5 ", "1e3", "1.2.3", "1,5"]
        {
            assert_eq!(plain_nanos(text.as_bytes()), None, "{text}");
        }
        assert_eq!((prefix(b"919812345678901"), prefix(b"7")), (Some(919_812_345_678_901), Some(7)));
        for text in ["", "091", "+91", "91 ", "9198123456789012", "9x"] {
            assert_eq!(prefix(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn digits_of_a_number_begin_with_no_zero() {
        for (text, lacks) in
            [("919812345678", true), ("0919", false), ("+91", false), ("", false), ("9x", false)]
        {
            assert_eq!(lacks_plus(text.as_bytes()), lacks, "{text}");
        }
        assert!(lacks_plus(b"123456789012345") && !lacks_plus(b"1234567890123456"));
    }
}
