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
    insta::assert_snapshot!(config, @"");
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
            !line.contains("_file") && !line.contains("[tls]") && !line.contains(".pem")
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
    insta::assert_snapshot!(problems(text), @"");
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
    insta::assert_snapshot!(problems(text), @"");
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
    insta::assert_snapshot!(problems(text), @"");
}

#[test]
fn plain_http_stays_on_this_machine_or_behind_a_proxy() {
    let beyond = format!("{MINIMAL}listen = \"0.0.0.0:8631\"\n");
    insta::assert_snapshot!(problems(&beyond), @"");
    assert!(parse(&format!("{beyond}behind_proxy = true\n")).is_ok());
}

#[test]
fn a_file_that_is_no_toml_names_the_place() {
    insta::assert_snapshot!(problems("data_directory = \"data\"\nlisten = 127.0.0.1\n"), @"");
}

#[test]
fn columns_are_checked_against_the_catalogue() {
    let text = format!("{MINIMAL}[report.columns.meters]\nhide = [\"SerialNumbre\"]\n");
    insta::assert_snapshot!(problems(&text), @"");
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
    insta::assert_snapshot!(shown, @"");
}
