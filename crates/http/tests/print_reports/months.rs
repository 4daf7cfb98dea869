//! Monthly Print Data as programs read it.

use serde_json::{Value, json};

use crate::job;
use crate::office::Office;
use crate::support::PUBLIC_URL;

#[tokio::test]
async fn months_are_sums_of_the_jobs_and_answer_at_both_addresses() {
    let office = Office::with_jobs().await;
    let earlier = job(
        "1",
        "2026-10-31T23:30:00Z",
        r#""user":"ada","impressions":1"#,
    );
    office.push(&earlier).await;
    let months = "/ReportApi/Reports/MonthlyPrintJobs/2026-10/2026-11";
    let got = office.months(months).await;
    assert_eq!(
        got.header("x-report-period"),
        Some("2026-10-01T00:00:00+02:00/2026-12-01T00:00:00+01:00")
    );
    let text = |rows: &Value| {
        let rows = rows.as_array().unwrap().iter();
        let line = |row: &Value| {
            let [month, user, jobs, impressions] =
                ["Month", "UserName", "Jobs", "Impressions"].map(|name| row[name].to_string());
            format!("{month} {user} {jobs} {impressions}")
        };
        rows.map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(text(&got.json()), @r#"
    "2026-11" "ada" 5 20
    "2026-11" "ada" 1 1
    "2026-11" "bob" 5 20
    "2026-11" "cyd" 5 20
    "#);
    // In this zone the job of the first hour belongs to October.
    let utc = office.months(&format!("{months}?tz=UTC")).await;
    insta::assert_snapshot!(text(&utc.json()), @r#"
    "2026-10" "ada" 1 1
    "2026-11" "ada" 5 20
    "2026-11" "bob" 5 20
    "2026-11" "cyd" 5 20
    "#);
    let here = office
        .get("/ReportApi/Reports/PrintJobs/2026-10/2026-11", &[])
        .await;
    assert_eq!(here.body, got.body);
    let canonical = format!("<{PUBLIC_URL}{months}>; rel=\"canonical\"");
    assert_eq!(here.header("link"), Some(canonical.as_str()));
    assert_eq!(got.header("link"), None);
}

const MONTHS: &str = "/ReportApi/Reports/MonthlyPrintJobs/2026-11/2026-11";

/// A month of one user: `jobs` are what they have beside a key, a time and the user.
async fn month_of(jobs: &[&str]) -> Value {
    let office = Office::new().await;
    let lines = jobs.iter().enumerate().map(|(n, more)| {
        let more = format!(r#""user":"ada"{more}"#);
        job(&n.to_string(), "2026-11-18T08:30:00Z", &more)
    });
    office.push(&lines.collect::<Vec<_>>().join("\n")).await;
    let mut rows: Vec<Value> = serde_json::from_value(office.months(MONTHS).await.json()).unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn only(row: &Value, names: &[&str]) -> Value {
    let fields = names
        .iter()
        .map(|name| ((*name).to_owned(), row[*name].clone()));
    Value::Object(fields.collect())
}

#[tokio::test]
async fn what_no_job_tells_is_null_and_never_0() {
    let row = month_of(&[r#","impressions":10"#, r#","impressions":2"#]).await;
    let unknown = [
        "Copies",
        "ImpressionsMono",
        "ImpressionsColor",
        "ImpressionsMonoRequested",
        "ImpressionsColorRequested",
        "ImpressionsDuplex",
        "Sheets",
        "Cost",
        "Currency",
    ];
    for column in unknown {
        assert_eq!(row[column], Value::Null, "{column}");
    }
    let left_out = [
        "JobsWithoutCopies",
        "JobsWithoutColor",
        "JobsWithoutSides",
        "JobsWithoutSheets",
        "JobsWithoutCost",
    ];
    for column in left_out {
        assert_eq!(row[column], 2, "{column}");
    }
    assert_eq!(row["Impressions"], 12);
    let uncounted = month_of(&[r#","copies":1"#]).await;
    assert_eq!(uncounted["Impressions"], Value::Null);
}

#[tokio::test]
async fn a_month_says_which_jobs_its_sums_leave_out() {
    let row = month_of(&[
        r#","impressions":4,"color_impressions":1,"sides":"two-sided-long-edge""#,
        r#","impressions":8,"color_mode":"monochrome","sides":"one-sided""#,
        r#","impressions":16,"color_mode":"color""#,
        r#","impressions":32"#,
    ])
    .await;
    let colors = [
        "Impressions",
        "ImpressionsMono",
        "ImpressionsColor",
        "ImpressionsMonoRequested",
        "ImpressionsColorRequested",
        "JobsWithoutColor",
    ];
    assert_eq!(
        only(&row, &colors),
        json!({
            "Impressions": 60,
            "ImpressionsMono": 3,
            "ImpressionsColor": 1,
            "ImpressionsMonoRequested": 8,
            "ImpressionsColorRequested": 16,
            "JobsWithoutColor": 1,
        })
    );
    assert_eq!(
        only(&row, &["ImpressionsDuplex", "JobsWithoutSides"]),
        json!({"ImpressionsDuplex": 4, "JobsWithoutSides": 2})
    );
}

#[tokio::test]
async fn months_are_asked_by_account_or_by_department() {
    let office = Office::new().await;
    let lines = [
        ("1", r#""user":"ada","account":"chem","impressions":4"#),
        ("2", r#""user":"bob","account":"chem","impressions":6"#),
        ("3", r#""user":"ada","impressions":1"#),
    ];
    let lines = lines.map(|(id, more)| job(id, "2026-11-18T08:30:00Z", more));
    office.push(&lines.join("\n")).await;
    let period = "/ReportApi/Reports/MonthlyPrintJobs/2026-09/2026-11";
    let asked = |by: &str| format!("{period}?by={by}");
    let columns = [
        "Month",
        "UserName",
        "QueueName",
        "Account",
        "Department",
        "Jobs",
        "Impressions",
    ];
    let rows = |rows: Value| {
        let rows: Vec<Value> = serde_json::from_value(rows).unwrap();
        let rows = rows.iter().map(|row| only(row, &columns).to_string());
        rows.collect::<Vec<_>>().join("\n")
    };
    let by_account = office.months(&asked("account")).await.json();
    insta::assert_snapshot!(rows(by_account), @r#"
    {"Month":"2026-11","UserName":null,"QueueName":null,"Account":null,"Department":null,"Jobs":1,"Impressions":1}
    {"Month":"2026-11","UserName":null,"QueueName":null,"Account":"chem","Department":null,"Jobs":2,"Impressions":10}
    "#);
    let by_department = office.months(&asked("department")).await.json();
    insta::assert_snapshot!(rows(by_department), @r#"{"Month":"2026-11","UserName":null,"QueueName":null,"Account":null,"Department":null,"Jobs":3,"Impressions":11}"#);
    let refused = office.months(&asked("floor")).await;
    assert_eq!(refused.status, http::StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.json()["detail"],
        "The parameter 'by': expected account or department."
    );
}
