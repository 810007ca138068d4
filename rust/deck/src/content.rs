//! What the sections of a file hold, written where they stand in it: a deck is never in memory twice.

use crate::format::{Packing, Section};

/// The bytes of one section, as far as they have to be made.
pub(crate) enum Content<'a> {
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// Little-endian words.
    Words(&'a [u32]),
    /// Texts, back to back.
    Texts(&'a [String]),
    /// Numbers as narrow as `Packing::of` found, and four zeros.
    Packed(&'a [u32], Packing),
    /// So many bytes that somebody else writes.
    Made(usize, &'a dyn Fn(&mut [u8])),
}

impl Content<'_> {
    /// How many bytes there are.
    pub fn length(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Words(words) => size_of_val(*words),
            Self::Texts(texts) => texts.iter().map(String::len).sum(),
            Self::Packed(numbers, packing) => packing.length(numbers.len()),
            Self::Made(length, _) => *length,
        }
    }

    /// Write them over all of `place`, which is as long.
    pub fn write(&self, place: &mut [u8]) {
        match self {
            Self::Bytes(bytes) => place.copy_from_slice(bytes),
            Self::Words(words) => {
                for (place, word) in place.chunks_exact_mut(4).zip(*words) {
                    place.copy_from_slice(&word.to_le_bytes());
                }
            }
            Self::Texts(texts) => {
                let mut at = 0;
                for text in *texts {
                    place[at..][..text.len()].copy_from_slice(text.as_bytes());
                    at += text.len();
                }
            }
            Self::Packed(numbers, packing) => packing.write(numbers, place),
            Self::Made(_, write) => write(place),
        }
    }
}

/// A section and what it holds.
pub(crate) type Filled<'a> = (Section, Content<'a>);
