//! One person, one name: the organization's rule of names, two names that turned out to be one
//! person's, and bringing what is kept in line with both.
//!
//! What a person's name leads to changes at once, in one transaction. Jobs, balances and charges
//! follow in bounded writes ([`People::finish_people`]); whoever is interrupted goes on where it
//! stopped, at the next command or the server's next start.

use std::collections::BTreeSet;
use std::sync::Arc;

use platen_domain::balances::Movement;
use platen_domain::clock::Timestamp;
use platen_domain::ids::{PrintUserId, TransferId};
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::person_names::{NameRule, identity, without_domain};
use platen_domain::points::Points;
use platen_domain::print_users::{PrintUser, PrintUserDetails, UserRef};
use platen_domain::privacy::FieldMode;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::{EntryNote, Standing, StoreError, UnreadUser, Writer};

use super::People;
use super::people::PersonError;
use crate::AppError;
use crate::access::authorization;
use crate::access::authorization::system_scope;
use crate::accounts::name_in_jobs;
use crate::accounts::standings::settle;
use crate::accounts::work::Work;
use crate::operation::audit::{self, Event, action};

/// Names read anew by one write: some tens of milliseconds, which other writes can wait.
const NAMES_PER_WRITE: u32 = 2_000;

/// Balances moved by one write: each is two entries of the ledger or a few more.
const BALANCES_PER_WRITE: u32 = 200;

/// Namesakes that are told: enough to see what a rule of names lacks.
const NAMESAKES_MAX: usize = 20;

/// Why points come over, as the ledger keeps it.
const MERGED: &str = "merged";

/// What became of two names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Print jobs that changed hands.
    pub jobs: u64,
    /// How many balances came over.
    pub balances: u64,
}

/// What was brought in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Finished {
    /// Print jobs that changed hands.
    pub jobs: u64,
    /// Balances that came over.
    pub balances: u64,
}

impl People<'_> {
    /// Which domains the organization takes off the names of its people.
    pub async fn name_rule(self, scope: &Scope) -> Result<NameRule, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.name_rule(&scope)).await?)
    }

    /// The domains that were taken off names so far.
    pub async fn domains_met(self, scope: &Scope) -> Result<Vec<String>, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.domains_met(&scope)).await?)
    }

    /// Sets which domains are taken off names, and reads those that are known by the new rule:
    /// spellings that are one person's now become one. What was taken off before is not put back.
    pub async fn set_name_rule(self, scope: &Scope, rule: NameRule) -> Result<Finished, AppError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        let (within, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let set = self.app.store.of(&within).write(move |writer| {
            writer.set_name_rule(&within, &rule)?;
            let detail = match &rule {
                NameRule::EveryPrefix => "every prefix".to_owned(),
                NameRule::Listed(domains) => format!("{} domains", domains.len()),
            };
            let event = Event {
                organization: within.organization(),
                actor: &audit::actor_name(writer, &within)?,
                action: action::NAME_RULE_SET,
                object: "people",
                detail: &detail,
            };
            audit::append(writer, now, &*ids, &event)
        });
        set.await?;
        self.finish_people(scope).await
    }

    /// Whether only users who were made known are charged.
    pub async fn known_users_only(self, scope: &Scope) -> Result<bool, AppError> {
        let scope = scope.clone();
        Ok(self
            .app
            .store
            .read(move |r| r.known_users_only(&scope))
            .await?)
    }

    /// Sets whether only users who were made known are charged.
    pub async fn set_known_users_only(self, scope: &Scope, only: bool) -> Result<(), AppError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        let (within, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let set = self.app.store.of(&within).write(move |writer| {
            writer.set_known_users_only(&within, only)?;
            let event = Event {
                organization: within.organization(),
                actor: &audit::actor_name(writer, &within)?,
                action: action::KNOWN_USERS_ONLY_SET,
                object: "people",
                detail: if only { "on" } else { "off" },
            };
            audit::append(writer, now, &*ids, &event)
        });
        Ok(set.await?)
    }

    /// Other names that are kept and would be the same without a domain: they may be the same
    /// person's, or somebody else's of another domain.
    pub async fn namesakes(self, scope: &Scope, name: &str) -> Result<Vec<String>, AppError> {
        let (scope, name) = (scope.clone(), name.to_owned());
        let read = self.app.store.read(move |reader| {
            let rule = reader.name_rule(&scope)?;
            let own = rule.read(&name).map(|read| identity(&read.name));
            let bare = without_domain(&name);
            let mut found = BTreeSet::new();
            reader.each_print_user_name(&scope, |known| {
                let other = rule.read(known).map(|read| identity(&read.name));
                if without_domain(known) == bare && other != own {
                    found.insert(known.to_owned());
                }
            })?;
            Ok::<_, StoreError>(found.into_iter().take(NAMESAKES_MAX).collect())
        });
        Ok(read.await?)
    }

    /// Makes two names one person's, called `into`: jobs, months, balances, charges, holds,
    /// memberships and access are that person's from now on, and whatever names `from` means
    /// `into`. Entries of the ledger stay as they are; balances come over by transfers. When it
    /// fails on its way, it goes on at the next command or start.
    pub async fn merge_people(
        self,
        scope: &Scope,
        from: &str,
        into: &str,
    ) -> Result<Merged, PersonError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        let privacy = self.privacy(scope).await?;
        let leaves = self.spellings(scope, from).await?;
        let stays = self.spellings(scope, into).await?;
        let within = scope.clone();
        let found = self.app.store.read(move |reader| {
            let leaving = leaves.find(reader, &within)?;
            Ok::<_, StoreError>((leaving, stays.find(reader, &within)?))
        });
        let (leaving, staying) = found.await.map_err(AppError::from)?;
        if leaving.words.is_empty() && leaving.users.is_empty() {
            return Err(PersonError::Unknown);
        }
        let (within, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let into = into.to_owned();
        let merged = self.app.store.of(&within).write(move |writer| {
            let read = privacy.names.read(&into);
            let name = read.map_or_else(|| into.clone(), |read| read.name.into_owned());
            let words = leaving.words.iter().chain(&staying.words);
            let words: BTreeSet<_> = words.copied().collect();
            if !words.is_empty() {
                let hashes = privacy.policy.user == FieldMode::Hash;
                let kept = (privacy.policy, privacy.key.clone());
                let called = if hashes {
                    name_in_jobs(Some(&kept), &privacy.names, &name)
                } else {
                    name.clone()
                };
                let person = writer.word_of_person(&within, &called)?;
                for word in words {
                    writer.merge_words(&within, word, person, None)?;
                }
            }
            let into = match staying.users.first() {
                Some(known) => Some(known.clone()),
                None if leaving.users.is_empty() => None,
                None => {
                    let user = PrintUser {
                        id: PrintUserId::new(now, &*ids),
                        details: PrintUserDetails {
                            name: name.clone(),
                            ..PrintUserDetails::default()
                        },
                        is_known: true,
                        revision: 1,
                        created_at: now,
                    };
                    let kept = (privacy.policy, privacy.key.clone());
                    let job_name = name_in_jobs(Some(&kept), &privacy.names, &name);
                    writer.insert_print_user(&within, &user, &job_name)?;
                    Some(user)
                }
            };
            let mut object = "people".to_owned();
            if let Some(into) = into {
                object = format!("user {}", into.id);
                let others = leaving.users.iter().chain(staying.users.iter());
                for from in others.filter(|from| from.id != into.id) {
                    merge_users(writer, &within, from, into.id, now)?;
                }
            }
            writer.await_moves(&within)?;
            let event = Event {
                organization: within.organization(),
                actor: &audit::actor_name(writer, &within)?,
                action: action::PERSON_MERGED,
                object: &object,
                detail: "",
            };
            audit::append(writer, now, &*ids, &event)
        });
        merged.await.map_err(AppError::from)?;
        let Finished { jobs, balances } = self.finish_people(scope).await?;
        Ok(Merged { jobs, balances })
    }

    /// Brings what is kept in line with the rule of names and with the names that were merged,
    /// where something is left to do.
    pub async fn finish_people(self, scope: &Scope) -> Result<Finished, AppError> {
        let within = scope.clone();
        let pending = self
            .app
            .store
            .read(move |r| r.people_pending(&within))
            .await?;
        if pending.names {
            self.read_names_anew(scope).await?;
        }
        let mut finished = Finished::default();
        if !(pending.names || pending.jobs) {
            return Ok(finished);
        }
        finished.balances = self.move_balances(scope).await?;
        loop {
            let within = scope.clone();
            let units = self.app.store.of(&within).large();
            let moved = units.write(move |w| w.move_merged_charges(&within));
            if moved.await? == 0 {
                break;
            }
        }
        loop {
            let within = scope.clone();
            let moved = self
                .app
                .store
                .of(&within)
                .large()
                .write(move |w| w.move_merged_jobs(&within))
                .await?;
            finished.jobs = finished.jobs.saturating_add(moved.jobs);
            if moved.next.is_none() {
                return Ok(finished);
            }
        }
    }

    /// The same for every organization of the server.
    pub async fn finish_everybody(self) -> Result<(), AppError> {
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "housekeeping");
            self.finish_people(&scope).await?;
        }
        Ok(())
    }

    async fn read_names_anew(self, scope: &Scope) -> Result<(), AppError> {
        let mut after = Some(0);
        while let Some(last) = after {
            let within = scope.clone();
            let units = self.app.store.of(&within).large();
            let read = units.write(move |writer| {
                let rule = writer.name_rule(&within)?;
                writer.read_words_anew(&within, &rule, last, NAMES_PER_WRITE)
            });
            after = read.await?;
        }
        let mut after = Some(0);
        while let Some(last) = after {
            let (within, now) = (scope.clone(), self.app.now());
            let units = self.app.store.of(&within).large();
            let read = units.write(move |writer| {
                let users = writer.users_by_number(&within, last, NAMES_PER_WRITE)?;
                let last = users.last().map(|user| user.number);
                for user in users {
                    read_user_anew(writer, &within, &user, now)?;
                }
                Ok::<_, StoreError>(last)
            });
            after = read.await?;
        }
        let within = scope.clone();
        let units = self.app.store.of(&within);
        Ok(units.write(move |w| w.names_are_read(&within)).await?)
    }

    async fn move_balances(self, scope: &Scope) -> Result<u64, AppError> {
        let mut moved: u64 = 0;
        let organization = self.app.access().organization(scope).await?;
        let calendar = crate::accounts::periods::ZoneCalendar::of(&organization)?;
        loop {
            let (within, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
            let calendar = calendar.clone();
            let units = self.app.store.of(&within).large();
            let piece = units.write(move |writer| {
                let standings = writer.merged_standings(&within, BALANCES_PER_WRITE, now)?;
                let at = Work::begin(writer, &within, now, &*ids, calendar.clone())?;
                let count = standings.len();
                for (from, into) in standings {
                    move_balance(&at, from, into)?;
                }
                Ok::<_, StoreError>(count)
            });
            match piece.await? {
                0 => return Ok(moved),
                count => moved = moved.saturating_add(count.try_into().unwrap_or(u64::MAX)),
            }
        }
    }
}

/// One balance comes over: both are brought into the current period, then its points are
/// transferred. Who had none in the account gets no allowance of the period besides.
fn move_balance(at: &Work<'_>, mut from: Standing, mut into: Standing) -> Result<(), StoreError> {
    settle(at, &mut from)?;
    let left = from.balance.unwrap_or_default();
    if into.balance.is_none() {
        at.writer.set_allocation(&mut into, &left)?;
    } else {
        settle(at, &mut into)?;
    }
    let points = left.points;
    if points != Points::ZERO {
        let note = EntryNote {
            at: at.now,
            actor: &at.actor,
            reason: Some(MERGED),
            reference: Some(Reference::Transfer(TransferId::new(at.now, at.ids))),
        };
        let kind = EntryKind::Transfer;
        for (standing, points) in [(&mut from, points.negated()), (&mut into, points)] {
            let movement = Movement { kind, points };
            at.writer.move_points(standing, movement, &note)?;
        }
    }
    at.writer.end_merged_balance(&from, &into)
}

/// Has a user be found by what the rule makes of the name, alone or as one with another.
fn read_user_anew(
    writer: &Writer<'_>,
    scope: &Scope,
    unread: &UnreadUser,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rule = writer.name_rule(scope)?;
    let name = &unread.user.details.name;
    let Some(read) = rule.read(name) else {
        return Ok(());
    };
    let by_identity = writer.print_user_by_identity(scope, &identity(&read.name))?;
    if let Some(other) = by_identity.filter(|other| other.id != unread.user.id) {
        merge_users(writer, scope, &unread.user, other.id, now)?;
        return writer.await_moves(scope);
    }
    let privacy = writer.privacy(scope)?;
    let job_name = name_in_jobs(privacy.as_ref(), &rule, name);
    writer.read_user_anew(scope, unread.user.id, &rule, name, &job_name)
}

/// Makes two users one, who has what was said of either: the one that stays comes first.
fn merge_users(
    writer: &Writer<'_>,
    scope: &Scope,
    from: &PrintUser,
    into: PrintUserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    writer.merge_print_users(scope, from.id, into, now)?;
    let stays = writer.print_user(scope, &UserRef::Id(into))?;
    let mut stays = stays.ok_or(StoreError::NotFound("user"))?;
    let (details, other) = (&mut stays.details, &from.details);
    let fill = |known: &mut Option<String>, other: &Option<String>| {
        if known.is_none() {
            known.clone_from(other);
        }
    };
    fill(&mut details.display_name, &other.display_name);
    fill(&mut details.email, &other.email);
    fill(&mut details.external_id, &other.external_id);
    stays.is_known |= from.is_known;
    stays.revision = stays.revision.saturating_add(1);
    writer.update_merged_user(scope, &stays)
}
