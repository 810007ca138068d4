//! Telephony prices of many plans over one deck, each stored once (R46, R47).
//!
//! A list of prices is a cell for every network group of the deck, or for every terms of it; a cell
//! holds the number of a pair of prices. A thousand plans repeat a few thousand pairs, so cells are
//! as narrow as the number of distinct pairs allows, and lists that are alike are stored once.

use crate::error::Broken;
use crate::money::Rounding::HalfUp;
use crate::money::{CHARGE_LIMIT, Nano, divide};
use crate::terms::{Direction, Terms};
use crate::view::View;
use std::collections::HashMap;

/// Stands for "no price", which is not zero (R47).
pub const NO_PRICE: u64 = u64::MAX;
/// Stands for a price that no column can hold.
pub const TOO_MUCH: u64 = u64::MAX - 1;
/// The country of groups whose sheet names none.
pub const NO_COUNTRY: &str = "ZZ";

/// Outbound and inbound, nano-rupees a minute.
pub type Pair = [u64; 2];

/// A price as a cell keeps it.
pub fn kept(price: Option<u64>) -> u64 {
    price.map_or(NO_PRICE, |price| if i128::from(price) < CHARGE_LIMIT { price } else { TOO_MUCH })
}

/// What a rate is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Factor {
    /// Below 2^48.
    pub numerator: u64,
    /// Below 2^48, not 0.
    pub denominator: u64,
}

impl Factor {
    /// A deck's rate as a price per minute, half-up to nine places (R48).
    fn price(self, rate: Option<Nano>, rate_unit_s: u32) -> u64 {
        let Some(rate) = rate else { return NO_PRICE };
        let above = u128::from(rate.unsigned_abs()) * 60 * u128::from(self.numerator);
        let below = u128::from(rate_unit_s.max(1)) * u128::from(self.denominator.max(1));
        u64::try_from(divide(above, below, HalfUp)).map_or(TOO_MUCH, |price| kept(Some(price)))
    }
}

#[derive(Debug)]
enum Cells {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

/// Lists of prices, by the place of their first cell.
#[derive(Debug)]
pub struct Prices {
    pairs: Vec<Pair>,
    cells: Cells,
}

impl Prices {
    /// The number of the pair in a cell; beyond all pairs if there is no such cell.
    #[inline(always)]
    pub fn pair(&self, cell: usize) -> u32 {
        let pair = match &self.cells {
            Cells::Narrow(cells) => cells.get(cell).map(|pair| u32::from(*pair)),
            Cells::Wide(cells) => cells.get(cell).copied(),
        };
        pair.unwrap_or(u32::MAX)
    }

    /// The price of a pair for a direction.
    #[inline(always)]
    pub fn get(&self, pair: u32, direction: Direction) -> u64 {
        self.pairs.get(pair as usize).map_or(NO_PRICE, |pair| pair[direction as usize])
    }

    /// Bytes in memory.
    pub fn size(&self) -> usize {
        let cells = match &self.cells {
            Cells::Narrow(cells) => size_of_val(&cells[..]),
            Cells::Wide(cells) => size_of_val(&cells[..]),
        };
        cells + size_of_val(&self.pairs[..])
    }
}

/// Prices while plans are added.
#[derive(Debug)]
pub struct Lists<'a> {
    terms: Vec<Terms>,
    groups: HashMap<(&'a str, &'a str), Vec<usize>>,
    count: usize,
    pairs: Vec<Pair>,
    numbers: HashMap<Pair, u32>,
    cells: Vec<u32>,
    places: HashMap<Vec<u32>, usize>,
    marked: HashMap<Factor, usize>,
}

impl<'a> Lists<'a> {
    /// None yet, for this deck.
    pub fn new(view: &View<'a>) -> Result<Self, Broken> {
        let mut named: HashMap<_, Vec<usize>> = HashMap::with_capacity(view.groups.len());
        for number in 0..view.groups.len() {
            let group = view.group(number as u32)?;
            named.entry((country(group.country_iso), group.name)).or_default().push(number);
        }
        Ok(Self {
            terms: view.all_terms()?,
            groups: named,
            count: view.groups.len(),
            pairs: Vec::new(),
            numbers: HashMap::new(),
            cells: Vec::new(),
            places: HashMap::new(),
            marked: HashMap::new(),
        })
    }

    /// Prices named one by one: country, network group, pair. Groups that the deck lacks are passed over.
    pub fn listed<'b>(&mut self, prices: impl Iterator<Item = (&'b str, &'b str, Pair)>) -> usize {
        let none = self.number([NO_PRICE; 2]);
        let mut list = vec![none; self.count];
        for (iso, name, pair) in prices {
            let number = self.number(pair);
            for group in self.groups.get(&(iso, name)).into_iter().flatten() {
                list[*group] = number;
            }
        }
        self.place(list)
    }

    /// The deck's own rates times a factor, by terms.
    pub fn marked(&mut self, factor: Factor) -> usize {
        if let Some(place) = self.marked.get(&factor) {
            return *place;
        }
        let pairs: Vec<Pair> = self
            .terms
            .iter()
            .map(|terms| {
                [terms.outbound_rate, terms.inbound_rate].map(|rate| factor.price(rate, terms.rate_unit_s))
            })
            .collect();
        let list = pairs.into_iter().map(|pair| self.number(pair)).collect();
        let place = self.place(list);
        self.marked.insert(factor, place);
        place
    }

    fn number(&mut self, pair: Pair) -> u32 {
        *self.numbers.entry(pair).or_insert_with(|| {
            self.pairs.push(pair);
            self.pairs.len() as u32 - 1
        })
    }

    fn place(&mut self, list: Vec<u32>) -> usize {
        if let Some(place) = self.places.get(&list) {
            return *place;
        }
        let place = self.cells.len();
        self.cells.extend_from_slice(&list);
        self.places.insert(list, place);
        place
    }

    /// The finished lists.
    pub fn finish(self) -> Prices {
        let narrow: Result<Vec<u16>, _> = self.cells.iter().map(|cell| u16::try_from(*cell)).collect();
        let mut pairs = self.pairs;
        pairs.shrink_to_fit();
        Prices { pairs, cells: narrow.map_or(Cells::Wide(self.cells), Cells::Narrow) }
    }
}

fn country(iso: &str) -> &str {
    if iso.is_empty() { NO_COUNTRY } else { iso }
}

/// A network group as plans name it, and the directions in which calls can be priced by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// `NO_COUNTRY` where the deck names none.
    pub country_iso: &'a str,
    /// Network group.
    pub network_group: &'a str,
    /// Whether some prefix of it that is not blocked answers for outbound and inbound calls.
    pub answers: [bool; 2],
    /// Whether one of those has no rate of its own for the direction.
    pub unrated: [bool; 2],
}

/// All groups of a deck, in the order of their numbers.
pub fn wanted<'a>(view: &View<'a>) -> Result<Vec<Wanted<'a>>, Broken> {
    let mut all = (0..view.groups.len())
        .map(|number| {
            let group = view.group(number as u32)?;
            Ok(Wanted {
                country_iso: country(group.country_iso),
                network_group: group.name,
                answers: [false; 2],
                unrated: [false; 2],
            })
        })
        .collect::<Result<Vec<_>, Broken>>()?;
    for [group, terms] in view.tariffs {
        let terms = view.terms(terms.get())?;
        let group = all.get_mut(group.get() as usize).ok_or(Broken)?;
        for direction in [Direction::Outbound, Direction::Inbound] {
            let answers = !terms.blocked && terms.serves(direction);
            group.answers[direction as usize] |= answers;
            group.unrated[direction as usize] |= answers && terms.rate(direction).is_none();
        }
    }
    Ok(all)
}
