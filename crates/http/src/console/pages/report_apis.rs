//! Analysis > API: what is required, and the five APIs with their keys and dialogs.

use askama::Template;
use platen_domain::clock::Timestamp;
use platen_domain::keys::{AuthorizationKey, KeyRecord};
use platen_domain::licences::{self, Feature, Licence, LicenceRefusal};
use platen_domain::report_apis::ReportApi;

use super::clients::{ClientView, MadeClient};
use super::frame::Frame;
use crate::console::addresses;
use crate::console::instructions::{Endpoint, Instructions, Request};
use crate::console::moments::{Moment, Moments};

/// The screen.
#[derive(Debug, Template)]
#[template(path = "report_apis.html")]
pub(crate) struct ReportApisPage {
    pub(crate) frame: Frame,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) apis: Vec<ApiRow>,
    /// The key that was made by the very request this page answers.
    pub(crate) made: Option<MadeKey>,
    pub(crate) client: ClientView,
    /// The client that was made by it.
    pub(crate) made_client: Option<MadeClient>,
}

/// The dialog of one API as a page of its own.
#[derive(Debug, Template)]
#[template(path = "report_api.html")]
pub(crate) struct ReportApiPage {
    pub(crate) frame: Frame,
    pub(crate) title: &'static str,
    pub(crate) request: RequestView,
}

/// A condition for using the APIs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Requirement {
    pub(crate) name: &'static str,
    pub(crate) met: bool,
    pub(crate) text: String,
    /// What mends it, typed on the server.
    pub(crate) command: Option<&'static str>,
}

/// One API in the list.
#[derive(Debug)]
pub(crate) struct ApiRow {
    pub(crate) title: &'static str,
    pub(crate) keyword: &'static str,
    pub(crate) path: &'static str,
    pub(crate) href: String,
    pub(crate) enabled_action: String,
    pub(crate) rotate_action: String,
    pub(crate) key: Option<KeyFacts>,
    pub(crate) request: RequestView,
}

/// What is shown of a key that exists.
#[derive(Debug)]
pub(crate) struct KeyFacts {
    pub(crate) id: String,
    pub(crate) prefix: String,
    pub(crate) created_at: Moment,
    pub(crate) created_by: String,
    pub(crate) last_used_at: Option<Moment>,
}

/// A key shown this once.
#[derive(Debug)]
pub(crate) struct MadeKey {
    pub(crate) title: &'static str,
    pub(crate) key: String,
    pub(crate) replaced: bool,
    pub(crate) request: RequestView,
}

/// The content of a dialog.
#[derive(Debug)]
pub(crate) struct RequestView {
    pub(crate) keyword: &'static str,
    pub(crate) line: String,
    pub(crate) header: String,
    pub(crate) carries_key: bool,
    pub(crate) range_hint: Option<&'static str>,
    pub(crate) tools: Vec<Instructions>,
}

impl RequestView {
    /// How to read `api`, with `key` while the page knows it.
    pub(crate) fn new(
        api: ReportApi,
        key: Option<&AuthorizationKey>,
        endpoint: Endpoint<'_>,
    ) -> Self {
        let request = Request::new(api, key, endpoint);
        Self {
            keyword: api.keyword(),
            line: request.line(),
            header: request.header(),
            carries_key: key.is_some(),
            range_hint: range_hint(api),
            tools: request.instructions(),
        }
    }
}

const fn range_hint(api: ReportApi) -> Option<&'static str> {
    match api {
        ReportApi::Meters | ReportApi::Status | ReportApi::Toner => None,
        ReportApi::PrintJobs => Some(
            "Put the first and the last day of the range in the places of <YYYY-MM-DD>. Both days are part of it. The texts below ask for the seven days before today, those of Power BI and Excel for the last 30 days.",
        ),
        ReportApi::MonthlyPrintJobs => Some(
            "Put the first and the last month of the range in the places of <YYYY-MM>. Both months are part of it. The texts below ask for this month, those of Power BI and Excel for the last 12 months.",
        ),
    }
}

impl MadeKey {
    pub(crate) fn new(
        api: ReportApi,
        key: &AuthorizationKey,
        replaced: bool,
        endpoint: Endpoint<'_>,
    ) -> Self {
        Self {
            title: api.title(),
            key: key.expose().to_owned(),
            replaced,
            request: RequestView::new(api, Some(key), endpoint),
        }
    }
}

impl ApiRow {
    /// The row of `api` with its live key; `made` is the key in clear while the page knows it.
    pub(crate) fn new(
        api: ReportApi,
        live: Option<&KeyRecord>,
        made: Option<&AuthorizationKey>,
        moments: &Moments,
        endpoint: Endpoint<'_>,
    ) -> Self {
        Self {
            title: api.title(),
            keyword: api.keyword(),
            path: api.path(),
            href: addresses::of_api(addresses::REPORT_API, api),
            enabled_action: addresses::of_api(addresses::REPORT_API_ENABLED, api),
            rotate_action: addresses::of_api(addresses::REPORT_API_ROTATE, api),
            key: live.map(|record| KeyFacts {
                id: record.id.to_string(),
                prefix: record.prefix.clone(),
                created_at: moments.show(record.created_at),
                created_by: record.created_by.clone(),
                last_used_at: record.last_used_at.map(|at| moments.show(at)),
            }),
            request: RequestView::new(api, made, endpoint),
        }
    }
}

/// What using the APIs takes, and whether it is there. Who sees the screen has the role.
pub(crate) fn requirements(
    frame: &Frame,
    licence: Option<&Licence>,
    now: Timestamp,
    moments: &Moments,
) -> Vec<Requirement> {
    let role = Requirement {
        name: "A role that may use this screen",
        met: true,
        text: format!("You are signed in as {}.", frame.role),
        command: None,
    };
    vec![licence_requirement(licence, now, moments), role]
}

fn licence_requirement(
    licence: Option<&Licence>,
    now: Timestamp,
    moments: &Moments,
) -> Requirement {
    let verdict = licences::check(licence, Feature::Fleet, now);
    let text = match (verdict, licence) {
        (Ok(()), Some(licence)) => describe(licence, moments),
        (
            Err(LicenceRefusal::Expired),
            Some(Licence {
                valid_until: Some(until),
                ..
            }),
        ) => {
            format!("The licence expired on {}.{STOPPED}", moments.day(*until))
        }
        (Err(LicenceRefusal::NotYetValid), Some(licence)) => {
            format!(
                "The licence begins on {}.{STOPPED}",
                moments.day(licence.valid_from)
            )
        }
        (Err(LicenceRefusal::FeatureNotCovered), _) => {
            format!("The licence does not cover the fleet's data.{STOPPED}")
        }
        (Ok(()) | Err(_), _) => format!("No licence is installed.{STOPPED}"),
    };
    Requirement {
        name: "A valid licence",
        met: verdict.is_ok(),
        text,
        command: verdict.is_err().then_some(INSTALL_LICENCE),
    }
}

/// What mends a licence that is missing or does not do, typed on the server.
pub(crate) const INSTALL_LICENCE: &str = "platen licence install FILE";

/// What an invalid licence stops, what it does not, and the way out.
const STOPPED: &str = " The APIs refuse every request until a valid one is installed; collecting \
    and these pages go on. On the server:";

fn describe(licence: &Licence, moments: &Moments) -> String {
    let kind = if licence.evaluation {
        "Evaluation licence"
    } else {
        "Licence"
    };
    let features: Vec<_> = licence
        .features
        .iter()
        .map(|feature| feature.keyword())
        .collect();
    let devices = licence.device_limit.map_or_else(
        || "any number of devices".to_owned(),
        |limit| format!("up to {limit} devices"),
    );
    let until = licence.valid_until.map_or_else(
        || "without end".to_owned(),
        |until| format!("until {}", moments.day(until)),
    );
    let Licence { organization, .. } = licence;
    let features = features.join(", ");
    format!("{kind} of {organization}: {features}; {devices}; {until}.")
}

#[cfg(test)]
#[path = "report_apis_tests.rs"]
mod tests;
