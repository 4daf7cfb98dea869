//! What changes are based on: read for who may make them, whether or not they may see the rest.
//!
//! A program that may only write patches as well, and states which revision it means; what it
//! reads itself stays closed to it.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::Account;
use platen_domain::charges::Charge;
use platen_domain::ids::{AccountId, ChargeId, GroupId, PrintUserId};
use platen_domain::points::PointRules;
use platen_domain::print_users::{Group, PrintUser};
use platen_domain::scope::Scope;

use super::{Accounts, Charges, Groups, PrintUsers};
use super::{AccountsRefusal, charges, details, groups, print_users};

impl Accounts<'_> {
    /// An account that is to be changed, and its limit.
    pub async fn to_change(
        self,
        scope: &Scope,
        id: AccountId,
    ) -> Result<(Account, Limit), AccountsRefusal> {
        let read = self.view_to_change(scope, move |at| {
            details::found(at.reader, at.scope, &id.into())
        });
        read.await
    }

    /// The point rules that are to be replaced, with their revision.
    pub async fn point_rules_to_change(
        self,
        scope: &Scope,
    ) -> Result<(PointRules, u64), AccountsRefusal> {
        let read = self.view_to_change(scope, |at| Ok(at.reader.point_rules(at.scope)?));
        read.await
    }
}

impl Charges<'_> {
    /// A charge that is to be given back or made after all.
    pub async fn to_change(self, scope: &Scope, id: ChargeId) -> Result<Charge, AccountsRefusal> {
        let read = self
            .app
            .accounts()
            .view_to_change(scope, move |at| charges::found(at.reader, at.scope, id));
        read.await
    }
}

impl Groups<'_> {
    /// A group that is to be changed.
    pub async fn to_change(self, scope: &Scope, id: GroupId) -> Result<Group, AccountsRefusal> {
        let read = self
            .app
            .accounts()
            .view_to_change(scope, move |at| groups::found(at.reader, at.scope, id));
        read.await
    }
}

impl PrintUsers<'_> {
    /// A user who is to be changed.
    pub async fn to_change(
        self,
        scope: &Scope,
        id: PrintUserId,
    ) -> Result<PrintUser, AccountsRefusal> {
        let read = self
            .app
            .accounts()
            .view_to_change(scope, move |at| print_users::by_id(at.reader, at.scope, id));
        read.await
    }
}
