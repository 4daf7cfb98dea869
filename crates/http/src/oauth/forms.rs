//! The parameters of an OAuth request (RFC 6749 3.2).

use http::header::{CONTENT_TYPE, HeaderMap};

use super::errors::invalid_request;
use crate::fields::Fields;
use crate::policy::Call;
use crate::problems::Problem;

const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// Parameters, each there once; one without a value is not there.
#[derive(Debug)]
pub(crate) struct OauthForm(Fields);

impl OauthForm {
    /// Reads the form in the body. Parameters in the address are refused: addresses are kept in
    /// many logs.
    pub(crate) fn read(call: &Call) -> Result<Self, Problem> {
        if !call.query.is_empty() {
            let detail = "Send the parameters in the body: this address takes none.";
            return Err(invalid_request(detail));
        }
        if !is_form(&call.headers) {
            let detail = format!("Send the parameters as {MEDIA_TYPE}.");
            return Err(invalid_request(detail));
        }
        let form = Self(call.form()?);
        form.refuse_repeated()?;
        Ok(form)
    }

    /// The value of this parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    /// The value of a parameter without which nothing can be done.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Problem> {
        self.get(name)
            .ok_or_else(|| invalid_request(format!("The parameter {name} is missing.")))
    }

    fn refuse_repeated(&self) -> Result<(), Problem> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            let detail = "A parameter is there twice; each may be sent once.";
            return Err(invalid_request(detail));
        }
        Ok(())
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let field = headers.get(CONTENT_TYPE);
    let text = field.and_then(|field| field.to_str().ok()).unwrap_or("");
    let media_type = text.split(';').next().unwrap_or("").trim();
    media_type.eq_ignore_ascii_case(MEDIA_TYPE)
}
