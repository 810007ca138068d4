//! The lines of a delimited text: whether each of them is a row, and where its cells are.
//!
//! A row has as many cells as the header, each plain and without a quote, or in quotes with those
//! inside doubled. Sixty-four bytes are looked at in one go: which of them are quotes, delimiters
//! and line ends are words of 64 bits, and what must stand beside what is arithmetic of these.

use std::ops::Range;

/// Bytes looked at in one go.
const STEP: usize = 64;

/// What a row of a text is.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Stands between cells; neither a quote nor a line end.
    pub delimiter: u8,
    /// How many cells a row has.
    pub cells: usize,
}

/// What the lines of a text showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// How many rows there are.
    pub rows: usize,
    /// Whether a cell may begin with an apostrophe, which guards it from spreadsheets.
    pub guarded: bool,
    /// Whether a cell may begin or end with a blank.
    pub padded: bool,
}

/// What a step hands on to the next one, a bit each.
struct Carried {
    inside: u64,
    start: u64,
    closed: u64,
    opened: u64,
    returned: u64,
    blank: u64,
}

impl Rows {
    /// Look at whole lines; the last one may lack its end. None where one of them is no row.
    ///
    /// `cell` is given the number of each cell in its row that is wanted, and its bytes, quotes included.
    pub fn look(
        &self,
        text: &[u8],
        wanted: &[usize],
        mut cell: impl FnMut(usize, Range<usize>),
    ) -> Option<Shown> {
        let mut shown = Shown::default();
        let mut from = Carried { inside: 0, start: 1, closed: 0, opened: 0, returned: 0, blank: 0 };
        let (mut number, mut begin) = (0, 0);
        let mut at = 0;
        for step in text.chunks(STEP) {
            let mut room = [0; STEP];
            let (bytes, there) = padded(step, &mut room);
            let (mut ends, mut lines) = self.step(bytes, there, &mut from, &mut shown)?;
            loop {
                let last = lines & lines.wrapping_neg();
                let piece = if last == 0 { ends } else { ends & (last | (last - 1)) };
                let count = piece.count_ones() as usize;
                for one in wanted.iter().filter(|one| (number..number + count).contains(*one)) {
                    let (mut left, mut first) = (piece, begin);
                    for _ in number..*one {
                        first = at + left.trailing_zeros() as usize + 1;
                        left &= left - 1;
                    }
                    cell(*one, first..at + left.trailing_zeros() as usize);
                }
                if count > 0 {
                    begin = at + STEP - piece.leading_zeros() as usize;
                }
                number += count;
                if last == 0 {
                    break;
                }
                if number != self.cells {
                    return None;
                }
                number = 0;
                shown.rows += 1;
                ends &= !piece;
                lines &= lines - 1;
            }
            at += step.len();
        }
        if begin < text.len() || number > 0 {
            // The last line has no end.
            if wanted.contains(&number) {
                cell(number, begin..text.len());
            }
            if number + 1 != self.cells || from.inside != 0 {
                return None;
            }
            shown.rows += 1;
            shown.padded |= from.blank != 0 || from.returned != 0;
        }
        (from.inside == 0).then_some(shown)
    }

    /// Hand on every cell of whole lines, quotes included, with the number of its column.
    ///
    /// The last line may lack its end. How many rows there are; None where a line is none, by then some
    /// cells were handed on.
    pub fn each(&self, text: &[u8], mut cell: impl FnMut(usize, Range<usize>)) -> Option<usize> {
        let mut shown = Shown::default();
        let mut from = Carried { inside: 0, start: 1, closed: 0, opened: 0, returned: 0, blank: 0 };
        let (mut rows, mut number, mut begin) = (0, 0, 0);
        for (step, piece) in text.chunks(STEP).enumerate() {
            let mut room = [0; STEP];
            let (bytes, there) = padded(piece, &mut room);
            let (mut ends, lines) = self.step(bytes, there, &mut from, &mut shown)?;
            while ends != 0 {
                let end = step * STEP + ends.trailing_zeros() as usize;
                cell(number, begin..end);
                begin = end + 1;
                number += 1;
                if ends & ends.wrapping_neg() & lines != 0 {
                    if number != self.cells {
                        return None;
                    }
                    number = 0;
                    rows += 1;
                } else if number == self.cells {
                    return None;
                }
                ends &= ends - 1;
            }
        }
        if begin < text.len() || number > 0 {
            cell(number, begin..text.len());
            if number + 1 != self.cells {
                return None;
            }
            rows += 1;
        }
        (from.inside == 0).then_some(rows)
    }

    /// The ends of cells among some bytes, and those of lines. None where these cannot be of a row.
    #[inline(always)]
    fn step(
        &self,
        bytes: &[u8; STEP],
        there: u64,
        from: &mut Carried,
        shown: &mut Shown,
    ) -> Option<(u64, u64)> {
        let [quote, line, apart, returns, guard, blank] =
            masks(bytes, [b'"', b'\n', self.delimiter, b'\r', b'\'']).map(|mask| mask & there);
        let inside = parity(quote) ^ from.inside.wrapping_neg();
        let (opens, closes) = (quote & inside, quote & !inside);
        let apart = apart & !inside;
        let ends = apart | line;
        let starts = ends << 1 | from.start;
        let after = closes << 1 | from.closed;
        let returned = after & returns;
        let behind = returned << 1 | from.returned;
        // A quote opens a cell, or doubles the one before it; behind a closing one the cell ends.
        let wrong = (opens & !(starts | after))
            | (after & there & !(ends | opens | returns))
            | (behind & there & !line)
            | (line & inside);
        if wrong != 0 {
            return None;
        }
        let first = (opens & starts) << 1 | from.opened;
        let blank = blank & !ends;
        let last = blank << 1 | from.blank;
        shown.guarded |= guard & (starts | first) != 0;
        shown.padded |= returns != 0
            || blank & there & ((starts & !quote) | (first & !closes)) != 0
            || last & (ends | closes) != 0;
        let top = |mask: u64| mask >> (STEP - 1);
        *from = Carried {
            inside: top(inside),
            start: top(ends),
            closed: top(closes),
            opened: top(opens & starts),
            returned: top(returned),
            blank: top(blank),
        };
        if there != !0 {
            // Of a last piece the bit behind its end states what the last byte was.
            let end = there.wrapping_add(1);
            from.inside = u64::from(inside & end != 0);
            from.blank = u64::from(last & end != 0);
            from.returned = u64::from(behind & end != 0);
        }
        Some((ends, line))
    }
}

/// The bytes of a step, zeros in place of those that the last one lacks, and a bit for each that is there.
#[inline(always)]
fn padded<'a>(step: &'a [u8], room: &'a mut [u8; STEP]) -> (&'a [u8; STEP], u64) {
    match step.first_chunk() {
        Some(whole) => (whole, !0),
        None => {
            room[..step.len()].copy_from_slice(step);
            (room, (1 << step.len()) - 1)
        }
    }
}

/// The places behind the line ends of a text, in order.
pub fn line_ends(text: &[u8], mut end: impl FnMut(usize)) {
    for (number, step) in text.chunks(STEP).enumerate() {
        let mut padded = [0; STEP];
        padded[..step.len()].copy_from_slice(step);
        let [mut found, ..] = masks(&padded, [b'\n'; 5]);
        while found != 0 {
            end(number * STEP + found.trailing_zeros() as usize + 1);
            found &= found - 1;
        }
    }
}

/// The bit of a place: whether an odd number of bits is set up to it, itself included.
#[inline(always)]
fn parity(bits: u64) -> u64 {
    let mut found = bits;
    for shift in [1, 2, 4, 8, 16, 32] {
        found ^= found << shift;
    }
    found
}

/// Where each of some bytes stands; and where a blank does, or what is no ASCII and may be one.
#[inline(always)]
fn masks(bytes: &[u8; STEP], wanted: [u8; 5]) -> [u64; 6] {
    // SAFETY: every processor of this architecture has SSE2.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        wide_masks(bytes, wanted)
    }
    #[cfg(not(target_arch = "x86_64"))]
    plain_masks(bytes, wanted)
}

/// The same, sixteen bytes at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn wide_masks(bytes: &[u8; STEP], wanted: [u8; 5]) -> [u64; 6] {
    use std::arch::x86_64::*;
    let mut found = [0; 6];
    let word = |at: usize| bytes[at..].first_chunk().map_or(0, |eight| i64::from_le_bytes(*eight));
    for part in 0..STEP / 16 {
        let there = _mm_set_epi64x(word(part * 16 + 8), word(part * 16));
        for (mask, byte) in found.iter_mut().zip(wanted) {
            let same = _mm_movemask_epi8(_mm_cmpeq_epi8(there, _mm_set1_epi8(byte as i8)));
            *mask |= u64::from(same as u32) << (part * 16);
        }
        let blank = _mm_movemask_epi8(_mm_cmplt_epi8(there, _mm_set1_epi8(0x21)));
        found[5] |= u64::from(blank as u32) << (part * 16);
    }
    found
}

/// The same, byte by byte.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain_masks(bytes: &[u8; STEP], wanted: [u8; 5]) -> [u64; 6] {
    let mut found = [0; 6];
    for (at, byte) in bytes.iter().enumerate() {
        for (mask, one) in found.iter_mut().zip(wanted) {
            *mask |= u64::from(*byte == one) << at;
        }
        found[5] |= u64::from(*byte < 0x21 || *byte > 0x7f) << at;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cells of a line, read byte by byte; None where it is no row.
    fn cells(line: &[u8], delimiter: u8) -> Option<Vec<&[u8]>> {
        let (mut found, mut at) = (Vec::new(), 0);
        loop {
            let begin = at;
            if line.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    match (line.get(at)?, line.get(at + 1)) {
                        (b'"', Some(b'"')) => at += 2,
                        (b'"', _) => break at += 1,
                        _ => at += 1,
                    }
                }
            } else {
                while line.get(at).is_some_and(|byte| *byte != delimiter) {
                    if line[at] == b'"' {
                        return None;
                    }
                    at += 1;
                }
            }
            found.push(&line[begin..at]);
            match &line[at..] {
                [] | [b'\r'] => return Some(found),
                [next, ..] if *next == delimiter => at += 1,
                _ => return None,
            }
        }
    }

    fn naive(text: &[u8], rows: Rows) -> Option<(usize, Vec<Vec<u8>>, bool, bool)> {
        let lines = text.strip_suffix(b"\n").unwrap_or(text);
        let (mut count, mut all, mut guarded, mut padded) = (0, Vec::new(), false, text.contains(&b'\r'));
        if text.is_empty() {
            return Some((0, all, false, false));
        }
        for line in lines.split(|byte| *byte == b'\n') {
            let found = cells(line, rows.delimiter)?;
            if found.len() != rows.cells {
                return None;
            }
            count += 1;
            for cell in found {
                let bare = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell);
                let blank = |byte: Option<&u8>| byte.is_some_and(|byte| *byte < 0x21 || *byte > 0x7f);
                guarded |= bare.first() == Some(&b'\'');
                padded |= blank(bare.first()) || blank(bare.last());
                all.push(cell.to_vec());
            }
        }
        Some((count, all, guarded, padded))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn lines_are_looked_at_as_byte_by_byte(
            text in proptest::collection::vec(proptest::sample::select(b"\"\"\",,,\n\n\r' \tab\xc3".to_vec()), 0..40),
            lead in 0..70_usize,
            cells in 1..4_usize,
            sound in any::<bool>(),
        ) {
            // A line of any length in front, so that what matters lies across the borders of steps.
            let mut whole = vec![b'x'; lead];
            whole.extend_from_slice(&b",x"[..2].repeat(cells - 1));
            whole.push(b'\n');
            if sound {
                for piece in text.chunks(7) {
                    let cell: Vec<u8> = piece.iter().filter(|byte| !b"\"\n\r".contains(byte)).copied().collect();
                    let mut line = vec![b'"'];
                    line.extend_from_slice(&cell);
                    line.extend_from_slice(b"\"\"\"");
                    line.extend_from_slice(&b",' "[..1 + piece.len() % 3]);
                    line.extend_from_slice(&b",a"[..2].repeat(cells.saturating_sub(2)));
                    line.push(b'\n');
                    whole.extend_from_slice(&line);
                }
            } else {
                whole.extend_from_slice(&text);
            }
            let rows = Rows { delimiter: b',', cells };
            let mut found = Vec::new();
            let all: Vec<usize> = (0..cells).collect();
            let shown = rows.look(&whole, &all, |_, range| found.push(whole[range].to_vec()));
            let mut each = Vec::new();
            let count = rows.each(&whole, |number, range| each.push((number, whole[range].to_vec())));
            prop_assert_eq!(count, shown.map(|shown| shown.rows));
            if count.is_some() {
                let numbered = found.iter().cloned().enumerate().map(|(at, cell)| (at % cells, cell));
                prop_assert_eq!(each, numbered.collect::<Vec<_>>());
            }
            match naive(&whole, rows) {
                None => prop_assert_eq!(shown, None),
                Some((count, cells, guarded, padded)) => {
                    let doubled = whole.windows(2).any(|pair| pair == b"\"\"");
                    let there = shown.unwrap_or_default();
                    // A blank before a doubled quote may be taken for the last of its cell.
                    let padded = padded || (doubled && there.padded);
                    prop_assert_eq!(shown, Some(Shown { rows: count, guarded, padded }));
                    let bare = |cell: &Vec<u8>| cell.strip_suffix(b"\r").unwrap_or(cell).to_vec();
                    let ends = |cells: &[Vec<u8>]| cells.iter().map(bare).collect::<Vec<_>>();
                    prop_assert_eq!(ends(&found), ends(&cells));
                }
            }
        }

        #[test]
        fn masks_are_those_of_single_bytes(bytes in any::<[u8; 32]>(), more in any::<[u8; 32]>()) {
            let mut all = [0; STEP];
            all[..32].copy_from_slice(&bytes);
            all[32..].copy_from_slice(&more);
            let wanted = [b'"', b'\n', b',', all[5], all[40]];
            prop_assert_eq!(masks(&all, wanted), plain_masks(&all, wanted));
        }
    }
}
