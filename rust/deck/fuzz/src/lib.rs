//! What the targets share: decks that are whole, and everything that can be asked of one.

use dialnexa_deck::semantics::Bands;
use dialnexa_deck::{
    Asked, Band, Block, Broken, Builder, Call, Checked, Deck, Digits, Direction, Enabled, Rater, Raw, Row,
    Schedule, Semantics, Terms, Tier, View, Walk, Within, Zone,
};
use std::sync::Arc;

/// Prefixes that nest, with one that nothing is near.
const PREFIXES: [&str; 12] =
    ["1", "1876", "120255501", "447", "4479", "9", "91", "919", "9198", "91981", "9198123", "919812345"];
/// Numbers that lead into each of them, and one that leads nowhere.
const NUMBERS: [&str; 7] = ["919812345678", "91", "447912345678", "18761234567", "120255501", "9", "861"];

/// Two bands, two tiers, a zone: whatever a schedule can have.
fn schedule() -> Schedule {
    let tier = Tier { from_ms: 0, rate: 7, rate_unit_ms: 60_000, increment_ms: Some(500), fee: 1 };
    let later = Tier { from_ms: 30_000, increment_ms: None, ..tier.clone() };
    let band = Band { connect_fee: Some(3), end_ms: None, tiers: vec![tier.clone(), later] };
    let other = Band { connect_fee: None, end_ms: Some(90_000), tiers: vec![tier] };
    let zone = Some(Arc::new(Zone { first: 0, changes: vec![(50, 3600)] }));
    Schedule { week: vec![(0, 0), (300_000, 1)], bands: vec![band, other], zone, text: "in words".to_owned() }
}

/// A whole deck: with dates and a schedule, or plain; with all of its rows, or without what repeats.
pub fn whole(dated: bool, keep: bool) -> Vec<u8> {
    let mut builder = Builder::new(vec![("provider".into(), "plivo".into())]).keep_sources(dated);
    builder = builder.keep_redundant(keep).depth(2);
    let number = dated.then(|| builder.schedule(&schedule()));
    for (prefix, rate) in PREFIXES.iter().zip(0..) {
        for later in [false, true].into_iter().take(1 + usize::from(dated)) {
            let terms = Terms {
                outbound_rate: (!dated || rate % 3 != 0).then_some(rate),
                schedule: number.filter(|_| rate % 3 == 0),
                inbound_rate: (rate % 2 == 0).then_some(rate),
                valid_from: (dated && later).then_some(100),
                valid_to: (dated && !later).then_some(100),
                ..Terms::default()
            };
            let network_group = if later { "second" } else { "group" };
            let source = dated.then_some(("sheet.csv", 7));
            let row = Row { prefix, network_group, country_iso: "IN", country: "India", terms, source };
            builder.push(&row).expect("a good row");
        }
    }
    builder.finish().expect("no conflict")
}

/// Ask all there is. That the bytes are broken is an answer; a panic, a hang or a read outside is none.
pub fn ask(deck: &Deck<&[u8]>) {
    let view = deck.view();
    let _ = (deck.digest(), deck.sizes(), deck.is_dated(), view.labels());
    let _ = (view.all_terms(), view.all_schedules());
    for within in ["", "9", "91", "919812", "0", "120255501"] {
        let within = Within::parse(within.as_bytes()).expect("digits");
        let _ = (view.prefixes(within, None), view.prefixes(within, Some(0)), view.groups_within(within));
    }
    let bits = vec![0b0101_0101; Enabled::size(deck.groups())];
    let enabled = Enabled::new(&bits, deck.groups()).expect("its size");
    let checked = Checked::new(&view).ok();
    for direction in [None, Some(Direction::Outbound), Some(Direction::Inbound)] {
        for at in [None, Some(0), Some(100)] {
            let asked = Asked { at, direction };
            let _ = one_by_one(&view, asked, enabled);
            for walk in Walk::all() {
                blocks(&view, checked.as_ref(), asked, enabled, walk);
            }
        }
    }
    let _ = prices(&view);
}

fn one_by_one(view: &View<'_>, asked: Asked, enabled: Enabled<'_>) -> Result<(), Broken> {
    for number in NUMBERS {
        let digits = Digits::parse(number.as_bytes()).expect("a number");
        let _ = (view.find_enabled(&digits, asked, enabled), view.chain(&digits));
        if let Some(found) = view.find(&digits, asked)? {
            let (group, terms) = view.tariff(found.entry)?;
            let _ = (view.group(group), view.source(found.entry));
            let terms = view.terms(terms)?;
            let schedule = view.schedule_of(&terms)?;
            for bands in [Bands::ByStart, Bands::Split] {
                let call = Call { seconds: 100_000, direction: Direction::Outbound, answered_at: asked.at };
                let _ = Semantics { bands, ..Semantics::default() }.amount(&call, &terms, schedule.as_ref());
            }
        }
    }
    Ok(())
}

/// The same numbers as a block, by one walk; what is found is what is found one by one.
fn blocks(view: &View<'_>, checked: Option<&Checked>, asked: Asked, enabled: Enabled<'_>, walk: Walk) {
    let mut block = Block::of(walk);
    let put = |block: &mut Block| {
        for (at, number) in NUMBERS.iter().enumerate() {
            block.put(at, Raw::new(number.as_bytes()));
        }
    };
    put(&mut block);
    if view.find_block(&mut block, NUMBERS.len(), |_| asked).is_ok() {
        for (at, number) in NUMBERS.iter().enumerate() {
            let digits = Digits::parse(number.as_bytes()).expect("a number");
            let alone = view.find(&digits, asked).map(|found| found.map(|one| (one.digits, one.entry)));
            let slot = block.slot[at];
            let found = view.found(slot).map(|one| (one.digits, one.entry));
            assert_eq!(alone, Ok(found), "{number} by {}", walk.name());
        }
    }
    put(&mut block);
    let _ = view.find_enabled_block(&mut block, NUMBERS.len(), |_| asked, enabled);
    if let Some(checked) = checked {
        put(&mut block);
        let _ = view.with(checked).find_block(&mut block, NUMBERS.len(), |_| asked);
    }
}

fn prices(view: &View<'_>) -> Result<(), Broken> {
    let rater = Rater::new(view, Semantics::default())?;
    for number in 0..view.all_terms()?.len() as u32 {
        for direction in [Direction::Outbound, Direction::Inbound] {
            let _ = (rater.is_blocked(number)?, rater.charge(61, number, direction, || Some(0)));
        }
    }
    Ok(())
}
