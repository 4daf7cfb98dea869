use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use jiff::tz::TimeZone;

use super::*;

/// Keeps in memory, as a store would; refuses pieces after the first few of a life.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    ids: Vec<String>,
    ends: Vec<Timestamp>,
    time_zone: Option<&'static str>,
    cursors: BTreeMap<String, String>,
    pieces_left: Option<usize>,
}

/// Late in the evening of 30 November 2026, UTC.
const NOW: Timestamp = Timestamp::from_millis(1_796_079_600_000);

impl Sink for Memory {
    async fn time_zone(&self) -> Result<Option<TimeZone>, SinkError> {
        let name = self.0.lock().unwrap().time_zone;
        Ok(name.map(|name| TimeZone::get(name).unwrap()))
    }

    async fn cursor(&self, source: &str) -> Result<Option<String>, SinkError> {
        Ok(self.0.lock().unwrap().cursors.get(source).cloned())
    }

    async fn take(&self, piece: Piece) -> Result<(), SinkError> {
        let mut kept = self.0.lock().unwrap();
        match &mut kept.pieces_left {
            Some(0) => return Err(SinkError::Full("full".to_owned())),
            Some(left) => *left -= 1,
            None => {}
        }
        for record in piece.records {
            kept.ids.push(record.key.id);
            kept.ends.push(record.completed_at);
        }
        kept.cursors.insert(piece.source, piece.cursor);
        Ok(())
    }
}

impl Memory {
    fn ids(&self) -> Vec<String> {
        self.0.lock().unwrap().ids.clone()
    }
}

fn line(id: impl std::fmt::Display) -> String {
    let at = "2026-01-02T03:04:05Z";
    format!("{{\"source\":\"agent|a\",\"id\":\"{id}\",\"completed_at\":\"{at}\"}}\n")
}

fn reading(directory: &Path, kind: Option<Kind>) -> DropDirectory {
    DropDirectory::new(directory.to_owned(), kind, Options::new("a", None))
}

#[tokio::test]
async fn ended_lines_are_read_at_once_and_the_last_when_the_file_rests() {
    let place = tempfile::tempdir().unwrap();
    let (file, sink) = (place.path().join("a.ndjson"), Memory::default());
    let mut drop = reading(place.path(), None);
    fs::write(place.path().join("b.ndjson.part"), line("unready")).unwrap();
    fs::write(&file, line(1) + line(2).trim_end()).unwrap();
    let look = drop.look(&sink, NOW).await.unwrap();
    assert_eq!((look.records, look.unsettled), (1, true));
    let look = drop.look(&sink, NOW).await.unwrap();
    assert_eq!((look.records, look.unsettled), (1, false));
    assert_eq!(sink.ids(), ["1", "2"]);
    assert_eq!(drop.look(&sink, NOW).await.unwrap(), Look::default());

    // It grows: only what is new is taken, also by a collector that was started anew.
    fs::write(&file, line(1) + &line(2) + &line(3)).unwrap();
    let look = reading(place.path(), None).look(&sink, NOW).await.unwrap();
    assert_eq!((look.records, sink.ids().len()), (1, 3));
}

#[tokio::test]
async fn another_file_under_an_old_name_is_read_anew() {
    let place = tempfile::tempdir().unwrap();
    let (file, sink) = (place.path().join("a.ndjson"), Memory::default());
    fs::write(&file, line(1) + &line(2)).unwrap();
    let mut drop = reading(place.path(), None);
    drop.look(&sink, NOW).await.unwrap();
    fs::write(&file, line(1) + &line(8) + &line(9)).unwrap();
    drop.look(&sink, NOW).await.unwrap();
    assert_eq!(sink.ids(), ["1", "2", "1", "8", "9"]);
}

#[tokio::test]
async fn a_file_that_did_not_fit_is_read_on_where_it_stopped() {
    let place = tempfile::tempdir().unwrap();
    let lines: String = (0..4_500).map(line).collect();
    fs::write(place.path().join("a.ndjson"), lines).unwrap();
    let sink = Memory::default();
    for pieces in [2, 1, 100] {
        sink.0.lock().unwrap().pieces_left = Some(pieces);
        let looked = reading(place.path(), None).look(&sink, NOW).await;
        assert_eq!(looked.is_ok(), pieces == 100);
    }
    let all: Vec<_> = (0..4_500).map(|id: u32| id.to_string()).collect();
    assert_eq!(sink.ids(), all);
}

#[tokio::test]
async fn what_is_no_log_and_what_cannot_be_read_costs_the_others_nothing() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("a.ndjson")).unwrap();
    fs::write(place.path().join("b.evtx"), b"ElfFile\0rest\n").unwrap();
    fs::write(place.path().join("c.bin"), b"\x01\x02\n").unwrap();
    fs::write(place.path().join("d.ndjson"), format!("{{}}\n{}", line(4))).unwrap();
    let (mut drop, sink) = (reading(place.path(), None), Memory::default());
    drop.look(&sink, NOW).await.unwrap();
    let look = drop.look(&sink, NOW).await.unwrap();
    assert_eq!(sink.ids(), ["4"]);
    assert_eq!(
        look.refused, 2,
        "the event log and the unknown file are named"
    );
    assert_eq!(drop.look(&sink, NOW).await.unwrap().refused, 0, "once");
}

const EVENTS: &str = "TimeCreated,UserName,PrinterName,Pages\n";

#[tokio::test]
async fn times_without_offset_are_those_of_the_organization_unless_the_section_says_so() {
    let place = tempfile::tempdir().unwrap();
    let line = "2026-11-24 09:12:03,ada,FIN,4\n";
    fs::write(place.path().join("a.csv"), format!("{EVENTS}{line}")).unwrap();
    let look = async |zone, options| {
        let sink = Memory::default();
        sink.0.lock().unwrap().time_zone = zone;
        let mut drop = DropDirectory::new(place.path().to_owned(), None, options);
        let look = drop.look(&sink, NOW).await.unwrap();
        let kept = sink.0.lock().unwrap();
        let hours = kept.ends.iter().map(|at| at.as_millis() / 3_600_000 % 24);
        (look.refused, hours.collect::<Vec<_>>())
    };
    let none = || Options::new("a", None);
    assert_eq!(look(Some("Europe/Berlin"), none()).await, (0, vec![8]));
    let said = Options::new("a", TimeZone::get("Asia/Tokyo").unwrap());
    assert_eq!(look(Some("Europe/Berlin"), said).await, (0, vec![0]));
    // A collector that was not told a zone does not guess one.
    assert_eq!(look(None, none()).await, (1, vec![]));
}

#[tokio::test]
async fn files_of_a_directory_tell_each_other_the_order_of_their_dates() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, time: &str| {
        let text = format!("{EVENTS}{time},ada,FIN,4\n");
        fs::write(place.path().join(name), text).unwrap();
    };
    let sink = Memory::default();
    sink.0.lock().unwrap().time_zone = Some("UTC");
    write("1.csv", "5/11/2026 4:45:10 PM");
    let mut drop = reading(place.path(), None);
    assert_eq!(drop.look(&sink, NOW).await.unwrap().refused, 1);
    assert_eq!(drop.look(&sink, NOW).await.unwrap().refused, 0, "said once");
    write("2.csv", "24/11/2026 4:45:10 PM");
    drop.look(&sink, NOW).await.unwrap();
    drop.look(&sink, NOW).await.unwrap();
    let days = |sink: &Memory| {
        let ends = sink.0.lock().unwrap().ends.clone();
        let days = ends.iter().map(|at| at.as_millis() / 86_400_000);
        // 1 November 2026.
        days.map(|day| day - 20_758).collect::<Vec<_>>()
    };
    assert_eq!(days(&sink), [23, 4], "of November");
    // What was read in an order is read on in it, whatever comes behind.
    let mut text = fs::read_to_string(place.path().join("1.csv")).unwrap();
    text.push_str("6/11/2026 9:00:00 AM,ada,FIN,1\n");
    fs::write(place.path().join("1.csv"), text).unwrap();
    fs::remove_file(place.path().join("2.csv")).unwrap();
    drop.look(&sink, NOW).await.unwrap();
    assert_eq!(days(&sink).last(), Some(&5));
}
