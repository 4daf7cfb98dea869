//! Limits of accounts.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use platen_app::accounts::AccountsRefusal;
use platen_domain::account_limits::{
    CarryOver, ColorLimit, Enforcement, Limit, Period, TERMS_MAX, Weekday,
};
use platen_domain::print_jobs::JobFunction;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use super::points::{PointsDue, PointsNumber};
use super::times::DayText;
use super::words::Word;
use super::{Sent, invalid};

/// How often points are allocated anew: never (`none`, once for all), every day, every week on
/// `week_begins`, every month on `month_day`, or on each of the days in `terms` (`term`).
// Described here, not at each word: that would make a choice of constants, and clients that
// openapi-python-client makes take the first one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodWord {
    #[default]
    None,
    Daily,
    Weekly,
    Monthly,
    Term,
}

/// How many points go on into the next period: a number, or `"all"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CarryOverValue(CarryOver);

/// The limit of an account, the same for each of its users. What is left out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Limit", transform = of_periods)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct LimitForm {
    /// Points that each user gets, anew in every period; `null` is no limit.
    #[schemars(with = "Option<PointsDue>")]
    points_per_user: Option<PointsNumber>,
    /// How often points are allocated anew; `none` unless stated.
    period: Option<PeriodWord>,
    /// Where the period is `weekly`: the day on which weeks begin; `monday` unless stated.
    week_begins: Option<Word<Weekday>>,
    /// Where the period is `monthly`: the day of the month, in a shorter month its last; 1 unless
    /// stated.
    #[schemars(range(min = 1, max = 31))]
    month_day: Option<u8>,
    /// Where the period is `term`: the days on which terms begin.
    #[schemars(length(min = 1, max = TERMS_MAX))]
    #[serde(default, deserialize_with = "super::distinct")]
    terms: Option<BTreeSet<DayText>>,
    /// How many points go on into the next period, or `"all"`; 0 unless stated.
    carry_over: Option<CarryOverValue>,
    /// How far below zero a balance may go; 0 unless stated.
    #[schemars(with = "Option<PointsDue>")]
    overdraft: Option<PointsNumber>,
    /// What happens when points do not suffice; `hard` unless stated.
    enforcement: Option<Word<Enforcement>>,
    /// The most points that one job may take; `null` is any number.
    #[schemars(with = "Option<PointsDue>")]
    job_points_max: Option<PointsNumber>,
    /// What may be charged; everything unless stated.
    #[schemars(length(min = 1))]
    #[serde(default, deserialize_with = "super::distinct")]
    functions: Option<BTreeSet<Word<JobFunction>>>,
    /// In which colours may be printed; `any` unless stated.
    color: Option<Word<ColorLimit>>,
}

/// Which members belong to which period. No choice of forms: see [`super::points::points_or_job`].
fn of_periods(schema: &mut Schema) {
    let only = |member: &str, period: &str| {
        json!({"anyOf": [
            {"properties": {member: {"type": "null"}}},
            {"properties": {"period": {"const": period}}, "required": ["period"]},
        ]})
    };
    schema.insert(
        "dependentSchemas".to_owned(),
        json!({
            "week_begins": only("week_begins", "weekly"),
            "month_day": only("month_day", "monthly"),
            "terms": only("terms", "term"),
            "period": {
                "if": {"properties": {"period": {"const": "term"}}},
                "then": {"properties": {"terms": {"type": "array"}}, "required": ["terms"]},
            },
        }),
    );
}

impl Sent for LimitForm {
    const EXAMPLE: &'static str =
        r#"{"points_per_user":200,"period":"monthly","month_day":1,"carry_over":50}"#;
}

impl LimitForm {
    /// The members that belong to one period only.
    pub(crate) const OF_PERIODS: [&'static str; 3] = ["week_begins", "month_day", "terms"];

    /// The limit.
    pub(crate) fn read(self) -> Result<Limit, AccountsRefusal> {
        let period = self.read_period()?;
        let default = Limit::default();
        let points = |number: Option<PointsNumber>| number.map(|number| number.0);
        Ok(Limit {
            points_per_user: points(self.points_per_user),
            period,
            carry_over: self.carry_over.map(|carry| carry.0).unwrap_or_default(),
            overdraft: points(self.overdraft).unwrap_or_default(),
            enforcement: self.enforcement.map(|word| word.0).unwrap_or_default(),
            job_points_max: points(self.job_points_max),
            functions: self.functions.map_or(default.functions, |functions| {
                functions.into_iter().map(|word| word.0).collect()
            }),
            color: self.color.map(|word| word.0).unwrap_or_default(),
        })
    }

    /// The period; a member of another one is a mistake that nobody would notice otherwise.
    fn read_period(&self) -> Result<Period, AccountsRefusal> {
        use PeriodWord as Word;
        let word = self.period.unwrap_or_default();
        let [week_begins, month_day, terms] = Self::OF_PERIODS;
        for (field, stated, owner) in [
            (week_begins, self.week_begins.is_some(), Word::Weekly),
            (month_day, self.month_day.is_some(), Word::Monthly),
            (terms, self.terms.is_some(), Word::Term),
        ] {
            if stated && word != owner {
                let owner = format!("{owner:?}").to_lowercase();
                return Err(invalid(field, format!("belongs to the period {owner}")));
            }
        }
        Ok(match word {
            Word::None => Period::None,
            Word::Daily => Period::Daily,
            Word::Weekly => Period::Weekly(self.week_begins.map(|word| word.0).unwrap_or_default()),
            Word::Monthly => Period::Monthly(self.month_day.unwrap_or(1)),
            Word::Term => {
                let days = self.terms.iter().flatten();
                let days: BTreeSet<_> = days.map(|day| day.0).collect();
                if days.is_empty() {
                    return Err(invalid(
                        terms,
                        "state the days on which terms begin, such as [\"2026-09-01\"]",
                    ));
                }
                Period::Term(days)
            }
        })
    }
}

impl From<&Limit> for LimitForm {
    fn from(limit: &Limit) -> Self {
        let mut form = Self {
            points_per_user: limit.points_per_user.map(PointsNumber),
            carry_over: Some(CarryOverValue(limit.carry_over)),
            overdraft: Some(PointsNumber(limit.overdraft)),
            enforcement: Some(Word(limit.enforcement)),
            job_points_max: limit.job_points_max.map(PointsNumber),
            functions: Some(limit.functions.iter().copied().map(Word).collect()),
            color: Some(Word(limit.color)),
            ..Self::default()
        };
        form.period = Some(match &limit.period {
            Period::None => PeriodWord::None,
            Period::Daily => PeriodWord::Daily,
            Period::Weekly(day) => {
                form.week_begins = Some(Word(*day));
                PeriodWord::Weekly
            }
            Period::Monthly(day) => {
                form.month_day = Some(*day);
                PeriodWord::Monthly
            }
            Period::Term(days) => {
                form.terms = Some(days.iter().copied().map(DayText).collect());
                PeriodWord::Term
            }
        });
        form
    }
}

impl Serialize for CarryOverValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            CarryOver::All => serializer.serialize_str("all"),
            CarryOver::UpTo(points) => PointsNumber(points).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for CarryOverValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrAll;

        impl NumberOrAll {
            fn up_to<E: Error>(points: Result<PointsNumber, E>) -> Result<CarryOverValue, E> {
                points.map(|number| CarryOverValue(CarryOver::UpTo(number.0)))
            }
        }

        impl Visitor<'_> for NumberOrAll {
            type Value = CarryOverValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of points or \"all\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<CarryOverValue, E> {
                let all = (text == "all").then_some(CarryOverValue(CarryOver::All));
                all.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<CarryOverValue, E> {
                Self::up_to(PointsNumber::read(&number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<CarryOverValue, E> {
                Self::up_to(PointsNumber::read(&number))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<CarryOverValue, E> {
                Self::up_to(PointsNumber::read(&number))
            }
        }

        deserializer.deserialize_any(NumberOrAll)
    }
}

impl JsonSchema for CarryOverValue {
    fn schema_name() -> Cow<'static, str> {
        "CarryOver".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let number = generator.subschema_for::<PointsDue>();
        // No `const`: clients that openapi-python-client makes would take nothing else.
        json_schema!({"oneOf": [number, {"type": "string", "enum": ["all"]}]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Limit, String> {
        let form: LimitForm = serde_json::from_str(json).map_err(|error| error.to_string())?;
        form.read().map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(read("{}"), Ok(Limit::default()));
        let weekly = read(r#"{"period":"weekly"}"#).unwrap();
        assert_eq!(weekly.period, Period::Weekly(Weekday::Monday));
        let monthly = read(r#"{"period":"monthly"}"#).unwrap();
        assert_eq!(monthly.period, Period::Monthly(1));
    }

    #[test]
    fn a_limit_is_put_as_it_was_got() {
        for json in [
            "{}",
            LimitForm::EXAMPLE,
            r#"{"period":"weekly","week_begins":"sunday","carry_over":"all"}"#,
            r#"{"period":"term","terms":["2026-09-01","2027-02-01"],"functions":["print"]}"#,
            r#"{"points_per_user":0.5,"overdraft":1,"enforcement":"soft","color":"monochrome"}"#,
        ] {
            let limit = read(json).unwrap();
            let got = serde_json::to_string(&LimitForm::from(&limit)).unwrap();
            assert_eq!(read(&got), Ok(limit), "{json}");
        }
        let limit = read(LimitForm::EXAMPLE).unwrap();
        insta::assert_snapshot!(serde_json::to_string(&LimitForm::from(&limit)).unwrap(), @r#"{"points_per_user":200,"period":"monthly","week_begins":null,"month_day":1,"terms":null,"carry_over":50,"overdraft":0,"enforcement":"hard","job_points_max":null,"functions":["print","copy","scan","fax","other"],"color":"any"}"#);
    }

    #[test]
    fn what_belongs_to_another_period_is_refused() {
        let refused = |json: &str| read(json).unwrap_err();
        insta::assert_snapshot!(refused(r#"{"period":"monthly","week_begins":"monday"}"#), @"week_begins: belongs to the period weekly");
        insta::assert_snapshot!(refused(r#"{"month_day":3}"#), @"month_day: belongs to the period monthly");
        insta::assert_snapshot!(refused(r#"{"period":"term"}"#), @r#"terms: state the days on which terms begin, such as ["2026-09-01"]"#);
        insta::assert_snapshot!(refused(r#"{"functions":["fax","fax"]}"#), @"name each once at line 1 column 27");
        insta::assert_snapshot!(refused(r#"{"carry_over":"some"}"#), @r#"invalid value: string "some", expected a number of points or "all" at line 1 column 20"#);
    }
}
