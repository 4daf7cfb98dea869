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
        name: "0001_server",
        sql: include_str!("../../migrations/0001_server.sql"),
    },
    Migration {
        name: "0002_fleet",
        sql: include_str!("../../migrations/0002_fleet.sql"),
    },
    Migration {
        name: "0003_printing",
        sql: include_str!("../../migrations/0003_printing.sql"),
    },
    Migration {
        name: "0004_accounts",
        sql: include_str!("../../migrations/0004_accounts.sql"),
    },
    Migration {
        name: "0005_statistics",
        sql: include_str!("../../migrations/0005_statistics.sql"),
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
    Superseded,
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
            Self::Superseded => OpenError::SupersededSchema {
                path: database.to_owned(),
            },
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
    if let (Some(applied), Some(first)) = (applied(connection, 1)?, migrations.first())
        && applied.name != first.name
    {
        return Err(Failure::Superseded);
    }
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
    fn steps_that_began_otherwise_are_refused() {
        let mut database = empty();
        run(&mut database, &[FIRST, SECOND], NOW).unwrap();
        let anew = Migration {
            name: "0001_server",
            ..FIRST
        };
        let refused = run(&mut database, &[anew], NOW);
        assert!(matches!(refused, Err(Failure::Superseded)), "{refused:?}");
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
}
