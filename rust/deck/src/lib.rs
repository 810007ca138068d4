#![doc = include_str!("../README.md")]

// What callers use is named at the end. Modules without a word in the documentation are seen by the Python
// module, by tests and by fuzzing alone, and change with any release.
mod assemble;
#[doc(hidden)]
pub mod bill;
#[doc(hidden)]
pub mod blocks;
#[doc(hidden)]
pub mod build;
#[doc(hidden)]
pub mod cells;
#[doc(hidden)]
pub mod charge;
#[doc(hidden)]
pub mod checked;
#[doc(hidden)]
pub mod clock;
mod content;
#[doc(hidden)]
pub mod deck;
#[doc(hidden)]
pub mod digits;
mod distinct;
mod distinct_terms;
#[doc(hidden)]
pub mod enabled;
mod entry;
#[doc(hidden)]
pub mod error;
#[cfg(feature = "file")]
pub mod file;
#[doc(hidden)]
pub mod format;
mod judged;
mod limits;
#[doc(hidden)]
pub mod lines;
#[doc(hidden)]
pub mod listing;
#[doc(hidden)]
pub mod money;
#[doc(hidden)]
pub mod naive;
mod note;
#[doc(hidden)]
pub mod number_plan;
#[doc(hidden)]
pub mod plan;
#[doc(hidden)]
pub mod prices;
#[doc(hidden)]
pub mod rater;
#[doc(hidden)]
pub mod record;
#[doc(hidden)]
pub mod schedule;
pub mod semantics;
#[doc(hidden)]
pub mod string_views;
#[doc(hidden)]
pub mod terms;
#[doc(hidden)]
pub mod trie;
#[doc(hidden)]
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
pub use format::{OLDEST as OLDEST_FORMAT, VERSION as FORMAT};
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
#[doc(hidden)]
pub use trie::coding::Coding;
pub use view::{Asked, Found, Group, View};
