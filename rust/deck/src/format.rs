//! The deck file: a header, a table of sections, sections, a digest. Nothing about tries.
//!
//! ```text
//! 0    mark, 8 bytes            "DNXDECK" and a newline
//! 8    format version, u32
//! 12   number of sections, u32
//! 16   length of the file, u64
//! 24   per section: kind u32, reserved u32, offset u64, length u64
//! ...  sections, each on a 64-byte boundary, zeros between
//! end  BLAKE3 of everything before it, 32 bytes
//! ```
//!
//! All integers are little-endian, and every type here has alignment 1, so the same bytes serve
//! from a file, a map or a buffer on any machine.

use crate::error::OpenError;
use std::ops::Range;
use zerocopy::little_endian::{I64, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The version this code reads and writes.
pub const VERSION: u32 = 3;
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
}

/// How many kinds there are.
pub const SECTIONS: usize = 18;

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

/// Lay sections out as a file, digest included.
pub fn write(sections: &[(Section, &[u8])]) -> Vec<u8> {
    let align = |at: usize| at.next_multiple_of(ALIGNMENT);
    let mut at = align(size_of::<Header>() + sections.len() * size_of::<Place>());
    let mut places = Vec::new();
    for (kind, bytes) in sections {
        places.push(Place {
            kind: (*kind as u32).into(),
            reserved: 0.into(),
            offset: (at as u64).into(),
            length: (bytes.len() as u64).into(),
        });
        at = align(at + bytes.len());
    }
    let length = at + DIGEST;
    let header = Header {
        mark: MARK,
        version: VERSION.into(),
        sections: (sections.len() as u32).into(),
        length: (length as u64).into(),
    };
    let mut file = Vec::with_capacity(length);
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(places.as_bytes());
    for (_, bytes) in sections {
        file.resize(align(file.len()), 0);
        file.extend_from_slice(bytes);
    }
    file.resize(at, 0);
    let digest = blake3::hash(&file);
    file.extend_from_slice(digest.as_bytes());
    file
}

/// Check the header and find the sections; O(1), reads nothing behind the header.
pub fn places(file: &[u8]) -> Result<Places, OpenError> {
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
    if header.version.get() != VERSION {
        return Err(OpenError::Version { found: header.version.get(), expected: VERSION });
    }
    if header.length.get() != file.len() as u64 {
        return Err(OpenError::Length { expected: header.length.get(), found: file.len() as u64 });
    }
    let count = header.sections.get() as usize;
    if count > SECTIONS {
        return Err(broken("number of sections"));
    }
    let (table, _) =
        <[Place]>::ref_from_prefix_with_elems(rest, count).map_err(|_| broken("table of sections"))?;
    let end = file.len().checked_sub(DIGEST).ok_or(broken("length"))?;
    let mut places = Places::default();
    for place in table {
        let kind = place.kind.get() as usize;
        let start = usize::try_from(place.offset.get()).map_err(|_| broken("section offset"))?;
        let length = usize::try_from(place.length.get()).map_err(|_| broken("section length"))?;
        let stop = start.checked_add(length).filter(|stop| *stop <= end);
        let slot = kind.checked_sub(1).and_then(|at| places.get_mut(at));
        match (slot, stop) {
            (Some(slot), Some(stop)) if Range::is_empty(slot) => *slot = start..stop,
            (Some(_), None) => return Err(broken("section bounds")),
            _ => return Err(broken("section kinds")),
        }
    }
    Ok(places)
}

/// The digest that the file carries, as hexadecimal text.
pub fn digest(file: &[u8]) -> String {
    let start = file.len().saturating_sub(DIGEST);
    file[start..].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compare the digest with the bytes; reads everything once.
pub fn verify(file: &[u8]) -> Result<(), OpenError> {
    let (body, stored) = file.split_at(file.len().saturating_sub(DIGEST));
    if blake3::hash(body).as_bytes() == stored {
        Ok(())
    } else {
        Err(OpenError::Digest { expected: digest(file) })
    }
}

/// Numbers about the whole deck.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Meta {
    /// Rows that were compiled.
    pub rows: U64,
    /// Of these, how many said nothing that their parent does not.
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

/// Pack numbers; four bytes of zeros stand behind the last, so that each can be read as four.
pub fn pack(numbers: &[u32]) -> (Vec<u8>, Packing) {
    let base = numbers.iter().copied().min().unwrap_or(0);
    let most = numbers.iter().copied().max().unwrap_or(0) - base;
    let width = (u32::BITS - most.leading_zeros()).div_ceil(8);
    let mut bytes = Vec::with_capacity(numbers.len() * width as usize + 4);
    for number in numbers {
        bytes.extend_from_slice(&(number - base).to_le_bytes()[..width as usize]);
    }
    bytes.extend_from_slice(&[0; 4]);
    (bytes, Packing { base: base.into(), width: width.into() })
}
