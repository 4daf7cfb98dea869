//! Where the server listens, and under which address it is reached.

use std::net::SocketAddr;
use std::path::Path;

use platen_http::tls::{self, TlsFiles};

use super::problems::Problems;
use super::section::Section;

/// Where the server listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:8631";

/// The server's side of the configuration.
#[derive(Debug, Clone)]
pub(crate) struct ServerOptions {
    pub(crate) listen: SocketAddr,
    /// Without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) tls: Option<TlsFiles>,
    /// A proxy in front of the server speaks TLS.
    pub(crate) behind_proxy: bool,
}

impl ServerOptions {
    pub(super) fn read(
        root: &mut Section<'_, '_>,
        directory: &Path,
        problems: &mut Problems,
    ) -> Self {
        let expected = format!("an address with a port, such as {LISTEN} or [::]:443");
        let listen = root.parsed("listen", &expected, problems);
        let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8631)));
        let tls = read_tls(root, directory, problems);
        let behind_proxy = root.flag("behind_proxy", problems).unwrap_or(false);
        if tls.is_none() && !behind_proxy && !listen.ip().is_loopback() {
            let text = "plain HTTP beyond this machine would show keys and passwords to the \
                network: add [tls], or set behind_proxy = true where a proxy in front speaks TLS";
            root.refuse("listen", problems, text);
        }
        let public_url = root.text("public_url", problems);
        if let Some(url) = &public_url
            && !is_base_url(url)
        {
            let text = format!("expected a URL such as https://print.example.org, found {url:?}");
            root.refuse("public_url", problems, &text);
        }
        let encrypted = tls.is_some() || behind_proxy;
        if encrypted && public_url.as_ref().is_some_and(|url| is_plain(url)) {
            let text = "browsers reach this server over TLS, so it begins with https://; under \
                http:// they would send their sessions in clear";
            root.refuse("public_url", problems, text);
        }
        let scheme = if encrypted { "https" } else { "http" };
        let url = public_url.unwrap_or_else(|| format!("{scheme}://{listen}"));
        Self {
            listen,
            public_url: url.trim_end_matches('/').to_owned(),
            tls,
            behind_proxy,
        }
    }
}

fn read_tls(
    root: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<TlsFiles> {
    let mut section = root.section("tls", problems)?;
    let certificates = section.required_text("certificate", problems);
    let key = section.required_text("key", problems);
    let files = certificates.zip(key).map(|(certificates, key)| TlsFiles {
        certificates: directory.join(certificates),
        key: directory.join(key),
    });
    if let Some(Err(error)) = files.as_ref().map(tls::load) {
        problems.at(&section.span(), format!("tls: {error}"));
    }
    section.finish(problems);
    files
}

/// Whether a URL says that its server speaks plain HTTP.
fn is_plain(url: &str) -> bool {
    url.starts_with("http://")
}

/// `http` or `https`, a host, nothing behind it.
fn is_base_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.trim_end_matches('/'));
    host.is_some_and(|host| {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "/?#@\\\"'<>".contains(c);
        !host.is_empty() && !host.contains(forbidden)
    })
}
