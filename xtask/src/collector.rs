//! A collector as a test needs it: it sends a batch until the server says that it is on disk.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use platen_collect::http::Client;
use platen_collect::ingest::{IngestError, IngestServer, Outcome, Pushed};
use platen_domain::collectors::BatchId;
use platen_domain::secret::Secret;

/// Pause after an attempt without an answer: the server is being started.
const PAUSE: Duration = Duration::from_millis(15);

/// A collector that is enrolled.
pub(crate) struct Collector {
    server: IngestServer,
    credential: Secret<String>,
}

impl Collector {
    /// Enrols one at `direct` by a one-time code; it will push to `server`. The code is used up by
    /// an answer that a kill may swallow: the first life is waited for.
    pub(crate) async fn enrol(
        direct: SocketAddr,
        server: SocketAddr,
        code: &str,
        name: &str,
    ) -> Result<Self> {
        let enrolment = at(direct)?;
        loop {
            match enrolment.enrol(code, name).await {
                Err(IngestError::Http(_)) => tokio::time::sleep(PAUSE).await,
                enrolled => {
                    let credential = enrolled.context("a client could not enrol")?;
                    let server = at(server)?;
                    return Ok(Self { server, credential });
                }
            }
        }
    }

    /// Sends until it is acknowledged, always the same.
    pub(crate) async fn push(&self, id: BatchId, records: &[Vec<u8>]) -> Result<()> {
        loop {
            match self.server.push(&self.credential, id, records).await {
                Ok(Pushed::Taken(outcomes)) => {
                    let taken = outcomes.iter().all(|outcome| *outcome == Outcome::Taken);
                    anyhow::ensure!(taken, "a good record was refused: {outcomes:?}");
                    return Ok(());
                }
                Ok(Pushed::OtherRecords | Pushed::TooLarge) => {
                    bail!("the server knows batch {} otherwise", id.sequence)
                }
                Ok(Pushed::Later(_)) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

fn at(address: SocketAddr) -> Result<IngestServer> {
    let endpoint = format!("http://{address}").parse()?;
    Ok(IngestServer::new(Client::plain(), endpoint)?)
}
