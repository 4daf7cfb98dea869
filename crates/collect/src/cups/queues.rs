//! Queues of a CUPS server: what holds for jobs that ask for nothing, and the printers behind.

use std::collections::HashMap;
use std::net::IpAddr;

use platen_domain::print_jobs::{ColorMode, PrinterHint, Sides};
use platen_domain::text::tidy_foreign_opt;

use super::{media, words};
use crate::ipp::{Group, Message, group_tag};

/// What is asked of every queue.
pub(super) const WANTED: &[&str] = &[
    "printer-name",
    "printer-make-and-model",
    "device-uri",
    "copies-default",
    "media-default",
    "media-col-default",
    "print-color-mode-default",
    "sides-default",
];

/// What CUPS calls the printer of a queue without a driver.
const RAW: &str = "Local Raw Printer";

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Queue {
    /// Copies of a job that names none.
    pub(super) copies: Option<u32>,
    /// Media of a job that names none.
    pub(super) media: Option<String>,
    /// Colour of a job that asks for none.
    pub(super) color: Option<ColorMode>,
    /// Sides of a job that asks for none.
    pub(super) sides: Option<Sides>,
    /// The printer.
    pub(super) printer: PrinterHint,
    /// Whether documents pass unread.
    pub(super) raw: bool,
    /// Whether the printer itself counts, over IPP.
    pub(super) counts: bool,
}

/// Queues by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Queues(HashMap<String, Queue>);

impl Queues {
    /// Reads the answer to `CUPS-Get-Printers`.
    pub(super) fn of(answer: &Message) -> Self {
        let groups = answer.groups_of(group_tag::PRINTER);
        let named = |group: &Group| Some((group.text("printer-name")?.to_owned(), queue(group)));
        Self(groups.filter_map(named).collect())
    }

    /// The queue with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Queue> {
        self.0.get(name)
    }
}

fn queue(group: &Group) -> Queue {
    let uri = group.text("device-uri").unwrap_or("");
    let copies = group.integer("copies-default");
    Queue {
        copies: copies.and_then(|copies| u32::try_from(copies).ok()),
        media: media::media(group, "-default"),
        color: group
            .text("print-color-mode-default")
            .and_then(words::color),
        sides: group.text("sides-default").and_then(Sides::from_keyword),
        printer: behind(uri),
        raw: group.text("printer-make-and-model") == Some(RAW),
        counts: uri.starts_with("ipp:") || uri.starts_with("ipps:"),
    }
}

/// What a `device-uri` tells of the printer: its address, where it is written as one (a name is not
/// looked up: it is the spooler's word), its serial number (`usb:`) and its UUID (`dnssd:`).
fn behind(uri: &str) -> PrinterHint {
    let Some((_scheme, rest)) = uri.split_once("://") else {
        return PrinterHint::default();
    };
    let (location, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = location.split('/').next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let parameter = |name: &str| {
        let found = query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then_some(value)
        });
        tidy_foreign_opt(&words::unescaped(found?))
    };
    PrinterHint {
        address: address(host),
        serial: parameter("serial"),
        uuid: parameter("uuid"),
    }
}

/// The address of `10.0.0.5`, `10.0.0.5:631`, `[2001:db8::1]` and `[2001:db8::1]:631`.
fn address(host: &str) -> Option<IpAddr> {
    let plain = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => host.split(':').next()?,
    };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_uris_name_printers() {
        let of = |uri| {
            let PrinterHint {
                address,
                serial,
                uuid,
            } = behind(uri);
            (address.map(|address| address.to_string()), serial, uuid)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            of("ipp://10.0.0.5/ipp/print"),
            (text("10.0.0.5"), None, None)
        );
        assert_eq!(
            of("socket://[2001:db8::1]:9100"),
            (text("2001:db8::1"), None, None)
        );
        assert_eq!(
            of("lpd://user@10.0.0.6/queue"),
            (text("10.0.0.6"), None, None)
        );
        assert_eq!(of("ipp://printer.example/ipp/print"), (None, None, None));
        assert_eq!(
            of("usb://HP/LaserJet%20400?serial=VNC3%2D12345&interface=1"),
            (None, text("VNC3-12345"), None)
        );
        assert_eq!(
            of("dnssd://HP._ipp._tcp.local/?uuid=564e4333-4230-3431-3533-9cb654a1b2c3"),
            (None, None, text("564e4333-4230-3431-3533-9cb654a1b2c3"))
        );
        assert_eq!(of("file:///dev/null"), (None, None, None));
        assert_eq!(of("garbage"), (None, None, None));
    }
}
