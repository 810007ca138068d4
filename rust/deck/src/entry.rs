//! Rows on their way into a deck, in their order, and what stands above each.

use crate::distinct_terms::OrderedTerms;
use crate::trie::build::UNIT;

/// Texts are numbered first, so a group is three numbers: name, ISO code, country.
pub(crate) type GroupTexts = [u32; 3];

/// A row on its way into the deck; everything but the prefix by number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub aligned: u64,
    pub count: u32,
    pub group: u32,
    pub terms: u32,
    pub file: u32,
    pub row: u32,
}

/// Whether `child`, which stands behind `parent`, begins with it and is longer.
fn is_under(child: &Entry, parent: &Entry) -> bool {
    child.count > parent.count && child.aligned - parent.aligned < UNIT[parent.count as usize]
}

/// Walk entries, parents first, with the indexes of those above each one.
///
/// `visit` sees the entry's index and the index of the last entry of the nearest shorter prefix,
/// and states whether the entry stays.
pub(crate) fn each_with_parent(entries: &[Entry], mut visit: impl FnMut(usize, Option<usize>) -> bool) {
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

/// Leave out an entry that is the only one of its prefix and states what its parent states, the
/// parent's prefix having only that one entry too.
pub(crate) fn drop_redundant(entries: &mut Vec<Entry>, terms: &OrderedTerms) {
    let alone = |at: usize| {
        let same = |other: Option<&Entry>| {
            other
                .is_some_and(|other| (other.aligned, other.count) == (entries[at].aligned, entries[at].count))
        };
        !same(entries.get(at + 1)) && !same(at.checked_sub(1).and_then(|before| entries.get(before)))
    };
    let is_whole_number = terms.each(|terms| terms.exact_match);
    let mut kept = vec![true; entries.len()];
    each_with_parent(entries, |at, parent| {
        let says_the_same = |parent: usize| {
            let (entry, above) = (&entries[at], &entries[parent]);
            (entry.group, entry.terms) == (above.group, above.terms)
                && !is_whole_number[entry.terms as usize]
                && alone(at)
                && alone(parent)
        };
        kept[at] = !parent.is_some_and(says_the_same);
        kept[at]
    });
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next().unwrap_or(true));
}
