//! The walk of a block for processors with AVX-512 as it is since Ice Lake and Zen 4.
//!
//! The same as `walk`, sixteen numbers an instruction: texts are split from their views, checked and
//! paired into keys, ranks are counted, and those still on the way are pressed together without a
//! branch. Only the loads from the trie go one by one, which is faster than gathering them, and
//! through checked indices like everywhere else. Slots are those of the usual coding: decks of very many
//! entries wait for memory, and are walked by `half`.
//!
//! Safety model: `Wide` exists only where the processor has said that it has the instructions.
//! Vectors are read and written through `load` and `store`, which take references to as many bytes.

use super::block::{BLOCK, Block, Queue, VIEWS_AHEAD};
use super::half::{Half, weights};
use super::walk::{Hints, LEVELS, Trie, give_up, prefetch};
use super::{Slot, node};
use std::arch::x86_64::*;
use std::ops::Range;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Lanes of a vector.
const LANES: usize = 16;

/// Texts in a vector.
const TEXTS: usize = 4;

/// A one in each byte of a word.
const B: i32 = 0x0101_0101;

/// A node that is in no arena.
const NOWHERE: u32 = 1 << 31 | 0x3fff_ffff;

/// Proof that the processor has the instructions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide(Half);

impl Wide {
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("avx512vpopcntdq");
        Half::new().filter(|_| has).map(Self)
    }

    /// The walk that these processors have as well.
    #[inline]
    pub(super) fn half(self) -> Half {
        self.0
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

/// The same for a queue of so many.
fn join(queue: &mut Queue, length: usize, chosen: __mmask16, [slot, rest]: [__m512i; 2], numbers: __m256i) -> usize {
    append_words(&mut queue.at, length, chosen, slot);
    append_words(&mut queue.rest, length, chosen, rest);
    append(&mut queue.list, length, chosen, numbers)
}

fn split_views(block: &mut Block, views: &[u128], rows: usize) -> usize {
    let texts = block.text.as_chunks_mut::<TEXTS>().0.as_chunks_mut::<4>().0;
    let counts = block.count.as_chunks_mut::<LANES>().0;
    let whole = rows.min(views.len()) / LANES;
    let (sets, _) = views.as_chunks::<TEXTS>().0.as_chunks::<4>();
    let lengths = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    let mut far = 0;
    for (at, ((set, text), count)) in sets[..whole].iter().zip(texts).zip(counts).enumerate() {
        // The column is read once, from memory: what comes next is asked for now.
        for line in 0..4 {
            prefetch(views, VIEWS_AHEAD + LANES * at + TEXTS * line);
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
    if block.is_read {
        block.key[rows..rows.next_multiple_of(LANES).min(BLOCK)].fill(0);
        trie.place_cells(block, (LANES * sets).min(BLOCK));
    } else {
        read(block, sets, trie.depth);
    }
    let [mut way, mut end] = roots(trie, block, sets);
    // A node at the last pair of digits has no children.
    for level in trie.depth..LEVELS - 1 {
        // Four pairs fit in `rest`, and a child takes one of them with it.
        if level == trie.depth + 3 {
            take_rest(block, way, level);
        }
        [way, end] = descend(trie, block, way, end);
    }
    give_up(&mut block.slot, &block.way.list[..way]);
    arrive(trie, block, end);
    open(trie, block, rows)
}

/// Check the texts and make keys and cells of them: `Raw::read`, four at a time.
fn read(block: &mut Block, sets: usize, depth: u32) {
    let places = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    let least = _mm512_broadcast_i32x4(_mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    let most = _mm512_sub_epi8(_mm512_set1_epi8(9), least);
    let last = 0x8000_8000_8000_8000;
    let one = _mm512_set1_epi8(1);
    // Bytes 0-1 and 2-3 of the key become two numbers, and these one in the low word.
    let (in_pairs, of_pairs) = weights(depth);
    let (in_pairs, of_pairs) = (_mm512_set1_epi64(in_pairs), _mm512_set1_epi64(of_pairs));
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
            let digits = _mm512_bslli_epi128::<1>(_mm512_maskz_mov_epi64(good, digits));
            let pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
            store_half(&mut key[part], _mm512_cvtepi16_epi8(pairs));
            let sums = _mm512_madd_epi16(pairs, in_pairs);
            let cell = _mm512_madd_epi16(_mm512_or_si512(sums, _mm512_srli_epi64::<16>(sums)), of_pairs);
            let count = _mm512_maskz_and_epi64(good, length, _mm512_set1_epi64(0xff << 32));
            told[part] = _mm512_or_si512(cell, count);
        }
        let front = _mm512_permutex2var_epi64(told[0], firsts, told[1]);
        let back = _mm512_permutex2var_epi64(told[2], firsts, told[3]);
        store(cell, _mm512_permutex2var_epi32(front, even, back));
        store(count, _mm512_permutex2var_epi32(front, odd, back));
    }
}

/// Look up the table; returns how many numbers are on their way, and how many at their last node.
fn roots(trie: &Trie<'_>, block: &mut Block, sets: usize) -> [usize; 2] {
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    let groups = block.bits.as_flattened_mut();
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
    let shift = _mm_cvtsi32_si128(8 * trie.depth as i32);
    let [mut way, mut end] = [0, 0];
    for (at, (slot, key)) in block.slot.as_chunks::<LANES>().0.iter().zip(keys).take(sets).enumerate() {
        let slot = load(slot);
        let [front, back] = [load(&key[0]), load(&key[1])].map(|key| _mm512_cvtepi64_epi32(_mm512_srl_epi64(key, shift)));
        let rest = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(front), back);
        let (at_node, inner) = (_mm512_movepi32_mask(slot), is_inner(slot));
        way = join(&mut block.way, way, at_node & inner, [slot, rest], sixteen(LANES * at));
        end = join(&mut block.end, end, at_node & !inner, [slot, rest], sixteen(LANES * at));
    }
    ask(trie, &block.way, 0..way, [node::LEAF, node::INNER - 1]);
    ask(trie, &block.end, 0..end, [0, node::LEAF - 1]);
    [way, end]
}

/// Slots and rests of sixteen of a queue, and which numbers they are.
fn take(queue: &Queue, from: usize) -> Option<([__m512i; 2], __m256i)> {
    let slot = queue.at.get(from..)?.first_chunk::<LANES>()?;
    let rest = queue.rest.get(from..)?.first_chunk::<LANES>()?;
    let list = queue.list.get(from..)?.first_chunk::<LANES>()?;
    Some(([load(slot), load(rest)], load_half(list)))
}

/// Which nodes have children.
fn is_inner(slot: __m512i) -> __mmask16 {
    _mm512_test_epi32_mask(slot, _mm512_set1_epi32(1 << 30))
}

/// Ask for the nodes that numbers are at, from a word to another.
fn ask(trie: &Trie<'_>, queue: &Queue, numbers: Range<usize>, [word, last]: [usize; 2]) {
    let slots = queue.at.get(numbers).unwrap_or_default();
    match trie.hints() {
        Hints::None => {}
        Hints::OneLine => slots.iter().for_each(|slot| prefetch(trie.arena, Slot(*slot).offset() + word)),
        Hints::BothLines => {
            for slot in slots {
                prefetch(trie.arena, Slot(*slot).offset() + word);
                prefetch(trie.arena, Slot(*slot).offset() + last);
            }
        }
    }
}

/// Bring the keys of the numbers on their way, from a level on, into `rest`.
fn take_rest(block: &mut Block, way: usize, level: u32) {
    for (rest, at) in block.way.rest.iter_mut().zip(&block.way.list[..way]) {
        *rest = (block.key[usize::from(*at) & (BLOCK - 1)] >> (8 * level)) as u32;
    }
}

/// Eight bitmaps of 128 bits as their lower and upper halves.
fn halves(bitmaps: &[[U32; 4]; 8]) -> [__m512i; 2] {
    let [front, back] = [0, 1].map(|half| load(&bitmaps.as_chunks::<4>().0[half]));
    let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    [_mm512_permutex2var_epi64(front, even, back), _mm512_permutex2var_epi64(front, odd, back)]
}

/// Bits of 128, as halves: a shift by 64 or more, also by less than nothing, gives none.
fn bit(place: __m512i) -> [__m512i; 2] {
    let one = _mm512_set1_epi64(1);
    [_mm512_sllv_epi64(one, place), _mm512_sllv_epi64(one, _mm512_sub_epi64(place, _mm512_set1_epi64(64)))]
}

/// Which of eight bitmaps have these bits.
fn has(bitmap: [__m512i; 2], bit: [__m512i; 2]) -> __mmask8 {
    _mm512_test_epi64_mask(bitmap[0], bit[0]) | _mm512_test_epi64_mask(bitmap[1], bit[1])
}

/// How many bits of eight bitmaps stand before these.
fn rank(bitmap: [__m512i; 2], bit: [__m512i; 2]) -> __m512i {
    let one = _mm512_set1_epi64(1);
    let in_upper = _mm512_test_epi64_mask(bit[1], bit[1]);
    let lower = _mm512_and_si512(bitmap[0], _mm512_sub_epi64(bit[0], one));
    let upper = _mm512_maskz_and_epi64(in_upper, bitmap[1], _mm512_sub_epi64(bit[1], one));
    _mm512_add_epi64(_mm512_popcnt_epi64(lower), _mm512_popcnt_epi64(upper))
}

/// The next pairs of digits, of eight numbers each.
fn cells(rest: __m512i) -> [__m512i; 2] {
    let cell = _mm512_and_si512(rest, _mm512_set1_epi32(0xff));
    [_mm512_cvtepu32_epi64(_mm512_castsi512_si256(cell)), _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64::<1>(cell))]
}

/// Words from two vectors of 64 bits a number.
fn narrow([front, back]: [__m512i; 2]) -> __m512i {
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(front)), _mm512_cvtepi64_epi32(back))
}

/// One level of the numbers on their way: `Node::slot` as far as children go. Those without a child
/// are at their last node, and so are those whose child has none; how many there are of each then.
fn descend(trie: &Trie<'_>, block: &mut Block, way: usize, end: usize) -> [usize; 2] {
    let way = way.min(BLOCK);
    for ((bits, place), slot) in block.bits[..way].iter_mut().zip(&mut block.place).zip(&mut block.way.at) {
        let words = trie.arena.get(Slot(*slot).offset()..).and_then(|words| words.first_chunk::<{ node::INNER }>());
        match words {
            Some([.., child, a, b, c, d]) => (*place, *bits) = (child.get(), [*a, *b, *c, *d]),
            None => (*slot, *bits) = (NOWHERE, [U32::ZERO; 4]),
        }
    }
    let (leaf, inner) = (_mm512_set1_epi64(node::LEAF as i64), _mm512_set1_epi64(node::INNER as i64));
    let (bitmaps, firsts) = (block.bits.as_chunks::<8>().0, block.place.as_chunks::<8>().0);
    let (mut on, mut out) = (0, end);
    for at in 0..way.div_ceil(LANES) {
        let Some(([slot, rest], list)) = take(&block.way, LANES * at) else { break };
        let (mut children, mut found) = ([_mm512_setzero_si512(); 2], 0);
        for (half, cell) in cells(rest).into_iter().enumerate() {
            let (Some(bits), Some(first)) = (bitmaps.get(2 * at + half), firsts.get(2 * at + half)) else { break };
            let (bitmap, bit, first) = (halves(bits), bit(cell), _mm512_cvtepu32_epi64(load_half(first)));
            let stride = _mm512_mask_blend_epi64(_mm512_test_epi64_mask(first, _mm512_set1_epi64(1 << 30)), leaf, inner);
            children[half] = _mm512_add_epi64(first, _mm512_mul_epu32(rank(bitmap, bit), stride));
            found |= u16::from(has(bitmap, bit)) << (8 * half);
        }
        let slot = _mm512_mask_or_epi32(slot, found, narrow(children), _mm512_set1_epi32(1 << 31));
        let rest = _mm512_mask_srli_epi32::<8>(rest, found, rest);
        let (all, inner) = (first(way - LANES * at), found & is_inner(slot));
        on = join(&mut block.way, on, all & inner, [slot, rest], list);
        out = join(&mut block.end, out, all & !inner, [slot, rest], list);
    }
    ask(trie, &block.way, 0..on, [node::LEAF, node::INNER - 1]);
    ask(trie, &block.end, end..out, [0, node::LEAF - 1]);
    [on, out]
}

/// The entries of the numbers at their last node: `Node::slot` without children.
fn arrive(trie: &Trie<'_>, block: &mut Block, end: usize) {
    let end = end.min(BLOCK);
    for ((bits, entries), slot) in block.bits[..end].iter_mut().zip(&mut block.entries).zip(&block.end.at) {
        let words = trie.arena.get(Slot(*slot).offset()..).and_then(|words| words.first_chunk::<{ node::LEAF }>());
        (*bits, *entries) = match words {
            Some([a, b, c, d, first, inherited]) => ([*a, *b, *c, *d], [*first, *inherited]),
            None => ([U32::ZERO; 4], [U32::new(Slot::BROKEN.0); 2]),
        };
    }
    let low = _mm512_set1_epi64(0xffff_ffff);
    let (one, tenth, pairs) = (_mm512_set1_epi64(1), _mm512_set1_epi64(205), _mm512_set1_epi64(node::PAIRS.into()));
    let (bitmaps, entries) = (block.bits.as_chunks::<8>().0, block.entries.as_chunks::<8>().0);
    let slots = block.end.at.as_chunks_mut::<LANES>().0.iter_mut().zip(block.end.rest.as_chunks::<LANES>().0);
    for (at, (slot, rest)) in slots.enumerate().take(end.div_ceil(LANES)) {
        let mut found = [_mm512_setzero_si512(); 2];
        for (half, cell) in cells(load(rest)).into_iter().enumerate() {
            let (Some(bits), Some(entries)) = (bitmaps.get(2 * at + half), entries.get(2 * at + half)) else { break };
            let (bitmap, entries) = (halves(bits), load(entries));
            let (pair, digit) = (bit(_mm512_add_epi64(cell, pairs)), _mm512_srli_epi64::<11>(_mm512_mul_epu32(cell, tenth)));
            let (is_pair, digit) = (has(bitmap, pair), _mm512_sllv_epi64(one, digit));
            let own = is_pair | _mm512_test_epi64_mask(bitmap[0], digit);
            let bit = [_mm512_mask_blend_epi64(is_pair, digit, pair[0]), _mm512_maskz_mov_epi64(is_pair, pair[1])];
            let entry = _mm512_add_epi64(_mm512_and_si512(entries, low), rank(bitmap, bit));
            let entry = _mm512_mask_add_epi64(entry, is_pair, entry, _mm512_set1_epi64(1 << 27));
            found[half] = _mm512_mask_blend_epi64(own, _mm512_srli_epi64::<32>(entries), entry);
        }
        store(slot, _mm512_and_si512(narrow(found), _mm512_set1_epi32(node::ENTRY as i32)));
    }
    for (slot, number) in block.end.at[..end].iter().zip(&block.end.list) {
        block.slot[usize::from(*number) & (BLOCK - 1)] = Slot(*slot);
    }
}

/// List the numbers whose slot does not decide alone; returns how many there are.
fn open(trie: &Trie<'_>, block: &mut Block, rows: usize) -> usize {
    let (none, entries) = (_mm512_set1_epi32(Slot::NONE.0 as i32), _mm512_set1_epi32(trie.entries as i32));
    let (below, one) = (_mm512_set1_epi32((1 << Slot::DIGITS_FROM) - 1), _mm512_set1_epi32(1));
    let (slots, counts) = (block.slot.as_chunks::<LANES>().0, block.count.as_chunks::<LANES>().0);
    let mut found = 0;
    for (at, (slot, count)) in slots.iter().zip(counts).enumerate().take(rows.div_ceil(LANES)) {
        let slot = load(slot);
        // As `Trie::open`.
        let is_entry = _mm512_cmplt_epu32_mask(_mm512_and_si512(slot, below), entries);
        let digits = _mm512_sub_epi32(_mm512_srli_epi32::<{ Slot::DIGITS_FROM }>(slot), one);
        let is_begun = _mm512_mask_cmplt_epu32_mask(is_entry, digits, load(count));
        let open = _mm512_mask_cmpneq_epi32_mask(!is_begun, slot, none) & first(rows - LANES * at);
        found = append(&mut block.list, found, open, sixteen(LANES * at));
    }
    found
}

}
