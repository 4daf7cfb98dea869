//! The audit log.

use platen_domain::ids::{AuditId, OrganizationId};
use platen_store::{AuditEntry, Store};

use crate::samples::{at, founded};

crate::conformance!(the_newest_entries_come_first_within_the_organization);

fn entry(organization: OrganizationId, number: u8) -> AuditEntry {
    AuditEntry {
        id: AuditId::from_bytes([number; 16]),
        organization,
        at: at(u64::from(number)),
        actor: "user alice".to_owned(),
        action: "key.enable".to_owned(),
        object: "meters".to_owned(),
        detail: format!("entry {number}"),
    }
}

async fn the_newest_entries_come_first_within_the_organization(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let entries = [
        entry(one.organization(), 3),
        entry(two.organization(), 4),
        entry(one.organization(), 1),
        entry(one.organization(), 2),
    ];
    let kept = entries.clone();
    store
        .write(move |w| kept.iter().try_for_each(|e| w.append_audit(e)))
        .await
        .unwrap();
    let newest = store.read(move |r| r.audit(&one, 2)).await.unwrap();
    assert_eq!(newest, [entries[3].clone(), entries[2].clone()]);
    assert_eq!(
        store.read(move |r| r.audit(&two, 9)).await.unwrap(),
        [entries[1].clone()]
    );
}
