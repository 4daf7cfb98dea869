use super::*;
use crate::console::instructions::ExampleRange;
use crate::console::pages::frame::tests::frame;
use crate::console::pages::text::text_of;
use crate::report_api::layouts::Layouts;
use platen_app::access::clients::ClientState;
use platen_domain::clients::{ClientRecord, ClientSecret};
use platen_domain::ids::{ClientId, KeyId, OrganizationId, SeededIds};
use platen_domain::roles::Role;

const BASE: &str = "http://127.0.0.1:8631";
const NOW: Timestamp = Timestamp::from_millis(1_795_452_000_000);

fn licence() -> Licence {
    Licence {
        organization: "Northwind & Sons".to_owned(),
        features: vec![Feature::Fleet, Feature::Print],
        device_limit: None,
        valid_from: Timestamp::from_millis(0),
        valid_until: None,
        evaluation: false,
    }
}

fn record(api: ReportApi, key: &AuthorizationKey) -> KeyRecord {
    KeyRecord {
        id: KeyId::from_bytes([7; 16]),
        organization: OrganizationId::from_bytes([1; 16]),
        api,
        hash: key.hash(),
        prefix: key.prefix(),
        created_at: NOW,
        created_by: "<b>ada</b>".to_owned(),
        last_used_at: None,
        revoked_at: None,
    }
}

/// Hands over where requests of these tests go.
fn at_endpoint<T>(view: impl FnOnce(Endpoint<'_>) -> T) -> T {
    view(Endpoint {
        base: BASE,
        range: &ExampleRange::as_of(NOW, &Moments::new("Europe/Berlin")),
        layouts: &Layouts::default(),
    })
}

fn page(made: Option<&AuthorizationKey>) -> ReportApisPage {
    let moments = Moments::new("Europe/Berlin");
    let frame = frame(Role::ItAdministrator, addresses::REPORT_APIS);
    let row = |api| {
        let record = made
            .filter(|_| api == ReportApi::Meters)
            .map(|key| record(api, key));
        let made = made.filter(|_| api == ReportApi::Meters);
        at_endpoint(|at| ApiRow::new(api, record.as_ref(), made, &moments, at))
    };
    ReportApisPage {
        requirements: requirements(&frame, Some(&licence()), NOW, &moments),
        apis: ReportApi::ALL.map(row).into(),
        made: made.map(|key| at_endpoint(|at| MadeKey::new(ReportApi::Meters, key, false, at))),
        client: client(None),
        made_client: None,
        frame,
    }
}

fn client(state: Option<ClientState>) -> ClientView {
    let none = ClientState {
        client: None,
        licence: Ok(()),
    };
    ClientView::new(&state.unwrap_or(none), &Moments::new("Europe/Berlin"))
}

/// What the screen says of the Client Application.
fn client_section(page: &ReportApisPage) -> String {
    let text = screen(&page.render().unwrap());
    let (_, section) = text.split_once("quarter of an hour.").unwrap();
    let (section, _) = section.split_once("Access via API Key").unwrap();
    section.trim().to_owned()
}

#[test]
fn the_client_application_shows_when_it_was_made_and_how_to_revoke_it() {
    let secret = ClientSecret::generate(&SeededIds::new(8));
    let record = ClientRecord {
        id: ClientId::from_bytes([7; 16]),
        organization: OrganizationId::from_bytes([1; 16]),
        hash: secret.hash(),
        created_at: NOW,
        created_by: "<b>ada</b>".to_owned(),
        last_used_at: Some(NOW),
        revoked_at: None,
    };
    let with = |client, made_client| ReportApisPage {
        client,
        made_client,
        ..page(None)
    };
    let live = ClientState {
        client: Some(record.clone()),
        licence: Ok(()),
    };
    let live = with(client(Some(live)), None);
    insta::assert_snapshot!(client_section(&live), @r"
    Accounts
    /accounts/v1
    Client ID
    07070707-0707-0707-0707-070707070707
    Created
    2026-11-23 17:40 by <b>ada</b>
    Last used
    2026-11-23 17:40
    Revoke the Client Application
    ");

    let unlicensed = ClientState {
        client: None,
        licence: Err(LicenceRefusal::FeatureNotCovered),
    };
    let unlicensed = with(client(Some(unlicensed)), None);
    insta::assert_snapshot!(client_section(&unlicensed), @r"
    Accounts
    /accounts/v1
    The licence does not cover this API. Install one that covers accounts to generate a client: platen licence install FILE
    Generate a Client Application
    ");
    assert!(
        unlicensed
            .render()
            .unwrap()
            .contains(" disabled aria-describedby")
    );

    let made = MadeClient::new(BASE, &record, &secret);
    let made = with(client(None), Some(made)).render().unwrap();
    let text = screen(&made).replace(secret.expose(), "SECRET");
    let (_, panel) = text.split_once("What each API takes and answers").unwrap();
    let (panel, _) = panel.split_once("Requirements").unwrap();
    insta::assert_snapshot!(panel.trim(), @r#"
    Accounts: the new Client Application
    Client ID
    07070707-0707-0707-0707-070707070707
    Copy
    Client Secret
    SECRET
    Copy
    Keep both now. The secret is shown this once; Platen stores only a hash of it.
    Take it along as a file, or try it with curl
    platen.env
    PLATEN_URL=http://127.0.0.1:8631 PLATEN_TOKEN_URL=http://127.0.0.1:8631/oauth/token PLATEN_CLIENT_ID=07070707-0707-0707-0707-070707070707 PLATEN_CLIENT_SECRET=SECRET
    Copy
    Download platen.env
    platen-client.json
    { "url": "http://127.0.0.1:8631", "token_url": "http://127.0.0.1:8631/oauth/token", "client_id": "07070707-0707-0707-0707-070707070707", "client_secret": "SECRET", "scope": "accounts.read accounts.write" }
    Copy
    Download platen-client.json
    curl: an access token for a quarter of an hour
    curl -u '07070707-0707-0707-0707-070707070707:SECRET' -d grant_type=client_credentials http://127.0.0.1:8631/oauth/token
    Copy
    "#);
}

/// The screen without its dialogs, which have their own snapshot.
fn screen(html: &str) -> String {
    text_of(html.split("<dialog").next().unwrap())
}

#[test]
fn the_screen_before_any_api_is_enabled() {
    let html = page(None).render().unwrap();
    insta::assert_snapshot!(screen(&html), @r"
    Skip to the content
    Platen
    Analysis
    API
    Transactions
    Fleet
    Meter
    Toner
    Status
    Northwind & Sons ada IT Administrator
    Sign out
    API
    Hand the data of the fleet and of its print jobs to the tools people work with: enable an API, copy its key, paste one line.
    What each API takes and answers
    Requirements
    A valid licence met
    Licence of Northwind & Sons: fleet, print; any number of devices; without end.
    A role that may use this screen met
    You are signed in as IT Administrator.
    Client Application
    With the Accounts API, programs create and manage accounts: update details, set limits, manage access permissions. A program trades its Client ID and Client Secret for an access token that opens the API for a quarter of an hour.
    Accounts
    /accounts/v1
    Not generated
    Generate a Client Application
    Access via API Key
    Each API is opened by its own Authorization Key. Disabling an API ends its key at once; enabling it again makes a new one.
    Enable Device Meter Data
    Save Device Meter Data
    Device Meter Data
    /ReportApi/Reports/Meters
    Not enabled
    Enable Device Status Data
    Save Device Status Data
    Device Status Data
    /ReportApi/Reports/Status
    Not enabled
    Enable Device Toner Data
    Save Device Toner Data
    Device Toner Data
    /ReportApi/Reports/Toner
    Not enabled
    Enable Print Transactions Data
    Save Print Transactions Data
    Print Transactions Data
    /ReportApi/Reports/PrintJobs/<YYYY-MM-DD>/<YYYY-MM-DD>
    Not enabled
    Enable Monthly Print Data
    Save Monthly Print Data
    Monthly Print Data
    /ReportApi/Reports/MonthlyPrintJobs/<YYYY-MM>/<YYYY-MM>
    Not enabled
    ");
}

#[test]
fn a_new_key_is_shown_with_everything_that_carries_it() {
    let key = AuthorizationKey::generate(&SeededIds::new(7));
    let html = page(Some(&key)).render().unwrap();
    let text = screen(&html);
    let list = text.split("Access via API Key").last().unwrap().trim();
    insta::assert_snapshot!(list, @r"
    Each API is opened by its own Authorization Key. Disabling an API ends its key at once; enabling it again makes a new one.
    Enable Device Meter Data
    Save Device Meter Data
    Device Meter Data
    /ReportApi/Reports/Meters
    Key
    d70d3259…
    Created
    2026-11-23 17:40 by <b>ada</b>
    Last used
    not yet
    Rotate the key of Device Meter Data
    Enable Device Status Data
    Save Device Status Data
    Device Status Data
    /ReportApi/Reports/Status
    Not enabled
    Enable Device Toner Data
    Save Device Toner Data
    Device Toner Data
    /ReportApi/Reports/Toner
    Not enabled
    Enable Print Transactions Data
    Save Print Transactions Data
    Print Transactions Data
    /ReportApi/Reports/PrintJobs/<YYYY-MM-DD>/<YYYY-MM-DD>
    Not enabled
    Enable Monthly Print Data
    Save Monthly Print Data
    Monthly Print Data
    /ReportApi/Reports/MonthlyPrintJobs/<YYYY-MM>/<YYYY-MM>
    Not enabled
    ");
    let shown = html.matches(key.expose()).count();
    assert!(
        shown > 20,
        "the key stands in the panel and in every snippet, found {shown} times"
    );
    assert!(!html.contains("<b>ada"), "names are escaped");
}

#[test]
fn the_dialog_as_a_page() {
    let page = ReportApiPage {
        frame: frame(Role::ItAdministrator, addresses::REPORT_APIS),
        title: ReportApi::PrintJobs.title(),
        request: at_endpoint(|at| RequestView::new(ReportApi::PrintJobs, None, at)),
    };
    let text = text_of(&page.render().unwrap());
    let dialog = text.split("Sign out").last().unwrap().trim();
    let head: Vec<_> = dialog.lines().take(20).collect();
    insta::assert_snapshot!(head.join("\n"), @r#"
    API
    Print Transactions Data
    HTTP request
    GET http://127.0.0.1:8631/ReportApi/Reports/PrintJobs/<YYYY-MM-DD>/<YYYY-MM-DD>
    Copy
    HTTP request header
    Authorization: bearer <Authorization Key>
    Copy
    Put the first and the last day of the range in the places of <YYYY-MM-DD>. Both days are part of it. The texts below ask for the seven days before today, those of Power BI and Excel for the last 30 days.
    Put your key in the place of <Authorization Key>. Platen keeps only a hash of it and cannot show it again; a lost key is replaced by rotating it.
    PowerShell
    The JSON text
    (Invoke-WebRequest -Headers @{Authorization = "bearer <Authorization Key>"} http://127.0.0.1:8631/ReportApi/Reports/PrintJobs/2026-11-16/2026-11-22).Content
    Copy
    Rows, kept as a CSV file
    Invoke-RestMethod -Headers @{Authorization = "bearer <Authorization Key>"} http://127.0.0.1:8631/ReportApi/Reports/PrintJobs/2026-11-16/2026-11-22 | ForEach-Object { $_ } | Export-Csv print-jobs.csv -NoTypeInformation -Encoding UTF8
    Copy
    Windows PowerShell 5.1 may ask before it parses a page: add -UseBasicParsing.
    curl
    JSON
    "#);
}

#[test]
fn an_unlicensed_server_says_what_is_missing_and_what_to_do() {
    let moments = Moments::new("UTC");
    let expired = Licence {
        valid_until: Some(NOW),
        evaluation: true,
        ..licence()
    };
    let future = Licence {
        valid_from: NOW.plus(std::time::Duration::from_hours(24)),
        ..licence()
    };
    let print_only = Licence {
        features: vec![Feature::Print],
        ..licence()
    };
    let limited = Licence {
        device_limit: Some(50),
        valid_until: Some(Timestamp::from_millis(1_800_000_000_000)),
        evaluation: true,
        ..licence()
    };
    let cases = [
        None,
        Some(&expired),
        Some(&future),
        Some(&print_only),
        Some(&limited),
    ];
    let said = cases.map(|licence| {
        let requirement = licence_requirement(licence, NOW, &moments);
        assert_eq!(requirement.met, requirement.command.is_none());
        requirement.text
    });
    insta::assert_snapshot!(said.join("\n"), @r"
    No licence is installed. The APIs refuse every request until a valid one is installed; collecting and these pages go on. On the server:
    The licence expired on 2026-11-23. The APIs refuse every request until a valid one is installed; collecting and these pages go on. On the server:
    The licence begins on 2026-11-24. The APIs refuse every request until a valid one is installed; collecting and these pages go on. On the server:
    The licence does not cover the fleet's data. The APIs refuse every request until a valid one is installed; collecting and these pages go on. On the server:
    Evaluation licence of Northwind & Sons: fleet, print; up to 50 devices; until 2027-01-15.
    ");
}
