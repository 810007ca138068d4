//! The named meanings by which seconds become a charge (R43, R44, R48, R50, R53).
//!
//! Where the field knows more than one meaning, the choice is an enum, its first member the default.

use crate::money::Rounding;

/// What a fraction of a second counts as (R44).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartSecond {
    /// 30.1 is 31.
    #[default]
    Up,
    /// 30.9 is 30.
    Down,
    /// 30.5 is 31.
    HalfUp,
}

impl PartSecond {
    /// Whole seconds of a duration in ticks.
    #[inline(always)]
    pub fn whole(self, ticks: u64, per_second: u32) -> u64 {
        if per_second == 1 {
            return ticks;
        }
        let per = u64::from(per_second.max(1));
        let (whole, part) = (ticks / per, ticks % per);
        whole
            + u64::from(match self {
                Self::Up => part > 0,
                Self::Down => false,
                Self::HalfUp => part >= per - part && part > 0,
            })
    }
}

/// Where blocks after the initial one start (R44).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Increments {
    /// At the end of the initial block.
    #[default]
    Anchored,
    /// At zero; the initial block is a plain minimum.
    Modulo,
}

/// When the minimum time is applied (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Minimum {
    /// Then rounded up to increments.
    #[default]
    BeforeIncrements,
    /// As it stands.
    AfterIncrements,
}

/// What a call is compared with the grace time by (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grace {
    /// Its own seconds.
    #[default]
    GraceFirst,
    /// Its seconds lifted to the minimum time.
    MinimumFirst,
}

/// When free seconds are taken off (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FreeSeconds {
    /// Before the increments.
    #[default]
    Deducted,
    /// After them.
    OnGrid,
}

/// When the connect fee falls due (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectFee {
    /// Above zero seconds.
    #[default]
    WhenAnswered,
    /// At zero seconds too.
    AtZero,
}

/// What a maximum charge does to a finished call (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaxCharge {
    /// Ends the growth of the charge.
    #[default]
    Cap,
    /// Nothing; it limits authorisation only.
    Disconnect,
}

/// How the tiers of a schedule divide a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tiers {
    /// Blocks follow one another; a block costs what the tier in which it starts states, whole.
    #[default]
    Anchored,
    /// The call is cut where tiers begin, and each part is rounded up to its own increment.
    Volume,
}

/// Which bands of a schedule price a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bands {
    /// The one in force when the call is answered (R50).
    #[default]
    ByStart,
    /// For each block the one in force when it starts.
    Split,
}

/// Where amounts are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoundAt {
    /// Once, the charge (R48).
    #[default]
    Charge,
    /// Each increment half-up to some places of its own, and then the charge.
    Increment,
    /// Each piece half-up to those places, its share for one increment half-up again, and then the charge.
    Piece,
}

/// How seconds become a charge wherever the sheet leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    /// Increments where the sheet states none: initial and next, neither 0.
    pub pulse: (u32, u32),
    /// See `PartSecond`.
    pub part_second: PartSecond,
    /// See `Increments`.
    pub increments: Increments,
    /// See `Minimum`.
    pub minimum: Minimum,
    /// See `Grace`.
    pub grace: Grace,
    /// See `FreeSeconds`.
    pub free_seconds: FreeSeconds,
    /// See `ConnectFee`.
    pub connect_fee: ConnectFee,
    /// See `MaxCharge`.
    pub max_charge: MaxCharge,
    /// See `Tiers`.
    pub tiers: Tiers,
    /// See `Bands`.
    pub bands: Bands,
    /// See `RoundAt`.
    pub round_at: RoundAt,
    /// Places of an increment or a piece that is rounded, at most nine.
    pub increment_decimals: u32,
    /// The rounding of the charge.
    pub rounding: Rounding,
    /// Places of the charge, at most nine.
    pub decimals: u32,
}

impl Default for Semantics {
    fn default() -> Self {
        Self {
            pulse: (60, 60),
            part_second: PartSecond::default(),
            increments: Increments::default(),
            minimum: Minimum::default(),
            grace: Grace::default(),
            free_seconds: FreeSeconds::default(),
            connect_fee: ConnectFee::default(),
            max_charge: MaxCharge::default(),
            tiers: Tiers::default(),
            bands: Bands::default(),
            round_at: RoundAt::default(),
            increment_decimals: 5,
            rounding: Rounding::default(),
            decimals: 2,
        }
    }
}
