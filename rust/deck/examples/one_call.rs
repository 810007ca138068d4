//! A sheet, a number, a charge: compile, match, list and rate.
#![allow(clippy::print_stdout)] // an example shows something

use dialnexa_deck::{
    Asked, Builder, Call, Deck, Digits, Direction, Exact, Nano, Part, Row, Semantics, Terms, Within,
};
use std::error::Error;

/// Prefix, network group, nano-rupees a minute; all of it invented.
const SHEET: [(&str, &str, Nano); 3] = [
    ("91", "India", 600_000_000),
    ("9198", "India - Mobile", 750_000_000),
    ("9144", "India - Chennai", 550_000_000),
];

/// All of it; the tests of the crate run it too.
pub fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Builder::new(vec![("provider".into(), "example".into())]).keep_sources(true);
    for (row, (prefix, network_group, rate)) in (2..).zip(SHEET) {
        let terms = Terms {
            outbound_rate: Some(rate),
            increments: Some((30, 6)),
            connect_fee: 100_000_000,
            ..Terms::default()
        };
        let source = Some(("sheet.csv", row));
        builder.push(&Row { prefix, network_group, country_iso: "IN", country: "India", terms, source })?;
    }
    let deck = Deck::new(builder.finish()?)?;
    println!("{} entries, digest {}", deck.entries(), deck.digest());

    let view = deck.view();
    println!("prefixes under 91: {}", view.prefixes(Within::parse(b"91").ok_or("digits")?, None)?.join(", "));

    let number = Digits::parse(b"+919812345678").ok_or("not a number")?;
    // The longest prefix answers; those behind it are there to be explained.
    let found = view.find(&number, Asked::default())?.ok_or("no prefix begins this number")?;
    for shorter in view.chain(&number)? {
        let (group, _) = view.tariff(shorter.entry)?;
        let source = view.source(shorter.entry)?;
        println!("{} digits lead to {}, of {source:?}", shorter.digits, view.group(group)?.name);
    }

    let semantics = Semantics::default();
    let terms = view.terms_of(found.entry)?;
    let call = Call { seconds: 61, direction: Direction::Outbound, answered_at: None };
    let mut parts = Vec::new();
    let tell = |part: Part<'_>, amount: Exact| {
        let words = match part {
            Part::Blocks(piece) => format!("{} blocks of {} s", piece.blocks, piece.block_ms / 1000),
            Part::ConnectFee(_) => "the connect fee".to_owned(),
            Part::TierFee(..) => "the fee of a tier".to_owned(),
        };
        parts.push((words, amount));
    };
    let charge = semantics.charge_in_parts(&call, &terms, None, tell)?.ok_or("no outbound rate")?;
    let mut sum = Exact::ZERO;
    for (words, amount) in parts {
        println!("{words}: {} / {} nano-rupees", amount.numerator, amount.denominator);
        sum = sum.plus(amount)?;
    }
    let paise = charge.exact.round(semantics.decimals, semantics.rounding)?;
    println!("{} s are billed, {}.{:02} INR", charge.billed_s, paise / 100, paise % 100);
    assert_eq!((charge.billed_s, paise), (66, 93)); // 66 s of 0.75 a minute and the fee are 0.925, half-up
    assert_eq!(sum.round(2, semantics.rounding)?, paise);
    Ok(())
}
