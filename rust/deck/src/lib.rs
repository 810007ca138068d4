//! A deck: which network group a telephone number belongs to, and what a call to it costs.
//!
//! Rows of a rate sheet go into a [`Builder`]; out come the bytes of a deck, the same for the same
//! rows on every machine. A [`Deck`] is a view over such bytes, wherever they lie. It answers the
//! longest prefix of a number, one by one or in blocks, with the chain of shorter prefixes behind
//! it, and [`Semantics`] turns seconds and the [`Terms`] found into an exact charge.
//!
//! Nothing here knows Python or Arrow; nothing is mutable once built; money is integers.

mod assemble;
pub mod bill;
pub mod blocks;
pub mod build;
pub mod cells;
pub mod charge;
pub mod checked;
pub mod clock;
pub mod deck;
pub mod digits;
pub mod enabled;
mod entry;
pub mod error;
pub mod file;
pub mod format;
mod judged;
pub mod lines;
pub mod listing;
pub mod money;
pub mod naive;
pub mod number_plan;
pub mod plan;
pub mod prices;
pub mod rater;
pub mod record;
pub mod schedule;
pub mod semantics;
pub mod string_views;
pub mod terms;
pub mod trie;
pub mod view;

pub use blocks::Piece;
pub use build::{Builder, Label, Row};
pub use charge::{Amount, Call, Charge, Part};
pub use checked::Checked;
pub use clock::Zone;
pub use deck::Deck;
pub use digits::{Digits, Raw};
pub use enabled::Enabled;
pub use error::{Broken, BuildError, OpenError, Overflow};
pub use listing::{Listed, Within};
pub use money::{Exact, Nano, Rounding};
pub use number_plan::NumberPlan;
pub use rater::Rater;
pub use record::{Reason, Record, judge};
pub use schedule::{Band, Schedule, Tier};
pub use semantics::Semantics;
pub use terms::{Direction, Terms};
pub use trie::Slot;
pub use trie::block::{BLOCK, Block};
pub use trie::choice::Walk;
pub use view::{Asked, Found, Group, View};
