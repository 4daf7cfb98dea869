//! What was noticed about devices is told: in the log, and in the audit for good. Reports show it too.

use platen_domain::clock::Timestamp;
use platen_domain::findings::Finding;
use platen_domain::ids::Ids;
use platen_domain::scope::Scope;
use platen_store::{StoreError, Writer};

use crate::operation::audit::{self, Event, action};

/// Puts findings into the audit, within the transaction that keeps them.
pub(crate) fn audit_findings(
    writer: &Writer<'_>,
    scope: &Scope,
    now: Timestamp,
    ids: &dyn Ids,
    findings: &[Finding],
) -> Result<(), StoreError> {
    for finding in findings {
        let event = Event {
            organization: scope.organization(),
            actor: &audit::actor_name(writer, scope)?,
            action: action::DEVICE_FINDING,
            object: &finding.device.to_string(),
            detail: &finding.detail,
        };
        audit::append(writer, now, ids, &event)?;
    }
    Ok(())
}

/// Says findings aloud.
pub(crate) fn log_findings(findings: &[Finding]) {
    for finding in findings {
        let (device, kind) = (finding.device, finding.kind.keyword());
        let detail = &finding.detail;
        tracing::warn!(%device, kind, detail, "something is odd about a device");
    }
}
