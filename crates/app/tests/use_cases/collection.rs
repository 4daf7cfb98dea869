use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use platen_app::App;
use platen_app::fleet::collection::{CollectionPlan, NamedCredential, PlannedRange, Progress};
use platen_app::fleet::reports::Parts;
use platen_app::fleet::schedule::Schedule;
use platen_domain::clock::{Clock, Timestamp};
use platen_domain::ids::SeededIds;
use platen_domain::organizations::Organization;
use platen_domain::status::DeviceState;
use tokio::sync::{mpsc, oneshot, watch};

use crate::fake_printers::{Asked, FakePrinters, community, observation};
use crate::place::{START, app};

/// A clock that runs: the collector waits by it.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        START.plus(self.0.elapsed())
    }
}

struct Site {
    app: App,
    organization: Organization,
    printers: FakePrinters,
    asked: mpsc::UnboundedReceiver<(Asked, String)>,
    _directory: tempfile::TempDir,
}

/// A collection under way.
struct Under {
    stop: oneshot::Sender<()>,
    progress: watch::Receiver<Progress>,
    task: tokio::task::JoinHandle<()>,
}

impl Under {
    async fn until(&mut self, reached: impl FnMut(&Progress) -> bool) -> Progress {
        *self
            .progress
            .wait_for(reached)
            .await
            .expect("the collection goes on")
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

impl Site {
    async fn new() -> Self {
        let (app, directory) = app(Arc::new(Running(Instant::now())));
        let organization = app
            .access()
            .add_organization("Northwind", "UTC")
            .await
            .unwrap();
        let (printers, asked) = FakePrinters::new();
        Self {
            app,
            organization,
            printers,
            asked,
            _directory: directory,
        }
    }

    fn collect(&self, network: &str, dynamic: Duration) -> Under {
        let named = |name: &str| NamedCredential {
            name: name.to_owned(),
            credential: community(name),
        };
        let range = PlannedRange {
            organization: self.organization.id,
            network: network.parse().unwrap(),
            port: 161,
            credentials: vec![named("office"), named("lab")],
        };
        let schedule = Schedule {
            dynamic_set: dynamic,
            ..Schedule::default()
        };
        let (stop, stopped) = oneshot::channel();
        let (sender, progress) = watch::channel(Progress::default());
        let (app, printers) = (self.app.clone(), self.printers.clone());
        let plan = CollectionPlan::new(vec![range], schedule);
        let task = tokio::spawn(async move {
            let stop = async { stopped.await.unwrap_or(()) };
            app.fleet()
                .run_collection(printers, plan, sender, stop)
                .await
                .unwrap();
        });
        Under {
            stop,
            progress,
            task,
        }
    }

    async fn states(&self) -> Vec<Option<DeviceState>> {
        let parts = Parts {
            status: true,
            ..Parts::default()
        };
        let mut pages = self
            .app
            .fleet()
            .device_rows(self.app.access().operator(self.organization.id), parts);
        let page = pages.next().await.transpose().unwrap().unwrap_or_default();
        page.into_iter()
            .map(|device| device.status.map(|status| status.state))
            .collect()
    }

    fn asked(&mut self) -> Vec<(Asked, String)> {
        std::iter::from_fn(|| self.asked.try_recv().ok()).collect()
    }
}

const HOURS: Duration = Duration::from_hours(2);
const AT_ONCE: Duration = Duration::from_millis(10);

#[tokio::test]
async fn a_sweep_finds_stores_and_asks_nobody_else() {
    let mut site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "office");
    site.printers.put("10.0.0.5", "five", "lab");
    site.printers.put("10.0.1.1", "outside", "office");
    let mut under = site.collect("10.0.0.0/29", HOURS);
    let progress = under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    assert_eq!((progress.probed, progress.found), (6, 2));
    let scope = site.app.access().operator(site.organization.id);
    assert_eq!(site.app.fleet().device_count(&scope).await.unwrap(), 2);
    let network: platen_app::fleet::networks::Network = "10.0.0.0/29".parse().unwrap();
    assert!(site.asked().iter().all(|(asked, _)| match asked {
        Asked::Discover(address) => network.contains(address.ip()) && address.port() == 161,
        Asked::Refresh(_) | Asked::Poll(_) => false,
    }));
}

#[tokio::test]
async fn a_known_device_is_polled_by_turns_with_the_credential_that_worked() {
    let mut site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "lab");
    let mut under = site.collect("10.0.0.1/32", AT_ONCE);
    under.until(|progress| progress.visits >= 3).await;
    under.end().await;
    let address = "10.0.0.1:161".parse().unwrap();
    let asked = site.asked();
    let expected = [
        (Asked::Discover(address), "office"),
        (Asked::Discover(address), "lab"),
    ];
    let discovery = asked
        .iter()
        .take(2)
        .map(|(asked, with)| (*asked, with.as_str()));
    assert_eq!(discovery.collect::<Vec<_>>(), expected);
    let polled = |(asked, with): &(Asked, String)| *asked == Asked::Poll(address) && with == "lab";
    assert!(asked.iter().skip(2).all(polled), "{asked:?}");

    // After a restart too: the sweep leaves it alone, its turn comes as before.
    let mut under = site.collect("10.0.0.1/32", AT_ONCE);
    under.until(|progress| progress.visits >= 1).await;
    under.end().await;
    assert!(site.asked().iter().all(polled));
}

#[tokio::test]
async fn a_start_asks_no_device_before_its_turn_however_many_there_are() {
    let mut site = Site::new().await;
    let scope = site.app.access().operator(site.organization.id);
    let known = 1_002;
    let recorded = site.app.store().write(move |writer| {
        let ids = SeededIds::new(9);
        for n in 0..known {
            let address = IpAddr::V4(Ipv4Addr::from(0x0A00_0001 + n));
            // More than are taken in at once; the last ones were read last.
            let at = START.minus(Duration::from_secs(u64::from(2_000 - n)));
            let seen = observation(address, &format!("printer-{n}"), at);
            writer.record_observation(&scope, &seen, at, &ids, None)?;
        }
        Ok(())
    });
    recorded.await.unwrap();
    let mut under = site.collect("10.0.0.0/22", HOURS);
    let progress = under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    let hosts = 1_022;
    assert_eq!(progress.probed, hosts - u64::from(known));
    let last_known = Ipv4Addr::from(0x0A00_0000 + known);
    let asked = site.asked();
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|(asked, _)| match asked {
        Asked::Discover(address) => address.ip() > IpAddr::V4(last_known),
        Asked::Refresh(_) | Asked::Poll(_) => false,
    }));
}

#[tokio::test]
async fn a_silent_device_is_unreachable_until_it_answers_again() {
    let site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "office");
    let mut under = site.collect("10.0.0.1/32", AT_ONCE);
    under.until(|progress| progress.visits >= 1).await;
    site.printers.remove("10.0.0.1");
    under.until(|progress| progress.failed_visits >= 2).await;
    assert_eq!(site.states().await, [Some(DeviceState::Unreachable)]);
    let before = under.progress.borrow().visits;
    site.printers.put("10.0.0.1", "one", "office");
    under.until(|progress| progress.visits > before).await;
    under.end().await;
}

#[tokio::test]
async fn another_device_at_the_address_becomes_a_device_of_its_own() {
    let site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "office");
    let mut under = site.collect("10.0.0.1/32", AT_ONCE);
    under.until(|progress| progress.visits >= 1).await;
    site.printers.put("10.0.0.1", "other", "office");
    let before = under.progress.borrow().visits;
    under.until(|progress| progress.visits >= before + 2).await;
    under.end().await;
    let scope = site.app.access().operator(site.organization.id);
    assert_eq!(site.app.fleet().device_count(&scope).await.unwrap(), 2);
}

impl Site {
    /// The devices in service: address and findings.
    async fn findings(&self) -> Vec<String> {
        let parts = Parts {
            status: true,
            ..Parts::default()
        };
        let mut pages = self
            .app
            .fleet()
            .device_rows(self.app.access().operator(self.organization.id), parts);
        let page = pages.next().await.transpose().unwrap().unwrap_or_default();
        let line = |known: &platen_domain::snapshots::DeviceSnapshot| {
            let details = known.findings.iter().map(|found| found.detail.as_str());
            let details: Vec<_> = details.collect();
            format!("{}: {}", known.device.address, details.join("; "))
        };
        let mut lines: Vec<String> = page.iter().map(line).collect();
        lines.sort_unstable();
        lines
    }
}

#[tokio::test]
async fn a_second_host_with_a_known_identity_is_a_device_of_its_own_and_told() {
    let site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "office");
    let mut under = site.collect("10.0.0.0/29", HOURS);
    under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    site.printers.put("10.0.0.5", "one", "lab");
    let mut under = site.collect("10.0.0.0/29", HOURS);
    under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    assert_eq!(
        site.findings().await,
        [
            "10.0.0.1: states the same identity as another device, at 10.0.0.5",
            "10.0.0.5: states the same identity as another device, at 10.0.0.1",
        ]
    );
    let scope = site.app.access().operator(site.organization.id);
    let audit = site.app.operation().audit(&scope, 10).await.unwrap();
    let told = audit
        .iter()
        .filter(|entry| entry.action == "device.finding");
    assert_eq!(told.count(), 2);
}

#[tokio::test]
async fn a_device_that_moved_is_one_device_still() {
    let site = Site::new().await;
    site.printers.put("10.0.0.1", "one", "office");
    site.printers.put("10.0.0.2", "two", "office");
    let mut under = site.collect("10.0.0.0/29", HOURS);
    under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    // The first moves to a free address, the second to that of the first.
    site.printers.put("10.0.0.5", "one", "office");
    site.printers.put("10.0.0.1", "two", "office");
    site.printers.remove("10.0.0.2");
    let mut under = site.collect("10.0.0.0/29", HOURS);
    under.until(|progress| progress.sweeps == 1).await;
    under.end().await;
    assert_eq!(site.findings().await, ["10.0.0.1: ", "10.0.0.5: "]);
}
