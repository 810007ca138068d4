//! Rows of a rate sheet to the bytes of a deck.
//!
//! The result depends on the rows alone, not on their order: entries are numbered by prefix, and
//! texts, groups, terms and tariffs by their own order. A row that states nothing its parent does not
//! say is left out. O(rows * log rows) for the sort, the rest is linear.

use crate::assemble::{Parts, assemble};
use crate::digits::Digits;
use crate::distinct::Distinct;
use crate::distinct_terms::{DistinctTerms, OrderedTerms};
use crate::entry::{Entry, GroupTexts, drop_redundant};
use crate::error::BuildError;
use crate::limits::Limits;
use crate::listing::digits_of;
use crate::schedule::Schedule;
use crate::string_views::MOST;
use crate::terms::{Direction, Terms};
use crate::trie::Slot;
use crate::trie::coding::Coding;
use foldhash::fast::RandomState;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// One row of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Digits, without plus.
    pub prefix: &'a str,
    /// Network group; not empty.
    pub network_group: &'a str,
    /// ISO 3166 code, or empty.
    pub country_iso: &'a str,
    /// Country name, or empty.
    pub country: &'a str,
    /// What it costs and when.
    pub terms: Terms,
    /// File and row it came from.
    pub source: Option<(&'a str, u32)>,
}

/// A name and a value about the whole deck.
pub type Label = (String, String);

/// Distinct values, numbered as they come and renumbered by their order at the end.
#[derive(Debug)]
struct Numbered<T>(HashMap<T, u32, RandomState>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T: Hash + Ord> Numbered<T> {
    fn number<Q: ?Sized + Hash + Eq + ToOwned>(&mut self, value: &Q) -> u32
    where
        T: Borrow<Q> + From<Q::Owned>,
    {
        if let Some(number) = self.0.get(value) {
            return *number;
        }
        let next = self.0.len() as u32;
        self.0.insert(value.to_owned().into(), next);
        next
    }

    /// The values in order, each after `change`, and for each old number the new one.
    fn ordered(self, change: impl Fn(T) -> T) -> (Vec<T>, Vec<u32>) {
        let mut pairs: Vec<(T, u32)> = self.0.into_iter().map(|(value, old)| (change(value), old)).collect();
        pairs.sort_unstable();
        let mut renumbered = vec![0; pairs.len()];
        for (new, (_, old)) in pairs.iter().enumerate() {
            renumbered[*old as usize] = new as u32;
        }
        (pairs.into_iter().map(|(value, _)| value).collect(), renumbered)
    }
}

/// Collects rows and makes a deck of them.
#[derive(Debug, Default)]
pub struct Builder {
    texts: Numbered<String>,
    empty: Option<u32>,
    /// Texts of the row before, and their numbers.
    last: [Option<(String, u32)>; 4],
    groups: Distinct<GroupTexts>,
    terms: DistinctTerms,
    schedules: Numbered<Schedule>,
    entries: Vec<Entry>,
    labels: Vec<Label>,
    keep_redundant: bool,
    keep_sources: bool,
    depth: Option<u32>,
    pub(crate) limits: Limits,
    note: Vec<Label>,
}

impl Builder {
    /// A builder of a deck described by these labels.
    pub fn new(labels: Vec<Label>) -> Self {
        let writer = concat!("dialnexa-deck ", env!("CARGO_PKG_VERSION"));
        Self { labels, note: vec![("writer".into(), writer.into())], ..Self::default() }
    }

    /// Keep rows that state the same as their parent, so that matches name the sheet's own prefix.
    pub fn keep_redundant(mut self, keep: bool) -> Self {
        self.keep_redundant = keep;
        self
    }

    /// Keep the file and row of each entry.
    pub fn keep_sources(mut self, keep: bool) -> Self {
        self.keep_sources = keep;
        self
    }

    /// Put a note behind the deck, in place of the one that names this crate as the writer. Its names have no space.
    pub fn note(mut self, lines: Vec<Label>) -> Self {
        self.note = lines;
        self
    }

    /// Let the table decide the digits in this many bytes of the key: 2, 3 or 4, which are three, five or seven
    /// digits. By default as many as the number of prefixes is worth.
    pub fn depth(mut self, bytes: u32) -> Self {
        self.depth = Some(bytes.clamp(2, 4));
        self
    }

    /// Take a row.
    pub fn push(&mut self, row: &Row<'_>) -> Result<(), BuildError> {
        let place = || place(row.source);
        let digits =
            Digits::parse(row.prefix.as_bytes()).filter(|_| !row.prefix.starts_with('+')).ok_or_else(
                || BuildError::Prefix { prefix: row.prefix.chars().take(40).collect(), place: place() },
            )?;
        if row.network_group.is_empty() {
            return Err(BuildError::Group { prefix: row.prefix.to_owned(), place: place() });
        }
        if let Some(what) = row.terms.fault() {
            return Err(BuildError::Terms {
                prefix: row.prefix.to_owned(),
                place: place(),
                what: what.to_owned(),
            });
        }
        if row.terms.schedule.is_some_and(|number| number as usize >= self.schedules.0.len()) {
            let what = "it names a schedule that this deck was not given".to_owned();
            return Err(BuildError::Terms { prefix: row.prefix.to_owned(), place: place(), what });
        }
        let words = [row.network_group, row.country_iso, row.country];
        let mut group = [0; 3];
        for (column, word) in words.into_iter().enumerate() {
            group[column] = self.text_of(column, word);
        }
        let group = self.groups.number(group);
        let terms = self.terms.number(&row.terms);
        let (file, number) = row.source.unwrap_or(("", 0));
        let file = self.text_of(words.len(), file);
        let (aligned, count) = (digits.aligned(), digits.count as u32);
        self.entries.push(Entry { aligned, count, group, terms, file, row: number });
        Ok(())
    }

    /// Take a schedule; the number returned is the one that terms name.
    pub fn schedule(&mut self, schedule: &Schedule) -> u32 {
        self.text(&schedule.text);
        self.schedules.number(schedule)
    }

    /// The number of a text in a column, which is mostly that of the row before.
    fn text_of(&mut self, column: usize, text: &str) -> u32 {
        // Nothing has a number of its own, and is slow to compare: see `text`.
        if text.is_empty() {
            return self.text(text);
        }
        if let Some((last, number)) = &self.last[column]
            && last == text
        {
            return *number;
        }
        let number = self.text(text);
        let (last, of) = self.last[column].get_or_insert_default();
        last.clear();
        last.push_str(text);
        *of = number;
        number
    }

    /// The number of a text. Most sheets leave texts empty, and to compare nothing with nothing is
    /// slow: it reads, under a mask, from an address that is none, which the processor mends each time.
    fn text(&mut self, text: &str) -> u32 {
        if !text.is_empty() {
            return self.texts.number(text);
        }
        let texts = &mut self.texts;
        *self.empty.get_or_insert_with(|| texts.number(""))
    }

    /// How many rows were taken.
    pub fn rows(&self) -> u32 {
        self.entries.len() as u32
    }

    /// The bytes of the deck.
    pub fn finish(self) -> Result<Vec<u8>, BuildError> {
        self.finish_in(|length| Ok(vec![0; length]))
    }

    /// The bytes of the deck, written into memory of the caller's: `room` gives as many as it is asked for,
    /// whatever stands in them.
    pub fn finish_in<B: AsMut<[u8]>, E: From<BuildError>>(
        mut self,
        room: impl FnOnce(usize) -> Result<B, E>,
    ) -> Result<B, E> {
        let labels: Vec<[u32; 2]> = {
            self.labels.sort_unstable();
            let texts = &mut self.texts;
            self.labels
                .iter()
                .map(|(name, value)| [texts.number(name.as_str()), texts.number(value.as_str())])
                .collect()
        };
        let rows = self.entries.len();
        let (texts, text_order) = self.texts.ordered(|text| text);
        // Reasons stand behind them where columns of text are made.
        let limit = self.limits.text.unwrap_or(MOST - (1 << 16));
        let bytes = texts.iter().map(String::len).sum();
        if bytes > limit {
            return Err(BuildError::Text { bytes, limit }.into());
        }
        let new = |text: u32| text_order[text as usize];
        let (groups, group_order) = self.groups.ordered(|group| group.map(new));
        let (schedules, schedule_order) = self.schedules.ordered(|schedule| schedule);
        let (terms, terms_order) = self.terms.ordered(&schedule_order);
        for entry in &mut self.entries {
            entry.file = new(entry.file);
            entry.group = group_order[entry.group as usize];
            entry.terms = terms_order[entry.terms as usize];
        }
        let mut entries = sorted(self.entries, &terms);
        drop_repeats(&mut entries);
        refuse_twice(&entries, &terms, &groups, &texts)?;
        if !self.keep_redundant {
            drop_redundant(&mut entries, &terms);
        }
        let limit = self.limits.entries.unwrap_or(Coding::MOST);
        if entries.len() > limit {
            return Err(BuildError::TooMany { count: entries.len(), limit }.into());
        }
        let redundant = rows - entries.len();
        let parts = Parts {
            rows,
            redundant,
            entries: &entries,
            terms: &terms,
            schedules: &schedules,
            groups: &groups,
            texts: &texts,
            labels: &labels.iter().map(|pair| pair.map(new)).collect::<Vec<_>>(),
            keep_sources: self.keep_sources,
            depth: self.depth,
            words: self.limits.words.unwrap_or(Slot::MAX_WORDS),
            usual: self.limits.usual.unwrap_or(Slot::MAX_ENTRIES),
            note: &self.note,
        };
        assemble(&parts, room)
    }
}

/// Where a row stands, for messages.
fn place(source: Option<(&str, u32)>) -> String {
    match source {
        Some((file, row)) if !file.is_empty() => format!("{file}, row {row}"),
        Some((_, row)) if row > 0 => format!("row {row}"),
        _ => "a row".to_owned(),
    }
}

/// Entries by prefix, parents first. Under one prefix the exact ones come last and later times
/// behind earlier ones, because the chain runs from the last entry of a prefix to the first.
fn sorted(entries: Vec<Entry>, terms: &OrderedTerms) -> Vec<Entry> {
    // Sixteen bytes an element: several times faster than to move the entries themselves.
    let mut order: Vec<(u64, u32)> = entries
        .iter()
        .zip(0..)
        .map(|(entry, at)| (entry.aligned << 4 | u64::from(entry.count), at))
        .collect();
    order.sort_unstable();
    let mut sorted: Vec<Entry> = order.into_iter().map(|(_, at)| entries[at as usize]).collect();
    let rank = |entry: &Entry| {
        let terms = terms.get(entry.terms);
        (terms.exact_match, terms.valid_from, entry.terms, entry.group, entry.file, entry.row)
    };
    for same in sorted.chunk_by_mut(|a, b| (a.aligned, a.count) == (b.aligned, b.count)) {
        if same.len() > 1 {
            same.sort_unstable_by_key(rank);
        }
    }
    sorted
}

fn drop_repeats(entries: &mut Vec<Entry>) {
    let key = |entry: &Entry| (entry.aligned, entry.count, entry.terms, entry.group);
    entries.dedup_by(|b, a| key(a) == key(b));
}

/// R22: at one time one prefix has one owner.
fn refuse_twice(
    entries: &[Entry],
    terms: &OrderedTerms,
    groups: &[GroupTexts],
    texts: &[String],
) -> Result<(), BuildError> {
    for pair in entries.windows(2) {
        let [a, b] = pair else { continue };
        if (a.aligned, a.count) != (b.aligned, b.count) {
            continue;
        }
        let [first, second] = [a, b].map(|entry| terms.get(entry.terms));
        // Sorted by begin, so two neighbours that do not overlap keep all apart.
        let apart = first.valid_to.is_some_and(|to| second.valid_from.is_some_and(|from| to <= from));
        if first.exact_match == second.exact_match && !apart {
            let show = |entry: &Entry, terms: &Terms| {
                let [name, ..] = groups[entry.group as usize];
                let by_schedule = |direction| terms.is_priced(direction).then_some("by a schedule");
                let rate = |direction| match terms.rate(direction) {
                    Some(rate) => rupees(rate),
                    None => by_schedule(direction).unwrap_or("none").to_owned(),
                };
                let (out, inward) = (rate(Direction::Outbound), rate(Direction::Inbound));
                let source = place(Some((&texts[entry.file as usize], entry.row)));
                format!("{source}: {:?} (outbound {out}, inbound {inward})", texts[name as usize])
            };
            return Err(BuildError::Twice {
                prefix: digits_of(a.aligned, a.count),
                first: show(a, &first),
                second: show(b, &second),
            });
        }
    }
    Ok(())
}

fn rupees(nano: i64) -> String {
    let text = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
