//! Blocks for processors with AVX2: views are split and texts read two an instruction; `half_walk` follows
//! their keys.
//!
//! Safety model: `Half` exists only where the processor has said that it has the instructions. Vectors are
//! read and written through `load` and `store`, which take references to as many bytes.

use super::block::{BLOCK, Block, INLINE, VIEWS_AHEAD};
use super::half_walk;
use super::walk::{Trie, prefetch};
use std::arch::x86_64::*;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Numbers of 32 bits in a vector.
pub(super) const LANES: usize = 8;

/// Texts that are read together: two vectors.
const TEXTS: usize = 4;

/// The places of the bits of a byte, one behind the other.
const PRESSED: [[u8; LANES]; 256] = pressed();

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

    /// See `Block::split_views`.
    #[inline]
    pub(super) fn split_views(self, block: &mut Block, views: &[u128], rows: usize) -> usize {
        // SAFETY: `self` proves that the processor has the instructions.
        unsafe { split_views(block, views, rows) }
    }

    /// See `Trie::find_block`.
    #[inline]
    pub(super) fn find_block(self, trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
        // SAFETY: as above.
        unsafe { find_block(trie, block, rows) }
    }

    /// See `Trie::find_block_of_many`.
    #[inline]
    pub(super) fn find_block_of_many(self, trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
        // SAFETY: as above.
        unsafe { find_block_of_many(trie, block, rows) }
    }
}

/// The features again, since an attribute takes no constant.
macro_rules! half {
    ($($function:item)*) => {$(
        #[inline]
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        $function
    )*};
}
pub(super) use half;

half! {

/// Read a vector from elements that are as many bytes.
pub(super) fn load<T: IntoBytes + Immutable, const N: usize>(elements: &[T; N]) -> __m256i {
    const { assert!(size_of::<[T; N]>() == 32) };
    // SAFETY: the reference is to as many bytes as a vector has, all of them initialised.
    unsafe { _mm256_loadu_si256(elements.as_ptr().cast()) }
}

/// Read half a vector.
pub(super) fn load_half<T: IntoBytes + Immutable, const N: usize>(elements: &[T; N]) -> __m128i {
    const { assert!(size_of::<[T; N]>() == 16) };
    // SAFETY: as above.
    unsafe { _mm_loadu_si128(elements.as_ptr().cast()) }
}

/// Write a vector to elements that are as many bytes.
fn store<T: FromBytes, const N: usize>(elements: &mut [T; N], vector: __m256i) {
    const { assert!(size_of::<[T; N]>() == 32) };
    // SAFETY: as above; any bytes are such elements.
    unsafe { _mm256_storeu_si256(elements.as_mut_ptr().cast(), vector) };
}

/// Write half a vector.
pub(super) fn store_half<T: FromBytes, const N: usize>(elements: &mut [T; N], vector: __m128i) {
    const { assert!(size_of::<[T; N]>() == 16) };
    // SAFETY: as above.
    unsafe { _mm_storeu_si128(elements.as_mut_ptr().cast(), vector) };
}

/// Append those of eight numbers from `first` on whose bit is set to a list of `length`; its new length.
pub(super) fn append(list: &mut [u16], length: usize, chosen: u8, first: usize) -> usize {
    let places = i64::from_le_bytes(PRESSED[usize::from(chosen)]);
    let numbers = _mm_cvtepu8_epi16(_mm_cvtsi64_si128(places));
    if let Some(places) = list.get_mut(length..).and_then(|places| places.first_chunk_mut::<LANES>()) {
        store_half(places, _mm_add_epi16(numbers, _mm_set1_epi16(first as i16)));
    }
    length + chosen.count_ones() as usize
}

/// One of each two words: the lower ones.
pub(super) fn narrow(words: __m256i) -> __m128i {
    _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(words, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7)))
}

fn split_views(block: &mut Block, views: &[u128], rows: usize) -> usize {
    let whole = rows.min(views.len()) / LANES;
    let texts = block.text.as_chunks_mut::<2>().0.as_chunks_mut::<4>().0;
    let counts = block.count.as_chunks_mut::<LANES>().0;
    let (sets, _) = views.as_chunks::<2>().0.as_chunks::<4>();
    let in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    let far_from = _mm256_set1_epi32(INLINE as i32 + 1);
    let mut far = 0;
    for (at, ((set, text), count)) in sets[..whole].iter().zip(texts).zip(counts).enumerate() {
        // The column is read once, from memory: what comes next is asked for now.
        prefetch(views, VIEWS_AHEAD + LANES * at);
        prefetch(views, VIEWS_AHEAD + LANES * at + 4);
        let [a, b, c, d] = [load(&set[0]), load(&set[1]), load(&set[2]), load(&set[3])];
        store(&mut text[0], _mm256_bsrli_epi128::<4>(a));
        store(&mut text[1], _mm256_bsrli_epi128::<4>(b));
        store(&mut text[2], _mm256_bsrli_epi128::<4>(c));
        store(&mut text[3], _mm256_bsrli_epi128::<4>(d));
        let (front, back) = (_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d));
        let length = _mm256_permutevar8x32_epi32(_mm256_unpacklo_epi64(front, back), in_order);
        store(count, length);
        let outside = _mm256_cmpeq_epi32(_mm256_max_epu32(length, far_from), length);
        far = append(&mut block.list, far, bits(outside), LANES * at);
    }
    block.split_views_from(LANES * whole, views, rows, far)
}

/// The highest bits of eight words.
pub(super) fn bits(words: __m256i) -> u8 {
    _mm256_movemask_ps(_mm256_castsi256_ps(words)) as u8
}

fn find_block(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    keys(trie, block, rows);
    half_walk::walk(trie, block, rows);
    trie.open(block, rows)
}

fn find_block_of_many(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    keys(trie, block, rows);
    trie.find_read_of_many(block, rows)
}

/// The keys and cells of the numbers in a block, and of those behind the last up to a whole vector, which are none.
fn keys(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    let whole = rows.next_multiple_of(LANES).min(BLOCK);
    block.count[rows..whole].fill(0);
    if block.is_read {
        block.key[rows..whole].fill(0);
        trie.place_cells(block, whole);
    } else {
        read(trie, block, whole);
    }
}

/// Check two texts: their digits, zeros behind them, as bytes; what of the texts is digits; and how many, in
/// each byte. All three are zeros where a text is no number.
fn check(raw: __m256i, length: __m256i) -> [__m256i; 3] {
    let places =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    let least = _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    let last = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1));
    let most = _mm256_sub_epi8(_mm256_set1_epi8(9), least);
    let first = _mm256_shuffle_epi8(raw, _mm256_setzero_si256());
    let plus = _mm256_cmpeq_epi8(first, _mm256_set1_epi8(b'+' as i8));
    let raw = _mm256_shuffle_epi8(raw, _mm256_sub_epi8(places, plus));
    let length = _mm256_add_epi8(length, plus);
    let inside = _mm256_cmpgt_epi8(length, places);
    let digits = _mm256_and_si256(inside, _mm256_sub_epi8(raw, _mm256_set1_epi8(b'0' as i8)));
    // Bad is a byte above 9, a first one below 1, and any sixteenth.
    let bad = _mm256_subs_epu8(_mm256_sub_epi8(digits, least), most);
    let bad = _mm256_or_si256(bad, _mm256_and_si256(inside, last));
    let good = _mm256_cmpeq_epi64(bad, _mm256_setzero_si256());
    let good = _mm256_and_si256(good, _mm256_shuffle_epi32::<0x4e>(good));
    let text = _mm256_and_si256(good, _mm256_and_si256(inside, raw));
    [_mm256_and_si256(good, digits), text, _mm256_and_si256(good, length)]
}

/// Check the texts and make keys and cells of them: `Raw::read`.
fn read(trie: &Trie<'_>, block: &mut Block, rows: usize) {
    // Of four lengths the first two, each in all bytes of its text, and the others.
    let spread = _mm256_setr_epi64x(0, 0, 0x0404_0404_0404_0404, 0x0404_0404_0404_0404);
    let spread = [spread, _mm256_add_epi8(spread, _mm256_set1_epi8(8))];
    let in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    // Bytes 0-1 and 2-3 of the key become two numbers, and these one.
    let (in_pairs, of_pairs) = weights(trie.depth);
    let in_pairs = _mm256_packus_epi16(_mm256_set1_epi64x(in_pairs), _mm256_set1_epi64x(in_pairs));
    let of_pairs = _mm256_set1_epi64x(of_pairs);
    let texts = block.text.as_chunks_mut::<2>().0.as_chunks_mut::<2>().0;
    let keys = block.key.as_chunks_mut::<TEXTS>().0;
    let counts = block.count.as_chunks_mut::<TEXTS>().0;
    let cells = block.place.as_chunks_mut::<TEXTS>().0;
    for (((text, key), count), cell) in texts.iter_mut().zip(keys).zip(counts).zip(cells).take(rows / TEXTS) {
        let lengths = _mm_min_epu32(load_half(count), _mm_set1_epi32(i8::MAX.into()));
        let lengths = _mm256_broadcastsi128_si256(lengths);
        let front = check(load(&text[0]), _mm256_shuffle_epi8(lengths, spread[0]));
        let back = check(load(&text[1]), _mm256_shuffle_epi8(lengths, spread[1]));
        store(&mut text[0], front[1]);
        store(&mut text[1], back[1]);
        let pairs = |digits| {
            _mm256_maddubs_epi16(_mm256_bslli_epi128::<1>(digits), _mm256_set1_epi16(0x010a))
        };
        let packed = _mm256_permute4x64_epi64::<0xd8>(_mm256_packus_epi16(pairs(front[0]), pairs(back[0])));
        store(key, packed);
        let found = _mm256_madd_epi16(_mm256_maddubs_epi16(packed, in_pairs), of_pairs);
        store_half(cell, narrow(found));
        let length = _mm256_permutevar8x32_epi32(_mm256_unpacklo_epi32(front[2], back[2]), in_order);
        store_half(count, _mm_and_si128(_mm256_castsi256_si128(length), _mm_set1_epi32(0xff)));
    }
}

}

const fn pressed() -> [[u8; LANES]; 256] {
    let mut all = [[0; LANES]; 256];
    let mut chosen = 0;
    while chosen < 256 {
        let (mut place, mut length) = (0, 0);
        while place < LANES {
            if chosen >> place & 1 != 0 {
                all[chosen][length] = place as u8;
                length += 1;
            }
            place += 1;
        }
        chosen += 1;
    }
    all
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
