//! Proof that a form came from a page of the session that sends it.
//!
//! The policy has checked where the request comes from. The token is the second lock: it is
//! derived from the session, stands in every form, and no other site can read it.

use std::fmt::Write as _;

use platen_domain::keys::SecretHash;

use crate::fields::Fields;
use crate::policy::ConsoleContext;
use crate::problems::Problem;

/// The field that carries the token.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// Keeps the token apart from everything else that is derived from a session.
const PURPOSE: &str = "platen console form token";

/// The token of every form in this session: 64 hex digits.
pub(crate) fn token(session: &SecretHash) -> String {
    hex(&SecretHash::of(&format!("{PURPOSE} {}", hex(session))))
}

/// The fields of a form that carries the token of the session that sends it.
pub(crate) fn read(context: &ConsoleContext) -> Result<Fields, Problem> {
    let fields = context.call().form()?;
    let sent = SecretHash::of(fields.get(FORM_TOKEN).unwrap_or(""));
    let expected = SecretHash::of(&token(&context.session().session));
    // Equality of hashes takes the same time wherever they differ.
    if sent == expected {
        return Ok(fields);
    }
    Err(Problem::forbidden(
        "form-token",
        "This form belongs to another session. Open the page again and retry.",
    ))
}

fn hex(hash: &SecretHash) -> String {
    hash.as_bytes()
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_session_has_its_own_token_which_does_not_show_the_sessions_hash() {
        let (one, other) = (SecretHash::of("one"), SecretHash::of("other"));
        assert_eq!(token(&one), token(&one));
        assert_ne!(token(&one), token(&other));
        assert_ne!(token(&one), hex(&one));
        assert_eq!(token(&one).len(), 64);
    }
}
