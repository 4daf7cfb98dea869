//! Who may do what: the one table of roles and capabilities.
//!
//! Roles are those of the published product (facts: Assign-User-Roles page); a capability names
//! one door. Routes ask for a capability, never for a role.

use std::fmt;
use std::str::FromStr;

/// A set of capabilities that a user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Everything within the organization.
    SystemAdministrator,
    /// The fleet and its APIs, not people and licences.
    ItAdministrator,
    /// Sees the fleet's figures and its print jobs.
    BusinessManager,
    /// The same, with people, computers and documents only as pseudonyms.
    PrintAnalyst,
}

/// One door of the console or of an administration command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// See and use the Analysis > API screen: enable APIs, make and rotate Authorization Keys.
    AnalysisApi,
    /// See the Meter, Toner and Status grids.
    ViewFleet,
    /// See who printed what, and take it along as CSV.
    ViewPrintJobs,
    /// See users, computers and documents of print jobs as they are, not as pseudonyms.
    ViewNames,
    /// Install the organization's licence.
    ManageLicence,
    /// Create, change and deactivate users.
    ManageUsers,
    /// Enrol and revoke collectors.
    ManageCollectors,
    /// Set the prices of print jobs.
    ManagePrices,
    /// Say what is kept of the people behind print jobs.
    ManagePrivacy,
    /// See accounts, limits, access, balances and ledgers.
    ViewAccounts,
    /// Change them.
    ManageAccounts,
}

impl Role {
    /// Every role, most capable first.
    pub const ALL: [Self; 4] = [
        Self::SystemAdministrator,
        Self::ItAdministrator,
        Self::BusinessManager,
        Self::PrintAnalyst,
    ];

    /// The capabilities of this role.
    pub const fn capabilities(self) -> &'static [Capability] {
        use Capability::{
            AnalysisApi, ManageAccounts, ManageCollectors, ManageLicence, ManagePrices,
            ManagePrivacy, ManageUsers, ViewAccounts, ViewFleet, ViewNames, ViewPrintJobs,
        };
        match self {
            Self::SystemAdministrator => &[
                AnalysisApi,
                ViewFleet,
                ViewPrintJobs,
                ViewNames,
                ManageLicence,
                ManageUsers,
                ManageCollectors,
                ManagePrices,
                ManagePrivacy,
                ViewAccounts,
                ManageAccounts,
            ],
            Self::ItAdministrator => &[
                AnalysisApi,
                ViewFleet,
                ViewPrintJobs,
                ViewNames,
                ManageCollectors,
                ViewAccounts,
                ManageAccounts,
            ],
            Self::BusinessManager => &[ViewFleet, ViewPrintJobs, ViewNames, ViewAccounts],
            Self::PrintAnalyst => &[ViewFleet, ViewPrintJobs],
        }
    }

    /// Whether this role has `capability`.
    pub fn can(self, capability: Capability) -> bool {
        self.capabilities().contains(&capability)
    }

    /// The form kept in the store and accepted on the command line.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "system-administrator",
            Self::ItAdministrator => "it-administrator",
            Self::BusinessManager => "business-manager",
            Self::PrintAnalyst => "print-analyst",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SystemAdministrator => "System Administrator",
            Self::ItAdministrator => "IT Administrator",
            Self::BusinessManager => "Business Manager",
            Self::PrintAnalyst => "Print Analyst",
        })
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown role: expected system-administrator, it-administrator, business-manager or print-analyst"
)]
pub struct ParseRoleError;

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(text: &str) -> Result<Self, ParseRoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.keyword() == text)
            .ok_or(ParseRoleError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_administrators_see_the_api_screen() {
        let with: Vec<_> = Role::ALL
            .into_iter()
            .filter(|r| r.can(Capability::AnalysisApi))
            .collect();
        assert_eq!(with, [Role::SystemAdministrator, Role::ItAdministrator]);
    }

    #[test]
    fn it_administrators_enrol_collectors_and_decide_nothing_about_people_or_money() {
        let role = Role::ItAdministrator;
        assert!(role.can(Capability::ManageCollectors));
        for capability in [Capability::ManagePrivacy, Capability::ManagePrices] {
            assert!(!role.can(capability), "{capability:?}");
        }
    }

    #[test]
    fn print_analysts_alone_see_no_names() {
        let without: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| !role.can(Capability::ViewNames))
            .collect();
        assert_eq!(without, [Role::PrintAnalyst]);
        assert!(Role::PrintAnalyst.can(Capability::ViewPrintJobs));
    }

    #[test]
    fn who_manages_accounts_sees_them_and_print_analysts_do_neither() {
        let table = Role::ALL.map(|role| {
            let can = |capability| role.can(capability);
            (
                can(Capability::ViewAccounts),
                can(Capability::ManageAccounts),
            )
        });
        let expected = [(true, true), (true, true), (true, false), (false, false)];
        assert_eq!(table, expected);
    }

    #[test]
    fn keywords_read_back() {
        for role in Role::ALL {
            assert_eq!(role.keyword().parse(), Ok(role));
        }
    }
}
