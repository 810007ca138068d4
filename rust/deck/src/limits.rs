//! How much one deck can hold, and less where that is to be tried with few rows.

use crate::build::Builder;
use crate::trie::coding::Coding;

/// Limits in place of those of the format; none is above them.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub words: Option<usize>,
    pub text: Option<usize>,
    pub entries: Option<usize>,
    pub usual: Option<usize>,
}

impl Builder {
    /// Refuse more than so many words of nodes, where fewer are allowed than a deck can hold.
    pub fn words(mut self, most: usize) -> Self {
        self.limits.words = Some(most);
        self
    }

    /// Refuse more than so many bytes of text, where fewer are allowed than a deck can hold.
    pub fn text_bytes(mut self, most: usize) -> Self {
        self.limits.text = Some(most);
        self
    }

    /// Refuse more than so many entries, where fewer are allowed than a deck can hold.
    pub fn entries(mut self, most: usize) -> Self {
        self.limits.entries = Some(most.min(Coding::MOST));
        self
    }

    /// Write the slots of very large decks where there are more than so many entries, to try them with few.
    pub fn usual_entries(mut self, most: usize) -> Self {
        self.limits.usual = Some(most);
        self
    }
}
