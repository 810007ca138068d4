//! Everything of a deck in its final order, to the sections of its file.

use crate::build::Label;
use crate::clock::Zone;
use crate::content::Content;
use crate::distinct::distinct;
use crate::distinct_terms::OrderedTerms;
use crate::entry::{Entry, GroupTexts, each_with_parent};
use crate::error::BuildError;
use crate::format::{self, Meta, Packing, Section, lists};
use crate::schedule::Schedule;
use crate::terms::Direction;
use crate::trie::Slot;
use crate::trie::build::{Leaf, build, depth_for, halves, numbering};
use crate::trie::coding::Coding;
use zerocopy::IntoBytes;

/// What a deck is made of.
pub(crate) struct Parts<'a> {
    pub rows: usize,
    pub redundant: usize,
    pub entries: &'a [Entry],
    pub terms: &'a OrderedTerms,
    pub schedules: &'a [Schedule],
    pub groups: &'a [GroupTexts],
    pub texts: &'a [String],
    pub labels: &'a [[u32; 2]],
    pub note: &'a [Label],
    pub keep_sources: bool,
    pub depth: Option<u32>,
    pub words: usize,
    pub usual: usize,
}

/// The file, from everything in its final order, in bytes of which `room` gives as many as are asked for.
pub(crate) fn assemble<B: AsMut<[u8]>, E: From<BuildError>>(
    parts: &Parts<'_>,
    room: impl FnOnce(usize) -> Result<B, E>,
) -> Result<B, E> {
    let entries = parts.entries;
    let prefix = |at: usize| (entries[at].aligned, entries[at].count);
    let is_last = |at: usize| at + 1 == entries.len() || prefix(at + 1) != prefix(at);
    let lasts: Vec<usize> = (0..entries.len()).filter(|at| is_last(*at)).collect();
    let depth = parts.depth.unwrap_or_else(|| depth_for(lasts.len()));
    let coding = Coding::of(halves(entries.iter().map(|entry| entry.count)), parts.usual);
    let order = numbering(entries.len(), depth, coding.is_many(), prefix);
    let mut number = vec![0; entries.len()];
    for (new, at) in order.iter().enumerate() {
        number[*at as usize] = new as u32;
    }
    // A byte of each terms, which entries ask in any order.
    let is_conditional =
        parts.terms.each(|terms| terms.is_dated() || terms.exact_match || !terms.serves(Direction::Outbound));
    let slot =
        |at: usize| coding.leaf(entries[at].count, is_conditional[entries[at].terms as usize], number[at]);
    let leaf =
        |at: &usize| Leaf { aligned: entries[*at].aligned, count: entries[*at].count, slot: slot(*at) };
    let leaves: Vec<Leaf> = lasts.iter().map(leaf).collect();
    let mut parents = vec![Slot::NONE.0; entries.len()];
    each_with_parent(entries, |at, parent| {
        parents[number[at] as usize] = parent.map_or(Slot::NONE, slot).0;
        true
    });
    let (parents, parent_of) = distinct(parents.into_iter());
    let full = |_| BuildError::Full { count: entries.len(), limit: parts.words };
    let trie = build(&leaves, depth, coding, parts.words).map_err(full)?;
    drop((leaves, lasts, number));

    let tariff = |at: &u32| [entries[*at as usize].group, entries[*at as usize].terms];
    let (tariffs, tariff_of) = distinct(order.iter().map(tariff));
    // Places that are not kept leave no trace, not even in how many bits they would take.
    let sources = |of: fn(&Entry) -> u32| -> Vec<u32> {
        let kept = if parts.keep_sources { order.as_slice() } else { &[] };
        kept.iter().map(|at| of(&entries[*at as usize])).collect()
    };
    let (files, source_rows) = (sources(|entry| entry.file), sources(|entry| entry.row));
    let [parent_packing, tariff_packing, file_packing, row_packing] =
        [&parent_of, &tariff_of, &files, &source_rows].map(|numbers| Packing::of(numbers));
    let kept = |numbers, packing| match parts.keep_sources {
        true => Content::Packed(numbers, packing),
        false => Content::Bytes(&[]),
    };

    let used = |dated: bool, lacks: bool| if dated { format::DATED } else { 0 } | if lacks { format::LACKS_INBOUND } else { 0 };
    let meta = Meta {
        rows: (parts.rows as u64).into(),
        redundant: (parts.redundant as u64).into(),
        depth: trie.depth.into(),
        flags: used(
            parts.terms.any_dated() || parts.schedules.iter().any(Schedule::is_timed),
            parts.terms.any_lacks(Direction::Inbound),
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
    let halves = match coding {
        Coding::Usual => Vec::new(),
        Coding::Many(firsts) => firsts.to_vec(),
    };
    let terms = |place: &mut [u8]| parts.terms.write(place);
    let sections = [
        (Section::Meta, Content::Bytes(meta.as_bytes())),
        (Section::Table, Content::Words(trie.table.as_flattened())),
        (Section::Arena, Content::Words(&trie.arena)),
        (Section::Parent, Content::Words(&parents)),
        (Section::TariffOf, Content::Packed(&tariff_of, tariff_packing)),
        (Section::Tariff, Content::Words(tariffs.as_flattened())),
        (Section::Terms, Content::Made(parts.terms.bytes(), &terms)),
        (Section::Zone, Content::Bytes(&zones)),
        (Section::ZoneEnd, Content::Bytes(&zone_ends)),
        (Section::Schedule, Content::Bytes(&schedules)),
        (Section::ScheduleEnd, Content::Bytes(&schedule_ends)),
        (Section::Group, Content::Words(parts.groups.as_flattened())),
        (Section::TextEnd, Content::Words(&text_ends)),
        (Section::Text, Content::Texts(parts.texts)),
        (Section::SourceFile, kept(&files, file_packing)),
        (Section::SourceRow, kept(&source_rows, row_packing)),
        (Section::ParentOf, Content::Packed(&parent_of, parent_packing)),
        (Section::Label, Content::Words(parts.labels.as_flattened())),
        (Section::Halves, Content::Words(&halves)),
    ];
    format::write(&sections, parts.note, room)
}
