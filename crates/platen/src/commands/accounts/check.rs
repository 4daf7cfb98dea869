//! `platen accounts check`.

use anyhow::bail;
use platen_store::Difference;

use crate::cli::CheckAccounts;
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn run(options: &CheckAccounts) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let differences = app.accounts().check_balances(&scope).await?;
        if differences.is_empty() {
            say("Every balance is the sum of its ledger's entries.\n");
            return Ok(());
        }
        for difference in &differences {
            say(&line(difference));
        }
        bail!("the ledger and the balances disagree: restore a backup, and report this")
    })
}

fn line(difference: &Difference) -> String {
    let Difference {
        account,
        user,
        balance,
        sum,
        stated,
    } = difference;
    let stated = stated.map_or_else(|| "nothing".to_owned(), |points| points.to_string());
    format!(
        "{account} {user}: the balance is {balance}, its entries come to {sum}, the last one says \
         {stated}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::points::Points;

    #[test]
    fn a_difference_is_told_in_points() {
        let difference = Difference {
            account: "MATH".to_owned(),
            user: "ada".to_owned(),
            balance: Points::whole(7),
            sum: Points::from_millionths(6_500_000),
            stated: None,
        };
        let line = line(&difference);
        insta::assert_snapshot!(line, @"MATH ada: the balance is 7, its entries come to 6.5, the last one says nothing");
    }
}
