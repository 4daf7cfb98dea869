//! Lines of NDJSON that set an account's limit.

use platen_domain::account_limits::{CarryOver, ColorLimit, Enforcement, Limit, Period, Weekday};
use platen_domain::days::Day;
use platen_domain::points::Points;
use platen_domain::print_jobs::JobFunction;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::words::word;

/// An account's limit.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
pub(super) struct LimitLine {
    pub(super) account: String,
    points_per_user: Option<Number>,
    period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    week_begins: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month_day: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Vec<String>>,
    carry_over: Option<CarryOverMember>,
    overdraft: Option<Number>,
    enforcement: Option<String>,
    job_points_max: Option<Number>,
    functions: Option<Vec<String>>,
    color: Option<String>,
}

/// A number of points, or `"all"`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number of points or \"all\"")]
enum CarryOverMember {
    UpTo(Number),
    All(All),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum All {
    All,
}

impl LimitLine {
    pub(super) fn of(account: &str, limit: &Limit) -> Self {
        let mut line = Self {
            account: account.to_owned(),
            points_per_user: limit.points_per_user.and_then(number),
            carry_over: match limit.carry_over {
                CarryOver::UpTo(cap) => number(cap).map(CarryOverMember::UpTo),
                CarryOver::All => Some(CarryOverMember::All(All::All)),
            },
            overdraft: number(limit.overdraft),
            enforcement: Some(limit.enforcement.keyword().to_owned()),
            job_points_max: limit.job_points_max.and_then(number),
            functions: Some(words(limit)),
            color: Some(limit.color.keyword().to_owned()),
            ..Self::default()
        };
        let period = match &limit.period {
            Period::None => "none",
            Period::Daily => "daily",
            Period::Weekly(begins) => {
                line.week_begins = Some(begins.keyword().to_owned());
                "weekly"
            }
            Period::Monthly(day) => {
                line.month_day = Some(*day);
                "monthly"
            }
            Period::Term(begins) => {
                line.terms = Some(begins.iter().map(ToString::to_string).collect());
                "term"
            }
        };
        line.period = Some(period.to_owned());
        line
    }

    pub(super) fn read(&self) -> Result<Limit, String> {
        let overdraft = points("overdraft", self.overdraft.as_ref())?;
        let enforcement = self.enforcement.as_deref();
        Ok(Limit {
            points_per_user: points("points_per_user", self.points_per_user.as_ref())?,
            period: self.period()?,
            carry_over: match &self.carry_over {
                None => CarryOver::default(),
                Some(CarryOverMember::All(All::All)) => CarryOver::All,
                Some(CarryOverMember::UpTo(cap)) => {
                    let cap = points("carry_over", Some(cap))?;
                    CarryOver::UpTo(cap.unwrap_or_default())
                }
            },
            overdraft: overdraft.unwrap_or_default(),
            enforcement: word("enforcement", enforcement, Enforcement::from_keyword)?,
            job_points_max: points("job_points_max", self.job_points_max.as_ref())?,
            functions: self.functions()?,
            color: word("color", self.color.as_deref(), ColorLimit::from_keyword)?,
        })
    }

    fn period(&self) -> Result<Period, String> {
        let period = self.period.as_deref().unwrap_or("none");
        let strangers = [
            ("week_begins", self.week_begins.is_some(), "weekly"),
            ("month_day", self.month_day.is_some(), "monthly"),
            ("terms", self.terms.is_some(), "term"),
        ];
        for (field, is_stated, owner) in strangers {
            if is_stated && period != owner {
                return Err(format!("{field}: belongs to the period {owner}"));
            }
        }
        let begins = self.week_begins.as_deref();
        Ok(match period {
            "none" => Period::None,
            "daily" => Period::Daily,
            "weekly" => Period::Weekly(word("week_begins", begins, Weekday::from_keyword)?),
            "monthly" => Period::Monthly(self.month_day.unwrap_or(1)),
            "term" => {
                let days = self.terms.iter().flatten();
                let read = |day: &String| {
                    let day = day.parse::<Day>();
                    day.map_err(|error| format!("terms: {error}"))
                };
                Period::Term(days.map(read).collect::<Result<_, _>>()?)
            }
            other => return Err(format!("period: there is no {other:?}")),
        })
    }

    fn functions(&self) -> Result<std::collections::BTreeSet<JobFunction>, String> {
        let Some(words) = &self.functions else {
            return Ok(Limit::default().functions);
        };
        let read = |word: &String| {
            let function = JobFunction::from_keyword(word);
            function.ok_or_else(|| format!("functions: there is no {word:?}"))
        };
        words.iter().map(read).collect()
    }
}

fn words(limit: &Limit) -> Vec<String> {
    let functions = limit.functions.iter();
    functions
        .map(|function| function.keyword().to_owned())
        .collect()
}

/// The number of points next to what JSON can say, which is the same one (see `POINTS_MAX`).
fn number(points: Points) -> Option<Number> {
    let text = points.to_string();
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?))
}

fn points(field: &str, number: Option<&Number>) -> Result<Option<Points>, String> {
    let Some(number) = number else {
        return Ok(None);
    };
    // Neither form has an exponent.
    let text = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole.to_string(),
        (None, Some(double)) => double.to_string(),
        (None, None) => number.to_string(),
    };
    let points = text.parse().map(Some);
    points.map_err(|error: platen_domain::points::ParsePointsError| format!("{field}: {error}"))
}
