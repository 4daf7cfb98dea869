//! `GET /ingest/v1/privacy`: what a collector must do to records before they leave it.

use http::StatusCode;
use platen_domain::keys::hex;
use platen_domain::person_names::NameRule;
use platen_domain::privacy::FieldMode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answers::{self, Answer};
use crate::policy::CollectorContext;
use crate::problems::Problem;

/// The policy in the words of `platen privacy set`. The key goes along only where a field is
/// hashed with it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PrivacyPolicy")]
pub(super) struct Policy {
    /// What becomes of who printed.
    #[schemars(extend("enum" = keywords()))]
    user: &'static str,
    /// What becomes of the document's title.
    #[schemars(extend("enum" = keywords()))]
    document: &'static str,
    /// What becomes of the computer's name.
    #[schemars(extend("enum" = keywords()))]
    client: &'static str,
    /// The key of pseudonyms: 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pseudonym_key: Option<String>,
    /// The organization's time zone, an IANA name: that of times without offset in logs.
    time_zone: String,
    /// Domains that are taken off a user's name, before it (`DOMAIN\\`) and behind it (`@realm`),
    /// without regard to case, before a pseudonym is made of it. Where it is absent, every
    /// `DOMAIN\\` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_domains: Option<Vec<String>>,
}

fn keywords() -> Vec<&'static str> {
    FieldMode::ALL.iter().map(|mode| mode.keyword()).collect()
}

/// Answers with the organization's policy.
pub(super) async fn show(context: CollectorContext) -> Result<Answer, Problem> {
    let privacy = context.app().people().privacy(context.scope()).await?;
    let organization = context.app().access().organization(context.scope()).await?;
    let policy = &privacy.policy;
    let modes = [policy.user, policy.document, policy.client];
    let hashes = modes.contains(&FieldMode::Hash);
    let policy = Policy {
        user: policy.user.keyword(),
        document: policy.document.keyword(),
        client: policy.client.keyword(),
        pseudonym_key: hashes.then(|| hex(privacy.key.expose())),
        time_zone: organization.time_zone,
        user_domains: match privacy.names {
            NameRule::EveryPrefix => None,
            NameRule::Listed(domains) => Some(domains.into_iter().collect()),
        },
    };
    Ok(answers::private_json(StatusCode::OK, &policy))
}
