//! Bytes to a deck to answers: damaged decks, without a look at the digest.
//!
//! The first byte chooses a whole deck that the rest is written into, four bytes at a place of two bytes;
//! or that the rest is the file. So the seeds hold for every version of the format.

#![no_main]

use dialnexa_deck::Deck;
use dialnexa_deck_fuzz::{ask, whole};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static WHOLE: LazyLock<[Vec<u8>; 3]> =
    LazyLock::new(|| [whole(true, false), whole(false, false), whole(false, true)]);

fuzz_target!(|data: &[u8]| {
    let Some((which, rest)) = data.split_first() else { return };
    let mut bytes = match WHOLE.get(usize::from(*which)) {
        Some(deck) => deck.clone(),
        None => rest.to_vec(),
    };
    if usize::from(*which) < WHOLE.len() {
        for patch in rest.chunks_exact(6) {
            let at = 4 * usize::from(u16::from_le_bytes([patch[0], patch[1]])) % (bytes.len() - 4);
            bytes[at..at + 4].copy_from_slice(&patch[2..]);
        }
    }
    if let Ok(deck) = Deck::new(bytes.as_slice()) {
        ask(&deck);
    }
});
