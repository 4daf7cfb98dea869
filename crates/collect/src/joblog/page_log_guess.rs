//! Forms of `page_log` worked out from lines: which words before the time are queue, user and job,
//! and what the columns behind the count hold.
//!
//! A column is what its values on all lines can be. What they do not say is left out (`%{-}`), never
//! guessed: a title takes what is left between the columns that are known.

use super::page_log_format::{PageLogFormat, is_read, time_in};
use super::page_log_values::{Computer, computer, is_job, is_media, is_number, is_queue};
use super::words;

/// Signs between the values of a line.
const SEPARATORS: [char; 4] = [',', ';', '|', '\t'];

/// A column of which nothing is taken.
const OTHER: &str = "%{-}";

/// A number of which nothing is taken.
const NUMBER: &str = "%{number}";

const TITLE: &str = "%{job-name}";

/// A line in its words: before the time, and behind it.
struct Words<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
}

/// Where the time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// Behind what names the job.
    Within,
    First,
    Last,
}

/// A line in its parts.
struct Parts<'a> {
    /// Queue, user and job, in whatever order.
    names: Vec<&'a str>,
    count: Option<u32>,
    /// What stands behind the count.
    rest: Vec<&'a str>,
}

/// Every format by which all of the lines can be read.
pub(super) fn readings(lines: &[&str]) -> Vec<PageLogFormat> {
    let separator = separator(lines);
    let mut formats = Vec::new();
    for time in [Time::Within, Time::First, Time::Last] {
        let parts = lines.iter().map(|line| parts(line, separator, time));
        let Some(parts) = parts.collect::<Option<Vec<Parts<'_>>>>() else {
            continue;
        };
        let rest = rest(&parts);
        let title = rest.iter().position(|column| *column == TITLE);
        for names in names(&parts, separator) {
            let mut rests = vec![rest.clone()];
            if let Some(title) = title.filter(|_| !names.contains("%u")) {
                // The first words of what would be a title may be the user.
                let mut with_user = rest.clone();
                with_user.insert(title, "%u");
                rests.push(with_user);
            }
            let read = rests.iter().filter_map(|rest| {
                let format = joined(&names, rest, time, separator).parse().ok()?;
                let mut lines = lines.iter();
                lines.all(|line| is_read(line, &format)).then_some(format)
            });
            formats.extend(read);
        }
    }
    formats
}

fn joined(names: &str, rest: &[&str], time: Time, separator: char) -> String {
    let mut columns = vec![names, "%P", "%C"];
    columns.extend(rest);
    match time {
        Time::Within => columns.insert(1, "%T"),
        Time::First => columns.insert(0, "%T"),
        Time::Last => columns.push("%T"),
    }
    columns.join(&separator.to_string())
}

/// What stands before or behind the time on every line, if it is not a blank.
fn separator(lines: &[&str]) -> char {
    let beside = |line: &&str, sign: char| {
        let Some((before, after)) = time_in(line) else {
            return false;
        };
        before.ends_with(sign) || (before.is_empty() && after.starts_with(sign))
    };
    let mut signs = SEPARATORS.into_iter();
    let found = signs.find(|sign| lines.iter().all(|line| beside(line, *sign)));
    found.unwrap_or(' ')
}

fn parts<'a>(line: &'a str, separator: char, time: Time) -> Option<Parts<'a>> {
    let (before, after) = time_in(line)?;
    let words = |text: &'a str, end: bool| -> Vec<&'a str> {
        let text = if end {
            text.strip_suffix(separator).unwrap_or(text)
        } else {
            text.strip_prefix(separator).unwrap_or(text)
        };
        if text.is_empty() {
            return Vec::new();
        }
        text.split(separator).collect()
    };
    let line = Words {
        before: words(before, true),
        after: words(after, false),
    };
    let (names, rest) = match time {
        Time::Within => {
            let is_within = !line.before.is_empty() && marks_at(&line.after, 0);
            is_within.then_some((line.before, line.after))?
        }
        Time::First if line.before.is_empty() => at_marks(&line.after)?,
        Time::Last if line.after.is_empty() => at_marks(&line.before)?,
        Time::First | Time::Last => return None,
    };
    let mut marks = rest.iter().take(2).filter_map(|word| word.parse().ok());
    let first: Option<u32> = marks.next();
    Some(Parts {
        names,
        count: marks.next().or(first),
        rest: rest.into_iter().skip(2).collect(),
    })
}

/// The words before page and count, and those from there on.
fn at_marks<'a>(words: &[&'a str]) -> Option<(Vec<&'a str>, Vec<&'a str>)> {
    let is_named = |place: &usize| {
        let names = words.get(..*place).unwrap_or_default();
        names.iter().any(|word| is_job(word))
    };
    let mut places = (2..words.len()).filter(is_named);
    let place = places.find(|place| marks_at(words, *place))?;
    let (names, rest) = words.split_at_checked(place)?;
    Some((names.to_vec(), rest.to_vec()))
}

/// Whether page and count stand at this place: `total 4`, `4 total` or `1 1`.
fn marks_at(words: &[&str], place: usize) -> bool {
    match (words.get(place), words.get(place + 1)) {
        (Some(&"total"), Some(count)) | (Some(count), Some(&"total")) => is_number(count),
        (Some(page), Some(copies)) => is_number(page) && is_number(copies),
        _ => false,
    }
}

/// The orders in which queue, user and job can stand, as directives.
fn names(parts: &[Parts<'_>], separator: char) -> Vec<String> {
    type Check = fn(&[&str]) -> bool;
    let orders: [(&[&str], Check); 7] = [
        (&["%p", "%u", "%j"], |w| {
            w.len() > 2 && is(w.first(), is_queue) && is(w.last(), is_job)
        }),
        (&["%u", "%p", "%j"], |w| {
            w.len() > 2 && is(w.get(w.len() - 2), is_queue) && is(w.last(), is_job)
        }),
        (&["%j", "%p", "%u"], |w| {
            w.len() > 2 && is(w.first(), is_job) && is(w.get(1), is_queue)
        }),
        (&["%j", "%u", "%p"], |w| {
            w.len() > 2 && is(w.first(), is_job) && is(w.last(), is_queue)
        }),
        (&["%p", "%j", "%u"], |w| {
            w.len() > 2 && is(w.first(), is_queue) && is(w.get(1), is_job)
        }),
        (&["%p", "%j"], |w| {
            w.len() == 2 && is(w.first(), is_queue) && is(w.last(), is_job)
        }),
        (&["%j", "%p"], |w| {
            w.len() == 2 && is(w.first(), is_job) && is(w.last(), is_queue)
        }),
    ];
    let fitting = orders.into_iter().filter(|(_, fits)| {
        let mut lines = parts.iter();
        lines.all(|parts| fits(&parts.names))
    });
    let mut fitting: Vec<&[&str]> = fitting.map(|(order, _)| order).collect();
    // Between queue and user CUPS's own order decides where the job stands behind them.
    if fitting.first() == Some(&["%p", "%u", "%j"].as_slice()) {
        fitting.retain(|order| *order != ["%u", "%p", "%j"]);
    }
    let joined = |order: &&[&str]| order.join(&separator.to_string());
    fitting.iter().map(joined).collect()
}

fn is(word: Option<&&str>, what: fn(&str) -> bool) -> bool {
    word.is_some_and(|word| what(word))
}

/// What stands behind the count, as directives.
fn rest(parts: &[Parts<'_>]) -> Vec<&'static str> {
    let lengths = parts.iter().map(|parts| parts.rest.len());
    let shortest = lengths.min().unwrap_or_default();
    let column = |place: usize, from_right: bool| {
        let values = parts.iter().filter_map(|parts| {
            let right = parts.rest.len().checked_sub(place + 1)?;
            let place = if from_right { right } else { place };
            Some((*parts.rest.get(place)?, parts.count))
        });
        directive(&values.collect::<Vec<_>>())
    };
    let mut rest: Vec<&'static str> = (0..shortest).map_while(|n| column(n, false)).collect();
    let free = shortest - rest.len();
    let mut right: Vec<&'static str> = (0..free).map_while(|n| column(n, true)).collect();
    // A number at the end of every title belongs to the title, unless a column parts them.
    while right.last().is_some_and(|column| COUNTS.contains(column)) {
        right.pop();
    }
    let columns = rest.len() + right.len();
    if parts.iter().any(|parts| parts.rest.len() != columns) {
        rest.push(TITLE);
    }
    rest.extend(right.iter().rev());
    // Of what comes twice nobody knows which is which.
    let is_once = |column: &&str| rest.iter().filter(|other| *other == column).count() == 1;
    let named = rest
        .iter()
        .map(|column| if is_once(column) { column } else { OTHER });
    named.collect()
}

/// Columns of numbers.
const COUNTS: [&str; 3] = [
    "%{job-impressions-completed}",
    "%{job-media-sheets-completed}",
    NUMBER,
];

/// What a column of these values holds; `None` where it can be anything.
fn directive(values: &[(&str, Option<u32>)]) -> Option<&'static str> {
    let all = |is: &dyn Fn(&str) -> bool| {
        let told = values
            .iter()
            .filter(|(value, _)| !matches!(*value, "-" | ""));
        let mut told = told.peekable();
        told.peek().is_some() && told.all(|(value, _)| is(value))
    };
    if values.iter().all(|(value, _)| *value == "-") {
        return Some(OTHER);
    }
    if values.iter().all(|(value, _)| is_number(value)) {
        let counts = values
            .iter()
            .filter_map(|(value, count)| value.parse::<u32>().ok().zip(*count));
        let counts: Vec<(u32, u32)> = counts.collect();
        let is_of =
            |is: fn(&(u32, u32)) -> bool| counts.len() == values.len() && counts.iter().all(is);
        return Some(if is_of(|(value, count)| value == count) {
            "%{job-impressions-completed}"
        } else if is_of(|(value, count)| value <= count) {
            "%{job-media-sheets-completed}"
        } else {
            NUMBER
        });
    }
    let found = if all(&|word| word.starts_with("urn:uuid:")) {
        Some("%{job-uuid}")
    } else if all(&|word| words::sides(word).is_some()) {
        Some("%{sides}")
    } else if all(&|word| words::color_mode(word).is_some()) {
        Some("%{print-color-mode}")
    } else if all(&is_media) {
        Some("%{media}")
    } else if all(&|word| computer(word) == Computer::Sure) {
        Some("%{job-originating-host-name}")
    } else {
        None
    };
    // A word here and nothing there: a column, but nobody knows which.
    let is_sometimes_none = values.iter().any(|(value, _)| *value == "-");
    found.or(is_sometimes_none.then_some(OTHER))
}
