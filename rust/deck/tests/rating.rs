//! The prepared rater against the general arithmetic, and that against a naive one in big integers.

use dialnexa_deck::semantics::{
    Bands, ConnectFee, FreeSeconds, Grace, Increments, MaxCharge, Minimum, PartSecond, RoundAt, Tiers,
};
use dialnexa_deck::{
    Band, Builder, Call, Deck, Direction, Overflow, Rater, Rounding, Row, Schedule, Semantics, Terms, Tier,
    Zone,
};
use proptest::prelude::*;
use std::sync::Arc;

fn semantics() -> impl Strategy<Value = Semantics> {
    let pulse = (1..90_u32, 1..90_u32);
    let flags = any::<[bool; 9]>();
    let points =
        prop_oneof![2 => Just(RoundAt::Charge), 1 => Just(RoundAt::Increment), 1 => Just(RoundAt::Piece)];
    let rounding = prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfEven),
        Just(Rounding::Up),
        Just(Rounding::Down)
    ];
    (pulse, flags, points, rounding, 0..=9_u32).prop_map(|(pulse, flags, round_at, rounding, decimals)| {
        Semantics {
            pulse,
            part_second: if flags[0] { PartSecond::Up } else { PartSecond::HalfUp },
            increments: if flags[1] { Increments::Anchored } else { Increments::Modulo },
            minimum: if flags[2] { Minimum::BeforeIncrements } else { Minimum::AfterIncrements },
            grace: if flags[3] { Grace::GraceFirst } else { Grace::MinimumFirst },
            free_seconds: if flags[4] { FreeSeconds::Deducted } else { FreeSeconds::OnGrid },
            connect_fee: if flags[5] { ConnectFee::WhenAnswered } else { ConnectFee::AtZero },
            max_charge: if flags[6] { MaxCharge::Cap } else { MaxCharge::Disconnect },
            tiers: if flags[7] { Tiers::Anchored } else { Tiers::Volume },
            bands: if flags[8] { Bands::ByStart } else { Bands::Split },
            round_at,
            increment_decimals: 5,
            rounding,
            decimals,
        }
    })
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 0..5_000_000_000_i64, 0..i64::MAX, Just(i64::MAX)]
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 4 => 0..400_u64, 1 => any::<u32>().prop_map(u64::from), 1 => any::<u64>()]
}

fn terms() -> impl Strategy<Value = Terms> {
    let rare = || prop_oneof![3 => Just(0), 1 => 0..90_u32];
    (
        (
            prop::option::of(amount()),
            prop::option::of(amount()),
            prop_oneof![Just(60), Just(1), 1..200_u32],
            amount(),
        ),
        (prop::option::of((1..90_u32, 1..90_u32)), rare(), rare(), rare()),
        (
            prop_oneof![3 => Just(0), 1 => 0..9_000_000_000_i64],
            prop_oneof![3 => Just(None), 1 => (9_000_000_000..99_000_000_000_i64).prop_map(Some)],
        ),
    )
        .prop_map(
            |(
                (outbound_rate, inbound_rate, rate_unit_s, connect_fee),
                (increments, minimum_s, grace_s, free_s),
                (min_charge, max_charge),
            )| Terms {
                outbound_rate,
                inbound_rate,
                rate_unit_s,
                connect_fee,
                increments,
                minimum_s,
                grace_s,
                free_s,
                min_charge,
                max_charge,
                ..Terms::default()
            },
        )
}

/// Units whose least common multiple is `COMMON`.
const UNITS: [u64; 4] = [60_000, 1000, 7000, 500];
const COMMON: i128 = 420_000;

fn band() -> impl Strategy<Value = Band> {
    let tier = (
        1..60_000_u64,
        0..9_000_000_000_i64,
        prop::sample::select(UNITS.to_vec()),
        prop::option::of(prop_oneof![1..20_000_u64, Just(1000), Just(60_000)]),
        prop_oneof![Just(0), 0..9_000_000_000_i64],
    );
    let end = prop::option::of(1..40_000_u64);
    (prop::option::of(0..9_000_000_000_i64), prop::collection::vec(tier, 1..4), end).prop_map(
        |(connect_fee, tiers, end)| {
            let mut from_ms = 0;
            let tiers: Vec<Tier> = tiers
                .into_iter()
                .map(|(width, rate, rate_unit_ms, increment_ms, fee)| {
                    let tier = Tier { from_ms, rate, rate_unit_ms, increment_ms, fee };
                    from_ms += width;
                    tier
                })
                .collect();
            let end_ms = end.map(|width| tiers[tiers.len() - 1].from_ms + width);
            Band { connect_fee, end_ms, tiers }
        },
    )
}

/// One band, or several that change every few minutes around midnight on Thursday, 1970-01-01.
fn schedule() -> impl Strategy<Value = Schedule> {
    let cuts = prop::collection::btree_set(3 * 86_400 - 300..3 * 86_400 + 300_u32, 0..6);
    let changes =
        prop::collection::btree_map(-200..200_i64, prop::sample::select(vec![-90, 0, 30, 60]), 0..3);
    (prop::collection::vec(band(), 1..4), cuts, changes).prop_map(|(bands, cuts, changes)| {
        let count = bands.len() as u32;
        let mut week: Vec<(u32, u32)> = std::iter::once(0).chain(cuts).zip((0..count).cycle()).collect();
        week.dedup_by_key(|(_, band)| *band);
        let zone = Zone { first: 0, changes: changes.into_iter().collect() };
        Schedule { week, bands, zone: Some(Arc::new(zone)), text: "in words".to_owned() }
    })
}

/// R50 found by looking at every change of the zone and of the week.
fn naive_band(schedule: &Schedule, at_us: i64) -> usize {
    let second = at_us.div_euclid(1_000_000);
    let mut offset = 0;
    for (from, change) in &schedule.zone.as_ref().expect("a zone").changes {
        if *from <= second {
            offset = *change;
        }
    }
    let of_week = (second + offset + 3 * 86_400).rem_euclid(604_800);
    let mut held = 0;
    for (from, band) in &schedule.week {
        if i64::from(*from) <= of_week {
            held = *band as usize;
        }
    }
    held
}

/// R53 counted block by block: billed milliseconds, and nano-rupees times `COMMON`, before bounds.
fn naive(semantics: &Semantics, terms: &Terms, schedule: &Schedule, seconds: u64, at_us: i64) -> (u64, i128) {
    let first = naive_band(schedule, at_us);
    let free_ms = u64::from(terms.free_s) * 1000;
    let deducted = semantics.free_seconds == FreeSeconds::Deducted;
    let start_us = if deducted { at_us + free_ms as i64 * 1000 } else { at_us };
    let band_at = |at_ms: u64| match semantics.bands {
        Bands::ByStart => first,
        Bands::Split => naive_band(schedule, start_us + at_ms as i64 * 1000),
        other => panic!("{other:?} has no naive way yet"),
    };
    let fee = schedule.bands[first].connect_fee.unwrap_or(terms.connect_fee);
    let mut total = i128::from(fee) * COMMON;
    let (initial, next) = terms.increments.unwrap_or(semantics.pulse);
    let mut counted = seconds * 1000;
    if deducted {
        counted = counted.saturating_sub(free_ms);
    }
    if counted == 0 {
        return (0, total);
    }
    if semantics.minimum == Minimum::BeforeIncrements {
        counted = counted.max(u64::from(terms.minimum_s) * 1000);
    }
    for (number, band) in schedule.bands.iter().enumerate() {
        for tier in &band.tiers {
            if counted > tier.from_ms && band_at(tier.from_ms) == number {
                total += i128::from(tier.fee) * COMMON;
            }
        }
    }
    let modulo = semantics.increments == Increments::Modulo;
    let mut until = counted;
    if modulo && schedule.bands[band_at(0)].tiers[0].increment_ms.is_none() {
        until = until.max(u64::from(initial) * 1000);
    }
    let tier_at = |at: u64| {
        let band = &schedule.bands[band_at(at)];
        let tier = band.tiers.iter().rfind(|tier| tier.from_ms <= at);
        tier.filter(|_| band.end_ms.is_none_or(|end| at < end))
    };
    let mut free = if deducted { 0 } else { free_ms };
    let mut billed = 0;
    let mut blocks: Vec<(&Tier, u64, u64, u64)> = Vec::new();
    let mut bill = |tier, length: u64, gaps| {
        let taken = free.min(length);
        free -= taken;
        billed += length - taken;
        blocks.push((tier, length, gaps, length - taken));
    };
    let (mut at, mut rounded, mut gaps) = (0, 0, 0);
    while at < until {
        let Some(tier) = tier_at(at) else {
            at += 1;
            gaps += 1;
            continue;
        };
        let length = match tier.increment_ms {
            Some(own) => own,
            None if at == 0 && !modulo => u64::from(initial) * 1000,
            None => u64::from(next) * 1000,
        };
        bill(tier, length, gaps);
        rounded += length;
        let end = at + length;
        at += 1;
        // A volume ends with its tier or band, though the block is paid whole.
        let same = |at| tier_at(at).is_some_and(|other| std::ptr::eq(other, tier));
        while at < end && (semantics.tiers == Tiers::Anchored || same(at)) {
            at += 1;
        }
    }
    if semantics.minimum == Minimum::AfterIncrements && semantics.round_at == RoundAt::Charge {
        for at in rounded..u64::from(terms.minimum_s) * 1000 {
            if let Some(tier) = tier_at(at) {
                bill(tier, 1, gaps);
            }
        }
    }
    (billed, total + naive_price(semantics, &blocks))
}

/// R48 of blocks, each with its tier, its length, the gaps before it and what is paid of it.
fn naive_price(semantics: &Semantics, blocks: &[(&Tier, u64, u64, u64)]) -> i128 {
    let exact = |tier: &Tier, paid: u64| {
        i128::from(tier.rate) * i128::from(paid) * (COMMON / i128::from(tier.rate_unit_ms))
    };
    let step = 10_i128.pow(9 - semantics.increment_decimals) * COMMON;
    let half_up = |above: i128, below: i128| (2 * above + below) / (2 * below);
    let one_by_one = blocks.iter().map(|(tier, _, _, paid)| exact(tier, *paid));
    match semantics.round_at {
        RoundAt::Charge => one_by_one.sum(),
        RoundAt::Increment => one_by_one.map(|one| half_up(one, step) * step).sum(),
        // Blocks of one tier and one length that follow one another are a piece.
        RoundAt::Piece => blocks
            .chunk_by(|one, next| std::ptr::eq(one.0, next.0) && (one.1, one.2) == (next.1, next.2))
            .map(|piece| {
                let paid = piece.iter().filter(|block| block.3 > 0).count().max(1) as i128;
                let whole = half_up(piece.iter().map(|block| exact(block.0, block.3)).sum(), step);
                half_up(whole, paid) * paid * step
            })
            .sum(),
        other => panic!("{other:?} has no naive way yet"),
    }
}

fn call(seconds: u64, direction: Direction) -> Call {
    Call { seconds, direction, answered_at: None }
}

/// The terms of a deck that has no others.
fn rater(terms: Terms, semantics: Semantics) -> Rater {
    let mut builder = Builder::new(Vec::new());
    let row = Row { prefix: "91", network_group: "India", country_iso: "", country: "", terms, source: None };
    builder.push(&row).expect("a good row");
    let deck = Deck::new(builder.finish().expect("one row")).expect("a deck");
    Rater::new(&deck.view(), semantics).expect("whole bytes")
}

/// R44 counted block by block, as a person would.
fn blocks(seconds: u64, initial: u64, next: u64, increments: Increments) -> u64 {
    let mut billed = initial;
    if increments == Increments::Modulo {
        billed = 0;
        while billed < seconds.max(initial) {
            billed += next;
        }
    }
    while billed < seconds {
        billed += next;
    }
    billed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn r54_prepared_and_general_agree(semantics in semantics(), terms in terms(), seconds in seconds(), inbound in any::<bool>()) {
        let direction = if inbound { Direction::Inbound } else { Direction::Outbound };
        let prepared = rater(terms, semantics).charge(seconds, 0, direction, || None);
        let general = semantics.amount(&call(seconds, direction), &terms, None);
        prop_assert_eq!(prepared, general);
    }

    #[test]
    fn r53_prepared_and_general_agree_on_short_calls(
        semantics in semantics(), terms in terms(), rate in 0..9_000_000_000_i64, minimum_s in 0..99_u32, grace_s in 0..99_u32, seconds in 0..200_u64,
    ) {
        let semantics = Semantics { increments: Increments::Anchored, round_at: RoundAt::Charge, ..semantics };
        let connect_fee = terms.connect_fee % 9_000_000_000;
        let plain = Terms { free_s: 0, min_charge: 0, max_charge: None, outbound_rate: Some(rate), connect_fee, ..terms };
        for (minimum_s, grace_s) in [(minimum_s, 0), (0, grace_s), (minimum_s, grace_s)] {
            let terms = Terms { minimum_s, grace_s, ..plain };
            let general = semantics.amount(&call(seconds, Direction::Outbound), &terms, None);
            prop_assert_eq!(rater(terms, semantics).charge(seconds, 0, Direction::Outbound, || None), general);
        }
    }

    #[test]
    fn r44_increments_count_blocks(seconds in 1..2000_u64, initial in 1..90_u32, next in 1..90_u32, modulo in any::<bool>()) {
        let increments = if modulo { Increments::Modulo } else { Increments::Anchored };
        let semantics = Semantics { increments, ..Semantics::default() };
        let terms = Terms { outbound_rate: Some(1), increments: Some((initial, next)), ..Terms::default() };
        let billed = semantics.charge(&call(seconds, Direction::Outbound), &terms, None).expect("small").expect("a rate").billed_s;
        prop_assert_eq!(u64::from(billed), blocks(seconds, initial.into(), next.into(), increments));
    }

    #[test]
    fn longer_calls_never_cost_less(semantics in semantics(), terms in terms(), shorter in 0..4000_u64, more in 0..4000_u64) {
        // A piece that is shared out anew may come to less: of ten increments each is rounded up, of eleven down.
        let round_at = match semantics.round_at {
            RoundAt::Piece => RoundAt::Increment,
            other => other,
        };
        let semantics = Semantics { round_at, ..semantics };
        let cost = |seconds| semantics.charge(&call(seconds, Direction::Outbound), &terms, None).expect("fits");
        let (short, long) = (cost(shorter), cost(shorter + more));
        if let (Some(short), Some(long)) = (short, long) {
            let (short, long) = (short.exact, long.exact);
            // Parts below a nano-rupee are of thousandths of the unit, so this fits.
            prop_assert!(short.round(9, Rounding::Down).ok() <= long.round(9, Rounding::Down).ok() || long.round(9, Rounding::Down).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn r54_prepared_and_general_agree_on_schedules(semantics in semantics(), terms in terms(), schedule in schedule(), seconds in seconds(), at in -300_000_000..300_000_000_i64) {
        let mut builder = Builder::new(Vec::new());
        let number = builder.schedule(&schedule);
        let terms = Terms { outbound_rate: None, schedule: Some(number), ..terms };
        let row = Row { prefix: "91", network_group: "India", country_iso: "", country: "", terms, source: None };
        builder.push(&row).expect("a good row");
        let deck = Deck::new(builder.finish().expect("one row")).expect("a deck");
        prop_assert_eq!(deck.is_dated(), schedule.is_timed());
        prop_assert_eq!(deck.view().schedule_of(&terms), Ok(Some(schedule.clone())));
        let rater = Rater::new(&deck.view(), semantics).expect("whole bytes");
        let call = Call { seconds, direction: Direction::Outbound, answered_at: Some(at) };
        let prepared = rater.charge(seconds, 0, Direction::Outbound, || Some(at));
        prop_assert_eq!(prepared, semantics.amount(&call, &terms, Some(&schedule)));
    }

    #[test]
    fn r53_schedules_count_blocks(semantics in semantics(), terms in terms(), schedule in schedule(), seconds in 1..200_u64, at in -300_000_000..300_000_000_i64) {
        // What the minimum adds behind increments is one increment a price, which a loop has no word for.
        prop_assume!(semantics.minimum == Minimum::BeforeIncrements || semantics.round_at == RoundAt::Charge);
        let terms = Terms { outbound_rate: None, schedule: Some(0), grace_s: 0, connect_fee: terms.connect_fee >> 20, min_charge: 0, max_charge: None, ..terms };
        let call = Call { seconds, direction: Direction::Outbound, answered_at: Some(at) };
        let got = semantics.charge(&call, &terms, Some(&schedule)).expect("small").expect("a price");
        let (billed_ms, total) = naive(&semantics, &terms, &schedule, seconds, at);
        prop_assert_eq!(u64::from(got.billed_s), billed_ms.div_ceil(1000));
        prop_assert_eq!(got.exact.numerator * COMMON, total * got.exact.denominator);
    }
}

#[test]
fn seconds_beyond_all_calls_are_an_overflow() {
    let terms = Terms { outbound_rate: Some(1), ..Terms::default() };
    let charge = |seconds| Semantics::default().charge(&call(seconds, Direction::Outbound), &terms, None);
    assert_eq!(charge(u64::MAX), Err(Overflow));
    assert_eq!(charge(u64::from(u32::MAX) + 1), Err(Overflow));
    assert!(charge(u64::from(u32::MAX) - 60).is_ok());
}

#[test]
fn r44_parts_of_a_second() {
    let whole =
        |part_second, ticks| Semantics { part_second, ..Semantics::default() }.whole_seconds(ticks, 10);
    assert_eq!([300, 301, 305, 309].map(|ticks| whole(PartSecond::Up, ticks)), [30, 31, 31, 31]);
    assert_eq!([300, 301, 305, 309].map(|ticks| whole(PartSecond::Down, ticks)), [30, 30, 30, 30]);
    assert_eq!([300, 304, 305, 309].map(|ticks| whole(PartSecond::HalfUp, ticks)), [30, 30, 31, 31]);
}
