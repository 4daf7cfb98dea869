use super::*;
use platen_domain::ids::SeededIds;
use proptest::prelude::*;

fn key(seed: u64) -> IssuerKey {
    IssuerKey::generate("Northwind IT", &SeededIds::new(seed))
}

fn licence() -> Licence {
    Licence {
        organization: "Northwind \"Traders\" = ümlaut".to_owned(),
        features: vec![Feature::Fleet, Feature::Print],
        device_limit: Some(250),
        valid_from: Timestamp::from_millis(1_700_000_000_000),
        valid_until: Some(Timestamp::from_millis(1_800_000_000_000)),
        evaluation: false,
    }
}

#[test]
fn a_document_reads_back() {
    let document = issue(&key(1), &licence()).unwrap();
    assert_eq!(verify(&document, &[key(1).issuer()]).unwrap(), licence());
}

#[test]
fn a_person_can_read_it() {
    let plain = Licence {
        organization: "Northwind".to_owned(),
        ..licence()
    };
    let document = issue(&key(1), &plain).unwrap();
    let (text, signature) = document.split_once("signature").unwrap();
    assert_eq!(signature.trim().len(), "= \"\"".len() + 128);
    insta::assert_snapshot!(text, @r#"
    version = 1
    organization = "Northwind"
    features = ["fleet", "print"]
    device_limit = 250
    valid_from = "2023-11-14T22:13:20Z"
    valid_until = "2027-01-15T08:00:00Z"
    evaluation = false
    issuer = "Northwind IT"
    issuer_key = "a709d075e7412dd0"
    "#);
}

#[test]
fn it_survives_mail_and_forms() {
    let document = issue(&key(1), &licence()).unwrap();
    let mangled = format!("\r\n{}\r\n\r\n", document.replace('\n', "  \r\n"));
    assert_eq!(verify(&mangled, &[key(1).issuer()]).unwrap(), licence());
}

#[test]
fn an_unknown_issuer_is_named() {
    let document = issue(&key(1), &licence()).unwrap();
    let refusal = verify(&document, &[key(2).issuer()]).unwrap_err();
    let id = key_id(&key(1).issuer().public_key);
    assert_eq!(
        refusal.to_string(),
        format!(
            "the licence was issued by \"Northwind IT\" (key {id}), whom this server does not trust"
        )
    );
}

#[test]
fn another_key_under_a_trusted_name_is_tampering() {
    let document = issue(&key(1), &licence()).unwrap();
    let id = |seed| key_id(&key(seed).issuer().public_key);
    let disguised = document.replace(&id(1), &id(2));
    let refusal = verify(&disguised, &[key(2).issuer()]);
    assert!(matches!(refusal, Err(LicenceError::Tampered)));
}

#[test]
fn what_is_no_licence_is_refused_in_words() {
    let refusal = |text: &str| verify(text, &[key(1).issuer()]).unwrap_err().to_string();
    insta::assert_snapshot!(refusal(""), @"this is no licence document: its last line is not a signature");
    insta::assert_snapshot!(refusal("hello\nsignature = \"00\"\n"), @"this is no licence document: key with no value, expected `=`");
    insta::assert_snapshot!(refusal(&"x".repeat(DOCUMENT_BYTES_MAX + 1)), @"this is no licence: it is longer than 64 KiB");
}

proptest! {
    #[test]
    fn no_changed_character_goes_unnoticed(at in any::<prop::sample::Index>(), to in any::<char>()) {
        let document = issue(&key(1), &licence()).unwrap();
        let mut chars: Vec<char> = document.chars().collect();
        let at = at.index(chars.len());
        chars[at] = to;
        let changed: String = chars.into_iter().collect();
        if let Ok(read) = verify(&changed, &[key(1).issuer()]) {
            // White space at a line's end and the case of the signature's digits carry nothing.
            prop_assert_eq!(read, licence());
        }
    }

    #[test]
    fn hostile_text_never_panics(text in any::<String>()) {
        let lines = format!("{text}\nsignature = \"{text}\"\n");
        prop_assert!(verify(&text, &[key(1).issuer()]).is_err());
        prop_assert!(verify(&lines, &[key(1).issuer()]).is_err());
    }
}
