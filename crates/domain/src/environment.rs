//! What the paper of a job weighs, and what making it emitted: stated factors, nothing more.
//!
//! Neither electricity nor toner is in it, and no "trees": those figures depend on what nobody
//! here knows.

/// Grams of office paper per square metre (ISO 536 grammage of common copy paper).
pub const PAPER_GRAMS_PER_SQUARE_METRE: u64 = 80;

/// Grams of CO2 equivalent emitted for a kilogram of paper from primary material: 919 kg a tonne
/// (UK Government GHG Conversion Factors for Company Reporting, material use, paper).
pub const CO2_GRAMS_PER_KILOGRAM: u64 = 919;

/// The area of an A4 sheet in square millimetres, for media whose name tells no size.
const A4_SQUARE_MILLIMETRES: u64 = 210 * 297;

/// Longest edge in millimetres that a name may claim: beyond it the name is nonsense.
const EDGE_MAX: f64 = 5_000.0;

/// Milligrams of paper in `sheets` of this media (PWG 5101.1 name; A4 where it tells no size).
pub fn paper_milligrams(sheets: u32, media: Option<&str>) -> u64 {
    let area = media
        .and_then(square_millimetres)
        .unwrap_or(A4_SQUARE_MILLIMETRES);
    // g/m2 x mm2 / 1000 is milligrams.
    (u64::from(sheets) * area * PAPER_GRAMS_PER_SQUARE_METRE) / 1_000
}

/// Milligrams of CO2 equivalent for that much paper.
pub const fn co2_milligrams(paper_milligrams: u64) -> u64 {
    paper_milligrams.saturating_mul(CO2_GRAMS_PER_KILOGRAM) / 1_000
}

/// The area that a self-describing media name states at its end: `iso_a4_210x297mm`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both edges are checked to lie between 1 and EDGE_MAX"
)]
fn square_millimetres(media: &str) -> Option<u64> {
    let size = media.rsplit('_').next()?;
    let (edges, scale) = match (size.strip_suffix("mm"), size.strip_suffix("in")) {
        (Some(edges), _) => (edges, 1.0),
        (_, Some(edges)) => (edges, 25.4),
        _ => return None,
    };
    let (width, height) = edges.split_once('x')?;
    let edge = |text: &str| {
        let edge = text.parse::<f64>().ok()? * scale;
        (1.0..=EDGE_MAX).contains(&edge).then_some(edge)
    };
    Some((edge(width)? * edge(height)?).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_weighs_what_its_size_says() {
        assert_eq!(paper_milligrams(1, Some("iso_a4_210x297mm")), 4_989);
        assert_eq!(paper_milligrams(2, Some("iso_a3_297x420mm")), 19_958);
        assert_eq!(paper_milligrams(1, Some("na_letter_8.5x11in")), 4_825);
        assert_eq!(paper_milligrams(1, None), 4_989);
        for nonsense in ["a4", "x_1xmm", "x_0x5mm", "x_NaNx5mm", "x_1e9x1e9mm"] {
            assert_eq!(paper_milligrams(1, Some(nonsense)), 4_989, "{nonsense}");
        }
        assert_eq!(co2_milligrams(4_989), 4_584);
    }
}
