//! `[[range]]`: which addresses may be asked, for whom, with what.

use std::ops::Range;

use platen_app::fleet::collection::{NamedCredential, PlannedRange};
use platen_app::fleet::networks::Network;

use super::problems::{Problems, suggestion};
use super::section::Section;

/// UDP port of SNMP (RFC 3417).
const SNMP_PORT: u16 = 161;

/// A range as configured: its organization is still a name.
#[derive(Debug, Clone)]
pub(crate) struct ConfiguredRange {
    pub(crate) network: Network,
    pub(crate) port: u16,
    pub(crate) credentials: Vec<NamedCredential>,
    /// Name of the organization; `None` where the server has only one.
    pub(crate) organization: Option<String>,
}

/// Credentials by name; one that has a mistake of its own is known by name only.
pub(super) type Credentials = Vec<(String, Option<NamedCredential>)>;

pub(super) fn read(
    root: &mut Section<'_, '_>,
    known: &Credentials,
    problems: &mut Problems,
) -> Vec<ConfiguredRange> {
    let sections = root.sections("range", problems);
    let ranges = sections
        .into_iter()
        .map(|section| range(section, known, problems));
    ranges.collect::<Vec<_>>().into_iter().flatten().collect()
}

fn range(
    mut section: Section<'_, '_>,
    known: &Credentials,
    problems: &mut Problems,
) -> Option<ConfiguredRange> {
    let network = network(&mut section, problems);
    let port = section.port("port", problems).unwrap_or(SNMP_PORT);
    if let Some(problem) = network.and_then(|network| PlannedRange::check(network, port).err()) {
        section.refuse("cidr", problems, &problem.to_string());
    }
    let credentials = credentials(&mut section, known, problems);
    let organization = section.text("organization", problems);
    section.finish(problems);
    Some(ConfiguredRange {
        network: network?,
        port,
        credentials,
        organization,
    })
}

fn network(section: &mut Section<'_, '_>, problems: &mut Problems) -> Option<Network> {
    let text = section.required_text("cidr", problems)?;
    let parsed = text.parse::<Network>();
    parsed
        .inspect_err(|error| section.refuse("cidr", problems, &format!("{error} Found {text:?}")))
        .ok()
}

fn credentials(
    section: &mut Section<'_, '_>,
    known: &Credentials,
    problems: &mut Problems,
) -> Vec<NamedCredential> {
    let span: Range<usize> = section.span();
    let Some(names) = section.texts("credentials", problems) else {
        problems.at(
            &span,
            "range: credentials is missing: name at least one [[credential]]",
        );
        return Vec::new();
    };
    if names.is_empty() {
        section.refuse("credentials", problems, "name at least one [[credential]]");
    }
    let mut found = Vec::new();
    for name in names {
        let Some((_, credential)) = known.iter().find(|(known, _)| *known == name) else {
            let near = suggestion(&name, known.iter().map(|(known, _)| known.as_str()));
            let text = format!("there is no [[credential]] named {name:?}{near}");
            section.refuse("credentials", problems, &text);
            continue;
        };
        found.extend(credential.clone());
    }
    found
}
