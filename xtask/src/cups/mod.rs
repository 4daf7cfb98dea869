//! A real CUPS, printed to by real programs and read by the real collector.
//!
//! Six ordinary jobs must come out as a table says; the traps of the field must not spring: a
//! title that forges a log line, one of 1,500 octets, a reprint, a class, a cancelled job; 600
//! jobs printed while nobody read must all be there, or, where the server forgot some, be counted.

mod collected;
mod daemons;
mod documents;
mod expected;
mod lab;
mod transactions;

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use platen_collect::joblog::page_log::PageLog;
use platen_collect::joblog::{Entry, LineParser as _};
use platen_domain::print_gaps::GapReason;

use collected::Collected;
use lab::Lab;
use transactions::Transaction;

/// Jobs printed while the collector is down.
const BACKLOG: usize = 600;

/// What Debian's CUPS remembers by default.
const HISTORY: u32 = 500;

/// What was found, for the last line.
#[derive(Debug, Default)]
struct Outcome {
    transactions: (usize, usize),
    edge: (usize, usize),
    reprint: bool,
    forged_refused: usize,
    backlog: usize,
    gap_counted: bool,
}

impl Outcome {
    fn is_right(&self) -> bool {
        self.transactions.0 == self.transactions.1
            && self.edge.0 == self.edge.1
            && self.reprint
            && self.forged_refused == 1
            && self.backlog == BACKLOG
            && self.gap_counted
    }
}

/// The last line, for machines.
impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |right: bool| if right { "ok" } else { "WRONG" };
        write!(
            f,
            "cups: transactions={}/{} edge={}/{} reprint={} forged_refused={} \
             backlog={}/{BACKLOG} gap_counted={}",
            self.transactions.0,
            self.transactions.1,
            self.edge.0,
            self.edge.1,
            word(self.reprint),
            self.forged_refused,
            self.backlog,
            word(self.gap_counted)
        )
    }
}

/// Runs the lab; the last line is for machines.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Runs the lab; an error where anything is not as it must be.
pub(crate) fn check() -> Result<()> {
    let started = Instant::now();
    let mut lab = Lab::start(0)?;
    let since = || started.elapsed().as_secs_f64();
    println!("{lab} ({:.1} s)", since());
    let mut collected = Collected::of(&lab)?;
    let mut outcome = Outcome::default();

    expected::print_ordinary(&lab)?;
    collected.read()?;
    outcome.transactions = compared(&expected::ordinary(), &collected);
    println!("ordinary jobs ({:.1} s)", since());

    expected::print_edge(&lab)?;
    collected.read()?;
    outcome.edge = compared(&expected::edge(), &collected);
    outcome.forged_refused = forged(&lab.page_log(), &collected);
    println!("edge cases ({:.1} s)", since());

    outcome.reprint = reprint(&lab, &mut collected)?;
    println!("reprint ({:.1} s)", since());
    collected.show_printers(&lab)?;

    outcome.backlog = backlog(&lab, &mut collected)?.0;
    println!("backlog of {BACKLOG}, nothing forgotten ({:.1} s)", since());

    lab.restart(HISTORY)?;
    let (brought, missing) = backlog(&lab, &mut collected)?;
    println!(
        "backlog of {BACKLOG}, {HISTORY} remembered: {brought} came, {missing} counted as missing ({:.1} s)",
        since()
    );
    outcome.gap_counted =
        missing >= BACKLOG - usize::try_from(HISTORY)? && brought + missing == BACKLOG;

    println!("{outcome}");
    if !outcome.is_right() {
        bail!("the collector does not say what was printed");
    }
    Ok(())
}

/// Prints the comparison, and gives how many are right of how many.
fn compared(expected: &[Transaction], collected: &Collected) -> (usize, usize) {
    let comparison = transactions::compare(expected, &collected.transactions());
    for row in comparison.table {
        println!("{row}");
    }
    (comparison.right, expected.len())
}

/// Lines of the page log that the collector refuses since the spooler does not know their job by
/// IPP: a title with a line break wrote them.
fn forged(page_log: &str, collected: &Collected) -> usize {
    let known: HashSet<&str> = collected.ids().collect();
    let vouched = |uuid: &str| known.contains(uuid);
    let mut parser = PageLog::new("lab", None).vouched_by(&vouched);
    let mut refused = 0;
    let mut sink = |entry: Entry| {
        if let Entry::Refused { line, reason } = entry {
            println!("page_log line {line}: {reason}");
            refused += usize::from(reason.contains("not known"));
        }
    };
    for (number, line) in (1..).zip(page_log.lines()) {
        parser.line(number, line.as_bytes(), &mut sink);
    }
    parser.finish(&mut sink);
    refused
}

/// Prints a job again: it must stay one, with all that was ever printed of it.
fn reprint(lab: &Lab, collected: &mut Collected) -> Result<bool> {
    let document = lab.document(3)?;
    let job = lab.print("zoe", "lab-mono", &["-t", "again", &document])?;
    lab.wait_until_printed()?;
    collected.read()?;
    let once = collected.named("again");
    lab.tool("lp", &["-i", &job, "-H", "restart"])?;
    lab.wait_until_printed()?;
    collected.read()?;
    let twice = collected.named("again");
    println!("printed {once:?}, then again: {twice:?} (impressions, revisions)");
    Ok(once == [(Some(3), 0)] && twice == [(Some(6), 1)])
}

/// Prints many jobs while nobody reads; gives how many came then, and how many were counted as
/// missing.
fn backlog(lab: &Lab, collected: &mut Collected) -> Result<(usize, usize)> {
    let document = lab.document(1)?;
    for _job in 0..BACKLOG {
        lab.print("pat", "null-raw", &["-o", "raw", "-t", "bulk", &document])?;
    }
    lab.wait_until_printed()?;
    let before = collected.ids().count();
    let gaps = collected.read()?;
    let missing = gaps
        .iter()
        .filter(|gap| gap.reason == GapReason::NumbersMissing);
    let missing: u64 = missing.filter_map(|gap| gap.jobs).sum();
    Ok((collected.ids().count() - before, usize::try_from(missing)?))
}
