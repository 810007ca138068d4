//! One call record to its charge, or to the reason why it has none (R43, R47, R51).
//!
//! A refusal is a value. What reads the records, one or ten million, finds the entry; the judgement
//! here is the same for all of them (R54).

use crate::charge::Amount;
use crate::error::Overflow;
use crate::semantics::Semantics;
use crate::terms::Direction;

/// Why a record has no charge. The first that holds, in this order, is the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Reason {
    /// No called number.
    MissingNumber,
    /// Not E.164 (R1, R2).
    InvalidNumber,
    /// No number under its calling code is so long, or there is no such code (R4).
    ImpossibleNumber,
    /// An emergency number, with its calling code or without.
    EmergencyNumber,
    /// The seconds are no number.
    InvalidSeconds,
    /// It ends before it is answered.
    EndBeforeAnswer,
    /// The answer time is no time.
    InvalidAnsweredAt,
    /// Neither seconds nor an end.
    MissingSeconds,
    /// Fewer than zero seconds.
    NegativeSeconds,
    /// Neither outbound nor inbound.
    InvalidDirection,
    /// The record's workspace is not known.
    UnknownWorkspace,
    /// The record's plan is not known, or its workspace has none.
    UnknownPlan,
    /// Neither cascaded nor speech to speech (R45).
    InvalidAgentKind,
    /// No path that calls travel.
    InvalidPath,
    /// The deck has dated entries, and the record no time.
    MissingAnsweredAt,
    /// No prefix begins the number (R15).
    UnsupportedPrefix,
    /// The prefix is refused (R47).
    Blocked,
    /// The prefix has no rate for the direction (R47).
    RateMissing,
    /// The charge is more than a column can hold.
    Overflow,
}

impl Reason {
    /// All of them with their names in columns, in the order of their numbers.
    pub const ALL: [(Self, &'static str); 19] = [
        (Self::MissingNumber, "missing_number"),
        (Self::InvalidNumber, "invalid_number"),
        (Self::ImpossibleNumber, "impossible_number"),
        (Self::EmergencyNumber, "emergency_number"),
        (Self::InvalidSeconds, "invalid_seconds"),
        (Self::EndBeforeAnswer, "end_before_answer"),
        (Self::InvalidAnsweredAt, "invalid_answered_at"),
        (Self::MissingSeconds, "missing_seconds"),
        (Self::NegativeSeconds, "negative_seconds"),
        (Self::InvalidDirection, "invalid_direction"),
        (Self::UnknownWorkspace, "unknown_workspace"),
        (Self::UnknownPlan, "unknown_plan"),
        (Self::InvalidAgentKind, "invalid_agent_kind"),
        (Self::InvalidPath, "invalid_path"),
        (Self::MissingAnsweredAt, "missing_answered_at"),
        (Self::UnsupportedPrefix, "unsupported_prefix"),
        (Self::Blocked, "blocked"),
        (Self::RateMissing, "rate_missing"),
        (Self::Overflow, "overflow"),
    ];

    /// The reason of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).map(|(reason, _)| *reason)
    }

    /// Its name in columns.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// What a record states besides its number.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Why the number is none, if it is none.
    pub number_fault: Option<Reason>,
    /// A fault seen before: in the text of the seconds, or in the times.
    pub fault: Option<Reason>,
    /// Duration in ticks.
    pub ticks: Option<i64>,
    /// `None` = neither of the two.
    pub direction: Option<Direction>,
    /// The deck is dated and the record has no time.
    pub lacks_time: bool,
}

/// The charge of a record, or its reason.
///
/// `is_blocked` states of the terms that its number leads to, and is `None` if it leads to none;
/// `charge` counts whole seconds at those terms.
#[inline(always)]
pub fn judge(
    record: &Record,
    is_blocked: Option<bool>,
    semantics: &Semantics,
    per_second: u32,
    charge: impl FnOnce(u64, Direction) -> Result<Option<Amount>, Overflow>,
) -> Result<Amount, Reason> {
    if let Some(fault) = record.number_fault.or(record.fault) {
        return Err(fault);
    }
    let ticks = record.ticks.ok_or(Reason::MissingSeconds)?;
    let ticks = u64::try_from(ticks).map_err(|_| Reason::NegativeSeconds)?;
    let direction = record.direction.ok_or(Reason::InvalidDirection)?;
    let seconds = semantics.whole_seconds(ticks, per_second);
    let outcome = match is_blocked {
        Some(true) => Err(Reason::Blocked),
        Some(false) => match charge(seconds, direction) {
            Ok(amount) => amount.ok_or(Reason::RateMissing),
            Err(Overflow) => Err(Reason::Overflow),
        },
        None if record.lacks_time => Err(Reason::MissingAnsweredAt),
        None => Err(Reason::UnsupportedPrefix),
    };
    // R43: a call that was not answered costs nothing, wherever it was meant to go.
    outcome.or_else(|reason| if seconds == 0 { Ok(Amount::NOTHING) } else { Err(reason) })
}
