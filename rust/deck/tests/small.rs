//! Few numbers through every part of the core that reads memory by itself: for interpreters and sanitizers, which
//! take a thousand times as long (`make nightly`). What is right is asked elsewhere; here each read and write is.

use dialnexa_deck::lines::line_ends;
use dialnexa_deck::{
    Asked, BLOCK, Block, Builder, Checked, Deck, Digits, Direction, Enabled, Rater, Raw, Row, Semantics,
    Terms, Walk, Within,
};

const PREFIXES: [&str; 9] = ["1", "1876", "44", "4479", "91", "919", "9198123", "919812345", "9198123456"];
const NUMBERS: [&str; 12] = [
    "1",
    "18765550123",
    "4479",
    "+4479123",
    "919812345678",
    "+919812345678",
    "91981234567890",
    "919812399999999",
    "861",
    "0123",
    "",
    "not a number, and longer than sixteen bytes",
];

fn deck() -> Vec<u8> {
    let mut builder = Builder::new(vec![("provider".into(), "plivo".into())]).keep_redundant(true).depth(2);
    for (prefix, rate) in PREFIXES.iter().zip(0..) {
        for later in [false, true] {
            let terms = Terms {
                outbound_rate: (rate % 3 != 0).then_some(rate),
                inbound_rate: (rate % 2 == 0).then_some(rate),
                valid_from: later.then_some(100),
                valid_to: (!later).then_some(100),
                ..Terms::default()
            };
            let network_group = if later { "second" } else { "first" };
            let row = Row { prefix, network_group, country_iso: "IN", country: "India", terms, source: None };
            builder.push(&row).expect("a good row");
        }
    }
    builder.finish().expect("no conflict")
}

/// A column of string views: what is short stands in its view, the rest in a buffer, some at its very end.
fn views() -> (Vec<u128>, Vec<u8>) {
    let mut buffer = Vec::new();
    let view = |text: &&str| {
        let length = text.len() as u128;
        let mut bytes = [0_u8; 16];
        if text.len() <= 12 {
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            return length | u128::from_le_bytes(bytes) << 32;
        }
        bytes[..4].copy_from_slice(&text.as_bytes()[..4]);
        let offset = buffer.len() as u128;
        buffer.extend_from_slice(text.as_bytes());
        length | u128::from_le_bytes(bytes) << 32 | offset << 96
    };
    let views = NUMBERS.iter().rev().map(view).collect();
    (views, buffer)
}

#[test]
fn every_walk_reads_what_is_there() {
    let bytes = deck();
    let deck = Deck::new(bytes.as_slice()).expect("a deck");
    deck.verify().expect("its digest");
    let view = deck.view();
    let checked = Checked::new(&view).expect("whole bytes");
    let bits = [0b01];
    let enabled = Enabled::new(&bits, deck.groups()).expect("its size");
    let (views, buffer) = views();
    // All lengths of a block's last step, and one that is full.
    let lengths = (0..=views.len()).chain([17, 33, BLOCK]);
    for rows in lengths {
        let column: Vec<u128> = views.iter().cycle().take(rows).copied().collect();
        for walk in Walk::all() {
            for asked in [Asked::default(), Asked { at: Some(100), direction: Some(Direction::Inbound) }] {
                let mut block = Block::of(walk);
                let fill = |block: &mut Block| block.put_views(&column, rows, |_| &buffer);
                fill(&mut block);
                view.find_block(&mut block, rows, |_| asked).expect("whole bytes");
                for (at, number) in NUMBERS.iter().rev().cycle().take(rows.min(NUMBERS.len())).enumerate() {
                    let digits = Digits::parse(number.as_bytes());
                    let alone = digits.and_then(|digits| view.find(&digits, asked).expect("whole bytes"));
                    assert_eq!(
                        view.digits(block.slot[at]),
                        alone.map_or(0, |found| found.digits),
                        "{number}"
                    );
                }
                fill(&mut block);
                view.with(&checked).find_block(&mut block, rows, |_| asked).expect("whole bytes");
                fill(&mut block);
                view.find_enabled_block(&mut block, rows, |_| asked, enabled).expect("whole bytes");
                block.put_integers((0..rows as u64).map(|at| 919_812_345_670 + at), true);
                view.find_block(&mut block, rows, |_| asked).expect("whole bytes");
            }
        }
    }
}

/// What stands in a view behind its text is zero by Arrow's rules, and need not be.
#[test]
fn what_stands_behind_a_text_is_no_part_of_it() {
    for text in ["+", "+1", "1", "+91981234567890", "x"] {
        let mut window = [b'+'; 16];
        window[..text.len()].copy_from_slice(text.as_bytes());
        for length in (0..=text.len()).chain([16, 17, usize::MAX]) {
            let read = Raw::from_window(window, length).read();
            let alone = text.as_bytes().get(..length).and_then(Digits::parse);
            assert_eq!(read.count, alone.map_or(0, |digits| digits.count), "{length} bytes of {text}");
        }
    }
}

#[test]
fn lists_chains_and_charges_read_what_is_there() {
    let bytes = deck();
    let deck = Deck::new(bytes.as_slice()).expect("a deck");
    let view = deck.view();
    for within in ["", "9", "91981", "0"] {
        let within = Within::parse(within.as_bytes()).expect("digits");
        view.prefixes(within, None).expect("whole bytes");
        view.groups_within(within).expect("whole bytes");
    }
    let rater = Rater::new(&view, Semantics::default()).expect("whole bytes");
    for number in NUMBERS {
        assert_eq!(Raw::new(number.as_bytes()).read().count == 0, Digits::parse(number.as_bytes()).is_none());
        let Some(digits) = Digits::parse(number.as_bytes()) else { continue };
        for found in view.chain(&digits).expect("whole bytes") {
            let (group, terms) = view.tariff(found.entry).expect("whole bytes");
            view.group(group).expect("whole bytes");
            let charge = rater.charge(61, terms, Direction::Outbound, || Some(0)).expect("no overflow");
            assert_eq!(charge.is_some(), view.terms(terms).expect("whole bytes").outbound_rate.is_some());
        }
    }
}

#[test]
fn bytes_that_mislead_are_read_within_their_bounds() {
    let whole = deck();
    // Every word in turn, from the first section on: what an interpreter has the time for.
    for at in (24..whole.len() - 36).step_by(if cfg!(miri) { 212 } else { 4 }) {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        let Ok(deck) = Deck::new(bytes.as_slice()) else { continue };
        let view = deck.view();
        for walk in Walk::all() {
            let mut block = Block::of(walk);
            NUMBERS.iter().enumerate().for_each(|(at, number)| block.put(at, Raw::new(number.as_bytes())));
            let _ = view.find_block(&mut block, NUMBERS.len(), |_| Asked::default());
        }
        let _ = (view.labels(), view.all_terms(), view.prefixes(Within::ALL, None));
    }
}

#[test]
fn line_ends_are_found_at_every_place() {
    for length in [0, 1, 15, 16, 17, 63, 64, 65, 130] {
        for place in 0..length {
            let mut text = vec![b'a'; length];
            text[place] = b'\n';
            let mut ends = Vec::new();
            line_ends(&text, |end| ends.push(end));
            assert_eq!(ends, [place + 1]);
        }
    }
}
