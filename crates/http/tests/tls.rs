//! The whole server over TLS, as `serve` runs it.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use platen_http::limits::Limits;
use platen_http::tls::{TlsError, TlsFiles, load};
use platen_http::{HttpOptions, Layouts, serve};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use support::{PUBLIC_URL, World};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

/// No test waits longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

struct Certified {
    directory: TempDir,
    certificate: CertificateDer<'static>,
}

impl Certified {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let directory = TempDir::new().unwrap();
        std::fs::write(directory.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(
            directory.path().join("key.pem"),
            made.signing_key.serialize_pem(),
        )
        .unwrap();
        Self {
            directory,
            certificate: made.cert.der().clone(),
        }
    }

    fn files(&self) -> TlsFiles {
        TlsFiles {
            certificates: self.directory.path().join("cert.pem"),
            key: self.directory.path().join("key.pem"),
        }
    }

    fn client(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

async fn running(certified: &Certified) -> Running {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = HttpOptions {
        public_url: PUBLIC_URL.to_owned(),
        layouts: Layouts::default(),
        limits: Limits {
            handshake: Duration::from_millis(300),
            ..Limits::default()
        },
    };
    let (stop, stopped) = oneshot::channel();
    let tls = load(&certified.files()).unwrap();
    let server = tokio::spawn(async move {
        // The world's directory must live as long as the server.
        let app = world.app.clone();
        serve(listener, Some(tls), app, options, async {
            drop(stopped.await);
        })
        .await;
    });
    Running {
        address,
        stop,
        server,
    }
}

#[tokio::test]
async fn health_over_tls_and_a_clean_stop() {
    let certified = Certified::new();
    let running = running(&certified).await;
    let stream = TcpStream::connect(running.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = certified.client().connect(name, stream).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age="),
        "{answer}"
    );
    assert!(answer.ends_with("ok\n"), "{answer}");
    running.stop.send(()).unwrap();
    tokio::time::timeout(PATIENCE, running.server)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut() {
    let certified = Certified::new();
    let running = running(&certified).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let mut nothing = Vec::new();
    let cut = stream.read_to_end(&mut nothing);
    assert_eq!(
        tokio::time::timeout(PATIENCE, cut).await.unwrap().unwrap(),
        0
    );
}

#[test]
fn files_that_do_not_fit_are_named() {
    let (one, other) = (Certified::new(), Certified::new());
    let missing = TlsFiles {
        certificates: one.directory.path().join("missing.pem"),
        ..one.files()
    };
    let error = load(&missing).err().unwrap();
    assert!(matches!(error, TlsError::File { .. }));
    assert!(error.to_string().contains("missing.pem"), "{error}");
    let swapped = TlsFiles {
        certificates: one.files().key,
        ..one.files()
    };
    assert!(matches!(
        load(&swapped).err().unwrap(),
        TlsError::NoCertificate(_)
    ));
    let mixed = TlsFiles {
        key: other.files().key,
        ..one.files()
    };
    assert!(matches!(load(&mixed).err().unwrap(), TlsError::Unusable(_)));
}
