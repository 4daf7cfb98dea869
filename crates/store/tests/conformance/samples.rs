//! Things to keep.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, AccountDetails};
use platen_domain::clients::ClientRecord;
use platen_domain::clock::Timestamp;
use platen_domain::collectors::CollectorRecord;
use platen_domain::devices::Identity;
use platen_domain::ids::{
    AccountId, ClientId, CollectorId, DeviceId, GroupId, KeyId, OrganizationId, PrintUserId,
    SeededIds, UserId,
};
use platen_domain::keys::{KeyRecord, SecretHash};
use platen_domain::meters::{Function, MeterColor, MeterKey, MeterValue};
use platen_domain::organizations::Organization;
use platen_domain::print_users::{Group, GroupDetails, PrintUser, PrintUserDetails};
use platen_domain::readings::{Observation, ProfileRef, Transport};
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_domain::scope::{Actor, Scope};
use platen_domain::snapshots::DeviceSnapshot;
use platen_domain::status::{Alert, DetectedErrors, DeviceState, Severity, Status};
use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_domain::users::User;
use platen_store::{Parts, Recorded, Store};

/// An instant `seconds` after the tests' beginning of time.
pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_750_000_000_000).plus(Duration::from_secs(seconds))
}

pub(crate) fn secret(text: &str) -> SecretHash {
    SecretHash::of(text)
}

pub(crate) fn organization(number: u8) -> Organization {
    Organization {
        id: OrganizationId::from_bytes([number; 16]),
        name: format!("Organization {number}"),
        time_zone: "Europe/Berlin".to_owned(),
        created_at: at(u64::from(number)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests stand in for the authorization layer"
)]
pub(crate) fn scope(organization: &Organization) -> Scope {
    Scope::grant(organization.id, Actor::System("test"))
}

/// Adds organization `number` and returns its scope.
pub(crate) async fn founded(store: &Store, number: u8) -> Scope {
    let organization = organization(number);
    let scope = scope(&organization);
    store
        .write(move |w| w.insert_organization(&organization))
        .await
        .unwrap();
    scope
}

pub(crate) fn user(organization: OrganizationId, number: u8, name: &str, role: Role) -> User {
    User {
        id: UserId::from_bytes([number; 16]),
        organization,
        name: name.to_owned(),
        role,
        created_at: at(10),
        deactivated_at: None,
    }
}

pub(crate) fn key(organization: OrganizationId, number: u8, api: ReportApi) -> KeyRecord {
    KeyRecord {
        id: KeyId::from_bytes([number; 16]),
        organization,
        api,
        hash: secret(&format!("key {number}")),
        prefix: "3f2a91c0".to_owned(),
        created_at: at(20),
        created_by: "alice".to_owned(),
        last_used_at: None,
        revoked_at: None,
    }
}

pub(crate) fn collector(organization: OrganizationId, number: u8) -> CollectorRecord {
    CollectorRecord {
        id: CollectorId::from_bytes([number; 16]),
        organization,
        name: format!("Site {number}"),
        hash: secret(&format!("collector {number}")),
        enrolled_at: at(30),
        last_seen_at: None,
        revoked_at: None,
    }
}

pub(crate) fn client(organization: OrganizationId, number: u8) -> ClientRecord {
    ClientRecord {
        id: ClientId::from_bytes([number; 16]),
        organization,
        hash: secret(&format!("client {number}")),
        created_at: at(30),
        created_by: "alice".to_owned(),
        last_used_at: None,
        revoked_at: None,
    }
}

/// An account of which nothing but a code and a name is said.
pub(crate) fn account(number: u8, code: &str, name: &str) -> Account {
    Account {
        id: AccountId::from_bytes([number; 16]),
        details: AccountDetails {
            code: code.to_owned(),
            name: name.to_owned(),
            ..AccountDetails::default()
        },
        revision: 1,
        created_at: at(40),
        updated_at: at(40),
    }
}

/// Adds an account without a limit.
pub(crate) async fn add_account(store: &Store, scope: &Scope, account: &Account) {
    let (scope, account) = (scope.clone(), account.clone());
    let added = store.write(move |w| w.insert_account(&scope, &account, &Limit::default()));
    added.await.unwrap();
}

/// A user who prints of whom nothing but a name is said.
pub(crate) fn print_user(number: u8, name: &str) -> PrintUser {
    PrintUser {
        is_known: true,
        id: PrintUserId::from_bytes([number; 16]),
        details: PrintUserDetails {
            name: name.to_owned(),
            ..PrintUserDetails::default()
        },
        revision: 1,
        created_at: at(40),
    }
}

/// Makes a user known whom print jobs call by the name in lower case.
pub(crate) async fn add_print_user(store: &Store, scope: &Scope, user: &PrintUser) {
    let (scope, user) = (scope.clone(), user.clone());
    let job_name = user.details.name.to_lowercase();
    let added = store.write(move |w| w.insert_print_user(&scope, &user, &job_name));
    added.await.unwrap();
}

/// A group without members.
pub(crate) fn group(number: u8, name: &str) -> Group {
    Group {
        id: GroupId::from_bytes([number; 16]),
        details: GroupDetails {
            name: name.to_owned(),
            external_id: None,
        },
        revision: 1,
        members: 0,
        created_at: at(40),
    }
}

/// Adds a group.
pub(crate) async fn add_group(store: &Store, scope: &Scope, group: &Group) {
    let (scope, group) = (scope.clone(), group.clone());
    let added = store.write(move |w| w.insert_group(&scope, &group));
    added.await.unwrap();
}

pub(crate) fn address(last: u8) -> IpAddr {
    IpAddr::from([127, 77, 0, last])
}

pub(crate) fn identity(serial: Option<&str>, mac: Option<&str>) -> Identity {
    Identity {
        manufacturer: Some("Lexmark".to_owned()),
        model: Some("MX711".to_owned()),
        serial: serial.map(str::to_owned),
        mac: mac.map(str::to_owned),
        uuid: None,
        name: Some("ET0021B71DB22F".to_owned()),
        location: None,
        contact: None,
        firmware: Some("LW60.TU.P534".to_owned()),
        description: Some("Lexmark MX711 version NH60".to_owned()),
        system_object_id: Some("1.3.6.1.4.1.641.2.71107114".to_owned()),
        color: Some(false),
    }
}

pub(crate) fn total(value: u64) -> MeterValue {
    MeterValue {
        key: MeterKey::impressions(Function::Total, MeterColor::All),
        value,
        source: "1.3.6.1.2.1.43.10.2.1.4.1.1".to_owned(),
    }
}

pub(crate) fn toner(index: u32, color: &str, level: Level) -> Supply {
    Supply {
        index,
        class: SupplyClass::Consumed,
        kind: SupplyType::Toner,
        colorants: vec![color.to_owned()],
        description: format!("{color} cartridge"),
        part_number: Some("62D2X00".to_owned()),
        serial: None,
        unit: Some("impressions".to_owned()),
        capacity: Some(45_000),
        level,
        raw_capacity: Some(45_000),
        raw_level: Some(-2),
        rule: Cow::Borrowed("rfc3805"),
    }
}

pub(crate) fn alert(code: i32, text: &str) -> Alert {
    Alert {
        severity: Severity::Warning,
        group: 11,
        group_index: 1,
        code,
        text: text.to_owned(),
        pseudo: false,
    }
}

pub(crate) fn status(state: DeviceState, alerts: Vec<Alert>) -> Status {
    Status {
        state,
        errors: Some(DetectedErrors::from_octets(&[0x20])),
        hr_device_status: Some(2),
        hr_printer_status: Some(3),
        alerts,
        console: vec!["Ready".to_owned(), String::new(), "Tray 1".to_owned()],
    }
}

/// A static and dynamic answer of a device with a serial number of its own.
pub(crate) fn first_answer(last: u8, seconds: u64) -> Observation {
    let serial = format!("70164660{last}");
    let mac = format!("00:21:b7:1d:b2:{last:02x}");
    Observation {
        identity: Some(identity(Some(&serial), Some(&mac))),
        ..answer(last, seconds)
    }
}

/// A dynamic answer.
pub(crate) fn answer(last: u8, seconds: u64) -> Observation {
    Observation {
        address: address(last),
        transport: Transport::SnmpV2c,
        collected_at: at(seconds),
        device_uptime_ticks: Some(123_456),
        profile: ProfileRef {
            name: "lexmark".to_owned(),
            version: 3,
        },
        identity: None,
        meters: vec![total(1_000)],
        has_color: Some(false),
        supplies: Some(vec![toner(1, "black", Level::Percent(80))]),
        status: Some(status(DeviceState::Idle, Vec::new())),
        raw: vec![1, 2, 3],
    }
}

/// Records an observation, received a second after it was collected.
pub(crate) async fn record(store: &Store, scope: &Scope, observation: Observation) -> Recorded {
    let scope = scope.clone();
    // Seconds and address differ between observations: no two get one identifier.
    let seed = format!("{:?} {}", observation.collected_at, observation.address);
    let ids = SeededIds::new(seed.bytes().fold(0, |hash, byte| {
        hash * 31 % 0xffff_ffff_ffff + u64::from(byte)
    }));
    let received = observation.collected_at.plus(Duration::from_secs(1));
    store
        .write(move |w| w.record_observation(&scope, &observation, received, &ids, None))
        .await
        .unwrap()
}

/// Every snapshot of the organization.
pub(crate) async fn snapshots(store: &Store, scope: &Scope) -> Vec<DeviceSnapshot> {
    let scope = scope.clone();
    store
        .read(move |r| r.snapshots(&scope, None, 1_000, Parts::ALL))
        .await
        .unwrap()
}

/// The snapshot of one device.
pub(crate) async fn snapshot(store: &Store, scope: &Scope, device: DeviceId) -> DeviceSnapshot {
    let all = snapshots(store, scope).await;
    all.into_iter().find(|s| s.device.id == device).unwrap()
}
