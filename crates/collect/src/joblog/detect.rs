//! Which format a print log is in, by its name and how it begins.

use std::borrow::Cow;

use super::page_log::Recogniser;
use super::{papercut, table_layout, texts, utf16, windows_csv, windows_json};

/// How much of a file tells its format, in octets: banner, header and a few lines.
pub const SAMPLE_OCTETS: usize = 4_096;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $keyword:literal,)+) => {
        /// A format of print logs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $variant),+ }

        impl Kind {
            /// Every format.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the command line.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword),+ }
            }

            /// The format with this name.
            pub fn from_keyword(keyword: &str) -> Option<Self> {
                match keyword { $($keyword => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// Records as lines of JSON.
    Ndjson = "ndjson",
    /// CUPS `page_log`.
    PageLog = "page-log",
    /// CSV of PaperCut Print Logger.
    PaperCut = "papercut",
    /// Windows events as XML.
    WindowsXml = "windows-xml",
    /// Windows events as JSON, by whatever program.
    WindowsJson = "windows-json",
    /// Windows events as CSV, by a script.
    WindowsCsv = "windows-csv",
    /// A Windows event log file (`.evtx`).
    WindowsEvtx = "windows-evtx",
    /// Accounting of `LPRng`, which is not read: see [`super::ReadError`].
    Lprng = "lprng",
    /// Any other table, by a column map.
    Table = "table",
}

impl Kind {
    /// The format of a file with this name that begins with these octets, [`SAMPLE_OCTETS`] of
    /// them or all there are. `None` where nothing tells; content goes before names.
    pub fn detect(file_name: &str, start: &[u8]) -> Option<Self> {
        if start.starts_with(b"ElfFile\0") {
            return Some(Self::WindowsEvtx);
        }
        let text = match utf16::sniff(start) {
            Some(encoding) => encoding.decode(start).0,
            None => texts::decode(start),
        };
        let text = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
        by_content(text).or_else(|| by_name(file_name))
    }

    /// The same where a column map is there or not: with one, which somebody made for it, every
    /// table is read by it.
    pub fn detect_mapped(file_name: &str, start: &[u8], has_map: bool) -> Option<Self> {
        match Self::detect(file_name, start) {
            None | Some(Self::PaperCut | Self::WindowsCsv) if has_map => Some(Self::Table),
            kind => kind,
        }
    }
}

fn by_content(text: &str) -> Option<Kind> {
    let octets = text.as_bytes();
    let begins = |with: &[u8]| {
        let start = octets.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    if begins(papercut::BANNER) || begins(papercut::HEADER) {
        return Some(Kind::PaperCut);
    }
    let mut first = text.lines().filter(|line| !table_layout::is_preamble(line));
    if first.next().is_some_and(windows_csv::is_header) {
        return Some(Kind::WindowsCsv);
    }
    if begins(b"jobstart '-") {
        return Some(Kind::Lprng);
    }
    if windows_json::is_in(text) {
        return Some(Kind::WindowsJson);
    }
    let array = text.strip_prefix('[').map(str::trim_start);
    if begins(b"{") || array.is_some_and(|inner| inner.starts_with('{')) {
        return Some(Kind::Ndjson);
    }
    if begins(b"<") && text.contains("<Event") {
        return Some(Kind::WindowsXml);
    }
    let recogniser = Recogniser::default();
    let mut lines = text.lines();
    let is_page_log = lines.any(|line| recogniser.is_line(line));
    is_page_log.then_some(Kind::PageLog)
}

fn by_name(name: &str) -> Option<Kind> {
    let name: Cow<'_, str> = name.to_ascii_lowercase().into();
    let ends = |ending: &str| name.ends_with(ending);
    if name.contains("page_log") {
        return Some(Kind::PageLog);
    }
    if ends(".ndjson") || ends(".jsonl") {
        return Some(Kind::Ndjson);
    }
    (ends(".csv") || ends(".tsv")).then_some(Kind::Table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_names() {
        let detect = |name, start: &str| Kind::detect(name, start.as_bytes()).map(Kind::keyword);
        let utf16 = "\u{FEFF}<Event xmlns='x'>".encode_utf16();
        let utf16: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
        assert_eq!(Kind::detect("x.csv", &utf16), Some(Kind::WindowsXml));
        assert_eq!(
            detect("a.csv", "PaperCut Print Logger\r\n"),
            Some("papercut")
        );
        assert_eq!(
            detect("a.csv", "\"TimeCreated\",\"User\""),
            Some("windows-csv")
        );
        assert_eq!(detect("a.csv", "Time;User"), Some("table"));
        assert_eq!(detect("a.log", "{\"source\":1}"), Some("ndjson"));
        assert_eq!(detect("a.csv", "[{\"x\":1}]"), Some("ndjson"));
        assert_eq!(detect("x", "ElfFile\0"), Some("windows-evtx"));
        assert_eq!(detect("acct", "jobstart '-Hh4'"), Some("lprng"));
        let page = "KM u 300 [26/May/2009:14:31:48 +0200] 1 1 - localhost";
        assert_eq!(detect("x.txt", page), Some("page-log"));
        assert_eq!(detect("page_log.1", ""), Some("page-log"));
        let syslog =
            "Nov 30 17:50:13 p cupsd[8]: \"9 KM u [26/May/2009:14:31:48 +0200] total 4 4 x\"";
        assert_eq!(detect("messages", syslog), Some("page-log"));
        let first = "[26/May/2009:14:31:48 +0200] KM u 9 total 4 x";
        assert_eq!(detect("x", first), Some("page-log"));
        let glued = "KM:u:9 [26/May/2009:14:31:48 +0200] total 4 x";
        assert_eq!(detect("x", glued), Some("page-log"));
        let access =
            "localhost - - [26/May/2009:14:31:48 +0200] \"POST /printers/KM HTTP/1.1\" 200 9";
        assert_eq!(detect("access_log", access), None);
        assert_eq!(detect("x.txt", "hello"), None);
        for kind in Kind::ALL {
            assert_eq!(Kind::from_keyword(kind.keyword()), Some(*kind));
        }
    }
}
