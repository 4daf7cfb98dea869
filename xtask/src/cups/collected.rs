//! What the collector brought in, kept as the store keeps it: one record a key, with revisions.

use std::collections::BTreeMap;

use anyhow::Result;
use platen_collect::cups::{Cursor, Spooler};
use platen_collect::http::Client;
use platen_collect::ipp::{IppPrinter, Login, Peer};
use platen_collect::printer::Profiles;
use platen_domain::clock::Clock as _;
use platen_domain::print_gaps::Gap;
use platen_domain::print_jobs::{PrintRecord, SourceKey};

use super::lab::Lab;
use super::transactions::Transaction;
use crate::clock::WallClock;

/// The records of the lab.
pub(super) struct Collected {
    spooler: Spooler,
    runtime: tokio::runtime::Runtime,
    /// As the store keeps it, in its text.
    cursor: String,
    records: BTreeMap<SourceKey, (PrintRecord, u32)>,
}

impl Collected {
    /// Nothing yet.
    pub(super) fn of(lab: &Lab) -> Result<Self> {
        let endpoint = format!("http://{}/", lab.address).parse()?;
        Ok(Self {
            spooler: Spooler {
                peer: Peer::new(Client::plain(), endpoint, Login::Anonymous),
                instance: "lab".to_owned(),
                users_verified: false,
            },
            runtime: tokio::runtime::Runtime::new()?,
            cursor: Cursor::start().to_text(),
            records: BTreeMap::new(),
        })
    }

    /// Reads what is new, as a collector that starts anew each time; gives the holes it noticed.
    pub(super) fn read(&mut self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        loop {
            let cursor = Cursor::from_text(&self.cursor).unwrap_or_else(Cursor::start);
            let reading = self.spooler.new_jobs(&cursor, WallClock.now());
            let harvest = self.runtime.block_on(reading)?;
            self.cursor = harvest.cursor.to_text();
            gaps.extend(harvest.gaps);
            for record in harvest.records {
                self.keep(record);
            }
            if !harvest.more {
                return Ok(gaps);
            }
        }
    }

    fn keep(&mut self, record: PrintRecord) {
        let key = record.key.clone();
        if let Some((kept, revisions)) = self.records.get_mut(&key) {
            if let Some(revised) = kept.revised_by(&record) {
                *kept = revised;
                *revisions += 1;
            }
        } else {
            self.records.insert(key, (record, 0));
        }
    }

    /// Names of the jobs.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.records.keys().map(|key| key.id.as_str())
    }

    /// What a report would say.
    pub(super) fn transactions(&self) -> Vec<Transaction> {
        let records = self.records.values();
        records.map(|(record, _)| Transaction::of(record)).collect()
    }

    /// Impressions and revisions of the jobs with this title.
    pub(super) fn named(&self, title: &str) -> Vec<(Option<u32>, u32)> {
        let records = self.records.values();
        records
            .filter(|(record, _)| record.document.as_deref() == Some(title))
            .map(|(record, revisions)| (record.counts.impressions, *revisions))
            .collect()
    }

    /// Asks the printers themselves, and shows what they say.
    pub(super) fn show_printers(&self, lab: &Lab) -> Result<()> {
        let profiles = Profiles::built_in();
        for address in lab.printers {
            let endpoint = format!("ipp://{address}/ipp/print").parse()?;
            let printer = IppPrinter {
                peer: Peer::new(Client::plain(), endpoint, Login::Anonymous),
                address: address.ip(),
            };
            let now = WallClock.now();
            let read = self.runtime.block_on(printer.observe(&profiles, now))?;
            let jobs = self.runtime.block_on(printer.jobs(now))?;
            let observation = read.observation;
            let identity = observation.identity.unwrap_or_default();
            let supplies = observation.supplies.unwrap_or_default();
            println!(
                "printer {} {} in {}: {}, {} supplies, {} jobs remembered",
                identity.manufacturer.as_deref().unwrap_or("?"),
                identity.model.as_deref().unwrap_or("?"),
                identity.location.as_deref().unwrap_or("?"),
                observation
                    .status
                    .map_or("?", |status| status.state.keyword()),
                supplies.len(),
                jobs.records.len(),
            );
        }
        Ok(())
    }
}
