//! One conversation with a device: from a query to answers in as few messages as it allows.
//!
//! A conversation has one message outstanding at any time, by construction: the next is sent
//! when the answer to the last is in or given up, and a device has one conversation at a time. It
//! is bounded by the named limits below,
//! whatever the device does.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::abilities::Abilities;
use super::answers::Answers;
use super::client::{Client, FetchError, Patience, Unanswered};
use super::credential::Credential;
use super::dialect::{Dialect, Reply};
use super::pdu::Pdu;
use super::pool::Lease;
use super::query::Query;
use super::work::{Plan, Work};

/// Longest conversation. A printer that needs longer for a screenful of values is not answering.
pub const CONVERSATION_MAX: Duration = Duration::from_secs(20);

/// Most variable bindings of one conversation; the longest full walks of printers' Printer MIB
/// have 584.
pub const CONVERSATION_BINDINGS_MAX: usize = 2_000;

/// Most bytes received in one conversation.
pub const CONVERSATION_BYTES_MAX: usize = 256 * 1024;

/// How often a question is sent whose size may be what silences the device.
const DOUBTFUL_TRIES: u32 = 2;

impl Client {
    /// Fetches what `query` names from the device at `address`, and remembers in `abilities` what
    /// the device can do. Objects it does not have are absent from the answers; when a limit
    /// cut the conversation short, [`Answers::is_complete`] says so.
    ///
    /// # Errors
    ///
    /// See [`FetchError`]. `abilities` is then as it was.
    pub async fn fetch(
        &self,
        address: SocketAddr,
        credential: &Credential,
        abilities: &mut Abilities,
        query: &Query,
    ) -> Result<Answers, FetchError> {
        let _turn = self.turn(address).await;
        let mut lease = self.lease(address).await?;
        let mut conversation = Conversation {
            client: self,
            lease: &mut lease,
            dialect: Dialect::new(self, address, credential).await?,
            abilities: abilities.clone(),
            deadline: Instant::now() + CONVERSATION_MAX,
            bindings: 0,
            bytes: 0,
        };
        let versions = conversation.dialect.versions();
        conversation.abilities.suit(versions);
        if conversation.abilities.only_v1() {
            conversation.dialect.fall_back_to_v1();
        }
        let answers = conversation.run(query).await?;
        *abilities = conversation.abilities;
        lease.keep();
        Ok(answers)
    }
}

struct Conversation<'a, 'p> {
    client: &'a Client,
    lease: &'a mut Lease<'p>,
    dialect: Dialect<'a>,
    abilities: Abilities,
    deadline: Instant,
    bindings: usize,
    bytes: usize,
}

impl Conversation<'_, '_> {
    async fn run(&mut self, query: &Query) -> Result<Answers, FetchError> {
        let mut work = Work::new(query);
        while let Some(plan) = work.plan(&self.abilities) {
            if self.is_over() {
                return self.cut_short(work);
            }
            match self.ask(&work, &plan, self.tries(&plan)).await {
                Ok(pdu) => work.take(&plan, pdu, &mut self.abilities),
                Err(Unanswered::Silence) => self.after_silence(&mut work, &plan).await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(work.into_answers())
    }

    fn is_over(&self) -> bool {
        self.bindings >= CONVERSATION_BINDINGS_MAX
            || self.bytes >= CONVERSATION_BYTES_MAX
            || Instant::now() >= self.deadline
    }

    fn cut_short(&self, work: Work<'_>) -> Result<Answers, FetchError> {
        if self.bindings == 0 {
            return Err(FetchError::NoAnswer);
        }
        Ok(work.into_answers().cut_short())
    }

    fn tries(&self, plan: &Plan) -> u32 {
        if self.abilities.proven(plan.expected()) {
            self.client.tries()
        } else {
            self.client.tries().min(DOUBTFUL_TRIES)
        }
    }

    /// Puts one question. An SNMPv3 engine may first want its clock learnt; then the question is
    /// put once more.
    async fn ask(&mut self, work: &Work<'_>, plan: &Plan, tries: u32) -> Result<Pdu, Unanswered> {
        let patience = Patience {
            tries,
            deadline: self.deadline,
        };
        let mut request = work.request(plan, self.client.request_id());
        self.dialect
            .prepare(self.client, self.lease, patience)
            .await?;
        loop {
            let datagram = self.dialect.encode(&request)?;
            let dialect = &mut self.dialect;
            let heard = |bytes: &[u8]| dialect.hear(bytes, request.request_id);
            let (reply, bytes) = self
                .client
                .ask(self.lease, &datagram, patience, heard)
                .await?;
            self.bytes += bytes;
            match reply {
                Reply::Answer(pdu) => {
                    self.bindings += pdu.bindings.len();
                    return Ok(pdu);
                }
                Reply::Refused(error) => return Err(error.into()),
                Reply::Resynchronized => request.request_id = self.client.request_id(),
            }
        }
    }

    /// Silence may mean that the question was too big. A device that answered as much before is
    /// simply not there; any other is asked for less.
    async fn after_silence(&mut self, work: &mut Work<'_>, plan: &Plan) -> Result<(), FetchError> {
        if self.bindings > 0 && self.is_over() {
            return Ok(());
        }
        if !self.abilities.answered() {
            return self.first_contact(work, plan).await;
        }
        if self.abilities.proven(plan.expected()) || !self.abilities.quarter() {
            return Err(FetchError::NoAnswer);
        }
        Ok(())
    }

    /// Nothing was ever heard from here: one object is asked, then one object in SNMPv1, which
    /// is all the oldest devices speak.
    async fn first_contact(&mut self, work: &mut Work<'_>, plan: &Plan) -> Result<(), FetchError> {
        let probe = work.plan_probe().ok_or(FetchError::NoAnswer)?;
        if plan.expected() > 1 {
            match self.ask(work, &probe, 1).await {
                Ok(pdu) => {
                    self.abilities.quarter();
                    work.take(&probe, pdu, &mut self.abilities);
                    return Ok(());
                }
                Err(Unanswered::Silence) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !self.dialect.fall_back_to_v1() {
            return Err(self.dialect.silence().into());
        }
        let pdu = self.ask(work, &probe, 1).await?;
        self.abilities.speaks_only_v1();
        work.take(&probe, pdu, &mut self.abilities);
        Ok(())
    }
}
