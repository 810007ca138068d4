//! The walk of a block for processors with AVX-512 as it is since Ice Lake and Zen 4.
//!
//! The same as `walk`, sixteen numbers an instruction: texts are split from their views, checked and
//! paired into keys, ranks are counted, and those still on the way are pressed together without a
//! branch. Only the loads from the trie go one by one, which is faster than gathering them, and
//! through checked indices like everywhere else.
//!
//! Safety model: `Wide` exists only where the processor has said that it has the instructions.
//! Vectors are read and written through `load` and `store`, which take references to as many bytes.

use super::block::{BLOCK, Block};
use super::walk::{Trie, prefetch};
use super::{Slot, node};
use std::arch::x86_64::*;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Lanes of a vector.
const LANES: usize = 16;

/// Texts in a vector.
const TEXTS: usize = 4;

/// A one in each byte of a word.
const B: i32 = 0x0101_0101;

/// Proof that the processor has the instructions.
#[derive(Clone, Copy)]
pub(super) struct Wide(());

impl Wide {
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("avx512vpopcntdq")
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
}

/// The features again, since an attribute takes no constant.
macro_rules! wide {
    ($($function:item)*) => {$(
        #[inline]
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
        #[target_feature(enable = "avx512vpopcntdq,bmi1,bmi2,lzcnt,popcnt")]
        $function
    )*};
}

wide! {

/// Read a vector from elements that are as many bytes.
fn load<T: IntoBytes + Immutable, const N: usize>(elements: &[T; N]) -> __m512i {
    const { assert!(size_of::<[T; N]>() == 64) };
    // SAFETY: the reference is to as many bytes as a vector has, all of them initialised.
    unsafe { _mm512_loadu_si512(elements.as_ptr().cast()) }
}

/// Write a vector to elements that are as many bytes.
fn store<T: FromBytes, const N: usize>(elements: &mut [T; N], vector: __m512i) {
    const { assert!(size_of::<[T; N]>() == 64) };
    // SAFETY: as above; any bytes are such elements.
    unsafe { _mm512_storeu_si512(elements.as_mut_ptr().cast(), vector) };
}

/// Write half a vector.
fn store_half<T: FromBytes, const N: usize>(elements: &mut [T; N], vector: __m256i) {
    const { assert!(size_of::<[T; N]>() == 32) };
    // SAFETY: as above.
    unsafe { _mm256_storeu_si256(elements.as_mut_ptr().cast(), vector) };
}

/// Read half a vector.
fn load_half<T: IntoBytes + Immutable, const N: usize>(elements: &[T; N]) -> __m256i {
    const { assert!(size_of::<[T; N]>() == 32) };
    // SAFETY: as above.
    unsafe { _mm256_loadu_si256(elements.as_ptr().cast()) }
}

/// The numbers from `first` on.
fn sixteen(first: usize) -> __m256i {
    let places = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    _mm256_add_epi16(places, _mm256_set1_epi16(first as i16))
}

/// The first lanes, so many of them.
fn first(lanes: usize) -> __mmask16 {
    u16::MAX >> (LANES - lanes.clamp(1, LANES))
}

/// Append those of sixteen numbers whose bit is set to a list of `length`; its new length.
fn append(list: &mut [u16], length: usize, chosen: __mmask16, numbers: __m256i) -> usize {
    if let Some(places) = list.get_mut(length..).and_then(|places| places.first_chunk_mut::<LANES>()) {
        store_half(places, _mm256_maskz_compress_epi16(chosen, numbers));
    }
    length + chosen.count_ones() as usize
}

/// The same for a column beside a list.
fn append_words(column: &mut [u32], length: usize, chosen: __mmask16, words: __m512i) {
    if let Some(places) = column.get_mut(length..).and_then(|places| places.first_chunk_mut::<LANES>()) {
        store(places, _mm512_maskz_compress_epi32(chosen, words));
    }
}

fn split_views(block: &mut Block, views: &[u128], rows: usize) -> usize {
    let texts = block.text.as_chunks_mut::<TEXTS>().0.as_chunks_mut::<4>().0;
    let counts = block.count.as_chunks_mut::<LANES>().0;
    let whole = rows.min(views.len()) / LANES;
    let (sets, _) = views.as_chunks::<TEXTS>().0.as_chunks::<4>();
    let lengths = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    let mut far = 0;
    for (at, ((set, text), count)) in sets[..whole].iter().zip(texts).zip(counts).enumerate() {
        // The column is read once, from memory: what the next block needs of it is asked for now.
        for line in 0..4 {
            prefetch(views, BLOCK + LANES * at + TEXTS * line);
        }
        let [a, b, c, d] = [load(&set[0]), load(&set[1]), load(&set[2]), load(&set[3])];
        store(&mut text[0], _mm512_bsrli_epi128::<4>(a));
        store(&mut text[1], _mm512_bsrli_epi128::<4>(b));
        store(&mut text[2], _mm512_bsrli_epi128::<4>(c));
        store(&mut text[3], _mm512_bsrli_epi128::<4>(d));
        let (ab, cd) = (_mm512_permutex2var_epi32(a, lengths, b), _mm512_permutex2var_epi32(c, lengths, d));
        let length = _mm512_inserti64x4::<1>(ab, _mm512_castsi512_si256(cd));
        store(count, length);
        let outside = _mm512_cmpgt_epu32_mask(length, _mm512_set1_epi32(super::block::INLINE as i32));
        far = append(&mut block.list, far, outside, sixteen(LANES * at));
    }
    block.split_views_from(LANES * whole, views, rows, far)
}

fn find_block(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    // Rows are taken sixteen at a time: those behind the last are no numbers.
    block.count[rows..rows.next_multiple_of(LANES).min(BLOCK)].fill(0);
    let sets = rows.div_ceil(LANES);
    read(block, sets, trie.pairs);
    let mut waiting = roots(trie, block, sets);
    for level in trie.pairs..8 {
        if level == trie.pairs + 4 {
            block.take_rest(waiting, level);
        }
        waiting = step(trie, block, waiting);
    }
    block.give_up(waiting);
    open(block, rows)
}

/// Check the texts and make keys and cells of them: `Raw::read`, four at a time.
fn read(block: &mut Block, sets: usize, pairs: u32) {
    let places = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    let least = _mm512_broadcast_i32x4(_mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    let most = _mm512_sub_epi8(_mm512_set1_epi8(9), least);
    let last = 0x8000_8000_8000_8000;
    let one = _mm512_set1_epi8(1);
    // Low word: the cell of the table as a sum of pairs; high word: the rest of that sum.
    let weights = _mm512_set1_epi64(match pairs {
        1 => 1,
        2 => 100 | 1 << 16,
        _ => 10_000 | 100 << 16 | 1 << 32,
    });
    let low = _mm512_set1_epi64(0xffff_ffff);
    let spread = _mm512_setr_epi32(0, 0, 0, 0, B, B, B, B, 2 * B, 2 * B, 2 * B, 2 * B, 3 * B, 3 * B, 3 * B, 3 * B);
    let firsts = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    let texts = block.text.as_chunks_mut::<TEXTS>().0.as_chunks_mut::<4>().0;
    let keys = block.key.as_chunks_mut::<TEXTS>().0.as_chunks_mut::<4>().0;
    let counts = block.count.as_chunks_mut::<LANES>().0;
    let cells = block.place.as_chunks_mut::<LANES>().0;
    for (((text, key), count), cell) in texts.iter_mut().zip(keys).zip(counts).zip(cells).take(sets) {
        let lengths = _mm512_castsi128_si512(_mm512_cvtusepi32_epi8(load(count)));
        let mut told = [_mm512_setzero_si512(); 4];
        for part in 0..4 {
            let raw = load(&text[part]);
            let chosen = _mm512_add_epi8(spread, _mm512_set1_epi8(4 * part as i8));
            let length = _mm512_permutexvar_epi8(chosen, lengths);
            let first = _mm512_shuffle_epi8(raw, _mm512_setzero_si512());
            let plus = _mm512_cmpeq_epi8_mask(first, _mm512_set1_epi8(b'+' as i8));
            let raw = _mm512_shuffle_epi8(raw, _mm512_mask_add_epi8(places, plus, places, one));
            let length = _mm512_mask_sub_epi8(length, plus, length, one);
            let inside = _mm512_cmplt_epu8_mask(places, length);
            let digits = _mm512_maskz_sub_epi8(inside, raw, _mm512_set1_epi8(b'0' as i8));
            // Bad is a byte above 9, a first one below 1, and any sixteenth.
            let bad = _mm512_subs_epu8(_mm512_sub_epi8(digits, least), most);
            let bad = _mm512_mask_mov_epi8(bad, inside & last, one);
            let bad = _mm512_or_si512(bad, _mm512_shuffle_epi32::<0x4e>(bad));
            let good = _mm512_testn_epi64_mask(bad, bad);
            store(&mut text[part], _mm512_maskz_mov_epi64(good, _mm512_maskz_mov_epi8(inside, raw)));
            let pairs = _mm512_maddubs_epi16(_mm512_maskz_mov_epi64(good, digits), _mm512_set1_epi16(0x010a));
            store_half(&mut key[part], _mm512_cvtepi16_epi8(pairs));
            let sums = _mm512_madd_epi16(pairs, weights);
            let cell = _mm512_and_si512(_mm512_add_epi64(sums, _mm512_srli_epi64::<32>(sums)), low);
            let count = _mm512_maskz_and_epi64(good, length, _mm512_set1_epi64(0xff << 32));
            told[part] = _mm512_or_si512(cell, count);
        }
        let front = _mm512_permutex2var_epi64(told[0], firsts, told[1]);
        let back = _mm512_permutex2var_epi64(told[2], firsts, told[3]);
        store(cell, _mm512_permutex2var_epi32(front, even, back));
        store(count, _mm512_permutex2var_epi32(front, odd, back));
    }
}

/// Look up the table; returns how many numbers are at a node, listed.
fn roots(trie: &Trie<'_>, block: &mut Block, sets: usize) -> usize {
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    let groups = block.header.as_flattened_mut();
    for (group, cell) in groups.as_chunks_mut::<2>().0.iter_mut().zip(&block.place[..LANES * sets]) {
        *group = trie.table.get(*cell as usize >> 5).copied().unwrap_or([U32::MAX_VALUE; 2]);
    }
    let groups = groups.as_chunks::<LANES>().0.as_chunks::<2>().0;
    for (place, group) in block.place.as_chunks_mut::<LANES>().0.iter_mut().zip(groups).take(sets) {
        let (front, back) = (load(&group[0]), load(&group[1]));
        let bitmap = _mm512_permutex2var_epi32(front, even, back);
        let before = _mm512_permutex2var_epi32(front, odd, back);
        let shift = _mm512_andnot_si512(load(place), _mm512_set1_epi32(31));
        let changes = _mm512_popcnt_epi32(_mm512_sllv_epi32(bitmap, shift));
        store(place, _mm512_add_epi32(before, changes));
    }
    for (slot, place) in block.slot.iter_mut().zip(&block.place[..LANES * sets]) {
        *slot = node::slot_at(trie.arena, *place);
    }
    let keys = block.key.as_chunks::<8>().0.as_chunks::<2>().0;
    let shift = _mm_cvtsi32_si128(8 * trie.pairs as i32);
    let mut waiting = 0;
    for (at, (slot, key)) in block.slot.as_chunks::<LANES>().0.iter().zip(keys).take(sets).enumerate() {
        let slot = load(slot);
        let [front, back] = [load(&key[0]), load(&key[1])].map(|key| _mm512_cvtepi64_epi32(_mm512_srl_epi64(key, shift)));
        let rest = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(front), back);
        let at_node = _mm512_movepi32_mask(slot);
        append_words(&mut block.at, waiting, at_node, slot);
        append_words(&mut block.rest, waiting, at_node, rest);
        waiting = append(&mut block.list, waiting, at_node, sixteen(LANES * at));
    }
    ask(trie, block, waiting);
    waiting
}

/// Ask for the nodes that the waiting numbers are at.
fn ask(trie: &Trie<'_>, block: &Block, waiting: usize) {
    if trie.is_large() {
        for slot in &block.at[..waiting.min(BLOCK)] {
            prefetch(trie.arena, Slot(*slot).offset());
        }
    }
}

/// One level; returns how many are at a node again.
fn step(trie: &Trie<'_>, block: &mut Block, waiting: usize) -> usize {
    let waiting = waiting.min(BLOCK);
    let sets = waiting.div_ceil(LANES);
    for (header, slot) in block.header[..waiting].iter_mut().zip(&block.at) {
        match node::header(trie.arena, Slot(*slot).offset()) {
            Some(words) => *header = *words,
            None => *header = [U32::MAX_VALUE; node::HEADER],
        }
    }
    let (words, sums) = (_mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28), _mm512_set1_epi32(3));
    let shifts = _mm512_setr_epi32(32, 8, 16, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    let byte = _mm512_set1_epi32(0xff);
    let headers = block.header.as_chunks::<4>().0.as_chunks::<4>().0;
    let (slots, rests) = (block.at.as_chunks::<LANES>().0, block.rest.as_chunks::<LANES>().0);
    let places = block.place.as_chunks_mut::<LANES>().0;
    for (((place, header), slot), rest) in places.iter_mut().zip(headers).zip(slots).zip(rests).take(sets) {
        let [a, b, c, d] = [load(&header[0]), load(&header[1]), load(&header[2]), load(&header[3])];
        let pick = |which| {
            let (front, back) = (_mm512_permutex2var_epi32(a, which, b), _mm512_permutex2var_epi32(c, which, d));
            _mm512_mask_blend_epi32(0xff00, front, back)
        };
        let cell = _mm512_and_si512(load(rest), byte);
        let word = _mm512_and_si512(_mm512_srli_epi32::<5>(cell), sums);
        let shift = _mm512_andnot_si512(cell, _mm512_set1_epi32(31));
        let within = _mm512_popcnt_epi32(_mm512_sllv_epi32(pick(_mm512_add_epi32(words, word)), shift));
        let before = _mm512_srlv_epi32(pick(_mm512_add_epi32(words, sums)), _mm512_permutexvar_epi32(word, shifts));
        let offset = _mm512_and_si512(load(slot), _mm512_set1_epi32(0x7fff_ffff));
        let rank = _mm512_add_epi32(within, _mm512_and_si512(before, byte));
        store(place, _mm512_add_epi32(_mm512_add_epi32(offset, rank), sums));
    }
    if trie.is_large() {
        for place in &block.place[..waiting] {
            prefetch(trie.arena, *place as usize);
        }
    }
    for ((place, at), number) in block.place[..waiting].iter().zip(&mut block.at).zip(&block.list) {
        let slot = node::slot_at(trie.arena, *place);
        *at = slot.0;
        block.slot[usize::from(*number) & (BLOCK - 1)] = slot;
    }
    press(trie, block, waiting)
}

/// Keep those of the waiting numbers that are at a node; returns how many.
fn press(trie: &Trie<'_>, block: &mut Block, waiting: usize) -> usize {
    let mut next = 0;
    for from in (0..waiting).step_by(LANES) {
        let (Some(slot), Some(rest), Some(list)) = (
            block.at[from..].first_chunk::<LANES>(),
            block.rest[from..].first_chunk::<LANES>(),
            block.list[from..].first_chunk::<LANES>(),
        ) else {
            break;
        };
        let (slot, rest, list) = (load(slot), _mm512_srli_epi32::<8>(load(rest)), load_half(list));
        let at_node = _mm512_movepi32_mask(slot) & first(waiting - from);
        append_words(&mut block.at, next, at_node, slot);
        append_words(&mut block.rest, next, at_node, rest);
        next = append(&mut block.list, next, at_node, list);
    }
    ask(trie, block, next);
    next
}

/// List the numbers whose slot does not decide alone; returns how many there are.
fn open(block: &mut Block, rows: usize) -> usize {
    let (slots, counts) = (block.slot.as_chunks::<LANES>().0, block.count.as_chunks::<LANES>().0);
    let mut found = 0;
    for (at, (slot, count)) in slots.iter().zip(counts).enumerate().take(rows.div_ceil(LANES)) {
        let slot = load(slot);
        let digits = _mm512_and_si512(_mm512_srli_epi32::<27>(slot), _mm512_set1_epi32(15));
        let longer = _mm512_cmpgt_epu32_mask(digits, load(count));
        let conditional = _mm512_test_epi32_mask(slot, _mm512_set1_epi32(1 << 26));
        let open = (longer | conditional) & first(rows - LANES * at);
        found = append(&mut block.list, found, open, sixteen(LANES * at));
    }
    found
}

}
