//! Brings a data directory to the schema this program knows, step by step.

use platen_domain::clock::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use sha2::{Digest as _, Sha256};

use crate::error::OpenError;

/// One step: its number is its place in the list, from 1.
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// Every step, in order. Rules: `migrations/README.md`.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_first",
        sql: include_str!("../../migrations/0001_first.sql"),
    },
    Migration {
        name: "0002_print",
        sql: include_str!("../../migrations/0002_print.sql"),
    },
    Migration {
        name: "0003_clients",
        sql: include_str!("../../migrations/0003_clients.sql"),
    },
    Migration {
        name: "0004_accounts",
        sql: include_str!("../../migrations/0004_accounts.sql"),
    },
    Migration {
        name: "0005_print_months",
        sql: include_str!("../../migrations/0005_print_months.sql"),
    },
    Migration {
        name: "0006_block_names",
        sql: include_str!("../../migrations/0006_block_names.sql"),
    },
    Migration {
        name: "0007_print_jobs_held",
        sql: include_str!("../../migrations/0007_print_jobs_held.sql"),
    },
    Migration {
        name: "0008_duplex_units",
        sql: include_str!("../../migrations/0008_duplex_units.sql"),
    },
    Migration {
        name: "0009_imports",
        sql: include_str!("../../migrations/0009_imports.sql"),
    },
    Migration {
        name: "0010_repricings",
        sql: include_str!("../../migrations/0010_repricings.sql"),
    },
    Migration {
        name: "0011_supply_replacements",
        sql: include_str!("../../migrations/0011_supply_replacements.sql"),
    },
    Migration {
        name: "0012_block_changes",
        sql: include_str!("../../migrations/0012_block_changes.sql"),
    },
    Migration {
        name: "0013_findings",
        sql: include_str!("../../migrations/0013_findings.sql"),
    },
    Migration {
        name: "0014_people",
        sql: include_str!("../../migrations/0014_people.sql"),
    },
    Migration {
        name: "0015_source_job_ids",
        sql: include_str!("../../migrations/0015_source_job_ids.sql"),
    },
];

/// The steps of a collector's spool, which is a database of its own.
pub(crate) const SPOOL_MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_first",
        sql: include_str!("../../migrations/spool/0001_first.sql"),
    },
    Migration {
        name: "0002_rejected",
        sql: include_str!("../../migrations/spool/0002_rejected.sql"),
    },
    Migration {
        name: "0003_time_zone",
        sql: include_str!("../../migrations/spool/0003_time_zone.sql"),
    },
    Migration {
        name: "0004_names",
        sql: include_str!("../../migrations/spool/0004_names.sql"),
    },
];

/// What is wrong with a data directory's schema.
#[derive(Debug)]
pub(crate) enum Failure {
    Newer { found: u32, known: u32 },
    Changed { version: u32, name: String },
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    pub(crate) fn into_open_error(self, database: &std::path::Path) -> OpenError {
        match self {
            Self::Newer { found, known } => OpenError::NewerSchema { found, known },
            Self::Changed { version, name } => OpenError::ChangedMigration { version, name },
            Self::Database(source) => OpenError::database(database, source),
        }
    }
}

/// Checks the steps that ran and runs those that did not, each in its own transaction. Returns
/// the schema's number.
pub(crate) fn run(
    connection: &mut Connection,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<u32, Failure> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
             version    BIGINT NOT NULL PRIMARY KEY,
             name       TEXT   NOT NULL,
             sha256     BLOB   NOT NULL,
             applied_at BIGINT NOT NULL
         )",
    )?;
    let known = number(migrations.len());
    let found: u32 = connection.query_row(
        "SELECT coalesce(max(version), 0) FROM schema_migrations",
        [],
        |row| row.get(0),
    )?;
    if found > known {
        return Err(Failure::Newer { found, known });
    }
    for (version, migration) in (1..).zip(migrations) {
        match applied(connection, version)? {
            Some(applied) => applied.check(version, migration)?,
            None => apply(connection, version, migration, now)?,
        }
    }
    Ok(known)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A step as it ran.
struct Applied {
    name: String,
    sha256: [u8; 32],
}

impl Applied {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            name: row.get(0)?,
            sha256: row.get(1)?,
        })
    }

    fn check(self, version: u32, migration: &Migration) -> Result<(), Failure> {
        if self.sha256 == checksum(migration) {
            return Ok(());
        }
        let name = self.name;
        Err(Failure::Changed { version, name })
    }
}

fn applied(connection: &Connection, version: u32) -> rusqlite::Result<Option<Applied>> {
    let sql = "SELECT name, sha256 FROM schema_migrations WHERE version = ?1";
    let row = connection.query_row(sql, [version], Applied::from_row);
    row.optional()
}

fn apply(
    connection: &mut Connection,
    version: u32,
    migration: &Migration,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(migration.sql)?;
    transaction.execute(
        "INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            version,
            migration.name,
            checksum(migration),
            now.as_millis()
        ],
    )?;
    transaction.commit()
}

fn checksum(migration: &Migration) -> [u8; 32] {
    Sha256::digest(migration.sql.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::types::ValueRef;

    const NOW: Timestamp = Timestamp::from_millis(1);
    const FIRST: Migration = Migration {
        name: "0001_first",
        sql: "CREATE TABLE a (x BIGINT)",
    };
    const SECOND: Migration = Migration {
        name: "0002_second",
        sql: "ALTER TABLE a ADD COLUMN y BIGINT",
    };

    fn empty() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn steps_run_once_each_in_order() {
        let mut database = empty();
        assert_eq!(run(&mut database, &[FIRST], NOW).unwrap(), 1);
        for _ in 0..2 {
            assert_eq!(run(&mut database, &[FIRST, SECOND], NOW).unwrap(), 2);
        }
        database
            .execute("INSERT INTO a (x, y) VALUES (1, 2)", [])
            .unwrap();
    }

    #[test]
    fn a_changed_step_is_refused() {
        let mut database = empty();
        run(&mut database, &[FIRST, SECOND], NOW).unwrap();
        let changed = Migration {
            name: "0001_first",
            sql: "CREATE TABLE a (x TEXT)",
        };
        let refused = run(&mut database, &[changed, SECOND], NOW);
        let Err(Failure::Changed { version, name }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((version, name.as_str()), (1, "0001_first"));
    }

    #[test]
    fn a_newer_schema_is_refused() {
        let mut database = empty();
        run(&mut database, &[FIRST, SECOND], NOW).unwrap();
        let refused = run(&mut database, &[FIRST], NOW);
        assert!(
            matches!(refused, Err(Failure::Newer { found: 2, known: 1 })),
            "{refused:?}"
        );
    }

    #[test]
    fn a_step_that_fails_leaves_nothing() {
        let mut database = empty();
        let broken = Migration {
            name: "0002_broken",
            sql: "CREATE TABLE b (x BIGINT); CREATE TABLE a (x BIGINT)",
        };
        let failed = run(&mut database, &[FIRST, broken], NOW);
        assert!(matches!(failed, Err(Failure::Database(_))), "{failed:?}");
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'b'";
        let count: i64 = database.query_row(tables, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0);
        assert_eq!(run(&mut database, &[FIRST, SECOND], NOW).unwrap(), 2);
    }

    #[test]
    fn meters_get_the_units_their_counters_have() {
        let mut database = empty();
        let step = MIGRATIONS
            .iter()
            .position(|migration| migration.name.ends_with("_duplex_units"))
            .unwrap();
        run(&mut database, &MIGRATIONS[..step], NOW).unwrap();
        let sheets = "total/all/duplex-sheets/any";
        let kept = [
            (1, sheets, "1.3.6.1.4.1.1347.42.2.5.1.1.2.1"),
            (2, sheets, "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0#06"),
            (3, sheets, "1.3.6.1.4.1.18334.1.1.1.5.7.2.1.3.0"),
            (4, sheets, "1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.2.22.0"),
            (5, "total/mono/impressions/any", "1.3.6.1.4.1.1347.1"),
        ];
        database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for (device, meter, source) in kept {
            for sql in [
                "INSERT INTO meter_values (device_no, meter, reading_no, read_at, value, segment, source)
                 VALUES (?1, ?2, 1, 1, 7, 0, ?3)",
                "INSERT INTO meters_latest (device_no, meter, reading_no, recorded_at, value, segment, source)
                 VALUES (?1, ?2, 1, 1, 7, 0, ?3)",
            ] {
                database.execute(sql, params![device, meter, source]).unwrap();
            }
        }
        run(&mut database, MIGRATIONS, NOW).unwrap();
        for table in ["meter_values", "meters_latest"] {
            let sql = format!("SELECT meter FROM {table} ORDER BY device_no");
            let mut rows = database.prepare(&sql).unwrap();
            let meters: Vec<String> = rows
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert_eq!(
                meters,
                [
                    "total/all/duplex-sides/any",
                    "total/all/duplex-sides/any",
                    "total/all/duplex-unproven/any",
                    sheets,
                    "total/mono/impressions/any",
                ]
            );
        }
    }

    #[test]
    fn jobs_get_their_ids_and_the_accounts_charged() {
        let mut database = empty();
        let step = MIGRATIONS
            .iter()
            .position(|migration| migration.name.ends_with("_source_job_ids"))
            .unwrap();
        run(&mut database, &MIGRATIONS[..step], NOW).unwrap();
        database.execute_batch(BEFORE_SOURCE_JOB_IDS).unwrap();
        run(&mut database, MIGRATIONS, NOW).unwrap();
        let sql =
            "SELECT organization_no, job_no, source_job_id, charged_account_no FROM print_jobs
                   ORDER BY organization_no, job_no";
        let mut rows = database.prepare(sql).unwrap();
        let shown = rows.query_map([], |row| {
            let id = match row.get_ref(2)? {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
                text => text.as_str()?.to_owned(),
            };
            let (organization, job): (i64, i64) = (row.get(0)?, row.get(1)?);
            let account: Option<i64> = row.get(3)?;
            Ok(format!("{organization}/{job} {id} {account:?}"))
        });
        let shown: Vec<String> = shown.unwrap().map(Result::unwrap).collect();
        assert_eq!(
            shown,
            [
                "1/1 16 bytes Some(5)",
                "1/2 4711 None",
                "1/3 2026-10-25|ba7816bf8f01cfea|1 None",
                "1/4 - None",
                "2/1 lobby|17|2026-10-25 None",
                "2/2 - None",
            ]
        );
        let blocks = "SELECT count(*) FROM print_blocks";
        let blocks: i64 = database.query_row(blocks, [], |row| row.get(0)).unwrap();
        assert_eq!(blocks, 0, "blocks of before do not say it");
    }

    /// Two organizations, of which the second hides users. The fourth job is of somebody erased.
    const BEFORE_SOURCE_JOB_IDS: &str = "
        PRAGMA foreign_keys = OFF;
        INSERT INTO print_organizations (organization_no, organization_id)
        VALUES (1, x'01'), (2, x'02');
        INSERT INTO privacy VALUES
            (x'01', 'collect', 'collect', 'collect', NULL, x'00'),
            (x'02', 'hash', 'collect', 'collect', NULL, x'00');
        INSERT INTO print_sources (source_no, organization_no, source)
        VALUES (1, 1, 'cups|a'), (2, 2, 'cups|a');
        INSERT INTO words (word_no, organization_no, kind, text)
        VALUES (1, 1, 1, 'ada'), (2, 1, 1, 'u-0a2057393f0efa5df503');
        INSERT INTO print_jobs (organization_no, completed_at, job_no, month, printer_no, user_no,
            received_at, function, state, time_quality, sheets_quality, evidence, flags, revision)
        VALUES (1, 10, 1, 202611, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
               (1, 10, 2, 202611, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
               (1, 11, 3, 202611, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
               (1, 12, 4, 202611, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0),
               (2, 10, 1, 202611, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0),
               (2, 10, 2, 202611, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        INSERT INTO print_job_keys (source_no, id, job_no, completed_at, content)
        VALUES (1, x'0189f3a200007000800000000000abcd', 1, 10, 0),
               (1, '4711', 2, 10, 0),
               (1, '2026-10-25|ba7816bf8f01cfea|1', 3, 11, 0),
               (1, '2026-10-25|ba7816bf8f01cfea|2', 4, 12, 0),
               (2, 'lobby|17|2026-10-25', 1, 10, 0),
               (2, '2026-10-25|ba7816bf8f01cfea|1', 2, 10, 0);
        INSERT INTO charges (organization_no, charge_id, origin, source_no, job_id, account_no,
            claimed, refunded, state, problems, at, updated_at, revision)
        VALUES (1, x'01', 0, 1, x'0189f3a200007000800000000000abcd', 5, 1, 0, 0, 0, 0, 0, 0),
               (1, x'02', 0, 1, '4711', 5, 1, 1, 2, 0, 0, 0, 0),
               (2, x'03', 0, 2, 'elsewhere', 5, 1, 0, 0, 0, 0, 0, 0);
        INSERT INTO print_blocks (organization_no, from_at, until_at, name, checksum, jobs)
        VALUES (1, 0, 100, x'00', 0, 4);";
}
