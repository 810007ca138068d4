//! Everything of a deck in its final order, to the sections of its file.

use crate::clock::Zone;
use crate::entry::{Entry, GroupTexts, each_with_parent};
use crate::error::BuildError;
use crate::format::{self, Meta, Section, lists, pack};
use crate::schedule::Schedule;
use crate::terms::{Direction, StoredTerms, Terms};
use crate::trie::Slot;
use crate::trie::build::{Leaf, build, depth_for, numbering};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;
use zerocopy::IntoBytes;
use zerocopy::little_endian::U32;

/// What a deck is made of.
pub(crate) struct Parts<'a> {
    pub rows: usize,
    pub redundant: usize,
    pub entries: &'a [Entry],
    pub terms: &'a [Terms],
    pub schedules: &'a [Schedule],
    pub groups: &'a [GroupTexts],
    pub texts: &'a [String],
    pub labels: &'a [[u32; 2]],
    pub keep_sources: bool,
    pub depth: Option<u32>,
    pub words: usize,
}

/// Sections of the file, from everything in its final order.
pub(crate) fn assemble(parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
    let entries = parts.entries;
    let prefix = |at: usize| (entries[at].aligned, entries[at].count);
    let is_last = |at: usize| at + 1 == entries.len() || prefix(at + 1) != prefix(at);
    let lasts: Vec<usize> = (0..entries.len()).filter(|at| is_last(*at)).collect();
    let depth = parts.depth.unwrap_or_else(|| depth_for(lasts.len()));
    let order = numbering(entries.len(), depth, prefix);
    let mut number = vec![0; entries.len()];
    for (new, at) in order.iter().enumerate() {
        number[*at as usize] = new as u32;
    }
    let slot = |at: usize| {
        let terms = &parts.terms[entries[at].terms as usize];
        let conditional = terms.is_dated() || terms.exact_match || !terms.serves(Direction::Outbound);
        Slot::leaf(entries[at].count, conditional, number[at])
    };
    let leaf =
        |at: &usize| Leaf { aligned: entries[*at].aligned, count: entries[*at].count, slot: slot(*at) };
    let leaves: Vec<Leaf> = lasts.iter().map(leaf).collect();
    let mut parents = vec![Slot::NONE.0; entries.len()];
    each_with_parent(entries, |at, parent| {
        parents[number[at] as usize] = parent.map_or(Slot::NONE, slot).0;
        true
    });
    let (parents, parent_of) = distinct(&parents);
    let full = |_| BuildError::Full { count: entries.len(), limit: parts.words };
    let trie = build(&leaves, depth, parts.words).map_err(full)?;

    let tariff = |at: &u32| [entries[*at as usize].group, entries[*at as usize].terms];
    let (tariffs, tariff_of) = distinct(&order.iter().map(tariff).collect::<Vec<_>>());
    let (parent_of, parent_packing) = pack(&parent_of);
    let (tariff_of, tariff_packing) = pack(&tariff_of);
    // Places that are not kept leave no trace, not even in how many bits they would take.
    let sources = |of: fn(&Entry) -> u32| match parts.keep_sources {
        true => pack(&order.iter().map(|at| of(&entries[*at as usize])).collect::<Vec<_>>()),
        false => (Vec::new(), pack(&[]).1),
    };
    let (files, file_packing) = sources(|entry| entry.file);
    let (source_rows, row_packing) = sources(|entry| entry.row);

    let used = |dated: bool, lacks: bool| if dated { format::DATED } else { 0 } | if lacks { format::LACKS_INBOUND } else { 0 };
    let meta = Meta {
        rows: (parts.rows as u64).into(),
        redundant: (parts.redundant as u64).into(),
        depth: trie.depth.into(),
        flags: used(
            parts.terms.iter().any(Terms::is_dated) || parts.schedules.iter().any(Schedule::is_timed),
            parts.terms.iter().any(|terms| !terms.serves(Direction::Inbound)),
        )
        .into(),
        entries: (entries.len() as u32).into(),
        reserved: 0.into(),
        parent_of: parent_packing,
        tariff_of: tariff_packing,
        source_file: file_packing,
        source_row: row_packing,
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
    let mut zones: Vec<&Zone> = parts.schedules.iter().filter_map(|one| one.zone.as_deref()).collect();
    zones.sort_unstable();
    zones.dedup();
    let zone_number = |zone: &Zone| zones.partition_point(|other| *other <= zone) as i64;
    let schedule_words = |one: &Schedule| {
        let text = parts.texts.partition_point(|text| *text < one.text) as i64;
        let mut words = vec![one.zone.as_deref().map_or(0, zone_number), text];
        words.extend(one.words());
        words
    };
    let schedules: Vec<Vec<i64>> = parts.schedules.iter().map(schedule_words).collect();
    let [schedules, schedule_ends] = lists(&schedules);
    let [zones, zone_ends] = lists(&zones.iter().map(|zone| zone.words()).collect::<Vec<_>>());
    let stored: Vec<StoredTerms> = parts.terms.iter().map(StoredTerms::from).collect();
    Ok(format::write(&[
        (Section::Meta, meta.as_bytes()),
        (Section::Table, little(trie.table.as_flattened()).as_bytes()),
        (Section::Arena, little(&trie.arena).as_bytes()),
        (Section::Parent, little(&parents).as_bytes()),
        (Section::TariffOf, &tariff_of),
        (Section::Tariff, little(tariffs.as_flattened()).as_bytes()),
        (Section::Terms, stored.as_bytes()),
        (Section::Zone, &zones),
        (Section::ZoneEnd, &zone_ends),
        (Section::Schedule, &schedules),
        (Section::ScheduleEnd, &schedule_ends),
        (Section::Group, little(parts.groups.as_flattened()).as_bytes()),
        (Section::TextEnd, little(&text_ends).as_bytes()),
        (Section::Text, parts.texts.concat().as_bytes()),
        (Section::SourceFile, &files),
        (Section::SourceRow, &source_rows),
        (Section::ParentOf, &parent_of),
        (Section::Label, little(parts.labels.as_flattened()).as_bytes()),
    ]))
}

/// The distinct values in order, and for each value its place among them.
fn distinct<T: Copy + Ord + Hash>(values: &[T]) -> (Vec<T>, Vec<u32>) {
    let mut numbers: HashMap<T, u32, RandomState> = HashMap::default();
    let mut distinct: Vec<(T, u32)> = Vec::new();
    let mut last = None;
    // Numbered as they come, which are mostly what came before; then by their order.
    let mut number = |value: T| match last {
        Some((before, number)) if before == value => number,
        _ => {
            let next = distinct.len() as u32;
            let number = *numbers.entry(value).or_insert(next);
            if number == next {
                distinct.push((value, number));
            }
            last = Some((value, number));
            number
        }
    };
    let mut of: Vec<u32> = values.iter().map(|value| number(*value)).collect();
    distinct.sort_unstable();
    let mut place = vec![0; distinct.len()];
    for (at, (_, number)) in distinct.iter().enumerate() {
        place[*number as usize] = at as u32;
    }
    of.iter_mut().for_each(|number| *number = place[*number as usize]);
    (distinct.into_iter().map(|(value, _)| value).collect(), of)
}

fn little(words: &[u32]) -> Vec<U32> {
    words.iter().map(|word| U32::new(*word)).collect()
}
