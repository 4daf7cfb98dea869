//! Words for colour and sides as sources write them.

use platen_domain::print_jobs::{ColorMode, Sides};

/// Colour: IPP `print-color-mode` (PWG 5100.13), CUPS `ColorModel`s, and print loggers' flags.
pub(crate) fn color_mode(word: &str) -> Option<ColorMode> {
    let known = [
        (ColorMode::Auto, &["auto"][..]),
        (
            ColorMode::Color,
            &[
                "color",
                "colour",
                "NOT GRAYSCALE",
                "highlight",
                "RGB",
                "CMYK",
            ],
        ),
        (
            ColorMode::Monochrome,
            &[
                "monochrome",
                "GRAYSCALE",
                "auto-monochrome",
                "process-monochrome",
                "bi-level",
                "process-bi-level",
                "mono",
                "gray",
                "grey",
                "b&w",
                "bw",
            ],
        ),
    ];
    find(&known, word)
}

/// Sides: IPP `sides` (RFC 8011 5.2.8), PPD `Duplex`, and print loggers' flags.
pub(crate) fn sides(word: &str) -> Option<Sides> {
    let known = [
        (
            Sides::OneSided,
            &["one-sided", "NOT DUPLEX", "simplex", "None"][..],
        ),
        (
            Sides::TwoSidedLongEdge,
            &["two-sided-long-edge", "DuplexNoTumble"],
        ),
        (
            Sides::TwoSidedShortEdge,
            &["two-sided-short-edge", "DuplexTumble"],
        ),
        (Sides::TwoSided, &["two-sided", "DUPLEX"]),
    ];
    find(&known, word)
}

fn find<T: Copy>(known: &[(T, &[&str])], word: &str) -> Option<T> {
    let is = |spelling: &&str| spelling.eq_ignore_ascii_case(word);
    let found = known.iter().find(|(_, spellings)| spellings.iter().any(is));
    found.map(|(meaning, _)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_several_sources() {
        for word in ColorMode::ALL {
            assert_eq!(color_mode(word.keyword()), Some(*word));
        }
        for word in Sides::ALL {
            assert_eq!(sides(word.keyword()), Some(*word));
        }
        assert_eq!(color_mode("GRAYSCALE"), Some(ColorMode::Monochrome));
        assert_eq!(color_mode("NOT GRAYSCALE"), Some(ColorMode::Color));
        assert_eq!(sides("NOT DUPLEX"), Some(Sides::OneSided));
        assert_eq!(sides("DUPLEX"), Some(Sides::TwoSided));
        assert_eq!((color_mode("-"), sides("")), (None, None));
    }
}
