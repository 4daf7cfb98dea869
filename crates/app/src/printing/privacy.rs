//! Privacy: what is kept of the people behind print jobs.

use platen_domain::person_names::NameRule;
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::StoreError;

use super::People;
use crate::AppError;
use crate::access::authorization;
use crate::accounts::name_in_jobs;
use crate::operation::audit::{self, Event, action};

/// Users renamed by one write: some tens of milliseconds, which other writes can wait.
const USERS_PER_WRITE: u32 = 2_000;

/// An organization's privacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// What becomes of each field.
    pub policy: PrivacyPolicy,
    /// What pseudonyms are made with.
    pub key: PseudonymKey,
    /// Which domains are taken off names.
    pub names: NameRule,
}

/// Why a policy was not set.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// Names have no file extension.
    #[error("{0}: extension is for documents; choose collect, drop or hash")]
    Extension(&'static str),
    /// Titles would be gone before anybody could see them.
    #[error("document days: 0 keeps no title at all; drop them instead")]
    NoDays,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// Whether a policy can be followed.
fn check(policy: PrivacyPolicy) -> Result<(), PrivacyError> {
    for (field, mode) in [("user", policy.user), ("client", policy.client)] {
        if mode == FieldMode::Extension {
            return Err(PrivacyError::Extension(field));
        }
    }
    if policy.document_days == Some(0) {
        return Err(PrivacyError::NoDays);
    }
    Ok(())
}

impl People<'_> {
    /// The organization's privacy. Until a policy is set everything is collected; the key is
    /// made the first time somebody asks.
    pub async fn privacy(self, scope: &Scope) -> Result<Privacy, AppError> {
        let within = scope.clone();
        let kept = self.app.store.read(move |reader| {
            let kept = reader.privacy(&within)?;
            Ok::<_, StoreError>((kept, reader.name_rule(&within)?))
        });
        let (kept, names) = kept.await?;
        if let Some((policy, key)) = kept {
            return Ok(Privacy { policy, key, names });
        }
        let (within, ids) = (scope.clone(), self.app.ids.clone());
        let made = self.app.store.of(&within).write(move |writer| {
            // Somebody may have been faster.
            if writer.privacy(&within)?.is_none() {
                writer.set_privacy(&within, &PrivacyPolicy::default(), &*ids)?;
            }
            writer
                .privacy(&within)?
                .ok_or(StoreError::NotFound("privacy policy"))
        });
        let (policy, key) = made.await?;
        Ok(Privacy { policy, key, names })
    }

    /// Sets what becomes of each field of the records that come from now on. What is kept
    /// already stays as it is, but for the days after which titles are removed. Users whom accounts
    /// know keep their names, and are found in jobs by what those carry from now on.
    pub async fn set_privacy(
        self,
        scope: &Scope,
        policy: PrivacyPolicy,
    ) -> Result<(), PrivacyError> {
        authorization::require(scope, Capability::ManagePrivacy)?;
        check(policy)?;
        let within = scope.clone();
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let set = self.app.store.of(&scope).write(move |writer| {
            writer.set_privacy(&scope, &policy, &*ids)?;
            let event = Event {
                organization: scope.organization(),
                actor: &audit::actor_name(writer, &scope)?,
                action: action::PRIVACY_SET,
                object: "print jobs",
                detail: &summary(&policy),
            };
            audit::append(writer, now, &*ids, &event)
        });
        set.await.map_err(AppError::from)?;
        self.rename_users_in_jobs(&within).await?;
        Ok(())
    }

    /// Has accounts know their users by what jobs carry from now on. When it fails on its way,
    /// setting the policy again goes on.
    async fn rename_users_in_jobs(self, scope: &Scope) -> Result<(), AppError> {
        let mut after = Some(0);
        while let Some(last) = after {
            let scope = scope.clone();
            let units = self.app.store.of(&scope).large();
            let renamed = units.write(move |writer| {
                let privacy = writer.privacy(&scope)?;
                let names = writer.name_rule(&scope)?;
                let job_name = |name: &str| name_in_jobs(privacy.as_ref(), &names, name);
                writer.rename_in_jobs(&scope, job_name, last, USERS_PER_WRITE)
            });
            after = renamed.await?;
        }
        Ok(())
    }
}

/// One line for people: `user hash, document extension for 30 days, client collect`.
pub fn summary(policy: &PrivacyPolicy) -> String {
    let days = policy
        .document_days
        .map_or_else(String::new, |days| format!(" for {days} days"));
    format!(
        "user {}, document {}{days}, client {}",
        policy.user.keyword(),
        policy.document.keyword(),
        policy.client.keyword()
    )
}
