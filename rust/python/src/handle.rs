//! What the answers of one deck share: its bytes, and what was made of them once.

use crate::raise::Raised;
use crate::texts::Texts;
use arrow_buffer::Buffer;
use dialnexa_deck::{self as core, Rater, View};
use memmap2::Mmap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The bytes of a deck: a map of a file, or memory of our own.
pub enum Bytes {
    Mapped(Mmap),
    Owned(Buffer),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// A deck, and the texts of it as Arrow wants them, made at the first bulk call.
pub struct Handle {
    pub deck: core::Deck<Bytes>,
    texts: OnceLock<Texts>,
    /// The terms as they were prepared before, the last asked for behind the others: an expression asks once
    /// for each of its batches, and several may be under way.
    raters: Mutex<Vec<Arc<Rater>>>,
}

/// Semantics whose terms are kept prepared.
const RATERS: usize = 8;

impl Handle {
    pub fn new(deck: core::Deck<Bytes>) -> Self {
        Self { deck, texts: OnceLock::new(), raters: Mutex::default() }
    }

    pub fn texts(&self) -> Result<&Texts, Raised> {
        if let Some(texts) = self.texts.get() {
            return Ok(texts);
        }
        let made = Texts::new(&self.deck.view(), self.deck.groups())?;
        Ok(self.texts.get_or_init(|| made))
    }

    pub fn rater(&self, semantics: core::Semantics) -> Result<Arc<Rater>, Raised> {
        let mut kept = self.raters.lock().unwrap_or_else(PoisonError::into_inner);
        let rater = match kept.iter().position(|rater| *rater.semantics() == semantics) {
            Some(place) => kept.remove(place),
            None => Arc::new(Rater::new(&self.deck.view(), semantics)?),
        };
        if kept.len() == RATERS {
            kept.remove(0);
        }
        kept.push(rater.clone());
        Ok(rater)
    }

    /// The deck's columns for many numbers, or for a walk through many versions.
    pub fn view(&self) -> Result<View<'_>, Raised> {
        Ok(self.deck.view().with(&self.texts()?.checked))
    }

    /// The deck's columns for one number.
    pub fn view_for_one(&self) -> Result<View<'_>, Raised> {
        // What is checked is made once, and saves nothing where nothing is asked at a time.
        if self.deck.is_dated() { self.view() } else { Ok(self.deck.view()) }
    }
}
