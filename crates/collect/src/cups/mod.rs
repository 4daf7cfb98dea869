//! Print jobs of a CUPS server, read by IPP.
//!
//! [`Spooler::new_jobs`] asks for jobs that are over, newest first, page by page until it meets
//! what it delivered before. Pages overlap, since the list moves while jobs end, and jobs are
//! compared by UUID and end, so that a reprint (the same job, ended again, its count grown) is
//! delivered again. Every job number is accounted for; those that never turn up are a
//! [`Gap`].
//!
//! The spooler is the first buffer: nothing here is kept but the [`Cursor`], and it moves only
//! with the records it stands for.

mod cursor;
pub(crate) mod jobs;
pub(crate) mod media;
mod numbers;
mod queues;
mod reading;
pub(crate) mod words;

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::print_gaps::Gap;
use platen_domain::print_jobs::PrintRecord;

use crate::http::Limits;
use crate::ipp::{AskError, LIST_MAX_OCTETS, Message, Operation, Peer, group_tag};
use numbers::Seen;
use queues::Queues;
use reading::Reading;

pub use cursor::Cursor;

/// How long a page may take: CUPS reads the files of old jobs one by one.
const LIMITS: Limits = Limits {
    deadline: Duration::from_mins(1),
    answer_max_octets: LIST_MAX_OCTETS,
};

/// A CUPS server.
#[derive(Clone)]
pub struct Spooler {
    /// Where it is and who we are to it. CUPS tells names and titles only to users of its
    /// `JobPrivateAccess`, by default the owner and administrators.
    pub peer: Peer,
    /// What keys its jobs: chosen once and kept, since hosts are renamed and cloned.
    pub instance: String,
    /// Whether every one of its queues checks who prints. Otherwise the user is what the client
    /// claims.
    pub users_verified: bool,
}

/// What one reading brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harvest {
    /// The jobs, in the order in which they ended.
    pub records: Vec<PrintRecord>,
    /// Holes that were noticed.
    pub gaps: Vec<Gap>,
    /// How far the spooler is read once the records are kept.
    pub cursor: Cursor,
    /// Jobs that could not be made records of: without a name, or too large for every cap.
    pub refused: u64,
    /// Of the records, those whose user the spooler withheld: we lack its permission.
    pub withheld: u64,
    /// Whether there is more to read at once.
    pub more: bool,
}

impl Spooler {
    /// [`platen_domain::print_jobs::SourceKey::source`] of its jobs.
    pub fn source(&self) -> String {
        format!("cups|{}", self.instance)
    }

    /// Reads what ended since `cursor`, at most some thousand jobs; `now` is the moment of asking.
    pub async fn new_jobs(&self, cursor: &Cursor, now: Timestamp) -> Result<Harvest, AskError> {
        // Asked first: a job that ends from here on is seen among those that are over.
        let waiting = self.waiting().await?;
        let mut reading = Reading::new(cursor, waiting);
        while let Some(page) = reading.next_page() {
            match self.page(page).await {
                Ok(answer) => reading.take(&answer),
                Err(error) if error.is_too_much() && reading.ask_for_less() => {}
                Err(error) => return Err(error),
            }
        }
        let queues = if reading.is_empty() {
            Queues::default()
        } else {
            self.queues().await?
        };
        let source = self.source();
        Ok(reading.harvest(&jobs::Maker {
            source: &source,
            queues: &queues,
            users_verified: self.users_verified,
            now,
        }))
    }

    async fn page(&self, page: reading::Page) -> Result<Message, AskError> {
        let question = self.peer.question(Operation::GetJobs);
        let question = question
            .keyword("which-jobs", "completed")
            .integer("limit", number(page.jobs));
        let question = match page.from {
            reading::From::Index(index) => question.integer("first-index", number(index)),
            reading::From::Number(first) => question.integer("first-job-id", number(first)),
        };
        let question = question.wanting(jobs::WANTED);
        self.peer.ask(question, LIMITS).await
    }

    /// Numbers of the jobs that are not over.
    async fn waiting(&self) -> Result<Seen, AskError> {
        let question = self.peer.question(Operation::GetJobs);
        let question = question
            .keyword("which-jobs", "not-completed")
            .wanting(&["job-id"]);
        let answer = self.peer.ask(question, LIMITS).await?;
        let jobs = answer.groups_of(group_tag::JOB);
        let number = |job: &crate::ipp::Group| u32::try_from(job.integer("job-id")?).ok();
        Ok(Seen {
            waiting: jobs.filter_map(number).collect(),
            ..Seen::default()
        })
    }

    async fn queues(&self) -> Result<Queues, AskError> {
        let question = self.peer.question(Operation::CupsGetPrinters);
        match self
            .peer
            .ask(question.wanting(queues::WANTED), LIMITS)
            .await
        {
            Ok(answer) => Ok(Queues::of(&answer)),
            // A server without queues finds none; another spooler may not know the operation.
            Err(AskError::Refused { code, text, .. }) => {
                tracing::debug!(code, text, "no queues are told");
                Ok(Queues::default())
            }
            Err(error) => Err(error),
        }
    }
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
