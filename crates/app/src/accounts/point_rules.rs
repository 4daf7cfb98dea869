//! How many points print jobs take.

use platen_domain::points::{MEDIA_RATES_MAX, PointRates, PointRules};
use platen_domain::scope::Scope;

use super::Accounts;
use super::AccountsRefusal;
use super::checks::{self, invalid};
use super::work::Work;
use crate::operation::audit::action;

/// Longest media name, in characters: PWG 5101.1 self-describing names are shorter by far.
pub const MEDIA_CHARS_MAX: usize = 64;

impl Accounts<'_> {
    /// The organization's rules with their revision, which is 0 while they are the default.
    pub async fn point_rules(self, scope: &Scope) -> Result<(PointRules, u64), AccountsRefusal> {
        let read = self.view(scope, |at| Ok(at.reader.point_rules(at.scope)?));
        read.await
    }

    /// Sets the rules as a whole, where their revision is still `expected`. They hold for what is
    /// charged from now on; no charge that was made changes.
    pub async fn set_point_rules(
        self,
        scope: &Scope,
        rules: PointRules,
        expected: Option<u64>,
    ) -> Result<(PointRules, u64), AccountsRefusal> {
        let changed = self.manage(scope, move |at| set(at, rules.clone(), expected));
        changed.await
    }
}

fn set(
    at: &Work<'_>,
    rules: PointRules,
    expected: Option<u64>,
) -> Result<(PointRules, u64), AccountsRefusal> {
    check(&rules)?;
    let (before, revision) = at.writer.point_rules(at.scope)?;
    checks::revision(expected, revision)?;
    if before == rules && revision > 0 {
        return Ok((rules, revision));
    }
    let revision = at.writer.set_point_rules(at.scope, &rules)?;
    let PointRates {
        mono_side,
        color_side,
        sheet,
    } = rules.any;
    let detail = format!(
        "mono side {mono_side}, color side {color_side}, sheet {sheet}; {} media of their own",
        rules.by_media.len()
    );
    at.log(action::POINT_RULES_SET, "point rules", &detail)?;
    Ok((rules, revision))
}

fn check(rules: &PointRules) -> Result<(), AccountsRefusal> {
    if rules.by_media.len() > MEDIA_RATES_MAX {
        let reason = format!("expected {MEDIA_RATES_MAX} at most");
        return Err(invalid("by_media", reason));
    }
    for media in rules.by_media.keys() {
        checks::line("by_media", media, MEDIA_CHARS_MAX)?;
    }
    for rates in rules.by_media.values().chain([&rules.any]) {
        checks::points("mono_side", rates.mono_side)?;
        checks::points("color_side", rates.color_side)?;
        checks::points("sheet", rates.sheet)?;
    }
    Ok(())
}
