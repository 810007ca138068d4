//! Text to a schedule: numbers parted by blanks, those of a zone behind a semicolon, those of a call behind
//! another. What is none is refused; what is one repeats itself in words, and counts without a wrapped sum.

#![no_main]

use dialnexa_deck::semantics::{Bands, FreeSeconds, RoundAt, Tiers};
use dialnexa_deck::{Call, Direction, Schedule, Semantics, Terms, Zone};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn numbers(text: &str) -> Vec<i64> {
    text.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect()
}

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, ';').map(numbers);
    let words = parts.next().unwrap_or_default();
    let zone = parts.next().and_then(|words| Zone::from_words(&words)).map(Arc::new);
    let call = parts.next().unwrap_or_default();
    if let Some(zone) = &zone {
        assert_eq!(Zone::from_words(&zone.words()).as_ref(), Some(zone.as_ref()));
    }
    let Some(schedule) = Schedule::from_words(&words, zone.clone(), "text") else { return };
    assert_eq!(schedule.words(), words);
    assert_eq!(Schedule::from_words(&schedule.words(), zone, "text").as_ref(), Some(&schedule));
    let seconds = call.first().map_or(61, |seconds| seconds.unsigned_abs() % 100_000);
    let call = Call { seconds, direction: Direction::Outbound, answered_at: call.get(1).copied() };
    let terms = Terms { free_s: 7, minimum_s: 30, ..Terms::default() };
    for bands in [Bands::ByStart, Bands::Split] {
        for tiers in [Tiers::Anchored, Tiers::Volume] {
            for (free_seconds, round_at) in [
                (FreeSeconds::Deducted, RoundAt::Charge),
                (FreeSeconds::OnGrid, RoundAt::Charge),
                (FreeSeconds::Deducted, RoundAt::Increment),
            ] {
                let semantics = Semantics { bands, tiers, free_seconds, round_at, ..Semantics::default() };
                let mut sum = 0;
                let told = semantics.charge_in_parts(&call, &terms, Some(&schedule), |_, amount| {
                    assert!(amount.numerator >= 0 && amount.denominator > 0);
                    sum += 1;
                });
                if let Ok(Some(charge)) = told {
                    assert!(charge.exact.numerator >= 0 && charge.exact.denominator > 0);
                    assert!(sum > 0 || charge.exact.numerator == 0);
                }
            }
        }
    }
});
