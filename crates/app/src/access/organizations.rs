//! Organizations of this server.

use platen_domain::ids::OrganizationId;
use platen_domain::organizations::Organization;
use platen_domain::scope::Scope;
use platen_domain::text::tidy_foreign;

use super::Access;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// Longest name of an organization, in characters.
pub const ORGANIZATION_NAME_CHARS_MAX: usize = 200;

/// Why an organization was not added.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// The name is empty, too long, or has characters that do not show.
    #[error("name the organization with 1 to {ORGANIZATION_NAME_CHARS_MAX} visible characters")]
    Name,
    /// There is one of that name.
    #[error("there is an organization named {0:?} already")]
    NameTaken(String),
    /// The time zone is not in the IANA database.
    #[error("unknown time zone {0:?}: expected an IANA name such as Europe/Berlin")]
    TimeZone(String),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// Whether an organization could be added with this name and time zone, were the name free.
pub fn check(name: &str, time_zone: &str) -> Result<(), OrganizationError> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= ORGANIZATION_NAME_CHARS_MAX;
    if !fits || tidy_foreign(name) != name {
        return Err(OrganizationError::Name);
    }
    if jiff::tz::TimeZone::get(time_zone).is_err() {
        return Err(OrganizationError::TimeZone(time_zone.to_owned()));
    }
    Ok(())
}

impl Access<'_> {
    /// Every organization of this server. For the operator: no scope reaches across.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method's path is not general over the reader's lifetime"
    )]
    pub async fn organizations(self) -> Result<Vec<Organization>, AppError> {
        Ok(self.app.store.read(|reader| reader.organizations()).await?)
    }

    /// The organization of `scope`.
    pub async fn organization(self, scope: &Scope) -> Result<Organization, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.organization(&scope)).await?)
    }

    /// Adds an organization. For the operator.
    pub async fn add_organization(
        self,
        name: &str,
        time_zone: &str,
    ) -> Result<Organization, OrganizationError> {
        check(name, time_zone)?;
        let name = name.trim();
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        let organization = Organization {
            id: OrganizationId::new(now, &*ids),
            name: name.to_owned(),
            time_zone: time_zone.to_owned(),
            created_at: now,
        };
        let added = self.app.store.write(move |writer| {
            let same = |known: &Organization| {
                known.name.to_lowercase() == organization.name.to_lowercase()
            };
            if writer.organizations()?.iter().any(same) {
                let name = organization.name.clone();
                return Ok(Err(OrganizationError::NameTaken(name)));
            }
            writer.insert_organization(&organization)?;
            let event = Event {
                organization: organization.id,
                actor: "operator",
                action: action::ORGANIZATION_CREATED,
                object: &organization.name,
                detail: &organization.time_zone,
            };
            audit::append(writer, now, &*ids, &event)?;
            Ok(Ok(organization.clone()))
        });
        added.await.map_err(AppError::from)?
    }
}
