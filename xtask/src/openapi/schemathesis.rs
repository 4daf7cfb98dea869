//! Schemathesis against the real server: it makes requests up from the document, good and bad,
//! and holds each answer against it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use platen_domain::report_apis::ReportApi;

use super::DOCUMENT;
use super::client::Client;
use super::examples::Examples;
use super::office::Office;
use super::refused;
use super::requests::posted_text;
use crate::{demo, needs, shell};

/// The module that makes bodies up which it cannot, and where that is.
const HOOKS: &str = "schemathesis_hooks";
const HOOKS_DIRECTORY: &str = "xtask/src/openapi";

/// Operations with the `Authorization` field that opens them.
struct Opened {
    operations: Operations,
    authorization: String,
}

/// Some of the document's operations.
enum Operations {
    /// The one with this name.
    Named(&'static str),
    /// All of an API, whichever it will have.
    Of(&'static str),
}

impl Operations {
    /// The line of the configuration that selects them.
    fn selector(&self) -> String {
        match self {
            Self::Named(id) => format!("include-operation-id = \"{id}\""),
            Self::Of(tag) => format!("include-tag = \"{tag}\""),
        }
    }
}

/// The APIs of an access token, and of the client that asks for it.
const ACCOUNTS_API: &str = "Accounts API";
const OAUTH: &str = "OAuth";

/// Runs it for `seconds`, with chance from `seed` where one is given; fails on any finding.
pub(super) fn run(seconds: u32, seed: Option<u64>) -> Result<()> {
    demo::build()?;
    let directory = shell::target_directory().join("schemathesis");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let office = Office::open(&directory)?;
    let token = access_token(&office)?;
    let examples = Examples::make(office.address, &token)?;
    let opened = opened(&office, &token)?;
    let config = directory.join("schemathesis.toml");
    std::fs::write(&config, configuration(&opened, seconds))?;
    let outcome = start(&office, &examples, seed, &config, &directory);
    let errors = failures(&office.log)?;
    println!(
        "schemathesis: seconds={seconds} operations={} server_errors={}",
        operations()?,
        errors.len()
    );
    for line in &errors {
        println!("{line}");
    }
    outcome?;
    if !errors.is_empty() {
        bail!(
            "the server failed to answer; its log is {}",
            office.log.display()
        );
    }
    Ok(())
}

/// How many operations the document has. All are tried but the one that hands it out.
fn operations() -> Result<usize> {
    let document = std::fs::read_to_string(shell::root().join(DOCUMENT))?;
    let document: serde_json::Value = serde_json::from_str(&document)?;
    let paths = document.get("paths").and_then(|paths| paths.as_object());
    let paths = paths.context("the document has no paths")?;
    let methods = paths.values().filter_map(|path| path.as_object());
    Ok(methods.map(serde_json::Map::len).sum())
}

/// Every credential. An API whose operations need another one gets its line here.
fn opened(office: &Office, token: &str) -> Result<Vec<Opened>> {
    let keys = ReportApi::ALL.iter().zip(&office.credentials.keys);
    let mut opened: Vec<Opened> = keys
        .map(|(api, key)| Opened {
            operations: Operations::Named(operation_of(*api)),
            authorization: format!("bearer {key}"),
        })
        .collect();
    let collector = enrol(office)?;
    opened.extend(["pushBatch", "getPrivacyPolicy"].map(|operation| Opened {
        operations: Operations::Named(operation),
        authorization: format!("bearer {collector}"),
    }));
    opened.push(Opened {
        operations: Operations::Of(ACCOUNTS_API),
        authorization: format!("Bearer {token}"),
    });
    opened.push(Opened {
        operations: Operations::Of(OAUTH),
        authorization: basic(&office.credentials.client),
    });
    Ok(opened)
}

const fn operation_of(api: ReportApi) -> &'static str {
    match api {
        ReportApi::Meters => "getMeters",
        ReportApi::Status => "getStatus",
        ReportApi::Toner => "getToner",
        ReportApi::PrintJobs => "getPrintJobs",
        ReportApi::MonthlyPrintJobs => "getMonthlyPrintJobs",
    }
}

/// Trades the code for a collector's credential.
fn enrol(office: &Office) -> Result<String> {
    let url = format!("http://{}/ingest/v1/enrolments", office.address);
    let code = &office.credentials.code;
    let application = serde_json::json!({"code": code, "name": "schemathesis"}).to_string();
    posted_text(&["--data", &application, &url], "credential").context("no collector was enrolled")
}

/// Gets an access token for every scope there is.
fn access_token(office: &Office) -> Result<String> {
    let url = format!("http://{}/oauth/token", office.address);
    let Client { id, secret } = &office.credentials.client;
    let credentials = format!("{id}:{secret}");
    let grant = "grant_type=client_credentials";
    let arguments = ["--user", &credentials, "--data", grant, &url];
    posted_text(&arguments, "access_token").context("no access token was issued")
}

/// HTTP Basic with Client ID and Client Secret, which hold nothing that would be form-encoded.
fn basic(client: &Client) -> String {
    let Client { id, secret } = client;
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

fn configuration(opened: &[Opened], seconds: u32) -> String {
    let mut text = format!(
        "max-time = {seconds}\nworkers = 1\ncontinue-on-failure = true\nrequest-timeout = 30\n\n\
         [checks]\nenabled = true\n\n"
    );
    for Opened {
        operations,
        authorization,
    } in opened
    {
        // Writing to a String cannot fail.
        let _infallible = writeln!(
            text,
            "[[operations]]\n{}\n\
             headers = {{ Authorization = \"{authorization}\" }}\n",
            operations.selector()
        );
    }
    text + &refused::configuration()
}

fn start(
    office: &Office,
    examples: &Examples,
    seed: Option<u64>,
    config: &Path,
    directory: &Path,
) -> Result<()> {
    let url = format!("http://{}/openapi.json", office.address);
    let config = config.to_string_lossy();
    let reports = directory.join("reports");
    let python = needs::OPENAPI.python();
    let program = python.with_file_name("schemathesis");
    let arguments = [
        "--config-file",
        &config,
        "run",
        &url,
        "--report",
        "junit",
        "--report-dir",
        &reports.to_string_lossy(),
        "--no-color",
    ];
    let seed = seed.map(|seed| format!("--seed={seed}"));
    let arguments: Vec<&str> = arguments.into_iter().chain(seed.as_deref()).collect();
    let mut command = shell::command(&program.to_string_lossy(), &arguments);
    command
        .env("PYTHONPATH", shell::root().join(HOOKS_DIRECTORY))
        .env("SCHEMATHESIS_HOOKS", HOOKS)
        .env("PLATEN_EXAMPLES", examples.to_json());
    shell::finish(command.current_dir(directory))
}

/// Lines of the server's log that tell of a status 500 or of a panic.
fn failures(log: &Path) -> Result<Vec<String>> {
    let log = std::fs::read_to_string(log)?;
    let failed = |line: &&str| line.contains("status=500") || line.contains("panicked");
    Ok(log.lines().filter(failed).map(str::to_owned).collect())
}
