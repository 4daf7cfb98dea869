//! Gaps: what a source is known to have lost before it could be read.

use platen_domain::clock::Timestamp;
use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::session::{Row, params};

/// Gaps read at most: more of them are no list that anybody reads.
pub(crate) const GAPS_MAX: u32 = 1_000;

impl Reader<'_> {
    /// The gaps that touch `from` until before `until`, the newest first, 1,000 at most.
    pub fn print_gaps(
        &self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Gap>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT source, from_at, until_at, jobs, reason FROM print_gaps
                   WHERE organization_no = ?1 AND until_at > ?2 AND from_at < ?3
                   ORDER BY until_at DESC LIMIT ?4";
        let bounds = params![
            organization_no,
            from.as_millis(),
            until.as_millis(),
            GAPS_MAX
        ];
        self.all(sql, bounds, from_row)
    }
}

impl Writer<'_> {
    /// Keeps gaps; one that is known already changes nothing.
    pub fn record_print_gaps(
        &self,
        scope: &Scope,
        gaps: &[Gap],
        noticed_at: Timestamp,
    ) -> Result<(), StoreError> {
        if gaps.is_empty() {
            return Ok(());
        }
        let organization_no = self.organization_no(scope)?;
        for gap in gaps {
            let gap_no = self.next_no(organization_no, Counter::Gap)?;
            self.execute(
                "INSERT INTO print_gaps (organization_no, gap_no, source, noticed_at, from_at,
                                         until_at, jobs, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (organization_no, source, reason, from_at, until_at) DO NOTHING",
                params![
                    organization_no,
                    gap_no,
                    gap.source,
                    noticed_at.as_millis(),
                    gap.from.as_millis(),
                    gap.until.as_millis(),
                    gap.jobs.map(columns::count_form),
                    gap.reason.keyword()
                ],
            )?;
        }
        self.print_changed(organization_no)
    }
}

fn from_row(row: &Row<'_>) -> Result<Gap, StoreError> {
    Ok(Gap {
        source: row.get(0)?,
        from: columns::time(row, 1)?,
        until: columns::time(row, 2)?,
        jobs: columns::count_opt(row, 3)?,
        reason: columns::word(row, 4, GapReason::from_keyword)?,
    })
}
