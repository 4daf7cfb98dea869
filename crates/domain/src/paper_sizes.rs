//! Pages by paper size, as far as a device counts them.

use crate::meters::{
    Function, MEDIA_ANY, MEDIA_MAKER, MEDIA_MARKER_PREFIX, MeterColor, MeterUnit, MeterValue,
    total_on,
};

/// Media of a count of everything that the maker calls large: A3, Ledger and above.
pub const LARGE: &str = "large";

/// Media of a count of everything else.
pub const SMALL: &str = "small";

/// The sizes that count as large where a maker counts each size.
const LARGE_SIZES: [&str; 4] = ["a3", "ledger", "a3-wide", "12x18"];

/// Impressions on A3, Ledger or larger: the maker's own count, else the sum of those sizes.
pub fn large(meters: &[MeterValue], color: MeterColor) -> Option<u64> {
    total_on(meters, color, LARGE).or_else(|| {
        LARGE_SIZES
            .into_iter()
            .filter_map(|size| total_on(meters, color, size))
            .reduce(u64::saturating_add)
    })
}

/// The impressions of each size, in all colours together, in the order of their names.
pub fn by_size(meters: &[MeterValue]) -> impl Iterator<Item = (&str, u64)> {
    let is_size = |media: &str| {
        media != MEDIA_ANY && media != MEDIA_MAKER && !media.starts_with(MEDIA_MARKER_PREFIX)
    };
    let counted = meters.iter().filter(move |meter| {
        let key = &meter.key;
        (key.function, key.color, key.unit)
            == (Function::Total, MeterColor::All, MeterUnit::Impressions)
            && is_size(&key.media)
    });
    counted.map(|meter| (meter.key.media.as_str(), meter.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meters(values: &[(&str, u64)]) -> Vec<MeterValue> {
        let meter = |(key, value): &(&str, u64)| MeterValue {
            key: format!("total/{key}").parse().unwrap(),
            value: *value,
            source: "test".to_owned(),
        };
        values.iter().map(meter).collect()
    }

    #[test]
    fn large_is_the_maker_s_count_or_the_sum_of_its_sizes() {
        let sizes = meters(&[
            ("all/impressions/a3", 20),
            ("all/impressions/a4", 500),
            ("all/impressions/any", 525),
            ("all/impressions/ledger", 5),
            ("all/impressions/maker", 525),
            ("all/impressions/marker-2", 3),
            ("all/sheets/a4", 400),
            ("mono/impressions/a3", 7),
        ]);
        assert_eq!(large(&sizes, MeterColor::All), Some(25));
        assert_eq!(large(&sizes, MeterColor::Mono), Some(7));
        assert_eq!(large(&sizes, MeterColor::Color), None);
        let named: Vec<_> = by_size(&sizes).collect();
        assert_eq!(named, [("a3", 20), ("a4", 500), ("ledger", 5)]);
        let own = meters(&[("all/impressions/large", 9), ("all/impressions/a3", 4)]);
        assert_eq!(large(&own, MeterColor::All), Some(9));
    }
}
