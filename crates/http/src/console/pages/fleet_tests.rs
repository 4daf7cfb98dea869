use super::*;
use crate::console::pages::frame::tests::frame;
use crate::console::pages::text::text_of;
use crate::fields::Fields;
use platen_domain::clock::Timestamp;
use platen_domain::roles::Role;

fn asked(report: FleetReport) -> GridAddress {
    GridAddress::read(report, path(report), &Fields::default())
}

/// A row of `report` with these cells, everything else unknown.
fn row(report: FleetReport, cells: &[(&str, OwnedCell)]) -> Vec<OwnedCell> {
    let cell = |column: &Column| {
        let given = cells.iter().find(|(name, _)| *name == column.name);
        given.map_or(Cell::Null, |(_, cell)| cell.clone())
    };
    report.columns().iter().map(cell).collect()
}

fn text(text: &str) -> OwnedCell {
    Cell::Text(text.to_owned().into())
}

fn render(
    report: FleetReport,
    asked: &GridAddress,
    total: u64,
    rows: Vec<Vec<OwnedCell>>,
) -> String {
    let grid = Grid::new(
        report,
        asked,
        GridPage { total, rows },
        &Moments::new("Europe/Berlin"),
    );
    let page = FleetPage {
        frame: frame(Role::PrintAnalyst, path(report)),
        grid,
    };
    page.render().unwrap()
}

/// The room itself, without its frame.
fn room(html: &str) -> String {
    text_of(
        html.split_once("<main id=\"main\" tabindex=\"-1\">")
            .unwrap()
            .1,
    )
}

#[test]
fn a_meter_grid_shows_what_is_known_and_folds_what_is_not() {
    let report = FleetReport::Meters;
    let rows = vec![
        row(
            report,
            &[
                ("SerialNumber", text("VD21457943")),
                ("Model", text("MX711")),
                ("LifeCountTotal", Cell::Integer(1_234_567)),
                ("ColorDevice", Cell::Boolean(false)),
                (
                    "LastSeenAt",
                    Cell::Instant(Timestamp::from_millis(1_795_452_000_000)),
                ),
            ],
        ),
        row(report, &[("Model", text("Colour & Sons"))]),
    ];
    insta::assert_snapshot!(room(&render(report, &asked(report), 2, rows)), @r"
    Meter
    2 devices
    Filter
    Filter
    Device Meter Data: rows 1 to 2 of 2
    |
    Serial number
    |
    Model
    |
    Life count total
    |
    Color device
    |
    Last seen
    | VD21457943 | MX711 | 1,234,567 | no | 2026-11-23 17:40
    | – | Colour & Sons | – | – | –
    46 columns have no value on this page.
    Show all columns
    Download all rows as CSV
    ");
}

#[test]
fn a_status_grid_says_the_state_in_words() {
    let report = FleetReport::Status;
    let rows = vec![row(
        report,
        &[
            ("SerialNumber", text("A1")),
            ("DeviceState", text("warming-up")),
        ],
    )];
    let html = render(report, &asked(report), 1, rows);
    assert!(html.contains(r#"<td class="state warming-up"><span><svg class="icon""#));
    assert!(room(&html).contains("| Warming up"));
}

#[test]
fn a_toner_level_is_a_number_with_a_bar_in_its_color() {
    let report = FleetReport::Toner;
    let rows = vec![row(
        report,
        &[
            ("SerialNumber", text("A1")),
            ("Colorant", text("cyan")),
            ("LevelPercent", Cell::Integer(7)),
        ],
    )];
    let html = render(report, &asked(report), 1, rows);
    assert!(html.contains("<span>7 %</span>"));
    assert!(html.contains(r#"<rect class="fill ink-cyan" width="7" height="8"/>"#));
}

#[test]
fn an_empty_fleet_says_what_to_check() {
    let report = FleetReport::Meters;
    insta::assert_snapshot!(room(&render(report, &asked(report), 0, Vec::new())), @r"
    Meter
    0 devices
    Filter
    Filter
    No device has answered yet
    Platen asks the address ranges named in its configuration, with the credentials given there. The first answers come within minutes of the start; when none does, check the ranges, and that the printers allow SNMP from this server.
    ");
    let nothing = GridAddress {
        filter: "<i>".to_owned(),
        ..asked(report)
    };
    let html = render(report, &nothing, 0, Vec::new());
    assert!(room(&html).contains("Nothing contains \u{201c}<i>\u{201d}"));
    assert!(!html.contains("<i>"));
}

#[test]
fn the_sorted_column_says_so_and_offers_the_other_way_round() {
    let report = FleetReport::Meters;
    let sort = |descending| {
        Some(Sort {
            column: "LifeCountTotal".to_owned(),
            descending,
        })
    };
    let rows = || vec![row(report, &[("SerialNumber", text("A1"))])];
    let up = render(
        report,
        &GridAddress {
            sort: sort(false),
            ..asked(report)
        },
        1,
        rows(),
    );
    assert!(up.contains(r#"aria-sort="ascending""#));
    assert!(up.contains("sort=-LifeCountTotal"));
    let down = render(
        report,
        &GridAddress {
            sort: sort(true),
            ..asked(report)
        },
        1,
        rows(),
    );
    assert!(down.contains(r#"aria-sort="descending""#));
    assert_eq!(down.matches("aria-sort").count(), 1);
}

#[test]
fn a_grid_has_every_column_of_its_report_the_sought_ones_first() {
    for report in FleetReport::ALL {
        let all = GridAddress {
            all_columns: true,
            ..asked(report)
        };
        let shown = shown_columns(report, &all, &[]);
        let names: Vec<_> = shown.iter().map(|(_, column)| column.name).collect();
        assert!(names.starts_with(leading(report)), "{names:?}");
        assert_eq!(names.len(), report.columns().len());
    }
}

/// What a printer may call itself: markup, template syntax, direction overrides, great length.
#[test]
fn hostile_texts_stay_text_in_every_column() {
    let long = "W".repeat(255);
    let payloads = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' autofocus onfocus='alert(1)",
        "{{ 7 * 7 }}{% raw %}",
        "\u{202E}gpj.exe\u{2066}",
        "</td></tr></table><a href='javascript:alert(1)'>",
        &long,
    ];
    for report in FleetReport::ALL {
        for payload in payloads {
            let rows = vec![report.columns().iter().map(|_| text(payload)).collect()];
            let html = render(report, &asked(report), 1, rows);
            for opened in ["<script>", "<img", "<a href='javascript", " onfocus='"] {
                assert!(!html.contains(opened), "{report:?}: {opened}");
            }
            assert_eq!(html.matches("<tr>").count(), 2, "{report:?}");
        }
    }
}
