use super::*;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::SourceKey;
use platen_domain::secret::Secret;
use proptest::prelude::*;

use PersonalField::{Client, Document, User};

fn key(octet: u8) -> PseudonymKey {
    Secret::new([octet; 32])
}

fn record(user: &str, document: &str, client: &str) -> PrintRecord {
    let key = SourceKey::new("test", "1");
    let mut record = PrintRecord::new(key, Timestamp::from_millis(0));
    record.user = Some(user.to_owned());
    record.document = Some(document.to_owned());
    record.client = Some(client.to_owned());
    record
}

const fn policy(user: FieldMode, document: FieldMode, client: FieldMode) -> PrivacyPolicy {
    PrivacyPolicy {
        user,
        document,
        client,
        document_days: None,
    }
}

/// [`apply`] by the rule that holds until an organization sets one.
fn treat(policy: PrivacyPolicy, key: &PseudonymKey, record: &mut PrintRecord) {
    apply(&policy, key, &NameRule::default(), record);
}

/// As `openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…` computes it.
#[test]
fn a_pseudonym_is_what_others_compute() {
    let made = pseudonym(&key(1), User, "Alice");
    assert_eq!(made, "u-0a2057393f0efa5df503");
}

#[test]
fn names_count_without_regard_to_case_and_titles_with_it() {
    let same = |field, a, b| pseudonym(&key(1), field, a) == pseudonym(&key(1), field, b);
    assert!(same(User, "ALICE ", "alice"));
    assert!(same(Client, "PC-7.example.org", "pc-7.EXAMPLE.org"));
    assert!(!same(Document, "Plan", "plan"));
    assert!(!same(User, "alice", "bob"));
}

#[test]
fn a_pseudonym_is_of_the_person_and_not_of_the_spelling() {
    let rule = NameRule::Listed(["uni".to_owned(), "uni.example".to_owned()].into());
    let hash = policy(FieldMode::Hash, FieldMode::Drop, FieldMode::Drop);
    let of = |user: &str| {
        let mut job = record(user, "", "");
        apply(&hash, &key(1), &rule, &mut job);
        job.user.unwrap()
    };
    let alice = "u-0a2057393f0efa5df503";
    for spelling in [
        "Alice",
        "UNI\\alice",
        "alice@uni.example",
        "\u{FF21}li\u{200B}ce",
    ] {
        assert_eq!(of(spelling), alice, "{spelling}");
    }
    assert_ne!(of("OTHER\\alice"), alice);
    assert_eq!(former_pseudonym(&key(1), " ALICE"), alice);
}

#[test]
fn of_a_title_only_a_known_extension_is_left() {
    for (title, left) in [
        ("Kündigung Müller.PDF", Some(".pdf")),
        ("Microsoft Word - plan.v2.docx ", Some(".docx")),
        (".pdf", Some(".pdf")),
        ("letter to j.smith", None),
        ("Version 3.5", None),
        ("pdf", None),
        ("plan.pdf.", None),
        ("", None),
    ] {
        assert_eq!(extension(title).as_deref(), left, "{title:?}");
    }
    assert!(EXTENSIONS.is_sorted());
    assert!(EXTENSIONS.iter().all(|known| known.len() < 10));
}

#[test]
fn each_field_goes_its_own_way() {
    let mut job = record("alice", "plan.pdf", "pc-7");
    let mixed = policy(FieldMode::Drop, FieldMode::Extension, FieldMode::Collect);
    treat(mixed, &key(1), &mut job);
    assert_eq!(job.user, None);
    assert_eq!(job.document.as_deref(), Some(".pdf"));
    assert_eq!(job.client.as_deref(), Some("pc-7"));

    let mut job = record("alice.pdf", "plan.pdf", "pc-7.pdf");
    let (fails_closed, e) = (FieldMode::Extension, FieldMode::Extension);
    treat(policy(fails_closed, e, fails_closed), &key(1), &mut job);
    assert_eq!((job.user, job.client), (None, None));

    let mut empty = record("", "", "");
    (empty.user, empty.document, empty.client) = (None, None, None);
    let hash = policy(FieldMode::Hash, FieldMode::Hash, FieldMode::Hash);
    treat(hash, &key(1), &mut empty);
    assert_eq!(
        (empty.user, empty.document, empty.client),
        (None, None, None)
    );
}

proptest! {
    #[test]
    fn no_clear_text_survives_hashing(text in any::<String>(), octet in any::<u8>()) {
        let hash = policy(FieldMode::Hash, FieldMode::Hash, FieldMode::Hash);
        let mut job = record(&text, &text, &text);
        treat(hash, &key(octet), &mut job);
        let made = [(User, &job.user), (Document, &job.document), (Client, &job.client)];
        for (field, made) in made {
            let Some(made) = made.as_deref() else {
                prop_assert!(field == User && NameRule::default().read(&text).is_none());
                return Ok(());
            };
            prop_assert!(is_pseudonym(field, made));
            let read = NameRule::default().read(&text);
            let name = read.filter(|_| field == User).map(|read| read.name);
            let own = pseudonym(&key(octet), field, name.as_deref().unwrap_or(&text));
            prop_assert_eq!(made, own.as_str());
            prop_assert_eq!(&pseudonym(&key(octet), field, made), made);
            let other = pseudonym(&key(octet.wrapping_add(1)), field, &text);
            prop_assert_ne!(other.as_str(), made);
        }
        let digits = |text: &Option<String>| text.clone().unwrap().split_off(2);
        prop_assert_ne!(digits(&job.user), digits(&job.client));
        prop_assert_ne!(digits(&job.user), digits(&job.document));
        prop_assert_ne!(digits(&job.client), digits(&job.document));
    }

    #[test]
    fn twice_is_once(title in "(?s).{0,40}(\\.(pdf|docx|smith))?", modes in any::<[u8; 3]>()) {
        let [user, document, client] = modes.map(|number| {
            FieldMode::ALL[usize::from(number) % FieldMode::ALL.len()]
        });
        let policy = policy(user, document, client);
        let mut once = record(&title, &title, &title);
        treat(policy, &key(1), &mut once);
        let mut twice = once.clone();
        treat(policy, &key(1), &mut twice);
        prop_assert_eq!(once, twice);
    }
}
