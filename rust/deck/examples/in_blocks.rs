//! A deck in a file, and a column of calls: save, map, match in blocks, rate, and a reason for every row.
#![allow(clippy::print_stdout)] // an example shows something

use dialnexa_deck::{
    Asked, BLOCK, Block, Builder, Deck, Direction, Rater, Raw, Reason, Record, Row, Semantics, Terms, file,
    judge,
};
use std::collections::BTreeMap;
use std::error::Error;

/// Called numbers and seconds, as files have them.
const CALLS: [(&str, i64); 5] = [
    ("+919812345678", 61),
    ("+914423456789", 30),
    ("+14155550123", 10),
    ("hello", 10),
    ("+919812345678", -1),
];

/// All of it; the tests of the crate run it too.
pub fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Builder::new(Vec::new());
    for (prefix, network_group, rate) in
        [("91", "India", 600_000_000), ("9198", "India - Mobile", 750_000_000)]
    {
        let terms = Terms { outbound_rate: Some(rate), ..Terms::default() };
        builder.push(&Row {
            prefix,
            network_group,
            country_iso: "IN",
            country: "India",
            terms,
            source: None,
        })?;
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("example.deck");
    // At any moment the path holds the old deck or the new one. A deck is never written in place.
    file::save(&path, &builder.finish()?)?;

    let deck = Deck::new(file::map(&path)?)?;
    deck.verify()?;
    let view = deck.view();
    let semantics = Semantics::default();
    // What all calls share is prepared once.
    let rater = Rater::new(&view, semantics)?;
    let asked = Asked { direction: Some(Direction::Outbound), ..Asked::default() };
    let mut block = Box::<Block>::default();
    let mut counts = BTreeMap::new();
    for calls in CALLS.chunks(BLOCK) {
        for (at, (number, _)) in calls.iter().enumerate() {
            block.put(at, Raw::new(number.as_bytes()));
        }
        view.find_block(&mut block, calls.len(), |_| asked)?;
        for (at, (number, seconds)) in calls.iter().enumerate() {
            let number_fault = (block.count[at] == 0).then_some(Reason::InvalidNumber);
            let terms = view.found(block.slot[at]).map(|found| view.tariff(found.entry)).transpose()?;
            let terms = terms.map(|(_, terms)| terms);
            let is_blocked = terms.map(|terms| rater.is_blocked(terms)).transpose()?;
            let record = Record {
                number_fault,
                fault: None,
                ticks: Some(*seconds),
                direction: asked.direction,
                lacks_time: false,
            };
            let charge = |seconds, direction| {
                terms.map_or(Ok(None), |terms| rater.charge(seconds, terms, direction, || None))
            };
            // Rows in are rows out: a call without a charge has a reason.
            let outcome = match judge(&record, is_blocked, &semantics, 1, charge) {
                Ok(amount) => format!("{} s, {} paise", amount.billed_s, amount.charge),
                Err(reason) => reason.name().to_owned(),
            };
            println!("{number}: {outcome}");
            *counts.entry(outcome).or_insert(0) += 1;
        }
    }
    let expected = [
        ("120 s, 150 paise", 1),
        ("60 s, 60 paise", 1),
        ("invalid_number", 1),
        ("negative_seconds", 1),
        ("unsupported_prefix", 1),
    ];
    assert!(counts.iter().map(|(words, count)| (words.as_str(), *count)).eq(expected));
    Ok(())
}
