//! Access tokens of the Accounts API: issued to a client, shown by its requests, ended early when
//! it says so (RFC 6749, RFC 7009, RFC 7662).

use std::sync::Arc;

use platen_domain::clients::{
    ACCESS_TOKEN_VALID, AccessToken, AccessTokenRecord, ClientRecord, OauthScope, OauthScopes,
};
use platen_domain::clock::Timestamp;
use platen_domain::ids::ClientId;
use platen_domain::keys::SecretHash;
use platen_domain::licences::{Feature, LicenceRefusal};
use platen_domain::scope::{Actor, Scope};
use platen_store::{FORGET_TOKENS_MAX, Reader, StoreError};

use super::Access;
use super::authorization;
use super::clients::AuthenticatedClient;
use super::verified_licences::VerifiedLicences;
use crate::AppError;

/// Why an access token does not open a door.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// Malformed, unknown, expired, revoked, or its client is: one answer for all of them.
    #[error("a valid access token is required")]
    Unauthorized,
    /// A live token that was issued for something else.
    #[error("this access token was not issued for the scope {0}")]
    InsufficientScope(OauthScope),
    /// The organization's licence does not cover the Accounts API now.
    #[error(transparent)]
    Licence(LicenceRefusal),
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// What the store says about a presented token, read in one transaction.
enum Finding {
    Unknown,
    OtherScope,
    Unlicensed(LicenceRefusal),
    Open(Box<ClientRecord>, OauthScopes),
}

impl Access<'_> {
    /// Issues a token to a client, good for [`ACCESS_TOKEN_VALID`]. It is returned once and kept
    /// as a hash. The licence is asked for where the token is used.
    pub async fn issue_token(
        self,
        client: &AuthenticatedClient,
        scopes: OauthScopes,
    ) -> Result<(AccessToken, AccessTokenRecord), AppError> {
        let (token, now) = (AccessToken::generate(&*self.app.ids), self.app.now());
        let record = AccessTokenRecord {
            hash: token.hash(),
            client: client.id(),
            scopes,
            issued_at: now,
            expires_at: now.plus(ACCESS_TOKEN_VALID),
        };
        let kept = record.clone();
        let issued = self.app.store.write(move |w| w.insert_access_token(&kept));
        issued.await?;
        Ok((token, record))
    }

    /// Lets a program in that shows an access token issued for `wanted`.
    ///
    /// The token counts only while neither it nor its client is over, was issued for this very
    /// scope, and the licence covers the Accounts API, in this order. A use is noted to the hour.
    pub async fn authenticate_token(
        self,
        presented: &str,
        wanted: OauthScope,
    ) -> Result<Scope, TokenRefusal> {
        let token = AccessToken::parse(presented).ok_or(TokenRefusal::Unauthorized)?;
        let (hash, now) = (token.hash(), self.app.now());
        let licences = Arc::clone(&self.app.access.licences);
        let judged = self
            .app
            .store
            .read(move |reader| judge(reader, &licences, &hash, wanted, now));
        match judged.await.map_err(AppError::from)? {
            Finding::Unknown => Err(TokenRefusal::Unauthorized),
            Finding::OtherScope => Err(TokenRefusal::InsufficientScope(wanted)),
            Finding::Unlicensed(refusal) => Err(TokenRefusal::Licence(refusal)),
            Finding::Open(client, scopes) => {
                self.note_client_use(&client, now).await;
                Ok(authorization::client_scope(&client, scopes))
            }
        }
    }

    /// Ends a token of `client`, from the next request on. A token that is over, unknown or another
    /// client's is left alone, without a word (RFC 7009 2.2).
    pub async fn revoke_token(
        self,
        client: &AuthenticatedClient,
        presented: &str,
    ) -> Result<(), AppError> {
        // Only who has something to end gets a place in the queue of writes.
        let Some(known) = self.live_token(client.id(), presented).await? else {
            return Ok(());
        };
        let ended = self
            .app
            .store
            .write(move |w| w.delete_access_token(known.client, &known.hash));
        Ok(ended.await?)
    }

    /// What a live token of `client` opens and until when; `None` for any other text.
    pub async fn introspect_token(
        self,
        client: &AuthenticatedClient,
        presented: &str,
    ) -> Result<Option<AccessTokenRecord>, AppError> {
        self.live_token(client.id(), presented).await
    }

    /// What is kept of the token that was shown to act in `scope`; `None` when it ended in the
    /// meantime.
    pub async fn token_in_use(
        self,
        scope: &Scope,
        presented: &str,
    ) -> Result<Option<AccessTokenRecord>, AppError> {
        match scope.actor() {
            Actor::Client { id, .. } => self.live_token(*id, presented).await,
            _ => Ok(None),
        }
    }

    async fn live_token(
        self,
        client: ClientId,
        presented: &str,
    ) -> Result<Option<AccessTokenRecord>, AppError> {
        let Some(token) = AccessToken::parse(presented) else {
            return Ok(None);
        };
        let (hash, now) = (token.hash(), self.app.now());
        let found = self.app.store.read(move |reader| live(reader, &hash, now));
        let own = found.await?.filter(|(token, _)| token.client == client);
        Ok(own.map(|(token, _)| token))
    }

    /// Forgets tokens that are over, a piece at a time, so that other writes come in between.
    pub(crate) async fn forget_tokens(self, now: Timestamp) -> Result<u64, AppError> {
        let mut forgotten: u64 = 0;
        loop {
            let piece = self.app.store.write(move |w| w.forget_access_tokens(now));
            let piece = piece.await?;
            forgotten = forgotten.saturating_add(piece);
            if piece < u64::from(FORGET_TOKENS_MAX) {
                return Ok(forgotten);
            }
        }
    }
}

/// The token with this hash and its client, while neither is over.
fn live(
    reader: &Reader<'_>,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<(AccessTokenRecord, ClientRecord)>, StoreError> {
    let found = reader.access_token(hash)?;
    Ok(found.filter(|(token, client)| {
        token.hash == *hash && now < token.expires_at && client.revoked_at.is_none()
    }))
}

fn judge(
    reader: &Reader<'_>,
    licences: &VerifiedLicences,
    hash: &SecretHash,
    wanted: OauthScope,
    now: Timestamp,
) -> Result<Finding, StoreError> {
    let Some((token, client)) = live(reader, hash, now)? else {
        return Ok(Finding::Unknown);
    };
    if !token.scopes.contains(wanted) {
        return Ok(Finding::OtherScope);
    }
    let scope = authorization::client_scope(&client, token.scopes);
    let licensed = licences.check(reader, &scope, Feature::Accounts, now)?;
    Ok(match licensed {
        Ok(()) => Finding::Open(Box::new(client), token.scopes),
        Err(refusal) => Finding::Unlicensed(refusal),
    })
}
