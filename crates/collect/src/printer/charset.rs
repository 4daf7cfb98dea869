//! Text as printers send it: in the character set they declare, in another one, or in two of
//! them in the same answer (trap T12).
//!
//! Order: what is valid UTF-8 is UTF-8, whatever was declared (a Lexmark MX711 declares code page
//! 850, describes its supplies in it, and writes its console in UTF-8). Then the declared set, by
//! its IANA `MIBenum`. Then the set usual for the declared language. Then Latin-1, in which
//! nothing is invalid. The raw octets stay in the reading.

use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use platen_domain::text::tidy_foreign;

use super::mib;
use super::profile::Profile;
use super::view::View;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// Which character set a group of a device's texts is in, as far as the device tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Charset {
    /// IANA `MIBenum` declared in `prtLocalizationCharacterSet`, or the profile's override.
    declared: Option<u32>,
    /// The set usual where the declared language is spoken.
    usual: Option<&'static Encoding>,
}

impl Charset {
    /// The set of descriptions and alerts: `prtGeneralCurrentLocalization`.
    pub(crate) fn of_descriptions(view: &View<'_>, profile: &Profile) -> Self {
        Self::of(view, profile, &mib::PRT_GENERAL_CURRENT_LOCALIZATION)
    }

    /// The set of console lines: `prtConsoleLocalization`.
    pub(crate) fn of_console(view: &View<'_>, profile: &Profile) -> Self {
        Self::of(view, profile, &mib::PRT_CONSOLE_LOCALIZATION)
    }

    fn of(view: &View<'_>, profile: &Profile, pointer: &Oid) -> Self {
        let row = localization_row(view, pointer);
        let number = row.and_then(|row| view.number(&mib::PRT_LOCALIZATION_CHARACTER_SET, row));
        let text = |column: &Oid| {
            let rows = view.rows(column);
            let found = rows.into_iter().find(|(found, _)| Some(*found) == row)?;
            let octets = found.1.as_octets()?;
            Some(String::from_utf8_lossy(octets).trim().to_lowercase())
        };
        let language = text(&mib::PRT_LOCALIZATION_LANGUAGE);
        let country = text(&mib::PRT_LOCALIZATION_COUNTRY);
        Self {
            declared: profile
                .charset
                .or_else(|| number.and_then(|number| u32::try_from(number).ok())),
            usual: usual(
                language.as_deref().unwrap_or(""),
                country.as_deref().unwrap_or(""),
            ),
        }
    }

    /// The text in `octets`, tidied. Never fails; may be empty.
    pub(crate) fn decode(self, octets: &[u8]) -> String {
        let end = octets.iter().rposition(|octet| *octet != 0);
        let octets = octets.get(..end.map_or(0, |last| last + 1)).unwrap_or(&[]);
        tidy_foreign(&self.decode_untidied(octets))
    }

    /// The text of a value that is a string, tidied; `None` when it is none or empty.
    pub(crate) fn text(self, value: &Value) -> Option<String> {
        let octets = value.as_octets()?;
        Some(self.decode(octets)).filter(|text| !text.is_empty())
    }

    fn decode_untidied(self, octets: &[u8]) -> String {
        if let Ok(text) = std::str::from_utf8(octets) {
            return text.to_owned();
        }
        self.declared
            .and_then(|declared| decode_declared(declared, octets))
            .or_else(|| {
                self.usual?
                    .decode_without_bom_handling_and_without_replacement(octets)
                    .map(std::borrow::Cow::into_owned)
            })
            .unwrap_or_else(|| octets.iter().copied().map(char::from).collect())
    }
}

/// The row a localization object points at, or the only row there is.
pub(crate) fn localization_row(view: &View<'_>, pointer: &Oid) -> Option<u32> {
    let rows = view.rows(&mib::PRT_LOCALIZATION_CHARACTER_SET);
    let named = view
        .device_number(pointer)
        .and_then(|row| u32::try_from(row).ok())
        .filter(|row| rows.iter().any(|(found, _)| found == row));
    named.or_else(|| rows.first().map(|(row, _)| *row))
}

/// Decodes by an IANA `MIBenum`; `None` when the set is unknown or the octets are not in it.
fn decode_declared(mib_enum: u32, octets: &[u8]) -> Option<String> {
    const HP_ROMAN8: u32 = 2004;
    if mib_enum == HP_ROMAN8 {
        return Some(octets.iter().copied().map(hp_roman8).collect());
    }
    if let Some(page) = code_page(mib_enum) {
        return DECODING_TABLE_CP_MAP
            .get(&page)?
            .decode_string_checked(octets);
    }
    let encoding = Encoding::for_label(label(mib_enum)?.as_bytes())?;
    encoding
        .decode_without_bom_handling_and_without_replacement(octets)
        .map(std::borrow::Cow::into_owned)
}

/// DOS code pages by IANA `MIBenum`.
fn code_page(mib_enum: u32) -> Option<u16> {
    Some(match mib_enum {
        2009 => 850,
        2010 => 852,
        2011 => 437,
        2013 => 862,
        2046 => 855,
        2047 => 857,
        2048 => 860,
        2049 => 861,
        2050 => 863,
        2051 => 864,
        2052 => 865,
        2054 => 869,
        2086 => 866,
        2087 => 775,
        _ => return None,
    })
}

/// WHATWG labels by IANA `MIBenum`, of the sets the Encoding Standard knows.
fn label(mib_enum: u32) -> Option<&'static str> {
    Some(match mib_enum {
        4 | 2000 | 2001 | 2252 => "windows-1252",
        5 => "iso-8859-2",
        6 => "iso-8859-3",
        7 => "iso-8859-4",
        8 => "iso-8859-5",
        9 => "iso-8859-6",
        10 => "iso-8859-7",
        11 => "iso-8859-8",
        12 | 2254 => "windows-1254",
        13 => "iso-8859-10",
        17 | 2024 => "shift_jis",
        18 => "euc-jp",
        36 | 38 => "euc-kr",
        39 => "iso-2022-jp",
        109 => "iso-8859-13",
        110 => "iso-8859-14",
        111 => "iso-8859-15",
        112 => "iso-8859-16",
        113 | 2025 => "gbk",
        114 => "gb18030",
        1000 | 1013 | 1015 => "utf-16be",
        1014 => "utf-16le",
        2002 | 2250 => "windows-1250",
        2026 => "big5",
        2027 => "macintosh",
        2084 => "koi8-r",
        2088 => "koi8-u",
        2109 | 2259 => "windows-874",
        2251 => "windows-1251",
        2253 => "windows-1253",
        2255 => "windows-1255",
        2256 => "windows-1256",
        2257 => "windows-1257",
        2258 => "windows-1258",
        _ => return None,
    })
}

/// The set usual for a language (ISO 639) and country (ISO 3166), where it is not Latin-1.
fn usual(language: &str, country: &str) -> Option<&'static Encoding> {
    match (language, country) {
        ("zh", "tw" | "hk") => Some(encoding_rs::BIG5),
        ("zh", _) | (_, "cn") => Some(encoding_rs::GBK),
        ("ja", _) | (_, "jp") => Some(encoding_rs::SHIFT_JIS),
        ("ko", _) | (_, "kr") => Some(encoding_rs::EUC_KR),
        ("ru" | "bg" | "uk", _) => Some(encoding_rs::WINDOWS_1251),
        ("cs" | "pl" | "hu" | "sk" | "hr" | "sl" | "ro", _) => Some(encoding_rs::WINDOWS_1250),
        ("el", _) => Some(encoding_rs::WINDOWS_1253),
        ("tr", _) => Some(encoding_rs::WINDOWS_1254),
        _ => None,
    }
}

/// One octet of HP Roman-8 (RFC 1345, `hp-roman8`); its upper half from `A0`.
fn hp_roman8(octet: u8) -> char {
    const UPPER: &str = "\u{a0}ÀÂÈÊËÎÏ´ˋˆ¨˜ÙÛ₤¯Ýý°ÇçÑñ¡¿¤£¥§ƒ¢âêôûáéóúàèòùäëöüÅîØÆåíøæÄìÖÜÉïßÔÁÃãÐðÍÌÓÒÕõŠšÚŸÿÞþ·µ¶¾—¼½ªº«■»±\u{fffd}";
    match octet.checked_sub(0xA0) {
        Some(position) => UPPER.chars().nth(position.into()).unwrap_or('\u{fffd}'),
        None => char::from(octet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;
    use crate::snmp::answers::Answers;
    use proptest::prelude::*;

    fn declared(mib_enum: u32) -> Charset {
        Charset {
            declared: Some(mib_enum),
            usual: None,
        }
    }

    /// A Lexmark MX711 set to Portuguese: localization 11 declares code page 850.
    fn mx711() -> Answers {
        answers(
            "1.3.6.1.2.1.43.5.1.1.2.1|2|11
             1.3.6.1.2.1.43.5.1.1.10.1|2|11
             1.3.6.1.2.1.43.7.1.1.2.1.1|4|EN
             1.3.6.1.2.1.43.7.1.1.2.1.11|4|PT
             1.3.6.1.2.1.43.7.1.1.4.1.1|2|106
             1.3.6.1.2.1.43.7.1.1.4.1.11|2|2009",
        )
    }

    #[test]
    fn t12_descriptions_in_code_page_850_and_console_in_utf8_of_the_same_answer() {
        let answers = mx711();
        let view = View::new(&answers);
        let profile = Profile::default();
        let descriptions = Charset::of_descriptions(&view, &profile);
        assert_eq!(
            descriptions.decode(b"Kit manuten\x87\xc6o"),
            "Kit manutenção"
        );
        let console = Charset::of_console(&view, &profile);
        assert_eq!(
            console.decode("Toque em qualquer botão".as_bytes()),
            "Toque em qualquer botão"
        );
    }

    #[test]
    fn t12_declared_sets_by_their_registered_numbers() {
        assert_eq!(
            declared(2004).decode(b"Bo\xcate \xe0 \xcfbrig"),
            "Boòte Á übrig"
        );
        assert_eq!(
            declared(4).decode(b"Resttonerbeh\xe4lter"),
            "Resttonerbehälter"
        );
        assert_eq!(declared(17).decode(b"\x83\x67\x83\x69\x81\x5b"), "トナー");
        assert_eq!(declared(113).decode(b"\xcc\xbc\xb7\xdb"), "碳粉");
        assert_eq!(declared(2251).decode(b"\xd2\xee\xed\xe5\xf0"), "Тонер");
    }

    #[test]
    fn t12_what_is_not_in_the_declared_set_is_latin1_and_never_lost() {
        assert_eq!(declared(3).decode(b"Beh\xe4lter"), "Behälter");
        assert_eq!(declared(106).decode(b"caf\xe9"), "café");
    }

    #[test]
    fn t12_the_language_decides_where_nothing_is_declared() {
        let answers = answers(
            "1.3.6.1.2.1.43.5.1.1.2.1|2|1
             1.3.6.1.2.1.43.7.1.1.2.1.1|4|zh
             1.3.6.1.2.1.43.7.1.1.3.1.1|4|CN
             1.3.6.1.2.1.43.7.1.1.4.1.1|2|2",
        );
        let charset = Charset::of_descriptions(&View::new(&answers), &Profile::default());
        assert_eq!(charset.decode(b"\xcc\xbc\xb7\xdb"), "碳粉");
    }

    #[test]
    fn t12_padding_terminators_and_line_breaks_are_tidied() {
        let charset = Charset::default();
        assert_eq!(charset.decode(b"black\0"), "black");
        assert_eq!(charset.decode(b"Sleep Mode      "), "Sleep Mode");
        assert_eq!(charset.decode(b"HP Color\r\nLaserJet"), "HP Color LaserJet");
        assert_eq!(charset.text(&Value::OctetString(vec![0, 0])), None);
    }

    #[test]
    fn hp_roman8_has_a_character_for_every_octet() {
        assert_eq!(hp_roman8(0xFE), '±');
        assert_eq!(hp_roman8(0xDE), 'ß');
        assert_eq!(hp_roman8(b'A'), 'A');
    }

    proptest! {
        #[test]
        fn any_octets_in_any_set_become_tidy_text(
            octets in proptest::collection::vec(any::<u8>(), 0..300),
            mib_enum in 0u32..2300,
        ) {
            let text = declared(mib_enum).decode(&octets);
            prop_assert!(!text.chars().any(char::is_control));
        }
    }
}
