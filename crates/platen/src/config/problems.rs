//! What is wrong with a configuration: all of it at once, each with its line and what to write.

use std::fmt;
use std::ops::Range;

/// A name further away than this many edits is no suggestion.
const SUGGESTION_EDITS_MAX: usize = 3;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The line, from 1.
    line: usize,
    text: String,
}

/// Every mistake found so far.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// Where each line begins, in bytes.
    line_starts: Vec<usize>,
    found: Vec<Problem>,
}

impl Problems {
    /// None yet, in this text.
    pub(crate) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            line_starts: std::iter::once(0)
                .chain(ends.map(|(at, _)| at + 1))
                .collect(),
            found: Vec::new(),
        }
    }

    /// Adds a mistake at a place of the text.
    pub(crate) fn at(&mut self, span: &Range<usize>, text: impl Into<String>) {
        let line = self
            .line_starts
            .partition_point(|start| *start <= span.start);
        self.found.push(Problem {
            line,
            text: text.into(),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The mistakes of the file called `file`, in the order of their lines, ready to be shown.
    pub(crate) fn into_report(mut self, file: &str) -> Report {
        self.found.sort();
        self.found.dedup();
        Report {
            file: file.to_owned(),
            problems: self.found,
        }
    }
}

/// Mistakes as a person reads them.
#[derive(Debug)]
pub(crate) struct Report {
    file: String,
    problems: Vec<Problem>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Problem { line, text } in &self.problems {
            writeln!(f, "{}:{line}: {text}", self.file)?;
        }
        match self.problems.len() {
            1 => write!(f, "1 problem"),
            count => write!(f, "{count} problems"),
        }
    }
}

impl std::error::Error for Report {}

/// `; did you mean …?` for the candidate nearest to `word`, or nothing.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    // The beginning of a name is nearer than any other name.
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let edits = strsim::damerau_levenshtein(&word, &candidate);
        (!candidate.starts_with(&word), edits)
    };
    let near = candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|((_, edits), candidate)| {
            *edits <= SUGGESTION_EDITS_MAX.min(candidate.len().max(2) / 2)
        })
        .min();
    near.map_or_else(String::new, |(_, candidate)| {
        format!("; did you mean `{candidate}`?")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_come_in_the_order_of_their_lines() {
        let text = "a = 1\nb = 2\nc = 3\n";
        let mut problems = Problems::of(text);
        problems.at(&(12..13), "third");
        problems.at(&(0..1), "first");
        let report = problems.into_report("platen.toml").to_string();
        insta::assert_snapshot!(report, @r"
        platen.toml:1: first
        platen.toml:3: third
        2 problems
        ");
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let keys = ["listen", "public_url", "tls"];
        assert_eq!(suggestion("lisen", keys), "; did you mean `listen`?");
        assert_eq!(
            suggestion("Public_URL", keys),
            "; did you mean `public_url`?"
        );
        assert_eq!(suggestion("colour", keys), "");
    }
}
