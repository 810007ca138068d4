//! String views to answers, by every walk of this processor: they agree, and on what stands in a view they
//! are right by the one number's way.

#![no_main]

use dialnexa_deck::{Asked, BLOCK, Block, Deck, Digits, Direction, Walk};
use dialnexa_deck_fuzz::whole;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static DECKS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| [whole(true, false), whole(false, true)]);

/// Seventeen bytes each make a view: a byte that states of which kind, and sixteen for it.
fn views(data: &[u8], buffer: usize) -> Vec<u128> {
    let one = |part: &[u8]| {
        let raw = u128::from_le_bytes(part[1..17].try_into().expect("sixteen bytes"));
        let length = u128::from(part[0] % 20);
        match part[0] / 20 {
            // Whatever it states, also of a length or an offset that there is not.
            0 => raw,
            // Digits, in the view itself or behind what is already in the buffer.
            kind if length > 12 => {
                let offset = if kind % 2 == 0 { raw >> 96 } else { (raw >> 96) % (buffer as u128 + 1) };
                length | (raw & 0xffff_ffff) << 32 | (offset & 0xffff_ffff) << 96
            }
            _ => {
                let digits = (0..12).map(|at| u128::from(b'0' + part[4 + at] % 10) << (32 + 8 * at as u32));
                let unused = u128::MAX >> (128 - 32 - 8 * length as u32);
                length | digits.sum::<u128>() & unused
            }
        }
    };
    data.chunks_exact(17).map(one).take(BLOCK).collect()
}

fuzz_target!(|data: &[u8]| {
    let Some((first, data)) = data.split_first() else { return };
    let deck = Deck::new(DECKS[usize::from(first & 1)].as_slice()).expect("a deck");
    let view = deck.view();
    let direction = [None, Some(Direction::Outbound), Some(Direction::Inbound)][usize::from(first >> 1) % 3];
    let asked = Asked { at: Some(i64::from(*first)), direction };
    let buffer: Vec<u8> = data.iter().map(|byte| b'0' + byte % 10).collect();
    let views = views(data, buffer.len());
    let mut expected: Option<Vec<(u32, u32)>> = None;
    for walk in Walk::all() {
        let mut block = Block::of(walk);
        block.put_views(&views, views.len(), |number| if number == 0 { &buffer } else { &[] });
        view.find_block(&mut block, views.len(), |_| asked).expect("a whole deck");
        let found = (0..views.len()).map(|at| (block.count[at], block.slot[at].0)).collect::<Vec<_>>();
        let before = expected.get_or_insert_with(|| found.clone());
        assert_eq!(*before, found, "{}", walk.name());
        for (at, one) in views.iter().enumerate().filter(|(_, one)| **one as u32 <= 12) {
            let text = &(one >> 32).to_le_bytes()[..*one as u32 as usize];
            let digits = Digits::parse(text);
            let alone = digits.and_then(|digits| view.find(&digits, asked).expect("a whole deck"));
            let slot = block.slot[at];
            assert_eq!(alone.map_or(0, |found| found.digits), view.digits(slot), "{text:?} by {}", walk.name());
            assert!(alone.is_none_or(|found| found.entry == view.entry(slot)), "{text:?} by {}", walk.name());
        }
    }
});
