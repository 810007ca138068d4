//! Damaged and hostile files: an error or the same answers, never a panic, a hang or another rate.

use dialnexa_deck::semantics::Bands;
use dialnexa_deck::{
    Asked, BLOCK, Band, Block, Broken, BuildError, Builder, Call, Checked, Coding, Deck, Digits, Direction,
    Enabled, OpenError, Raw, Row, Schedule, Semantics, Slot, Terms, Tier, Within, Zone,
};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A deck with every feature, small enough to damage at each byte.
fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| with_every_feature(Slot::MAX_ENTRIES))
}

/// The same with the slots of very large decks.
fn sample_of_many() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| with_every_feature(0))
}

fn with_every_feature(usual: usize) -> Vec<u8> {
    let labels = vec![("provider".into(), "plivo".into())];
    let mut builder = Builder::new(labels).keep_sources(true).usual_entries(usual);
    let prefixes =
        ["9", "91", "919", "9198", "91981", "9198123", "919812345", "447", "4479", "1", "1876", "120255501"];
    let tier = Tier { from_ms: 0, rate: 7, rate_unit_ms: 60_000, increment_ms: Some(500), fee: 1 };
    let later = Tier { from_ms: 30_000, increment_ms: None, ..tier.clone() };
    let band = Band { connect_fee: Some(3), end_ms: None, tiers: vec![tier.clone(), later] };
    let other = Band { connect_fee: None, end_ms: Some(90_000), tiers: vec![tier] };
    let zone = Some(Arc::new(Zone { first: 0, changes: vec![(50, 3600)] }));
    let text = "in words".to_owned();
    let schedule = Schedule { week: vec![(0, 0), (300_000, 1)], bands: vec![band, other], zone, text };
    let schedule = builder.schedule(&schedule);
    for (prefix, rate) in prefixes.iter().zip(0..) {
        for later in [false, true] {
            let terms = Terms {
                outbound_rate: (rate % 3 != 0).then_some(rate),
                schedule: (rate % 3 == 0).then_some(schedule),
                inbound_rate: (rate % 2 == 0).then_some(rate),
                valid_from: later.then_some(100),
                valid_to: (!later).then_some(100),
                ..Terms::default()
            };
            let row = Row {
                prefix,
                network_group: if later { "second" } else { "group" },
                country_iso: "IN",
                country: "India",
                terms,
                source: Some(("sheet.csv", 7)),
            };
            builder.push(&row).expect("a good row");
        }
    }
    builder.finish().expect("no conflict")
}

const NUMBERS: [&str; 6] = ["919812345678", "91", "447912345678", "18761234567", "120255501", "9"];

/// Ask everything there is; the answers as text, or that the bytes are broken.
fn answers(deck: &Deck<&[u8]>) -> Result<String, Broken> {
    let mut text = String::new();
    let bits = vec![0b0101_0101; Enabled::size(deck.groups())];
    let enabled = Enabled::new(&bits, deck.groups()).expect("its size");
    let deck = deck.view();
    let checked = Checked::new(&deck).ok();
    let mut block = Box::<Block>::default();
    for direction in [None, Some(Direction::Outbound), Some(Direction::Inbound)] {
        for at in [None, Some(0), Some(100)] {
            let asked = Asked { at, direction };
            for (index, number) in NUMBERS.iter().enumerate() {
                block.put(index, Raw::new(number.as_bytes()));
            }
            deck.find_block(&mut block, NUMBERS.len(), |_| asked)?;
            for (at, number) in NUMBERS.iter().enumerate() {
                let digits = Digits::parse(number.as_bytes()).expect("a number");
                let one = deck.find(&digits, asked)?;
                assert_eq!(one, deck.found(block.slot[at]), "one by one and in a block");
                if let Some(found) = one {
                    let (group, terms) = deck.tariff(found.entry)?;
                    let source = deck.source(found.entry)?;
                    text +=
                        &format!("{found:?} {:?} {:?} {source:?}\n", deck.group(group)?, deck.terms(terms)?);
                    let terms = deck.terms(terms)?;
                    let schedule = deck.schedule_of(&terms)?;
                    let call =
                        Call { seconds: 1_000_000, direction: Direction::Outbound, answered_at: Some(0) };
                    let split = Semantics { bands: Bands::Split, ..Semantics::default() };
                    let charge = split.charge(&call, &terms, schedule.as_ref());
                    text += &format!("{charge:?} {:?}\n", schedule.map(|schedule| schedule.text));
                }
                text += &format!("{:?}\n", deck.find_enabled(&digits, asked, enabled)?);
                text += &format!("{:?}\n", deck.chain(&digits)?);
            }
            deck.find_enabled_block(&mut block, NUMBERS.len(), |_| asked, enabled)?;
            if let Some(checked) = &checked {
                // Another order of versions may lead elsewhere; that it leads somewhere is what counts.
                NUMBERS
                    .iter()
                    .enumerate()
                    .for_each(|(at, number)| block.put(at, Raw::new(number.as_bytes())));
                let _ = deck.with(checked).find_block(&mut block, NUMBERS.len(), |_| asked);
            }
        }
    }
    for within in ["", "9", "91", "919812", "0", "120255501"] {
        let within = Within::parse(within.as_bytes()).expect("digits");
        for group in [None, Some(0), Some(1)] {
            text += &format!("{:?}\n", deck.prefixes(within, group)?);
        }
        text += &format!("{:?}\n", deck.groups_within(within)?);
    }
    text += &format!("{:?}", deck.labels()?);
    Ok(text)
}

/// A deck whose entries have nothing above them and one tariff: both columns take no bytes at all.
fn flat() -> &'static [u8] {
    static FLAT: OnceLock<Vec<u8>> = OnceLock::new();
    FLAT.get_or_init(|| {
        let mut builder = Builder::new(vec![("provider".into(), "plivo".into())]);
        for prefix in ["1", "44", "91"] {
            builder.push(&plain(prefix, 1)).expect("a good row");
        }
        builder.finish().expect("no conflict")
    })
}

/// A deck whose entries have others above them and several tariffs: a byte for each.
fn packed() -> &'static [u8] {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    PACKED.get_or_init(|| nested(Slot::MAX_ENTRIES))
}

/// The same with the slots of very large decks.
fn packed_of_many() -> &'static [u8] {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    PACKED.get_or_init(|| nested(0))
}

fn nested(usual: usize) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new()).keep_redundant(true).usual_entries(usual);
    for (prefix, rate) in ["1", "18", "4", "447", "9", "91", "91981", "9198123"].iter().zip(0..) {
        builder.push(&plain(prefix, rate)).expect("a good row");
    }
    builder.finish().expect("no conflict")
}

fn plain(prefix: &str, rate: i64) -> Row<'_> {
    Row {
        prefix,
        network_group: "group",
        country_iso: "",
        country: "",
        terms: Terms { outbound_rate: Some(rate), ..Terms::default() },
        source: None,
    }
}

/// Where the bytes of a kind of section are.
fn section(whole: &[u8], kind: u32) -> Range<usize> {
    let (kinds, size) = (24, 24);
    let word = |at: usize| u32::from_le_bytes(whole[at..at + 4].try_into().expect("four bytes")) as usize;
    let place = (0..word(12)).map(|at| kinds + size * at).find(|at| word(*at) == kind as usize);
    place.map(|at| word(at + 8)..word(at + 8) + word(at + 16)).expect("a section")
}

/// An entry that there is not is never an answer, also where its columns take no bytes.
#[test]
fn slots_that_lead_to_no_entry_are_broken() {
    for (whole, entries) in [(flat(), 3), (packed(), 8), (packed_of_many(), 8)] {
        let coding = Deck::new(whole).expect("a deck").view().coding();
        let good = answers(&Deck::new(whole).expect("a deck")).expect("whole bytes");
        for kind in [3, 4] {
            let range = section(whole, kind);
            let mut broken = 0;
            for at in range.clone().step_by(4) {
                let slot = Slot(u32::from_le_bytes(whole[at..at + 4].try_into().expect("four bytes")));
                // What is no slot of an entry is a bitmap, or leads to a node.
                if slot.is_node() || coding.digits(slot) == 0 || coding.entry(slot) >= entries {
                    continue;
                }
                let most = if coding.is_many() { Coding::MOST } else { Slot::MAX_ENTRIES };
                let beyond = [0, 1, 5000, most as u32 - 1 - entries];
                let mut wrong =
                    beyond.map(|more| coding.leaf(coding.digits(slot), false, entries + more)).to_vec();
                wrong.push(Slot::BROKEN);
                if whole == flat() {
                    // In a node the digits of a slot are but those of the first prefix.
                    wrong.extend([coding.leaf(0, false, 1), coding.leaf(0, true, 0)]);
                }
                for slot in wrong {
                    let mut bytes = whole.to_vec();
                    bytes[at..at + 4].copy_from_slice(&slot.0.to_le_bytes());
                    match answers(&Deck::new(bytes.as_slice()).expect("sections that fit")) {
                        Ok(same) => assert!(same == good, "word {at} as {slot:?}"),
                        Err(Broken) => broken += 1,
                    }
                }
            }
            assert!(broken > 0 || range.len() == 4, "section {kind} is looked at");
        }
    }
}

/// What a column of entries states beyond those that there are is seen too.
#[test]
fn numbers_in_columns_that_lead_outside_are_broken() {
    for whole in [packed(), packed_of_many()] {
        let good = answers(&Deck::new(whole).expect("a deck")).expect("whole bytes");
        for kind in [5, 14] {
            for at in section(whole, kind).rev().skip(4) {
                let mut bytes = whole.to_vec();
                bytes[at] = 0xff;
                let found = answers(&Deck::new(bytes.as_slice()).expect("sections that fit"));
                assert!(found.is_err() || found.as_ref() == Ok(&good), "byte {at}");
            }
        }
        // Group and terms of a tariff.
        for (kind, last) in [(6, 8), (4, 4)] {
            for at in section(whole, kind).step_by(last / 2) {
                let mut bytes = whole.to_vec();
                bytes[at..at + 4].copy_from_slice(&77_u32.to_le_bytes());
                let found = answers(&Deck::new(bytes.as_slice()).expect("sections that fit"));
                assert!(found.is_err() || found.as_ref() == Ok(&good), "word {at} of section {kind}");
            }
        }
    }
}

/// A flag of terms that has no meaning yet may mean another price to who wrote it.
#[test]
fn reserved_flags_of_terms_are_broken() {
    for whole in [packed(), packed_of_many()] {
        let flags = section(whole, 7).start + 80;
        for bit in 4..32 {
            let mut bytes = whole.to_vec();
            bytes[flags + bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                answers(&Deck::new(bytes.as_slice()).expect("sections that fit")),
                Err(Broken),
                "bit {bit}"
            );
        }
    }
}

/// The numbers that state where each half of the digits begins ascend from 0 to the entries that there are.
#[test]
fn halves_that_cannot_be_are_refused() {
    let whole = sample_of_many();
    let good = Deck::new(whole).expect("a deck");
    let Coding::Many(firsts) = good.view().coding() else { panic!("slots of many entries") };
    let range = section(whole, 19);
    let with = |firsts: [u32; 8]| {
        let mut bytes = whole.to_vec();
        bytes[range.clone()].copy_from_slice(&firsts.map(u32::to_le_bytes).concat());
        Deck::new(bytes).map(|_| ())
    };
    assert_eq!(with(firsts), Ok(()));
    let refused = Err(OpenError::Section { what: "number of entries" });
    assert_eq!(with([1; 8]), refused);
    assert_eq!(with([0, 2, 1, 1, 1, 1, 1, 1]), refused);
    assert_eq!(with([0, 0, 0, 0, 0, 0, 0, good.entries() as u32 + 1]), refused);
    // Others give other digits: an error or another prefix of the number, and no walk without an end.
    for at in 1..8 {
        for first in [0, firsts[at].saturating_sub(1), firsts[at] + 1, good.entries() as u32] {
            let mut other = firsts;
            other[at] = first;
            let mut bytes = whole.to_vec();
            bytes[range.clone()].copy_from_slice(&other.map(u32::to_le_bytes).concat());
            same_or_error(&bytes);
        }
    }
}

#[test]
fn what_is_full_says_so() {
    let refused = |builder: Builder| {
        let mut builder = builder;
        for prefix in ["1", "44", "91", "919812345"] {
            builder.push(&plain(prefix, 1)).expect("a good row");
        }
        builder.finish().expect_err("too little room")
    };
    let new = || Builder::new(Vec::new()).keep_redundant(true);
    assert_eq!(refused(new().entries(3)), BuildError::TooMany { count: 4, limit: 3 });
    assert!(
        refused(new().entries(3))
            .to_string()
            .contains("4 entries are more than the 3 that one deck can number")
    );
    assert_eq!(refused(new().words(5)), BuildError::Full { count: 4, limit: 5 });
    assert!(refused(new().words(5)).to_string().contains("more than the 5 words"));
    assert!(matches!(refused(new().text_bytes(4)), BuildError::Text { bytes: 5, limit: 4 }));
}

/// Open without verifying, as hostile bytes with a recomputed digest would be opened.
fn same_or_error(bytes: &[u8]) {
    if let Ok(deck) = Deck::new(bytes) {
        let _ = answers(&deck);
    }
}

/// Bytes of the deck, behind which its note stands.
fn deck_length(whole: &[u8]) -> usize {
    u64::from_le_bytes(whole[16..24].try_into().expect("eight bytes")) as usize
}

#[test]
fn every_truncation_is_refused() {
    let whole = sample();
    for length in 0..whole.len() {
        // Without its note a deck is whole, and of the same digest.
        let is_whole = length == deck_length(whole);
        assert_eq!(Deck::new(&whole[..length]).is_ok(), is_whole, "{length}");
    }
    let mut longer = whole.to_vec();
    longer.push(0);
    assert!(matches!(Deck::new(longer), Err(OpenError::Length { .. })));
}

#[test]
fn every_flipped_byte_is_seen_by_verify() {
    for whole in [sample(), packed_of_many()] {
        let good = answers(&Deck::new(whole).expect("a deck")).expect("whole bytes");
        assert!(whole != sample() || good.contains("plivo"));
        for at in 0..whole.len() {
            for flip in [1_u8, 0x80, 0xff] {
                let mut bytes = whole.to_vec();
                bytes[at] ^= flip;
                let opened = Deck::new(bytes.as_slice()).and_then(|deck| deck.verify());
                assert!(opened.is_err(), "byte {at} flipped by {flip}");
                same_or_error(&bytes);
            }
        }
    }
}

#[test]
fn a_note_changes_no_digest_and_is_read_by_nothing_else() {
    let write = |note: &[(&str, &str)]| {
        let line = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut builder = Builder::new(Vec::new()).note(note.iter().map(line).collect());
        builder.push(&plain("91", 1)).expect("a good row");
        builder.finish().expect("no conflict")
    };
    let (none, one) =
        (write(&[]), write(&[("writer", "somebody 1.0"), ("tzdata", "2026b"), ("odd name", "x")]));
    let [bare, signed] = [&none, &one].map(|bytes| Deck::new(bytes.as_slice()).expect("a deck"));
    assert_eq!(bare.digest(), signed.digest());
    assert_eq!(bare.note(), Ok(Vec::new()));
    let said = signed.note().expect("whole");
    assert_eq!(
        said,
        [("writer", "somebody 1.0"), ("tzdata", "2026b")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert_eq!(one[..none.len()], none);
    // Damaged, it is refused by `verify` or at once, and the answers are those of the deck.
    let good = answers(&bare);
    for at in none.len()..one.len() {
        for bit in 0..8 {
            let mut bytes = one.clone();
            bytes[at] ^= 1 << bit;
            let Ok(deck) = Deck::new(bytes.as_slice()) else { continue };
            assert_eq!(deck.verify(), Err(OpenError::Note), "byte {at}, bit {bit}");
            assert_eq!(deck.note(), Err(OpenError::Note));
            assert_eq!(answers(&deck), good);
        }
    }
    // A note holds to its deck: that of another is none.
    let other = sample();
    let moved = [&none, &other[deck_length(other)..]].concat();
    assert_eq!(Deck::new(moved).expect("sections that fit").verify(), Err(OpenError::Note));
}

/// The bytes with one more section behind the others, of one byte; the digest is made anew.
fn with_a_section(whole: &[u8], kind: u32) -> Vec<u8> {
    let length = deck_length(whole);
    let count = u32::from_le_bytes(whole[12..16].try_into().expect("four bytes"));
    let table = 24 + 24 * count as usize;
    // A line of 64 bytes more before the first section, so all stand that much further.
    let mut bytes = [&whole[..table], &[0; 64], &whole[table..length - 32]].concat();
    for place in (24..table).step_by(24) {
        let offset = u64::from_le_bytes(bytes[place + 8..place + 16].try_into().expect("eight bytes"));
        bytes[place + 8..place + 16].copy_from_slice(&(offset + 64).to_le_bytes());
    }
    let length = length + 64;
    let place = [kind.to_le_bytes(), [0; 4]].concat();
    let place = [place, (length as u64 - 32).to_le_bytes().to_vec(), 1_u64.to_le_bytes().to_vec()].concat();
    bytes[table..table + 24].copy_from_slice(&place);
    bytes[12..16].copy_from_slice(&(count + 1).to_le_bytes());
    bytes.resize(length - 32 + 64, 7);
    bytes[16..24].copy_from_slice(&(length as u64 + 64).to_le_bytes());
    let digest = blake3::hash(&bytes);
    bytes.extend_from_slice(digest.as_bytes());
    bytes
}

#[test]
fn an_unknown_section_is_skipped_if_it_may_be() {
    for whole in [sample(), packed(), packed_of_many()] {
        let good = answers(&Deck::new(whole).expect("a deck"));
        for kind in [1 << 31 | 20, 1 << 31 | 1, u32::MAX, 1 << 31] {
            let bytes = with_a_section(whole, kind);
            let deck = Deck::new(bytes.as_slice()).expect("a section that is skipped");
            deck.verify().expect("its digest");
            assert_eq!(answers(&deck), good);
        }
        for kind in [0, 20, 1 << 30] {
            let refused = Deck::new(with_a_section(whole, kind)).map(|_| ());
            assert_eq!(refused, Err(OpenError::Kind { kind }));
        }
        // One that is skipped lies inside the file like all others.
        let mut bytes = with_a_section(whole, u32::MAX);
        let table = 24 + 24 * (bytes[12] as usize - 1);
        bytes[table + 16] = 255;
        assert!(Deck::new(bytes).is_err());
    }
}

#[test]
fn header_errors_name_their_field() {
    let with = |at: usize, value: &[u8]| {
        let mut bytes = sample().to_vec();
        bytes[at..at + value.len()].copy_from_slice(value);
        Deck::new(bytes).map(|_| ()).expect_err("damage").to_string()
    };
    assert!(with(0, b"XXXX").contains("not a deck file"));
    assert!(
        with(8, &[9, 0, 0, 0]).contains("of format 9, and format 4 is the newest that this version reads")
    );
    assert!(
        with(8, &[2, 0, 0, 0]).contains("of format 2, and format 3 is the oldest that this version reads")
    );
    assert!(with(12, &[255, 0, 0, 0]).contains("number of sections"));
    assert!(with(16, &[1]).contains("bytes where its header says"));
    assert!(with(24, &[99]).contains("a section of kind 99, which this version does not know"));
    assert!(with(24, &[2]).contains("section kinds"));
    assert!(with(28, &[1]).contains("word beside the kind of a section, which is reserved"));
    let meta = section(sample(), 1).start;
    assert!(with(meta + 20, &[4]).contains("flag of its description, which is reserved"));
    assert!(with(meta + 28, &[1]).contains("last word of its description, which is reserved"));
    assert!(with(32, &[255; 8]).contains("section bounds"));
    assert!(with(40, &[255; 8]).contains("section bounds"));
    assert_eq!(Deck::new(&b"hello"[..]).map(|_| ()), Err(OpenError::Magic));
    assert_eq!(Deck::new(&b""[..]).map(|_| ()), Err(OpenError::Magic));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn hostile_words_never_panic_or_hang(
        which in 0..5_usize,
        patches in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u32>(), 0..64_u32, Just(u32::MAX), Just(1 << 31)]), 1..12)
    ) {
        let mut bytes = [sample(), flat(), packed(), sample_of_many(), packed_of_many()][which].to_vec();
        for (index, value) in patches {
            let at = 64 + index.index((bytes.len() - 100) / 4) * 4;
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        same_or_error(&bytes);
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Deck::new(bytes).is_err());
    }
}

/// Nodes that lead to each other would be walked for ever, or exponentially long.
#[test]
fn a_walk_through_nodes_in_a_circle_ends() {
    let whole = sample();
    let section = |kind| section(whole, kind);
    // Every cell leads to one node, whose cells lead to it or to another that leads back.
    for targets in [[0, 0], [0, 200], [200, 0]].map(|at| at.map(|at| at | 1 << 30)) {
        let mut bytes = whole.to_vec();
        for range in [section(2), section(3)] {
            for (at, word) in bytes[range].chunks_exact_mut(4).enumerate() {
                let node = (1_u32 << 31) | targets[at % 2];
                word.copy_from_slice(&node.to_le_bytes());
            }
        }
        let deck = Deck::new(bytes.as_slice()).expect("sections that fit");
        for within in ["", "9", "919812345678"] {
            let within = Within::parse(within.as_bytes()).expect("digits");
            assert!(deck.view().prefixes(within, None).is_err());
            assert!(deck.view().groups_within(within).is_err());
        }
    }
}

#[test]
fn a_full_block_may_be_asked() {
    let deck = Deck::new(sample()).expect("a deck");
    let mut block = Box::<Block>::default();
    for at in 0..BLOCK {
        block.put(at, Raw::new(NUMBERS[at % NUMBERS.len()].as_bytes()));
    }
    deck.view().find_block(&mut block, BLOCK, |_| Asked::default()).expect("whole bytes");
    assert!(block.slot.iter().all(|slot| deck.view().digits(*slot) > 0));
}
