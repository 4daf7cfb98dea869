//! Answers that are kept for retries.

use platen_domain::clock::Timestamp;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::params;

/// An answer under the key of the request that it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// SHA-256 of the request.
    pub request: [u8; 32],
    /// The identifier of what was made.
    pub id: Option<String>,
    /// The revision of what was made or changed, as it was then.
    pub revision: Option<u64>,
    /// What it was then.
    pub document: Vec<u8>,
    /// When it was given.
    pub created_at: Timestamp,
}

impl Reader<'_> {
    /// The answer that `actor` got under this key.
    pub fn kept_answer(
        &self,
        scope: &Scope,
        actor: &str,
        key: &str,
    ) -> Result<Option<IdempotencyRecord>, StoreError> {
        let sql = "SELECT request, id, revision, document, created_at FROM idempotency_records
                   WHERE organization_no = ?1 AND actor = ?2 AND idempotency_key = ?3";
        let organization_no = self.organization_no(scope)?;
        self.one(sql, params![organization_no, actor, key], |row| {
            Ok(IdempotencyRecord {
                request: row.get(0)?,
                id: row.get(1)?,
                revision: columns::count_opt(row, 2)?,
                document: row.get(3)?,
                created_at: columns::time(row, 4)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Keeps an answer; one that is kept under the key already gives way.
    pub fn keep_answer(
        &self,
        scope: &Scope,
        actor: &str,
        key: &str,
        answer: &IdempotencyRecord,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO idempotency_records (organization_no, actor, idempotency_key,
                       request, id, revision, document, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT (organization_no, actor, idempotency_key) DO UPDATE SET
                       request = excluded.request, id = excluded.id,
                       revision = excluded.revision, document = excluded.document,
                       created_at = excluded.created_at";
        self.execute(
            sql,
            params![
                self.organization_no(scope)?,
                actor,
                key,
                answer.request,
                answer.id,
                answer.revision.map(columns::count_form),
                answer.document,
                answer.created_at.as_millis(),
            ],
        )?;
        Ok(())
    }

    /// Forgets every answer that the organization's programs got.
    pub fn forget_answers_of(&self, scope: &Scope) -> Result<(), StoreError> {
        let sql = "DELETE FROM idempotency_records WHERE organization_no = ?1";
        self.execute(sql, params![self.organization_no(scope)?])?;
        Ok(())
    }

    /// Forgets answers given before `before`, `most` at most, and says how many.
    pub fn forget_answers(
        &self,
        scope: &Scope,
        before: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM idempotency_records
                   WHERE organization_no = ?1 AND (actor, idempotency_key) IN (
                       SELECT actor, idempotency_key FROM idempotency_records
                       WHERE organization_no = ?1 AND created_at < ?2 LIMIT ?3)";
        let organization_no = self.organization_no(scope)?;
        self.execute(sql, params![organization_no, before.as_millis(), most])
    }
}
