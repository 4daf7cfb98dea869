//! Price lists: what a job costs, by versions that never change.
//!
//! A version holds from an instant on; a job is priced by the newest version that held when it
//! was completed, so that a new price never rewrites an old bill.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::ids::DeviceId;
use crate::print_jobs::{ColorMode, PrintRecord};

/// Money in millionths of the currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Micros(pub i64);

/// Prices of one kind of paper. `None` is no price, which makes a cost unknown; 0 is a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Prices {
    /// A side in black.
    pub mono_side: Option<Micros>,
    /// A side in colour.
    pub color_side: Option<Micros>,
    /// A sheet.
    pub sheet: Option<Micros>,
}

/// To which printers prices apply, the most particular first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AppliesTo {
    /// One device.
    Device(DeviceId),
    /// Every device of a model, compared without regard to case.
    Model(String),
    /// All others.
    Default,
}

/// Prices for some printers: for any paper, and for papers that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tariff {
    /// For any paper that is not named.
    pub any: Prices,
    /// By media name (PWG 5101.1).
    pub by_media: BTreeMap<String, Prices>,
}

/// One version of the prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// Its number, from 1.
    pub version: u32,
    /// From when on it holds.
    pub valid_from: Timestamp,
    /// ISO 4217 code, such as `EUR`.
    pub currency: String,
    /// The prices.
    pub tariffs: BTreeMap<AppliesTo, Tariff>,
}

/// What a job costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cost {
    /// How much.
    pub amount: Micros,
    /// By which version.
    pub version: u32,
}

/// Every version of an organization's prices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceBook {
    /// In the order of `valid_from`; at equal instants the later version counts.
    lists: Vec<PriceList>,
}

impl PriceBook {
    /// The book of these versions.
    pub fn new(mut lists: Vec<PriceList>) -> Self {
        lists.sort_by_key(|list| (list.valid_from, list.version));
        Self { lists }
    }

    /// Its versions, the oldest first.
    pub fn lists(&self) -> &[PriceList] {
        &self.lists
    }

    /// The version that held at `at`.
    pub fn list_at(&self, at: Timestamp) -> Option<&PriceList> {
        self.lists.iter().rev().find(|list| list.valid_from <= at)
    }

    /// What the job costs on this device; `None` where a price or a count that it takes is not
    /// known.
    pub fn cost(
        &self,
        record: &PrintRecord,
        device: Option<DeviceId>,
        model: Option<&str>,
    ) -> Option<Cost> {
        let list = self.list_at(record.completed_at)?;
        let prices = list.prices(device, model, record.media.as_deref())?;
        Some(Cost {
            amount: job_cost(record, prices)?,
            version: list.version,
        })
    }
}

impl PriceList {
    fn prices(
        &self,
        device: Option<DeviceId>,
        model: Option<&str>,
        media: Option<&str>,
    ) -> Option<Prices> {
        let by_device = device.and_then(|id| self.tariffs.get(&AppliesTo::Device(id)));
        let by_model = || {
            let model = AppliesTo::Model(model?.to_lowercase());
            self.tariffs.get(&model)
        };
        let tariff = by_device
            .or_else(by_model)
            .or_else(|| self.tariffs.get(&AppliesTo::Default))?;
        let named = media.and_then(|media| tariff.by_media.get(media));
        Some(named.copied().unwrap_or(tariff.any))
    }
}

/// Sides by their colour and sheets, each at its price. A count that is multiplied by no price
/// or by 0 need not be known.
pub(crate) fn job_cost(record: &PrintRecord, prices: Prices) -> Option<Micros> {
    let counts = &record.counts;
    let sides = match (counts.color_impressions, record.color_mode) {
        (Some(color), _) => {
            let color_cost = times(Some(color), prices.color_side)?;
            color_cost.checked_add(times(counts.mono_impressions(), prices.mono_side)?)?
        }
        (None, Some(ColorMode::Monochrome)) => times(counts.impressions, prices.mono_side)?,
        (None, Some(ColorMode::Color | ColorMode::Auto)) => {
            times(counts.impressions, prices.color_side)?
        }
        // Nobody says which colour: priced only where that makes no difference.
        (None, None) if prices.mono_side == prices.color_side => {
            times(counts.impressions, prices.mono_side)?
        }
        (None, None) => (counts.impressions == Some(0)).then_some(0)?,
    };
    let sheets = match prices.sheet {
        None => 0,
        price => times(counts.sheets, price)?,
    };
    sides.checked_add(sheets).map(Micros)
}

fn times(count: Option<u32>, price: Option<Micros>) -> Option<i64> {
    match price? {
        Micros(0) => Some(0),
        Micros(price) => i64::from(count?).checked_mul(price),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print_jobs::SourceKey;

    const CENT: i64 = 10_000;

    fn list(version: u32, from: i64, tariffs: Vec<(AppliesTo, Tariff)>) -> PriceList {
        PriceList {
            version,
            valid_from: Timestamp::from_millis(from),
            currency: "EUR".to_owned(),
            tariffs: tariffs.into_iter().collect(),
        }
    }

    fn tariff(mono: i64, color: i64, sheet: i64) -> Tariff {
        Tariff {
            any: Prices {
                mono_side: Some(Micros(mono * CENT)),
                color_side: Some(Micros(color * CENT)),
                sheet: Some(Micros(sheet * CENT)),
            },
            by_media: BTreeMap::new(),
        }
    }

    fn job(
        at: i64,
        color: Option<ColorMode>,
        impressions: u32,
        sheets: Option<u32>,
    ) -> PrintRecord {
        let key = SourceKey::new("test", "1");
        let mut job = PrintRecord::new(key, Timestamp::from_millis(at));
        job.color_mode = color;
        job.counts.impressions = Some(impressions);
        job.counts.sheets = sheets;
        job
    }

    fn cents(book: &PriceBook, job: &PrintRecord, model: Option<&str>) -> Option<i64> {
        book.cost(job, None, model).map(|cost| cost.amount.0 / CENT)
    }

    #[test]
    fn a_job_is_priced_by_the_version_of_its_day() {
        let book = PriceBook::new(vec![
            list(2, 100, vec![(AppliesTo::Default, tariff(2, 10, 1))]),
            list(1, 0, vec![(AppliesTo::Default, tariff(1, 5, 1))]),
        ]);
        let mono = Some(ColorMode::Monochrome);
        assert_eq!(cents(&book, &job(99, mono, 4, Some(2)), None), Some(6));
        assert_eq!(cents(&book, &job(100, mono, 4, Some(2)), None), Some(10));
        assert_eq!(cents(&book, &job(-1, mono, 4, Some(2)), None), None);
        assert_eq!(
            cents(&book, &job(100, Some(ColorMode::Auto), 4, Some(2)), None),
            Some(42)
        );
    }

    #[test]
    fn models_and_papers_have_prices_of_their_own() {
        let mut wide = tariff(3, 9, 2);
        let free = Prices {
            sheet: Some(Micros(0)),
            ..wide.any
        };
        wide.by_media.insert("iso_a3_297x420mm".to_owned(), free);
        let model = AppliesTo::Model("mx711".to_owned());
        let book = PriceBook::new(vec![list(1, 0, vec![(model, wide)])]);
        let mut job = job(1, Some(ColorMode::Monochrome), 2, None);
        assert_eq!(
            cents(&book, &job, Some("MX711")),
            None,
            "sheets are unknown"
        );
        job.media = Some("iso_a3_297x420mm".to_owned());
        assert_eq!(cents(&book, &job, Some("MX711")), Some(6), "0 is a price");
        assert_eq!(cents(&book, &job, Some("other")), None);
    }

    #[test]
    fn counted_colour_overrules_the_wish_and_the_unknown_stays_unknown() {
        let book = PriceBook::new(vec![list(
            1,
            0,
            vec![(AppliesTo::Default, tariff(1, 5, 0))],
        )]);
        let mut counted = job(1, Some(ColorMode::Color), 4, Some(4));
        counted.counts.color_impressions = Some(1);
        assert_eq!(cents(&book, &counted, None), Some(8));
        assert_eq!(cents(&book, &job(1, None, 4, Some(4)), None), None);
        assert_eq!(cents(&book, &job(1, None, 0, Some(0)), None), Some(0));
    }
}
