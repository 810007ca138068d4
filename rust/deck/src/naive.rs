//! The obvious loop: what the deck must agree with, for ever.
//!
//! A list of rows, searched from the longest prefix to the shortest. No trie, no slots, no
//! redundancy removal. It is the oracle of the property tests and a row of every benchmark.

use crate::build::Row;
use crate::terms::Terms;
use crate::view::Asked;
use std::collections::HashMap;

/// Rows by their prefix.
#[derive(Debug, Default)]
pub struct NaiveDeck {
    rows: HashMap<String, Vec<(Terms, String)>>,
}

impl NaiveDeck {
    /// Keep a row.
    pub fn push(&mut self, row: &Row<'_>) {
        self.rows.entry(row.prefix.to_owned()).or_default().push((row.terms, row.network_group.to_owned()));
    }

    /// Prefix, terms and group of the longest prefix that answers for these digits.
    pub fn find(&self, digits: &str, asked: Asked) -> Option<(String, Terms, String)> {
        for length in (1..=digits.len()).rev() {
            let prefix = &digits[..length];
            let Some(rows) = self.rows.get(prefix) else { continue };
            // Of two rows under one prefix the one for exactly this number wins.
            for exact in [true, false] {
                let answers = |terms: &Terms| {
                    terms.exact_match == exact
                        && (!exact || prefix == digits)
                        && asked.at.is_none_or(|at| terms.is_live(at))
                        && asked.direction.is_none_or(|direction| terms.serves(direction))
                };
                // Asked without a time, the latest row speaks.
                let latest =
                    rows.iter().filter(|(terms, _)| answers(terms)).max_by_key(|(terms, _)| terms.valid_from);
                if let Some((terms, group)) = latest {
                    return Some((prefix.to_owned(), *terms, group.clone()));
                }
            }
        }
        None
    }
}
