//! What the server says it has: the ledger, charges and balances, each list to its end.

use std::sync::Arc;

use anyhow::Result;
use serde::Deserialize;

use crate::client_application::ClientApplication;
use crate::program::Program;

/// All three lists.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Oldest first.
    pub(super) ledger: Vec<Entry>,
    pub(super) charges: Vec<Charge>,
    pub(super) balances: Vec<Balance>,
}

/// An entry of the ledger.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) account: Account,
    pub(super) user: User,
    pub(super) kind: String,
    pub(super) points: i64,
    pub(super) balance: i64,
    pub(super) reason: Option<String>,
    pub(super) charge: Option<String>,
}

/// A charge.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Charge {
    pub(super) id: String,
    pub(super) net: i64,
    pub(super) print_job: Option<PrintJob>,
}

/// A balance.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Balance {
    pub(super) account: Account,
    pub(super) user: User,
    #[serde(rename = "balance")]
    pub(super) points: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Account {
    pub(super) code: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct User {
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PrintJob {
    pub(super) id: String,
}

impl Books {
    /// Asks for all of it.
    pub(super) async fn read(application: &Arc<ClientApplication>) -> Result<Self> {
        let mut program = Program::new(application);
        let mut ledger: Vec<Entry> = program.list("/accounts/v1/ledger").await?;
        ledger.reverse();
        Ok(Self {
            ledger,
            charges: program.list("/accounts/v1/charges").await?,
            balances: program.list("/accounts/v1/balances").await?,
        })
    }
}
