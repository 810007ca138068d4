//! Texts of a deck as Arrow wants them.

use arrow_buffer::Buffer;
use dialnexa_deck::string_views::{MOST, string_view};
use dialnexa_deck::{Broken, Checked, Reason, Terms, View};

/// What columns of answers are made from, once for each deck: its texts as Arrow string views into one
/// buffer, its terms.
pub struct Texts {
    pub buffer: Buffer,
    groups: Vec<[u128; 3]>,
    pub reasons: Vec<u128>,
    /// What walks ask of entries, and their terms.
    pub checked: Checked,
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
        Ok(Self { buffer: Buffer::from(bytes), groups, reasons, checked: Checked::new(view)? })
    }

    /// Terms by number.
    #[inline(always)]
    pub fn terms(&self, number: u32) -> Option<&Terms> {
        self.checked.terms(number)
    }

    /// The view of a word of a group: its name, code or country.
    #[inline(always)]
    pub fn group(&self, number: u32, word: usize) -> u128 {
        self.groups.get(number as usize).map_or(0, |words| words[word])
    }
}
