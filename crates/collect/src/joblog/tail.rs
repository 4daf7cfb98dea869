//! Follows a log that grows, is rotated and is cut short.
//!
//! A file is known again by device, inode and the digest of its beginning, since inodes are used
//! again and names pass on. After a rotation (`page_log.O` of cupsd, `.1` and on of logrotate) the
//! old file is read to its end before the new one. What cannot be ruled out to be lost is a
//! [`Gap`]. Reading twice is harmless, since records have keys; so in doubt it is read again.
//!
//! The cursor belongs into the transaction that stores the records it stands behind.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::tail_cursor::{Cursor, HEAD_MAX_OCTETS, Identity};
use super::{LineParser, Sink, lines};

pub use super::tail_cursor::CursorError;

/// What is appended to the names of rotated files, the youngest first: cupsd keeps one, logrotate
/// as many as it is told, Debian seven.
const ROTATED: [&str; 10] = [".O", ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9"];

/// Why lines may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The file was cut short or copied and emptied: what came in between is gone.
    Truncated,
    /// The file that was read last is no longer there: what it got afterwards is gone.
    Lost,
}

impl Gap {
    /// In words for people.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Truncated => "the log was cut short: lines written just before may be missing",
            Self::Lost => "the log was rotated away before its end was read",
        }
    }
}

/// What one look at the log brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Lines taken in.
    pub lines: u64,
    /// Whether there is more to read at once: the limit was reached.
    pub more: bool,
    /// Whether lines may be missing before these.
    pub gap: Option<Gap>,
}

/// Places of lines that are remembered while something waits for later ones: a busy half hour of
/// pages. Beyond it the oldest are forgotten, and a job in their midst is counted from there on
/// should reading begin anew.
const HELD_MAX: usize = 100_000;

/// Follows one log.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    /// How far it is read.
    cursor: Option<Cursor>,
    /// Lines given to the parser so far.
    given: u64,
    /// Where the lines began that it still needs, the oldest first, each with its number of all.
    held: VecDeque<(u64, Cursor)>,
}

/// A file that may hold what is to be read.
struct Candidate {
    file: File,
    octets: u64,
    identity: Identity,
}

/// A file with unread lines.
struct Unread {
    file: File,
    /// Where they begin.
    start: Cursor,
}

impl Tail {
    /// Follows the log at this path from the beginning of the file that is there now.
    pub fn from_start(path: impl Into<PathBuf>) -> Self {
        Self::new(path.into(), None)
    }

    const fn new(path: PathBuf, cursor: Option<Cursor>) -> Self {
        Self {
            path,
            cursor,
            given: 0,
            held: VecDeque::new(),
        }
    }

    /// Follows the log at this path from where [`Tail::cursor`] once stood.
    pub fn resume(path: impl Into<PathBuf>, cursor: &str) -> Result<Self, CursorError> {
        Ok(Self::new(path.into(), Some(cursor.parse()?)))
    }

    /// From where to go on with [`Tail::resume`] and a new parser: behind the lines of which
    /// everything was given out. `None` before anything was found.
    pub fn cursor(&self) -> Option<String> {
        let held = self.held.front().map(|(_, cursor)| cursor);
        held.or(self.cursor.as_ref()).map(ToString::to_string)
    }

    /// Takes in the lines that are new, at most `lines_max` of them, and moves the cursor behind
    /// them. A last line without an end waits for it, unless its file was rotated. A log that is
    /// not there has nothing new.
    ///
    /// The parser is the same in every call: lines that belong together (a job's pages in logs of
    /// CUPS before 2.2.10) are joined however they come.
    pub fn poll(
        &mut self,
        lines_max: u64,
        parser: &mut dyn LineParser,
        sink: &mut Sink<'_>,
    ) -> io::Result<Progress> {
        let mut progress = Progress {
            lines: 0,
            more: false,
            gap: None,
        };
        let (files, gap) = self.unread()?;
        progress.gap = gap;
        let count = files.len();
        for (index, unread) in files.into_iter().enumerate() {
            let is_current = index + 1 == count;
            self.follow(unread, is_current, lines_max, &mut progress, parser, sink)?;
            if progress.more {
                break;
            }
        }
        let needed = parser.waits_for().unwrap_or(self.given);
        while self.held.front().is_some_and(|(line, _)| *line < needed) {
            self.held.pop_front();
        }
        Ok(progress)
    }

    /// The files with unread lines, oldest first.
    fn unread(&self) -> io::Result<(Vec<Unread>, Option<Gap>)> {
        let mut files = candidates(&self.path)?;
        let (keep, place, gap) = match &self.cursor {
            None => (1, None, None),
            Some(cursor) => place(&files, cursor),
        };
        files.truncate(keep);
        let mut unread = Vec::new();
        for candidate in files.into_iter().rev() {
            let start = Cursor::at_start(candidate.identity);
            let file = candidate.file;
            unread.push(Unread { file, start });
        }
        if let (Some(first), Some(cursor)) = (unread.first_mut(), place) {
            // The beginning may have grown since.
            let identity = first.start.identity;
            first.start = Cursor { identity, ..cursor };
        }
        Ok((unread, gap))
    }

    fn follow(
        &mut self,
        unread: Unread,
        is_current: bool,
        lines_max: u64,
        progress: &mut Progress,
        parser: &mut dyn LineParser,
        sink: &mut Sink<'_>,
    ) -> io::Result<()> {
        let Unread { mut file, start } = unread;
        file.seek(SeekFrom::Start(start.offset))?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        let cursor = self.cursor.insert(start);
        while progress.lines < lines_max {
            let Some(read) = lines::next(&mut reader, &mut line)? else {
                return Ok(());
            };
            if !read.has_end && is_current {
                return Ok(());
            }
            if self.held.len() >= HELD_MAX {
                self.held.pop_front();
            }
            self.held.push_back((self.given, *cursor));
            parser.at(self.given);
            self.given += 1;
            cursor.line += 1;
            cursor.offset += read.octets as u64;
            progress.lines += 1;
            lines::give(parser, cursor.line, read, &line, sink);
        }
        progress.more = true;
        Ok(())
    }
}

/// How many of the candidates, youngest first, are to be read, where in the oldest of them, and
/// what may be missing.
fn place(files: &[Candidate], cursor: &Cursor) -> (usize, Option<Cursor>, Option<Gap>) {
    let holds = |file: &&Candidate| {
        file.octets >= cursor.offset && cursor.identity.begins_like(&file.identity, &file.file)
    };
    let same = |file: &Candidate| holds(&file) && cursor.identity.is_same_file(&file.identity);
    if let Some(at) = files.iter().position(same) {
        return (at + 1, Some(*cursor), None);
    }
    // Copied and emptied: the copy is another file with the same beginning.
    let copy = |file: &Candidate| cursor.identity.head_octets > 0 && holds(&file);
    if let Some(at) = files.iter().position(copy) {
        return (at + 1, Some(*cursor), Some(Gap::Truncated));
    }
    let current = files.first();
    if current.is_some_and(|file| cursor.identity.is_same_file(&file.identity)) {
        return (1, None, Some(Gap::Truncated));
    }
    let gap = current.is_some().then_some(Gap::Lost);
    (files.len(), None, gap)
}

/// The log and what it was rotated to, youngest first.
fn candidates(path: &Path) -> io::Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for ending in std::iter::once("").chain(ROTATED) {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let file = match File::open(&name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        let identity = Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
            ..head(&file, HEAD_MAX_OCTETS)?
        };
        candidates.push(Candidate {
            file,
            octets: metadata.len(),
            identity,
        });
    }
    Ok(candidates)
}

/// The digest of the first octets of a file, as many as there are.
fn head(mut file: &File, octets_max: u16) -> io::Result<Identity> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(octets_max.into()).read_to_end(&mut head)?;
    let digest = Sha256::digest(&head);
    Ok(Identity {
        head_octets: u16::try_from(head.len()).unwrap_or(octets_max),
        head_digest: u64::from_be_bytes(digest.first_chunk().copied().unwrap_or_default()),
        ..Identity::default()
    })
}

impl Identity {
    fn is_same_file(&self, other: &Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }

    /// Whether the file begins with what this one began with, as much of it as was there then.
    fn begins_like(&self, other: &Self, file: &File) -> bool {
        if self.head_octets == other.head_octets {
            return self.head_digest == other.head_digest;
        }
        // A file that cannot be read again now begins like none.
        let head = head(file, self.head_octets).unwrap_or_default();
        (self.head_octets, self.head_digest) == (head.head_octets, head.head_digest)
    }
}

#[cfg(test)]
#[path = "tail_tests.rs"]
mod tests;
