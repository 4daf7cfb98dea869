//! Feeds the decoders with hostile input under libFuzzer.
//!
//! `cargo fuzz` would ask for a nightly compiler. The stable one knows the same instrumentation
//! behind `RUSTC_BOOTSTRAP`, so that what runs here is the compiler that ships. No sanitizer is
//! added: this code has no `unsafe`, and overflow checks and debug assertions are on.

use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::shell;

/// Where the targets live: a workspace of their own.
const MANIFEST: &str = "fuzz/Cargo.toml";

/// Every target, each with the largest input it is given, in octets.
const TARGETS: &[(&str, u32)] = &[
    // Lines, rows and events of a kilobyte; a few of them show how they meet.
    ("page_log", 4_096),
    ("print_events", 8_192),
    ("print_events_json", 8_192),
    ("print_table", 4_096),
    // A chunk's header of 512 octets, then records of a kilobyte or two.
    ("evtx", 8_192),
    ("record_json", 2_048),
    // The largest UDP payload is 65,507; what a length field can claim shows in far less.
    ("snmp_message", 4_096),
    // A length field claims at most 32,767; a collection within ten others fits in far less.
    ("ipp_message", 4_096),
];

/// libFuzzer's edge counters, as `cargo fuzz` asks for them.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 --cfg fuzzing";

/// Options of the fuzzer.
#[derive(Args)]
pub(crate) struct Options {
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Builds and runs every target; needs a C++ compiler (g++) for libFuzzer itself.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if shell::find("c++").is_none() {
        bail!("libFuzzer needs a C++ compiler: sudo apt-get install g++");
    }
    let host = host()?;
    let directory = shell::target_directory().join("fuzz");
    build(&host, &directory)?;
    let mut crashed = false;
    for &(target, length_max) in TARGETS {
        crashed |= !fuzz(target, length_max, options.seconds, &host, &directory)?;
    }
    Ok(if crashed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// This machine's triple. Naming it keeps the instrumentation out of build scripts.
fn host() -> Result<String> {
    let version = shell::capture("rustc", &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not say which machine this is")
}

fn build(host: &str, directory: &Path) -> Result<()> {
    let arguments = [
        "build",
        "--release",
        "--manifest-path",
        MANIFEST,
        "--target",
        host,
    ];
    let mut cargo = shell::command(&shell::cargo(), &arguments);
    cargo.env("CARGO_TARGET_DIR", directory);
    shell::finish(
        cargo
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", INSTRUMENTATION),
    )
}

/// Runs one target; says whether it survived.
fn fuzz(target: &str, length_max: u32, seconds: u32, host: &str, directory: &Path) -> Result<bool> {
    let corpus = directory.join("corpus").join(target);
    let seeds = shell::root().join("fuzz/seeds").join(target);
    std::fs::create_dir_all(&corpus)?;
    let program = directory.join(host).join("release").join(target);
    let program = program
        .to_str()
        .context("the target directory is not named in UTF-8")?;
    println!("{target}: {seconds} s of inputs up to {length_max} octets");
    let arguments = [
        format!("-max_total_time={seconds}"),
        format!("-max_len={length_max}"),
        "-timeout=5".to_owned(),
        "-rss_limit_mb=1024".to_owned(),
        "-print_final_stats=1".to_owned(),
        format!("-artifact_prefix={}/crash-{target}-", directory.display()),
        corpus.display().to_string(),
        seeds.display().to_string(),
    ];
    let output = shell::command(program, &arguments)
        .stdout(Stdio::inherit())
        .output()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let survived = output.status.success();
    if !survived {
        println!("{log}");
    }
    let runs = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units: "));
    let edges = log
        .lines()
        .rev()
        .find_map(|line| line.split_once(" cov: ")?.1.split(' ').next());
    println!(
        "fuzz: target={target} seconds={seconds} runs={} edges={} crashes={}",
        runs.unwrap_or("?").trim(),
        edges.unwrap_or("?"),
        u8::from(!survived),
    );
    Ok(survived)
}
