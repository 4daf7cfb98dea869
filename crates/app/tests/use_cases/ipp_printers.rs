//! Printers that are asked by IPP, over real sockets.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use platen_app::fleet::collection::{IppLook, IppPrinterError, PlannedIppPrinter, PlannedRange};
use platen_app::fleet::reports::Parts;
use platen_collect::http::Client;
use platen_collect::ipp::{Login, Message, Peer};
use platen_collect::printer::Profiles;
use platen_domain::clock::Timestamp;
use platen_domain::ids::SeededIds;
use platen_domain::readings::Protocol;
use platen_domain::snapshots::DeviceSnapshot;
use platen_domain::status::DeviceState;
use platen_domain::supplies::Level;
use platen_store::{JobPosition, Recorded};

use crate::fake_printers;
use crate::place::{Place, START};

/// Value tags of RFC 8010 3.5.2.
const INTEGER: u8 = 0x21;
const ENUM: u8 = 0x23;
const OCTETS: u8 = 0x30;
const TEXT: u8 = 0x41;
const NAME: u8 = 0x42;
const KEYWORD: u8 = 0x44;
const URI: u8 = 0x45;

fn attribute(tag: u8, name: &str, value: &[u8]) -> Vec<u8> {
    let length = |octets: &[u8]| u16::try_from(octets.len()).unwrap().to_be_bytes();
    let name = name.as_bytes();
    [&[tag], &length(name)[..], name, &length(value)[..], value].concat()
}

/// A successful answer with one group of these attributes.
fn answer(group: u8, attributes: &[Vec<u8>]) -> Vec<u8> {
    let head = [2, 0, 0, 0, 0, 0, 0, 1, group];
    [&head[..], &attributes.concat(), &[3]].concat()
}

fn about(uuid: &str, device_id: &str) -> Vec<u8> {
    let supply = b"type=toner;maxcapacity=100;level=7;colorantname=black;";
    answer(
        4,
        &[
            attribute(ENUM, "printer-state", &3_i32.to_be_bytes()),
            attribute(KEYWORD, "printer-state-reasons", b"toner-low-warning"),
            attribute(TEXT, "printer-make-and-model", b"Xerox B235 MFP"),
            attribute(TEXT, "printer-device-id", device_id.as_bytes()),
            attribute(NAME, "printer-name", b"front-desk"),
            attribute(INTEGER, "printer-up-time", &1_000_i32.to_be_bytes()),
            attribute(
                INTEGER,
                "printer-impressions-completed",
                &4_711_i32.to_be_bytes(),
            ),
            attribute(OCTETS, "printer-supply", supply),
            attribute(TEXT, "printer-supply-description", b"Black Toner"),
            attribute(URI, "printer-uuid", format!("urn:uuid:{uuid}").as_bytes()),
        ],
    )
}

fn one_job() -> Vec<u8> {
    answer(
        2,
        &[
            attribute(INTEGER, "job-id", &7_i32.to_be_bytes()),
            attribute(NAME, "job-name", b"invoice"),
            attribute(ENUM, "job-state", &9_i32.to_be_bytes()),
            attribute(NAME, "job-originating-user-name", b"alice"),
            attribute(INTEGER, "job-impressions-completed", &6_i32.to_be_bytes()),
            attribute(INTEGER, "time-at-creation", &900_i32.to_be_bytes()),
            attribute(INTEGER, "time-at-completed", &940_i32.to_be_bytes()),
        ],
    )
}

/// The body of one HTTP request with a stated length.
fn body_of(stream: &mut TcpStream) -> Vec<u8> {
    let (mut all, mut octets) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut octets).unwrap();
        assert!(length > 0, "a question breaks off");
        all.extend_from_slice(&octets[..length]);
        let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        let stated = head.split("content-length: ").nth(1).unwrap();
        let stated: usize = stated.lines().next().unwrap().parse().unwrap();
        if all.len() >= end + 4 + stated {
            return all[end + 4..].to_vec();
        }
    }
}

/// A printer on loopback that answers as long as it has answers left.
struct Printer {
    url: String,
    address: IpAddr,
    asked: Arc<AtomicUsize>,
}

const UUID: &str = "67bbb526-3a17-474f-a567-2ca5f6156613";
const DEVICE_ID: &str = "MFG:Xerox;MDL:B235 MFP;SN:ABC123456;";

impl Printer {
    fn start(host: &str, device_id: &'static str, answers: usize) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let at = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().take(answers) {
                let mut stream = stream.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let question = Message::decode(&body_of(&mut stream)).unwrap();
                let answer = match question.code {
                    0x000A => one_job(),
                    _ => about(UUID, device_id),
                };
                let length = answer.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\
                     Content-Length: {length}\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(&answer).unwrap();
            }
        });
        Self {
            url: format!("ipp://{at}/ipp/print"),
            address: at.ip(),
            asked,
        }
    }

    fn peer(&self) -> Peer {
        Peer::new(Client::plain(), self.url.parse().unwrap(), Login::Anonymous)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

const EVERY: Duration = Duration::from_mins(5);

fn range(place: &Place) -> PlannedRange {
    PlannedRange {
        organization: place.organization.id,
        network: "127.77.0.0/24".parse().unwrap(),
        port: 161,
        credentials: Vec::new(),
    }
}

fn planned(place: &Place, printer: &Printer, jobs: bool) -> PlannedIppPrinter {
    let organization = place.organization.id;
    PlannedIppPrinter::within(&[range(place)], organization, printer.peer(), EVERY, jobs).unwrap()
}

async fn look(place: &Place, planned: &PlannedIppPrinter) -> Result<IppLook, IppPrinterError> {
    let profiles = Profiles::built_in();
    place
        .app
        .fleet()
        .look_at_ipp_printer(planned, &[], &profiles)
        .await
}

async fn devices(place: &Place) -> Vec<DeviceSnapshot> {
    let parts = Parts {
        meters: true,
        status: true,
        supplies: true,
    };
    let mut pages = place.app.fleet().device_rows(place.operator(), parts);
    pages.next().await.transpose().unwrap().unwrap_or_default()
}

/// The printer as SNMP reads it: with another name for its model, and no UUID.
async fn read_by_snmp(place: &Place, address: IpAddr, at: Timestamp) -> Recorded {
    let observation = fake_printers::observation(address, "B235", at);
    let scope = place.operator();
    place
        .app
        .store()
        .write(move |w| w.record_observation(&scope, &observation, at, &SeededIds::new(9), None))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_printer_shows_in_every_report() {
    let place = Place::bare().await;
    let printer = Printer::start("127.77.0.7", DEVICE_ID, 1);
    let looked = look(&place, &planned(&place, &printer, false))
        .await
        .unwrap();
    let devices = devices(&place).await;
    let [device] = devices.as_slice() else {
        panic!("one device: {devices:?}");
    };
    assert_eq!(looked, IppLook::Kept(device.device.id));
    assert_eq!(device.device.identity.serial.as_deref(), Some("ABC123456"));
    assert_eq!(device.device.address, printer.address);
    assert_eq!(device.meters[0].value, 4_711);
    let status = device.status.as_ref().unwrap();
    assert_eq!(status.state, DeviceState::Warning);
    assert_eq!(device.supplies[0].level, Level::Percent(7));
}

#[tokio::test]
async fn a_printer_that_falls_silent_is_unreachable_until_it_answers() {
    let place = Place::bare().await;
    let printer = Printer::start("127.77.0.8", DEVICE_ID, 1);
    let planned = planned(&place, &printer, false);
    look(&place, &planned).await.unwrap();
    let failed = look(&place, &planned).await.unwrap_err();
    assert!(matches!(failed, IppPrinterError::Printer(_)), "{failed}");
    let devices = devices(&place).await;
    let status = devices[0].status.as_ref().unwrap();
    assert_eq!(status.state, DeviceState::Unreachable);
}

#[tokio::test]
async fn a_device_that_answers_snmp_is_left_to_snmp_until_it_falls_silent() {
    let place = Place::bare().await;
    let printer = Printer::start("127.77.0.9", "MFG:Xerox;MDL:B235 MFP;", 1);
    let planned = planned(&place, &printer, false);
    let device = read_by_snmp(&place, printer.address, START).await.device;
    let looked = look(&place, &planned).await.unwrap();
    assert_eq!((looked, printer.asked()), (IppLook::LeftToSnmp(device), 0));

    let (scope, address) = (place.operator(), printer.address);
    let silent = move |w: &platen_store::Writer<'_>| {
        w.record_unreachable(&scope, device, address, Protocol::Snmp, START)
    };
    place.app.store().write(silent.clone()).await.unwrap();
    let looked = look(&place, &planned).await.unwrap();
    assert_eq!((looked, printer.asked()), (IppLook::Kept(device), 1));
    // SNMP goes on failing; the device answers all the same.
    place.app.store().write(silent).await.unwrap();
    let devices = devices(&place).await;
    assert_eq!(devices.len(), 1);
    assert_eq!(
        devices[0].status.as_ref().unwrap().state,
        DeviceState::Warning
    );
}

#[tokio::test]
async fn what_a_printer_remembers_is_taken_in_once() {
    let place = Place::bare().await;
    let printer = Printer::start("127.77.0.10", DEVICE_ID, 6);
    let planned = planned(&place, &printer, true);
    look(&place, &planned).await.unwrap();
    look(&place, &planned).await.unwrap();
    assert_eq!(printer.asked(), 6);
    let scope = place.operator();
    let (after, until) = (
        JobPosition::before(Timestamp::from_millis(0)),
        START.plus(EVERY),
    );
    let page = place
        .app
        .store()
        .read(move |r| r.print_page(&scope, after, until, 10));
    assert_eq!(page.await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_an_address_that_a_range_allows_is_planned() {
    let place = Place::bare().await;
    let within = |organization, url: &str| {
        let peer = Peer::new(Client::plain(), url.parse().unwrap(), Login::Anonymous);
        let planned = PlannedIppPrinter::within(&[range(&place)], organization, peer, EVERY, false);
        planned.err().map(|problem| problem.to_string())
    };
    let own = place.organization.id;
    assert_eq!(within(own, "ipp://127.77.0.7/ipp/print"), None);
    let other = place
        .app
        .access()
        .add_organization("Contoso", "UTC")
        .await
        .unwrap()
        .id;
    let out = |address: &str| {
        Some(format!(
            "{address} lies in no [[range]] of its organization; only what a range allows is asked"
        ))
    };
    assert_eq!(
        within(other, "ipp://127.77.0.7/ipp/print"),
        out("127.77.0.7")
    );
    assert_eq!(within(own, "ipp://127.0.0.1/ipp/print"), out("127.0.0.1"));
    assert_eq!(within(own, "ipp://[::1]/ipp/print"), out("::1"));
    for url in [
        "ipp://printer.example/ipp/print",
        "unix:/run/cups/cups.sock",
    ] {
        assert!(
            within(own, url)
                .unwrap()
                .contains("the printer's own address")
        );
    }
}
