//! A configuration's effective values as a person reads them. Secrets show as `(set)`.

use std::fmt;

use platen_app::fleet::collection::NamedCredential;
use platen_collect::snmp::{Credential, UsmUser, Version};

use super::credentials::{AUTH_PROTOCOLS, PRIVACY_PROTOCOLS};
use super::{Config, ConfiguredRange, LogFormat, durations, sources};

/// Width of the first column.
const LABEL: usize = 16;

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = &self.server;
        let tls = server.tls.as_ref().map_or_else(
            || "none".to_owned(),
            |tls| format!("{} with {}", tls.certificates.display(), tls.key.display()),
        );
        let schedule = &self.schedule;
        let show = durations::show;
        let schedule = format!(
            "discovery every {}, static set every {}, dynamic set every {}",
            show(schedule.discovery),
            show(schedule.static_set),
            show(schedule.dynamic_set)
        );
        let format = match self.log.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        let level = self.log.level.to_string().to_lowercase();
        line(
            f,
            "data_directory",
            &self.data_directory.display().to_string(),
        )?;
        line(f, "listen", &server.listen.to_string())?;
        line(f, "public_url", &server.public_url)?;
        line(f, "tls", &tls)?;
        line(f, "behind_proxy", &server.behind_proxy.to_string())?;
        line(f, "schedule", &schedule)?;
        line(f, "log", &format!("{format}, {level} and above"))?;
        for named in &self.credentials {
            line(f, "credential", &credential(named))?;
        }
        for configured in &self.ranges {
            line(f, "range", &range(configured))?;
        }
        if self.ranges.is_empty() {
            line(f, "range", "none: no printer will be asked")?;
        }
        for printer in &self.ipp_printers {
            line(f, "ipp_printer", &printer.to_string())?;
        }
        for (label, text) in sources::lines(&self.sources) {
            line(f, label, &text)?;
        }
        Ok(())
    }
}

pub(super) fn line(f: &mut fmt::Formatter<'_>, label: &str, value: &str) -> fmt::Result {
    writeln!(f, "{label:LABEL$} {value}")
}

fn credential(named: &NamedCredential) -> String {
    let what = match &named.credential {
        Credential::Community { version, .. } => {
            let version = match version {
                Version::V1 => "v1",
                Version::V2c => "v2c",
            };
            format!("{version}, community (set)")
        }
        Credential::Usm(user) => usm(user),
    };
    format!("{}: {what}", named.name)
}

fn usm(user: &UsmUser) -> String {
    let auth = user
        .auth
        .as_ref()
        .and_then(|(auth, _)| name(&AUTH_PROTOCOLS, auth));
    let privacy = user.privacy.as_ref();
    let privacy = privacy.and_then(|(privacy, _)| name(&PRIVACY_PROTOCOLS, privacy));
    let protection = |what: &str, protocol: Option<&str>| {
        protocol.map_or_else(
            || format!("no {what}"),
            |protocol| format!("{what} {protocol} (set)"),
        )
    };
    let mut parts = vec![
        format!("v3, user {}", user.name),
        protection("auth", auth),
        protection("privacy", privacy),
    ];
    if !user.context.is_empty() {
        parts.push(format!("context {}", user.context));
    }
    parts.join(", ")
}

fn name<T: PartialEq>(words: &[(&'static str, T)], wanted: &T) -> Option<&'static str> {
    let found = words.iter().find(|(_, value)| value == wanted);
    found.map(|(name, _)| *name)
}

fn range(range: &ConfiguredRange) -> String {
    let names: Vec<_> = range
        .credentials
        .iter()
        .map(|named| named.name.as_str())
        .collect();
    let organization = range
        .organization
        .as_deref()
        .unwrap_or("the only organization");
    let credentials = names.join(", ");
    format!(
        "{} port {} with {credentials}, for {organization}",
        range.network, range.port
    )
}
