//! What is kept of one person who prints: handed out, or erased.
//!
//! A person is found by the user name that jobs carry, without regard to case, and by the
//! pseudonym of that name, under which jobs are kept where the organization hashes names.

use std::collections::BTreeSet;
use std::sync::Arc;

use platen_collect::privacy::{PersonalField, pseudonym};
use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::keys::hex;
use platen_domain::print_rows::WordNo;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_report::block::{Block, BlockBuilder, Renderer};
use platen_report::column_map::Layout;
use platen_report::encode::Format;
use platen_report::print_jobs::PrintJobs;
use platen_store::{JobPosition, PrintPage, Store};

use crate::audit::{self, Event, action};
use crate::renditions::Look;
use crate::{App, AppError, authorization};

/// Jobs looked at in one short transaction.
const JOBS_PER_PAGE: u32 = 4_096;

/// Random octets in the name that an erased person gets: as many as a pseudonym shows.
const NAME_OCTETS: usize = 10;

/// Octets of an export that are written at a time, about.
const STEP_OCTETS: usize = 256 * 1024;

/// Before every job.
const BEGINNING: Timestamp = Timestamp::from_millis(0);

/// Why nothing was exported or erased.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// No job names the person.
    #[error("no print job is kept of a user with this name")]
    Unknown,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// One person's jobs on their way out, as rows of Print Transactions Data in NDJSON.
pub struct PersonExport {
    store: Store,
    scope: Scope,
    users: Vec<WordNo>,
    position: JobPosition,
    renderer: Renderer,
    jobs: u64,
}

impl PersonExport {
    /// How many jobs were handed out so far.
    pub const fn jobs(&self) -> u64 {
        self.jobs
    }

    /// The next lines, which may be none; `None` after the last ones.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, AppError> {
        let (scope, after) = (self.scope.clone(), self.position);
        let end = Timestamp::from_millis(i64::MAX);
        let read = self
            .store
            .read(move |reader| reader.print_page(&scope, after, end, JOBS_PER_PAGE));
        let page = read.await?;
        let Some(position) = page.end() else {
            return Ok(None);
        };
        self.position = position;
        self.lines(&page).map(Some)
    }

    fn lines(&mut self, page: &PrintPage) -> Result<Vec<u8>, AppError> {
        let mut builder = BlockBuilder::new(page.names());
        let is_theirs = |user: Option<WordNo>| user.is_some_and(|user| self.users.contains(&user));
        for row in page.rows().filter(|row| is_theirs(row.user)) {
            builder.push(&row);
        }
        let block = Block::parse(builder.finish());
        let block = block.map_err(|error| AppError::Interrupted(Box::new(error)))?;
        self.jobs += u64::from(block.rows());
        let (mut lines, mut row) = (Vec::new(), 0);
        while row < block.rows() {
            let rows = row..block.rows();
            row += self.renderer.render(&block, rows, &mut lines, STEP_OCTETS);
        }
        Ok(lines)
    }
}

impl App {
    /// Everything that is kept of the jobs of who prints as `name`. That it was asked for is in
    /// the audit log; for whom is not.
    pub async fn export_person(
        &self,
        scope: &Scope,
        name: &str,
    ) -> Result<PersonExport, PersonError> {
        let users = self.people_called(scope, name).await?;
        let organization = self.organization(scope).await?;
        let look = Look::new(Arc::new(Layout::unchanged(PrintJobs)), &organization);
        let renderer = look.renderer(Format::Ndjson)?;
        let (within, now, ids) = (scope.clone(), self.now(), Arc::clone(&self.ids));
        let noted = self.store.write(move |writer| {
            let event = Event {
                organization: within.organization(),
                actor: &audit::actor_name(writer, &within)?,
                action: action::PERSON_EXPORTED,
                object: "print jobs",
                detail: "",
            };
            audit::append(writer, now, &*ids, &event)
        });
        noted.await.map_err(AppError::from)?;
        Ok(PersonExport {
            store: self.store.clone(),
            scope: scope.clone(),
            users,
            position: JobPosition::before(BEGINNING),
            renderer,
            jobs: 0,
        })
    }

    /// Makes the jobs of who prints as `name` nobody's, for good, and says how many there were:
    /// the name becomes a random one that nothing leads back from, titles and computers are
    /// removed. Monthly sums stay. When it fails on its way it may be asked for again.
    pub async fn erase_person(&self, scope: &Scope, name: &str) -> Result<u64, PersonError> {
        let users = self.people_called(scope, name).await?;
        // A block that is being made of the old rows would bring them back.
        let _alone = self.sealing.lock().await;
        let (mut jobs, mut next) = (0, Some(BEGINNING));
        let (mut theirs, mut of_others) = (BTreeSet::new(), BTreeSet::new());
        while let Some(from) = next {
            let (within, users) = (scope.clone(), users.clone());
            let erased = self
                .store
                .write(move |writer| writer.erase_traces(&within, &users, from));
            let mut erased = erased.await.map_err(AppError::from)?;
            jobs += erased.jobs;
            next = erased.next;
            theirs.append(&mut erased.theirs);
            of_others.append(&mut erased.of_others);
        }
        let forgotten = &theirs - &of_others;
        let (scope, now, ids) = (scope.clone(), self.now(), Arc::clone(&self.ids));
        // The name goes last: as long as it is there, an erasure that broke off can be repeated.
        let renamed = self.store.write(move |writer| {
            let names = users.into_iter().map(|user| (user, nobody(&*ids)));
            writer.rename_print_users(&scope, &names.collect::<Vec<_>>(), &forgotten)?;
            let event = Event {
                organization: scope.organization(),
                actor: &audit::actor_name(writer, &scope)?,
                action: action::PERSON_ERASED,
                object: "print jobs",
                detail: &format!("{jobs} jobs"),
            };
            audit::append(writer, now, &*ids, &event)
        });
        renamed.await.map_err(AppError::from)?;
        Ok(jobs)
    }

    async fn people_called(&self, scope: &Scope, name: &str) -> Result<Vec<WordNo>, PersonError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        let key = self.privacy(scope).await?.key;
        let hidden = pseudonym(&key, PersonalField::User, name);
        let (scope, name) = (scope.clone(), name.trim().to_lowercase());
        let found = self.store.read(move |reader| {
            reader.print_users(&scope, |known| {
                known == hidden || known.to_lowercase() == name
            })
        });
        let users = found.await.map_err(AppError::from)?;
        if users.is_empty() {
            return Err(PersonError::Unknown);
        }
        Ok(users)
    }
}

/// A name of the form of a pseudonym, made of nothing but chance.
fn nobody(ids: &dyn Ids) -> String {
    let mut octets = [0; NAME_OCTETS];
    ids.fill(&mut octets);
    format!("u-{}", hex(&octets))
}
