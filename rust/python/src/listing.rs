//! A deck listed in full: its network groups, and its entries as canonical rows again.

use crate::fields::{PRECISION, assemble};
use crate::handle::Bytes;
use crate::one_number::masked;
use crate::raise::{NumberError, Raised};
use arrow_array::builder::StringViewBuilder;
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, StringViewArray, TimestampMicrosecondArray, UInt32Array,
};
use dialnexa_deck::money::NANO_PLACES;
use dialnexa_deck::{Broken, Deck, Group, Nano, Terms, Within, Zone};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::Arc;

/// Name, ISO code and country of a group.
pub type GroupTexts = (String, Option<String>, Option<String>);

/// The groups of a deck in the order of their numbers.
pub fn groups(deck: &Deck<Bytes>) -> Result<Vec<GroupTexts>, Raised> {
    let view = deck.view();
    let words = |number: u32| {
        let group = view.group(number)?;
        let said = |text: &str| given(text).map(str::to_owned);
        Ok((group.name.to_owned(), said(group.country_iso), said(group.country)))
    };
    (0..deck.groups() as u32).map(words).collect()
}

/// The words of each zone, and of each schedule the number of its zone and its text.
pub type Schedules = (Vec<Vec<i64>>, Vec<(Option<usize>, String)>);

/// What the schedules of a deck depend on besides themselves.
pub fn schedules(deck: &Deck<Bytes>) -> Result<Schedules, Raised> {
    let all = deck.view().all_schedules()?;
    let mut zones: Vec<&Arc<Zone>> = Vec::new();
    let mut found = Vec::with_capacity(all.len());
    for one in &all {
        let number = one.zone.as_ref().map(|zone| {
            zones.iter().position(|held| Arc::ptr_eq(held, zone)).unwrap_or_else(|| {
                zones.push(zone);
                zones.len() - 1
            })
        });
        found.push((number, one.text.clone()));
    }
    Ok((zones.into_iter().map(|zone| zone.words()).collect(), found))
}

/// First digits as Python gives them.
pub fn within(digits: &Bound<'_, PyString>) -> Result<Within, Raised> {
    let read = digits.to_cow().ok().and_then(|text| Within::parse(text.as_bytes()));
    read.ok_or_else(|| {
        let text = masked(&digits.to_string_lossy());
        let what = "is not the begin of a prefix: write 0 to 15 digits, without plus";
        NumberError::new_err(format!("{text} {what}")).into()
    })
}

/// A group that a deck has.
pub fn one_group(number: i64, groups: usize) -> Result<u32, Raised> {
    let known = u32::try_from(number).ok().filter(|number| (*number as usize) < groups);
    known.ok_or_else(|| {
        let text = format!("group {number} is not one of the {groups} of this deck; see network_groups");
        PyValueError::new_err(text).into()
    })
}

/// A text that is there.
fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The entries of a deck as structs of canonical columns, by prefix and validity.
pub fn rows(deck: &Deck<Bytes>) -> Result<ArrayRef, Raised> {
    let view = deck.view();
    let all_terms = view.all_terms()?;
    let all_schedules = view.all_schedules()?;
    let all_groups =
        (0..deck.groups() as u32).map(|number| view.group(number)).collect::<Result<Vec<_>, _>>()?;
    // The header's count of entries is not to be trusted with memory, so these grow.
    let (mut groups, mut terms, mut source_rows) = (Vec::new(), Vec::new(), Vec::new());
    let (mut prefixes, mut files) = (StringViewBuilder::new(), StringViewBuilder::new());
    view.each_entry(Within::ALL, |listed| {
        let (group, term) = view.tariff(listed.entry)?;
        groups.push(all_groups.get(group as usize).ok_or(Broken)?);
        terms.push(all_terms.get(term as usize).ok_or(Broken)?);
        prefixes.append_value(listed.prefix());
        let source = view.source(listed.entry)?;
        files.append_option(source.and_then(|(file, _)| given(file)));
        source_rows.push(source.map(|(_, row)| row));
        Ok(())
    })?;
    let text = |of: for<'a> fn(&Group<'a>) -> &'a str| -> ArrayRef {
        Arc::new(groups.iter().map(|group| given(of(group))).collect::<StringViewArray>())
    };
    let amount = |of: fn(&Terms) -> Option<Nano>| -> Result<ArrayRef, Raised> {
        let amounts: Decimal128Array = terms.iter().map(|terms| of(terms).map(i128::from)).collect();
        let scaled = amounts.with_precision_and_scale(PRECISION, NANO_PLACES as i8);
        Ok(Arc::new(scaled.map_err(|error| PyTypeError::new_err(error.to_string()))?))
    };
    let seconds = |of: fn(&Terms) -> Option<u32>| -> ArrayRef {
        Arc::new(terms.iter().map(|terms| of(terms)).collect::<UInt32Array>())
    };
    let time = |of: fn(&Terms) -> Option<i64>| -> ArrayRef {
        let times: TimestampMicrosecondArray = terms.iter().map(|terms| of(terms)).collect();
        Arc::new(times.with_timezone("UTC"))
    };
    let flag = |of: fn(&Terms) -> bool| -> ArrayRef {
        Arc::new(terms.iter().map(|terms| Some(of(terms))).collect::<BooleanArray>())
    };
    let spelled = |number: u32| all_schedules.get(number as usize).map(|one| one.text.as_str()).ok_or(Broken);
    let schedules = terms.iter().map(|terms| terms.schedule.map(spelled).transpose());
    let schedules: StringViewArray = schedules.collect::<Result<_, _>>()?;
    let columns: [(&str, ArrayRef); 22] = [
        ("prefix", Arc::new(prefixes.finish())),
        ("network_group", text(|group| group.name)),
        ("country_iso", text(|group| group.country_iso)),
        ("country", text(|group| group.country)),
        ("outbound_rate", amount(|terms| terms.outbound_rate)?),
        ("inbound_rate", amount(|terms| terms.inbound_rate)?),
        ("rate_unit_s", seconds(|terms| Some(terms.rate_unit_s))),
        ("connect_fee", amount(|terms| Some(terms.connect_fee))?),
        ("initial_increment_s", seconds(|terms| terms.increments.map(|(initial, _)| initial))),
        ("next_increment_s", seconds(|terms| terms.increments.map(|(_, next)| next))),
        ("minimum_s", seconds(|terms| Some(terms.minimum_s))),
        ("grace_s", seconds(|terms| Some(terms.grace_s))),
        ("free_s", seconds(|terms| Some(terms.free_s))),
        ("min_charge", amount(|terms| Some(terms.min_charge))?),
        ("max_charge", amount(|terms| terms.max_charge)?),
        ("valid_from", time(|terms| terms.valid_from)),
        ("valid_to", time(|terms| terms.valid_to)),
        ("blocked", flag(|terms| terms.blocked)),
        ("exact_match", flag(|terms| terms.exact_match)),
        ("schedule", Arc::new(schedules)),
        ("source_file", Arc::new(files.finish())),
        ("source_row", Arc::new(UInt32Array::from(source_rows))),
    ];
    let (names, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let rows = terms.len();
    assemble(&names, columns, rows, false).map_err(|error| PyTypeError::new_err(error.to_string()).into())
}
