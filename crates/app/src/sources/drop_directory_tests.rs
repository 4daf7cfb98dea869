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
    cursors: BTreeMap<String, String>,
    pieces_left: Option<usize>,
}

impl Sink for Memory {
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
        let ids = piece.records.into_iter().map(|record| record.key.id);
        kept.ids.extend(ids);
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
    let options = Options {
        instance: "a".to_owned(),
        zone: TimeZone::UTC,
        encoding: None,
        page_log_format: None,
        column_map: None,
    };
    DropDirectory::new(directory.to_owned(), kind, options)
}

#[tokio::test]
async fn ended_lines_are_read_at_once_and_the_last_when_the_file_rests() {
    let place = tempfile::tempdir().unwrap();
    let (file, sink) = (place.path().join("a.ndjson"), Memory::default());
    let mut drop = reading(place.path(), None);
    fs::write(place.path().join("b.ndjson.part"), line("unready")).unwrap();
    fs::write(&file, line(1) + line(2).trim_end()).unwrap();
    let look = drop.look(&sink).await.unwrap();
    assert_eq!((look.records, look.unsettled), (1, true));
    let look = drop.look(&sink).await.unwrap();
    assert_eq!((look.records, look.unsettled), (1, false));
    assert_eq!(sink.ids(), ["1", "2"]);
    assert_eq!(drop.look(&sink).await.unwrap(), Look::default());

    // It grows: only what is new is taken, also by a collector that was started anew.
    fs::write(&file, line(1) + &line(2) + &line(3)).unwrap();
    let look = reading(place.path(), None).look(&sink).await.unwrap();
    assert_eq!((look.records, sink.ids().len()), (1, 3));
}

#[tokio::test]
async fn another_file_under_an_old_name_is_read_anew() {
    let place = tempfile::tempdir().unwrap();
    let (file, sink) = (place.path().join("a.ndjson"), Memory::default());
    fs::write(&file, line(1) + &line(2)).unwrap();
    let mut drop = reading(place.path(), None);
    drop.look(&sink).await.unwrap();
    fs::write(&file, line(1) + &line(8) + &line(9)).unwrap();
    drop.look(&sink).await.unwrap();
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
        let looked = reading(place.path(), None).look(&sink).await;
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
    drop.look(&sink).await.unwrap();
    let look = drop.look(&sink).await.unwrap();
    assert_eq!(sink.ids(), ["4"]);
    assert_eq!(
        look.refused, 2,
        "the event log and the unknown file are named"
    );
    assert_eq!(drop.look(&sink).await.unwrap().refused, 0, "once");
}
