//! Billing plans over a deck: one call under one of many plans, component by component (R44-R48, R52).
//!
//! Plans are prepared once for a deck. A call's seconds are rounded up to its plan's pulse once, and
//! multiply every component.

use crate::bill::{Bill, LINES, Places};
use crate::error::{Broken, Overflow};
use crate::money::{NANO_PLACES, Rounding};
use crate::prices::{Factor, Lists, NO_PRICE, Pair, Prices, TOO_MUCH, kept};
use crate::record::{Reason, Record};
use crate::semantics::PartSecond;
use crate::terms::Direction;
use crate::view::View;

/// Which components a call has (R45).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentKind {
    /// STT, LLM, TTS.
    Cascaded,
    /// LLM only.
    SpeechToSpeech,
}

/// How a call travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// The price of its network group (R46).
    Pstn,
    /// The plan's flat rate (R46).
    SipTrunk,
    /// No telephony (R34).
    WebRtc,
}

/// A price of one network group: country, name, outbound, inbound.
pub type GroupPrice = (String, String, Option<u64>, Option<u64>);

/// Where a plan's telephony prices come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telephony {
    /// Nowhere: it has no such line (R47).
    NotPriced,
    /// From a list.
    Listed(Vec<GroupPrice>),
    /// From the deck.
    Marked(Factor),
    /// As a plan before it, by its number.
    Like(u32),
}

/// A billing plan as it is stated. Amounts are nano-rupees a minute.
#[derive(Clone, Debug)]
pub struct Plan {
    /// STT, LLM, TTS, platform.
    pub components: [Option<u64>; 4],
    /// By network group.
    pub telephony: Telephony,
    /// Flat, outbound and inbound.
    pub sip: Option<Pair>,
    /// Initial and next block, neither 0.
    pub pulse: (u32, u32),
    /// See `PartSecond`.
    pub part_second: PartSecond,
    /// Of the total.
    pub rounding: Rounding,
    /// Places of the total, at most nine.
    pub decimals: u32,
    /// Whether a machine that answers is not charged for (R52).
    pub voicemail_is_free: bool,
}

/// Which cells of `Prices` a plan reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Nothing,
    Group,
    Terms,
}

/// The prices of a plan: what its cells are by, and the first of them.
#[derive(Clone, Copy, Debug)]
struct Source {
    by: By,
    cells: u32,
}

/// A plan in one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Ready {
    components: [u64; 4],
    sip: Pair,
    initial: u32,
    next: u32,
    decimals: u8,
    has_telephony: bool,
    part_second: PartSecond,
    rounding: Rounding,
    voicemail_is_free: bool,
}

/// What a record states, and what its number leads to.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// As for rating at the deck's own terms.
    pub record: Record,
    /// Ticks in a second.
    pub per_second: u32,
    /// Number of its plan, or why it has none.
    pub plan: Result<u32, Reason>,
    /// `None` = neither of the two.
    pub kind: Option<AgentKind>,
    /// `None` = none of the three.
    pub path: Option<Path>,
    /// A machine answered.
    pub is_voicemail: bool,
    /// Terms, if a prefix begins its number.
    pub terms: Option<u32>,
    /// What `Book::price` states of its plan and number.
    pub price: u64,
}

/// Plans prepared for a deck.
#[derive(Debug)]
pub struct Book {
    plans: Vec<Ready>,
    sources: Vec<Source>,
    /// By decimals.
    places: Vec<Places>,
    prices: Prices,
    /// By terms.
    blocked: Vec<bool>,
    groups: u32,
    decimals: u32,
}

impl Book {
    /// Prepare plans, numbered in their order. They are taken one at a time: their lists are long.
    pub fn new<E: From<Broken>>(
        view: &View<'_>,
        plans: impl IntoIterator<Item = Result<Plan, E>>,
    ) -> Result<Self, E> {
        let mut lists = Lists::new(view)?;
        let mut ready = Vec::new();
        let mut sources: Vec<Source> = Vec::new();
        let mut decimals = None;
        for plan in plans {
            let plan = plan?;
            let source = |by, cells: usize| u32::try_from(cells).map(|cells| Source { by, cells });
            let source = match &plan.telephony {
                Telephony::NotPriced => source(By::Nothing, 0),
                Telephony::Listed(prices) => source(By::Group, lists.listed(prices.iter().map(pair))),
                Telephony::Marked(factor) => source(By::Terms, lists.marked(*factor)),
                Telephony::Like(plan) => Ok(*sources.get(*plan as usize).ok_or(Broken)?),
            };
            sources.push(source.map_err(|_| Broken)?);
            decimals = decimals.max(Some(plan.decimals.min(NANO_PLACES)));
            ready.push(prepared(&plan));
        }
        let decimals = decimals.unwrap_or(2);
        let places = (0..=NANO_PLACES).map(|own| Places::new(own, decimals));
        let places = places.collect::<Option<_>>().ok_or(Broken)?;
        let groups = u32::try_from(view.groups.len()).map_err(|_| Broken)?;
        let blocked = view.all_terms()?.iter().map(|terms| terms.blocked).collect();
        Ok(Self { plans: ready, sources, places, prices: lists.finish(), blocked, groups, decimals })
    }

    /// Places of charges: the most that a plan has.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// Bytes of prices in memory.
    pub fn size(&self) -> usize {
        self.prices.size()
    }

    /// Where the prices of a number's group under a plan stand (R46); beyond all cells if nowhere.
    ///
    /// Cells, then `pair`, then `price` are asked for many calls at a time, so that the memory of one
    /// is waited for while that of others comes; what a plan's cells are by is not predictable.
    #[inline(always)]
    pub fn cell(&self, plan: u32, group: u32, terms: u32) -> usize {
        let Some(source) = self.sources.get(plan as usize) else { return usize::MAX };
        let by_terms = source.by == By::Terms;
        let (number, limit) =
            if by_terms { (terms, self.blocked.len()) } else { (group, self.groups as usize) };
        let is_there = (source.by != By::Nothing) & ((number as usize) < limit);
        if is_there { source.cells as usize + number as usize } else { usize::MAX }
    }

    /// The number of the prices in a cell.
    #[inline(always)]
    pub fn pair(&self, cell: usize) -> u32 {
        self.prices.pair(cell)
    }

    /// The price of that number for a direction.
    #[inline(always)]
    pub fn price(&self, pair: u32, direction: Direction) -> u64 {
        self.prices.get(pair, direction)
    }

    /// The bill of a call, or the first reason why it has none (R51).
    #[inline(always)]
    pub fn rate(&self, call: &Call) -> Result<Bill, Reason> {
        // R34: a web call has no number, and goes neither out nor in through a carrier.
        let is_web = call.path == Some(Path::WebRtc);
        let record = &call.record;
        // How long a number is on the customer's own trunk is the trunk's business: extensions.
        let is_extension =
            record.number_fault == Some(Reason::ImpossibleNumber) && call.path == Some(Path::SipTrunk);
        if let Some(fault) = record.number_fault.filter(|_| !is_web & !is_extension).or(record.fault) {
            return Err(fault);
        }
        let ticks = record.ticks.ok_or(Reason::MissingSeconds)?;
        let ticks = u64::try_from(ticks).map_err(|_| Reason::NegativeSeconds)?;
        let direction = match record.direction {
            Some(direction) => direction,
            None if is_web => Direction::Outbound,
            None => return Err(Reason::InvalidDirection),
        };
        let plan = self.plans.get(call.plan? as usize).ok_or(Reason::UnknownPlan)?;
        let kind = call.kind.ok_or(Reason::InvalidAgentKind)?;
        let path = call.path.ok_or(Reason::InvalidPath)?;
        let seconds = plan.part_second.whole(ticks, call.per_second);
        if seconds == 0 || (call.is_voicemail && plan.voicemail_is_free) {
            return Ok(Bill::NOTHING);
        }
        let telephony = match path {
            Path::WebRtc => NO_PRICE,
            Path::SipTrunk => plan.flat(direction)?,
            Path::Pstn if !plan.has_telephony => NO_PRICE,
            Path::Pstn => self.of_group(call)?,
        };
        let places = self.places.get(usize::from(plan.decimals)).ok_or(Reason::Overflow)?;
        let billed_s = plan.billed(seconds).map_err(|_| Reason::Overflow)?;
        places.bill(&plan.rates(kind, telephony), billed_s, plan.rounding).map_err(|_| Reason::Overflow)
    }

    /// The price of the group that a number belongs to, or why there is none (R47).
    #[inline(always)]
    fn of_group(&self, call: &Call) -> Result<u64, Reason> {
        let Some(terms) = call.terms else {
            let lacks_time = call.record.lacks_time;
            return Err(if lacks_time { Reason::MissingAnsweredAt } else { Reason::UnsupportedPrefix });
        };
        if self.blocked.get(terms as usize).is_none_or(|blocked| *blocked) {
            return Err(Reason::Blocked);
        }
        match call.price {
            NO_PRICE => Err(Reason::RateMissing),
            TOO_MUCH => Err(Reason::Overflow),
            price => Ok(price),
        }
    }
}

fn pair((iso, name, outbound, inbound): &GroupPrice) -> (&str, &str, Pair) {
    (iso, name, [kept(*outbound), kept(*inbound)])
}

fn prepared(plan: &Plan) -> Ready {
    Ready {
        components: plan.components.map(|rate| rate.unwrap_or(NO_PRICE)),
        sip: plan.sip.map_or([NO_PRICE; 2], |both| both.map(|rate| kept(Some(rate)))),
        initial: plan.pulse.0.max(1),
        next: plan.pulse.1.max(1),
        decimals: plan.decimals.min(NANO_PLACES) as u8,
        has_telephony: plan.telephony != Telephony::NotPriced,
        part_second: plan.part_second,
        rounding: plan.rounding,
        voicemail_is_free: plan.voicemail_is_free,
    }
}

impl Ready {
    /// The rate of a customer's trunk. Who prices telephony must price this too (R47).
    fn flat(&self, direction: Direction) -> Result<u64, Reason> {
        match self.sip[direction as usize] {
            NO_PRICE if self.has_telephony => Err(Reason::RateMissing),
            TOO_MUCH => Err(Reason::Overflow),
            rate => Ok(rate),
        }
    }

    /// Of all lines.
    #[inline(always)]
    fn rates(&self, kind: AgentKind, telephony: u64) -> [u64; LINES] {
        let [stt, llm, tts, platform] = self.components;
        match kind {
            AgentKind::Cascaded => [stt, llm, tts, telephony, platform],
            AgentKind::SpeechToSpeech => [NO_PRICE, llm, NO_PRICE, telephony, platform],
        }
    }

    /// R44: seconds, more than 0, rounded up to the pulse.
    #[inline(always)]
    fn billed(&self, seconds: u64) -> Result<u32, Overflow> {
        let seconds = u32::try_from(seconds).map_err(|_| Overflow)?;
        let blocks = seconds.saturating_sub(self.initial).div_ceil(self.next);
        let more = blocks.checked_mul(self.next).ok_or(Overflow)?;
        more.checked_add(self.initial).ok_or(Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::Ready;

    #[test]
    fn a_prepared_plan_is_a_cache_line() {
        assert_eq!(size_of::<Ready>(), 64);
    }
}
