//! What is left of the people behind a print job before it goes anywhere.
//!
//! A pseudonym is a letter for its field, a hyphen and 20 hex digits: the first 80 bits of
//! HMAC-SHA-256 (RFC 2104) under the organization's key. With 80 bits a million names have less
//! than one chance in 10^12 that any two of them share a pseudonym. A user's pseudonym is of the
//! name's identity ([`platen_domain::person_names`]): every spelling of a person has the same one.
//! Names of computers count without regard to case, since Windows and the DNS do not regard it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use platen_domain::keys::hex;
use platen_domain::person_names::{NameRule, identity, shown};
use platen_domain::print_jobs::PrintRecord;
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use sha2::Sha256;

/// Octets of the authentication code that a pseudonym shows.
const PSEUDONYM_OCTETS: usize = 10;

/// Octets of a block of SHA-256, to which HMAC fills a key up with zeros (RFC 2104, 2).
const BLOCK_OCTETS: usize = 64;

/// Begins what is authenticated, so that the key's other uses, should it get any, stay apart.
const CONTEXT: &[u8] = b"platen pseudonym\0";

/// Endings that are left of a title, in lower case. A list, and a closed one: what stands behind
/// the last point of a title may as well be somebody's name (`letter to j.smith`).
const EXTENSIONS: &[&str] = &[
    "afpub", "ai", "avif", "bmp", "cdr", "csv", "dgn", "doc", "docm", "docx", "dot", "dotx", "dwf",
    "dwg", "dxf", "emf", "eml", "eps", "epub", "fodp", "fods", "fodt", "gif", "heic", "htm",
    "html", "idml", "indd", "jpeg", "jpg", "json", "key", "log", "md", "mht", "mpp", "msg",
    "numbers", "odg", "odp", "ods", "odt", "oxps", "pages", "pcl", "pdf", "png", "potx", "pps",
    "ppsx", "ppt", "pptm", "pptx", "prn", "ps", "psd", "pub", "qxd", "rpt", "rtf", "svg", "tex",
    "tif", "tiff", "txt", "vsd", "vsdx", "webp", "wmf", "wps", "xls", "xlsb", "xlsm", "xlsx",
    "xltx", "xml", "xps", "zpl",
];

/// A field that tells of people. The same text in two fields has two pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonalField {
    /// The user's name.
    User,
    /// The document's title.
    Document,
    /// The computer's name.
    Client,
}

impl PersonalField {
    /// The letter before the hyphen, which also parts the fields under one key.
    const fn letter(self) -> &'static str {
        match self {
            Self::User => "u",
            Self::Document => "d",
            Self::Client => "c",
        }
    }

    /// The text as it counts: titles exactly, names of computers without regard to case, those
    /// of users by their identity.
    fn folded(self, text: &str) -> String {
        match self {
            Self::User => identity(&shown(text).unwrap_or_default()),
            Self::Client => text.trim().to_lowercase(),
            Self::Document => text.to_owned(),
        }
    }
}

/// Makes a record what its organization wants to know. Doing it twice changes nothing more.
pub fn apply(
    policy: &PrivacyPolicy,
    key: &PseudonymKey,
    names: &NameRule,
    record: &mut PrintRecord,
) {
    // Behind a pseudonym nobody can take a domain off any more.
    if policy.user == FieldMode::Hash
        && let Some(name) = &record.user
    {
        record.user = names.read(name).map(|read| read.name.into_owned());
    }
    let fields = [
        (PersonalField::User, policy.user, &mut record.user),
        (
            PersonalField::Document,
            policy.document,
            &mut record.document,
        ),
        (PersonalField::Client, policy.client, &mut record.client),
    ];
    for (field, mode, text) in fields {
        *text = text.take().and_then(|text| treated(mode, key, field, text));
    }
}

/// What becomes of one text. Names have no extension: where one is asked for nothing is left.
fn treated(
    mode: FieldMode,
    key: &PseudonymKey,
    field: PersonalField,
    text: String,
) -> Option<String> {
    match (mode, field) {
        (FieldMode::Collect, _) => Some(text),
        // What a collector did already is not done again by the server behind it.
        (FieldMode::Hash, _) if is_pseudonym(field, &text) => Some(text),
        (FieldMode::Hash, _) => Some(pseudonym(key, field, &text)),
        (FieldMode::Extension, PersonalField::Document) => extension(&text),
        (FieldMode::Drop | FieldMode::Extension, _) => None,
    }
}

/// The pseudonym of a text: for a record on its way in, and for a reader who may not see names.
///
/// What has the form of a pseudonym of the field is one already and stays as it is, so that a
/// record treated at its site, again by the server, and again for a reader shows one pseudonym.
pub fn pseudonym(key: &PseudonymKey, field: PersonalField, text: &str) -> String {
    if is_pseudonym(field, text) {
        return text.to_owned();
    }
    pseudonym_of(key, field, &field.folded(text))
}

fn pseudonym_of(key: &PseudonymKey, field: PersonalField, folded: &str) -> String {
    let mut block = [0; BLOCK_OCTETS];
    for (octet, secret) in block.iter_mut().zip(key.expose()) {
        *octet = *secret;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(CONTEXT);
    mac.update(field.letter().as_bytes());
    mac.update(b"\0");
    mac.update(folded.as_bytes());
    let code = mac.finalize().into_bytes();
    let shown: Vec<u8> = code.into_iter().take(PSEUDONYM_OCTETS).collect();
    format!("{}-{}", field.letter(), hex(&shown))
}

/// The pseudonym that an earlier Platen made of a user's name: of the name as it was written, in
/// lower case.
pub fn former_pseudonym(key: &PseudonymKey, name: &str) -> String {
    pseudonym_of(key, PersonalField::User, &name.trim().to_lowercase())
}

/// Whether the text has the form of a pseudonym of the field.
pub fn is_pseudonym(field: PersonalField, text: &str) -> bool {
    let digits = text
        .strip_prefix(field.letter())
        .and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        digits.len() == 2 * PSEUDONYM_OCTETS && digits.bytes().all(is_digit)
    })
}

/// The file extension that a title ends in, such as `.pdf`; `None` where it has no known one.
fn extension(title: &str) -> Option<String> {
    let (_, ending) = title.trim().rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    EXTENSIONS
        .contains(&ending.as_str())
        .then(|| format!(".{ending}"))
}

#[cfg(test)]
#[path = "privacy_tests.rs"]
mod tests;
