//! Connected UDP sockets, used over and over.
//!
//! A socket serves one device at a time and is connected to it, so the kernel drops whatever
//! comes from elsewhere, reports a closed port at once, and no socket of ours ever listens. For
//! the next device it is disconnected and connected again, which also gives it a fresh source
//! port: two system calls instead of the five a new socket costs.

use std::io;
use std::net::{SocketAddr, UdpSocket as StdUdpSocket};
use std::sync::{Mutex, PoisonError};

use rustix::net::{AddressFamily, SocketFlags, SocketType, sockopt};
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Longest datagram taken from a device, in bytes. The largest answers of printers are some
/// 2 kB; what is longer is cut off by the kernel and then refused by the decoder.
pub(crate) const DATAGRAM_MAX: usize = 8 * 1024;

/// What the kernel may hold for one socket, in bytes: a few answers, duplicates included. A
/// device that floods us fills this and no more.
const RECEIVE_BUFFER: usize = 64 * 1024;

/// A socket and the buffer it reads into.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) socket: UdpSocket,
    pub(crate) buffer: Box<[u8]>,
}

/// The sockets, as many as may be in use at once.
#[derive(Debug)]
pub(crate) struct Pool {
    permits: Semaphore,
    idle_v4: Mutex<Vec<Channel>>,
    idle_v6: Mutex<Vec<Channel>>,
}

/// A channel connected to one device. Dropping it closes the socket; [`Lease::keep`] puts it
/// back, which only a conversation that ended in order may do: after any other, something late
/// could still reach the socket.
#[derive(Debug)]
pub(crate) struct Lease<'p> {
    pool: &'p Pool,
    channel: Channel,
    peer: SocketAddr,
    _permit: SemaphorePermit<'p>,
}

impl Pool {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size.clamp(1, Semaphore::MAX_PERMITS)),
            idle_v4: Mutex::default(),
            idle_v6: Mutex::default(),
        }
    }

    /// A channel to `peer`; waits while all are in use.
    pub(crate) async fn lease(&self, peer: SocketAddr) -> io::Result<Lease<'_>> {
        let permit = self.permits.acquire().await.map_err(io::Error::other)?;
        let idle = self.idle(peer).pop();
        let channel = match idle {
            Some(channel) => {
                rustix::net::connect_unspec(&channel.socket)?;
                rustix::net::connect(&channel.socket, &peer)?;
                channel
            }
            None => open(peer)?,
        };
        Ok(Lease {
            pool: self,
            channel,
            peer,
            _permit: permit,
        })
    }

    fn idle(&self, peer: SocketAddr) -> std::sync::MutexGuard<'_, Vec<Channel>> {
        let idle = if peer.is_ipv4() {
            &self.idle_v4
        } else {
            &self.idle_v6
        };
        idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a socket and connects it without ever binding it: the kernel chooses the port together
/// with the peer.
fn open(peer: SocketAddr) -> io::Result<Channel> {
    let family = if peer.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = rustix::net::socket_with(family, SocketType::DGRAM, flags, None)?;
    sockopt::set_socket_recv_buffer_size(&socket, RECEIVE_BUFFER)?;
    rustix::net::connect(&socket, &peer)?;
    Ok(Channel {
        socket: UdpSocket::from_std(StdUdpSocket::from(socket))?,
        buffer: vec![0; DATAGRAM_MAX].into_boxed_slice(),
    })
}

impl Lease<'_> {
    /// Sends a datagram.
    pub(crate) async fn send(&self, datagram: &[u8]) -> io::Result<()> {
        self.channel.socket.send(datagram).await.map(|_sent| ())
    }

    /// Receives a datagram of this device. One sent to this socket in its former connection may
    /// have been waiting in it; such are dropped by their source address.
    pub(crate) async fn receive(&mut self) -> io::Result<&[u8]> {
        let Channel { socket, buffer } = &mut self.channel;
        loop {
            let (length, source) = socket.recv_from(buffer).await?;
            if source == self.peer {
                return Ok(buffer.get(..length).unwrap_or_default());
            }
        }
    }

    /// Puts the socket back for the next device.
    pub(crate) fn keep(self) {
        self.pool.idle(self.peer).push(self.channel);
    }
}
