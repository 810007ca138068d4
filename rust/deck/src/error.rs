//! What can go wrong, one type per act: building a deck, opening one, counting money.

use crate::money::Nano;

/// Why rows do not make a deck.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Not 1 to 15 digits, the first of them 1-9 (R1, R22).
    #[error("{place}: prefix {prefix:?} is not 1 to 15 digits that begin with 1-9; correct or drop the row")]
    Prefix {
        /// The text found.
        prefix: String,
        /// File and row.
        place: String,
    },
    /// A row without a network group (R22).
    #[error("{place}: prefix {prefix} has no network group; name one")]
    Group {
        /// Its prefix.
        prefix: String,
        /// File and row.
        place: String,
    },
    /// A value that terms cannot have.
    #[error("{place}: prefix {prefix}: {what}")]
    Terms {
        /// Its prefix.
        prefix: String,
        /// File and row.
        place: String,
        /// Which value, and what to do.
        what: String,
    },
    /// Two rows own one prefix at one time (R22).
    #[error("prefix {prefix} is owned twice: {first}; and {second}; keep one of them")]
    Twice {
        /// The prefix.
        prefix: String,
        /// One row.
        first: String,
        /// The other.
        second: String,
    },
    /// More prefixes than slots can number.
    #[error("{count} prefixes are more than the {limit} that one deck can hold; split the sheet")]
    TooMany {
        /// How many there were.
        count: usize,
        /// How many fit.
        limit: usize,
    },
    /// More nodes than slots can lead to.
    #[error(
        "the nodes of {count} prefixes take more than the {limit} words of four bytes that one deck can have; split the sheet"
    )]
    Full {
        /// How many prefixes there were.
        count: usize,
        /// How many words fit.
        limit: usize,
    },
    /// More text than offsets can tell.
    #[error("names and labels are {bytes} bytes together; one deck can hold {limit}; split the sheet")]
    Text {
        /// How many bytes there were.
        bytes: usize,
        /// How many fit.
        limit: usize,
    },
}

/// Why bytes are not a deck.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Shorter or longer than the header says.
    #[error(
        "the file has {found} bytes where its header says {expected}: it was cut or added to; compile it again"
    )]
    Length {
        /// By the header.
        expected: u64,
        /// On disk.
        found: u64,
    },
    /// The first bytes are not those of a deck.
    #[error("this is not a deck file: it does not begin with the deck mark")]
    Magic,
    /// Written by another version of the format.
    #[error(
        "deck format {found} is not format {expected}, which this version reads; compile the sheet again, or use the version that wrote it"
    )]
    Version {
        /// In the file.
        found: u32,
        /// Readable here.
        expected: u32,
    },
    /// A header field or section that cannot be.
    #[error("the deck's {what} cannot be right; compile the sheet again")]
    Section {
        /// Which one.
        what: &'static str,
    },
    /// The digest over the bytes is another.
    #[error(
        "the deck's bytes do not give its digest ({expected}): the file is damaged; compile the sheet again"
    )]
    Digest {
        /// As stored.
        expected: String,
    },
}

/// The bytes of an open deck lead outside themselves: it was opened unverified, or made to mislead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the deck's bytes lead outside themselves: the file is damaged; compile the sheet again")]
pub struct Broken;

/// An exact amount that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the charge is more than {} nano-rupees can say", Nano::MAX)]
pub struct Overflow;
