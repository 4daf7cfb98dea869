//! A running fleet: one thread, one socket, many addresses.

use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use platen_domain::clock::Clock;

use crate::device::{Device, DeviceSpec};
use crate::transport::{Route, Transport};
use crate::wire::respond::Buffers;

/// How long an idle fleet takes at most to notice that it is to stop.
const IDLE: Duration = Duration::from_millis(100);

/// Most answers that wait for their time; more are lost, as on a busy network.
const DELAYED_MAX: usize = 65_536;

/// What a fleet consists of.
pub struct FleetBuilder {
    clock: Arc<dyn Clock>,
    port: u16,
    seed: u64,
    devices: BTreeMap<Ipv4Addr, DeviceSpec>,
}

impl FleetBuilder {
    /// An empty fleet on any free port, whose printers live by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            port: 0,
            seed: 0,
            devices: BTreeMap::new(),
        }
    }

    /// Listens on UDP `port`; 0 takes any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Decides which requests get lost.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Puts a device at `address`, in the place of one that was there.
    #[must_use]
    pub fn device(mut self, address: Ipv4Addr, spec: DeviceSpec) -> Self {
        self.devices.insert(address, spec);
        self
    }

    /// Starts to answer. Refuses addresses outside 127.0.0.0/8: simulated printers are for this
    /// machine only.
    pub fn start(self) -> io::Result<Fleet> {
        let addresses: Vec<_> = self.devices.keys().copied().collect();
        if let Some(outside) = addresses.iter().find(|address| !address.is_loopback()) {
            let reason = format!("{outside} is not a loopback address (127.0.0.0/8)");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let transport = Transport::bind(self.port)?;
        let port = transport.port()?;
        let (seed, now) = (self.seed, self.clock.now());
        let devices = self.devices.into_iter().map(|(address, spec)| {
            let lottery = crate::chance::hash(&[seed, u64::from(u32::from(address))]);
            (address, Device::new(spec, address, lottery, now))
        });
        let stop = Arc::new(AtomicBool::new(false));
        let engine = Engine {
            transport,
            devices: devices.collect(),
            clock: self.clock,
            stop: Arc::clone(&stop),
            buffers: Buffers::default(),
            delayed: BinaryHeap::new(),
        };
        let thread = std::thread::Builder::new()
            .name("simfleet".to_owned())
            .spawn(move || engine.run())?;
        Ok(Fleet {
            port,
            addresses,
            stop,
            thread: Some(thread),
        })
    }
}

/// A fleet that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Fleet {
    port: u16,
    addresses: Vec<Ipv4Addr>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Fleet {
    /// The UDP port at which every device listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The addresses of the devices, in order.
    pub fn addresses(&self) -> &[Ipv4Addr] {
        &self.addresses
    }

    /// Stops answering and waits for the thread, a tenth of a second at most.
    pub fn stop(mut self) {
        self.join();
    }

    fn join(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the simulated fleet ended by a panic");
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.join();
    }
}

/// What the fleet's thread owns.
struct Engine {
    transport: Transport,
    devices: HashMap<Ipv4Addr, Device>,
    clock: Arc<dyn Clock>,
    stop: Arc<AtomicBool>,
    buffers: Buffers,
    delayed: BinaryHeap<Delayed>,
}

impl Engine {
    fn run(mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            if let Err(error) = self.turn() {
                // An answer to a manager that is gone; the others still wait for theirs.
                tracing::debug!(%error, "simulated fleet: a datagram failed");
            }
        }
    }

    /// Answers one request, then what has become due.
    fn turn(&mut self) -> io::Result<()> {
        let timeout = self.until_next_due();
        if let Some((route, datagram)) = self.transport.receive(timeout)?
            && route.peer.ip().is_loopback()
            && let Some(device) = self.devices.get_mut(&route.device)
        {
            let mut answer = std::mem::take(&mut self.buffers.answer);
            answer.clear();
            let now = self.clock.now();
            let answered = device.answer(datagram, now, &mut self.buffers, &mut answer);
            if answered.is_some() {
                let dispatch = Dispatch::of(device, route);
                self.dispatch(&dispatch, &answer)?;
            }
            self.buffers.answer = answer;
        }
        self.send_due()
    }

    fn dispatch(&mut self, dispatch: &Dispatch, answer: &[u8]) -> io::Result<()> {
        for _ in 0..dispatch.copies {
            match dispatch.due {
                None => self.transport.send(dispatch.route, answer)?,
                Some(due) if self.delayed.len() < DELAYED_MAX => {
                    let route = dispatch.route;
                    self.delayed.push(Delayed {
                        due,
                        route,
                        answer: answer.to_vec(),
                    });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn send_due(&mut self) -> io::Result<()> {
        if self.delayed.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        while let Some(first) = self.delayed.peek()
            && first.due <= now
            && let Some(delayed) = self.delayed.pop()
        {
            self.transport.send(delayed.route, &delayed.answer)?;
        }
        Ok(())
    }

    fn until_next_due(&self) -> Duration {
        // A timeout of zero would mean "for ever" to the operating system.
        const SHORTEST: Duration = Duration::from_millis(1);
        self.delayed.peek().map_or(IDLE, |first| {
            first
                .due
                .saturating_duration_since(Instant::now())
                .clamp(SHORTEST, IDLE)
        })
    }
}

/// When, from where and how often an answer leaves.
struct Dispatch {
    route: Route,
    due: Option<Instant>,
    copies: u8,
}

impl Dispatch {
    fn of(device: &mut Device, route: Route) -> Self {
        let mut route = route;
        if device.behaviour().wrong_source {
            route.device = neighbour(route.device);
        }
        let copies = if device.behaviour().duplicate_answers {
            2
        } else {
            1
        };
        let due = device.delays().then(|| {
            let now = Instant::now();
            now + device.delay(now)
        });
        Self { route, due, copies }
    }
}

/// The address beside `address`.
fn neighbour(address: Ipv4Addr) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(address) ^ 1)
}

/// An answer that waits; the heap gives the one that is due first.
#[derive(Debug, PartialEq, Eq)]
struct Delayed {
    due: Instant,
    route: Route,
    answer: Vec<u8>,
}

impl Ord for Delayed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.due.cmp(&self.due)
    }
}

impl PartialOrd for Delayed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
