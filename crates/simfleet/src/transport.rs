//! One UDP socket that answers for all of 127.0.0.0/8: `IP_PKTINFO` tells at which address a
//! datagram arrived and from which address the answer leaves.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::cmsg_space;
use nix::libc::{in_addr, in_pktinfo};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, sendmsg, setsockopt,
    sockopt,
};
use socket2::{Domain, Protocol, Socket, Type};

/// Octets of receive and send buffer asked for; the kernel caps it at `net.core.rmem_max`.
const SOCKET_BUFFER: usize = 4 << 20;

/// Largest datagram taken; a request is never longer.
const REQUEST_MAX: usize = 65_535;

/// The fleet's socket.
#[derive(Debug)]
pub(crate) struct Transport {
    socket: UdpSocket,
    control: Vec<u8>,
    buffer: Vec<u8>,
    timeout: Option<Duration>,
}

/// Who asked whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    /// The manager.
    pub(crate) peer: SocketAddrV4,
    /// The device.
    pub(crate) device: Ipv4Addr,
}

impl Transport {
    /// Binds `port`, or any free one for 0.
    pub(crate) fn bind(port: u16) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_recv_buffer_size(SOCKET_BUFFER)?;
        socket.set_send_buffer_size(SOCKET_BUFFER)?;
        setsockopt(&socket, sockopt::Ipv4PacketInfo, &true)?;
        socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port).into())?;
        Ok(Self {
            socket: socket.into(),
            control: cmsg_space!(in_pktinfo),
            buffer: vec![0; REQUEST_MAX],
            timeout: None,
        })
    }

    pub(crate) fn port(&self) -> io::Result<u16> {
        Ok(self.socket.local_addr()?.port())
    }

    /// Waits at most `timeout` for a datagram; `None` when none came.
    pub(crate) fn receive(&mut self, timeout: Duration) -> io::Result<Option<(Route, &[u8])>> {
        if self.timeout != Some(timeout) {
            self.socket.set_read_timeout(Some(timeout))?;
            self.timeout = Some(timeout);
        }
        let mut slices = [IoSliceMut::new(&mut self.buffer)];
        let descriptor = self.socket.as_raw_fd();
        let control = Some(self.control.as_mut_slice());
        let received = recvmsg::<SockaddrIn>(descriptor, &mut slices, control, MsgFlags::empty());
        let message = match received {
            Ok(message) => message,
            Err(errno) => {
                let error = io::Error::from(errno);
                return match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(None),
                    _ => Err(error),
                };
            }
        };
        let destination = message.cmsgs()?.find_map(|control| match control {
            ControlMessageOwned::Ipv4PacketInfo(info) => Some(from_network(info.ipi_addr)),
            _ => None,
        });
        let route = message.address.zip(destination).map(|(peer, device)| {
            let peer = SocketAddrV4::new(peer.ip(), peer.port());
            Route { peer, device }
        });
        let length = message.bytes;
        Ok(route.and_then(|route| Some((route, self.buffer.get(..length)?))))
    }

    /// Sends `datagram` from `route.device` to `route.peer`.
    pub(crate) fn send(&self, route: Route, datagram: &[u8]) -> io::Result<()> {
        let source = in_pktinfo {
            ipi_ifindex: 0,
            ipi_spec_dst: to_network(route.device),
            ipi_addr: to_network(Ipv4Addr::UNSPECIFIED),
        };
        let control = [ControlMessage::Ipv4PacketInfo(&source)];
        let peer = SockaddrIn::from(route.peer);
        let slices = [IoSlice::new(datagram)];
        sendmsg(
            self.socket.as_raw_fd(),
            &slices,
            &control,
            MsgFlags::empty(),
            Some(&peer),
        )?;
        Ok(())
    }
}

fn from_network(address: in_addr) -> Ipv4Addr {
    Ipv4Addr::from(u32::from_be(address.s_addr))
}

fn to_network(address: Ipv4Addr) -> in_addr {
    in_addr {
        s_addr: u32::from(address).to_be(),
    }
}
