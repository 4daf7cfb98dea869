//! Print Transactions and Monthly Print Data as programs read them, from rows and from blocks.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod charged;
mod late;
mod months;
mod office;
mod sealed;
#[path = "../support/mod.rs"]
mod support;

use http::{Method, StatusCode};
use platen_domain::report_apis::ReportApi;
use serde_json::Value;

use office::{DAYS, Office, decoded};
use support::printing::job;

#[tokio::test]
async fn the_published_example_works() {
    let office = Office::with_jobs().await;
    let got = office
        .get("/ReportApi/Reports/PrintJobs/2026-11-18/2026-11-18", &[])
        .await;
    assert_eq!(
        got.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(got.header("cache-control"), Some("private, no-cache"));
    assert_eq!(
        got.header("vary"),
        Some("Accept, Accept-Encoding, Authorization")
    );
    let rows = got.json();
    let row = &rows[1];
    insta::assert_snapshot!(serde_json::to_string_pretty(row).unwrap(), @r#"
    {
      "Account": null,
      "Application": null,
      "Bytes": 18,
      "ChargedAccount": null,
      "ClientName": null,
      "Co2Grams": 9.17,
      "ColorMode": "monochrome",
      "CompletedAt": "2026-11-18T09:30:00.000+01:00",
      "Copies": 1,
      "Cost": null,
      "CountEvidence": "spooler",
      "Currency": null,
      "DeviceId": null,
      "Document": "Plan, \"18\".pdf",
      "Impressions": 4,
      "ImpressionsColor": null,
      "ImpressionsMono": null,
      "JobState": "completed",
      "JobType": "print",
      "Location": null,
      "Manufacturer": null,
      "Model": null,
      "Pages": 4,
      "PaperGrams": 9.979,
      "PaperSize": "iso_a4_210x297mm",
      "QueueName": "lobby",
      "Remarks": "",
      "Revision": 0,
      "SerialNumber": null,
      "Sheets": 2,
      "SheetsQuality": "derived",
      "Sides": "two-sided-long-edge",
      "Source": "cups|test",
      "SourceJobId": "18-bob",
      "SubmittedAt": null,
      "TimeQuality": "exact",
      "TransactionId": 11,
      "UserDomain": null,
      "UserName": "bob"
    }
    "#);
}

#[tokio::test]
async fn both_ends_are_included_in_the_organizations_days_and_rows_come_by_completion() {
    let office = Office::with_jobs().await;
    insta::assert_snapshot!(office.users(DAYS).await, @r"
    2026-11-18T00:00:00.000+01:00 cyd
    2026-11-18T09:30:00.000+01:00 bob
    2026-11-18T23:59:59.999+01:00 ada
    2026-11-19T00:00:00.000+01:00 cyd
    2026-11-19T09:30:00.000+01:00 bob
    2026-11-19T23:59:59.999+01:00 ada
    2026-11-20T00:00:00.000+01:00 cyd
    2026-11-20T09:30:00.000+01:00 bob
    2026-11-20T23:59:59.999+01:00 ada
    2026-11-21T00:00:00.000+01:00 cyd
    2026-11-21T09:30:00.000+01:00 bob
    2026-11-21T23:59:59.999+01:00 ada
    ");
    let got = office.get(DAYS, &[]).await;
    assert_eq!(
        got.header("x-report-period"),
        Some("2026-11-18T00:00:00+01:00/2026-11-22T00:00:00+01:00")
    );
    let one = "/ReportApi/Reports/PrintJobs/2026-11-18/2026-11-18?tz=UTC";
    insta::assert_snapshot!(office.users(one).await, @r"
    2026-11-18T08:30:00.000+00:00 bob
    2026-11-18T22:59:59.999+00:00 ada
    2026-11-18T23:00:00.000+00:00 cyd
    ");
    let got = office.get(one, &[]).await;
    assert_eq!(
        got.header("x-report-period"),
        Some("2026-11-18T00:00:00+00:00/2026-11-19T00:00:00+00:00")
    );
}

#[tokio::test]
async fn what_cannot_be_a_period_is_refused() {
    let office = Office::new().await;
    for (path, code) in [
        ("PrintJobs/2026-02-30/2026-03-01", "bad-date"),
        ("PrintJobs/2026-03-02/2026-03-01", "bad-range"),
        ("PrintJobs/2024-01-01/2025-01-01", "bad-range"),
        ("PrintJobs/2026-03-01/2026-03", "bad-date"),
        (
            "PrintJobs/2026-03-01/2026-03-01?tz=Mars",
            "unknown-time-zone",
        ),
        (
            "PrintJobs/2026-03-01/2026-03-01?format=xml",
            "unknown-format",
        ),
        (
            "PrintJobs/2026-03-01/2026-03-01?limit=2",
            "unknown-parameter",
        ),
        ("PrintJobs/2026-03/2026-03?user=ada", "unknown-parameter"),
        (
            "PrintJobs/2026-03-01/2026-03-01?format=csv&format=json",
            "bad-parameter",
        ),
    ] {
        let got = office.get(&format!("/ReportApi/Reports/{path}"), &[]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(got.json()["code"], code, "{path}");
    }
}

#[tokio::test]
async fn every_form_holds_the_same_rows() {
    let office = Office::with_jobs().await;
    office.seal().await;
    let json: Value = office.get(DAYS, &[]).await.json();
    let ndjson = office
        .get(&format!("{DAYS}?format=ndjson"), &[])
        .await
        .text();
    let lines: Vec<Value> = ndjson
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json.as_array(), Some(&lines));
    let csv = office.get(&format!("{DAYS}?format=csv"), &[]).await;
    assert_eq!(
        csv.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(csv.text().matches("\r\n").count(), 1 + lines.len());
    assert!(csv.text().contains("\"Plan, \"\"18\"\".pdf\""));
}

#[tokio::test]
async fn head_and_tags_tell_representations_apart() {
    let office = Office::with_jobs().await;
    let get = office.get(DAYS, &[("accept-encoding", "gzip")]).await;
    let headers = [
        ("authorization", office.bearer.as_str()),
        ("accept-encoding", "gzip"),
    ];
    let head = office.world.send(&Method::HEAD, DAYS, &headers, "").await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(head.body.is_empty());
    for name in [
        "etag",
        "content-type",
        "content-encoding",
        "vary",
        "x-report-period",
    ] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    let tag = get.header("etag").unwrap().to_owned();
    let known = [("if-none-match", tag.as_str())];
    for (path, more) in [
        (DAYS.to_owned(), vec![]),
        (format!("{DAYS}?tz=UTC"), vec![("accept-encoding", "gzip")]),
        (
            format!("{DAYS}?format=csv"),
            vec![("accept-encoding", "gzip")],
        ),
        (
            DAYS.replace("-18", "-17"),
            vec![("accept-encoding", "gzip")],
        ),
    ] {
        let got = office.get(&path, &[&known[..], &more].concat()).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
    }
    let same = [known[0], ("accept-encoding", "gzip")];
    let got = office.get(DAYS, &same).await;
    assert_eq!(got.status, StatusCode::NOT_MODIFIED);
    assert!(got.header("x-report-period").is_some());
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let office = Office::with_jobs().await;
    office.seal().await;
    let organization = office.world.organization("Other", None).await;
    let key = office
        .world
        .enable(&organization, ReportApi::PrintJobs)
        .await;
    let bearer = format!("bearer {key}");
    for coding in ["identity", "gzip", "zstd"] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept-encoding", coding),
        ];
        let got = office.world.get(DAYS, &headers).await;
        assert_eq!(decoded(coding, &got.body), b"[]", "{coding}");
    }
    let csv = format!("{DAYS}?format=csv");
    let got = office.world.get(&csv, &[("authorization", &bearer)]).await;
    assert_eq!(got.text().matches("\r\n").count(), 1);
}

#[tokio::test]
async fn a_person_is_one_row_of_a_month_however_jobs_spell_the_name() {
    let office = Office::new().await;
    let spellings = ["UNI\\\\Kim2", "kim2", "KIM2", "kim2\u{200B}", "ｋｉｍ2"];
    let jobs = spellings.iter().enumerate().map(|(number, user)| {
        let more = format!(r#""user":"{user}","queue":"lobby","impressions":1"#);
        job(&number.to_string(), "2026-11-17T09:00:00Z", &more)
    });
    let jobs: Vec<_> = jobs.collect();
    office.push(&jobs.join("\n")).await;
    let months = office
        .months("/ReportApi/Reports/MonthlyPrintJobs/2026-11/2026-11")
        .await;
    let rows = months.json();
    let rows: Vec<_> = rows.as_array().unwrap().iter().collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (&rows[0]["UserName"], &rows[0]["Jobs"]),
        (&"Kim2".into(), &5.into())
    );
}
