//! Rows of a rate sheet to the bytes of a deck.
//!
//! The result depends on the rows alone, not on their order: entries are numbered by prefix, and
//! texts, groups, terms and tariffs by their own order. A row that says nothing its parent does not
//! say is left out. O(rows * log rows) for the sort, the rest is linear.

use crate::digits::Digits;
use crate::error::BuildError;
use crate::format::{self, Meta, Section, pack};
use crate::terms::{Direction, StoredTerms, Terms};
use crate::trie::Slot;
use crate::trie::build::{Leaf, build, pairs_for};
use std::collections::HashMap;
use std::hash::Hash;
use zerocopy::IntoBytes;

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
struct Numbered<T> {
    numbers: HashMap<T, u32>,
    last: Option<(T, u32)>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), last: None }
    }
}

impl<T: Hash + Ord + Clone> Numbered<T> {
    /// The number of a value. Sheets repeat a value row after row, so the last one is tried first.
    fn number(&mut self, value: &T) -> u32 {
        if let Some((last, number)) = &self.last
            && last == value
        {
            return *number;
        }
        let next = self.numbers.len() as u32;
        let number = match self.numbers.get(value) {
            Some(number) => *number,
            None => *self.numbers.entry(value.clone()).or_insert(next),
        };
        self.last = Some((value.clone(), number));
        number
    }

    /// The values in order, and for each old number the new one.
    fn ordered(self) -> (Vec<T>, Vec<u32>) {
        let mut pairs: Vec<(T, u32)> = self.numbers.into_iter().collect();
        pairs.sort_unstable();
        let mut renumbered = vec![0; pairs.len()];
        for (new, (_, old)) in pairs.iter().enumerate() {
            renumbered[*old as usize] = new as u32;
        }
        (pairs.into_iter().map(|(value, _)| value).collect(), renumbered)
    }
}

/// Texts are numbered first, so a group is three numbers: name, ISO code, country.
type GroupTexts = [u32; 3];

#[derive(Clone, Copy, Debug)]
struct Entry {
    aligned: u64,
    count: u32,
    group: u32,
    terms: u32,
    file: u32,
    row: u32,
}

/// Collects rows and makes a deck of them.
#[derive(Debug, Default)]
pub struct Builder {
    texts: Numbered<String>,
    groups: Numbered<GroupTexts>,
    terms: Numbered<Terms>,
    last_group: Option<([String; 3], u32)>,
    entries: Vec<Entry>,
    labels: Vec<Label>,
    keep_redundant: bool,
    keep_sources: bool,
}

impl Builder {
    /// A builder of a deck described by these labels.
    pub fn new(labels: Vec<Label>) -> Self {
        Self { labels, ..Self::default() }
    }

    /// Keep rows that say the same as their parent, so that matches name the sheet's own prefix.
    pub fn keep_redundant(mut self, keep: bool) -> Self {
        self.keep_redundant = keep;
        self
    }

    /// Keep the file and row of each entry.
    pub fn keep_sources(mut self, keep: bool) -> Self {
        self.keep_sources = keep;
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
        let group = self.group(row);
        let terms = self.terms.number(&row.terms);
        let (file, number) = row.source.unwrap_or(("", 0));
        let file = self.texts.number(&file.to_owned());
        let (aligned, count) = (digits.aligned(), digits.count as u32);
        self.entries.push(Entry { aligned, count, group, terms, file, row: number });
        Ok(())
    }

    fn group(&mut self, row: &Row<'_>) -> u32 {
        let words = [row.network_group, row.country_iso, row.country];
        if let Some((last, number)) = &self.last_group
            && last.iter().zip(words).all(|(last, word)| last == word)
        {
            return *number;
        }
        let words = words.map(str::to_owned);
        let number = self.groups.number(&words.clone().map(|word| self.texts.number(&word)));
        self.last_group = Some((words, number));
        number
    }

    /// The bytes of the deck.
    pub fn finish(mut self) -> Result<Vec<u8>, BuildError> {
        let labels: Vec<[u32; 2]> = {
            self.labels.sort_unstable();
            let texts = &mut self.texts;
            self.labels.iter().map(|(name, value)| [texts.number(name), texts.number(value)]).collect()
        };
        let rows = self.entries.len();
        let (texts, text_order) = self.texts.ordered();
        let new = |text: u32| text_order[text as usize];
        let (groups, group_order) = renumber(self.groups, |group| group.map(new));
        let (terms, terms_order) = self.terms.ordered();
        for entry in &mut self.entries {
            entry.file = new(entry.file);
            entry.group = group_order[entry.group as usize];
            entry.terms = terms_order[entry.terms as usize];
        }
        let mut entries = sorted(self.entries, &terms);
        drop_repeats(&mut entries);
        refuse_twice(&entries, &terms, &groups, &texts)?;
        if entries.len() > Slot::MAX_ENTRIES {
            return Err(BuildError::TooMany { count: entries.len(), limit: Slot::MAX_ENTRIES });
        }
        if !self.keep_redundant {
            drop_redundant(&mut entries, &terms);
        }
        let redundant = rows - entries.len();
        assemble(&Parts {
            rows,
            redundant,
            entries: &entries,
            terms: &terms,
            groups: &groups,
            texts: &texts,
            labels: &labels.iter().map(|pair| pair.map(new)).collect::<Vec<_>>(),
            keep_sources: self.keep_sources,
        })
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

/// Number values again after `change`, which keeps distinct values distinct.
fn renumber(
    groups: Numbered<GroupTexts>,
    change: impl Fn(GroupTexts) -> GroupTexts,
) -> (Vec<GroupTexts>, Vec<u32>) {
    let numbers = groups.numbers.into_iter().map(|(value, number)| (change(value), number)).collect();
    Numbered { numbers, last: None }.ordered()
}

/// Entries by prefix, parents first. Under one prefix the exact ones come last and later times
/// behind earlier ones, because the chain runs from the last entry of a prefix to the first.
fn sorted(entries: Vec<Entry>, terms: &[Terms]) -> Vec<Entry> {
    // Sixteen bytes an element: several times faster than to move the entries themselves.
    let mut order: Vec<(u64, u32)> = entries
        .iter()
        .zip(0..)
        .map(|(entry, at)| (entry.aligned << 4 | u64::from(entry.count), at))
        .collect();
    order.sort_unstable();
    let mut sorted: Vec<Entry> = order.into_iter().map(|(_, at)| entries[at as usize]).collect();
    let rank = |entry: &Entry| {
        let terms = &terms[entry.terms as usize];
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
    terms: &[Terms],
    groups: &[GroupTexts],
    texts: &[String],
) -> Result<(), BuildError> {
    for pair in entries.windows(2) {
        let [a, b] = pair else { continue };
        if (a.aligned, a.count) != (b.aligned, b.count) {
            continue;
        }
        let (first, second) = (&terms[a.terms as usize], &terms[b.terms as usize]);
        // Sorted by begin, so two neighbours that do not overlap keep all apart.
        let apart = first.valid_to.is_some_and(|to| second.valid_from.is_some_and(|from| to <= from));
        if first.exact_match == second.exact_match && !apart {
            let show = |entry: &Entry, terms: &Terms| {
                let [name, ..] = groups[entry.group as usize];
                let rate = |direction| terms.rate(direction).map_or("none".to_owned(), rupees);
                let (out, inward) = (rate(Direction::Outbound), rate(Direction::Inbound));
                let source = place(Some((&texts[entry.file as usize], entry.row)));
                format!("{source}: {:?} (outbound {out}, inbound {inward})", texts[name as usize])
            };
            return Err(BuildError::Twice {
                prefix: prefix(a),
                first: show(a, first),
                second: show(b, second),
            });
        }
    }
    Ok(())
}

fn rupees(nano: i64) -> String {
    let text = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn prefix(entry: &Entry) -> String {
    let digits = format!("{:016}", entry.aligned);
    digits[..entry.count as usize].to_owned()
}

/// Whether `child` begins with `parent` and is longer.
fn is_under(child: &Entry, parent: &Entry) -> bool {
    let unit = 10_u64.pow(16 - parent.count);
    child.count > parent.count && child.aligned / unit == parent.aligned / unit
}

/// Walk entries, parents first, with the indexes of those above each one.
///
/// `visit` sees the entry's index and the index of the last entry of the nearest shorter prefix,
/// and says whether the entry stays.
fn each_with_parent(entries: &[Entry], mut visit: impl FnMut(usize, Option<usize>) -> bool) {
    let mut above: Vec<usize> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        while let Some(&top) = above.last()
            && !is_under(entry, &entries[top])
            && (entries[top].aligned, entries[top].count) != (entry.aligned, entry.count)
        {
            above.pop();
        }
        let parent = above.last().copied();
        if visit(at, parent) {
            // Of one prefix only the last entry is above the longer ones: it starts their chain.
            if parent.is_some_and(|top| entries[top].count == entry.count) {
                above.pop();
            }
            above.push(at);
        }
    }
}

/// Leave out an entry that is the only one of its prefix and says what its parent says, the
/// parent's prefix having only that one entry too.
fn drop_redundant(entries: &mut Vec<Entry>, terms: &[Terms]) {
    let alone = |at: usize| {
        let same = |other: Option<&Entry>| {
            other
                .is_some_and(|other| (other.aligned, other.count) == (entries[at].aligned, entries[at].count))
        };
        !same(entries.get(at + 1)) && !same(at.checked_sub(1).and_then(|before| entries.get(before)))
    };
    let mut kept = vec![true; entries.len()];
    each_with_parent(entries, |at, parent| {
        let says_the_same = |parent: usize| {
            let (entry, above) = (&entries[at], &entries[parent]);
            (entry.group, entry.terms) == (above.group, above.terms)
                && !terms[entry.terms as usize].exact_match
                && alone(at)
                && alone(parent)
        };
        kept[at] = !parent.is_some_and(says_the_same);
        kept[at]
    });
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next().unwrap_or(true));
}

struct Parts<'a> {
    rows: usize,
    redundant: usize,
    entries: &'a [Entry],
    terms: &'a [Terms],
    groups: &'a [GroupTexts],
    texts: &'a [String],
    labels: &'a [[u32; 2]],
    keep_sources: bool,
}

/// Sections of the file, from everything in its final order.
fn assemble(parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
    let entries = parts.entries;
    let slot = |at: usize| {
        let terms = &parts.terms[entries[at].terms as usize];
        let conditional = terms.is_dated() || terms.exact_match || !terms.serves(Direction::Outbound);
        Slot::leaf(entries[at].count, conditional, at as u32)
    };
    let mut parents = vec![Slot::NONE.0; entries.len()];
    each_with_parent(entries, |at, parent| {
        parents[at] = parent.map_or(Slot::NONE, slot).0;
        true
    });
    let mut leaves: Vec<Leaf> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let leaf = Leaf { aligned: entry.aligned, count: entry.count, slot: slot(at) };
        match leaves.last_mut() {
            Some(last) if (last.aligned, last.count) == (leaf.aligned, leaf.count) => *last = leaf,
            _ => leaves.push(leaf),
        }
    }
    let too_many = |_| BuildError::TooMany { count: entries.len(), limit: Slot::MAX_ENTRIES };
    let trie = build(&leaves, pairs_for(leaves.len())).map_err(too_many)?;

    let mut tariffs: Vec<[u32; 2]> = entries.iter().map(|entry| [entry.group, entry.terms]).collect();
    tariffs.sort_unstable();
    tariffs.dedup();
    let tariff =
        |entry: &Entry| tariffs.partition_point(|tariff| *tariff < [entry.group, entry.terms]) as u32;
    let (tariff_of, tariff_width) = pack(entries.iter().map(tariff).collect::<Vec<_>>().into_iter());
    let (files, file_width) = pack(entries.iter().map(|entry| entry.file));
    let (source_rows, row_width) = pack(entries.iter().map(|entry| entry.row));
    let sources = |bytes| if parts.keep_sources { bytes } else { Vec::new() };

    let used = |dated: bool, lacks: bool| if dated { format::DATED } else { 0 } | if lacks { format::LACKS_INBOUND } else { 0 };
    let meta = Meta {
        rows: (parts.rows as u64).into(),
        redundant: (parts.redundant as u64).into(),
        pairs: trie.pairs.into(),
        flags: used(
            parts.terms.iter().any(Terms::is_dated),
            parts.terms.iter().any(|terms| !terms.serves(Direction::Inbound)),
        )
        .into(),
        tariff_width: tariff_width.into(),
        file_width: file_width.into(),
        row_width: row_width.into(),
        reserved: 0.into(),
    };
    let mut end = 0;
    let text_ends: Vec<u32> = parts
        .texts
        .iter()
        .map(|text| {
            end += text.len() as u32;
            end
        })
        .collect();
    let stored: Vec<StoredTerms> = parts.terms.iter().map(StoredTerms::from).collect();
    Ok(format::write(&[
        (Section::Meta, meta.as_bytes()),
        (Section::Table, &little(&trie.table)),
        (Section::Arena, &little(&trie.arena)),
        (Section::Parent, &little(&parents)),
        (Section::TariffOf, &tariff_of),
        (Section::Tariff, &little(tariffs.as_flattened())),
        (Section::Terms, stored.as_bytes()),
        (Section::Group, &little(parts.groups.as_flattened())),
        (Section::TextEnd, &little(&text_ends)),
        (Section::Text, parts.texts.concat().as_bytes()),
        (Section::SourceFile, &sources(files)),
        (Section::SourceRow, &sources(source_rows)),
        (Section::Label, &little(parts.labels.as_flattened())),
    ]))
}

fn little(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
