//! Patterns of paths, such as `/analysis/api/{api}`.

/// Matches the paths of one route, segment by segment and octet by octet.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: &'static str,
    ignores_case: bool,
}

impl Pattern {
    /// A pattern whose fixed segments must be spelt as here.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            ignores_case: false,
        }
    }

    /// A pattern whose fixed segments match in any case.
    pub(crate) const fn ignoring_case(text: &'static str) -> Self {
        Self {
            text,
            ignores_case: true,
        }
    }

    /// The pattern as written.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    /// The named segments of `path`, or `None` when it does not match. A named segment is not
    /// empty and holds letters, digits, `-`, `.` and `_` only.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let mut named = Vec::new();
        let mut segments = path.split('/');
        for expected in self.text.split('/') {
            let segment = segments.next()?;
            if let Some(name) = name_of(expected) {
                if !is_plain(segment) {
                    return None;
                }
                named.push((name, segment.to_owned()));
            } else if !self.same(expected, segment) {
                return None;
            }
        }
        segments.next().is_none().then_some(named)
    }

    fn same(&self, expected: &str, segment: &str) -> bool {
        if self.ignores_case {
            expected.eq_ignore_ascii_case(segment)
        } else {
            expected == segment
        }
    }
}

fn name_of(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn is_plain(segment: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !segment.is_empty() && segment.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_segments_are_handed_out() {
        let pattern = Pattern::new("/analysis/api/{api}/enabled");
        let named = pattern.matches("/analysis/api/toner/enabled").unwrap();
        assert_eq!(named, [("api", "toner".to_owned())]);
        assert!(pattern.matches("/Analysis/api/toner/enabled").is_none());
    }

    #[test]
    fn no_other_spelling_of_a_path_matches() {
        let pattern = Pattern::ignoring_case("/ReportApi/Reports/Meters");
        assert!(pattern.matches("/reportapi/REPORTS/meters").is_some());
        for path in [
            "/ReportApi/Reports/Meters/",
            "/ReportApi/Reports/Meters/.",
            "/ReportApi//Reports/Meters",
            "//ReportApi/Reports/Meters",
            "/ReportApi/./Reports/Meters",
            "/x/../ReportApi/Reports/Meters",
            "/ReportApi/Reports/Meters;x",
            "/ReportApi;/Reports/Meters",
            "/ReportApi%2fReports/Meters",
            "/ReportApi/Reports/%4deters",
            "/ReportApi/Reports/Meters%00",
            "/ReportApi/Reports/Meters.json",
            "/ReportApi/Reports",
            "",
            "*",
        ] {
            assert!(pattern.matches(path).is_none(), "{path}");
        }
        let named = Pattern::new("/assets/{file}");
        for path in [
            "/assets/",
            "/assets/a%2fb",
            "/assets/a;b",
            "/assets/ä",
            "/assets/a b",
        ] {
            assert!(named.matches(path).is_none(), "{path}");
        }
    }
}
