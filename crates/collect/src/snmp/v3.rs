//! SNMPv3 messages (RFC 3412) under the User-based Security Model.
use super::client::{Client, Heard, Patience, Unanswered};
use super::credential::UsmUser;
use super::dialect::Reply;
use super::pdu::Pdu;
use super::pool::Lease;
use super::usm::UsmError;
use platen_domain::ids::Ids;
use std::marker::PhantomData;
use std::net::SocketAddr;

pub(crate) struct Engines;
impl Engines {
    pub(crate) fn new(_ids: &dyn Ids) -> Self {
        Self
    }
}
#[derive(Debug)]
pub(crate) struct Usm<'c>(PhantomData<&'c ()>);
impl<'c> Usm<'c> {
    pub(crate) async fn new(_: &Client, _: SocketAddr, _: &'c UsmUser) -> Result<Self, Unanswered> {
        Err(UsmError::Unsupported.into())
    }
    pub(crate) async fn discover(
        &mut self,
        _: &Client,
        _: &mut Lease<'_>,
        _: Patience,
    ) -> Result<(), Unanswered> {
        Ok(())
    }
    pub(crate) fn encode(&mut self, _: &Pdu) -> Result<Vec<u8>, UsmError> {
        Err(UsmError::Unsupported)
    }
    pub(crate) fn hear(&mut self, _: &[u8], _: i32) -> Heard<Reply> {
        Heard::Stray
    }
}
