use proptest::prelude::*;

use super::*;

fn listed(domains: &[&str]) -> NameRule {
    NameRule::Listed(domains.iter().filter_map(|name| domain(name)).collect())
}

/// The name and the domain under a rule, as `name` or `name of domain`.
fn read(rule: &NameRule, text: &str) -> String {
    match rule.read(text) {
        None => "nobody".to_owned(),
        Some(PersonName { name, domain: None }) => name.into_owned(),
        Some(PersonName { name, domain }) => format!("{name} of {}", domain.unwrap()),
    }
}

#[test]
fn four_spellings_are_one_person_where_the_domains_are_listed() {
    let rule = listed(&["UNI", "uni.example"]);
    let shown = ["UNI\\kim2", "kim2@uni.example", "Kim2", "kim2"].map(|text| read(&rule, text));
    assert_eq!(
        shown,
        ["kim2 of UNI", "kim2 of uni.example", "Kim2", "kim2"]
    );
    let same = |text| identity(&rule.read(text).unwrap().name);
    for text in [
        "uni\\KIM2",
        "uni\\\\kim2",
        "uni\\kim2@Uni.Example",
        "\u{FF2B}im2",
        "ki\u{200B}m2",
        "\u{FEFF}kim2 ",
        "kim\u{AD}2",
        "\u{202A}kim2\u{202C}",
        "UNI\u{FF3C}kim2",
        "kim2\u{FF20}uni.example",
    ] {
        assert_eq!(same(text), "kim2", "{text:?}");
    }
}

#[test]
fn a_domain_that_is_not_listed_stays() {
    let rule = listed(&["uni"]);
    assert_eq!(read(&rule, "A\\kim"), "A\\kim");
    assert_eq!(read(&rule, "B\\kim"), "B\\kim");
    assert_eq!(read(&rule, "kim@mail.example"), "kim@mail.example");
    assert_eq!(read(&rule, "UNI\\A\\kim"), "A\\kim of UNI");
    let none = listed(&[]);
    assert_eq!(read(&none, "UNI\\kim"), "UNI\\kim");
}

#[test]
fn without_a_list_every_prefix_goes_and_every_realm_stays() {
    let rule = NameRule::default();
    assert_eq!(read(&rule, "CORP\\carol"), "carol of CORP");
    assert_eq!(read(&rule, "AzureAD\\Jane Doe"), "Jane Doe of AzureAD");
    assert_eq!(read(&rule, "kim@uni.example"), "kim@uni.example");
    assert_eq!(read(&rule, "\\\\CORP\\carol"), "carol of CORP");
    assert_eq!(read(&rule, "CORP\\"), "CORP\\", "no name stands behind it");
    assert_eq!(read(&rule, " \u{200B}\t"), "nobody");
}

#[test]
fn case_is_folded_as_unicode_says() {
    for (one, other) in [
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Zoë", "ZOE\u{308}"),
        ("ﬁona", "FIONA"),
    ] {
        let rule = NameRule::default();
        let identity = |text: &str| identity(&rule.read(text).unwrap().name);
        assert_eq!(identity(one), identity(other), "{one} {other}");
    }
}

#[test]
fn domains_are_words() {
    assert_eq!(domain(" Uni.Example ").as_deref(), Some("uni.example"));
    for text in ["", "a\\b", "a@b", "two words", "\u{200B}"] {
        assert_eq!(domain(text), None, "{text:?}");
    }
}

fn rules() -> impl Strategy<Value = NameRule> {
    prop_oneof![
        Just(NameRule::EveryPrefix),
        Just(listed(&[])),
        Just(listed(&["uni", "a", "uni.example"])),
    ]
}

/// Names as systems write them, and any text at all.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(UNI\\\\|a\\\\|B\\\\|\\\\){0,3}[a-zA-Zß-ÿΑ-Ωа-яﬀ-ﬆ ]{0,9}(@uni\\.example|@x){0,2}",
    ]
}

proptest! {
    #[test]
    fn a_name_in_its_normal_form_stays(rule in rules(), text in names()) {
        if let Some(read) = rule.read(&text) {
            let again = rule.read(&read.name).unwrap();
            prop_assert_eq!(&again.name, &read.name);
            prop_assert_eq!(again.domain, None);
            prop_assert!(read.name.chars().count() <= FOREIGN_TEXT_MAX_CHARS);
            prop_assert_eq!(crate::text::tidy_foreign(&read.name), read.name.as_ref());
            let folded = identity(&read.name);
            prop_assert_eq!(identity(&folded), folded);
        }
    }

    #[test]
    fn what_can_be_seen_is_never_nobody(rule in rules(), text in names()) {
        let seen = |c: char| c.is_alphanumeric() && !is_invisible(c);
        if text.chars().any(seen) {
            let read = rule.read(&text);
            prop_assert!(read.is_some_and(|read| !identity(&read.name).is_empty()));
        }
    }

    #[test]
    fn case_width_and_the_invisible_make_nobody_else(
        rule in rules(),
        text in "(UNI\\\\)?[a-zé-üα-ωа-я0-9. ]{1,20}(@uni\\.example)?",
        at in 0_usize..20,
        hidden in prop::sample::select(vec!['\u{200B}', '\u{202E}', '\u{AD}', '\u{FEFF}', '\u{E0061}']),
    ) {
        let identity_of = |text: &str| rule.read(text).map(|read| identity(&read.name));
        let known = identity_of(&text);
        prop_assert_eq!(&identity_of(&text.to_uppercase()), &known);
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(&identity_of(&decomposed), &known);
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
            other => other,
        };
        prop_assert_eq!(&identity_of(&text.chars().map(wide).collect::<String>()), &known);
        let mut veiled: Vec<char> = text.chars().collect();
        veiled.insert(at.min(veiled.len()), hidden);
        prop_assert_eq!(&identity_of(&veiled.into_iter().collect::<String>()), &known);
        prop_assert_eq!(&identity_of(&format!("  {text}\t")), &known);
    }

    #[test]
    fn the_short_way_leads_to_the_same(rule in rules(), text in "[!-~]{1,12}") {
        if is_plain(&text) {
            prop_assert_eq!(visible(&text), text);
        } else {
            prop_assert!(rule.read(&text).is_some());
        }
    }
}
