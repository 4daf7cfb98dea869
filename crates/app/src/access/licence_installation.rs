//! Installing an organization's licence.

use std::sync::Arc;

use platen_domain::clock::Timestamp;
use platen_domain::licences::{Feature, Licence, LicenceRefusal};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;

use super::Access;
use super::authorization;
use super::licences::{LicenceError, issued_to, summary, verify};
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// A licence that was installed.
#[derive(Debug, Clone)]
pub struct Installed {
    /// What it says.
    pub licence: Licence,
    /// Why it opens nothing just now, where that is so: expired, or not valid yet.
    pub warning: Option<LicenceRefusal>,
}

impl Access<'_> {
    /// The licence of the organization, whether it is valid now or not.
    pub async fn licence(self, scope: &Scope) -> Result<Option<Licence>, AppError> {
        let scope = scope.clone();
        let licences = Arc::clone(&self.app.access.licences);
        let read = self.app.store.read(move |r| licences.installed(r, &scope));
        Ok(read.await?)
    }

    /// Installs `document` as the organization's licence in place of the one before.
    ///
    /// An expired licence installs, with a warning: it shows until when the APIs were open.
    pub async fn install_licence(
        self,
        scope: &Scope,
        document: &str,
    ) -> Result<Installed, LicenceError> {
        authorization::require(scope, Capability::ManageLicence)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let document = document.to_owned();
        let done = self.app.store.write(move |writer| {
            let organization = writer.organization(&scope)?;
            let verified = verify(&document, &writer.trusted_issuers()?)
                .and_then(|licence| issued_to(licence, &organization.name));
            let licence = match verified {
                Ok(licence) => licence,
                Err(refusal) => return Ok(Err(refusal)),
            };
            writer.install_licence(&scope, &document, now)?;
            let event = Event {
                organization: scope.organization(),
                actor: &audit::actor_name(writer, &scope)?,
                action: action::LICENCE_INSTALLED,
                object: &licence.organization,
                detail: &summary(&licence),
            };
            audit::append(writer, now, &*ids, &event)?;
            let warning = validity_warning(&licence, now);
            Ok(Ok(Installed { licence, warning }))
        });
        done.await.map_err(AppError::from)?
    }
}

/// Why a licence opens nothing at `now`, whatever the feature.
fn validity_warning(licence: &Licence, now: Timestamp) -> Option<LicenceRefusal> {
    let feature = licence.features.first().copied().unwrap_or(Feature::Fleet);
    platen_domain::licences::check(Some(licence), feature, now).err()
}
