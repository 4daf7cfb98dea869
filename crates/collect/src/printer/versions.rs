//! What is no part of a model's name in the texts devices describe themselves with: versions,
//! dates, operating systems, and the words that announce them (trap T17).

/// Words that announce what a device runs; a number follows. The best for "the firmware" first:
/// what makers call the system, then its controller, then a plain version.
const ANNOUNCERS: &[&str] = &[
    "system software",
    "firmware",
    "f/w",
    "fw",
    "ss",
    "controller",
    "ess",
    "os",
    "software",
    "version",
    "ver",
    "rev",
    "revision",
    "release",
];

/// Words that announce a part of the device, not the system.
const PARTS: &[&str] = &[
    "engine", "eng", "iot", "iit", "net", "nic", "nc", "boot", "rom", "eeprom", "kernel", "ui",
    "me", "ps", "ps3", "pcl", "system", "sw", "build", "mid", "fid", "fn", "pid", "svcid",
];

/// Operating systems. Each ends a model's name, whatever follows.
const SYSTEMS: &[&str] = &[
    "linux", "vxworks", "kernel", "netbsd", "freebsd", "openbsd", "qnx", "nucleus", "threadx",
    "ecos", "darwin", "windows", "android", "ucos",
];

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Whether a word is a version: `1.14`, `V1.03`, `2.15-04`, `1.06s`, `141.C09`, `NR.APS.N449`,
/// `R2.1.0`. A model has no points between digits.
pub(crate) fn is_version(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', ',', ':']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let word = word.rsplit('_').next().unwrap_or(word);
    let number = word
        .strip_prefix(['v', 'V', 'r', 'R'])
        .map_or(word, |rest| rest.trim_start_matches('.'));
    let mut parts = number.split('.');
    let first = parts.next().unwrap_or("");
    let points = number.matches('.').count();
    let digits = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let wireless = number.starts_with("802.11");
    word.chars().all(plain)
        && !wireless
        && parts.all(|part| !part.is_empty())
        && !first.is_empty()
        && digits(number)
        && (points >= 2
            || points == 1 && first.starts_with(|c: char| c.is_ascii_digit())
            || word.starts_with('v')
                && first.len() <= 2
                && first.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a word is a date: `05-07-2013`, `2013/05/07`, `May-20-2013`, `20130520`, `201103111031`.
pub(crate) fn is_date(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', ',', ':']);
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let number = |from: usize| word.get(from..from + 2).and_then(|two| two.parse().ok());
        let year = word.starts_with("19") || word.starts_with("20");
        let month = number(4).is_some_and(|month: u8| (1..=12).contains(&month));
        let day = number(6).is_some_and(|day: u8| (1..=31).contains(&day));
        return matches!(word.len(), 8 | 12) && year && month && day;
    }
    ['-', '/', '.'].iter().any(|mark| {
        let parts: Vec<&str> = word.split(*mark).collect();
        let [first, second, third] = parts.as_slice() else {
            return false;
        };
        let number = |part: &&str, digits: std::ops::RangeInclusive<usize>| {
            digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let month = |part: &&str| number(part, 1..=2) || is_month(part);
        let year_last = number(third, 4..=4)
            && (month(first) && number(second, 1..=2) || number(first, 1..=2) && month(second));
        let year_first = number(first, 4..=4) && month(second) && number(third, 1..=2);
        year_last || year_first
    })
}

fn is_month(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',']);
    let begins = |month: &&str| {
        word.get(..3)
            .is_some_and(|head| head.eq_ignore_ascii_case(month))
    };
    (3..=9).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphabetic())
        && MONTHS.iter().any(begins)
}

/// Whether what follows a model's name begins with `word`; `next` is the word behind it.
pub(crate) fn ends_model(word: &str, next: Option<&str>) -> bool {
    let bare = word.trim_matches(['(', ')', ',', ':', '.']);
    let is = |one: &&str| bare.eq_ignore_ascii_case(one);
    let numbered = next.is_some_and(|next| {
        let next = next.trim_start_matches(['v', 'V', '.', '(']);
        next.starts_with(|c: char| c.is_ascii_digit()) || is_version(next)
    });
    // "Ver.1.04", "Rev.8.1", "Ver:2.0": the announcer is glued to its number.
    let glued = word
        .find(['.', ':'])
        .and_then(|point| Some((word.get(..point)?, word.get(point + 1..)?)))
        .is_some_and(|(head, number)| {
            ANNOUNCERS.iter().any(|one| head.eq_ignore_ascii_case(one))
                && number.starts_with(|c: char| c.is_ascii_alphanumeric())
        });
    let system = |one: &&str| {
        bare.get(..one.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(one))
            && !bare
                .get(one.len()..)
                .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
    };
    is_version(word)
        || is_date(word)
        || glued
        || SYSTEMS.iter().any(system)
        || matches!(
            bare.to_ascii_lowercase().as_str(),
            "version" | "firmware" | "copyright" | "(c" | "©" | "c)"
        )
        || numbered
            && (bare.eq_ignore_ascii_case("v") || ANNOUNCERS.iter().any(is) || PARTS.iter().any(is))
        || numbered && is_month(bare)
        || word.starts_with("v(")
}

/// The firmware a text names: behind the best announcer, else the version that follows the model,
/// at the end of its words or at the beginning of the next field.
pub(crate) fn firmware<'a>(text: &'a str) -> Option<&'a str> {
    let announced = ANNOUNCERS.iter().find_map(|word| behind(text, word));
    announced.or_else(|| {
        let head = text.split(" / ").next().unwrap_or(text);
        let fields = head.split(';').map(str::trim).take(2);
        let of_system = |word: &&str| {
            let is = |one: &&str| clean(word).eq_ignore_ascii_case(one);
            !SYSTEMS.iter().any(is) && !PARTS.iter().any(is)
        };
        let words = |field: &'a str| field.split(' ').take(WORDS_MAX).take_while(of_system);
        let mut words = fields.flat_map(words);
        words
            .find(|word| is_version(word) && word.contains('.'))
            .map(clean)
    })
}

/// Most words of a field that are looked at for a version.
const WORDS_MAX: usize = 8;

fn clean(word: &str) -> &str {
    word.trim_matches(['(', ')', ',', ':', ';', '.'])
}

/// The version behind an announcer that stands alone: `ESS 1.131.11`, `Ver.1.04`, `Firmware: 2.0`.
fn behind<'a>(text: &'a str, announcer: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(rest) = text.get(from..) {
        let found = rest
            .as_bytes()
            .windows(announcer.len())
            .position(|window| window.eq_ignore_ascii_case(announcer.as_bytes()))?;
        let start = from + found;
        let alone = text
            .get(..start)?
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        let tail = text.get(start + announcer.len()..)?;
        let gap = tail.trim_start_matches([' ', '.', ':', '=']);
        let gap = gap.strip_prefix("Ver").unwrap_or(gap);
        let gap = gap.trim_start_matches([' ', '.', ':', '=']);
        let word = gap.split([' ', ',', ';', ')', '/']).next().unwrap_or("");
        let numbered = word
            .trim_start_matches(['v', 'V', '.'])
            .starts_with(|c: char| c.is_ascii_digit())
            || is_version(word);
        // "ESS1.120.4" is an announcer and its number.
        let parted = gap.len() < tail.len() || announcer.len() > 2 && word.contains('.');
        if alone && parted && numbered {
            return Some(clean(word));
        }
        from = start + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn versions_and_dates_are_told_from_models() {
        for word in [
            "1.14",
            "V1.03",
            "v2.0",
            "V.2.13",
            "2.15-04",
            "1.06s",
            "141.C09",
            "NR.APS.N449",
            "R2.1.0.0",
            "0.29.03",
            "ACME_V1.01.02",
            "v3",
        ] {
            assert!(is_version(word), "{word}");
        }
        for word in [
            "MX711",
            "C3003",
            "e-STUDIO2505AC",
            "2330dn",
            "M402dne",
            "Inc.",
            "No.5",
            "4000+",
            "ZT410-300dpi",
            "Virtuoso",
            "V700",
            "",
            ".",
            "SP-C2.x",
        ] {
            assert!(!is_version(word), "{word}");
        }
        for word in [
            "05-07-2013",
            "2013/05/07",
            "May-20-2013",
            "20130520",
            "201103111031",
            "20.05.2013",
        ] {
            assert!(is_date(word), "{word}");
        }
        for word in ["4525/4508/4502", "30000000", "2840", "PK-1-22", "1-2-3"] {
            assert!(!is_date(word), "{word}");
        }
    }

    #[test]
    fn the_firmware_is_the_one_named_as_the_systems() {
        for (text, expected) in [
            (
                "Acme W7 v1; System Software 072.040.034, ESS 072.030.3, IOT 41.1.0",
                "072.040.034",
            ),
            (
                "Acme 6140N; NIC 14.31,ESS 200905190951,IOT 02.01.00",
                "200905190951",
            ),
            (
                "Acme 3300; OS 1.50.00.17   05-07-2013, Engine 1.05.44",
                "1.50.00.17",
            ),
            ("Acme C3;ESS1.120.4,IOT 20.6.0", "1.120.4"),
            ("Acme B1; Firmware Ver.1.04  (09.05.08),MID 8C5", "1.04"),
            ("Acme MP 3003 1.14 / Acme Network Printer C model", "1.14"),
            (
                "Acme 2335; 2.70.03.02;Engine 1.10.65;NIC V4.01.30",
                "2.70.03.02",
            ),
            ("Acme T630 version 55.10.19 kernel 2.4.0-test6", "55.10.19"),
        ] {
            assert_eq!(firmware(text), Some(expected), "{text}");
        }
        for text in [
            "Acme MX-2614N",
            "Acme e-STUDIO2505AC",
            "Acme HL-2270DW series",
            "",
        ] {
            assert_eq!(firmware(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,60}") {
            let _firmware = firmware(&text);
            let _ends = ends_model(&text, Some(&text));
        }
    }
}
