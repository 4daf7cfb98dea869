//! Our own server, made for the measurement: a year of print jobs, sealed, served by the real
//! binary.

use std::path::Path;

use anyhow::Result;

use super::super::print_jobs;
use super::super::server::{Place, Server};
use super::ours::{Ours, Period};

/// A key may ask as often as it likes.
const SETTINGS: &str = "[report]\nrequests_per_minute = 10000\nrequests_at_once = 200\n";

/// Makes `rows` jobs in `directory`, starts the server and waits until all is sealed.
pub(super) fn start(directory: &Path, rows: usize) -> Result<Server> {
    let place = Place::make(&directory.join("server"))?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let (store, scope) = place.open().await?;
        print_jobs::fill(&store, &scope, rows).await?;
        store.close().await;
        anyhow::Ok(())
    })?;
    let server = place.serve(SETTINGS)?;
    print_jobs::wait_until_sealed(&place.data())?;
    Ok(server)
}

/// The server as the measurement sees it.
pub(super) fn ours(server: &Server) -> Ours {
    let period = |name, from, to| Period {
        name,
        path: format!("/ReportApi/Reports/PrintJobs/{from}/{to}"),
    };
    Ours {
        address: server.address,
        authorizations: vec![format!("bearer {}", print_jobs::KEY)],
        pid: server.pid(),
        periods: vec![
            period("month", "2025-01-01", "2025-01-31"),
            period("all", "2025-01-01", "2025-12-31"),
        ],
    }
}
