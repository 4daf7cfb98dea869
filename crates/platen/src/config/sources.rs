//! `[[cups]]`, `[[page_log]]` and `[[drop]]`: where print jobs are read from.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use platen_app::printing::sources::{CupsServer, DropDirectory, PageLogFile, Source};
use platen_collect::cups::Spooler;
use platen_collect::http::{Client, Endpoint, Scheme, Trust};
use platen_collect::ipp::{Login, Peer};
use platen_collect::joblog::page_log::PageLogFormat;
use platen_collect::joblog::table::ColumnMap;
use platen_collect::joblog::{DateOrder, Encoding, Kind, Options};

use super::credentials::secret;
use super::problems::{Problems, suggestion};
use super::section::Section;

/// Longest instance, in bytes: it stands in the key of every job.
const INSTANCE_BYTES_MAX: usize = 100;

/// Longest column map, in bytes.
const COLUMN_MAP_BYTES_MAX: usize = 64 * 1024;

/// A source as configured.
#[derive(Debug, Clone)]
pub(crate) struct ConfiguredSource {
    /// Name of the organization; `None` where the server has only one.
    pub(crate) organization: Option<String>,
    instance: String,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    Cups {
        endpoint: Endpoint,
        login: Login,
        ca_file: Option<PathBuf>,
        users_verified: bool,
    },
    PageLog {
        path: PathBuf,
        format: Option<PageLogFormat>,
    },
    Drop {
        directory: PathBuf,
        kind: Option<Kind>,
        options: Box<Options>,
    },
}

impl ConfiguredSource {
    /// Makes it ready to be read.
    pub(crate) fn open(&self) -> anyhow::Result<Source> {
        let instance = self.instance.clone();
        Ok(match &self.origin {
            Origin::Cups {
                endpoint,
                login,
                ca_file,
                users_verified,
            } => Source::Cups(CupsServer::new(Spooler {
                peer: Peer::new(
                    client(endpoint, ca_file.as_deref())?,
                    endpoint.clone(),
                    login.clone(),
                ),
                instance,
                users_verified: *users_verified,
            })),
            Origin::PageLog { path, format } => {
                Source::PageLog(PageLogFile::new(path.clone(), instance, format.clone()))
            }
            Origin::Drop {
                directory,
                kind,
                options,
            } => {
                let options = Options {
                    instance,
                    ..(**options).clone()
                };
                Source::Drop(DropDirectory::new(directory.clone(), *kind, options))
            }
        })
    }

    /// How the lines are read that are there now, where nobody said it: a line for people. `None`
    /// for what needs no such line.
    pub(crate) fn read_as(&self) -> Option<String> {
        let Origin::PageLog { path, format: None } = &self.origin else {
            return None;
        };
        let shown = path.display();
        let log = PageLogFile::new(path.clone(), self.instance.clone(), None);
        Some(match log.form() {
            Ok(Some(Ok(form))) => format!("{shown} is read as: {}\n", form.words()),
            Ok(Some(Err(question))) => format!("{shown}: {question}\n"),
            Ok(None) => format!("{shown}: no line tells its form yet\n"),
            Err(error) => format!("{shown} cannot be read: {error}\n"),
        })
    }

    fn kind(&self) -> &'static str {
        match self.origin {
            Origin::Cups { .. } => "cups",
            Origin::PageLog { .. } => "page_log",
            Origin::Drop { .. } => "drop",
        }
    }
}

/// A client for a peer: with certificate authorities where it speaks TLS.
pub(crate) fn client(endpoint: &Endpoint, ca_file: Option<&Path>) -> anyhow::Result<Client> {
    match endpoint {
        Endpoint::Tcp {
            scheme: Scheme::Tls,
            ..
        } => Ok(Client::with_trust(Trust::load(ca_file)?)),
        _ => Ok(Client::plain()),
    }
}

/// Reads all of them. Only a server has organizations to choose from.
pub(super) fn read(
    root: &mut Section<'_, '_>,
    directory: &Path,
    has_organizations: bool,
    problems: &mut Problems,
) -> Vec<ConfiguredSource> {
    type Read = fn(&mut Section<'_, '_>, &Path, &mut Problems) -> Option<Origin>;
    let kinds: [(&str, Read); 3] = [("cups", cups), ("page_log", page_log), ("drop", drop)];
    let mut sources: Vec<ConfiguredSource> = Vec::new();
    for (key, read) in kinds {
        for mut section in root.sections(key, problems) {
            let instance = instance(&mut section, problems);
            let organization = has_organizations
                .then(|| section.text("organization", problems))
                .flatten();
            let origin = read(&mut section, directory, problems);
            let (Some(instance), Some(origin)) = (instance, origin) else {
                section.finish(problems);
                continue;
            };
            let source = ConfiguredSource {
                organization,
                instance,
                origin,
            };
            let same = |known: &ConfiguredSource| {
                (known.kind(), &known.instance) == (source.kind(), &source.instance)
            };
            if sources.iter().any(same) {
                let text = format!(
                    "there is a [[{key}]] with instance {:?} already",
                    source.instance
                );
                section.refuse("instance", problems, &text);
            }
            section.finish(problems);
            sources.push(source);
        }
    }
    sources
}

/// Names the source in the keys of its jobs, for ever.
fn instance(section: &mut Section<'_, '_>, problems: &mut Problems) -> Option<String> {
    let text = section.required_text("instance", problems)?;
    let visible = text.bytes().all(|b| b.is_ascii_graphic() && b != b'|');
    if (1..=INSTANCE_BYTES_MAX).contains(&text.len()) && visible {
        return Some(text);
    }
    let expected = format!(
        "expected 1 to {INSTANCE_BYTES_MAX} letters, digits and signs without blanks and |, \
         chosen once and never changed, found {text:?}"
    );
    section.refuse("instance", problems, &expected);
    None
}

fn cups(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<Origin> {
    let endpoint = endpoint(section, "url", problems);
    let login = login(section, directory, endpoint.as_ref(), problems);
    let ca_file = ca_file(section, directory, problems);
    let users_verified = section.flag("users_verified", problems).unwrap_or(false);
    Some(Origin::Cups {
        endpoint: endpoint?,
        login,
        ca_file,
        users_verified,
    })
}

/// Who we are to the peer at `endpoint`.
pub(super) fn login(
    section: &mut Section<'_, '_>,
    directory: &Path,
    endpoint: Option<&Endpoint>,
    problems: &mut Problems,
) -> Login {
    let user = section.text("user", problems);
    let has_password = section.has("password") || section.has("password_file");
    let keys = ["password", "password_file"];
    let password = has_password
        .then(|| secret(section, keys, directory, problems))
        .flatten();
    if user.is_none() && has_password {
        section.refuse("password", problems, "needs a user as well");
    }
    let is_socket = matches!(endpoint, Some(Endpoint::Unix(_)));
    let login = match (user, password) {
        (Some(user), Some(password)) => Login::Password { user, password },
        (Some(user), None) => {
            if !is_socket && !has_password {
                let text = "needs a password or password_file; without one only a spooler behind \
                    a unix: socket knows who asks";
                section.refuse("user", problems, text);
            }
            Login::PeerCredentials { user }
        }
        (None, _) => Login::Anonymous,
    };
    let confidential = endpoint.is_none_or(Endpoint::is_confidential);
    if matches!(login, Login::Password { .. }) && !confidential {
        let text = "a password is sent over TLS only: use https: or ipps:";
        section.refuse("url", problems, text);
    }
    login
}

/// The address under `key`, which must be there.
pub(super) fn endpoint(
    section: &mut Section<'_, '_>,
    key: &'static str,
    problems: &mut Problems,
) -> Option<Endpoint> {
    let text = section.required_text(key, problems)?;
    let parsed = text.parse::<Endpoint>();
    parsed
        .inspect_err(|error| section.refuse(key, problems, &error.to_string()))
        .ok()
}

/// A file with certificate authorities of the house.
pub(super) fn ca_file(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<PathBuf> {
    let path = directory.join(section.path("ca_file", problems)?);
    if let Err(error) = Trust::load(Some(&path)) {
        section.refuse("ca_file", problems, &error.to_string());
    }
    Some(path)
}

fn page_log(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<Origin> {
    let path = section.required_text("path", problems);
    let format = page_log_format(section, "format", problems);
    Some(Origin::PageLog {
        path: directory.join(path?),
        format,
    })
}

fn page_log_format(
    section: &mut Section<'_, '_>,
    key: &'static str,
    problems: &mut Problems,
) -> Option<PageLogFormat> {
    let parsed = section.text(key, problems)?.parse::<PageLogFormat>();
    parsed
        .inspect_err(|error| section.refuse(key, problems, &error.to_string()))
        .ok()
}

fn drop(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<Origin> {
    let dropped = section.required_text("directory", problems);
    let kind = kind(section, problems);
    let zone = section
        .text("time_zone", problems)
        .and_then(|name| match TimeZone::get(&name) {
            Ok(zone) => Some(zone),
            Err(_not_listed) => {
                let text = format!("expected an IANA name such as Europe/Berlin, found {name:?}");
                section.refuse("time_zone", problems, &text);
                None
            }
        });
    let encoding = section.text("encoding", problems).and_then(|label| {
        let found = Encoding::for_label(label.as_bytes());
        if found.is_none() {
            let text =
                format!("expected an encoding such as utf-8 or windows-1252, found {label:?}");
            section.refuse("encoding", problems, &text);
        }
        found
    });
    let column_map = column_map(section, directory, problems);
    let date_order = section.text("date_order", problems).and_then(|word| {
        let found = DateOrder::from_keyword(&word);
        if found.is_none() {
            let text = format!("expected dmy, mdy or ymd, found {word:?}");
            section.refuse("date_order", problems, &text);
        }
        found
    });
    if kind == Some(Kind::Table) && !section.has("column_map") {
        let text = "a table needs column_map, a file that says which column holds what";
        section.refuse("kind", problems, text);
    }
    Some(Origin::Drop {
        directory: directory.join(dropped?),
        kind,
        options: Box::new(Options {
            encoding,
            page_log_format: page_log_format(section, "page_log_format", problems),
            column_map,
            date_order,
            ..Options::new("", zone)
        }),
    })
}

fn kind(section: &mut Section<'_, '_>, problems: &mut Problems) -> Option<Kind> {
    let word = section.text("kind", problems)?;
    let read = |kind: &&Kind| **kind != Kind::Lprng;
    let names: Vec<_> = Kind::ALL.iter().filter(read).map(|k| k.keyword()).collect();
    let found = Kind::from_keyword(&word).filter(|kind| read(&kind));
    if found.is_none() {
        let near = suggestion(&word, names.iter().copied());
        let expected = names.join(", ");
        let text = format!("expected one of {expected}; found {word:?}{near}");
        section.refuse("kind", problems, &text);
    }
    found
}

fn column_map(
    section: &mut Section<'_, '_>,
    directory: &Path,
    problems: &mut Problems,
) -> Option<ColumnMap> {
    let path = directory.join(section.path("column_map", problems)?);
    let read = crate::files::read(&path, "column map", COLUMN_MAP_BYTES_MAX);
    let parsed = read.map_err(|error| format!("{error:#}")).and_then(|text| {
        text.parse()
            .map_err(|error| format!("{}: {error}", path.display()))
    });
    parsed
        .inspect_err(|problem: &String| section.refuse("column_map", problems, problem))
        .ok()
}

/// Who we are, without secrets.
pub(super) fn show_login(login: &Login) -> String {
    match login {
        Login::Anonymous => "as nobody".to_owned(),
        Login::Password { user, .. } => format!("as {user}, password (set)"),
        Login::PeerCredentials { user } => format!("as {user}"),
    }
}

/// One line for people.
impl fmt::Display for ConfiguredSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Cups {
                endpoint, login, ..
            } => {
                write!(f, "{endpoint} {}", show_login(login))?;
            }
            Origin::PageLog { path, .. } => write!(f, "{}", path.display())?,
            Origin::Drop {
                directory,
                kind,
                options,
            } => {
                let kind = kind.map_or("any known format", Kind::keyword);
                let zone = options.zone.as_ref().and_then(TimeZone::iana_name);
                let zone = zone.unwrap_or("the organization's zone");
                write!(f, "{}: {kind}, times of {zone}", directory.display())?;
            }
        }
        write!(f, ", instance {}", self.instance)
    }
}

/// The lines of a configuration's sources, each with the word it begins with.
pub(super) fn lines(sources: &[ConfiguredSource]) -> impl Iterator<Item = (&'static str, String)> {
    sources
        .iter()
        .map(|source| (source.kind(), source.to_string()))
}
