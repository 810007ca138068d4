//! One number as text: its digits, and how messages show it.

use dialnexa_deck::Digits;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The digits of a number; a text that is not Unicode, as half of a surrogate pair, has none.
pub fn digits(number: &Bound<'_, PyString>) -> Option<Digits> {
    number.to_cow().ok().and_then(|text| Digits::parse(text.as_bytes()))
}

/// A number as messages may show it: called numbers are personal data.
pub fn masked(number: &str) -> String {
    let shown: Vec<char> = number.chars().take(24).collect();
    let masked = |(at, letter): (usize, &char)| {
        let hidden = shown.len() > 8 && (6..shown.len() - 2).contains(&at) && letter.is_alphanumeric();
        if hidden { '*' } else { *letter }
    };
    let text: String = shown.iter().enumerate().map(masked).collect();
    let more = if number.chars().nth(24).is_some() { "..." } else { "" };
    format!("{text:?}{more}")
}
