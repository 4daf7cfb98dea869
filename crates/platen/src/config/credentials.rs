//! `[[credential]]`: communities and SNMPv3 users, their secrets in the file or beside it.

use std::fs;
use std::path::Path;

use platen_app::fleet::collection::NamedCredential;
use platen_collect::snmp::{AuthProtocol, Credential, PrivacyProtocol, UsmUser, Version};
use platen_domain::secret::Secret;

use super::log::word;
use super::problems::Problems;
use super::ranges::Credentials;
use super::section::Section;

/// Longest secret, in bytes; a file that is longer is not one.
const SECRET_BYTES_MAX: usize = 1_024;

/// Shortest password of SNMPv3, in bytes (RFC 3414, 11.2).
const USM_PASSWORD_BYTES_MIN: usize = 8;

/// Longest user name of SNMPv3, in bytes (RFC 3411, `SnmpAdminString` of `usmUserName`).
const USM_NAME_BYTES_MAX: usize = 32;

#[derive(Clone, Copy)]
enum Kind {
    Community(Version),
    Usm,
}

const VERSIONS: [(&str, Kind); 3] = [
    ("v1", Kind::Community(Version::V1)),
    ("v2c", Kind::Community(Version::V2c)),
    ("v3", Kind::Usm),
];

pub(super) const AUTH_PROTOCOLS: [(&str, AuthProtocol); 6] = [
    ("md5", AuthProtocol::Md5),
    ("sha1", AuthProtocol::Sha1),
    ("sha224", AuthProtocol::Sha224),
    ("sha256", AuthProtocol::Sha256),
    ("sha384", AuthProtocol::Sha384),
    ("sha512", AuthProtocol::Sha512),
];

pub(super) const PRIVACY_PROTOCOLS: [(&str, PrivacyProtocol); 4] = [
    ("des", PrivacyProtocol::Des),
    ("aes128", PrivacyProtocol::Aes128),
    ("aes192", PrivacyProtocol::Aes192),
    ("aes256", PrivacyProtocol::Aes256),
];

pub(super) fn read(
    root: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Credentials {
    let mut read: Credentials = Vec::new();
    for mut section in root.sections("credential", problems) {
        let Some(name) = section.required_text("name", problems) else {
            continue;
        };
        if read.iter().any(|(known, _)| *known == name) {
            let text = format!("there is a [[credential]] named {name:?} already");
            section.refuse("name", problems, &text);
        }
        let credential = credential(&mut section, directory, problems);
        section.finish(problems);
        let named = credential.map(|credential| NamedCredential {
            name: name.clone(),
            credential,
        });
        read.push((name, named));
    }
    read
}

/// Asks for the keys of the version at hand only, so that a community on an SNMPv3 user is an
/// unknown key.
fn credential(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<Credential> {
    section.required_text("version", problems)?;
    match word(section, "version", &VERSIONS, problems)? {
        Kind::Community(version) => {
            let keys = ["community", "community_file"];
            let community = secret(section, keys, directory, problems)?;
            Some(Credential::Community { version, community })
        }
        Kind::Usm => usm(section, directory, problems).map(Credential::Usm),
    }
}

fn usm(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<UsmUser> {
    let name = section.required_text("user", problems);
    if name
        .as_ref()
        .is_some_and(|name| !(1..=USM_NAME_BYTES_MAX).contains(&name.len()))
    {
        let text = format!("expected 1 to {USM_NAME_BYTES_MAX} bytes");
        section.refuse("user", problems, &text);
    }
    let auth = protected(section, "auth", &AUTH_PROTOCOLS, directory, problems);
    let privacy = protected(section, "privacy", &PRIVACY_PROTOCOLS, directory, problems);
    if privacy.is_some() && auth.is_none() {
        section.refuse(
            "privacy",
            problems,
            "needs auth as well (RFC 3414 has no privacy alone)",
        );
    }
    Some(UsmUser {
        name: name?,
        auth,
        privacy,
        context: section.text("context", problems).unwrap_or_default(),
    })
}

/// `{ protocol = "…", password_file = "…" }` under `key`.
fn protected<T: Copy>(
    section: &mut Section<'_, '_>,
    key: &'static str,
    protocols: &[(&'static str, T)],
    directory: &Path,
    problems: &mut Problems,
) -> Option<(T, Secret<String>)> {
    let mut inner = section.section(key, problems)?;
    let protocol = inner.required_text("protocol", problems);
    let protocol = protocol.and_then(|_| word(&mut inner, "protocol", protocols, problems));
    let password = secret(
        &mut inner,
        ["password", "password_file"],
        directory,
        problems,
    );
    let too_short = |password: &Secret<String>| password.expose().len() < USM_PASSWORD_BYTES_MIN;
    if password.as_ref().is_some_and(too_short) {
        let text = format!("SNMPv3 passwords have at least {USM_PASSWORD_BYTES_MIN} bytes");
        inner.refuse("password", problems, &text);
    }
    inner.finish(problems);
    protocol.zip(password)
}

/// A secret that stands under the first key, or in the file named under the second.
pub(super) fn secret(
    section: &mut Section<'_, '_>,
    [here, in_file]: [&'static str; 2],
    directory: &Path,
    problems: &mut Problems,
) -> Option<Secret<String>> {
    let text = section.text(here, problems);
    let file = section.path(in_file, problems);
    match (text, file) {
        (Some(text), None) => Some(Secret::new(text)),
        (None, Some(file)) => {
            let read = secret_file(&directory.join(file));
            read.map_err(|problem| section.refuse(in_file, problems, &problem))
                .ok()
        }
        (Some(_), Some(_)) => {
            section.refuse(
                in_file,
                problems,
                &format!("give {here} or {in_file}, not both"),
            );
            None
        }
        (None, None) => {
            section.refuse(here, problems, &format!("give {here} or {in_file}"));
            None
        }
    }
}

/// The file's text without the line end that editors add.
fn secret_file(path: &Path) -> Result<Secret<String>, String> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    match text.len() {
        0 => Err(format!("{name} is empty")),
        1..=SECRET_BYTES_MAX => Ok(Secret::new(text.to_owned())),
        _ => Err(format!(
            "{name} is longer than a secret: {SECRET_BYTES_MAX} bytes at most"
        )),
    }
}
