//! Values of a grid as people read them.

use platen_domain::source_job_ids::SourceJobId;
use platen_domain::status::DeviceState;
use platen_report::catalogue::{Alignment, Column};
use platen_report::cell::{Cell, OwnedCell};

use super::fleet::NAMES_THE_ROW;
use crate::console::moments::{Moment, Moments};
use crate::console::{icons, states};

/// A value as a person reads it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CellView {
    /// Not known, or not stated by the device.
    Unknown { numeric: bool },
    /// Text.
    Text(String),
    /// What names the row.
    Heading(String),
    /// A number with its thousands apart.
    Number(String),
    /// An instant.
    Moment(Moment),
    /// The state of a device: an icon and a word.
    State {
        keyword: &'static str,
        label: &'static str,
        icon: &'static str,
    },
    /// Percent remaining, with a bar in the colour of the supply.
    Level { percent: u64, ink: &'static str },
}

/// A cell of `column` as a person reads it; `ink` is the class of the row's colorant.
pub(crate) fn cell_view(
    column: &Column,
    cell: OwnedCell,
    ink: &'static str,
    moments: &Moments,
) -> CellView {
    match (column.name, cell) {
        (_, Cell::Null) => CellView::Unknown {
            numeric: is_numeric(column),
        },
        (NAMES_THE_ROW, Cell::Text(text)) => CellView::Heading(text.into_owned()),
        ("DeviceState", Cell::Text(keyword)) => state_view(&keyword),
        (_, Cell::Text(text)) => CellView::Text(text.into_owned()),
        (_, Cell::Uuid(uuid)) => CellView::Text(SourceJobId::Uuid(uuid).to_string()),
        ("LevelPercent", Cell::Integer(percent)) => CellView::Level {
            percent: percent.min(100),
            ink,
        },
        (_, Cell::Integer(value)) => CellView::Number(thousands(value)),
        (_, Cell::Decimal(value)) => CellView::Number(value.to_string()),
        (_, Cell::Boolean(yes)) => CellView::Text(if yes { "yes" } else { "no" }.to_owned()),
        (_, Cell::Instant(at)) => CellView::Moment(moments.show(at)),
    }
}

/// Whether the column's values stand on the right, digits below each other.
pub(crate) fn is_numeric(column: &Column) -> bool {
    column.alignment() == Alignment::End
}

fn state_view(keyword: &str) -> CellView {
    let state = DeviceState::from_keyword(keyword).unwrap_or(DeviceState::Unknown);
    CellView::State {
        keyword: state.keyword(),
        label: states::label(state),
        icon: icons::of_state(state),
    }
}

/// The class that paints the bar of a supply with this colorant: the four process colors, and one
/// for all else.
pub(crate) fn ink_of(colorant: Option<&OwnedCell>) -> &'static str {
    let Some(Cell::Text(name)) = colorant else {
        return "";
    };
    match name.as_ref() {
        "black" => "ink-black",
        "cyan" => "ink-cyan",
        "magenta" => "ink-magenta",
        "yellow" => "ink-yellow",
        _ => "",
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let shown = [0, 999, 1_000, 1_234_567].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
    }
}
