//! Someone on the wire between the client and an agent.

use std::net::SocketAddr;

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// A running relay. It ends with the test.
pub struct Relay {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

/// What the relay does with an answer: the datagrams the client gets for it.
pub type Tamper = Box<dyn FnMut(Vec<u8>) -> Vec<Vec<u8>> + Send>;

impl Relay {
    /// Passes every request to the agent that `route` names for it by its number, counted from
    /// 0, and every answer through `tamper`.
    pub async fn start(
        mut route: impl FnMut(usize) -> SocketAddr + Send + 'static,
        mut tamper: Tamper,
    ) -> Self {
        let front = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = front.local_addr().unwrap();
        let back = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let task = tokio::spawn(async move {
            let mut buffer = [0; 8192];
            for number in 0.. {
                let (length, client) = front.recv_from(&mut buffer).await.unwrap();
                back.send_to(&buffer[..length], route(number))
                    .await
                    .unwrap();
                let length = back.recv(&mut buffer).await.unwrap();
                for datagram in tamper(buffer[..length].to_vec()) {
                    front.send_to(&datagram, client).await.unwrap();
                }
            }
        });
        Self { address, task }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}
