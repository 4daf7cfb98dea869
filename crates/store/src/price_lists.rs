//! Price lists: versions that are added and never changed.

use std::collections::BTreeMap;

use platen_domain::clock::Timestamp;
use platen_domain::prices::{AppliesTo, Micros, PriceBook, PriceList, Prices, Tariff};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// How `applies_to` spells a tariff for all printers that have none of their own.
const DEFAULT: &str = "default";

/// What precedes a model's name in `applies_to`.
const MODEL: &str = "model:";

/// What precedes a device's identifier in `applies_to`.
const DEVICE: &str = "device:";

/// The media of prices for any paper that is not named.
const ANY_MEDIA: &str = "";

/// One row of `tariffs`.
struct TariffRow {
    version: u32,
    applies_to: AppliesTo,
    media: String,
    prices: Prices,
}

impl Reader<'_> {
    /// Every version of the organization's prices; an empty book where none was set.
    pub fn price_book(&self, scope: &Scope) -> Result<PriceBook, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT version, valid_from, currency FROM price_lists
                   WHERE organization_no = ?1 ORDER BY version";
        let mut lists = self.all(sql, params![organization_no], list_from_row)?;
        let sql = "SELECT version, applies_to, media, mono_side, color_side, sheet FROM tariffs
                   WHERE organization_no = ?1 ORDER BY version";
        let rows = self.all(sql, params![organization_no], tariff_from_row)?;
        let mut rows = rows.into_iter().peekable();
        for list in &mut lists {
            while let Some(row) = rows.next_if(|row| row.version == list.version) {
                add(&mut list.tariffs, row);
            }
        }
        Ok(PriceBook::new(lists))
    }
}

impl Writer<'_> {
    /// Adds a version of the organization's prices. Versions count up from 1:
    /// [`StoreError::Conflict`] for any other number than the next.
    pub fn insert_price_list(
        &self,
        scope: &Scope,
        list: &PriceList,
        created_at: Timestamp,
        created_by: &str,
    ) -> Result<(), StoreError> {
        if list.version != self.next_price_version(scope)? {
            return Err(StoreError::Conflict("version of the prices"));
        }
        let organization_no = self.organization_no(scope)?;
        let sql = "INSERT INTO price_lists (organization_no, version, valid_from, currency,
                                            created_at, created_by)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![
            organization_no,
            list.version,
            list.valid_from.as_millis(),
            list.currency,
            created_at.as_millis(),
            created_by,
        ];
        self.execute(sql, values)?;
        for (applies_to, tariff) in &list.tariffs {
            let applies_to = applies_to_form(applies_to);
            self.insert_tariff(
                organization_no,
                list.version,
                &applies_to,
                ANY_MEDIA,
                &tariff.any,
            )?;
            for (media, prices) in &tariff.by_media {
                self.insert_tariff(organization_no, list.version, &applies_to, media, prices)?;
            }
        }
        Ok(())
    }

    /// The number that the organization's next price list must have.
    pub fn next_price_version(&self, scope: &Scope) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(version), 0) + 1 FROM price_lists
                   WHERE organization_no = ?1";
        let next = self.one(sql, params![self.organization_no(scope)?], |row| row.get(0))?;
        Ok(next.unwrap_or(1))
    }

    fn insert_tariff(
        &self,
        organization_no: OrganizationNo,
        version: u32,
        applies_to: &str,
        media: &str,
        prices: &Prices,
    ) -> Result<(), StoreError> {
        let micros = |price: Option<Micros>| price.map(|Micros(micros)| micros);
        self.execute(
            "INSERT INTO tariffs (organization_no, version, applies_to, media, mono_side,
                                  color_side, sheet)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                organization_no,
                version,
                applies_to,
                media,
                micros(prices.mono_side),
                micros(prices.color_side),
                micros(prices.sheet),
            ],
        )
        .map_err(|error| error.conflict("tariff"))?;
        Ok(())
    }
}

fn add(tariffs: &mut BTreeMap<AppliesTo, Tariff>, row: TariffRow) {
    let tariff = tariffs.entry(row.applies_to).or_default();
    if row.media == ANY_MEDIA {
        tariff.any = row.prices;
    } else {
        tariff.by_media.insert(row.media, row.prices);
    }
}

fn list_from_row(row: &Row<'_>) -> Result<PriceList, StoreError> {
    Ok(PriceList {
        version: row.get(0)?,
        valid_from: columns::time(row, 1)?,
        currency: row.get(2)?,
        tariffs: BTreeMap::new(),
    })
}

fn tariff_from_row(row: &Row<'_>) -> Result<TariffRow, StoreError> {
    let price = |column| -> Result<Option<Micros>, StoreError> {
        let micros: Option<i64> = row.get(column)?;
        Ok(micros.map(Micros))
    };
    Ok(TariffRow {
        version: row.get(0)?,
        applies_to: columns::word(row, 1, applies_to)?,
        media: row.get(2)?,
        prices: Prices {
            mono_side: price(3)?,
            color_side: price(4)?,
            sheet: price(5)?,
        },
    })
}

fn applies_to_form(applies_to: &AppliesTo) -> String {
    match applies_to {
        AppliesTo::Default => DEFAULT.to_owned(),
        AppliesTo::Model(model) => format!("{MODEL}{model}"),
        AppliesTo::Device(device) => format!("{DEVICE}{device}"),
    }
}

fn applies_to(form: &str) -> Option<AppliesTo> {
    if form == DEFAULT {
        return Some(AppliesTo::Default);
    }
    if let Some(model) = form.strip_prefix(MODEL) {
        return Some(AppliesTo::Model(model.to_owned()));
    }
    let device = form.strip_prefix(DEVICE)?.parse().ok()?;
    Some(AppliesTo::Device(device))
}
