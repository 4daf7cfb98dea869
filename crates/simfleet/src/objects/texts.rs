//! What a printer says to people, in its language and character set.

use crate::models::Language;
use crate::value::Value;

/// Character sets by `IANACharset`.
const UTF_8: i64 = 106;
const ISO_8859_1: i64 = 4;
const IBM_850: i64 = 2009;

/// The characters of the texts here that are not ASCII, in code page 850.
const CODE_PAGE_850: [(char, u8); 8] = [
    ('ç', 0x87),
    ('ã', 0xC6),
    ('é', 0x82),
    ('õ', 0xE4),
    ('á', 0xA0),
    ('ê', 0x88),
    ('ó', 0xA2),
    ('í', 0xA1),
];

/// The texts of one language.
pub(super) struct Texts {
    /// `prtLocalizationLanguage`.
    pub(super) language: &'static str,
    /// `prtLocalizationCountry`.
    pub(super) country: &'static str,
    /// `prtLocalizationCharacterSet` of descriptions.
    pub(super) character_set: i64,
    /// `prtLocalizationCharacterSet` of the console.
    pub(super) console_character_set: i64,
    pub(super) ready: &'static str,
    pub(super) printing: &'static str,
    pub(super) asleep: &'static str,
    pub(super) jam: &'static str,
    pub(super) tray_empty: &'static str,
    pub(super) supply_low: &'static str,
    pub(super) nearly_full: &'static str,
    pub(super) front_cover: &'static str,
    pub(super) output_bin: &'static str,
}

impl Texts {
    pub(super) const fn of(language: Language) -> Self {
        match language {
            Language::English => ENGLISH,
            Language::German => GERMAN,
            Language::Portuguese => PORTUGUESE,
        }
    }

    /// `text` as a description.
    pub(super) fn description(&self, text: &str) -> Value {
        encode(text, self.character_set)
    }

    /// `text` as a line of the console.
    pub(super) fn console(&self, text: &str) -> Value {
        encode(text, self.console_character_set)
    }
}

const ENGLISH: Texts = Texts {
    language: "en",
    country: "US",
    character_set: UTF_8,
    console_character_set: UTF_8,
    ready: "Ready",
    printing: "Printing",
    asleep: "Sleep",
    jam: "Paper jam: open the front cover",
    tray_empty: "Tray empty",
    supply_low: "Low",
    nearly_full: "Nearly full",
    front_cover: "Front Cover",
    output_bin: "Standard Bin",
};

const GERMAN: Texts = Texts {
    language: "de",
    country: "DE",
    character_set: ISO_8859_1,
    console_character_set: ISO_8859_1,
    ready: "Bereit",
    printing: "Druckt",
    asleep: "Ruhezustand",
    jam: "Papierstau: vordere Tür öffnen",
    tray_empty: "Papier einlegen für",
    supply_low: "Füllstand niedrig",
    nearly_full: "Fast voll, Wechsel nötig",
    front_cover: "Vordere Tür",
    output_bin: "Ablage für Ausdrucke",
};

const PORTUGUESE: Texts = Texts {
    language: "pt",
    country: "BR",
    character_set: IBM_850,
    console_character_set: UTF_8,
    ready: "Pronta",
    printing: "Impressão",
    asleep: "Hibernação",
    jam: "Atolamento de papel: abra a tampa frontal",
    tray_empty: "Coloque papel em",
    supply_low: "Substituição próxima",
    nearly_full: "Quase cheio",
    front_cover: "Tampa frontal",
    output_bin: "Bandeja padrão",
};

fn encode(text: &str, character_set: i64) -> Value {
    Value::OctetString(match character_set {
        ISO_8859_1 => text
            .chars()
            .map(|char| u8::try_from(char).unwrap_or(b'?'))
            .collect(),
        IBM_850 => text.chars().map(to_code_page_850).collect(),
        _ => text.as_bytes().to_vec(),
    })
}

fn to_code_page_850(char: char) -> u8 {
    let listed = CODE_PAGE_850.iter().find(|(listed, _)| *listed == char);
    let ascii = u8::try_from(char).ok().filter(u8::is_ascii);
    ascii.or(listed.map(|(_, octet)| *octet)).unwrap_or(b'?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_sent_in_their_character_set() {
        let german = Texts::of(Language::German).description("Resttintenbehälter");
        assert_eq!(
            german,
            Value::OctetString(b"Resttintenbeh\xE4lter".to_vec())
        );
        let portuguese = Texts::of(Language::Portuguese);
        let kit = Value::OctetString(b"Kit manuten\x87\xC6o".to_vec());
        assert_eq!(portuguese.description("Kit manutenção"), kit);
        assert_eq!(portuguese.console("não"), Value::text("não"));
    }
}
