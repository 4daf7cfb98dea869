//! Words of CUPS in those of print records.

use platen_domain::print_jobs::ColorMode;

/// `print-color-mode` (PWG 5100.13, 5100.18): what was asked for. CUPS writes `color` into every
/// job on a colour queue whose user did not choose, so this says little about the paper.
pub(crate) fn color(word: &str) -> Option<ColorMode> {
    match word {
        "auto" => Some(ColorMode::Auto),
        "color" | "highlight" => Some(ColorMode::Color),
        "monochrome" | "auto-monochrome" | "bi-level" | "process-monochrome"
        | "process-bi-level" => Some(ColorMode::Monochrome),
        _ => None,
    }
}

/// The last part of a queue's URI such as `ipp://localhost/printers/lab%20mono`: its name.
pub(super) fn queue_name(uri: &str) -> Option<String> {
    let (_, path) = uri.split_once("://")?.1.split_once('/')?;
    let name = path.rsplit('/').next()?;
    Some(unescaped(name)).filter(|name| !name.is_empty())
}

/// Percent-decoded text (RFC 3986 2.1); what is not UTF-8 is replaced.
pub(super) fn unescaped(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            octets.push(high << 4 | low);
            rest = after.get(2..).unwrap_or(&[]);
        } else {
            octets.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

fn digit(octet: u8) -> Option<u8> {
    let value = char::from(octet).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_are_named_by_the_end_of_their_uri() {
        let name = |uri| queue_name(uri);
        assert_eq!(
            name("ipp://localhost:631/printers/Etage%202").as_deref(),
            Some("Etage 2")
        );
        assert_eq!(
            name("ipp://localhost/classes/100%").as_deref(),
            Some("100%")
        );
        assert_eq!(name("ipp://localhost/"), None);
        assert_eq!(name("lab-mono"), None);
    }
}
