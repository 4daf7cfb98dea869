//! `[log]`: what is logged, and in which form.

use super::problems::{Problems, suggestion};
use super::section::Section;

const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

const LEVELS: [(&str, tracing::Level); 5] = [
    ("error", tracing::Level::ERROR),
    ("warn", tracing::Level::WARN),
    ("info", tracing::Level::INFO),
    ("debug", tracing::Level::DEBUG),
    ("trace", tracing::Level::TRACE),
];

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogOptions {
    pub(crate) format: LogFormat,
    pub(crate) level: tracing::Level,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: tracing::Level::INFO,
        }
    }
}

impl LogOptions {
    pub(super) fn read(root: &mut Section<'_, '_>, problems: &mut Problems) -> Self {
        let usual = Self::default();
        let Some(mut section) = root.section("log", problems) else {
            return usual;
        };
        let options = Self {
            format: word(&mut section, "format", &FORMATS, problems).unwrap_or(usual.format),
            level: word(&mut section, "level", &LEVELS, problems).unwrap_or(usual.level),
        };
        section.finish(problems);
        options
    }
}

/// One of a few words under `key`.
pub(super) fn word<T: Copy>(
    section: &mut Section<'_, '_>,
    key: &'static str,
    words: &[(&'static str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let text = section.text(key, problems)?;
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let near = suggestion(&text, names.iter().copied());
        let expected = names.join(", ");
        section.refuse(
            key,
            problems,
            &format!("expected one of {expected}; found {text:?}{near}"),
        );
    }
    found.map(|(_, value)| *value)
}
