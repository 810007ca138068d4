//! The deck file: a header, a table of sections, sections, a digest, a note. Nothing about tries.
//!
//! ```text
//! 0    mark, 8 bytes            "DNXDECK" and a newline
//! 8    format version, u32
//! 12   number of sections, u32
//! 16   length of the deck, u64
//! 24   per section: kind u32, reserved u32, offset u64, length u64
//! ...  sections, each on a 64-byte boundary, zeros between
//! end  BLAKE3 of everything before it, 32 bytes
//! ...  a note of who wrote it, or nothing (`note`)
//! ```
//!
//! Before format 4 there was no note, no section could be skipped, and reserved words were not looked at.
//!
//! All integers are little-endian, and every type here has alignment 1, so the same bytes serve
//! from a file, a map or a buffer on any machine.

use crate::build::Label;
use crate::content::{Content, Filled};
use crate::error::OpenError;
use crate::note;
use std::ops::Range;
use zerocopy::little_endian::{I64, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The version this code writes, and the newest it reads.
pub const VERSION: u32 = 4;
/// The oldest version it reads.
pub const OLDEST: u32 = 3;
/// The bit of the kinds of sections that a reader may skip if it does not know them.
pub const OPTIONAL: u32 = 1 << 31;
const MARK: [u8; 8] = *b"DNXDECK\n";
const ALIGNMENT: usize = 64;
const DIGEST: usize = blake3::OUT_LEN;

/// What a section holds. The numbers are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Section {
    /// One `Meta`.
    Meta = 1,
    /// Groups over the first digits.
    Table = 2,
    /// Nodes and slots.
    Arena = 3,
    /// The distinct slots that stand next above some entry: few, since siblings share theirs.
    Parent = 4,
    /// Per entry, its tariff, packed.
    TariffOf = 5,
    /// Per tariff, group and terms.
    Tariff = 6,
    /// `StoredTerms`.
    Terms = 7,
    /// Per group, its texts.
    Group = 8,
    /// Per text, where it ends in `Text`.
    TextEnd = 9,
    /// UTF-8, back to back.
    Text = 10,
    /// Per entry, the text that names its file, packed.
    SourceFile = 11,
    /// Per entry, its row there, packed.
    SourceRow = 12,
    /// Pairs of texts: name and value.
    Label = 13,
    /// Per entry, the next shorter one: its place in `Parent`, packed.
    ParentOf = 14,
    /// `Lists`: per zone, its offsets.
    Zone = 15,
    /// Where each list of `Zone` ends.
    ZoneEnd = 16,
    /// `Lists`: per schedule, the number of its zone and 1 more, or 0; its text; then its words.
    Schedule = 17,
    /// Where each list of `Schedule` ends.
    ScheduleEnd = 18,
    /// `Coding::Many`: the first entry of each half of the digits. Only where there are so many.
    Halves = 19,
}

/// How many kinds there are.
pub const SECTIONS: usize = 19;

/// Kinds of format 3.
const OLD_SECTIONS: usize = 18;

/// Sections of one file, with those that are skipped.
const MOST_SECTIONS: usize = 64;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Header {
    mark: [u8; 8],
    version: U32,
    sections: U32,
    length: U64,
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Place {
    kind: U32,
    reserved: U32,
    offset: U64,
    length: U64,
}

/// Where the sections of a file are; all inside it.
pub type Places = [Range<usize>; SECTIONS];

/// What the header of a file states.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Where its sections are.
    pub places: Places,
    /// The version of its format.
    pub version: u32,
    /// Bytes of the deck, with its digest; a note may follow.
    pub length: usize,
}

/// Lay sections out as a deck, with a digest and a note behind it, in bytes of which `room` gives as many as are
/// asked for. What stands in them does not matter. Sections of no bytes are left out.
pub(crate) fn write<B: AsMut<[u8]>, E>(
    sections: &[Filled<'_>],
    note: &[Label],
    room: impl FnOnce(usize) -> Result<B, E>,
) -> Result<B, E> {
    let sections: Vec<_> = sections.iter().filter(|(_, content)| content.length() > 0).collect();
    let align = |at: usize| at.next_multiple_of(ALIGNMENT);
    let mut at = align(size_of::<Header>() + sections.len() * size_of::<Place>());
    let mut places = Vec::new();
    for (kind, content) in &sections {
        places.push(Place {
            kind: (*kind as u32).into(),
            reserved: 0.into(),
            offset: (at as u64).into(),
            length: (content.length() as u64).into(),
        });
        at = align(at + content.length());
    }
    let length = at + DIGEST;
    let header = Header {
        mark: MARK,
        version: VERSION.into(),
        sections: (sections.len() as u32).into(),
        length: (length as u64).into(),
    };
    let note_of = |digest: &[u8]| if note.is_empty() { Vec::new() } else { note::write(digest, note) };
    // A note is as long for any digest.
    let mut file = room(length + note_of(&[0; DIGEST]).len())?;
    let (deck, behind) = file.as_mut().split_at_mut(length);
    let (body, digest) = deck.split_at_mut(at);
    let mut end = 0;
    let mut write = |at: usize, length: usize, content: &Content<'_>| {
        body[end..at].fill(0);
        content.write(&mut body[at..at + length]);
        end = at + length;
    };
    write(0, size_of::<Header>(), &Content::Bytes(header.as_bytes()));
    write(size_of::<Header>(), size_of_val(&*places), &Content::Bytes(places.as_bytes()));
    for (place, (_, content)) in places.iter().zip(sections) {
        write(place.offset.get() as usize, place.length.get() as usize, content);
    }
    body[end..].fill(0);
    digest.copy_from_slice(blake3::hash(body).as_bytes());
    behind.copy_from_slice(&note_of(digest));
    Ok(file)
}

/// Check the header and find the sections; O(1), reads nothing behind the header but that of the note.
pub fn layout(file: &[u8]) -> Result<Layout, OpenError> {
    let broken = |what| OpenError::Section { what };
    let (header, rest) = match Header::ref_from_prefix(file) {
        Ok(found) => found,
        Err(_) if file.starts_with(&MARK) => {
            let expected = (size_of::<Header>() + DIGEST) as u64;
            return Err(OpenError::Length { expected, found: file.len() as u64 });
        }
        Err(_) => return Err(OpenError::Magic),
    };
    if header.mark != MARK {
        return Err(OpenError::Magic);
    }
    let version = header.version.get();
    if !(OLDEST..=VERSION).contains(&version) {
        return Err(OpenError::Version { found: version, oldest: OLDEST, newest: VERSION });
    }
    let expected = header.length.get();
    let wrong_length = || OpenError::Length { expected, found: file.len() as u64 };
    let length = usize::try_from(expected).map_err(|_| wrong_length())?;
    let behind = file.get(length..).ok_or_else(wrong_length)?;
    let is_whole = behind.is_empty() || (version > OLDEST && note::fits(behind));
    if !is_whole {
        return Err(wrong_length());
    }
    let count = header.sections.get() as usize;
    if count > if version > OLDEST { MOST_SECTIONS } else { OLD_SECTIONS } {
        return Err(broken("number of sections"));
    }
    let (table, _) =
        <[Place]>::ref_from_prefix_with_elems(rest, count).map_err(|_| broken("table of sections"))?;
    let end = length.checked_sub(DIGEST).ok_or(broken("length"))?;
    let mut places = Places::default();
    for place in table {
        let start = usize::try_from(place.offset.get()).map_err(|_| broken("section offset"))?;
        let size = usize::try_from(place.length.get()).map_err(|_| broken("section length"))?;
        let stop = start.checked_add(size).filter(|stop| *stop <= end);
        let found = start..stop.ok_or(broken("section bounds"))?;
        if version > OLDEST && place.reserved.get() != 0 {
            return Err(OpenError::Reserved { what: "word beside the kind of a section" });
        }
        let kind = place.kind.get();
        let kinds = if version > OLDEST { SECTIONS } else { OLD_SECTIONS };
        match (kind as usize).checked_sub(1).filter(|at| *at < kinds) {
            Some(at) if Range::is_empty(&places[at]) => places[at] = found,
            Some(_) => return Err(broken("section kinds")),
            None if version > OLDEST && kind & OPTIONAL != 0 => {}
            None => return Err(OpenError::Kind { kind }),
        }
    }
    Ok(Layout { places, version, length })
}

/// The digest that a deck carries, as hexadecimal text.
pub fn digest(deck: &[u8]) -> String {
    digest_bytes(deck).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest_bytes(deck: &[u8]) -> &[u8] {
    &deck[deck.len().saturating_sub(DIGEST)..]
}

/// Compare the digest with the bytes of a deck; reads everything once.
pub fn verify(deck: &[u8]) -> Result<(), OpenError> {
    let (body, stored) = deck.split_at(deck.len().saturating_sub(DIGEST));
    if blake3::hash(body).as_bytes() == stored {
        Ok(())
    } else {
        Err(OpenError::Digest { expected: digest(deck) })
    }
}

/// The lines of the note behind a deck.
pub fn note(deck: &[u8], behind: &[u8]) -> Result<Vec<Label>, OpenError> {
    note::read(digest_bytes(deck), behind)
}

/// Numbers about the whole deck.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Meta {
    /// Rows that were compiled.
    pub rows: U64,
    /// Of these, how many stated nothing that their parent does not.
    pub redundant: U64,
    /// Bytes of the key that the table decides.
    pub depth: U32,
    /// Bits of `LACKS_INBOUND` and so on.
    pub flags: U32,
    /// Entries that can be found.
    pub entries: U32,
    /// Zero.
    pub reserved: U32,
    /// Of `Section::ParentOf`.
    pub parent_of: Packing,
    /// Of `Section::TariffOf`.
    pub tariff_of: Packing,
    /// Of `Section::SourceFile`.
    pub source_file: Packing,
    /// Of `Section::SourceRow`.
    pub source_row: Packing,
}

/// Some entry does not speak for inbound calls.
pub const LACKS_INBOUND: u32 = 1;
/// Some entry holds only at times, or is priced by the hour.
pub const DATED: u32 = 2;
/// The flags that have a meaning; all others are reserved.
pub const FLAGS: u32 = LACKS_INBOUND | DATED;

/// Lists of numbers, back to back.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    /// The numbers of all.
    pub words: &'a [I64],
    /// Where each list ends.
    pub ends: &'a [U32],
}

impl Lists<'_> {
    /// The list at an index.
    pub fn get(&self, index: usize) -> Option<Vec<i64>> {
        let end = self.ends.get(index)?.get() as usize;
        let start =
            index.checked_sub(1).map_or(Some(0), |before| Some(self.ends.get(before)?.get() as usize))?;
        Some(self.words.get(start..end)?.iter().map(|word| word.get()).collect())
    }
}

/// Lists as the bytes of the two sections they take.
pub fn lists(all: &[Vec<i64>]) -> [Vec<u8>; 2] {
    let words: Vec<I64> = all.iter().flatten().map(|word| I64::new(*word)).collect();
    let mut end = 0;
    let ends = all.iter().map(|list| {
        end += list.len() as u32;
        U32::new(end)
    });
    [words.as_bytes().to_vec(), ends.collect::<Vec<_>>().as_bytes().to_vec()]
}

/// A column of numbers as narrow as they allow: 0 to 4 bytes each above the least of them.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    bytes: &'a [u8],
    count: usize,
    base: u32,
    width: usize,
    mask: u32,
}

/// How a packed column is to be read.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Packing {
    base: U32,
    width: U32,
}

impl<'a> Packed<'a> {
    /// View bytes that `pack` wrote of so many numbers.
    #[inline]
    pub fn new(bytes: &'a [u8], count: usize, packing: Packing) -> Self {
        let width = packing.width.get().min(4);
        let mask = if width == 0 { 0 } else { u32::MAX >> (32 - 8 * width) };
        Self { bytes, count, base: packing.base.get(), width: width as usize, mask }
    }

    /// The number at an index.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<u32> {
        // Equal numbers take no bytes, so that these alone would let any index pass.
        if index >= self.count {
            return None;
        }
        let window = self.bytes.get(index * self.width..)?.first_chunk::<4>()?;
        Some(self.base.wrapping_add(u32::from_le_bytes(*window) & self.mask))
    }

    /// Whether all numbers are one, which takes no bytes, however many they are.
    pub fn is_constant(&self) -> bool {
        self.width == 0
    }

    /// Whether a section can be a column of so many numbers.
    pub fn fits(section: usize, count: usize, packing: Packing) -> bool {
        let width = packing.width.get();
        width <= 4 && section == count * width as usize + 4
    }
}

impl Packing {
    /// How numbers are packed.
    pub(crate) fn of(numbers: &[u32]) -> Self {
        let base = numbers.iter().copied().min().unwrap_or(0);
        let most = numbers.iter().copied().max().unwrap_or(0) - base;
        let width = (u32::BITS - most.leading_zeros()).div_ceil(8);
        Self { base: base.into(), width: width.into() }
    }

    /// Bytes that so many numbers take. Four zeros stand behind them, so that each can be read as a word.
    pub(crate) fn length(self, count: usize) -> usize {
        count * self.width.get() as usize + 4
    }

    /// Write the numbers that this packing is of.
    pub(crate) fn write(self, numbers: &[u32], place: &mut [u8]) {
        fn narrow<const WIDTH: usize>(numbers: &[u32], base: u32, place: &mut [u8]) {
            for (place, number) in place.as_chunks_mut::<WIDTH>().0.iter_mut().zip(numbers) {
                let [a, b, c, d] = (number - base).to_le_bytes();
                place.copy_from_slice(&[a, b, c, d][..WIDTH]);
            }
        }
        let base = self.base.get();
        let (packed, behind) = place.split_at_mut(self.length(numbers.len()) - 4);
        match self.width.get() {
            0 => {}
            1 => narrow::<1>(numbers, base, packed),
            2 => narrow::<2>(numbers, base, packed),
            3 => narrow::<3>(numbers, base, packed),
            _ => narrow::<4>(numbers, base, packed),
        }
        behind.fill(0);
    }
}
