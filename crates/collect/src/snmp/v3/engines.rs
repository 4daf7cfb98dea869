//! What is known of the SNMPv3 engines of devices, for as long as the process lives.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use platen_domain::ids::Ids;
use platen_domain::secret::Secret;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::UsmError;
use crate::snmp::credential::AuthProtocol;

/// How far, in seconds, a message may lag behind an engine's clock (RFC 3414, 2.2.3).
const TIME_WINDOW: i64 = 150;

/// Most engines remembered: more devices than one server is meant for. Beyond it, engines are
/// asked anew at each conversation.
const ENGINES_MAX: usize = 200_000;

/// An engine and its clock.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    /// Its `snmpEngineID`.
    pub(super) id: Vec<u8>,
    boots: i32,
    time: i32,
    heard_at: Instant,
    /// Whether an authenticated message said so.
    proven: bool,
}

impl Engine {
    /// An engine as it presented itself, which proves nothing yet.
    pub(super) fn presented(id: &[u8], boots: i32, time: i32) -> Self {
        Self {
            id: id.to_vec(),
            boots,
            time,
            heard_at: Instant::now(),
            proven: false,
        }
    }

    /// `snmpEngineBoots` and `snmpEngineTime` by now.
    pub(super) fn clock(&self) -> (i32, i32) {
        let passed = i32::try_from(self.heard_at.elapsed().as_secs()).unwrap_or(i32::MAX);
        (self.boots, self.time.saturating_add(passed))
    }

    /// Takes the clock of an unauthenticated report on trust, as the first one was.
    pub(super) fn present_clock(&mut self, boots: i32, time: i32) {
        *self = Self::presented(&std::mem::take(&mut self.id), boots, time);
    }

    /// Checks the clock of an authenticated message and follows it (RFC 3414, 3.2, 7b).
    pub(super) fn follow_clock(&mut self, boots: i32, time: i32) -> Result<(), UsmError> {
        let (known_boots, known_time) = self.clock();
        let late = i64::from(known_time) - i64::from(time) > TIME_WINDOW;
        if self.proven && (boots < known_boots || (boots == known_boots && late)) {
            return Err(UsmError::NotInTimeWindow);
        }
        self.boots = boots;
        self.time = time;
        self.heard_at = Instant::now();
        self.proven = true;
        Ok(())
    }
}

type MasterKey = Arc<OnceCell<Secret<Vec<u8>>>>;

/// Engines by address, and the keys of passwords.
pub(crate) struct Engines {
    known: Mutex<HashMap<SocketAddr, Engine>>,
    keys: Mutex<HashMap<(AuthProtocol, Secret<String>), MasterKey>>,
    salt: AtomicU64,
}

impl Engines {
    pub(crate) fn new(ids: &dyn Ids) -> Self {
        let mut salt = [0; 8];
        ids.fill(&mut salt);
        Self {
            known: Mutex::default(),
            keys: Mutex::default(),
            salt: AtomicU64::new(u64::from_be_bytes(salt)),
        }
    }

    /// The engine found at an address before.
    pub(super) fn at(&self, address: SocketAddr) -> Option<Engine> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&address).cloned()
    }

    /// Remembers the engine at an address, and the newest its clock was heard to show.
    pub(super) fn remember(&self, address: SocketAddr, engine: &Engine) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < ENGINES_MAX || known.contains_key(&address) {
            known.insert(address, engine.clone());
        }
    }

    /// Forgets the engine at an address.
    pub(crate) fn forget(&self, address: SocketAddr) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&address);
    }

    /// A number for the next message's salt, never the same in the life of the process.
    pub(super) fn salt(&self) -> u64 {
        self.salt.fetch_add(1, Ordering::Relaxed)
    }

    /// The master key of a password; hashed once, away from the runtime's threads.
    pub(super) async fn master_key(
        &self,
        protocol: AuthProtocol,
        password: &Secret<String>,
    ) -> Result<Secret<Vec<u8>>, UsmError> {
        let cell = {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            let cell = keys.entry((protocol, password.clone())).or_default();
            Arc::clone(cell)
        };
        let stretch = async || {
            let password = password.clone();
            let work = move || Secret::new(protocol.master_key(password.expose().as_bytes()));
            tokio::task::spawn_blocking(work).await
        };
        let key = cell.get_or_try_init(stretch).await;
        key.cloned().map_err(|_shutting_down| UsmError::Unproven)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_proven_clock_is_not_turned_back() {
        let mut engine = Engine::presented(b"engine", 9, 100_000);
        assert_eq!(
            engine.follow_clock(2, 1_000),
            Ok(()),
            "the presented clock proved nothing"
        );
        assert_eq!(engine.follow_clock(2, 900), Ok(()), "within the window");
        assert_eq!(engine.follow_clock(2, 700), Err(UsmError::NotInTimeWindow));
        assert_eq!(
            engine.follow_clock(1, 5_000),
            Err(UsmError::NotInTimeWindow)
        );
        assert_eq!(engine.follow_clock(3, 0), Ok(()), "it was started again");
        assert_eq!(engine.clock(), (3, 0));
    }

    #[tokio::test]
    async fn a_password_is_stretched_once_and_shown_never() {
        let engines = Engines::new(&platen_domain::ids::SeededIds::new(7));
        let password = Secret::new("maplesyrup".to_owned());
        let key = engines
            .master_key(AuthProtocol::Md5, &password)
            .await
            .unwrap();
        let again = engines
            .master_key(AuthProtocol::Md5, &password)
            .await
            .unwrap();
        assert_eq!(key, again);
        assert_eq!(key.expose().len(), 16);
        assert_eq!(engines.keys.lock().unwrap().len(), 1);
    }
}
