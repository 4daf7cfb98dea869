//! Asking: a question over HTTP (RFC 8010 4), and an answer that is one.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use platen_domain::secret::Secret;
use platen_domain::text::tidy_foreign;

use super::encode::{Operation, Question, REQUEST_ID};
use super::message::{DecodeError, Message};
use crate::http::{Client, Endpoint, HttpError, Limits, Request, Scheme, basic_authorization};

/// The media type of IPP messages.
const MEDIA_TYPE: &str = "application/ipp";

/// What a peer calls us that want no name of their own.
const ANONYMOUS: &str = "anonymous";

/// Who we say we are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Login {
    /// Nobody. Spoolers withhold from nobody who printed what.
    #[default]
    Anonymous,
    /// A name and its password (HTTP Basic, RFC 7617); refused where others could read along.
    Password {
        /// The name, without a colon.
        user: String,
        /// The password.
        password: Secret<String>,
    },
    /// A user of this machine, whom the spooler asks the kernel about. For CUPS over its socket;
    /// it must be the user that this process runs as.
    PeerCredentials {
        /// The name.
        user: String,
    },
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nothing came back.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The peer does not let us in.
    #[error("{0} does not accept this user and password")]
    Unauthorized(String),
    /// The peer answered in HTTP alone.
    #[error("{endpoint} answers with HTTP status {status}: is this the address of a printer?")]
    Status {
        /// Who.
        endpoint: String,
        /// How.
        status: StatusCode,
    },
    /// What came back cannot be read.
    #[error("{endpoint}: {source}")]
    Decode {
        /// Who.
        endpoint: String,
        /// Why.
        source: DecodeError,
    },
    /// The peer does not do it.
    #[error("{endpoint} refuses: {} {text}", status_words(*code))]
    Refused {
        /// Who.
        endpoint: String,
        /// The status (RFC 8011 B).
        code: u16,
        /// What the peer says of it, tidied; may be empty.
        text: String,
    },
    /// A password would go over a wire in the clear.
    #[error("{0}: a password is sent over TLS or within this machine only; use https: or ipps:")]
    InTheClear(String),
    /// A name or password that the scheme cannot carry.
    #[error("the user's name holds a colon, or name or password hold control characters")]
    Login,
}

impl AskError {
    /// Whether the answer was too much for a cap: asking for less may help.
    pub const fn is_too_much(&self) -> bool {
        matches!(
            self,
            Self::Http(HttpError::TooLong { .. })
                | Self::Decode {
                    source: DecodeError::TooMany { .. },
                    ..
                }
        )
    }
}

/// The names of the statuses that administrators meet (RFC 8011 B.1).
fn status_words(code: u16) -> String {
    let name = match code {
        0x0400 => "client-error-bad-request",
        0x0401 => "client-error-forbidden",
        0x0402 => "client-error-not-authenticated",
        0x0403 => "client-error-not-authorized",
        0x0404 => "client-error-not-possible",
        0x0406 => "client-error-not-found",
        0x0500 => "server-error-internal-error",
        0x0501 => "server-error-operation-not-supported",
        0x0502 => "server-error-service-unavailable",
        0x0503 => "server-error-version-not-supported",
        0x0507 => "server-error-busy",
        _ => return format!("IPP status {code:#06x}"),
    };
    name.to_owned()
}

/// A spooler or a printer, and who we are to it.
#[derive(Clone)]
pub struct Peer {
    http: Client,
    endpoint: Endpoint,
    login: Login,
}

impl Peer {
    /// The peer at this address.
    pub const fn new(http: Client, endpoint: Endpoint, login: Login) -> Self {
        Self {
            http,
            endpoint,
            login,
        }
    }

    /// Where it is.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The beginning of a question about the peer itself, in the name of who we are.
    pub fn question(&self, operation: Operation) -> Question {
        let user = match &self.login {
            Login::Anonymous => ANONYMOUS,
            Login::Password { user, .. } | Login::PeerCredentials { user } => user,
        };
        Question::new(operation, &target(&self.endpoint)).name("requesting-user-name", user)
    }

    /// Asks. An answer that is no success is an error.
    pub async fn ask(&self, question: Question, limits: Limits) -> Result<Message, AskError> {
        let (message, _octets) = self.ask_for_evidence(question, limits).await?;
        Ok(message)
    }

    /// As [`Peer::ask`], with the answer as it came.
    pub(super) async fn ask_for_evidence(
        &self,
        question: Question,
        limits: Limits,
    ) -> Result<(Message, Bytes), AskError> {
        let request = Request {
            method: Method::POST,
            path: self.endpoint.path().to_owned(),
            headers: self.headers()?,
            body: Bytes::from(question.into_octets()),
        };
        let answer = self.http.send(&self.endpoint, request, limits).await?;
        let endpoint = || self.endpoint.to_string();
        match answer.status {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(AskError::Unauthorized(endpoint())),
            status => {
                let endpoint = endpoint();
                return Err(AskError::Status { endpoint, status });
            }
        }
        let message = Message::decode(&answer.body).map_err(|source| AskError::Decode {
            endpoint: endpoint(),
            source,
        })?;
        if !message.is_successful() {
            return Err(AskError::Refused {
                endpoint: endpoint(),
                code: message.code,
                text: tidy_foreign(message.status_message().unwrap_or("")),
            });
        }
        if message.request_id != REQUEST_ID {
            tracing::debug!(endpoint = %self.endpoint, "the answer repeats another request id");
        }
        Ok((message, answer.body))
    }

    fn headers(&self) -> Result<HeaderMap, AskError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        let authorization = match &self.login {
            Login::Anonymous => return Ok(headers),
            Login::Password { .. } if !self.endpoint.is_confidential() => {
                return Err(AskError::InTheClear(self.endpoint.to_string()));
            }
            Login::Password { user, password } => basic_authorization(user, password),
            Login::PeerCredentials { user } => {
                HeaderValue::from_str(&format!("PeerCred {user}")).ok()
            }
        };
        headers.insert(AUTHORIZATION, authorization.ok_or(AskError::Login)?);
        Ok(headers)
    }
}

/// The peer's own URI in IPP's schemes.
fn target(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Unix(_) => "ipp://localhost/".to_owned(),
        Endpoint::Tcp { scheme, path, .. } => {
            let scheme = match scheme {
                Scheme::Plain => "ipp",
                Scheme::Tls => "ipps",
            };
            format!("{scheme}://{}{path}", endpoint.authority())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(endpoint: &str, login: Login) -> Peer {
        Peer::new(Client::plain(), endpoint.parse().unwrap(), login)
    }

    #[test]
    fn a_password_never_goes_over_the_wire_in_the_clear() {
        let login = Login::Password {
            user: "platen".to_owned(),
            password: Secret::new("secret".to_owned()),
        };
        let headers = |endpoint| peer(endpoint, login.clone()).headers();
        let refused = headers("ipp://printsrv/").unwrap_err();
        assert!(matches!(refused, AskError::InTheClear(_)));
        assert!(!refused.to_string().contains("secret"));
        assert!(
            headers("ipps://printsrv/")
                .unwrap()
                .contains_key(AUTHORIZATION)
        );
        assert!(headers("unix:/run/cups/cups.sock").is_ok());
    }

    #[test]
    fn questions_name_the_peer_and_who_asks() {
        let login = Login::PeerCredentials {
            user: "root".to_owned(),
        };
        let question = peer("unix:/run/cups/cups.sock", login).question(Operation::GetJobs);
        let message = Message::decode(&question.into_octets()).unwrap();
        let operation = message.groups.first().unwrap();
        assert_eq!(operation.text("printer-uri"), Some("ipp://localhost/"));
        assert_eq!(operation.text("requesting-user-name"), Some("root"));
        let printer: Endpoint = "https://[::1]:8443/ipp/print".parse().unwrap();
        assert_eq!(target(&printer), "ipps://[::1]:8443/ipp/print");
    }

    #[test]
    fn a_refusal_reads_as_a_sentence() {
        let refused = AskError::Refused {
            endpoint: "http://printsrv:631/".to_owned(),
            code: 0x0406,
            text: "The printer or class does not exist.".to_owned(),
        };
        assert_eq!(
            refused.to_string(),
            "http://printsrv:631/ refuses: client-error-not-found \
             The printer or class does not exist."
        );
    }
}
