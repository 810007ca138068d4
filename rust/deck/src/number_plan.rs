//! Which numbers can be numbers: how long they are under their calling code, and which are emergencies.
//!
//! A number's first three digits state its calling code, since no code begins another. So the whole
//! judgement of nearly every number is one look at a table of sixteen bits for each three digits: bit
//! `n` is set where numbers of `n` digits are possible and none of them is an emergency number. Only
//! what is not clear there is looked at again.

use crate::digits::{Digits, MAX_DIGITS};
use crate::record::Reason;

/// First three digits of a number, as the first two bytes of its key: 25,354 places would do, but of
/// so many no index needs a check. A page of them is never touched.
const FIRST: usize = 1 << 16;
/// Digits of a calling code at most.
const CODE: usize = 3;

/// The lengths of numbers under each calling code, and the emergency numbers; replaced whole.
#[derive(Clone, Debug)]
pub struct NumberPlan {
    /// By first three digits: a bit for each count of digits that is a number, and no emergency.
    clear: Box<[u16; FIRST]>,
    /// The same, emergency numbers or not.
    possible: Box<[u16; FIRST]>,
    /// A bit for each count of digits that an emergency number has.
    emergency: Box<[u16; FIRST]>,
    /// Key and count of whole numbers, sorted.
    emergencies: Vec<(u64, u32)>,
}

impl NumberPlan {
    /// From calling codes, each with a bit for every length of its national digits, and from emergency
    /// numbers with their calling codes or without.
    ///
    /// `None` if a code is none, begins another, or an emergency number has no digits. What is longer than
    /// E.164 allows is left out: such a number is no number already (R1).
    pub fn new<'a>(
        codes: impl IntoIterator<Item = (&'a [u8], u32)>,
        emergencies: impl IntoIterator<Item = &'a [u8]>,
    ) -> Option<Self> {
        let mut possible = table();
        let mut taken = vec![false; FIRST];
        for (code, lengths) in codes {
            let digits = Digits::parse(code).filter(|digits| digits.count as usize <= CODE)?;
            let mask = u64::from(lengths) << digits.count & ((1 << (MAX_DIGITS + 1)) - 1);
            let span = 10_usize.pow((CODE - digits.count as usize) as u32);
            let from = digits.aligned() as usize / 10_usize.pow((MAX_DIGITS - CODE) as u32);
            for three in from..from + span {
                let at = (three / 100) | ((three % 100) << 8);
                if std::mem::replace(taken.get_mut(at)?, true) {
                    return None;
                }
                possible[at] = mask as u16;
            }
        }
        let read = |text| Digits::parse(text).map(|digits| (digits.key, digits.count as u32));
        let mut emergencies: Vec<_> = emergencies.into_iter().map(read).collect::<Option<_>>()?;
        emergencies.sort_unstable();
        // A text that is no number has neither digits nor a fault here.
        let mut clear = possible.clone();
        clear[0] = 1;
        let mut emergency = table();
        for (key, count) in &emergencies {
            clear[first(*key)] &= !(1 << count);
            emergency[first(*key)] |= 1 << count;
        }
        Some(Self { clear, possible, emergency, emergencies })
    }

    /// Why a number can be none; `None` where it can, and for what is no E.164 at all.
    pub fn judge(&self, digits: &Digits) -> Option<Reason> {
        self.reason(digits.key, digits.count as u32)
    }

    /// Whether nothing speaks against a number, as nearly always; what is not clear may still be one.
    #[inline(always)]
    pub(crate) fn is_clear(&self, key: u64, count: u32) -> bool {
        has(&self.clear, key, count)
    }

    /// What speaks against it.
    #[inline(always)]
    pub(crate) fn reason(&self, key: u64, count: u32) -> Option<Reason> {
        if self.is_clear(key, count) {
            return None;
        }
        if has(&self.emergency, key, count) && self.emergencies.binary_search(&(key, count)).is_ok() {
            return Some(Reason::EmergencyNumber);
        }
        (!has(&self.possible, key, count)).then_some(Reason::ImpossibleNumber)
    }
}

/// The first three digits of a key, missing ones 0.
#[inline(always)]
fn first(key: u64) -> usize {
    usize::from(key as u16)
}

/// Whether the bit of a number is set.
#[inline(always)]
fn has(table: &[u16; FIRST], key: u64, count: u32) -> bool {
    u32::from(table[first(key)]) >> (count & 15) & 1 != 0
}

fn table() -> Box<[u16; FIRST]> {
    // On the stack it would be large.
    vec![0; FIRST].into_boxed_slice().try_into().unwrap_or_else(|_| Box::new([0; FIRST]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(all: &[u32]) -> u32 {
        all.iter().fold(0, |mask, length| mask | 1 << length)
    }

    fn plan() -> NumberPlan {
        let codes: [(&[u8], u32); 4] = [
            (b"1", lengths(&[7, 10])),
            (b"91", lengths(&[8, 9, 10, 11, 12, 13])),
            (b"27", lengths(&[5, 9])),
            (b"998", lengths(&[9, 31])),
        ];
        let emergencies: [&[u8]; 5] = [b"911", b"112", b"1911", b"91112", b"2710111"];
        NumberPlan::new(codes, emergencies).expect("codes and numbers are good")
    }

    #[test]
    fn a_number_is_judged_by_its_code_and_length() {
        let plan = plan();
        let judged = |text: &[u8]| Digits::parse(text).and_then(|digits| plan.judge(&digits));
        assert_eq!(judged(b"+919812345678"), None);
        assert_eq!(judged(b"919812345678901"), None);
        assert_eq!(judged(b"12125550100"), None);
        assert_eq!(judged(b"998901234567"), None);
        assert_eq!(judged(b"910"), Some(Reason::ImpossibleNumber));
        assert_eq!(judged(b"91"), Some(Reason::ImpossibleNumber));
        assert_eq!(judged(b"1"), Some(Reason::ImpossibleNumber));
        assert_eq!(judged(b"99890123456"), Some(Reason::ImpossibleNumber));
        assert_eq!(judged(b"999901234567"), Some(Reason::ImpossibleNumber), "no such code");
        assert_eq!(judged(b"911"), Some(Reason::EmergencyNumber));
        assert_eq!(judged(b"+112"), Some(Reason::EmergencyNumber));
        assert_eq!(judged(b"91112"), Some(Reason::EmergencyNumber));
        assert_eq!(judged(b"2710111"), Some(Reason::EmergencyNumber), "its length is possible");
        assert_eq!(judged(b"2710112"), None);
    }

    #[test]
    fn codes_that_begin_one_another_are_refused() {
        let none: [&[u8]; 0] = [];
        assert!(NumberPlan::new([(&b"9"[..], 1), (&b"91"[..], 1)], none).is_none());
        assert!(NumberPlan::new([(&b"91"[..], 1), (&b"91"[..], 1)], none).is_none());
        assert!(NumberPlan::new([(&b"9123"[..], 1)], none).is_none());
        assert!(NumberPlan::new([(&b"0"[..], 1)], none).is_none());
        assert!(NumberPlan::new([(&b"91"[..], 1)], [&b"x"[..]]).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_number(text in "(1|9|99|27|998)[0-9]{0,14}") {
            let text = text.as_bytes();
            let code = [(1, &b"1"[..], &[7, 10][..]), (2, b"91", &[8, 9, 10, 11, 12, 13]), (2, b"27", &[5, 9]), (3, b"998", &[9])]
                .into_iter()
                .find(|(_, code, _)| text.starts_with(code));
            let is_possible = code.is_some_and(|(count, _, lengths)| lengths.contains(&(text.len() - count)));
            let expected = match text {
                b"911" | b"112" | b"1911" | b"91112" | b"2710111" => Some(Reason::EmergencyNumber),
                _ if is_possible || text.len() > MAX_DIGITS => None,
                _ => Some(Reason::ImpossibleNumber),
            };
            let judged = Digits::parse(text).and_then(|digits| plan().judge(&digits));
            proptest::prop_assert_eq!(judged, expected);
        }
    }
}
