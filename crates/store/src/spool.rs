//! What a remote collector keeps until its server has it: a database of its own, `spool.db`.
//!
//! How far a source was read moves in the transaction that keeps what was read, so that the two
//! cannot part. A batch, once formed, keeps its name and its exact content until the server's
//! answer is kept too; only then are its records gone, but those that the server refused: they
//! stay until they are sent again or taken out. A spool that is full takes nothing more: nothing
//! is dropped, and the sources are the next buffer.

mod batch;
mod engine;
mod rejected;
mod status;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use std::path::Path;

use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::person_names::NameRule;
use platen_domain::print_gaps::Gap;
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use platen_domain::secret::Secret;

use crate::columns;
use crate::error::{OpenError, StoreError};
use crate::session::{Row, Session, params};
use engine::Engine;

pub use batch::SpooledBatch;
pub use status::{SourceRead, SpoolStatus};

/// What a collector must do to records before they leave it: the policy, the key of pseudonyms
/// where one is needed, and the rule of the names that they are made of.
type SpoolPrivacy = (PrivacyPolicy, Option<PseudonymKey>, NameRule);

/// The database file within the spool's directory.
const DATABASE_FILE: &str = "spool.db";

/// Gaps kept at most. Sources that lose more than this tell nothing new by the next one.
const GAPS_MAX: u32 = 10_000;

/// How much a spool holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpoolLimits {
    /// Records.
    pub records: u64,
    /// Octets of records.
    pub octets: u64,
}

impl Default for SpoolLimits {
    /// A million records and 1 GiB: a month of a site with 10,000 people.
    fn default() -> Self {
        Self {
            records: 1_000_000,
            octets: 1024 * 1024 * 1024,
        }
    }
}

/// Why the spool did not do it. What could not be done left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// It holds as much as it may.
    #[error(
        "the spool is full: nothing more is read until the server has taken some of it; what was \
         not read stays with its source"
    )]
    Full,
    /// The disk does.
    #[error(
        "the disk that holds the spool is full: free some space; what was not read stays with its source"
    )]
    DiskFull,
    /// A write failed in a way that leaves doubt about the disk: nothing more is promised until
    /// the spool was opened anew.
    #[error("the spool stopped after a failed write; check the disk and start the collector again")]
    Fenced,
    /// Another batch is on its way, or none.
    #[error("batch {0} is not the one on its way")]
    OtherBatch(u64),
    /// Anything else.
    #[error(transparent)]
    Store(StoreError),
}

/// What one look at a source brought.
#[derive(Debug, Clone, Default)]
pub struct SpoolInput {
    /// Which source.
    pub source: String,
    /// Records in the form in which they are sent.
    pub records: Vec<Vec<u8>>,
    /// How far it is read with them, in the words of its collector.
    pub cursor: String,
    /// Holes that were noticed.
    pub gaps: Vec<Gap>,
}

/// An open spool. Its calls wait for the disk.
pub struct Spool {
    engine: Engine,
    limits: SpoolLimits,
}

impl Spool {
    /// Opens the spool in `directory`; makes it where there is none. One process at a time.
    pub fn open(
        directory: &Path,
        limits: SpoolLimits,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<Self, OpenError> {
        let mut engine = Engine::open(directory, now)?;
        let epoch = draw_epoch(ids);
        let made = engine.transact(|session| {
            // The first time; later ones change nothing.
            session.execute(
                "INSERT INTO spool (spool_no, epoch, next_sequence) VALUES (1, ?1, 1)
                 ON CONFLICT (spool_no) DO NOTHING",
                params![epoch],
            )?;
            Ok(())
        });
        made.map_err(|error| OpenError::Files {
            path: directory.join(DATABASE_FILE),
            source: std::io::Error::other(error),
        })?;
        Ok(Self { engine, limits })
    }

    /// Keeps what was read of a source and how far that was, in one transaction.
    /// [`SpoolError::Full`] where it would hold more than its limits.
    pub fn append(&mut self, input: &SpoolInput, now: Timestamp) -> Result<(), SpoolError> {
        let limits = self.limits;
        self.engine.transact(|session| {
            let octets = input.records.iter().map(|record| record.len() as u64).sum();
            let (held, held_octets) = held(session)?;
            let more = input.records.len() as u64;
            let fits = held.saturating_add(more) <= limits.records
                && held_octets.saturating_add(octets) <= limits.octets;
            if !fits && more > 0 {
                return Err(SpoolError::Full);
            }
            insert_records(session, &input.records, now)?;
            session.execute(
                "UPDATE spool SET queued_records = queued_records + ?1,
                                  queued_octets = queued_octets + ?2",
                params![columns::count_form(more), columns::count_form(octets)],
            )?;
            session.execute(
                "INSERT INTO source_cursors (source, cursor, read_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor,
                                                    read_at = excluded.read_at",
                params![input.source, input.cursor, now.as_millis()],
            )?;
            insert_gaps(session, &input.gaps)
        })
    }

    /// Whether [`Spool::append`] would take a record now.
    pub fn has_room(&self) -> Result<bool, SpoolError> {
        let (records, octets) = held(self.engine.session()?)?;
        Ok(records < self.limits.records && octets < self.limits.octets)
    }

    /// How far a source was read.
    pub fn cursor(&self, source: &str) -> Result<Option<String>, SpoolError> {
        let sql = "SELECT cursor FROM source_cursors WHERE source = ?1";
        let session = self.engine.session()?;
        Ok(session.one(sql, params![source], |row| row.get(0))?)
    }

    /// The privacy policy that the server last told, with the key that it needs and the rule of
    /// names; `None` before.
    pub fn privacy(&self) -> Result<Option<SpoolPrivacy>, SpoolError> {
        let sql = "SELECT user_mode, document_mode, client_mode, pseudonym_key, user_domains
                   FROM spool WHERE user_mode IS NOT NULL";
        Ok(self.engine.session()?.one(sql, params![], privacy_row)?)
    }

    /// Keeps the policy for times in which the server is away.
    pub fn set_privacy(
        &mut self,
        policy: &PrivacyPolicy,
        key: Option<&PseudonymKey>,
        names: &NameRule,
    ) -> Result<(), SpoolError> {
        self.engine.transact(|session| {
            session.execute(
                "UPDATE spool SET user_mode = ?1, document_mode = ?2, client_mode = ?3,
                                  pseudonym_key = ?4, user_domains = ?5",
                params![
                    policy.user.keyword(),
                    policy.document.keyword(),
                    policy.client.keyword(),
                    key.map(|key| *key.expose()),
                    crate::person_words::kept_form(names),
                ],
            )?;
            Ok(())
        })
    }

    /// The time zone of the organization, an IANA name, as the server told it last.
    pub fn time_zone(&self) -> Result<Option<String>, SpoolError> {
        let sql = "SELECT time_zone FROM spool";
        Ok(self
            .engine
            .session()?
            .only(sql, params![], |row| row.get(0))?)
    }

    /// Keeps the time zone for times in which the server is away.
    pub fn set_time_zone(&mut self, name: &str) -> Result<(), SpoolError> {
        self.engine.transact(|session| {
            session.execute("UPDATE spool SET time_zone = ?1", params![name])?;
            Ok(())
        })
    }

    /// Writes everything back to the one file and closes it.
    pub fn close(self) -> Result<(), SpoolError> {
        self.engine.close()
    }
}

/// 63 bits, so that no program between us and the server has a number too large for it.
fn draw_epoch(ids: &dyn Ids) -> i64 {
    let mut random = [0; 8];
    ids.fill(&mut random);
    i64::from_le_bytes(random) & i64::MAX
}

/// Records and octets in the spool: those that wait, and those that the server refused.
fn held(session: &dyn Session) -> Result<(u64, u64), SpoolError> {
    let sql = "SELECT queued_records + rejected_records, queued_octets + rejected_octets
               FROM spool";
    Ok(session.only(sql, params![], |row| {
        Ok((columns::count(row, 0)?, columns::count(row, 1)?))
    })?)
}

fn insert_records(
    session: &dyn Session,
    records: &[Vec<u8>],
    now: Timestamp,
) -> Result<(), SpoolError> {
    let sql = "INSERT INTO queue (record, queued_at) VALUES (?1, ?2)";
    for record in records {
        session.execute(sql, params![record, now.as_millis()])?;
    }
    Ok(())
}

fn insert_gaps(session: &dyn Session, gaps: &[Gap]) -> Result<(), SpoolError> {
    let sql = "INSERT INTO gaps (source, reason, from_at, until_at, jobs)
               SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM gaps) < ?6
               ON CONFLICT DO NOTHING";
    for gap in gaps {
        session.execute(
            sql,
            params![
                gap.source,
                gap.reason.keyword(),
                gap.from.as_millis(),
                gap.until.as_millis(),
                gap.jobs.map(columns::count_form),
                GAPS_MAX,
            ],
        )?;
    }
    Ok(())
}

fn privacy_row(row: &Row<'_>) -> Result<SpoolPrivacy, StoreError> {
    let policy = PrivacyPolicy {
        user: columns::word(row, 0, FieldMode::from_keyword)?,
        document: columns::word(row, 1, FieldMode::from_keyword)?,
        client: columns::word(row, 2, FieldMode::from_keyword)?,
        document_days: None,
    };
    let key: Option<[u8; 32]> = row.get(3)?;
    let names = crate::person_words::from_kept(row.get(4)?);
    Ok((policy, key.map(Secret::new), names))
}

impl From<StoreError> for SpoolError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            other => Self::Store(other),
        }
    }
}
