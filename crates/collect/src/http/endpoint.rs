//! Where a peer is: an address an administrator wrote down.

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

/// Ports that print whatever they receive (raw printing and its numbered siblings). A request sent
/// there comes out as paper.
const RAW_PRINTING: RangeInclusive<u16> = 9_100..=9_107;

/// How the peer is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the clear: `http`, or `ipp` (RFC 8010).
    Plain,
    /// Over TLS: `https`, or `ipps` (RFC 7472).
    Tls,
}

/// A peer and the path of its resource. Written as a URI: `http://host:port/path`, `https:`,
/// `ipp:`, `ipps:`, or `unix:/run/cups/cups.sock` for a socket of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Over TCP.
    Tcp {
        /// In the clear or over TLS.
        scheme: Scheme,
        /// Name or address, an IPv6 address without brackets.
        host: String,
        /// Port.
        port: u16,
        /// Path and query, beginning with `/`.
        path: String,
    },
    /// Over a Unix domain socket, whose other end sees which user of this machine asks.
    Unix(PathBuf),
}

/// Why a text is no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Another scheme, or none.
    #[error("\"{0}\" does not begin with http:, https:, ipp:, ipps: or unix:/")]
    Scheme(String),
    /// No host, or one that cannot be.
    #[error("\"{0}\" names no host such as printserver.example or [2001:db8::1]")]
    Host(String),
    /// A port that is no number from 1 to 65,535.
    #[error("\"{0}\" has a port that is none")]
    Port(String),
    /// A port that prints what it receives.
    #[error("port {0} prints what it receives; it is never connected to")]
    RawPrinting(u16),
    /// A name or password in the address: it would be logged with it.
    #[error("leave user and password out of the address; they have settings of their own")]
    UserInformation,
    /// A path with characters that a request line cannot carry.
    #[error("\"{0}\" holds characters that must be percent-encoded")]
    Path(String),
}

impl Endpoint {
    /// Path and query of the resource; `/` for a socket.
    pub fn path(&self) -> &str {
        match self {
            Self::Tcp { path, .. } => path,
            Self::Unix(_) => "/",
        }
    }

    /// The value of `Host`. Servers on a socket are `localhost`.
    pub fn authority(&self) -> String {
        match self {
            Self::Tcp { host, port, .. } => format!("{}:{port}", bracketed(host)),
            Self::Unix(_) => "localhost".to_owned(),
        }
    }

    /// Whether nobody between us and the peer can read along: TLS, a socket, or this machine.
    pub fn is_confidential(&self) -> bool {
        match self {
            Self::Unix(_) => true,
            Self::Tcp { scheme, host, .. } => {
                let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
                *scheme == Scheme::Tls || loopback || host == "localhost"
            }
        }
    }
}

/// The endpoint as written, in its canonical form.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp { scheme, path, .. } => {
                let scheme = match scheme {
                    Scheme::Plain => "http",
                    Scheme::Tls => "https",
                };
                write!(f, "{scheme}://{}{path}", self.authority())
            }
        }
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        if let Some(path) = text.strip_prefix("unix:").filter(|p| p.starts_with('/')) {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let unknown = || EndpointError::Scheme(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(unknown)?;
        let (scheme, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Scheme::Plain, 80),
            "https" => (Scheme::Tls, 443),
            "ipp" => (Scheme::Plain, 631),
            "ipps" => (Scheme::Tls, 631),
            _ => return Err(unknown()),
        };
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, "/"),
        };
        if authority.contains('@') {
            return Err(EndpointError::UserInformation);
        }
        if !path.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
            return Err(EndpointError::Path(path.to_owned()));
        }
        let (host, port) = host_and_port(authority)?;
        let port = port.unwrap_or(default_port);
        if RAW_PRINTING.contains(&port) {
            return Err(EndpointError::RawPrinting(port));
        }
        Ok(Self::Tcp {
            scheme,
            host,
            port,
            path: path.to_owned(),
        })
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), EndpointError> {
    let wrong_host = || EndpointError::Host(authority.to_owned());
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or_else(wrong_host)?;
            let ipv6 = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6());
            let port = after.strip_prefix(':');
            if !ipv6 || (port.is_none() && !after.is_empty()) {
                return Err(wrong_host());
            }
            (host, port)
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
    if host.is_empty() || !host.bytes().all(of_name) {
        return Err(wrong_host());
    }
    let port = port.map(|port| match port.parse() {
        Ok(0) | Err(_) => Err(EndpointError::Port(authority.to_owned())),
        Ok(port) => Ok(port),
    });
    Ok((host.to_owned(), port.transpose()?))
}

fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_people_write_them() {
        for (written, read) in [
            ("http://printsrv", "http://printsrv:80/"),
            ("ipp://printsrv/", "http://printsrv:631/"),
            (
                "ipps://10.0.0.5/ipp/print",
                "https://10.0.0.5:631/ipp/print",
            ),
            (
                "HTTPS://[2001:db8::1]:8443/in?a=b",
                "https://[2001:db8::1]:8443/in?a=b",
            ),
            ("unix:/run/cups/cups.sock", "unix:/run/cups/cups.sock"),
        ] {
            let endpoint: Endpoint = written.parse().unwrap();
            assert_eq!(endpoint.to_string(), read, "{written}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        let wrong = |text: &str| text.parse::<Endpoint>().unwrap_err();
        assert!(matches!(wrong("ftp://a"), EndpointError::Scheme(_)));
        assert!(matches!(wrong("unix:run/x"), EndpointError::Scheme(_)));
        assert!(matches!(wrong("http://"), EndpointError::Host(_)));
        assert!(matches!(wrong("http://[1.2.3.4]/"), EndpointError::Host(_)));
        assert!(matches!(wrong("http://a b/"), EndpointError::Host(_)));
        assert!(matches!(wrong("http://a:0/"), EndpointError::Port(_)));
        assert!(matches!(wrong("http://a/\r\nX: 1"), EndpointError::Path(_)));
        assert_eq!(wrong("http://u:p@a/"), EndpointError::UserInformation);
        assert_eq!(wrong("http://a:9100/"), EndpointError::RawPrinting(9_100));
    }

    #[test]
    fn only_tls_sockets_and_this_machine_are_confidential() {
        let confidential = |text: &str| text.parse::<Endpoint>().unwrap().is_confidential();
        assert!(confidential("https://printsrv/"));
        assert!(confidential("unix:/run/cups/cups.sock"));
        assert!(confidential("http://[::1]:631/"));
        assert!(!confidential("http://printsrv/"));
        assert!(!confidential("http://localhost.example/"));
    }
}
