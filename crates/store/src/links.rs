//! One-time links and codes: how the first administrator and each collector get in without a
//! default password.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{OrganizationId, UserId};
use platen_domain::keys::SecretHash;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Create the organization's first System Administrator.
    SetUp,
    /// Sign in as a user.
    SignIn,
    /// Enrol a collector.
    Enrol,
}

impl LinkPurpose {
    /// The form kept in the store.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::SignIn => "sign-in",
            Self::Enrol => "enrol",
        }
    }

    /// Reads the form kept in the store.
    pub fn from_keyword(text: &str) -> Option<Self> {
        [Self::SetUp, Self::SignIn, Self::Enrol]
            .into_iter()
            .find(|purpose| purpose.keyword() == text)
    }
}

/// What is kept of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRecord {
    /// SHA-256 of its secret.
    pub hash: SecretHash,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Where it leads.
    pub organization: OrganizationId,
    /// As whom it signs in.
    pub user: Option<UserId>,
    /// First instant at which it is dead.
    pub expires_at: Timestamp,
}

impl Reader<'_> {
    /// The link with this secret if it can still be redeemed at `now`, left as it is. Unscoped:
    /// the link decides the scope.
    pub fn link(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<LinkRecord>, StoreError> {
        let sql = "SELECT hash, purpose, organization_id, user_id, expires_at FROM links
                   WHERE hash = ?1 AND redeemed_at IS NULL AND expires_at > ?2";
        self.one(sql, params![hash.as_bytes(), now.as_millis()], from_row)
    }
}

impl Writer<'_> {
    /// Adds a link.
    pub fn insert_link(&self, link: &LinkRecord) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO links (hash, purpose, organization_id, user_id, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                link.hash.as_bytes(),
                link.purpose.keyword(),
                link.organization.as_bytes(),
                link.user.as_ref().map(UserId::as_bytes),
                link.expires_at.as_millis(),
            ],
        )
        .map_err(|error| error.conflict("link"))?;
        Ok(())
    }

    /// Redeems a link: the first caller gets it, every later one `None`, as does one that comes
    /// at or after its end.
    pub fn redeem_link(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<LinkRecord>, StoreError> {
        let sql = "UPDATE links SET redeemed_at = ?2
                   WHERE hash = ?1 AND redeemed_at IS NULL AND expires_at > ?2
                   RETURNING hash, purpose, organization_id, user_id, expires_at";
        let redeemed = self.all(sql, params![hash.as_bytes(), now.as_millis()], from_row)?;
        Ok(redeemed.into_iter().next())
    }

    /// Forgets links that expired and returns how many there were.
    pub fn delete_expired_links(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM links WHERE expires_at <= ?1";
        self.execute(sql, params![now.as_millis()])
    }
}

fn from_row(row: &Row<'_>) -> Result<LinkRecord, StoreError> {
    let user: Option<[u8; 16]> = row.get(3)?;
    Ok(LinkRecord {
        hash: SecretHash::from_bytes(row.get(0)?),
        purpose: columns::word(row, 1, LinkPurpose::from_keyword)?,
        organization: OrganizationId::from_bytes(row.get(2)?),
        user: user.map(UserId::from_bytes),
        expires_at: columns::time(row, 4)?,
    })
}
