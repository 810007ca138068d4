//! The distinct terms of a sheet's rows.
//!
//! A sheet may have as many prices as rows, but hardly as many of anything else. So terms are held as an
//! outbound rate and the number of the rest: sixteen bytes in place of a hundred, until the file has them.

use crate::distinct::Distinct;
use crate::terms::{Direction, StoredTerms, Terms};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use zerocopy::IntoBytes;

/// An outbound rate and the number of the rest, ordered as their terms are.
///
/// 0 is no rate, and 1 more than the rate is one. Terms with a schedule, which stand last, have no such rate: of
/// them it is `SCHEDULED`.
type Pair = (u64, u32);
const SCHEDULED: u64 = u64::MAX;

/// Distinct terms as they come.
#[derive(Debug, Default)]
pub(crate) struct DistinctTerms {
    rests: Rests,
    pairs: Distinct<Pair>,
}

/// Terms without outbound rates. They are long: what is hashed and moved is their hash alone.
#[derive(Debug, Default)]
struct Rests {
    all: Vec<StoredTerms>,
    /// The last terms with a hash.
    last: HashMap<u64, u32, RandomState>,
    /// For each terms those before with its hash, and 1 more, or 0.
    before: Vec<u32>,
    hasher: RandomState,
    recent: u32,
}

impl Rests {
    fn number(&mut self, terms: &Terms) -> u32 {
        let stored = StoredTerms::from(terms);
        let is_same = |other: &StoredTerms| other.as_bytes() == stored.as_bytes();
        if self.all.get(self.recent as usize).is_some_and(is_same) {
            return self.recent;
        }
        let hash = self.hasher.hash_one(stored.as_bytes());
        let next = self.all.len() as u32;
        let mut before = 0;
        if let Some(last) = self.last.get(&hash) {
            before = last + 1;
            let mut number = before;
            while number > 0 {
                if is_same(&self.all[number as usize - 1]) {
                    self.recent = number - 1;
                    return self.recent;
                }
                number = self.before[number as usize - 1];
            }
        }
        self.last.insert(hash, next);
        self.before.push(before);
        self.all.push(stored);
        self.recent = next;
        next
    }
}

impl DistinctTerms {
    /// A number of terms that have no `Terms::fault`; several may be of the same.
    pub fn number(&mut self, terms: &Terms) -> u32 {
        let rest = self.rests.number(&Terms { outbound_rate: None, ..*terms });
        let rate = match (terms.schedule, terms.outbound_rate) {
            (Some(_), _) => SCHEDULED,
            (None, rate) => rate.map_or(0, |rate| rate as u64 + 1),
        };
        self.pairs.number((rate, rest))
    }

    /// The terms in order, each once, their schedules renumbered; and for each number given out the new one.
    pub fn ordered(self, schedules: &[u32]) -> (OrderedTerms, Vec<u32>) {
        let renumbered = |stored: &StoredTerms| -> Terms {
            let terms = Terms::from(stored);
            Terms { schedule: terms.schedule.map(|number| schedules[number as usize]), ..terms }
        };
        let all: Vec<Terms> = self.rests.all.iter().map(renumbered).collect();
        // By what they are compared by first, so that the rest is looked at where it must be.
        let mut order: Vec<(Option<u32>, Option<i64>, u32)> =
            all.iter().zip(0..).map(|(terms, at)| (terms.schedule, terms.inbound_rate, at)).collect();
        order.sort_unstable_by(|a, b| {
            let rest = || all[a.2 as usize].cmp(&all[b.2 as usize]);
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(rest)
        });
        let mut places = vec![0; order.len()];
        for (new, (.., old)) in order.iter().enumerate() {
            places[*old as usize] = new as u32;
        }
        let (pairs, numbers) = self.pairs.ordered(|(rate, rest)| (rate, places[rest as usize]));
        let rests = order.into_iter().map(|(.., old)| all[old as usize]).collect();
        (OrderedTerms { rests, pairs }, numbers)
    }
}

/// All terms of a deck, in order.
#[derive(Debug)]
pub(crate) struct OrderedTerms {
    /// Without their outbound rates; in order.
    rests: Vec<Terms>,
    pairs: Vec<Pair>,
}

impl OrderedTerms {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// The terms with a number.
    pub fn get(&self, number: u32) -> Terms {
        self.whole(self.pairs[number as usize])
    }

    fn whole(&self, (rate, rest): Pair) -> Terms {
        let outbound_rate =
            if rate == SCHEDULED { None } else { rate.checked_sub(1).map(|rate| rate as i64) };
        Terms { outbound_rate, ..self.rests[rest as usize] }
    }

    /// What is stated of each terms by something that looks at its outbound rate no further than whether there is one.
    pub fn each(&self, say: impl Fn(&Terms) -> bool) -> Vec<bool> {
        let both = |rest: &Terms| [None, Some(0)].map(|outbound_rate| say(&Terms { outbound_rate, ..*rest }));
        let said: Vec<[bool; 2]> = self.rests.iter().map(both).collect();
        let has_rate = |rate: u64| rate != 0 && rate != SCHEDULED;
        self.pairs.iter().map(|(rate, rest)| said[*rest as usize][usize::from(has_rate(*rate))]).collect()
    }

    /// Whether some of them hold only at times.
    pub fn any_dated(&self) -> bool {
        self.rests.iter().any(Terms::is_dated)
    }

    /// Whether some of them do not speak for a direction.
    pub fn any_lacks(&self, direction: Direction) -> bool {
        self.each(|terms| !terms.serves(direction)).contains(&true)
    }

    /// Bytes that they take in a file.
    pub fn bytes(&self) -> usize {
        self.len() * size_of::<StoredTerms>()
    }

    /// Write them as a file has them.
    pub fn write(&self, bytes: &mut [u8]) {
        let places = bytes.chunks_exact_mut(size_of::<StoredTerms>());
        for (place, pair) in places.zip(&self.pairs) {
            place.copy_from_slice(StoredTerms::from(&self.whole(*pair)).as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn terms() -> impl Strategy<Value = Terms> {
        let amount = || proptest::option::of(0_i64..4);
        let rates = prop_oneof![
            (amount(), Just(None)),
            (proptest::option::of(Just(i64::MAX)), Just(None)),
            (Just(None), (0_u32..3).prop_map(Some)),
        ];
        let times = (proptest::option::of(-2_i64..2), any::<bool>(), any::<bool>());
        (rates, amount(), 0_i64..2, times).prop_map(
            |((outbound_rate, schedule), inbound_rate, fee, times)| {
                let (valid_from, blocked, exact_match) = times;
                let more = Terms { valid_from, blocked, exact_match, connect_fee: fee, ..Terms::default() };
                Terms { outbound_rate, schedule, inbound_rate, ..more }
            },
        )
    }

    proptest! {
        #[test]
        fn terms_are_numbered_as_a_set_of_them_in_order(
            all in proptest::collection::vec(terms(), 0..200), schedules in Just(vec![0_u32, 1, 2]).prop_shuffle(),
        ) {
            let mut distinct = DistinctTerms::default();
            let numbers: Vec<u32> = all.iter().map(|one| distinct.number(one)).collect();
            let (ordered, places) = distinct.ordered(&schedules);
            let renumbered = |one: &Terms| {
                let schedule = one.schedule.map(|number| schedules[number as usize]);
                Terms { schedule, ..*one }
            };
            let set: Vec<Terms> = all.iter().map(renumbered).collect::<BTreeSet<_>>().into_iter().collect();
            let held: Vec<Terms> = (0..ordered.len() as u32).map(|number| ordered.get(number)).collect();
            prop_assert_eq!(&held, &set);
            for (one, number) in all.iter().zip(numbers) {
                prop_assert_eq!(ordered.get(places[number as usize]), renumbered(one));
            }
            for say in [Terms::is_dated, |one: &Terms| one.serves(Direction::Outbound), |one: &Terms| one.exact_match] {
                prop_assert_eq!(ordered.each(say), set.iter().map(say).collect::<Vec<_>>());
            }
            prop_assert_eq!(ordered.any_dated(), set.iter().any(Terms::is_dated));
            let lacks = |direction| set.iter().any(|one| !one.serves(direction));
            prop_assert_eq!(ordered.any_lacks(Direction::Inbound), lacks(Direction::Inbound));
            let mut bytes = vec![7; ordered.bytes()];
            ordered.write(&mut bytes);
            let stored: Vec<StoredTerms> = set.iter().map(StoredTerms::from).collect();
            prop_assert_eq!(bytes.as_slice(), stored.as_bytes());
        }
    }
}
