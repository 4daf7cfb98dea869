//! What was used last, in memory: bounded together, whoever uses it. A reader keeps none of it while
//! its client takes its time, so that a hundred slow clients cost what the bound says and no more.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values by their names, of `octets_max` octets together.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    octets_max: usize,
    kept: Mutex<Kept<K, V>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    entries: HashMap<K, Entry<V>>,
    octets: usize,
    turn: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    octets: usize,
    used: u64,
}

impl<K: Copy + Eq + Hash, V: Clone> Recent<K, V> {
    pub(crate) fn new(octets_max: usize) -> Self {
        Self {
            octets_max,
            kept: Mutex::new(Kept {
                entries: HashMap::new(),
                octets: 0,
                turn: 0,
            }),
        }
    }

    /// The value, if somebody had it lately.
    pub(crate) fn get(&self, name: K) -> Option<V> {
        let mut kept = self.lock();
        kept.turn += 1;
        let turn = kept.turn;
        let entry = kept.entries.get_mut(&name)?;
        entry.used = turn;
        Some(entry.value.clone())
    }

    /// Keeps a value and lets go of those that were not used for longest.
    pub(crate) fn keep(&self, name: K, value: V, octets: usize) {
        let mut kept = self.lock();
        kept.turn += 1;
        let used = kept.turn;
        kept.octets += octets;
        let entry = Entry {
            value,
            octets,
            used,
        };
        let replaced = kept.entries.insert(name, entry);
        kept.octets -= replaced.map_or(0, |entry| entry.octets);
        while kept.octets > self.octets_max && kept.entries.len() > 1 {
            kept.drop_oldest();
        }
    }

    /// Whether a value of so many octets would push none out.
    pub(crate) fn has_room(&self, octets: usize) -> bool {
        self.lock().octets + octets <= self.octets_max
    }

    fn lock(&self) -> MutexGuard<'_, Kept<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash, V> Kept<K, V> {
    fn drop_oldest(&mut self) {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
        let Some(name) = oldest.map(|(name, _)| *name) else {
            return;
        };
        if let Some(entry) = self.entries.remove(&name) {
            self.octets -= entry.octets;
        }
    }
}
