//! CUPS `PageLogFormat`: what a line of `page_log` consists of (cupsd-logs(5)).
//!
//! Nothing in a line is escaped. Where a line ends and a word begins is known of numbers, queues
//! and keywords; users, accounts and titles hold blanks. So a form is matched from both ends
//! towards its last free text, which takes what is left; a free text before it takes one word.

use std::fmt;

use super::page_log_envelope::unquoted;
use super::times;
use platen_domain::clock::Timestamp;

/// The format to configure: what cannot be forged first, free text last, the job's UUID in.
pub const RECOMMENDED: &str = "%j %p %T %P %C %{job-impressions-completed} \
     %{job-media-sheets-completed} %{sides} %{print-color-mode} %{media} %{job-k-octets} \
     %{job-uuid} %{job-billing} %{job-originating-host-name} %u %{job-name}";

/// The forms that CUPS wrote by itself, newest first: the documented standard, and those of 1.x,
/// which ended earlier.
pub(super) const STANDARD: [&str; 4] = [
    "%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}",
    "%p %u %j %T %P %C %{job-billing} %{job-originating-host-name}",
    "%p %u %j %T %P %C %{job-billing}",
    "%p %u %j %T %P %C",
];

/// Longest format in octets: cupsd's own configuration lines end at 2,048.
const FORMAT_MAX_OCTETS: usize = 2_048;

/// How many brackets of a line are tried as the time: a title may hold others.
const BRACKETS_MAX: usize = 8;

/// Why a text is no format that jobs can be read with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Longer than cupsd reads.
    #[error("PageLogFormat: longer than 2048 octets")]
    TooLong,
    /// `%{` without `}`.
    #[error("PageLogFormat: an attribute is not closed with '}}'")]
    Unclosed,
    /// A letter behind `%` that cupsd does not know.
    #[error("PageLogFormat: unknown directive '%{0}'")]
    Directive(char),
    /// Two values with nothing between them.
    #[error("PageLogFormat: nothing stands between two values")]
    Touching,
    /// What names and counts a job is not in it.
    #[error(
        "PageLogFormat: expected %j and %p, %P and %C (or %{{job-impressions-completed}}), and %T, \
         each once"
    )]
    Incomplete,
}

/// One value of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Queue,
    User,
    Job,
    Time,
    Page,
    Count,
    Impressions,
    Sheets,
    Submitted,
    Uuid,
    Copies,
    Sides,
    ColorMode,
    Media,
    KOctets,
    Account,
    Client,
    Title,
    Other,
}

impl Part {
    fn of_attribute(name: &str) -> Self {
        match name {
            "job-uuid" => Self::Uuid,
            "copies" => Self::Copies,
            "job-impressions-completed" => Self::Impressions,
            "job-media-sheets-completed" => Self::Sheets,
            "time-at-creation" => Self::Submitted,
            // What a job asks for by the words of its queue's PPD stands in no IPP attribute.
            "sides" | "Duplex" => Self::Sides,
            "print-color-mode" | "ColorModel" => Self::ColorMode,
            "media" | "PageSize" => Self::Media,
            "job-k-octets" => Self::KOctets,
            "job-billing" | "job-account-id" => Self::Account,
            "job-originating-host-name" => Self::Client,
            "job-originating-user-name" => Self::User,
            "job-name" => Self::Title,
            _ => Self::Other,
        }
    }

    /// What it is called to people; `-` is not taken.
    const fn word(self) -> &'static str {
        match self {
            Self::Queue => "printer",
            Self::User => "user",
            Self::Job => "job",
            Self::Time => "time",
            Self::Page => "page",
            Self::Count => "count",
            Self::Impressions => "impressions",
            Self::Submitted => "submitted",
            Self::Uuid => "uuid",
            Self::Copies => "copies",
            Self::Sides => "sides",
            Self::ColorMode => "color",
            Self::Media => "media",
            Self::KOctets => "size",
            Self::Account => "account",
            Self::Client => "computer",
            Self::Title => "title",
            // cupsd halves the impressions and rounds down: three sides on paper are two sheets.
            Self::Sheets | Self::Other => "-",
        }
    }

    /// Whether it may hold blanks.
    const fn is_free_text(self) -> bool {
        matches!(self, Self::User | Self::Account | Self::Title)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Part(Part),
}

/// A compiled `PageLogFormat`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLogFormat {
    /// The directive, without quotation marks around it.
    text: String,
    /// Whether a line is read as it stands: a mark at its beginning is the format's own.
    keeps_quotes: bool,
    /// What stands before the time.
    head: Vec<Piece>,
    /// What stands behind it.
    tail: Vec<Piece>,
}

impl std::str::FromStr for PageLogFormat {
    type Err = FormatError;

    /// Compiles the value of the directive, as it stands in cupsd.conf.
    fn from_str(format: &str) -> Result<Self, FormatError> {
        if format.len() > FORMAT_MAX_OCTETS {
            return Err(FormatError::TooLong);
        }
        let text = unquoted(format);
        let is_around = text.len() + 2 == format.len();
        let keeps_quotes = format.starts_with('"') && !is_around;
        let text = if keeps_quotes { format } else { text };
        let pieces = pieces(text)?;
        let is_value = |piece: &Piece| matches!(piece, Piece::Part(_));
        let mut pairs = pieces.iter().zip(pieces.iter().skip(1));
        if pairs.any(|(one, next)| is_value(one) && is_value(next)) {
            return Err(FormatError::Touching);
        }
        let is_once = |part| {
            let same = pieces.iter().filter(|piece| **piece == Piece::Part(part));
            same.count() == 1
        };
        let is_counted =
            is_once(Part::Impressions) || (is_once(Part::Page) && is_once(Part::Count));
        // The count of one page, with nothing that says so, would pass for the job's.
        let is_half = is_once(Part::Page) != is_once(Part::Count);
        let is_named = [Part::Queue, Part::Job, Part::Time]
            .into_iter()
            .all(is_once);
        if !is_named || !is_counted || is_half {
            return Err(FormatError::Incomplete);
        }
        let mut halves = pieces.split(|piece| *piece == Piece::Part(Part::Time));
        let mut half = || halves.next().unwrap_or_default().to_vec();
        Ok(Self {
            text: text.to_owned(),
            keeps_quotes,
            head: half(),
            tail: half(),
        })
    }
}

/// The directive, as it stands in cupsd.conf.
impl fmt::Display for PageLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PageLogFormat {
    /// The directive, as it stands in cupsd.conf.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it reads, in words and in the order of the line: `printer user job time …`.
    pub fn words(&self) -> String {
        let words: Vec<&str> = self.parts().map(Part::word).collect();
        words.join(" ")
    }

    /// Whether a title is in it.
    pub(super) fn has_title(&self) -> bool {
        self.parts().any(|part| part == Part::Title)
    }

    /// Whether a computer is in it.
    pub(super) fn has_computer(&self) -> bool {
        self.parts().any(|part| part == Part::Client)
    }

    /// What it reads of a line, each value with its name; nothing where the line does not fit.
    pub(super) fn shown(&self, line: &str) -> String {
        let Some((_, values)) = read(line, std::slice::from_ref(self)) else {
            return String::new();
        };
        let named = self.parts().filter_map(|part| {
            let text = values.get(part)?;
            Some(format!("{} \"{text}\"", part.word()))
        });
        named.collect::<Vec<_>>().join(", ")
    }

    /// The part of a line that is the format's.
    pub(super) fn of_line<'a>(&self, line: &'a str, bare: &'a str) -> &'a str {
        if self.keeps_quotes { line } else { bare }
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        let part = |piece: &Piece| match piece {
            Piece::Part(part) => Some(*part),
            Piece::Literal(_) => None,
        };
        let head = self.head.iter().filter_map(part);
        let tail = self.tail.iter().filter_map(part);
        head.chain(std::iter::once(Part::Time)).chain(tail)
    }
}

fn pieces(format: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        let part = match rest.next() {
            Some('p') => Part::Queue,
            Some('u') => Part::User,
            Some('j') => Part::Job,
            Some('T') => Part::Time,
            Some('P') => Part::Page,
            Some('C') => Part::Count,
            Some('{') => {
                let (name, behind) = rest.as_str().split_once('}').ok_or(FormatError::Unclosed)?;
                rest = behind.chars();
                Part::of_attribute(name)
            }
            Some('%') | None => {
                literal.push('%');
                continue;
            }
            Some(other) => return Err(FormatError::Directive(other)),
        };
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Part(part));
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// The values of one line as they stand there; `-` is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Values<'a> {
    pub(super) queue: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) job: Option<&'a str>,
    pub(super) page: Option<&'a str>,
    pub(super) count: Option<&'a str>,
    pub(super) impressions: Option<&'a str>,
    pub(super) submitted: Option<&'a str>,
    pub(super) uuid: Option<&'a str>,
    pub(super) copies: Option<&'a str>,
    pub(super) sides: Option<&'a str>,
    pub(super) color_mode: Option<&'a str>,
    pub(super) media: Option<&'a str>,
    pub(super) k_octets: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) client: Option<&'a str>,
    pub(super) title: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn set(&mut self, part: Part, text: &'a str) {
        if let Some(place) = self.place(part) {
            // Where sides stand twice, as IPP's and as the PPD's, one of them is told.
            *place = Some(text)
                .filter(|text| !matches!(*text, "" | "-"))
                .or(*place);
        }
    }

    fn get(mut self, part: Part) -> Option<&'a str> {
        *self.place(part)?
    }

    fn place(&mut self, part: Part) -> Option<&mut Option<&'a str>> {
        Some(match part {
            Part::Queue => &mut self.queue,
            Part::User => &mut self.user,
            Part::Job => &mut self.job,
            Part::Page => &mut self.page,
            Part::Count => &mut self.count,
            Part::Impressions => &mut self.impressions,
            Part::Submitted => &mut self.submitted,
            Part::Uuid => &mut self.uuid,
            Part::Copies => &mut self.copies,
            Part::Sides => &mut self.sides,
            Part::ColorMode => &mut self.color_mode,
            Part::Media => &mut self.media,
            Part::KOctets => &mut self.k_octets,
            Part::Account => &mut self.account,
            Part::Client => &mut self.client,
            Part::Title => &mut self.title,
            Part::Time | Part::Sheets | Part::Other => return None,
        })
    }
}

/// What stands before and behind the time of a line.
pub(super) fn time_in(line: &str) -> Option<(&str, &str)> {
    let mut times = times_in(line);
    times.next().map(|(_, before, after)| (before, after))
}

/// Whether a line has the time that cupsd writes.
pub(super) fn has_time(line: &str) -> bool {
    time_in(line).is_some()
}

/// Every time in a line, with what stands before and behind it: a title may hold others.
fn times_in(line: &str) -> impl Iterator<Item = (Timestamp, &str, &str)> {
    let brackets = line.match_indices('[').take(BRACKETS_MAX);
    brackets.filter_map(|(start, _)| {
        let (head, rest) = line.split_at_checked(start)?;
        let (time, tail) = rest.strip_prefix('[')?.split_once(']')?;
        Some((times::page_log(time)?, head, tail))
    })
}

/// Whether a line can be read by a format.
pub(super) fn is_read(line: &str, format: &PageLogFormat) -> bool {
    read(line, std::slice::from_ref(format)).is_some()
}

/// Reads a line by the first of the formats that it fits. `None` where it fits none.
pub(super) fn read<'a>(
    line: &'a str,
    formats: &[PageLogFormat],
) -> Option<(Timestamp, Values<'a>)> {
    times_in(line).find_map(|(at, head, tail)| {
        let values = formats.iter().find_map(|format| {
            let mut values = Values::default();
            matched(&format.head, head, &mut values)?;
            matched(&format.tail, tail, &mut values)?;
            Some(values)
        });
        Some((at, values?))
    })
}

/// Matches a part of the line: from the left up to the last free text, then from the right down
/// to it.
fn matched<'a>(pieces: &[Piece], mut text: &'a str, values: &mut Values<'a>) -> Option<()> {
    let is_free = |piece: &Piece| matches!(piece, Piece::Part(part) if part.is_free_text());
    let Some(free) = pieces.iter().rposition(is_free) else {
        text = from_left(pieces, text, values)?;
        return text.is_empty().then_some(());
    };
    let (left, rest) = pieces.split_at_checked(free)?;
    let (Piece::Part(free), right) = rest.split_first()? else {
        return None;
    };
    text = from_left(left, text, values)?;
    text = from_right(right, text, values)?;
    values.set(*free, text);
    Some(())
}

fn from_left<'a>(pieces: &[Piece], mut text: &'a str, values: &mut Values<'a>) -> Option<&'a str> {
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Literal(literal) => text = text.strip_prefix(literal.as_str())?,
            Piece::Part(part) => {
                let end = match pieces.peek() {
                    Some(Piece::Literal(literal)) => text.find(literal.as_str())?,
                    _ => text.len(),
                };
                let (word, rest) = text.split_at_checked(end)?;
                values.set(*part, one_word(word)?);
                text = rest;
            }
        }
    }
    Some(text)
}

fn from_right<'a>(pieces: &[Piece], mut text: &'a str, values: &mut Values<'a>) -> Option<&'a str> {
    let mut pieces = pieces.iter().rev().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Literal(literal) => text = text.strip_suffix(literal.as_str())?,
            Piece::Part(part) => {
                let start = match pieces.peek() {
                    Some(Piece::Literal(literal)) => text.rfind(literal.as_str())? + literal.len(),
                    _ => 0,
                };
                let (rest, word) = text.split_at_checked(start)?;
                values.set(*part, one_word(word)?);
                text = rest;
            }
        }
    }
    Some(text)
}

fn one_word(text: &str) -> Option<&str> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    (!text.contains(blank)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_what_is_wrong_with_it() {
        let error = |text: &str| text.parse::<PageLogFormat>().unwrap_err().to_string();
        let directives = "PageLogFormat: unknown directive '%x'";
        assert_eq!(error("%p %x"), directives);
        assert_eq!(error("%{job-name"), FormatError::Unclosed.to_string());
        assert_eq!(error("%p%j %T %P %C"), FormatError::Touching.to_string());
        assert_eq!(error("%p %j %P %C"), FormatError::Incomplete.to_string());
        assert_eq!(error("%p %j %T %C"), FormatError::Incomplete.to_string());
        for format in STANDARD.into_iter().chain([RECOMMENDED]) {
            format.parse::<PageLogFormat>().unwrap();
        }
    }

    #[test]
    fn the_marks_around_a_directive_are_not_its_own() {
        let format: PageLogFormat = "\"%p,%u,%j,%T,%P,%C,%{job-name}\"".parse().unwrap();
        assert_eq!(format.as_str(), "%p,%u,%j,%T,%P,%C,%{job-name}");
        assert_eq!(format.words(), "printer user job time page count title");
        let own: PageLogFormat = "\"%p\" %j %T %P %C".parse().unwrap();
        let line = "\"hall\" 7 [02/Oct/2026:15:01:38 +0000] total 3";
        assert!(is_read(own.of_line(line, "hall\" 7"), &own));
    }

    #[test]
    fn the_last_free_text_takes_what_is_left() {
        let formats = [STANDARD[0].parse().unwrap()];
        let line = "lobby Front Desk 7 [02/Oct/2026:15:01:38 +0000] total 3 - 10.3.3.9 A [b] c  -";
        let (_, values) = read(line, &formats).unwrap();
        assert_eq!(values.user, Some("Front Desk"));
        assert_eq!(values.title, Some("A [b] c"));
        assert_eq!((values.media, values.sides), (None, None));
    }
}
