//! How many points print jobs take.

use std::collections::BTreeMap;

use platen_app::accounts::MEDIA_CHARS_MAX;
use platen_domain::points::{MEDIA_RATES_MAX, PointRates, PointRules};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::Sent;
use super::points::{PointsDue, PointsNumber};
use super::texts::Line;

/// The points that one kind of paper takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PointRates")]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RatesForm {
    /// A side in black.
    #[schemars(with = "PointsDue")]
    mono_side: PointsNumber,
    /// A side in colour.
    #[schemars(with = "PointsDue")]
    color_side: PointsNumber,
    /// A sheet.
    #[schemars(with = "PointsDue")]
    sheet: PointsNumber,
}

/// How many points print jobs take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PointRules")]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct PointRulesForm {
    /// For any paper that is not named.
    any: RatesForm,
    /// For papers by media name (PWG 5101.1), such as `iso_a3_297x420mm`.
    #[serde(default)]
    #[schemars(transform = by_media_names)]
    by_media: BTreeMap<String, RatesForm>,
}

/// How long the names of papers are, and how many there may be.
fn by_media_names(schema: &mut Schema) {
    let name = Line::<MEDIA_CHARS_MAX>::json_schema(&mut SchemaGenerator::default());
    schema.insert("propertyNames".to_owned(), name.to_value());
    schema.insert("maxProperties".to_owned(), MEDIA_RATES_MAX.into());
}

impl Sent for PointRulesForm {
    const EXAMPLE: &'static str = r#"{"any":{"mono_side":1,"color_side":5,"sheet":0.5},"by_media":{"iso_a3_297x420mm":{"mono_side":2,"color_side":10,"sheet":1}}}"#;
}

impl From<PointRates> for RatesForm {
    fn from(rates: PointRates) -> Self {
        Self {
            mono_side: rates.mono_side.into(),
            color_side: rates.color_side.into(),
            sheet: rates.sheet.into(),
        }
    }
}

impl From<RatesForm> for PointRates {
    fn from(form: RatesForm) -> Self {
        Self {
            mono_side: form.mono_side.0,
            color_side: form.color_side.0,
            sheet: form.sheet.0,
        }
    }
}

impl From<&PointRules> for PointRulesForm {
    fn from(rules: &PointRules) -> Self {
        let by_media = rules.by_media.iter();
        let by_media = by_media.map(|(media, rates)| (media.clone(), (*rates).into()));
        Self {
            any: rules.any.into(),
            by_media: by_media.collect(),
        }
    }
}

impl From<PointRulesForm> for PointRules {
    fn from(form: PointRulesForm) -> Self {
        let by_media = form.by_media.into_iter();
        Self {
            any: form.any.into(),
            by_media: by_media
                .map(|(media, rates)| (media, rates.into()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_put_as_they_were_got() {
        let form: PointRulesForm = serde_json::from_str(PointRulesForm::EXAMPLE).unwrap();
        let rules = PointRules::from(form.clone());
        assert_eq!(PointRulesForm::from(&rules), form);
        let got = serde_json::to_string(&form).unwrap();
        assert_eq!(got, PointRulesForm::EXAMPLE);
    }
}
