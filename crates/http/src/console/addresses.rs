//! Addresses of the console's pages: patterns for the route registry, and links for everybody
//! who points a person at a page.

use platen_domain::report_apis::ReportApi;
use platen_domain::secret::Secret;

/// The start page: sends each user to the first room their role may enter.
pub const HOME: &str = "/";
/// Name and password.
pub const SIGN_IN: &str = "/sign-in";
/// A one-time sign-in link.
pub const SIGN_IN_LINK: &str = "/sign-in/link/{token}";
/// Ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// The first administrator, through a one-time link.
pub const SET_UP: &str = "/set-up/{token}";
/// Analysis > API.
pub const REPORT_APIS: &str = "/analysis/api";
/// The dialog of one API as a page of its own.
pub const REPORT_API: &str = "/analysis/api/{api}";
/// The Enable box of one API.
pub const REPORT_API_ENABLED: &str = "/analysis/api/{api}/enabled";
/// Replaces the key of one API.
pub const REPORT_API_ROTATE: &str = "/analysis/api/{api}/rotate";
/// Makes the Client Application.
pub const CLIENT_GENERATE: &str = "/analysis/client/generate";
/// Revokes it.
pub const CLIENT_REVOKE: &str = "/analysis/client/revoke";
/// Analysis > Transactions.
pub const TRANSACTIONS: &str = "/analysis/transactions";
/// The jobs of the period that Transactions shows, as CSV.
pub const TRANSACTIONS_CSV: &str = "/analysis/transactions.csv";
/// Fleet > Meter.
pub const METERS: &str = "/fleet/meters";
/// Fleet > Toner.
pub const TONER: &str = "/fleet/toner";
/// Fleet > Status.
pub const STATUS: &str = "/fleet/status";
/// Everything the Meter grid shows, as CSV.
pub const METERS_CSV: &str = "/fleet/meters.csv";
/// Everything the Toner grid shows, as CSV.
pub const TONER_CSV: &str = "/fleet/toner.csv";
/// Everything the Status grid shows, as CSV.
pub const STATUS_CSV: &str = "/fleet/status.csv";
/// Style sheet, scripts and icon.
pub const ASSET: &str = "/assets/{file}";

/// The address that signs its holder in once. `base` is the server's public URL.
pub fn sign_in_link(base: &str, token: &Secret<String>) -> String {
    with_token(base, SIGN_IN_LINK, token)
}

/// The address at which the first administrator is created. `base` is the server's public URL.
pub fn set_up_link(base: &str, token: &Secret<String>) -> String {
    with_token(base, SET_UP, token)
}

fn with_token(base: &str, pattern: &str, token: &Secret<String>) -> String {
    let base = base.trim_end_matches('/');
    format!("{base}{}", pattern.replace("{token}", token.expose()))
}

/// A page of one API: `pattern` with its name filled in.
pub(super) fn of_api(pattern: &str, api: ReportApi) -> String {
    pattern.replace("{api}", api.keyword())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_the_public_address() {
        let token = Secret::new("0123abcd".to_owned());
        assert_eq!(
            sign_in_link("https://print.example.org/", &token),
            "https://print.example.org/sign-in/link/0123abcd"
        );
        assert_eq!(
            set_up_link("http://127.0.0.1:8631", &token),
            "http://127.0.0.1:8631/set-up/0123abcd"
        );
    }

    #[test]
    fn an_api_is_named_by_its_keyword() {
        assert_eq!(
            of_api(REPORT_API_ROTATE, ReportApi::PrintJobs),
            "/analysis/api/print-jobs/rotate"
        );
    }
}
