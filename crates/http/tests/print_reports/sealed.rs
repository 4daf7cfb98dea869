//! Days that are sealed into blocks read as open ones do, whatever happens to them.

use std::fmt::Write as _;

use http::StatusCode;
use platen_http::Layouts;
use serde_json::Value;

use crate::office::{DAYS, Office, block_files, decoded, listed};
use crate::support::printing::job;

#[tokio::test]
async fn sealed_days_read_as_open_ones_do_in_every_form() {
    let office = Office::with_jobs().await;
    let (open, rows) = (office.every_way(DAYS).await, office.users(DAYS).await);
    assert_eq!(rows.lines().count(), 12);
    assert_eq!(
        office.seal().await,
        6,
        "the five days, and the last jobs' next one"
    );
    for (sealed, open) in office.every_way(DAYS).await.iter().zip(&open) {
        assert_eq!(sealed.0, open.0);
        let texts = [sealed, open].map(|(_, octets)| String::from_utf8_lossy(octets));
        assert_eq!(texts[0], texts[1], "{}", open.0);
    }
    // Days of another zone begin and end within blocks.
    for zone in ["UTC", "Asia/Tokyo", "America/New_York"] {
        let path = format!("{DAYS}?tz={zone}");
        let sealed = office.get(&path, &[("accept-encoding", "gzip")]).await;
        let plain = decoded("gzip", &sealed.body);
        let apart = office.get(&path, &[]).await;
        assert_eq!(plain, apart.body, "{zone}");
    }
    assert_eq!(office.users(DAYS).await, rows);
}

#[tokio::test]
async fn what_comes_late_shows_at_once() {
    let office = Office::with_jobs().await;
    office.seal().await;
    let before = office.get(DAYS, &[]).await;
    let etag = before.header("etag").unwrap().to_owned();
    let known = [("if-none-match", etag.as_str())];
    assert_eq!(
        office.get(DAYS, &known).await.status,
        StatusCode::NOT_MODIFIED
    );
    office
        .push(&job("late", "2026-11-19T10:00:00Z", r#""user":"dee""#))
        .await;
    let got = office.get(DAYS, &known).await;
    assert_eq!(got.status, StatusCode::OK);
    let names = listed(&got.json());
    assert_eq!(names.lines().count(), 13);
    assert!(
        names.contains("2026-11-19T11:00:00.000+01:00 dee\n"),
        "{names}"
    );
    let revised = job("18-bob", "2026-11-18T08:30:00Z", r#""impressions":400"#);
    assert_eq!(office.push(&revised).await["revised"], 1);
    let rows = office.get(DAYS, &[]).await.json();
    let bob = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["UserName"] == "bob");
    assert_eq!(bob.unwrap()["Impressions"], 400);
    assert_eq!(bob.unwrap()["Revision"], 1);
    office.check_against_rows(DAYS).await;
    assert_eq!(office.seal().await, 0, "they stand beside their blocks");
    office.check_against_rows(DAYS).await;
}

#[tokio::test]
async fn files_that_are_damaged_or_gone_are_read_as_rows() {
    let office = Office::with_jobs().await;
    let whole = office.get(DAYS, &[]).await.body;
    office.seal().await;
    let directory = office.world.directory();
    let files = block_files(directory, ".columns");
    std::fs::remove_file(&files[1]).unwrap();
    let mut octets = std::fs::read(&files[2]).unwrap();
    *octets.last_mut().unwrap() ^= 1;
    std::fs::write(&files[2], &octets).unwrap();
    std::fs::write(&files[3], &octets[..octets.len() / 2]).unwrap();
    assert_eq!(office.get(DAYS, &[]).await.body, whole);
    let renditions = block_files(directory, ".json.gz");
    let (cut, gone) = renditions.split_at(renditions.len() / 2);
    for file in cut {
        let octets = std::fs::read(file).unwrap();
        std::fs::write(file, &octets[..octets.len() - 1]).unwrap();
    }
    for file in gone {
        std::fs::remove_file(file).unwrap();
    }
    for coding in ["gzip", "zstd"] {
        let got = office.get(DAYS, &[("accept-encoding", coding)]).await;
        assert_eq!(decoded(coding, &got.body), whole, "{coding}");
    }
}

#[tokio::test]
async fn a_compressed_block_that_changed_on_disk_is_noticed_and_made_anew() {
    let office = Office::with_jobs().await;
    let whole = office.get(DAYS, &[]).await.body;
    office.seal().await;
    let renditions = block_files(office.world.directory(), ".json.gz");
    // A file of another block, whole in itself, under this name.
    std::fs::copy(&renditions[0], &renditions[1]).unwrap();
    let gzip = [("accept-encoding", "gzip")];
    let got = office.get(DAYS, &gzip).await;
    assert_eq!(decoded("gzip", &got.body), whole);
    office
        .world
        .clock
        .advance(std::time::Duration::from_secs(1));
    for file in &renditions {
        let mut octets = std::fs::read(file).unwrap();
        *octets.last_mut().unwrap() ^= 4;
        std::fs::write(file, &octets).unwrap();
    }
    let mut broken_off = 0;
    while office.breaks_off(DAYS, &gzip).await {
        broken_off += 1;
    }
    assert!(
        broken_off >= 3,
        "once for each of the report's days but the other's"
    );
    let layout = Layouts::default().print_jobs;
    let anew = office
        .world
        .app
        .printing()
        .render_sealed(&layout)
        .await
        .unwrap();
    assert_eq!(anew, broken_off + 1);
    let got = office.get(DAYS, &gzip).await;
    assert_eq!(decoded("gzip", &got.body), whole);
}

#[tokio::test]
async fn a_day_of_many_jobs_makes_several_blocks_and_one_report() {
    const JOBS: usize = 20_000;
    let office = Office::new().await;
    for part in 0..JOBS / 5_000 {
        let mut lines = String::new();
        for number in part * 5_000..(part + 1) * 5_000 {
            let (minute, second) = (number / 60 % 60, number % 60);
            let at = format!(
                "2026-11-20T{:02}:{minute:02}:{second:02}Z",
                6 + number / 3_600
            );
            let more = format!(r#""user":"u{}","impressions":{number}"#, number % 97);
            writeln!(lines, "{}", job(&number.to_string(), &at, &more)).unwrap();
        }
        office.push(&lines).await;
    }
    let open = office.get(DAYS, &[]).await.body;
    assert_eq!(office.seal().await, 2);
    for coding in ["identity", "gzip", "zstd"] {
        let got = office.get(DAYS, &[("accept-encoding", coding)]).await;
        assert!(decoded(coding, &got.body) == open, "{coding}");
    }
    let rows: Vec<Value> = serde_json::from_slice(&open).unwrap();
    let mut counted = rows.iter().map(|row| row["Impressions"].as_u64().unwrap());
    assert!(counted.by_ref().eq(0..JOBS as u64));
}

#[tokio::test]
async fn a_printer_is_named_as_it_is_polled_however_late_and_whatever_is_sealed() {
    let office = Office::new().await;
    let at = "2026-11-20T10:00:00Z";
    office
        .push(&job("1", at, r#""printer_address":"192.0.2.7""#))
        .await;
    assert_eq!(office.seal().await, 1);
    let serial = async || office.get(DAYS, &[]).await.json()[0]["SerialNumber"].clone();
    assert_eq!(serial().await, Value::Null);
    office.world.device(&office.organization, 7, "Lobby").await;
    assert_eq!(
        office.world.app.operation().find_printers().await.unwrap(),
        1
    );
    assert_eq!(serial().await, "Lobby-7");
    assert_eq!(office.seal().await, 1);
    let tag = office.get(DAYS, &[]).await;
    let known = [("if-none-match", tag.header("etag").unwrap())];
    assert_eq!(
        office.get(DAYS, &known).await.status,
        StatusCode::NOT_MODIFIED
    );
    // The same serial number told in another spelling, as new firmware does.
    office
        .world
        .renamed(&office.organization, 7, "Lobby", "lobby")
        .await;
    assert_eq!(
        office.get(DAYS, &known).await.json()[0]["SerialNumber"],
        "lobby-7"
    );
}
