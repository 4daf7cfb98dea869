//! Licences, and the issuers whose signature counts.

use platen_domain::clock::Timestamp;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::params;

/// A licence as installed; what it says, and whether it is genuine, is for others to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledLicence {
    /// The signed document.
    pub document: String,
    /// When it was installed.
    pub installed_at: Timestamp,
}

/// Who may sign licences for this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// What people call it.
    pub name: String,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
}

impl Reader<'_> {
    /// The organization's newest licence.
    pub fn licence(&self, scope: &Scope) -> Result<Option<InstalledLicence>, StoreError> {
        let sql = "SELECT document, installed_at FROM licences WHERE organization_id = ?1
                   ORDER BY licence_no DESC LIMIT 1";
        self.one(sql, params![scope.organization().as_bytes()], |row| {
            Ok(InstalledLicence {
                document: row.get(0)?,
                installed_at: columns::time(row, 1)?,
            })
        })
    }

    /// Every trusted issuer, in the order of trust given. Unscoped: issuers count for the server.
    pub fn trusted_issuers(&self) -> Result<Vec<Issuer>, StoreError> {
        let sql = "SELECT name, public_key FROM issuers ORDER BY trusted_at, public_key";
        self.all(sql, params![], |row| {
            Ok(Issuer {
                name: row.get(0)?,
                public_key: row.get(1)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Makes `document` the organization's licence; older ones stay as history.
    pub fn install_licence(
        &self,
        scope: &Scope,
        document: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO licences (organization_id, document, installed_at)
                   VALUES (?1, ?2, ?3)";
        let organization = scope.organization();
        self.execute(
            sql,
            params![organization.as_bytes(), document, now.as_millis()],
        )?;
        Ok(())
    }

    /// Trusts an issuer; one that is trusted already gets the new name.
    pub fn trust_issuer(&self, issuer: &Issuer, now: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO issuers (public_key, name, trusted_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (public_key) DO UPDATE SET name = excluded.name";
        self.execute(
            sql,
            params![issuer.public_key, issuer.name, now.as_millis()],
        )?;
        Ok(())
    }
}
