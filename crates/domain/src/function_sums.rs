//! Sums over the functions of a device: what it printed, copied, received and reported.

use crate::meters::{Function, MeterColor, MeterValue, impressions};

/// The functions that mark paper.
pub(crate) const MARKING: [Function; 4] = [
    Function::Print,
    Function::Copy,
    Function::Fax,
    Function::Other,
];

/// A sum over the functions of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    /// Every page of that colour.
    Of(u64),
    /// A function has such pages and does not count them, or no function counts colours.
    Incomplete,
}

/// All pages in mono, or in full colour, by the function meters. Printing must be counted in that
/// colour, and copying where the device copies: what is missing would be called the other colour.
/// Faxes and reports are black where nothing says otherwise.
pub(crate) fn every(meters: &[MeterValue], color: MeterColor) -> Sum {
    let counts = [
        print_or_copy(meters, Function::Print, color),
        if copies(meters) {
            print_or_copy(meters, Function::Copy, color)
        } else {
            Some(0)
        },
        Some(fax(meters, color)),
        Some(impressions(meters, Function::Other, color).unwrap_or(0)),
    ];
    let sum = counts
        .into_iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(count?));
    sum.map_or(Sum::Incomplete, Sum::Of)
}

/// All pages in two colours, or in one colour other than black, as far as functions count them
/// apart; `None` where none does.
pub(crate) fn apart(meters: &[MeterValue], color: MeterColor) -> Option<u64> {
    MARKING
        .into_iter()
        .filter_map(|function| impressions(meters, function, color))
        .reduce(u64::saturating_add)
}

/// Everything a function made: its total as reported, else the sum of its colours where mono and
/// colour are known.
pub fn of_function(meters: &[MeterValue], function: Function) -> Option<u64> {
    let count = |color| impressions(meters, function, color);
    count(MeterColor::All).or_else(|| {
        let apart = [MeterColor::TwoColor, MeterColor::SingleColor];
        let main = count(MeterColor::Mono)?.checked_add(count(MeterColor::Color)?)?;
        let mut apart = apart.into_iter().filter_map(count);
        apart.try_fold(main, u64::checked_add)
    })
}

/// Everything all functions made, as far as they count it.
pub(crate) fn all_functions(meters: &[MeterValue]) -> u64 {
    MARKING
        .into_iter()
        .filter_map(|function| of_function(meters, function))
        .fold(0, u64::saturating_add)
}

fn copies(meters: &[MeterValue]) -> bool {
    let counted = |color| impressions(meters, Function::Copy, color);
    match counted(MeterColor::All) {
        Some(all) => all > 0,
        None => [MeterColor::Mono, MeterColor::Color]
            .into_iter()
            .any(|color| counted(color).is_some()),
    }
}

/// The count of that colour; else what the function's total leaves beside its other colours.
fn print_or_copy(meters: &[MeterValue], function: Function, color: MeterColor) -> Option<u64> {
    let count = |color| impressions(meters, function, color);
    count(color).or_else(|| {
        let other = match color {
            MeterColor::Mono => MeterColor::Color,
            _ => MeterColor::Mono,
        };
        [MeterColor::TwoColor, MeterColor::SingleColor]
            .into_iter()
            .filter_map(count)
            .try_fold(
                count(MeterColor::All)?.checked_sub(count(other)?)?,
                u64::checked_sub,
            )
    })
}

fn fax(meters: &[MeterValue], color: MeterColor) -> u64 {
    let count = |color| impressions(meters, Function::Fax, color);
    let black = || {
        let colored = count(MeterColor::Color).unwrap_or(0);
        count(MeterColor::All).map(|all| all.saturating_sub(colored))
    };
    let stated = count(color);
    match color {
        MeterColor::Mono => stated.or_else(black),
        _ => stated,
    }
    .unwrap_or(0)
}
