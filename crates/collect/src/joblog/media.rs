//! Media sizes by the names of PPDs, Windows drivers and print loggers, and what PWG 5101.1 calls
//! them.

/// Longest known alias in octets: what is longer is not looked up.
const ALIAS_MAX_OCTETS: usize = 24;

/// Names in lower case without blanks, and the self-describing name. `B4` and `B5` are the
/// Japanese sizes in PPDs (Adobe 5003 appendix B) and in Windows (`DMPAPER_B5`).
const KNOWN: &[(&str, &str)] = &[
    ("a0", "iso_a0_841x1189mm"),
    ("a1", "iso_a1_594x841mm"),
    ("a2", "iso_a2_420x594mm"),
    ("a3", "iso_a3_297x420mm"),
    ("a4", "iso_a4_210x297mm"),
    ("a4small", "iso_a4_210x297mm"),
    ("a5", "iso_a5_148x210mm"),
    ("a6", "iso_a6_105x148mm"),
    ("b4", "jis_b4_257x364mm"),
    ("b4(jis)", "jis_b4_257x364mm"),
    ("jisb4", "jis_b4_257x364mm"),
    ("b5", "jis_b5_182x257mm"),
    ("b5(jis)", "jis_b5_182x257mm"),
    ("jisb5", "jis_b5_182x257mm"),
    ("isob4", "iso_b4_250x353mm"),
    ("isob5", "iso_b5_176x250mm"),
    ("c4", "iso_c4_229x324mm"),
    ("c5", "iso_c5_162x229mm"),
    ("c6", "iso_c6_114x162mm"),
    ("dl", "iso_dl_110x220mm"),
    ("envc4", "iso_c4_229x324mm"),
    ("envc5", "iso_c5_162x229mm"),
    ("envc6", "iso_c6_114x162mm"),
    ("envdl", "iso_dl_110x220mm"),
    ("envelopedl", "iso_dl_110x220mm"),
    ("env10", "na_number-10_4.125x9.5in"),
    ("envelope#10", "na_number-10_4.125x9.5in"),
    ("com10", "na_number-10_4.125x9.5in"),
    ("envmonarch", "na_monarch_3.875x7.5in"),
    ("letter", "na_letter_8.5x11in"),
    ("lettersmall", "na_letter_8.5x11in"),
    ("legal", "na_legal_8.5x14in"),
    ("tabloid", "na_ledger_11x17in"),
    ("ledger", "na_ledger_11x17in"),
    ("11x17", "na_ledger_11x17in"),
    ("executive", "na_executive_7.25x10.5in"),
    ("statement", "na_invoice_5.5x8.5in"),
    ("invoice", "na_invoice_5.5x8.5in"),
    ("halfletter", "na_invoice_5.5x8.5in"),
    ("foolscap", "na_foolscap_8.5x13in"),
    ("fanfoldgermanlegal", "na_foolscap_8.5x13in"),
    ("folio", "om_folio_210x330mm"),
    ("oficio", "na_oficio_8.5x13.4in"),
    ("postcard", "jpn_hagaki_100x148mm"),
    ("hagaki", "jpn_hagaki_100x148mm"),
    ("4x6", "na_index-4x6_4x6in"),
    ("5x7", "na_5x7_5x7in"),
    ("8x10", "na_govt-letter_8x10in"),
    ("super_b", "na_super-b_13x19in"),
    ("superb", "na_super-b_13x19in"),
];

/// The PWG name for a source's word; the word itself where it is not known. Variants behind a dot
/// (`A4.Fullbleed`), and trays and types behind a comma (`A4,Tray1`), do not change the size.
pub(crate) fn self_describing(word: &str) -> &str {
    let first = word.split(['.', ',']).next().unwrap_or(word);
    if first.len() > ALIAS_MAX_OCTETS {
        return word;
    }
    let known = KNOWN.iter().find(|(alias, _)| is_alias(first, alias));
    known.map_or(word, |(_, name)| name)
}

/// Whether the word is the alias but for case and blanks.
fn is_alias(word: &str, alias: &str) -> bool {
    let letters = word.bytes().filter(|c| *c != b' ');
    letters.map(|c| c.to_ascii_lowercase()).eq(alias.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_and_others() {
        for word in ["A4", "a4", "A4.Fullbleed", "A4,Tray1"] {
            assert_eq!(self_describing(word), "iso_a4_210x297mm", "{word}");
        }
        assert_eq!(self_describing("LETTER"), "na_letter_8.5x11in");
        assert_eq!(self_describing("B5 (JIS)"), "jis_b5_182x257mm");
        for word in ["na_letter_8.5x11in", "Custom.612x1000", "", "Banner"] {
            assert_eq!(self_describing(word), word);
        }
    }
}
