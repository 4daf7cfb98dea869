//! What stands around a line of `page_log`: the head that syslog puts before it, and the quotation
//! marks of the directive, which cupsd writes out around every line.

/// Words of a syslog head behind its time: computer and program.
const HEAD_WORDS_MAX: usize = 3;

/// Months as BSD syslog writes them (RFC 3164 4.1.2).
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The line without a syslog head and without quotation marks around it. A line that was cut has
/// the first of the marks only.
pub(super) fn bare(line: &str) -> &str {
    let line = line.trim_end_matches(['\r', '\n']);
    unquoted(
        without_head(line)
            .or_else(|| without_name(line))
            .unwrap_or(line),
    )
}

/// Whether a syslog put its head before the line.
pub(super) fn has_head(line: &str) -> bool {
    without_head(line).is_some()
}

/// The text without quotation marks around it.
pub(super) fn unquoted(text: &str) -> &str {
    match text.strip_prefix('"') {
        Some(inner) => inner.strip_suffix('"').unwrap_or(inner),
        None => text,
    }
}

/// What stands behind a head of RFC 3164 or RFC 5424, as a syslog or `journalctl` writes it.
fn without_head(line: &str) -> Option<&str> {
    let (is_version_1, rest) = priority(line);
    let rest = without_time(rest)?;
    if is_version_1 {
        return without_header_of_5424(rest);
    }
    let mut rest = rest;
    for _ in 0..HEAD_WORDS_MAX {
        let (word, behind) = rest.split_once(' ')?;
        if word.ends_with(':') {
            return Some(behind.trim_start());
        }
        rest = behind;
    }
    None
}

/// What stands behind the name of the file, which a search in several files puts before the line.
fn without_name(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(':')?;
    (name.contains("page_log") && !name.contains(' ')).then_some(rest)
}

/// Whether it is RFC 5424's, and what stands behind `<134>` or `<134>1`.
fn priority(line: &str) -> (bool, &str) {
    let inner = line
        .strip_prefix('<')
        .and_then(|inner| inner.split_once('>'));
    let inner = inner.filter(|(number, _)| number.bytes().all(|c| c.is_ascii_digit()));
    match inner {
        Some((_, rest)) => match rest.strip_prefix("1 ") {
            Some(rest) => (true, rest),
            None => (false, rest),
        },
        None => (false, line),
    }
}

/// What stands behind `Nov 30 17:50:13 ` or `2026-11-30T17:50:13+01:00 `.
fn without_time(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(' ')?;
    if MONTHS.contains(&first) {
        let (day, rest) = rest.trim_start().split_once(' ')?;
        let (time, rest) = rest.split_once(' ')?;
        let is_day = (1..=2).contains(&day.len()) && day.bytes().all(|c| c.is_ascii_digit());
        return (is_day && is_clock(time)).then_some(rest);
    }
    let (date, time) = first.split_once('T')?;
    let is_date = date.len() == 10 && date.bytes().all(|c| c.is_ascii_digit() || c == b'-');
    (is_date
        && time
            .split_at_checked(8)
            .is_some_and(|(clock, _)| is_clock(clock)))
    .then_some(rest)
}

fn is_clock(text: &str) -> bool {
    let mut parts = text.split(['.', ',']).next().unwrap_or_default().split(':');
    let is_two = |part: &str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_digit());
    parts.by_ref().take(3).filter(|part| is_two(part)).count() == 3 && parts.next().is_none()
}

/// What stands behind computer, program, process, kind and structured data.
fn without_header_of_5424(line: &str) -> Option<&str> {
    let mut rest = line;
    for _ in 0..4 {
        rest = rest.split_once(' ')?.1;
    }
    let behind = match rest.strip_prefix('-') {
        Some(behind) => behind,
        None => rest
            .strip_prefix('[')?
            .split_once("] ")
            .map(|(_, text)| text)?,
    };
    Some(behind.trim_start_matches([' ', '\u{FEFF}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_line_goes() {
        let line = "hall rita 7 [02/Oct/2026:15:01:38 +0000] total 3 - - a: b - -";
        for head in [
            "",
            "page_log.1:",
            "Nov 30 17:50:13 print1 cupsd[812]: ",
            "Nov  3 17:50:13 print1 cupsd: ",
            "<134>Nov 30 17:50:13 print1 cups/page_log[1]: ",
            "2026-11-30T17:50:13.123456+01:00 print1 cupsd[812]: ",
            "<134>1 2026-11-30T17:50:13Z print1 cupsd 812 - - ",
            "<134>1 2026-11-30T17:50:13Z print1 cupsd 812 - [x@1 a=\"b\"] ",
        ] {
            assert_eq!(bare(&format!("{head}{line}")), line, "{head}");
            assert_eq!(bare(&format!("{head}\"{line}\"\r")), line, "{head}");
        }
        assert_eq!(bare("\"hall rita 7"), "hall rita 7");
        for whole in ["Nov hall 7 [x]", "hall rita: 7", "<x> 1", "", "é"] {
            assert_eq!(bare(whole), whole);
        }
    }
}
