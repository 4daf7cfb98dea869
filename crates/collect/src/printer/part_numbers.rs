//! Part numbers in supply descriptions, recognised by their form (trap T6).
//!
//! A part number is what one orders by. Descriptions state it without a label: as the whole text
//! (`CE310A`), at its end (`Magenta Toner TN-321M`), in parentheses beside the name the
//! cartridge is sold under (`HP 70 ( C9453A )`). That name is none: several numbers share it.
//! Makers build for one another, so that the forms are one table for all of them.

/// Shortest part number, in characters.
const CHARS_MIN: usize = 4;

/// Most letters before the hyphen of a family name such as `MLT-D111S`.
const FAMILY_LETTERS_MAX: usize = 3;

/// Forms that nothing else in a description has. `l` is a capital letter, `d` a digit, `w` either,
/// `~` a hyphen or nothing, a final `*` any more capitals, digits and hyphens; the rest stands for
/// itself.
const FORMS: &[&str] = &[
    // Xerox: 006R01509, 013R00662.
    "dddlddddd",
    // Lexmark: 24B6035, 50F2H00; W850H21G, C950X2KG; B222H00, C232HK0, C2320K0.
    "ddldwww",
    "ldddlddl",
    "ldddldll",
    "ldddldd",
    "ldddlld",
    "lddddld",
    // Konica Minolta: A33K132; A8DA150.
    "Awwwddd",
    "Awwwdddw",
    // Canon: 3010C002, 9435B001AA.
    "ddddlddd",
    "ddddldddll",
    // Epson: C13T05H100, C13S050691; T9441, T05H1; S050691; SJIC35P-BK, SJMB6000.
    "C1dlwwwww*",
    "Tddww",
    "Sdddddd",
    "SJlldd*",
    // Kyocera: 1T02NK0NL0.
    "1T0dwwwwww",
    // HP's assemblies, Samsung's, Dell's: RM1-6274, JC96-06514A, 593-BBBS.
    "lld-dddd*",
    "lldd-ddddd*",
    "ddd-wwww",
    "ddd-wwwww",
    // Families written without their hyphen, Brother's and Konica Minolta's: TN221K, DR311, TNP48K.
    "TNdd*",
    "TNPdd*",
    "TNBddd*",
    "DRdd*",
    "DRPdd*",
    "IUPdd*",
    "LCddd*",
    "WXddd*",
    "MLTldd*",
    "CLTldd*",
    "GPRdd*",
    "NPGdd*",
    "CEXVdd*",
];

/// How HP's product numbers end: `CE310A`, `CF410X`, `W9014MC`, `L0S70AE`.
const HP_ENDS: &[&str] = &[
    "A", "X", "Y", "AA", "AC", "AE", "AL", "AM", "AN", "AX", "JC", "MC", "XC", "XH", "YC", "YH",
];

/// Family names that are written with a blank before their number.
const SPACED_FAMILIES: &[&str] = &["C-EXV", "GPR", "NPG"];

/// The part numbers in a description, joined by `/`: two are both kept.
pub(crate) fn in_description(text: &str) -> Option<String> {
    if is_whole(text) {
        return Some(text.to_owned());
    }
    let mut numbers: Vec<String> = Vec::new();
    let mut before = "";
    for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '/'))) {
        let word = word.trim_matches(['-', '/']);
        let spaced = SPACED_FAMILIES.contains(&before) && word.starts_with(digit);
        let number = if spaced && word.bytes().all(|b| b.is_ascii_digit()) {
            Some(format!("{before} {word}"))
        } else if is_list(word) {
            Some(word.to_owned())
        } else {
            word.split('/')
                .find(|part| is_part(part))
                .map(str::to_owned)
        };
        numbers.extend(number.filter(|number| !numbers.contains(number)));
        if !word.is_empty() {
            before = word;
        }
    }
    (!numbers.is_empty()).then(|| numbers.join("/"))
}

/// Whether a word has the form of a part number.
fn is_part(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    word.len() >= CHARS_MIN
        && word.bytes().all(plain)
        && word.bytes().any(|b| b.is_ascii_digit())
        && (is_family(word) || is_hp(word) || FORMS.iter().any(|form| has_form(word, form)))
}

/// Several numbers in one word, `T9441/T9451`; the later ones may be short, `SJMB6000/6500`.
fn is_list(word: &str) -> bool {
    let mut parts = word.split('/');
    let first = parts.next().is_some_and(is_part);
    let short = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
            && part.contains(digit)
    };
    first && parts.all(short)
}

/// Letters, a hyphen and a number: `TK-1162`, `CK-8510C`, `MLT-D111S`, `C-EXV34`, `MX-61GTBA`. Only
/// a supply's own text is asked, where no model's name is expected.
fn is_family(word: &str) -> bool {
    let Some((family, rest)) = word.split_once('-') else {
        return false;
    };
    let letters = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase());
    let kind = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let number = kind.trim_start_matches(digit);
    let (kind_letters, digits) = (rest.len() - kind.len(), kind.len() - number.len());
    let (suffix, color) = number.split_once('-').unwrap_or((number, ""));
    (1..=FAMILY_LETTERS_MAX).contains(&family.len())
        && letters(family)
        && kind_letters <= 3
        && (2..=6).contains(&digits)
        && suffix.len() <= 5
        && color.len() <= 3
        && letters(color)
}

/// An HP product number: five characters of which the last two are digits, and an end that says
/// how it is sold. At least one letter and three digits tell it from a word.
fn is_hp(word: &str) -> bool {
    let end = word.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    if !end.is_empty() {
        return false;
    }
    HP_ENDS.iter().any(|end| {
        word.strip_suffix(end).is_some_and(|number| {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            let tail = number.get(3..).unwrap_or("");
            (number.len() == 5)
                && digits >= 2
                && digits < number.len()
                && tail.bytes().all(|b| b.is_ascii_digit())
        })
    })
}

/// Whether a whole description is one number: `CE310A`, `45862837`, `TNP-79/TNP-80`. Nothing but
/// capitals, digits and what joins them, and too many digits for a word with a place number.
fn is_whole(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'/');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    let only_digits = letters == 0 && !text.contains(['-', '/']);
    text.bytes().all(plain)
        && if only_digits {
            (6..=12).contains(&digits)
        } else {
            (5..=24).contains(&text.len()) && digits >= 2 && (1..=8).contains(&letters)
        }
        && !names_a_thing(text)
}

/// Whether the letters of an upper-case text begin with a word for a supply: `DRUM-01`, `TONER12`.
fn names_a_thing(text: &str) -> bool {
    const THINGS: &[&str] = &[
        "BELT", "BLACK", "BOX", "CART", "CYAN", "DRUM", "FUSER", "INK", "KIT", "MAGENTA", "ROLL",
        "STAPLE", "TANK", "TONER", "TRAY", "UNIT", "WASTE", "YELLOW",
    ];
    THINGS.iter().any(|thing| text.starts_with(thing))
}

fn has_form(word: &str, form: &str) -> bool {
    let mut word = word.bytes().peekable();
    for class in form.bytes() {
        let Some(&next) = word.peek() else {
            return class == b'*' || class == b'~';
        };
        let fits = match class {
            b'*' => return true,
            b'~' if next != b'-' => continue,
            b'~' => true,
            b'l' => next.is_ascii_uppercase(),
            b'd' => next.is_ascii_digit(),
            b'w' => next.is_ascii_uppercase() || next.is_ascii_digit(),
            literal => next == literal,
        };
        if !fits {
            return false;
        }
        word.next();
    }
    word.peek().is_none()
}

const fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t6_part_numbers_of_every_maker_are_known_by_their_form() {
        for number in [
            "TK-1162",
            "CK-8510C",
            "DK-3130",
            "PK-1011",
            "WT-860",
            "MK-8115A",
            "TN-241BK",
            "DR-2400",
            "LC-3219XL",
            "WT-320CL",
            "MLT-D111S",
            "CLT-K404S",
            "GPR-51",
            "NPG-52",
            "C-EXV34",
            "MX-61GTBA",
            "T-FC28EK",
            "TNP-48K",
            "TN221K",
            "A33K132",
            "CE310A",
            "CF410X",
            "W2030A",
            "W9014MC",
            "Q2612A",
            "T6M03AE",
            "3ED71A",
            "006R01509",
            "106R03943",
            "24B6035",
            "50F2H00",
            "C950X2KG",
            "C13T05H100",
            "C13S050691",
            "T9441",
            "3010C002",
            "593-BBBS",
            "SJIC35P-BK",
        ] {
            assert_eq!(in_description(number).as_deref(), Some(number));
            let beside = format!("Magenta Cartridge {number}");
            assert_eq!(in_description(&beside).as_deref(), Some(number));
            let within = format!("Acme 12 ( {number} )");
            assert_eq!(in_description(&within).as_deref(), Some(number));
        }
        assert_eq!(in_description("45862837").as_deref(), Some("45862837"));
    }

    #[test]
    fn a_family_name_is_no_part_number() {
        for text in [
            "HP 70",
            "HP 953XL",
            "HP 26A",
            "Canon Cartridge 719/719H",
            "Print Cartridge MP C3503",
            "Toner for IM C2500",
            "Drum Cartridge (R1)",
            "Toner 2",
            "TONER12",
            "DRUM-01",
            "Magenta Cartridge HP (long)",
            "Waste Toner Box",
            "",
        ] {
            assert_eq!(in_description(text), None, "{text}");
        }
    }

    #[test]
    fn two_numbers_are_both_kept() {
        let numbers = |text: &str| in_description(text).unwrap();
        assert_eq!(numbers("Ink Unit T9441/T9451/T9461"), "T9441/T9451/T9461");
        assert_eq!(numbers("HP 26A (CF226A / CF226X)"), "CF226A/CF226X");
        assert_eq!(numbers("Toner TK-8115K, TK-8119K"), "TK-8115K/TK-8119K");
        assert_eq!(numbers("Maintenance Box SJMB6000/6500"), "SJMB6000/6500");
        assert_eq!(numbers("Toner C-EXV 34 Black"), "C-EXV 34");
        assert_eq!(numbers("TK-1162 (TK-1162)"), "TK-1162");
    }
}
