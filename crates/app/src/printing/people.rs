//! What is kept of one person who prints: handed out, or erased.
//!
//! A person is found by any spelling of the name, by what was merged with it, and by the pseudonyms
//! of all of them, under which jobs are kept where the organization hashes names. Accounts may know
//! a person of whom no job is kept, and the other way around.

use std::collections::BTreeSet;
use std::sync::Arc;

use platen_collect::privacy::{PersonalField, former_pseudonym, pseudonym};
use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::keys::hex;
use platen_domain::person_names::{NameRule, identity};
use platen_domain::print_rows::WordNo;
use platen_domain::print_users::{PrintUser, PrintUserDetails};
use platen_domain::privacy::PseudonymKey;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_report::block::{Block, BlockBuilder, RowWriter, Rows};
use platen_report::column_map::Layout;
use platen_report::encode::Format;
use platen_report::print_jobs::PrintJobs;
use platen_store::{HeldJob, JobPosition, PrintPage, Reader, Store, StoreError, Writer};
use serde::Serialize;

use super::People;
use super::renditions::Look;
use crate::AppError;
use crate::access::authorization;
use crate::operation::audit::{self, Event, action};

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
    /// No job names the person, and accounts do not know one.
    #[error("no print job is kept of a user with this name, and no account knows one")]
    Unknown,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// Who is meant by a name.
#[derive(Debug)]
pub(crate) struct Person {
    /// The names that jobs carry.
    pub(crate) words: Vec<WordNo>,
    /// Whom accounts know; more than one only where names wait to be read anew.
    pub(crate) users: Vec<PrintUser>,
    /// Their records that wait for this server's clock.
    held: Vec<HeldJob>,
}

/// Everything that a name may be kept as.
#[derive(Debug, Clone)]
pub(crate) struct Spellings {
    rule: NameRule,
    /// Of the name as it was given, and by the rule.
    identities: BTreeSet<String>,
    /// Under the organization's key, as they are made today and as they were.
    pseudonyms: BTreeSet<String>,
}

impl Spellings {
    fn of(name: &str, rule: NameRule, domains: &[String], key: &PseudonymKey) -> Self {
        let name = name.trim();
        let read = rule.read(name).map(|read| read.name.into_owned());
        let bare = read.unwrap_or_else(|| name.to_owned());
        let mut pseudonyms = BTreeSet::new();
        let mut former = |name: &str| {
            pseudonyms.insert(pseudonym(key, PersonalField::User, name));
            pseudonyms.insert(former_pseudonym(key, name));
        };
        former(name);
        former(&bare);
        for domain in domains {
            former(&format!("{domain}\\{bare}"));
            former(&format!("{bare}@{domain}"));
        }
        Self {
            identities: [name, &bare].map(identity).into(),
            rule,
            pseudonyms,
        }
    }

    /// Whether a name that is kept is one of them.
    fn mean(&self, known: &str) -> bool {
        if self.pseudonyms.contains(known) {
            return true;
        }
        let read = self.rule.read(known);
        let identity = identity(read.as_ref().map_or(known, |read| &read.name));
        self.identities.contains(&identity)
    }

    /// Who is meant.
    pub(crate) fn find(&self, reader: &Reader<'_>, scope: &Scope) -> Result<Person, StoreError> {
        let words = reader.print_users(scope, |known| self.mean(known))?;
        let by_identity = |name: &String| reader.print_user_by_identity(scope, name);
        let by_job_name = |name: &String| reader.print_user_by_job_name(scope, name);
        let named = self.identities.iter().map(by_identity);
        let hidden = self.identities.iter().chain(&self.pseudonyms);
        let mut users: Vec<PrintUser> = Vec::new();
        for user in named.chain(hidden.map(by_job_name)) {
            let found = user?.filter(|user| users.iter().all(|known| known.id != user.id));
            users.extend(found);
        }
        let forever = Timestamp::from_millis(i64::MAX);
        let mut held = reader.held_jobs(scope, forever, u32::MAX)?;
        held.retain(|job| job.user.as_deref().is_some_and(|user| self.mean(user)));
        Ok(Person { words, users, held })
    }
}

/// What accounts know of a person: the first line of an export.
#[derive(Serialize)]
struct Profile {
    user: UserProfile,
}

#[derive(Serialize)]
struct UserProfile {
    id: String,
    name: String,
    display_name: Option<String>,
    email: Option<String>,
    external_id: Option<String>,
    state: &'static str,
    groups: Vec<String>,
}

/// One person's jobs on their way out, as rows of Print Transactions Data in NDJSON. Where
/// accounts know the person, a line `{"user": ...}` comes before them.
pub struct PersonExport {
    store: Store,
    scope: Scope,
    /// Until it is handed out.
    profiles: Option<Vec<u8>>,
    users: Vec<WordNo>,
    position: JobPosition,
    writer: RowWriter,
    jobs: u64,
}

impl PersonExport {
    /// How many jobs were handed out so far.
    pub const fn jobs(&self) -> u64 {
        self.jobs
    }

    /// The next lines, which may be none; `None` after the last ones.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, AppError> {
        if let Some(profiles) = self.profiles.take() {
            return Ok(Some(profiles));
        }
        if self.users.is_empty() {
            return Ok(None);
        }
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
        let (mut lines, mut rows) = (Vec::new(), Rows::of(block));
        while !rows.is_empty() {
            let limit = lines.len() + STEP_OCTETS;
            self.writer.write(&mut rows, &mut lines, limit);
        }
        Ok(lines)
    }
}

impl People<'_> {
    /// Everything that is kept of the jobs of who prints as `name`, and what accounts know of
    /// them. That it was asked for is in the audit log; for whom is not.
    pub async fn export_person(
        self,
        scope: &Scope,
        name: &str,
    ) -> Result<PersonExport, PersonError> {
        let person = self.person_called(scope, name).await?;
        let organization = self.app.access().organization(scope).await?;
        let look = Look::new(Arc::new(Layout::unchanged(PrintJobs)), &organization);
        let writer = look.writer(Format::Ndjson)?;
        let (within, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let users = person.users;
        let noted = self.app.store.of(scope).write(move |writer| {
            let event = Event {
                organization: within.organization(),
                actor: &audit::actor_name(writer, &within)?,
                action: action::PERSON_EXPORTED,
                object: "print jobs",
                detail: "",
            };
            audit::append(writer, now, &*ids, &event)?;
            let profiles = users
                .iter()
                .map(|user| profile(writer, &within, user.clone()));
            profiles.collect::<Result<Vec<_>, StoreError>>()
        });
        let profiles = noted.await.map_err(AppError::from)?;
        Ok(PersonExport {
            store: self.app.store.clone(),
            scope: scope.clone(),
            profiles: lines(&profiles)?,
            users: person.words,
            position: JobPosition::before(BEGINNING),
            writer,
            jobs: 0,
        })
    }

    /// Makes the jobs of who prints as `name` nobody's, for good, and says how many there were:
    /// the name becomes a random one that nothing leads back from, titles and computers are
    /// removed. Monthly sums stay. Accounts get the random name as well, and forget the rest of
    /// what they know of the person, with memberships and access entries; balances and their
    /// ledger stay. Answers kept for retries go as well, everybody's: they may name the person
    /// anywhere. When it fails on its way it may be asked for again.
    pub async fn erase_person(self, scope: &Scope, name: &str) -> Result<u64, PersonError> {
        let person = self.person_called(scope, name).await?;
        let users = person.words;
        // A block that is being made of the old rows would bring them back.
        let _alone = self.app.printing.sealing.lock().await;
        let (mut jobs, mut next) = (0, Some(BEGINNING).filter(|_| !users.is_empty()));
        let (mut theirs, mut of_others) = (BTreeSet::new(), BTreeSet::new());
        while let Some(from) = next {
            let (within, users) = (scope.clone(), users.clone());
            let erased = self
                .app
                .store
                .of(&within)
                .large()
                .write(move |writer| writer.erase_traces(&within, &users, from));
            let mut erased = erased.await.map_err(AppError::from)?;
            jobs += erased.jobs;
            next = erased.next;
            theirs.append(&mut erased.theirs);
            of_others.append(&mut erased.of_others);
        }
        let forgotten = &theirs - &of_others;
        let (scope, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        // The name goes last: as long as it is there, an erasure that broke off can be repeated.
        let renamed = self.app.store.of(&scope).write(move |writer| {
            let names = users.iter().map(|user| (*user, nobody(&*ids)));
            let names: Vec<_> = names.collect();
            writer.rename_print_users(&scope, &names, &forgotten)?;
            writer.release_jobs(&scope, &person.held)?;
            writer.forget_answers_of(&scope)?;
            let mut names = names.into_iter().map(|(_user, name)| name);
            for user in &person.users {
                let name = names.next().unwrap_or_else(|| nobody(&*ids));
                forget(writer, &scope, user, &name, now)?;
                writer.forget_former_names(&scope, user.id, || nobody(&*ids))?;
            }
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

    async fn person_called(self, scope: &Scope, name: &str) -> Result<Person, PersonError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        let spellings = self.spellings(scope, name).await?;
        let scope = scope.clone();
        let found = self
            .app
            .store
            .read(move |reader| spellings.find(reader, &scope));
        let person = found.await.map_err(AppError::from)?;
        if person.words.is_empty() && person.users.is_empty() && person.held.is_empty() {
            return Err(PersonError::Unknown);
        }
        Ok(person)
    }

    /// Everything that a name may be kept as.
    pub(crate) async fn spellings(self, scope: &Scope, name: &str) -> Result<Spellings, AppError> {
        let privacy = self.privacy(scope).await?;
        let mut domains = self.domains_met(scope).await?;
        if let NameRule::Listed(listed) = &privacy.names {
            domains.extend(listed.iter().cloned());
        }
        Ok(Spellings::of(name, privacy.names, &domains, &privacy.key))
    }
}

fn profile(reader: &Reader<'_>, scope: &Scope, user: PrintUser) -> Result<Profile, StoreError> {
    let groups = reader.groups_of(scope, user.id)?.into_iter();
    let details = user.details;
    Ok(Profile {
        user: UserProfile {
            id: user.id.to_string(),
            name: details.name,
            display_name: details.display_name,
            email: details.email,
            external_id: details.external_id,
            state: details.state.keyword(),
            groups: groups.map(|group| group.details.name).collect(),
        },
    })
}

fn lines(profiles: &[Profile]) -> Result<Option<Vec<u8>>, AppError> {
    let mut lines = Vec::new();
    for profile in profiles {
        let written = serde_json::to_writer(&mut lines, profile);
        written.map_err(|error| AppError::Interrupted(Box::new(error)))?;
        lines.push(b'\n');
    }
    Ok(Some(lines).filter(|lines| !lines.is_empty()))
}

/// Leaves of a user whom accounts know nothing but numbers.
fn forget(
    writer: &Writer<'_>,
    scope: &Scope,
    user: &PrintUser,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    writer.detach_print_user(scope, user.id, now)?;
    let nobody = PrintUser {
        details: PrintUserDetails {
            name: name.to_owned(),
            state: user.details.state,
            ..PrintUserDetails::default()
        },
        revision: user.revision.saturating_add(1),
        ..user.clone()
    };
    writer.update_print_user(scope, &nobody, name)
}

/// A name of the form of a pseudonym, made of nothing but chance.
fn nobody(ids: &dyn Ids) -> String {
    let mut octets = [0; NAME_OCTETS];
    ids.fill(&mut octets);
    format!("u-{}", hex(&octets))
}
