//! Counts of sources that state the pages of one copy.

use platen_domain::print_jobs::{CountFlags, Evidence, PrintRecord};

/// Sets pages, copies and their product.
///
/// No pages for a job that is done is unknown and flagged. No copies stated leaves them unknown, 0
/// is an impossible number and becomes 1; either way the impressions are counted with one, and
/// flagged.
pub(super) fn of_one_copy(record: &mut PrintRecord, pages: Option<u32>, copies: Option<u32>) {
    let Some(pages) = pages.filter(|pages| *pages > 0) else {
        if pages == Some(0) {
            record.flags = record.flags.with(CountFlags::PAGES_ZERO);
        }
        record.counts.copies = copies.filter(|copies| *copies > 0);
        return;
    };
    let assumed = copies.is_none_or(|copies| copies == 0);
    if assumed {
        record.flags = record.flags.with(CountFlags::COPIES_ASSUMED);
    }
    let counts = &mut record.counts;
    counts.pages = Some(pages);
    counts.copies = copies.map(|copies| copies.max(1));
    counts.impressions = pages.checked_mul(counts.copies.unwrap_or(1));
    if counts.impressions.is_some() {
        counts.evidence = Evidence::Spooler;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::print_jobs::SourceKey;

    #[test]
    fn copies_are_counted_assumed_or_unknown() {
        let counted = |pages, copies| {
            let key = SourceKey::new("win|a", "1");
            let mut record = PrintRecord::new(key, Timestamp::from_millis(0));
            of_one_copy(&mut record, pages, copies);
            let words: Vec<_> = record.flags.keywords().collect();
            (
                record.counts.copies,
                record.counts.impressions,
                words.join(" "),
            )
        };
        let assumed = || "copies-assumed".to_owned();
        assert_eq!(
            counted(Some(4), Some(3)),
            (Some(3), Some(12), String::new())
        );
        assert_eq!(counted(Some(4), None), (None, Some(4), assumed()));
        assert_eq!(counted(Some(4), Some(0)), (Some(1), Some(4), assumed()));
        let zero = "pages-zero".to_owned();
        assert_eq!(counted(Some(0), Some(2)), (Some(2), None, zero));
        assert_eq!(counted(None, Some(2)), (Some(2), None, String::new()));
        assert_eq!(counted(Some(u32::MAX), Some(2)).1, None);
    }
}
