//! A deck as a view over bytes: opened cheaply, verified on request.
//!
//! `Deck::new` reads the header and checks that the sections fit each other: constant time. It
//! cannot see a changed byte inside a section; `verify` can. Either way every index read from the
//! bytes is checked when it is used, so the worst that hostile bytes achieve is `Broken`.

use crate::build::Label;
use crate::error::OpenError;
use crate::format::{self, Layout, Lists, Meta, Packed, Section};
use crate::terms::StoredTerms;
use crate::trie::Slot;
use crate::trie::coding::{Coding, HALVES};
use crate::trie::table::{Group, groups};
use crate::trie::walk::Trie;
use crate::view::View;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// A compiled deck over the bytes `D`: a vector, a slice, a map of a file.
#[derive(Clone, Debug)]
pub struct Deck<D> {
    bytes: D,
    layout: Layout,
    meta: Meta,
    coding: Coding,
}

impl<D: AsRef<[u8]>> Deck<D> {
    /// View bytes as a deck; constant time.
    pub fn new(bytes: D) -> Result<Self, OpenError> {
        let file = bytes.as_ref();
        let layout = format::layout(file)?;
        let wrong = |what| Err(OpenError::Section { what });
        let section = |kind: Section| &layout.places[kind as usize - 1];
        let meta = match Meta::read_from_bytes(&file[section(Section::Meta).clone()]) {
            Ok(meta) => meta,
            Err(_) => return wrong("description"),
        };
        if layout.version > format::OLDEST {
            if meta.reserved.get() != 0 {
                return Err(OpenError::Reserved { what: "last word of its description" });
            }
            if meta.flags.get() & !format::FLAGS != 0 {
                return Err(OpenError::Reserved { what: "flag of its description" });
            }
        }
        let depth = meta.depth.get();
        if !(2..=4).contains(&depth) {
            return wrong("number of table digits");
        }
        if section(Section::Table).len() != size_of::<Group>() * groups(depth) {
            return wrong("table");
        }
        for kind in
            [Section::Arena, Section::Parent, Section::TextEnd, Section::ZoneEnd, Section::ScheduleEnd]
        {
            if section(kind).len() % 4 != 0 {
                return wrong("length of a section");
            }
        }
        let entries = meta.entries.get() as usize;
        let Some(coding) = coding(&file[section(Section::Halves).clone()], entries) else {
            return wrong("number of entries");
        };
        let columns = [
            (Section::ParentOf, meta.parent_of, false),
            (Section::TariffOf, meta.tariff_of, false),
            (Section::SourceFile, meta.source_file, true),
            (Section::SourceRow, meta.source_row, true),
        ];
        for (kind, packing, may_lack) in columns {
            let size = section(kind).len();
            let is_left_out = may_lack && size == 0;
            if !is_left_out && !Packed::fits(size, entries, packing) {
                return wrong("columns of entries");
            }
        }
        if section(Section::Terms).len() % size_of::<StoredTerms>() != 0
            || section(Section::Tariff).len() % 8 != 0
            || section(Section::Group).len() % 12 != 0
            || section(Section::Label).len() % 8 != 0
            || section(Section::Zone).len() % 8 != 0
            || section(Section::Schedule).len() % 8 != 0
        {
            return wrong("length of a section");
        }
        Ok(Self { layout, meta, coding, bytes })
    }

    /// Compare the digest with every byte of the deck, and the note behind it with its own check.
    pub fn verify(&self) -> Result<(), OpenError> {
        format::verify(self.deck())?;
        self.note().map(|_| ())
    }

    /// The digest, which names this deck wherever it goes.
    pub fn digest(&self) -> String {
        format::digest(self.deck())
    }

    /// Names and values of the note behind the deck, which the digest does not cover: who wrote it, and so on.
    ///
    /// Decks of format 3 have none. No answer depends on it; a damaged one is an error, here and in `verify`.
    pub fn note(&self) -> Result<Vec<Label>, OpenError> {
        format::note(self.deck(), &self.bytes()[self.layout.length..])
    }

    /// The version of the format that the file has.
    pub fn format(&self) -> u32 {
        self.layout.version
    }

    /// The file as it is.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// The deck without its note.
    fn deck(&self) -> &[u8] {
        &self.bytes()[..self.layout.length]
    }

    /// Entries that can be found.
    pub fn entries(&self) -> usize {
        self.meta.entries.get() as usize
    }

    /// Rows that were compiled.
    pub fn rows(&self) -> u64 {
        self.meta.rows.get()
    }

    /// Rows left out because their parent states the same.
    pub fn redundant(&self) -> u64 {
        self.meta.redundant.get()
    }

    /// Whether some entry holds only at times or is priced by the hour, so that a time must be asked (R50).
    pub fn is_dated(&self) -> bool {
        self.meta.flags.get() & format::DATED != 0
    }

    /// Network groups.
    pub fn groups(&self) -> usize {
        self.section(Section::Group).len() / 12
    }

    /// Distinct terms.
    pub fn terms_count(&self) -> usize {
        self.section(Section::Terms).len() / size_of::<StoredTerms>()
    }

    fn section(&self, kind: Section) -> &[u8] {
        &self.bytes.as_ref()[self.layout.places[kind as usize - 1].clone()]
    }

    /// A section as elements; `new` has checked that its length is a multiple of theirs.
    fn column<T: FromBytes + Immutable + KnownLayout>(&self, kind: Section) -> &[T] {
        <[T]>::ref_from_bytes(self.section(kind)).unwrap_or(&[])
    }

    /// The sections as typed columns, to look numbers up in.
    #[inline]
    pub fn view(&self) -> View<'_> {
        let lists = |words, ends| Lists { words: self.column(words), ends: self.column(ends) };
        let packed = |kind, packing| Packed::new(self.section(kind), self.entries(), packing);
        View {
            trie: Trie {
                table: self.column(Section::Table),
                arena: self.column(Section::Arena),
                depth: self.meta.depth.get(),
                entries: self.meta.entries.get(),
                coding: self.coding,
            },
            entries: self.meta.entries.get(),
            parents: self.column(Section::Parent),
            parent_of: packed(Section::ParentOf, self.meta.parent_of),
            tariff_of: packed(Section::TariffOf, self.meta.tariff_of),
            tariffs: self.column(Section::Tariff),
            terms: self.column(Section::Terms),
            groups: self.column(Section::Group),
            text_ends: self.column(Section::TextEnd),
            text: self.section(Section::Text),
            source_file: packed(Section::SourceFile, self.meta.source_file),
            source_row: packed(Section::SourceRow, self.meta.source_row),
            labels: self.column(Section::Label),
            zones: lists(Section::Zone, Section::ZoneEnd),
            schedules: lists(Section::Schedule, Section::ScheduleEnd),
            lacks_inbound: self.meta.flags.get() & format::LACKS_INBOUND != 0,
            has_sources: !self.section(Section::SourceRow).is_empty(),
            checked: None,
        }
    }

    /// Bytes of the parts, by name, for those who count memory.
    pub fn sizes(&self) -> [(&'static str, usize); 4] {
        let sum = |kinds: &[Section]| kinds.iter().map(|kind| self.section(*kind).len()).sum();
        [
            ("trie", sum(&[Section::Table, Section::Arena, Section::Halves])),
            ("chain", sum(&[Section::Parent, Section::ParentOf])),
            (
                "entries",
                sum(&[
                    Section::TariffOf,
                    Section::Tariff,
                    Section::Terms,
                    Section::Zone,
                    Section::ZoneEnd,
                    Section::Schedule,
                    Section::ScheduleEnd,
                    Section::SourceFile,
                    Section::SourceRow,
                ]),
            ),
            ("names", sum(&[Section::Group, Section::TextEnd, Section::Text, Section::Label])),
        ]
    }
}

/// How slots of so many entries are read: the numbers of the section ascend from 0, or there are none.
fn coding(section: &[u8], entries: usize) -> Option<Coding> {
    if section.is_empty() {
        return (entries <= Slot::MAX_ENTRIES).then_some(Coding::Usual);
    }
    let firsts = <[U32; HALVES]>::ref_from_bytes(section).ok()?.map(U32::get);
    let ascend = firsts[0] == 0 && firsts.is_sorted() && firsts[HALVES - 1] as usize <= entries;
    (ascend && entries <= Coding::MOST).then_some(Coding::Many(firsts))
}
