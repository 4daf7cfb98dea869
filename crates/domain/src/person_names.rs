//! Names of people who print: one normal form, whichever door a name comes in by.
//!
//! A print server says `UNI\kim`, a release program `kim@uni.example`, a log `Kim`. A name is read
//! in three steps. [`NameRule::read`] makes it a line that can be shown: NFKC (Unicode Standard
//! Annex 15), nothing invisible, blanks folded. It takes off the domain where the organization's
//! rule knows it. [`identity`] folds the case away (Unicode Standard 3.13, default caseless
//! matching): two names are one person's where their identities are equal.

use std::borrow::Cow;
use std::collections::BTreeSet;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

use crate::text::FOREIGN_TEXT_MAX_CHARS;

/// Domains that one organization can list.
pub const DOMAINS_MAX: usize = 1_000;

/// Longest domain, in characters (RFC 1035 2.3.4).
pub const DOMAIN_CHARS_MAX: usize = 253;

/// Octets that can stand in a name which is in its normal form already.
const SHORT_WAY_OCTETS_MAX: usize = FOREIGN_TEXT_MAX_CHARS;

/// Which domains are taken off the names of people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum NameRule {
    /// Every `DOMAIN\` before a name, and no `@realm` behind one: what holds until an
    /// organization lists its domains.
    #[default]
    EveryPrefix,
    /// Those listed (as [`domain`] makes them), before a name and behind it. Any other one stays a
    /// part of the name: `A\kim` and `B\kim` are two people.
    Listed(BTreeSet<String>),
}

/// A name as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName<'a> {
    /// The name to show.
    pub name: Cow<'a, str>,
    /// The domain that was taken off it, as it was written.
    pub domain: Option<String>,
}

impl NameRule {
    /// A name in its normal form. `None` where nothing can be seen of it.
    pub fn read<'a>(&self, text: &'a str) -> Option<PersonName<'a>> {
        if is_plain(text) {
            return Some(PersonName {
                name: Cow::Borrowed(text),
                domain: None,
            });
        }
        let mut name = visible(text);
        let mut domain = None;
        while let Some((taken, rest)) = self.parted(&name) {
            domain.get_or_insert(taken);
            name = rest;
        }
        let name = Some(name).filter(|name| !name.is_empty())?;
        Some(PersonName {
            name: Cow::Owned(name),
            domain,
        })
    }

    /// The domain of a name and the name without it, where the rule takes it off. A domain that
    /// nothing stands behind is a name itself.
    fn parted(&self, name: &str) -> Option<(String, String)> {
        let whole = |domain: &str, rest: &str| {
            let (domain, rest) = (visible(domain), visible(rest));
            let is_parted = !rest.is_empty() && rest != name && self.takes_off(&domain);
            is_parted.then_some((domain, rest))
        };
        // A backslash that somebody escaped is two, and a UNC name begins with two.
        let bare = name.trim_start_matches('\\');
        let before = bare
            .split_once('\\')
            .and_then(|(domain, rest)| whole(domain, rest.trim_start_matches('\\')));
        before.or_else(|| match self {
            Self::EveryPrefix => None,
            Self::Listed(_) => {
                let (rest, domain) = name.rsplit_once('@')?;
                whole(domain, rest)
            }
        })
    }

    fn takes_off(&self, domain: &str) -> bool {
        match self {
            Self::EveryPrefix => true,
            Self::Listed(known) => known.contains(&identity(domain)),
        }
    }
}

/// A name as it can be shown, with its domain: for who does not know the rule. `None` where nothing
/// can be seen of it.
pub fn shown(text: &str) -> Option<String> {
    if is_plain(text) {
        return Some(text.to_owned());
    }
    Some(visible(text)).filter(|line| !line.is_empty())
}

/// A domain in the form in which a rule lists it. `None` for what cannot be one.
pub fn domain(text: &str) -> Option<String> {
    let domain = identity(&visible(text));
    let fits = !domain.is_empty() && domain.chars().count() <= DOMAIN_CHARS_MAX;
    (fits && !domain.contains(['\\', '@', '\n', ' '])).then_some(domain)
}

/// What two spellings of one person's name have in common: the name without regard to case, of a
/// name that was [read](NameRule::read).
pub fn identity(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // NFKC_Casefold is closed by doing it twice (Unicode Standard 3.13, D146).
    let folded = name.nfd().default_case_fold().nfkd();
    let folded: String = folded.default_case_fold().nfkc().collect();
    visible(&folded)
}

/// A name without anything that could be a domain, before it or behind it: what namesakes have in
/// common, who may be one person.
pub fn without_domain(name: &str) -> String {
    let bare = name.rsplit('\\').find(|part| !part.is_empty());
    let bare = bare.unwrap_or(name);
    let bare = bare.split_once('@').map_or(bare, |(bare, _realm)| bare);
    identity(&visible(bare))
}

/// Whether a name is in its normal form at a glance: printable ASCII without a blank, and without
/// what could part a domain from it.
pub fn is_plain(text: &str) -> bool {
    let plain = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b'\\' | b'@');
    !text.is_empty() && text.len() <= SHORT_WAY_OCTETS_MAX && text.as_bytes().iter().all(plain)
}

/// What can be seen of a text, as one line: NFKC, nothing invisible, blanks folded and trimmed,
/// [`FOREIGN_TEXT_MAX_CHARS`] at most.
fn visible(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    let seen = text.chars().filter(|c| !is_invisible(*c)).nfkc();
    let seen = seen.filter(|c| !is_invisible(*c));
    for c in seen {
        if is_blank(c) {
            gap = !line.is_empty();
            continue;
        }
        if gap {
            line.push(' ');
            gap = false;
        }
        line.push(c);
    }
    match line.char_indices().nth(FOREIGN_TEXT_MAX_CHARS) {
        None => line,
        Some((end, _)) => {
            line.truncate(end);
            line.truncate(line.trim_end().len());
            line
        }
    }
}

/// White space, and the blank of Braille patterns, which looks like nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Characters that take no room: control characters that are no white space,
/// `Default_Ignorable_Code_Point` of the Unicode Character Database (DerivedCoreProperties.txt,
/// Unicode 16), and the interlinear marks.
fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_whitespace();
    }
    c.is_control() && !c.is_whitespace()
        || matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
#[path = "person_names_tests.rs"]
mod tests;
