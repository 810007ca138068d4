//! What records state of plan, agent and path, as columns; what a bill states, as columns.

use crate::fields::{Answer, Answers, Field, Filling};
use crate::raise::{Raised, wrong_type};
use crate::texts::Texts;
use crate::words::{Known, Words};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray};
use dialnexa_deck::bill::{Bill, LINES, NO_LINE};
use dialnexa_deck::money::NANO_PLACES;
use dialnexa_deck::plan::{AgentKind, Path};
use dialnexa_deck::{BLOCK, Block, Reason};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A kind of agent by its name in columns.
#[inline(always)]
fn kind(name: &[u8]) -> Option<AgentKind> {
    match name {
        b"cascaded" => Some(AgentKind::Cascaded),
        b"speech_to_speech" => Some(AgentKind::SpeechToSpeech),
        _ => None,
    }
}

/// A path by its name in columns.
#[inline(always)]
fn path(name: &[u8]) -> Option<Path> {
    match name {
        b"pstn" => Some(Path::Pstn),
        b"sip_trunk" => Some(Path::SipTrunk),
        b"webrtc" => Some(Path::WebRtc),
        _ => None,
    }
}

/// A kind of agent given for all rows.
pub fn one_kind(name: &str) -> PyResult<AgentKind> {
    let wrong = || format!("agent_kind is {name:?}; it is 'cascaded' or 'speech_to_speech'");
    kind(name.as_bytes()).ok_or_else(|| PyValueError::new_err(wrong()))
}

/// A path given for all rows.
pub fn one_path(name: &str) -> PyResult<Path> {
    let wrong = || format!("path is {name:?}; it is 'pstn', 'sip_trunk' or 'webrtc'");
    path(name.as_bytes()).ok_or_else(|| PyValueError::new_err(wrong()))
}

/// Row by row, or one for all.
pub enum Each<'a, T> {
    All(T),
    Column(Words<'a>),
}

impl<'a, T: Copy> Each<'a, T> {
    pub fn new(name: &str, array: Option<&'a ArrayRef>, all: T) -> Result<Self, Raised> {
        Ok(match array {
            Some(array) => Self::Column(Words::new(name, array)?),
            None => Self::All(all),
        })
    }

    #[inline(always)]
    fn get(&self, row: usize, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        match self {
            Self::All(one) => Some(*one),
            Self::Column(words) => words.get(row).and_then(read),
        }
    }
}

/// The columns of plans that records bring.
pub struct PlanRows<'a> {
    plan: Option<Words<'a>>,
    workspace: Option<Words<'a>>,
    kind: Each<'a, AgentKind>,
    path: Each<'a, Path>,
    voicemail: Option<&'a BooleanArray>,
}

impl<'a> PlanRows<'a> {
    /// From a struct with any of `plan`, `workspace`, `agent_kind`, `path`, `voicemail`.
    pub fn new(array: &'a ArrayRef, one_kind: AgentKind, one_path: Path) -> Result<Self, Raised> {
        let rows = array.as_struct_opt();
        let column = |name: &str| rows.and_then(|rows| rows.column_by_name(name));
        let words = |name: &str| column(name).map(|array| Words::new(name, array)).transpose();
        let flags = |array: &'a ArrayRef| {
            array.as_boolean_opt().ok_or_else(|| wrong_type("voicemail", array.data_type(), "it is Boolean"))
        };
        Ok(Self {
            plan: words("plan")?,
            workspace: words("workspace")?,
            kind: Each::new("agent_kind", column("agent_kind"), one_kind)?,
            path: Each::new("path", column("path"), one_path)?,
            voicemail: column("voicemail").map(flags).transpose()?,
        })
    }

    /// The plan of a row: by its workspace, by itself, or the only one.
    #[inline(always)]
    pub fn plan(
        &self,
        row: usize,
        plans: &Known<u32>,
        workspaces: &Known<Option<u32>>,
    ) -> Result<u32, Reason> {
        if let Some(words) = &self.workspace {
            return workspaces.of(words, row).ok_or(Reason::UnknownWorkspace)?.ok_or(Reason::UnknownPlan);
        }
        match &self.plan {
            Some(words) => plans.of(words, row).ok_or(Reason::UnknownPlan),
            None => Ok(0),
        }
    }

    #[inline(always)]
    pub fn kind(&self, row: usize) -> Option<AgentKind> {
        self.kind.get(row, kind)
    }

    #[inline(always)]
    pub fn path(&self, row: usize) -> Option<Path> {
        self.path.get(row, path)
    }

    #[inline(always)]
    pub fn is_voicemail(&self, row: usize) -> bool {
        self.voicemail.is_some_and(|flags| flags.is_valid(row) && flags.value(row))
    }
}

/// The amounts of a block of bills, each with its negative values for none.
pub struct Amounts {
    telephony_rate: [i64; BLOCK],
    lines: [[i64; BLOCK]; LINES],
    charge: [i64; BLOCK],
}

impl Default for Amounts {
    fn default() -> Self {
        Self { telephony_rate: [NO_LINE; BLOCK], lines: [[NO_LINE; BLOCK]; LINES], charge: [NO_LINE; BLOCK] }
    }
}

impl Amounts {
    /// Take the bill of a row, or none.
    #[inline(always)]
    pub fn put(&mut self, row: usize, bill: Option<&Bill>) {
        self.telephony_rate[row] = bill.map_or(NO_LINE, |bill| bill.telephony_rate);
        for (at, line) in self.lines.iter_mut().enumerate() {
            line[row] = bill.map_or(NO_LINE, |bill| bill.lines[at]);
        }
        self.charge[row] = bill.map_or(NO_LINE, |bill| bill.charge);
    }
}

/// Which values fill a column.
#[derive(Clone, Copy)]
enum Of {
    Answers(Field),
    TelephonyRate,
    Line(usize),
    Charge,
}

/// The columns of a record rated by a plan.
const COLUMNS: [(&str, Of); 12] = [
    ("prefix", Of::Answers(Field::Prefix)),
    ("network_group", Of::Answers(Field::NetworkGroup)),
    ("country_iso", Of::Answers(Field::CountryIso)),
    ("telephony_rate", Of::TelephonyRate),
    ("billed_seconds", Of::Answers(Field::BilledSeconds)),
    ("stt", Of::Line(0)),
    ("llm", Of::Line(1)),
    ("tts", Of::Line(2)),
    ("telephony", Of::Line(3)),
    ("platform", Of::Line(4)),
    ("charge", Of::Charge),
    ("reason", Of::Answers(Field::Reason)),
];

/// These columns, empty, for so many bills.
pub fn columns<'a>(rows: usize, texts: &'a Texts, decimals: u32) -> Result<Vec<Answer<'a>>, Raised> {
    let column = |(_, from): &(&'static str, Of)| match from {
        Of::Answers(field) => Answer::new(*field, rows, texts, 0),
        Of::Charge => Answer::new(Field::Amount, rows, texts, decimals),
        _ => Answer::new(Field::Amount, rows, texts, NANO_PLACES),
    };
    COLUMNS.iter().map(column).collect()
}

/// Put the first `rows` bills of a block into parts of these columns.
pub fn fill_columns(
    columns: &mut [Filling<'_>],
    block: &Block,
    answers: &Answers,
    amounts: &Amounts,
    rows: usize,
) {
    for ((_, from), filling) in COLUMNS.iter().zip(columns) {
        match from {
            Of::Answers(_) => filling.fill(block, answers, rows),
            Of::TelephonyRate => filling.fill_amounts(&amounts.telephony_rate[..rows]),
            Of::Line(line) => filling.fill_amounts(&amounts.lines[*line][..rows]),
            Of::Charge => filling.fill_amounts(&amounts.charge[..rows]),
        }
    }
}

/// The finished columns side by side.
pub fn side_by_side(columns: Vec<ArrayRef>, rows: usize) -> Result<ArrayRef, arrow_schema::ArrowError> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    crate::fields::assemble(&names, columns, rows, false)
}
