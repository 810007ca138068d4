//! What can go wrong, one type per act: building a deck, opening one, counting money.

use crate::money::Nano;

/// Why rows do not make a deck.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    /// More entries than slots can number, without the redundant ones.
    #[error(
        "{count} entries are more than the {limit} that one deck can number; split the sheet by its first digits"
    )]
    TooMany {
        /// How many there were.
        count: usize,
        /// How many fit.
        limit: usize,
    },
    /// More nodes than slots can lead to.
    #[error(
        "the nodes of {count} entries take more than the {limit} words of four bytes that the arena of one deck can have; split the sheet by its first digits"
    )]
    Full {
        /// How many prefixes there were.
        count: usize,
        /// How many words fit.
        limit: usize,
    },
    /// More text than offsets can state.
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
#[non_exhaustive]
pub enum OpenError {
    /// Shorter or longer than the header states.
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
    /// Written in a format that is not read here.
    #[error("{}", version(*found, *oldest, *newest))]
    Version {
        /// In the file.
        found: u32,
        /// The oldest that is readable here.
        oldest: u32,
        /// The newest.
        newest: u32,
    },
    /// A section that is not known here, and not one that may be skipped.
    #[error(
        "the deck has a section of kind {kind}, which this version does not know and cannot skip; open it with the version that wrote it or a later one, or compile the sheet again with this one"
    )]
    Kind {
        /// Which one.
        kind: u32,
    },
    /// A word or bit that has no meaning yet, and is not zero.
    #[error(
        "the deck uses a {what}, which is reserved: it was written by a later version, or is damaged; open it with the version that wrote it, or compile the sheet again with this one"
    )]
    Reserved {
        /// Which one.
        what: &'static str,
    },
    /// The note behind the deck is not as it was written.
    #[error(
        "the note behind the deck, which says who wrote it, is damaged, though the deck's own digest may hold; compile the sheet again"
    )]
    Note,
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

fn version(found: u32, oldest: u32, newest: u32) -> String {
    if found > newest {
        return format!(
            "the deck is of format {found}, and format {newest} is the newest that this version reads; open it with the version that wrote it or a later one, or compile the sheet again with this one"
        );
    }
    format!(
        "the deck is of format {found}, and format {oldest} is the oldest that this version reads; compile the sheet again"
    )
}
