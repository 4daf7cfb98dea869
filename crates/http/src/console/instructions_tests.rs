use super::*;

const BASE: &str = "http://127.0.0.1:8631/";

/// As of 2026-11-01T16:40:00Z, of a server that hands out few columns.
fn request(api: ReportApi, key: Option<&AuthorizationKey>) -> Request {
    let now = Timestamp::from_millis(1_793_551_200_000);
    let range = ExampleRange::as_of(now, &Moments::new("Europe/Berlin"));
    let endpoint = Endpoint {
        base: BASE,
        range: &range,
        layouts: &Layouts::default(),
    };
    let mut request = Request::new(api, key, endpoint);
    let some = [
        "SerialNumber",
        "LevelPercent",
        "SupplyReadAt",
        "CompletedAt",
        "Month",
        "Cost",
    ];
    request.columns.retain(|column| some.contains(&column.of));
    request
}

fn texts(instructions: &Instructions) -> String {
    let Instructions {
        tool,
        steps,
        snippets,
        notes,
    } = instructions;
    let steps = steps.iter().map(|step| format!("{step}\n"));
    let snippets = snippets
        .iter()
        .map(|s| format!("[{}]\n{}\n", s.title, s.code));
    let notes = notes.iter().map(|note| format!("* {note}\n"));
    let parts: String = steps.chain(snippets).chain(notes).collect();
    format!("# {tool}\n{parts}")
}

#[test]
fn the_published_lines_with_this_servers_address() {
    let request = request(ReportApi::Meters, None);
    let usual = |instructions: Instructions| instructions.snippets.first().unwrap().code.clone();
    assert_eq!(
        usual(request.powershell()),
        "(Invoke-WebRequest -Headers @{Authorization = \"bearer <Authorization Key>\"} \
         http://127.0.0.1:8631/ReportApi/Reports/Meters).Content"
    );
    assert_eq!(
        usual(request.curl()),
        "curl -H 'Authorization: bearer <Authorization Key>' \
         http://127.0.0.1:8631/ReportApi/Reports/Meters"
    );
    assert_eq!(
        request.line(),
        "GET http://127.0.0.1:8631/ReportApi/Reports/Meters"
    );
    assert_eq!(
        request.header(),
        "Authorization: bearer <Authorization Key>"
    );
}

#[test]
fn a_known_key_stands_in_every_tools_first_text() {
    let key = AuthorizationKey::parse(&"0123456789abcdef".repeat(4)).unwrap();
    for api in ReportApi::ALL {
        let request = request(api, Some(&key));
        for instructions in request.instructions() {
            let usual = instructions.snippets.first().unwrap();
            assert!(usual.code.contains(key.expose()), "{}", instructions.tool);
            let all = texts(&instructions);
            assert!(!all.contains(KEY_PLACEHOLDER), "{}", instructions.tool);
        }
    }
}

#[test]
fn every_tool() {
    let request = request(ReportApi::Toner, None);
    let mut all = request.instructions();
    // Their queries are the same, and have a test of their own.
    for power_query in all
        .iter_mut()
        .filter(|one| one.snippets.len() == 2 && !one.steps.is_empty())
    {
        power_query.snippets.clear();
    }
    let all: Vec<_> = all.iter().map(texts).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    # PowerShell
    [The JSON text]
    (Invoke-WebRequest -Headers @{Authorization = "bearer <Authorization Key>"} http://127.0.0.1:8631/ReportApi/Reports/Toner).Content
    [Rows, kept as a CSV file]
    Invoke-RestMethod -Headers @{Authorization = "bearer <Authorization Key>"} http://127.0.0.1:8631/ReportApi/Reports/Toner |
        ForEach-Object { $_ } | Export-Csv toner.csv -NoTypeInformation -Encoding UTF8
    * Windows PowerShell 5.1 may ask before it parses a page: add -UseBasicParsing.

    # curl
    [JSON]
    curl -H 'Authorization: bearer <Authorization Key>' http://127.0.0.1:8631/ReportApi/Reports/Toner
    [JSON, in PowerShell or the Command Prompt of Windows]
    curl.exe -H "Authorization: bearer <Authorization Key>" http://127.0.0.1:8631/ReportApi/Reports/Toner
    [CSV, compressed on the way, into a file]
    curl --fail --compressed -H 'Authorization: bearer <Authorization Key>' -H 'Accept: text/csv' -o toner.csv http://127.0.0.1:8631/ReportApi/Reports/Toner

    # Power BI Desktop
    In Power BI Desktop choose Home > Get data > Blank query, then Advanced Editor.
    Replace the text there with the query below and press Done.
    When Power BI asks for credentials choose Anonymous, with the level http://127.0.0.1:8631, and press Connect. The key travels in the query.
    * “Expression.Error: The 'Authorization' header is only supported when connecting anonymously. These headers can be used with all authentication types: Accept, Accept-Charset, Accept-Language, Cache-Control, If-Modified-Since, Referer” means that another credential than Anonymous is kept for this address. Change it under Data source settings > Edit permissions.
    * To keep the key out of the file take the second query and the credential Basic: any user name, and as password <Authorization Key>.
    * For a scheduled refresh in the Power BI service, a server on your own network needs an on-premises data gateway.

    # Excel
    In Excel choose Data > Get Data > From Other Sources > Blank Query, then Advanced Editor.
    Replace the text there with the query below and press Done.
    When Excel asks how to connect choose Anonymous, with the level http://127.0.0.1:8631, and press Connect. Then Close & Load.
    * “Expression.Error: The 'Authorization' header is only supported when connecting anonymously. These headers can be used with all authentication types: Accept, Accept-Charset, Accept-Language, Cache-Control, If-Modified-Since, Referer” means that another credential than Anonymous is kept for this address. Change it under Data source settings > Edit permissions.
    * To keep the key out of the file take the second query and the credential Basic: any user name, and as password <Authorization Key>.

    # Python
    []
    import json
    import urllib.request

    request = urllib.request.Request(
        "http://127.0.0.1:8631/ReportApi/Reports/Toner",
        headers={"Authorization": "bearer <Authorization Key>"},
    )
    with urllib.request.urlopen(request) as response:
        rows = json.load(response)
    print(len(rows), "rows")
    * With pandas, pandas.DataFrame(rows) makes a table of them.

    # R
    []
    library(httr2)

    rows <- request("http://127.0.0.1:8631/ReportApi/Reports/Toner") |>
      req_headers(Authorization = "bearer <Authorization Key>") |>
      req_perform() |>
      resp_body_json(simplifyVector = TRUE)
    str(rows)
    * Needs the packages httr2 and jsonlite.
    "#);
}

#[test]
fn dated_reports_carry_dates_that_can_be_asked_for() {
    let curl = |api| request(api, None).curl().snippets.remove(0).code;
    insta::assert_snapshot!(curl(ReportApi::PrintJobs), @"curl -H 'Authorization: bearer <Authorization Key>' http://127.0.0.1:8631/ReportApi/Reports/PrintJobs/2026-10-25/2026-10-31");
    insta::assert_snapshot!(curl(ReportApi::MonthlyPrintJobs), @"curl -H 'Authorization: bearer <Authorization Key>' http://127.0.0.1:8631/ReportApi/Reports/MonthlyPrintJobs/2026-11/2026-11");
    insta::assert_snapshot!(request(ReportApi::PrintJobs, None).line(), @"GET http://127.0.0.1:8631/ReportApi/Reports/PrintJobs/<YYYY-MM-DD>/<YYYY-MM-DD>");
    for api in [ReportApi::PrintJobs, ReportApi::MonthlyPrintJobs] {
        for instructions in request(api, None).instructions() {
            let text = texts(&instructions);
            assert!(!text.contains("<YYYY"), "{}", instructions.tool);
        }
    }
}

/// The `n`th query for Excel, which is the one for Power BI.
fn query(api: ReportApi, n: usize) -> String {
    request(api, None).excel().snippets.swap_remove(n).code
}

#[test]
fn power_query_names_and_types_the_columns() {
    insta::assert_snapshot!(query(ReportApi::Toner, 0), @r#"
    let
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/Toner",
                    Headers = [Authorization = "bearer <Authorization Key>"],
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"SerialNumber", type text},
            {"LevelPercent", Int64.Type},
            {"SupplyReadAt", type datetimezone}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types)
    in
        Typed
    "#);
    insta::assert_snapshot!(query(ReportApi::Toner, 1), @r#"
    let
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/Toner",
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"SerialNumber", type text},
            {"LevelPercent", Int64.Type},
            {"SupplyReadAt", type datetimezone}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types)
    in
        Typed
    "#);
    assert_eq!(request(ReportApi::Toner, None).excel().snippets.len(), 2);
}

#[test]
fn power_query_counts_its_period_anew_at_each_refresh() {
    insta::assert_snapshot!(query(ReportApi::PrintJobs, 0), @r#"
    let
        From = Date.ToText(Date.AddDays(Date.From(DateTime.LocalNow()), -29), "yyyy-MM-dd"),
        To = Date.ToText(Date.From(DateTime.LocalNow()), "yyyy-MM-dd"),
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/PrintJobs/" & From & "/" & To,
                    Headers = [Authorization = "bearer <Authorization Key>"],
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"CompletedAt", type datetimezone},
            {"SerialNumber", type text},
            {"Cost", type number}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types)
    in
        Typed
    "#);
    insta::assert_snapshot!(query(ReportApi::MonthlyPrintJobs, 1), @r#"
    let
        From = Date.ToText(Date.AddMonths(Date.From(DateTime.LocalNow()), -11), "yyyy-MM"),
        To = Date.ToText(Date.From(DateTime.LocalNow()), "yyyy-MM"),
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/MonthlyPrintJobs/" & From & "/" & To,
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"Month", type text},
            {"SerialNumber", type text},
            {"Cost", type number}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types)
    in
        Typed
    "#);
}

#[test]
fn power_query_asks_for_a_range_of_incremental_refresh() {
    insta::assert_snapshot!(query(ReportApi::PrintJobs, 2), @r#"
    let
        From = Date.ToText(Date.From(RangeStart), "yyyy-MM-dd"),
        To = Date.ToText(Date.From(RangeEnd - #duration(0, 0, 0, 1)), "yyyy-MM-dd"),
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/PrintJobs/" & From & "/" & To,
                    Headers = [Authorization = "bearer <Authorization Key>"],
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"CompletedAt", type datetimezone},
            {"SerialNumber", type text},
            {"Cost", type number}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types),
        Within = Table.SelectRows(Typed, each DateTimeZone.RemoveZone([CompletedAt]) >= RangeStart and DateTimeZone.RemoveZone([CompletedAt]) < RangeEnd)
    in
        Within
    "#);
    insta::assert_snapshot!(query(ReportApi::MonthlyPrintJobs, 2), @r#"
    let
        From = Date.ToText(Date.From(RangeStart), "yyyy-MM"),
        To = Date.ToText(Date.From(RangeEnd - #duration(0, 0, 0, 1)), "yyyy-MM"),
        Source = Json.Document(
            Web.Contents(
                "http://127.0.0.1:8631",
                [
                    RelativePath = "ReportApi/Reports/MonthlyPrintJobs/" & From & "/" & To,
                    Headers = [Authorization = "bearer <Authorization Key>"],
                    Timeout = #duration(0, 0, 30, 0)
                ]
            )
        ),
        Types = {
            {"Month", type text},
            {"SerialNumber", type text},
            {"Cost", type number}
        },
        Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull),
        Typed = Table.TransformColumnTypes(Rows, Types),
        Within = Table.SelectRows(Typed, each DateTime.From([Month] & "-01") >= RangeStart and DateTime.From([Month] & "-01") < RangeEnd)
    in
        Within
    "#);
}
