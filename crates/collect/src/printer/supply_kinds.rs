//! What a supply is and of which colour, by its description (traps T4, T5).
//!
//! Type 1 (other) is common for kits, rolls and belts, and some makers call a drum a toner
//! cartridge. The words are those of the languages panels are sold in; a description in another
//! language keeps the type its row states.

use std::sync::LazyLock;

use platen_domain::supplies::SupplyType;

/// What a device marks with, by `prtMarkerMarkTech` (RFC 3805).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marking {
    /// Toner: electrophotographic(3 to 5), or not stated.
    Toner,
    /// Ink: inkjetAqueous(12) to inkjetOther(14).
    Ink,
    /// Ribbons: impact(6 to 11), thermal transfer(16 to 19).
    Ribbon,
}

impl Marking {
    /// By the number of the technology.
    pub(crate) fn of_technology(code: Option<i64>) -> Self {
        match code {
            Some(12..=14) => Self::Ink,
            Some(6..=11 | 16..=19) => Self::Ribbon,
            _ => Self::Toner,
        }
    }
}

/// Words, lower-case and parted by `|`, that make a supply a kind; the first group with a match
/// decides. A word behind `=` must stand alone.
const KIND_WORDS: &[(SupplyType, &str)] = &[
    (
        SupplyType::WasteInk,
        "waste ink|maintenance box|maintenance tank|maintenance cart|ink absorber|\
         ink capture|wartungsbox|wartungstank|boîte de maintenance|bac de maintenance|\
         caja de mantenimiento|tanque de mantenimiento|caixa de manutenção|resttinte|\
         inchiostro di scarto|contenitore di manutenzione|メンテナンスボックス",
    ),
    (
        SupplyType::WasteToner,
        "waste|resttoner|altton|abfallton|toner collect|collection bottle|residual|\
         residuo|resíduo|récupér|toner usagé|recolec|toner usado|scarto|odpad|отработ|廃|\
         废|recupero",
    ),
    (
        SupplyType::CleanerUnit,
        "cleaner|cleaning|reinigung|nettoyage|limpieza|limpeza|pulizia",
    ),
    (
        SupplyType::Developer,
        "developer|developing|entwickler|développeur|revelador|sviluppo|девелоп|現像|显影",
    ),
    (
        SupplyType::Opc,
        "drum|imaging unit|imaging kit|image unit|imaging drum|photoconduct|photorecept|\
         =opc|unid. imagem|unidade de imagem|kit de imagem|unidad de imagen|\
         kit de imagen|unità immagini|unité d'imagerie|unité image|kit d'imagerie|\
         belichtungs|bildeinheit|fotoleiter|trommel|tambour|tambor|tamburo|trumma|\
         tromle|rumpu|bęben|dob-|барабан|фотокон|ドラム|感光|硒鼓|成像",
    ),
    (
        SupplyType::Fuser,
        "fuser|fusing|fixier|unité de fusion|module four|unidad de fus|unidade de fus|\
         fusor|fusore|fijador|utrwalacz|термофикс|фьюзер|печка|定着|定影",
    ),
    (
        SupplyType::TransferUnit,
        "transfer|transf.|belt unit|=itb|transport belt|übertrag|courroie|correa|\
         correia|cinghia|перенос|転写|转印",
    ),
    (
        SupplyType::Staples,
        "staple|heftklammer|agrafe|grapas|grampo|punti metallici|скреп",
    ),
    // A Samsung SL-M3825ND lists its rollers as toner too.
    (
        SupplyType::Other,
        "roller|rodillo|rouleau|rolete|rullo|walze|ролик|ローラ",
    ),
    (
        SupplyType::Toner,
        "toner|тонер|トナー|碳粉|墨粉|토너|print cartridge|druckkassette|cartouche d'impression",
    ),
    (SupplyType::InkRibbon, "ribbon|farbband"),
    (
        SupplyType::Ink,
        "=ink|inkjet|=tinte|tintenpatr|encre|=tinta|inchiostro|чернил|インク|墨水|墨盒",
    ),
];

/// Words for a cartridge. Written as [`KIND_WORDS`].
const CARTRIDGE_WORDS: &str = "cartridge|cartouche|cartucho|cartuccia|patrone|kassette|картридж";

/// The type of a supply: its own code where that tells something and the description does not
/// contradict it, else by the words of its description, else by what the device marks with if it
/// is called a cartridge.
pub(crate) fn kind(code: Option<i64>, description: &str, marking: Marking) -> SupplyType {
    let stated = code.and_then(SupplyType::from_code);
    let lower = description.to_lowercase();
    let text = Text::of(&lower);
    let named = || named(&text);
    match stated {
        Some(SupplyType::Other | SupplyType::Unknown) | None => named()
            .or_else(|| cartridge(&text, marking))
            .or(stated)
            .unwrap_or(if lower.is_empty() {
                SupplyType::Unknown
            } else {
                SupplyType::Other
            }),
        Some(colorant) if colorant.is_colorant() => match named() {
            Some(other) if !other.is_colorant() && !lower.contains("toner cart") => other,
            _ => colorant,
        },
        Some(certain) => certain,
    }
}

fn named(lower: &Text<'_>) -> Option<SupplyType> {
    static KINDS: LazyLock<Vec<(SupplyType, Vec<Word>)>> = LazyLock::new(|| words(KIND_WORDS));
    let named = KINDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| lower.has(word)));
    named.map(|(kind, _)| *kind)
}

fn cartridge(lower: &Text<'_>, marking: Marking) -> Option<SupplyType> {
    static CARTRIDGE: LazyLock<Vec<((), Vec<Word>)>> =
        LazyLock::new(|| words(&[((), CARTRIDGE_WORDS)]));
    let is_cartridge = CARTRIDGE
        .iter()
        .flat_map(|((), words)| words)
        .any(|word| lower.has(word));
    (is_cartridge || !colorants(lower.0).is_empty()).then_some(match marking {
        Marking::Toner => SupplyType::Toner,
        Marking::Ink => SupplyType::Ink,
        Marking::Ribbon => SupplyType::InkRibbon,
    })
}

/// A word of the tables, ready to be looked for.
struct Word {
    text: &'static str,
    /// Whether it must stand alone.
    alone: bool,
    pairs: u64,
}

/// Reads a table of words.
fn words<T: Copy>(table: &[(T, &'static str)]) -> Vec<(T, Vec<Word>)> {
    let word = |text: &'static str| {
        let plain = text.trim_start_matches('=');
        Word {
            text: plain,
            alone: plain.len() < text.len(),
            pairs: pairs(plain),
        }
    };
    let row = |(name, words): &(T, &'static str)| (*name, words.split('|').map(word).collect());
    table.iter().map(row).collect()
}

/// The pairs of neighbouring octets as a set of 64 bits. A text holds a word only if its set holds
/// the word's: that settles nearly every question, and hundreds are asked of every description.
fn pairs(text: &str) -> u64 {
    let octets = text.as_bytes();
    octets.windows(2).fold(0, |set, pair| {
        let sum = pair
            .iter()
            .fold(0_u32, |sum, octet| sum * 31 + u32::from(*octet));
        set | 1 << (sum % 64)
    })
}

/// A description in lower case.
struct Text<'a>(&'a str, u64);

impl<'a> Text<'a> {
    fn of(lower: &'a str) -> Self {
        Self(lower, pairs(lower))
    }

    fn has(&self, word: &Word) -> bool {
        let Self(lower, pairs) = self;
        if word.pairs & !pairs != 0 {
            return false;
        }
        let mut found = lower.match_indices(word.text);
        found.any(|(start, _)| !word.alone || stands_alone(lower, start, word.text.len()))
    }
}

fn stands_alone(text: &str, start: usize, length: usize) -> bool {
    let before = text
        .get(..start)
        .and_then(|before| before.chars().next_back());
    let after = text
        .get(start + length..)
        .and_then(|after| after.chars().next());
    [before, after]
        .into_iter()
        .flatten()
        .all(|c| !c.is_alphanumeric())
}

/// Colours that make a device a colour device.
pub(crate) const CHROMATIC: &[&str] = &[
    "cyan", "magenta", "yellow", "red", "green", "blue", "orange", "violet",
];

/// A cartridge of three inks.
const TRI_COLOR: &str = "tri-color";

/// Colour names and the words for them, lower-case. Lighter inks come before the plain ones whose
/// words they contain. Written as [`KIND_WORDS`].
const COLOR_WORDS: &[(&str, &str)] = &[
    (
        TRI_COLOR,
        "tri-color|tri color|tricolor|tri-colour|multi-color|multi color|multicolor|=cmy",
    ),
    ("light cyan", "light cyan|photo cyan|cyan clair|helles cyan"),
    (
        "light magenta",
        "light magenta|vivid light magenta|photo magenta|magenta clair",
    ),
    ("light black", "light black"),
    ("photo black", "photo black|photo noir"),
    ("matte black", "matte black|matt black"),
    ("light gray", "light gray|light grey"),
    ("gray", "=gray|=grey"),
    (
        "black",
        "black|schwarz|=noir|=noire|=negro|=negra|=nero|=preto|=preta|zwart|svart|=sort|\
         musta|černá|czarn|fekete|siyah|черн|чёрн|ブラック|黑|黒|블랙",
    ),
    (
        "cyan",
        "cyan|=ciano|=cian|=cián|zyan|syaani|azurov|голуб|シアン|青|시안",
    ),
    ("magenta", "magenta|purpur|пурпур|マゼンタ|品红|洋红|마젠타"),
    (
        "yellow",
        "yellow|gelb|jaune|amarillo|amarelo|giallo|=geel|=gul|keltainen|žlut|żółt|sárga|\
         =sarı|желт|жёлт|イエロー|黄|옐로",
    ),
    ("red", "=red"),
    ("green", "=green"),
    ("blue", "=blue"),
    ("orange", "=orange"),
    ("violet", "=violet"),
    ("white", "=white"),
    ("clear", "=clear|=transparent"),
];

/// The colours a text names, in English; "tri-color" is cyan, magenta and yellow.
pub(crate) fn colorants(text: &str) -> Vec<String> {
    static COLORS: LazyLock<Vec<(&str, Vec<Word>)>> = LazyLock::new(|| words(COLOR_WORDS));
    let mut rest = text.to_lowercase();
    let mut found = Vec::new();
    for (name, words) in &*COLORS {
        let seen = Text::of(&rest);
        let Some(word) = words.iter().find(|word| seen.has(word)) else {
            continue;
        };
        if *name == TRI_COLOR {
            return ["cyan", "magenta", "yellow"].map(str::to_owned).to_vec();
        }
        found.push((*name).to_owned());
        // "light cyan" is not also "cyan".
        rest = rest.replace(word.text, " ");
    }
    if found.is_empty() {
        found.extend(by_part_number(text).map(str::to_owned));
    }
    found
}

/// The colour letter at the end of a part number such as `TK-8345K` or `SJIC35P-BK`.
fn by_part_number(text: &str) -> Option<&'static str> {
    text.split([' ', '/', '(', ')', ',']).find_map(|word| {
        let digit = word.rfind(|c: char| c.is_ascii_digit())?;
        let series = word.get(..digit)?;
        let is_part = word.contains('-') && series.starts_with(|c: char| c.is_ascii_uppercase());
        let letters = word.get(digit + 1..)?.trim_start_matches(['P', '-']);
        match letters {
            "K" | "BK" | "Bk" if is_part => Some("black"),
            "C" if is_part => Some("cyan"),
            "M" if is_part => Some("magenta"),
            "Y" if is_part => Some("yellow"),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i64, description: &str) -> SupplyType {
        kind(Some(code), description, Marking::Toner)
    }

    #[test]
    fn t4_unclassified_supplies_are_classified_by_their_words() {
        for (description, expected) in [
            ("Belt Unit", SupplyType::TransferUnit),
            ("Waste Toner Bottle", SupplyType::WasteToner),
            ("Resttonerbehälter", SupplyType::WasteToner),
            ("Bac de récupération", SupplyType::WasteToner),
            ("Second Bias Transfer Roll", SupplyType::TransferUnit),
            ("Transfer Belt Cleaner", SupplyType::CleanerUnit),
            ("Transfer Roller Unit", SupplyType::TransferUnit),
            ("Fusing Unit", SupplyType::Fuser),
            ("Fixiereinheit", SupplyType::Fuser),
            ("Unidad de fusión", SupplyType::Fuser),
            ("Maintenance Box SJMB6000/6500", SupplyType::WasteInk),
            ("ドラムユニット", SupplyType::Opc),
            ("Black Cartridge HP CF410A", SupplyType::Toner),
            ("Canon Cartridge 719/719H", SupplyType::Toner),
            ("Tonerová kazeta černá", SupplyType::Toner),
            ("Staples", SupplyType::Staples),
        ] {
            assert_eq!(of(1, description), expected, "{description}");
        }
    }

    #[test]
    fn t4_kits_and_rollers_stay_other() {
        for description in [
            "Kit ADF",
            "Kit manutenção",
            "Maintenance Kit",
            "Roller Kit",
            "Kit do rolo",
            "Separator pad",
            "Ozone Filter",
        ] {
            assert_eq!(of(1, description), SupplyType::Other, "{description}");
        }
    }

    #[test]
    fn t5_what_is_called_toner_and_described_as_a_drum_is_a_drum() {
        assert_eq!(of(3, "Drum Cartridge (R1)"), SupplyType::Opc);
        assert_eq!(of(21, "Black Imaging Unit"), SupplyType::Opc);
        assert_eq!(of(3, "Developer Cartridge (Black)"), SupplyType::Developer);
        assert_eq!(of(9, "Unid. imagem"), SupplyType::Opc);
        assert_eq!(of(3, "Black Toner Cartridge"), SupplyType::Toner);
        assert_eq!(of(3, "TK-1162"), SupplyType::Toner);
        assert_eq!(of(3, "Fuser"), SupplyType::Fuser);
        assert_eq!(of(3, "Tray1 Pickup Roller life"), SupplyType::Other);
        assert_eq!(of(15, "Einheit 3"), SupplyType::Fuser);
    }

    #[test]
    fn cartridges_are_ink_where_the_device_marks_with_ink() {
        assert_eq!(
            kind(None, "Cyan Cartridge", Marking::of_technology(Some(12))),
            SupplyType::Ink
        );
        assert_eq!(
            kind(None, "Cyan Cartridge", Marking::of_technology(Some(4))),
            SupplyType::Toner
        );
        assert_eq!(kind(None, "", Marking::Toner), SupplyType::Unknown);
    }

    #[test]
    fn colours_in_many_languages_have_one_name() {
        for (text, expected) in [
            ("Toner preto", "black"),
            ("Toner schwarz", "black"),
            ("Cartouche de toner noir", "black"),
            ("Тонер черный", "black"),
            ("Toner (Cyan)", "cyan"),
            ("Toner Magenta", "magenta"),
            ("Cartucho amarillo", "yellow"),
            ("イエロートナー", "yellow"),
            ("TK-8345K", "black"),
            ("Ink SJIC35P-BK", "black"),
            ("Vivid Light Magenta", "light magenta"),
            ("Matte Black Ink", "matte black"),
        ] {
            assert_eq!(colorants(text), [expected], "{text}");
        }
        assert_eq!(colorants("HP Tri-color Ink"), ["cyan", "magenta", "yellow"]);
        assert_eq!(colorants("Black Cartridge HP CF413A"), ["black"]);
        assert_eq!(colorants("Waste Toner Box"), [""; 0]);
        assert_eq!(colorants("Colored paper resort"), [""; 0]);
    }
}
