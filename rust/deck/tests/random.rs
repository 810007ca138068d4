//! The deck against the naive loop, over random sheets, numbers, times and directions.

use dialnexa_deck::naive::NaiveDeck;
use dialnexa_deck::trie::build::{Leaf, build, halves, numbering};
use dialnexa_deck::trie::walk::Trie;
use dialnexa_deck::{
    Asked, BLOCK, Block, Builder, Checked, Coding, Deck, Digits, Direction, Enabled, Raw, Row, Slot, Terms,
    Walk, Within,
};
use proptest::prelude::*;
use zerocopy::little_endian::U32;

type OwnedRow = (String, String, Terms);

/// Prefixes that nest deeply: few distinct digits, all lengths.
fn prefix() -> impl Strategy<Value = String> {
    // The second kind crowds nodes below any table, so that parents and siblings are met there.
    prop_oneof!["[19][0159]{0,14}", "9155559[05]{0,8}"]
}

fn terms() -> impl Strategy<Value = Terms> {
    let rate = || prop_oneof![3 => Just(None), 5 => (0..4_i64).prop_map(Some)];
    (rate(), rate(), 0..8, any::<bool>(), any::<bool>()).prop_map(
        |(outbound_rate, inbound_rate, dates, blocked, exact)| {
            let (valid_from, valid_to) = match dates {
                0 => (Some(10), None),
                1 => (None, Some(10)),
                2 => (Some(5), Some(15)),
                _ => (None, None),
            };
            let exact_match = exact && blocked;
            Terms {
                outbound_rate,
                inbound_rate,
                valid_from,
                valid_to,
                blocked,
                exact_match,
                ..Terms::default()
            }
        },
    )
}

/// Rows of which no two own one prefix: later versions begin where the first ends.
fn rows() -> impl Strategy<Value = Vec<OwnedRow>> {
    prop::collection::vec((prefix(), "[ab]", terms()), 0..60).prop_map(|mut rows| {
        rows.sort_by(|a, b| (&a.0, a.2.exact_match).cmp(&(&b.0, b.2.exact_match)));
        let mut apart: Vec<OwnedRow> = Vec::new();
        for row in rows {
            let follows = apart.last().is_none_or(|last| {
                let same = last.0 == row.0 && last.2.exact_match == row.2.exact_match;
                !same || last.2.valid_to.is_some_and(|to| row.2.valid_from.is_some_and(|from| to <= from))
            });
            if follows {
                apart.push(row);
            }
        }
        apart
    })
}

fn row(owned: &OwnedRow) -> Row<'_> {
    Row {
        prefix: &owned.0,
        network_group: &owned.1,
        country_iso: "IN",
        country: "India",
        terms: owned.2,
        source: None,
    }
}

/// Bytes of the key that the table decides. Seven digits are long to build without optimisation.
fn depth() -> impl Strategy<Value = u32> {
    prop_oneof![8 => Just(2), 1 => Just(3), 1 => Just(4)]
}

/// How a deck is laid out: bytes of the key that its table decides, and whether its slots are those of many entries.
type Shape = (u32, bool);

fn shape() -> impl Strategy<Value = Shape> {
    (depth(), any::<bool>())
}

fn compile(rows: &[OwnedRow], keep_redundant: bool, (depth, is_many): Shape) -> Deck<Vec<u8>> {
    let mut builder = Builder::new(Vec::new()).keep_redundant(keep_redundant).depth(depth);
    if is_many {
        builder = builder.usual_entries(0);
    }
    for owned in rows {
        builder.push(&row(owned)).expect("a good row");
    }
    let deck = Deck::new(builder.finish().expect("no conflict")).expect("a deck");
    deck.verify().expect("its digest");
    deck
}

/// The prefixes of rows as the builder of the trie takes them.
fn leaves(rows: &[OwnedRow], (depth, is_many): Shape) -> (Vec<Leaf>, Coding) {
    let mut prefixes: Vec<(u64, u32)> = Vec::new();
    for (prefix, ..) in rows {
        let digits = Digits::parse(prefix.as_bytes()).expect("a prefix");
        prefixes.push((digits.aligned(), digits.count as u32));
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    let leaf = |(aligned, count)| Leaf { aligned, count, slot: Slot::NONE };
    let mut leaves: Vec<Leaf> = prefixes.iter().copied().map(leaf).collect();
    let usual = if is_many { 0 } else { Slot::MAX_ENTRIES };
    let coding = Coding::of(halves(prefixes.iter().map(|(_, count)| *count)), usual);
    for (entry, at) in (0..).zip(numbering(prefixes.len(), depth, coding.is_many(), |at| prefixes[at])) {
        let leaf = &mut leaves[at as usize];
        leaf.slot = coding.leaf(leaf.count, entry % 5 == 0, entry);
    }
    (leaves, coding)
}

fn asked() -> impl Strategy<Value = Asked> {
    let direction = prop_oneof![Just(None), Just(Some(Direction::Outbound)), Just(Some(Direction::Inbound))];
    (prop::option::of(0..20_i64), direction).prop_map(|(at, direction)| Asked { at, direction })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn r16_the_longest_prefix_wins_as_the_naive_loop_says(
        rows in rows(),
        extra in prop::collection::vec(prefix(), 1..60),
        asked in prop::collection::vec(asked(), 1..4),
        shape in shape(),
    ) {
        let mut naive = NaiveDeck::default();
        rows.iter().for_each(|owned| naive.push(&row(owned)));
        let kept = compile(&rows, true, shape);
        let lean = compile(&rows, false, shape);
        // Numbers that are a prefix, one digit more, one less: where mistakes live.
        let near = rows.iter().flat_map(|(prefix, ..)| {
            let mut short = prefix.clone();
            short.pop();
            [prefix.clone(), format!("{prefix}5"), short]
        });
        let numbers: Vec<String> =
            near.chain(extra).filter(|number| (1..=15).contains(&number.len())).collect();
        let checked = Checked::new(&kept.view()).expect("whole bytes");
        let (mut block, mut ahead) = (Box::<Block>::default(), Box::<Block>::default());
        for asked in asked {
            for part in numbers.chunks(BLOCK) {
                for (at, number) in part.iter().enumerate() {
                    block.put(at, Raw::new(number.as_bytes()));
                }
                for (at, number) in part.iter().enumerate() {
                    ahead.put(at, Raw::new(number.as_bytes()));
                }
                kept.view().find_block(&mut block, part.len(), |_| asked).expect("whole bytes");
                kept.view().with(&checked).find_block(&mut ahead, part.len(), |_| asked).expect("whole bytes");
                for (at, number) in part.iter().enumerate() {
                    let digits = Digits::parse(number.as_bytes()).expect("a number");
                    let expected = naive.find(number, asked);
                    let one = kept.view().find(&digits, asked).expect("whole bytes");
                    let got = one.map(|found| {
                        let (group, terms) = kept.view().tariff(found.entry).expect("an entry");
                        (
                            number[..found.digits as usize].to_owned(),
                            kept.view().terms(terms).expect("terms"),
                            kept.view().group(group).expect("a group").name.to_owned(),
                        )
                    });
                    prop_assert_eq!(&got, &expected, "{} {:?}", number, asked);
                    let slot = block.slot[at];
                    let in_block = kept.view().found(slot).map(|found| (found.digits, found.entry));
                    prop_assert_eq!(in_block, one.map(|found| (found.digits, found.entry)));
                    // The same of entries that were read before.
                    prop_assert_eq!(kept.view().with(&checked).find(&digits, asked), Ok(one));
                    prop_assert_eq!(ahead.slot[at], slot);
                    // Without redundant rows the prefix may be a shorter one; all else is the same.
                    let leaner = lean.view().find(&digits, asked).expect("whole bytes").map(|found| {
                        let (group, terms) = lean.view().tariff(found.entry).expect("an entry");
                        (lean.view().terms(terms).expect("terms"), lean.view().group(group).expect("a group").name.to_owned())
                    });
                    prop_assert_eq!(leaner, expected.map(|(_, terms, group)| (terms, group)));
                }
            }
        }
    }

    #[test]
    fn any_order_gives_the_same_bytes((sorted, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())), shape in shape()) {
        let (one, other) = (compile(&sorted, false, shape), compile(&shuffled, false, shape));
        prop_assert!(one.bytes() == other.bytes());
    }

    #[test]
    fn the_chain_is_every_prefix_longest_first(rows in rows(), number in prefix(), shape in shape()) {
        let deck = compile(&rows, true, shape);
        let digits = Digits::parse(number.as_bytes()).expect("a number");
        let chain: Vec<u32> = deck.view().chain(&digits).expect("whole bytes").iter().map(|found| found.digits).collect();
        let mut expected: Vec<u32> = rows
            .iter()
            .filter(|(prefix, ..)| number.starts_with(prefix.as_str()))
            .map(|(prefix, ..)| prefix.len() as u32)
            .collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(chain, expected);
    }

    #[test]
    fn the_listing_is_every_row_under_some_digits(
        rows in rows(),
        within in prop_oneof!["[019]?[0159]{0,14}", prefix()],
        near in any::<prop::sample::Index>(),
        (cut, how) in (0..4_usize, 0..3),
        shape in shape(),
    ) {
        // Also the first digits of a row, and such with another last one.
        let within = match rows.is_empty() || how == 0 {
            true => within,
            false => {
                let mut start = near.get(&rows).0.clone();
                start.truncate(start.len().saturating_sub(cut).max(1));
                if how == 2 {
                    let last = start.pop();
                    start.push(if last == Some('5') { '0' } else { '5' });
                }
                start
            }
        };
        let deck = compile(&rows, true, shape);
        let asked = Within::parse(within.as_bytes()).expect("digits");
        let mut listed = Vec::new();
        let mut entries = Vec::new();
        deck.view().each_entry(asked, |one| {
            let (group, terms) = deck.view().tariff(one.entry)?;
            let name = deck.view().group(group)?.name.to_owned();
            listed.push((one.prefix(), name, deck.view().terms(terms)?));
            entries.push(one.entry);
            Ok(())
        }).expect("whole bytes");
        entries.sort_unstable();
        prop_assert!(entries.is_sorted_by(|a, b| a < b), "an entry is listed once");
        let mut expected: Vec<OwnedRow> =
            rows.iter().filter(|(prefix, ..)| prefix.starts_with(&within)).cloned().collect();
        let key = |row: &OwnedRow| (row.0.clone(), row.2.exact_match, row.2.valid_from);
        expected.sort_by_key(key);
        prop_assert_eq!(&listed, &expected);
        let mut prefixes: Vec<&String> = expected.iter().map(|(prefix, ..)| prefix).collect();
        prefixes.dedup();
        let got = deck.view().prefixes(asked, None).expect("whole bytes");
        prop_assert_eq!(got.iter().collect::<Vec<_>>(), prefixes);
    }

    #[test]
    fn r16_only_enabled_groups_take_part(
        rows in rows(),
        extra in prop::collection::vec(prefix(), 1..60),
        asked in asked(),
        chosen in prop::sample::subsequence(vec!["a", "b"], 0..=2),
        shape in shape(),
    ) {
        let mut naive = NaiveDeck::default();
        let takes_part = |owned: &&OwnedRow| chosen.contains(&owned.1.as_str());
        rows.iter().filter(takes_part).for_each(|owned| naive.push(&row(owned)));
        let numbers: Vec<String> =
            rows.iter().map(|(prefix, ..)| prefix.clone()).chain(extra).take(BLOCK).collect();
        for keep_redundant in [true, false] {
            let deck = compile(&rows, keep_redundant, shape);
            let view = deck.view();
            let names = (0..deck.groups() as u32).map(|group| view.group(group).expect("a group").name);
            let set = names.zip(0..).filter(|(name, _)| chosen.contains(name));
            let bits = [set.fold(0, |bits, (_, group)| bits | 1_u8 << group)];
            let enabled = Enabled::new(&bits[..Enabled::size(deck.groups())], deck.groups()).expect("its size");
            let mut block = Box::<Block>::default();
            for (at, number) in numbers.iter().enumerate() {
                block.put(at, Raw::new(number.as_bytes()));
            }
            view.find_enabled_block(&mut block, numbers.len(), |_| asked, enabled).expect("whole bytes");
            for (at, number) in numbers.iter().enumerate() {
                let digits = Digits::parse(number.as_bytes()).expect("a number");
                let one = view.find_enabled(&digits, asked, enabled).expect("whole bytes");
                let slot = block.slot[at];
                let in_block = view.found(slot).map(|found| (found.digits, found.entry));
                prop_assert_eq!(in_block, one.map(|found| (found.digits, found.entry)));
                let got = one.map(|found| {
                    let name = view.group(view.group_of(found.entry)?)?.name.to_owned();
                    Ok::<_, dialnexa_deck::Broken>((view.terms_of(found.entry)?, name))
                });
                let expected = naive.find(number, asked);
                if keep_redundant {
                    let prefix = expected.as_ref().map(|(prefix, ..)| prefix.len() as u32);
                    prop_assert_eq!(one.map(|found| found.digits), prefix);
                }
                let expected = expected.map(|(_, terms, group)| (terms, group));
                prop_assert_eq!(got.transpose().expect("whole bytes"), expected, "{} {:?}", number, asked);
            }
        }
    }
}

/// Which walks were tested stands in the log: the others are of processors that this is not.
#[test]
fn each_walk_of_this_processor_is_tested() {
    let here: Vec<&str> = Walk::all().into_iter().map(Walk::name).collect();
    for name in ["avx512", "avx2", "portable"] {
        match Walk::named(name) {
            Some(walk) => assert_eq!(walk.name(), name),
            None => eprintln!("the walk {name} is not tested: this processor has {here:?} only"),
        }
    }
    assert_eq!(here.last(), Some(&"portable"));
    assert_eq!(Walk::default().name(), here[0]);
    assert!(Walk::named("neon").is_none());
}

/// Versions of prefixes, hours and days of them, beside others: rows of one prefix end where the next begins.
fn versions() -> impl Strategy<Value = Vec<OwnedRow>> {
    let one = ("[19][0-2]{0,3}", 0..80_usize, 1..4_i64, any::<bool>(), 0..3_usize);
    prop::collection::vec(one, 1..6).prop_map(|prefixes| {
        let mut rows: Vec<OwnedRow> = Vec::new();
        for (prefix, count, step, one_way, exact) in prefixes {
            if rows.iter().any(|row| row.0 == prefix) {
                continue;
            }
            for version in 0..=count {
                let from = 3 * version as i64;
                let rate = Some(version as i64);
                let [outbound_rate, inbound_rate] =
                    if one_way && version % 3 == 1 { [None, rate] } else { [rate; 2] };
                let terms = Terms {
                    outbound_rate,
                    inbound_rate,
                    valid_from: (version > 0).then_some(from),
                    valid_to: (version < count).then_some(from + step),
                    exact_match: version + exact > count,
                    ..Terms::default()
                };
                rows.push((prefix.clone(), "group".to_owned(), terms));
            }
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn r50_a_version_is_found_as_a_walk_through_all_of_them_does(
        rows in versions(),
        numbers in prop::collection::vec("[19][0-2]{0,5}", 1..20),
        times in prop::collection::vec(prop_oneof![0..260_i64, Just(i64::MIN), Just(i64::MAX)], 1..8),
        direction in prop_oneof![Just(None), Just(Some(Direction::Outbound)), Just(Some(Direction::Inbound))],
        shape in shape(),
    ) {
        let deck = compile(&rows, true, shape);
        let plain = deck.view();
        let checked = Checked::new(&plain).expect("whole bytes");
        let mut block = Box::<Block>::default();
        for at in times.into_iter().map(Some).chain([None]) {
            let asked = Asked { at, direction };
            numbers.iter().enumerate().for_each(|(at, number)| block.put(at, Raw::new(number.as_bytes())));
            plain.with(&checked).find_block(&mut block, numbers.len(), |_| asked).expect("whole bytes");
            for (at, number) in numbers.iter().enumerate() {
                let digits = Digits::parse(number.as_bytes()).expect("a number");
                let one = plain.find(&digits, asked).expect("whole bytes");
                prop_assert_eq!(plain.with(&checked).find(&digits, asked), Ok(one), "{} {:?}", number, asked);
                let slot = block.slot[at];
                let in_block = plain.found(slot).map(|found| (found.digits, found.entry));
                prop_assert_eq!(in_block, one.map(|found| (found.digits, found.entry)));
            }
        }
    }
}

proptest! {
    // A table over seven digits is long to build without optimisation.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_instructions_of_any_processor_find_the_same(
        rows in rows(),
        (depth, is_many) in (2..=4_u32, any::<bool>()),
        texts in prop::collection::vec(prop_oneof!["\\+?[19][0159]{0,16}", "9155559[05]{0,8}", "[+0-9a:/]{0,20}"], 0..BLOCK + 1),
    ) {
        let (leaves, coding) = leaves(&rows, (depth, is_many));
        let built = build(&leaves, depth, coding, Slot::MAX_WORDS).expect("room");
        let table: Vec<_> = built.table.iter().map(|group| group.map(U32::new)).collect();
        let arena: Vec<_> = built.arena.iter().map(|word| U32::new(*word)).collect();
        let trie = Trie { table: &table, arena: &arena, depth, entries: leaves.len() as u32, coding };
        let read = |text: &String| Digits::parse(text.as_bytes());
        let lookup = |text: &String| read(text).map_or(Slot::NONE, |digits| trie.find(digits.key));
        let count = |text: &String| read(text).map_or(0, |digits| digits.count as u32);
        let open = texts.iter().filter(|text| coding.is_open(lookup(text), count(text))).count();
        for walk in Walk::all() {
            let mut block = Block::of(walk);
            texts.iter().enumerate().for_each(|(at, text)| block.put(at, Raw::new(text.as_bytes())));
            prop_assert_eq!(trie.find_block(&mut block, texts.len()), open, "{:?}", walk);
            for (at, text) in texts.iter().enumerate() {
                let words = read(text).map_or([0; 2], |digits| [digits.low, digits.high]);
                let found = (block.slot[at], block.count[at], block.text[at]);
                prop_assert_eq!(found, (lookup(text), count(text), words), "{:?} {}", walk, text);
            }
            // Whole numbers without a text between, and with one where it is wanted.
            let whole: Vec<u64> = texts.iter().map(|text| text.parse().unwrap_or(0)).collect();
            for wanted in [false, true] {
                let mut block = Block::of(walk);
                block.put_integers(whole.iter().copied(), wanted);
                trie.find_block(&mut block, whole.len());
                for (at, value) in whole.iter().enumerate() {
                    let text = value.to_string();
                    prop_assert_eq!((block.slot[at], block.count[at]), (lookup(&text), count(&text)), "{:?} {}", walk, text);
                    if wanted {
                        let words = read(&text).map_or([0; 2], |digits| [digits.low, digits.high]);
                        prop_assert_eq!(block.text[at], words, "{:?} {}", walk, text);
                    }
                }
            }
        }
    }

    #[test]
    fn views_are_their_texts(texts in prop::collection::vec("\\+?[0-9]{0,18}", 0..2 * BLOCK), from in 0..40_usize) {
        let mut far = Vec::new();
        let views: Vec<u128> = texts.iter().map(|text| {
            let start = far.len() as u128;
            let bytes = |text: &str| text.bytes().rev().fold(0_u128, |word, byte| word << 8 | u128::from(byte));
            if text.len() > 12 {
                far.extend_from_slice(text.as_bytes());
                start << 96 | 1 << 64 | bytes(&text[..4]) << 32 | text.len() as u128
            } else {
                bytes(text) << 32 | text.len() as u128
            }
        }).collect();
        let from = from.min(texts.len());
        for walk in Walk::all() {
        let mut block = Block::of(walk);
        let mut by_text = Block::of(walk);
        let rows = BLOCK.min(texts.len() - from);
        block.put_views(&views[from..], rows, |at| if at == 1 { &far[..] } else { &[] });
        texts[from..].iter().take(rows).enumerate().for_each(|(at, text)| by_text.put(at, Raw::new(text.as_bytes())));
        let deck = compile(&[], false, (2, false));
        for block in [&mut block, &mut by_text] {
            deck.view().find_block(block, rows, |_| Asked::default()).expect("whole bytes");
        }
        prop_assert_eq!(&block.text[..rows], &by_text.text[..rows]);
        prop_assert_eq!(&block.count[..rows], &by_text.count[..rows]);
        }
    }
}
