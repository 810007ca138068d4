//! The named meanings of billed time, checked and handed to the core.

use dialnexa_deck::semantics::{
    Bands, ConnectFee, FreeSeconds, Grace, Increments, MaxCharge, Minimum, PartSecond, RoundAt, Tiers,
};
use dialnexa_deck::{self as core, Rounding};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// How seconds become billed seconds and a rate a charge; see `dialnexa_routing.money.semantics`.
#[pyclass(frozen, module = "dialnexa_routing._deck")]
#[derive(Clone, Copy)]
pub struct Semantics(pub core::Semantics);

/// The member with this name.
fn member<T: Copy>(field: &str, value: &str, members: &[(&str, T)]) -> PyResult<T> {
    let found = members.iter().find(|(name, _)| *name == value).map(|(_, member)| *member);
    found.ok_or_else(|| {
        let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
        PyValueError::new_err(format!("{field} is {value:?}; it is one of {}", names.join(", ")))
    })
}

const PART_SECONDS: [(&str, PartSecond); 3] =
    [("up", PartSecond::Up), ("down", PartSecond::Down), ("half_up", PartSecond::HalfUp)];
const ROUNDINGS: [(&str, Rounding); 4] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("up", Rounding::Up),
    ("down", Rounding::Down),
];

/// What a part of a second counts as, by name.
pub fn part_second(name: &str) -> PyResult<PartSecond> {
    member("part_second", name, &PART_SECONDS)
}

/// A rounding by name.
pub fn rounding(name: &str) -> PyResult<Rounding> {
    member("rounding", name, &ROUNDINGS)
}

#[pymethods]
impl Semantics {
    #[new]
    #[pyo3(signature = (*, pulse, part_second, increments, minimum, grace, free_seconds, connect_fee, max_charge, tiers, bands, round_at, increment_decimals, rounding, decimals))]
    #[allow(clippy::too_many_arguments)] // keyword only; one for each choice
    fn new(
        pulse: (u32, u32),
        part_second: &str,
        increments: &str,
        minimum: &str,
        grace: &str,
        free_seconds: &str,
        connect_fee: &str,
        max_charge: &str,
        tiers: &str,
        bands: &str,
        round_at: &str,
        increment_decimals: u32,
        rounding: &str,
        decimals: u32,
    ) -> PyResult<Self> {
        if pulse.0 == 0 || pulse.1 == 0 || decimals > 9 || increment_decimals > 9 {
            return Err(PyValueError::new_err("pulse is at least 1/1, and decimals at most 9"));
        }
        Ok(Self(core::Semantics {
            pulse,
            part_second: self::part_second(part_second)?,
            increments: member(
                "increments",
                increments,
                &[("anchored", Increments::Anchored), ("modulo", Increments::Modulo)],
            )?,
            minimum: member(
                "minimum",
                minimum,
                &[
                    ("before_increments", Minimum::BeforeIncrements),
                    ("after_increments", Minimum::AfterIncrements),
                ],
            )?,
            grace: member(
                "grace",
                grace,
                &[("grace_first", Grace::GraceFirst), ("minimum_first", Grace::MinimumFirst)],
            )?,
            free_seconds: member(
                "free_seconds",
                free_seconds,
                &[("deducted", FreeSeconds::Deducted), ("on_grid", FreeSeconds::OnGrid)],
            )?,
            connect_fee: member(
                "connect_fee",
                connect_fee,
                &[("when_answered", ConnectFee::WhenAnswered), ("at_zero", ConnectFee::AtZero)],
            )?,
            max_charge: member(
                "max_charge",
                max_charge,
                &[("cap", MaxCharge::Cap), ("disconnect", MaxCharge::Disconnect)],
            )?,
            tiers: member("tiers", tiers, &[("anchored", Tiers::Anchored), ("volume", Tiers::Volume)])?,
            bands: member("bands", bands, &[("by_start", Bands::ByStart), ("split", Bands::Split)])?,
            round_at: member(
                "round_at",
                round_at,
                &[("charge", RoundAt::Charge), ("increment", RoundAt::Increment), ("piece", RoundAt::Piece)],
            )?,
            increment_decimals,
            rounding: self::rounding(rounding)?,
            decimals,
        }))
    }
}
