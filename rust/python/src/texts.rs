//! Texts of a deck as Arrow wants them.

use arrow_buffer::Buffer;
use dialnexa_deck::string_views::{MOST, string_view};
use dialnexa_deck::{Broken, Reason, Terms, View};

/// Texts of a deck as Arrow string views into one buffer, made once for each deck.
pub struct Texts {
    pub buffer: Buffer,
    groups: Vec<[u128; 3]>,
    pub reasons: Vec<u128>,
    terms: Vec<Terms>,
}

impl Texts {
    pub fn new(view: &View<'_>, groups: usize) -> Result<Self, Broken> {
        let mut bytes = view.all_text().to_vec();
        let start = view.all_text().as_ptr() as usize;
        // Texts that groups share are there once: a view says only where.
        let place = |text: &str| string_view(text.as_bytes(), 0, (text.as_ptr() as usize - start) as u32);
        let groups = (0..groups as u32)
            .map(|number| {
                let group = view.group(number)?;
                Ok([place(group.name), place(group.country_iso), place(group.country)])
            })
            .collect::<Result<_, Broken>>()?;
        let mut reasons = Vec::new();
        for (_, name) in Reason::ALL {
            reasons.push(string_view(name.as_bytes(), 0, bytes.len() as u32));
            bytes.extend_from_slice(name.as_bytes());
        }
        // No builder makes so much text.
        if bytes.len() > MOST {
            return Err(Broken);
        }
        Ok(Self { buffer: Buffer::from(bytes), groups, reasons, terms: view.all_terms()? })
    }

    /// Terms by number.
    #[inline(always)]
    pub fn terms(&self, number: u32) -> Option<&Terms> {
        self.terms.get(number as usize)
    }

    /// The view of a word of a group: its name, code or country.
    #[inline(always)]
    pub fn group(&self, number: u32, word: usize) -> u128 {
        self.groups.get(number as usize).map_or(0, |words| words[word])
    }
}
