//! ClickHouse, the fastest of the databases that speak JSON, inside a Python process (chDB).
//!
//! It writes to `/dev/null`, without HTTP: the comparison is in its favour.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::rows::{Column, Kind};
use super::samples::Told;
use super::{Window, needs};
use crate::shell;

/// A ClickHouse with the rows in it.
pub(super) struct ClickHouse {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Order<'a> {
    Load { file: &'a Path, columns: String },
    Size(&'a Window),
    Report(&'a Window),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reply {
    Number(u64),
    Error(String),
}

impl ClickHouse {
    /// Starts one with its data below `directory` and loads `rows` rows.
    pub(super) fn start(
        directory: &Path,
        ndjson: &Path,
        columns: &[Column],
        rows: u64,
    ) -> Result<Self> {
        let program = directory.join("clickhouse.py");
        std::fs::write(&program, include_str!("clickhouse.py"))?;
        let arguments = [program.as_path(), &directory.join("clickhouse")];
        let python = needs::python();
        let mut child = shell::command(&python.to_string_lossy(), &arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start ClickHouse")?;
        let input = child.stdin.take().context("it has no standard input")?;
        let output = child.stdout.take().context("it has no standard output")?;
        let mut started = Self {
            child,
            input,
            output: BufReader::new(output),
        };
        let loaded = started.order(&Order::Load {
            file: ndjson,
            columns: definitions(columns),
        })?;
        if loaded != rows {
            bail!("ClickHouse has {loaded} rows of {rows}");
        }
        Ok(started)
    }

    /// Its process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Octets of the rows of this window, one JSON object a line.
    pub(super) fn size(&mut self, window: &Window) -> Result<u64> {
        self.order(&Order::Size(window))
    }

    /// The rows of this window, one JSON object a line, thrown away where they are made.
    pub(super) fn report(&mut self, window: &Window) -> Result<Told> {
        self.order(&Order::Report(window))?;
        Ok(Told::default())
    }

    fn order(&mut self, order: &Order<'_>) -> Result<u64> {
        let mut line = serde_json::to_string(order)?;
        line.push('\n');
        self.input.write_all(line.as_bytes())?;
        let mut reply = String::new();
        self.output.read_line(&mut reply)?;
        match serde_json::from_str(&reply).context("ClickHouse ended")? {
            Reply::Number(number) => Ok(number),
            Reply::Error(error) => bail!("ClickHouse: {error}"),
        }
    }
}

impl Drop for ClickHouse {
    fn drop(&mut self) {
        // It holds nothing worth ending gently, and it may already be gone.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The columns of the table; words are dictionary-encoded, as ClickHouse advises.
fn definitions(columns: &[Column]) -> String {
    let columns = columns.iter().map(|column| {
        let kind = match (column.kind, column.is_key()) {
            (Kind::Instant, true) => "DateTime64(3, 'UTC')",
            (Kind::Instant, false) => "Nullable(DateTime64(3, 'UTC'))",
            (Kind::Whole, _) => "Nullable(Int64)",
            (Kind::Decimal, _) => "Nullable(Decimal(18, 6))",
            (Kind::Word, _) => "LowCardinality(Nullable(String))",
            (Kind::Text, true) => "String",
            (Kind::Text, false) => "Nullable(String)",
        };
        format!("`{}` {kind}", column.name)
    });
    columns.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::rows;

    #[test]
    fn orders_read_as_the_script_expects_them() {
        let window = Window {
            from: "a".to_owned(),
            until: "b".to_owned(),
        };
        let order = serde_json::to_string(&Order::Report(&window)).unwrap();
        assert_eq!(order, r#"{"do":"report","from":"a","until":"b"}"#);
        let reply: Reply = serde_json::from_str(r#"{"number": 7}"#).unwrap();
        assert!(matches!(reply, Reply::Number(7)));
        let columns = rows::columns(r#"{"CompletedAt":"x","Pages":1}"#).unwrap();
        let expected = "`CompletedAt` DateTime64(3, 'UTC'), `Pages` Nullable(Int64)";
        assert_eq!(definitions(&columns), expected);
    }
}
