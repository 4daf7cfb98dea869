//! By which form a `page_log` is read that nobody described: recognised from its first lines.
//!
//! A line that can be of one form only settles it: so the same lines give the same form in
//! whatever pieces they are read. Where no line does, [`LINES`] of them together may; what can still
//! be read in more than one way is a [`FormQuestion`], and nobody guesses.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};

use platen_domain::clock::Timestamp;

use super::page_log::{Mark, job_id, mark};
use super::page_log_envelope::bare;
use super::page_log_format::{PageLogFormat, RECOMMENDED, STANDARD, Values, has_time, read};
use super::page_log_guess;
use super::page_log_values::{Computer, are_plausible, computer, is_number};
use super::{lines, texts};

/// Lines that settle the form together where no line does alone.
pub(super) const LINES: usize = 20;

/// Lines that must all have an account and a computer before a word in those places is one: by
/// chance a title has three words, but not always.
const TEXT_LINES_MIN: usize = 8;

/// How much of a line a question shows, in characters.
const SHOWN_CHARS: usize = 160;

/// By what a log is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// By the forms that CUPS writes by itself, and the recommended one.
    Known,
    /// By one that was worked out.
    WorkedOut(PageLogFormat),
}

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    pub(super) form: Form,
    /// The format by which the line was read that settled it.
    pub(super) format: PageLogFormat,
}

impl Recognised {
    /// What is read, in words and in the order of the line.
    pub fn words(&self) -> String {
        self.format.words()
    }

    /// The form kept.
    pub fn to_text(&self) -> String {
        self.format.to_string()
    }
}

/// A log whose lines can be read in more than one way, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormQuestion {
    line: u64,
    text: String,
    readings: Vec<PageLogFormat>,
}

impl fmt::Display for FormQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            text,
            readings,
        } = self;
        let ways = match readings.len() {
            0 => "is in no form of page_log that is known",
            1 => "cannot be read with certainty",
            _ => "can be read in more than one way",
        };
        write!(f, "line {line} {ways}: {text}")?;
        for reading in readings {
            write!(f, "\n  '{reading}' reads: {}", reading.shown(text))?;
        }
        let example = readings.first().map_or(STANDARD[0], PageLogFormat::as_str);
        write!(
            f,
            "\n  say what PageLogFormat in cupsd.conf says: --page-log-format '{example}', or in a \
             section format = \"…\""
        )
    }
}

/// The forms that need no description.
pub(super) fn known() -> Vec<PageLogFormat> {
    let formats = std::iter::once(RECOMMENDED).chain(STANDARD);
    formats.filter_map(|format| format.parse().ok()).collect()
}

/// How a line fits the known forms.
enum Fit {
    /// By this one, and it can be no other.
    Sure(PageLogFormat),
    /// By this one, but for this doubt.
    Doubtful(PageLogFormat, Doubt),
    No,
}

/// Why a line may be of another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// There are more words before the job than a queue and a user have.
    User,
    /// What would be the account is a number no higher than the count: another count?
    Count,
    /// What would be account and computer may be the first words of the title.
    Text,
}

/// The same of one of the forms.
enum Verdict {
    Sure,
    Doubtful(Doubt),
    No,
}

/// Recognises the form of one log.
#[derive(Debug)]
pub struct Recogniser {
    known: Vec<PageLogFormat>,
    lines: Vec<(u64, String)>,
    /// Whether one of them is in no known form.
    is_other: bool,
}

impl Default for Recogniser {
    fn default() -> Self {
        Self {
            known: known(),
            lines: Vec::new(),
            is_other: false,
        }
    }
}

impl Recogniser {
    /// The form in this text, which [`Recognised::to_text`] wrote; `None` for another program's.
    pub fn recognised(text: &str) -> Option<Recognised> {
        let format: PageLogFormat = text.parse().ok()?;
        let form = if known().contains(&format) {
            Form::Known
        } else {
            Form::WorkedOut(format.clone())
        };
        Some(Recognised { form, format })
    }

    /// Reads lines until one settles it; to the end of the log, if it is asked so.
    pub fn read(
        reader: &mut dyn BufRead,
        is_whole: bool,
    ) -> io::Result<Option<Result<Recognised, FormQuestion>>> {
        let (mut recogniser, mut line, mut number) = (Self::default(), Vec::new(), 0);
        while let Some(read) = lines::next(reader, &mut line)? {
            number += 1;
            if !read.has_end && !is_whole {
                break;
            }
            if let Some(told) = recogniser.line(number, &line) {
                return Ok(Some(told));
            }
        }
        Ok(recogniser.end().filter(|_| is_whole))
    }

    /// Whether a text is a line of a `page_log`, in whatever form.
    pub fn is_line(&self, line: &str) -> bool {
        let line = bare(line);
        let is_own = || {
            let read = self.read_known(line);
            read.is_some_and(|(_, values)| mark(&values).is_ok())
        };
        let is_other = || !page_log_guess::readings(&[line]).is_empty();
        has_time(line) && (is_own() || is_other() || line.contains(" total "))
    }

    /// The same of a line that can be of no other form.
    pub(super) fn read_sure<'a>(&self, line: &'a str) -> Option<(Timestamp, Values<'a>)> {
        match self.fit(line) {
            Fit::Sure(format) => read(line, &[format]),
            Fit::Doubtful(..) | Fit::No => None,
        }
    }

    /// The values of a line in one of CUPS's own forms, or the recommended one.
    pub(super) fn read_known<'a>(&self, line: &'a str) -> Option<(Timestamp, Values<'a>)> {
        let mut formats = self.known.iter();
        formats.find_map(|format| {
            let (at, values) = read(line, std::slice::from_ref(format))?;
            are_plausible(&values).then_some((at, values))
        })
    }

    /// Takes in the next line; what it settles, if it does.
    pub fn line(&mut self, number: u64, line: &[u8]) -> Option<Result<Recognised, FormQuestion>> {
        let line = texts::decode(line);
        let line = bare(&line);
        if !has_time(line) {
            // Whatever it is, no job is in it.
            return None;
        }
        match self.fit(line) {
            // Among lines of another form a short one may look like CUPS's own by chance.
            Fit::Sure(format) if !self.is_other || format.has_title() => {
                return Some(Ok(Recognised {
                    form: Form::Known,
                    format,
                }));
            }
            Fit::No => self.is_other = true,
            Fit::Sure(_) | Fit::Doubtful(..) => {}
        }
        self.lines.push((number, line.to_owned()));
        if self.lines.len() < LINES {
            return None;
        }
        self.end()
    }

    /// Settles it by the lines there are; `None` where there are none.
    pub fn end(&self) -> Option<Result<Recognised, FormQuestion>> {
        let (number, first) = self.lines.first()?;
        let fits: Vec<Fit> = self.lines.iter().map(|(_, line)| self.fit(line)).collect();
        let doubts = fits.iter().map(|fit| match fit {
            Fit::Doubtful(format, doubt) => Some((format, *doubt)),
            Fit::Sure(_) | Fit::No => None,
        });
        let doubts: Option<Vec<(&PageLogFormat, Doubt)>> = doubts.collect();
        // cupsd writes every line in one form: what looks like several of CUPS's own is another.
        let doubts = doubts.filter(|doubts| {
            doubts
                .iter()
                .all(|(format, _)| doubts.first().is_some_and(|(first, _)| first == format))
        });
        let is_known_out = doubts.is_none();
        let mut readings = Vec::new();
        let mut is_guessed = true;
        if let Some(doubts) = doubts {
            let format = doubts.first().map(|(format, _)| (*format).clone())?;
            if self.are_dispelled(&doubts) {
                let form = Form::Known;
                return Some(Ok(Recognised { form, format }));
            }
            readings.push(format);
            is_guessed = doubts.iter().any(|(_, doubt)| *doubt != Doubt::User);
        }
        let lines: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        for reading in page_log_guess::readings(&lines) {
            if is_guessed && !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        if let ([format], true) = (readings.as_slice(), is_known_out) {
            return Some(Ok(Recognised {
                form: Form::WorkedOut(format.clone()),
                format: format.clone(),
            }));
        }
        Some(Err(FormQuestion {
            line: *number,
            text: shortened(first).into_owned(),
            readings,
        }))
    }

    /// Whether all lines together say what none says alone.
    fn are_dispelled(&self, doubts: &[(&PageLogFormat, Doubt)]) -> bool {
        let all = |doubt| doubts.iter().all(|(_, found)| *found == doubt);
        let first_word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let mut queues = self.lines.iter().map(|(_, line)| first_word(line));
        let one = queues.next();
        // What stands before every line is the same on every line.
        let several_queues = queues.any(|queue| Some(queue) != one);
        (all(Doubt::User) && several_queues) || (all(Doubt::Text) && doubts.len() >= TEXT_LINES_MIN)
    }

    fn fit(&self, line: &str) -> Fit {
        for (place, format) in self.known.iter().enumerate() {
            let Some((_, values)) = read(line, std::slice::from_ref(format)) else {
                continue;
            };
            if place == 0 {
                match values.uuid {
                    Some(uuid) if uuid.starts_with("urn:uuid:") => {
                        return Fit::Sure(format.clone());
                    }
                    _ => continue,
                }
            }
            match verdict(&values, format) {
                Verdict::No => {}
                Verdict::Sure => return Fit::Sure(format.clone()),
                Verdict::Doubtful(doubt) => return Fit::Doubtful(format.clone(), doubt),
            }
        }
        Fit::No
    }
}

/// What speaks for and against a reading by one of CUPS's own forms.
fn verdict(values: &Values<'_>, format: &PageLogFormat) -> Verdict {
    let (Ok(_), Ok(mark)) = (job_id(values), mark(values)) else {
        return Verdict::No;
    };
    if values.queue.is_none() || !are_plausible(values) {
        return Verdict::No;
    }
    if let Some(account) = values.account
        && let Some(verdict) = of_account(account, mark, values, format)
    {
        return verdict;
    }
    if values.user.is_some_and(|user| user.contains(' ')) {
        return Verdict::Doubtful(Doubt::User);
    }
    Verdict::Sure
}

/// What speaks against a word being the account; `None` where nothing does.
fn of_account(
    account: &str,
    mark: Mark,
    values: &Values<'_>,
    format: &PageLogFormat,
) -> Option<Verdict> {
    let count = match mark {
        Mark::Total(total) => total,
        Mark::Page { copies, .. } => copies,
    };
    let has_computer = format.has_computer();
    if !has_computer && computer(account) == Computer::Sure {
        return Some(Verdict::No);
    }
    let of_computer = values.client.map(computer);
    if is_number(account) {
        let is_count = account.parse::<u32>().is_ok_and(|account| account <= count);
        let is_doubtful = is_count || of_computer != Some(Computer::Sure);
        return is_doubtful.then_some(Verdict::Doubtful(Doubt::Count));
    }
    // CUPS 1.1 ended its lines with the account, and logged every page.
    let is_old = values.page != Some("total") && !account.contains('.');
    let is_doubtful = of_computer == Some(Computer::Possible) || (!has_computer && !is_old);
    is_doubtful.then_some(Verdict::Doubtful(Doubt::Text))
}

fn shortened(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()).into(),
        None => line.into(),
    }
}

#[cfg(test)]
#[path = "page_log_form_tests.rs"]
mod tests;
