//! Requests over connections that stay, one after another, and how long each took.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::data::Seat;
use crate::chance::Chance;
use crate::client_application::ClientApplication;
use crate::http::{Connection, Request};

/// What is asked over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// A balance.
    Balance,
    /// A charge of one point, with an Idempotency-Key of its own.
    Charge,
}

/// How long each answer took, in order of length.
#[derive(Debug, Default)]
pub(super) struct Answers {
    times: Vec<Duration>,
    wall: Duration,
}

impl Answers {
    pub(super) fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "counts of a bench are small")]
    pub(super) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.wall.as_secs_f64()
    }

    /// The time in milliseconds within which so many of a hundred were answered.
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        let place = (self.times.len() * percent).div_ceil(100).max(1) - 1;
        let time = self.times.get(place).copied().unwrap_or_default();
        time.as_secs_f64() * 1e3
    }
}

/// Asks over `connections` connections until `stop` says so; where there is a pace, each
/// connection asks once in it.
pub(super) async fn ask(
    application: &Arc<ClientApplication>,
    asked: Asked,
    connections: usize,
    pace: Option<Duration>,
    chance: &Chance,
    stop: Arc<AtomicBool>,
) -> Result<Answers> {
    let bearer = format!("Bearer {}", application.token().await?);
    let mut tasks = JoinSet::new();
    let started = Instant::now();
    for _ in 0..connections {
        let caller = Caller {
            connection: Connection::open(application.server()).await?,
            bearer: bearer.clone(),
            chance: chance.clone(),
        };
        tasks.spawn(caller.ask_on(asked, pace, Arc::clone(&stop)));
    }
    let mut answers = Answers::default();
    while let Some(times) = tasks.join_next().await {
        answers.times.extend(times??);
    }
    answers.wall = started.elapsed();
    answers.times.sort_unstable();
    Ok(answers)
}

/// As [`ask`], for so long.
pub(super) async fn ask_for(
    application: &Arc<ClientApplication>,
    asked: Asked,
    connections: usize,
    chance: &Chance,
    duration: Duration,
) -> Result<Answers> {
    let stop: Arc<AtomicBool> = Arc::default();
    let asking = ask(
        application,
        asked,
        connections,
        None,
        chance,
        Arc::clone(&stop),
    );
    let clock = async {
        tokio::time::sleep(duration).await;
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(asking, clock).0
}

struct Caller {
    connection: Connection,
    bearer: String,
    chance: Chance,
}

impl Caller {
    async fn ask_on(
        mut self,
        asked: Asked,
        pace: Option<Duration>,
        stop: Arc<AtomicBool>,
    ) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        let mut ticks = pace.map(interval);
        if let Some(ticks) = &mut ticks {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        while !stop.load(Ordering::Relaxed) {
            if let Some(ticks) = &mut ticks {
                ticks.tick().await;
            }
            let seat = Seat::any(&self.chance);
            times.push(match asked {
                Asked::Balance => self.balance(&seat).await?,
                Asked::Charge => self.charge(&seat).await?,
            });
        }
        Ok(times)
    }

    async fn balance(&mut self, seat: &Seat) -> Result<Duration> {
        let Seat { account, user } = seat;
        let path = format!("/accounts/v1/balances?account={account}&user={user}");
        let request = Request {
            method: "GET",
            path: &path,
            fields: &[("Authorization", &self.bearer)],
            body: b"",
        };
        timed(&mut self.connection, &request, 200).await
    }

    async fn charge(&mut self, seat: &Seat) -> Result<Duration> {
        let Seat { account, user } = seat;
        let key = format!(
            "{:016x}{:016x}",
            self.chance.below(u64::MAX),
            self.chance.below(u64::MAX)
        );
        let body = format!("{{\"account\":\"{account}\",\"user\":\"{user}\",\"points\":1}}");
        let request = Request {
            method: "POST",
            path: "/accounts/v1/charges",
            fields: &[
                ("Authorization", &self.bearer),
                ("Content-Type", "application/json"),
                ("Idempotency-Key", &key),
            ],
            body: body.as_bytes(),
        };
        timed(&mut self.connection, &request, 201).await
    }
}

async fn timed(
    connection: &mut Connection,
    request: &Request<'_>,
    expected: u16,
) -> Result<Duration> {
    let asked = Instant::now();
    let answer = connection.ask(request).await?;
    let took = asked.elapsed();
    let text = String::from_utf8_lossy(&answer.body);
    let (path, status) = (request.path, answer.status);
    ensure!(status == expected, "{path} answers {status}: {text}");
    Ok(took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_times_in_order() {
        let times = (1..=200).map(Duration::from_millis).collect();
        let wall = Duration::from_secs(4);
        let answers = Answers { times, wall };
        let close = |left: f64, right: f64| (left - right).abs() < 1e-9;
        assert!(close(answers.percentile(50), 100.0));
        assert!(close(answers.percentile(99), 198.0));
        assert!(close(answers.rate(), 50.0));
        assert!(close(Answers::default().percentile(99), 0.0));
    }
}
