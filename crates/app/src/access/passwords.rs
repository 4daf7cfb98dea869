//! Passwords: Argon2id, and never more of it at once than the server can bear.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use platen_domain::ids::Ids;
use platen_domain::secret::Secret;
use tokio::sync::Semaphore;

use crate::AppError;

/// Hashes computed at the same time. Each takes a core and 19 MiB for some tens of milliseconds.
const HASHES_AT_ONCE: usize = 2;

/// Callers that may wait for a hash, the running ones included. More are turned away: behind 64
/// hashes the wait is already seconds.
const HASH_QUEUE_MAX: usize = 64;

/// Random bytes of salt (RFC 9106, 3.1 recommends 16).
const SALT_BYTES: usize = 16;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
}

impl PasswordCost {
    /// The least that Argon2 computes: for tests of everything but the hash.
    pub const LEAST: Self = Self {
        memory_kib: Params::MIN_M_COST,
        passes: Params::MIN_T_COST,
    };
}

impl Default for PasswordCost {
    /// 19 MiB and 2 passes, the first choice of OWASP ASVS 5.0, appendix C, for Argon2id.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
        }
    }
}

/// Why no hash was computed.
#[derive(Debug)]
pub(crate) enum HashRefusal {
    /// [`HASH_QUEUE_MAX`] callers are waiting.
    Busy,
    /// It failed.
    Failed(AppError),
}

/// Computes and compares hashes.
pub(crate) struct Passwords {
    cost: PasswordCost,
    ids: Arc<dyn Ids>,
    queue: Arc<Semaphore>,
    running: Arc<Semaphore>,
    memory: Arc<WorkingMemory>,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost, ids: Arc<dyn Ids>) -> Self {
        Self {
            cost,
            ids,
            queue: Arc::new(Semaphore::new(HASH_QUEUE_MAX)),
            running: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            memory: Arc::default(),
        }
    }

    /// The PHC string of `password` with a new salt.
    pub(crate) async fn hash(
        &self,
        password: Secret<String>,
    ) -> Result<Secret<String>, HashRefusal> {
        let mut salt = [0; SALT_BYTES];
        self.ids.fill(&mut salt);
        let cost = self.cost;
        self.compute(move |memory| hash_now(cost, password.expose(), &salt, memory))
            .await
    }

    /// Whether `password` is the one behind `hash`. Without a hash the same time is spent and
    /// the answer is no, so that time does not tell which names exist.
    pub(crate) async fn verify(
        &self,
        password: Secret<String>,
        hash: Option<Secret<String>>,
    ) -> Result<bool, HashRefusal> {
        let cost = self.cost;
        self.compute(move |memory| match hash {
            Some(hash) => verify_now(password.expose(), hash.expose(), memory),
            None => {
                hash_now(cost, password.expose(), &[0; SALT_BYTES], memory).map(|_unused| false)
            }
        })
        .await
    }

    /// Runs `work` on a blocking thread once it is this caller's turn.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WorkingMemory) -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, HashRefusal> {
        let queued = Arc::clone(&self.queue).try_acquire_owned();
        let queued = queued.map_err(|_full| HashRefusal::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(interrupted)?;
        let memory = Arc::clone(&self.memory);
        // The permits go with the work: a caller who hangs up does not free a busy core.
        let task = tokio::task::spawn_blocking(move || {
            let _held = (queued, running);
            work(&memory)
        });
        task.await.map_err(interrupted)?.map_err(interrupted)
    }
}

fn interrupted(error: impl std::error::Error + Send + Sync + 'static) -> HashRefusal {
    HashRefusal::Failed(AppError::Interrupted(Box::new(error)))
}

/// The memory that hashes work in, one piece for each of [`HASHES_AT_ONCE`], kept from one to the
/// next. Taken anew each time it would stay with the allocator, once per blocking thread that
/// ever computed a hash: gigabytes after some minutes of guessing.
#[derive(Default)]
struct WorkingMemory(Mutex<Vec<Vec<Block>>>);

impl WorkingMemory {
    /// Runs `work` in at least `blocks` blocks. What they hold is overwritten before it is read.
    fn lend<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut memory = self.pieces(Vec::pop).unwrap_or_default();
        if let Some(more) = blocks.checked_sub(memory.len()) {
            memory.reserve_exact(more);
            memory.resize(blocks, Block::new());
        }
        let result = work(&mut memory);
        self.pieces(|pieces| pieces.push(memory));
        result
    }

    fn pieces<T>(&self, change: impl FnOnce(&mut Vec<Vec<Block>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn hash_now(
    cost: PasswordCost,
    password: &str,
    salt: &[u8],
    memory: &WorkingMemory,
) -> Result<Secret<String>, argon2::password_hash::Error> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(output(params, password, salt, memory)?),
    };
    Ok(Secret::new(hash.to_string()))
}

/// Verifies with the parameters the hash was made with.
fn verify_now(
    password: &str,
    hash: &str,
    memory: &WorkingMemory,
) -> Result<bool, argon2::password_hash::Error> {
    use argon2::password_hash::Error;
    let known = PasswordHash::new(hash)?;
    let ours = (Algorithm::Argon2id.ident(), Some(Version::V0x13.into()));
    if (known.algorithm, known.version) != ours {
        return Err(Error::Algorithm);
    }
    let (Some(salt), Some(expected)) = (known.salt, known.hash) else {
        return Err(Error::EncodingInvalid);
    };
    // Outputs compare in constant time.
    Ok(output(Params::try_from(&known)?, password, &salt, memory)? == expected)
}

fn output(
    params: Params,
    password: &str,
    salt: &[u8],
    memory: &WorkingMemory,
) -> Result<Output, argon2::password_hash::Error> {
    let mut hash = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    memory.lend(blocks, |blocks| {
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, blocks)
    })?;
    Ok(Output::new(&hash)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;

    fn passwords(cost: PasswordCost) -> Passwords {
        Passwords::new(cost, Arc::new(SeededIds::new(1)))
    }

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = passwords(PasswordCost::default());
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |text| passwords.verify(secret(text), Some(hash.clone()));
        assert!(verify("correct horse").await.unwrap());
        assert!(!verify("Correct horse").await.unwrap());
        assert!(!passwords.verify(secret("any"), None).await.unwrap());
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let passwords = passwords(PasswordCost::LEAST);
        let first = passwords.hash(secret("correct horse")).await.unwrap();
        let second = passwords.hash(secret("correct horse")).await.unwrap();
        assert_ne!(first.expose(), second.expose());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn however_many_hashes_work_in_the_memory_of_those_that_run_at_once() {
        let passwords = Arc::new(passwords(PasswordCost::LEAST));
        let mut hashes = tokio::task::JoinSet::new();
        for _ in 0..HASH_QUEUE_MAX {
            let passwords = Arc::clone(&passwords);
            hashes.spawn(async move { passwords.hash(secret("correct horse")).await.is_ok() });
        }
        assert!(hashes.join_all().await.into_iter().all(|hashed| hashed));
        let kept = passwords.memory.pieces(|pieces| pieces.len());
        assert!((1..=HASHES_AT_ONCE).contains(&kept), "{kept} pieces");
    }

    /// The reference implementation's own vector: `echo -n password | argon2 somesalt -id -t 2
    /// -m 16 -p 1` (P-H-C/phc-winner-argon2, test.c).
    #[tokio::test]
    async fn the_reference_implementations_hash_is_known() {
        let passwords = passwords(PasswordCost::LEAST);
        let reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
                         $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let verify = |text| passwords.verify(secret(text), Some(secret(reference)));
        assert!(verify("password").await.unwrap());
        assert!(!verify("Password").await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_turns_callers_away_and_recovers() {
        let passwords = passwords(PasswordCost::LEAST);
        let taken = u32::try_from(HASH_QUEUE_MAX).unwrap();
        let waiting = passwords
            .queue
            .clone()
            .try_acquire_many_owned(taken)
            .unwrap();
        let refused = passwords.hash(secret("correct horse")).await;
        assert!(matches!(refused, Err(HashRefusal::Busy)));
        drop(waiting);
        assert!(passwords.hash(secret("correct horse")).await.is_ok());
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_error_not_a_yes() {
        let passwords = passwords(PasswordCost::LEAST);
        let damaged = passwords
            .verify(secret("x"), Some(secret("$argon2id$")))
            .await;
        assert!(matches!(damaged, Err(HashRefusal::Failed(_))));
    }
}
