//! Reads recorded printers with the real collector and compares with what others read from the
//! same recordings.
//!
//! The last line counts, for each field, how often at least one other program says the same, or
//! a written reason says why not.

mod compare;
mod differences;
mod expected;
mod identities;
mod ipp_answers;
mod recordings;
mod supplies;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use platen_domain::life_counts::LifeCounts;
use platen_domain::readings::Observation;

use crate::shell;
use compare::{Field, Finding, Verdict};
use differences::Differences;
use expected::Opinions;
use recordings::Outcome;

/// Where the collector's tests keep the written reasons.
const DIFFERENCES: &str = "crates/collect/tests/corpus_differences.toml";

/// Options of the comparison.
#[derive(Args)]
pub(crate) struct Options {
    /// Directory with the recordings (*.snmprec), or with a folder `recordings` that holds them.
    directory: PathBuf,
    /// What other programs read [default: expected.json in the directory].
    #[arg(long, value_name = "FILE")]
    expected: Option<PathBuf>,
    /// Show every field of every recording.
    #[arg(long)]
    verbose: bool,
}

/// Runs the comparison and prints it.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let beside = || options.directory.join("expected.json");
    let expected = options.expected.clone().unwrap_or_else(beside);
    let tally = compare_all(&options.directory, &expected, options.verbose)?;
    Ok(if tally.panics == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The comparison as a step of the tests: fails on a panic, on a sentinel that came out as a
/// number, and on fewer agreements than the project promises.
pub(crate) fn check(directory: &Path) -> Result<()> {
    let tally = compare_all(directory, &directory.join("expected.json"), false)?;
    let enough = tally.life_counts.percent() >= 100
        && [
            &tally.serials,
            &tally.models,
            &tally.supplies,
            &tally.names,
            &tally.firmware,
            &tally.supply_texts,
        ]
        .iter()
        .all(|c| c.percent() >= 95);
    if !enough || tally.panics > 0 || tally.sentinels > 0 {
        bail!("fewer recordings agree than promised: all life counts, 95 % of the rest");
    }
    Ok(())
}

fn compare_all(directory: &Path, expected: &Path, verbose: bool) -> Result<Tally> {
    let mut opinions = expected::read(expected, &directory.join("manifest.csv"))?;
    let differences = Differences::read(&shell::root().join(DIFFERENCES))?;
    let found = recordings::read(directory)?;
    for (name, octets) in &found.ipp {
        let said = opinions.entry(name.clone()).or_default();
        said.extend(ipp_answers::opinion(octets));
    }
    let outcomes = recordings::collect(&found)?;
    let (mut tally, mut ipp) = (Tally::default(), Tally::default());
    let mut unexplained = Vec::new();
    println!("{}", heading());
    for (name, outcome) in &outcomes {
        let is_ipp = found.ipp.contains_key(name);
        let tally = if is_ipp { &mut ipp } else { &mut tally };
        let observation = tally.read(outcome);
        let said = opinions.get(name).map_or(&[][..], Vec::as_slice);
        let findings = compare::judge(name, observation, said, &differences);
        println!("{}", row(name, outcome, &findings));
        for finding in &findings {
            tally.count(finding);
            if verbose {
                println!("    {}", line(finding));
            }
        }
        let open = findings
            .into_iter()
            .filter(|finding| finding.verdict == Verdict::Differs);
        unexplained.extend(open.map(|finding| (name, finding)));
    }
    println!("\nunexplained differences: {}", unexplained.len());
    for (name, finding) in &unexplained {
        println!("  {name}: {}", line(finding));
    }
    print_notes(&found, &outcomes, &opinions);
    if !found.ipp.is_empty() {
        ipp.print("ipp-");
    }
    tally.print("");
    tally.join(&ipp);
    Ok(tally)
}

fn heading() -> String {
    let columns = [
        "recording",
        "profile",
        "serial",
        "model",
        "total",
        "mono",
        "color",
        "supplies",
    ];
    let [
        recording,
        profile,
        serial,
        model,
        total,
        mono,
        color,
        supplies,
    ] = columns;
    format!(
        "{recording:<46} {profile:<15} {serial:<19} {model:<26} {total:>8} {mono:>8} {color:>8} {supplies:>8}"
    )
}

/// What was read from a recording, and how much of it agrees.
fn row(name: &str, outcome: &Outcome, findings: &[Finding]) -> String {
    let observation = match outcome {
        Outcome::Read(observation, _) => observation,
        Outcome::Refused(error) => return format!("{name:<46} {error}{}", mark(findings)),
        Outcome::Panicked => return format!("{name:<46} PANIC"),
    };
    let identity = observation.identity.clone().unwrap_or_default();
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let count = |value: Option<u64>| text(value.map(|value| value.to_string()));
    let LifeCounts {
        total, mono, color, ..
    } = LifeCounts::derive(&observation.meters, observation.has_color);
    format!(
        "{name:<46} {:<15} {:<19} {:<26} {:>8} {:>8} {:>8} {:>8}{}",
        observation.profile.name,
        text(identity.serial),
        text(identity.model),
        count(total),
        count(mono),
        count(color),
        observation.supplies.as_ref().map_or(0, Vec::len),
        mark(findings),
    )
}

/// How many fields agree, where somebody else speaks of the recording.
fn mark(findings: &[Finding]) -> String {
    let of = |verdict: fn(&Verdict) -> bool| {
        findings
            .iter()
            .filter(|finding| verdict(&finding.verdict))
            .count()
    };
    let explained = of(|verdict| matches!(verdict, Verdict::Explained(_)));
    let differs = of(|verdict| matches!(verdict, Verdict::Differs));
    match (explained, differs) {
        _ if findings.is_empty() => String::new(),
        (0, 0) => "  ok".to_owned(),
        (explained, 0) => format!("  ok, {explained} explained"),
        (_, differs) => format!("  {differs} DIFFER"),
    }
}

fn line(finding: &Finding) -> String {
    let Finding {
        name,
        ours,
        theirs,
        verdict,
        ..
    } = finding;
    let theirs: Vec<String> = theirs
        .iter()
        .map(|(program, words)| format!("{program}: {words}"))
        .collect();
    let verdict = match verdict {
        Verdict::Agrees => "agrees".to_owned(),
        Verdict::Explained(reason) => format!("explained: {reason}"),
        Verdict::Differs => "DIFFERS".to_owned(),
    };
    format!("{name} = {ours} | {} | {verdict}", theirs.join(" | "))
}

fn print_notes(
    found: &recordings::Directory,
    outcomes: &BTreeMap<String, Outcome>,
    opinions: &Opinions,
) {
    for (name, outcome) in outcomes {
        if let Outcome::Read(discovered, polled) = outcome
            && let Some(note) = poll_note(discovered, polled.as_deref())
        {
            println!("  {name}: the poll after discovery {note}");
        }
    }
    for line in &found.unplayable {
        println!("  not played: {line}");
    }
    let spoken_of = |name: &&String| {
        opinions
            .get(*name)
            .is_some_and(|said| said.iter().any(|opinion| opinion.program != "manifest"))
    };
    let silent = outcomes.keys().filter(|name| !spoken_of(name)).count();
    println!(
        "note: no program speaks of {silent} recordings; {} are IPP answers",
        found.ipp.len()
    );
}

/// What a poll must repeat of discovery: recorded devices stand still.
fn poll_note<E: std::fmt::Display>(
    discovered: &Observation,
    polled: Result<&Observation, E>,
) -> Option<String> {
    match polled {
        Err(error) => Some(format!("failed: {error}")),
        Ok(polled) if polled.supplies != discovered.supplies => {
            let lists = (&discovered.supplies, &polled.supplies);
            Some(format!("read other supplies: {lists:?}"))
        }
        Ok(polled) if polled.status != discovered.status => Some(format!(
            "read another status: {:?}",
            (&discovered.status, &polled.status)
        )),
        Ok(_) => None,
    }
}

/// Agreements out of fields somebody else speaks of.
#[derive(Default)]
struct Count {
    agree: usize,
    all: usize,
}

impl Count {
    fn percent(&self) -> usize {
        (self.agree * 100).checked_div(self.all).unwrap_or(100)
    }
}

#[derive(Default)]
struct Tally {
    life_counts: Count,
    serials: Count,
    models: Count,
    supplies: Count,
    names: Count,
    firmware: Count,
    supply_texts: Count,
    meters: Count,
    status: Count,
    explained: usize,
    sentinels: usize,
    panics: usize,
}

impl Tally {
    /// Notes what cannot be excused, and gives what was read.
    fn read<'a>(&mut self, outcome: &'a Outcome) -> Option<&'a Observation> {
        match outcome {
            Outcome::Read(observation, _) => {
                let supplies = observation.supplies.as_deref().unwrap_or_default();
                self.sentinels += compare::sentinels_as_numbers(supplies);
                Some(observation)
            }
            Outcome::Refused(_) => None,
            Outcome::Panicked => {
                self.panics += 1;
                None
            }
        }
    }

    fn count(&mut self, finding: &Finding) {
        let count = match finding.field {
            Field::LifeCount => &mut self.life_counts,
            Field::Serial => &mut self.serials,
            Field::Model => &mut self.models,
            Field::Name => &mut self.names,
            Field::Firmware => &mut self.firmware,
            Field::Supply => &mut self.supplies,
            Field::SupplyText => &mut self.supply_texts,
            Field::Meter => &mut self.meters,
            Field::Status => &mut self.status,
        };
        count.all += finding.weight;
        match finding.verdict {
            Verdict::Agrees => count.agree += finding.weight,
            Verdict::Explained(_) => {
                count.agree += finding.weight;
                self.explained += finding.weight;
            }
            Verdict::Differs => {}
        }
    }

    /// Adds what was counted apart.
    fn join(&mut self, other: &Self) {
        let counts = [
            (&mut self.life_counts, &other.life_counts),
            (&mut self.serials, &other.serials),
            (&mut self.models, &other.models),
            (&mut self.supplies, &other.supplies),
            (&mut self.names, &other.names),
            (&mut self.firmware, &other.firmware),
            (&mut self.supply_texts, &other.supply_texts),
            (&mut self.meters, &other.meters),
            (&mut self.status, &other.status),
        ];
        for (ours, theirs) in counts {
            ours.agree += theirs.agree;
            ours.all += theirs.all;
        }
        self.sentinels += other.sentinels;
        self.panics += other.panics;
    }

    /// Two lines, the kind of recording before each.
    fn print(&self, kind: &str) {
        let ratio = |count: &Count| format!("{}/{}", count.agree, count.all);
        println!(
            "{kind}also: meters={} status={} names={} firmware={} supply_texts={} sentinels_as_numbers={}; {} of all agree by a written explanation",
            ratio(&self.meters),
            ratio(&self.status),
            ratio(&self.names),
            ratio(&self.firmware),
            ratio(&self.supply_texts),
            self.sentinels,
            self.explained,
        );
        println!(
            "{kind}corpus: life_counts={} serials={} models={} supplies={} panics={}",
            ratio(&self.life_counts),
            ratio(&self.serials),
            ratio(&self.models),
            ratio(&self.supplies),
            self.panics,
        );
    }
}
