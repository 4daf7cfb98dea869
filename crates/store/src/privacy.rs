//! What is kept of the people behind print jobs, and the key of their pseudonyms.

use platen_domain::ids::Ids;
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The organization's policy and the key of its pseudonyms; `None` where none was ever set.
    pub fn privacy(
        &self,
        scope: &Scope,
    ) -> Result<Option<(PrivacyPolicy, PseudonymKey)>, StoreError> {
        let sql = "SELECT user_mode, document_mode, client_mode, document_days, pseudonym_key
                   FROM privacy WHERE organization_no = ?1";
        self.one(sql, params![self.organization_no(scope)?], from_row)
    }
}

impl Writer<'_> {
    /// Sets the organization's policy. The first time makes the key of its pseudonyms; it stays
    /// the same ever after, or one person would become two.
    pub fn set_privacy(
        &self,
        scope: &Scope,
        policy: &PrivacyPolicy,
        ids: &dyn Ids,
    ) -> Result<(), StoreError> {
        let mut key = [0; 32];
        ids.fill(&mut key);
        self.execute(
            "INSERT INTO privacy (organization_no, user_mode, document_mode, client_mode,
                                  document_days, pseudonym_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (organization_no) DO UPDATE SET
                 user_mode = excluded.user_mode, document_mode = excluded.document_mode,
                 client_mode = excluded.client_mode, document_days = excluded.document_days",
            params![
                self.organization_no(scope)?,
                policy.user.keyword(),
                policy.document.keyword(),
                policy.client.keyword(),
                policy.document_days,
                key,
            ],
        )?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<(PrivacyPolicy, PseudonymKey), StoreError> {
    let policy = PrivacyPolicy {
        user: columns::word(row, 0, FieldMode::from_keyword)?,
        document: columns::word(row, 1, FieldMode::from_keyword)?,
        client: columns::word(row, 2, FieldMode::from_keyword)?,
        document_days: row.get(3)?,
    };
    Ok((policy, Secret::new(row.get(4)?)))
}
