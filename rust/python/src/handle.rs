//! What the answers of one deck share: its bytes, and what was made of them once.

use crate::raise::Raised;
use crate::texts::Texts;
use dialnexa_deck::{self as core, Rater};
use memmap2::Mmap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The bytes of a deck: a map of a file, or memory of our own.
pub enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
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
    /// The terms as they were prepared last: an expression asks once for each of its batches.
    rater: Mutex<Option<Arc<Rater>>>,
}

impl Handle {
    pub fn new(deck: core::Deck<Bytes>) -> Self {
        Self { deck, texts: OnceLock::new(), rater: Mutex::new(None) }
    }

    pub fn texts(&self) -> Result<&Texts, Raised> {
        if let Some(texts) = self.texts.get() {
            return Ok(texts);
        }
        let made = Texts::new(&self.deck.view(), self.deck.groups())?;
        Ok(self.texts.get_or_init(|| made))
    }

    pub fn rater(&self, semantics: core::Semantics) -> Result<Arc<Rater>, Raised> {
        let mut last = self.rater.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rater) = &*last
            && *rater.semantics() == semantics
        {
            return Ok(rater.clone());
        }
        Ok(last.insert(Arc::new(Rater::new(&self.deck.view(), semantics)?)).clone())
    }
}
