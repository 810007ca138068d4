//! The reading of a block for processors with AVX2: two texts an instruction.
//!
//! What follows it is the walk of `walk`, compiled for such a processor: without instructions that
//! press lists together, numbers are better followed one by one.
//!
//! Safety model: `Half` exists only where the processor has said that it has the instructions. Two
//! texts are read and written at a time, through references to as many bytes.

use super::block::{BLOCK, Block};
use super::table;
use super::walk::{Trie, prefetch};
use std::arch::x86_64::*;

/// Texts in a vector.
const TEXTS: usize = 2;

/// Proof that the processor has the instructions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half(());

impl Half {
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Self(()))
    }

    /// See `Trie::find_block`.
    #[inline]
    pub(super) fn find_block(self, trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
        // SAFETY: `self` proves that the processor has the instructions.
        unsafe { find_block(trie, block, rows) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn find_block(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    // Texts are taken two at a time: the one behind the last is no number.
    block.count[rows..rows.next_multiple_of(TEXTS).min(BLOCK)].fill(0);
    if block.is_read {
        trie.place_cells(block, rows);
    } else {
        read(trie, block, rows);
    }
    trie.find_read(block, rows)
}

/// Check the texts and make keys and cells of them: `Raw::read`.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn read(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let zero = _mm256_setzero_si256();
    // A byte of the first length for the first text, one of the second for the second.
    let spread = _mm256_setr_epi64x(0, 0, 0x0404_0404_0404_0404, 0x0404_0404_0404_0404);
    let places =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    let least = _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    let last = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1));
    let most = _mm256_sub_epi8(_mm256_set1_epi8(9), least);
    // Bytes 0-1 and 2-3 of the key become two numbers, and these one.
    let (in_pairs, of_pairs) = weights(trie.depth);
    let (in_pairs, of_pairs) = (_mm256_set1_epi64x(in_pairs), _mm256_set1_epi64x(of_pairs));
    let texts = block.text.as_chunks_mut::<TEXTS>().0.iter_mut();
    let keys = block.key.as_chunks_mut::<TEXTS>().0;
    let counts = block.count.as_chunks_mut::<TEXTS>().0;
    let cells = block.place.as_chunks_mut::<TEXTS>().0;
    for (((text, key), count), cell) in texts.zip(keys).zip(counts).zip(cells).take(rows.div_ceil(TEXTS)) {
        // SAFETY: the reference is to two texts, which are as many bytes as a vector has.
        let raw = unsafe { _mm256_loadu_si256(text.as_ptr().cast()) };
        let length = _mm256_set1_epi64x((u64::from(count[0]) | u64::from(count[1]) << 32) as i64);
        let length = _mm256_min_epu32(length, _mm256_set1_epi32(i8::MAX.into()));
        let plus = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(raw, zero), _mm256_set1_epi8(b'+' as i8));
        let raw = _mm256_shuffle_epi8(raw, _mm256_sub_epi8(places, plus));
        let length = _mm256_add_epi8(_mm256_shuffle_epi8(length, spread), plus);
        let inside = _mm256_cmpgt_epi8(length, places);
        let digits = _mm256_and_si256(inside, _mm256_sub_epi8(raw, _mm256_set1_epi8(b'0' as i8)));
        // Bad is a byte above 9, a first one below 1, and any sixteenth.
        let bad = _mm256_subs_epu8(_mm256_sub_epi8(digits, least), most);
        let bad = _mm256_or_si256(bad, _mm256_and_si256(inside, last));
        let good = _mm256_cmpeq_epi64(bad, zero);
        let good = _mm256_and_si256(good, _mm256_shuffle_epi32::<0x4e>(good));
        // SAFETY: as above; any bytes are texts.
        unsafe {
            _mm256_storeu_si256(
                text.as_mut_ptr().cast(),
                _mm256_and_si256(good, _mm256_and_si256(inside, raw)),
            )
        };
        let digits = _mm256_bslli_epi128::<1>(_mm256_and_si256(good, digits));
        let pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
        let sums = _mm256_madd_epi16(pairs, in_pairs);
        let found = _mm256_madd_epi16(_mm256_or_si256(sums, _mm256_srli_epi64::<16>(sums)), of_pairs);
        let packed = _mm256_packus_epi16(pairs, pairs);
        let length = _mm256_and_si256(good, length);
        *key = [_mm256_extract_epi64::<0>(packed) as u64, _mm256_extract_epi64::<2>(packed) as u64];
        *cell = [_mm256_extract_epi32::<0>(found) as u32, _mm256_extract_epi32::<4>(found) as u32];
        cell.iter().for_each(|cell| prefetch(trie.table, *cell as usize / table::CELLS));
        *count = [_mm256_extract_epi8::<0>(length) as u32, _mm256_extract_epi8::<16>(length) as u32];
    }
}

/// What the bytes of a key weigh in the cell of a table, as two multiplications of 16-bit words: of
/// four of them to two sums, and of these.
pub(super) fn weights(depth: u32) -> (i64, i64) {
    let words = |words: [i64; 4]| words.iter().rev().fold(0, |all, word| all << 16 | word);
    match depth {
        2 => (words([100, 1, 0, 0]), 1),
        3 => (words([100, 1, 1, 0]), words([100, 1, 0, 0])),
        _ => (words([100, 1, 100, 1]), words([10_000, 1, 0, 0])),
    }
}
