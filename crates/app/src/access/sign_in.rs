//! Signing in with a name and a password.

use std::net::IpAddr;
use std::time::Duration;

use platen_domain::secret::Secret;
use platen_domain::users::User;
use platen_store::UserCredentials;

use super::Access;
use super::passwords::HashRefusal;
use super::sessions::{self, NewSession};
use super::throttle::Caller;
use super::users::{NAME_CHARS_MAX, PASSWORD_BYTES_MAX};
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// When the password queue is full, a place is free again after about this long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(2);

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// Unknown name, wrong password, or a user who may no longer sign in: one answer for all.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many attempts, by this caller or by all together.
    #[error("too many attempts; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl From<HashRefusal> for SignInRefusal {
    fn from(refusal: HashRefusal) -> Self {
        match refusal {
            HashRefusal::Busy => Self::Throttled {
                retry_after: BUSY_RETRY_AFTER,
            },
            HashRefusal::Failed(error) => Self::Unavailable(error),
        }
    }
}

impl Access<'_> {
    /// Signs a person in who knows `password`, and begins a session.
    ///
    /// A wrong password, an unknown name and a deactivated user cost the same time and give the
    /// same answer.
    pub async fn sign_in(
        self,
        name: &str,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<NewSession, SignInRefusal> {
        let too_long =
            name.chars().count() > NAME_CHARS_MAX || password.expose().len() > PASSWORD_BYTES_MAX;
        if too_long {
            return Err(SignInRefusal::Wrong);
        }
        let caller = Caller::new(name, peer);
        let admitted = self.app.access.throttle.admit(&caller, self.app.now());
        admitted.map_err(|retry_after| SignInRefusal::Throttled { retry_after })?;

        let known = self.credentials(name).await?;
        let hash = known.as_ref().and_then(|known| known.password_hash.clone());
        let verified = self
            .app
            .access
            .passwords
            .verify(password.clone(), hash)
            .await;
        // Whoever fills the queue must not use up the attempts of everybody else.
        if verified.is_err() {
            self.app.access.throttle.take_back(&caller);
        }
        if !verified? {
            self.note_refusal(known.map(|known| known.user), peer);
            return Err(SignInRefusal::Wrong);
        }
        self.app.access.throttle.forgive(&caller);
        let user = known.map(|known| known.user).ok_or(SignInRefusal::Wrong)?;
        Ok(self.begin_session(user, "password").await?)
    }

    /// What is known of the active user with this name.
    async fn credentials(self, name: &str) -> Result<Option<UserCredentials>, AppError> {
        let name = name.to_owned();
        let known = self.app.store.read(move |r| r.user_by_name(&name)).await?;
        Ok(known.filter(|known| known.user.deactivated_at.is_none()))
    }

    async fn begin_session(self, user: User, how: &'static str) -> Result<NewSession, AppError> {
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        let begun = self
            .app
            .store
            .write(move |writer| sessions::begin(writer, now, &*ids, user.clone(), how));
        Ok(begun.await?)
    }

    /// Writes a refused attempt on a real user into the log of the user's organization. Unknown
    /// names belong to nobody's log, and would let strangers fill it. The answer does not wait for
    /// the disk: the milliseconds would tell which names exist.
    fn note_refusal(self, user: Option<User>, peer: IpAddr) {
        let Some(user) = user else { return };
        let (store, now, ids) = (self.app.store.clone(), self.app.now(), self.app.ids.clone());
        tokio::spawn(async move {
            let noted = store.write(move |writer| {
                let event = Event {
                    organization: user.organization,
                    actor: &user.name,
                    action: action::SIGN_IN_REFUSED,
                    object: &user.name,
                    detail: &format!("wrong password, from {peer}"),
                };
                audit::append(writer, now, &*ids, &event)
            });
            if let Err(error) = noted.await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "a refused sign-in could not be noted");
            }
        });
    }
}
