//! The fields of a query or of a form (`application/x-www-form-urlencoded`).

use crate::problem_kinds;
use crate::problems::Problem;

/// Fields of one query or form. Far more than any page has; hash or sort floods end here.
const FIELDS_MAX: usize = 64;

/// Names with their values, in the order sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the fields. Octets that are not UTF-8 become U+FFFD, as browsers do it, and so does NUL,
    /// which databases do not keep.
    pub(crate) fn parse(encoded: &[u8]) -> Result<Self, Problem> {
        let fields: Vec<_> = form_urlencoded::parse(encoded)
            .take(FIELDS_MAX + 1)
            .map(|(name, value)| (without_nul(name.into()), without_nul(value.into())))
            .collect();
        if fields.len() > FIELDS_MAX {
            let detail = format!("At most {FIELDS_MAX} fields are read.");
            return Err(problem_kinds::TOO_MANY_FIELDS.because(detail));
        }
        Ok(Self(fields))
    }

    /// The value of the first field with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value)
    }

    /// These fields, none of them unknown or there twice: a parameter that is not understood must
    /// not seem to have chosen the answer.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        let mut seen = Vec::new();
        for (name, _) in self.iter() {
            if !known.contains(&name) {
                let known = match known {
                    [] => "none".to_owned(),
                    known => known.join(", "),
                };
                let detail = format!("Unknown parameter '{name}'; known here: {known}.");
                let problem = problem_kinds::UNKNOWN_PARAMETER.because(detail);
                return Err(problem.with_field(name));
            }
            if seen.contains(&name) {
                return Err(bad_parameter(name, "it is stated twice"));
            }
            seen.push(name);
        }
        Ok(self)
    }

    /// Every field.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A text with U+FFFD in the place of NUL.
pub(crate) fn without_nul(text: String) -> String {
    if text.contains('\0') {
        return text.replace('\0', "\u{FFFD}");
    }
    text
}

/// A parameter with a value it cannot take.
pub(crate) fn bad_parameter(name: &str, reason: &str) -> Problem {
    let detail = format!("The parameter '{name}': {reason}.");
    problem_kinds::BAD_PARAMETER
        .because(detail)
        .with_field(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_names_counts() {
        let fields = Fields::parse(b"a=1&b=x+y%26z&a=2&c").unwrap();
        assert_eq!(fields.get("a"), Some("1"));
        assert_eq!(fields.get("b"), Some("x y&z"));
        assert_eq!(fields.get("c"), Some(""));
        assert_eq!(fields.get("d"), None);
    }

    #[test]
    fn no_text_holds_nul() {
        let fields = Fields::parse(b"a%00=1%00").unwrap();
        assert_eq!(fields.get("a\u{FFFD}"), Some("1\u{FFFD}"));
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        let flood = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(
            Fields::parse(flood.as_bytes()).unwrap_err().code,
            "too-many-fields"
        );
    }
}
