//! `platen privacy`: its options, and the words they take.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use platen_domain::privacy::FieldMode;

use super::OfOrganization;

/// What can become of a name.
const NAME_MODES: [FieldMode; 3] = [FieldMode::Collect, FieldMode::Drop, FieldMode::Hash];

/// How "no end" is written.
const FOREVER: &str = "forever";

#[derive(Debug, Subcommand)]
pub(crate) enum PrivacyCommand {
    /// Change what is kept from now on; the server must not be running
    Set(SetPrivacy),
    /// Show what is kept; the server must not be running
    Show(OfOrganization),
}

#[derive(Debug, Args)]
pub(crate) struct SetPrivacy {
    #[command(flatten)]
    pub(crate) change: PrivacyChange,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

/// What is not given stays as it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct PrivacyChange {
    /// What becomes of the user's name
    #[arg(long, value_name = "MODE", value_parser = modes(&NAME_MODES))]
    pub(crate) user: Option<FieldMode>,
    /// What becomes of the document's title
    #[arg(long, value_name = "MODE", value_parser = modes(FieldMode::ALL))]
    pub(crate) document: Option<FieldMode>,
    /// What becomes of the computer's name
    #[arg(long, value_name = "MODE", value_parser = modes(&NAME_MODES))]
    pub(crate) client: Option<FieldMode>,
    /// Days after which titles are removed, or forever
    #[arg(long, value_name = "DAYS")]
    pub(crate) document_days: Option<DocumentDays>,
}

/// How long titles are kept; `None` is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DocumentDays(pub(crate) Option<u16>);

impl FromStr for DocumentDays {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == FOREVER {
            return Ok(Self(None));
        }
        let days = text.parse().ok().filter(|days| *days > 0);
        let expected = || format!("expected {FOREVER}, or days from 1 to {}", u16::MAX);
        days.map(|days| Self(Some(days))).ok_or_else(expected)
    }
}

fn modes(allowed: &[FieldMode]) -> impl TypedValueParser<Value = FieldMode> {
    let words = allowed.iter().map(|mode| mode.keyword());
    PossibleValuesParser::new(words)
        .try_map(|word| FieldMode::from_keyword(&word).ok_or("this is no mode"))
}
