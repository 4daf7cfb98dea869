//! `platen collect status`: what waits to be sent, and what was.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use platen_domain::clock::Timestamp;
use platen_store::SpoolStatus;

use crate::terminal::say;

/// Width of the first column.
const LABEL: usize = 20;

pub(super) fn show(spool: &Path) -> anyhow::Result<()> {
    let status = SpoolStatus::of(spool)?.with_context(|| no_spool(spool))?;
    say(&text(&status));
    Ok(())
}

/// What is said where no collector has begun.
pub(super) fn no_spool(spool: &Path) -> String {
    format!(
        "there is no spool in {}: nothing was collected yet",
        spool.display()
    )
}

fn text(status: &SpoolStatus) -> String {
    let queued = match status.queued_records {
        0 => "nothing".to_owned(),
        records => format!("{records} records, {} octets", status.queued_octets),
    };
    let rejected = match (&status.last_rejection, status.rejected_records) {
        (Some(reason), records) if records > 0 => {
            format!(
                "{records} records, the last: {reason}. To send them again: platen collect retry"
            )
        }
        (_, records) => format!("{records} records"),
    };
    let mut lines = vec![
        ("waiting", queued),
        ("oldest waiting since", moment(status.oldest_queued_at)),
        ("sent", format!("{} records", status.acknowledged_records)),
        ("last acknowledged", moment(status.last_acknowledged_at)),
        ("rejected", rejected),
        ("gaps in sources", status.gaps.to_string()),
    ];
    for source in &status.sources {
        let at = moment(Some(source.read_at));
        lines.push(("source", format!("{}, last new at {at}", source.source)));
    }
    let mut text = String::new();
    for (label, value) in lines {
        // Writing to a String cannot fail.
        writeln!(text, "{label:LABEL$}  {value}").ok();
    }
    text
}

/// To the second, in UTC.
fn moment(at: Option<Timestamp>) -> String {
    let Some(at) = at else { return "-".to_owned() };
    let seconds = jiff::Timestamp::from_second(at.as_millis().div_euclid(1_000));
    seconds.map_or_else(|_| format!("{at:?}"), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_store::SourceRead;

    #[test]
    fn a_person_reads_how_the_spool_is_doing() {
        let at = Timestamp::from_millis(1_767_225_600_000);
        let status = SpoolStatus {
            epoch: 1,
            queued_records: 3,
            queued_octets: 900,
            oldest_queued_at: Some(at),
            acknowledged_records: 12,
            last_acknowledged_at: None,
            rejected_records: 1,
            last_rejection: Some("completed_at lies before 1975".to_owned()),
            gaps: 0,
            sources: vec![SourceRead {
                source: "cups|printsrv1".to_owned(),
                read_at: at,
            }],
        };
        insta::assert_snapshot!(text(&status), @r"
        waiting               3 records, 900 octets
        oldest waiting since  2026-01-01T00:00:00Z
        sent                  12 records
        last acknowledged     -
        rejected              1 records, the last: completed_at lies before 1975. To send them again: platen collect retry
        gaps in sources       0
        source                cups|printsrv1, last new at 2026-01-01T00:00:00Z
        ");
    }
}
