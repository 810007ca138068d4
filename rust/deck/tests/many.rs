//! A deck with more entries than the usual slots can number. Takes about eight gigabytes and a minute, so it is
//! asked for: `cargo test --release --package dialnexa-deck --test many -- --ignored`.

use dialnexa_deck::{Asked, BLOCK, Block, Builder, Coding, Deck, Digits, Raw, Row, Slot, Terms, Walk};

/// Ported numbers: every one of ten digits that begins with 1 and stands below this.
const NUMBERS: u64 = 1_068_000_000;
const FIRST: u64 = 1_000_000_000;

/// Rows of all lengths beside them, of which "1" is above all ported numbers.
const SHORT: [&str; 15] = [
    "1",
    "91",
    "919",
    "9198",
    "91981",
    "919812",
    "9198123",
    "91981234",
    "919812345",
    "4479000000",
    "44790000000",
    "447900000000",
    "4479000000000",
    "44790000000000",
    "447900000000000",
];

fn row(prefix: &str, rate: i64) -> Row<'_> {
    let terms = Terms { outbound_rate: Some(rate), ..Terms::default() };
    Row { prefix, network_group: "group", country_iso: "", country: "", terms, source: None }
}

/// The digits of the longest prefix and its rate, by arithmetic.
fn expected(number: &str) -> Option<(u32, i64)> {
    let first_ten = number.get(..10).and_then(|digits| digits.parse::<u64>().ok());
    if let Some(value) = first_ten.filter(|value| (FIRST..NUMBERS).contains(value)) {
        return Some((10, 100 + (value % 7) as i64));
    }
    let short = SHORT.iter().filter(|short| number.starts_with(**short)).max_by_key(|short| short.len())?;
    Some((short.len() as u32, short.len() as i64))
}

#[test]
#[ignore = "takes about eight gigabytes of memory"]
fn more_than_67_million_entries_are_found() {
    let mut builder = Builder::new(Vec::new());
    for short in SHORT {
        builder.push(&row(short, short.len() as i64)).expect("a good row");
    }
    let mut text = String::new();
    for value in FIRST..NUMBERS {
        use std::fmt::Write;
        text.clear();
        write!(text, "{value}").expect("memory");
        builder.push(&row(&text, 100 + (value % 7) as i64)).expect("a good row");
    }
    let deck = Deck::new(builder.finish().expect("room")).expect("a deck");
    deck.verify().expect("its digest");
    assert_eq!(deck.entries() as u64, NUMBERS - FIRST + SHORT.len() as u64);
    assert!(deck.entries() > Slot::MAX_ENTRIES && deck.view().coding().is_many());
    assert!(deck.entries() < Coding::MOST);
    let near = (FIRST..NUMBERS + 2_000_000).step_by(13_337).map(|value| value.to_string());
    let longer = (FIRST..NUMBERS).step_by(777_777).map(|value| format!("{value}12345"));
    let short =
        SHORT.iter().flat_map(|short| [(*short).to_owned(), format!("{short}7"), format!("{short}00")]);
    let numbers: Vec<String> = near.chain(longer).chain(short).filter(|number| number.len() <= 15).collect();
    let view = deck.view();
    let said = |found: dialnexa_deck::Found| {
        let terms = view.terms_of(found.entry).expect("an entry");
        (found.digits, terms.outbound_rate.expect("a rate"))
    };
    for walk in Walk::all() {
        let mut block = Block::of(walk);
        for part in numbers.chunks(BLOCK) {
            part.iter().enumerate().for_each(|(at, number)| block.put(at, Raw::new(number.as_bytes())));
            view.find_block(&mut block, part.len(), |_| Asked::default()).expect("whole bytes");
            for (at, number) in part.iter().enumerate() {
                let one = view.find(&Digits::parse(number.as_bytes()).expect("a number"), Asked::default());
                let one = one.expect("whole bytes");
                assert_eq!(view.found(block.slot[at]), one, "{walk:?} {number}");
                assert_eq!(one.map(said), expected(number), "{walk:?} {number}");
            }
        }
    }
}
