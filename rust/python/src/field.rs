//! Which columns answers can have.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// One column of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Entry,
    Group,
    Prefix,
    NetworkGroup,
    CountryIso,
    Country,
    OutboundRate,
    InboundRate,
    Rate,
    RateUnit,
    Blocked,
    BilledSeconds,
    Charge,
    ChargeUnits,
    ExactNumerator,
    ExactDenominator,
    /// An amount that is filled by `fill_amounts`.
    Amount,
    Reason,
}

impl Field {
    /// Whether it takes more than the slot to state.
    pub fn needs_terms(self) -> bool {
        !matches!(self, Self::Entry | Self::Prefix)
    }

    /// Whether it states of the charge before rounding, which only the general way of rating knows.
    pub fn needs_exact(self) -> bool {
        matches!(self, Self::ExactNumerator | Self::ExactDenominator)
    }
}

/// Names of the columns of a match.
pub const MATCH: [(&str, Field); 11] = [
    ("entry", Field::Entry),
    ("group", Field::Group),
    ("prefix", Field::Prefix),
    ("network_group", Field::NetworkGroup),
    ("country_iso", Field::CountryIso),
    ("country", Field::Country),
    ("outbound_rate", Field::OutboundRate),
    ("inbound_rate", Field::InboundRate),
    ("rate_unit_s", Field::RateUnit),
    ("blocked", Field::Blocked),
    ("reason", Field::Reason),
];

/// Names of the columns of a rated record.
pub const RATED: [(&str, Field); 12] = [
    ("prefix", Field::Prefix),
    ("network_group", Field::NetworkGroup),
    ("country_iso", Field::CountryIso),
    ("country", Field::Country),
    ("rate", Field::Rate),
    ("rate_unit_s", Field::RateUnit),
    ("billed_seconds", Field::BilledSeconds),
    ("charge", Field::Charge),
    ("charge_units", Field::ChargeUnits),
    ("exact_numerator", Field::ExactNumerator),
    ("exact_denominator", Field::ExactDenominator),
    ("reason", Field::Reason),
];

/// The fields with these names.
pub fn named(names: &[String], all: &[(&'static str, Field)]) -> PyResult<Vec<(&'static str, Field)>> {
    names
        .iter()
        .map(|name| {
            all.iter().find(|(known, _)| known == name).copied().ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|(known, _)| *known).collect();
                PyValueError::new_err(format!(
                    "there is no field {name:?}; the fields are {}",
                    known.join(", ")
                ))
            })
        })
        .collect()
}
