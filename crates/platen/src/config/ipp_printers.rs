//! `[[ipp_printer]]`: printers that are asked by IPP, where SNMP is off.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use platen_app::fleet::collection::{IppPrinterProblem, address_of};
use platen_app::fleet::networks::denied;
use platen_collect::http::Endpoint;
use platen_collect::ipp::{Login, Peer};

use super::durations;
use super::problems::Problems;
use super::ranges::ConfiguredRange;
use super::section::Section;
use super::sources::{ca_file, client, endpoint, login, show_login};

/// A printer as configured.
#[derive(Debug, Clone)]
pub(crate) struct ConfiguredIppPrinter {
    /// Name of the organization; `None` where the server has only one.
    pub(crate) organization: Option<String>,
    endpoint: Endpoint,
    login: Login,
    ca_file: Option<PathBuf>,
    /// `None` as often as everything else.
    pub(crate) every: Option<Duration>,
    /// Whether its own jobs are taken in.
    pub(crate) jobs: bool,
}

impl ConfiguredIppPrinter {
    /// Makes it ready to be asked.
    pub(crate) fn open(&self) -> anyhow::Result<Peer> {
        let client = client(&self.endpoint, self.ca_file.as_deref())?;
        Ok(Peer::new(client, self.endpoint.clone(), self.login.clone()))
    }
}

/// Reads all of them. `ranges` are those of every organization: whether the right one allows a
/// printer shows when organizations are known.
pub(super) fn read(
    root: &mut Section<'_, '_>,
    directory: &Path,
    ranges: &[ConfiguredRange],
    problems: &mut Problems,
) -> Vec<ConfiguredIppPrinter> {
    let mut printers: Vec<ConfiguredIppPrinter> = Vec::new();
    for mut section in root.sections("ipp_printer", problems) {
        let printer = printer(&mut section, directory, ranges, problems);
        if let Some(printer) = printer {
            // What answers at an address is one device: two would displace each other for ever.
            let same = |known: &ConfiguredIppPrinter| {
                known.organization == printer.organization
                    && address_of(&known.endpoint) == address_of(&printer.endpoint)
            };
            if printers.iter().any(same) {
                let text = "there is an [[ipp_printer]] at this address already";
                section.refuse("url", problems, text);
            }
            printers.push(printer);
        }
        section.finish(problems);
    }
    printers
}

fn printer(
    section: &mut Section<'_, '_>,
    directory: &Path,
    ranges: &[ConfiguredRange],
    problems: &mut Problems,
) -> Option<ConfiguredIppPrinter> {
    let organization = section.text("organization", problems);
    let endpoint = endpoint(section, "url", problems);
    if let Some(Err(problem)) = endpoint.as_ref().map(|endpoint| check(endpoint, ranges)) {
        section.refuse("url", problems, &problem.to_string());
    }
    let login = login(section, directory, endpoint.as_ref(), problems);
    let ca_file = ca_file(section, directory, problems);
    let every = section.duration("every", problems);
    let jobs = section.flag("jobs", problems).unwrap_or(false);
    Some(ConfiguredIppPrinter {
        organization,
        endpoint: endpoint?,
        login,
        ca_file,
        every,
        jobs,
    })
}

fn check(endpoint: &Endpoint, ranges: &[ConfiguredRange]) -> Result<IpAddr, IppPrinterProblem> {
    let address = address_of(endpoint)?;
    let allows = |range: &ConfiguredRange| {
        range.network.contains(address) && denied(address, range.network).is_none()
    };
    let allowed = ranges.iter().any(allows);
    allowed
        .then_some(address)
        .ok_or(IppPrinterProblem::OutOfRange(address))
}

/// One line for people.
impl fmt::Display for ConfiguredIppPrinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.endpoint, show_login(&self.login))?;
        if let Some(every) = self.every {
            write!(f, ", every {}", durations::show(every))?;
        }
        if self.jobs {
            f.write_str(", with its jobs")?;
        }
        let organization = self.organization.as_deref();
        write!(
            f,
            ", for {}",
            organization.unwrap_or("the only organization")
        )
    }
}
