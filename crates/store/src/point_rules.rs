//! How many points print jobs take.

use platen_domain::points::{PointRates, PointRules};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// The media of rates for any paper that is not named.
const ANY_MEDIA: &str = "";

impl Reader<'_> {
    /// The organization's rules with their revision, which is 0 while they are the default.
    pub fn point_rules(&self, scope: &Scope) -> Result<(PointRules, u64), StoreError> {
        let default = (PointRules::default(), 0);
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT point_rules_revision FROM counters
                   WHERE organization_no = ?1";
        let revision = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        let Some(revision) = revision.filter(|revision| *revision > 0) else {
            return Ok(default);
        };
        let sql = "SELECT media, mono_side, color_side, sheet FROM point_rates
                   WHERE organization_no = ?1";
        let mut rules = PointRules::default();
        for (media, rates) in self.all(sql, params![organization_no], from_row)? {
            if media == ANY_MEDIA {
                rules.any = rates;
            } else {
                rules.by_media.insert(media, rates);
            }
        }
        Ok((rules, revision))
    }
}

impl Writer<'_> {
    /// Sets the organization's rules as a whole and answers with their new revision.
    pub fn set_point_rules(&self, scope: &Scope, rules: &PointRules) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "DELETE FROM point_rates WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        self.insert_rates(organization_no, ANY_MEDIA, &rules.any)?;
        for (media, rates) in &rules.by_media {
            self.insert_rates(organization_no, media, rates)?;
        }
        let sql = "UPDATE counters
                   SET point_rules_revision = point_rules_revision + 1
                   WHERE organization_no = ?1 RETURNING point_rules_revision";
        let revision = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        revision.ok_or(StoreError::NotFound("organization"))
    }

    fn insert_rates(
        &self,
        organization_no: OrganizationNo,
        media: &str,
        rates: &PointRates,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO point_rates (organization_no, media, mono_side, color_side, sheet)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(
            sql,
            params![
                organization_no,
                media,
                rates.mono_side.millionths(),
                rates.color_side.millionths(),
                rates.sheet.millionths(),
            ],
        )?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<(String, PointRates), StoreError> {
    let rates = PointRates {
        mono_side: columns::points(row, 1)?,
        color_side: columns::points(row, 2)?,
        sheet: columns::points(row, 3)?,
    };
    Ok((row.get(0)?, rates))
}
