//! Texts of a deck as Arrow wants them.

use arrow_buffer::Buffer;
use dialnexa_deck::string_views::{MOST, string_view};
use dialnexa_deck::{Broken, Checked, Coding, Reason, Terms, View};

/// What columns of answers are made from, once for each deck: its texts as Arrow string views into one
/// buffer, its terms.
pub struct Texts {
    pub buffer: Buffer,
    groups: Vec<Words>,
    /// By number of the terms.
    shown: Vec<Shown>,
    pub reasons: Vec<u128>,
    /// What walks ask of entries, and their terms.
    pub checked: Checked,
    /// How slots are read.
    pub coding: Coding,
}

/// Name, code and country of a group, in one line of the cache.
#[repr(align(64))]
struct Words([u128; 3]);

/// What columns show of terms: these are long, and rows ask for them in no order.
pub struct Shown {
    /// Outbound and inbound, negative where there is none.
    pub rates: [i64; 2],
    pub rate_unit_s: u32,
    pub is_blocked: bool,
    /// Whether there are such terms.
    pub is_there: bool,
}

const NO_RATE: i64 = -1;
const NOTHING: Shown = Shown { rates: [NO_RATE; 2], rate_unit_s: 0, is_blocked: false, is_there: false };

impl Shown {
    fn new(terms: &Terms) -> Self {
        Self {
            rates: [terms.outbound_rate, terms.inbound_rate].map(|rate| rate.unwrap_or(NO_RATE)),
            rate_unit_s: terms.rate_unit_s,
            is_blocked: terms.blocked,
            is_there: true,
        }
    }
}

impl Texts {
    pub fn new(view: &View<'_>, groups: usize) -> Result<Self, Broken> {
        let mut bytes = view.all_text().to_vec();
        let start = view.all_text().as_ptr() as usize;
        // Texts that groups share are there once: a view states only where.
        let place = |text: &str| string_view(text.as_bytes(), 0, (text.as_ptr() as usize - start) as u32);
        let groups = (0..groups as u32)
            .map(|number| {
                let group = view.group(number)?;
                Ok(Words([place(group.name), place(group.country_iso), place(group.country)]))
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
        let checked = Checked::new(view)?;
        let shown = checked.all_terms().iter().map(Shown::new).collect();
        let coding = view.coding();
        Ok(Self { buffer: Buffer::from(bytes), groups, shown, reasons, checked, coding })
    }

    /// What columns show of terms, by number; of none nothing.
    #[inline(always)]
    pub fn shown(&self, terms: u32) -> &Shown {
        self.shown.get(terms as usize).unwrap_or(&NOTHING)
    }

    /// The view of a word of a group: its name, code or country.
    #[inline(always)]
    pub fn group(&self, number: u32, word: usize) -> u128 {
        self.groups.get(number as usize).map_or(0, |Words(words)| words[word])
    }
}
