//! Reading a TOML table key by key, so that every key nobody asked for can be named.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::durations;
use super::problems::{Problems, suggestion};

/// A table that is being read.
pub(super) struct Section<'t, 'i> {
    table: &'t DeTable<'i>,
    /// How it is called in messages: empty for the file's own keys, `tls.`, `range 2: `.
    path: String,
    /// Where it begins.
    span: Range<usize>,
    /// Keys that were asked for, whether they are there or not.
    known: Vec<&'static str>,
}

impl<'t, 'i> Section<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, path: &str, span: Range<usize>) -> Self {
        Self {
            table,
            path: path.to_owned(),
            span,
            known: Vec::new(),
        }
    }

    /// Where the section begins.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether `key` is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Adds a mistake of this section's key `key`.
    pub(super) fn refuse(&self, key: &str, problems: &mut Problems, text: &str) {
        let span = self.find(key).map_or_else(|| self.span(), Spanned::span);
        problems.at(&span, format!("{}{key}: {text}", self.path));
    }

    /// The text under `key`.
    pub(super) fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<String> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        self.expect(key, value, text, "text in quotes", problems)
    }

    /// The text under `key`, which must be there.
    pub(super) fn required_text(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<String> {
        if self.value(key).is_none() {
            problems.at(&self.span, format!("{}{key} is missing", self.path));
        }
        self.text(key, problems)
    }

    /// What the text under `key` says. `expected` completes "expected …".
    pub(super) fn parsed<T: std::str::FromStr>(
        &mut self,
        key: &'static str,
        expected: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.text(key, problems)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.refuse(
                key,
                problems,
                &format!("expected {expected}, found {text:?}"),
            );
        }
        parsed
    }

    /// The path under `key`.
    pub(super) fn path(&mut self, key: &'static str, problems: &mut Problems) -> Option<PathBuf> {
        self.text(key, problems).map(PathBuf::from)
    }

    /// Yes or no under `key`.
    pub(super) fn flag(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        self.expect(key, value, flag, "true or false", problems)
    }

    /// A port under `key`.
    pub(super) fn port(&mut self, key: &'static str, problems: &mut Problems) -> Option<u16> {
        let value = self.value(key)?;
        let integer = value.get_ref().as_integer();
        let port = integer.and_then(|integer| integer.as_str().parse::<u16>().ok());
        let port = port.filter(|port| *port > 0);
        self.expect(key, value, port, "a port from 1 to 65535", problems)
    }

    /// A whole number from 1 to `max` under `key`.
    pub(super) fn count(
        &mut self,
        key: &'static str,
        max: u32,
        problems: &mut Problems,
    ) -> Option<u32> {
        let value = self.value(key)?;
        let integer = value.get_ref().as_integer();
        let count = integer.and_then(|integer| integer.as_str().parse::<u32>().ok());
        let count = count.filter(|count| (1..=max).contains(count));
        let expected = format!("a whole number from 1 to {max}");
        self.expect(key, value, count, &expected, problems)
    }

    /// An interval under `key`, such as `"2h"`.
    pub(super) fn duration(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Duration> {
        let text = self.text(key, problems)?;
        durations::parse(&text)
            .inspect_err(|error| self.refuse(key, problems, &error.to_string()))
            .ok()
    }

    /// A list of texts under `key`.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let texts = value.get_ref().as_array().and_then(|array| {
            let texts = array.iter().map(|item| item.get_ref().as_str());
            texts.map(|text| text.map(str::to_owned)).collect()
        });
        self.expect(
            key,
            value,
            texts,
            "a list such as [\"one\", \"two\"]",
            problems,
        )
    }

    /// The table under `key`.
    pub(super) fn section(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Section<'t, 'i>> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table();
        let table = self.expect(key, value, table, "a table", problems)?;
        Some(Section::new(
            table,
            &format!("{}{key}.", self.path),
            value.span(),
        ))
    }

    /// The tables under `key`, each `[[key]]`.
    pub(super) fn sections(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<Section<'t, 'i>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let tables = value.get_ref().as_array().and_then(|array| {
            let tables = array.iter();
            let tables = tables.map(|item| Some((item.get_ref().as_table()?, item.span())));
            tables.collect::<Option<Vec<_>>>()
        });
        let expected = format!("tables, each beginning with [[{key}]]");
        let tables = self.expect(key, value, tables, &expected, problems);
        let numbered = tables.unwrap_or_default().into_iter().zip(1..);
        numbered
            .map(|((table, span), n)| Section::new(table, &format!("{key} {n}: "), span))
            .collect()
    }

    /// Every key with its text: a table whose keys are the operator's own.
    pub(super) fn pairs(&mut self, problems: &mut Problems) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (key, value) in self.table {
            match value.get_ref().as_str() {
                Some(text) => pairs.push((key.get_ref().to_string(), text.to_owned())),
                None => self.refuse(key.get_ref(), problems, "expected text in quotes"),
            }
        }
        pairs
    }

    /// Names every key nobody asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !self.known.contains(&name) {
                let near = suggestion(name, self.known.iter().copied());
                problems.at(
                    &key.span(),
                    format!("unknown key `{}{name}`{near}", self.path),
                );
            }
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.push(key);
        self.find(key)
    }

    fn find(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        let mut entries = self.table.iter();
        let found = entries.find(|(name, _)| name.get_ref().as_ref() == key);
        found.map(|(_, value)| value)
    }

    fn expect<T>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        read: Option<T>,
        expected: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        if read.is_none() {
            let found = value.get_ref().type_str();
            let text = format!("{}{key}: expected {expected}, found {found}", self.path);
            problems.at(&value.span(), text);
        }
        read
    }
}
