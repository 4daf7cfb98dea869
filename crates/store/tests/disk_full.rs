//! A disk that really is full: a small file system of its own.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(
    clippy::disallowed_types,
    reason = "a test mounts its own small file system"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use platen_store::{Store, StoreError, StoreOptions};

/// A file system of a few MiB, gone when dropped.
struct SmallDisk {
    directory: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` where this process may not mount.
    fn mount(size: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "platen-test"])
            .arg(directory.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self { directory })
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let path = self.directory.path();
        Command::new("umount").arg("--lazy").arg(path).status().ok();
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_acknowledged_and_heals() {
    let Some(disk) = SmallDisk::mount("8m") else {
        eprintln!("SKIPPED: mounting a small file system needs root");
        return;
    };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 2 * 1024 * 1024]).unwrap();
    let data = disk.path().join("data");
    let store = Store::open(&data, StoreOptions::default()).unwrap();
    let put = |number: u32| {
        store.write(move |w| w.put_setting(&format!("setting {number}"), &"x".repeat(40_000)))
    };
    let mut acknowledged = 0;
    let refusal = loop {
        match put(acknowledged).await {
            Ok(()) => acknowledged += 1,
            Err(refusal) => break refusal,
        }
    };
    assert!(matches!(refusal, StoreError::DiskFull), "{refusal:?}");
    assert!(acknowledged > 10, "{acknowledged}");
    assert_eq!(store.health().fenced, None);
    for number in 0..acknowledged {
        let kept = store
            .read(move |r| r.setting(&format!("setting {number}")))
            .await;
        assert!(kept.unwrap().is_some(), "{number}");
    }
    let lost = store
        .read(move |r| r.setting(&format!("setting {acknowledged}")))
        .await;
    assert_eq!(lost.unwrap(), None);

    fs::remove_file(&ballast).unwrap();
    put(acknowledged).await.unwrap();
    store.close().await;
    let database = rusqlite::Connection::open(data.join("platen.db")).unwrap();
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    let count: u32 = database
        .query_row("SELECT count(*) FROM settings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, acknowledged + 1);
}
