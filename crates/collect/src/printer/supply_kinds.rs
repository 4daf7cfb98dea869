//! What a supply is and of which colour, by its description (traps T4, T5).
//!
//! Type 1 (other) is common for kits, rolls and belts, and some makers call a drum a toner
//! cartridge. The words are those of the languages panels are sold in; a description in another
//! language keeps the type its row states.

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
        "waste ink|maintenance box|maintenance tank|ink absorber|resttinte|\
         inchiostro di scarto",
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

/// The type of a supply: its own code where that tells something and the description does not
/// contradict it, else by the words of its description, else by what the device marks with if it
/// is called a cartridge.
pub(crate) fn kind(code: Option<i64>, description: &str, marking: Marking) -> SupplyType {
    let stated = code.and_then(SupplyType::from_code);
    let lower = description.to_lowercase();
    let named = || named(&lower);
    match stated {
        Some(SupplyType::Other | SupplyType::Unknown) | None => named()
            .or_else(|| cartridge(&lower, marking))
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

fn named(lower: &str) -> Option<SupplyType> {
    KIND_WORDS
        .iter()
        .find(|(_, words)| words.split('|').any(|word| has_word(lower, word)))
        .map(|(kind, _)| *kind)
}

fn cartridge(lower: &str, marking: Marking) -> Option<SupplyType> {
    let is_cartridge = [
        "cartridge",
        "cartouche",
        "cartucho",
        "cartuccia",
        "patrone",
        "kassette",
        "картридж",
    ]
    .iter()
    .any(|word| lower.contains(word));
    (is_cartridge || !colorants(lower).is_empty()).then_some(match marking {
        Marking::Toner => SupplyType::Toner,
        Marking::Ink => SupplyType::Ink,
        Marking::Ribbon => SupplyType::InkRibbon,
    })
}

fn has_word(lower: &str, word: &str) -> bool {
    match word.strip_prefix('=') {
        Some(whole) => lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|token| token == whole),
        None => lower.contains(word),
    }
}

/// Colours that make a device a colour device.
pub(crate) const CHROMATIC: &[&str] = &[
    "cyan", "magenta", "yellow", "red", "green", "blue", "orange", "violet",
];

/// Colour names and the words for them, lower-case. Lighter inks come before the plain ones whose
/// words they contain. Written as [`KIND_WORDS`].
const COLOR_WORDS: &[(&str, &str)] = &[
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
    let lower = text.to_lowercase();
    if ["tri-color", "tricolor", "tri-colour", "=cmy"]
        .iter()
        .any(|word| has_word(&lower, word))
    {
        return ["cyan", "magenta", "yellow"].map(str::to_owned).to_vec();
    }
    let mut rest = lower;
    let mut found = Vec::new();
    for (name, words) in COLOR_WORDS {
        if let Some(word) = words.split('|').find(|word| has_word(&rest, word)) {
            found.push((*name).to_owned());
            rest = rest.replace(word.trim_start_matches('='), " ");
        }
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
