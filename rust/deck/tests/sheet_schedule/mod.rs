//! Schedules of the case tables.

use crate::nano;
use dialnexa_deck::{Band, Schedule, Tier, Zone};
use serde::Deserialize;
use std::sync::Arc;

/// A schedule as the tables state it; the Python package reads the same as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSchedule {
    zone: Option<String>,
    bands: Vec<SheetBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetBand {
    #[serde(default)]
    hours: Vec<Hours>,
    connect_fee: Option<String>,
    tiers: Vec<SheetTier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    days: Vec<String>,
    start: String,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetTier {
    from_s: Option<String>,
    to_s: Option<String>,
    rate: String,
    rate_unit_s: Option<String>,
    increment_s: Option<String>,
    fee: Option<String>,
}

/// A decimal text of seconds in milliseconds.
fn milliseconds(text: &str) -> u64 {
    (nano(text) / 1_000_000) as u64
}

impl SheetSchedule {
    pub fn read(&self) -> Schedule {
        let day = |name: &String| {
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .position(|day| day == name)
                .expect("a day")
        };
        let clock = |text: &String| {
            let parts: Vec<u32> = text.split(':').map(|part| part.parse().expect("digits")).collect();
            parts[0] * 3600 + parts[1] * 60
        };
        let mut week = Vec::new();
        for (number, band) in self.bands.iter().enumerate() {
            for hours in &band.hours {
                for name in &hours.days {
                    let (start, end) = (clock(&hours.start), clock(&hours.end));
                    let from = day(name) as u32 * 86_400 + start;
                    let until = from + if end > start { end - start } else { 86_400 + end - start };
                    week.push((from, number as u32));
                    if until > 604_800 {
                        week.push((0, number as u32));
                    }
                }
            }
        }
        if week.is_empty() {
            week.push((0, 0));
        }
        week.sort_unstable();
        week.dedup_by_key(|(_, band)| *band);
        let tier = |tier: &SheetTier| Tier {
            from_ms: tier.from_s.as_deref().map_or(0, milliseconds),
            rate: nano(&tier.rate) as i64,
            rate_unit_ms: tier.rate_unit_s.as_deref().map_or(60_000, milliseconds),
            increment_ms: tier.increment_s.as_deref().map(milliseconds),
            fee: tier.fee.as_deref().map_or(0, |fee| nano(fee) as i64),
        };
        let band = |band: &SheetBand| Band {
            connect_fee: band.connect_fee.as_deref().map(|fee| nano(fee) as i64),
            end_ms: band.tiers.last().and_then(|tier| tier.to_s.as_deref()).map(milliseconds),
            tiers: band.tiers.iter().map(tier).collect(),
        };
        let zone = self.zone.as_ref().map(|name| match name.as_str() {
            "UTC" => Zone::default(),
            "Asia/Kolkata" => Zone { first: 19_800, changes: Vec::new() },
            // The year 2026 of it.
            "Europe/Berlin" => {
                Zone { first: 3600, changes: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)] }
            }
            other => panic!("no zone {other}"),
        });
        let bands = self.bands.iter().map(band).collect();
        Schedule { week, bands, zone: zone.map(Arc::new), text: String::new() }
    }
}
