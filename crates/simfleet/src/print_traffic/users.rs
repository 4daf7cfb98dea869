//! Who prints: names as they occur, how much each prints, where and for whom.

use std::collections::HashSet;

use super::digits::push_digits;
use super::draws::Draws;

/// Spread of the users' shares: the busiest fifth prints about two thirds (facts of Print Audit
/// and Williams College: most print little, few print much).
const SHARE_SIGMA: f64 = 1.2;

/// Most printers a user goes to.
const HOME_PRINTERS_MAX: u32 = 3;

/// Of all names, those outside ASCII, and those with characters that JSON and CSV escape.
const SPELLINGS: [(Spelling, u32); 3] = [
    (Spelling::Plain, 75),
    (Spelling::International, 22),
    (Spelling::Awkward, 3),
];

/// Of the users, those whose jobs name an account.
const WITH_ACCOUNT: f64 = 0.35;

const GIVEN: [&str; 24] = [
    "anna", "ben", "carla", "david", "emma", "frank", "grace", "henry", "ida", "jack", "karen",
    "leo", "maria", "nina", "oliver", "paula", "quinn", "rosa", "simon", "tessa", "umar", "vera",
    "walter", "yara",
];
const FAMILY: [&str; 24] = [
    "adams", "baker", "clark", "dixon", "evans", "fischer", "garcia", "hall", "ibrahim", "jones",
    "keller", "lopez", "miller", "nolan", "owens", "patel", "quist", "reed", "schmidt", "turner",
    "usman", "vogel", "wood", "young",
];
const INTERNATIONAL: [&str; 24] = [
    "jürgen.müller",
    "zoë.lefèvre",
    "josé.núñez",
    "łukasz.wójcik",
    "søren.ødegård",
    "françois.gérard",
    "åsa.sjöström",
    "břetislav.dvořák",
    "şebnem.yılmaz",
    "iván.peña",
    "gábor.szőke",
    "ștefan.ionță",
    "иван.петров",
    "олена.шевченко",
    "γιώργος.παπάς",
    "דוד.כהן",
    "محمد.حسن",
    "佐藤.健",
    "王.伟",
    "김.민준",
    "nguyễn.ánh",
    "māra.bērziņa",
    "günther.strauß",
    "óscar.ibáñez",
];
const AWKWARD: [&str; 4] = [
    r#"robert "bob" hill"#,
    r"guest\lobby",
    "o'brien, pat",
    "=sum(desk)",
];
const ACCOUNTS: [&str; 12] = [
    "1000 Administration",
    "1100 Finance",
    "1200 Human Resources",
    "2000 Sales",
    "2100 Marketing & Events",
    "3000 Research",
    "3100 Entwicklung Süd",
    "4000 Production",
    "5000 Library",
    "6000 \"Open\" Projects",
    "7000 Facultad de Economía",
    "8000 Front Desk",
];

#[derive(Debug, Clone, Copy)]
enum Spelling {
    Plain,
    International,
    Awkward,
}

/// One of those who print.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: String,
    /// The computer this user prints from.
    pub(super) client: String,
    pub(super) account: Option<&'static str>,
    /// How much of an average user's printing is this one's.
    pub(super) share: f64,
    /// Numbers of the printers this user goes to, the favourite first.
    pub(super) printers: Vec<u32>,
}

/// `count` users of `printers` printers, with distinct names and an average share of 1.
pub(super) fn users(count: u32, printers: u32, seed: u64) -> Vec<User> {
    let mut taken = HashSet::new();
    let mut users: Vec<User> = (0..count)
        .map(|number| {
            let mut draws = Draws::of(&[seed, super::USERS, u64::from(number)]);
            user(number, printers, &mut taken, &mut draws)
        })
        .collect();
    let total: f64 = users.iter().map(|user| user.share).sum();
    for user in &mut users {
        user.share *= f64::from(count) / total;
    }
    users
}

fn user(number: u32, printers: u32, taken: &mut HashSet<String>, draws: &mut Draws) -> User {
    let mut client = "WS-".to_owned();
    push_digits(&mut client, number + 1, 5);
    User {
        name: distinct(&name(draws), taken),
        client,
        account: draws
            .happens(WITH_ACCOUNT)
            .then(|| draws.pick(&ACCOUNTS).copied())
            .flatten(),
        share: draws.log_normal(0.0, SHARE_SIGMA),
        printers: home_printers(printers, draws),
    }
}

fn name(draws: &mut Draws) -> String {
    let whole = match draws.weighted(&SPELLINGS) {
        Some(Spelling::International) => draws.pick(&INTERNATIONAL),
        Some(Spelling::Awkward) => draws.pick(&AWKWARD),
        Some(Spelling::Plain) | None => None,
    };
    if let Some(name) = whole {
        return (*name).to_owned();
    }
    let parts = [draws.pick(&GIVEN), draws.pick(&FAMILY)];
    let [given, family] = parts.map(|part| part.copied().unwrap_or_default());
    [given, family].join(".")
}

/// `name`, or where somebody has it, `name` and the first number that nobody has.
fn distinct(name: &str, taken: &mut HashSet<String>) -> String {
    let numbered = |number: u32| {
        let mut numbered = name.to_owned();
        push_digits(&mut numbered, number, 0);
        numbered
    };
    let mut candidate = name.to_owned();
    let mut number = 1;
    while !taken.insert(candidate.clone()) {
        number += 1;
        candidate = numbered(number);
    }
    candidate
}

fn home_printers(printers: u32, draws: &mut Draws) -> Vec<u32> {
    let count = 1 + draws.below(HOME_PRINTERS_MAX);
    let mut homes = Vec::new();
    for _ in 0..count.min(printers) {
        let printer = draws.below(printers);
        if !homes.contains(&printer) {
            homes.push(printer);
        }
    }
    homes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_a_quarter_needs_care() {
        let users = users(4_000, 50, 1);
        let names: HashSet<_> = users.iter().map(|user| &user.name).collect();
        assert_eq!(names.len(), users.len());
        let awkward = |name: &str| !name.is_ascii() || name.contains(['"', '\\', '=', ',']);
        let careful = users.iter().filter(|user| awkward(&user.name)).count();
        assert!((900..1_100).contains(&careful), "{careful} of 4,000");
    }

    #[test]
    fn everybody_has_a_printer_where_there_is_one() {
        assert!(users(500, 7, 1).iter().all(|user| {
            let mut printers = user.printers.clone();
            printers.sort_unstable();
            printers.dedup();
            (1..=3).contains(&printers.len()) && printers.len() == user.printers.len()
        }));
        assert!(users(9, 0, 1).iter().all(|user| user.printers.is_empty()));
    }
}
