//! Conversations with agents that nobody here wrote: net-snmp and snmpsim.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod snmp_support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use platen_collect::printer::Profiles;
use platen_collect::snmp::{
    Abilities, Answers, AuthProtocol, Client, Column, Credential, FetchError, PrivacyProtocol,
    Query, UsmError, UsmUser, Value, Version,
};
use platen_collect::{CollectError, Collector};
use platen_domain::clock::{ManualClock, Timestamp};
use platen_domain::secret::Secret;

use snmp_support::peers::{Peer, snmpd, snmpsim};
use snmp_support::relay::{Relay, Tamper};
use snmp_support::{client, column_oid, credential, hasty, oid, patient, text};

const AUTH_PASSWORD: &str = "authpass123";
const PRIVACY_PASSWORD: &str = "privpass123";

const AUTH: [(&str, AuthProtocol); 6] = [
    ("MD5", AuthProtocol::Md5),
    ("SHA", AuthProtocol::Sha1),
    ("SHA-224", AuthProtocol::Sha224),
    ("SHA-256", AuthProtocol::Sha256),
    ("SHA-384", AuthProtocol::Sha384),
    ("SHA-512", AuthProtocol::Sha512),
];

const PRIVACY: [(&str, PrivacyProtocol); 4] = [
    ("DES", PrivacyProtocol::Des),
    ("AES", PrivacyProtocol::Aes128),
    ("AES-192", PrivacyProtocol::Aes192),
    ("AES-256", PrivacyProtocol::Aes256),
];

/// Some rows of a printer, as net-snmp can be told to serve them.
const PRINTER: &str = r#"
rocommunity public
syscontact fleet@example.org
override 1.3.6.1.2.1.43.10.2.1.4.1.1 counter 76498
override 1.3.6.1.2.1.43.11.1.1.6.1.1 octet_str "Black Cartridge"
override 1.3.6.1.2.1.43.11.1.1.6.1.2 octet_str "Waste Box"
override 1.3.6.1.2.1.43.11.1.1.9.1.1 integer 4200
override 1.3.6.1.2.1.43.11.1.1.9.1.2 integer -3
"#;

/// The same rows as snmpsim serves them.
const RECORDING: &str = "\
1.3.6.1.2.1.1.3.0|67|4711
1.3.6.1.2.1.1.4.0|4|fleet@example.org
1.3.6.1.2.1.43.10.2.1.4.1.1|65|76498
1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Cartridge
1.3.6.1.2.1.43.11.1.1.6.1.2|4|Waste Box
1.3.6.1.2.1.43.11.1.1.9.1.1|2|4200
1.3.6.1.2.1.43.11.1.1.9.1.2|2|-3
1.3.6.1.2.1.43.18.1.1.8.1.1|4|Sleep
";

fn user(
    name: &str,
    auth: Option<AuthProtocol>,
    privacy: Option<PrivacyProtocol>,
    context: &str,
) -> UsmUser {
    let secret = |text: &str| Secret::new(text.to_owned());
    UsmUser {
        name: name.to_owned(),
        auth: auth.map(|protocol| (protocol, secret(AUTH_PASSWORD))),
        privacy: privacy.map(|protocol| (protocol, secret(PRIVACY_PASSWORD))),
        context: context.to_owned(),
    }
}

/// A user as net-snmp is told of it.
fn authenticated(name: &str, auth: &str) -> String {
    format!("createUser {name} {auth} {AUTH_PASSWORD}\nrouser {name} auth\n")
}

fn private(name: &str, auth: &str, privacy: &str) -> String {
    format!(
        "createUser {name} {auth} {AUTH_PASSWORD} {privacy} {PRIVACY_PASSWORD}\n\
         rouser {name} priv\n"
    )
}

fn query() -> Query {
    let column = |column| Column {
        oid: column_oid(column),
        rows: None,
    };
    Query {
        objects: vec![
            oid("1.3.6.1.2.1.1.4.0"),
            oid("1.3.6.1.2.1.43.10.2.1.4.1.1"),
            oid("1.3.6.1.2.1.43.10.2.1.4.1.2"),
        ],
        columns: [6, 8, 9].map(column).to_vec(),
    }
}

async fn fetch(
    peer: &Peer,
    client: &Client,
    credential: &Credential,
) -> Result<Answers, FetchError> {
    fetch_at(peer.address, client, credential).await
}

async fn fetch_at(
    address: SocketAddr,
    client: &Client,
    credential: &Credential,
) -> Result<Answers, FetchError> {
    let mut abilities = Abilities::default();
    client
        .fetch(address, credential, &mut abilities, &query())
        .await
}

fn assert_printer(answers: &Answers, name: &str) {
    let expected: Answers = [
        (oid("1.3.6.1.2.1.1.4.0"), text("fleet@example.org")),
        (oid("1.3.6.1.2.1.43.10.2.1.4.1.1"), Value::Counter32(76_498)),
        (column_oid(6).child(&[1, 1]), text("Black Cartridge")),
        (column_oid(6).child(&[1, 2]), text("Waste Box")),
        (column_oid(9).child(&[1, 1]), Value::Integer(4_200)),
        (column_oid(9).child(&[1, 2]), Value::Integer(-3)),
    ]
    .into_iter()
    .collect();
    assert_eq!(*answers, expected, "{name}");
}

#[tokio::test]
async fn net_snmp_answers_communities() {
    let Some(peer) = snmpd(PRINTER) else { return };
    for version in [Version::V1, Version::V2c] {
        let answers = fetch(&peer, &patient(), &credential(version))
            .await
            .unwrap();
        assert_printer(&answers, &format!("{version:?}"));
    }
}

#[tokio::test]
async fn net_snmp_answers_every_pair_of_protocols() {
    let mut configuration = PRINTER.to_owned();
    let mut users = vec![("plain".to_owned(), None, None)];
    configuration.push_str("createUser plain\nrouser plain noauth\n");
    for (auth_name, auth) in AUTH {
        let name = auth_name.to_lowercase();
        configuration += &authenticated(&name, auth_name);
        users.push((name.clone(), Some(auth), None));
        for (privacy_name, privacy) in PRIVACY {
            let name = format!("{name}-{}", privacy_name.to_lowercase());
            configuration += &private(&name, auth_name, privacy_name);
            users.push((name, Some(auth), Some(privacy)));
        }
    }
    let Some(peer) = snmpd(&configuration) else {
        return;
    };
    let client = patient();
    for (name, auth, privacy) in users {
        let credential = Credential::Usm(user(&name, auth, privacy, ""));
        for _ in ["found", "known"] {
            let answers = fetch(&peer, &client, &credential).await;
            assert_printer(
                &answers.unwrap_or_else(|error| panic!("{name}: {error}")),
                &name,
            );
        }
    }
}

#[tokio::test]
async fn net_snmp_tells_why_it_refuses() {
    let configuration = format!(
        "{PRINTER}createUser fleet SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}\nrouser fleet priv\n\
         createUser plain\nrouser plain noauth\n"
    );
    let Some(peer) = snmpd(&configuration) else {
        return;
    };
    let (sha1, aes) = (Some(AuthProtocol::Sha1), Some(PrivacyProtocol::Aes128));
    let wrong_privacy = UsmUser {
        privacy: aes.map(|protocol| (protocol, Secret::new("another password".to_owned()))),
        ..user("fleet", sha1, aes, "")
    };
    let cases = [
        (wrong_privacy, UsmError::Ignored),
        (user("nobody", sha1, aes, ""), UsmError::UnknownUser),
        (
            user("fleet", Some(AuthProtocol::Md5), aes, ""),
            UsmError::WrongDigest,
        ),
        (
            user("plain", sha1, None, ""),
            UsmError::UnsupportedSecurityLevel,
        ),
        (user("", sha1, aes, ""), UsmError::BadUser),
        (user("fleet", None, aes, ""), UsmError::BadUser),
    ];
    let client = client(Duration::from_millis(500));
    for (user, expected) in cases {
        let error = fetch(&peer, &client, &Credential::Usm(user))
            .await
            .unwrap_err();
        assert!(
            matches!(error, FetchError::Authentication(error) if error == expected),
            "{error:?} instead of {expected:?}"
        );
    }
}

#[tokio::test]
async fn net_snmp_started_again_is_the_same_engine_with_another_clock() {
    // The engine id and the number of starts are all it remembers.
    let configuration = format!(
        "{PRINTER}createUser -e 0x8000000001020304 fleet SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}\n\
         rouser fleet priv\nexactEngineID 0x8000000001020304\n"
    );
    let Some(peer) = snmpd(&configuration) else {
        return;
    };
    let client = patient();
    let user = user(
        "fleet",
        Some(AuthProtocol::Sha1),
        Some(PrivacyProtocol::Aes128),
        "",
    );
    let credential = Credential::Usm(user);
    assert_printer(
        &fetch(&peer, &client, &credential).await.unwrap(),
        "first start",
    );
    let peer = peer.start_again();
    assert_printer(
        &fetch(&peer, &client, &credential).await.unwrap(),
        "second start",
    );
}

#[tokio::test]
async fn snmpsim_answers_communities() {
    let Some(peer) = snmpsim(&[("public", RECORDING)], "SHA", "AES") else {
        return;
    };
    for version in [Version::V1, Version::V2c] {
        let answers = fetch(&peer, &patient(), &credential(version))
            .await
            .unwrap();
        assert_printer(&answers, &format!("{version:?}"));
    }
}

#[tokio::test]
async fn snmpsim_answers_in_a_context() {
    let pairs = [
        (
            "SHA256",
            AuthProtocol::Sha256,
            "AES",
            PrivacyProtocol::Aes128,
        ),
        ("MD5", AuthProtocol::Md5, "DES", PrivacyProtocol::Des),
        (
            "SHA512",
            AuthProtocol::Sha512,
            "AES256",
            PrivacyProtocol::Aes256,
        ),
        // Where the digest is too short for the key, the key is extended Blumenthal's way.
        (
            "SHA",
            AuthProtocol::Sha1,
            "AES192BLMT",
            PrivacyProtocol::Aes192,
        ),
        (
            "SHA",
            AuthProtocol::Sha1,
            "AES256BLMT",
            PrivacyProtocol::Aes256,
        ),
    ];
    for (auth_name, auth, privacy_name, privacy) in pairs {
        let recordings = [
            ("Jetdirect", RECORDING),
            ("public", "1.3.6.1.2.1.1.4.0|4|elsewhere\n"),
        ];
        let Some(peer) = snmpsim(&recordings, auth_name, privacy_name) else {
            return;
        };
        let user = user("fleet", Some(auth), Some(privacy), "Jetdirect");
        let answers = fetch(&peer, &patient(), &Credential::Usm(user))
            .await
            .unwrap();
        assert_printer(&answers, &format!("{auth_name} {privacy_name}"));
    }
}

/// A fleet user of net-snmp, and what it is asked with.
fn fleet() -> (String, Credential) {
    let configuration = format!("{PRINTER}{}", private("fleet", "SHA-256", "AES"));
    let (auth, privacy) = (AuthProtocol::Sha256, PrivacyProtocol::Aes128);
    let user = user("fleet", Some(auth), Some(privacy), "");
    (configuration, Credential::Usm(user))
}

#[tokio::test]
async fn changed_answers_are_not_believed() {
    let (configuration, credential) = fleet();
    let Some(peer) = snmpd(&configuration) else {
        return;
    };
    let agent = peer.address;
    let mut number = 0;
    let tamper: Tamper = Box::new(move |answer| {
        number += 1;
        if number == 1 {
            // Where an engine first says who it is, nothing protects it.
            return vec![answer];
        }
        let mut changed = answer.clone();
        changed[number * 7 % answer.len()] ^= 1;
        vec![changed, answer]
    });
    let relay = Relay::start(move |_| agent, tamper).await;
    let client = patient();
    for fetched in 1..=50 {
        let answers = fetch_at(relay.address, &client, &credential).await;
        assert_printer(&answers.unwrap(), &format!("fetch {fetched}"));
    }
}

#[tokio::test]
async fn only_changed_answers_are_told_apart_from_silence() {
    let (configuration, credential) = fleet();
    let Some(peer) = snmpd(&configuration) else {
        return;
    };
    let agent = peer.address;
    let mut answers = 0;
    let tamper: Tamper = Box::new(move |mut answer| {
        answers += 1;
        if answers > 1 {
            *answer.last_mut().unwrap() ^= 1;
        }
        vec![answer]
    });
    let relay = Relay::start(move |_| agent, tamper).await;
    let error = fetch_at(relay.address, &hasty(), &credential)
        .await
        .unwrap_err();
    let unproven = matches!(error, FetchError::Authentication(UsmError::Unproven));
    assert!(unproven, "{error:?}");
}

#[tokio::test]
async fn another_engine_at_a_known_address_is_refused_until_it_is_discovered() {
    let (configuration, credential) = fleet();
    let (Some(first), Some(second)) = (snmpd(&configuration), snmpd(&configuration)) else {
        return;
    };
    let (one, other) = (first.address, second.address);
    let route = move |number| if number < 2 { one } else { other };
    let relay = Relay::start(route, Box::new(|answer| vec![answer])).await;
    let client = patient();
    assert_printer(
        &fetch_at(relay.address, &client, &credential).await.unwrap(),
        "first",
    );
    let error = fetch_at(relay.address, &client, &credential)
        .await
        .unwrap_err();
    let changed = matches!(error, FetchError::Authentication(UsmError::EngineChanged));
    assert!(changed, "{error:?}");
    let profiles = Arc::new(Profiles::try_built_in().unwrap());
    let clock = ManualClock::at(Timestamp::from_millis(1_000));
    let collector = Collector::new(client.clone(), profiles, Arc::new(clock));
    let found = collector.discover(relay.address, &credential).await;
    let refused = matches!(&found, Err(CollectError::Fetch(_)));
    assert!(!refused, "{:?}", found.err());
    assert_printer(
        &fetch_at(relay.address, &client, &credential).await.unwrap(),
        "second",
    );
}
