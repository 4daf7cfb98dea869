//! Our own server, as the measurement sees it: an address, a key and a process.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};

use super::super::client::Request;
use super::{Options, Window};

/// A server with print jobs in it.
pub(super) struct Ours {
    pub address: SocketAddr,
    /// `Authorization` headers, each of a key of its own: a key may ask for few reports at the
    /// same time.
    pub authorizations: Vec<String>,
    pub pid: u32,
    pub periods: Vec<Period>,
}

/// A period of the report.
pub(super) struct Period {
    pub name: &'static str,
    /// Path of the report, without a query.
    pub path: String,
}

/// The forms in which a report is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Json,
    Gzip,
    Zstd,
    Csv,
    Ndjson,
}

impl Form {
    const fn query(self) -> &'static str {
        match self {
            Self::Json | Self::Gzip | Self::Zstd => "",
            Self::Csv => "?format=csv",
            Self::Ndjson => "?format=ndjson",
        }
    }

    const fn encoding(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Json | Self::Csv | Self::Ndjson => "identity",
        }
    }
}

impl Ours {
    /// The server that the options name.
    pub(super) fn of(options: &Options) -> Result<Self> {
        let period = |name, path: &Option<String>| path.clone().map(|path| Period { name, path });
        let periods: Vec<_> = [period("month", &options.month), period("all", &options.all)]
            .into_iter()
            .flatten()
            .collect();
        let (Some(address), Some(pid)) = (options.address, options.pid) else {
            bail!("name a running server by --address and --pid");
        };
        if periods.is_empty() || options.key.is_empty() {
            bail!("name a report by --month or --all, and what opens it by --key");
        }
        let keys = options.key.iter();
        Ok(Self {
            address,
            authorizations: keys.map(|key| format!("bearer {key}")).collect(),
            pid,
            periods,
        })
    }

    /// How it is asked for a period in a form. Requests with different turns use different keys
    /// as far as there are any.
    pub(super) fn request(&self, period: &Period, form: Form, turn: usize) -> Request {
        let mut authorizations = self.authorizations.iter().cycle();
        Request {
            server: self.address,
            path: [&period.path, form.query()].concat(),
            authorization: authorizations.nth(turn).cloned(),
            encoding: form.encoding(),
        }
    }
}

impl Window {
    /// Reads `X-Report-Period`: two instants in RFC 3339, the second not included.
    pub(super) fn parse(header: &str) -> Result<Self> {
        let (from, until) = header
            .split_once('/')
            .with_context(|| format!("X-Report-Period is {header:?}"))?;
        let instant = |text: &str| {
            text.bytes()
                .all(|octet| b"0123456789-:.+TZ".contains(&octet))
        };
        if !instant(from) || !instant(until) {
            bail!("X-Report-Period is {header:?}");
        }
        Ok(Self {
            from: from.to_owned(),
            until: until.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_two_instants_and_nothing_else() {
        let window = Window::parse("2026-06-01T00:00:00+02:00/2026-07-01T00:00:00+02:00").unwrap();
        assert_eq!(window.until, "2026-07-01T00:00:00+02:00");
        assert!(Window::parse("2026-06-01T00:00:00Z").is_err());
        assert!(Window::parse("2026-06-01T00:00:00Z/'; drop").is_err());
    }
}
