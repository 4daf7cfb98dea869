//! `platen demo`: a simulated fleet, collected and served by the real thing.

mod accounts;
mod directory;
mod fleet;
mod prints;
mod queue;
mod tenant;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platen_app::fleet::collection::{CollectionPlan, Progress};
use platen_app::fleet::schedule::Schedule;
use platen_app::printing::prices::PricesError;
use platen_app::{App, AppError};
use platen_collect::snmp::ClientOptions;
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_http::{HttpOptions, Layouts};
use platen_simfleet::demo_traffic;
use platen_store::StoreError;
use tokio::sync::watch;

use super::serve::collector;
use crate::cli::Demo;
use crate::config::{LogFormat, LogOptions};
use crate::server::{Server, bind};
use crate::signals::until_signalled;
use crate::system::raise_open_files_limit;
use crate::terminal::{is_watched, say};
use crate::{logging, opening};

use directory::DataDirectory;
use fleet::DemoFleet;
use prints::{History, Prints};
use tenant::{Door, Tenant};

/// In seconds what takes hours in a real fleet.
const SCHEDULE: Schedule = Schedule {
    discovery: Duration::from_mins(5),
    static_set: Duration::from_mins(1),
    dynamic_set: Duration::from_secs(10),
};

/// On loopback an answer takes microseconds; only addresses without a printer wait this out.
const TIMEOUT: Duration = Duration::from_millis(500);

/// How long the first sweep is waited for before the doors are shown anyway.
const FIRST_SWEEP_MAX: Duration = Duration::from_secs(30);

pub(crate) fn run(options: &Demo) -> anyhow::Result<()> {
    logging::start(LogOptions {
        format: LogFormat::Text,
        level: tracing::Level::WARN,
    });
    raise_open_files_limit();
    // Outlives the store in it.
    let directory = DataDirectory::new(options.data.as_deref())?;
    opening::block_on(until_signalled(async |stop| {
        let listener = bind(
            options.listen,
            "with --listen, such as --listen 127.0.0.1:0",
        )
        .await?;
        let address = listener.local_addr()?;
        // Before the keys are made, which are shown once.
        let recordings = fleet::recordings(options.recordings.as_deref())?;
        let app = opening::app(directory.path())?;
        let tenant = Tenant::prepare(&app).await?;
        let today = today(&app, &tenant.organization)?;
        let zone = TimeZone::get(&tenant.organization.time_zone)?;
        let traffic = Arc::new(demo_traffic(fleet::SEED, zone));
        let fleet = DemoFleet::start(&recordings, &traffic)?;
        let mut prints = Prints::new(&app, &tenant.organization, traffic);
        let progress = watch::Sender::new(Progress::default());
        let found = progress.subscribe();
        let server = Server {
            listener,
            tls: None,
            http: HttpOptions {
                public_url: format!("http://{address}"),
                layouts: Layouts::default(),
                limits: platen_http::limits::Limits::default(),
            },
            collector: collector(ClientOptions {
                timeout: TIMEOUT,
                retries: 1,
                ..ClientOptions::default()
            }),
            ipp_printers: Vec::new(),
            sources: Vec::new(),
            plan: CollectionPlan::new(fleet.ranges(tenant.organization.id), SCHEDULE),
            progress,
            app,
        };
        say(&format!(
            "Platen {}\n\n{}",
            env!("CARGO_PKG_VERSION"),
            fleet.describe()
        ));
        let mut running = Box::pin(server.run(stop));
        tokio::select! {
            ended = &mut running => return ended,
            () = first_sweep(found) => {}
        }
        let history = tokio::select! {
            ended = &mut running => return ended,
            history = prints.take_history() => history,
        };
        // Whoever ends the demo while it prints closes the store under it.
        let history = match history {
            Err(error) if is_closed(&error) => return running.await,
            history => history?,
        };
        say(&printed(&history));
        say(&doors(address, &tenant, today));
        tokio::select! {
            ended = &mut running => ended?,
            failed = prints.go_on() => match failed {
                Err(error) if is_closed(&error) => running.await?,
                failed => failed?,
            },
        }
        say("\nStopped.\n");
        Ok(())
    }))
}

/// Waits until every address was asked and what was found is stored, and shows how far it is.
async fn first_sweep(mut progress: watch::Receiver<Progress>) {
    let swept = async {
        loop {
            let Progress { found, sweeps, .. } = *progress.borrow_and_update();
            if is_watched() {
                say(&format!(
                    "\r  {found} new printers found by SNMP and stored"
                ));
            }
            if sweeps > 0 || progress.changed().await.is_err() {
                return found;
            }
        }
    };
    match tokio::time::timeout(FIRST_SWEEP_MAX, swept).await {
        Ok(found) => {
            let start = if is_watched() { "\r" } else { "" };
            say(&format!(
                "{start}  {found} new printers found by SNMP and stored\n"
            ));
        }
        Err(_elapsed) => say("\n  still looking; what was found so far is stored\n"),
    }
}

/// Whether something failed because the store is closed: the demo is on its way out. A use case's
/// own error hides the one below it from its chain where both say the same.
fn is_closed(error: &anyhow::Error) -> bool {
    let unavailable = match error.downcast_ref() {
        Some(PricesError::Unavailable(error)) => Some(error),
        _ => error.downcast_ref(),
    };
    matches!(unavailable, Some(AppError::Store(StoreError::Closed)))
}

/// The date where the organization is.
fn today(app: &App, organization: &Organization) -> anyhow::Result<Date> {
    let now = jiff::Timestamp::from_millisecond(app.now().as_millis())?;
    let zone = TimeZone::get(&organization.time_zone)?;
    Ok(zone.to_datetime(now).date())
}

fn printed(history: &History) -> String {
    let (jobs, seconds) = (history.jobs, history.took.as_secs_f64());
    let accounts = history.accounts;
    format!(
        "  {jobs} print jobs of the past year taken in within {seconds:.1} s; more follow\n  \
         {accounts} accounts; a new print job that names one asks it first\n"
    )
}

/// A report's path with a period in it that has something to show: the last seven days, the
/// last twelve months.
fn path(api: ReportApi, today: Date) -> String {
    let week_ago = today.saturating_sub(6.days());
    let year_ago = today.saturating_sub(11.months());
    let month = |date: Date| format!("{:04}-{:02}", date.year(), date.month());
    match api {
        ReportApi::PrintJobs => api
            .path()
            .replacen("<YYYY-MM-DD>", &week_ago.to_string(), 1)
            .replacen("<YYYY-MM-DD>", &today.to_string(), 1),
        ReportApi::MonthlyPrintJobs => api
            .path()
            .replacen("<YYYY-MM>", &month(year_ago), 1)
            .replacen("<YYYY-MM>", &month(today), 1),
        ReportApi::Meters | ReportApi::Status | ReportApi::Toner => api.path().to_owned(),
    }
}

/// The ways in.
fn doors(address: SocketAddr, tenant: &Tenant, today: Date) -> String {
    let base = format!("http://{address}");
    let link = platen_http::sign_in_link(&base, &tenant.sign_in);
    let mut text =
        format!("\nConsole      {base}\nSign in once {link}\n\nThe report APIs, as pasted:\n\n");
    for Door { api, key } in &tenant.doors {
        let path = path(*api, today);
        // Writing to a String cannot fail.
        match key {
            Some(key) => {
                let key = key.expose();
                writeln!(text, "curl -H 'Authorization: bearer {key}' {base}{path}").ok()
            }
            None => writeln!(
                text,
                "{base}{path} with the key that was shown when it was made"
            )
            .ok(),
        };
    }
    text.push_str(&accounts_door(&base, tenant));
    text.push_str("\nCtrl-C ends everything.\n");
    text
}

/// The way into the Accounts API. A token is 64 hexadecimal digits, which `grep` finds without
/// anything to be installed.
fn accounts_door(base: &str, tenant: &Tenant) -> String {
    let Some((client, secret)) = &tenant.client else {
        return format!(
            "\n{base}/accounts/v1/balances with a token for the Client Application, whose secret was \
             shown when it was made\n"
        );
    };
    let (id, secret) = (client.id, secret.expose());
    format!(
        "\nThe Accounts API, as pasted:\n\n\
         CLIENT_ID={id}\n\
         CLIENT_SECRET={secret}\n\
         TOKEN=$(curl -sS -u $CLIENT_ID:$CLIENT_SECRET -d grant_type=client_credentials \
         {base}/oauth/token | grep -oE '[0-9a-f]{{64}}')\n\
         curl -H \"Authorization: Bearer $TOKEN\" {base}/accounts/v1/balances\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_app::accounts::AccountsRefusal;

    #[test]
    fn a_closed_store_is_told_whoever_met_it() {
        let closed = || AppError::from(StoreError::Closed);
        let refusal = AccountsRefusal::from(closed());
        for error in [
            anyhow::Error::new(closed()),
            anyhow::Error::new(PricesError::from(closed())),
            anyhow::Error::new(AppError::from(refusal)),
        ] {
            assert!(is_closed(&error), "{error:?}");
        }
        assert!(!is_closed(&anyhow::Error::new(AppError::Forbidden)));
    }
}
