//! Licences as signed documents: issuing and verifying. (`licence_installation` installs them.)
//!
//! A document is TOML a person can read. Its last line is the Ed25519 signature over all lines
//! before it, with line ends and trailing white space normalised, so that it survives a mail or
//! a form.

use platen_domain::clock::Timestamp;
use platen_domain::licences::{Feature, Licence, LicenceRefusal};
use platen_domain::scope::Scope;
use platen_store::{Issuer, Reader, StoreError};
use serde::{Deserialize, Serialize};

use super::issuers::{IssuerKey, is_signed_by, key_id};
use super::verified_licences::VerifiedLicences;
use crate::AppError;

/// Longest document, in bytes. A real one has a few hundred.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// The form of document this version writes and reads.
const VERSION: u32 = 1;

/// Precedes the signed text, so that a signature made for anything else never fits a licence.
const SIGNING_CONTEXT: &str = "platen licence\n";

/// How the last line begins.
const SIGNATURE_LINE: &str = "signature = ";

/// Why a document is no licence for this organization.
#[derive(Debug, thiserror::Error)]
pub enum LicenceError {
    /// Longer than any licence.
    #[error("this is no licence: it is longer than {} KiB", DOCUMENT_BYTES_MAX / 1024)]
    TooLong,
    /// Not in the form of a licence; the text says what is missing.
    #[error("this is no licence document: {0}")]
    Malformed(String),
    /// Signed by nobody this server trusts.
    #[error("the licence was issued by {issuer:?} (key {key_id}), whom this server does not trust")]
    UnknownIssuer {
        /// The issuer's name, as the document has it.
        issuer: String,
        /// The name of the issuer's key.
        key_id: String,
    },
    /// The signature does not fit the text.
    #[error("the licence was changed after it was issued: its signature does not fit its text")]
    Tampered,
    /// Issued to somebody else.
    #[error("the licence was issued to {issued_to:?}, and this organization is {organization:?}")]
    OtherOrganization {
        /// The organization in the licence.
        issued_to: String,
        /// The organization it was to be installed for.
        organization: String,
    },
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// The fields of a document, in the order they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    organization: String,
    features: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_limit: Option<u32>,
    valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    evaluation: bool,
    issuer: String,
    issuer_key: String,
}

/// Signs what `licence` says into a document.
pub fn issue(key: &IssuerKey, licence: &Licence) -> Result<String, LicenceError> {
    let issuer = key.issuer();
    let features = licence.features.iter().map(|f| f.keyword().to_owned());
    let document = Document {
        version: VERSION,
        organization: licence.organization.clone(),
        features: features.collect(),
        device_limit: licence.device_limit,
        valid_from: instant_text(licence.valid_from)?,
        valid_until: licence.valid_until.map(instant_text).transpose()?,
        evaluation: licence.evaluation,
        issuer_key: key_id(&issuer.public_key),
        issuer: issuer.name,
    };
    let malformed = |error: toml::ser::Error| LicenceError::Malformed(error.to_string());
    let text = normalize(&toml::to_string(&document).map_err(malformed)?);
    let signature = key.sign(signed_bytes(&text).as_bytes());
    Ok(format!("{text}{SIGNATURE_LINE}\"{signature}\"\n"))
}

/// Reads a document that one of `trusted` signed.
///
/// Whether it is valid *now* is another question, which
/// [`platen_domain::licences::check`] answers.
pub fn verify(document: &str, trusted: &[Issuer]) -> Result<Licence, LicenceError> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(LicenceError::TooLong);
    }
    let normal = normalize(document);
    let (text, signature) = split_signature(&normal)
        .ok_or_else(|| LicenceError::Malformed("its last line is not a signature".to_owned()))?;
    let fields: Document = toml::from_str(text)
        .map_err(|error| LicenceError::Malformed(error.message().to_owned()))?;
    if fields.version != VERSION {
        let found = fields.version;
        let problem = format!("it has version {found}, and this server reads version {VERSION}");
        return Err(LicenceError::Malformed(problem));
    }
    let issuer = trusted
        .iter()
        .find(|issuer| key_id(&issuer.public_key) == fields.issuer_key)
        .ok_or_else(|| LicenceError::UnknownIssuer {
            issuer: fields.issuer.clone(),
            key_id: fields.issuer_key.clone(),
        })?;
    if !is_signed_by(issuer, signed_bytes(text).as_bytes(), signature) {
        return Err(LicenceError::Tampered);
    }
    fields.into_licence()
}

impl Document {
    fn into_licence(self) -> Result<Licence, LicenceError> {
        let features = self.features.iter().map(|text| {
            let unknown = |error| LicenceError::Malformed(format!("feature {text:?}: {error}"));
            text.parse::<Feature>().map_err(unknown)
        });
        Ok(Licence {
            features: features.collect::<Result<_, _>>()?,
            organization: self.organization,
            device_limit: self.device_limit,
            valid_from: instant(&self.valid_from)?,
            valid_until: self.valid_until.as_deref().map(instant).transpose()?,
            evaluation: self.evaluation,
        })
    }
}

/// One spelling per document: `\n` ends each line, nothing trails it, blank lines vanish.
fn normalize(document: &str) -> String {
    let lines = document.lines().map(str::trim_end);
    lines
        .filter(|line| !line.is_empty())
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The signed text and the signature's hex digits.
fn split_signature(normal: &str) -> Option<(&str, &str)> {
    let (text, last) = normal.trim_end().rsplit_once('\n')?;
    let signature = last.strip_prefix(SIGNATURE_LINE)?;
    let signature = signature.strip_prefix('"')?.strip_suffix('"')?;
    // With the line end that belongs to the signed text.
    Some((normal.get(..=text.len())?, signature))
}

fn signed_bytes(text: &str) -> String {
    format!("{SIGNING_CONTEXT}{text}")
}

fn instant_text(instant: Timestamp) -> Result<String, LicenceError> {
    let out_of_range = |error: jiff::Error| LicenceError::Malformed(error.to_string());
    jiff::Timestamp::from_millisecond(instant.as_millis())
        .map(|instant| instant.to_string())
        .map_err(out_of_range)
}

fn instant(text: &str) -> Result<Timestamp, LicenceError> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    let malformed = |error: jiff::Error| LicenceError::Malformed(format!("{text:?}: {error}"));
    let instant = parsed.map_err(malformed)?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

impl VerifiedLicences {
    /// The organization's licence as installed; `None` when there is none, or when it no longer
    /// verifies (its issuer is not trusted any more, or the organization was renamed).
    pub(crate) fn installed(
        &self,
        reader: &Reader<'_>,
        scope: &Scope,
    ) -> Result<Option<Licence>, StoreError> {
        let Some(kept) = reader.licence(scope)? else {
            return Ok(None);
        };
        let organization = reader.organization(scope)?;
        let verified = self
            .get(&kept.document, &reader.trusted_issuers()?, verify)
            .and_then(|licence| issued_to(licence, &organization.name));
        Ok(verified
        .inspect_err(|error| {
            let error = error as &dyn std::error::Error;
            tracing::warn!(organization = %organization.id, error, "the installed licence does not count");
        })
        .ok())
    }

    /// Whether the organization's licence opens `feature` at `now`.
    pub(crate) fn check(
        &self,
        reader: &Reader<'_>,
        scope: &Scope,
        feature: Feature,
        now: Timestamp,
    ) -> Result<Result<(), LicenceRefusal>, StoreError> {
        let licence = self.installed(reader, scope)?;
        Ok(platen_domain::licences::check(
            licence.as_ref(),
            feature,
            now,
        ))
    }
}

/// The licence, where it was issued to the organization of this name.
pub(crate) fn issued_to(licence: Licence, organization: &str) -> Result<Licence, LicenceError> {
    if licence.organization == organization {
        return Ok(licence);
    }
    Err(LicenceError::OtherOrganization {
        issued_to: licence.organization,
        organization: organization.to_owned(),
    })
}

/// One line for people: `fleet, print; any number of devices; perpetual`.
pub fn summary(licence: &Licence) -> String {
    let features: Vec<_> = licence.features.iter().map(|f| f.keyword()).collect();
    let devices = licence.device_limit.map_or_else(
        || "any number of devices".to_owned(),
        |limit| format!("up to {limit} devices"),
    );
    let end = licence.valid_until.map(instant_text).transpose();
    let validity = match end {
        Ok(Some(end)) => format!("until {end}"),
        _ => "perpetual".to_owned(),
    };
    let kind = if licence.evaluation {
        "; evaluation"
    } else {
        ""
    };
    format!("{}; {devices}; {validity}{kind}", features.join(", "))
}

#[cfg(test)]
#[path = "licences_tests.rs"]
mod tests;
