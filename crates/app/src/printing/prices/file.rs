//! The file in which people write prices: TOML, with prices as decimal numbers.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::ids::DeviceId;
use platen_domain::prices::{AppliesTo, Micros, PriceList, Prices, Tariff};
use platen_domain::text::tidy_foreign;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::instants;

/// Highest price, in units of the currency: beyond it a point was forgotten.
const PRICE_MAX: i64 = 1_000_000;

/// Digits after the point that are kept: millionths.
const DECIMALS: usize = 6;

/// Millionths in a unit.
const MICROS: i64 = 1_000_000;

/// A price file that cannot be read: where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct PriceFileError {
    /// The line, from 1.
    line: usize,
    problem: String,
}

/// A mistake and the bytes it is at.
type Mistake = (Range<usize>, String);

/// Reads a price file. A bare day begins in `zone`. The list has no version yet: 0.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Result<PriceList, PriceFileError> {
    let read = DeTable::parse(text)
        .map_err(|error| (error.span().unwrap_or(0..0), error.message().to_owned()))
        .and_then(|root| list(root.get_ref(), zone));
    read.map_err(|(at, problem)| {
        let before = text.bytes().take(at.start);
        let line = before.filter(|byte| *byte == b'\n').count() + 1;
        PriceFileError { line, problem }
    })
}

fn list(root: &DeTable<'_>, zone: &TimeZone) -> Result<PriceList, Mistake> {
    let mut tariffs = BTreeMap::new();
    let (mut currency, mut valid_from) = (None, None);
    for (key, value) in root {
        match key.get_ref().as_ref() {
            "currency" => currency = Some(currency_code(value)?),
            "valid_from" => valid_from = Some(instant(value, zone)?),
            "default" => {
                tariffs.insert(AppliesTo::Default, tariff(value, "default")?);
            }
            "models" => each(value, "models", model, &mut tariffs)?,
            "devices" => each(value, "devices", device, &mut tariffs)?,
            other => {
                let expected = "currency, valid_from, default, models or devices";
                return Err(unknown(key.span(), other, expected));
            }
        }
    }
    if tariffs.is_empty() {
        let missing = "there are no prices: give [default], [models.\"…\"] or [devices.\"…\"]";
        return Err((0..0, missing.to_owned()));
    }
    let missing = |what: &str| (0..0, format!("{what} is missing"));
    Ok(PriceList {
        version: 0,
        valid_from: valid_from.ok_or_else(|| missing("valid_from"))?,
        currency: currency.ok_or_else(|| missing("currency"))?,
        tariffs,
    })
}

/// Reads a table of tariffs, each under the name of what it applies to.
fn each(
    value: &Spanned<DeValue<'_>>,
    path: &str,
    applies_to: fn(&str) -> Result<AppliesTo, &'static str>,
    tariffs: &mut BTreeMap<AppliesTo, Tariff>,
) -> Result<(), Mistake> {
    for (key, value) in table(value, path)? {
        let path = format!("{path}.{}", quoted(key.get_ref()));
        let applies_to = applies_to(key.get_ref())
            .map_err(|problem| (key.span(), format!("{path}: {problem}")))?;
        if tariffs.insert(applies_to, tariff(value, &path)?).is_some() {
            return Err((key.span(), format!("{path} has prices already")));
        }
    }
    Ok(())
}

/// Models are compared without regard to case.
fn model(name: &str) -> Result<AppliesTo, &'static str> {
    visible(name)
        .then(|| AppliesTo::Model(name.to_lowercase()))
        .ok_or("expected the name of a model as devices state it")
}

fn device(id: &str) -> Result<AppliesTo, &'static str> {
    let id: Result<DeviceId, _> = id.parse();
    id.map(AppliesTo::Device)
        .map_err(|_unspecific| "expected the identifier of a device, a UUID")
}

fn tariff(value: &Spanned<DeValue<'_>>, path: &str) -> Result<Tariff, Mistake> {
    let mut tariff = Tariff::default();
    for (key, value) in table(value, path)? {
        let name = key.get_ref().as_ref();
        if name == "papers" {
            tariff.by_media = papers(value, &format!("{path}.papers"))?;
        } else if !set_price(&mut tariff.any, name, value, path)? {
            let expected = "mono_side, color_side, sheet or papers";
            return Err(unknown(key.span(), &format!("{path}.{name}"), expected));
        }
    }
    Ok(tariff)
}

fn papers(value: &Spanned<DeValue<'_>>, path: &str) -> Result<BTreeMap<String, Prices>, Mistake> {
    let mut papers = BTreeMap::new();
    for (key, value) in table(value, path)? {
        let media = key.get_ref().as_ref();
        let path = format!("{path}.{}", quoted(media));
        if !visible(media) {
            return Err((key.span(), format!("{path}: expected the name of a medium")));
        }
        let mut prices = Prices::default();
        for (key, value) in table(value, &path)? {
            let name = key.get_ref().as_ref();
            if !set_price(&mut prices, name, value, &path)? {
                let expected = "mono_side, color_side or sheet";
                return Err(unknown(key.span(), &format!("{path}.{name}"), expected));
            }
        }
        papers.insert(media.to_owned(), prices);
    }
    Ok(papers)
}

/// Sets the price called `name`; whether there is one of that name.
fn set_price(
    prices: &mut Prices,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    path: &str,
) -> Result<bool, Mistake> {
    let price = match name {
        "mono_side" => &mut prices.mono_side,
        "color_side" => &mut prices.color_side,
        "sheet" => &mut prices.sheet,
        _ => return Ok(false),
    };
    let text = match value.get_ref() {
        DeValue::String(text) => text.as_ref(),
        DeValue::Float(float) => float.as_str(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        other => other.type_str(),
    };
    let micros = decimal(text).ok_or_else(|| {
        let problem = format!(
            "{path}.{name}: expected a price from 0 to {PRICE_MAX} with at most {DECIMALS} digits \
             after the point, such as \"0.015\"; found {text:?}"
        );
        (value.span(), problem)
    })?;
    *price = Some(micros);
    Ok(true)
}

/// Digits with a point, without a sign or an exponent, exactly.
fn decimal(text: &str) -> Option<Micros> {
    let (units, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(units) || !digits(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let units: i64 = units.parse().ok().filter(|units| *units <= PRICE_MAX)?;
    let fraction: i64 = format!("{fraction:0<DECIMALS$}").parse().ok()?;
    let micros = units * MICROS + fraction;
    (micros <= PRICE_MAX * MICROS).then_some(Micros(micros))
}

/// Three letters; whether ISO 4217 lists them is the bookkeeper's business.
fn currency_code(value: &Spanned<DeValue<'_>>) -> Result<String, Mistake> {
    let text = value.get_ref().as_str().unwrap_or_default();
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    let problem = "currency: expected an ISO 4217 code in quotes, such as \"EUR\"";
    Err((value.span(), problem.to_owned()))
}

/// A day, from its first instant in `zone`, or an instant of RFC 3339.
fn instant(value: &Spanned<DeValue<'_>>, zone: &TimeZone) -> Result<Timestamp, Mistake> {
    let text = match value.get_ref() {
        DeValue::Datetime(datetime) => datetime.to_string(),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    instants::read(&text, zone).ok_or_else(|| {
        let problem = "valid_from: expected a day such as 2026-01-01, or an instant with its \
                       offset such as 2026-01-01T06:00:00+01:00";
        (value.span(), problem.to_owned())
    })
}

fn table<'t, 'i>(value: &'t Spanned<DeValue<'i>>, path: &str) -> Result<&'t DeTable<'i>, Mistake> {
    let table = value.get_ref().as_table();
    table.ok_or_else(|| {
        (
            value.span(),
            format!("{path}: expected a table, as in [{path}]"),
        )
    })
}

fn unknown(at: Range<usize>, path: &str, expected: &str) -> Mistake {
    (at, format!("unknown key {path}: expected {expected}"))
}

/// Text that shows, as it is kept.
fn visible(text: &str) -> bool {
    !text.is_empty() && tidy_foreign(text) == text
}

/// The text as a key in quotes; what does not show is left out, as no key that is taken has any.
fn quoted(text: &str) -> String {
    let escaped = tidy_foreign(text)
        .replace('\\', r"\\")
        .replace('"', r#"\""#);
    format!("\"{escaped}\"")
}

/// A version as the file that would set it again; its days are those of `zone`.
pub fn write(list: &PriceList, zone: &TimeZone) -> String {
    let from = instants::text(list.valid_from, zone);
    let mut text = format!("currency = \"{}\"\nvalid_from = {from}\n", list.currency);
    // The default first, as people think of it.
    for (applies_to, tariff) in list.tariffs.iter().rev() {
        let path = match applies_to {
            AppliesTo::Default => "default".to_owned(),
            AppliesTo::Model(model) => format!("models.{}", quoted(model)),
            AppliesTo::Device(device) => format!("devices.\"{device}\""),
        };
        text.push_str(&section(&path, &tariff.any));
        for (media, prices) in &tariff.by_media {
            let path = format!("{path}.papers.{}", quoted(media));
            text.push_str(&section(&path, prices));
        }
    }
    text
}

fn section(path: &str, prices: &Prices) -> String {
    let named = [
        ("mono_side", prices.mono_side),
        ("color_side", prices.color_side),
        ("sheet", prices.sheet),
    ];
    let lines = named.into_iter().filter_map(|(name, price)| {
        let price = decimal_text(price?);
        Some(format!("{name} = \"{price}\"\n"))
    });
    std::iter::once(format!("\n[{path}]\n"))
        .chain(lines)
        .collect()
}

pub(super) fn decimal_text(Micros(micros): Micros) -> String {
    let (units, fraction) = (micros / MICROS, micros % MICROS);
    let text = format!("{units}.{fraction:0DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
