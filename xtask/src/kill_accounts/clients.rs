//! Programs at work: they charge, hold, capture and give back, and race their collector for the
//! jobs that both tell of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use platen_domain::collectors::BatchId;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::oracle::{Movement, Oracle};
use super::{ACCOUNTS, CLIENTS, USERS};
use crate::chance::Chance;
use crate::client_application::ClientApplication;
use crate::collector::Collector;
use crate::installation::Installation;
use crate::program::{Change, Program};

const CHARGES: &str = "/accounts/v1/charges";
const HOLDS: &str = "/accounts/v1/holds";

/// Most points of a charge.
const POINTS_MAX: u64 = 9;

/// Jobs of a batch at most.
const JOBS_MAX: u64 = 4;

/// One in so many turns, an old request is sent again.
const AGAIN_ONE_IN: u64 = 8;

/// Clients at work.
pub(super) struct Clients {
    work: JoinSet<Result<()>>,
    stop: Arc<AtomicBool>,
}

/// One of them.
struct Client {
    name: String,
    program: Program,
    collector: Collector,
    oracle: Oracle,
    chance: Chance,
    epoch: u64,
    /// Counts what it names.
    number: u64,
    batches: u64,
    /// A request that was answered long ago, with the answer.
    old: Option<(Change, Value)>,
}

/// What a client wants to have charged.
#[derive(Clone)]
struct Wish {
    name: String,
    movement: Movement,
}

impl Clients {
    /// Enrols a collector for each of them and lets them begin.
    pub(super) async fn start(
        installation: &Installation,
        application: &Arc<ClientApplication>,
        oracle: &Oracle,
        chance: &Chance,
    ) -> Result<Self> {
        let mut clients = Self {
            work: JoinSet::new(),
            stop: Arc::default(),
        };
        let server = installation.address;
        for number in 0..CLIENTS {
            let name = format!("client-{number}");
            let code = installation.code()?;
            let mut client = Client {
                program: Program::new(application),
                collector: Collector::enrol(server, server, &code, &name).await?,
                name,
                oracle: oracle.clone(),
                chance: chance.clone(),
                epoch: chance.below(u64::MAX),
                number: 0,
                batches: 0,
                old: None,
            };
            let stop = Arc::clone(&clients.stop);
            clients.work.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    client.turn().await?;
                }
                Ok(())
            });
        }
        Ok(clients)
    }

    /// Lets each of them bring its turn to its end.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = self.work.join_next().await {
            ended??;
        }
        Ok(())
    }
}

impl Client {
    async fn turn(&mut self) -> Result<()> {
        if self.chance.below(AGAIN_ONE_IN) == 0 {
            self.repeat().await?;
        }
        match self.chance.below(6) {
            0 => self.charge().await,
            1 => self.charge_and_refund().await,
            2 => self.hold_and_capture().await,
            3 => self.push().await,
            4 => self.race_by_charge().await,
            _ => self.race_by_capture().await,
        }
    }

    fn wish(&mut self) -> Wish {
        self.number += 1;
        let points = i64::try_from(1 + self.chance.below(POINTS_MAX)).unwrap_or(1);
        Wish {
            name: format!("{}-{:06}", self.name, self.number),
            movement: Movement {
                account: format!("ACCOUNT-{}", self.chance.below(ACCOUNTS)),
                user: format!("user-{}", self.chance.below(USERS)),
                points: -points,
            },
        }
    }

    /// A charge, half of them for a print job of which nobody else tells.
    async fn charge(&mut self) -> Result<()> {
        let wish = self.wish();
        let mut body = wish.body();
        if self.chance.below(2) == 0 {
            wish.name_job(&mut body, &self.name);
        }
        self.grant(Change::post(CHARGES, &wish.name, body)).await?;
        self.oracle.owe(&wish.name, wish.movement);
        Ok(())
    }

    /// A charge of which a part is given back, and then the rest.
    async fn charge_and_refund(&mut self) -> Result<()> {
        let wish = self.wish();
        let made = Change::post(CHARGES, &wish.name, wish.body());
        let charge = id_of(&self.grant(made).await?)?;
        self.oracle.owe(&wish.name, wish.movement.clone());
        let whole = -wish.movement.points;
        let part = 1 + self.chance.below(whole.unsigned_abs());
        let part = i64::try_from(part)?;
        for (number, points) in [part, whole - part].into_iter().enumerate() {
            if points == 0 {
                continue;
            }
            let name = format!("{}-refund-{number}", wish.name);
            let body = json!({"points": points, "reason": name});
            let path = format!("{CHARGES}/{charge}/refunds");
            self.grant(Change::post(path, &name, body)).await?;
            let movement = Movement {
                points,
                ..wish.movement.clone()
            };
            self.oracle.owe(&name, movement);
        }
        Ok(())
    }

    /// A hold that is captured, often with other points than were held.
    async fn hold_and_capture(&mut self) -> Result<()> {
        let wish = self.wish();
        let hold = id_of(
            &self
                .grant(Change::post(HOLDS, &wish.name, wish.claim()))
                .await?,
        )?;
        let (key, path) = wish.capture(&hold);
        let points = 1 + self.chance.below(POINTS_MAX);
        let body = json!({"points": points});
        let charge = id_of(&self.grant(Change::post(path, key, body)).await?)?;
        let movement = Movement {
            points: -i64::try_from(points)?,
            ..wish.movement
        };
        self.oracle.owe(&charge, movement);
        Ok(())
    }

    /// Jobs that only the collector tells of.
    async fn push(&mut self) -> Result<()> {
        let count = 1 + self.chance.below(JOBS_MAX);
        let wishes: Vec<_> = (0..count).map(|_| self.wish()).collect();
        let id = self.next_batch();
        let records: Vec<_> = wishes.iter().map(|wish| wish.record(&self.name)).collect();
        self.collector.push(id, &records).await?;
        for wish in wishes {
            self.oracle.owe(&wish.name, wish.movement);
        }
        Ok(())
    }

    /// A job that the program charges while the collector tells of it: one of them does.
    async fn race_by_charge(&mut self) -> Result<()> {
        let wish = self.wish();
        let mut body = wish.body();
        wish.name_job(&mut body, &self.name);
        self.race(wish.clone(), Change::post(CHARGES, &wish.name, body))
            .await
    }

    /// A hold for a job that the program captures while the collector tells of the job.
    async fn race_by_capture(&mut self) -> Result<()> {
        let wish = self.wish();
        let mut body = wish.claim();
        wish.name_job(&mut body, &self.name);
        let hold = id_of(&self.grant(Change::post(HOLDS, &wish.name, body)).await?)?;
        let (key, path) = wish.capture(&hold);
        self.race(wish, Change::post(path, key, json!({}))).await
    }

    /// Both at once, or one after the other.
    async fn race(&mut self, wish: Wish, change: Change) -> Result<()> {
        let (id, records) = (self.next_batch(), [wish.record(&self.name)]);
        let order = self.chance.below(3);
        let push = self.collector.push(id, &records);
        let answer = match order {
            0 => {
                push.await?;
                self.program.change(&change).await?
            }
            1 => {
                let answer = self.program.change(&change).await?;
                push.await?;
                answer
            }
            _ => {
                let (pushed, answer) = tokio::join!(push, self.program.change(&change));
                pushed?;
                answer?
            }
        };
        self.oracle.note(&answer);
        match answer.status {
            201 => {}
            409 => self.oracle.note_refused(),
            status => {
                let text = String::from_utf8_lossy(&answer.body);
                anyhow::bail!("{} answers {status}: {text}", change.path);
            }
        }
        self.oracle.owe(&wish.name, wish.movement);
        Ok(())
    }

    fn next_batch(&mut self) -> BatchId {
        self.batches += 1;
        BatchId {
            epoch: self.epoch,
            sequence: self.batches,
        }
    }

    /// Sends a request that nothing stands against.
    async fn grant(&mut self, change: Change) -> Result<Value> {
        let answer = self.program.change(&change).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let (status, path) = (answer.status, &change.path);
        ensure!(status < 300, "{path} answers {status}: {text}");
        self.oracle.note(&answer);
        let value: Value = serde_json::from_slice(&answer.body)?;
        self.old = Some((change, value.clone()));
        Ok(value)
    }

    /// Sends an old request again: it is answered as before.
    async fn repeat(&mut self) -> Result<()> {
        let Some((change, before)) = &self.old else {
            return Ok(());
        };
        let answer = self.program.granted(change).await?;
        ensure!(answer == *before, "{} answers otherwise now", change.path);
        Ok(())
    }
}

impl Wish {
    /// The body of a charge: a claim with its name for a reason.
    fn body(&self) -> Value {
        let mut body = self.claim();
        if let Some(members) = body.as_object_mut() {
            members.insert("reason".to_owned(), json!(self.name));
        }
        body
    }

    /// The body of a hold: who is to pay how much.
    fn claim(&self) -> Value {
        let Movement {
            account,
            user,
            points,
        } = &self.movement;
        json!({"account": account, "user": user, "points": -points})
    }

    /// Says that it is for the job of this name.
    fn name_job(&self, body: &mut Value, source: &str) {
        let job = json!({"source": format!("agent|{source}"), "id": self.name});
        if let Some(members) = body.as_object_mut() {
            members.insert("print_job".to_owned(), job);
        }
    }

    /// Key and path of a capture.
    fn capture(&self, hold: &str) -> (String, String) {
        let key = format!("{}-capture", self.name);
        (key, format!("{HOLDS}/{hold}/capture"))
    }

    /// The record of a job that takes as much, a point a side.
    fn record(&self, source: &str) -> Vec<u8> {
        let Movement {
            account,
            user,
            points,
        } = &self.movement;
        let record = json!({
            "source": format!("agent|{source}"),
            "id": self.name,
            "completed_at": "2026-01-15T10:00:00Z",
            "user": user,
            "account": account,
            "impressions": -points,
        });
        record.to_string().into_bytes()
    }
}

fn id_of(made: &Value) -> Result<String> {
    let id = made.get("id").and_then(Value::as_str);
    Ok(id
        .context("something without an identifier was made")?
        .to_owned())
}
