use std::net::{IpAddr, Ipv4Addr};

use platen_app::fleet::reports::{GridQuery, Parts, Sort};
use platen_domain::ids::SeededIds;
use platen_report::catalogue::FleetReport;
use platen_report::cell::Cell;

use crate::fake_printers::observation;
use crate::place::{Place, START};

/// A place with this many devices, named `printer-0`, `printer-1` and so on.
async fn place_with(devices: u32) -> Place {
    let place = Place::licensed().await;
    let scope = place.operator();
    let recorded = place.app.store().write(move |writer| {
        let ids = SeededIds::new(9);
        for n in 0..devices {
            let address = IpAddr::V4(Ipv4Addr::from(0x0A00_0001 + n));
            let seen = observation(address, &format!("printer-{n}"), START);
            writer.record_observation(&scope, &seen, START, &ids, None)?;
        }
        Ok(())
    });
    recorded.await.unwrap();
    place
}

fn names(report: FleetReport, rows: &[Vec<Cell<'static>>]) -> Vec<String> {
    let column = report
        .columns()
        .iter()
        .position(|column| column.name == "DeviceName")
        .unwrap();
    let name = |row: &Vec<Cell<'static>>| match &row[column] {
        Cell::Text(text) => text.to_string(),
        other => panic!("{other:?} is no name"),
    };
    rows.iter().map(name).collect()
}

#[tokio::test]
async fn pages_stream_every_device_once() {
    let place = place_with(2_500).await;
    let mut pages = place
        .app
        .fleet()
        .device_rows(place.operator(), Parts::default());
    let (mut sizes, mut ids) = (Vec::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        sizes.push(page.len());
        ids.extend(page.into_iter().map(|snapshot| snapshot.device.id));
    }
    assert_eq!(sizes, [1_000, 1_000, 500]);
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), 2_500);
}

#[tokio::test]
async fn a_grid_is_filtered_sorted_and_paged_over_the_whole_fleet() {
    let place = place_with(120).await;
    let report = FleetReport::Meters;
    let query = |filter: &str, descending, page| GridQuery {
        filter: filter.to_owned(),
        sort: Some(Sort {
            column: "DeviceName".to_owned(),
            descending,
        }),
        page,
        page_size: 3,
    };
    let grid = async |query| {
        place
            .app
            .fleet()
            .grid(&place.operator(), report, query)
            .await
            .unwrap()
    };
    let first = grid(query("PRINTER-11", false, 1)).await;
    assert_eq!(first.total, 11);
    assert_eq!(
        names(report, &first.rows),
        ["printer-11", "printer-110", "printer-111"]
    );
    let last = grid(query("printer-11", true, 4)).await;
    assert_eq!(names(report, &last.rows), ["printer-110", "printer-11"]);
    assert!(grid(query("printer-11", true, 5)).await.rows.is_empty());
    let unsorted = GridQuery {
        page_size: 0,
        ..GridQuery::default()
    };
    assert_eq!(grid(unsorted).await.rows.len(), 1);
    // A page by index is the page that passing the whole fleet by makes.
    for page in [1, 2, 40, 41, u32::MAX] {
        let by_index = GridQuery {
            page,
            page_size: 3,
            ..GridQuery::default()
        };
        // Every name holds this: nothing is left out.
        let passed_by = GridQuery {
            filter: "printer".to_owned(),
            ..by_index.clone()
        };
        assert_eq!(grid(by_index).await, grid(passed_by).await, "{page}");
    }
}
