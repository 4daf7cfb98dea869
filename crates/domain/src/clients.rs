//! Client Applications of the Accounts API, and the access tokens they are given (OAuth 2.0).
//!
//! An organization has one live client at most. It trades its secret for access tokens, which
//! open the API for a quarter of an hour; when the client is revoked, they end with it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::ids::{ClientId, Ids, OrganizationId};
use crate::keys::{AuthorizationKey, SecretHash};

/// How long an access token opens the API: long enough for a nightly run to ask once, short
/// enough that one found in a log is worth nothing by then.
pub const ACCESS_TOKEN_VALID: Duration = Duration::from_mins(15);

/// A Client Secret in clear, shown once: 64 lower-case hex digits, and of its own type, so that it
/// is taken for no other secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSecret(AuthorizationKey);

/// An access token in clear (RFC 6749 1.4): 64 lower-case hex digits that mean nothing to who
/// holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken(AuthorizationKey);

macro_rules! secret {
    ($type:ident, $what:literal) => {
        impl $type {
            #[doc = concat!("A new ", $what, " from 256 random bits.")]
            pub fn generate(ids: &dyn Ids) -> Self {
                Self(AuthorizationKey::generate(ids))
            }

            #[doc = concat!("Reads what a program sent; `None` when it cannot be a ", $what, ".")]
            pub fn parse(text: &str) -> Option<Self> {
                AuthorizationKey::parse(text).map(Self)
            }

            /// Its text, for the one answer that shows it.
            pub fn expose(&self) -> &str {
                self.0.expose()
            }

            /// What is kept of it.
            pub fn hash(&self) -> SecretHash {
                self.0.hash()
            }
        }
    };
}

secret!(ClientSecret, "Client Secret");
secret!(AccessToken, "access token");

/// What is kept of a Client Application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRecord {
    /// Its identifier, the Client ID.
    pub id: ClientId,
    /// Whose accounts it opens.
    pub organization: OrganizationId,
    /// SHA-256 of its secret.
    pub hash: SecretHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// Name of who made it.
    pub created_by: String,
    /// When its secret or one of its tokens was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is dead, and every token with it. A dead client never lives again.
    pub revoked_at: Option<Timestamp>,
}

/// What is kept of an access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenRecord {
    /// SHA-256 of the token.
    pub hash: SecretHash,
    /// Whose it is.
    pub client: ClientId,
    /// What it opens.
    pub scopes: OauthScopes,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// First instant at which it is dead.
    pub expires_at: Timestamp,
}

/// One word of the `scope` of RFC 6749 3.3. Not to be taken for a
/// [`Scope`](crate::scope::Scope), which is what an actor was granted in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OauthScope {
    /// Reading accounts, limits, access, balances and ledgers.
    AccountsRead,
    /// Changing them. It does not include reading.
    AccountsWrite,
}

impl OauthScope {
    /// Every scope, in the order in which sets of them are written.
    pub const ALL: [Self; 2] = [Self::AccountsRead, Self::AccountsWrite];

    /// The word on the wire and in the store.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::AccountsRead => "accounts.read",
            Self::AccountsWrite => "accounts.write",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for OauthScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())
    }
}

/// A set of scopes, never an empty one. Written as words with a space between them, in the order
/// of [`OauthScope::ALL`]; read in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OauthScopes(u8);

impl OauthScopes {
    /// Every scope.
    pub const ALL: Self = Self(OauthScope::AccountsRead.bit() | OauthScope::AccountsWrite.bit());

    /// Whether `scope` is among them.
    pub const fn contains(self, scope: OauthScope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// These and `scope`.
    #[must_use]
    pub const fn with(self, scope: OauthScope) -> Self {
        Self(self.0 | scope.bit())
    }

    /// Each of them, in the order of [`OauthScope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = OauthScope> {
        OauthScope::ALL
            .into_iter()
            .filter(move |scope| self.contains(*scope))
    }
}

impl From<OauthScope> for OauthScopes {
    fn from(scope: OauthScope) -> Self {
        Self(scope.bit())
    }
}

impl fmt::Display for OauthScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.keyword())?;
        }
        Ok(())
    }
}

/// The text is no list of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope: expected accounts.read, accounts.write or both with a space between them")]
pub struct ParseScopesError;

impl FromStr for OauthScopes {
    type Err = ParseScopesError;

    fn from_str(text: &str) -> Result<Self, ParseScopesError> {
        let known = |word: &str| {
            let scope = OauthScope::ALL.into_iter().find(|s| s.keyword() == word);
            scope.ok_or(ParseScopesError)
        };
        // Splitting yields one word at least, so that the set never stays empty.
        text.split(' ')
            .try_fold(Self(0), |scopes, word| Ok(scopes.with(known(word)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;

    #[test]
    fn secrets_and_tokens_read_back_and_do_not_print() {
        let ids = SeededIds::new(1);
        let secret = ClientSecret::generate(&ids);
        let token = AccessToken::generate(&ids);
        assert_eq!(secret.expose().len(), 64);
        assert_eq!(ClientSecret::parse(secret.expose()).as_ref(), Some(&secret));
        assert_eq!(AccessToken::parse(token.expose()).as_ref(), Some(&token));
        assert_eq!(AccessToken::parse("873fe108"), None);
        assert_ne!(secret.expose(), token.expose());
        let shown = format!("{secret:?} {token:?}");
        assert!(!shown.contains(secret.expose()), "{shown}");
        assert!(!shown.contains(token.expose()), "{shown}");
    }

    #[test]
    fn scopes_read_back_in_one_order() {
        for (text, written) in [
            ("accounts.read", "accounts.read"),
            ("accounts.write", "accounts.write"),
            (
                "accounts.write accounts.read",
                "accounts.read accounts.write",
            ),
            ("accounts.read accounts.read", "accounts.read"),
        ] {
            let scopes: OauthScopes = text.parse().unwrap();
            assert_eq!(scopes.to_string(), written);
            assert_eq!(written.parse(), Ok(scopes));
        }
        assert_eq!(OauthScopes::ALL.to_string().parse(), Ok(OauthScopes::ALL));
    }

    #[test]
    fn what_names_no_scope_is_refused() {
        for text in [
            "",
            " ",
            "accounts",
            "Accounts.Read",
            "accounts.read ",
            "accounts.read  accounts.write",
            "accounts.read\taccounts.write",
            "accounts.read,accounts.write",
            "accounts.read openid",
        ] {
            assert_eq!(text.parse::<OauthScopes>(), Err(ParseScopesError), "{text}");
        }
    }

    #[test]
    fn writing_does_not_include_reading() {
        let write = OauthScopes::from(OauthScope::AccountsWrite);
        assert!(!write.contains(OauthScope::AccountsRead));
        assert_eq!(write.with(OauthScope::AccountsRead), OauthScopes::ALL);
    }
}
