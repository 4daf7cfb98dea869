//! What is known of each vendor, as data.
//!
//! One file of `crates/collect/profiles` is one vendor: how to recognise its devices, where they
//! keep serial number, model and firmware, which private counters they have, and how their
//! supplies deviate from the Printer-MIB. Every object carries its public source. Adding a vendor
//! is adding a file, its line in [`FILES`], and a test.

use std::collections::HashMap;
use std::fmt;

use platen_domain::meters::MeterKey;
use platen_domain::readings::ProfileRef;
use serde::Deserialize;

use super::profile_values::{Key, Kind, Object, Unit};
use super::transform::Transform;

/// The vendor files, compiled in. The last is the one for everybody else.
const FILES: &[(&str, &str)] = &[
    ("brother", include_str!("../../profiles/brother.toml")),
    ("canon", include_str!("../../profiles/canon.toml")),
    ("dell", include_str!("../../profiles/dell.toml")),
    ("epson", include_str!("../../profiles/epson.toml")),
    ("fujifilm", include_str!("../../profiles/fujifilm.toml")),
    ("hp", include_str!("../../profiles/hp.toml")),
    (
        "konica-minolta",
        include_str!("../../profiles/konica-minolta.toml"),
    ),
    ("kyocera", include_str!("../../profiles/kyocera.toml")),
    ("lexmark", include_str!("../../profiles/lexmark.toml")),
    ("oki", include_str!("../../profiles/oki.toml")),
    ("pantum", include_str!("../../profiles/pantum.toml")),
    ("ricoh", include_str!("../../profiles/ricoh.toml")),
    ("samsung", include_str!("../../profiles/samsung.toml")),
    ("sharp", include_str!("../../profiles/sharp.toml")),
    ("toshiba", include_str!("../../profiles/toshiba.toml")),
    ("xerox", include_str!("../../profiles/xerox.toml")),
    ("zebra", include_str!("../../profiles/zebra.toml")),
    ("generic", include_str!("../../profiles/generic.toml")),
];

/// Everything known of one vendor's devices.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    pub(crate) name: String,
    pub(crate) version: u32,
    /// Where the file as a whole was learnt from.
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "match", default)]
    pub(crate) matching: Matching,
    #[serde(default)]
    pub(crate) identity: IdentitySources,
    #[serde(default)]
    pub(crate) description: DescriptionRules,
    /// IANA `MIBenum` that overrides what the device declares.
    pub(crate) charset: Option<u32>,
    #[serde(default)]
    pub(crate) meters: Vec<MeterRule>,
    #[serde(default)]
    pub(crate) meter_tables: Vec<MeterTable>,
    #[serde(default)]
    pub(crate) meter_records: Vec<MeterRecords>,
    #[serde(default)]
    pub(crate) supplies: SupplyRules,
}

/// How a vendor's devices are recognised.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Matching {
    /// `sysObjectID` at or below one of these. Only subtrees that printers alone use: a match is
    /// evidence that the device prints.
    #[serde(default)]
    pub(crate) object_ids: Vec<Object>,
    /// Names its devices begin their descriptions with.
    #[serde(default)]
    pub(crate) brands: Vec<Brand>,
}

/// A maker's name and how its devices spell it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Brand {
    pub(crate) name: String,
    /// Spellings at the beginning of a description, without regard to case.
    pub(crate) spellings: Vec<String>,
}

/// Objects that state identity, best first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct IdentitySources {
    #[serde(default)]
    pub(crate) serial: Vec<TextSource>,
    #[serde(default)]
    pub(crate) model: Vec<TextSource>,
    #[serde(default)]
    pub(crate) firmware: Vec<TextSource>,
    /// Objects holding an IEEE 1284 device id (`MFG:..;MDL:..;`).
    #[serde(default)]
    pub(crate) device_id: Vec<TextSource>,
    /// `hrDeviceDescr` reads "maker model serial firmware": take serial and firmware from it.
    #[serde(default)]
    pub(crate) serial_in_description: bool,
}

/// One object and how to read it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TextSource {
    pub(crate) oid: Object,
    /// The object is a column, or anything else that stands above its instances.
    #[serde(default)]
    pub(crate) column: bool,
    #[serde(default)]
    pub(crate) transform: Transform,
    #[serde(rename = "source")]
    _source: String,
}

/// How a vendor writes its descriptions, beyond what every maker's have in common.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DescriptionRules {
    /// The model ends before any of these.
    #[serde(default)]
    pub(crate) model_until: Vec<String>,
    /// The model follows one of these, up to a comma or semicolon.
    #[serde(default)]
    pub(crate) model_after: Vec<String>,
    /// The firmware is the word after one of these.
    #[serde(default)]
    pub(crate) firmware_after: Vec<String>,
    /// Texts that begin so describe the network card, not the printer.
    #[serde(default)]
    pub(crate) not_a_model: Vec<String>,
    /// Endings that say what every printer is, such as " Laser Printer".
    #[serde(default)]
    pub(crate) model_suffixes: Vec<String>,
}

/// How several objects make one meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Combine {
    /// The first that is there.
    #[default]
    Prefer,
    /// The sum; nothing unless all are there.
    Sum,
    /// The sum of those that are there.
    SumPresent,
}

/// A meter made of exact instances.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MeterRule {
    pub(crate) key: Key,
    pub(crate) oids: Vec<Object>,
    #[serde(default)]
    pub(crate) combine: Combine,
    /// The lowest value that is a count: firmware that lacks the counter answers 0, or keeps
    /// something else there.
    #[serde(default)]
    pub(crate) at_least: u64,
    /// The meter is one only where these objects are there too: what a counter counts may hang on
    /// whether its sisters exist.
    #[serde(default)]
    pub(crate) beside: Vec<Object>,
    #[serde(default)]
    pub(crate) transform: Transform,
    #[serde(rename = "source")]
    _source: String,
}

/// Meters in a table whose one column says what the other column counts: by a registered type
/// (Ricoh, Lexmark) or by a name for people (Canon LBP, Sharp).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MeterTable {
    /// Column of types or names.
    pub(crate) label: Object,
    /// Column of counts, under the same index.
    pub(crate) value: Object,
    /// Column of the unit of each count, under the same index, where the vendor states it.
    pub(crate) unit: Option<Object>,
    /// What the codes of that column mean: the unit of the meter, whatever its key says.
    #[serde(default)]
    pub(crate) units: HashMap<String, Unit>,
    /// The lowest value that is a count.
    #[serde(default)]
    pub(crate) at_least: u64,
    pub(crate) rows: Vec<MeterRow>,
    #[serde(rename = "source")]
    _source: String,
}

/// Which labels make a meter: the sum of the first row of each, as several makers list a row
/// twice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MeterRow {
    pub(crate) labels: Vec<String>,
    pub(crate) key: Key,
}

/// Meters in an octet string of records: identifier, `01`, length, big-endian number (Brother).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MeterRecords {
    pub(crate) oid: Object,
    pub(crate) records: Vec<MeterRecord>,
    #[serde(rename = "source")]
    _source: String,
}

/// One record and its meter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MeterRecord {
    pub(crate) id: u8,
    pub(crate) key: Key,
}

/// What a receptacle's level means (trap T3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Receptacle {
    /// Remaining space, as RFC 3805 says.
    #[default]
    Remaining,
    /// How full it is.
    Filled,
}

/// How a vendor's supplies deviate from the standard.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SupplyRules {
    #[serde(default)]
    pub(crate) receptacle: Receptacle,
    /// A level without a capacity is *not* a percentage: the vendor uses other codes there.
    #[serde(default)]
    pub(crate) level_needs_capacity: bool,
    /// A level the vendor states for "empty" (Ricoh: -100).
    pub(crate) empty_level: Option<i64>,
    /// SNMP context that holds the supplies where the default one has none (trap T16).
    pub(crate) context: Option<String>,
    /// Private objects with the percentage the standard table lacks.
    #[serde(default)]
    pub(crate) levels: Vec<LevelRule>,
    /// The same in an octet string of records.
    #[serde(default)]
    pub(crate) level_records: Vec<LevelRecords>,
    /// The same in a table, with names.
    #[serde(default)]
    pub(crate) level_tables: Vec<LevelTable>,
}

/// A private object with the level of one supply in percent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LevelRule {
    pub(crate) oid: Object,
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) colorant: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

/// Levels in an octet string of records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LevelRecords {
    pub(crate) oid: Object,
    /// How many units of a record make one percent.
    pub(crate) units_per_percent: u64,
    pub(crate) records: Vec<LevelRecord>,
    #[serde(rename = "source")]
    _source: String,
}

/// One record and whose level it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LevelRecord {
    pub(crate) id: u8,
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) colorant: Option<String>,
    /// What people call it, where its kind says too little.
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// A private table of supplies: names for people and levels under the same index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LevelTable {
    /// Columns of names, best first: the first that has a text for a row names it.
    pub(crate) names: Vec<Object>,
    /// Column of levels: percent, or the sentinels of the Printer-MIB and the vendor's "empty".
    pub(crate) level: Object,
    #[serde(rename = "source")]
    _source: String,
}

impl Profile {
    /// Its name and version, kept with every reading.
    pub fn reference(&self) -> ProfileRef {
        ProfileRef {
            name: self.name.clone(),
            version: self.version,
        }
    }

    /// Its name, such as `lexmark`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every meter key the profile can produce.
    pub fn meter_keys(&self) -> impl Iterator<Item = &MeterKey> {
        let rules = self.meters.iter().map(|rule| &rule.key.0);
        let rows = self.meter_tables.iter().flat_map(|table| &table.rows);
        let records = self.meter_records.iter().flat_map(|group| &group.records);
        rules
            .chain(rows.map(|row| &row.key.0))
            .chain(records.map(|record| &record.key.0))
    }

    /// SNMP context that holds the supplies where the default one has none.
    pub(crate) fn supplies_context(&self) -> Option<&str> {
        self.supplies.context.as_deref()
    }
}

/// A profile file says something it must not.
#[derive(Debug, thiserror::Error)]
#[error("profile {file}: {problem}")]
pub struct ProfileError {
    file: String,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Syntax(Box<toml::de::Error>),
    Name(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "{error}"),
            Self::Name(name) => write!(f, "the file calls itself {name:?}; rename one of them"),
        }
    }
}

/// Reads one profile file. Unknown keys are an error that names them.
pub(crate) fn parse(file: &str, text: &str) -> Result<Profile, ProfileError> {
    let error = |problem| ProfileError {
        file: file.to_owned(),
        problem,
    };
    let profile: Profile =
        toml::from_str(text).map_err(|syntax| error(Problem::Syntax(Box::new(syntax))))?;
    if profile.name == file {
        Ok(profile)
    } else {
        Err(error(Problem::Name(profile.name)))
    }
}

/// Reads the compiled-in files.
pub(crate) fn parse_all() -> Result<Vec<Profile>, ProfileError> {
    FILES.iter().map(|(file, text)| parse(file, text)).collect()
}
