//! Print jobs, pushed as collectors push them.

use http::Method;
use platen_domain::organizations::Organization;

use super::{Got, World};

pub(crate) const BATCHES: &str = "/ingest/v1/batches";
pub(crate) const ENROLMENTS: &str = "/ingest/v1/enrolments";

/// A record's line: its id, when it ended, and more fields as JSON writes them.
pub(crate) fn job(id: &str, completed_at: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"source":"cups|test","id":"{id}","completed_at":"{completed_at}"{comma}{more}}}"#)
}

/// The body that enrols a collector.
pub(crate) fn enrolment(code: &str, name: &str) -> String {
    format!(r#"{{"code":"{code}","name":"{name}"}}"#)
}

impl World {
    /// A code that enrols one collector.
    pub(crate) async fn enrolment_code(&self, organization: &Organization) -> String {
        let scope = self.app.access().operator(organization.id);
        let code = self
            .app
            .access()
            .create_enrolment_code(&scope, "")
            .await
            .unwrap();
        code.expose().clone()
    }

    /// The credential of a new collector.
    pub(crate) async fn collector(&self, organization: &Organization, name: &str) -> String {
        let code = self.enrolment_code(organization).await;
        let (_, credential) = self.app.access().enrol(&code, name).await.unwrap();
        credential.expose().to_owned()
    }

    /// Pushes records, one a line, as batch `sequence` of epoch 1.
    pub(crate) async fn push(&self, credential: &str, sequence: u64, records: &str) -> Got {
        self.push_coded(credential, sequence, &[], records).await
    }

    /// As [`push`](Self::push), with more header fields and any octets.
    pub(crate) async fn push_coded(
        &self,
        credential: &str,
        sequence: u64,
        more: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Got {
        let (bearer, sequence) = (format!("bearer {credential}"), sequence.to_string());
        let headers = [
            &[
                ("authorization", bearer.as_str()),
                ("platen-batch-epoch", "1"),
                ("platen-batch-sequence", &sequence),
            ],
            more,
        ]
        .concat();
        self.send(&Method::POST, BATCHES, &headers, body).await
    }
}
