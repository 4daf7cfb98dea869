//! What the configuration answers to people who make mistakes.

use super::*;

const MINIMAL: &str = "data_directory = \"data\"\n";

fn parse(text: &str) -> Result<Config, String> {
    let file = Path::new("platen.toml");
    let config = Config::parse(text, file, Path::new("/srv/platen"));
    config.map_err(|problems| problems.into_report("platen.toml").to_string())
}

fn problems(text: &str) -> String {
    parse(text).expect_err("the text has mistakes")
}

#[test]
fn little_is_needed() {
    let config = parse(MINIMAL).unwrap();
    insta::assert_snapshot!(config, @"
    data_directory   /srv/platen/data
    listen           127.0.0.1:8631
    public_url       http://127.0.0.1:8631
    tls              none
    behind_proxy     false
    schedule         discovery every 1w, static set every 1d, dynamic set every 2h
    log              text, info and above
    range            none: no printer will be asked
    ");
}

#[test]
fn the_file_that_init_writes_has_no_mistake_nor_has_anything_it_shows() {
    let template = include_str!("../../templates/platen.toml");
    parse(template).unwrap();
    let shown = template
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| is_toml(rest))
                .unwrap_or(line)
        })
        .filter(|line| {
            !line.contains("password_file") && !line.contains("[tls]") && !line.contains(".pem")
        });
    let shown: Vec<_> = shown.collect();
    let credential = "user = \"platen\"";
    let shown = shown.join("\n");
    assert!(shown.contains(credential), "{shown}");
    parse(&shown).unwrap();
}

/// Whether a commented line of the template is meant to be used.
fn is_toml(line: &str) -> bool {
    line.starts_with('[')
        || line
            .split_once(" = ")
            .is_some_and(|(key, _)| !key.contains(' '))
}

#[test]
fn every_unknown_key_is_named_with_its_path_and_what_was_meant() {
    let text = r#"
data_directory = "data"
lisen = "127.0.0.1:8631"
colour = "blue"

[schedule]
dinamic = "2h"

[[credential]]
name = "public"
version = "v2c"
comunity = "public"

[[range]]
cidr = "10.1.0.0/24"
credentials = ["publik"]

[report.columns.meter]
hide = []
"#;
    insta::assert_snapshot!(problems(text), @r#"
    platen.toml:3: unknown key `lisen`; did you mean `listen`?
    platen.toml:4: unknown key `colour`
    platen.toml:7: unknown key `schedule.dinamic`; did you mean `dynamic`?
    platen.toml:9: credential 1: community: give community or community_file
    platen.toml:12: unknown key `credential 1: comunity`; did you mean `community`?
    platen.toml:16: range 1: credentials: there is no [[credential]] named "publik"; did you mean `public`?
    platen.toml:18: unknown key `report.columns.meter`; did you mean `meters`?
    7 problems
    "#);
}

#[test]
fn every_value_says_what_is_expected() {
    let text = r#"
data_directory = "data"
listen = "8631"
public_url = "print.example.org"
behind_proxy = "yes"

[schedule]
dynamic = "often"
static = 3600

[log]
format = "xml"
level = "wran"

[[range]]
cidr = "10.1.0.5/24"
port = 0
credentials = []

[[range]]
cidr = "169.254.0.0/24"
credentials = ["public"]
"#;
    insta::assert_snapshot!(problems(text), @r#"
    platen.toml:3: listen: expected an address with a port, such as 127.0.0.1:8631 or [::]:443, found "8631"
    platen.toml:4: public_url: expected a URL such as https://print.example.org, found "print.example.org"
    platen.toml:5: behind_proxy: expected true or false, found string
    platen.toml:8: schedule.dynamic: expected an interval such as "30s", "90m", "2h", "1d" or "1w", found "often"
    platen.toml:9: schedule.static: expected text in quotes, found integer
    platen.toml:12: log.format: expected one of text, json; found "xml"
    platen.toml:13: log.level: expected one of error, warn, info, debug, trace; found "wran"; did you mean `warn`?
    platen.toml:16: range 1: cidr: the address has bits behind its prefix; did you mean 10.1.0.0/24? Found "10.1.0.5/24"
    platen.toml:17: range 1: port: expected a port from 1 to 65535, found integer
    platen.toml:18: range 1: credentials: name at least one [[credential]]
    platen.toml:21: range 2: cidr: holds only addresses that are never asked: 169.254.0.0/16 is link-local, and where clouds keep their metadata service
    platen.toml:22: range 2: credentials: there is no [[credential]] named "public"
    12 problems
    "#);
}

#[test]
fn credentials_say_what_they_lack() {
    let text = r#"
data_directory = "data"

[[credential]]
name = "a"
version = "v2"

[[credential]]
name = "b"
version = "v3"
user = "platen"
community = "public"
privacy = { protocol = "aes", password = "short" }

[[credential]]
name = "b"
version = "v1"
community = "public"
community_file = "secrets/community"

[[credential]]
version = "v1"
"#;
    insta::assert_snapshot!(problems(text), @r#"
    platen.toml:6: credential 1: version: expected one of v1, v2c, v3; found "v2"; did you mean `v2c`?
    platen.toml:12: unknown key `credential 2: community`
    platen.toml:13: credential 2: privacy.password: SNMPv3 passwords have at least 8 bytes
    platen.toml:13: credential 2: privacy.protocol: expected one of des, aes128, aes192, aes256; found "aes"; did you mean `aes128`?
    platen.toml:16: credential 3: name: there is a [[credential]] named "b" already
    platen.toml:19: credential 3: community_file: give community or community_file, not both
    platen.toml:21: credential 4: name is missing
    7 problems
    "#);
}

#[test]
fn plain_http_stays_on_this_machine_or_behind_a_proxy() {
    let beyond = format!("{MINIMAL}listen = \"0.0.0.0:8631\"\n");
    insta::assert_snapshot!(problems(&beyond), @"
    platen.toml:2: listen: plain HTTP beyond this machine would show keys and passwords to the network: add [tls], or set behind_proxy = true where a proxy in front speaks TLS
    1 problem
    ");
    let behind_proxy = parse(&format!("{beyond}behind_proxy = true\n")).unwrap();
    assert!(behind_proxy.server.public_url.starts_with("https://"));
    let in_clear = "behind_proxy = true\npublic_url = \"http://print.example.org\"\n";
    insta::assert_snapshot!(problems(&format!("{MINIMAL}{in_clear}")), @"
    platen.toml:3: public_url: browsers reach this server over TLS, so it begins with https://; under http:// they would send their sessions in clear
    1 problem
    ");
}

#[test]
fn a_file_that_is_no_toml_names_the_place() {
    insta::assert_snapshot!(problems("data_directory = \"data\"\nlisten = 127.0.0.1\n"), @"
    platen.toml:2: not TOML: invalid float, expected nothing
    1 problem
    ");
}

#[test]
fn columns_are_checked_against_the_catalogue() {
    let text = format!("{MINIMAL}[report.columns.meters]\nhide = [\"SerialNumbre\"]\n");
    insta::assert_snapshot!(problems(&text), @"
    platen.toml:2: the meters report has no column 'SerialNumbre'; did you mean 'SerialNumber'?
    1 problem
    ");
}

#[test]
fn keys_and_clients_can_be_given_more_requests() {
    let more = "[report]\nrequests_per_minute = 600\n[accounts]\nrequests_per_minute = 120000\n";
    let config = parse(&format!("{MINIMAL}{more}")).unwrap();
    assert_eq!(config.keys.requests_per_minute, 600);
    let expected = ClientLimits {
        requests_per_minute: 120_000,
        ..ClientLimits::default()
    };
    assert_eq!(config.clients, expected);
    assert_eq!(parse(MINIMAL).unwrap().clients, ClientLimits::default());
    let wrong = "[accounts]\nrequests_per_minute = 0\ntokens = 1\n";
    insta::assert_snapshot!(problems(&format!("{MINIMAL}{wrong}")), @"
    platen.toml:3: accounts.requests_per_minute: expected a whole number from 1 to 1000000, found integer
    platen.toml:4: unknown key `accounts.tokens`
    2 problems
    ");
}

#[test]
fn ipp_printers_lie_within_a_range() {
    let range = "[[credential]]\nname = \"public\"\nversion = \"v2c\"\ncommunity = \"public\"\n\
                 [[range]]\ncidr = \"10.1.0.0/24\"\ncredentials = [\"public\"]\n";
    let right = format!(
        "{MINIMAL}{range}\
         [[ipp_printer]]\nurl = \"ipp://10.1.0.7/ipp/print\"\n\
         [[ipp_printer]]\nurl = \"ipps://10.1.0.8/ipp/print\"\nuser = \"platen\"\n\
         password = \"tr0ub4dor\"\nevery = \"5m\"\njobs = true\norganization = \"Northwind\"\n"
    );
    let shown = parse(&right).unwrap().to_string();
    let lines: Vec<_> = shown.lines().filter(|l| l.starts_with("ipp_")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    ipp_printer      http://10.1.0.7:631/ipp/print as nobody, for the only organization
    ipp_printer      https://10.1.0.8:631/ipp/print as platen, password (set), every 5m, with its jobs, for Northwind
    ");
    let wrong = format!(
        "{MINIMAL}{range}\
         [[ipp_printer]]\nurl = \"ipp://10.2.0.7/ipp/print\"\n\
         [[ipp_printer]]\nurl = \"ipp://printer.example/ipp/print\"\n\
         [[ipp_printer]]\nurl = \"http://10.1.0.7:9100/\"\n\
         [[ipp_printer]]\nurl = \"ipp://10.1.0.7/\"\nuser = \"a\"\npassword = \"b\"\n\
         [[ipp_printer]]\nurl = \"ipp://10.1.0.7/\"\ninstance = \"a\"\nevery = \"often\"\n"
    );
    insta::assert_snapshot!(problems(&wrong), @r#"
    platen.toml:10: ipp_printer 1: url: 10.2.0.7 lies in no [[range]] of its organization; only what a range allows is asked
    platen.toml:12: ipp_printer 2: url: expected the printer's own address, such as ipp://10.0.0.7/ipp/print: a name cannot be held against the ranges
    platen.toml:14: ipp_printer 3: url: port 9100 prints what it receives; it is never connected to
    platen.toml:16: ipp_printer 4: url: a password is sent over TLS only: use https: or ipps:
    platen.toml:20: ipp_printer 5: url: there is an [[ipp_printer]] at this address already
    platen.toml:21: unknown key `ipp_printer 5: instance`
    platen.toml:22: ipp_printer 5: every: expected an interval such as "30s", "90m", "2h", "1d" or "1w", found "often"
    7 problems
    "#);
}

#[test]
fn no_secret_is_shown() {
    let text = r#"
data_directory = "data"

[[credential]]
name = "office"
version = "v2c"
community = "tr0ub4dor"

[[credential]]
name = "secure"
version = "v3"
user = "platen"
auth = { protocol = "sha256", password = "correct horse" }
privacy = { protocol = "aes128", password = "battery staple" }
context = "Jetdirect"

[[range]]
cidr = "10.1.0.0/24"
credentials = ["secure", "office"]
organization = "Northwind"
"#;
    let config = parse(text).unwrap();
    let (shown, debug) = (config.to_string(), format!("{config:?}"));
    for secret in ["tr0ub4dor", "correct horse", "battery staple"] {
        assert!(!shown.contains(secret) && !debug.contains(secret));
    }
    insta::assert_snapshot!(shown, @"
    data_directory   /srv/platen/data
    listen           127.0.0.1:8631
    public_url       http://127.0.0.1:8631
    tls              none
    behind_proxy     false
    schedule         discovery every 1w, static set every 1d, dynamic set every 2h
    log              text, info and above
    credential       office: v2c, community (set)
    credential       secure: v3, user platen, auth sha256 (set), privacy aes128 (set), context Jetdirect
    range            10.1.0.0/24 port 161 with secure, office, for Northwind
    ");
}
