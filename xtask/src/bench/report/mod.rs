//! How fast Print Transactions are answered, beside nginx, ClickHouse and PostgreSQL.
//!
//! All four get the same rows: what our own server answers. CPU time is that of the process that
//! does the work, read from outside by the same clock; ours includes HTTP and the socket, those
//! of ClickHouse and PostgreSQL do not. Runs take turns, and medians count.

mod clickhouse;
mod memory;
mod needs;
mod nginx;
mod ours;
mod peer;
mod postgres;
mod rows;
mod samples;
mod server;
mod slow;
mod table;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::Serialize;

use self::clickhouse::ClickHouse;
use self::nginx::Nginx;
use self::ours::{Form, Ours, Period};
use self::postgres::Postgres;
use self::samples::{Case, Sample, Told};
use self::table::Line;
use super::client::{self, Request};

/// Options of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// How many rounds of all; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many jobs are made, within a year.
    #[arg(long, default_value_t = 5_000_000)]
    rows: usize,
    /// Where a server is that runs already; without it one is made.
    #[arg(long)]
    address: Option<SocketAddr>,
    /// Its process.
    #[arg(long)]
    pid: Option<u32>,
    /// What opens the report; several keys are used in turn.
    #[arg(long)]
    key: Vec<String>,
    /// Path of the report for one month.
    #[arg(long)]
    month: Option<String>,
    /// Path of the report for everything; the month lies within.
    #[arg(long)]
    all: Option<String>,
}

/// A period, half open between two instants in RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Window {
    from: String,
    until: String,
}

/// Measures and prints; the last line is for machines.
pub(super) fn run(options: &Options) -> Result<()> {
    needs::meet()?;
    let directory = Directory::new()?;
    let (ours, _server) = if options.address.is_some() {
        (Ours::of(options)?, None)
    } else {
        let server = server::start(&directory.0, options.rows)?;
        (server::ours(&server), Some(server))
    };
    let mut bench = Bench::start(ours, &directory.0)?;
    let mut last = None;
    for number in 0..bench.ours.periods.len() {
        last = Some(bench.measure(number, options.runs)?);
    }
    let figures = last.context("there is no period to measure")?;
    println!("{}", figures.line());
    Ok(())
}

/// A directory that ends with the measurement; everybody may look into it, as some peers run as
/// somebody else.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Result<Self> {
        let name = format!("platen-bench-report-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory)?;
        Ok(Self(directory))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            println!("could not remove {}: {error}", self.0.display());
        }
    }
}

/// Our server and its peers, with the same rows.
struct Bench {
    ours: Ours,
    nginx: Nginx,
    clickhouse: ClickHouse,
    postgres: Postgres,
}

/// What the last line says.
struct Figures {
    rows: u64,
    json: Sample,
    gzip: Sample,
    nginx: Sample,
    nginx_gzip: Sample,
    clickhouse: Sample,
    postgres: Sample,
    /// Octets by which our memory grew in one answer.
    memory: u64,
}

impl Bench {
    /// Starts the peers and loads them with what our server answers for its longest period.
    fn start(ours: Ours, directory: &Path) -> Result<Self> {
        let longest = ours.periods.last().context("there is no period")?;
        let file = directory.join("rows.ndjson");
        client::save(&ours.request(longest, Form::Ndjson, 0), &file)?;
        let (columns, rows) = look(&file)?;
        println!(
            "{rows} rows of {} columns, loading them into the peers",
            columns.len()
        );
        let clickhouse = ClickHouse::start(directory, &file, &columns, rows)?;
        let postgres = Postgres::start(directory, &file, &columns)?;
        std::fs::remove_file(&file)?;
        let nginx = Nginx::start(directory)?;
        for period in &ours.periods {
            for form in [Form::Json, Form::Gzip] {
                nginx.copy(&ours.request(period, form, 0), &file_name(period))?;
            }
        }
        Ok(Self {
            ours,
            nginx,
            clickhouse,
            postgres,
        })
    }

    fn measure(&mut self, number: usize, runs: usize) -> Result<Figures> {
        let Self {
            ours,
            nginx,
            clickhouse,
            postgres,
        } = self;
        let period = ours
            .periods
            .get(number)
            .context("there is no such period")?;
        let (window, rows) = period_of(ours, period)?;
        let (ours_pid, theirs, name) = (ours.pid, nginx.pid(), file_name(period));
        let own = |name, form| http(name, ours_pid, ours.request(period, form, 0));
        let clickhouse_size = clickhouse.size(&window)?;
        let mut cases = [
            own("platen JSON", Form::Json),
            http("nginx JSON file", theirs, nginx.request(&name, "identity")),
            own("platen JSON, gzip", Form::Gzip),
            http("nginx gzip file", theirs, nginx.request(&name, "gzip")),
            own("platen JSON, zstd", Form::Zstd),
            own("platen CSV", Form::Csv),
            Case {
                name: "ClickHouse to /dev/null",
                pid: clickhouse.pid(),
                ask: Box::new(|| clickhouse.report(&window)),
            },
            Case {
                name: "PostgreSQL row_to_json",
                pid: postgres.pid(),
                ask: Box::new(|| postgres.report(&window)),
            },
        ];
        let names = cases.each_ref().map(|case| case.name);
        let medians = samples::medians(&mut cases, runs)?;
        drop(cases);
        let medians: [Sample; 8] = medians.try_into().ok().context("a case is missing")?;
        let [
            json,
            nginx_json,
            gzip,
            nginx_gzip,
            zstd,
            csv,
            mut clickhouse,
            postgres,
        ] = medians;
        clickhouse.bytes = Some(clickhouse_size);
        let all = [
            json, nginx_json, gzip, nginx_gzip, zstd, csv, clickhouse, postgres,
        ];
        let lines = names.into_iter().zip(all);
        let lines: Vec<_> = lines
            .map(|(name, sample)| Line { name, rows, sample })
            .collect();
        println!(
            "\n{}",
            table::text(&format!("{}: {rows} rows", period.name), &lines)
        );
        same_bytes(&json, &nginx_json)?;
        same_bytes(&gzip, &nginx_gzip)?;
        let memory = memory(ours, period)?;
        Ok(Figures {
            rows,
            json,
            gzip,
            nginx: nginx_json,
            nginx_gzip,
            clickhouse,
            postgres,
            memory,
        })
    }
}

impl Figures {
    fn line(&self) -> String {
        let Self {
            json,
            gzip,
            nginx,
            nginx_gzip,
            clickhouse,
            postgres,
            ..
        } = self;
        format!(
            "report: json_us_per_row={:.3} vs_clickhouse={:.1} vs_postgres={:.1} \
             json_vs_nginx={:.2} gzip_vs_nginx={:.2} rss_mib={:.1} first_byte_ms={:.1}",
            table::micros_per_row(json.cpu, self.rows),
            table::ratio(clickhouse.cpu, json.cpu),
            table::ratio(postgres.cpu, json.cpu),
            table::ratio(json.wall, nginx.wall),
            table::ratio(gzip.wall, nginx_gzip.wall),
            table::mebibytes(self.memory),
            json.first_byte.map_or(f64::NAN, table::millis),
        )
    }
}

fn http(name: &'static str, pid: u32, request: Request) -> Case<'static> {
    let ask = move || client::count(&request).map(Told::from);
    Case {
        name,
        pid,
        ask: Box::new(ask),
    }
}

fn file_name(period: &Period) -> String {
    [period.name, ".json"].concat()
}

/// The columns of a file of NDJSON, and how many rows it has.
fn look(file: &Path) -> Result<(Vec<rows::Column>, u64)> {
    let mut lines = BufReader::new(File::open(file)?).lines();
    let first = lines.next().context("the report has no rows")??;
    let columns = rows::columns(&first)?;
    let mut rows = 1;
    for line in lines {
        line?;
        rows += 1;
    }
    Ok((columns, rows))
}

/// The exact window of a period, and how many rows it has.
fn period_of(ours: &Ours, period: &Period) -> Result<(Window, u64)> {
    let answer = client::open(&ours.request(period, Form::Ndjson, 0))?;
    let header = answer.field("x-report-period");
    let window = Window::parse(&header.context("the answer has no X-Report-Period")?)?;
    let mut rows = 0;
    answer.read(&mut |octets| {
        rows += octets.split(|octet| *octet == b'\n').count() as u64 - 1;
        Ok(())
    })?;
    Ok((window, rows))
}

fn same_bytes(ours: &Sample, theirs: &Sample) -> Result<()> {
    if ours.bytes != theirs.bytes {
        bail!(
            "our server answered {:?} octets and nginx {:?}",
            ours.bytes,
            theirs.bytes
        );
    }
    Ok(())
}

/// By how much one answer makes our memory grow; prints that and what slow clients do.
fn memory(ours: &Ours, period: &Period) -> Result<u64> {
    let request = |turn| ours.request(period, Form::Json, turn);
    let (one, _) = memory::watched(ours.pid, || client::count(&request(0)))?;
    let slow = slow::measure(ours.pid, request)?;
    let mebibytes = table::mebibytes;
    println!(
        "anonymous memory: {:.1} MiB, +{:.1} for one answer, +{:.1} for {} slow clients",
        mebibytes(one.before),
        mebibytes(one.growth()),
        mebibytes(slow.growth()),
        slow::CLIENTS,
    );
    Ok(one.growth())
}
