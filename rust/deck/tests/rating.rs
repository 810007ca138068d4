//! The prepared rater against the general arithmetic, and that against a naive one in big integers.

use dialnexa_deck::charge::{ConnectFee, FreeSeconds, Grace, Increments, MaxCharge, Minimum, PartSecond};
use dialnexa_deck::{Builder, Deck, Direction, Overflow, Rater, Rounding, Row, Semantics, Terms};
use proptest::prelude::*;

fn semantics() -> impl Strategy<Value = Semantics> {
    let pulse = (1..90_u32, 1..90_u32);
    let flags = any::<[bool; 7]>();
    let rounding = prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfEven),
        Just(Rounding::Up),
        Just(Rounding::Down)
    ];
    (pulse, flags, rounding, 0..=9_u32).prop_map(|(pulse, flags, rounding, decimals)| Semantics {
        pulse,
        part_second: if flags[0] { PartSecond::Up } else { PartSecond::HalfUp },
        increments: if flags[1] { Increments::Anchored } else { Increments::Modulo },
        minimum: if flags[2] { Minimum::BeforeIncrements } else { Minimum::AfterIncrements },
        grace: if flags[3] { Grace::GraceFirst } else { Grace::MinimumFirst },
        free_seconds: if flags[4] { FreeSeconds::Deducted } else { FreeSeconds::OnGrid },
        connect_fee: if flags[5] { ConnectFee::WhenAnswered } else { ConnectFee::AtZero },
        max_charge: if flags[6] { MaxCharge::Cap } else { MaxCharge::Disconnect },
        rounding,
        decimals,
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
        let mut builder = Builder::new(Vec::new());
        let row = Row { prefix: "91", network_group: "India", country_iso: "", country: "", terms, source: None };
        builder.push(&row).expect("a good row");
        let deck = Deck::new(builder.finish().expect("one row")).expect("a deck");
        let prepared = Rater::new(&deck.view(), semantics).expect("whole bytes").charge(seconds, 0, direction);
        let general = semantics.amount(seconds, &terms, direction);
        prop_assert_eq!(prepared, general);
    }

    #[test]
    fn r44_increments_count_blocks(seconds in 1..2000_u64, initial in 1..90_u32, next in 1..90_u32, modulo in any::<bool>()) {
        let increments = if modulo { Increments::Modulo } else { Increments::Anchored };
        let semantics = Semantics { increments, ..Semantics::default() };
        let terms = Terms { outbound_rate: Some(1), increments: Some((initial, next)), ..Terms::default() };
        let billed = semantics.charge(seconds, &terms, Direction::Outbound).expect("small").expect("a rate").billed_s;
        prop_assert_eq!(u64::from(billed), blocks(seconds, initial.into(), next.into(), increments));
    }

    #[test]
    fn longer_calls_never_cost_less(semantics in semantics(), terms in terms(), shorter in 0..4000_u64, more in 0..4000_u64) {
        let cost = |seconds| semantics.charge(seconds, &terms, Direction::Outbound).expect("fits").map(|charge| charge.exact.numerator);
        prop_assert!(cost(shorter) <= cost(shorter + more));
    }
}

#[test]
fn seconds_beyond_all_calls_are_an_overflow() {
    let terms = Terms { outbound_rate: Some(1), ..Terms::default() };
    let charge = |seconds| Semantics::default().charge(seconds, &terms, Direction::Outbound);
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
