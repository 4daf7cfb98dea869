//! The Accounts API's use cases: accounts with limits and access, users and groups, balances with
//! their ledger, charges and holds.
//!
//! Every use case asks for `Capability::ViewAccounts` or `Capability::ManageAccounts`. One that is
//! refused leaves nothing behind ([`platen_store::Change`]).

mod access;
mod balances;
mod bases;
mod bulk;
mod charges;
pub(crate) mod charging;
mod checks;
mod claims;
mod details;
mod groups;
mod holds;
mod imports;
mod ledger;
mod limits;
mod paging;
pub(crate) mod periods;
mod point_rules;
mod print_users;
mod quotes;
mod refusal;
mod settling;
pub(crate) mod standings;
pub mod tables;
pub(crate) mod work;

pub use platen_domain::accounts::{AccountFilter, AccountSort};
pub use platen_domain::print_users::PrintUserFilter;

pub use access::{Access, SubjectLabel, SubjectRef};
pub use bulk::{BULK_LINES_MAX, BulkAnswer, BulkLine, BulkMode, BulkResult};
pub use charges::ChargeFilter;
pub use claims::{ChargeRequest, Due, JobTicket};
pub use groups::MEMBERS_PER_REQUEST_MAX;
pub use holds::HoldFilter;
pub use imports::{IMPORT_LINES_MAX, ImportLine};
pub use ledger::{Adjustment, LedgerFilter, Reset, Transfer, Transferred};
pub use paging::{CURSOR_OCTETS_MAX, PAGE_ITEMS, PAGE_ITEMS_MAX, Page, PageRequest};
pub use point_rules::MEDIA_CHARS_MAX;
pub(crate) use print_users::name_in_jobs;
pub use print_users::{DISPLAY_NAME_CHARS_MAX, EMAIL_CHARS_MAX};
pub use quotes::Quote;
pub use refusal::AccountsRefusal;

use crate::App;

/// Use cases of accounts: their limits, access, balances and ledger.
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    pub(crate) app: &'a App,
}

/// Use cases of groups of users.
#[derive(Clone, Copy)]
pub struct Groups<'a> {
    pub(crate) app: &'a App,
}

/// Use cases of the users whose print jobs are charged.
#[derive(Clone, Copy)]
pub struct PrintUsers<'a> {
    pub(crate) app: &'a App,
}

/// Use cases of charges, of holds before them, and of quotes before those.
#[derive(Clone, Copy)]
pub struct Charges<'a> {
    pub(crate) app: &'a App,
}
