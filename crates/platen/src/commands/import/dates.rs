//! What is known of a log's dates beside the log itself.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use platen_collect::joblog::{self, DateOrder, Kind, Options};
use platen_domain::clock::{Clock as _, Timestamp};

use crate::system::SystemClock;

/// The order of dates that `--date-order` names.
pub(crate) fn order(keyword: &str) -> Result<DateOrder, String> {
    DateOrder::from_keyword(keyword).ok_or_else(|| {
        "expected dmy (the day first), mdy (the month first) or ymd (the year first)".to_owned()
    })
}

/// Instants after which no line of the file was written, the surest first: now, and when it was
/// changed last.
pub(super) fn not_after(path: &Path) -> Vec<Timestamp> {
    let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
    let since = changed
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
    let changed = millis.map(Timestamp::from_millis);
    std::iter::once(SystemClock.now()).chain(changed).collect()
}

/// The order in which the files beside one have their dates, where they are of its kind and agree.
pub(super) fn of_neighbours(files: &[PathBuf], kind: Kind, options: &Options) -> Option<DateOrder> {
    let tell = |path: &PathBuf| {
        let options = Options {
            not_after: not_after(path),
            ..options.clone()
        };
        let file = File::open(path).ok()?;
        // One of another kind tells nothing, and fails when it is read itself.
        joblog::date_order(kind, &options, &mut BufReader::new(file)).ok()?
    };
    let mut orders = files.iter().filter_map(tell);
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}
