//! How a user stands with an account: all that a charge is decided by, and the place where its
//! points move.

use platen_domain::account_access::Verbs;
use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, AccountLabel, AccountRef};
use platen_domain::balances::Balance;
use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::points::Points;
use platen_domain::print_users::{PrintUser, UserLabel, UserRef};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::accounts::AccountRow;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_users::UserRow;

/// One user with one account. Only the store makes one, so its points move nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: Account,
    /// Its limit.
    pub limit: Limit,
    /// The user; `None` where nobody has met one of this name yet.
    pub user: Option<PrintUser>,
    /// What the user may do with the account.
    pub verbs: Verbs,
    /// The balance; `None` where the user never had one there.
    pub balance: Option<Balance>,
    /// Points that are held now.
    pub held: Points,
    /// Whether only users who were made known may be charged.
    pub known_users_only: bool,
    pub(crate) seat: Seat,
}

/// Where a balance stands, in short numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) organization: OrganizationNo,
    pub(crate) account: i64,
    /// `None` where the user is not met yet.
    pub(crate) user: Option<i64>,
}

/// What a list is limited to, in short numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) organization: OrganizationNo,
    pub(crate) account: Option<i64>,
    pub(crate) user: Option<i64>,
}

/// What a request names that the organization does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The account.
    Account,
    /// The user, by an identifier.
    User,
}

impl Standing {
    /// The account by identifier and code.
    pub fn account_label(&self) -> AccountLabel {
        AccountLabel {
            id: self.account.id,
            code: self.account.details.code.clone(),
        }
    }

    /// Whether a user has to be made known before points of the account can be used.
    pub fn is_stranger(&self) -> bool {
        self.known_users_only && !self.user.as_ref().is_some_and(|user| user.is_known)
    }

    /// The user by identifier and name; `None` where nobody has met one of this name yet.
    pub fn user_label(&self) -> Option<UserLabel> {
        let label = |user: &PrintUser| UserLabel {
            id: user.id,
            name: user.details.name.clone(),
        };
        self.user.as_ref().map(label)
    }
}

impl Reader<'_> {
    /// How `user` stands with `account` at `now`. A user whom nobody has met may be asked for by
    /// name.
    pub fn standing(
        &self,
        scope: &Scope,
        account: &AccountRef,
        user: &UserRef,
        now: Timestamp,
    ) -> Result<Result<Standing, Unknown>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some(account) = self.account_row(organization_no, account)? else {
            return Ok(Err(Unknown::Account));
        };
        let found = self.user_row(organization_no, user)?;
        if found.is_none() && matches!(user, UserRef::Id(_)) {
            return Ok(Err(Unknown::User));
        }
        self.stand(organization_no, account, found, now).map(Ok)
    }

    /// The numbers of what a list is limited to. `None` where the organization has no such
    /// account or user.
    pub(crate) fn chosen(
        &self,
        scope: &Scope,
        account: Option<&AccountRef>,
        user: Option<&UserRef>,
    ) -> Result<Option<Chosen>, StoreError> {
        let organization = self.organization_no(scope)?;
        let mut chosen = Chosen {
            organization,
            account: None,
            user: None,
        };
        if let Some(account) = account {
            let Some(row) = self.account_row(organization, account)? else {
                return Ok(None);
            };
            chosen.account = Some(row.account_no);
        }
        if let Some(user) = user {
            let Some(row) = self.user_row(organization, user)? else {
                return Ok(None);
            };
            chosen.user = Some(row.user_no);
        }
        Ok(Some(chosen))
    }

    pub(crate) fn stand(
        &self,
        organization_no: OrganizationNo,
        account: AccountRow,
        user: Option<UserRow>,
        now: Timestamp,
    ) -> Result<Standing, StoreError> {
        let seat = Seat {
            organization: organization_no,
            account: account.account_no,
            user: user.as_ref().map(|user| user.user_no),
        };
        Ok(Standing {
            verbs: self.verbs_of(seat)?,
            balance: self.kept_balance(seat)?,
            held: self.held(seat, now)?,
            known_users_only: self.known_users_only_of(organization_no)?,
            account: account.account,
            limit: account.limit,
            user: user.map(|row| row.user),
            seat,
        })
    }
}

impl Writer<'_> {
    /// How the user of a print job stands with the account that the job names by its code or
    /// external id; `None` where no account is called so. A user met for the first time is
    /// remembered, unless only users who were made known are charged.
    pub fn standing_of_job(
        &self,
        scope: &Scope,
        account: &str,
        user: &str,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<Option<Standing>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some(account) = self.account_row_by_job_name(organization_no, account)? else {
            return Ok(None);
        };
        let user = if self.known_users_only_of(organization_no)? {
            self.user_row_of_job(organization_no, user)?
        } else {
            Some(self.meet_user(organization_no, user, now, ids)?)
        };
        self.stand(organization_no, account, user, now).map(Some)
    }
}
